// SimpleRNN: h = activation(x · kernel + bias + h · recurrent_kernel), step by step. The layer is for inference only.
//
//   keras::SimpleRNN<8, 16> layer;                                // [n, steps, 8] -> [n, 16]
//   keras::SimpleRNN<8, 16, keras::return_sequences<true>, keras::relu>   // -> [n, steps, 16]
#pragma once

#include "detail/recurrent.hpp"

#include <algorithm>
#include <cstddef>

namespace cairn::keras {

namespace detail {

template <auto activation, class T>
void run_simple_rnn(const SequenceSizes& sizes, const T* x, const T* kernel, const T* recurrent_kernel, const T* bias,
                    bool each, T* y) {
  run_steps(sizes, gate_inputs(sizes, x, kernel, bias), recurrent_kernel, each, y,
            [&](const T* inputs, std::size_t stride, const T* recurrent, T* h) {
              Gate<T> sum = take_gate(sizes, inputs, stride, 0);
              T* const values = sum.data();
              for (std::size_t i = 0; i < sum.size(); ++i) values[i] += recurrent[i];
              const Gate<T> next = activation(sum);
              std::copy_n(next.data(), next.size(), h);
            });
}

}  // namespace detail

// A plain struct with a cell of three Variables, saved as in Keras: cell/kernel [In, units], which begins as
// glorot_uniform; cell/recurrent_kernel [units, units], which begins as orthogonal; cell/bias [units], which begins as
// zeros.
template <std::size_t In, std::size_t units, auto... arguments>
struct SimpleRNN {
  static_assert(In > 0 && units > 0, "cairn: each size of a layer is at least 1.");
  using input_type = detail::element_type<arguments...>;
  using input_shape = Extents<dynamic, In>;
  static constexpr bool each = detail::argument_or<return_sequences<false>, arguments...>.value;
  template <class Shape>
  using output_shape = typename detail::SequenceShape<Shape, In, units, each>::type;
  using ArgumentsAreKnown =
      decltype(detail::Arguments<SimpleRNN, detail::AnActivation, UseBias, ReturnSequences, GoBackwards,
                                 ElementType<void>>::template require<arguments...>());
  static constexpr auto activation = detail::argument_or<tanh, arguments...>;
  static constexpr bool has_bias = detail::argument_or<use_bias<true>, arguments...>.value;

  detail::Cell<input_type, In, units, 1, detail::VariableIf<has_bias, input_type, units>> cell{};

  // Throws Error with ErrorCode::unimplemented while a GradientTape records and the input or the cell's kernels would
  // need gradients; ErrorCode::invalid_argument when a dynamic last axis of the input is not In.
  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    if constexpr (!detail::fits_into<X, SimpleRNN>()) {
      detail::refuse_input<X, SimpleRNN>();
      return Tensor<input_type, dynamic, units>();
    } else {
      detail::require_inference(x, cell);
      const auto sizes =
          detail::sequence_sizes(x, In, units, 1, detail::argument_or<go_backwards<false>, arguments...>);
      detail::output_tensor<input_type, X, SimpleRNN> y(detail::sequence_shape(sizes, each));
      const input_type* bias = nullptr;
      if constexpr (has_bias) bias = cell.bias.data();
      detail::run_simple_rnn<activation>(sizes, x.data(), cell.kernel.data(), cell.recurrent_kernel.data(), bias, each,
                                         y.data());
      return y;
    }
  }

  [[nodiscard]] auto trainable_variables() { return cell.trainable_variables(); }
  [[nodiscard]] auto trainable_variables() const { return cell.trainable_variables(); }
};

}  // namespace cairn::keras
