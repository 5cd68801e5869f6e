// AnyTensor: a tensor whose dtype and shape are known at run time. Readers and editors of checkpoints hand it out.
//
//   const cairn::AnyTensor kernel = cairn::load_variable("training/ckpt-3", "model.kernel");
//   for (float weight : kernel.span<float>()) ...
#pragma once

#include "tensor.hpp"
#include "tensor_view.hpp"
#include "variable.hpp"

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// An AnyTensor owns its bytes, or for DT_STRING its strings; a copy copies them. Elements are row-major, in the
// machine's byte order. Several threads may read one AnyTensor; a thread that writes to it must have it alone.
class AnyTensor {
 public:
  // A float32 scalar zero.
  AnyTensor() : AnyTensor(DType::DT_FLOAT, Shape{}) {}

  // A tensor of zeros, or for DT_STRING of empty strings. Throws Error with ErrorCode::invalid_argument for a dtype
  // other than DT_STRING that has no fixed size, and for a shape that has no legal number of elements;
  // ErrorCode::resource_exhausted when the tensor is larger than the address space.
  AnyTensor(DType dtype, Shape shape) : dtype_(dtype), shape_(std::move(shape)), elements_(dtype, count_required()) {}
  // Copies the elements that `view` looks at. Throws Error with ErrorCode::resource_exhausted when the copy is larger
  // than the address space.
  explicit AnyTensor(const TensorView& view) : AnyTensor(view.dtype(), view.shape()) {
    if (view.scattered() != nullptr)
      view.scattered()->gather(0, bytes());
    else
      elements_.assign(view.dtype() == DType::DT_STRING ? static_cast<const void*>(view.strings().data())
                                                        : view.bytes().data());
  }
  // A tensor of dtype DT_STRING. Throws Error with ErrorCode::invalid_argument unless there are as many strings as the
  // shape says.
  AnyTensor(Shape shape, std::vector<std::string> strings) : AnyTensor(DType::DT_STRING, std::move(shape)) {
    tensor::detail::require_elements(strings.size(), shape_);
    for (std::size_t i = 0; i < strings.size(); ++i) elements_.as<std::string>()[i] = std::move(strings[i]);
  }
  template <Element T, std::size_t... Extents>
  explicit AnyTensor(const Tensor<T, Extents...>& tensor) : AnyTensor(tensor.shape(), tensor.span()) {}
  template <Element T, std::size_t... Extents>
  explicit AnyTensor(const Variable<T, Extents...>& variable) : AnyTensor(variable.shape(), variable.span()) {}
  // Copies the elements, which are in row-major order. Throws Error with ErrorCode::invalid_argument unless there are
  // as many elements as the shape says.
  template <Element T>
  AnyTensor(Shape shape, std::span<const T> elements) : AnyTensor(dtype_of<T>, std::move(shape)) {
    tensor::detail::require_elements(elements.size(), shape_);
    elements_.assign(elements.data());
  }

  // A copy has elements of its own.
  AnyTensor(const AnyTensor& other)
      : dtype_(other.dtype_),
        shape_(other.shape_),
        elements_(tensor::detail::Elements::copy_of(dtype_, other.elements_.size(), other.elements_.data())) {}
  AnyTensor(AnyTensor&&) noexcept = default;
  AnyTensor& operator=(const AnyTensor& other) { return *this = AnyTensor(other); }
  AnyTensor& operator=(AnyTensor&&) noexcept = default;
  ~AnyTensor() = default;

  // The dtype and the shape change by assignment only.
  [[nodiscard]] DType dtype() const noexcept { return dtype_; }
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  // bytes() is empty for DT_STRING, and strings() for every other dtype. These spans, view() and span() are valid until
  // the tensor is assigned to, moved or destroyed.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return {elements_.as<const std::byte>(), elements_.size() * size_of(dtype_)};
  }
  [[nodiscard]] std::span<std::byte> bytes() noexcept {
    return {elements_.as<std::byte>(), elements_.size() * size_of(dtype_)};
  }
  [[nodiscard]] std::span<const std::string> strings() const noexcept {
    return {elements_.as<const std::string>(), dtype_ == DType::DT_STRING ? elements_.size() : 0};
  }
  [[nodiscard]] std::span<std::string> strings() noexcept {
    return {elements_.as<std::string>(), dtype_ == DType::DT_STRING ? elements_.size() : 0};
  }
  [[nodiscard]] TensorView view() const {
    return dtype_ == DType::DT_STRING ? TensorView(shape_, strings()) : TensorView(dtype_, shape_, bytes());
  }

  // The elements as values of T. Throws Error with ErrorCode::invalid_argument when T is not the tensor's dtype:
  // nothing is cast.
  template <Element T>
  [[nodiscard]] std::span<const T> span() const {
    tensor::detail::require_dtype<T>(dtype_);
    return {elements_.as<const T>(), elements_.size()};
  }
  template <Element T>
  [[nodiscard]] std::span<T> span() {
    tensor::detail::require_dtype<T>(dtype_);
    return {elements_.as<T>(), elements_.size()};
  }
  // The element of a scalar, or of another tensor with one element. Throws Error with ErrorCode::invalid_argument when
  // the tensor has another number of elements, or when T is not its dtype.
  template <Element T>
  [[nodiscard]] T scalar() const {
    const auto elements = span<T>();
    if (elements.size() != 1)
      throw Error(ErrorCode::invalid_argument, "a tensor of shape " + shape_.to_string() + " is not one value");
    return elements[0];
  }
  // A Tensor<T, Extents...> with a copy of the elements. Throws Error with ErrorCode::invalid_argument when T is not
  // the tensor's dtype, or when its shape does not agree with Extents.
  template <Element T, std::size_t... Extents>
  [[nodiscard]] Tensor<T, Extents...> to() const {
    return Tensor<T, Extents...>(shape_, span<T>());
  }

  // Equal tensors have the same dtype, the same shape and the same bits (so that a NaN equals itself, and -0.0 is not
  // 0.0), or equal strings.
  friend bool operator==(const AnyTensor& a, const AnyTensor& b) noexcept {
    if (a.dtype_ != b.dtype_ || a.shape_ != b.shape_ || a.elements_.size() != b.elements_.size()) return false;
    const std::span<const std::string> strings = a.strings();
    for (std::size_t i = 0; i < strings.size(); ++i)
      if (strings[i] != b.strings()[i]) return false;
    return a.bytes().empty() || std::memcmp(a.bytes().data(), b.bytes().data(), a.bytes().size()) == 0;
  }

 private:
  [[nodiscard]] std::size_t count_required() const {
    const auto count = static_cast<std::size_t>(shape_.num_elements());
    if (dtype_ == DType::DT_STRING) return count;
    if (size_of(dtype_) == 0)
      throw Error(ErrorCode::invalid_argument, "a tensor of dtype " + to_string(dtype_) + " has no bytes to own");
    if (count > static_cast<std::size_t>(-1) / 4 / size_of(dtype_))
      throw Error(ErrorCode::resource_exhausted,
                  "a tensor of " + to_string(dtype_) + " " + shape_.to_string() + " is larger than the address space");
    return count;
  }

  DType dtype_;
  Shape shape_;
  tensor::detail::Elements elements_;
};

}  // namespace CAIRN_NAMESPACE
