// Eigen's matrices, arrays and quaternions as members of a state: <Eigen/Core>, <Eigen/SparseCore>, <Eigen/Geometry>.
//
//   Eigen::MatrixXf, Matrix<double, 3, 4>, ArrayXXi   [rows, columns], in either storage order
//   Eigen::VectorXf, Vector3d, RowVectorXf            [size]: a type of one row or one column is a vector
//   Eigen::Map, Eigen::Ref                            as the type that they stand for; they are not resized
//   Eigen::Quaternion                                 [4]: x, y, z, w
//   std::vector<Eigen::Vector3d>                      [?, 3]; so are std::vector and std::array of all types of fixed size
//   Eigen::SparseMatrix                               the tensors of tf.sparse.SparseTensor: a node with the children
//                                                     indices int64 [?, 2], values [?] and dense_shape int64 [2]
//
// The elements may be bool, integers, float, double, std::complex, Eigen::half and Eigen::bfloat16.
#pragma once

#include "array_interface.hpp"
#include "detail/array_type.hpp"
#include "detail/inline_arrays.hpp"
#include "detail/sparse_type.hpp"

#include <Eigen/Core>
#include <Eigen/Geometry>
#include <Eigen/SparseCore>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {
namespace types::detail {

template <class Scalar>
inline constexpr DType eigen_dtype = dtype_of<Scalar>;
template <>
inline constexpr DType eigen_dtype<Eigen::half> = DT_HALF;
template <>
inline constexpr DType eigen_dtype<Eigen::bfloat16> = DT_BFLOAT16;

template <class Scalar>
concept EigenElement = size_of(eigen_dtype<Scalar>) != 0;

template <class A>
concept EigenPlainObject = std::derived_from<A, Eigen::PlainObjectBase<A>> && EigenElement<typename A::Scalar>;

[[nodiscard]] constexpr std::size_t eigen_extent(int extent) noexcept {
  return extent == Eigen::Dynamic ? dynamic : static_cast<std::size_t>(extent);
}

// A Matrix, Array, Map or Ref.
template <class A>
struct EigenDense {
  static constexpr DType dtype = eigen_dtype<typename A::Scalar>;
  static constexpr bool is_vector = A::IsVectorAtCompileTime;
  static constexpr auto extents = [] {
    if constexpr (is_vector)
      return std::array{eigen_extent(A::SizeAtCompileTime)};
    else
      return std::array{eigen_extent(A::RowsAtCompileTime), eigen_extent(A::ColsAtCompileTime)};
  }();

  [[nodiscard]] static ArrayLayout layout(const A& array) {
    constexpr auto bytes = static_cast<std::int64_t>(sizeof(typename A::Scalar));
    const std::int64_t inner = array.innerStride() * bytes, outer = array.outerStride() * bytes;
    if constexpr (is_vector)
      return {array.data(), {array.size()}, {inner}};
    else if constexpr (A::IsRowMajor)
      return {array.data(), {array.rows(), array.cols()}, {outer, inner}};
    else
      return {array.data(), {array.rows(), array.cols()}, {inner, outer}};
  }
};

template <class A>
struct OwnedEigenDense : EigenDense<A> {
  static constexpr bool is_inline = int{A::SizeAtCompileTime} != Eigen::Dynamic;
  [[nodiscard]] static A make(const Shape& shape)
    requires(int{A::SizeAtCompileTime} == Eigen::Dynamic)
  {
    if (!has_room(shape)) refuse_beyond_room<A>(shape);
    A made;
    if constexpr (EigenDense<A>::is_vector)
      made.resize(shape[0]);
    else
      made.resize(shape[0], shape[1]);
    return made;
  }

 private:
  [[nodiscard]] static constexpr bool has_room(std::int64_t extent, int most) noexcept {
    return most == Eigen::Dynamic || extent <= most;
  }
  [[nodiscard]] static bool has_room(const Shape& shape) {
    if constexpr (EigenDense<A>::is_vector)
      return has_room(shape[0], A::MaxSizeAtCompileTime);
    else
      return has_room(shape[0], A::MaxRowsAtCompileTime) && has_room(shape[1], A::MaxColsAtCompileTime);
  }
};

}  // namespace types::detail

template <class Scalar, int rows, int columns, int options, int max_rows, int max_columns>
  requires types::detail::EigenElement<Scalar>
