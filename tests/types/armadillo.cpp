// Armadillo's matrices, vectors, cubes and sparse matrices: columns lie together in memory, files have rows.
#include <cairn/types/armadillo.hpp>

#include "types/arrays.hpp"

#include <cairn/reflect/static_keys.hpp>

#include <array>
#include <complex>
#include <cstdint>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

const auto in_1d = [](auto& array, const Index& at) -> decltype(auto) { return array(arma::uword(at[0])); };
const auto in_2d = [](auto& array, const Index& at) -> decltype(auto) {
  return array(arma::uword(at[0]), arma::uword(at[1]));
};
const auto in_3d = [](auto& array, const Index& at) -> decltype(auto) {
  return array(arma::uword(at[0]), arma::uword(at[1]), arma::uword(at[2]));
};

template <class T>
void check_elements() {
  arma::Mat<T> matrix(3, 5);
  check_round_trip<T>(matrix, {3, 5}, in_2d);
}

// No value of `matrix` is changed by the restore of something that does not fit. The sentence says what would.
template <class From, class A>
void check_refused(From saved, A& matrix, std::string_view fits) {
  const arma::mat before = matrix;
  const std::string sentence = sentence_of([&] { restore_from(saved, matrix); });
  CAPTURE(sentence);
  CHECK(contains(sentence, fits));
  CHECK(code_of([&] { restore_from(saved, matrix); }) == ErrorCode::invalid_argument);
  REQUIRE(arma::size(arma::mat(matrix)) == arma::size(before));
  CHECK(arma::accu(arma::abs(matrix - before)) == 0);
}

arma::sp_mat some_sparse() {
  arma::sp_mat matrix(3, 5);
  matrix(2, 0) = 4;
  matrix(0, 3) = 2;
  matrix(0, 1) = 1;
  matrix(1, 4) = 3;
  matrix(2, 4) = 5;
  return matrix;
}
bool is_some_sparse(const arma::sp_mat& matrix) {
  return matrix.n_rows == 3 && matrix.n_cols == 5 && matrix.n_nonzero == 5 && matrix(0, 1) == 1 && matrix(0, 3) == 2 &&
         matrix(1, 4) == 3 && matrix(2, 0) == 4 && matrix(2, 4) == 5;
}
struct Parts {
  std::vector<std::array<std::int64_t, 2>> places;
  std::vector<double> values;
  std::array<std::int64_t, 2> dense_shape{};

  // As a program without Armadillo holds them.
  struct Tensors {
    Tensor<std::int64_t, dynamic, 2> indices;
    std::vector<double> values;
    std::array<std::int64_t, 2> dense_shape{};
  };
  [[nodiscard]] Tensors tensors() const {
    Tensors tensors{Tensor<std::int64_t, dynamic, 2>(Shape{static_cast<std::int64_t>(places.size()), 2}), values,
                    dense_shape};
    for (std::size_t i = 0; i < 2 * places.size(); ++i) tensors.indices.data()[i] = places[i / 2][i % 2];
    return tensors;
  }
};
template <class A>
void restore_parts(const Parts& parts, A& matrix) {
  Parts::Tensors tensors = parts.tensors();
  restore_from(tensors, matrix);
}
void check_sparse_refused(const Parts& parts, std::string_view what) {
  arma::sp_mat matrix = some_sparse();
  const std::string sentence = sentence_of([&] { restore_parts(parts, matrix); });
  CAPTURE(sentence);
  CHECK(contains(sentence, what));
  CHECK(is_some_sparse(matrix));
}

struct Everything {
  arma::mat::fixed<3, 5> matrix;
  arma::vec vector;
  arma::sp_mat sparse;
};

}  // namespace

