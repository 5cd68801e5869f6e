// What a pattern fits in an object graph: objects and values by each path that leads to them, with dots or with slashes,
// and slot variables by the paths of their optimizer and their variable. Paths that go back to an object that is on them
// already are not followed. In a checkpoint without a graph a pattern fits keys and scopes.
#pragma once

#include "../../core/object_graph.hpp"
#include "../../graph/detail/graph_paths.hpp"
#include "../../graph/detail/pattern.hpp"
#include "value_names.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::edit::detail {

struct FittingEdge {
  graph::detail::SavedEdge edge;
  std::string path;
};
// A key, of which the pattern fits the first `end` bytes: all of it, or what is in front of a "/".
struct FittingKey {
  std::string key;
  std::size_t end = 0;
};
// Edges are not below each other on the paths that fit; keys are not those of what edges and slots lead to.
struct Fitting {
  std::vector<FittingEdge> edges;
  std::vector<FittingSlot> slots;
  std::vector<FittingKey> keys;

  [[nodiscard]] bool empty() const noexcept { return edges.empty() && slots.empty() && keys.empty(); }
};

// Without the "/" at the end of a scope, "dense/".
[[nodiscard]] inline std::string_view without_slash(std::string_view name) noexcept {
  if (name.size() > 1 && name.ends_with('/')) name.remove_suffix(1);
  return name;
}

// What a name means where there is no graph: the tensor of that name, and no longer one; else all that is in the scope
// of that name. "dense/" is the scope also where "dense" is a tensor. Of a pattern each name and scope that fits.
template <class Values>
[[nodiscard]] std::vector<FittingKey> find_keys(const Values& values, std::string_view name) {
  if (values.contains(name)) return {{std::string(name), name.size()}};
  const std::string_view plain = without_slash(name);
  const bool is_scope = plain.size() != name.size();
  std::vector<FittingKey> keys;
  for (const auto& item : values) {
    const std::string_view key = item.first;
    for (std::size_t end = 0; end < key.size();) {
      end = std::min(key.find('/', end + 1), key.size());
      const bool is_whole = end == key.size();
      if (is_whole ? is_scope : !is_scope && values.contains(key.substr(0, end))) continue;
      if (!graph::detail::match_pattern(plain, key.substr(0, end))) continue;
      keys.push_back({item.first, end});
      break;
    }
  }
  return keys;
}

class PatternSearch {
 public:
  PatternSearch(const ObjectGraph& graph, std::string_view pattern, Spelling spelling)
      : graph_(graph), states_(pattern), spelling_(spelling), separator_(spelling == Spelling::dots ? "." : "/") {}

  // A pattern leaves the edges back to the root alone.
  [[nodiscard]] Fitting run() && {
    Fitting fitting;
    std::set<std::pair<std::int32_t, std::size_t>> edges, slots;
    std::map<graph::detail::PatternStates::State, std::map<std::int32_t, std::string>> variables;
    Walk walk(*this, states_.begin());
    for (std::size_t next = 0; next < walk.size(); ++next) {
      const std::int32_t id = walk.node(next);
      for (std::size_t i = 0; i < graph_[id].children.size(); ++i) {
        auto step = walk.step(next, i);
        if (!step) continue;
        if (!states_.fits(*step))
          walk.go_on(next, i, std::move(*step));
        else if (edges.emplace(id, i).second)
          fitting.edges.push_back({{id, i}, walk.path(next, i)});
      }
      for (std::size_t i = 0; i < graph_[id].slot_variables.size(); ++i) {
        const SlotVariableReference slot = graph_[id].slot_variables[i];
        const graph::detail::PatternStates::State in =
            states_.after(walk.below(next), spelled(slot.slot_name) + separator_);
        if (in.empty()) continue;
        const auto [place, is_new] = variables.try_emplace(in);
        if (is_new) place->second = paths_that_fit(in);
        const auto variable = place->second.find(slot.original_variable_node_id);
        if (variable == place->second.end() || !slots.emplace(id, i).second) continue;
        std::string path = walk.path(next);
        if (!path.empty()) path += separator_;
        const std::size_t name_begin = path.size();
        path += spelled(slot.slot_name) + separator_ + variable->second;
        fitting.slots.push_back({id, i, std::move(path), name_begin});
      }
    }
    return fitting;
  }

