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

namespace CAIRN_NAMESPACE::keras {

namespace detail {

template <auto activation, auto recurrent_activation, class T>
[[nodiscard]] auto gru_step(const SequenceSizes& sizes, const T* bias) {
  const std::size_t columns = 3 * sizes.units;
  const T* const recurrent_bias = bias == nullptr ? nullptr : bias + columns;
  return [&sizes, columns, recurrent_bias](const T* inputs, std::size_t stride, T* recurrent, T* h) {
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
  };
}

}  // namespace detail

// A plain struct with a cell, saved as in Keras. The layer is for inference only.
template <std::size_t In, std::size_t units, auto... arguments>
struct GRU {
  // The arguments (arguments.hpp), the element type, and the layer's shapes (layer_shape.hpp).
  using Arguments = detail::RecurrentArguments<In, units, 3, arguments...>;
  using input_type = typename Arguments::input_type;
  using input_shape = Extents<dynamic, In>;
  template <class Shape>
  using output_shape = typename Arguments::template output_shape<Shape>;
  using ArgumentsAreKnown =
      decltype(detail::Arguments<GRU, detail::AnActivation, RecurrentActivation<void>, UseBias, ReturnSequences,
                                 GoBackwards, ElementType<void>>::template require<arguments...>());

  // cell.kernel is [In, 3 * units] and begins as glorot_uniform; cell.recurrent_kernel is [units, 3 * units] and begins
  // as orthogonal; cell.bias is [2, 3 * units] and begins as zeros.
  typename Arguments::template CellOf<2, 3 * units> cell{};

  // The input is [n, steps, In], the output [n, units], or [n, steps, units] with return_sequences<true>. Throws Error
  // with ErrorCode::unimplemented while a GradientTape records and the input or the cell's kernels would need
  // gradients; ErrorCode::invalid_argument when a dynamic last axis of the input is not In.
  [[nodiscard]] auto operator()(const ops::detail::Operand auto& x) const {
    return detail::call_recurrent<GRU>(x, cell, [](const auto& sizes, const auto* bias) {
      return detail::gru_step<Arguments::activation, Arguments::gate_activation>(sizes, bias);
    });
  }

  // Returns references to the trainable Variables, in Keras' order.
  [[nodiscard]] auto trainable_variables() { return cell.trainable_variables(); }
  [[nodiscard]] auto trainable_variables() const { return cell.trainable_variables(); }
};

}  // namespace CAIRN_NAMESPACE::keras
