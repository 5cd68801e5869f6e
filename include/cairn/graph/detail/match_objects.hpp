// A saved node and a live object that are bound to each other, and what follows from it: their values are planned,
// their children bound by name, empty pointers filled, lists made longer.
//
// For match.hpp, which binds the roots, and the children that come later.
#pragma once

#include "../../core/detail/maps.hpp"
#include "../../core/detail/text_pool.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "left_out.hpp"
#include "match_item.hpp"
#include "match_values.hpp"
#include "moved_places.hpp"
#include "node_table.hpp"
#include "object.hpp"
#include "object_set.hpp"
#include "restore_plan.hpp"
#include "root.hpp"
#include "saved_children.hpp"
#include "savers.hpp"
#include "tensor_source.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::graph::detail {

class ObjectMatcher {
 protected:
  ObjectMatcher(const NodeTable& saved, const TensorSource& source, MismatchPolicy on_mismatch, const Casting& cast)
      : saved_(saved), source_(source), values_(saved, source, std::move(on_mismatch), cast), bound_(saved.size()) {}
  ~ObjectMatcher() = default;

  using Binding = NodeBinding;
  using Item = MatchItem;
  static constexpr std::uint32_t no_parent = MatchItem::no_parent;
  // How deep a restore makes new objects inside new objects: their destructors call each other.
  static constexpr std::size_t max_depth = 10000;
  // How deep classes that load themselves may call each other.
  static constexpr std::size_t max_loading = 500;

  // Serves the children of one node to a class that loads itself. What it asks for is there when load() returns.
  class ChildLoader final : public NodeLoader {
   public:
    ChildLoader(ObjectMatcher& matcher, std::size_t item) : matcher_(matcher), item_(item) {}
    bool load(std::string_view name, Slot slot) override { return matcher_.load_now(item_, name, slot); }
    [[nodiscard]] bool has(std::string_view name) const override {
      for (const core::detail::FlatGraph::Child& child : matcher_.saved_[matcher_.items_[item_].node].children)
        if (child.local_name == name) return true;
      return false;
    }

   private:
    ObjectMatcher& matcher_;
    std::size_t item_;
  };

  [[nodiscard]] Binding& binding(std::int32_t node) { return bound_[static_cast<std::size_t>(node)]; }
  [[nodiscard]] bool is_bound(std::int32_t node) const { return bound_[static_cast<std::size_t>(node)].is_bound; }
  [[nodiscard]] std::shared_ptr<void> owner_of(std::int32_t node) const {
    const std::shared_ptr<void>* const owner = owners_.find(node);
    return owner == nullptr ? nullptr : *owner;
  }
  // Each item but the root has a node of its own, of which there are less than 2^31.
  [[nodiscard]] static std::uint32_t number_of(std::size_t item) noexcept { return static_cast<std::uint32_t>(item); }

  [[nodiscard]] std::string path_of(std::size_t parent, std::string_view name) const {
    return detail::path_of(items_, parent, name);
  }

  // A live object that the checkpoint has nothing for under this name. One that is bound under another is not left out,
  // and what it misses is listed where it is bound: the root has itself as its child "root".
  void note_unmatched(const Object& object, std::size_t parent, std::string_view name, const RestorePlan& plan) {
    if (objects_.contains(object)) return;
    left_out_.note(object, number_of(parent), name, [&] { return path_of(parent, name); }, &plan != &plan_);
  }
  void run(std::size_t begin, RestorePlan& plan) {
    for (std::size_t item = begin; item < items_.size(); ++item) {
      if (items_[item].is_done) continue;  // load_now() did it, in the middle of this
      items_[item].is_done = true;
      const Object object = items_[item].object;
      // Behind a shared or raw pointer lies the user's own object, also in the middle of a class that loads itself: it
      // waits for the end of all checks.
      RestorePlan& target = items_[item].is_outside ? plan_ : plan;
      process(item, [&](const ChildSink& sink) { object.type->children(object.address, sink); }, target);
    }
  }