TEST_CASE("a matrix, vector or cube of Armadillo is the tensor that NumPy shows, fixed or dynamic") {
  arma::mat matrix(3, 5);
  check_round_trip<double>(matrix, {3, 5}, in_2d);
  arma::Mat<float>::fixed<3, 5> fixed;
  check_round_trip<float>(fixed, {3, 5}, in_2d);
  arma::vec column(7);
  check_round_trip<double>(column, {7}, in_1d);
  arma::frowvec row(4);
  check_round_trip<float>(row, {4}, in_1d);
  arma::vec3 three;
  check_round_trip<double>(three, {3}, in_1d);
  arma::rowvec::fixed<40> forty;
  check_round_trip<double>(forty, {40}, in_1d);
  arma::cube cube(2, 3, 4);
  check_round_trip<double>(cube, {2, 3, 4}, in_3d);
  arma::cube::fixed<2, 3, 7> fixed_cube;
  check_round_trip<double>(fixed_cube, {2, 3, 7}, in_3d);
  arma::mat empty(0, 5);
  check_round_trip<double>(empty, {0, 5}, in_2d);
  arma::mat one(1, 1);
  check_round_trip<double>(one, {1, 1}, in_2d);
}

TEST_CASE("all element types of Armadillo have the dtype of TensorFlow") {
  check_elements<float>();
  check_elements<double>();
  check_elements<std::complex<float>>();
  check_elements<std::complex<double>>();
  check_elements<arma::u8>();
  check_elements<arma::s16>();
  check_elements<arma::s32>();
  check_elements<arma::uword>();
  check_elements<arma::sword>();
}

TEST_CASE("a matrix of Armadillo takes the checkpoint's shape, and stays where it is if that is its own") {
  auto saved = counted_tensor<double, dynamic, dynamic>({3, 5});
  arma::mat none, other(50, 30, arma::fill::ones), fits(3, 5, arma::fill::ones);
  const double* const memory = fits.memptr();
  for (arma::mat* const matrix : {&none, &other, &fits}) {
    restore_from(saved, *matrix);
    CHECK(tensor_of(*matrix) == counted<double>({3, 5}));
  }
  CHECK(fits.memptr() == memory);
  auto saved_cube = counted_tensor<double, dynamic, dynamic, dynamic>({2, 3, 9});
  arma::cube cube(9, 9, 9, arma::fill::ones);
  restore_from(saved_cube, cube);
  CHECK(cube(1, 2, 8) == 54);
  auto saved_vector = counted_tensor<double, dynamic>({40});
  arma::rowvec row(3, arma::fill::ones);
  restore_from(saved_vector, row);
  CHECK(row(39) == 40);
  auto saved_empty = counted_tensor<double, dynamic, dynamic>({0, 5});
  restore_from(saved_empty, other);
  CHECK(arma::size(other) == arma::size(0, 5));
}

TEST_CASE("another shape than a fixed one, and another dtype or rank, change nothing of Armadillo's") {
  arma::mat::fixed<5, 3> fixed(arma::fill::ones);
  check_refused(counted_tensor<double, dynamic, dynamic>({3, 5}), fixed, "[5, 3]");
  arma::vec vector(3, arma::fill::ones);
  check_refused(counted_tensor<double, dynamic, dynamic>({3, 1}), vector, "[?]");
  arma::mat matrix(3, 5, arma::fill::ones);
  check_refused(counted_tensor<double, dynamic>({15}), matrix, "[?, ?]");
  check_refused(counted_tensor<float, dynamic, dynamic>({3, 5}), matrix, "float64");
}

TEST_CASE("a matrix of Armadillo in memory of somebody else is restored where it is, and takes no other shape") {
  std::vector<double> memory(15, 7.0);
  for (const bool is_strict : {false, true}) {
    arma::mat lent(memory.data(), 3, 5, false, is_strict);
    auto saved = counted_tensor<double, dynamic, dynamic>({3, 5});
    restore_from(saved, lent);
    CHECK(lent.memptr() == memory.data());
    CHECK(memory[1] == 6);  // element (1, 0)
    check_refused(counted_tensor<double, dynamic, dynamic>({5, 3}), lent, "[3, 5]");
    CHECK(lent.memptr() == memory.data());
  }
}

TEST_CASE("a list of Armadillo's fixed matrices is one tensor") {
  auto saved = counted_tensor<double, dynamic, dynamic>({5, 3});
  std::vector<arma::vec3> points;
  restore_from(saved, points);
  REQUIRE(points.size() == 5);
  CHECK(points[4](1) == 14);
  CHECK(tensor_of(points) == counted<double>({5, 3}));
  auto saved_large = counted_tensor<float, dynamic, dynamic, dynamic>({2, 3, 9});
  std::vector<arma::fmat::fixed<3, 9>> large(7);
  restore_from(saved_large, large);
  REQUIRE(large.size() == 2);
  CHECK(large[1](2, 7) == 53);
  CHECK(tensor_of(large) == counted<float>({2, 3, 9}));
}

