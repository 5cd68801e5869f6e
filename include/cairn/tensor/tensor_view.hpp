// TensorView: the dtype, shape and bytes of a tensor that somebody else owns. It travels between the user's memory and
// a file.
//
// The user's types end above TensorView; files begin below it. Numbers are a block of bytes in row-major order, in the
// machine's byte order. Strings are an array of std::string.
#pragma once

#include "../core/dtype.hpp"
#include "../core/element.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "detail/scattered_elements.hpp"

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <utility>

namespace CAIRN_NAMESPACE {

// A view that only reads; the memory that it looks at must outlive it. bytes() is empty for DT_STRING, and strings()
// for every other dtype. The constructors throw Error with ErrorCode::invalid_argument unless bytes() has the size of
// an element times the shape's number of elements, or strings() has the shape's number of elements; and for a dtype
// without a fixed size.
class TensorView {
 public:
  // Views numbers or strings, which must outlive the view. Throws Error with ErrorCode::invalid_argument when their
  // number is not that of the shape.
  TensorView(DType dtype, Shape shape, std::span<const std::byte> bytes)
      : dtype_(dtype), shape_(std::move(shape)), bytes_(bytes) {
    // The bytes are divided by the element's size, because the product could be more than a size_t holds.
    const std::size_t element = size_of(dtype);
    if (element == 0 || bytes.size() % element != 0 ||
        static_cast<std::size_t>(shape_.num_elements()) != bytes.size() / element)
      throw Error(ErrorCode::invalid_argument, "a view of " + to_string(dtype) + " " + shape_.to_string() +
                                                   " cannot stand on " + std::to_string(bytes.size()) +
                                                   " bytes; give it one element's size times the element count")
          .expecting(to_string(dtype) + " " + shape_.to_string(), std::to_string(bytes.size()) + " bytes");
  }
  TensorView(Shape shape, std::span<const std::string> strings)
      : dtype_(DType::DT_STRING), shape_(std::move(shape)), strings_(strings) {
    if (static_cast<std::size_t>(shape_.num_elements()) != strings.size())
      throw Error(ErrorCode::invalid_argument, "a view of strings " + shape_.to_string() + " cannot stand on " +
                                                   std::to_string(strings.size()) + " strings")
          .expecting(shape_.to_string(), std::to_string(strings.size()) + " strings");
  }

  // bytes() is empty for DT_STRING, strings() for every other dtype. Both are valid as long as the viewed memory.
  [[nodiscard]] DType dtype() const noexcept { return dtype_; }
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::span<const std::string> strings() const noexcept { return strings_; }

  // For the library: numbers that do not lie together. bytes() is empty.
  TensorView(DType dtype, Shape shape, const tensor::detail::ScatteredElements& scattered) noexcept
      : dtype_(dtype), shape_(std::move(shape)), scattered_(&scattered) {}
  [[nodiscard]] const tensor::detail::ScatteredElements* scattered() const noexcept { return scattered_; }
  [[nodiscard]] bool is_partitioned() const noexcept {
    return scattered_ != nullptr && scattered_->plan_parts != nullptr;
  }

 private:
  DType dtype_;
  Shape shape_;
  std::span<const std::byte> bytes_;
  std::span<const std::string> strings_;
  const tensor::detail::ScatteredElements* scattered_ = nullptr;
};

namespace tensor::detail {

// Returns the number of bytes of the elements, whether they lie together or not; 0 for strings.
[[nodiscard]] inline std::size_t bytes_of(const TensorView& view) noexcept {
  return view.scattered() != nullptr ? view.scattered()->size() : view.bytes().size();
}

// Throws Error with ErrorCode::invalid_argument when `dtype` is not T's.
template <Element T>
void require_dtype(DType dtype) {
  if (dtype != dtype_of<T>)
    throw Error(ErrorCode::invalid_argument, "the tensor's elements are " + to_string(dtype) + ", not " +
                                                 to_string(dtype_of<T>) + "; ask for the dtype it has")
        .expecting(to_string(dtype_of<T>), to_string(dtype));
}

// Copies the elements of `view` to where there is room for as many.
inline void copy_elements(const TensorView& view, std::span<std::byte> bytes, std::span<std::string> strings) {
  if (view.scattered() != nullptr) return view.scattered()->gather(0, bytes);
  if (!view.bytes().empty()) std::memcpy(bytes.data(), view.bytes().data(), view.bytes().size());
  for (std::size_t i = 0; i < view.strings().size(); ++i) strings[i] = view.strings()[i];
}

}  // namespace tensor::detail

}  // namespace CAIRN_NAMESPACE
