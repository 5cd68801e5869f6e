// Eigen's matrices: tf.Variables of the shape that NumPy shows, and sparse ones the tensors of a tf.sparse.SparseTensor.
#include "interop/case.hpp"

#include <cairn/types/eigen.hpp>

#include <complex>

using namespace cairn::literals;

namespace {

using Eigen::Dynamic;

struct Arrays {
  Eigen::MatrixXf columns;
  Eigen::Matrix<double, Dynamic, Dynamic, Eigen::RowMajor> rows;
  Eigen::Matrix<int, 2, 3> fixed = Eigen::Matrix<int, 2, 3>::Zero();
  Eigen::RowVectorXd vector;
  Eigen::MatrixXcf waves;
  Eigen::Array<bool, Dynamic, Dynamic> flags;
  Eigen::Matrix<Eigen::half, Dynamic, 3> halves;
  Eigen::Matrix<Eigen::bfloat16, 2, Dynamic> brains;
  Eigen::Map<Eigen::MatrixXf, 0, Eigen::OuterStride<7>> view;
  Eigen::Quaternionf turn{0, 0, 0, 0};
  Eigen::MatrixXf empty;
  Eigen::SparseMatrix<double> sparse;
};

template <class Matrix>
Matrix counted(Eigen::Index rows, Eigen::Index columns) {
  Matrix matrix(rows, columns);
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index j = 0; j < columns; ++j)
      matrix(i, j) = static_cast<typename Matrix::Scalar>(static_cast<float>(i * columns + j + 1));
  return matrix;
}
template <class Matrix>
bool is_counted(const Matrix& matrix, Eigen::Index rows, Eigen::Index columns) {
  return matrix.rows() == rows && matrix.cols() == columns && matrix == counted<Matrix>(rows, columns);
}

}  // namespace

void write(const std::filesystem::path& directory) {
  std::vector<float> memory(20);
  Arrays arrays{.columns = counted<decltype(Arrays::columns)>(3, 5),
                .rows = counted<decltype(Arrays::rows)>(3, 5),
                .fixed = counted<decltype(Arrays::fixed)>(2, 3),
                .vector = counted<decltype(Arrays::vector)>(1, 7),
                .waves = counted<decltype(Arrays::waves)>(2, 3) * std::complex<float>(1, 2),
                .flags = (counted<Eigen::ArrayXXf>(3, 5) / 3).floor() * 3 == counted<Eigen::ArrayXXf>(3, 5),
                .halves = counted<decltype(Arrays::halves)>(2, 3),
                .brains = counted<decltype(Arrays::brains)>(2, 3),
                .view = {memory.data(), 2, 3},
                .turn = Eigen::Quaternionf(4, 1, 2, 3),
                .empty = Eigen::MatrixXf(0, 5),
                .sparse = Eigen::SparseMatrix<double>(3, 5)};
  arrays.view = counted<Eigen::MatrixXf>(2, 3);
  arrays.sparse.insert(2, 1) = 21;
  arrays.sparse.insert(2, 0) = 20;
  arrays.sparse.insert(0, 4) = 4;
  cairn::Checkpoint checkpoint{"arrays"_a = arrays};
  checkpoint.write((directory / "ckpt").string());
}

void read(const std::filesystem::path& directory) {
  std::vector<float> memory(20);
  Arrays arrays{.columns = {},
                .rows = {},
                .vector = {},
                .waves = {},
                .flags = {},
                .halves = {},
                .brains = {},
                .view = {memory.data(), 2, 3},
                .empty = {},
                .sparse = {}};
  cairn::Checkpoint checkpoint{"arrays"_a = arrays};
  checkpoint.read((directory / "ckpt").string()).assert_consumed();
  CAIRN_EXPECT(is_counted(arrays.columns, 3, 5));
  CAIRN_EXPECT(is_counted(arrays.rows, 3, 5));
  CAIRN_EXPECT(is_counted(arrays.fixed, 2, 3));
  CAIRN_EXPECT(is_counted(arrays.vector, 1, 7));
  CAIRN_EXPECT(arrays.waves == counted<Eigen::MatrixXcf>(2, 3) * std::complex<float>(1, 2));
  CAIRN_EXPECT(arrays.flags.rows() == 3 && arrays.flags.count() == 5 && arrays.flags(0, 2) && arrays.flags(1, 0));
  CAIRN_EXPECT(is_counted(arrays.halves, 2, 3));
  CAIRN_EXPECT(is_counted(arrays.brains, 2, 3));
  CAIRN_EXPECT(arrays.view == counted<Eigen::MatrixXf>(2, 3) && memory[7] == 2 && memory[2] == 0);
  CAIRN_EXPECT(arrays.turn.w() == 4 && arrays.turn.x() == 1);
  CAIRN_EXPECT(arrays.empty.rows() == 0 && arrays.empty.cols() == 5);
  CAIRN_EXPECT(arrays.sparse.nonZeros() == 3 && arrays.sparse.coeff(0, 4) == 4 && arrays.sparse.coeff(2, 1) == 21);
}
