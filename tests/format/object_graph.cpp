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

TrackableObject variable(std::string key, std::string full_name) {
  TrackableObject node;
  node.attributes.push_back({"VARIABLE_VALUE", std::move(full_name), std::move(key)});
  node.has_checkpoint_values = true;
  return node;
}

TEST_CASE("graphs have the bytes that TensorFlow wrote for them") {
  TrackableObjectGraph graph;
  graph.nodes.emplace_back().has_checkpoint_values = false;
  CHECK(hex(encode(graph)) == empty_write);

  graph.nodes[0].has_checkpoint_values = true;
  graph.nodes[0].children.push_back({1, "save_counter"});
  graph.nodes.push_back(variable("save_counter/.ATTRIBUTES/VARIABLE_VALUE", "save_counter"));
  CHECK(hex(encode(graph)) == empty_save);

  graph.nodes[0].children[0].local_name = "v";
  graph.nodes[1] = variable("v/.ATTRIBUTES/VARIABLE_VALUE", "nm");
  CHECK(hex(encode(graph)) == one_variable);
}

// All that a FlatGraph says, as one text.
std::string text_of(const cairn::core::detail::FlatGraph& graph) {
  std::string text;
  const auto add = [&](const auto& part) { ((text += part) += ' '); };
  for (std::int32_t id = 0; id < static_cast<std::int32_t>(graph.size()); ++id) {
    const auto node = graph[id];
    for (const auto& child : node.children) add(std::to_string(child.node_id)), add(child.local_name);
    for (const auto& attribute : node.attributes) add(attribute.name), add(attribute.checkpoint_key);
    for (const auto& slot : node.slot_variables)
      add(std::to_string(slot.original_variable_node_id)), add(slot.slot_name),
          add(std::to_string(slot.slot_variable_node_id));
    if (node.registered_saver != nullptr) add(node.registered_saver->name), add(node.registered_saver->object_name);
    for (const auto& empty : node.empty_children) add(empty.local_name);
    add(node.has_checkpoint_values ? *node.has_checkpoint_values ? "yes\n" : "no\n" : "?\n");
  }
  return text;
}

TEST_CASE("a flat graph says what the structs say, and fails where they fail, whatever the bytes are") {
  TrackableObjectGraph graph;
  graph.nodes.resize(5);
  graph.nodes[0].children = {{1, "model"}, {2, "optimizer"}};
  graph.nodes[1] = variable("model/.ATTRIBUTES/VARIABLE_VALUE", "model");
  graph.nodes[1].attributes.push_back({"other", "", "a key that is longer than a small string may be"});
  graph.nodes[2].slot_variables = {{1, "m", 3}, {1, "v", 4}};
  graph.nodes[2].has_checkpoint_values = false;
  graph.nodes[3].registered_saver = cairn::RegisteredSaver{"saver", "object"};
  graph.nodes[4].registered_saver = cairn::RegisteredSaver{"saver", "another"};
  graph.nodes[1].empty_children = {"bias", "next"};
  graph.nodes[4].empty_children = {"last"};
  graph.nodes[4].unknown_fields.append(bytes("3801"));
  graph.unknown_fields.append(bytes("3801"));
  const std::string stored = encode(graph);
  const auto compare = [&](const std::string& message) {
    std::string flat, flat_error, error;
    TrackableObjectGraph structs;
    try {
      flat = text_of(decode_flat_graph(message));
    } catch (const cairn::Error& thrown) {
      flat_error = thrown.what();
    }
    try {
      structs = decode_object_graph(message);
    } catch (const cairn::Error& thrown) {
      error = thrown.what();
    }
    CHECK(flat_error == error);
    if (!error.empty()) return;
    CHECK(flat == text_of(cairn::core::detail::FlatGraph::of(structs)));
  };
  compare(stored);
  CHECK(text_of(decode_flat_graph(stored)).find("m 3 1 v 4 no") != std::string::npos);
  for (std::size_t i = 0; i < stored.size(); ++i) {
    compare(stored.substr(0, i));
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = stored;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      compare(flipped);
    }
  }
}

TEST_CASE("a flat graph is written as the structs are, and becomes them") {
  TrackableObjectGraph graph;
  graph.nodes.resize(5);
  graph.nodes[0].children = {{1, "model"}, {2, "optimizer"}, {3, "saved by a saver"}};
  graph.nodes[1] = variable("model/.ATTRIBUTES/VARIABLE_VALUE", "a name for people");
  graph.nodes[1].attributes.push_back({"other", "", "a key that is longer than a small string may be"});
  graph.nodes[0].slot_variables = {{1, "m", 4}};
  graph.nodes[2].slot_variables = {{1, "m", 4}, {1, "v", 0}};
  graph.nodes[4].slot_variables = {{1, "v", 0}};
  graph.nodes[2].has_checkpoint_values = false;
  graph.nodes[3].registered_saver = cairn::RegisteredSaver{"saver", "object"};
  graph.nodes[4].attributes = variable("slot", "a name for people/m").attributes;

  using cairn::core::detail::FlatGraph;
  FlatGraph flat;
  for (const TrackableObject& node : graph.nodes) {
    flat.begin_node();
    for (const auto& child : node.children) flat.add(FlatGraph::Child{flat.keep_copy(child.local_name), child.node_id});
    for (const auto& each : node.attributes) flat.add({each.name, each.checkpoint_key}, each.full_name);
    if (node.registered_saver) flat.registered_saver() = {"saver", "object"};
    if (node.has_checkpoint_values) flat.set_has_checkpoint_values(*node.has_checkpoint_values);
  }
  const cairn::core::detail::Vec<FlatGraph::SlotVariable> m{{"m", 1, 4}}, v{{"v", 1, 0}};
  flat.add(2, m);  // of a node that is not the last one
  flat.add(2, v);
  flat.add(4, v);
  flat.add(0, m);
  CHECK(hex(encode(flat)) == hex(encode(graph)));
  CHECK(flat.structs() == graph);
}

