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

namespace cairn::keras {

namespace detail {

template <auto activation, auto recurrent_activation, class T>
void run_lstm(const SequenceSizes& sizes, const T* x, const T* kernel, const T* recurrent_kernel, const T* bias,
              bool each, T* y) {
  const std::size_t columns = 4 * sizes.units;
  Gate<T> carry(Shape{static_cast<std::int64_t>(sizes.batch), static_cast<std::int64_t>(sizes.units)});
  run_steps(sizes, gate_inputs(sizes, x, kernel, bias), recurrent_kernel, each, y,
            [&](const T* inputs, std::size_t stride, T* recurrent, T* h) {
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
            });
}

// The first bias, as with Keras' unit_forget_bias: ones for the forget gate, zeros for the others.
template <class T, std::size_t units>
[[nodiscard]] Tensor<T, 4 * units> unit_forget_bias() {
  Tensor<T, 4 * units> bias;
  std::fill_n(bias.data() + units, units, T{1});
  return bias;
}

}  // namespace detail

// A plain struct with a cell of three Variables, saved as in Keras: cell/kernel [In, 4 * units], which begins as
// glorot_uniform; cell/recurrent_kernel [units, 4 * units], which begins as orthogonal; cell/bias [4 * units], which
// begins as ones for the forget gate and zeros for the others.
template <std::size_t In, std::size_t units, auto... arguments>
struct LSTM {
  static_assert(In > 0 && units > 0, "cairn: each size of a layer is at least 1.");
  using input_type = detail::element_type<arguments...>;
  using input_shape = Extents<dynamic, In>;
  static constexpr bool each = detail::argument_or<return_sequences<false>, arguments...>.value;
  template <class Shape>
  using output_shape = typename detail::SequenceShape<Shape, In, units, each>::type;
  using ArgumentsAreKnown =
      decltype(detail::Arguments<LSTM, detail::AnActivation, RecurrentActivation<void>, UseBias, ReturnSequences,
                                 GoBackwards, ElementType<void>>::template require<arguments...>());
  static constexpr auto activation = detail::argument_or<tanh, arguments...>;
  static constexpr auto gate_activation = detail::argument_or<recurrent_activation<sigmoid>, arguments...>.value;
  static constexpr bool has_bias = detail::argument_or<use_bias<true>, arguments...>.value;

  detail::Cell<input_type, In, units, 4, detail::VariableIf<has_bias, input_type, 4 * units>> cell{
      .bias{detail::unit_forget_bias<input_type, units>(), {.name = "bias"}}};

  // Throws Error with ErrorCode::unimplemented while a GradientTape records and the input or the cell's kernels would
  // need gradients; ErrorCode::invalid_argument when a dynamic last axis of the input is not In.
  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    if constexpr (!detail::fits_into<X, LSTM>()) {
      detail::refuse_input<X, LSTM>();
      return Tensor<input_type, dynamic, units>();
    } else {
      detail::require_inference(x, cell);
      const auto sizes =
          detail::sequence_sizes(x, In, units, 4, detail::argument_or<go_backwards<false>, arguments...>);
      detail::output_tensor<input_type, X, LSTM> y(detail::sequence_shape(sizes, each));
      const input_type* bias = nullptr;
      if constexpr (has_bias) bias = cell.bias.data();
      detail::run_lstm<activation, gate_activation>(sizes, x.data(), cell.kernel.data(), cell.recurrent_kernel.data(),
                                                    bias, each, y.data());
      return y;
    }
  }

  [[nodiscard]] auto trainable_variables() { return cell.trainable_variables(); }
  [[nodiscard]] auto trainable_variables() const { return cell.trainable_variables(); }
};

}  // namespace cairn::keras
