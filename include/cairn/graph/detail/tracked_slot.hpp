// tracked_slot(object): the place where the walk begins, for an object that the user hands over. The compiler refuses
// an object that cannot be tracked here.
#pragma once

#include "../../core/detail/refuse.hpp"
#include "../../reflect/detail/can_be_tracked.hpp"
#include "object_type.hpp"

#include <type_traits>

namespace CAIRN_NAMESPACE::graph::detail {

// The place of an object that is tracked from here on; an empty place after a refusal. The caller refuses a const
// object itself.
template <class T>
[[nodiscard]] Slot tracked_slot(T& place) {
  if constexpr (std::is_const_v<T>) {
    return {};
  } else {
    using Refusal = typename reflect::detail::RefusalOfTracked<T>::type;
    if constexpr (std::is_same_v<Refusal, reflect::detail::nothing_to_refuse>) {
      return slot_of(place);
    } else {
      static_cast<void>(core::detail::refuse<Refusal>());
      return {};
    }
  }
}

}  // namespace CAIRN_NAMESPACE::graph::detail
