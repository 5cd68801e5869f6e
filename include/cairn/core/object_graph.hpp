// TrackableObjectGraph: TensorFlow's object graph as plain structs. It says which object holds which other one under
// which name, and which key of the bundle holds an object's value.
//
//   node 0 (the root) --"model"--> node 1 --"kernel"--> node 2 { VARIABLE_VALUE: key model/kernel/.ATTRIBUTES/... }
//
// The words are those of tensorflow/core/protobuf/trackable_object_graph.proto. format/ turns these structs into bytes
// and back, graph/ makes them from a user's struct and matches them with a user's struct.
#pragma once

#include "detail/rare.hpp"
#include "detail/small_blocks.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn {

// `unknown_fields` are the encoded fields of a message that cairn does not know; they are written back behind the known
// fields. A graph can have hundreds of thousands of nodes: therefore a part that hardly any node has, or a list without
// elements, takes only the room of a pointer.

// An edge to a child. The name is not escaped; only the keys of a bundle are.
struct ObjectReference {
  std::int32_t node_id = 0;
  std::string local_name;
  core::detail::RareText unknown_fields = {};

  friend bool operator==(const ObjectReference&, const ObjectReference&) = default;
};

// A value of a node, and the key of the bundle where its elements are.
struct SerializedTensor {
  std::string name;            // "VARIABLE_VALUE"
  std::string full_name;       // a variable's name, for people to read; empty for a value that is no variable
  std::string checkpoint_key;  // "model/kernel/.ATTRIBUTES/VARIABLE_VALUE"
  core::detail::RareText unknown_fields = {};

  friend bool operator==(const SerializedTensor&, const SerializedTensor&) = default;
};

// A slot variable: the state that an optimizer of TensorFlow 1 or Keras 2 has for one variable. The optimizer's node
// holds the reference.
struct SlotVariableReference {
  std::int32_t original_variable_node_id = 0;
  std::string slot_name;
  std::int32_t slot_variable_node_id = 0;
  core::detail::RareText unknown_fields = {};

  friend bool operator==(const SlotVariableReference&, const SlotVariableReference&) = default;
};

// The saver that a class was registered with (tf.train.experimental.register_checkpoint_saver), and the name of the
// object that it saved.
struct RegisteredSaver {
  std::string name;
  std::string object_name;
  core::detail::RareText unknown_fields = {};

  friend bool operator==(const RegisteredSaver&, const RegisteredSaver&) = default;
};

// A node: an object of the program that was saved.
struct TrackableObject {
  core::detail::SmallList<ObjectReference> children;
  core::detail::SmallList<SerializedTensor> attributes;
  core::detail::SmallList<SlotVariableReference> slot_variables;
  core::detail::Rare<RegisteredSaver> registered_saver;
  std::optional<bool> has_checkpoint_values;  // whether the node or a node below it has a value; nullopt in files of
                                              // early TensorFlow 2, which do not say it
  core::detail::RareText unknown_fields = {};
  // The names of the members that were empty when they were saved, as a null pointer is. cairn adds this note, and
  // TensorFlow's readers skip it. Where `children` has an edge of such a name, the edge counts. The checkpoint knows
  // nothing of a name that is in neither list.
  core::detail::SmallList<std::string> empty_children = {};

  friend bool operator==(const TrackableObject&, const TrackableObject&) = default;
};

// The nodes; node 0 is the root. A node id from a file can be any number: check it against nodes.size() before you use
// it.
struct TrackableObjectGraph {
  std::vector<TrackableObject> nodes;
  core::detail::RareText unknown_fields = {};

  friend bool operator==(const TrackableObjectGraph&, const TrackableObjectGraph&) = default;
};

}  // namespace cairn
