// TensorFlow's object graph as plain structs: who holds whom under which name, and which key holds a node's value.
//
//   node 0 (the root) --"model"--> node 1 --"kernel"--> node 2 { VARIABLE_VALUE: key model/kernel/.ATTRIBUTES/... }
//
// The words are those of tensorflow/core/protobuf/trackable_object_graph.proto. format/ turns these structs into bytes
// and back, graph/ makes them from a user's struct and matches them with one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn {

// An edge to a child. The name is unescaped; only keys are escaped.
struct ObjectReference {
  std::int32_t node_id = 0;
  std::string local_name;

  friend bool operator==(const ObjectReference&, const ObjectReference&) = default;
};

// One value of a node: name is VARIABLE_VALUE for a variable; full_name is the variable's own name, for people.
struct SerializedTensor {
  std::string name;
  std::string full_name;
  std::string checkpoint_key;

  friend bool operator==(const SerializedTensor&, const SerializedTensor&) = default;
};

// On an optimizer of TensorFlow 1 and Keras 2: the state it keeps for a variable.
struct SlotVariableReference {
  std::int32_t original_variable_node_id = 0;
  std::string slot_name;
  std::int32_t slot_variable_node_id = 0;

  friend bool operator==(const SlotVariableReference&, const SlotVariableReference&) = default;
};

struct RegisteredSaver {
  std::string name;
  std::string object_name;

  friend bool operator==(const RegisteredSaver&, const RegisteredSaver&) = default;
};

struct TrackableObject {
  std::vector<ObjectReference> children;
  std::vector<SerializedTensor> attributes;
  std::vector<SlotVariableReference> slot_variables;
  std::optional<RegisteredSaver> registered_saver;
  std::optional<bool> has_checkpoint_values;  // absent in files of TensorFlow 2.4 and older
  std::string unknown_fields;                 // kept as they came, written back behind the known ones

  friend bool operator==(const TrackableObject&, const TrackableObject&) = default;
};

// Node 0 is the root. Node ids of files are untrusted: check them against nodes.size().
struct TrackableObjectGraph {
  std::vector<TrackableObject> nodes;
  std::string unknown_fields;

  friend bool operator==(const TrackableObjectGraph&, const TrackableObjectGraph&) = default;
};

}  // namespace cairn
