// The part of an object graph that has values, as a program would hold it: who owns whom, and who only refers to whom.
//
// Of each object that several others hold one edge is the first, breadth first from the root, as a restore meets them.
// All its holders then have a std::shared_ptr, but for those that it holds itself in turn: they have a std::weak_ptr,
// so that no cycle keeps itself alive.
#pragma once

#include "../../core/detail/keys.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/object_graph.hpp"
#include "../../graph/detail/graph_walks.hpp"
#include "../print_values.hpp"
#include "print_words.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::schema::detail {

// The value of a node: none, one tensor, several tensors, or one that cannot be printed.
struct NodeValue {
  enum class Kind { none, one, several, impossible };
  Kind kind = Kind::none;
  PrintedValue one;  // set for Kind::one
  // Set for Kind::several, which a class with serialize_to_tensors restores: the names that the class has to give.
  std::string saveable_name;
  std::vector<std::pair<std::string, PrintedValue>> several;
  std::string reason;  // tells for Kind::impossible why the value cannot be printed
};

[[nodiscard]] inline NodeValue value_of(const ObjectGraph::Node& node, const PrintedValues& values) {
  NodeValue result;
  const auto impossible = [&](std::string reason) {
    result.kind = NodeValue::Kind::impossible;
    result.reason = std::move(reason);
    return result;
  };
  if (node.registered_saver)
    return impossible("saved by the registered saver \"" + std::string(node.registered_saver->name) +
                      "\"; give the program one of that name (cairn::register_checkpoint_saver)");
  if (node.attributes.empty()) return result;
  const auto no_elements = [](DType dtype) { return dtype != DT_STRING && size_of(dtype) == 0; };
  if (node.attributes.size() == 1) {
    const SerializedTensor only = node.attributes[0];
    const auto found = values.find(std::string(only.checkpoint_key));
    const bool is_state = only.name == "py_state" && found != values.end() && found->second.dtype == DT_STRING;
    if (found != values.end() && (only.name == core::detail::variable_value || is_state) &&
        !element_type(found->second.dtype).empty()) {
      result.kind = NodeValue::Kind::one;
      result.one = found->second;
      return result;
    }
  }
  for (const SerializedTensor attribute : node.attributes) {
    const std::string stem(attribute.checkpoint_key);
    const auto found = values.find(stem);
    if (found != values.end()) {
      if (no_elements(found->second.dtype))
        return impossible("of dtype " + to_string(found->second.dtype) + ", which only TensorFlow has values of");
      // In a graph the names of a class's tensors are escaped as in keys.
      result.several.emplace_back(
          core::detail::unescape_local_name(attribute.name).value_or(std::string(attribute.name)), found->second);
      continue;
    }
    // The attribute's key is the beginning of other keys: "table" for "table-keys" and "table-values".
    auto next = values.lower_bound(stem);
    const bool has_any = next != values.end() && next->first.starts_with(stem);
    if (!has_any || node.attributes.size() != 1)
      return impossible("saved under the key \"" + stem + "\", which is not there");
    for (; next != values.end() && next->first.starts_with(stem); ++next) {
      if (no_elements(next->second.dtype))
        return impossible("of dtype " + to_string(next->second.dtype) + ", which only TensorFlow has values of");
      result.several.emplace_back(next->first.substr(stem.size()), next->second);
    }
    result.saveable_name = attribute.name;
  }
  result.kind = NodeValue::Kind::several;
  return result;
}

struct PrintedEdge {
  std::string name;
  std::size_t node = 0;
  bool is_first = false;  // of its node's
  bool is_weak = false;
};
struct PrintedNode {
  NodeValue value;
  std::vector<PrintedEdge> edges;  // to what has values
  std::vector<std::string> slots;  // names of the optimizer's slot variables
  std::string name;                // of the first edge
  std::size_t parent = 0;          // by the first edge
  std::size_t holders = 0;
  bool has_indices = false;          // the edges are "0" to "n-1", in this order
  bool is_original = false;          // an optimizer keeps a slot variable for it
  std::vector<std::string> remarks;  // what is not printed, and why
  std::vector<std::string> empty;    // children without values

  [[nodiscard]] bool is_shared() const noexcept { return holders > 1; }
  [[nodiscard]] bool is_leaf() const noexcept { return value.kind != NodeValue::Kind::none; }
};
struct PrintPlan {
  std::vector<PrintedNode> nodes;  // by id
  std::vector<std::size_t> order;  // of those that are printed, breadth first
  bool has_save_counter = false;
};

// Names of all elements of a list, "0" to "n-1", in any order.
[[nodiscard]] inline bool are_indices(const std::vector<PrintedEdge>& edges) {
  std::vector<bool> seen(edges.size());
  for (const PrintedEdge& edge : edges) {
    std::size_t index = 0;
    for (const char c : edge.name) {
      if (!is_digit_letter(c) || index >= edges.size()) return false;
      index = index * 10 + static_cast<std::size_t>(c - '0');
    }
    if (index >= edges.size() || seen[index] || std::to_string(index) != edge.name) return false;
    seen[index] = true;
  }
  return !edges.empty();
}

class PrintPlanner {
 public:
  PrintPlanner(const ObjectGraph& graph, const PrintedValues& values) : graph_(graph) {
    plan_.nodes.resize(graph.size());
    for (std::size_t id = 0; id < graph.size(); ++id)
      plan_.nodes[id].value = value_of(graph[static_cast<std::int32_t>(id)], values);
    find_slots();
    has_values_ = graph::detail::nodes_with_values(graph);
    walk();
    find_weak_edges();
  }
  [[nodiscard]] PrintPlan take() && { return std::move(plan_); }

