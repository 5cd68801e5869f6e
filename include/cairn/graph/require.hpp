// What a plain struct must be to be taken apart, checked once per struct and refused in a full sentence before
// Boost.PFR sees it.
#pragma once

#include "member_names.hpp"

#include <cstddef>
#include <type_traits>

namespace cairn::detail {

template <class T>
[[nodiscard]] constexpr bool require_plain_struct() noexcept {
  static_assert(std::is_aggregate_v<T>, "cairn: not an aggregate");
  return true;
}

}  // namespace cairn::detail
