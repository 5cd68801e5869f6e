// TypeList: lists of types of any length. NthType is the type at an index, Joined is several lists as one. std::tuple
// takes a step of recursion for each of its types, and compilers stop after a few hundred steps.
//
//   Joined<TypeList<int>, TypeList<>, TypeList<float, char>>   ->   TypeList<int, float, char>
//   NthType<1, int, float, char>                               ->   float
#pragma once

#include "../../version.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::core::detail {

template <class... Types>
struct TypeList {
  static constexpr std::size_t size = sizeof...(Types);
};

#if defined(__has_builtin)
#if __has_builtin(__type_pack_element)
#define CAIRN_HAS_TYPE_PACK_ELEMENT 1
#endif
#endif

#if defined(CAIRN_HAS_TYPE_PACK_ELEMENT)
template <std::size_t I, class... Types>
struct TypeAt {
  using type = __type_pack_element<I, Types...>;
};
#undef CAIRN_HAS_TYPE_PACK_ELEMENT
#else
template <std::size_t>
using AnyPointer = const void*;

// A function that takes any pointers as its first parameters, and deduces the type of the parameter behind them.
template <class Before>
struct TypeBehind;
template <std::size_t... Before>
struct TypeBehind<std::index_sequence<Before...>> {
  template <class Type>
  static std::type_identity<Type> find(AnyPointer<Before>..., std::type_identity<Type>*, ...);
};
template <std::size_t I, class... Types>
struct TypeAt
    : decltype(TypeBehind<std::make_index_sequence<I>>::find(static_cast<std::type_identity<Types>*>(nullptr)...)){};
#endif

template <std::size_t I, class... Types>
using NthType = typename TypeAt<I, Types...>::type;

// Eight lists are joined in one step, so that few steps of recursion are needed.
template <class... Lists>
struct JoinedLists {
  using type = TypeList<>;
};
template <class... A>
struct JoinedLists<TypeList<A...>> {
  using type = TypeList<A...>;
};
template <class... A, class... B, class... Rest>
struct JoinedLists<TypeList<A...>, TypeList<B...>, Rest...> : JoinedLists<TypeList<A..., B...>, Rest...> {};
template <class... A, class... B, class... C, class... D, class... E, class... F, class... G, class... H, class... Rest>
struct JoinedLists<TypeList<A...>, TypeList<B...>, TypeList<C...>, TypeList<D...>, TypeList<E...>, TypeList<F...>,
                   TypeList<G...>, TypeList<H...>, Rest...>
    : JoinedLists<TypeList<A..., B..., C..., D..., E..., F..., G..., H...>, Rest...> {};

template <class... Lists>
using Joined = typename JoinedLists<Lists...>::type;

}  // namespace CAIRN_NAMESPACE::core::detail
