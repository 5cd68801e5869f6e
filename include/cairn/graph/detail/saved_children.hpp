// The children of one saved node, found by name.
#pragma once

#include "../../core/detail/hash_index.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/object_graph.hpp"
#include "../../reflect/detail/index_name.hpp"
#include "object.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace CAIRN_NAMESPACE::graph::detail {

// Of children with equal names the last one counts, as in TensorFlow. Refers to the graph.
//
// A long list is searched by halves, shorter names first: the elements of a list, "0", "1", ... "10", are in that order
// already. Each is mostly asked for behind the last one of its length, in a list as in a map, whose order is "1", "10",
// "100", ... "11".
class SavedChildren {
 public:
  SavedChildren() = default;
  explicit SavedChildren(const ObjectGraph::Node& node) : children_(node.children), empty_(node.empty_children) {
    if (is_short()) return;
    order_ = core::detail::sorted_order(children_.size(), [&](std::size_t a, std::size_t b) {
      return before(children_[a].local_name, children_[b].local_name);
    });
  }
  // Only the child of that name.
  SavedChildren(const ObjectGraph::Node& node, std::string_view name) {
    for (std::size_t i = node.children.size(); children_.empty() && i-- > 0;)
      if (node.children[i].local_name == name) children_ = node.children.only(i);
    for (std::size_t i = 0; empty_.empty() && i < node.empty_children.size(); ++i)
      if (node.empty_children[i] == name) empty_ = node.empty_children.only(i);
  }

  struct SavedChild {
    std::string_view name;
    std::int32_t node;
  };

  [[nodiscard]] std::size_t size() const noexcept { return children_.size(); }

  // What a live child's name leads to, or else one of its other names; -1 when there is no such node.
  [[nodiscard]] SavedChild find(const Child& child) {
    SavedChild found = find(child.name);
    for (std::size_t i = 0; found.node < 0 && i < child.other_names.size(); ++i) found = find(child.other_names[i]);
    return found;
  }

  // True when the checkpoint says that what find() does not find held nothing.
  [[nodiscard]] bool says_empty(const Child& child) {
    if (empty_.empty()) return false;
    const auto is_called = [&](std::string_view name) {
      return [&, name](std::size_t i) { return empty_[i] == name; };
    };
    for (; empty_noted_ < empty_.size(); ++empty_noted_) {
      const std::string_view name = empty_[empty_noted_];
      empty_names_.insert(std::hash<std::string_view>{}(name), empty_noted_, is_called(name));
    }
    const auto is_there = [&](std::string_view name) {
      return empty_names_.find(std::hash<std::string_view>{}(name), is_called(name)) != core::detail::HashIndex::none;
    };
    for (const std::string_view other : child.other_names)
      if (is_there(other)) return true;
    return is_there(child.name);
  }
  // The same of the element of a list: one that stands before others was there, with nothing in it.
  [[nodiscard]] bool has_elements_behind(std::string_view name) {
    const auto index = reflect::detail::index_of(name);
    if (!index) return false;
    if (!size_of_list_) {
      size_of_list_ = 0;
      for (const ObjectReference child : children_)
        if (const auto saved = reflect::detail::index_of(child.local_name))
          if (*saved >= *size_of_list_) size_of_list_ = *saved + 1;
    }
    return *index < *size_of_list_;
  }

 private:
  [[nodiscard]] static bool before(std::string_view a, std::string_view b) noexcept {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  }
  [[nodiscard]] bool is_short() const noexcept { return children_.size() <= 8; }
  [[nodiscard]] ObjectReference in_order(std::size_t place) const {
    return children_[order_.empty() ? place : order_[place]];
  }

  [[nodiscard]] SavedChild find(std::string_view name) {
    std::size_t behind = children_.size();  // behind the one that counts, or 0
    if (is_short()) {
      while (behind > 0 && children_[behind - 1].local_name != name) --behind;
      return found_at(behind);
    }
    std::uint32_t& next = next_[name.size() % next_.size()];
    if (!is_at(next, name) || is_at(next + std::size_t{1}, name)) {
      std::size_t begin = 0;  // the first one behind all of that name
      while (begin < behind) {
        const std::size_t middle = begin + (behind - begin) / 2;
        if (before(name, in_order(middle).local_name))
          behind = middle;
        else
          begin = middle + 1;
      }
      if (begin == 0 || !is_at(begin - 1, name)) return found_at(0);
      next = static_cast<std::uint32_t>(begin - 1);
    }
    return found_at(++next);
  }
  [[nodiscard]] bool is_at(std::size_t place, std::string_view name) const {
    return place < children_.size() && in_order(place).local_name == name;
  }
  [[nodiscard]] SavedChild found_at(std::size_t behind) const {
    if (behind == 0) return {{}, -1};
    const ObjectReference found = in_order(behind - 1);
    return {found.local_name, found.node_id};
  }

  ObjectGraph::Part<ObjectReference> children_;
  ObjectGraph::Part<std::string_view> empty_;
  core::detail::HashIndex empty_names_;      // of the first empty_noted_ of them: the names are collected when one is
  std::size_t empty_noted_ = 0;              // asked for
  std::optional<std::size_t> size_of_list_;  // so, too
  core::detail::Vec<std::uint32_t> order_;   // of a long list that is not in order itself
  std::array<std::uint32_t, 8> next_{};      // in that order, behind what was found last of such a length
};

}  // namespace CAIRN_NAMESPACE::graph::detail
