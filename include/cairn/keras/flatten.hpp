// Flatten: makes one row of each example.
//
//   keras::Flatten   // [n, 26, 26, 32] -> [n, 21632]
#pragma once

#include "../ops/reshape.hpp"
#include "detail/example_shape.hpp"
#include "layer_shape.hpp"

namespace CAIRN_NAMESPACE::keras {

// A layer without state. The elements of an example stay in row-major order.
struct Flatten {
  // An example has one axis.
  template <class Shape>
  using output_shape = Extents<detail::element_count<Shape>()>;

  // The input is [n, ...], the output [n, product of the other extents].
  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    using T = typename X::value_type;
    if constexpr (!detail::fits_into<X, Flatten>()) {
      detail::refuse_input<X, Flatten>();
      return Tensor<T, dynamic, dynamic>();
    } else {
      std::size_t row = 1;
      for (std::size_t axis = 1; axis < X::rank; ++axis) row *= x.extent(axis);
      return ops::detail::reshaped<detail::output_tensor<T, X, Flatten>>(
          ops::detail::Input(x), Shape{static_cast<std::int64_t>(x.extent(0)), static_cast<std::int64_t>(row)});
    }
  }
};

}  // namespace CAIRN_NAMESPACE::keras
