// StaticTree: a checkpoint's objects in a constant expression: nodes, named edges, and the nodes' values in the index.
//
//   from the object graph, where it is given      the nodes and edges of ObjectGraph, keys by checkpoint_key
//   from the keys otherwise                       "model/w/.ATTRIBUTES/VARIABLE_VALUE" is node "w" below node "model"
//
// The keys of a TensorFlow 1 checkpoint are names of variables: "model/w" is node "w" below "model", too.
#pragma once

#include "growing_array.hpp"
#include "index.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace CAIRN_NAMESPACE::schema::detail {

inline constexpr std::size_t nothing_there = static_cast<std::size_t>(-1);
inline constexpr unsigned char object_graph_key_bytes[] = "_CHECKPOINTABLE_OBJECT_GRAPH";
inline constexpr FileBytes object_graph_key{object_graph_key_bytes, sizeof object_graph_key_bytes - 1};
inline constexpr unsigned char value_ending_bytes[] = "/.ATTRIBUTES/VARIABLE_VALUE";
inline constexpr FileBytes value_ending{value_ending_bytes, sizeof value_ending_bytes - 1};
inline constexpr FileBytes value_attribute{value_ending_bytes + 13, sizeof value_ending_bytes - 14};

struct StaticTreeNode {
  std::size_t first_edge = nothing_there, last_edge = nothing_there;
  std::size_t edge_count = 0;
  std::size_t record = nothing_there;  // the value's record, when the tree is made of keys
  FileBytes key{};                     // the value's key, when the tree is made of a graph
};
struct StaticTreeEdge {
  FileBytes name{};
  std::size_t copied = nothing_there;  // where the name begins in the tree's `copied`, when the name is not in the file
  std::size_t node = 0;
  std::size_t next = nothing_there;
};

class StaticTree {
 public:
  // `graph` is the object graph, its stored value, or the data file that has it; it is empty where the graph is not
  // given. problem() tells why the index or the graph cannot be read.
  constexpr StaticTree(FileBytes index, FileBytes graph) : index_(index) {
    if (index_.problem() != Problem::none)
      note(index_.problem());
    else if (graph.data != nullptr)
      read_graph(find_graph(graph));
    else
      read_keys();
  }

  [[nodiscard]] constexpr Problem problem() const noexcept { return problem_; }
  [[nodiscard]] constexpr const StaticIndexFile& index() const noexcept { return index_; }
  [[nodiscard]] constexpr const StaticTreeNode& node(std::size_t i) const noexcept { return nodes_[i]; }
  [[nodiscard]] constexpr const StaticTreeEdge& edge(std::size_t i) const noexcept { return edges_[i]; }
  [[nodiscard]] constexpr FileBytes name(const StaticTreeEdge& edge) const noexcept {
    return edge.copied == nothing_there ? edge.name : FileBytes{copied_.data() + edge.copied, edge.name.size};
  }
  // True when the edge has this name. A name that was made of a key is escaped.
  [[nodiscard]] constexpr bool is_named(const StaticTreeEdge& edge, std::string_view wanted) const noexcept {
    const FileBytes there = name(edge);
    if (!names_are_escaped_) return is_same(there, wanted);
    if (there.size < wanted.size()) return false;
    std::size_t i = 0;
    const auto has = [&](char c) { return i < there.size && there.data[i++] == static_cast<unsigned char>(c); };
    for (const char c : wanted)
      if (c == '.' ? !has('.') || !has('.') : c == '/' ? !has('.') || !has('S') : !has(c)) return false;
    return i == there.size;
  }
  // The record of the node's value in the index; nothing_there when the node has no value.
  [[nodiscard]] constexpr std::size_t record_of(std::size_t node) const noexcept {
    if (nodes_[node].record != nothing_there || nodes_[node].key.size == 0) return nodes_[node].record;
    const std::size_t record = index_.find(nodes_[node].key);
    return record == index_.size() ? nothing_there : record;
  }

 private:
  constexpr void note(Problem problem) noexcept {
    if (problem_ == Problem::none) problem_ = problem;
  }
  constexpr void add_edge(std::size_t parent, const StaticTreeEdge& edge) {
    const std::size_t i = edges_.size();
    edges_.push_back(edge);
    StaticTreeNode& node = nodes_[parent];
    if (node.last_edge == nothing_there)
      node.first_edge = i;
    else
      edges_[node.last_edge].next = i;
    node.last_edge = i;
    ++node.edge_count;
  }

