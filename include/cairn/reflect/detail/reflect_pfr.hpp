// The one place that touches Boost.PFR: a struct and its number of members become references to the members, and
// (Boost 1.84 on) the members' names.
//
//   struct Model { Variable<float> w; int step; };    tie_members<2>(model)  ->  (Variable<float>&, int&)
//
// PFR's own way to the number of members is not taken. It tries up to 4 * sizeof(struct) initialisers, which costs
// gigabytes for a struct with a large array inside, and g++ 12 stops with an internal error when a member is a
// std::array of something with a destructor. reflect_count.hpp counts without these limits; PFR then binds and names.
// Binding to a number of members that is known is not in PFR's public interface: names of boost::pfr::detail are used
// here (tie_as_tuple, size_t_, sequence_tuple::get) and in member_names.hpp (name_of_field, make_clang_wrapper), there
// from Boost 1.75 and 1.84 to 1.90. Where PFR has the language's own packs or reflection (C++26), nothing is counted.
#pragma once

#include "../../core/detail/needs_boost_pfr.hpp"
#include "../../version.hpp"

#include <boost/pfr/core.hpp>
#include <boost/pfr/tuple_size.hpp>
#if __has_include(<boost/pfr/core_name.hpp>)
#include <boost/pfr/core_name.hpp>
#endif

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::reflect::detail {

// The largest number of members that PFR can bind.
inline constexpr std::size_t max_member_count = 100;

// References to the members of `object`, in declaration order; `count` must be their number.
template <std::size_t count, class T>
[[nodiscard]] constexpr auto tie_members(T& object) noexcept {
#if (defined(BOOST_PFR_USE_CPP26) && BOOST_PFR_USE_CPP26) || \
    (defined(BOOST_PFR_USE_CPP26_REFLECTION) && BOOST_PFR_USE_CPP26_REFLECTION)
  return boost::pfr::detail::tie_as_tuple(object);
#else
  return boost::pfr::detail::tie_as_tuple(object, boost::pfr::detail::size_t_<count>{});
#endif
}

// The base of PFR's tuple that holds reference I: to be found by its index, or its index by itself. Names of functions
// that take this stay short, where those of functions that take the whole tuple are as long as the list of all types.
template <std::size_t I, class Reference>
using TiedMember = boost::pfr::detail::sequence_tuple::base_from_member<I, Reference>;

template <std::size_t I, class Reference>
[[nodiscard]] constexpr Reference tied_member(const TiedMember<I, Reference>& tied) noexcept {
  return tied.value;
}

template <std::size_t I, class Reference>
[[nodiscard]] std::type_identity<Reference> type_of_tied(const TiedMember<I, Reference>&);  // only declared
template <class Tied, std::size_t I>
using TiedReference = typename decltype(type_of_tied<I>(std::declval<const Tied&>()))::type;

// The addresses of all members, in the order of declaration.
template <class... References, std::size_t... I>
[[nodiscard]] std::array<void*, sizeof...(I)> addresses_of_tied(
    const boost::pfr::detail::sequence_tuple::tuple<References...>& tied, std::index_sequence<I...>) noexcept {
  return {const_cast<void*>(static_cast<const volatile void*>(
      __builtin_addressof(static_cast<const TiedMember<I, References>&>(tied).value)))...};
}

}  // namespace CAIRN_NAMESPACE::reflect::detail
