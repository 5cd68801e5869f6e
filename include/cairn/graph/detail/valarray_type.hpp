// std::valarray of elements: one tensor of rank 1, which takes the checkpoint's length.
#pragma once

#include "../../core/detail/type_name.hpp"
#include "landings.hpp"
#include "leaf_types.hpp"
#include "object_type.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::graph::detail {

template <class R>
class TypeOf<R, reflect::detail::Kind::valarray> final : public LeafType {
  using T = typename R::value_type;

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<R>(); }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return dtype_of<T>; }
  [[nodiscard]] const LeafType* earlier_form() const noexcept override { return earlier_form_of<R>(); }
  [[nodiscard]] LeafValue value(const void* object) const override {
    const std::span<T> elements = elements_of(*static_cast<R*>(const_cast<void*>(object)));
    return {view_of<T>(Shape{static_cast<std::int64_t>(elements.size())}, elements)};
  }
  [[nodiscard]] bool accepts(const void*, const Shape& shape) const override {
    return shape.rank() == 1 && shape[0] >= 0;
  }
  [[nodiscard]] std::string accepted(const void*) const override { return "[?]"; }
  [[nodiscard]] core::detail::Own<Landing> land(void* object, DType, const Shape& shape) const override {
    R& target = *static_cast<R*>(object);
    const auto size = static_cast<std::size_t>(shape[0]);
    if constexpr (lands_in_place<T>)
      if (target.size() == size) return core::detail::make_own<InPlace>(std::as_writable_bytes(elements_of(target)));
    return core::detail::make_own<Anew>(target, size);
  }

 private:
  [[nodiscard]] static std::span<T> elements_of(R& array) {
    return array.size() == 0 ? std::span<T>() : std::span<T>(&array[0], array.size());
  }

  class Anew final : public IntoElements<T> {
   public:
    Anew(R& target, std::size_t size) : target_(target), fresh_(T(), size) { this->elements_ = elements_of(fresh_); }
    void commit() noexcept override { target_.swap(fresh_); }

   private:
    R& target_;
    R fresh_;
  };
};

}  // namespace CAIRN_NAMESPACE::graph::detail
