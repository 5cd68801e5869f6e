// LSTM: the recurrent layer, for inference only. The gates are in Keras' order i, f, c, o.
//
//   c = recurrent_activation(f) * c + recurrent_activation(i) * activation(c')
//   h = recurrent_activation(o) * activation(c)
//
//   keras::LSTM<8, 16> layer;                            // [n, steps, 8] -> [n, 16]
//   keras::LSTM<8, 16, keras::return_sequences<true>>    // -> [n, steps, 16]
#pragma once

#include "detail/recurrent.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace CAIRN_NAMESPACE::keras {

namespace detail {

template <auto activation, auto recurrent_activation, class T>
[[nodiscard]] auto lstm_step(const SequenceSizes& sizes) {
  Gate<T> carry(Shape{static_cast<std::int64_t>(sizes.batch), static_cast<std::int64_t>(sizes.units)});
  return [&sizes, carry = std::move(carry)](const T* inputs, std::size_t stride, T* recurrent, T* h) mutable {
    const std::size_t columns = 4 * sizes.units;
    for (std::size_t i = 0; i < sizes.batch; ++i)
      for (std::size_t j = 0; j < columns; ++j) recurrent[i * columns + j] += inputs[i * stride + j];
    const auto gate = [&](std::size_t which) {
      return take_gate(sizes, static_cast<const T*>(recurrent), columns, which);
    };
    const Gate<T> input = recurrent_activation(gate(0));
    const Gate<T> forget = recurrent_activation(gate(1));
    const Gate<T> candidate = activation(gate(2));
    const Gate<T> output = recurrent_activation(gate(3));
    T* const c = carry.data();
    for (std::size_t i = 0; i < candidate.size(); ++i)
      c[i] = forget.data()[i] * c[i] + input.data()[i] * candidate.data()[i];
    const Gate<T> active = activation(carry);
    for (std::size_t i = 0; i < active.size(); ++i) h[i] = output.data()[i] * active.data()[i];
  };
}

// The first bias, as with Keras' unit_forget_bias: ones for the forget gate, zeros for the others.
template <class T, std::size_t units>
[[nodiscard]] Tensor<T, 4 * units> unit_forget_bias() {
  Tensor<T, 4 * units> bias;
  std::fill_n(bias.data() + units, units, T{1});
  return bias;
}

}  // namespace detail

// A plain struct with a cell, saved as in Keras. The layer is for inference only.
template <std::size_t In, std::size_t units, auto... arguments>
struct LSTM {
  // The arguments (arguments.hpp), the element type, and the layer's shapes (layer_shape.hpp).
  using Arguments = detail::RecurrentArguments<In, units, 4, arguments...>;
  using input_type = typename Arguments::input_type;
  using input_shape = Extents<dynamic, In>;
  template <class Shape>
  using output_shape = typename Arguments::template output_shape<Shape>;
  using ArgumentsAreKnown =
      decltype(detail::Arguments<LSTM, detail::AnActivation, RecurrentActivation<void>, UseBias, ReturnSequences,
                                 GoBackwards, ElementType<void>>::template require<arguments...>());

  // cell.kernel is [In, 4 * units] and begins as glorot_uniform; cell.recurrent_kernel is [units, 4 * units] and begins
  // as orthogonal; cell.bias is [4 * units] and begins as ones for the forget gate and zeros for the others.
  typename Arguments::template CellOf<4 * units> cell{
      .bias{detail::unit_forget_bias<input_type, units>(), {.name = "bias"}}};

  // The input is [n, steps, In], the output [n, units], or [n, steps, units] with return_sequences<true>. Throws Error
  // with ErrorCode::unimplemented while a GradientTape records and the input or the cell's kernels would need
  // gradients; ErrorCode::invalid_argument when a dynamic last axis of the input is not In.
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const {
    return detail::call_recurrent<LSTM>(x, cell, [](const auto& sizes, const auto*) {
      return detail::lstm_step<Arguments::activation, Arguments::gate_activation, input_type>(sizes);
    });
  }

  // Returns references to the trainable Variables, in Keras' order.
  [[nodiscard]] auto trainable_variables() { return cell.trainable_variables(); }
  [[nodiscard]] auto trainable_variables() const { return cell.trainable_variables(); }
};

}  // namespace CAIRN_NAMESPACE::keras
