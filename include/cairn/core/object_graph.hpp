// TensorFlow's object graph as plain structs: who holds whom under which name, and which key holds a node's value.
//
//   node 0 (the root) --"model"--> node 1 --"kernel"--> node 2 { VARIABLE_VALUE: key model/kernel/.ATTRIBUTES/... }
//
// The words are those of tensorflow/core/protobuf/trackable_object_graph.proto. format/ turns these structs into bytes
// and back, graph/ makes them from a user's struct and matches them with one.
#pragma once

#include "rare.hpp"
#include "small_blocks.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn {

// Every message keeps its unknown fields as they came, to be written back behind the known ones. There can be very many
// nodes, so that what hardly any of them has takes little room, and a list without elements that of a pointer.

// An edge to a child. The name is unescaped; only keys are escaped.
struct ObjectReference {
  std::int32_t node_id = 0;
  std::string local_name;
  detail::RareText unknown_fields = {};

  friend bool operator==(const ObjectReference&, const ObjectReference&) = default;
};

// One value of a node.
struct SerializedTensor {
  std::string name;            // "VARIABLE_VALUE"
  std::string full_name;       // the variable's name, for people; empty for what is no variable
  std::string checkpoint_key;  // where the value is in the bundle
  detail::RareText unknown_fields = {};

  friend bool operator==(const SerializedTensor&, const SerializedTensor&) = default;
};

// On an optimizer of TensorFlow 1 and Keras 2: the state it keeps for a variable.
struct SlotVariableReference {
  std::int32_t original_variable_node_id = 0;
  std::string slot_name;
  std::int32_t slot_variable_node_id = 0;
  detail::RareText unknown_fields = {};

  friend bool operator==(const SlotVariableReference&, const SlotVariableReference&) = default;
};

struct RegisteredSaver {
  std::string name;
  std::string object_name;
  detail::RareText unknown_fields = {};

  friend bool operator==(const RegisteredSaver&, const RegisteredSaver&) = default;
};

struct TrackableObject {
  detail::SmallList<ObjectReference> children;
  detail::SmallList<SerializedTensor> attributes;
  detail::SmallList<SlotVariableReference> slot_variables;
  detail::Rare<RegisteredSaver> registered_saver;
  std::optional<bool> has_checkpoint_values;  // absent in files of early TensorFlow 2; false is not absent
  detail::RareText unknown_fields = {};
  // Names of members that held nothing when they were saved: cairn's own note, which TensorFlow skips. An edge of that
  // name counts more. A name that is in neither list is one that the checkpoint knows nothing of.
  detail::SmallList<std::string> empty_children = {};

  friend bool operator==(const TrackableObject&, const TrackableObject&) = default;
};

// Node 0 is the root. Node ids of files are untrusted: graph/saved_graph.hpp checks them.
struct TrackableObjectGraph {
  std::vector<TrackableObject> nodes;
  detail::RareText unknown_fields = {};

  friend bool operator==(const TrackableObjectGraph&, const TrackableObjectGraph&) = default;
};

}  // namespace cairn
