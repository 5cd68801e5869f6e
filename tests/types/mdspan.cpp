// std::mdspan, for which a standard library of C++23 is needed: mdspan.py builds and runs it, where there is one.
#include <cairn/types/mdspan.hpp>

#include <cairn/checkpoint.hpp>
#include <cairn/reflect/static_keys.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

namespace {

template <std::size_t... extents>
using Extents = std::extents<std::size_t, extents...>;
constexpr std::size_t any = std::dynamic_extent;

struct State {
  std::mdspan<float, Extents<3, 5>> fixed;
  std::mdspan<int, Extents<any, 5>, std::layout_left> columns;
  std::mdspan<double, Extents<any, any, any>, std::layout_stride> apart;
  std::mdspan<bool, Extents<>> flag;
};
static_assert(cairn::static_bytes<State> == 61);

// What a program without mdspan restores.
struct Plain {
  cairn::Tensor<float, 3, 5> fixed;
  cairn::Tensor<int, cairn::dynamic, 5> columns{cairn::Shape{3, 5}};
  cairn::Tensor<double, cairn::dynamic, cairn::dynamic, cairn::dynamic> apart{cairn::Shape{2, 3, 4}};
  bool flag = false;
};

int failures = 0;
void check(bool is_right, const char* what) {
  if (is_right) return;
  ++failures;
  std::printf("not so: %s\n", what);
}

template <class View>
void count(View view) {
  typename View::value_type n = 0;
  if constexpr (View::rank() == 2)
    for (std::size_t i = 0; i < view.extent(0); ++i)
      for (std::size_t j = 0; j < view.extent(1); ++j) view[i, j] = ++n;
  else
    for (std::size_t i = 0; i < view.extent(0); ++i)
      for (std::size_t j = 0; j < view.extent(1); ++j)
        for (std::size_t k = 0; k < view.extent(2); ++k) view[i, j, k] = ++n;
}
template <class T>
bool is_counted(const T& tensor) {
  typename T::value_type n = 0;
  for (const auto element : tensor.span())
    if (element != ++n) return false;
  return n > 0;
}

}  // namespace

int main() {
  std::array<float, 15> fixed{};
  std::array<int, 15> columns{};
  std::vector<double> apart(100, -1);
  bool flag = true;
  const std::array<std::size_t, 3> strides{1, 20, 5};
  State state{std::mdspan<float, Extents<3, 5>>(fixed.data()),
              std::mdspan<int, Extents<any, 5>, std::layout_left>(columns.data(), 3),
              {apart.data(), std::layout_stride::mapping(Extents<any, any, any>(2, 3, 4), strides)},
              std::mdspan<bool, Extents<>>(&flag)};
  count(state.fixed);
  count(state.columns);
  count(state.apart);
  cairn::Checkpoint checkpoint{state};
  const std::string path = checkpoint.save("ckpt");

  Plain plain;
  cairn::Checkpoint other{plain};
  other.restore(path).assert_consumed();
  check(is_counted(plain.fixed) && is_counted(plain.columns) && is_counted(plain.apart) && plain.flag,
        "a view is saved as NumPy shows it");

  fixed = {};
  columns = {};
  apart.assign(100, -1);
  flag = false;
  checkpoint.restore(path).assert_consumed();
  check(fixed[6] == 7 && columns[4] == 7 && apart[1 + 20 * 2 + 5 * 3] == 24 && flag,
        "a view is restored in its layout");
  check(std::accumulate(apart.begin(), apart.end(), 0.0) == 24 * 25 / 2 - 76, "nothing beside its elements is touched");

  state.columns = std::mdspan<int, Extents<any, 5>, std::layout_left>(columns.data(), 2);
  try {
    checkpoint.restore(path).assert_consumed();
    check(false, "another size is an Error");
  } catch (const cairn::Error& error) {
    check(error.code() == cairn::ErrorCode::invalid_argument && columns[4] == 7, error.what());
  }
  return failures;
}
