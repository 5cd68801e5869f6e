// Where objects will be when a RestorePlan is committed: elements of a list that grows move, and what is made for an
// empty optional is made elsewhere.
#pragma once

#include "object.hpp"
#include "restore_plan.hpp"

#include <cstddef>
#include <functional>
#include <map>

namespace cairn::graph::detail {

class MovedPlaces {
 public:
  explicit MovedPlaces(const RestorePlan& plan) {
    plan.list_moves([&](void* from, std::size_t size, void* to) {
      moves_.insert_or_assign(static_cast<std::byte*>(from), Move{size, static_cast<std::byte*>(to)});
    });
  }

  // What is moved may be part of what is moved in turn.
  [[nodiscard]] Object operator()(Object object) const {
    for (std::size_t turn = 0; turn <= moves_.size(); ++turn) {
      auto* const address = static_cast<std::byte*>(object.address);
      auto move = moves_.upper_bound(address);
      if (move == moves_.begin()) break;
      --move;
      const auto offset = static_cast<std::size_t>(address - move->first);
      if (offset >= move->second.size) break;
      object.address = move->second.to + offset;
    }
    return object;
  }

 private:
  struct Move {
    std::size_t size;
    std::byte* to;
  };
  std::map<std::byte*, Move, std::less<>> moves_;
};

}  // namespace cairn::graph::detail
