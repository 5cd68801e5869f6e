// trainable_variables(object): the Variables of an object that a training step may change, found by reflection.
//
//   struct CustomLinearModel { cairn::Variable<float, 784, 10> weights; cairn::Variable<float, 10> biases; };
//   tape.gradient(loss, cairn::trainable_variables(model))
//
// The compiler makes the list: the number of Variables and their types must not depend on values.
#pragma once

#include "../core/detail/refuse.hpp"
#include "detail/find_variables.hpp"

#include <type_traits>

namespace CAIRN_NAMESPACE {

namespace keras::detail {

template <class Type>
struct this_type_holds_no_variables {
  static_assert(!std::is_same_v<Type, Type>,
                "cairn: no trainable Variable was found in this type. Only Variables of floating-point elements are "
                "trainable, and a class that is no plain struct needs a member trainable_variables().");
};

}  // namespace keras::detail

// Returns a VariableList of all Variables in `object` whose elements are float or double, in the order of declaration.
// They are found in members and in the members of these, in std::array, std::tuple and std::pair, and behind
// std::unique_ptr, std::shared_ptr and std::optional. For a class with a member function trainable_variables(), such as
// the layers of keras, its list is taken. Raw pointers are not followed, because they do not own their objects. A
// Variable that is reached twice is listed twice. A Variable that is not trainable() is listed, too: optimizers do not
// change it. The compiler refuses a type without such Variables, and containers of them whose length is known at run
// time only.
//
// Throws Error with ErrorCode::failed_precondition when a pointer or optional, behind which there are Variables, is
// empty. The list refers to the Variables, which must outlive it.
template <class T>
[[nodiscard]] auto trainable_variables(T& object) {
  using Found = keras::detail::VariablesIn<T>;
  if constexpr (Found::size == 0)
    static_cast<void>(core::detail::refuse<keras::detail::this_type_holds_no_variables<std::remove_const_t<T>>>());
  return keras::detail::make_list(Found{}, object);
}

}  // namespace CAIRN_NAMESPACE