 private:
  [[nodiscard]] static std::size_t at(std::int32_t id) { return static_cast<std::size_t>(id); }

  void find_slots() {
    for (std::size_t id = 0; id < graph_.size(); ++id)
      for (const SlotVariableReference slot : graph_[static_cast<std::int32_t>(id)].slot_variables) {
        auto& slots = plan_.nodes[id].slots;
        if (std::find(slots.begin(), slots.end(), slot.slot_name) == slots.end()) slots.emplace_back(slot.slot_name);
        plan_.nodes[at(slot.original_variable_node_id)].is_original = true;
      }
  }

  void walk() {
    std::vector<bool> seen(graph_.size());
    seen[0] = true;
    plan_.order.push_back(0);
    for (std::size_t next = 0; next < plan_.order.size(); ++next) {
      const std::size_t id = plan_.order[next];
      PrintedNode& node = plan_.nodes[id];
      std::unordered_map<std::string_view, std::size_t> last;  // of equal names the last one counts, as in TensorFlow
      const auto children = graph_[static_cast<std::int32_t>(id)].children;
      for (std::size_t i = 0; i < children.size(); ++i) last[children[i].local_name] = i;
      for (std::size_t i = 0; i < children.size(); ++i) {
        if (last[children[i].local_name] == i) add_edge(id, children[i]);
      }
      if (node.is_leaf() && !node.edges.empty()) {
        // A class has tensors of its own or children.
        for (const PrintedEdge& edge : node.edges)
          node.remarks.push_back("\"" + edge.name + "\": below an object that has values of its own");
        node.edges.clear();
      }
      sort_indices(node);
      for (PrintedEdge& edge : node.edges) {
        PrintedNode& child = plan_.nodes[edge.node];
        ++child.holders;
        if (seen[edge.node]) continue;
        seen[edge.node] = edge.is_first = true;
        child.name = edge.name;
        child.parent = id;
        plan_.order.push_back(edge.node);
      }
    }
  }
  void add_edge(std::size_t id, const ObjectReference& child) {
    PrintedNode& node = plan_.nodes[id];
    const std::string name(child.local_name);
    const std::size_t to = at(child.node_id);
    const NodeValue& value = plan_.nodes[to].value;
    if (!has_values_[to]) {
      node.empty.push_back(name);
    } else if (to == 0) {
      node.remarks.push_back("\"" + name + "\" is the root itself");
    } else if (id == 0 && name == core::detail::save_counter_name && value.kind == NodeValue::Kind::one &&
               value.one.dtype == DT_INT64 && value.one.shape.empty()) {
      plan_.has_save_counter = true;
    } else if (value.kind == NodeValue::Kind::impossible) {
      node.remarks.push_back("\"" + name + "\": " + value.reason);
    } else if (name.empty()) {
      node.remarks.push_back("\"\": a member cannot be saved under an empty name");
    } else {
      node.edges.push_back({name, to});
    }
  }
  static void sort_indices(PrintedNode& node) {
    node.has_indices = are_indices(node.edges);
    if (!node.has_indices) return;
    std::sort(node.edges.begin(), node.edges.end(), [](const PrintedEdge& a, const PrintedEdge& b) {
      return std::pair(a.name.size(), a.name) < std::pair(b.name.size(), b.name);
    });
  }

  // Edges, but for first ones, within a group of objects that all reach each other: they close a cycle.
  void find_weak_edges() {
    const std::vector<std::size_t> group = groups();
    for (const std::size_t id : plan_.order)
      for (PrintedEdge& edge : plan_.nodes[id].edges) edge.is_weak = !edge.is_first && group[id] == group[edge.node];
  }
  // Kosaraju's: once along the edges for the order of leaving, once against them.
  [[nodiscard]] std::vector<std::size_t> groups() const {
    constexpr std::size_t none = static_cast<std::size_t>(-1);
    std::vector<std::vector<std::size_t>> holders(plan_.nodes.size());
    std::vector<std::size_t> left, group(plan_.nodes.size(), none);
    std::vector<bool> seen(plan_.nodes.size());
    std::vector<std::pair<std::size_t, std::size_t>> open{{0, 0}};
    seen[0] = true;
    while (!open.empty()) {
      auto& [id, next] = open.back();
      const auto& edges = plan_.nodes[id].edges;
      if (next == edges.size()) {
        left.push_back(id);
        open.pop_back();
        continue;
      }
      const std::size_t child = edges[next++].node;
      holders[child].push_back(id);
      if (seen[child]) continue;
      seen[child] = true;
      open.emplace_back(child, 0);
    }
    for (auto first = left.rbegin(); first != left.rend(); ++first) {
      std::vector<std::size_t> members{*first};
      while (!members.empty()) {
        const std::size_t id = members.back();
        members.pop_back();
        if (group[id] != none) continue;
        group[id] = *first;
        for (const std::size_t holder : holders[id])
          if (group[holder] == none) members.push_back(holder);
      }
    }
    return group;
  }

  const ObjectGraph& graph_;
  core::detail::Vec<bool> has_values_;
  PrintPlan plan_;
};

}  // namespace CAIRN_NAMESPACE::schema::detail
