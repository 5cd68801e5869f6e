// MappedTensor: a tensor where it lies in its file. What readers hand out when nothing need be copied.
//
//   const cairn::MappedTensor table = reader.get_view("model.embedding");
//   const std::span<const float> weights = table.span<float>();   // the file's own pages, read when they are looked at
#pragma once

#include "../core/element.hpp"
#include "../core/error.hpp"
#include "tensor_view.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace cairn {

// Only to be read. A copy is another hold on the same memory: whatever span(), bytes(), strings() and view() gave is
// valid as long as one of them lives, so do not call these on a temporary. It needs neither the reader nor the file's
// name; may be used by several threads at the same time.
//
// Where is_mapped(), the file must not be cut short or written into meanwhile (io::ReadableFile::map): a look at what
// is gone ends the program with SIGBUS. Nothing in cairn does so; it writes beside, renames, and removes.
class MappedTensor {
 public:
  // `owner` keeps alive what `view` looks at. Throws Error (invalid_argument) for numbers that are not aligned.
  MappedTensor(TensorView view, std::shared_ptr<const void> owner, bool is_mapped)
      : view_(std::move(view)), owner_(std::move(owner)), is_mapped_(is_mapped) {
    if (!is_aligned(view_.dtype(), view_.bytes()))
      throw Error(ErrorCode::invalid_argument, "the bytes of " + to_string(dtype()) + " " + shape().to_string() +
                                                   " do not begin at a multiple of " +
                                                   std::to_string(swap_unit_of(dtype())) + "; copy them first");
  }

  // Whether these bytes can be looked at as numbers of that dtype.
  [[nodiscard]] static bool is_aligned(DType dtype, std::span<const std::byte> bytes) noexcept {
    const std::size_t unit = swap_unit_of(dtype);
    return unit < 2 || bytes.empty() || reinterpret_cast<std::uintptr_t>(bytes.data()) % unit == 0;
  }

  // False for a copy in memory.
  [[nodiscard]] bool is_mapped() const noexcept { return is_mapped_; }
  [[nodiscard]] DType dtype() const noexcept { return view_.dtype(); }
  [[nodiscard]] const Shape& shape() const noexcept { return view_.shape(); }
  [[nodiscard]] const TensorView& view() const noexcept { return view_; }
  operator const TensorView&() const noexcept { return view_; }  // NOLINT(google-explicit-constructor): it is one

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return view_.bytes(); }
  [[nodiscard]] std::span<const std::string> strings() const noexcept { return view_.strings(); }
  // The elements, row-major. Throws Error (invalid_argument) when T is not the tensor's dtype: nothing is cast.
  template <Element T>
  [[nodiscard]] std::span<const T> span() const {
    detail::require_dtype<T>(dtype());
    if constexpr (dtype_of<T> == DType::DT_STRING)
      return strings();
    else
      return {reinterpret_cast<const T*>(bytes().data()), bytes().size() / sizeof(T)};
  }

 private:
  TensorView view_;
  std::shared_ptr<const void> owner_;
  bool is_mapped_;
};

}  // namespace cairn
