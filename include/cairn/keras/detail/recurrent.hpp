// What SimpleRNN, GRU and LSTM share: a cell's Variables, the walk over the steps of a sequence, shapes.
//
//   x [n, steps, In] · kernel [In, gates * units]        for all steps at once
//   h [n, units] · recurrent_kernel [units, gates * units]   step by step, from zero on
//
// For inference: no gradients go through.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../ops/detail/dense.hpp"
#include "../activations.hpp"
#include "../arguments.hpp"
#include "../initializers.hpp"
#include "../layer_shape.hpp"
#include "example_shape.hpp"
#include "optional_variable.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

namespace CAIRN_NAMESPACE::keras::detail {

// The last step's output, or each step's.
template <class In, std::size_t inputs, std::size_t units, bool each>
struct SequenceShape {
  using type = NoShape;
};
template <std::size_t Steps, std::size_t Inputs, std::size_t inputs, std::size_t units, bool each>
  requires(extents_fit(Inputs, inputs))
struct SequenceShape<Extents<Steps, Inputs>, inputs, units, each> {
  using type = std::conditional_t<each, Extents<Steps, units>, Extents<units>>;
};

// Keras' cells are layers inside of layers, and checkpoints have them so: "cell/kernel".
template <class T, std::size_t In, std::size_t units, std::size_t gates, class Bias>
struct Cell {
  Variable<T, In, gates * units> kernel{glorot_uniform<T, In, gates * units>(), {.name = "kernel"}};
  Variable<T, units, gates * units> recurrent_kernel{orthogonal<T, units, gates * units>(),
                                                     {.name = "recurrent_kernel"}};
  Bias bias{VariableOptions{.name = "bias"}};

