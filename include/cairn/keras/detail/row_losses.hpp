// What losses are made of: a number for each row of a prediction, and its gradient beside it.
#pragma once

#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/refuse.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../ops/detail/operand.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::keras::detail {

inline constexpr double loss_epsilon = 1e-7;  // keras.backend.epsilon()

// The type of one loss for each row of X: X's shape without the last axis.
template <class T, class E, class Axes>
struct RowsOf;
template <class T, class E, std::size_t... Axes>
struct RowsOf<T, E, std::index_sequence<Axes...>> {
  using type = Tensor<T, E::values[Axes]...>;
};

// The edge's function: kept is what each loss changes by with each element; sizes[0] is the length of a row.
template <class T>
void add_losses(const ops::detail::Edge& edge, const void* upstream, void* sum) {
  const T* const gradient = edge.kept[0].as<const T>();
  for (std::size_t i = 0; i < edge.size; ++i)
    static_cast<T*>(sum)[i] += static_cast<const T*>(upstream)[i / edge.sizes[0]] * gradient[i];
}
template <class T>
void losses_into(const ops::detail::Input<T>& x, core::detail::FunctionRef<T(std::size_t, std::span<const T>, T*)> row,
                 tensor::detail::TensorParts& result, T* y) {
  const std::size_t columns = x.extents.back();
  const bool is_recorded = ops::detail::is_recording() && x.size != 0;
  ops::detail::Elements gradient;
  if (is_recorded) gradient = ops::detail::Elements(dtype_of<T>, x.size);
  T* const to = gradient.as<T>();
  for (std::size_t i = 0; i < result.elements().size(); ++i)
    y[i] = row(i, {x.data + i * columns, columns}, is_recorded ? to + i * columns : nullptr);
  if (!is_recorded) return;
  ops::detail::Edge to_x = ops::detail::edge(x, &add_losses<T>);
  to_x.kept[0] = std::move(gradient);
  to_x.sizes[0] = columns;
  ops::detail::record(result, {&to_x});
}

// row(index, elements, gradient) gives the loss of one row and, where `gradient` is not null, writes what the loss
// changes by with each element.
template <class X, class Row>
[[nodiscard]] auto row_losses(const X& x, const Row& row) {
  using T = typename X::value_type;
  using E = typename X::extents_type;
  static_assert(E::rank > 0, "cairn: a loss takes predictions of at least one axis: what is compared.");
  using Losses = typename RowsOf<T, E, std::make_index_sequence<E::rank - 1>>::type;
  Losses losses(tensor::detail::shape_of(x.extents().first(E::rank - 1)));
  losses_into<T>(ops::detail::Input(x), row, losses, losses.data());
  return losses;
}

template <class T>
[[nodiscard]] T squared_error(const auto* target, std::span<const T> x, T* gradient) {
  T sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const T difference = x[i] - static_cast<T>(target[i]);
    sum += difference * difference;
    if (gradient != nullptr) gradient[i] = 2 * difference / static_cast<T>(x.size());
  }
  return sum / static_cast<T>(x.size());
}

// The logarithm of the sum of exponentials, and the softmax in `to` where that is not null.
template <class T>
[[nodiscard]] T log_sum_exp(std::span<const T> x, T largest, T* to) {
  T sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const T power = std::exp(x[i] - largest);
    sum += power;
    if (to != nullptr) to[i] = power;
  }
  if (to != nullptr)
    for (std::size_t i = 0; i < x.size(); ++i) to[i] /= sum;
  return std::log(sum);
}
template <class T>
[[nodiscard]] T crossentropy_of_logits(const auto* target, std::span<const T> x, T* gradient) {
  const T largest = *std::max_element(x.begin(), x.end());
  const T log_sum = log_sum_exp(x, largest, gradient);
  T loss = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const T share = static_cast<T>(target[i]);
    loss += share * (log_sum - (x[i] - largest));
    if (gradient != nullptr) gradient[i] -= share;  // the target's shares are taken to be 1 together, as in TensorFlow
  }
  return loss;
}
template <class T>
[[nodiscard]] T sparse_crossentropy_of_logits(std::size_t label, std::span<const T> x, T* gradient) {
  const T largest = *std::max_element(x.begin(), x.end());
  const T log_sum = log_sum_exp(x, largest, gradient);
  if (gradient != nullptr) gradient[label] -= 1;
  return log_sum - (x[label] - largest);
}

