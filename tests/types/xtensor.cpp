// xtensor's arrays: of any layout, fixed or not, and views of them.
#include <cairn/types/xtensor.hpp>

#include "types/arrays.hpp"

#include <cairn/reflect/static_keys.hpp>

#include <xtensor/xview.hpp>

#include <array>
#include <complex>
#include <cstdint>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

const auto element = [](auto& array, const Index& at) -> decltype(auto) { return array.element(at.begin(), at.end()); };

template <class T>
void check_elements() {
  xt::xtensor<T, 2> rows({3, 5});
  check_round_trip<T>(rows, {3, 5}, element);
  xt::xtensor<T, 2, xt::layout_type::column_major> columns({3, 5});
  check_round_trip<T>(columns, {3, 5}, element);
}

template <class T, std::size_t... extents, class A>
void restore_counted(const Shape& shape, A& array) {
  auto saved = counted_tensor<T, extents...>(shape);
  restore_from(saved, array);
}
template <class T, std::size_t... extents, class A>
std::string refusal(const Shape& shape, A& array) {
  const auto call = [&] { restore_counted<T, extents...>(shape, array); };
  CHECK(code_of(call) == ErrorCode::invalid_argument);
  return sentence_of(call);
}
constexpr std::size_t d = dynamic;
using Columns = xt::xarray<float, xt::layout_type::column_major>;
using Any = xt::xarray<float, xt::layout_type::dynamic>;

struct Everything {
  xt::xtensor_fixed<float, xt::xshape<2, 3>> fixed;
  xt::xtensor<double, 3> cube;
  xt::xarray<float> any;
};

}  // namespace

TEST_CASE("an array of xtensor is the tensor that NumPy shows, in any layout") {
  xt::xarray<float> matrix = xt::zeros<float>({3, 5}), vector = xt::zeros<float>({7}), scalar(1.0f);
  check_round_trip<float>(matrix, {3, 5}, element);
  check_round_trip<float>(vector, {7}, element);
  check_round_trip<float>(scalar, {}, element);
  xt::xarray<float> with_ones = xt::zeros<float>({1, 3, 1, 5, 1}), empty = xt::zeros<float>({0, 5});
  check_round_trip<float>(with_ones, {1, 3, 1, 5, 1}, element);
  check_round_trip<float>(empty, {0, 5}, element);
  Columns columns = xt::zeros<float>({2, 3, 4}), columns_with_ones = xt::zeros<float>({1, 3, 1, 5, 1});
  check_round_trip<float>(columns, {2, 3, 4}, element);
  check_round_trip<float>(columns_with_ones, {1, 3, 1, 5, 1}, element);
  Any any(Any::shape_type{2, 3, 4}, xt::layout_type::column_major);
  check_round_trip<float>(any, {2, 3, 4}, element);
  xt::xtensor_fixed<float, xt::xshape<3, 5>> fixed;
  check_round_trip<float>(fixed, {3, 5}, element);
  xt::xtensor_fixed<float, xt::xshape<3, 5>, xt::layout_type::column_major> fixed_columns;
  check_round_trip<float>(fixed_columns, {3, 5}, element);
}

TEST_CASE("the elements of xtensor's arrays have the dtype of TensorFlow") {
  check_elements<float>();
  check_elements<double>();
  check_elements<std::complex<float>>();
  check_elements<std::int8_t>();
  check_elements<std::uint16_t>();
  check_elements<std::int64_t>();
  check_elements<bool>();
}

