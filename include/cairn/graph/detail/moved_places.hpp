// Where objects will be when the actions of a restore are committed: elements of a list that grows move, and what is made for an
// empty optional is made elsewhere.
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "object.hpp"
#include "restore_actions.hpp"

#include <cstddef>

namespace CAIRN_NAMESPACE::graph::detail {

class MovedPlaces {
 public:
  explicit MovedPlaces(const RestoreActions& actions) {
    actions.list_moves([&](void* from, std::size_t size, void* to) {
      moves_.push_back({static_cast<std::byte*>(from), size, static_cast<std::byte*>(to)});
    });
    core::detail::sort(moves_, [](const Move& a, const Move& b) { return a.from < b.from; });
  }

  // What is moved may be part of what is moved in turn.
  [[nodiscard]] Object operator()(Object object) const {
    for (std::size_t turn = 0; turn <= moves_.size(); ++turn) {
      auto* const address = static_cast<std::byte*>(object.address);
      std::size_t first = 0, behind = moves_.size();  // behind the last move from there or before
      while (first < behind) {
        const std::size_t middle = first + (behind - first) / 2;
        if (address < moves_[middle].from)
          behind = middle;
        else
          first = middle + 1;
      }
      if (behind == 0) break;
      const Move& move = moves_[behind - 1];
      const auto offset = static_cast<std::size_t>(address - move.from);
      if (offset >= move.size) break;
      object.address = move.to + offset;
    }
    return object;
  }

 private:
  struct Move {
    std::byte* from;
    std::size_t size;
    std::byte* to;
  };
  core::detail::Vec<Move> moves_;  // by `from`; of those from one place the last counts
};

}  // namespace CAIRN_NAMESPACE::graph::detail
