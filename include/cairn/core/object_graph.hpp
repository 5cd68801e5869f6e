// ObjectGraph: TensorFlow's object graph. It says which object holds which other one under which name, and which key of
// the bundle holds an object's value.
//
//   node 0 (the root) --"model"--> node 1 --"kernel"--> node 2 { VARIABLE_VALUE: key model/kernel/.ATTRIBUTES/... }
//
//   for (const cairn::ObjectReference child : graph[0].children) use(child.local_name, child.node_id);
//
// The words are those of tensorflow/core/protobuf/trackable_object_graph.proto. format/ decodes and encodes a graph,
// graph/ makes one from a user's struct and matches one with a user's struct, and edit/ changes one.
#pragma once

#include "detail/fail.hpp"
#include "detail/function_ref.hpp"
#include "detail/shown_path.hpp"
#include "detail/vec.hpp"
#include "error.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE {

// The texts of these structs are views: of the graph that they come from, or of what is given to a graph, which copies
// it. `unknown_fields` are the encoded fields of a message that cairn does not know; they are written back behind the
// known fields.

// An edge to a child. The name is not escaped; only the keys of a bundle are.
struct ObjectReference {
  // The number of the child, its name in the parent, and fields of protobuf that cairn does not know.
  std::int32_t node_id = 0;
  std::string_view local_name = {};
  std::string_view unknown_fields = {};

  friend bool operator==(const ObjectReference&, const ObjectReference&) = default;
};

// A value of a node, and the key of the bundle where its elements are.
struct SerializedTensor {
  std::string_view name = {};            // "VARIABLE_VALUE"
  std::string_view full_name = {};       // a variable's name, for people to read; empty for a value that is no variable
  std::string_view checkpoint_key = {};  // "model/kernel/.ATTRIBUTES/VARIABLE_VALUE"
  std::string_view unknown_fields = {};

  friend bool operator==(const SerializedTensor&, const SerializedTensor&) = default;
};

// A slot variable: the state that an optimizer of TensorFlow 1 or Keras 2 has for one variable. The optimizer's node
// holds the reference.
struct SlotVariableReference {
  // The number of the variable, the optimizer's name of the slot ("m"), and the number of the slot variable.
  std::int32_t original_variable_node_id = 0;
  std::string_view slot_name = {};
  std::int32_t slot_variable_node_id = 0;
  std::string_view unknown_fields = {};

  friend bool operator==(const SlotVariableReference&, const SlotVariableReference&) = default;
};

// The saver that a class was registered with (tf.train.experimental.register_checkpoint_saver), and the name of the
// object that it saved.
struct RegisteredSaver {
  // The name of the saver, and the name of the object in the files that it wrote.
  std::string_view name = {};
  std::string_view object_name = {};
  std::string_view unknown_fields = {};

  friend bool operator==(const RegisteredSaver&, const RegisteredSaver&) = default;
};

// The nodes; node 0 is the root. A node id from a file can be any number: require_ids() checks all of them.
//
// A graph can have hundreds of thousands of nodes. Therefore its lists are records of 32-bit numbers, one list behind
// the other, and a record has the places of its texts. A variable takes 64 bytes besides its texts.
class ObjectGraph {
 public:
  // A list of one node. It is a view: it is valid until the graph changes.
  template <class T>
  class Part {
   public:
    // An input iterator, which makes each element when it is read.
    class Iterator {
     public:
      // The elements are values, not references.
      using iterator_category = std::input_iterator_tag;
      using value_type = T;
      using difference_type = std::ptrdiff_t;
      using pointer = const T*;
      using reference = T;

      Iterator() = default;
      Iterator(const Part& part, std::size_t index) noexcept : part_(part), index_(index) {}
      [[nodiscard]] T operator*() const { return part_[index_]; }
      Iterator& operator++() noexcept { return ++index_, *this; }
      Iterator operator++(int) noexcept { return Iterator(part_, index_++); }
      friend bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.index_ == b.index_; }

