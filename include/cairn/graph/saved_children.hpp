// The children of one saved node, found by name.
#pragma once

#include "../core/object_graph.hpp"
#include "object.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::detail {

// Of children with equal names the last one counts, as in TensorFlow. Refers to the node's names.
class SavedChildren {
 public:
  SavedChildren() = default;
  explicit SavedChildren(const TrackableObject& node) {
    children_.reserve(node.children.size());
    for (const ObjectReference& child : node.children) children_.push_back({child.local_name, child.node_id});
    std::stable_sort(children_.begin(), children_.end(), before);
  }
  SavedChildren(std::string_view name, std::int32_t node) : children_{{name, node}} {}

  struct SavedChild {
    std::string_view name;
    std::int32_t node;
  };

  [[nodiscard]] std::size_t size() const noexcept { return children_.size(); }

  // What a live child's name leads to, or else one of its other names; -1 when there is no such node.
  [[nodiscard]] SavedChild find(const Child& child) const {
    SavedChild found = find(child.name);
    for (std::size_t i = 0; found.node < 0 && i < child.other_names.size(); ++i) found = find(child.other_names[i]);
    return found;
  }

 private:
  [[nodiscard]] static bool before(const SavedChild& a, const SavedChild& b) noexcept { return a.name < b.name; }

  [[nodiscard]] SavedChild find(std::string_view name) const {
    const auto [begin, end] = std::equal_range(children_.begin(), children_.end(), SavedChild{name, 0}, before);
    return begin == end ? SavedChild{{}, -1} : *(end - 1);
  }

  std::vector<SavedChild> children_;  // sorted by name
};

}  // namespace cairn::detail
