// Live values that a restore found nothing for: the status's only_in_program.
#pragma once

#include "object.hpp"
#include "object_set.hpp"
#include "registered_saver.hpp"
#include "shown_path.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cairn::detail {

class LeftOut {
 public:
  // What an optimizer that was left out keeps for variables.
  struct Slots {
    std::string optimizer;
    std::string name;
    const SlotVariableSet* set;
  };

  // Notes the values in and below an object, at once, because a commit may move or end them. What only passes through
  // (a local variable of a class's load) is reported but not recognised again.
  void note(const Object& object, const std::string& path, bool is_passing) {
    ObjectSet passing;
    ObjectSet& seen = is_passing ? passing : seen_;
    std::vector<std::shared_ptr<void>> kept;
    struct Below {
      Object object;
      std::string path;
      bool is_passing;
    };
    std::vector<Below> queue;
    const auto enqueue = [&](const Object& found, std::string found_path, bool passes) {
      if (found && seen.insert(found).second) queue.push_back({found, std::move(found_path), passes});
    };
    enqueue(object, path, is_passing);
    for (std::size_t next = 0; next < queue.size(); ++next) {
      const Below at = queue[next];
      if (holds_values(at.object) || savers_.find(at.object) != nullptr)
        values_.push_back({at.is_passing ? Object{} : at.object, at.path});
      at.object.type->slot_variables(at.object.address, [&](std::string_view name, SlotVariableSet& set) {
        if (!at.is_passing) slots_.push_back({at.path, std::string(name), &set});
      });
      at.object.type->children(at.object.address, [&](const Child& child) {
        if (child.kept != nullptr) kept.push_back(child.kept);
        if (child.slot.type->is_loose()) return;
        enqueue(child.slot.get(), ShownPath::join(at.path, child.name), at.is_passing || child.kept != nullptr);
      });
    }
    for (const Below& at : queue)
      if (at.is_passing) seen.erase(at.object);
  }

  // What was left out on one path may have been bound on another.
  void forget(const ObjectSet& bound) {
    std::erase_if(values_, [&](const Value& each) { return each.leaf && bound.contains(each.leaf); });
  }
  // Those met since the last time.
  [[nodiscard]] std::vector<Slots> take_slots() noexcept { return std::exchange(slots_, {}); }

  // True when the object is one that was met here.
  [[nodiscard]] bool has_met(const Object& object) const { return seen_.contains(object); }
  // Objects met before may be gone by now, and new ones be where they were.
  void forget_places() { seen_.clear(); }

  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
  void shrink_to(std::size_t size) {
    values_.resize(std::min(values_.size(), size));
    slots_.clear();
  }

  [[nodiscard]] std::vector<std::string> paths() const {
    std::vector<std::string> paths;
    for (const Value& value : values_) paths.push_back(value.path);
    return paths;
  }

 private:
  struct Value {
    Object leaf;  // empty when it was a passing one
    std::string path;
  };

  std::vector<Value> values_;
  std::vector<Slots> slots_;
  RegisteredSavers savers_ = registered_savers();
  ObjectSet seen_;
};

}  // namespace cairn::detail
