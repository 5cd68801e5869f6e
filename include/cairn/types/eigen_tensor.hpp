// Eigen's tensors as members of a state: <unsupported/Eigen/CXX11/Tensor>, which takes longer to compile than the rest
// of Eigen.
//
//   Eigen::Tensor, TensorFixedSize                    [extents...], in either storage order
//   Eigen::TensorMap                                  as the type that it stands for; it is not resized
#pragma once

#include "eigen.hpp"

#include <unsupported/Eigen/CXX11/Tensor>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace CAIRN_NAMESPACE {
namespace types::detail {

template <class A>
struct EigenTensor {
  static constexpr DType dtype = eigen_dtype<typename A::Scalar>;

  [[nodiscard]] static ArrayLayout layout(const A& tensor) {
    ArrayLayout layout{.data = tensor.data()};
    [&]<std::size_t... axes>(std::index_sequence<axes...>) {
      (layout.shape.push_back(static_cast<std::int64_t>(tensor.dimension(axes))), ...);
    }(std::make_index_sequence<static_cast<std::size_t>(A::NumIndices)>{});
    if constexpr (int{A::Layout} == int{Eigen::ColMajor}) {
      auto step = static_cast<std::int64_t>(sizeof(typename A::Scalar));
      for (const std::int64_t extent : layout.shape) {
        layout.strides.push_back(step);
        step *= extent;
      }
    }
    return layout;
  }
};

}  // namespace types::detail

template <types::detail::EigenElement Scalar, int rank, int options, class Index>
struct ArrayInterface<Eigen::Tensor<Scalar, rank, options, Index>>
    : types::detail::EigenTensor<Eigen::Tensor<Scalar, rank, options, Index>> {
  using Tensor = Eigen::Tensor<Scalar, rank, options, Index>;
  static constexpr auto extents = types::detail::any_extents<static_cast<std::size_t>(rank)>;
  [[nodiscard]] static Tensor make(const Shape& shape) {
    typename Tensor::Dimensions dimensions;
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) dimensions[axis] = static_cast<Index>(shape[axis]);
    return Tensor(dimensions);
  }
};

template <types::detail::EigenElement Scalar, std::ptrdiff_t... sizes, int options, class Index>
struct ArrayInterface<Eigen::TensorFixedSize<Scalar, Eigen::Sizes<sizes...>, options, Index>>
    : types::detail::EigenTensor<Eigen::TensorFixedSize<Scalar, Eigen::Sizes<sizes...>, options, Index>> {
  static constexpr std::array<std::size_t, sizeof...(sizes)> extents{static_cast<std::size_t>(sizes)...};
};

template <types::detail::EigenElement Scalar, int rank, int options, class Index, int map_options>
struct ArrayInterface<Eigen::TensorMap<Eigen::Tensor<Scalar, rank, options, Index>, map_options>>
    : types::detail::EigenTensor<Eigen::TensorMap<Eigen::Tensor<Scalar, rank, options, Index>, map_options>> {
  static constexpr auto extents = types::detail::any_extents<static_cast<std::size_t>(rank)>;
};

}  // namespace CAIRN_NAMESPACE
