// The object graph of a bundle: object-based checkpoints store it beside the values, under one reserved key.
//
//   "_CHECKPOINTABLE_OBJECT_GRAPH"  ->  string scalar: a serialized ObjectGraph
#pragma once

#include "../core/detail/fail.hpp"
#include "../core/error.hpp"
#include "../format/object_graph.hpp"
#include "naming.hpp"
#include "reader.hpp"

#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::bundle {

// These are the object graph and its parts (core/object_graph.hpp), under the names of this folder.
using format::ObjectGraph;
using format::ObjectReference;
using format::RegisteredSaver;
using format::SerializedTensor;
using format::SlotVariableReference;
using format::TrackableObject;
using format::TrackableObjectGraph;

// Returns the serialized graph, to be saved as a string scalar under object_graph_key.
[[nodiscard]] inline std::string encode_object_graph(const ObjectGraph& graph) { return format::encode(graph); }

// Returns true for an object-based checkpoint, false for a name-based one, as tf.compat.v1.train.Saver writes it. Any
// thread may call it. Throws Error with ErrorCode::data_loss for an index that is damaged.
[[nodiscard]] inline bool has_object_graph(const Reader& reader) { return reader.find(object_graph_key) != nullptr; }

// Reads and decodes the object graph. The result may hold any node numbers and keys: only its bytes are checked here.
// Throws Error with ErrorCode::not_found for a name-based checkpoint; ErrorCode::data_loss when the graph's bytes are
// missing or damaged, are no object graph, or are more than one string.
[[nodiscard]] inline ObjectGraph read_object_graph(const Reader& reader) {
  const std::string key(object_graph_key);
  if (!has_object_graph(reader))
    core::detail::fail(ErrorCode::not_found,
                       {"the checkpoint \"", reader.prefix(),
                        "\" has no object graph: it is name-based, as tf.compat.v1.train.Saver "
                        "writes them; read its tensors by name"},
                       {.file = index_path(reader.prefix()), .key = key});
  std::vector<std::string> value = reader.read_strings(key);
  try {
    if (value.size() != 1)
      core::detail::fail(ErrorCode::data_loss, {"the object graph of \"", reader.prefix(), "\" is ", value.size(),
                                                " strings instead of one"});
    return format::decode_object_graph(std::move(value[0]));
  } catch (Error& error) {
    error.in_file(index_path(reader.prefix())).at_key(key);
    throw;
  }
}

}  // namespace CAIRN_NAMESPACE::bundle

namespace CAIRN_NAMESPACE::bundle::detail {

// Reads the object graph and checks its ids. Throws Error with ErrorCode::not_found for a name-based checkpoint,
// ErrorCode::data_loss when the graph is damaged.
[[nodiscard]] inline ObjectGraph read_checked_graph(const Reader& reader) {
  ObjectGraph graph = read_object_graph(reader);
  graph.require_ids(reader.prefix());
  return graph;
}

}  // namespace CAIRN_NAMESPACE::bundle::detail
