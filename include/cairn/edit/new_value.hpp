// NewValue: the value that an editor's functions take: a number, a text, a range of them, or any tensor.
#pragma once

#include "../core/element.hpp"
#include "../tensor/any_tensor.hpp"
#include "../tensor/tensor.hpp"
#include "../tensor/tensor_view.hpp"
#include "../tensor/variable.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// A copy of the value that it is made from. A number or a text becomes a scalar, a range gets one axis, a tensor keeps
// its shape.
class NewValue {  // NOLINTBEGIN(google-explicit-constructor): editor.set("step", 7)
 public:
  // Each copies its argument. Element is any C++ type that has a dtype (core/element.hpp).
  template <Element T>
    requires(!std::same_as<T, std::string>)
  NewValue(T value) : tensor_(Shape{}, std::span<const T>(&value, 1)) {}
  NewValue(std::string text) : tensor_(Shape{}, std::vector<std::string>{std::move(text)}) {}
  NewValue(std::string_view text) : NewValue(std::string(text)) {}
  NewValue(const char* text) : NewValue(std::string(text)) {}
  template <Element T>
  NewValue(std::initializer_list<T> elements) : NewValue(std::vector<T>(elements)) {}
  template <std::ranges::contiguous_range Range>
    requires(Element<std::ranges::range_value_t<Range>> && !std::convertible_to<Range, std::string_view>)
  NewValue(const Range& elements)
      : tensor_(Shape{static_cast<std::int64_t>(std::ranges::size(elements))},
                std::span<const std::ranges::range_value_t<Range>>(elements)),
        is_range_(true) {}
  template <class T, std::size_t... Extents>
  NewValue(const Tensor<T, Extents...>& tensor) : tensor_(tensor) {}
  template <class T, std::size_t... Extents>
  NewValue(const Variable<T, Extents...>& variable) : tensor_(variable) {}
  NewValue(AnyTensor tensor) : tensor_(std::move(tensor)) {}
  NewValue(const TensorView& view) : tensor_(view) {}
  // NOLINTEND(google-explicit-constructor)

  // Returns the value as a tensor.
  [[nodiscard]] const AnyTensor& tensor() const& noexcept { return tensor_; }
  [[nodiscard]] AnyTensor tensor() && { return std::move(tensor_); }
  // Returns true for a value that was made from a range: its shape says only how many elements there are.
  [[nodiscard]] bool is_range() const noexcept { return is_range_; }

 private:
  AnyTensor tensor_;
  bool is_range_ = false;
};

}  // namespace CAIRN_NAMESPACE
