// Boost.MultiArray's arrays, and the matrices and vectors of Boost.uBLAS.
#include <cairn/types/boost.hpp>

#include "types/arrays.hpp"

#include <cairn/reflect/describe.hpp>

#include <complex>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;
namespace ublas = boost::numeric::ublas;

namespace {

const auto at_index = [](auto& array, const Index& at) -> decltype(auto) {
  boost::array<boost::multi_array_types::index, std::decay_t<decltype(array)>::dimensionality> from_bases;
  for (std::size_t axis = 0; axis < at.size(); ++axis) from_bases[axis] = array.index_bases()[axis] + at[axis];
  return array(from_bases);
};
const auto at_2d = [](auto& array, const Index& at) -> decltype(auto) {
  return array(static_cast<std::size_t>(at[0]), static_cast<std::size_t>(at[1]));
};
const auto at_1d = [](auto& array, const Index& at) -> decltype(auto) {
  return array(static_cast<std::size_t>(at[0]));
};

using Cube = boost::multi_array<float, 3>;
const std::size_t middle_first[] = {1, 0, 2};
const bool up_and_down[] = {true, false, false};

}  // namespace

TEST_CASE("a multi_array is the tensor that NumPy shows, in any storage order and from any index bases on") {
  Cube rows(boost::extents[2][3][4]);
  check_round_trip<float>(rows, {2, 3, 4}, at_index);
  Cube columns(boost::extents[2][3][4], boost::fortran_storage_order());
  check_round_trip<float>(columns, {2, 3, 4}, at_index);
  CHECK(columns.data()[1] == 13);
  Cube mixed(boost::extents[2][3][4], boost::general_storage_order<3>(middle_first, up_and_down));
  check_round_trip<float>(mixed, {2, 3, 4}, at_index);
  using Range = boost::multi_array_types::extent_range;
  Cube from_bases(boost::extents[Range(-1, 1)][3][Range(5, 9)],
                  boost::general_storage_order<3>(middle_first, up_and_down));
  check_round_trip<float>(from_bases, {2, 3, 4}, at_index);
  CHECK(from_bases[-1][0][6] == 2);
  boost::multi_array<double, 1> vector(boost::extents[7]);
  check_round_trip<double>(vector, {7}, at_index);
  boost::multi_array<bool, 2> flags(boost::extents[3][5], boost::fortran_storage_order());
  check_round_trip<bool>(flags, {3, 5}, at_index);
  boost::multi_array<std::complex<float>, 2> waves(boost::extents[3][5]);
  check_round_trip<std::complex<float>>(waves, {3, 5}, at_index);
  Cube empty(boost::extents[2][0][4]);
  CHECK(tensor_of(empty) == counted<float>({2, 0, 4}));
  Cube none;
  CHECK(tensor_of(none) == counted<float>({0, 0, 0}));
}

TEST_CASE("a multi_array takes the checkpoint's shape, and keeps its storage order and index bases") {
  auto saved = counted_tensor<float, dynamic, dynamic, dynamic>({2, 3, 4});
  Cube none;
  restore_from(saved, none);
  CHECK(none[1][2][3] == 24);
  using Range = boost::multi_array_types::extent_range;
  Cube other(boost::extents[Range(1, 2)][Range(1, 2)][Range(1, 2)], boost::fortran_storage_order());
  restore_from(saved, other);
  CHECK(other.shape()[0] == 2);
  CHECK(other[2][3][4] == 24);
  CHECK(other.data()[1] == 13);
  Cube empty(boost::extents[0][0][0]);
  restore_from(empty, other);
  CHECK(other.num_elements() == 0);
  auto flat = counted_tensor<float, dynamic, dynamic>({6, 4});
  CHECK(code_of([&] { restore_from(flat, none); }) == ErrorCode::invalid_argument);
  CHECK(none[1][2][3] == 24);
}

TEST_CASE("a multi_array_ref is the memory that it refers to, and is not resized") {
  std::vector<float> memory(15);
  boost::multi_array_ref<float, 2> view(memory.data(), boost::extents[3][5]);
  check_round_trip<float>(view, {3, 5}, at_index);
  CHECK(memory[6] == 7);
  auto other = counted_tensor<float, dynamic, dynamic>({5, 3});
  CHECK(contains(sentence_of([&] { restore_from(other, view); }), "float32 [3, 5]"));
  CHECK(memory[6] == 7);
}

TEST_CASE("a matrix of uBLAS is the tensor that NumPy shows, row_major and column_major") {
  ublas::matrix<double> rows(3, 5);
  check_round_trip<double>(rows, {3, 5}, at_2d);
  ublas::matrix<float, ublas::column_major> columns(3, 5);
  check_round_trip<float>(columns, {3, 5}, at_2d);
  CHECK(columns.data()[1] == 6);
  ublas::matrix<std::int32_t, ublas::row_major, std::vector<std::int32_t>> on_a_vector(3, 5);
  check_round_trip<std::int32_t>(on_a_vector, {3, 5}, at_2d);
  ublas::bounded_matrix<float, 4, 6, ublas::column_major> bounded(3, 5);
  check_round_trip<float>(bounded, {3, 5}, at_2d);
  ublas::vector<double> vector(7);
  check_round_trip<double>(vector, {7}, at_1d);
  ublas::bounded_vector<std::int64_t, 8> bounded_vector(7);
  check_round_trip<std::int64_t>(bounded_vector, {7}, at_1d);
  ublas::matrix<float> empty(0, 5), none;
  CHECK(tensor_of(empty) == counted<float>({0, 5}));
  CHECK(tensor_of(none) == counted<float>({0, 0}));
}