  // The stored value is a varint length, four bytes of checksum, and the graph. The entry has the length of all three.
  [[nodiscard]] constexpr FileBytes find_graph(FileBytes given) noexcept {
    const std::size_t record = index_.find(object_graph_key);
    if (record == index_.size()) {
      note(Problem::it_has_no_key_for_an_object_graph);
      return {};
    }
    const StaticEntry entry = index_.entry(record);
    const auto stored = static_cast<std::uint64_t>(entry.size), offset = static_cast<std::uint64_t>(entry.offset);
    const bool has_literal_end = given.size != 0 && given.data[given.size - 1] == 0;
    for (std::uint64_t digits = 1; digits <= 10 && digits + 4 <= stored; ++digits) {
      const std::uint64_t size = stored - 4 - digits;
      const bool is_written_so =
          digits == 10 || (size >> 7 * digits == 0 && (digits == 1 || size >> 7 * (digits - 1) != 0));
      if (!is_written_so) continue;
      if (given.size == size || (has_literal_end && given.size == size + 1))
        return {given.data, static_cast<std::size_t>(size)};
    }
    if (given.size >= stored && given.size - stored >= offset)
      return cut_stored({given.data + static_cast<std::size_t>(offset), static_cast<std::size_t>(stored)});
    if (given.size == stored || (has_literal_end && given.size == stored + 1))
      return cut_stored({given.data, static_cast<std::size_t>(stored)});
    note(Problem::the_object_graph_is_not_the_one_of_this_index);
    return {};
  }
  [[nodiscard]] constexpr FileBytes cut_stored(FileBytes stored) noexcept {
    StaticReader reader(stored);
    const std::uint64_t size = reader.read_varint();
    static_cast<void>(reader.read_fixed32());
    const FileBytes graph = reader.read_bytes(size);
    if (reader.problem() != Problem::none || !reader.empty())
      note(Problem::the_object_graph_is_not_the_one_of_this_index);
    return graph;
  }

  constexpr void read_graph(FileBytes graph) {
    if (problem_ != Problem::none) return;
    StaticFields fields(graph);
    while (fields.next())
      if (fields.is_bytes(1)) read_node(fields.bytes());
    note(fields.problem());
    if (nodes_.size() == 0) note(Problem::the_object_graph_has_no_nodes);
    for (std::size_t i = 0; i < edges_.size(); ++i)
      if (edges_[i].node >= nodes_.size()) note(Problem::the_object_graph_has_an_edge_to_no_node);
  }
  constexpr void read_node(FileBytes bytes) {
    const std::size_t id = nodes_.size();
    nodes_.push_back({});
    StaticFields node(bytes);
    while (node.next()) {
      StaticFields field(node.is_bytes(1) || node.is_bytes(2) ? node.bytes() : FileBytes{});
      if (node.is_bytes(1)) {
        StaticTreeEdge edge;
        while (field.next()) {
          if (field.is_varint(1)) edge.node = static_cast<std::size_t>(static_cast<std::int32_t>(field.number()));
          if (field.is_bytes(2)) edge.name = field.bytes();
        }
        add_edge(id, edge);
      } else if (node.is_bytes(2)) {
        FileBytes name{}, key{};
        while (field.next()) {
          if (field.is_bytes(1)) name = field.bytes();
          if (field.is_bytes(3)) key = field.bytes();
        }
        if (name.size == value_attribute.size && compare_bytes(name.data, value_attribute.data, name.size) == 0)
          nodes_[id].key = key;
      }
      note(field.problem());
    }
    note(node.problem());
  }

  // A component of the last key: the place where it ends, and its node.
  struct Part {
    std::size_t end = 0;
    std::size_t node = 0;
  };

