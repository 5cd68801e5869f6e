// The object graph of a bundle: object-based checkpoints store it beside the values, under one reserved key.
//
//   "_CHECKPOINTABLE_OBJECT_GRAPH"  ->  string scalar: a serialized TrackableObjectGraph
#pragma once

#include "../core/detail/flat_graph.hpp"
#include "../core/error.hpp"
#include "../format/object_graph.hpp"
#include "naming.hpp"
#include "reader.hpp"

#include <string>
#include <utility>
#include <vector>

namespace cairn::bundle {

using format::ObjectReference;
using format::RegisteredSaver;
using format::SerializedTensor;
using format::SlotVariableReference;
using format::TrackableObject;
using format::TrackableObjectGraph;

// Returns the serialized graph, to be saved as a string scalar under object_graph_key.
[[nodiscard]] inline std::string encode_object_graph(const TrackableObjectGraph& graph) {
  return format::encode(graph);
}
[[nodiscard]] inline std::string encode_object_graph(const core::detail::FlatGraph& graph) {
  return format::encode(graph);
}

// Returns true for an object-based checkpoint, false for a name-based one, as tf.compat.v1.train.Saver writes it. Any
// thread may call it.
[[nodiscard]] inline bool has_object_graph(const Reader& reader) noexcept { return reader.contains(object_graph_key); }

}  // namespace cairn::bundle

namespace cairn::bundle::detail {

// Reads the graph's bytes and returns decode(message). Throws Error with ErrorCode::not_found for a name-based
// checkpoint, ErrorCode::data_loss when the graph is damaged.
template <class Decode>
[[nodiscard]] auto decode_graph_of(const bundle::Reader& reader, const Decode& decode) {
  const std::string key(bundle::object_graph_key);
  if (!reader.contains(key))
    throw Error(ErrorCode::not_found, "the checkpoint \"" + reader.prefix() +
                                          "\" has no object graph: it is name-based, as tf.compat.v1.train.Saver "
                                          "writes them; read its tensors by name")
        .in_file(bundle::index_path(reader.prefix()))
        .at_key(key);
  std::vector<std::string> value = reader.read_strings(key);
  try {
    if (value.size() != 1)
      throw Error(ErrorCode::data_loss, "the object graph of \"" + reader.prefix() + "\" is " +
                                            std::to_string(value.size()) + " strings instead of one");
    return decode(std::move(value[0]));
  } catch (Error& error) {
    error.in_file(bundle::index_path(reader.prefix())).at_key(key);
    throw;
  }
}

// Reads the graph in the compact form for looking things up. Throws Error with ErrorCode::not_found for a name-based
// checkpoint, ErrorCode::data_loss when the graph is damaged.
[[nodiscard]] inline core::detail::FlatGraph read_flat_graph(const bundle::Reader& reader) {
  return decode_graph_of(reader, [](std::string message) { return format::decode_flat_graph(std::move(message)); });
}

}  // namespace cairn::bundle::detail

namespace cairn::bundle {

// Reads and decodes the object graph. The result may hold any node numbers and keys: only its bytes are checked here.
// Throws Error with ErrorCode::not_found for a name-based checkpoint; ErrorCode::data_loss when the graph's bytes are
// missing or damaged, are no object graph, or are more than one string.
[[nodiscard]] inline TrackableObjectGraph read_object_graph(const Reader& reader) {
  return detail::decode_graph_of(reader,
                                 [](const std::string& message) { return format::decode_object_graph(message); });
}

}  // namespace cairn::bundle