TEST_CASE("graphs of TensorFlow's bytes are read and written back the same") {
  for (const std::string_view text : {empty_write, empty_save, one_variable}) {
    const std::string stored = bytes(text);
    const TrackableObjectGraph graph = decode_object_graph(stored);
    CHECK(encode(graph) == stored);
    CHECK(graph.unknown_fields.empty());
  }
  const TrackableObjectGraph graph = decode_object_graph(bytes(one_variable));
  REQUIRE(graph.nodes.size() == 2);
  CHECK(graph.nodes[0].children == decltype(graph.nodes[0].children){{1, "v"}});
  CHECK(graph.nodes[1] == variable("v/.ATTRIBUTES/VARIABLE_VALUE", "nm"));
}

TEST_CASE("a node with everything in it goes both ways") {
  TrackableObjectGraph graph;
  TrackableObject& node = graph.nodes.emplace_back();
  node.children = {{0, ""}, {5, "\xc3\xa9"}, {-1, std::string(300, 'n')}};
  node.attributes = {{"", "", ""}, {"a", std::string(200, 'b'), "c"}};
  node.slot_variables = {{4, "m", 8}, {0, "", 0}};
  node.registered_saver = RegisteredSaver{"Custom.S", "path"};
  node.has_checkpoint_values = false;
  graph.nodes.emplace_back();
  CHECK(decode_object_graph(encode(graph)) == graph);
}

TEST_CASE("names of members that were empty stand behind TensorFlow's fields, and come back") {
  TrackableObjectGraph graph;
  graph.nodes.resize(1);
  graph.nodes[0].has_checkpoint_values = false;
  graph.nodes[0].empty_children = {"a"};
  const std::string stored = encode(graph);
  CHECK(hex(stored) == hex(bytes("0a 07 2a 00 da d2 03 01 'a'")));
  CHECK(decode_object_graph(stored) == graph);
}

TEST_CASE("a value that is false differs from one that is absent") {
  CHECK_FALSE(decode_object_graph(bytes("0a 00")).nodes[0].has_checkpoint_values.has_value());
  CHECK(decode_object_graph(bytes("0a 02 2a 00")).nodes[0].has_checkpoint_values == false);
  CHECK(decode_object_graph(bytes("0a 04 2a 02 08 01")).nodes[0].has_checkpoint_values == true);
  CHECK(decode_object_graph(bytes("0a 06 2a 02 08 01 2a 00")).nodes[0].has_checkpoint_values == true);  // merged
}

TEST_CASE("unknown fields survive at every level, such as the optional_restore of early TensorFlow 2") {
  const std::string stored =
      bytes("0a 1e 0a 05 08 01 12 01 'a' 12 07 0a 01 'n' 1a 00 20 01 1a 04 08 01 48 07 22 02 48 07 50 01 58 02");
  const TrackableObjectGraph graph = decode_object_graph(stored);
  CHECK(hex(graph.nodes.at(0).attributes.at(0).unknown_fields) == "2001");
  CHECK(hex(graph.nodes[0].slot_variables.at(0).unknown_fields) == "4807");
  CHECK(hex(graph.nodes[0].registered_saver->unknown_fields) == "4807");
  CHECK(hex(graph.nodes[0].unknown_fields) ==
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
  TrackableObjectGraph graph;
  graph.nodes.emplace_back().children.push_back({1, "\xff"});
  CHECK(error_of([&] { return encode(graph); }).code() == ErrorCode::invalid_argument);
}

TEST_CASE("a graph cut at any byte is refused, or has fewer nodes") {
  const std::string stored = bytes(empty_save);
  for (std::size_t size = 0; size < stored.size(); ++size) {
    try {
      const TrackableObjectGraph graph = decode_object_graph(std::string_view(stored).substr(0, size));
      CHECK(graph.nodes.size() < 2);
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
      const TrackableObjectGraph graph = decode_object_graph(flipped);
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

  TrackableObjectGraph graph;
  graph.nodes.resize(500001);
  for (std::int32_t i = 1; i <= 500000; ++i) {
    graph.nodes[0].children.push_back({i, std::to_string(i)});
    graph.nodes[static_cast<std::size_t>(i)].has_checkpoint_values = false;
  }
  CHECK(decode_object_graph(encode(graph)) == graph);
}

}  // namespace
