// trainable_variables(object): what a training step may change in an object, found by reflection.
//
//   struct CustomLinearModel { cairn::Variable<float, 784, 10> weights; cairn::Variable<float, 10> biases; };
//   tape.gradient(loss, cairn::trainable_variables(model))
//
// The list is made by the compiler: how many Variables there are, and of which types, must not depend on values.
#pragma once

#include "../graph/reflect.hpp"
#include "../ops/operand.hpp"
#include "../tensor/tensor.hpp"
#include "variable_list.hpp"

#include <array>
#include <concepts>
#include <memory>
#include <optional>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cairn {

namespace detail {

template <class T>
concept HasTrainableVariables = requires(T& object) {
  object.trainable_variables();
};

// What holds one object of its own, or none.
template <class T>
inline constexpr bool is_owner_of_one = false;
template <class T>
inline constexpr bool is_owner_of_one<std::optional<T>> = true;
template <class T, class D>
inline constexpr bool is_owner_of_one<std::unique_ptr<T, D>> = !std::is_array_v<T>;
template <class T>
inline constexpr bool is_owner_of_one<std::shared_ptr<T>> = !std::is_array_v<T>;

// Seen before the elements are looked at one by one: there may be thousands.
template <class T>
inline constexpr bool is_array_of_scalars = false;
template <class T, std::size_t N>
inline constexpr bool is_array_of_scalars<std::array<T, N>> = std::is_scalar_v<T>;

// A range whose length is known at run time only: its elements cannot be in the list.
template <class T>
concept RunTimeRange = std::ranges::range<T> && !TupleLike<T>;

template <class Container>
struct this_container_cannot_be_listed {
  static_assert(!std::is_same_v<Container, Container>,
                "cairn: this container holds trainable Variables, and how many is known at run time only, but "
                "trainable_variables() makes its list at compile time. Use std::array or std::tuple, or give the "
                "struct around it a member trainable_variables().");
};
template <class Struct>
struct this_struct_cannot_be_listed {
  static_assert(!std::is_same_v<Struct, Struct>,
                "cairn: this struct holds, through pointers, another of its kind, so that how many Variables there are "
                "is known at run time only, but trainable_variables() makes its list at compile time. Give the struct "
                "a member trainable_variables().");
};

// A tuple of references to the Variables in `object`. `Path` are the structs around it.
template <class... Path, class T>
[[nodiscard]] auto find_variables(T& object) {
  using Type = std::remove_const_t<T>;
  if constexpr (is_variable<Type>) {
    if constexpr (std::floating_point<typename Type::value_type>)
      return std::tuple<T&>(object);
    else
      return std::tuple<>();
  } else if constexpr (is_tensor<Type> || std::is_scalar_v<Type> || is_array_of_scalars<Type>) {
    return std::tuple<>();
  } else if constexpr (HasTrainableVariables<T>) {
    return std::apply([](auto&... variable) { return std::tie(variable...); }, object.trainable_variables());
  } else if constexpr (is_owner_of_one<Type>) {
    using Found = decltype(find_variables<Path...>(*object));
    if constexpr (std::tuple_size_v<Found> == 0) {
      return std::tuple<>();
    } else {
      if (!object)
        throw Error(ErrorCode::failed_precondition,
                    "trainable_variables was asked for the Variables behind a pointer or optional that is empty; fill "
                    "it first");
      return find_variables<Path...>(*object);
    }
  } else if constexpr (RunTimeRange<T>) {
    using Element = std::remove_reference_t<std::ranges::range_reference_t<T>>;
    if constexpr (!std::is_same_v<Element, T>) {  // a path is a range of paths
      using Found = decltype(find_variables<Path...>(std::declval<Element&>()));
      if constexpr (!std::is_same_v<Found, std::tuple<>>)
        static_cast<void>(refuse<this_container_cannot_be_listed<Type>>());
    }
    return std::tuple<>();
  } else if constexpr (TupleLike<Type>) {
    return std::apply([](auto&... element) { return std::tuple_cat(find_variables<Path...>(element)...); }, object);
  } else if constexpr (PlainStruct<Type>) {
    if constexpr ((std::same_as<Type, Path> || ...)) {
      static_cast<void>(refuse<this_struct_cannot_be_listed<Type>>());
      return std::tuple<>();
    } else {
      auto members = tie_all_members(object);
      return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return std::tuple_cat(find_variables<Path..., Type>(tied_member<I>(members))...);
      }
      (std::make_index_sequence<member_count<Type>()>{});
    }
  } else {
    return std::tuple<>();
  }
}

template <class Type>
struct this_type_holds_no_variables {
  static_assert(!std::is_same_v<Type, Type>,
                "cairn: no trainable Variable was found in this type. Only Variables of floating-point elements are "
                "trainable, and a class that is no plain struct needs a member trainable_variables().");
};

}  // namespace detail

// References to all Variables of floating-point elements in `object`: in its members, their members and so on, in the
// order of declaration; in std::array, std::tuple, std::pair; behind std::unique_ptr, std::shared_ptr and
// std::optional, which must not be empty (Error failed_precondition). A class with a member trainable_variables() - the
// layers of keras:: have one - is asked by that. Raw pointers are not followed: they belong to somebody else. A
// Variable that is reached twice is listed twice. Whether a Variable says trainable() is known at run time only:
// optimizers heed it.
template <class T>
[[nodiscard]] auto trainable_variables(T& object) {
  auto found = detail::find_variables(object);
  if constexpr (std::is_same_v<decltype(found), std::tuple<>>)
    static_cast<void>(detail::refuse<detail::this_type_holds_no_variables<std::remove_const_t<T>>>());
  return detail::list_of(found);
}

}  // namespace cairn