  [[nodiscard]] auto trainable_variables() { return list_of_present(kernel, recurrent_kernel, bias); }
  [[nodiscard]] auto trainable_variables() const { return list_of_present(kernel, recurrent_kernel, bias); }
};

struct SequenceSizes {
  std::size_t batch;
  std::size_t steps;
  std::size_t inputs;
  std::size_t units;
  std::size_t gates;
  bool backwards;
};

// One gate of a step's activations, [n, units], as activations take it.
template <class T>
using Gate = Tensor<T, dynamic, dynamic>;

// x · kernel + bias for all steps; `bias` may be nullptr.
template <class T>
[[nodiscard]] core::detail::Vec<T> gate_inputs(const SequenceSizes& sizes, const T* x, const T* kernel, const T* bias) {
  const std::size_t columns = sizes.gates * sizes.units;
  const std::size_t rows = sizes.batch * sizes.steps;
  core::detail::Vec<T> result(rows * columns);
  ops::detail::add_matmul(x, kernel, result.data(), rows, sizes.inputs, columns);
  ops::detail::add_to_rows(bias, columns, result.data(), result.size());
  return result;
}
// Gate `gate` out of a step's rows, which lie `stride` apart.
template <class T>
[[nodiscard]] Gate<T> take_gate(const SequenceSizes& sizes, const T* rows, std::size_t stride, std::size_t gate) {
  Gate<T> result(Shape{static_cast<std::int64_t>(sizes.batch), static_cast<std::int64_t>(sizes.units)});
  T* to = result.data();
  for (std::size_t i = 0; i < sizes.batch; ++i)
    to = std::copy_n(rows + i * stride + gate * sizes.units, sizes.units, to);
  return result;
}

// step(inputs of the step, their stride, h · recurrent_kernel, h), where h is the state, changed in place; for each
// step, in the order of the sizes. Leaves the last h, or all, in y.
template <class T, class Step>
void run_steps(const SequenceSizes& sizes, const core::detail::Vec<T>& inputs, const T* recurrent_kernel, bool each,
               T* y, Step step) {
  const std::size_t columns = sizes.gates * sizes.units;
  core::detail::Vec<T> h(sizes.batch * sizes.units);
  core::detail::Vec<T> recurrent(sizes.batch * columns);
  for (std::size_t t = 0; t < sizes.steps; ++t) {
    std::fill(recurrent.begin(), recurrent.end(), T{});
    ops::detail::add_matmul(h.data(), recurrent_kernel, recurrent.data(), sizes.batch, sizes.units, columns);
    step(inputs.data() + (sizes.backwards ? sizes.steps - 1 - t : t) * columns, sizes.steps * columns, recurrent.data(),
         h.data());
    if (!each && t + 1 < sizes.steps) continue;
    for (std::size_t i = 0; i < sizes.batch; ++i)
      std::copy_n(h.data() + i * sizes.units, sizes.units, y + (each ? i * sizes.steps + t : i) * sizes.units);
  }
}

// Throws Error with ErrorCode::unimplemented when a tape would need gradients: of x, or of Variables that are
// trainable.
template <class X, class TheCell>
void require_inference(const X& x, const TheCell& cell) {
  if (!ops::detail::is_recording()) return;
  const bool is_constant =
      ops::detail::source_of(x).is_constant() && !cell.kernel.trainable() && !cell.recurrent_kernel.trainable();
  if (!is_constant)
    throw Error(ErrorCode::unimplemented,
                "a recurrent layer was called while a GradientTape records, but has no gradients: call it before the "
                "tape is made, or freeze its cell (set_trainable(false) for kernel and recurrent_kernel) and give it "
                "inputs that depend on no Variable");
}

[[nodiscard]] inline SequenceSizes sequence_sizes(std::span<const std::size_t> x, std::size_t inputs, std::size_t units,
                                                  std::size_t gates, GoBackwards backwards) {
  if (x[2] != inputs)
    throw Error(ErrorCode::invalid_argument, "a sequence of shape " + tensor::detail::shape_of(x).to_string() +
                                                 " does not fit into a recurrent layer of " + std::to_string(inputs) +
                                                 " inputs")
        .expecting(std::to_string(inputs), std::to_string(x[2]));
  return {x[0], x[1], inputs, units, gates, backwards.value};
}
// The shape of the result: [n, units] or [n, steps, units].
[[nodiscard]] inline Shape sequence_shape(const SequenceSizes& sizes, bool each) {
  Shape shape{static_cast<std::int64_t>(sizes.batch)};
  if (each) shape.push_back(static_cast<std::int64_t>(sizes.steps));
  shape.push_back(static_cast<std::int64_t>(sizes.units));
  return shape;
}

// The sizes and the options of a recurrent layer, read from its template arguments.
template <std::size_t In, std::size_t units_, std::size_t gates_, auto... arguments>
struct RecurrentArguments {
  static_assert(In > 0 && units_ > 0, "cairn: each size of a layer is at least 1.");
  using input_type = element_type<arguments...>;
  static constexpr std::size_t units = units_;
  static constexpr std::size_t gates = gates_;
  static constexpr bool each = argument_or<return_sequences<false>, arguments...>.value;
  static constexpr GoBackwards backwards = argument_or<go_backwards<false>, arguments...>;
  static constexpr bool has_bias = argument_or<use_bias<true>, arguments...>.value;
  static constexpr auto activation = argument_or<tanh, arguments...>;
  static constexpr auto gate_activation = argument_or<recurrent_activation<sigmoid>, arguments...>.value;

  template <std::size_t... BiasExtents>
  using CellOf = Cell<input_type, In, units, gates, VariableIf<has_bias, input_type, BiasExtents...>>;
  template <class Shape>
  using output_shape = typename SequenceShape<Shape, In, units, each>::type;
};

// Calls a recurrent layer on x. make_step(sizes, bias) returns the function that run_steps calls; the bias may be
// nullptr. Throws Error as require_inference and sequence_sizes.
template <class Layer, class X, class TheCell, class MakeStep>
[[nodiscard]] auto call_recurrent(const X& x, const TheCell& cell, const MakeStep& make_step) {
  using Arguments = typename Layer::Arguments;
  using T = typename Arguments::input_type;
  if constexpr (!fits_into<X, Layer>()) {
    refuse_input<X, Layer>();
    return Tensor<T, dynamic, Arguments::units>();
  } else {
    require_inference(x, cell);
    const SequenceSizes sizes = sequence_sizes(x.extents(), Layer::input_shape::values[1], Arguments::units,
                                               Arguments::gates, Arguments::backwards);
    output_tensor<T, X, Layer> y(sequence_shape(sizes, Arguments::each));
    const T* bias = nullptr;
    if constexpr (Arguments::has_bias) bias = cell.bias.data();
    run_steps(sizes, gate_inputs(sizes, x.data(), cell.kernel.data(), bias), cell.recurrent_kernel.data(),
              Arguments::each, y.data(), make_step(sizes, bias));
    return y;
  }
}

}  // namespace CAIRN_NAMESPACE::keras::detail
