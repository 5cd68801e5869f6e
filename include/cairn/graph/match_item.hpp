// What a match keeps: of each saved node, and of each live object that it has come to.
#pragma once

#include "object.hpp"

#include <cstdint>
#include <deque>
#include <string_view>

namespace cairn::detail {

// There is one for each node of the file, and one for each that is bound: they are kept small.
struct NodeBinding {
  bool is_bound = false;
  bool is_moving = false;  // the object: it is in a list that grows
  Object object = {};
};

struct MatchItem {
  static constexpr std::uint32_t no_parent = static_cast<std::uint32_t>(-1);

  Object object = {};
  std::string_view name = {};  // as long as the matcher
  std::int32_t node = 0;
  std::uint32_t parent = no_parent;
  std::uint32_t depth = 0;
  bool is_outside : 1 = false;
  bool is_done : 1 = false;
  bool is_again : 1 = false;  // another saved object has filled this one; what that one did not have comes from here
  bool is_moving : 1 = false;
  bool moves_children : 1 = false;
  bool keeps_structure : 1 = false;  // below an object that a registered saver restores
};

// Grows without a copy of itself: the file says how many there are.
using MatchItems = std::deque<MatchItem>;

}  // namespace cairn::detail
