// The walk over a user's state: breadth first from the root, children in the order their parents list them, each object
// once. Node ids, child order and keys are TensorFlow's (python/checkpoint/graph_view.py).
//
//   LiveGraph live = walk(root);   // live.graph is what is saved, live.objects[i] the user's object of node i
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/hash_index.hpp"
#include "../../core/detail/keys.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "../named_tensors.hpp"
#include "graph_walks.hpp"
#include "object.hpp"
#include "object_set.hpp"
#include "pointer_feature.hpp"
#include "root.hpp"
#include "savers.hpp"
#include "slot_variable_set.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::graph::detail {

// An object that is several tensors.
struct LiveTensors {
  std::int32_t node = 0;
  NamedTensors tensors;
  std::vector<std::string> keys;  // of each
};

struct LiveGraph {
  ObjectGraph graph;
  core::detail::Vec<Object> objects;              // by node id; node 0 is empty when the root has no object
  core::detail::Vec<LiveTensors> tensors;         // in the order of their nodes
  core::detail::Own<WalkedSlots> slots;           // null where no object has a SlotFeature
  core::detail::Own<SavedBySavers> by_savers;     // null where no object is left to a saver
  core::detail::Vec<std::shared_ptr<void>> kept;  // copies that classes with their own save() made for this walk
};

// One pass of walk(): makes a LiveGraph, node by node. Loose edges lead to what `known` has; what `as_nodes` has is
// saved as a list of nodes.
class Walk {
 public:
  Walk(const Root& root, const ObjectSet& known, const ObjectSet& as_nodes) : known_(known), as_nodes_(as_nodes) {
    (void)id_of(in_its_form(root.object));
    for (std::size_t id = 0; id < live_.objects.size(); ++id) visit(root, id);
  }

  // Null when no place was met that has it.
  [[nodiscard]] const PointerFeature* pointers() const noexcept { return pointers_; }
  // walk_pointers.hpp
  [[nodiscard]] bool follow(const Child& child, const Object& target);
  [[nodiscard]] ObjectSet pointed_lists() const;
  [[nodiscard]] bool met_loose() const noexcept { return met_loose_; }

  [[nodiscard]] LiveGraph take() && { return std::move(live_); }

 private:
  // The edge over which a node was met first.
  struct From {
    std::uint32_t parent;
    std::uint32_t child;  // among the parent's
  };

  void visit(const Root& root, std::size_t id) {
    const Object object = live_.objects[id];
    const std::int32_t node = live_.graph.add_node();
    find_path(id);
    if (savers_ != nullptr && object && savers_->save(object, path_, live_)) {
      // It has no values of its own in the checkpoint.
    } else if (const LeafType* leaf = object ? object.type->leaf() : nullptr) {
      const std::size_t path_size = path_.size();
      path_ += core::detail::variable_value_suffix;
      live_.graph.add_attribute(node, {core::detail::variable_value, leaf->full_name(object.address), path_});
      path_.resize(path_size);
    } else if (const SeveralTensorsType* type = object ? object.type->several_tensors() : nullptr) {
      type->walk(object.address, path_, live_);
    }
    if (const SlotFeature* const feature = object ? object.type->slot_feature() : nullptr) {
      if (live_.slots == nullptr) live_.slots = feature->walked();
      live_.slots->note(node, path_, object);
    }
    const auto note_child = [&](const Child& child) { add_child(id, child); };
    if (object) object.type->children(object.address, note_child);
    if (id == 0) root.list_added(note_child);
    for (const std::string& name : empty_) live_.graph.add_empty_child(node, name);
    empty_.clear();
  }

  [[nodiscard]] Object in_its_form(Object object) const {
    if (object && as_nodes_.contains(object)) object.type = object.type->as_list();
    return object;
  }

