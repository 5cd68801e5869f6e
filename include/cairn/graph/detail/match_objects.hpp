// A saved node and a live object that are bound to each other, and what follows from it: their values are planned,
// their children bound by name, lists made longer. match_pointers.hpp has the rest for places that are pointers.
#pragma once

#include "../../core/detail/hash_index.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../core/object_graph.hpp"
#include "match_item.hpp"
#include "object.hpp"
#include "object_set.hpp"
#include "restore_actions.hpp"
#include "restore_plan.hpp"
#include "root.hpp"
#include "saved_children.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

inline bool NodeLoader::load(std::string_view name, Slot slot) { return plan.load(item, name, slot); }
inline bool NodeLoader::read(std::string_view name, Slot slot) {
  const std::size_t before = plan.matched_.size();
  (void)plan.load(item, name, slot);
  return plan.matched_.size() != before;
}
inline void NodeLoader::refuse(std::string_view name, std::string expected, std::string found) {
  const std::string path = plan.path_of(item, name);
  const auto attributes = plan.saved_[find(name)].attributes;
  const std::string_view key = attributes.empty() ? std::string_view() : attributes[0].checkpoint_key;
  plan.add_mismatch({path, std::string(key), std::move(expected), std::move(found)}, path);
}
inline std::int32_t NodeLoader::find(std::string_view name) const {
  for (const ObjectReference child : plan.saved(item).children)
    if (child.local_name == name) return child.node_id;
  return -1;
}
inline void NodeLoader::leave(std::int32_t node) {
  core::detail::Vec<std::int32_t> nodes;
  core::detail::HashIndex met;  // of places in nodes
  const auto add = [&](std::int32_t id) {
    const auto is_id = [&](std::size_t place) { return nodes[place] == id; };
    if (met.insert(static_cast<std::size_t>(id) * 31, nodes.size(), is_id).second) nodes.push_back(id);
  };
  add(node);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    plan.claim(nodes[i]);
    for (const ObjectReference child : plan.saved_.children(nodes[i])) add(child.node_id);
  }
}

// The items from there on, with those that they add.
inline void RestorePlan::run(std::size_t begin) {
  for (std::size_t number = begin; number < items_.size(); ++number) {
    if (items_[number].is_done) continue;  // load() did it, in the middle of this
    items_[number].is_done = true;
    const Object object = items_[number].object;
    process(static_cast<std::uint32_t>(number),
            [&](const ChildSink& sink) { object.type->children(object.address, sink); });
  }
}

// `not_its_own`: names of saved children that do not belong to the object, but were added to it as the root.
inline void RestorePlan::process(std::uint32_t item, ChildList list_children,
                                 const core::detail::Vec<std::string_view>& not_its_own) {
  const MatchItem at = items_[item];
  const Object& object = at.object;
  if (at.is_again && object.type->loads_itself()) return;
  bool keeps_structure = at.keeps_structure || at.is_again;
  if (object && !at.is_again) {
    if (take_earlier_form(item)) return;
    if (!take_values(item)) {  // as if they had not been bound
      objects_.erase(object);
      note_unmatched(object, at.parent, at.name, at.is_passing);
    }
    if (object.type->leaf() != nullptr) return;  // it has no children
    if (object.type->loads_itself()) {
      NodeLoader loader{*this, item};
      auto value = object.type->load(object.address, loader);
      return actions_of(item).add_value(std::move(value));
    }
    keeps_structure = items_[item].keeps_structure;
  }
  const ObjectGraph::Node node = saved_[at.node];
  SavedChildren saved(node);
  const auto match_child = [&](const Child& child) { visit(child, saved, item, at.is_passing); };
  core::detail::Own<Resize> resize;
  if (object && !holds_values(object) && !keeps_structure) {
    core::detail::Vec<std::string_view> names;
    const auto add_its_own = [&](std::string_view name) {
      bool is_its_own = true;
      for (const std::string_view other : not_its_own) is_its_own &= name != other;
      if (is_its_own) names.push_back(name);
    };
    for (const ObjectReference child : node.children) add_its_own(child.local_name);
    for (const std::string_view empty : node.empty_children) add_its_own(empty);
    // A node that only a rename has made does not say what the object does not have.
    if (saved_.origin_of(at.node) < 0)
      list_children([&](const Child& child) { names.push_back(names_.keep(child.name)); });
    resize = object.type->resize(object.address, {names.data(), names.size()});
    if (resize == nullptr) {
      NodeLoader loader{*this, item};
      resize = object.type->resize_as_told(object.address, loader);
    }
  }
  if (resize == nullptr) return list_children(match_child);
  require_shallow(item);
  items_[item].moves_children = resize->moves_children();
  resize->children(match_child);
  actions_of(item).add(std::move(resize));
}

