// MappedTensor: a tensor where it lies in its file. Readers hand it out when no bytes need be copied.
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

namespace CAIRN_NAMESPACE {

// A MappedTensor can only be read, by several threads at the same time. A copy refers to the same memory. The results
// of span(), bytes(), strings() and view() are valid as long as one copy lives: do not call these functions on a
// temporary. The reader that made the tensor may be gone, and so may the file's name.
//
// While a tensor with is_mapped() lives, nobody may shorten the file or write into it (io::ReadableFile::map): a program
// that reads bytes which are gone ends with SIGBUS. cairn itself never does that: it writes new files, renames files and
// removes files.
class MappedTensor {
 public:
  // `owner` keeps the memory alive that `view` looks at. Throws Error with ErrorCode::invalid_argument when
  // is_aligned() is false for the view's bytes.
  MappedTensor(TensorView view, std::shared_ptr<const void> owner, bool is_mapped)
      : view_(std::move(view)), owner_(std::move(owner)), is_mapped_(is_mapped) {
    if (!is_aligned(view_.dtype(), view_.bytes()))
      throw Error(ErrorCode::invalid_argument, "the bytes of " + to_string(dtype()) + " " + shape().to_string() +
                                                   " do not begin at a multiple of " +
                                                   std::to_string(swap_unit_of(dtype())) + "; copy them first");
  }

  // True when `bytes` begin at an address where numbers of that dtype can be read: a multiple of swap_unit_of(dtype).
  [[nodiscard]] static bool is_aligned(DType dtype, std::span<const std::byte> bytes) noexcept {
    const std::size_t unit = swap_unit_of(dtype);
    return unit < 2 || bytes.empty() || reinterpret_cast<std::uintptr_t>(bytes.data()) % unit == 0;
  }

  // True when the bytes are a mapped file's; false when they are a copy in memory.
  [[nodiscard]] bool is_mapped() const noexcept { return is_mapped_; }
  [[nodiscard]] DType dtype() const noexcept { return view_.dtype(); }
  [[nodiscard]] const Shape& shape() const noexcept { return view_.shape(); }
  [[nodiscard]] const TensorView& view() const noexcept { return view_; }
  operator const TensorView&() const noexcept { return view_; }  // NOLINT(google-explicit-constructor): it is one

  // bytes() is empty for DT_STRING, strings() for every other dtype. Both are valid while a copy of this tensor lives.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return view_.bytes(); }
  [[nodiscard]] std::span<const std::string> strings() const noexcept { return view_.strings(); }
  // The elements in row-major order. Throws Error with ErrorCode::invalid_argument when T is not the tensor's dtype:
  // nothing is cast.
  template <Element T>
  [[nodiscard]] std::span<const T> span() const {
    tensor::detail::require_dtype<T>(dtype());
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

}  // namespace CAIRN_NAMESPACE