  void add_child(std::size_t parent, const Child& child) {
    const Object target = in_its_form(child.slot.get());
    if (const PointerFeature* const feature = child.slot.type->pointer_feature()) {
      pointers_ = feature;
      if (!feature->follow(*this, child, target)) return;
    }
    const auto node = static_cast<std::int32_t>(parent);
    const auto [id, is_new] = id_of(target);
    if (is_new)
      from_.push_back(
          {static_cast<std::uint32_t>(parent), static_cast<std::uint32_t>(live_.graph.children(node).size())});
    if (child.kept != nullptr) live_.kept.push_back(child.kept);
    live_.graph.add_child(node, {static_cast<std::int32_t>(id), child.name});
  }

  std::pair<std::size_t, bool> id_of(const Object& object) {
    const auto place = ids_.insert(ObjectHash{}(object), live_.objects.size(),
                                   [&](std::size_t id) { return live_.objects[id] == object; });
    if (place.second) live_.objects.push_back(object);
    return place;
  }

  // Makes path_ that of the node. It is made out of its parent's, which is the one before's more often than not: all
  // paths together are as large as all keys.
  void find_path(std::size_t id) {
    path_.clear();
    if (id == 0) return;
    const std::size_t parent = from_[id].parent;
    std::size_t at = parent;
    for (; at != 0 && at != parent_of_path_; at = from_[at].parent) above_.push_back(at);
    if (at != parent_of_path_) parent_path_.clear();
    for (; !above_.empty(); above_.pop_back()) append_name_of(parent_path_, above_.back());
    parent_of_path_ = parent;
    path_ += parent_path_;
    append_name_of(path_, id);
  }
  void append_name_of(std::string& path, std::size_t id) const {
    core::detail::append_child_path(
        path, from_[id].parent == 0,
        live_.graph.children(static_cast<std::int32_t>(from_[id].parent))[from_[id].child].local_name);
  }

  const ObjectSet& known_;
  const ObjectSet& as_nodes_;
  ObjectSet pointed_;  // by pointers that own nothing
  const Savers* savers_ = registered_savers();
  LiveGraph live_;
  core::detail::HashIndex ids_;  // of live_.objects
  core::detail::Vec<From> from_ = core::detail::Vec<From>(1);
  std::string path_, parent_path_;  // of the node whose turn it is, and of:
  std::size_t parent_of_path_ = 0;
  core::detail::Vec<std::size_t> above_;
  std::vector<std::string> empty_;  // children of that node
  bool met_loose_ = false;
  const PointerFeature* pointers_ = nullptr;
};

inline void require_different_keys(const ObjectGraph& graph) {
  core::detail::HashIndex index;  // of places of attributes
  index.reserve(graph.size());
  for (std::size_t id = 0; id < graph.size(); ++id) {
    const auto attributes = graph.attributes(static_cast<std::int32_t>(id));
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      const std::string_view key = attributes[i].checkpoint_key;
      const auto has_key = [&](std::size_t place) {
        return graph.record<SerializedTensor>(place).checkpoint_key == key;
      };
      if (!index.insert(std::hash<std::string_view>{}(key), attributes.place(i), has_key).second)
        core::detail::fail(ErrorCode::invalid_argument,
                           {"two values would be saved under the key ", key,
                            "; give the members different names (an empty name is the same as its parent)"},
                           {.key = key});
    }
  }
}

// Walks what is there now. Throws Error with ErrorCode::invalid_argument when two values would get the same key.
[[nodiscard]] inline LiveGraph walk(const Root& root, bool skip_slot_variables = false) {
  const ObjectSet nothing;
  Walk first(root, nothing, nothing);
  const PointerFeature* const pointers = first.pointers();
  LiveGraph live = pointers == nullptr ? std::move(first).take() : pointers->end(std::move(first), root);
  if (!skip_slot_variables && live.slots != nullptr) live.slots->add_to(live.graph, live.objects);
  const core::detail::Vec<bool> has_values = nodes_with_values(live.graph);
  for (std::size_t id = 0; id < has_values.size(); ++id)
    live.graph.set_has_checkpoint_values(static_cast<std::int32_t>(id), has_values[id]);
  require_different_keys(live.graph);
  return live;
}

}  // namespace CAIRN_NAMESPACE::graph::detail
