// TensorFlow's object graph: the message that lists the objects, their children, and the key of each value.
//
//   TrackableObjectGraph { repeated TrackableObject nodes = 1; }                            node 0 is the root
//   TrackableObject { repeated ObjectReference children = 1 { int32 node_id = 1; string local_name = 2; }
//                     repeated SerializedTensor attributes = 2 { string name = 1; string full_name = 2;
//                                                            string checkpoint_key = 3; }
//                     repeated SlotVariableReference slot_variables = 3 { int32 original_variable_node_id = 1;
//                                                            string slot_name = 2; int32 slot_variable_node_id = 3; }
//                     RegisteredSaver registered_saver = 4 { string name = 1; string object_name = 2; }
//                     google.protobuf.BoolValue has_checkpoint_values = 5 { bool value = 1; }
//                     repeated string empty_children = 7467; }                                cairn's own note
//
// The definition is in TensorFlow's tensorflow/core/protobuf/trackable_object_graph.proto. A checkpoint has one such
// message, as the string under the key "_CHECKPOINTABLE_OBJECT_GRAPH". The ids in a file may be any numbers: code that
// follows them must check them.
//
// A TrackableObjectGraph stores the unknown fields of every message undecoded, tags included, and writes them behind
// the known ones: early TensorFlow 2 gave some attributes a fourth field (optional_restore), and later versions may add
// others. A FlatGraph drops them.
#pragma once

#include "../core/detail/flat_graph.hpp"
#include "../core/object_graph.hpp"
#include "detail/message_writer.hpp"
#include "wire.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::format {

// The structs stand in core/, because the walk over a user's state makes them and knows nothing of formats.
using cairn::ObjectReference;
using cairn::RegisteredSaver;
using cairn::SerializedTensor;
using cairn::SlotVariableReference;
using cairn::TrackableObject;
using cairn::TrackableObjectGraph;

// The number of cairn's own field in a node. No other program uses it, and every other reader skips it.
inline constexpr std::uint32_t empty_children_field = 7467;

namespace detail {

// Bounds the memory for decoded nodes. A node of two bytes in a crafted file becomes a hundred bytes in memory. In a
// graph that a program saved, every node but the root has an edge with a name, and a node with a value has a key: such
// a graph needs less than the budget, even with some hundred thousand nodes that hold nothing.
class GraphBudget {
 public:
  explicit GraphBudget(std::size_t message_bytes)
      : left_((std::uint64_t{40} << 20) + std::uint64_t{4} * message_bytes) {}

  // Takes the memory of `count` more structs. Throws Error with ErrorCode::data_loss when the graph would take more
  // memory than its bytes can justify.
  template <class Struct>
  void take(std::size_t count, const FieldReader& fields) {
    if (count > left_ / sizeof(Struct))
      fields.fail("its nodes would take many times the memory of the message, which those of no program do");
    left_ -= count * sizeof(Struct);
  }

