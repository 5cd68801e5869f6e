// find_differences: walks a type and a checkpoint's tree side by side, and reports the differences. A value that a
// restore of a new object would not find is a difference; a value that only the checkpoint has is none.
//
// Objects behind pointers and optionals, and elements of lists and maps, are compared as far as the checkpoint has
// them: whatever is there must fit.
#pragma once

#include "../../graph/detail/container_types.hpp"
#include "../../reflect/detail/static_form.hpp"
#include "../../reflect/static_keys.hpp"
#include "../report.hpp"
#include "tree.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace CAIRN_NAMESPACE::schema::detail {

// It stands for a type where only its identity counts.
template <class T>
inline constexpr char type_mark = 0;

// A pointer's type and the node that it leads to, on the way from the root. A cycle ends where a pair comes again.
struct FollowedPair {
  const FollowedPair* above = nullptr;
  std::size_t node = 0;
  const char* type = nullptr;
};

[[nodiscard]] constexpr schema::Tensor shown(const reflect::detail::StaticValue& value) noexcept {
  schema::Tensor tensor{.dtype = value.dtype, .rank = value.extents.size()};
  for (std::size_t i = 0; i < value.extents.size() && i < schema::Tensor::max_shown; ++i)
    tensor.extents[i] = value.extents[i] == dynamic ? -1 : static_cast<std::int64_t>(value.extents[i]);
  return tensor;
}
[[nodiscard]] constexpr schema::Tensor shown(const StaticEntry& entry) noexcept {
  schema::Tensor tensor{.dtype = entry.dtype, .rank = entry.rank};
  for (std::size_t i = 0; i < entry.rank && i < schema::Tensor::max_shown; ++i) tensor.extents[i] = entry.extents[i];
  return tensor;
}
[[nodiscard]] constexpr bool fits(const reflect::detail::StaticValue& value, const StaticEntry& entry) noexcept {
  if (value.dtype != entry.dtype || value.extents.size() != entry.rank) return false;
  for (std::size_t i = 0; i < entry.rank && i < StaticEntry::max_kept; ++i)
    if (value.extents[i] != dynamic && static_cast<std::int64_t>(value.extents[i]) != entry.extents[i]) return false;
  return true;
}

constexpr void append_shown(reflect::detail::PathBuffer& path, const reflect::detail::StaticStep* step) noexcept {
  if (step == nullptr) return;
  append_shown(path, step->parent);
  if (!step->shown.empty()) static_cast<void>(path.append(step->shown));
}
[[nodiscard]] constexpr reflect::detail::PathBuffer path_of(const reflect::detail::StaticStep* step) noexcept {
  reflect::detail::PathBuffer path;
  append_shown(path, step);
  return path;
}

// Compares a type with a node of the checkpoint.
struct StaticMatch {
  const StaticTree& tree;
  schema::Report& report;
  StaticTreeChildren* children = nullptr;
  const reflect::detail::StaticStep* here = nullptr;
  const FollowedPair* followed = nullptr;
  GrowingArray<reflect::detail::PathBuffer>* missing = nullptr;
  GrowingArray<std::size_t>* claimed = nullptr;

  template <class T>
  constexpr void look_at(std::size_t node) {
    if constexpr (reflect::detail::is_a_value<T>) {
      compare(reflect::detail::static_value<T>(), node);
    } else {
      StaticTreeChildren node_children(tree, node);
      GrowingArray<reflect::detail::PathBuffer> node_missing;
      GrowingArray<std::size_t> node_claimed;
      StaticMatch below{tree, report, &node_children, here, followed, &node_missing, &node_claimed};
      reflect::detail::list_static_children<T>(node_children, below);
      for (std::size_t i = 0; i < node_missing.size(); ++i) below.report_missing(node_missing[i].view());
    }
  }

