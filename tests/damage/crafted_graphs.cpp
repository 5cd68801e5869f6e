// Crafted object graphs: cycles, dangling ids and keys, a million children, chains that are very deep.
#include "damage/crafted.hpp"

#include <cstdint>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

std::string float_bytes(float value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }

// The paths below which live.hpp's states take what a file brings.
const std::vector<std::vector<std::string>> growing{{"lists", "layers"},
                                                    {"lists", "numbers"},
                                                    {"lists", "names"},
                                                    {"lists", "rows"},
                                                    {"lists", "maybe"},
                                                    {"lists", "owned"},
                                                    {"maps", "layers"},
                                                    {"maps", "rows"},
                                                    {"maps", "maybe"},
                                                    {"maps", "texts"},
                                                    {"classes", "counters"},
                                                    {"classes", "counter", "inner"},
                                                    {"pointers", "node", "children"}};

}  // namespace

TEST_CASE("crafted ids: negative, beyond the end, cycles, one node everywhere") {
  require_all_harmless(200, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    const auto count = static_cast<std::int32_t>(craft.graph.nodes.size());
    for (unsigned i = 0; i <= variant % 4; ++i) {
      auto& node = any_of(craft.graph.nodes, random);
      const auto legal = static_cast<std::int32_t>(random() % static_cast<unsigned>(count));
      switch (variant % 8) {
        case 0:
          if (!node.children.empty())
            any_of(node.children, random).node_id = static_cast<std::int32_t>(hostile_number(random));
          break;
        case 1:
        case 2:
        case 3:
          if (!node.children.empty()) any_of(node.children, random).node_id = legal;
          break;
        case 4:
          for (auto& child : node.children) child.node_id = legal;
          break;
        case 5:
          node.slot_variables.push_back({static_cast<std::int32_t>(hostile_number(random)), "m", legal});
          break;
        case 6:
          node.children.push_back({count + (variant % 16 == 6 ? 0 : -1), "next"});
          break;
        default:
          for (auto& each : craft.graph.nodes)
            for (auto& child : each.children)
              if (random() % 4 == 0) child.node_id = static_cast<std::int32_t>(random() % static_cast<unsigned>(count));
      }
    }
    return craft.sealed();
  });
}

TEST_CASE("crafted names and keys: repeated, empty, exchanged, very long, not UTF-8") {
  require_all_harmless(150, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    std::vector<std::string*> keys;
    std::vector<std::string*> names;
    for (auto& node : craft.graph.nodes) {
      for (auto& attribute : node.attributes) keys.push_back(&attribute.checkpoint_key);
      for (auto& child : node.children) names.push_back(&child.local_name);
    }
    for (unsigned i = 0; i <= variant % 5; ++i) {
      std::string& name = *any_of(names, random);
      std::string& key = *any_of(keys, random);
      switch (variant % 10) {
        case 0:
          key = *any_of(keys, random);
          break;
        case 1:
          key = "no such key";
          break;
        case 2:
          std::swap(key, *any_of(keys, random));
          break;
        case 3:
          name = *any_of(names, random);
          break;
        case 4:
          name = std::string("a\0b/../..", 9);
          break;
        case 5:
          name = std::string(std::size_t{1} << 20, 'n');
          break;
        case 6:
          name = "\xc3\x28";
          break;
        case 7:
          key = std::string(bundle::object_graph_key);
          break;
        case 8:
          name.clear();
          break;
        default:
          for (std::string* each : keys) *each = key;
      }
    }
    if (variant % 10 == 6) {  // our encoder refuses it
      for (auto& node : craft.graph.nodes)
        for (auto& child : node.children)
          if (child.local_name == "\xc3\x28") child.local_name = "(((bad)))";
      std::string bytes = format::encode(craft.graph);
      for (std::size_t at = 0; (at = bytes.find("(((bad)))", at)) != std::string::npos;) bytes[at] = '\xc3';
      craft.graph_bytes = bytes;
    }
    return craft.sealed();
  });
}

TEST_CASE("crafted graphs as bytes: cut, changed, nested, empty, of another type") {
  require_all_harmless(200, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    std::string bytes = format::encode(craft.graph);
    if (variant % 8 == 0) bytes.resize(random() % bytes.size());
    if (variant % 8 == 1) bytes = std::string(random() % 1000, static_cast<char>(random()));
    if (variant % 8 == 2) bytes.insert(random() % bytes.size(), std::string(1 + random() % 200, '\x0b'));
    if (variant % 8 >= 3)
      for (unsigned i = 0; i <= variant % 4; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    craft.graph_bytes = bytes;
    auto rows = craft.rows();
    for (auto& row : rows) {
      if (row.key != bundle::object_graph_key || variant % 8 != 7) continue;
      auto entry = format::decode_bundle_entry(row.value);
      if (variant % 3 == 0) entry.dtype = DT_UINT8;
      if (variant % 3 == 1) entry.shape = Shape{2};
      if (variant % 3 == 2) entry.slices.resize(1);
      row.value = format::encode(entry);
    }
    return craft.sealed(rows);
  });
}

TEST_CASE("crafted list indices: huge, negative, with zeros in front, with gaps") {
  require_all_harmless(80, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    const std::int32_t list = craft.node(growing[variant % growing.size()]);
    for (const char* const name :
         {"4000000000", "18446744073709551615", "18446744073709551616", "-1", "007", "1e9", "", " 3", "99999", "1000"})
      if (random() % 2 == 0) craft.add_node(list, name, any_of(craft.entries, random).first);
    return craft.sealed();
  });
}

TEST_CASE("crafted children without number, empty, with the same value, or with one that is not there") {
  require_all_harmless(52, [](unsigned variant, Random&) {
    Craft craft = good_checkpoint();
    craft.add("float", DT_FLOAT, Shape{}, float_bytes(1));
    const std::int32_t list = craft.node(growing[variant % growing.size()]);
    const auto kind = variant / growing.size();
    const std::string key = kind == 0 ? "" : kind == 1 ? "float" : kind == 2 ? "nowhere" : "";
    const int count = variant % 4 == kind ? 10000 : 500;  // each kind large in some places, small in all
    for (int i = 0; i < count; ++i) {
      const std::int32_t id = craft.add_node(list, std::to_string(i), key);
      if (kind == 3) craft.graph.nodes[static_cast<std::size_t>(id)].children = {{0, "kernel"}, {list, "bias"}};
    }
    return craft.sealed();
  });
}

TEST_CASE("crafted chains: a hundred thousand objects one behind the other") {
  require_all_harmless(6, [](unsigned variant, Random&) {
    Craft craft;
    craft.header = good_checkpoint().header;
    craft.shards.emplace_back();
    craft.add("float", DT_FLOAT, Shape{}, float_bytes(1));
    const std::vector<std::vector<std::string>> places{{"pointers", "node"}, {"classes", "tree"}, {"lists"}};
    std::int32_t at = craft.node(places[variant % 3]);
    for (int i = 0; i < (variant < 3 ? 3000 : 100000); ++i)
      at = craft.add_node(at, "next", i % 1000 == 0 ? "float" : "");
    return craft.sealed();
  });
}
