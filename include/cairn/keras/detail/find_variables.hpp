// The trainable Variables in an object: their types, which the compiler finds in the type of the object, and their places,
// which the program finds in the object.
#pragma once

#include "../../core/detail/type_list.hpp"
#include "../../ops/detail/operand.hpp"
#include "../../reflect/detail/reflect.hpp"
#include "../../tensor/tensor.hpp"
#include "../../tensor/variable_list.hpp"

#include <array>
#include <concepts>
#include <iterator>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::keras::detail {

template <class T>
concept HasTrainableVariables = requires(T& object) { object.trainable_variables(); };

// True for a type that owns one object or none.
template <class T>
inline constexpr bool is_owner_of_one = false;
template <class T>
inline constexpr bool is_owner_of_one<std::optional<T>> = true;
template <class T, class D>
inline constexpr bool is_owner_of_one<std::unique_ptr<T, D>> = !std::is_array_v<T>;
template <class T>
inline constexpr bool is_owner_of_one<std::shared_ptr<T>> = !std::is_array_v<T>;

// An array of numbers has no Variables. This is found out before its elements are looked at, which may be thousands.
template <class T>
inline constexpr bool is_array_of_scalars = false;
template <class T, std::size_t N>
inline constexpr bool is_array_of_scalars<std::array<T, N>> = std::is_scalar_v<T>;

template <class T>
concept Range = requires(T& range) {
  std::begin(range);
  std::end(range);
};
template <class T>
using ElementIn = std::remove_reference_t<decltype(*std::begin(std::declval<T&>()))>;

// A range whose length is known at run time only: its elements cannot be in the list.
template <class T>
concept RunTimeRange = Range<T> && !reflect::detail::TupleLike<T>;

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

template <class... Variables>
[[nodiscard]] core::detail::TypeList<Variables...> types_listed_in(const VariableList<Variables...>&);
template <class... Variables>
[[nodiscard]] core::detail::TypeList<Variables...> types_listed_in(const std::tuple<Variables&...>&);

template <std::size_t I, class T>
[[nodiscard]] auto& tuple_element_of(T& tuple) {
  using std::get;
  return get<I>(tuple);
}

// The types of the Variables in a T; they are const where T is. `Path` are the structs around the T.
template <class T, class... Path>
[[nodiscard]] constexpr auto find_variables();

// A Variable is found without an instantiation of find_variables, because a model has many.
template <bool is_variable>
struct FoundIn {
  template <class T, class... Path>
  using Types = decltype(find_variables<T, Path...>());
};
template <>
struct FoundIn<true> {
  template <class V, class...>
  using Types = std::conditional_t<std::floating_point<typename V::value_type>, core::detail::TypeList<V>,
                                   core::detail::TypeList<>>;
};
template <class T, class... Path>
using VariablesIn = typename FoundIn<is_variable<std::remove_const_t<T>>>::template Types<T, Path...>;

template <class Element, std::size_t... I>
[[nodiscard]] constexpr auto repeat_types(std::index_sequence<I...>) {
  return core::detail::Joined<std::enable_if_t<(I >= 0), Element>...>{};
}
template <class T, class... Path, std::size_t... I>
[[nodiscard]] constexpr auto find_in_tuple(std::index_sequence<I...>) {
  return core::detail::Joined<
      VariablesIn<std::remove_reference_t<decltype(tuple_element_of<I>(std::declval<T&>()))>, Path...>...>{};
}
// The type of member I of a T; it is const where T is.
template <class T, std::size_t I>
using MemberIn =
    std::conditional_t<std::is_const_v<T>, const reflect::detail::MemberType<T, I>, reflect::detail::MemberType<T, I>>;
template <class T, class... Path, std::size_t... I>
[[nodiscard]] constexpr auto find_in_members(std::index_sequence<I...>) {
  return core::detail::Joined<VariablesIn<MemberIn<T, I>, Path..., std::remove_const_t<T>>...>{};
}

