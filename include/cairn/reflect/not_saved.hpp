// NotSaved<T>: the type of a member that is neither saved nor restored. Use it for a struct that members.hpp cannot
// describe from outside, such as one inside a function, or where the mark should stand at the member.
//
//   struct Model { cairn::Variable<float, 10> weights; cairn::NotSaved<std::thread> worker; };
#pragma once

#include "../version.hpp"

#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE {

// It holds a T, which may be any type, and is used like a pointer that is never null: *worker, worker->join().
template <class T>
struct NotSaved {
  // The object itself; a restore does not change it.
  T value{};

  constexpr NotSaved() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a member is marked without a change where it gets its value
  constexpr NotSaved(T initial) noexcept(std::is_nothrow_move_constructible_v<T>) : value(std::move(initial)) {}

  // Lead to `value`, and are never null.
  [[nodiscard]] constexpr T& operator*() noexcept { return value; }
  [[nodiscard]] constexpr const T& operator*() const noexcept { return value; }
  [[nodiscard]] constexpr T* operator->() noexcept { return &value; }
  [[nodiscard]] constexpr const T* operator->() const noexcept { return &value; }
};

namespace reflect::detail {

template <class T>
inline constexpr bool is_not_saved = false;
template <class T>
inline constexpr bool is_not_saved<NotSaved<T>> = true;

}  // namespace reflect::detail

}  // namespace CAIRN_NAMESPACE
