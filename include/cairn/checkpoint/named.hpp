// Named: an object and the name that it is saved under, "model"_a = model.
#pragma once

#include "../core/detail/type_name.hpp"
#include "../core/fixed_string.hpp"
#include "../graph/detail/object_type.hpp"

#include <string>
#include <type_traits>

namespace CAIRN_NAMESPACE {

// A reference to an object, with a name. The object must outlive whatever the reference is given to.
template <FixedString name, class T>
struct Named {
  // The object is not owned, and the pointer is never null.
  T* object;
};

// A name that waits for its object: `"model"_a`.
template <FixedString name>
struct Name {
  // Returns a reference to the object with this name. A const object and a temporary do not compile.
  template <class T>
  [[nodiscard]] constexpr Named<name, T> operator=(
      T& object) const noexcept {  // NOLINT(misc-unconventional-assign-operator)
    static_assert(!std::is_const_v<T>,
                  "cairn: a const object cannot be tracked, because a restore writes to it. Pass an object that is not "
                  "const.");
    return {__builtin_addressof(object)};
  }
  template <class T>
  constexpr Named<name, T> operator=(const T&&) const noexcept {  // NOLINT(misc-unconventional-assign-operator)
    static_assert(
        !std::is_same_v<T, T>,
        "cairn: a Checkpoint keeps references to what it tracks, and a temporary is gone before the first save. "
        "Give it a variable that lives as long as the Checkpoint.");
    return {nullptr};
  }
};

// The literal "name"_a; `using namespace cairn::literals;` makes it visible.
namespace literals {
// Makes a name of a literal: "model"_a = model is a Named. It is TensorFlow's keyword argument, Checkpoint(model=model).
template <FixedString name>
[[nodiscard]] constexpr Name<name> operator""_a() noexcept {
  return {};
}
}  // namespace literals

namespace checkpoint::detail {

template <class T>
inline constexpr bool is_named = false;
template <FixedString name, class T>
inline constexpr bool is_named<Named<name, T>> = true;

// The object that a checkpoint is made of as a whole, when it is not made of named ones.
template <class T>
struct RootOf {
  RootOf(T& root) : object(&root) {}  // NOLINT(google-explicit-constructor): Checkpoint{training}
  T* object;
};

}  // namespace checkpoint::detail
}  // namespace CAIRN_NAMESPACE
