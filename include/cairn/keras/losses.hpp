// Losses: how far a prediction is from what it should be, with Keras' arithmetic (keras/src/losses/losses.py).
//
//   const auto loss = keras::SparseCategoricalCrossentropy{.from_logits = true}(labels, model(x));   // a scalar
//   const auto each = keras::sparse_categorical_crossentropy(labels, model(x));   // one for each example
//
// The target comes first, as in Keras. Gradients go to the prediction; a target is a constant.
#pragma once

#include "../ops/reduce.hpp"
#include "row_losses.hpp"

#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

namespace cairn::keras {

// The mean of the squared differences along the last axis. The target has the prediction's shape.
template <cairn::detail::Operand Y, cairn::detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] auto mean_squared_error(const Y& y_true, const X& y_pred) {
  detail::require_same_shape(y_true, y_pred);
  return detail::row_losses(y_pred, [&]<class T>(std::size_t row, std::span<const T> x, T* gradient) {
    return detail::squared_error<T>(y_true.data() + row * x.size(), x, gradient);
  });
}

// Of classes along the last axis; the target is how probable each class is, often one of them 1 and the others 0. The
// prediction are probabilities, as softmax gives them, or logits: what goes into a softmax. Probabilities are held
// within 1e-7 of 0 and 1, and beyond that have no gradient: logits train better. label_smoothing is the share of the
// target that all classes get alike.
template <cairn::detail::Operand Y, cairn::detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] auto categorical_crossentropy(const Y& y_true, const X& y_pred, bool from_logits = false,
                                            double label_smoothing = 0) {
  detail::require_same_shape(y_true, y_pred);
  return detail::row_losses(y_pred, [&]<class T>(std::size_t row, std::span<const T> x, T* gradient) {
    const std::vector<T> smoothed = detail::smoothed<T>(y_true.data() + row * x.size(), x.size(), label_smoothing);
    const T* const target = smoothed.data();
    return from_logits ? detail::crossentropy_of_logits<T>(target, x, gradient)
                       : detail::crossentropy_of_probabilities<T>(target, x, gradient);
  });
}

// The same where the target is the number of the class: it has the prediction's shape without the last axis, or 1 in
// its place. Throws Error (invalid_argument) for a number that is no class.
template <cairn::detail::Operand Y, cairn::detail::Operand X>
  requires std::floating_point<typename X::value_type>
[[nodiscard]] auto sparse_categorical_crossentropy(const Y& y_true, const X& y_pred, bool from_logits = false) {
  detail::require_labels(y_true, y_pred);
  return detail::row_losses(y_pred, [&]<class T>(std::size_t row, std::span<const T> x, T* gradient) {
    const std::size_t label = detail::require_class(static_cast<double>(y_true.data()[row]), x.size());
    return from_logits ? detail::sparse_crossentropy_of_logits<T>(label, x, gradient)
                       : detail::sparse_crossentropy_of_probabilities<T>(label, x, gradient);
  });
}

// Keras' classes: the mean over all examples.
struct MeanSquaredError {
  [[nodiscard]] auto operator()(const auto& y_true, const auto& y_pred) const {
    return reduce_mean(mean_squared_error(y_true, y_pred));
  }
};
struct CategoricalCrossentropy {
  bool from_logits = false;
  double label_smoothing = 0;
  [[nodiscard]] auto operator()(const auto& y_true, const auto& y_pred) const {
    return reduce_mean(categorical_crossentropy(y_true, y_pred, from_logits, label_smoothing));
  }
};
struct SparseCategoricalCrossentropy {
  bool from_logits = false;
  [[nodiscard]] auto operator()(const auto& y_true, const auto& y_pred) const {
    return reduce_mean(sparse_categorical_crossentropy(y_true, y_pred, from_logits));
  }
};

}  // namespace cairn::keras
