// Slot variables without their types: what an optimizer keeps for variables that are not its own.
//
//   optimizer --"m"--> { variable w -> slot variable, variable b -> slot variable }
//
// They are no one's children: a checkpoint lists them at the optimizer's node, behind all other nodes.
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "object.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace CAIRN_NAMESPACE {
class ObjectGraph;
}

namespace CAIRN_NAMESPACE::graph::detail {

// A member of this type, of an optimizer that is a plain struct, is no child; its name is the slot's. Variables are
// known by where they are, and nobody looks at them there: they may be gone.
class SlotVariableSet {
 public:
  using Sink = core::detail::FunctionRef<void(const Object& variable, const Object& slot_variable)>;

  virtual void list(const Sink& sink) const = 0;
  // Empty when there is none for that variable.
  [[nodiscard]] virtual Object find(const Object& variable) const = 0;
  // For a variable that is alive and has none: makes one that commit() will put here, and tells it in `created`; the
  // variable will be `there` then. Null when this set cannot.
  [[nodiscard]] virtual core::detail::Own<Change> create(const Object& /*variable*/, const Object& /*there*/,
                                                         Object& /*created*/) {
    return nullptr;
  }

 protected:
  SlotVariableSet() = default;
  SlotVariableSet(SlotVariableSet&&) = default;
  SlotVariableSet& operator=(SlotVariableSet&&) = default;
  ~SlotVariableSet() = default;
};

struct Root;

// The slot variables that a walk has met. SlotsOfWalk (walk_slots.hpp) is the one class that does something.
class WalkedSlots {
 public:
  WalkedSlots() = default;
  WalkedSlots(const WalkedSlots&) = delete;
  WalkedSlots& operator=(const WalkedSlots&) = delete;
  virtual ~WalkedSlots() = default;

  // Notes what the object of that node keeps.
  virtual void note(std::int32_t /*node*/, const std::string& /*path*/, const Object&) {}
  [[nodiscard]] virtual bool empty() const noexcept { return true; }
  // Adds a node for each behind all others.
  virtual void add_to(ObjectGraph&, core::detail::Vec<Object>& /*by node*/) const {}
};

// The slot variables of the optimizers that a restore has met. SlotsOfPlan (match_slots.hpp) is the one class that does
// something.
class MatchedSlots {
 public:
  MatchedSlots() = default;
  MatchedSlots(const MatchedSlots&) = delete;
  MatchedSlots& operator=(const MatchedSlots&) = delete;
  virtual ~MatchedSlots() = default;

  // Notes what an object keeps for which the checkpoint has nothing.
  virtual void note_left_out(const std::string& /*path*/, const Object&) {}
  // Forgets what was noted since finish() was called last.
  virtual void forget() noexcept {}
  // Matches slot variables, when all other objects are bound: the items from `begin` on by this match.
  virtual void finish(RestorePlan&, const Root&, std::size_t /*begin*/) {}
};

// What the types of optimizers bring into a program (ObjectType::slot_feature), and no other program has.
struct SlotFeature {
  core::detail::Own<WalkedSlots> (*walked)();
  core::detail::Own<MatchedSlots> (*matched)();
};

}  // namespace CAIRN_NAMESPACE::graph::detail
