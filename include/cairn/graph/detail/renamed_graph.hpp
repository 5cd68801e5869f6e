// A saved graph with other names, or a part of one: what {.rename = ...} and {.prefix = ...} make of it before it is
// matched. Edges are cut and put elsewhere; nodes and keys stay what they are, so sharing and containers survive.
//
//   saved = below(saved, "model.encoder");                            // that node becomes the root
//   saved = with_renames(saved, {{"layers.*", "blocks.*"}}, file);
#pragma once

#include "../../core/detail/keys.hpp"
#include "../../core/detail/maps.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../reflect/detail/nearest.hpp"
#include "../rename.hpp"
#include "pattern.hpp"
#include "saved_graph.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::graph::detail {

// Nodes with longer paths are not renamed by themselves, only with what holds them: paths of all nodes of a hostile
// graph would take far more time than the file has bytes.
inline constexpr std::size_t max_renamed_path_bytes = 1000;

// The node's path as a rule sees it; nullopt for nodes that no one holds and for too long a path.
[[nodiscard]] inline std::optional<std::string> full_path(const SavedGraph& saved, std::int32_t id) {
  core::detail::Vec<std::string_view> names;
  std::size_t bytes = 0;
  for (; id != 0; id = saved.parent(id)) {
    if (saved.parent(id) < 0) return std::nullopt;
    names.push_back(saved.local_name(id));
    if ((bytes += names.back().size() + 1) > max_renamed_path_bytes) return std::nullopt;
  }
  std::string path;
  path.reserve(bytes);
  for (; !names.empty(); names.pop_back()) (path += path.empty() ? "" : ".") += names.back();
  return path;
}

// "the nearest path is ...": what to say of a path that the checkpoint does not have.
[[nodiscard]] inline std::string nearest_saved_path(const SavedGraph& saved, std::string_view wrong) {
  if (wrong.ends_with(".*")) wrong.remove_suffix(2);
  reflect::detail::Nearest search{.wrong = wrong};
  std::string nearest;
  for (std::size_t id = 1; id < saved.size(); ++id)
    if (auto path = full_path(saved, static_cast<std::int32_t>(id)); path && search.offer(*path))
      nearest = std::move(*path);
  if (saved.size() <= 1) return "the checkpoint holds nothing";
  return nearest.empty() ? "no path in the checkpoint is near it"
                         : "the nearest path in the checkpoint is \"" + nearest + "\"";
}

// An edge of the graph: the child'th child of a node.
struct SavedEdge {
  std::int32_t parent = -1;  // where there is no edge
  std::size_t child = 0;

  explicit operator bool() const noexcept { return parent >= 0; }
};

// The last edge of a path of names; no edge where there is no such path. Names may contain dots themselves, so each dot
// is tried as both.
[[nodiscard]] inline SavedEdge find_path(const SavedGraph& saved, std::string_view path) {
  struct Step {
    std::int32_t node;
    std::size_t begin;
  };
  core::detail::Vec<Step> open{{0, 0}};
  core::detail::HashMap<std::uint64_t, bool> seen;
  while (!open.empty()) {
    const Step at = open.back();
    open.pop_back();
    if (!seen.insert((static_cast<std::uint64_t>(at.begin) << 32) | static_cast<std::uint32_t>(at.node), true))
      continue;
    const std::string_view rest = path.substr(at.begin);
    const auto& children = saved[at.node].children;
    for (std::size_t i = 0; i < children.size(); ++i) {
      const std::string& name = children[i].local_name;
      if (!rest.starts_with(name)) continue;
      if (rest.size() == name.size()) return {at.node, i};
      if (rest[name.size()] == '.') open.push_back({children[i].node_id, at.begin + name.size() + 1});
    }
  }
  return {};
}

