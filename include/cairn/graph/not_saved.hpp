// A member that is no part of what is saved, marked by its type: for structs that members.hpp cannot describe from
// outside, as those local to a function, or where it should be seen at the member.
//
//   struct Model { cairn::Variable<float, 10> weights; cairn::NotSaved<std::thread> worker; };
#pragma once

#include <type_traits>
#include <utility>

namespace cairn {

// A T that the walk passes by. Behaves like a pointer that is never null.
template <class T>
struct NotSaved {
  T value{};

  constexpr NotSaved() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a member is marked without a change where it gets its value
  constexpr NotSaved(T initial) noexcept(std::is_nothrow_move_constructible_v<T>) : value(std::move(initial)) {}

  [[nodiscard]] constexpr T& operator*() noexcept { return value; }
  [[nodiscard]] constexpr const T& operator*() const noexcept { return value; }
  [[nodiscard]] constexpr T* operator->() noexcept { return &value; }
  [[nodiscard]] constexpr const T* operator->() const noexcept { return &value; }
};

namespace detail {

template <class T>
inline constexpr bool is_not_saved = false;
template <class T>
inline constexpr bool is_not_saved<NotSaved<T>> = true;

}  // namespace detail

}  // namespace cairn
