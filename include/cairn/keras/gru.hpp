// GRU: the recurrent layer, with Keras' reset_after=True, for inference only. The gates are in Keras' order z, r, h;
// the bias is [2, 3 * units], one row for x and one for h.
//
//   z = recurrent_activation(x_z + h_z)   r = recurrent_activation(x_r + h_r)   c = activation(x_h + r * h_h)
//   h = z * h + (1 - z) * c
//
//   keras::GRU<8, 16> layer;                            // [n, steps, 8] -> [n, 16]
//   keras::GRU<8, 16, keras::return_sequences<true>>    // -> [n, steps, 16]
#pragma once

#include "detail/recurrent.hpp"

#include <cstddef>

namespace cairn::keras {

namespace detail {

template <auto activation, auto recurrent_activation, class T>
void run_gru(const SequenceSizes& sizes, const T* x, const T* kernel, const T* recurrent_kernel, const T* bias,
             bool each, T* y) {
  const std::size_t columns = 3 * sizes.units;
  const T* const recurrent_bias = bias == nullptr ? nullptr : bias + columns;
  run_steps(sizes, gate_inputs(sizes, x, kernel, bias), recurrent_kernel, each, y,
            [&](const T* inputs, std::size_t stride, T* recurrent, T* h) {
              ops::detail::add_to_rows(recurrent_bias, columns, recurrent, sizes.batch * columns);
              const auto sum = [&](std::size_t gate) {
                Gate<T> result = take_gate(sizes, inputs, stride, gate);
                const Gate<T> other = take_gate(sizes, static_cast<const T*>(recurrent), columns, gate);
                T* const values = result.data();
                for (std::size_t i = 0; i < result.size(); ++i) values[i] += other.data()[i];
                return result;
              };
              const Gate<T> update = recurrent_activation(sum(0));
              const Gate<T> reset = recurrent_activation(sum(1));
              Gate<T> candidate = take_gate(sizes, inputs, stride, 2);
              const Gate<T> from_state = take_gate(sizes, static_cast<const T*>(recurrent), columns, 2);
              T* const values = candidate.data();
              for (std::size_t i = 0; i < candidate.size(); ++i) values[i] += reset.data()[i] * from_state.data()[i];
              const Gate<T> next = activation(candidate);
              for (std::size_t i = 0; i < next.size(); ++i)
                h[i] = update.data()[i] * h[i] + (T{1} - update.data()[i]) * next.data()[i];
            });
}

}  // namespace detail

// A plain struct with a cell of three Variables, saved as in Keras: cell/kernel [In, 3 * units], which begins as
// glorot_uniform; cell/recurrent_kernel [units, 3 * units], which begins as orthogonal; cell/bias, which begins as
// zeros.
template <std::size_t In, std::size_t units, auto... arguments>
struct GRU {
  static_assert(In > 0 && units > 0, "cairn: each size of a layer is at least 1.");
  using input_type = detail::element_type<arguments...>;
  using input_shape = Extents<dynamic, In>;
  static constexpr bool each = detail::argument_or<return_sequences<false>, arguments...>.value;
  template <class Shape>
  using output_shape = typename detail::SequenceShape<Shape, In, units, each>::type;
  using ArgumentsAreKnown =
      decltype(detail::Arguments<GRU, detail::AnActivation, RecurrentActivation<void>, UseBias, ReturnSequences,
                                 GoBackwards, ElementType<void>>::template require<arguments...>());
  static constexpr auto activation = detail::argument_or<tanh, arguments...>;
  static constexpr auto gate_activation = detail::argument_or<recurrent_activation<sigmoid>, arguments...>.value;
  static constexpr bool has_bias = detail::argument_or<use_bias<true>, arguments...>.value;

  detail::Cell<input_type, In, units, 3, detail::VariableIf<has_bias, input_type, 2, 3 * units>> cell{};

  // Throws Error with ErrorCode::unimplemented while a GradientTape records and the input or the cell's kernels would
  // need gradients; ErrorCode::invalid_argument when a dynamic last axis of the input is not In.
  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    if constexpr (!detail::fits_into<X, GRU>()) {
      detail::refuse_input<X, GRU>();
      return Tensor<input_type, dynamic, units>();
    } else {
      detail::require_inference(x, cell);
      const auto sizes =
          detail::sequence_sizes(x, In, units, 3, detail::argument_or<go_backwards<false>, arguments...>);
      detail::output_tensor<input_type, X, GRU> y(detail::sequence_shape(sizes, each));
      const input_type* bias = nullptr;
      if constexpr (has_bias) bias = cell.bias.data();
      detail::run_gru<activation, gate_activation>(sizes, x.data(), cell.kernel.data(), cell.recurrent_kernel.data(),
                                                   bias, each, y.data());
      return y;
    }
  }

  [[nodiscard]] auto trainable_variables() { return cell.trainable_variables(); }
  [[nodiscard]] auto trainable_variables() const { return cell.trainable_variables(); }
};

}  // namespace cairn::keras
