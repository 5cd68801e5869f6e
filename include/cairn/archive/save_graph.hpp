// A walked state into a bundle: the values in node order, the object graph behind them, as TensorFlow orders them.
#pragma once

#include "../bundle/object_graph.hpp"
#include "../bundle/writer.hpp"
#include "../graph/walk.hpp"

#include <string>
#include <vector>

namespace cairn::detail {

// Plans every value of the graph and writes. The values are read from the user's memory, without a copy.
inline void write_values(bundle::Writer& writer, const LiveGraph& live) {
  std::vector<std::shared_ptr<const void>> kept;
  for (std::size_t id = 0; id < live.objects.size(); ++id) {
    const auto& attributes = live.message.nodes[id].attributes;
    if (attributes.empty()) continue;
    if (const auto several = live.tensors.find(static_cast<std::int32_t>(id)); several != live.tensors.end()) {
      auto attribute = attributes.begin();
      for (const NamedTensors::Item& item : several->second)
        writer.add(attribute++->checkpoint_key, item.tensor.view());
      continue;
    }
    const Object& object = live.objects[id];
    LeafValue value = object.type->leaf()->value(object.address);
    writer.add(attributes[0].checkpoint_key, std::move(value.view));
    if (value.kept != nullptr) kept.push_back(std::move(value.kept));
  }
  writer.flush();
}

// Plans the object graph, writes it and publishes. Throws what Writer::finish throws.
inline void finish_with_graph(bundle::Writer& writer, const TrackableObjectGraph& graph) {
  const std::vector<std::string> encoded{bundle::encode_object_graph(graph)};
  writer.add(std::string(bundle::object_graph_key), TensorView(Shape{}, encoded));
  writer.finish();
}

}  // namespace cairn::detail
