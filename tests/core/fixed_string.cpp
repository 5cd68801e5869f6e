#include "cairn/core/fixed_string.hpp"

#include <doctest/doctest.h>

namespace {

template <cairn::FixedString text>
struct Named {
  static constexpr std::string_view name = text.view();
};

}  // namespace

TEST_CASE("text can be a template argument") {
  CHECK(Named<"weights">::name == "weights");
  CHECK(Named<"">::name.empty());
}

TEST_CASE("fixed strings of equal text are equal") {
  constexpr cairn::FixedString one("a");
  constexpr cairn::FixedString same("a");
  constexpr cairn::FixedString other("b");
  CHECK(one == same);
  CHECK_FALSE(one == other);
}
