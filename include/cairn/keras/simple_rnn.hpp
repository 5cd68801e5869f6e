// SimpleRNN: h = activation(x · kernel + bias + h · recurrent_kernel), step by step. The layer is for inference only.
//
//   keras::SimpleRNN<8, 16> layer;                                // [n, steps, 8] -> [n, 16]
//   keras::SimpleRNN<8, 16, keras::return_sequences<true>, keras::relu>   // -> [n, steps, 16]
#pragma once

#include "detail/recurrent.hpp"

#include <algorithm>
#include <cstddef>

namespace CAIRN_NAMESPACE::keras {

namespace detail {

template <auto activation, class T>
[[nodiscard]] auto simple_rnn_step(const SequenceSizes& sizes) {
  return [&sizes](const T* inputs, std::size_t stride, const T* recurrent, T* h) {
    Gate<T> sum = take_gate(sizes, inputs, stride, 0);
    T* const values = sum.data();
    for (std::size_t i = 0; i < sum.size(); ++i) values[i] += recurrent[i];
    const Gate<T> next = activation(sum);
    std::copy_n(next.data(), next.size(), h);
  };
}

}  // namespace detail

// A plain struct with a cell, saved as in Keras. The layer is for inference only.
template <std::size_t In, std::size_t units, auto... arguments>
struct SimpleRNN {
  // The arguments (arguments.hpp), the element type, and the layer's shapes (layer_shape.hpp).
  using Arguments = detail::RecurrentArguments<In, units, 1, arguments...>;
  using input_type = typename Arguments::input_type;
  using input_shape = Extents<dynamic, In>;
  template <class Shape>
  using output_shape = typename Arguments::template output_shape<Shape>;
  using ArgumentsAreKnown =
      decltype(detail::Arguments<SimpleRNN, detail::AnActivation, UseBias, ReturnSequences, GoBackwards,
                                 ElementType<void>>::template require<arguments...>());

  // cell.kernel is [In, units] and begins as glorot_uniform; cell.recurrent_kernel is [units, units] and begins as
  // orthogonal; cell.bias is [units] and begins as zeros.
  typename Arguments::template CellOf<units> cell{};

  // The input is [n, steps, In], the output [n, units], or [n, steps, units] with return_sequences<true>. Throws Error
  // with ErrorCode::unimplemented while a GradientTape records and the input or the cell's kernels would need
  // gradients; ErrorCode::invalid_argument when a dynamic last axis of the input is not In.
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const {
    return detail::call_recurrent<SimpleRNN>(x, cell, [](const auto& sizes, const auto*) {
      return detail::simple_rnn_step<Arguments::activation, input_type>(sizes);
    });
  }

  // Returns references to the trainable Variables, in Keras' order.
  [[nodiscard]] auto trainable_variables() { return cell.trainable_variables(); }
  [[nodiscard]] auto trainable_variables() const { return cell.trainable_variables(); }
};

}  // namespace CAIRN_NAMESPACE::keras