template <class T>
[[nodiscard]] T clipped(T probability) noexcept {
  return std::clamp(probability, static_cast<T>(loss_epsilon), static_cast<T>(1 - loss_epsilon));
}
// Made to sum up to 1, then clipped.
template <class T>
[[nodiscard]] T crossentropy_of_probabilities(const auto* target, std::span<const T> x, T* gradient) {
  T sum = 0;
  for (const T each : x) sum += each;
  T loss = 0;
  T mean = 0;  // of the gradients, weighted by the probabilities
  for (std::size_t i = 0; i < x.size(); ++i) {
    const T share = static_cast<T>(target[i]);
    const T probability = x[i] / sum;
    const T kept = clipped(probability);
    loss -= share * std::log(kept);
    if (gradient == nullptr) continue;
    gradient[i] = kept == probability ? -share / kept : T{0};
    mean += gradient[i] * probability;
  }
  if (gradient != nullptr)
    for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = (gradient[i] - mean) / sum;
  return loss;
}
// Clipped, then made to sum up to 1.
template <class T>
[[nodiscard]] T sparse_crossentropy_of_probabilities(std::size_t label, std::span<const T> x, T* gradient) {
  T sum = 0;
  for (const T each : x) sum += clipped(each);
  if (gradient != nullptr)
    for (std::size_t i = 0; i < x.size(); ++i) {
      const T kept = clipped(x[i]);
      gradient[i] = kept == x[i] ? (kept / sum - (i == label ? T{1} : T{0})) / kept : T{0};
    }
  return std::log(sum) - std::log(clipped(x[label]));
}

// A row of a target as Keras' label_smoothing changes it.
template <class T>
[[nodiscard]] core::detail::Vec<T> smoothed(const auto* target, std::size_t classes, double smoothing) {
  core::detail::Vec<T> result(classes);
  const T keep = static_cast<T>(1 - smoothing);
  const T share = static_cast<T>(smoothing / static_cast<double>(classes));
  for (std::size_t i = 0; i < classes; ++i) result[i] = static_cast<T>(target[i]) * keep + share;
  return result;
}

// Refuses a target at compile time where both shapes are known then.
template <class Target, class Prediction>
struct this_target_does_not_fit {
  static_assert(!std::is_same_v<Target, Target>,
                "cairn: this target does not fit to this prediction. Both have the same shape; the target of "
                "sparse_categorical_crossentropy has no last axis, or one of length 1.");
};
template <class E, class F>
[[nodiscard]] constexpr bool may_be_same(std::size_t axes) noexcept {
  for (std::size_t i = 0; i < axes; ++i)
    if (E::values[i] != F::values[i] && E::values[i] != dynamic && F::values[i] != dynamic) return false;
  return true;
}
template <class Y, class X>
[[nodiscard]] constexpr bool may_be_same_shape() noexcept {
  if constexpr (Y::rank == X::rank)
    return may_be_same<typename Y::extents_type, typename X::extents_type>(X::rank);
  else
    return false;
}
template <class Y, class X>
[[nodiscard]] constexpr bool may_be_labels() noexcept {
  if constexpr (X::rank > 0 && Y::rank + 1 == X::rank)
    return may_be_same<typename Y::extents_type, typename X::extents_type>(Y::rank);
  else if constexpr (X::rank > 0 && Y::rank == X::rank)
    return may_be_same<typename Y::extents_type, typename X::extents_type>(X::rank - 1) &&
           (Y::extents_type::values[X::rank - 1] == 1 || Y::extents_type::values[X::rank - 1] == dynamic);
  else
    return false;
}

[[noreturn]] inline void throw_target_misfit(const Shape& target, const Shape& prediction) {
  throw Error(ErrorCode::invalid_argument, "a target of shape " + target.to_string() +
                                               " does not fit to a prediction of shape " + prediction.to_string())
      .expecting(prediction.to_string(), target.to_string());
}
template <class Y, class X>
void require_same_shape(const Y& y_true, const X& y_pred) {
  if constexpr (!may_be_same_shape<Y, X>())
    static_cast<void>(core::detail::refuse<this_target_does_not_fit<Y, X>>());
  else if (y_true.shape() != y_pred.shape())
    throw_target_misfit(y_true.shape(), y_pred.shape());
}
template <class Y, class X>
void require_labels(const Y& y_true, const X& y_pred) {
  if constexpr (!may_be_labels<Y, X>()) {
    static_cast<void>(core::detail::refuse<this_target_does_not_fit<Y, X>>());
  } else {
    bool fits = Y::rank < X::rank || y_true.extent(X::rank - 1) == 1;
    for (std::size_t axis = 0; axis + 1 < X::rank; ++axis) fits = fits && y_true.extent(axis) == y_pred.extent(axis);
    if (!fits) throw_target_misfit(y_true.shape(), y_pred.shape());
  }
}

[[nodiscard]] inline std::size_t require_class(double label, std::size_t classes) {
  if (!(label >= 0 && label < static_cast<double>(classes)))
    throw Error(ErrorCode::invalid_argument, "a target of sparse_categorical_crossentropy is class " +
                                                 std::to_string(label) + ", but the prediction has " +
                                                 std::to_string(classes) + " classes, from 0 on");
  return static_cast<std::size_t>(label);
}

}  // namespace CAIRN_NAMESPACE::keras::detail
