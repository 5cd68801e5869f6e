// FlatGraph: an object graph of very many nodes, in a third of the memory that TrackableObjectGraph takes. A few lists
// are shared by all nodes, and the texts are views: of the encoded message, of another graph, or of blocks of its own.
// A walk over a user's state makes one, and a restore makes one of the graph in a file.
//
//   const FlatGraph graph = FlatGraph::of(message);                        // or format::decode_flat_graph(bytes)
//   for (const FlatGraph::Child& child : graph[0].children) use(child.local_name, child.node_id);
#pragma once

#include "../object_graph.hpp"
#include "function_ref.hpp"
#include "own.hpp"
#include "text_pool.hpp"
#include "vec.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::core::detail {

// The names are those of the structs in core/object_graph.hpp. Unknown fields are left out; a graph from a file has no
// full_name either, because a restore does not look at them.
class FlatGraph {
 public:
  struct Child {
    std::string_view local_name;
    std::int32_t node_id = 0;
  };
  struct Attribute {
    std::string_view name;
    std::string_view checkpoint_key;
  };
  struct SlotVariable {
    std::string_view slot_name;
    std::int32_t original_variable_node_id = 0;
    std::int32_t slot_variable_node_id = 0;
  };
  struct Saver {
    std::string_view name;
    std::string_view object_name;
  };
  // Elements that lie in a row. A std::span of them would cost a compiler ten times as many functions.
  template <class T>
  struct Part {
    const T* first = nullptr;
    std::size_t count = 0;

    [[nodiscard]] std::size_t size() const noexcept { return count; }
    [[nodiscard]] bool empty() const noexcept { return count == 0; }
    [[nodiscard]] const T* begin() const noexcept { return first; }
    [[nodiscard]] const T* end() const noexcept { return first + count; }
    [[nodiscard]] const T& operator[](std::size_t index) const noexcept {
      return VecMemory::check(index < count), first[index];
    }
  };
  struct Node {
    Part<Child> children;
    Part<Attribute> attributes;
    Part<SlotVariable> slot_variables;
    const Saver* registered_saver;
    std::optional<bool> has_checkpoint_values;
    Part<Child> empty_children;  // their node_id is -1
  };

  FlatGraph() = default;
  FlatGraph(FlatGraph&&) noexcept = default;
  FlatGraph& operator=(FlatGraph&&) noexcept = default;
  FlatGraph(const FlatGraph&) = delete;
  FlatGraph& operator=(const FlatGraph&) = delete;
  ~FlatGraph() = default;

  // The flat graph refers to the texts of `graph`, which must outlive it.
  [[nodiscard]] static FlatGraph of(const TrackableObjectGraph& graph) {
    FlatGraph flat;
    flat.nodes_.reserve(graph.nodes.size());
    std::size_t children = 0;
    std::size_t attributes = 0;
    for (const TrackableObject& node : graph.nodes) {
      children += node.children.size();
      attributes += node.attributes.size();
    }
    flat.children_.reserve(children);
    flat.attributes_.reserve(attributes);
    for (const TrackableObject& node : graph.nodes) {
      flat.begin_node();
      for (const ObjectReference& child : node.children) flat.add(Child{child.local_name, child.node_id});
      for (const SerializedTensor& each : node.attributes) flat.add(Attribute{each.name, each.checkpoint_key});
      for (const SlotVariableReference& slot : node.slot_variables)
        flat.add(SlotVariable{slot.slot_name, slot.original_variable_node_id, slot.slot_variable_node_id});
      if (node.registered_saver)
        flat.registered_saver() = {node.registered_saver->name, node.registered_saver->object_name};
      if (node.has_checkpoint_values) flat.set_has_checkpoint_values(*node.has_checkpoint_values);
      for (const std::string& name : node.empty_children) flat.add_empty_child(name);
    }
    return flat;
  }
  [[nodiscard]] TrackableObjectGraph structs() const {
    TrackableObjectGraph graph;
    graph.nodes.reserve(size());
    for (std::size_t id = 0; id < size(); ++id) {
      const Node from = (*this)[static_cast<std::int32_t>(id)];
      TrackableObject& node = graph.nodes.emplace_back();
      for (const Child& child : from.children) node.children.push_back({child.node_id, std::string(child.local_name)});
      for (const Attribute& each : from.attributes)
        node.attributes.push_back(
            {std::string(each.name), std::string(full_name(each)), std::string(each.checkpoint_key)});
      for (const SlotVariable& slot : from.slot_variables)
        node.slot_variables.push_back(
            {slot.original_variable_node_id, std::string(slot.slot_name), slot.slot_variable_node_id});
      if (from.registered_saver != nullptr)
        node.registered_saver =
            RegisteredSaver{std::string(from.registered_saver->name), std::string(from.registered_saver->object_name)};
      node.has_checkpoint_values = from.has_checkpoint_values;
      for (const Child& empty : from.empty_children) node.empty_children.push_back(std::string(empty.local_name));
    }
    return graph;
  }

