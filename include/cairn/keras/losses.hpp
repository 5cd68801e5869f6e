// mean_squared_error, categorical_crossentropy, sparse_categorical_crossentropy: losses, with Keras' arithmetic
// (keras/src/losses/losses.py).
//
//   const auto loss = keras::SparseCategoricalCrossentropy{.from_logits = true}(labels, model(x));   // a scalar
//   const auto each = keras::sparse_categorical_crossentropy(labels, model(x));   // one for each example
//
// The target is the first argument, as in Keras. Gradients go to the prediction only; the target is a constant. The
// compiler refuses a target whose shape does not fit; where extents are dynamic, the call throws Error
// with ErrorCode::invalid_argument.
#pragma once

#include "../core/detail/vec.hpp"
#include "../ops/reduce.hpp"
#include "detail/row_losses.hpp"

#include <concepts>
#include <cstddef>
#include <span>

namespace CAIRN_NAMESPACE::keras {

// The mean of the squared differences along the last axis. The target has the prediction's shape; the result has that
// shape without the last axis, and the prediction's dtype, float or double. Throws Error with
// ErrorCode::invalid_argument when dynamic extents differ.
template <ops::detail::Operand Y, ops::detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] auto mean_squared_error(const Y& y_true, const X& y_pred) {
  detail::require_same_shape(y_true, y_pred);
  using T = typename X::value_type;
  return detail::row_losses(y_pred, [&](std::size_t row, std::span<const T> x, T* gradient) {
    return detail::squared_error<T>(y_true.data() + row * x.size(), x, gradient);
  });
}

// The crossentropy of the classes along the last axis. The target has the probability of each class, often 1 for one of
// them and 0 for the others, and has the prediction's shape; the result has that shape without the last axis. The
// prediction are probabilities, the results of a softmax, or with `from_logits` the inputs of a softmax. Probabilities
// are clipped to [1e-7, 1 - 1e-7]; one that is clipped has no gradient: train with logits. `label_smoothing` is the
// share of the target that is divided equally among all classes. Throws Error with ErrorCode::invalid_argument when
// dynamic extents differ.
template <ops::detail::Operand Y, ops::detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] auto categorical_crossentropy(const Y& y_true, const X& y_pred, bool from_logits = false,
                                            double label_smoothing = 0) {
  detail::require_same_shape(y_true, y_pred);
  using T = typename X::value_type;
  return detail::row_losses(y_pred, [&](std::size_t row, std::span<const T> x, T* gradient) {
    const core::detail::Vec<T> smoothed =
        detail::smoothed<T>(y_true.data() + row * x.size(), x.size(), label_smoothing);
    const T* const target = smoothed.data();
    return from_logits ? detail::crossentropy_of_logits<T>(target, x, gradient)
                       : detail::crossentropy_of_probabilities<T>(target, x, gradient);
  });
}

// The crossentropy of the classes along the last axis, where the target is the number of the right class, from 0 on.
// The target has the prediction's shape without the last axis, or with a last axis of length 1; the result has the
// prediction's shape without the last axis. The prediction are probabilities, or with `from_logits` the inputs of a
// softmax. Throws Error with ErrorCode::invalid_argument when dynamic extents differ, and for a number that is no
// class's.
template <ops::detail::Operand Y, ops::detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] auto sparse_categorical_crossentropy(const Y& y_true, const X& y_pred, bool from_logits = false) {
  detail::require_labels(y_true, y_pred);
  using T = typename X::value_type;
  return detail::row_losses(y_pred, [&](std::size_t row, std::span<const T> x, T* gradient) {
    const std::size_t label = detail::require_class(static_cast<double>(y_true.data()[row]), x.size());
    return from_logits ? detail::sparse_crossentropy_of_logits<T>(label, x, gradient)
                       : detail::sparse_crossentropy_of_probabilities<T>(label, x, gradient);
  });
}

// Keras' class of the same name: mean_squared_error with its arguments as members.
struct MeanSquaredError {
  // Returns the mean over all examples as a scalar. Throws Error with ErrorCode::invalid_argument when dynamic extents
  // differ.
  [[nodiscard]] auto operator()(const auto& y_true, const auto& y_pred) const {
    return reduce_mean(mean_squared_error(y_true, y_pred));
  }
};
// Keras' class of the same name: categorical_crossentropy with its arguments as members.
struct CategoricalCrossentropy {
  // A call returns the mean over all examples as a scalar. Throws Error with ErrorCode::invalid_argument when dynamic
  // extents differ.
  bool from_logits = false;
  double label_smoothing = 0;
  [[nodiscard]] auto operator()(const auto& y_true, const auto& y_pred) const {
    return reduce_mean(categorical_crossentropy(y_true, y_pred, from_logits, label_smoothing));
  }
};
// Keras' class of the same name: sparse_categorical_crossentropy with its arguments as members.
struct SparseCategoricalCrossentropy {
  // A call returns the mean over all examples as a scalar. Throws Error with ErrorCode::invalid_argument when dynamic
  // extents differ, and for a number that is no class's.
  bool from_logits = false;
  [[nodiscard]] auto operator()(const auto& y_true, const auto& y_pred) const {
    return reduce_mean(sparse_categorical_crossentropy(y_true, y_pred, from_logits));
  }
};

}  // namespace CAIRN_NAMESPACE::keras
