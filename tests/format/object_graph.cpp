#include <cairn/format/object_graph.hpp>

#include <doctest/doctest.h>

#include "hex.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace cairn::format;
using cairn::ErrorCode;
using cairn::test::bytes;
using cairn::test::error_of;
using cairn::test::hex;

// What TensorFlow 2.21 wrote, taken from its data files.
constexpr std::string_view empty_write = "0a022a00";  // Checkpoint().write(p)
constexpr std::string_view empty_save =               // Checkpoint().save(p)
    "0a160a100801120c736176655f636f756e7465722a0208010a4d12470a0e5641524941424c455f56414c5545120c736176655f636f756e7465"
    "721a27736176655f636f756e7465722f2e415454524942555445532f5641524941424c455f56414c55452a020801";
constexpr std::string_view one_variable =  // Checkpoint(v=tf.Variable(1., name="nm")).write(p)
    "0a0b0a0508011201762a0208010a3812320a0e5641524941424c455f56414c554512026e6d1a1c762f2e415454524942555445532f56415249"
    "41424c455f56414c55452a020801";

ObjectGraph nodes(std::size_t count) {
  ObjectGraph graph;
  while (graph.size() < count) (void)graph.add_node();
  return graph;
}
void make_variable(ObjectGraph& graph, std::int32_t id, std::string_view key, std::string_view full_name) {
  graph.erase_attributes(id, [](const SerializedTensor&) { return true; });
  graph.add_attribute(id, {"VARIABLE_VALUE", full_name, key});
  graph.set_has_checkpoint_values(id, true);
}

TEST_CASE("graphs have the bytes that TensorFlow wrote for them") {
  ObjectGraph graph = nodes(1);
  graph.set_has_checkpoint_values(0, false);
  CHECK(hex(encode(graph)) == empty_write);

  graph.set_has_checkpoint_values(0, true);
  graph.add_child(0, {1, "save_counter"});
  (void)graph.add_node();
  make_variable(graph, 1, "save_counter/.ATTRIBUTES/VARIABLE_VALUE", "save_counter");
  CHECK(hex(encode(graph)) == empty_save);

  graph.set_child(0, 0, 1, "v");
  make_variable(graph, 1, "v/.ATTRIBUTES/VARIABLE_VALUE", "nm");
  CHECK(hex(encode(graph)) == one_variable);
}

// A graph of five nodes with some of everything.
ObjectGraph graph_of_all() {
  ObjectGraph graph = nodes(5);
  graph.add_slot_variable(2, {1, "m", 4});
  graph.add_child(0, {1, "model"});
  graph.add_slot_variable(0, {1, "m", 4, bytes("4807")});
  graph.add_child(0, {2, "optimizer", bytes("4807")});
  make_variable(graph, 1, "model/.ATTRIBUTES/VARIABLE_VALUE", "a name for people");
  graph.add_slot_variable(4, {1, "v", 0});
  graph.add_attribute(1, {"other", "", "a key that is longer than a small string may be", bytes("2001")});
  graph.add_child(0, {3, "saved by a saver"});
  graph.add_slot_variable(2, {1, "v", 0});
  graph.set_has_checkpoint_values(2, false);
  graph.set_registered_saver(3, {"saver", "object", bytes("4807")});
  graph.set_registered_saver(4, {"another", "object"});
  graph.add_empty_child(1, "bias");
  graph.add_empty_child(4, "last");
  graph.add_empty_child(1, "next");
  make_variable(graph, 4, "slot", "a name for people/m");
  graph.set_unknown_fields(4, bytes("3801"));
  graph.set_unknown_fields(bytes("3801"));
  return graph;
}

