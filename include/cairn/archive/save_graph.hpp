// A walked state into a bundle: the values in node order, the object graph behind them, as TensorFlow orders them.
#pragma once

#include "../bundle/object_graph.hpp"
#include "../bundle/writer.hpp"
#include "../graph/walk.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cairn::detail {

// Calls sink(node id, key, view, kept) for every value of the graph, in the order of the data file. A view is of the
// user's memory, or of what `kept` or the graph keeps alive.
template <class Sink>
void for_each_value(const LiveGraph& live, const Sink& sink) {
  for (std::size_t id = 0; id < live.objects.size(); ++id) {
    const auto& attributes = live.message.nodes[id].attributes;
    if (attributes.empty()) continue;
    if (const auto several = live.tensors.find(static_cast<std::int32_t>(id)); several != live.tensors.end()) {
      const bool has_saveable_name = !live.objects[id].type->several_tensors()->saveable_name().empty();
      std::size_t attribute = 0;
      for (const NamedTensors::Item& item : several->second)
        sink(id, has_saveable_name ? attributes[0].checkpoint_key + item.name : attributes[attribute++].checkpoint_key,
             item.tensor.view(), std::shared_ptr<const void>());
      continue;
    }
    const Object& object = live.objects[id];
    LeafValue value = object.type->leaf()->value(object.address);
    sink(id, attributes[0].checkpoint_key, std::move(value.view), std::move(value.kept));
  }
}

// Plans every value of the graph and writes. The values are read from the user's memory, without a copy.
inline void write_values(bundle::Writer& writer, const LiveGraph& live) {
  std::vector<std::shared_ptr<const void>> kept;
  std::size_t count = 1;  // and the graph
  for (const TrackableObject& node : live.message.nodes) count += node.attributes.size();
  writer.reserve(count);
  for_each_value(live, [&](std::size_t, const std::string& key, TensorView view, std::shared_ptr<const void> owner) {
    writer.add(key, std::move(view));
    if (owner != nullptr) kept.push_back(std::move(owner));
  });
  writer.flush();
}

// Plans the object graph, writes it and publishes. Returns the one string that it is encoded. Throws what
// Writer::finish throws.
inline std::vector<std::string> finish_with_graph(bundle::Writer& writer, const TrackableObjectGraph& graph,
                                                  KeptBundle* kept = nullptr, Layout* layout = nullptr) {
  std::vector<std::string> encoded{bundle::encode_object_graph(graph)};
  writer.add(std::string(bundle::object_graph_key), TensorView(Shape{}, encoded));
  writer.finish(kept, layout);
  return encoded;
}

}  // namespace cairn::detail
