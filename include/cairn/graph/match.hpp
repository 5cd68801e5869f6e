// Which saved node is which live object: both graphs are walked side by side from their roots, by the names of edges.
//
// Keys and full names play no part (TensorFlow's python/checkpoint/restore.py): a node's key may change from one save
// to the next. The first object that a node meets is the one it is bound to. Matching collects a RestorePlan and the
// lists of what fits and what does not; it changes nothing of the user's.
#pragma once

#include "../core/error.hpp"
#include "keys.hpp"
#include "object.hpp"
#include "restore_plan.hpp"
#include "saved_graph.hpp"
#include "tensor_source.hpp"
#include "walk.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cairn {

// A value whose dtype or shape differs between checkpoint and program.
struct Mismatch {
  std::string path;      // in the program: "model.kernel"
  std::string key;       // in the checkpoint
  std::string expected;  // what the program holds: "float32 [784, 12]"
  std::string found;     // what the checkpoint holds: "float32 [784, 10]"
};

// What to do about it: refuse the whole restore, or leave that value as it is.
enum class OnMismatch { error, skip };

namespace detail {

class Matcher final {
 public:
  Matcher(const SavedGraph& saved, const TensorSource& source, OnMismatch on_mismatch = OnMismatch::error)
      : saved_(saved), source_(source), on_mismatch_(on_mismatch), bound_(saved.size()) {}

  // Binds node 0 to the root and what is below to what is below. Throws Error (invalid_argument) naming every value
  // that differs in dtype or shape, unless they are to be skipped; Error (not_found) when a value's key is missing.
  void match(const Root& root) {
    bound_[0].is_bound = true;
    bound_[0].object = root.object;
    if (root.object) objects_.insert(root.object);
    items_.push_back({.object = root.object, .node = 0, .parent = no_parent, .is_done = true});
    process(
        0, [&](const ChildSink& sink) { root.list(sink); }, plan_);
    run(1, plan_);
    refuse_mismatches();
  }

  // A child that came to the root after match(). True when the checkpoint has something for it that was still pending.
  bool match_child(std::string_view name, Slot slot) {
    const std::size_t begin = items_.size();
    const std::size_t first_mismatch = mismatched_.size();
    bool found = false;
    for (const ObjectReference& child : saved_[0].children)
      if (child.local_name == name && !is_bound(child.node_id)) {
        visit({.name = name, .slot = slot}, {{name, child.node_id}}, 0, plan_);
        found = true;
        break;
      }
    if (!found) note_unmatched(slot.get(), 0, name);
    run(begin, plan_);
    refuse_mismatches(first_mismatch);
    return found;
  }

  [[nodiscard]] RestorePlan& plan() noexcept { return plan_; }

  // True while the root has saved children with values that no live child has claimed.
  [[nodiscard]] bool is_pending() const {
    return std::any_of(saved_[0].children.begin(), saved_[0].children.end(), [&](const ObjectReference& child) {
      return !is_bound(child.node_id) && saved_[child.node_id].has_checkpoint_values.value_or(true);
    });
  }

  // More than the root was bound.
  [[nodiscard]] bool is_nontrivial() const {
    return std::any_of(bound_.begin() + 1, bound_.end(), [](const Binding& binding) { return binding.is_bound; });
  }

  [[nodiscard]] const std::vector<std::string>& matched() const noexcept { return matched_; }
  [[nodiscard]] const std::vector<Mismatch>& mismatched() const noexcept { return mismatched_; }

  // Saved values that went nowhere, in node order.
  [[nodiscard]] std::vector<std::string> only_in_checkpoint() const {
    std::vector<std::string> paths;
    for (std::size_t id = 0; id < saved_.size(); ++id) {
      const auto node = static_cast<std::int32_t>(id);
      if (!saved_[node].attributes.empty() && !bound_[id].attributes_used) paths.push_back(saved_.path(node));
    }
    return paths;
  }

  // Live values that got nothing. Looks at the objects that were left out, as they are now.
  [[nodiscard]] std::vector<std::string> only_in_program() const {
    std::vector<std::string> paths;
    std::unordered_set<Object, ObjectHash> seen;
    std::vector<std::shared_ptr<void>> kept;
    struct Item {
      Object object;
      std::string path;
    };
    std::vector<Item> queue;
    const auto enqueue = [&](const Object& object, std::string path) {
      if (object && !objects_.contains(object) && seen.insert(object).second)
        queue.push_back({object, std::move(path)});
    };
    for (const Unmatched& unmatched : unmatched_) enqueue(unmatched.object, unmatched.path);
    for (std::size_t next = 0; next < queue.size(); ++next) {
      const Item item = queue[next];
      if (item.object.type->leaf() != nullptr) paths.push_back(item.path);
      item.object.type->children(item.object.address, [&](const Child& child) {
        if (child.kept != nullptr) kept.push_back(child.kept);
        enqueue(child.slot.get(), item.path + "." + std::string(child.name));
      });
    }
    return paths;
  }

