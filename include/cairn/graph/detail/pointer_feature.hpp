// PointerFeature: the code for places that may be empty, shared, raw or loose. Their types bring it into a program
// (SlotType::pointer_feature), and no other program has it.
#pragma once

#include "object.hpp"

#include <cstddef>

namespace CAIRN_NAMESPACE::graph::detail {

class Walk;
struct Root;
struct Visit;

// The functions are in walk_pointers.hpp and match_pointers.hpp.
struct PointerFeature {
  // The part of Walk::add_child() for such a place. False when the walk does not follow it.
  bool (*follow)(Walk&, const Child&, const Object& target);
  // Ends a walk that has met such a place, by other walks if need be.
  LiveGraph (*end)(Walk&& first, const Root&);

  // The part of RestorePlan::visit(). True when nothing is left to do.
  bool (*visit)(RestorePlan&, Visit&);
  void (*follow_loose)(RestorePlan&);
  void (*fill_places)(RestorePlan&, const Root&, std::size_t begin);
};

}  // namespace CAIRN_NAMESPACE::graph::detail
