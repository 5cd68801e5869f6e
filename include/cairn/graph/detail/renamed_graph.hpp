// A saved graph with other names, or a part of one: what {.rename = ...} and {.prefix = ...} make of it before it is
// matched. Edges are cut and put elsewhere; nodes and keys stay what they are, so sharing and containers survive.
//
//   saved = below(saved, "model.encoder");                            // that node becomes the root
//   saved = with_renames(saved, {{"layers.*", "blocks.*"}}, file);
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/keys.hpp"
#include "../../core/detail/maps.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "../rename.hpp"
#include "graph_change.hpp"
#include "graph_paths.hpp"
#include "graph_walks.hpp"
#include "pattern.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::graph::detail {

// The part of the graph below a path, as if that node were the root. Throws Error with ErrorCode::invalid_argument when
// there is no such path.
[[nodiscard]] inline ObjectGraph below(const ObjectGraph& saved, std::string_view prefix, const std::string& file) {
  const SavedEdge edge = find_path(saved, prefix);
  if (!edge)
    core::detail::fail(ErrorCode::invalid_argument,
                       {"the checkpoint ", file, " has nothing below the prefix \"", prefix, "\"; ",
                        nearest_saved_path(saved, prefix)},
                       {.file = file, .expected = "a path in the checkpoint", .found = prefix});
  core::detail::Vec<std::int32_t> old_ids = reachable(saved, child_at(saved, edge).node_id);
  core::detail::Vec<std::int32_t> new_ids(saved.size(), -1);  // by old id
  const auto held = static_cast<std::int32_t>(old_ids.size());
  const auto id_of = [&](std::int32_t id) { return new_ids[static_cast<std::size_t>(id)]; };
  for (std::int32_t id = 0; id < held; ++id)
    new_ids[static_cast<std::size_t>(old_ids[static_cast<std::size_t>(id)])] = id;
  // Slot variables of an optimizer in here, for variables in here.
  for (std::int32_t id = 0; id < held; ++id)
    for (const SlotVariableReference slot : saved[old_ids[static_cast<std::size_t>(id)]].slot_variables) {
      const std::int32_t variable = id_of(slot.original_variable_node_id);
      if (variable < 0 || variable >= held || id_of(slot.slot_variable_node_id) >= 0) continue;
      new_ids[static_cast<std::size_t>(slot.slot_variable_node_id)] = static_cast<std::int32_t>(old_ids.size());
      old_ids.push_back(slot.slot_variable_node_id);
    }
  ObjectGraph part;
  for (const std::int32_t old_id : old_ids) {
    const bool is_held = id_of(old_id) < held;
    const std::int32_t added =
        part.add_node_of(saved, old_id, [&](std::int32_t id) { return is_held ? id_of(id) : -1; });
    part.erase_slot_variables(
        added, [&](const SlotVariableReference& slot) { return slot.original_variable_node_id >= held; });
  }
  return part;
}

class Renaming {
 public:
  Renaming(ObjectGraph graph, const std::vector<Rename>& rules, const std::string& file)
      : change_(std::move(graph)), rules_(rules), file_(file) {}

  [[nodiscard]] ObjectGraph run() && {
    decide();
    find_slot_variables();
    find_exact_aliases();
    require_used();
    graph_.keep_paths();
    cut();
    for (const Move& move : moves_) place(move);
    return std::move(graph_);
  }

 private:
  static constexpr std::size_t no_rule = static_cast<std::size_t>(-1);

  struct Move {
    std::int32_t node;
    bool is_copy;
    std::string to;
    std::string name;  // the last name on its old path, which may contain dots
  };

  // Each node once, parents first: the first rule that fits its path or that of something that holds it.
  void decide() {
    fits_.resize(rules_.size());
    used_.resize(rules_.size());
    core::detail::Vec<bool> is_decided(graph_.size());
    is_decided[0] = true;
    rule_of_.assign(graph_.size(), no_rule);
    for (const std::int32_t id : reachable(graph_)) {
      const auto children = graph_[id].children;
      for (std::size_t i = 0; i < children.size(); ++i) {
        const std::int32_t child = children[i].node_id;
        if (is_decided[static_cast<std::size_t>(child)]) continue;
        is_decided[static_cast<std::size_t>(child)] = true;
        decide(child, {id, i});
      }
    }
  }

