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
                                                    {"lists", "samples"},
                                                    {"lists", "points"},
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
    const auto count = static_cast<std::int32_t>(craft.graph.size());
    for (unsigned i = 0; i <= variant % 4; ++i) {
      const auto any_node = [&] { return static_cast<std::int32_t>(random() % static_cast<unsigned>(count)); };
      const std::int32_t node = any_node(), legal = any_node();
      const std::size_t children = craft.graph[node].children.size();
      switch (variant % 8) {
        case 0:
          if (children != 0)
            craft.graph.set_child(node, random() % children, static_cast<std::int32_t>(hostile_number(random)));
          break;
        case 1:
        case 2:
        case 3:
          if (children != 0) craft.graph.set_child(node, random() % children, legal);
          break;
        case 4:
          for (std::size_t child = 0; child < children; ++child) craft.graph.set_child(node, child, legal);
          break;
        case 5:
          craft.graph.add_slot_variable(node, {static_cast<std::int32_t>(hostile_number(random)), "m", legal});
          break;
        case 6:
          craft.graph.add_child(node, {count + (variant % 16 == 6 ? 0 : -1), "next"});
          break;
        default:
          for (std::int32_t each = 0; each < count; ++each)
            for (std::size_t child = 0; child < craft.graph[each].children.size(); ++child)
              if (random() % 4 == 0) craft.graph.set_child(each, child, any_node());
      }
    }
    return craft.sealed();
  });
}

TEST_CASE("crafted names and keys: repeated, empty, exchanged, very long, not UTF-8") {
  require_all_harmless(150, [](unsigned variant, Random& random) {
    Craft craft = good_checkpoint();
    std::vector<std::string> keys, names;  // of all nodes
    for (std::size_t id = 0; id < craft.graph.size(); ++id) {
      for (const SerializedTensor attribute : craft.graph[id].attributes) keys.emplace_back(attribute.checkpoint_key);
      for (const ObjectReference child : craft.graph[id].children) names.emplace_back(child.local_name);
    }
    for (unsigned i = 0; i <= variant % 5; ++i) {
      std::string& name = any_of(names, random);
      std::string& key = any_of(keys, random);
      switch (variant % 10) {
        case 0:
          key = std::string(any_of(keys, random));
          break;
        case 1:
          key = "no such key";
          break;
        case 2:
          std::swap(key, any_of(keys, random));
          break;
        case 3:
          name = std::string(any_of(names, random));
          break;
        case 4:
          name = std::string("a\0b/../..", 9);
          break;
        case 5:
          name = std::string(std::size_t{1} << 20, 'n');
          break;
        case 6:
          name = "(((bad)))";  // the encoder refuses what it becomes
          break;
        case 7:
          key = std::string(bundle::object_graph_key);
          break;
        case 8:
          name.clear();
          break;
        default:
          keys.assign(keys.size(), std::string(key));
      }
    }
    std::size_t next_key = 0, next_name = 0;
    for (std::size_t id = 0; id < craft.graph.size(); ++id) {
      const auto node = static_cast<std::int32_t>(id);
      for (std::size_t i = 0; i < craft.graph[id].attributes.size(); ++i)
        craft.graph.set_key(node, i, keys[next_key++]);
      for (std::size_t i = 0; i < craft.graph[id].children.size(); ++i)
        craft.graph.set_child(node, i, craft.graph[id].children[i].node_id, names[next_name++]);
    }
    if (variant % 10 == 6) {
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
      if (kind != 3) continue;
      craft.graph.add_child(id, {0, "kernel"});
      craft.graph.add_child(id, {list, "bias"});
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
