// The rows of a picture: the object graph as a tree, or the names of a checkpoint that has none.
//
//   0  (root)           node 0
//   1    model          node 1, below row 0
//   2    kernel         node 2, below row 1, with its tensor
//   3    first_weight   below row 0, refers to row 2: one object has one place, breadth first, and is referred to from
//                       every other
//
// A row stands behind the row that it is below. The graph is anybody's: it is walked without recursion, and cut where
// it has more rows than a picture may have.
#pragma once

#include "../../bundle/object_graph.hpp"
#include "../../bundle/reader.hpp"
#include "../../core/detail/keys.hpp"
#include "tensor.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::pictures::detail {

struct PictureRow {
  enum class Kind : std::uint8_t {
    node,       // an object, or one step of a name
    value,      // one of several values of an object
    reference,  // to an object that has its row elsewhere
    slot,       // an optimizer's state for a variable
    group,      // of what has no place in the tree
  };
  Kind kind = Kind::node;
  std::string name = {};
  std::int32_t parent = -1;  // rows
  std::int32_t target = -1;  // what a reference refers to; the variable of a slot
  std::int32_t node = -1;    // the number in the file
  std::int32_t tensor = -1;
};

struct PictureTree {
  std::vector<PictureRow> rows;
  std::vector<std::pair<std::string, const bundle::Entry*>> tensors;  // each once
  std::size_t left_out = 0;                                           // rows for which there was no room
};

// What both kinds of trees are made with. Texts of many rows that share long beginnings can be far larger than the
// file: they are bounded together.
class PictureRows {
 public:
  PictureRows(const bundle::Reader& reader, std::size_t max_rows) : reader_(reader), max_rows_(max_rows) {}

  // The row's number; -1 when there is no room for it.
  std::int32_t add(PictureRow row) {
    row.name = shortened(row.name, picture_name_bytes);
    if (tree_.rows.size() >= max_rows_ || text_bytes_ > most_text_bytes) {
      ++tree_.left_out;
      return -1;
    }
    text_bytes_ += row.name.size();
    tree_.rows.push_back(std::move(row));
    return static_cast<std::int32_t>(tree_.rows.size()) - 1;
  }
  // Gives the row a tensor of that key, if there is one. A tensor that several rows have is the same one.
  bool set_tensor(std::int32_t row, std::string_view key) {
    const bundle::Entry* const entry = bundle::find_entry(reader_.entries(), key);
    if (entry == nullptr) return false;
    const auto [place, is_new] = numbers_.try_emplace(entry, static_cast<std::int32_t>(tree_.tensors.size()));
    if (is_new) {
      tree_.tensors.emplace_back(key, entry);
      text_bytes_ += key.size();
    }
    (*this)[row].tensor = place->second;
    return true;
  }
  [[nodiscard]] bool has_tensor(const bundle::Entry& entry) const { return numbers_.contains(&entry); }
  [[nodiscard]] PictureRow& operator[](std::int32_t row) { return tree_.rows[static_cast<std::size_t>(row)]; }
  [[nodiscard]] std::size_t size() const noexcept { return tree_.rows.size(); }
  [[nodiscard]] PictureTree take() { return std::move(tree_); }

 private:
  static constexpr std::size_t most_text_bytes = std::size_t{64} << 20;

  const bundle::Reader& reader_;
  std::size_t max_rows_;
  std::size_t text_bytes_ = 0;
  PictureTree tree_;
  std::unordered_map<const bundle::Entry*, std::int32_t> numbers_;
};

class ObjectTree {
 public:
  ObjectTree(const bundle::Reader& reader, const ObjectGraph& graph, std::size_t max_rows)
      : reader_(reader), graph_(graph), rows_(reader, max_rows), row_of_(graph.size(), -1) {}

  [[nodiscard]] PictureTree make() {
    place(0, {.name = "(root)"});
    walk();
    add_slot_variables();
    add_unheld_nodes();
    add_slot_variables();
    add_other_tensors();
    return rows_.take();
  }

 private:
  using Kind = PictureRow::Kind;

  [[nodiscard]] std::int32_t& row_of(std::int32_t node) { return row_of_[static_cast<std::size_t>(node)]; }

