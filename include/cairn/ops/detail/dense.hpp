// dense: x · kernel + bias along the last axis of x, in one step. It is the computation of a Dense layer.
#pragma once

#include "../matmul.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace CAIRN_NAMESPACE::ops::detail {

// The shape of x with the kernel's last axis. Throws Error with ErrorCode::invalid_argument when a dynamic last axis of
// x does not fit onto the kernel.
[[nodiscard]] inline Shape dense_shape(std::span<const std::size_t> x, std::span<const std::size_t> kernel) {
  if (x.back() != kernel[0])
    throw Error(ErrorCode::invalid_argument, "an input of shape " + tensor::detail::shape_of(x).to_string() +
                                                 " does not fit onto a kernel of shape " +
                                                 tensor::detail::shape_of(kernel).to_string() +
                                                 ": its last axis must be as long as the kernel's first")
        .expecting(std::to_string(kernel[0]), std::to_string(x.back()));
  Shape shape = tensor::detail::shape_of(x.first(x.size() - 1));
  shape.push_back(static_cast<std::int64_t>(kernel[1]));
  return shape;
}

// `bias` is a Variable, or anything else where there is none. Y is the result's tensor type: x's, with another last
// axis.
template <class Y, class X, class Kernel, class Bias>
[[nodiscard]] Y dense(const X& x, const Kernel& kernel, const Bias& bias) {
  Y y(dense_shape(x.extents(), kernel.extents()));
  if constexpr (is_variable<Bias>) {
    const Input added(bias);
    multiply_into(Input(x), Input(kernel), &added, y, y.data());
  } else {
    multiply_into<typename Y::value_type>(Input(x), Input(kernel), nullptr, y, y.data());
  }
  return y;
}

}  // namespace CAIRN_NAMESPACE::ops::detail
