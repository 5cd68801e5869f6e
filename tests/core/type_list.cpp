#include "cairn/core/detail/type_list.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <type_traits>
#include <utility>

using cairn::core::detail::Joined;
using cairn::core::detail::NthType;
using cairn::core::detail::TypeList;

TEST_CASE("lists of types are joined in their order, empty ones among them") {
  CHECK(std::is_same_v<Joined<>, TypeList<>>);
  CHECK(std::is_same_v<Joined<TypeList<>, TypeList<int, char>, TypeList<>, TypeList<int>>, TypeList<int, char, int>>);
  using One = TypeList<int>;
  using Nine = Joined<One, One, One, One, TypeList<>, One, One, One, One, TypeList<char>>;
  CHECK(std::is_same_v<Nine, TypeList<int, int, int, int, int, int, int, int, char>>);
}

TEST_CASE("a type is found by its index, also one that is no complete or no object type") {
  struct Incomplete;
  CHECK(std::is_same_v<NthType<0, int&, Incomplete, void>, int&>);
  CHECK(std::is_same_v<NthType<1, int&, Incomplete, void>, Incomplete>);
  CHECK(std::is_same_v<NthType<2, int&, Incomplete, const void>, const void>);
}

TEST_CASE("lists may be a thousand types long") {
  const auto joined = []<std::size_t... I>(std::index_sequence<I...>) {
    return Joined<TypeList<std::integral_constant<std::size_t, I>>...>{};
  }(std::make_index_sequence<1000>{});
  CHECK(joined.size == 1000);
  const auto last = []<class... Types>(TypeList<Types...>) { return NthType<999, Types...>::value; }(joined);
  CHECK(last == 999);
}