 private:
  static constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

  struct Binding {
    bool is_bound = false;
    bool attributes_used = false;
    Object object;
    std::shared_ptr<void> owner;
  };
  struct Item {
    Object object = {};
    std::int32_t node = 0;
    std::size_t parent = no_parent;
    std::string name = {};
    bool is_outside = false;
    bool is_done = false;
  };
  struct Unmatched {
    Object object;
    std::string path;
  };
  struct SavedChild {
    std::string_view name;
    std::int32_t node;
    friend bool operator<(const SavedChild& a, const SavedChild& b) { return a.name < b.name; }
  };

  // Serves the children of one node to a class that loads itself. What it asks for is there when load() returns.
  class ChildLoader final : public NodeLoader {
   public:
    ChildLoader(Matcher& matcher, std::size_t item) : matcher_(matcher), item_(item) {}
    bool load(std::string_view name, Slot slot) override { return matcher_.load_now(item_, name, slot); }

   private:
    Matcher& matcher_;
    std::size_t item_;
  };

  [[nodiscard]] Binding& binding(std::int32_t node) { return bound_[static_cast<std::size_t>(node)]; }
  [[nodiscard]] bool is_bound(std::int32_t node) const { return bound_[static_cast<std::size_t>(node)].is_bound; }

  [[nodiscard]] std::string path_of(std::size_t parent, std::string_view name) const {
    std::string path(name);
    std::size_t names = 0;
    for (; parent != no_parent && parent != 0; parent = items_[parent].parent) {
      if (++names > 100) return "..." + path;
      path.insert(0, items_[parent].name + ".");
    }
    return path;
  }
  void note_unmatched(const Object& object, std::size_t parent, std::string_view name) {
    if (object) unmatched_.push_back({object, path_of(parent, name)});
  }

  void run(std::size_t begin, RestorePlan& plan) {
    for (std::size_t item = begin; item < items_.size(); ++item) {
      if (std::exchange(items_[item].is_done, true)) continue;  // load_now() did it, in the middle of this
      const Object object = items_[item].object;
      // Behind a shared or raw pointer lies the user's own object, also in the middle of a class that loads itself: it
      // waits for the end of all checks.
      RestorePlan& target = items_[item].is_outside ? plan_ : plan;
      process(
          item, [&](const ChildSink& sink) { object.type->children(object.address, sink); }, target);
    }
  }

  template <class List>
  void process(std::size_t item, List&& list_children, RestorePlan& plan) {
    const Object object = items_[item].object;
    const std::int32_t node = items_[item].node;
    if (object && object.type->leaf() != nullptr) take_value(item, *object.type->leaf(), plan);
    if (object && object.type->loads_itself()) {
      ChildLoader loader(*this, item);
      plan.add(object.type->load(object.address, loader));
      return;
    }
    std::vector<SavedChild> saved;
    std::vector<std::string_view> names;
    for (const ObjectReference& child : saved_[node].children) {
      saved.push_back({child.local_name, child.node_id});
      names.push_back(child.local_name);
    }
    std::stable_sort(saved.begin(), saved.end());
    const auto visit_child = [&](const Child& child) { visit(child, saved, item, plan); };
    std::unique_ptr<Resize> resize;
    if (object && object.type->leaf() == nullptr) resize = object.type->resize(object.address, names);
    if (resize != nullptr) {
      resize->children(visit_child);
      plan.add(std::move(resize));
    } else {
      list_children(visit_child);
    }
  }

  // One live child of an object that is bound: finds the saved child of its name and binds the two.
  void visit(const Child& child, const std::vector<SavedChild>& saved, std::size_t parent, RestorePlan& plan) {
    const Object object = child.slot.get();
    const std::int32_t node = find(child, saved);
    if (node < 0) {
      std::unique_ptr<Change> clear = object ? child.slot.type->clear(child.slot.place) : nullptr;
      if (clear != nullptr)
        plan.add(std::move(clear));
      else
        note_unmatched(object, parent, child.name);
      return;
    }
    if (is_bound(node)) {
      if (!object) {
        if (auto share = child.slot.type->share(child.slot.place, binding(node).object, binding(node).owner))
          plan.add(std::move(share));
      } else if (object != binding(node).object) {
        note_unmatched(object, parent, child.name);  // one saved object, two live ones: the first has it
      }
      return;
    }
    Item item{object, node, parent, std::string(child.name), child.slot.type->is_outside(), false};
    std::shared_ptr<void> owner = object ? child.slot.type->owner(child.slot.place) : nullptr;
    if (!object) {
      auto create = child.slot.type->create(child.slot.place, item.object, owner);
      if (create == nullptr) return;
      item.is_outside = false;
      plan.add(std::move(create));
    }
    binding(node) = {.is_bound = true, .object = item.object, .owner = std::move(owner)};
    if (!objects_.insert(item.object).second) {  // two saved objects, one live: the first value stays
      binding(node).attributes_used = true;
      return;
    }
    items_.push_back(std::move(item));
  }