  void decide(std::int32_t node, SavedEdge edge) {
    const std::size_t inherited = rule_of_[static_cast<std::size_t>(edge.parent)];
    std::size_t& decided = rule_of_[static_cast<std::size_t>(node)];
    decided = inherited;
    const auto path = full_path(graph_, node);
    if (!path) return;
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
      // "*" is the program's state; the count of saves keeps its place.
      if (edge.parent == 0 && *path == core::detail::save_counter_name &&
          rules_[rule].from != core::detail::save_counter_name)
        continue;
      auto to = renamed(rules_[rule], *path);
      if (!to) continue;
      fits_[rule] = true;
      if (inherited != no_rule && rule >= inherited) continue;
      if (decided != inherited && rules_[rule].from != rules_[decided].from) continue;
      if (decided == inherited) {
        decided = rule;
        cuts_.push_back(edge);
      }
      used_[rule] = true;
      moves_.push_back({node, rule != decided, std::move(*to), std::string(graph_.local_name(node))});
    }
  }

  // Slot variables are no one's children, but can be given to an object of the program by what they are called:
  // {"(root).opt's state 'm' for (root).*", "opt.m.*"}.
  void find_slot_variables() {
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
      if (rules_[rule].from.find("'s state '") == std::string::npos) continue;
      for (std::size_t id = 0; id < graph_.size(); ++id) {
        const auto node = static_cast<std::int32_t>(id);
        if (!graph_.is_slot_variable(node)) continue;
        auto to = renamed(rules_[rule], graph_.path(node));
        if (!to) continue;
        fits_[rule] = used_[rule] = true;
        const bool is_copy = std::exchange(rule_of_[id], rule) != no_rule;
        moves_.push_back({node, is_copy, std::move(*to), {}});
      }
    }
  }

  // A path without "*" may also be another way to a node that has two: it becomes a value of its own there.
  void find_exact_aliases() {
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
      if (fits_[rule] || is_pattern(rules_[rule].from)) continue;
      const SavedEdge edge = find_path(graph_, rules_[rule].from);
      if (!edge) continue;
      fits_[rule] = used_[rule] = true;
      cuts_.push_back(edge);
      const ObjectReference child = child_at(graph_, edge);
      moves_.push_back({child.node_id, true, rules_[rule].to, std::string(child.local_name)});
    }
  }

  void require_used() const {
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
      if (used_[rule]) continue;
      const std::string& from = rules_[rule].from;
      throw Error(ErrorCode::invalid_argument,
                  fits_[rule] ? "the rename of \"" + from +
                                    "\" has no effect: an earlier rule renames all that it fits. Put it before that one"
                              : "the rename of \"" + from + "\" fits nothing in the checkpoint " + file_ + "; " +
                                    nearest_saved_path(graph_, from))
          .in_file(file_)
          .expecting("a path in the checkpoint", from);
    }
  }

  void cut() {
    core::detail::Vec<bool> is_parent(graph_.size());
    for (const SavedEdge& edge : cuts_) {
      change_.cut(edge);
      is_parent[static_cast<std::size_t>(edge.parent)] = true;
    }
    for (std::size_t id = 0; id < is_parent.size(); ++id)
      if (is_parent[id])
        graph_.erase_children(static_cast<std::int32_t>(id),
                              [](const ObjectReference& child) { return child.node_id < 0; });
  }

  [[nodiscard]] bool has_value(std::int32_t id) const { return !graph_[id].attributes.empty(); }
  [[nodiscard]] bool is_renamed(std::int32_t id) const {
    const std::int32_t origin = graph_.origin_of(id);
    return origin >= 0 && rule_of_[static_cast<std::size_t>(origin)] != no_rule;
  }

  void place(const Move& move) {
    const std::int32_t placed = move.is_copy ? copy_below(move.node) : move.node;
    std::string_view rest = move.to;
    std::int32_t at = 0;
    for (;;) {
      // A name with dots in it stays one name.
      const std::size_t dot = rest == move.name ? std::string_view::npos : rest.find('.');
      if (dot == std::string_view::npos) return hold(at, rest, placed, move.to);
      const std::size_t before = graph_.size();
      at = change_.child_or_new(at, rest.substr(0, dot));
      if (graph_.size() != before) graph_.set_has_checkpoint_values(at, true);
      rest.remove_prefix(dot + 1);
    }
  }

  // Makes `placed` the child of that name. Where there is one already, two objects become one with the children of
  // both; of two values the renamed one stays.
  void hold(std::int32_t parent, std::string_view name, std::int32_t placed, const std::string& to) {
    struct Pending {
      std::int32_t parent;
      std::string name;
      std::int32_t placed;
    };
    core::detail::Vec<Pending> open{{parent, std::string(name), placed}};
    core::detail::HashMap<std::uint64_t, bool> merged;
    while (!open.empty()) {
      const Pending next = std::move(open.back());
      open.pop_back();
      const SavedEdge found = change_.find(next.parent, next.name);
      if (!found) {
        change_.add_child(next.parent, next.name, next.placed);
        continue;
      }
      const std::int32_t there = child_at(graph_, found).node_id;
      if (there == next.placed) continue;
      if (has_value(there) || has_value(next.placed)) {
        if (is_renamed(there))
          core::detail::fail(
              ErrorCode::invalid_argument,
              {"the renames give \"", graph_.path(there), "\" and \"", graph_.path(next.placed),
               "\" of the checkpoint ", file_, " the same path, \"", to, "\"; rename one of them to another path"},
              {.file = file_});
        graph_.set_child(found.parent, found.child, next.placed);
        continue;
      }
      const auto pair = (static_cast<std::uint64_t>(there) << 32) | static_cast<std::uint32_t>(next.placed);
      if (!merged.insert(pair, true)) continue;
      const ObjectGraph::Node from = graph_[next.placed];
      for (std::size_t i = 0; i < from.empty_children.size(); ++i)
        graph_.add_empty_child(there, from.empty_children[i]);
      for (const ObjectReference child : from.children)
        open.push_back({there, std::string(child.local_name), child.node_id});
    }
  }

  // The node and what is below it once more, with the same keys: one saved value for several objects of the program.
  [[nodiscard]] std::int32_t copy_below(std::int32_t id) {
    core::detail::HashMap<std::int32_t, std::int32_t> copies;
    core::detail::Vec<std::int32_t> open;
    const auto copy = [&](std::int32_t old) {
      if (const std::int32_t* const made = copies.find(old)) return *made;
      const std::int32_t made = graph_.add_node_of(graph_, old, [](std::int32_t same) { return same; });
      graph_.set_origin(old);
      graph_.erase_slot_variables(made, [](const SlotVariableReference&) { return true; });
      copies.insert(old, made);
      open.push_back(made);
      return made;
    };
    const std::int32_t first = copy(id);
    while (!open.empty()) {
      const std::int32_t at = open.back();
      open.pop_back();
      for (std::size_t i = 0; i < graph_[at].children.size(); ++i)
        graph_.set_child(at, i, copy(graph_[at].children[i].node_id));
    }
    return first;
  }

  GraphChange change_;
  ObjectGraph& graph_ = change_.graph();
  const std::vector<Rename>& rules_;
  const std::string& file_;
  core::detail::Vec<bool> fits_, used_;     // by rule
  core::detail::Vec<std::size_t> rule_of_;  // by saved node: the rule that renamed it or what holds it
  core::detail::Vec<SavedEdge> cuts_;
  core::detail::Vec<Move> moves_;
};

// Throws Error with ErrorCode::invalid_argument for a rule that fits nothing, naming the nearest path, and for two
// values that would get the same path.
[[nodiscard]] inline ObjectGraph with_renames(ObjectGraph graph, const std::vector<Rename>& rules,
                                              const std::string& file) {
  require_legal(rules);
  if (rules.empty()) return graph;
  return Renaming(std::move(graph), rules, file).run();
}

}  // namespace CAIRN_NAMESPACE::graph::detail