struct ArrayInterface<Eigen::Matrix<Scalar, rows, columns, options, max_rows, max_columns>>
    : types::detail::OwnedEigenDense<Eigen::Matrix<Scalar, rows, columns, options, max_rows, max_columns>> {};
template <class Scalar, int rows, int columns, int options, int max_rows, int max_columns>
  requires types::detail::EigenElement<Scalar>
struct ArrayInterface<Eigen::Array<Scalar, rows, columns, options, max_rows, max_columns>>
    : types::detail::OwnedEigenDense<Eigen::Array<Scalar, rows, columns, options, max_rows, max_columns>> {};

template <types::detail::EigenPlainObject A, int options, class Stride>
struct ArrayInterface<Eigen::Map<A, options, Stride>> : types::detail::EigenDense<Eigen::Map<A, options, Stride>> {};
template <types::detail::EigenPlainObject A, int options, class Stride>
struct ArrayInterface<Eigen::Ref<A, options, Stride>> : types::detail::EigenDense<Eigen::Ref<A, options, Stride>> {};

template <types::detail::EigenElement Scalar, int options>
struct ArrayInterface<Eigen::Quaternion<Scalar, options>> {
  static constexpr DType dtype = types::detail::eigen_dtype<Scalar>;
  static constexpr std::array<std::size_t, 1> extents{4};
  static constexpr bool is_inline = true;
  [[nodiscard]] static ArrayLayout layout(const Eigen::Quaternion<Scalar, options>& quaternion) {
    return {quaternion.coeffs().data(), {4}};
  }
};

// A single Eigen::half or Eigen::bfloat16 is a scalar.
template <class Scalar>
  requires std::same_as<Scalar, Eigen::half> || std::same_as<Scalar, Eigen::bfloat16>
struct ArrayInterface<Scalar> {
  static constexpr DType dtype = types::detail::eigen_dtype<Scalar>;
  static constexpr std::array<std::size_t, 0> extents{};
  static constexpr bool is_inline = true;
  [[nodiscard]] static ArrayLayout layout(const Scalar& number) { return {&number, {}}; }
};

template <types::detail::EigenElement Scalar, int options, class Index>
struct ArrayInterface<Eigen::SparseMatrix<Scalar, options, Index>> {
  using Matrix = Eigen::SparseMatrix<Scalar, options, Index>;
  using Parts = types::detail::SparseParts<Eigen::Matrix<Scalar, Eigen::Dynamic, 1>, 2>;

  [[nodiscard]] static Parts parts(const Matrix& matrix) {
    if constexpr (Matrix::IsRowMajor)
      return parts_of_rows(matrix);
    else
      return parts_of_rows(Eigen::SparseMatrix<Scalar, Eigen::RowMajor, Index>(matrix));
  }
  [[nodiscard]] static std::int64_t max_extent() noexcept { return std::numeric_limits<Index>::max(); }
  [[nodiscard]] static Matrix make(const Parts& parts) {
    std::vector<Eigen::Triplet<Scalar, Index>> elements;
    elements.reserve(static_cast<std::size_t>(parts.values.size()));
    for (Eigen::Index i = 0; i < parts.values.size(); ++i)
      elements.emplace_back(static_cast<Index>(parts.indices(i, 0)), static_cast<Index>(parts.indices(i, 1)),
                            parts.values(i));
    Matrix made(parts.dense_shape[0], parts.dense_shape[1]);
    made.setFromTriplets(elements.begin(), elements.end(), [](const Scalar& one, const Scalar&) { return one; });
    if (made.nonZeros() != parts.values.size()) types::detail::refuse_twice<Matrix>();  // those became one element
    return made;
  }

 private:
  [[nodiscard]] static Parts parts_of_rows(const Eigen::SparseMatrix<Scalar, Eigen::RowMajor, Index>& matrix) {
    Parts parts{.indices = Tensor<std::int64_t, dynamic, 2>(Shape{matrix.nonZeros(), 2}),
                .values = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>(matrix.nonZeros()),
                .dense_shape = {matrix.rows(), matrix.cols()}};
    Eigen::Index i = 0;
    for (Eigen::Index row = 0; row < matrix.outerSize(); ++row)
      for (typename Eigen::SparseMatrix<Scalar, Eigen::RowMajor, Index>::InnerIterator at(matrix, row); at; ++at, ++i) {
        parts.indices(i, 0) = row;
        parts.indices(i, 1) = at.col();
        parts.values(i) = at.value();
      }
    return parts;
  }
};

}  // namespace CAIRN_NAMESPACE