TEST_CASE("a damaged file changes no matrix of Armadillo, however large") {
  for (const arma::uword rows : {30u, 1300u}) {  // the larger one is read straight into place
    struct State {
      arma::mat first, matrix;
    } saved{arma::mat(2, 2, arma::fill::zeros), arma::mat(rows, 1001, arma::fill::zeros)};
    cairn::testing::MemoryFileSystem files;
    CheckpointIn(files, "state"_a = saved).write("a");
    flip_byte(files);
    State state{arma::mat(2, 2, arma::fill::ones), arma::mat(rows, 1001, arma::fill::ones)};
    CHECK(code_of([&] { CheckpointIn(files, "state"_a = state).read("a"); }) == ErrorCode::data_loss);
    CHECK(arma::accu(state.first) == 4);
    CHECK(arma::accu(state.matrix) == static_cast<double>(state.matrix.n_elem));
  }
}

TEST_CASE("a sparse matrix of Armadillo is the indices, values and dense shape of a SparseTensor, row by row") {
  arma::sp_mat sparse = some_sparse();
  Parts::Tensors tensors;
  restore_from(sparse, tensors);
  const std::array<std::int64_t, 10> indices{0, 1, 0, 3, 1, 4, 2, 0, 2, 4};
  CHECK(std::equal(indices.begin(), indices.end(), tensors.indices.data(), tensors.indices.data() + 10));
  CHECK(tensors.values == std::vector<double>{1, 2, 3, 4, 5});
  CHECK(tensors.dense_shape == std::array<std::int64_t, 2>{3, 5});
  arma::sp_mat none, other(7, 2);
  for (arma::sp_mat* const matrix : {&none, &other, &sparse}) {
    restore_from(tensors, *matrix);
    CHECK(is_some_sparse(*matrix));
  }
  arma::SpCol<double> column(5), other_column;
  column(2) = 8;
  restore_from(column, other_column);
  CHECK(other_column.n_rows == 5);
  CHECK(other_column(2) == 8);
}

TEST_CASE("the indices of Armadillo's sparse matrix may be in any order, and wrong ones change nothing") {
  const Parts unordered{{{2, 4}, {0, 3}, {1, 4}, {0, 1}, {2, 0}}, {5, 2, 3, 1, 4}, {3, 5}};
  arma::sp_mat matrix;
  restore_parts(unordered, matrix);
  CHECK(is_some_sparse(matrix));
  restore_parts({{{2, 0}, {0, 0}}, {8, 0}, {3, 1}}, matrix);  // Armadillo keeps no zeros
  CHECK(matrix.n_nonzero == 1);
  CHECK(matrix(2, 0) == 8);
  check_sparse_refused({{{0, 1}, {2, 4}, {0, 1}}, {1, 2, 3}, {3, 5}}, "have the same index");
  check_sparse_refused({{{2, 5}}, {1}, {3, 5}}, "the index 5 in axis 1 of the dense_shape [3, 5]");
  check_sparse_refused({{{-1, 0}}, {1}, {3, 5}}, "the index -1");
  check_sparse_refused({{{0, 0}}, {1, 2}, {3, 5}}, "2 values and 1 indices");
  check_sparse_refused({{{0, 0}}, {1}, {-3, 5}}, "[-3, 5]");
  arma::SpCol<double> column(4);
  column(1) = 8;
  const auto call = [&] { restore_parts(unordered, column); };
  CHECK(contains(sentence_of(call), "has no room for the shape [3, 5]"));
  CHECK(column(1) == 8);
}

TEST_CASE("the compiler knows the keys of Armadillo's matrices, and the shape of the fixed ones") {
  static_assert(static_keys<Everything>.size() == 5);
  CHECK(static_keys<Everything>[2] == "sparse/indices/.ATTRIBUTES/VARIABLE_VALUE");
  static_assert(static_bytes<arma::mat::fixed<3, 5>> == 120);
}
