// Eigen's sparse matrices, as the three tensors of tf.sparse.SparseTensor.
#include <cairn/types/eigen.hpp>

#include "types/arrays.hpp"

#include <cairn/reflect/describe.hpp>

#include <array>
#include <complex>
#include <cstdint>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

template <class Matrix>
Matrix some() {
  Matrix matrix(3, 5);
  matrix.insert(2, 1) = 21;
  matrix.insert(0, 4) = 4;
  matrix.insert(0, 2) = 0;  // explicit zero
  matrix.insert(2, 0) = 20;
  return matrix;
}
template <class Matrix>
void check_some(const Matrix& matrix) {
  CHECK(matrix.rows() == 3);
  CHECK(matrix.cols() == 5);
  CHECK(matrix.nonZeros() == 4);
  CHECK(matrix.coeff(0, 4) == typename Matrix::Scalar(4));
  CHECK(matrix.coeff(2, 0) == typename Matrix::Scalar(20));
  CHECK(matrix.coeff(2, 1) == typename Matrix::Scalar(21));
}

// A SparseTensor as a program without Eigen holds it.
struct SparseTensor {
  Tensor<std::int64_t, dynamic, 2> indices;
  std::vector<float> values;
  std::array<std::int64_t, 2> dense_shape{};
};
SparseTensor sparse_tensor(std::vector<std::int64_t> indices, std::vector<float> values, std::int64_t rows,
                           std::int64_t columns) {
  SparseTensor tensor{Tensor<std::int64_t, dynamic, 2>(Shape{static_cast<std::int64_t>(indices.size() / 2), 2}),
                      std::move(values),
                      {rows, columns}};
  std::copy(indices.begin(), indices.end(), tensor.indices.data());
  return tensor;
}

using Matrix = Eigen::SparseMatrix<float>;

// Restores it into a matrix, which stays as it is.
std::string refusal_of(SparseTensor tensor) {
  Matrix matrix = some<Matrix>();
  std::string sentence;
  CHECK(code_of([&] { restore_from(tensor, matrix); }) == ErrorCode::invalid_argument);
  sentence = sentence_of([&] { restore_from(tensor, matrix); });
  check_some(matrix);
  return sentence;
}

}  // namespace

TEST_CASE("a sparse matrix is the indices, values and dense shape of a SparseTensor, in row-major order") {
  const auto check = [](auto matrix) {
    cairn::testing::MemoryFileSystem files;
    CheckpointIn(files, "array"_a = matrix).write("a");
    const bundle::Reader reader("a", files);
    CHECK(reader.read("array/indices/.ATTRIBUTES/VARIABLE_VALUE") ==
          AnyTensor(Shape{4, 2}, std::span<const std::int64_t>(std::array<std::int64_t, 8>{0, 2, 0, 4, 2, 0, 2, 1})));
    CHECK(reader.read("array/dense_shape/.ATTRIBUTES/VARIABLE_VALUE") ==
          AnyTensor(Shape{2}, std::span<const std::int64_t>(std::array<std::int64_t, 2>{3, 5})));
    CHECK(reader.read("array/values/.ATTRIBUTES/VARIABLE_VALUE").shape() == Shape{4});
    decltype(matrix) restored(7, 7);
    restored.insert(6, 6) = 1;
    CheckpointIn(files, "array"_a = restored).read("a").assert_consumed();
    check_some(restored);
  };
  check(some<Matrix>());
  check(some<Eigen::SparseMatrix<double, Eigen::RowMajor>>());
  check(some<Eigen::SparseMatrix<std::complex<float>, Eigen::ColMajor, std::int64_t>>());
  check(some<Eigen::SparseMatrix<std::int32_t, Eigen::RowMajor, std::int16_t>>());
}

TEST_CASE("what another program saved in any order of indices becomes a sparse matrix") {
  SparseTensor tensor = sparse_tensor({2, 1, 0, 4, 0, 2, 2, 0}, {21, 4, 0, 20}, 3, 5);
  Matrix matrix;
  restore_from(tensor, matrix);
  check_some(matrix);
  SparseTensor empty = sparse_tensor({}, {}, 0, 9);
  restore_from(empty, matrix);
  CHECK(matrix.rows() == 0);
  CHECK(matrix.cols() == 9);
  Matrix saved = some<Matrix>();
  restore_from(saved, tensor);
  CHECK(tensor.values == std::vector<float>{0, 4, 20, 21});
}

TEST_CASE("tensors that are no sparse matrix are an Error that changes nothing") {
  CHECK(contains(refusal_of(sparse_tensor({0, 1, 3, 1}, {1, 2}, 3, 5)),
                 "the value 1 has the index 3 in axis 0 of the dense_shape [3, 5]"));
  CHECK(contains(refusal_of(sparse_tensor({0, 1, 1, -1}, {1, 2}, 3, 5)), "the index -1 in axis 1"));
  CHECK(contains(refusal_of(sparse_tensor({0, 1}, {1, 2}, 3, 5)), "2 values and 1 indices"));
  CHECK(contains(refusal_of(sparse_tensor({}, {}, -1, 5)), "its dense_shape is [-1, 5]"));
  CHECK(contains(refusal_of(sparse_tensor({}, {}, std::int64_t{1} << 40, 5)), "at most 2147483647"));
  CHECK(contains(refusal_of(sparse_tensor({1, 1, 0, 0, 1, 1}, {1, 2, 3}, 3, 5)), "the same index"));
  Eigen::SparseMatrix<double> other(1, 1);
  SparseTensor tensor = sparse_tensor({0, 1}, {1}, 3, 5);
  CHECK(code_of([&] { restore_from(tensor, other); }) == ErrorCode::invalid_argument);
  CHECK(other.rows() == 1);
}

TEST_CASE("a restore that finds damage has changed no sparse matrix") {
  struct State {
    Matrix matrix;
    float last = 0;
  };
  State state{some<Matrix>(), 1}, other;
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, state).write("a");
  change_file(files, "a.data-00000-of-00001", [](std::string& text) { text[0] = static_cast<char>(~text[0]); });
  CHECK(code_of([&] { CheckpointIn(files, other).read("a"); }) == ErrorCode::data_loss);
  CHECK(other.matrix.rows() == 0);
  CHECK(other.last == 0);
}

TEST_CASE("a sparse matrix is saved asynchronously and incrementally, and is an element of a list") {
  std::vector<Matrix> matrices{some<Matrix>(), Matrix(2, 2)}, restored;
  cairn::testing::MemoryFileSystem files;
  CheckpointIn checkpoint(files, "array"_a = matrices);
  checkpoint.write("async", {.enable_async = true});
  matrices[0].coeffRef(2, 0) = 7;
  checkpoint.sync();
  checkpoint.write("one", {.incremental = true});
  checkpoint.write("two", {.incremental = true});
  CheckpointIn(files, "array"_a = restored).read("async").assert_consumed();
  REQUIRE(restored.size() == 2);
  check_some(restored[0]);
  CheckpointIn(files, "array"_a = restored).read("two").assert_consumed();
  CHECK(restored[0].coeff(2, 0) == 7);
  CHECK(restored[1].rows() == 2);
}

TEST_CASE("the compiler knows the tensors of a sparse matrix") {
  CHECK(describe<SparseTensor>().find("  indices: int64 [?, 2]\n") != std::string::npos);
  CHECK(describe<std::vector<Matrix>>().find("    indices: int64 [?, 2]\n"
                                             "    values: float32 [?]\n"
                                             "    dense_shape: int64 [2]\n") != std::string::npos);
}