template <class T, class... Path>
[[nodiscard]] constexpr auto find_variables() {
  using Type = std::remove_const_t<T>;
  if constexpr (is_tensor<Type> || std::is_scalar_v<Type> || is_array_of_scalars<Type>) {
    return core::detail::TypeList<>{};
  } else if constexpr (HasTrainableVariables<T>) {
    return decltype(types_listed_in(std::declval<T&>().trainable_variables())){};
  } else if constexpr (is_owner_of_one<Type>) {
    return VariablesIn<std::remove_reference_t<decltype(*std::declval<T&>())>, Path...>{};
  } else if constexpr (RunTimeRange<T>) {
    using Element = ElementIn<T>;
    if constexpr (!std::is_same_v<Element, T>)  // a path is a range of paths
      if constexpr (VariablesIn<Element, Path...>::size != 0)
        static_cast<void>(core::detail::refuse<this_container_cannot_be_listed<Type>>());
    return core::detail::TypeList<>{};
  } else if constexpr (reflect::detail::TupleLike<Type> && Range<T>) {  // std::array
    using Element = ElementIn<T>;
    return repeat_types<VariablesIn<Element, Path...>>(std::make_index_sequence<std::tuple_size_v<Type>>{});
  } else if constexpr (reflect::detail::TupleLike<Type>) {
    return find_in_tuple<T, Path...>(std::make_index_sequence<std::tuple_size_v<Type>>{});
  } else if constexpr (reflect::detail::PlainStruct<Type>) {
    if constexpr ((std::same_as<Type, Path> || ...)) {
      static_cast<void>(core::detail::refuse<this_struct_cannot_be_listed<Type>>());
      return core::detail::TypeList<>{};
    } else {
      return find_in_members<T, Path...>(std::make_index_sequence<reflect::detail::member_count<Type>()>{});
    }
  } else {
    return core::detail::TypeList<>{};
  }
}

// Writes the addresses of an object's Variables to `next`, in the order of find_variables().
using ListVariables = void (*)(void* object, void**& next);
inline void list_itself(void* variable, void**& next) { *next++ = variable; }

// Writes the addresses of the Variables in the T at `place`, which has some.
template <class T>
void list_variables_in(void* place, void**& next);
// The function that lists the Variables in a T; null where a T has none.
template <class T>
[[nodiscard]] constexpr ListVariables how_to_list() noexcept {
  if constexpr (VariablesIn<T>::size == 0)
    return nullptr;
  else if constexpr (is_variable<std::remove_const_t<T>>)
    return &list_itself;
  else
    return &list_variables_in<T>;
}

template <class T, std::size_t... I>
void list_in_members(T& object, void**& next, std::index_sequence<I...>) {
  static constexpr ListVariables how[] = {how_to_list<MemberIn<T, I>>()...};
  const auto places = reflect::detail::addresses_of_members(object);
  for (std::size_t i = 0; i < sizeof...(I); ++i)
    if (how[i] != nullptr) how[i](places[i], next);
}
template <class T>
void list_variable_of(T& object, void**& next) {
  if constexpr (VariablesIn<T>::size != 0) how_to_list<T>()(const_cast<std::remove_const_t<T>*>(&object), next);
}

template <class T>
void list_variables_in(void* place, void**& next) {
  using Type = std::remove_const_t<T>;
  T& object = *static_cast<T*>(place);
  if constexpr (HasTrainableVariables<T>) {
    const auto list = tensor::detail::list_of(object.trainable_variables());
    for (void* const variable : list.untyped().variables) *next++ = variable;
  } else if constexpr (is_owner_of_one<Type>) {
    if (!object)
      throw Error(ErrorCode::failed_precondition,
                  "trainable_variables was asked for the Variables behind a pointer or optional that is empty; fill "
                  "it first");
    list_variable_of(*object, next);
  } else if constexpr (reflect::detail::TupleLike<Type> && Range<T>) {
    for (auto& element : object) list_variable_of(element, next);
  } else if constexpr (reflect::detail::TupleLike<Type>) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (list_variable_of(tuple_element_of<I>(object), next), ...);
    }(std::make_index_sequence<std::tuple_size_v<Type>>{});
  } else {
    list_in_members(object, next, std::make_index_sequence<reflect::detail::member_count<Type>()>{});
  }
}

template <class... Variables, class T>
[[nodiscard]] VariableList<Variables...> make_list(core::detail::TypeList<Variables...>, T& object) {
  typename VariableList<Variables...>::Places places{};
  void** next = places.data();
  list_variable_of(object, next);
  return VariableList<Variables...>(places);
}

}  // namespace CAIRN_NAMESPACE::keras::detail
