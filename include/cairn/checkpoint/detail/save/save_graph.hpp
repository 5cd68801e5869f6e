// A walked state into a bundle: the values in node order, the object graph behind them, as TensorFlow orders them.
#pragma once

#include "../../../bundle/object_graph.hpp"
#include "../../../bundle/writer.hpp"
#include "../../../core/detail/function_ref.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../graph/detail/walk.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::checkpoint::detail {

// Calls sink(node id, key, view, kept) for every value of the graph, in the order of the data file. A key is a text of
// the graph; a view is of the user's memory, or of what `kept` or `live` keeps alive.
inline void for_each_value(
    const graph::detail::LiveGraph& live,
    core::detail::FunctionRef<void(std::size_t, std::string_view, TensorView&&, std::shared_ptr<const void>&&)> sink) {
  std::size_t next = 0;  // of live.tensors
  for (std::size_t id = 0; id < live.objects.size(); ++id) {
    const auto attributes = live.graph[static_cast<std::int32_t>(id)].attributes;
    if (attributes.empty()) continue;
    if (next < live.tensors.size() && live.tensors[next].node == static_cast<std::int32_t>(id)) {
      const graph::detail::LiveTensors& several = live.tensors[next++];
      const std::string_view* key = several.keys.begin();
      for (const NamedTensors::Item& item : several.tensors)
        sink(id, *key++, item.tensor.view(), std::shared_ptr<const void>());
      continue;
    }
    const graph::detail::Object& object = live.objects[id];
    graph::detail::LeafValue value = object.type->leaf()->value(object.address);
    sink(id, attributes[0].checkpoint_key, std::move(value.view), std::move(value.kept));
  }
}

// Plans every value of the graph: add(key, view) hands it to a writer. They will be read from the user's memory,
// without a copy. Returns what must live until then, too.
[[nodiscard]] inline core::detail::Vec<std::shared_ptr<const void>> plan_values(
    const graph::detail::LiveGraph& live, core::detail::FunctionRef<void(std::string_view, TensorView&&)> add) {
  core::detail::Vec<std::shared_ptr<const void>> kept;
  for_each_value(live, [&](std::size_t, std::string_view key, TensorView view, std::shared_ptr<const void> owner) {
    add(key, std::move(view));
    if (owner != nullptr) kept.push_back(std::move(owner));
  });
  return kept;
}

// Adds `encoded`, the serialized TrackableObjectGraph, under its reserved key, and finishes the writer. Returns it as a
// string tensor of one element, to which the writer's view refers until then. Throws Error with the codes of
// Writer::finish: ErrorCode::data_loss, permission_denied, resource_exhausted, unavailable.
inline std::vector<std::string> finish_with_graph(bundle::detail::BundleWriter& writer, std::string encoded,
                                                  bundle::detail::KeptBundle* kept = nullptr,
                                                  bundle::detail::Layout* layout = nullptr) {
  std::vector<std::string> graph(1);
  graph[0] = std::move(encoded);
  writer.add(bundle::object_graph_key, TensorView(Shape{}, graph));
  writer.finish(kept, layout);
  return graph;
}

}  // namespace cairn::checkpoint::detail
