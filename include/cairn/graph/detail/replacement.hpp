// A new value for a user's object, made beside it and moved into place when all is checked.
#pragma once

#include "object.hpp"

#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

template <class T>
concept Replaceable =
    (std::is_copy_constructible_v<T> || std::is_default_constructible_v<T>) && std::is_move_assignable_v<T>;

// Begins as a copy of the object, or as its default where it cannot be copied.
template <class T>
class Replacement final : public Change {
 public:
  explicit Replacement(T& target) : target_(target), fresh(begin(target)) {}
  void commit() noexcept override { target_ = std::move(fresh); }

 private:
  [[nodiscard]] static T begin(const T& target) {
    if constexpr (std::is_copy_constructible_v<T>)
      return target;
    else
      return T();
  }
  T& target_;

 public:
  T fresh;
};

}  // namespace CAIRN_NAMESPACE::graph::detail