     private:
      Part part_;
      std::size_t index_ = 0;
    };

    Part() = default;
    // A Part is a view: it is valid until the graph changes or ends. An index must be below size().
    Part(const ObjectGraph& graph, std::uint32_t first, std::uint32_t count) noexcept
        : graph_(&graph), first_(first), count_(count) {}
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] Iterator begin() const noexcept { return {*this, 0}; }
    [[nodiscard]] Iterator end() const noexcept { return {*this, count_}; }
    [[nodiscard]] T operator[](std::size_t index) const {
      return core::detail::VecMemory::check(index < count_), graph_->record<T>(place(index));
    }
    [[nodiscard]] T front() const { return (*this)[0]; }
    [[nodiscard]] T back() const { return (*this)[count_ - 1]; }
    // Returns the part that has the element with that index alone.
    [[nodiscard]] Part only(std::size_t index) const noexcept {
      return {*graph_, static_cast<std::uint32_t>(place(index)), 1};
    }
    // Returns the place of the element in the graph, for ObjectGraph::record().
    [[nodiscard]] std::size_t place(std::size_t index) const noexcept { return first_ + index * words_of<T>; }

    friend bool operator==(const Part& a, const Part& b) {
      bool is_same = a.count_ == b.count_;
      for (std::size_t i = 0; is_same && i < a.count_; ++i) is_same = a[i] == b[i];
      return is_same;
    }

   private:
    const ObjectGraph* graph_ = nullptr;
    std::uint32_t first_ = 0;
    std::uint32_t count_ = 0;
  };

  // An object of the program that was saved.
  struct Node {
    // The lists are views of the graph, each in the order of the file, and empty where the file has none.
    Part<ObjectReference> children;
    Part<SerializedTensor> attributes;
    Part<SlotVariableReference> slot_variables = {};
    std::optional<RegisteredSaver> registered_saver = {};
    // True when the node or a node below it has a value; nullopt in files of early TensorFlow 2, which do not say it.
    std::optional<bool> has_checkpoint_values = {};
    std::string_view unknown_fields = {};
    // The names of the members that were empty when they were saved, as a null pointer is. cairn adds this note, and
    // TensorFlow's readers skip it. Where `children` has an edge of such a name, the edge counts. The checkpoint knows
    // nothing of a name that is in neither list.
    Part<std::string_view> empty_children = {};

    friend bool operator==(const Node&, const Node&) = default;
  };

  ObjectGraph() = default;
  // `text` is what most names and keys are views of, such as an encoded message: a text that lies in it is not copied.
  explicit ObjectGraph(std::string text) : text_(std::move(text)) { (void)number(text_.size()); }

  // Returns the text of which most names and keys are views. size() is the number of nodes.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  [[nodiscard]] bool empty() const noexcept { return nodes_.empty(); }
  // A node is const, so that nothing is assigned to what is only a view.
  template <std::integral Id>
  [[nodiscard]] const Node operator[](Id id) const {
    return node(static_cast<std::size_t>(id));
  }
  // Parts of a node, for loops over many nodes: all that operator[] returns is a lot more.
  [[nodiscard]] Part<ObjectReference> children(std::int32_t id) const noexcept {
    return part<ObjectReference>(nodes_[static_cast<std::size_t>(id)].children);
  }
  [[nodiscard]] Part<SerializedTensor> attributes(std::int32_t id) const noexcept {
    return part<SerializedTensor>(nodes_[static_cast<std::size_t>(id)].attributes);
  }
  [[nodiscard]] Part<SlotVariableReference> slot_variables(std::int32_t id) const noexcept {
    const std::uint32_t word = nodes_[static_cast<std::size_t>(id)].rare_and_values;
    return part<SlotVariableReference>(word < 4 ? List{} : rare_[word / 4 - 1].slot_variables);
  }
  [[nodiscard]] bool has_registered_saver(std::int32_t id) const noexcept {
    const std::uint32_t word = nodes_[static_cast<std::size_t>(id)].rare_and_values;
    return word >= 4 && rare_[word / 4 - 1].saver.count != 0;
  }
  [[nodiscard]] std::string_view unknown_fields() const { return unknown(unknown_fields_); }

  // The element whose place a Part has told.
  template <class T>
  [[nodiscard]] T record(std::size_t place) const {
    const std::uint32_t* const words = words_.data() + place;
    if constexpr (std::same_as<T, ObjectReference>)
      return {static_cast<std::int32_t>(words[2]), text_at(words), unknown(words[3])};
    else if constexpr (std::same_as<T, SerializedTensor>)
      return {text_at(words), text_at(words + 2), text_at(words + 4), unknown(words[6])};
    else if constexpr (std::same_as<T, SlotVariableReference>)
      return {static_cast<std::int32_t>(words[2]), text_at(words), static_cast<std::int32_t>(words[3]),
              unknown(words[4])};
    else if constexpr (std::same_as<T, RegisteredSaver>)
      return {text_at(words), text_at(words + 2), unknown(words[4])};
    else
      return text_at(words);
  }

  // The functions below make a graph. They copy texts, except those that are views of this graph; either all texts of an
  // element are such views, or none is. A new element comes last in its node, and costs least when no other node got an
  // element since the last one. Each function may throw std::bad_alloc, and std::length_error for more than four
  // gigabytes.

  // Adds a node and returns its number; the others add to the end of a list of `node`.
  std::int32_t add_node() {
    forget_parents();
    nodes_.push_back({});
    return static_cast<std::int32_t>(nodes_.size() - 1);
  }
  void add_child(std::int32_t node, const ObjectReference& child) {
    const std::uint32_t name = keep(child.local_name), unknown = keep_unknown(child.unknown_fields);
    std::uint32_t* const words = append<ObjectReference>(place_of(node).children);
    put(words, name, child.local_name);
    words[2] = static_cast<std::uint32_t>(child.node_id);
    words[3] = unknown;
  }
  void add_attribute(std::int32_t node, const SerializedTensor& attribute) {
    const std::uint32_t name = keep_as_before(attribute.name, 0), full_name = keep_as_before(attribute.full_name, 2);
    const std::uint32_t key = keep(attribute.checkpoint_key), unknown = keep_unknown(attribute.unknown_fields);
    std::uint32_t* const words = append<SerializedTensor>(place_of(node).attributes);
    put(words, name, attribute.name);
    put(words + 2, full_name, attribute.full_name);
    put(words + 4, key, attribute.checkpoint_key);
    words[6] = unknown;
    last_attribute_ = static_cast<std::size_t>(words - words_.data());
  }
  void add_slot_variable(std::int32_t node, const SlotVariableReference& slot) {
    const std::uint32_t name = keep(slot.slot_name), unknown = keep_unknown(slot.unknown_fields);
    put_slot(append<SlotVariableReference>(rare_of(node).slot_variables), name, slot, unknown);
  }
  void add_empty_child(std::int32_t node, std::string_view name) {
    const std::uint32_t at = keep(name);
    put(append<std::string_view>(rare_of(node).empty_children), at, name);
  }
  void set_registered_saver(std::int32_t node, const RegisteredSaver& saver) {
    const std::uint32_t name = keep(saver.name), object = keep(saver.object_name);
    const std::uint32_t unknown = keep_unknown(saver.unknown_fields);
    List& list = rare_of(node).saver;
    std::uint32_t* const words = list.count == 0 ? append<RegisteredSaver>(list) : words_.data() + list.first;
    put(words, name, saver.name);
    put(words + 2, object, saver.object_name);
    words[4] = unknown;
  }
  void set_has_checkpoint_values(std::int32_t node, std::optional<bool> has_them) {
    std::uint32_t& word = place_of(node).rare_and_values;
    word = word / 4 * 4 + (has_them ? *has_them ? 2 : 1 : 0);
  }
  void set_unknown_fields(std::int32_t node, std::string_view fields) {
    if (fields.empty() && place_of(node).rare_and_values < 4) return;
    const std::uint32_t number = keep_unknown(fields);
    rare_of(node).unknown = number;
  }
  void set_unknown_fields(std::string_view fields) { unknown_fields_ = keep_unknown(fields); }
  // Adds a node with all that a node of a graph has, this one or another. `id_of` gives the new ids of the nodes that it
  // refers to; a reference to a node without one, for which it gives a negative number, is left out.
  std::int32_t add_node_of(const ObjectGraph& from, std::int32_t id,
                           core::detail::FunctionRef<std::int32_t(std::int32_t)> id_of) {
    const std::int32_t to = add_node();
    add_to_node_of(to, from, id, id_of);
    return to;
  }
  // Adds all of this to a node that is there.
  void add_to_node_of(std::int32_t to, const ObjectGraph& from, std::int32_t id,
                      core::detail::FunctionRef<std::int32_t(std::int32_t)> id_of) {
    const Node node = from[id];
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      ObjectReference child = node.children[i];
      if ((child.node_id = id_of(child.node_id)) >= 0) add_child(to, child);
    }
    for (std::size_t i = 0; i < node.attributes.size(); ++i) add_attribute(to, node.attributes[i]);
    for (std::size_t i = 0; i < node.slot_variables.size(); ++i) {
      SlotVariableReference slot = node.slot_variables[i];
      slot.original_variable_node_id = id_of(slot.original_variable_node_id);
      if (slot.original_variable_node_id < 0) continue;
      slot.slot_variable_node_id = id_of(slot.slot_variable_node_id);
      if (slot.slot_variable_node_id >= 0) add_slot_variable(to, slot);
    }
    for (std::size_t i = 0; i < node.empty_children.size(); ++i) add_empty_child(to, node.empty_children[i]);
    if (node.registered_saver) set_registered_saver(to, *node.registered_saver);
    set_has_checkpoint_values(to, node.has_checkpoint_values);
    set_unknown_fields(to, node.unknown_fields);
  }

  // Changing it. `index` is that of an element in the node's list.

  // set_child changes where an edge leads, and its name; set_key changes the key of a value.
  void set_child(std::int32_t node, std::size_t index, std::int32_t child) {
    forget_parents();
    words_[children(node).place(index) + 2] = static_cast<std::uint32_t>(child);
  }
  void set_child(std::int32_t node, std::size_t index, std::int32_t child, std::string_view name) {
    set_child(node, index, child);
    const std::uint32_t at = keep(name);
    put(words_.data() + children(node).place(index), at, name);
  }
  void set_key(std::int32_t node, std::size_t attribute, std::string_view key) {
    const std::uint32_t at = keep(key);
    put(words_.data() + attributes(node).place(attribute) + 4, at, key);
  }
  // The reference's unknown fields stay.
  void set_slot_variable(std::int32_t node, std::size_t index, const SlotVariableReference& slot) {
    forget_parents();
    const std::uint32_t name = keep(slot.slot_name);
    std::uint32_t* const words = words_.data() + (*this)[node].slot_variables.place(index);
    put_slot(words, name, slot, words[4]);
  }
  // These functions erase the elements for which is_erased(element) is true, and return the number of them.
  template <class IsErased>
  std::size_t erase_children(std::int32_t node, const IsErased& is_erased) {
    return erase<ObjectReference>(place_of(node).children, is_erased);
  }
  template <class IsErased>
  std::size_t erase_attributes(std::int32_t node, const IsErased& is_erased) {
    return erase<SerializedTensor>(place_of(node).attributes, is_erased);
  }
  template <class IsErased>
  std::size_t erase_slot_variables(std::int32_t node, const IsErased& is_erased) {
    if (place_of(node).rare_and_values < 4) return 0;
    return erase<SlotVariableReference>(rare_of(node).slot_variables, is_erased);
  }
  template <class IsErased>
  std::size_t erase_empty_children(std::int32_t node, const IsErased& is_erased) {
    if (place_of(node).rare_and_values < 4) return 0;
    return erase<std::string_view>(rare_of(node).empty_children, is_erased);
  }

  // Throws Error with ErrorCode::data_loss when there is no node, or an id points to none. Cycles and nodes that nobody
  // reaches are legal. `file` is for the message.
  void require_ids(const std::string& file) const {
    const auto require = [&](std::int32_t id) {
      if (id < 0 || static_cast<std::size_t>(id) >= size()) refuse_id(id, file);
    };
    if (empty()) require(0);
    for (std::size_t id = 0; id < size(); ++id) {
      const Node node = (*this)[static_cast<std::int32_t>(id)];
      for (const ObjectReference child : node.children) require(child.node_id);
      for (const SlotVariableReference slot : node.slot_variables) {
        require(slot.original_variable_node_id);
        require(slot.slot_variable_node_id);
      }
    }
  }

  // Paths. All ids must be right (require_ids). The first call after a change looks for each node's first parent; when
  // several threads may call these, find_parents() comes before.

  // Looks for the first parent of each node, unless that was done since the last change.
  void find_parents() const {
    if (!parents_.empty()) return;
    parents_.resize(size());
    core::detail::Vec<std::int32_t> queue{0};
    queue.reserve(size());
    for (std::size_t next = 0; next < queue.size(); ++next) {
      const Part<ObjectReference> of_node = children(queue[next]);
      for (std::size_t i = 0; i < of_node.size(); ++i) {
        const std::uint32_t* const words = words_.data() + of_node.place(i);
        Parent& parent = parents_[words[2]];
        if (words[2] == 0 || parent.node >= 0) continue;
        parent = {queue[next], words[0], words[1]};
        queue.push_back(static_cast<std::int32_t>(words[2]));
      }
    }
    if (rare_.empty()) return;
    for (std::size_t id = 0; id < size(); ++id) {
      const Part<SlotVariableReference> slots = (*this)[static_cast<std::int32_t>(id)].slot_variables;
      for (std::size_t i = 0; i < slots.size(); ++i) {
        const std::uint32_t* const words = words_.data() + slots.place(i);
        Parent& parent = parents_[words[3]];
        if (words[3] != 0 && parent.node == -1)
          parent = {-2 - static_cast<std::int32_t>(id), words[0], words[1], static_cast<std::int32_t>(words[2])};
      }
    }
  }
  // The first parent's id, breadth first from the root, and the name that it has for the node; -1 for the root and for
  // what nobody reaches.
  [[nodiscard]] std::int32_t parent(std::int32_t id) const {
    const std::int32_t parent = parent_of(id).node;
    return parent < 0 ? -1 : parent;
  }
  [[nodiscard]] std::string_view local_name(std::int32_t id) const { return text_at(&parent_of(id).name); }
  [[nodiscard]] bool is_reached(std::int32_t id) const { return id == 0 || parent_of(id).node >= 0; }
  // True for the state that an optimizer of TensorFlow 1 or Keras 2 keeps for a variable, and nobody else holds.
  [[nodiscard]] bool is_slot_variable(std::int32_t id) const {
    const std::int32_t origin = origin_of(id);
    return origin >= 0 && parents_of_origins()[static_cast<std::size_t>(origin)].node < -1;
  }

  // The node's path from the root: "model.kernel". Slot variables, which are no one's children, are called
  // "(root).optimizer's state 'm' for (root).kernel", as TensorFlow does; other nodes that nobody reaches by their key,
  // or "(node 7)". Made when asked for: in a deep graph all paths together would be far larger than the file.
  [[nodiscard]] std::string path(std::int32_t id) const {
    const std::int32_t origin = origin_of(id);
    find_parents();
    return origin < 0 ? path_in(parents_, id) : path_in(parents_of_origins(), origin);
  }
  // Returns path(id), and behind it the path that a rename has given the node: "weights (renamed to kernel)".
  [[nodiscard]] std::string path_with_rename(std::int32_t id) const {
    std::string path = this->path(id);
    if (old_parents_.empty() || origin_of(id) < 0 || !is_reached(id)) return path;
    const std::string renamed = path_in(parents_, id);
    return renamed == path ? path : path + " (renamed to " + renamed + ")";
  }

  // Keeps the paths that nodes have now, for a rename: path() returns them after every later change. A node that is
  // added later as a copy of another node has the path of that node.
  void keep_paths() {
    find_parents();
    old_parents_ = std::move(parents_);
    parents_.clear();
  }
  // `origin` is the node that the last node is a copy of.
  void set_origin(std::int32_t origin) {
    origins_.resize(size() - old_parents_.size(), -1);
    origins_.back() = origin_of(origin);
  }
  // The node that a node was before the paths were kept, or is a copy of; -1 for one that the rename has made, to hold
  // what it puts there.
  [[nodiscard]] std::int32_t origin_of(std::int32_t id) const {
    const auto number = static_cast<std::size_t>(id);
    if (old_parents_.empty() || number < old_parents_.size()) return id;
    return number - old_parents_.size() < origins_.size() ? origins_[number - old_parents_.size()] : -1;
  }
  // True where the same saved value is asked for once more.
  [[nodiscard]] bool is_copy(std::int32_t id) const noexcept {
    return !old_parents_.empty() && static_cast<std::size_t>(id) >= old_parents_.size();
  }

  // True when both say the same. Whether they are renamed plays no part.
  friend bool operator==(const ObjectGraph& a, const ObjectGraph& b) {
    bool is_same = a.size() == b.size() && a.unknown_fields() == b.unknown_fields();
    for (std::size_t id = 0; is_same && id < a.size(); ++id)
      is_same = a[static_cast<std::int32_t>(id)] == b[static_cast<std::int32_t>(id)];
    return is_same;
  }

 private:
  // Records of one kind, one behind the other in words_.
  struct List {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };
  struct Place {
    List children;
    List attributes;
    // 4 * (the index in rare_ + 1), or 0 for the many nodes that have none; plus 2 for a node with values, 1 for one
    // without, 0 where the file does not say it.
    std::uint32_t rare_and_values = 0;
  };
  struct Rare {
    List slot_variables;
    List empty_children;
    List saver;
    std::uint32_t unknown = 0;
  };
  struct Parent {
    std::int32_t node = -1;  // -2 - the optimizer's id for a slot variable that nobody holds
    std::uint32_t name = 0;  // the place of the name and its length
    std::uint32_t size = 0;
    std::int32_t variable = -1;
  };
  // How many words a record takes: two for a text.
  template <class T>
  static constexpr std::size_t words_of = std::same_as<T, ObjectReference>    ? 4
                                          : std::same_as<T, SerializedTensor> ? 7
                                          : std::same_as<T, std::string_view> ? 2
                                                                              : 5;
  // The first word of a free record: no other begins with it.
  static constexpr std::uint32_t free_word = static_cast<std::uint32_t>(-1);

  template <class T>
  [[nodiscard]] Part<T> part(const List& list) const noexcept {
    return {*this, list.first, list.count};
  }
  [[nodiscard]] Node node(std::size_t id) const {
    const Place& place = nodes_[id];
    Node node{part<ObjectReference>(place.children), part<SerializedTensor>(place.attributes)};
    if (const std::uint32_t values = place.rare_and_values % 4; values != 0) node.has_checkpoint_values = values == 2;
    if (place.rare_and_values >= 4) add_rare(node, rare_[place.rare_and_values / 4 - 1]);
    return node;
  }
  void add_rare(Node& node, const Rare& rare) const {
    node.slot_variables = part<SlotVariableReference>(rare.slot_variables);
    if (rare.saver.count != 0) node.registered_saver = record<RegisteredSaver>(rare.saver.first);
    node.unknown_fields = unknown(rare.unknown);
    node.empty_children = part<std::string_view>(rare.empty_children);
  }
  [[nodiscard]] Place& place_of(std::int32_t node) { return nodes_[static_cast<std::size_t>(node)]; }
  [[nodiscard]] Rare& rare_of(std::int32_t node) {
    std::uint32_t& word = place_of(node).rare_and_values;
    if (word < 4) {
      rare_.push_back({});
      word += 4 * number(rare_.size());
    }
    return rare_[word / 4 - 1];
  }
  void forget_parents() noexcept { parents_.clear(); }

  [[nodiscard]] static std::uint32_t number(std::size_t size) {
    if (size >= free_word) throw std::length_error("an object graph takes more than four gigabytes");
    return static_cast<std::uint32_t>(size);
  }
  // Texts lie in text_, and behind its end in more_, so that those in text_ stay where they are.
  [[nodiscard]] std::string_view text_at(const std::uint32_t* words) const noexcept {
    return words[0] < text_.size() ? std::string_view(text_.data() + words[0], words[1])
                                   : std::string_view(more_.data() + (words[0] - text_.size()), words[1]);
  }
  [[nodiscard]] std::uint32_t keep(std::string_view text) {
    const std::size_t in_text = offset_in(text_, text), in_more = offset_in(more_, text);
    if (in_text < text_.size()) return static_cast<std::uint32_t>(in_text);
    if (in_more < more_.size()) return static_cast<std::uint32_t>(text_.size() + in_more);
    const std::uint32_t at = number(text_.size() + more_.size());
    (void)number(std::size_t{at} + text.size());
    more_ += text;
    return at;
  }
  // Does what keep() does, for a text that most attributes have in common: it takes the text of the attribute before
  // again where the two are equal.
  [[nodiscard]] std::uint32_t keep_as_before(std::string_view text, std::size_t word) {
    if (const std::size_t in_text = offset_in(text_, text); in_text < text_.size())
      return static_cast<std::uint32_t>(in_text);
    const bool is_same = last_attribute_ != no_attribute && text_at(&words_[last_attribute_ + word]) == text;
    return is_same ? words_[last_attribute_ + word] : keep(text);
  }
  [[nodiscard]] static std::size_t offset_in(const std::string& whole, std::string_view part) noexcept {
    return reinterpret_cast<std::size_t>(part.data()) - reinterpret_cast<std::size_t>(whole.data());
  }
  static void put(std::uint32_t* words, std::uint32_t at, std::string_view text) noexcept {
    words[0] = at;
    words[1] = static_cast<std::uint32_t>(text.size());
  }
  static void put_slot(std::uint32_t* words, std::uint32_t name, const SlotVariableReference& slot,
                       std::uint32_t unknown) noexcept {
    put(words, name, slot.slot_name);
    words[2] = static_cast<std::uint32_t>(slot.original_variable_node_id);
    words[3] = static_cast<std::uint32_t>(slot.slot_variable_node_id);
    words[4] = unknown;
  }
  [[nodiscard]] std::string_view unknown(std::uint32_t number) const noexcept {
    return number == 0 ? std::string_view() : text_at(&unknown_[2 * (number - 1)]);
  }
  [[nodiscard]] std::uint32_t keep_unknown(std::string_view fields) {
    if (fields.empty()) return 0;
    const std::uint32_t at = keep(fields);
    unknown_.push_back(at);
    unknown_.push_back(static_cast<std::uint32_t>(fields.size()));
    return number(unknown_.size() / 2);
  }

  // Makes room for one more record of a list. Where something else lies behind the list, the list moves to the end, with
  // room for as many again.
  template <class T>
  [[nodiscard]] std::uint32_t* append(List& list) {
    return append(list, words_of<T>);
  }
  [[nodiscard]] std::uint32_t* append(List& list, std::size_t size) {
    forget_parents();
    if (list.count == 0) list.first = number(words_.size());
    const std::size_t used = list.count * size;
    std::size_t end = list.first + used;
    if (end == words_.size()) {
      words_.resize(number(end + size));
    } else {
      bool is_free = end + size <= words_.size();
      for (std::size_t i = 0; is_free && i < size; ++i) is_free = words_[end + i] == free_word;
      if (!is_free) {
        const std::size_t moved = number(words_.size() + 2 * used) - 2 * used;
        words_.resize(moved + 2 * used, free_word);
        core::detail::VecMemory::copy(&words_[moved], &words_[list.first], used * sizeof(std::uint32_t));
        list.first = static_cast<std::uint32_t>(moved);
        end = moved + used;
      }
    }
    ++list.count;
    return words_.data() + end;
  }
  template <class T, class IsErased>
  std::size_t erase(List& list, const IsErased& is_erased) {
    forget_parents();
    last_attribute_ = no_attribute;
    std::uint32_t* to = words_.data() + list.first;
    const std::uint32_t count = std::exchange(list.count, 0);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t place = list.first + i * words_of<T>;
      if (is_erased(record<T>(place))) continue;
      for (std::size_t word = 0; word < words_of<T>; ++word) *to++ = words_[place + word];
      ++list.count;
    }
    for (; to != words_.data() + list.first + count * words_of<T>; ++to) *to = free_word;
    return count - list.count;
  }

  [[noreturn]] void refuse_id(std::int32_t id, const std::string& file) const {
    core::detail::fail(
        ErrorCode::data_loss,
        {"the object graph in ", file, " refers to node ", id, ", but has only nodes 0 to ",
         static_cast<std::int64_t>(size()) - 1, "; the file is damaged or was not written by TensorFlow"},
        {.file = file, .expected = "a node id below " + std::to_string(size()), .found = std::to_string(id)});
  }

  [[nodiscard]] const Parent& parent_of(std::int32_t id) const {
    find_parents();
    return parents_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] const core::detail::Vec<Parent>& parents_of_origins() const {
    find_parents();
    return old_parents_.empty() ? parents_ : old_parents_;
  }
  [[nodiscard]] std::string path_in(const core::detail::Vec<Parent>& parents, std::int32_t id) const {
    const Parent* at = &parents[static_cast<std::size_t>(id)];
    core::detail::ShownPath path;
    if (at->node < -1) {
      path.prepend(text_at(&at->name));
      return path_from_root(parents, -2 - at->node) + "'s state '" + std::move(path).text() + "' for " +
             path_from_root(parents, at->variable);
    }
    if (id != 0 && at->node == -1) {
      const Part<SerializedTensor> values = attributes(id);
      return values.empty() ? "(node " + std::to_string(id) + ")" : std::string(values[0].checkpoint_key);
    }
    for (; at->node >= 0 && !path.is_full(); at = &parents[static_cast<std::size_t>(at->node)])
      path.prepend(text_at(&at->name));
    return std::move(path).text();
  }
  // A hostile graph may say that a slot variable's variable is a slot variable again.
  [[nodiscard]] std::string path_from_root(const core::detail::Vec<Parent>& parents, std::int32_t id) const {
    if (id == 0) return "(root)";
    if (parents[static_cast<std::size_t>(id)].node < 0) return "(root).(node " + std::to_string(id) + ")";
    return "(root)." + path_in(parents, id);
  }

  static constexpr std::size_t no_attribute = static_cast<std::size_t>(-1);

  core::detail::Vec<Place> nodes_;
  core::detail::Vec<Rare> rare_;
  core::detail::Vec<std::uint32_t> words_;
  core::detail::Vec<std::uint32_t> unknown_;  // the place and the length of each text of unknown fields
  std::string text_;
  std::string more_;
  std::uint32_t unknown_fields_ = 0;
  std::size_t last_attribute_ = no_attribute;  // in words_
  mutable core::detail::Vec<Parent> parents_;  // by node, or none while they are not known
  core::detail::Vec<Parent> old_parents_;      // those before a rename
  core::detail::Vec<std::int32_t> origins_;    // those of the nodes behind them
};

// TensorFlow's names of a graph and of a node (trackable_object_graph.proto).
using TrackableObjectGraph = ObjectGraph;
using TrackableObject = ObjectGraph::Node;

}  // namespace CAIRN_NAMESPACE