  [[nodiscard]] static std::int32_t find(const Child& child, const std::vector<SavedChild>& saved) {
    const auto find_name = [&](std::string_view name) {
      const auto [begin, end] = std::equal_range(saved.begin(), saved.end(), SavedChild{name, 0});
      return begin == end ? -1 : std::prev(end)->node;  // of equal names TensorFlow's last one wins
    };
    std::int32_t node = find_name(child.name);
    for (std::size_t i = 0; node < 0 && i < child.other_names.size(); ++i) node = find_name(child.other_names[i]);
    return node;
  }

  // A leaf that is bound: checks the value that is saved for it against it, and plans the reading.
  void take_value(std::size_t item, const LeafType& leaf, RestorePlan& plan) {
    const Object object = items_[item].object;
    const std::int32_t node = items_[item].node;
    const std::string path = path_of(items_[item].parent, items_[item].name);
    const SerializedTensor* attribute = nullptr;
    for (const SerializedTensor& candidate : saved_[node].attributes)
      if (candidate.name == variable_value || (candidate.name == "py_state" && leaf.dtype() == DT_STRING))
        attribute = &candidate;
    if (attribute == nullptr) {
      objects_.erase(object);
      unmatched_.push_back({object, path});
      return;
    }
    const std::string& key = attribute->checkpoint_key;
    const auto saved = source_.find(key);
    if (!saved)
      throw Error(ErrorCode::not_found, "the object graph of " + source_.name() + " says that " + path +
                                            " is saved under " + key +
                                            ", but there is no such key; the checkpoint was cut down or damaged")
          .in_file(source_.name())
          .at_key(key);
    binding(node).attributes_used = true;
    if (saved->dtype != leaf.dtype() || !leaf.accepts(object.address, saved->shape)) {
      mismatched_.push_back({path, key, to_string(leaf.dtype()) + " " + leaf.accepted(object.address),
                             to_string(saved->dtype) + " " + saved->shape.to_string()});
      return;
    }
    plan.add(key, leaf.land(object.address, saved->shape));
    matched_.push_back(path);
  }

  bool load_now(std::size_t parent, std::string_view name, Slot slot) {
    const std::int32_t parent_node = items_[parent].node;
    const std::size_t begin = items_.size();
    RestorePlan now;
    bool found = false;
    for (const ObjectReference& child : saved_[parent_node].children)
      if (child.local_name == name) {
        visit({.name = name, .slot = slot}, {{name, child.node_id}}, parent, now);
        found = true;
        break;
      }
    if (!found) visit({.name = name, .slot = slot}, {}, parent, now);
    run(begin, now);
    now.check(source_);
    now.commit(source_);
    // The place may be a local variable of a load(): the next one at its address is another object.
    for (std::size_t item = begin; item < items_.size(); ++item)
      if (!items_[item].is_outside) objects_.erase(items_[item].object);
    return found;
  }

  void refuse_mismatches(std::size_t first = 0) const {
    if (on_mismatch_ == OnMismatch::skip || mismatched_.size() == first) return;
    const Mismatch& mismatch = mismatched_[first];
    std::string text = mismatch.key + " in " + source_.name() + " is " + mismatch.found + " in the checkpoint, " +
                       mismatch.expected + " in the program (" + mismatch.path + ")";
    if (const std::size_t more = mismatched_.size() - first - 1; more > 0)
      text += ", and " + std::to_string(more) + " more differ";
    text +=
        "; nothing was restored. Restore into the same architecture, or skip what differs with "
        "{.on_mismatch = cairn::OnMismatch::skip}";
    throw Error(ErrorCode::invalid_argument, text)
        .in_file(source_.name())
        .at_key(mismatch.key)
        .expecting(mismatch.expected, mismatch.found);
  }

  const SavedGraph& saved_;
  const TensorSource& source_;
  OnMismatch on_mismatch_;
  RestorePlan plan_;
  std::vector<Binding> bound_;                      // by node id
  std::unordered_set<Object, ObjectHash> objects_;  // all live objects that are bound
  std::vector<Item> items_;
  std::vector<Unmatched> unmatched_;
  std::vector<std::string> matched_;
  std::vector<Mismatch> mismatched_;
};

}  // namespace detail
}  // namespace cairn
