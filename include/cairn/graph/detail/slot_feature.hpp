// slot_feature: the code that saves and restores slot variables, for the types of optimizers to name.
#pragma once

#include "../../core/detail/own.hpp"
#include "match_slots.hpp"
#include "slot_variable_set.hpp"
#include "walk_slots.hpp"

namespace CAIRN_NAMESPACE::graph::detail {

inline constexpr SlotFeature slot_feature{
    [] { return core::detail::Own<WalkedSlots>(new SlotsOfWalk); },
    [] { return core::detail::Own<MatchedSlots>(new SlotsOfPlan); },
};

}  // namespace CAIRN_NAMESPACE::graph::detail