 private:
  std::uint64_t left_;
};

// Passes over an unknown field, and stores its bytes where the struct has a member for them.
template <class Struct>
void skip_unknown(FieldReader& fields, Struct& to) {
  if constexpr (requires { to.unknown_fields; })
    fields.skip(&to.unknown_fields);
  else
    fields.skip();
}

template <class Reference>
[[nodiscard]] Reference decode_object_reference(FieldReader fields) {
  Reference reference;
  while (fields.next()) {
    if (fields.is(1, WireType::varint))
      reference.node_id = fields.read_int32();
    else if (fields.is(2, WireType::length_delimited))
      reference.local_name = fields.read_string();
    else
      skip_unknown(fields, reference);
  }
  return reference;
}

template <class Tensor>
void set_full_name(Tensor& tensor, std::string_view name) {
  if constexpr (requires { tensor.full_name; }) tensor.full_name = name;
}
template <class Tensor>
[[nodiscard]] Tensor decode_serialized_tensor(FieldReader fields) {
  Tensor tensor;
  while (fields.next()) {
    if (fields.is(1, WireType::length_delimited))
      tensor.name = fields.read_string();
    else if (fields.is(2, WireType::length_delimited))
      set_full_name(tensor, fields.read_string());
    else if (fields.is(3, WireType::length_delimited))
      tensor.checkpoint_key = fields.read_string();
    else
      skip_unknown(fields, tensor);
  }
  return tensor;
}

// TrackableObject's slot variables own their texts; a FlatGraph's refer to the message.
template <class Slot>
[[nodiscard]] Slot decode_slot_variable(FieldReader fields) {
  Slot slot;
  while (fields.next()) {
    if (fields.is(1, WireType::varint))
      slot.original_variable_node_id = fields.read_int32();
    else if (fields.is(2, WireType::length_delimited))
      slot.slot_name = fields.read_string();
    else if (fields.is(3, WireType::varint))
      slot.slot_variable_node_id = fields.read_int32();
    else
      skip_unknown(fields, slot);
  }
  return slot;
}

template <class Saver>
void merge_registered_saver(FieldReader fields, Saver& saver) {
  while (fields.next()) {
    if (fields.is(1, WireType::length_delimited))
      saver.name = fields.read_string();
    else if (fields.is(2, WireType::length_delimited))
      saver.object_name = fields.read_string();
    else
      skip_unknown(fields, saver);
  }
}

inline void merge_bool_value(FieldReader fields, bool& value) {
  while (fields.next()) {
    if (fields.is(1, WireType::varint))
      value = fields.read_bool();
    else
      fields.skip();
  }
}

inline void decode_trackable_object(FieldReader fields, TrackableObject& node, GraphBudget& budget) {
  const auto reserve = [&](auto& list, std::uint32_t number) {
    using Struct = typename std::remove_reference_t<decltype(list)>::value_type;
    const std::size_t count = fields.count(number, WireType::length_delimited);
    budget.take<Struct>(count, fields);
    list.reserve(count);
  };
  reserve(node.children, 1);
  reserve(node.attributes, 2);
  reserve(node.slot_variables, 3);
  reserve(node.empty_children, empty_children_field);
  while (fields.next()) {
    if (fields.is(1, WireType::length_delimited)) {
      node.children.push_back(decode_object_reference<ObjectReference>(fields.read_message()));
    } else if (fields.is(2, WireType::length_delimited)) {
      node.attributes.push_back(decode_serialized_tensor<SerializedTensor>(fields.read_message()));
    } else if (fields.is(3, WireType::length_delimited)) {
      node.slot_variables.push_back(decode_slot_variable<SlotVariableReference>(fields.read_message()));
    } else if (fields.is(4, WireType::length_delimited)) {
      if (!node.registered_saver) node.registered_saver.emplace();
      merge_registered_saver(fields.read_message(), *node.registered_saver);
    } else if (fields.is(5, WireType::length_delimited)) {
      if (!node.has_checkpoint_values) node.has_checkpoint_values = false;
      merge_bool_value(fields.read_message(), *node.has_checkpoint_values);
    } else if (fields.is(empty_children_field, WireType::length_delimited)) {
      node.empty_children.push_back(std::string(fields.read_string()));
    } else {
      fields.skip(&node.unknown_fields);
    }
  }
}

inline void decode_flat_node(FieldReader fields, core::detail::FlatGraph& graph, GraphBudget& budget) {
  using core::detail::FlatGraph;
  budget.take<TrackableObject>(1, fields);
  graph.begin_node();
  bool has_values = false;
  while (fields.next()) {
    if (fields.is(1, WireType::length_delimited)) {
      budget.take<ObjectReference>(1, fields);
      graph.add(decode_object_reference<FlatGraph::Child>(fields.read_message()));
    } else if (fields.is(2, WireType::length_delimited)) {
      budget.take<SerializedTensor>(1, fields);
      graph.add(decode_serialized_tensor<FlatGraph::Attribute>(fields.read_message()));
    } else if (fields.is(3, WireType::length_delimited)) {
      budget.take<SlotVariableReference>(1, fields);
      graph.add(decode_slot_variable<FlatGraph::SlotVariable>(fields.read_message()));
    } else if (fields.is(4, WireType::length_delimited)) {
      merge_registered_saver(fields.read_message(), graph.registered_saver());
    } else if (fields.is(5, WireType::length_delimited)) {
      merge_bool_value(fields.read_message(), has_values);
      graph.set_has_checkpoint_values(has_values);
    } else if (fields.is(empty_children_field, WireType::length_delimited)) {
      budget.take<std::string>(1, fields);
      graph.add_empty_child(fields.read_string());
    } else {
      fields.skip();
    }
  }
}

[[nodiscard]] inline std::string_view name_of_empty(const std::string& name) noexcept { return name; }
[[nodiscard]] inline std::string_view name_of_empty(const core::detail::FlatGraph::Child& child) noexcept {
  return child.local_name;
}

// Writes the unknown fields of a struct that has a member for them.
template <class Out, class Struct>
void put_unknown(Out& out, const Struct& from) {
  if constexpr (requires { from.unknown_fields; }) out.raw(from.unknown_fields);
}

// Writes a node to one of detail/message_writer.hpp's writers; `node` is a TrackableObject, or a node of a FlatGraph.
template <class Out, class Node, class FullName>
void put_trackable_object(Out& out, const Node& node, const FullName& full_name) {
  for (const auto& child : node.children)
    out.message(1, [&](auto& body) {
      body.number(1, child.node_id);
      body.text(2, child.local_name);
      put_unknown(body, child);
    });
  for (const auto& attribute : node.attributes)
    out.message(2, [&](auto& body) {
      body.text(1, attribute.name);
      body.text(2, full_name(attribute));
      body.text(3, attribute.checkpoint_key);
      put_unknown(body, attribute);
    });
  for (const auto& slot : node.slot_variables)
    out.message(3, [&](auto& body) {
      body.number(1, slot.original_variable_node_id);
      body.text(2, slot.slot_name);
      body.number(3, slot.slot_variable_node_id);
      put_unknown(body, slot);
    });
  if (node.registered_saver)
    out.message(4, [&](auto& body) {
      body.text(1, node.registered_saver->name);
      body.text(2, node.registered_saver->object_name);
      put_unknown(body, *node.registered_saver);
    });
  if (node.has_checkpoint_values)
    out.message(5, [&](auto& body) { body.number(1, *node.has_checkpoint_values ? 1 : 0); });
  for (const auto& empty : node.empty_children) out.text(empty_children_field, name_of_empty(empty));
  put_unknown(out, node);
}

}  // namespace detail