// The object with the type that the saved node has it in.
inline Object RestorePlan::as_saved(Object object, std::int32_t node) const {
  const ObjectType* const list = object && node >= 0 ? object.type->as_list() : nullptr;
  if (list == nullptr || !saved_[node].attributes.empty()) return object;
  const auto children = saved_[node].children;
  bool is_list = children.empty();
  for (std::size_t i = 0; i < children.size() && !is_list; ++i) is_list = children[i].local_name == "0";
  if (is_list) object.type = list;
  return object;
}

// One live child of an object that is bound: finds the saved child of its name and binds the two. `is_passing` is true
// below an object that is, and for what a class that loads itself asks for.
inline void RestorePlan::visit(const Child& child, SavedChildren& saved, std::uint32_t parent, bool is_passing) {
  const MatchItem& above = items_[parent];
  const SlotType& type = *child.slot.type;
  const auto [saved_name, node] = saved.find(child);
  Visit at{child, saved, parent, is_passing, saved_name, node, as_saved(child.slot.get(), node)};
  if (const PointerFeature* const feature = type.pointer_feature()) {
    pointers_ = feature;
    if (feature->visit(*this, at)) return;
  }
  const Object& object = at.object;  // there is one
  if (above.is_again && (node < 0 || is_bound(node))) return;
  if (node < 0) return note_unmatched(object, parent, child.name, is_passing);
  if (is_bound(node)) {  // one saved object, two live ones: the first has it
    if (object != binding(node).object) note_unmatched(object, parent, child.name, is_passing);
    return;
  }
  MatchItem item{.object = object, .name = name_of(at), .node = node, .parent = parent, .depth = above.depth + 1};
  const bool is_outside = type.is_outside();
  item.is_outside = is_outside && !at.is_made;
  item.is_moving = above.moves_children || (above.is_moving && !is_outside);
  item.keeps_structure = above.keeps_structure;
  item.is_passing = is_passing && !item.is_outside;
  NodeBinding& bound = binding(node);
  bound.is_bound = true;
  bound.is_moving = item.is_moving;
  bound.object = item.object;
  if (!objects_.insert(item.object)) {  // two saved objects, one live: the first value stays
    claim(node);
    item.is_again = true;
    if (holds_values(item.object)) return;
  }
  items_.push_back(item);
}

// A live object that the checkpoint has nothing for under this name. One that is bound under another is not left out,
// and what it misses is listed where it is bound: the root has itself as its child "root".
inline void RestorePlan::note_unmatched(const Object& object, std::uint32_t parent, std::string_view name,
                                        bool is_passing) {
  if (objects_.contains(object)) return;
  left_out_.note(object, parent, name, [&] { return path_of(parent, name); }, is_passing);
}

// New objects inside of new objects are made level by level here, but end one inside the other, on the stack.
inline void RestorePlan::require_shallow(std::uint32_t item) const {
  if (items_[item].depth > max_depth) refuse_depth(item, max_depth);
}
inline void RestorePlan::refuse_depth(std::uint32_t item, std::size_t limit) const {
  throw Error(ErrorCode::data_loss, "the object graph of " + file() + " asks for objects more than " +
                                        std::to_string(limit) + " deep in each other, at " + path(item) +
                                        "; restore into objects that are there already, or change their classes")
      .in_file(file());
}

// Restores a child of an object that loads itself, at once. False when the checkpoint has no such child.
inline bool RestorePlan::load(std::uint32_t parent, std::string_view name, Slot slot) {
  if (loading_ >= max_loading) refuse_depth(parent, max_loading);
  const std::size_t begin = items_.size();
  RestoreActions actions;
  // Its end is also that of what was begun and failed: the class may go on without that.
  struct Loading {
    RestorePlan& plan;
    std::size_t begin;
    RestoreActions* before;
    ~Loading() {
      for (std::size_t item = begin; item < plan.items_.size(); ++item) plan.items_[item].is_done = true;
      plan.now_ = before;
      --plan.loading_;
    }
  };
  ++loading_;
  const Loading loading{*this, begin, std::exchange(now_, &actions)};
  SavedChildren saved(saved_[items_[parent].node], name);
  visit({.name = name, .slot = slot}, saved, parent, true);
  run(begin);
  actions.check(source_);
  actions.commit(source_);
  // The place may be a local variable of a load(): the next one at its address is another object.
  for (std::size_t item = begin; item < items_.size(); ++item)
    if (items_[item].is_passing) objects_.erase(items_[item].object);
  return saved.size() != 0;
}

}  // namespace CAIRN_NAMESPACE::graph::detail