  constexpr void read_keys() {
    names_are_escaped_ = true;
    nodes_.push_back({});
    const bool are_names = index_.find(object_graph_key) == index_.size();  // the keys are those of TensorFlow 1
    GrowingArray<Part> parts;
    for (std::size_t i = 0; i < index_.size(); ++i) {
      std::size_t same = index_.record(i).shared;
      if (i != 0)  // the key at a restart point shares nothing, but may begin like the key before it
        while (same < index_.record(i - 1).key_size() && same < index_.record(i).key_size() &&
               index_.key_byte(i - 1, same) == index_.key_byte(i, same))
          ++same;
      while (parts.size() != 0 && parts[parts.size() - 1].end >= same) parts.resize(parts.size() - 1);
      const std::size_t size = path_size(i, are_names);
      if (size != nothing_there) nodes_[add_path(parts, i, size)].record = i;
    }
  }
  // The length of the path of a value in the key; nothing_there when the key is none of a value.
  [[nodiscard]] constexpr std::size_t path_size(std::size_t i, bool are_names) const noexcept {
    const StaticRecord& record = index_.record(i);
    const std::size_t size = record.key_size();
    if (are_names) return size;
    if (size < value_ending.size) return nothing_there;
    const std::size_t begin = size - value_ending.size;
    if (begin >= record.shared)
      return compare_bytes(record.rest.data + (begin - record.shared), value_ending.data, value_ending.size) == 0
                 ? begin
                 : nothing_there;
    for (std::size_t k = 0; k < value_ending.size; ++k)
      if (index_.key_byte(i, begin + k) != value_ending.data[k]) return nothing_there;
    return begin;
  }
  // Goes down from the last of `parts` through the rest of key i, and returns the last node.
  [[nodiscard]] constexpr std::size_t add_path(GrowingArray<Part>& parts, std::size_t i, std::size_t size) {
    const StaticRecord& record = index_.record(i);
    std::size_t begin = parts.size() == 0 ? 0 : parts[parts.size() - 1].end + 1;
    std::size_t parent = parts.size() == 0 ? 0 : parts[parts.size() - 1].node;
    while (begin <= size && !(begin == size && size == 0)) {
      std::size_t end = begin;
      while (end < size && index_.key_byte(i, end) != '/') ++end;
      StaticTreeEdge edge;
      edge.node = nodes_.size();
      edge.name.size = end - begin;
      if (begin >= record.shared) {
        edge.name.data = record.rest.data + (begin - record.shared);
      } else {
        edge.copied = copied_.size();
        for (std::size_t k = begin; k < end; ++k) copied_.push_back(index_.key_byte(i, k));
      }
      nodes_.push_back({});
      add_edge(parent, edge);
      parent = edge.node;
      parts.push_back({end, parent});
      begin = end + 1;
    }
    return parent;
  }

  StaticIndexFile index_;
  Problem problem_ = Problem::none;
  bool names_are_escaped_ = false;
  GrowingArray<StaticTreeNode> nodes_;
  GrowingArray<StaticTreeEdge> edges_;
  GrowingArray<unsigned char> copied_;
};

// Finds the edges of a node by name, and the edges of a list by number.
class StaticTreeChildren {
 public:
  constexpr StaticTreeChildren(const StaticTree& tree, std::size_t node) : tree_(tree), node_(tree.node(node)) {
    if (node_.edge_count < few) return;
    by_number_.resize(node_.edge_count);
    for (std::size_t i = 0; i < node_.edge_count; ++i) by_number_[i] = nothing_there;
    for (std::size_t edge = node_.first_edge; edge != nothing_there; edge = tree_.edge(edge).next) {
      const std::size_t number = number_of(tree_.name(tree_.edge(edge)));
      if (number < by_number_.size() && by_number_[number] == nothing_there) by_number_[number] = edge;
    }
  }

  [[nodiscard]] constexpr std::size_t size() const noexcept { return node_.edge_count; }
  [[nodiscard]] constexpr std::size_t first_edge() const noexcept { return node_.first_edge; }
  [[nodiscard]] constexpr bool has(std::string_view name) const noexcept {
    for (std::size_t edge = node_.first_edge; edge != nothing_there; edge = tree_.edge(edge).next)
      if (tree_.is_named(tree_.edge(edge), name)) return true;
    return false;
  }

  // The index of the edge of this name. A search begins behind the edge that was found last, because members come in
  // order.
  [[nodiscard]] constexpr std::size_t find(std::string_view name) noexcept {
    if (by_number_.size() != 0 && !name.empty() && name[0] >= '0' && name[0] <= '9') {
      std::size_t number = 0;
      for (const char c : name) number = number * 10 + static_cast<std::size_t>(c - '0');
      if (number < by_number_.size() && by_number_[number] != nothing_there &&
          tree_.is_named(tree_.edge(by_number_[number]), name))
        return by_number_[number];
    }
    const std::size_t start = last_ == nothing_there ? node_.first_edge : last_;
    for (std::size_t edge = start; edge != nothing_there; edge = tree_.edge(edge).next)
      if (tree_.is_named(tree_.edge(edge), name)) return last_ = edge;
    for (std::size_t edge = node_.first_edge; edge != start; edge = tree_.edge(edge).next)
      if (tree_.is_named(tree_.edge(edge), name)) return last_ = edge;
    return nothing_there;
  }

  // The number of a list's element, from its name.
  [[nodiscard]] static constexpr std::size_t number_of(const FileBytes& name) noexcept {
    if (name.size == 0 || name.size > 9) return nothing_there;
    std::size_t number = 0;
    for (std::size_t i = 0; i < name.size; ++i) {
      if (name.data[i] < '0' || name.data[i] > '9') return nothing_there;
      number = number * 10 + (name.data[i] - std::size_t{'0'});
    }
    return number;
  }

 private:
  static constexpr std::size_t few = 16;

  const StaticTree& tree_;
  const StaticTreeNode node_;
  GrowingArray<std::size_t> by_number_;
  std::size_t last_ = nothing_there;
};

}  // namespace CAIRN_NAMESPACE::schema::detail