  template <class Child>
  constexpr void child(const reflect::detail::StaticEdge& edge) {
    using T = typename reflect::detail::StaticTarget<Child>::type;
    const std::size_t found = find(edge);
    if (found != nothing_there) {
      if (missing != nullptr) claimed->push_back(found);
      go_to<Child>(edge.shown, tree.edge(found).node);
    } else if constexpr (!reflect::detail::is_followed<Child> && reflect::detail::always_has_values<T>()) {
      if (edge.may_be_absent) return;
      reflect::detail::PathBuffer name;
      static_cast<void>(name.append(edge.shown.empty() ? edge.name : edge.shown));
      missing->push_back(name);
    }
  }
  // The elements of a list are the children named by numbers; the elements of a map are all children.
  template <class Element>
  constexpr void children_like() {
    for (std::size_t i = children->first_edge(); i != nothing_there; i = tree.edge(i).next) {
      const FileBytes name = tree.name(tree.edge(i));
      reflect::detail::PathBuffer text;
      append_name(text, name);
      go_to<Element>(text.view(), tree.edge(i).node);
    }
  }

 private:
  [[nodiscard]] constexpr std::size_t find(const reflect::detail::StaticEdge& edge) noexcept {
    std::size_t found = children->find(edge.name);
    for (const std::string_view other : edge.other_names) {
      if (found != nothing_there) break;
      found = children->find(other);
    }
    return found;
  }
  template <class Child>
  constexpr void go_to(std::string_view shown_name, std::size_t node) {
    using T = typename reflect::detail::StaticTarget<Child>::type;
    const reflect::detail::StaticStep step{here, shown_name, {}};
    StaticMatch below{tree, report, nullptr, &step, followed};
    if constexpr (reflect::detail::is_followed<Child>) {
      for (const FollowedPair* pair = followed; pair != nullptr; pair = pair->above)
        if (pair->node == node && pair->type == &type_mark<T>) return;
      const FollowedPair pair{followed, node, &type_mark<T>};
      below.followed = &pair;
      below.template look_at<T>(node);
    } else {
      below.template look_at<T>(node);
    }
  }

  constexpr void compare(const reflect::detail::StaticValue& value, std::size_t node) {
    const std::size_t record = tree.record_of(node);
    if (record == nothing_there) {
      report.add({.kind = schema::DifferenceKind::no_value, .path = path_of(here), .in_struct = shown(value)});
      return;
    }
    const StaticEntry entry = tree.index().entry(record);
    if (!fits(value, entry))
      report.add({.kind = schema::DifferenceKind::other_dtype_or_shape,
                  .path = path_of(here),
                  .in_struct = shown(value),
                  .in_checkpoint = shown(entry)});
  }

  static constexpr void append_name(reflect::detail::PathBuffer& path, const FileBytes& name) noexcept {
    std::array<char, reflect::detail::PathBuffer::longest> letters{};
    const std::size_t size = name.size < letters.size() ? name.size : letters.size();
    for (std::size_t i = 0; i < size; ++i) letters[i] = static_cast<char>(name.data[i]);
    static_cast<void>(path.append({letters.data(), size}));
  }
  // Reports a missing member, with the nearest name in the checkpoint that no member has.
  constexpr void report_missing(std::string_view name) {
    schema::Difference difference{.kind = schema::DifferenceKind::missing, .path = path_of(here)};
    difference.nearest = difference.path;
    static_cast<void>(difference.path.append(name));
    reflect::detail::Nearest search{.wrong = name};
    std::size_t nearest_edge = nothing_there;
    for (std::size_t i = children->first_edge(); i != nothing_there; i = tree.edge(i).next) {
      reflect::detail::PathBuffer candidate;
      append_name(candidate, tree.name(tree.edge(i)));
      if (!is_claimed(i) && search.offer(candidate.view())) nearest_edge = i;
    }
    if (nearest_edge == nothing_there)
      difference.nearest.size = 0;
    else
      append_name(difference.nearest, tree.name(tree.edge(nearest_edge)));
    report.add(difference);
  }
  [[nodiscard]] constexpr bool is_claimed(std::size_t edge) const noexcept {
    for (std::size_t i = 0; i < claimed->size(); ++i)
      if ((*claimed)[i] == edge) return true;
    return false;
  }
};

template <class T>
[[nodiscard]] constexpr schema::Report find_differences(FileBytes index, FileBytes graph) {
  schema::Report report;
  const StaticTree tree(index, graph);
  report.problem = tree.problem();
  if (report.problem == Problem::none) StaticMatch{tree, report}.look_at<T>(0);
  return report;
}

}  // namespace CAIRN_NAMESPACE::schema::detail
