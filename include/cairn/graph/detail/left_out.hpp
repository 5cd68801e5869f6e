// Live values that a restore found nothing for: the status's only_in_program.
#pragma once

#include "../../core/detail/hash_index.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/shown_path.hpp"
#include "../../core/detail/text_pool.hpp"
#include "../../core/detail/vec.hpp"
#include "object.hpp"
#include "object_set.hpp"
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

class LeftOut {
 public:
  // Notes the values in and below an object, at once, because a commit may move or end them. What only passes through
  // (a local variable of a class's load) is reported but not recognised again. The object is the child `name` of one
  // with the number `parent`; path() is its path.
  template <class Path>
  void note(const Object& object, std::uint32_t parent, std::string_view name, const Path& path, bool is_passing) {
    if (!object || object.type->leaf() == nullptr) return note(object, path(), is_passing);
    // By far the most. Their paths are put together when somebody asks.
    if (is_passing ? seen_.contains(object) : !seen_.insert(object)) return;
    values_.push_back({is_passing ? Object{} : object, parent, number_of(name)});
  }
  CAIRN_COLD void note(const Object& object, const std::string& path, bool is_passing) {
    core::detail::Vec<std::shared_ptr<void>> kept;
    struct Below {
      Object object;
      std::string path;
      bool is_passing;
    };
    ObjectSet passing;
    ObjectSet& seen = is_passing ? passing : seen_;
    core::detail::Vec<Below> queue;
    const auto enqueue = [&](const Object& found, std::string found_path, bool passes) {
      if (found && seen.insert(found)) queue.push_back({found, std::move(found_path), passes});
    };
    enqueue(object, path, is_passing);
    for (std::size_t next = 0; next < queue.size(); ++next) {
      const Below at = queue[next];
      if (holds_values(at.object) || (savers_ != nullptr && savers_->takes(at.object)))
        values_.push_back({at.is_passing ? Object{} : at.object, no_parent, number_of(at.path)});
      if (const SlotFeature* const feature = at.object.type->slot_feature(); feature != nullptr && !at.is_passing)
        slots(*feature).note_left_out(at.path, at.object);
      at.object.type->children(at.object.address, [&](const Child& child) {
        if (child.kept != nullptr) kept.push_back(child.kept);
        if (child.slot.type->is_loose()) return;
        enqueue(child.slot.get(), core::detail::ShownPath::join(at.path, child.name),
                at.is_passing || child.kept != nullptr);
      });
    }
    for (const Below& at : queue)
      if (at.is_passing) seen.erase(at.object);
  }

  // What was left out on one path may have been bound on another.
  void forget(const ObjectSet& bound) {
    erase_if(values_, [&](const Value& each) { return each.leaf && bound.contains(each.leaf); });
  }
  // The slot variables of all optimizers that were met, here or among the objects that are bound.
  MatchedSlots& slots(const SlotFeature& feature) {
    if (slots_ == nullptr) slots_ = feature.matched();
    return *slots_;
  }
  [[nodiscard]] MatchedSlots* slots() noexcept { return slots_.get(); }  // null where none was met

  // True when the object is one that was met here.
  [[nodiscard]] bool has_met(const Object& object) const { return seen_.contains(object); }
  // Objects met before may be gone by now, and new ones be where they were.
  void forget_places() noexcept { seen_ = {}; }

  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
  void shrink_to(std::size_t size) {
    if (size < values_.size()) values_.resize(size);
    if (slots_ != nullptr) slots_->forget();
  }

  // path_of(parent, name) is that of a child.
  template <class PathOf>
  [[nodiscard]] CAIRN_COLD std::vector<std::string> paths(PathOf path_of) const {
    std::vector<std::string> paths;
    paths.reserve(values_.size());
    for (const Value& value : values_)
      if (value.parent == no_parent)
        paths.emplace_back(texts_[value.text]);
      else
        paths.emplace_back(path_of(value.parent, texts_[value.text]));
    return paths;
  }

 private:
  struct Value {
    Object leaf;  // empty when it was a passing one
    std::uint32_t parent;
    std::uint32_t text;  // the name below the parent; the whole path where there is none
  };
  static constexpr std::uint32_t no_parent = static_cast<std::uint32_t>(-1);

  // Each text is kept once: the same members are left out in every element of a list.
  [[nodiscard]] std::uint32_t number_of(std::string_view text) {
    const auto [number, is_new] = numbers_.insert(std::hash<std::string_view>{}(text), texts_.size(),
                                                  [&](std::size_t each) { return texts_[each] == text; });
    if (is_new) texts_.push_back(pool_.keep(text));
    return static_cast<std::uint32_t>(number);
  }

  core::detail::Vec<Value> values_;
  core::detail::Vec<std::string_view> texts_;
  core::detail::HashIndex numbers_;
  core::detail::TextPool pool_;
  core::detail::Own<MatchedSlots> slots_;
  const Savers* savers_ = registered_savers();
  ObjectSet seen_;
};

}  // namespace CAIRN_NAMESPACE::graph::detail
