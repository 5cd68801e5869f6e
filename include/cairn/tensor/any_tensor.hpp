// AnyTensor: a tensor whose dtype and shape are known at run time. What readers and editors hand out.
//
//   const cairn::AnyTensor kernel = cairn::load_variable("training/ckpt-3", "model.kernel");
//   for (float weight : kernel.span<float>()) ...
#pragma once

#include "tensor.hpp"
#include "tensor_view.hpp"
#include "variable.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cairn {

// Owns its bytes (or strings). Copies are deep. Elements are row-major, in the machine's byte order.
class AnyTensor {
 public:
  // A float32 scalar zero.
  AnyTensor() : AnyTensor(DType::DT_FLOAT, Shape{}) {}

  // Zeros (empty strings) of that dtype and shape. Throws Error (invalid_argument) for a dtype without a fixed size
  // other than DT_STRING, or a shape that has no legal element count.
  AnyTensor(DType dtype, Shape shape) : dtype_(dtype), shape_(std::move(shape)) {
    const auto count = static_cast<std::size_t>(shape_.num_elements());
    if (dtype == DType::DT_STRING) {
      strings_.resize(count);
    } else if (size_of(dtype) == 0) {
      throw Error(ErrorCode::invalid_argument, "a tensor of dtype " + to_string(dtype) + " has no bytes to own");
    } else {
      if (count > static_cast<std::size_t>(-1) / size_of(dtype))
        throw Error(ErrorCode::resource_exhausted,
                    "a tensor of " + to_string(dtype) + " " + shape_.to_string() + " is larger than the address space");
      bytes_.resize(count * size_of(dtype));
    }
  }
  explicit AnyTensor(const TensorView& view) : AnyTensor(view.dtype(), view.shape()) {
    std::copy(view.bytes().begin(), view.bytes().end(), bytes_.begin());
    std::copy(view.strings().begin(), view.strings().end(), strings_.begin());
  }
  AnyTensor(Shape shape, std::vector<std::string> strings)
      : dtype_(DType::DT_STRING), shape_(std::move(shape)), strings_(std::move(strings)) {
    (void)view();
  }
  template <Element T, std::size_t... Extents>
  explicit AnyTensor(const Tensor<T, Extents...>& tensor) : AnyTensor(tensor.shape(), tensor.span()) {}
  template <Element T, std::size_t... Extents>
  explicit AnyTensor(const Variable<T, Extents...>& variable) : AnyTensor(variable.shape(), variable.span()) {}
  // The elements in row-major order.
  template <Element T>
  AnyTensor(Shape shape, std::span<const T> elements) : AnyTensor(dtype_of<T>, std::move(shape)) {
    if (elements.size() != static_cast<std::size_t>(shape_.num_elements()))
      throw Error(ErrorCode::invalid_argument,
                  std::to_string(elements.size()) + " elements cannot fill a tensor of shape " + shape_.to_string());
    std::copy(elements.begin(), elements.end(), span<T>().begin());
  }

  [[nodiscard]] DType dtype() const noexcept { return dtype_; }
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::span<std::byte> bytes() noexcept { return bytes_; }
  [[nodiscard]] std::span<const std::string> strings() const noexcept { return strings_; }
  [[nodiscard]] std::span<std::string> strings() noexcept { return strings_; }
  [[nodiscard]] TensorView view() const {
    return dtype_ == DType::DT_STRING ? TensorView(shape_, strings_) : TensorView(dtype_, shape_, bytes_);
  }

  // The elements as what they are. Throws Error (invalid_argument) when T is not the tensor's dtype: nothing is cast.
  template <Element T>
  [[nodiscard]] std::span<const T> span() const {
    detail::require_dtype<T>(dtype_);
    if constexpr (dtype_of<T> == DType::DT_STRING) {
      return strings_;
    } else {
      return {reinterpret_cast<const T*>(bytes_.data()), bytes_.size() / sizeof(T)};
    }
  }
  template <Element T>
  [[nodiscard]] std::span<T> span() {
    detail::require_dtype<T>(dtype_);
    if constexpr (dtype_of<T> == DType::DT_STRING) {
      return strings_;
    } else {
      return {reinterpret_cast<T*>(bytes_.data()), bytes_.size() / sizeof(T)};
    }
  }
  // The one element of a scalar, or of a tensor with one element. Throws Error (invalid_argument) otherwise.
  template <Element T>
  [[nodiscard]] T scalar() const {
    const auto elements = span<T>();
    if (elements.size() != 1)
      throw Error(ErrorCode::invalid_argument, "a tensor of shape " + shape_.to_string() + " is not one value");
    return elements[0];
  }
  // A typed tensor with these values. Throws Error (invalid_argument) when dtype or shape differ.
  template <Element T, std::size_t... Extents>
  [[nodiscard]] Tensor<T, Extents...> to() const {
    return Tensor<T, Extents...>(shape_, span<T>());
  }

  // Same dtype, same shape, same bits.
  friend bool operator==(const AnyTensor&, const AnyTensor&) = default;

 private:
  DType dtype_;
  Shape shape_;
  std::vector<std::byte> bytes_;
  std::vector<std::string> strings_;
};

}  // namespace cairn