TEST_CASE("an array of xtensor takes the checkpoint's shape, in the layout that it has") {
  xt::xarray<float> none, other = xt::ones<float>({7, 7, 7}), fits = xt::ones<float>({3, 5});
  const float* const memory = fits.data();
  for (xt::xarray<float>* const array : {&none, &other, &fits}) {
    restore_counted<float, d, d>({3, 5}, *array);
    CHECK(tensor_of(*array) == counted<float>({3, 5}));
  }
  CHECK(fits.data() == memory);
  Columns columns;
  restore_counted<float, d, d>({3, 5}, columns);
  CHECK(columns(1, 0) == 6);
  CHECK(columns.data()[1] == 6);
  Any rows, any(Any::shape_type{2, 2}, xt::layout_type::column_major);
  restore_counted<float, d, d>({3, 5}, rows);
  CHECK(rows(1, 0) == 6);
  restore_counted<float, d, d>({3, 5}, any);
  CHECK(any(1, 0) == 6);
  CHECK(any.layout() == xt::layout_type::column_major);
  xt::xtensor<float, 2> tensor;
  restore_counted<float, d, d>({3, 5}, tensor);
  CHECK(tensor(2, 4) == 15);
  restore_counted<float, d, d>({0, 5}, tensor);
  CHECK(tensor.shape() == std::array<std::size_t, 2>{0, 5});
}

TEST_CASE("another shape than a fixed one, another rank and another dtype change nothing of xtensor's") {
  xt::xtensor_fixed<float, xt::xshape<5, 3>> fixed = xt::ones<float>({5, 3});
  CHECK(contains(refusal<float, d, d>({3, 5}, fixed), "[5, 3]"));
  CHECK(xt::all(xt::equal(fixed, 1)));
  xt::xtensor<float, 3> cube = xt::ones<float>({2, 2, 2});
  CHECK(contains(refusal<float, d, d>({3, 5}, cube), "[?, ?, ?]"));
  CHECK(contains(refusal<double, d, d, d>({2, 2, 2}, cube), "float32"));
  CHECK(cube.shape() == std::array<std::size_t, 3>{2, 2, 2});
  CHECK(xt::all(xt::equal(cube, 1)));
}

TEST_CASE("a view of xtensor is restored where its elements are, and takes no other shape") {
  xt::xtensor<float, 2> all = xt::zeros<float>({6, 8});
  auto view = xt::view(all, xt::range(1, 4), xt::range(1, 7, 2));
  check_round_trip<float>(view, {3, 3}, element);
  all.fill(7);
  restore_counted<float, d, d>({3, 3}, view);
  CHECK(all(1, 1) == 1);
  CHECK(all(3, 5) == 9);
  CHECK(all(3, 4) == 7);
  CHECK(contains(refusal<float, d, d>({6, 8}, view), "[3, 3]"));
  std::vector<float> memory(15);
  auto lent = xt::adapt(memory, std::vector<std::size_t>{3, 5});
  check_round_trip<float>(lent, {3, 5}, element);
  CHECK(memory[14] == 15);
  CHECK(contains(refusal<float, d, d>({5, 3}, lent), "[3, 5]"));
  auto reversed = xt::view(all, xt::range(5, 2, -1), xt::range(0, 5));
  check_round_trip<float>(reversed, {3, 5}, element);
  CHECK(all(5, 0) == 1);
  CHECK(all(3, 0) == 11);
}

TEST_CASE("a list of xtensor's fixed arrays is one tensor") {
  auto saved = counted_tensor<float, d, d, d>({4, 2, 3});
  std::vector<xt::xtensor_fixed<float, xt::xshape<2, 3>>> list(1);
  restore_from(saved, list);
  REQUIRE(list.size() == 4);
  CHECK(list[3](1, 1) == 23);
  CHECK(tensor_of(list) == counted<float>({4, 2, 3}));
}

TEST_CASE("a damaged file changes no array of xtensor") {
  struct State {
    xt::xarray<float> first;
    Columns columns;
  } saved{xt::zeros<float>({2}), xt::zeros<float>({30, 40})};
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, "state"_a = saved).write("a");
  flip_byte(files);
  State state{xt::ones<float>({2}), xt::ones<float>({30, 40})};
  CHECK(code_of([&] { CheckpointIn(files, "state"_a = state).read("a"); }) == ErrorCode::data_loss);
  CHECK(xt::all(xt::equal(state.first, 1)));
  CHECK(xt::all(xt::equal(state.columns, 1)));
}

TEST_CASE("the compiler knows the extents of xtensor's arrays") {
  static_assert(static_keys<Everything>.size() == 2);
  static_assert(static_bytes<Everything> == 24);
}
