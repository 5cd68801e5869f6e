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
// Unknown fields of every message are kept undecoded, tags included, and written behind the known ones: early TensorFlow
// 2 gave some attributes a fourth field (optional_restore), and later versions may add others.
#pragma once

#include "../core/object_graph.hpp"
#include "field_writer.hpp"
#include "wire.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::format {

// The graph stands in core/, because the walk over a user's state makes one and knows nothing of formats.
using cairn::ObjectGraph;
using cairn::ObjectReference;
using cairn::RegisteredSaver;
using cairn::SerializedTensor;
using cairn::SlotVariableReference;
using cairn::TrackableObject;
using cairn::TrackableObjectGraph;

// The number of cairn's own field in a node. No other program uses it, and every other reader skips it.
inline constexpr std::uint32_t empty_children_field = 7467;

namespace detail {

// Decode an element of a node. Texts are views of the message, and unknown fields of `unknown`. Throw Error with
// ErrorCode::data_loss for bytes that are no such message, and for names that are not UTF-8.
[[nodiscard]] inline ObjectReference decode_child(FieldReader fields, std::string& unknown) {
  ObjectReference child;
  unknown.clear();
  while (fields.next()) {
    if (fields.is(1, WireType::varint))
      child.node_id = fields.read_int32();
    else if (fields.is(2, WireType::length_delimited))
      child.local_name = fields.read_string();
    else
      fields.skip(&unknown);
  }
  child.unknown_fields = unknown;
  return child;
}
[[nodiscard]] inline SerializedTensor decode_attribute(FieldReader fields, std::string& unknown) {
  SerializedTensor attribute;
  unknown.clear();
  while (fields.next()) {
    if (fields.is(1, WireType::length_delimited))
      attribute.name = fields.read_string();
    else if (fields.is(2, WireType::length_delimited))
      attribute.full_name = fields.read_string();
    else if (fields.is(3, WireType::length_delimited))
      attribute.checkpoint_key = fields.read_string();
    else
      fields.skip(&unknown);
  }
  attribute.unknown_fields = unknown;
  return attribute;
}
[[nodiscard]] inline SlotVariableReference decode_slot_variable(FieldReader fields, std::string& unknown) {
  SlotVariableReference slot;
  unknown.clear();
  while (fields.next()) {
    if (fields.is(1, WireType::varint))
      slot.original_variable_node_id = fields.read_int32();
    else if (fields.is(2, WireType::length_delimited))
      slot.slot_name = fields.read_string();
    else if (fields.is(3, WireType::varint))
      slot.slot_variable_node_id = fields.read_int32();
    else
      fields.skip(&unknown);
  }
  slot.unknown_fields = unknown;
  return slot;
}

// Bound the memory for decoded nodes: a node of two bytes in a crafted file takes thirty times as much. In a graph that
// a program saved, every node but the root has an edge with a name, and a node with a value has a key: such a graph
// needs less than the budget, even with some hundred thousand nodes that hold nothing.
inline constexpr std::uint64_t free_graph_memory = std::uint64_t{40} << 20, graph_memory_per_byte = 4;
inline constexpr std::size_t node_memory = 60;
inline constexpr std::string_view too_many_nodes = "its nodes would take many times the memory of the message";

// One decoding of a graph, whose text is the message.
class GraphDecoder {
 public:
  explicit GraphDecoder(ObjectGraph& graph)
      : graph_(graph), left_(free_graph_memory + graph_memory_per_byte * graph.text().size()) {}

  void run() {
    FieldReader fields(graph_.text(), "the object graph");
    std::string unknown;
    while (fields.next()) {
      if (fields.is(1, WireType::length_delimited))
        decode_node(fields.read_message());
      else
        fields.skip(&unknown);
    }
    graph_.set_unknown_fields(unknown);
  }

 private:
  // Throws Error with ErrorCode::data_loss when the graph would take more memory than its bytes can justify.
  void take(std::size_t bytes, const FieldReader& fields) {
    if (bytes > left_) fields.fail(too_many_nodes);
    left_ -= bytes;
  }