TEST_CASE("what uBLAS owns takes the checkpoint's shape, and what is bounded no larger one") {
  auto saved = counted_tensor<float, dynamic, dynamic>({3, 5});
  ublas::matrix<float, ublas::column_major> matrix(1, 1);
  restore_from(saved, matrix);
  CHECK(matrix.size1() == 3);
  CHECK(matrix(2, 4) == 15);
  ublas::bounded_matrix<float, 4, 6> large(1, 1);
  restore_from(saved, large);
  CHECK(large(2, 4) == 15);
  ublas::bounded_matrix<float, 2, 2> small(1, 1);
  small(0, 0) = 7;
  CHECK(contains(sentence_of([&] { restore_from(saved, small); }), "has no room for the shape [3, 5]"));
  CHECK(small.size1() == 1);
  CHECK(small(0, 0) == 7);
  ublas::vector<float> vector(2);
  CHECK(code_of([&] { restore_from(saved, vector); }) == ErrorCode::invalid_argument);
  CHECK(vector.size() == 2);
  auto longer = counted_tensor<float, dynamic>({9});
  restore_from(longer, vector);
  CHECK(vector(8) == 9);
}

TEST_CASE("arrays of Boost's are elements of lists, which grow and shrink, of maps, optionals and pointers") {
  struct Named {
    Cube cube;
    std::string name;
  };
  struct State {
    std::vector<Cube> cubes;
    std::vector<Named> named;
    std::map<std::string, Cube> by_name;
    std::optional<Cube> maybe;
    std::unique_ptr<ublas::matrix<double>> owned;
  };
  const auto cube = [](std::int64_t i, std::int64_t j, std::int64_t k) {
    Cube made(boost::extents[i][j][k], boost::fortran_storage_order());
    for_each_index({i, j, k}, [&](std::int64_t n, const Index& at) { at_index(made, at) = nth<float>(n); });
    return made;
  };
  State state{{cube(1, 2, 3), cube(3, 2, 1), cube(2, 2, 2)}, {}, {}, cube(1, 1, 1), {}};
  state.named.push_back({cube(2, 1, 2), "one"});
  state.named.push_back({cube(1, 1, 2), "two"});
  state.by_name.emplace("a", cube(2, 3, 4));
  state.owned = std::make_unique<ublas::matrix<double>>(3, 5);
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, state).write("a");
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{5}}) {
    State other;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(count); ++i) {
      other.cubes.push_back(cube(i, 1, 1));
      other.named.push_back({cube(1, i, 1), "old"});
    }
    if (count > 0) other.maybe.emplace(cube(4, 4, 4));
    CheckpointIn(files, other).read("a").assert_consumed();
    REQUIRE(other.cubes.size() == 3);
    CHECK(other.cubes[1].shape()[0] == 3);
    CHECK(other.cubes[2][1][1][1] == 8);
    REQUIRE(other.named.size() == 2);
    CHECK(other.named[0].cube[1][0][1] == 4);
    CHECK(other.named[1].name == "two");
    CHECK(other.by_name.at("a")[1][2][3] == 24);
    CHECK(other.maybe->num_elements() == 1);
    CHECK(other.owned->size2() == 5);
  }
}

TEST_CASE("a restore that finds damage has changed no array of Boost's") {
  struct State {
    Cube grows, same;
    ublas::matrix<double> matrix;
    double last = 0;
  };
  State state{Cube(boost::extents[2][3][4]), Cube(boost::extents[1][1][1]), ublas::matrix<double>(3, 5), 1}, other;
  other.same.resize(boost::extents[1][1][1]);
  state.same[0][0][0] = 5;
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, state).write("a");
  change_file(files, "a.data-00000-of-00001", [](std::string& text) { text.back() = static_cast<char>(~text.back()); });
  CHECK(code_of([&] { CheckpointIn(files, other).read("a"); }) == ErrorCode::data_loss);
  CHECK(other.grows.num_elements() == 0);
  CHECK(other.same[0][0][0] == 0);
  CHECK(other.matrix.size1() == 0);
}

TEST_CASE("large arrays of Boost's are saved in shards, asynchronously and incrementally") {
  Cube cube(boost::extents[20][100][100], boost::fortran_storage_order());
  const Shape shape{20, 100, 100};
  for_each_index(shape, [&](std::int64_t n, const Index& at) { at_index(cube, at) = nth<float>(n); });
  const AnyTensor expected = counted<float>(shape);
  CHECK(tensor_of(cube, {.shard_size = 100'000}) == expected);
  CHECK(tensor_of(cube, {.incremental = true}) == expected);
  cairn::testing::MemoryFileSystem files;
  CheckpointIn checkpoint(files, "array"_a = cube);
  checkpoint.write("async", {.enable_async = true});
  cube[1][2][3] = -1;
  checkpoint.sync();
  CHECK(bundle::Reader("async", files).read("array/.ATTRIBUTES/VARIABLE_VALUE") == expected);
}

TEST_CASE("the compiler knows the rank of Boost's arrays") {
  struct State {
    Cube cube;
    ublas::matrix<double> matrix;
    ublas::vector<bool> flags;
  };
  CHECK(contains(describe<State>(),
                 "  cube: float32 [?, ?, ?]\n"
                 "  matrix: float64 [?, ?]\n"
                 "  flags: bool [?]\n"));
}