TEST_CASE("a graph has what was added to its nodes in any order, and comes back so") {
  const ObjectGraph graph = graph_of_all();
  CHECK(graph[0].children.size() == 3);
  CHECK(graph[0].children[1] == ObjectReference{2, "optimizer", bytes("4807")});
  CHECK(graph[0].slot_variables[0] == SlotVariableReference{1, "m", 4, bytes("4807")});
  CHECK(graph[1].attributes[0] ==
        SerializedTensor{"VARIABLE_VALUE", "a name for people", "model/.ATTRIBUTES/VARIABLE_VALUE"});
  CHECK(graph[1].attributes[1].unknown_fields == bytes("2001"));
  CHECK(graph[1].empty_children.size() == 2);
  CHECK(graph[1].empty_children[1] == "next");
  CHECK(graph[2].slot_variables.size() == 2);
  CHECK(graph[2].slot_variables[1] == SlotVariableReference{1, "v", 0});
  CHECK(graph[2].has_checkpoint_values == false);
  CHECK_FALSE(graph[3].has_checkpoint_values.has_value());
  CHECK(graph[3].registered_saver == RegisteredSaver{"saver", "object", bytes("4807")});
  CHECK(graph[4].unknown_fields == bytes("3801"));
  const std::string stored = encode(graph);
  const ObjectGraph decoded = decode_object_graph(stored);
  CHECK(decoded == graph);
  CHECK(encode(decoded) == stored);
}

TEST_CASE("a graph that was copied node by node says the same, in other numbers, and not what was left out") {
  const ObjectGraph graph = graph_of_all();
  ObjectGraph reversed;
  for (std::int32_t id = 4; id >= 0; --id) reversed.add_node_of(graph, id, [](std::int32_t old) { return 4 - old; });
  ObjectGraph again;
  for (std::int32_t id = 4; id >= 0; --id) again.add_node_of(reversed, id, [](std::int32_t old) { return 4 - old; });
  again.set_unknown_fields(graph.unknown_fields());
  CHECK(hex(encode(again)) == hex(encode(graph)));
  CHECK(again == graph);

  ObjectGraph without;
  for (std::int32_t id = 0; id < 4; ++id)
    without.add_node_of(graph, id, [](std::int32_t old) { return old == 2 || old == 4 ? -1 : old; });
  CHECK(without[0].children.size() == 2);
  CHECK(without[0].children[1].local_name == "saved by a saver");
  CHECK(without[0].slot_variables.empty());
  CHECK(without[2].slot_variables.size() == 1);
}

TEST_CASE("flipping any bit of a graph with everything in it, or cutting it, gives a graph or an Error") {
  const std::string stored = encode(graph_of_all());
  const auto require = [](const std::string& message) {
    try {
      const ObjectGraph graph = decode_object_graph(message);
      CHECK(decode_object_graph(encode(graph)) == graph);
    } catch (const cairn::Error& error) {
      CHECK(error.code() == ErrorCode::data_loss);
    }
  };
  for (std::size_t i = 0; i < stored.size(); ++i) {
    require(stored.substr(0, i));
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = stored;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      require(flipped);
    }
  }
}

TEST_CASE("graphs of TensorFlow's bytes are read and written back the same") {
  for (const std::string_view text : {empty_write, empty_save, one_variable}) {
    const std::string stored = bytes(text);
    const ObjectGraph graph = decode_object_graph(stored);
    CHECK(encode(graph) == stored);
    CHECK(graph.unknown_fields().empty());
  }
  const ObjectGraph graph = decode_object_graph(bytes(one_variable));
  REQUIRE(graph.size() == 2);
  REQUIRE(graph[0].children.size() == 1);
  CHECK(graph[0].children[0] == ObjectReference{1, "v"});
  CHECK(graph[1].attributes[0] == SerializedTensor{"VARIABLE_VALUE", "nm", "v/.ATTRIBUTES/VARIABLE_VALUE"});
  CHECK(graph[1].has_checkpoint_values == true);
}

TEST_CASE("a node with everything in it goes both ways") {
  ObjectGraph graph = nodes(2);
  const std::string long_name(300, 'n'), long_full_name(200, 'b');
  graph.add_child(0, {0, ""});
  graph.add_child(0, {5, "\xc3\xa9"});
  graph.add_child(0, {-1, long_name});
  graph.add_attribute(0, {"", "", ""});
  graph.add_attribute(0, {"a", long_full_name, "c"});
  graph.add_slot_variable(0, {4, "m", 8});
  graph.add_slot_variable(0, {0, "", 0});
  graph.set_registered_saver(0, {"Custom.S", "path"});
  graph.set_has_checkpoint_values(0, false);
  CHECK(decode_object_graph(encode(graph)) == graph);
}

