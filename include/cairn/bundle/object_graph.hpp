// The object graph that object-based checkpoints keep under one reserved key, beside the values.
//
//   "_CHECKPOINTABLE_OBJECT_GRAPH"  ->  string scalar: a serialized TrackableObjectGraph
#pragma once

#include "../core/error.hpp"
#include "../format/object_graph.hpp"
#include "naming.hpp"
#include "reader.hpp"

#include <string>
#include <vector>

namespace cairn::bundle {

using format::ObjectReference;
using format::RegisteredSaver;
using format::SerializedTensor;
using format::SlotVariableReference;
using format::TrackableObject;
using format::TrackableObjectGraph;

// The value to save under object_graph_key.
[[nodiscard]] inline std::string encode_object_graph(const TrackableObjectGraph& graph) {
  return format::encode(graph);
}

// False for name-based checkpoints, as tf.compat.v1.train.Saver writes them.
[[nodiscard]] inline bool has_object_graph(const Reader& reader) noexcept { return reader.contains(object_graph_key); }

// Throws Error: not_found for a name-based checkpoint; data_loss when the graph is damaged. Node numbers and keys in it
// may be anything.
[[nodiscard]] inline TrackableObjectGraph read_object_graph(const Reader& reader) {
  const std::string key(object_graph_key);
  if (!reader.contains(key))
    throw Error(ErrorCode::not_found, "the checkpoint \"" + reader.prefix() +
                                          "\" has no object graph: it is name-based, as tf.compat.v1.train.Saver "
                                          "writes them; read its tensors by name")
        .in_file(index_path(reader.prefix()))
        .at_key(key);
  const std::vector<std::string> value = reader.read_strings(key);
  try {
    if (value.size() != 1)
      throw Error(ErrorCode::data_loss, "the object graph of \"" + reader.prefix() + "\" is " +
                                            std::to_string(value.size()) + " strings instead of one");
    return format::decode_object_graph(value[0]);
  } catch (Error& error) {
    error.in_file(index_path(reader.prefix())).at_key(key);
    throw;
  }
}

}  // namespace cairn::bundle