// The part of the graph below a path, as if that node were the root. Throws Error with ErrorCode::invalid_argument when
// there is no such path.
[[nodiscard]] inline core::detail::Own<const SavedGraph> below(const SavedGraph& saved, std::string_view prefix,
                                                               const std::string& file) {
  const SavedEdge edge = find_path(saved, prefix);
  if (!edge)
    throw Error(ErrorCode::invalid_argument, "the checkpoint " + file + " has nothing below the prefix \"" +
                                                 std::string(prefix) + "\"; " + nearest_saved_path(saved, prefix))
        .in_file(file)
        .expecting("a path in the checkpoint", std::string(prefix));
  TrackableObjectGraph part;
  core::detail::Vec<std::int32_t> old_ids;
  core::detail::Vec<std::int32_t> new_ids(saved.size(), -1);  // by old id
  const auto take = [&](std::int32_t id) {
    std::int32_t& new_id = new_ids[static_cast<std::size_t>(id)];
    if (new_id < 0) {
      new_id = static_cast<std::int32_t>(old_ids.size());
      old_ids.push_back(id);
    }
    return new_id;
  };
  take(saved[edge.parent].children[edge.child].node_id);
  for (std::size_t next = 0; next < old_ids.size(); ++next) {
    part.nodes.emplace_back() = saved[old_ids[next]];
    for (ObjectReference& child : part.nodes.back().children) child.node_id = take(child.node_id);
  }
  // Slot variables of an optimizer in here, for variables in here.
  const std::size_t held = old_ids.size();
  for (std::size_t id = 0; id < held; ++id) {
    auto& slots = part.nodes[id].slot_variables;
    erase_if(slots, [&](const SlotVariableReference& slot) {
      const std::int32_t variable = new_ids[static_cast<std::size_t>(slot.original_variable_node_id)];
      return variable < 0 || static_cast<std::size_t>(variable) >= held;
    });
    for (SlotVariableReference& slot : slots) {
      slot.original_variable_node_id = new_ids[static_cast<std::size_t>(slot.original_variable_node_id)];
      slot.slot_variable_node_id = take(slot.slot_variable_node_id);
    }
  }
  for (std::size_t next = held; next < old_ids.size(); ++next) {
    part.nodes.emplace_back() = saved[old_ids[next]];
    part.nodes.back().children.clear();
    part.nodes.back().slot_variables.clear();
  }
  return core::detail::make_own<const SavedGraph>(std::move(part), file);
}

class Renaming {
 public:
  Renaming(core::detail::Own<const SavedGraph> saved, const std::vector<Rename>& rules, const std::string& file)
      : saved_(std::move(saved)), rules_(rules), file_(file), changed_(saved_->message()) {
    origins_.resize(saved_->size());
    for (std::size_t id = 0; id < origins_.size(); ++id) origins_[id] = static_cast<std::int32_t>(id);
  }

  [[nodiscard]] core::detail::Own<const SavedGraph> run() && {
    decide();
    find_slot_variables();
    find_exact_aliases();
    require_used();
    cut();
    for (const Move& move : moves_) place(move);
    return core::detail::make_own<const SavedGraph>(std::move(saved_), std::move(changed_), std::move(origins_));
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
    rule_of_.assign(saved_->size(), no_rule);
    core::detail::Vec<std::int32_t> queue{0};
    core::detail::Vec<bool> seen(saved_->size());
    seen[0] = true;
    for (std::size_t next = 0; next < queue.size(); ++next) {
      const std::int32_t id = queue[next];
      const auto& children = (*saved_)[id].children;
      for (std::size_t i = 0; i < children.size(); ++i) {
        const std::int32_t child = children[i].node_id;
        if (seen[static_cast<std::size_t>(child)]) continue;
        seen[static_cast<std::size_t>(child)] = true;
        queue.push_back(child);
        decide(child, {id, i});
      }
    }
  }