  // `not_its_own`: names of saved children that do not belong to the object, but were added to it as the root.
  using ChildList = core::detail::FunctionRef<void(const ChildSink& sink)>;
  void process(std::size_t item, ChildList list_children, RestorePlan& plan,
               const core::detail::Vec<std::string_view>& not_its_own = {}) {
    const Object object = items_[item].object;
    const std::int32_t node = items_[item].node;
    if (items_[item].is_again) {
      if (object.type->loads_itself()) return;
      SavedChildren saved(saved_[node]);
      match_children(item, saved, list_children, plan);
      return;
    }
    if (object) take_values(item, plan);
    if (object && object.type->leaf() != nullptr) return;  // it has no children
    if (object && object.type->loads_itself()) {
      ChildLoader loader(*this, item);
      plan.add_value(object.type->load(object.address, loader));
      return;
    }
    SavedChildren saved(saved_[node]);
    core::detail::Own<Resize> resize;
    if (object && !holds_values(object) && !items_[item].keeps_structure) {
      core::detail::Vec<std::string_view> names;
      for (const auto& children : {saved_[node].children, saved_[node].empty_children})
        for (const core::detail::FlatGraph::Child& child : children) {
          bool is_its_own = true;
          for (const std::string_view other : not_its_own) is_its_own &= child.local_name != other;
          if (is_its_own) names.push_back(child.local_name);
        }
      // A node that only a rename has made does not say what the object does not have.
      if (saved_.is_new(node)) list_children([&](const Child& child) { names.push_back(names_.keep(child.name)); });
      resize = object.type->resize(object.address, {names.data(), names.size()});
    }
    if (resize != nullptr) {
      require_shallow(item);
      items_[item].moves_children = resize->moves_children();
      match_children(item, saved, [&](const ChildSink& sink) { resize->children(sink); }, plan);
      plan.add(std::move(resize));
    } else {
      match_children(item, saved, list_children, plan);
    }
  }

  void match_children(std::size_t item, SavedChildren& saved, ChildList list_children, RestorePlan& plan) {
    list_children([&](const Child& child) { visit(child, saved, item, plan); });
  }

  // One live child of an object that is bound: finds the saved child of its name and binds the two.
  void visit(const Child& child, SavedChildren& saved, std::size_t parent, RestorePlan& plan) {
    const Object object = child.slot.get();
    const auto [saved_name, node] = saved.find(child);
    const auto name = [&, found = saved_name] { return found == child.name ? found : names_.keep(child.name); };
    if (child.slot.type->is_loose()) {
      if (node >= 0 && object)
        loose_.push_back(
            {.object = object, .name = name(), .node = node, .parent = number_of(parent), .is_outside = true});
      return;
    }
    if (child.slot.type->is_raw() && object && &plan == &plan_) raw_.push_back({child.slot, object});
    if (items_[parent].is_again && (node < 0 || !object || is_bound(node))) return;
    if (node < 0) {
      core::detail::Own<Change> clear;
      if (object && !items_[parent].keeps_structure && says_empty(child, saved, parent))
        clear = child.slot.type->clear(child.slot.place);
      if (clear == nullptr) return note_unmatched(object, parent, child.name, plan);
      if (child.slot.type->is_raw() && &plan == &plan_) raw_.pop_back();
      plan.add(std::move(clear));
      return;
    }
    if (is_bound(node)) {
      if (!object)
        fill_later({child.slot, name(), node, number_of(parent)}, plan);
      else if (object != binding(node).object)
        note_unmatched(object, parent, child.name, plan);  // one saved object, two live ones: the first has it
      return;
    }
    Item item{.object = object, .name = name(), .node = node, .parent = number_of(parent)};
    item.is_outside = child.slot.type->is_outside();
    item.depth = items_[parent].depth + 1;
    item.is_moving = items_[parent].moves_children || (items_[parent].is_moving && !item.is_outside);
    std::shared_ptr<void> owner = object ? child.slot.type->owner(child.slot.place) : nullptr;
    item.keeps_structure = items_[parent].keeps_structure;
    if (!object) {
      if (item.keeps_structure) return;
      require_shallow(parent);
      auto create = child.slot.type->create(child.slot.place, item.object, owner);
      if (create == nullptr) return fill_later({child.slot, name(), node, number_of(parent)}, plan);
      item.is_outside = false;
      plan.add(std::move(create));
    }
    binding(node) = {.is_bound = true, .is_moving = item.is_moving, .object = item.object};
    if (owner != nullptr) owners_[node] = std::move(owner);
    if (!objects_.insert(item.object)) {  // two saved objects, one live: the first value stays
      values_.claim_all(node);
      item.is_again = true;
      if (holds_values(item.object)) return;
    }
    items_.push_back(item);
  }

