// BatchNormalization: makes mean 0 and variance 1 of each channel (the last axis), multiplies by gamma and adds beta.
//
//   keras::BatchNormalization<32> layer;   // 32 channels
//   layer(x)                               // uses the moving averages of mean and variance
//   layer(x, keras::training)              // uses the batch's mean and variance, and updates the moving averages
//
//   keras::BatchNormalization<32, keras::momentum<0.9>, keras::epsilon<1e-5>, keras::center<false>,
//                             keras::scale<false>>
#pragma once

#include "../ops/creation.hpp"
#include "../ops/detail/normalization.hpp"
#include "arguments.hpp"
#include "detail/example_shape.hpp"
#include "detail/optional_variable.hpp"
#include "layer_shape.hpp"
#include "training_mode.hpp"

#include <cstddef>

namespace CAIRN_NAMESPACE::keras {

namespace detail {

// gamma or beta as the operand of an operation; `input` is null where the layer has no such Variable.
template <class T, class V>
class OptionalInput {
 public:
  explicit OptionalInput(const V& variable) : input_(variable) {}
  [[nodiscard]] const ops::detail::Input<T>* input() const noexcept { return &input_; }
  [[nodiscard]] const T* data() const noexcept { return input_.data; }

 private:
  ops::detail::Input<T> input_;
};
template <class T>
class OptionalInput<T, NoVariable> {
 public:
  explicit OptionalInput(const NoVariable&) noexcept {}
  [[nodiscard]] const ops::detail::Input<T>* input() const noexcept { return nullptr; }
  [[nodiscard]] const T* data() const noexcept { return nullptr; }
};

}  // namespace detail

// A plain struct of Variables. gamma and moving_variance begin as ones, beta and moving_mean as zeros.
template <std::size_t channels, auto... arguments>
struct BatchNormalization {
  static_assert(channels > 0, "cairn: each size of a layer is at least 1.");
  // The element type, and the layer's shapes (layer_shape.hpp).
  using input_type = detail::element_type<arguments...>;
  using input_shape = Extents<channels>;
  template <class Shape>
  using output_shape = detail::last_axis<Shape, channels, channels>;
  // The arguments, with Keras' defaults (arguments.hpp).
  using ArgumentsAreKnown = decltype(detail::Arguments<BatchNormalization, Momentum, Epsilon, Center, Scale,
                                                       ElementType<void>>::template require<arguments...>());
  static constexpr double momentum = detail::argument_or<keras::momentum<0.99>, arguments...>.value;
  static constexpr double epsilon = detail::argument_or<keras::epsilon<1e-3>, arguments...>.value;
  static constexpr bool has_gamma = detail::argument_or<scale<true>, arguments...>.value;
  static constexpr bool has_beta = detail::argument_or<center<true>, arguments...>.value;

  // Each has the shape [channels]. gamma and beta are empty structs where the arguments leave them out; the two moving
  // averages are not trained.
  detail::VariableIf<has_gamma, input_type, channels> gamma{ones<input_type, channels>(), {.name = "gamma"}};
  detail::VariableIf<has_beta, input_type, channels> beta{VariableOptions{.name = "beta"}};
  Variable<input_type, channels> moving_mean{VariableOptions{.name = "moving_mean", .trainable = false}};
  Variable<input_type, channels> moving_variance{ones<input_type, channels>(),
                                                 {.name = "moving_variance", .trainable = false}};

  // Normalizes by the moving averages. The input is [..., channels], the output has its shape. Throws Error with
  // ErrorCode::invalid_argument when a dynamic last axis is not `channels` long.
  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x) const {
    if constexpr (!detail::fits_into<X, BatchNormalization>()) {
      detail::refuse_input<X, BatchNormalization>();
      return Tensor<input_type, dynamic, channels>();
    } else {
      return normalized<detail::output_tensor<input_type, X, BatchNormalization>>(x, moving_mean.data(),
                                                                                  moving_variance.data(), false);
    }
  }

  // Normalizes by the batch's mean and variance, and moves the moving averages towards them by the share 1 - momentum,
  // as Keras 3 does. For images, Keras 2 moves the average towards n / (n - 1) times this variance. One thread may call
  // it. Throws Error with ErrorCode::invalid_argument when a dynamic last axis is not `channels` long.
  template <ops::detail::Operand X>
  [[nodiscard]] auto operator()(const X& x, Training) {
    if constexpr (!detail::fits_into<X, BatchNormalization>()) {
      detail::refuse_input<X, BatchNormalization>();
      return Tensor<input_type, dynamic, channels>();
    } else {
      const auto moments = ops::detail::column_moments(x.data(), x.size() / channels, channels);
      auto y = normalized<detail::output_tensor<input_type, X, BatchNormalization>>(x, moments.mean.data(),
                                                                                    moments.variance.data(), true);
      for (std::size_t i = 0; i < channels; ++i) {
        move(moving_mean(i), moments.mean[i]);
        move(moving_variance(i), moments.variance[i]);
      }
      return y;
    }
  }

  // Returns references to the trainable Variables, in Keras' order.
  [[nodiscard]] auto trainable_variables() { return detail::list_of_present(gamma, beta); }
  [[nodiscard]] auto trainable_variables() const { return detail::list_of_present(gamma, beta); }

 private:
  static void move(input_type& average, input_type value) noexcept {
    average = average * static_cast<input_type>(momentum) + value * static_cast<input_type>(1 - momentum);
  }

  template <class Y, class X>
  [[nodiscard]] Y normalized(const X& x, const input_type* mean, const input_type* variance, bool by_batch) const {
    const ops::detail::Input from(x);
    const detail::OptionalInput<input_type, decltype(gamma)> by(gamma);
    const detail::OptionalInput<input_type, decltype(beta)> plus(beta);
    const std::size_t rows = from.size / channels;
    const auto small = static_cast<input_type>(epsilon);
    Y y(x.shape());
    ops::detail::batch_normalized(from.data, rows, channels, mean, variance, by.data(), plus.data(), small, y.data());
    if (ops::detail::is_recording())
      ops::detail::record_normalization(
          y, from, by_batch ? &ops::detail::add_batch_normalization<input_type> : &ops::detail::add_scaling<input_type>,
          ops::detail::normalized_columns(from.data, rows, channels, mean, variance, small), by.input(), plus.input());
    return y;
  }
};

}  // namespace CAIRN_NAMESPACE::keras