  // Takes over the one text that the names and keys are views of, such as an encoded message, and returns a view that
  // is valid as long as the graph lives. Call it once: a second call frees the first text, and its views dangle.
  [[nodiscard]] std::string_view keep(std::string text) {
    text_ = make_own<std::string>(std::move(text));
    return *text_;
  }
  // Copies the text; the view that is returned is valid as long as the graph lives. Call it as often as you like.
  [[nodiscard]] std::string_view keep_copy(std::string_view text) { return texts_.keep(text); }
  // Begins the next node. Whatever is added after this call belongs to that node.
  void begin_node() { nodes_.push_back({children_.size(), 4 * attributes_.size()}); }
  void add(const Child& child) { children_.push_back(child); }
  void add(const Attribute& attribute) { attributes_.push_back(attribute); }
  // Give either all attributes a full name, or none.
  void add(const Attribute& attribute, std::string_view full_name) {
    add(attribute);
    full_names_.push_back(full_name);
  }
  void add(const SlotVariable& slot) {
    add_rare();
    slot_variables_.push_back(slot);
  }
  // Adds slot variables to a node that may be any of those begun: they are known only when all nodes are there.
  void add(std::size_t node, const Vec<SlotVariable>& slots) {
    std::size_t rare = rare_of(node);
    if (rare == rare_.size() || rare_[rare].node != node) {
      Rare added = rare_from(rare);
      added.node = node;
      rare_.insert(rare_.begin() + rare, added);
    }
    slot_variables_.insert(slot_variables_of(rare).end(), slots.begin(), slots.end());
    while (++rare != rare_.size()) rare_[rare].slot_variables += slots.size();
  }
  void add_empty_child(std::string_view name) {
    add_rare();
    empty_children_.push_back({name, -1});
  }
  [[nodiscard]] Saver& registered_saver() {
    add_rare();
    return savers_.size() > rare_.back().savers ? savers_.back() : savers_.emplace_back();
  }
  void set_has_checkpoint_values(bool has_them) { set_has_checkpoint_values(nodes_.size() - 1, has_them); }
  void set_has_checkpoint_values(std::size_t node, bool has_them) {
    nodes_[node].set_values(has_them ? Values::yes : Values::no);
  }

  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  [[nodiscard]] Node operator[](std::int32_t id) const {
    const auto number = static_cast<std::size_t>(id);
    const Place& place = nodes_[number];
    const bool is_last = number + 1 == nodes_.size();
    Node node{part(children_, place.children, is_last ? children_.size() : nodes_[number + 1].children),
              part(attributes_, place.attributes(), is_last ? attributes_.size() : nodes_[number + 1].attributes()),
              {},
              nullptr,
              std::nullopt,
              {}};
    if (place.values() != Values::unknown) node.has_checkpoint_values = place.values() == Values::yes;
    if (rare_.empty()) return node;
    const std::size_t rare = rare_of(number);
    if (rare != rare_.size() && rare_[rare].node == number) {
      node.slot_variables = slot_variables_of(rare);
      const Rare begin = rare_[rare], end = rare_from(rare + 1);
      if (begin.savers < end.savers) node.registered_saver = &savers_[begin.savers];
      node.empty_children = part(empty_children_, begin.empty_children, end.empty_children);
    }
    return node;
  }
  // Calls use(node id, SlotVariable) for each slot variable of each node, in the order of the nodes.
  void for_each_slot_variable(FunctionRef<void(std::int32_t, const SlotVariable&)> use) const {
    for (std::size_t rare = 0; rare < rare_.size(); ++rare)
      for (const SlotVariable& slot : slot_variables_of(rare)) use(static_cast<std::int32_t>(rare_[rare].node), slot);
  }
  // The edges of all nodes, one node behind the other: an edge's index in this list identifies it.
  [[nodiscard]] const Vec<Child>& children() const noexcept { return children_; }
  [[nodiscard]] const Vec<Attribute>& attributes() const noexcept { return attributes_; }
  // The full name of `attribute`, which must be an element of attributes(); empty when the graph has no full names.
  [[nodiscard]] std::string_view full_name(const Attribute& attribute) const {
    return full_names_.empty() ? std::string_view()
                               : full_names_[static_cast<std::size_t>(&attribute - attributes_.data())];
  }
  // The index in children() where the edges of node `id` begin; size() as `id` gives children().size().
  [[nodiscard]] std::size_t first_child(std::int32_t id) const {
    const auto number = static_cast<std::size_t>(id);
    return number < nodes_.size() ? nodes_[number].children : children_.size();
  }

