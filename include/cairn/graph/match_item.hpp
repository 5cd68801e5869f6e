// What a match keeps: of each saved node, and of each live object that it has come to.
#pragma once

#include "object.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace cairn::detail {

struct NodeBinding {
  bool is_bound = false;
  bool is_moving = false;  // the object: it is in a list that grows
  Object object = {};
  std::shared_ptr<void> owner = nullptr;
};

struct MatchItem {
  static constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

  Object object = {};
  std::int32_t node = 0;
  std::size_t parent = no_parent;
  std::string name = {};
  bool is_outside = false;
  bool is_done = false;
  bool is_again = false;  // another saved object has filled this one; what that one did not have comes from here
  bool is_moving = false;
  bool moves_children = false;
  bool keeps_structure = false;  // below an object that a registered saver restores
  std::size_t depth = 0;
};

}  // namespace cairn::detail