  // True when the checkpoint says that this child, which it does not have, held nothing. A list that it has says so of
  // elements that are left out before others.
  [[nodiscard]] bool says_empty(const Child& child, SavedChildren& saved, std::size_t parent) const {
    const Object& object = items_[parent].object;
    return saved.says_empty(child) || (object && object.type->is_list() && saved.has_elements_behind(child.name));
  }

  // An empty place for an object that is saved, which no new one can be made for here.
  struct EmptyPlace {
    Slot slot;
    std::string_view name;
    std::int32_t node;
    std::uint32_t parent;
  };
  // A pointer of the program, and what it leads to.
  struct RawPointer {
    Slot slot;
    Object object;
  };
  // At the end it is known where the object is. In the middle of a class that loads itself the place is soon gone: now.
  void fill_later(const EmptyPlace& place, RestorePlan& plan) {
    if (&plan == &plan_) return empty_places_.push_back(place);
    if (is_bound(place.node))
      if (auto share = place.slot.type->share(place.slot.place, binding(place.node).object, owner_of(place.node)))
        return plan.add(std::move(share));
    left_empty_.push_back(place);
  }
  // Pointers that were empty lead to the objects that they led to when they were saved, where those are restored by
  // other edges; `object_of(node)` is where. And those that lead to what will be moved lead there.
  void fill_places(core::detail::FunctionRef<Object(std::int32_t node)> object_of) {
    const auto empty = std::exchange(empty_places_, {});
    const auto raw = std::exchange(raw_, {});
    if (empty.empty() && raw.empty()) return;
    const MovedPlaces moved(plan_);
    for (const EmptyPlace& each : empty) {
      const Object object = is_bound(each.node) ? object_of(each.node) : Object{};
      core::detail::Own<Change> fill;
      if (object) fill = each.slot.type->share(each.slot.place, object, owner_of(each.node));
      if (object && fill == nullptr) fill = each.slot.type->point_to(each.slot.place, moved(object));
      if (fill != nullptr)
        plan_.add(std::move(fill));
      else
        left_empty_.push_back(each);
    }
    for (const auto& [slot, object] : raw) {
      pointed_to_.insert(object);
      if (const Object there = moved(object); there != object)
        if (auto point = slot.type->point_to(slot.place, there)) plan_.add(std::move(point));
    }
  }
  // Places of earlier matches that this one has an object for: where they are now.
  template <class FindAgain>
  void look_for_left_empty(const Root& root, const FindAgain& find_again) {
    const auto is_found = [&](const EmptyPlace& each) { return is_bound(each.node); };
    bool is_any_found = false;
    for (const EmptyPlace& each : left_empty_) is_any_found |= is_found(each);
    if (!is_any_found) return;
    const core::detail::Vec<Object> now = find_again();
    for (EmptyPlace each : std::exchange(left_empty_, {})) {
      bool is_there = false;
      const auto look = [&](const Child& child) {
        bool has_name = child.name == each.name;
        for (const std::string_view other : child.other_names) has_name |= other == each.name;
        if (!has_name || child.kept != nullptr || child.slot.get()) return;
        each.slot = child.slot;
        is_there = true;
      };
      const Object& parent = now[static_cast<std::size_t>(items_[each.parent].node)];
      if (is_found(each) && each.parent == 0)
        root.list(look);
      else if (is_found(each) && parent)
        parent.type->children(parent.address, look);
      (is_there ? empty_places_ : left_empty_).push_back(each);
    }
  }

  // Loose edges come last, and lead only to objects that were met by others: for what those found no saved one.
  void follow_loose() {
    const std::size_t begin = items_.size();
    for (const Item& item : std::exchange(loose_, {})) {
      const bool is_bound_object = objects_.contains(item.object);
      if (is_bound(item.node) || !(is_bound_object || left_out_.has_met(item.object))) continue;
      binding(item.node) = {.is_bound = true, .object = item.object};
      if (is_bound_object) values_.claim_all(item.node);
      if (objects_.insert(item.object)) items_.push_back(item);
    }
    run(begin, plan_);
  }

