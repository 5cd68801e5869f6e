// Slot variables without their types: what an optimizer keeps for variables that are not its own.
//
//   optimizer --"m"--> { variable w -> slot variable, variable b -> slot variable }
//
// They are no one's children: a checkpoint lists them at the optimizer's node, behind all other nodes.
#pragma once

#include "object.hpp"

#include <memory>

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

}  // namespace CAIRN_NAMESPACE::graph::detail