  void decode_node(FieldReader fields) {
    take(node_memory, fields);
    const std::int32_t node = graph_.add_node();
    std::optional<RegisteredSaver> saver;
    std::optional<bool> has_values;
    std::string unknown, unknown_of_saver;
    while (fields.next()) {
      if (fields.is(1, WireType::length_delimited)) {
        take(30, fields);
        graph_.add_child(node, decode_child(fields.read_message(), unknown_));
      } else if (fields.is(2, WireType::length_delimited)) {
        take(50, fields);
        graph_.add_attribute(node, decode_attribute(fields.read_message(), unknown_));
      } else if (fields.is(3, WireType::length_delimited)) {
        take(60, fields);
        graph_.add_slot_variable(node, decode_slot_variable(fields.read_message(), unknown_));
      } else if (fields.is(4, WireType::length_delimited)) {
        if (!saver) saver.emplace();
        merge_saver(fields.read_message(), *saver, unknown_of_saver);
      } else if (fields.is(5, WireType::length_delimited)) {
        if (!has_values) has_values = false;
        merge_bool_value(fields.read_message(), *has_values);
      } else if (fields.is(empty_children_field, WireType::length_delimited)) {
        take(40, fields);
        graph_.add_empty_child(node, fields.read_string());
      } else {
        fields.skip(&unknown);
      }
    }
    graph_.set_has_checkpoint_values(node, has_values);
    if (saver) {
      take(60, fields);
      saver->unknown_fields = unknown_of_saver;
      graph_.set_registered_saver(node, *saver);
    }
    graph_.set_unknown_fields(node, unknown);
  }

  static void merge_saver(FieldReader fields, RegisteredSaver& saver, std::string& unknown) {
    while (fields.next()) {
      if (fields.is(1, WireType::length_delimited))
        saver.name = fields.read_string();
      else if (fields.is(2, WireType::length_delimited))
        saver.object_name = fields.read_string();
      else
        fields.skip(&unknown);
    }
  }
  static void merge_bool_value(FieldReader fields, bool& value) {
    while (fields.next()) {
      if (fields.is(1, WireType::varint))
        value = fields.read_bool();
      else
        fields.skip();
    }
  }

  ObjectGraph& graph_;
  std::uint64_t left_;   // bytes of memory
  std::string unknown_;  // the unknown fields of the element that is being added
};

inline void put_node(FieldWriter& fields, const ObjectGraph::Node& node) {
  for (const ObjectReference child : node.children) {
    const std::size_t begin = fields.begin_message(1);
    fields.number(1, child.node_id);
    fields.text(2, child.local_name);
    fields.raw(child.unknown_fields);
    fields.end_message(begin);
  }
  for (const SerializedTensor attribute : node.attributes) {
    const std::size_t begin = fields.begin_message(2);
    fields.text(1, attribute.name);
    fields.text(2, attribute.full_name);
    fields.text(3, attribute.checkpoint_key);
    fields.raw(attribute.unknown_fields);
    fields.end_message(begin);
  }
  for (const SlotVariableReference slot : node.slot_variables) {
    const std::size_t begin = fields.begin_message(3);
    fields.number(1, slot.original_variable_node_id);
    fields.text(2, slot.slot_name);
    fields.number(3, slot.slot_variable_node_id);
    fields.raw(slot.unknown_fields);
    fields.end_message(begin);
  }
  if (node.registered_saver) {
    const std::size_t begin = fields.begin_message(4);
    fields.text(1, node.registered_saver->name);
    fields.text(2, node.registered_saver->object_name);
    fields.raw(node.registered_saver->unknown_fields);
    fields.end_message(begin);
  }
  if (node.has_checkpoint_values) {
    const std::size_t begin = fields.begin_message(5);
    fields.number(1, *node.has_checkpoint_values ? 1 : 0);
    fields.end_message(begin);
  }
  for (const std::string_view empty : node.empty_children) fields.text(empty_children_field, empty);
  fields.raw(node.unknown_fields);
}

}  // namespace detail

// Decodes a graph, which keeps the message: its texts are views of it. The memory is bounded by the number of the
// bytes; ids may lie outside of the graph, it may have cycles, or no node at all. Throws Error with
// ErrorCode::data_loss for bytes that are no such message, and for names that are not UTF-8.
[[nodiscard]] inline ObjectGraph decode_object_graph(std::string&& message) {
  ObjectGraph graph(std::move(message));
  detail::GraphDecoder(graph).run();
  return graph;
}
[[nodiscard]] inline ObjectGraph decode_object_graph(std::string_view message) {
  return decode_object_graph(std::string(message));
}

// Returns the bytes that TensorFlow writes for the graph. Throws Error with ErrorCode::invalid_argument for a name that
// is not UTF-8.
[[nodiscard]] inline std::string encode(const ObjectGraph& graph) {
  constexpr std::size_t usual_node_bytes = 100;
  std::string out;
  FieldWriter fields(out, graph.size() * usual_node_bytes);
  for (std::size_t id = 0; id < graph.size(); ++id) {
    const std::size_t begin = fields.begin_message(1);
    detail::put_node(fields, graph[static_cast<std::int32_t>(id)]);
    fields.end_message(begin);
  }
  fields.raw(graph.unknown_fields());
  fields.finish();
  return out;
}

}  // namespace CAIRN_NAMESPACE::format