  // The one row of an object.
  void place(std::int32_t node, PictureRow row) {
    row.node = node;
    const std::int32_t placed = row_of(node) = rows_.add(std::move(row));
    if (placed >= 0) queue_.push_back(node);
  }
  // What the objects in the queue hold, breadth first.
  void walk() {
    for (; next_ < queue_.size(); ++next_) {
      const std::int32_t node = queue_[next_], row = row_of(node);
      add_values(row, graph_[node].attributes);
      for (const ObjectReference child : graph_[node].children) {
        if (row_of(child.node_id) < 0)
          place(child.node_id, {.name = std::string(child.local_name), .parent = row});
        else
          rows_.add({Kind::reference, std::string(child.local_name), row, row_of(child.node_id)});
      }
    }
  }
  // A variable's value is on its own row; several values, or one of another name, have rows below it.
  template <class Attributes>
  void add_values(std::int32_t row, const Attributes& attributes) {
    if (attributes.size() == 1 && attributes[0].name == core::detail::variable_value &&
        rows_.set_tensor(row, attributes[0].checkpoint_key))
      return;
    for (const SerializedTensor& attribute : attributes) {
      const std::int32_t value = rows_.add({Kind::value, std::string(attribute.name), row});
      if (value >= 0) rows_.set_tensor(value, attribute.checkpoint_key);
    }
  }
  // Nobody holds them: they stand below their optimizers. What they hold in turn follows.
  void add_slot_variables() {
    for (; next_slots_ < queue_.size(); ++next_slots_)
      for (const SlotVariableReference slot : graph_[queue_[next_slots_]].slot_variables) {
        const std::int32_t parent = row_of(queue_[next_slots_]), variable = row_of(slot.original_variable_node_id);
        if (row_of(slot.slot_variable_node_id) < 0)
          place(slot.slot_variable_node_id, {Kind::slot, std::string(slot.slot_name), parent, variable});
        else
          rows_.add({Kind::reference, std::string(slot.slot_name), parent, row_of(slot.slot_variable_node_id)});
      }
    walk();
  }
  void add_unheld_nodes() {
    std::int32_t group = -1;
    for (std::size_t node = 0; node < graph_.size(); ++node) {
      const auto id = static_cast<std::int32_t>(node);
      if (row_of(id) >= 0) continue;
      if (group < 0) group = rows_.add({Kind::group, "(held by nothing)"});
      if (group < 0) return;
      place(id, {.name = "node " + std::to_string(id), .parent = group});
      walk();
    }
  }
  void add_other_tensors() {
    std::int32_t group = -1;
    for (const auto& [key, entry] : reader_.entries()) {
      if (key == bundle::object_graph_key || rows_.has_tensor(entry)) continue;
      if (group < 0) group = rows_.add({Kind::group, "(not in the object graph)"});
      if (group < 0) return;
      const std::int32_t row = rows_.add({Kind::value, key, group});
      if (row >= 0) rows_.set_tensor(row, key);
    }
  }

  const bundle::Reader& reader_;
  const ObjectGraph& graph_;
  PictureRows rows_;
  std::vector<std::int32_t> row_of_;       // by node
  std::vector<std::int32_t> queue_;        // nodes that have rows
  std::size_t next_ = 0, next_slots_ = 0;  // in the queue
};

// "dense/kernel" and "dense/kernel/Adam": each step of a name is a row, with a tensor where a name ends there.
[[nodiscard]] inline PictureTree tree_of_names(const bundle::Reader& reader, std::size_t max_rows) {
  PictureRows rows(reader, max_rows);
  struct Step {
    std::int32_t parent;
    std::string_view name;
    bool operator==(const Step&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Step& step) const noexcept {
      return std::hash<std::string_view>{}(step.name) * 31 + static_cast<std::size_t>(step.parent);
    }
  };
  std::unordered_map<Step, std::int32_t, Hash> row_of;
  const std::int32_t root = rows.add({.name = "(all names)"});
  for (const auto& item : reader.entries()) {
    std::string_view rest = item.first;
    std::int32_t row = root;
    for (bool more = true; more && row >= 0;) {
      const std::size_t slash = rest.find('/');
      const auto [place, is_new] = row_of.try_emplace({row, rest.substr(0, slash)}, -1);
      if (is_new) place->second = rows.add({.name = std::string(place->first.name), .parent = row});
      row = place->second;
      more = slash != rest.npos;
      if (more) rest.remove_prefix(slash + 1);
    }
    if (row >= 0) rows.set_tensor(row, item.first);
  }
  return rows.take();
}

}  // namespace CAIRN_NAMESPACE::pictures::detail