 private:
  // Nodes with the states of the pattern that paths from the root lead to them in, breadth first, each pair once.
  class Walk {
   public:
    Walk(const PatternSearch& search, graph::detail::PatternStates::State begin) : search_(search) {
      seen_.emplace(0, begin);
      places_.push_back({0, std::move(begin), 0, 0, 0});
    }
    [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
    [[nodiscard]] std::int32_t node(std::size_t place) const { return places_[place].node; }

    // The state in front of a child's name.
    [[nodiscard]] graph::detail::PatternStates::State below(std::size_t place) const {
      const Place& at = places_[place];
      return at.node == 0 ? at.state : search_.states_.after(at.state, search_.separator_);
    }
    // The state behind it; nullopt where no path that begins so fits, for the root and for too long a path.
    [[nodiscard]] std::optional<graph::detail::PatternStates::State> step(std::size_t place, std::size_t child) {
      if (stepped_from_ != place) {
        stepped_from_ = place;
        below_ = below(place);
      }
      const ObjectReference edge = search_.graph_[node(place)].children[child];
      if (below_.empty() || edge.node_id == 0 ||
          places_[place].bytes + edge.local_name.size() + 1 > graph::detail::max_renamed_path_bytes)
        return std::nullopt;
      graph::detail::PatternStates::State state = search_.states_.after(below_, search_.spelled(edge.local_name));
      if (state.empty()) return std::nullopt;
      return state;
    }
    void go_on(std::size_t place, std::size_t child, graph::detail::PatternStates::State state) {
      const ObjectReference edge = search_.graph_[node(place)].children[child];
      if (leads_back(place, edge.node_id) || !seen_.emplace(edge.node_id, state).second) return;
      places_.push_back(
          {edge.node_id, std::move(state), place, child, places_[place].bytes + edge.local_name.size() + 1});
    }
    [[nodiscard]] std::string path(std::size_t place) const {
      std::vector<std::string> names;
      for (; place != 0; place = places_[place].before)
        names.push_back(
            search_.spelled(search_.graph_[node(places_[place].before)].children[places_[place].child].local_name));
      std::string path;
      for (auto name = names.rbegin(); name != names.rend(); ++name)
        (path += path.empty() ? "" : search_.separator_) += *name;
      return path;
    }
    [[nodiscard]] std::string path(std::size_t place, std::size_t child) const {
      return path_below(path(place), search_.graph_[node(place)].children[child].local_name, search_.spelling_);
    }

   private:
    struct Place {
      std::int32_t node;
      graph::detail::PatternStates::State state;
      std::size_t before, child;  // the place that it was reached from, by which of its children
      std::size_t bytes;          // of the path
    };
    [[nodiscard]] bool leads_back(std::size_t place, std::int32_t id) const {
      for (; place != 0; place = places_[place].before)
        if (places_[place].node == id) return true;
      return false;
    }

    const PatternSearch& search_;
    std::vector<Place> places_;
    std::set<std::pair<std::int32_t, graph::detail::PatternStates::State>> seen_;
    std::size_t stepped_from_ = static_cast<std::size_t>(-1);
    graph::detail::PatternStates::State below_;  // of that place
  };

  // By node, the first path from the root that fits what is left of the pattern.
  [[nodiscard]] std::map<std::int32_t, std::string> paths_that_fit(
      const graph::detail::PatternStates::State& begin) const {
    std::map<std::int32_t, std::string> paths;
    Walk walk(*this, begin);
    for (std::size_t next = 0; next < walk.size(); ++next)
      for (std::size_t i = 0; i < graph_[walk.node(next)].children.size(); ++i)
        if (auto step = walk.step(next, i)) {
          if (states_.fits(*step)) paths.try_emplace(graph_[walk.node(next)].children[i].node_id, walk.path(next, i));
          walk.go_on(next, i, std::move(*step));
        }
    return paths;
  }
  [[nodiscard]] std::string spelled(std::string_view name) const { return path_below("", name, spelling_); }

  const ObjectGraph& graph_;
  graph::detail::PatternStates states_;
  Spelling spelling_;
  std::string separator_;
};

// What a name means, spelled as it is: a path first, then a slot variable's, then a pattern.
[[nodiscard]] inline Fitting find_fitting(const ObjectGraph& graph, std::string_view name, Spelling spelling) {
  Fitting fitting;
  if (const auto edge = find_edge(graph, name)) {
    fitting.edges.push_back({edge, std::string(name)});
  } else if (auto slot = find_slot(graph, name)) {
    fitting.slots.push_back(std::move(*slot));
  } else if (graph::detail::is_pattern(name)) {
    return PatternSearch(graph, name, spelling).run();
  }
  return fitting;
}
// The same with dots or slashes.
[[nodiscard]] inline Fitting find_fitting(const ObjectGraph& graph, std::string_view name) {
  Fitting fitting = find_fitting(graph, name, Spelling::dots);
  if (!graph::detail::is_pattern(name)) return fitting;
  std::set<std::pair<std::int32_t, std::size_t>> edges, slots;
  for (const FittingEdge& fits : fitting.edges) edges.emplace(fits.edge.parent, fits.edge.child);
  for (const FittingSlot& fits : fitting.slots) slots.emplace(fits.optimizer, fits.index);
  Fitting more = find_fitting(graph, name, Spelling::slashes);
  for (FittingEdge& fits : more.edges)
    if (edges.emplace(fits.edge.parent, fits.edge.child).second) fitting.edges.push_back(std::move(fits));
  for (FittingSlot& fits : more.slots)
    if (slots.emplace(fits.optimizer, fits.index).second) fitting.slots.push_back(std::move(fits));
  return fitting;
}

// Which nodes are what fits or below it, but for the root; slot variables of an optimizer are below that.
[[nodiscard]] inline std::vector<bool> nodes_of(const ObjectGraph& graph, const Fitting& fitting) {
  std::vector<bool> is_in(graph.size());
  std::vector<std::int32_t> open;
  const auto take = [&](std::int32_t id) {
    if (!is_in[static_cast<std::size_t>(id)]) open.push_back(id);
    is_in[static_cast<std::size_t>(id)] = true;
  };
  for (const FittingEdge& fits : fitting.edges) take(graph::detail::child_at(graph, fits.edge).node_id);
  for (const FittingSlot& fits : fitting.slots)
    take(graph[fits.optimizer].slot_variables[fits.index].slot_variable_node_id);
  while (!open.empty()) {
    const std::int32_t id = open.back();
    open.pop_back();
    for (const ObjectReference child : graph[id].children)
      if (child.node_id != 0) take(child.node_id);
    for (const SlotVariableReference slot : graph[id].slot_variables) take(slot.slot_variable_node_id);
  }
  return is_in;
}

}  // namespace CAIRN_NAMESPACE::edit::detail
