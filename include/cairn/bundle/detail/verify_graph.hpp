// What an index says about itself, without its data: partitioned tensors against their parts, and the object graph
// against the keys.
#pragma once

#include "../../core/error.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../../format/object_graph.hpp"
#include "../finding.hpp"
#include "../index.hpp"
#include "../naming.hpp"
#include "slice.hpp"
#include "slice_cover.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::bundle::detail {

// Every part is there, inside the whole and of its dtype and shape; together they are the whole, and no element twice.
class SliceVerifier {
 public:
  SliceVerifier(const bundle::Index& index, const std::string& path, Findings& findings)
      : index_(index), path_(path), findings_(findings) {}

  void run() {
    for (const auto& [key, entry] : index_.entries)
      if (!entry.slices.empty() && entry.shape.checked_num_elements()) check(key, entry);
  }

 private:
  // Beyond this many wrong parts of one tensor, looking at the others tells nothing more.
  static constexpr std::size_t max_wrong_parts = 100;

  void problem(const std::string& key, const std::string& text) {
    findings_.add(path_, std::nullopt, key, "the partitioned tensor \"" + key + "\" in \"" + path_ + "\" " + text);
  }

  void check(const std::string& key, const bundle::Entry& entry) {
    if (lists_a_slice_twice(entry.slices)) return problem(key, "lists a part twice");
    const auto count = static_cast<std::uint64_t>(entry.shape.num_elements());
    std::uint64_t found = 0;  // elements in the parts that lie inside
    bool all_inside = true;
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < entry.slices.size() && wrong <= max_wrong_parts; ++i) {
      const auto box = box_of_slice(entry.shape, entry.slices[i]);
      const Shape* const shape = box ? &box->shape : nullptr;  // null for a part that does not lie inside
      all_inside = all_inside && shape != nullptr;
      if (shape != nullptr) found = std::min(found, count) + static_cast<std::uint64_t>(shape->num_elements());
      const std::string text = wrong_part(key, entry, entry.slices[i], shape);
      if (text.empty()) continue;
      if (++wrong <= max_wrong_parts)
        problem(key, "has a part, number " + std::to_string(i) + ", that " + text);
      else
        problem(key, "has more such parts");
    }
    if (!all_inside || wrong > max_wrong_parts) return;
    if (found > count || SliceOverlap::any(entry.shape, entry.slices))
      problem(key, "has parts that overlap");
    else if (found < count)
      problem(key, "is not complete: " + std::to_string(count - found) + " elements are in no part");
  }

  [[nodiscard]] std::string wrong_part(const std::string& key, const bundle::Entry& entry,
                                       const format::TensorSlice& slice, const Shape* shape) const {
    if (shape == nullptr) return "does not lie inside its shape " + entry.shape.to_string();
    const bundle::Entry* const part = find_entry(index_.slices, format::detail::encode_slice_key(key, slice));
    if (part == nullptr) return "is missing; its shape is " + shape->to_string();
    if (part->slices.empty() && part->dtype == entry.dtype && part->shape == *shape) return {};
    return "should be " + to_string(entry.dtype) + " " + shape->to_string() + " and is " + to_string(part->dtype) +
           " " + part->shape.to_string() + (part->slices.empty() ? "" : ", itself in parts");
  }

  const bundle::Index& index_;
  const std::string& path_;
  Findings& findings_;
};

// Whether a tensor of that key is what an attribute of that key stands for. Some objects name only the beginning of their
// keys: a lookup table's "...table" stands for "...table-keys" and "...table-values", an iterator's "...ITERATOR" for
// "...ITERATOR_STATE".
[[nodiscard]] inline bool is_key_of(std::string_view key, std::string_view attribute) noexcept {
  return key.starts_with(attribute) &&
         (key.size() == attribute.size() || key[attribute.size()] == '-' || key[attribute.size()] == '_');
}

// Node ids are inside the graph, and every value has a key of the index.
class GraphVerifier {
 public:
  GraphVerifier(const bundle::Index& index, bool is_complete, const std::string& path, Findings& findings)
      : index_(index), is_complete_(is_complete), path_(path), findings_(findings) {}

  void run(std::string_view bytes) {
    ObjectGraph graph;
    try {
      graph = format::decode_object_graph(bytes);
    } catch (const Error& error) {
      // The offset is one in the graph, not in a file.
      return findings_.add(path_, std::nullopt, std::string(bundle::object_graph_key),
                           "the object graph of \"" + path_ + "\" cannot be read: " + error.what());
    }
    count_ = graph.size();
    if (count_ == 0) problem("has no node");
    for (std::size_t id = 0; id < count_; ++id) check_node(id, graph[static_cast<std::int32_t>(id)]);
  }

 private:
  void problem(const std::string& text, std::string key = std::string(bundle::object_graph_key)) {
    findings_.add(path_, std::nullopt, std::move(key), "the object graph of \"" + path_ + "\" " + text);
  }
  void require_node(std::size_t node, std::int32_t id, const std::string& what) {
    if (id < 0 || static_cast<std::size_t>(id) >= count_)
      problem("has " + what + " of node " + std::to_string(node) + " that is node " + std::to_string(id) +
              "; there are only nodes 0 to " + std::to_string(count_ - 1));
  }

  void check_node(std::size_t id, const ObjectGraph::Node& node) {
    for (const ObjectReference child : node.children)
      require_node(id, child.node_id, "a child \"" + shortened(child.local_name) + "\"");
    for (const SlotVariableReference slot : node.slot_variables) {
      require_node(id, slot.original_variable_node_id, "a slot variable's variable");
      require_node(id, slot.slot_variable_node_id, "a slot variable");
    }
    if (!is_complete_) return;
    for (const SerializedTensor attribute : node.attributes)
      if (!has_key(attribute.checkpoint_key))
        problem("says that node " + std::to_string(id) + " has a value \"" + shortened(attribute.name) +
                    "\", which is missing: there is no such key",
                std::string(attribute.checkpoint_key));
  }

  [[nodiscard]] static std::string shortened(std::string_view name) {
    constexpr std::size_t most = 100;
    return name.size() <= most ? std::string(name) : std::string(name.substr(0, most)) + "...";
  }

  [[nodiscard]] bool has_key(std::string_view key) const {
    const std::size_t place = place_of(index_.entries, key);
    return place != index_.entries.size() && is_key_of(index_.entries[place].first, key);
  }

  const bundle::Index& index_;
  bool is_complete_;
  const std::string& path_;
  Findings& findings_;
  std::size_t count_ = 0;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