// Decodes a graph. The number of nodes and their memory are bounded by the number of the bytes; ids may lie outside of
// the graph, it may have cycles, or no node at all. Throws Error with ErrorCode::data_loss for bytes that are no such
// message, and for names that are not UTF-8.
[[nodiscard]] inline TrackableObjectGraph decode_object_graph(std::string_view bytes) {
  TrackableObjectGraph graph;
  FieldReader fields(bytes, "the object graph");
  detail::GraphBudget budget(bytes.size());
  const std::size_t count = fields.count(1, WireType::length_delimited);
  budget.take<TrackableObject>(count, fields);
  graph.nodes.reserve(count);
  while (fields.next()) {
    if (fields.is(1, WireType::length_delimited))
      detail::decode_trackable_object(fields.read_message(), graph.nodes.emplace_back(), budget);
    else
      fields.skip(&graph.unknown_fields);
  }
  return graph;
}

// Decodes a graph into the compact form for looking things up. The result owns the message, to which its texts refer.
// Throws Error with ErrorCode::data_loss for bytes that are no such message, and for names that are not UTF-8.
[[nodiscard]] inline core::detail::FlatGraph decode_flat_graph(std::string message) {
  core::detail::FlatGraph graph;
  const std::string_view bytes = graph.keep(std::move(message));
  FieldReader fields(bytes, "the object graph");
  detail::GraphBudget budget(bytes.size());
  while (fields.next()) {
    if (fields.is(1, WireType::length_delimited))
      detail::decode_flat_node(fields.read_message(), graph, budget);
    else
      fields.skip();
  }
  return graph;
}

// These two return the bytes that TensorFlow writes for the graph. They throw Error with ErrorCode::invalid_argument
// for a name that is not UTF-8.
[[nodiscard]] inline std::string encode(const TrackableObjectGraph& graph) {
  const auto full_name = [](const SerializedTensor& attribute) -> std::string_view { return attribute.full_name; };
  std::string out;
  detail::append_fields(out, [&](auto& fields) {
    for (const TrackableObject& node : graph.nodes)
      fields.message(1, [&](auto& body) { detail::put_trackable_object(body, node, full_name); });
    fields.raw(graph.unknown_fields);
  });
  return out;
}
[[nodiscard]] inline std::string encode(const core::detail::FlatGraph& graph) {
  const auto full_name = [&](const auto& attribute) { return graph.full_name(attribute); };
  std::string out;
  detail::append_fields(out, [&](auto& fields) {
    for (std::size_t id = 0; id < graph.size(); ++id) {
      const core::detail::FlatGraph::Node node = graph[static_cast<std::int32_t>(id)];
      fields.message(1, [&](auto& body) { detail::put_trackable_object(body, node, full_name); });
    }
  });
  return out;
}

}  // namespace cairn::format