 private:
  enum class Values : std::uint8_t { unknown, no, yes };  // unknown is 0
  // Where the lists of one node begin, in 16 bytes, since there may be hundreds of thousands of nodes.
  struct Place {
    std::size_t children;               // the index in children_
    std::size_t attributes_and_values;  // the index in attributes_ times four, plus the node's Values

    [[nodiscard]] std::size_t attributes() const noexcept { return attributes_and_values / 4; }
    [[nodiscard]] Values values() const noexcept { return static_cast<Values>(attributes_and_values % 4); }
    void set_values(Values values) noexcept {
      attributes_and_values = 4 * attributes() + static_cast<std::size_t>(values);
    }
  };
  struct Rare {
    std::size_t node;
    std::size_t slot_variables;  // these three are where the node's elements begin in the lists
    std::size_t savers;
    std::size_t empty_children;
  };
  // The index in rare_ of the node, or of the first one behind it where it is not there.
  [[nodiscard]] std::size_t rare_of(std::size_t node) const noexcept {
    std::size_t begin = 0, end = rare_.size();
    while (begin < end) {
      const std::size_t middle = begin + (end - begin) / 2;
      if (rare_[middle].node < node)
        begin = middle + 1;
      else
        end = middle;
    }
    return begin;
  }
  // The entry of that index in rare_. Behind the last one it is that of a node without elements, the last of all.
  [[nodiscard]] Rare rare_from(std::size_t index) const noexcept {
    if (index < rare_.size()) return rare_[index];
    return {nodes_.size() - 1, slot_variables_.size(), savers_.size(), empty_children_.size()};
  }
  void add_rare() {
    if (rare_.empty() || rare_.back().node != nodes_.size() - 1) rare_.push_back(rare_from(rare_.size()));
  }
  [[nodiscard]] Part<SlotVariable> slot_variables_of(std::size_t rare) const {
    return part(slot_variables_, rare_[rare].slot_variables, rare_from(rare + 1).slot_variables);
  }
  template <class T>
  [[nodiscard]] static Part<T> part(const Vec<T>& list, std::size_t begin, std::size_t end) noexcept {
    return {list.data() + begin, end - begin};
  }

  Vec<Place> nodes_;
  Vec<Child> children_;
  Vec<Attribute> attributes_;
  Vec<std::string_view> full_names_;  // one for each attribute, or none at all
  Vec<SlotVariable> slot_variables_;
  Vec<Saver> savers_;
  Vec<Child> empty_children_;
  Vec<Rare> rare_;  // the few nodes that have slot variables, a saver or empty children
  TextPool texts_;
  Own<std::string> text_;
};

}  // namespace cairn::core::detail