TEST_CASE("names of members that were empty stand behind TensorFlow's fields, and come back") {
  ObjectGraph graph = nodes(1);
  graph.set_has_checkpoint_values(0, false);
  graph.add_empty_child(0, "a");
  const std::string stored = encode(graph);
  CHECK(hex(stored) == hex(bytes("0a 07 2a 00 da d2 03 01 'a'")));
  CHECK(decode_object_graph(stored) == graph);
}

TEST_CASE("a value that is false differs from one that is absent") {
  const auto values_of = [](std::string_view text) {
    return decode_object_graph(bytes(text))[0].has_checkpoint_values;
  };
  CHECK_FALSE(values_of("0a 00").has_value());
  CHECK(values_of("0a 02 2a 00") == false);
  CHECK(values_of("0a 04 2a 02 08 01") == true);
  CHECK(values_of("0a 06 2a 02 08 01 2a 00") == true);  // merged
}

TEST_CASE("unknown fields survive at every level, such as the optional_restore of early TensorFlow 2") {
  const std::string stored =
      bytes("0a 1e 0a 05 08 01 12 01 'a' 12 07 0a 01 'n' 1a 00 20 01 1a 04 08 01 48 07 22 02 48 07 50 01 58 02");
  const ObjectGraph graph = decode_object_graph(stored);
  CHECK(hex(graph[0].attributes[0].unknown_fields) == "2001");
  CHECK(hex(graph[0].slot_variables[0].unknown_fields) == "4807");
  CHECK(hex(graph[0].registered_saver->unknown_fields) == "4807");
  CHECK(hex(graph[0].unknown_fields) ==
        "5001"
        "5802");
  CHECK(hex(encode(graph)) ==
        "0a1c"
        "0a0508011201"
        "61"
        "12050a016e2001"
        "1a0408014807"
        "22024807"
        "50015802");
}

TEST_CASE("names that are not UTF-8 are refused in both directions") {
  CHECK(error_of([] { return decode_object_graph(bytes("0a 05 0a 03 12 01 ff")); }).code() == ErrorCode::data_loss);
  ObjectGraph graph = nodes(1);
  graph.add_child(0, {1, "\xff"});
  CHECK(error_of([&] { return encode(graph); }).code() == ErrorCode::invalid_argument);
}

TEST_CASE("a graph cut at any byte is refused, or has fewer nodes") {
  const std::string stored = bytes(empty_save);
  for (std::size_t size = 0; size < stored.size(); ++size) {
    try {
      const ObjectGraph graph = decode_object_graph(std::string_view(stored).substr(0, size));
      CHECK(graph.size() < 2);
    } catch (const cairn::Error& error) {
      CHECK(error.code() == ErrorCode::data_loss);
      CHECK(error.offset().has_value());
    }
  }
}

TEST_CASE("flipping any bit of a graph gives a graph or an Error") {
  const std::string stored = bytes(empty_save);
  for (std::size_t i = 0; i < 8 * stored.size(); ++i) {
    std::string flipped = stored;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
    try {
      const ObjectGraph graph = decode_object_graph(flipped);
      CHECK(decode_object_graph(encode(graph)) == graph);
    } catch (const cairn::Error& error) {
      CHECK(error.code() == ErrorCode::data_loss);
    }
  }
}

TEST_CASE("a graph of a great many empty nodes is refused before it takes memory, one of very many nodes is not") {
  std::string nothing;
  for (int i = 0; i < 2000000; ++i) nothing += std::string_view("\x0a\0", 2);
  CHECK_THROWS_AS(static_cast<void>(decode_object_graph(nothing)), cairn::Error);

  ObjectGraph graph = nodes(500001);
  for (std::int32_t i = 1; i <= 500000; ++i) {
    graph.add_child(0, {i, std::to_string(i)});
    graph.set_has_checkpoint_values(i, false);
  }
  CHECK(decode_object_graph(encode(graph)) == graph);
}

}  // namespace
