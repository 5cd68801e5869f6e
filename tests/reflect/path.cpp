#include "cairn/reflect/detail/path.hpp"
#include "cairn/tensor/variable.hpp"

#include <doctest/doctest.h>

#include <array>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

using cairn::reflect::detail::get_by_path;

namespace {

struct Layer {
  cairn::Variable<float, 2> kernel, bias;
};
struct Model {
  Layer hidden;
  std::array<Layer, 12> layers;
  std::pair<int, Layer> pair;
  std::tuple<Layer, std::array<Layer, 2>> tuple;
};
struct Training {
  Model model;
  int step = 0;
  cairn::NotSaved<Layer> scratch;
  std::vector<Layer> blocks;
};

}  // namespace

TEST_CASE("a path leads through structs by the members' names") {
  Training training;
  CHECK(&get_by_path<"step">(training) == &training.step);
  CHECK(&get_by_path<"model">(training) == &training.model);
  CHECK(&get_by_path<"model.hidden.bias">(training) == &training.model.hidden.bias);
  CHECK(&get_by_path<"blocks">(training) == &training.blocks);
}

TEST_CASE("a path leads through arrays and tuples by number") {
  Training training;
  CHECK(&get_by_path<"model.layers.11.kernel">(training) == &training.model.layers[11].kernel);
  CHECK(&get_by_path<"model.pair.1.bias">(training) == &training.model.pair.second.bias);
  CHECK(&get_by_path<"model.tuple.1.0.bias">(training) == &std::get<1>(training.model.tuple)[0].bias);
  CHECK(&get_by_path<"1.kernel">(training.model.layers) == &training.model.layers[1].kernel);
}

TEST_CASE("a mark on a member is no step of a path") {
  Training training;
  CHECK(&get_by_path<"scratch.kernel">(training) == &training.scratch->kernel);
  CHECK(&get_by_path<"scratch">(training) == &*training.scratch);
}

TEST_CASE("what a path leads to is const where the root is") {
  const Training training;
  static_assert(
      std::is_same_v<decltype(get_by_path<"model.layers.0.kernel">(training)), const cairn::Variable<float, 2>&>);
  static_assert(std::is_same_v<decltype(get_by_path<"scratch.kernel">(training)), const cairn::Variable<float, 2>&>);
  CHECK(&get_by_path<"step">(training) == &training.step);
}

TEST_CASE("a number in a path is spelled in one way only") {
  using cairn::reflect::detail::index_of_text;
  static_assert(index_of_text("0") == 0 && index_of_text("10") == 10 && index_of_text("999999999") == 999999999);
  static_assert(index_of_text("") == cairn::reflect::detail::no_child &&
                index_of_text("01") == cairn::reflect::detail::no_child);
  static_assert(index_of_text("+1") == cairn::reflect::detail::no_child &&
                index_of_text("1e1") == cairn::reflect::detail::no_child);
  static_assert(index_of_text("9999999999999999999999") == cairn::reflect::detail::no_child);
}
