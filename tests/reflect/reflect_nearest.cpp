#include "cairn/reflect/detail/nearest.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

TEST_CASE("the distance of two texts is what must be inserted, removed or replaced") {
  static_assert(cairn::reflect::detail::edit_distance("", "") == 0);
  static_assert(cairn::reflect::detail::edit_distance("", "abc") == 3 &&
                cairn::reflect::detail::edit_distance("abc", "") == 3);
  static_assert(cairn::reflect::detail::edit_distance("kitten", "sitting") == 3);
  static_assert(cairn::reflect::detail::edit_distance("weights", "wieghts") == 2);
  static_assert(cairn::reflect::detail::edit_distance("abc", "abc") == 0);
  CHECK(cairn::reflect::detail::edit_distance("model.kernel", "model.kernels") == 1);
}

TEST_CASE("a distance is not counted beyond its limit") {
  static_assert(cairn::reflect::detail::edit_distance("kitten", "sitting", 2) == 2);
  static_assert(cairn::reflect::detail::edit_distance("kitten", "sitting", 4) == 3);
  static_assert(cairn::reflect::detail::edit_distance("a", "abcdefgh", 3) == 3);
  static_assert(cairn::reflect::detail::edit_distance("abc", "abc", 0) == 0);
}

TEST_CASE("very long texts are compared by their begin") {
  const std::string text(1000, 'a');
  CHECK(cairn::reflect::detail::edit_distance(text, text + "b") == 0);
  CHECK(cairn::reflect::detail::edit_distance(text, "") == cairn::reflect::detail::longest_compared);
}

TEST_CASE("the nearest candidate is the first of the nearest ones") {
  static constexpr std::array<std::string_view, 3> candidates{"weights", "biases", "biased"};
  static_assert(cairn::reflect::detail::nearest("wieghts", candidates) == "weights");
  static_assert(cairn::reflect::detail::nearest("biasex", candidates) == "biases");
  CHECK(cairn::reflect::detail::nearest("x", {}).empty());
}

TEST_CASE("a candidate that nobody would take for the wrong text is not offered") {
  static constexpr std::array<std::string_view, 4> candidates{"model.layers.0.kernel", "optimizer", "w",
                                                              "net/encoder/b"};
  static_assert(cairn::reflect::detail::nearest("", candidates).empty() &&
                cairn::reflect::detail::nearest("x", candidates).empty());
  static_assert(cairn::reflect::detail::nearest("save_counter", candidates).empty());
  static_assert(cairn::reflect::detail::nearest("model.layers.0.bias", candidates)
                    .empty());  // that the beginnings are alike says nothing
  static_assert(cairn::reflect::detail::nearest("head.layers.0.kernel", candidates).empty());
  static_assert(cairn::reflect::detail::nearest("model.layers.0.kernl", candidates) == "model.layers.0.kernel");
  static_assert(cairn::reflect::detail::nearest("modle.layers.0.kernel", candidates) == "model.layers.0.kernel");
  static_assert(cairn::reflect::detail::nearest("optimiser", candidates) == "optimizer");
  static_assert(cairn::reflect::detail::nearest("model.layers.kernel", candidates) ==
                "model.layers.0.kernel");  // a step is missing
  static_assert(cairn::reflect::detail::nearest("encoder/b", candidates) == "net/encoder/b");
}

TEST_CASE("a path of which the wrong text is the end is nearer than a text of equal length") {
  static constexpr std::array<std::string_view, 2> candidates{"steps", "model.dense.kernel"};
  static_assert(cairn::reflect::detail::nearest("kernel", candidates) == "model.dense.kernel");
  static_assert(cairn::reflect::detail::nearest("step", candidates) == "steps");
}