  void decide(std::int32_t node, SavedEdge edge) {
    const std::size_t inherited = rule_of_[static_cast<std::size_t>(edge.parent)];
    std::size_t& decided = rule_of_[static_cast<std::size_t>(node)];
    decided = inherited;
    const auto path = full_path(*saved_, node);
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
      moves_.push_back({node, rule != decided, std::move(*to), saved_->local_name(node)});
    }
  }

  // Slot variables are no one's children, but can be given to an object of the program by what they are called:
  // {"(root).opt's state 'm' for (root).*", "opt.m.*"}.
  void find_slot_variables() {
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
      if (rules_[rule].from.find("'s state '") == std::string::npos) continue;
      for (std::size_t id = 0; id < saved_->size(); ++id) {
        const auto node = static_cast<std::int32_t>(id);
        if (!saved_->is_slot_variable(node)) continue;
        auto to = renamed(rules_[rule], saved_->path(node));
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
      const SavedEdge edge = find_path(*saved_, rules_[rule].from);
      if (!edge) continue;
      fits_[rule] = used_[rule] = true;
      cuts_.push_back(edge);
      const ObjectReference& child = (*saved_)[edge.parent].children[edge.child];
      moves_.push_back({child.node_id, true, rules_[rule].to, child.local_name});
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
                                    nearest_saved_path(*saved_, from))
          .in_file(file_)
          .expecting("a path in the checkpoint", from);
    }
  }

  void cut() {
    core::detail::Vec<bool> is_parent(saved_->size());
    for (const SavedEdge& edge : cuts_) {
      node(edge.parent).children[edge.child].node_id = -1;
      is_parent[static_cast<std::size_t>(edge.parent)] = true;
    }
    for (std::size_t id = 0; id < is_parent.size(); ++id)
      if (is_parent[id])
        erase_if(changed_.nodes[id].children, [](const ObjectReference& child) { return child.node_id < 0; });
  }

  [[nodiscard]] TrackableObject& node(std::int32_t id) { return changed_.nodes[static_cast<std::size_t>(id)]; }
  [[nodiscard]] bool has_value(std::int32_t id) { return !node(id).attributes.empty(); }
  [[nodiscard]] bool is_renamed(std::int32_t id) const {
    const std::int32_t origin = origins_[static_cast<std::size_t>(id)];
    return origin >= 0 && rule_of_[static_cast<std::size_t>(origin)] != no_rule;
  }

  void place(const Move& move) {
    const std::int32_t placed = move.is_copy ? copy_below(move.node) : move.node;
    std::string_view rest = move.to;
    std::int32_t at = 0;
    for (;;) {
      // A name with dots in it stays one name.
      const std::size_t dot = rest == move.name ? std::string_view::npos : rest.find('.');
      if (dot == std::string_view::npos) return hold(at, std::string(rest), placed, move.to);
      at = child_or_new(at, std::string(rest.substr(0, dot)));
      rest.remove_prefix(dot + 1);
    }
  }

  using Names = core::detail::HashMap<std::string, std::size_t>;
  // The node's children by name, collected when it is first asked for: many may be placed in one.
  [[nodiscard]] Names& names_of(std::int32_t id) {
    if (Names* const names = names_.find(id)) return *names;
    Names& names = names_[id];
    const auto& children = node(id).children;
    for (std::size_t i = 0; i < children.size(); ++i) names[children[i].local_name] = i;
    return names;
  }
  void add_child(std::int32_t parent, const std::string& name, std::int32_t child) {
    names_of(parent)[name] = node(parent).children.size();
    node(parent).children.push_back({child, name});
  }
  [[nodiscard]] std::int32_t new_node(TrackableObject object, std::int32_t origin) {
    changed_.nodes.emplace_back() = std::move(object);
    origins_.push_back(origin);
    return static_cast<std::int32_t>(changed_.nodes.size() - 1);
  }
  [[nodiscard]] std::int32_t child_or_new(std::int32_t parent, const std::string& name) {
    if (const std::size_t* const found = names_of(parent).find(name)) return node(parent).children[*found].node_id;
    const std::int32_t child = new_node({}, -1);
    node(child).has_checkpoint_values = true;
    add_child(parent, name, child);
    return child;
  }

  // Makes `placed` the child of that name. Where there is one already, two objects become one with the children of
  // both; of two values the renamed one stays.
  void hold(std::int32_t parent, const std::string& name, std::int32_t placed, const std::string& to) {
    struct Pending {
      std::int32_t parent;
      std::string name;
      std::int32_t placed;
    };
    core::detail::Vec<Pending> open{{parent, name, placed}};
    core::detail::HashMap<std::uint64_t, bool> merged;
    while (!open.empty()) {
      const Pending next = std::move(open.back());
      open.pop_back();
      const std::size_t* const found = names_of(next.parent).find(next.name);
      if (found == nullptr) {
        add_child(next.parent, next.name, next.placed);
        continue;
      }
      ObjectReference& edge = node(next.parent).children[*found];
      const std::int32_t there = edge.node_id;
      if (there == next.placed) continue;
      if (has_value(there) || has_value(next.placed)) {
        if (is_renamed(there))
          throw Error(ErrorCode::invalid_argument,
                      "the renames give \"" + saved_->path(origins_[static_cast<std::size_t>(there)]) + "\" and \"" +
                          saved_->path(origins_[static_cast<std::size_t>(next.placed)]) + "\" of the checkpoint " +
                          file_ + " the same path, \"" + to + "\"; rename one of them to another path")
              .in_file(file_);
        edge.node_id = next.placed;
        continue;
      }
      const auto pair = (static_cast<std::uint64_t>(there) << 32) | static_cast<std::uint32_t>(next.placed);
      if (!merged.insert(pair, true)) continue;
      for (const std::string& empty : node(next.placed).empty_children) node(there).empty_children.push_back(empty);
      for (const ObjectReference& child : node(next.placed).children)
        open.push_back({there, child.local_name, child.node_id});
    }
  }

  // The node and what is below it once more, with the same keys: one saved value for several objects of the program.
  [[nodiscard]] std::int32_t copy_below(std::int32_t id) {
    core::detail::HashMap<std::int32_t, std::int32_t> copies;
    core::detail::Vec<std::int32_t> open;
    const auto copy = [&](std::int32_t old) {
      if (const std::int32_t* const made = copies.find(old)) return *made;
      TrackableObject object = node(old);
      object.slot_variables.clear();
      const std::int32_t made = new_node(std::move(object), origins_[static_cast<std::size_t>(old)]);
      copies.insert(old, made);
      open.push_back(made);
      return made;
    };
    const std::int32_t first = copy(id);
    while (!open.empty()) {
      const std::int32_t at = open.back();
      open.pop_back();
      for (std::size_t i = 0; i < node(at).children.size(); ++i) {
        const std::int32_t child = copy(node(at).children[i].node_id);
        node(at).children[i].node_id = child;
      }
    }
    return first;
  }

  core::detail::Own<const SavedGraph> saved_;
  const std::vector<Rename>& rules_;
  const std::string& file_;
  TrackableObjectGraph changed_;
  core::detail::Vec<std::int32_t> origins_;
  core::detail::Vec<bool> fits_, used_;     // by rule
  core::detail::Vec<std::size_t> rule_of_;  // by saved node: the rule that renamed it or what holds it
  core::detail::Vec<SavedEdge> cuts_;
  core::detail::Vec<Move> moves_;
  core::detail::HashMap<std::int32_t, Names> names_;
};

// Throws Error with ErrorCode::invalid_argument for a rule that fits nothing, naming the nearest path, and for two
// values that would get the same path.
[[nodiscard]] inline core::detail::Own<const SavedGraph> with_renames(core::detail::Own<const SavedGraph> saved,
                                                                      const std::vector<Rename>& rules,
                                                                      const std::string& file) {
  require_legal(rules);
  if (rules.empty()) return saved;
  return Renaming(std::move(saved), rules, file).run();
}

}  // namespace cairn::graph::detail