  // Where the checkpoint has no value for an object that needs one, it is as if they had not been bound.
  void leave_out(std::size_t item, RestorePlan& plan) {
    objects_.erase(items_[item].object);
    note_unmatched(items_[item].object, items_[item].parent, items_[item].name, plan);
  }
  void take_values(std::size_t item, RestorePlan& plan) {
    const auto text = [&] { return path_of(items_[item].parent, items_[item].name); };
    const ValuePath path{number_of(item), text};
    const std::int32_t node = items_[item].node;
    const Object object = items_[item].object;
    auto found = saved_[node].registered_saver ? Savers::Found::nothing : Savers::Found::plainly;
    if (savers_ != nullptr) found = savers_->restore(saved_, node, object, path, values_, plan);
    if (found == Savers::Found::by_saver) items_[item].keeps_structure = true;
    if (found == Savers::Found::nothing || (found == Savers::Found::plainly && !take_plainly(node, object, path, plan)))
      leave_out(item, plan);
  }
  // False when the object needs a value that the node does not have.
  bool take_plainly(std::int32_t node, const Object& object, const ValuePath& path, RestorePlan& plan) {
    if (const LeafType* const leaf = object.type->leaf()) return values_.take(node, object, *leaf, path, plan);
    const SeveralTensorsType* const several = object.type->several_tensors();
    return several == nullptr || values_.take(node, object, *several, path, plan);
  }

  // New objects inside of new objects are made level by level here, but end one inside the other, on the stack.
  void require_shallow(std::size_t item) const {
    if (items_[item].depth > max_depth) throw too_deep(item, max_depth);
  }
  [[nodiscard]] Error too_deep(std::size_t item, std::size_t limit) const {
    return Error(ErrorCode::data_loss, "the object graph of " + source_.name() + " asks for objects more than " +
                                           std::to_string(limit) + " deep in each other, at " +
                                           path_of(items_[item].parent, items_[item].name) +
                                           "; restore into objects that are there already, or change their classes")
        .in_file(source_.name());
  }

  bool load_now(std::size_t parent, std::string_view name, Slot slot) {
    if (loading_ >= max_loading) throw too_deep(parent, max_loading);
    ++loading_;
    const bool found = load_child(parent, name, slot);
    --loading_;
    return found;
  }
  bool load_child(std::size_t parent, std::string_view name, Slot slot) {
    const std::int32_t parent_node = items_[parent].node;
    const std::size_t begin = items_.size();
    RestorePlan now;
    SavedChildren saved(saved_[parent_node], name);
    const bool found = saved.size() != 0;
    visit({.name = name, .slot = slot}, saved, parent, now);
    run(begin, now);
    now.check(source_);
    now.commit(source_);
    // The place may be a local variable of a load(): the next one at its address is another object.
    for (std::size_t item = begin; item < items_.size(); ++item)
      if (!items_[item].is_outside) objects_.erase(items_[item].object);
    return found;
  }

  const NodeTable& saved_;
  const TensorSource& source_;
  ValueMatcher values_;
  const Savers* savers_ = registered_savers();
  RestorePlan plan_;
  std::size_t loading_ = 0;
  core::detail::Vec<Binding> bound_;                                   // by node id
  core::detail::HashMap<std::int32_t, std::shared_ptr<void>> owners_;  // of the bound objects that somebody shares
  ObjectSet objects_;                                                  // all live objects that are bound
  MatchItems items_;
  core::detail::Vec<Item> loose_;
  core::detail::Vec<EmptyPlace> empty_places_;  // of this match
  core::detail::Vec<RawPointer> raw_;           // of this match
  core::detail::Vec<EmptyPlace> left_empty_;    // of all matches: their slots may be gone
  ObjectSet pointed_to_;                        // by those pointers: must not end
  core::detail::TextPool names_;                // of items, where they are not those in the graph
  LeftOut left_out_;
};

}  // namespace cairn::graph::detail
