// Input: a Tensor or Variable as an operation sees it. Both become one type before any work is done.
//
//   Tensor<T, Extents...>  \                                  the code of an operation is instantiated
//                            >  detail::Input<T, Extents...>   once per shape, not once per mix of
//   Variable<T, Extents...> /                                  Tensor and Variable
#pragma once

#include "../../core/detail/refuse.hpp"
#include "../gradient_tape.hpp"

#include <array>
#include <concepts>
#include <type_traits>

namespace cairn {

namespace ops::detail {

// The element types that have arithmetic. bool and the storage types of core/half.hpp have none.
template <class T>
concept Computable = std::floating_point<T> || (std::integral<T> && !std::same_as<T, bool>);

template <class X>
concept Operand = is_tensor<std::remove_cvref_t<X>> || is_variable<std::remove_cvref_t<X>>;

// A plain number that may stand beside an operand.
template <class X>
concept Number = std::is_arithmetic_v<X> && !std::same_as<X, bool>;

// An operand as an operation sees it: its present elements, and its origin for a tape. It refers to the operand, and
// lives as long as the call.
template <class T, std::size_t... Extents>
class Input {
 public:
  using value_type = T;
  using extents_type = tensor::detail::Extent<Extents...>;
  static constexpr std::size_t rank = sizeof...(Extents);

  explicit Input(const Tensor<T, Extents...>& tensor) : Input(tensor, &tensor, nullptr) {}
  explicit Input(const Variable<T, Extents...>& variable) : Input(variable, nullptr, &variable) {}

  [[nodiscard]] const T* data() const noexcept { return data_; }
  [[nodiscard]] std::span<const T> span() const noexcept { return {data_, size_}; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t extent(std::size_t axis) const noexcept { return extents_[axis]; }
  [[nodiscard]] const std::array<std::size_t, rank>& extents() const noexcept { return extents_; }
  [[nodiscard]] Shape shape() const { return tensor_ != nullptr ? tensor_->shape() : variable_->shape(); }
  [[nodiscard]] Source source() const noexcept { return source_; }

  // The elements as a Tensor that an operation may keep. It shares a Tensor's elements, and copies a Variable's, which
  // may change.
  [[nodiscard]] Tensor<T, Extents...> keep() const { return tensor_ != nullptr ? *tensor_ : variable_->value(); }
  // The elements as a Tensor of one axis that an operation may keep, for code that is compiled once for each element
  // type.
  [[nodiscard]] Tensor<T, dynamic> keep_flat() const {
    const Shape flat{static_cast<std::int64_t>(size_)};
    return tensor_ != nullptr ? tensor_->template with_shape<dynamic>(flat) : Tensor<T, dynamic>(flat, span());
  }

 private:
  template <class X>
  Input(const X& x, const Tensor<T, Extents...>* tensor, const Variable<T, Extents...>* variable)
      : data_(x.data()), size_(x.size()), tensor_(tensor), variable_(variable), source_(source_of(x)) {
    for (std::size_t axis = 0; axis < rank; ++axis) extents_[axis] = x.extent(axis);
  }

  const T* data_;
  std::size_t size_;
  std::array<std::size_t, rank> extents_{};
  const Tensor<T, Extents...>* tensor_;
  const Variable<T, Extents...>* variable_;
  Source source_;
};

// An Edge to an operand of `size` elements. add(upstream, sum) is called with the elements of the two tensors.
template <class T, class Add>
[[nodiscard]] Edge edge(Source source, std::size_t size, Add add) {
  return {source, dtype_of<T>, size, [add = std::move(add)](const AnyTensor& upstream, AnyTensor& sum) {
            add(upstream.template span<T>(), sum.template span<T>());
          }};
}
template <class T, std::size_t... Extents, class Add>
[[nodiscard]] Edge edge(const Input<T, Extents...>& input, Add add) {
  return edge<T>(input.source(), input.size(), std::move(add));
}

// A function of each element is a class with two static functions. It is compiled once for each element type, and not
// for each shape.
template <class Function, class T>
void map_values(const T* from, std::size_t size, T* to) {
  for (std::size_t i = 0; i < size; ++i) to[i] = Function::value(from[i]);
}
template <class Function, class T>
[[nodiscard]] Edge map_edge(Source source, Tensor<T, dynamic> x, Tensor<T, dynamic> y) {
  const std::size_t size = x.size();
  return edge<T>(source, size, [x = std::move(x), y = std::move(y)](std::span<const T> upstream, std::span<T> sum) {
    const T* const from = x.data();
    const T* const to = y.data();
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += upstream[i] * Function::derivative(from[i], to[i]);
  });
}

// A Tensor with Function::value(x) of each element. Its derivative by x, for the tape, is
// Function::derivative(x, value(x)).
template <class Function, class T, std::size_t... Extents>
[[nodiscard]] Tensor<T, Extents...> map(const Input<T, Extents...>& x) {
  Tensor<T, Extents...> y(x.shape());
  map_values<Function>(x.data(), x.size(), y.data());
  if constexpr (std::floating_point<T>)
    if (is_recording()) record(y, map_edge<Function>(x.source(), x.keep_flat(), Input(y).keep_flat()));
  return y;
}

}  // namespace ops::detail
}  // namespace cairn
