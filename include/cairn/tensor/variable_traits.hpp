// VariableTraits: what code that is compiled once has to know of a Variable's type, as data.
#pragma once

#include "variable.hpp"

namespace cairn::detail {

struct VariableTraits {
  DType dtype = DT_INVALID;
  DeclaredShape declared = {};
  void* (*make)() = nullptr;
  void (*destroy)(void* variable) noexcept = nullptr;
  // Of one with a dynamic extent; null for all others.
  Shape (*shape)(const void* variable) = nullptr;
  void (*set_shape)(void* variable, const Shape& shape) noexcept = nullptr;  // the elements are another's affair

  template <class V>
  [[nodiscard]] static constexpr VariableTraits of() noexcept {
    VariableTraits traits{V::dtype(), V::extents_type::declared(), &make_one<V>, &destroy_one<V>};
    if constexpr (!V::extents_type::is_static) {
      traits.shape = &shape_of_one<V>;
      traits.set_shape = &set_shape_of_one<V>;
    }
    return traits;
  }

  [[nodiscard]] Shape shape_of(const void* variable) const {
    return shape == nullptr ? declared.initial_shape() : shape(variable);
  }
  // Elements that fit to the shape are there, or come next.
  void reshape(void* variable, const Shape& to) const noexcept {
    if (set_shape != nullptr) set_shape(variable, to);
  }

 private:
  template <class V>
  [[nodiscard]] static void* make_one() {
    return new V();
  }
  template <class V>
  static void destroy_one(void* variable) noexcept {
    delete static_cast<V*>(variable);
  }
  template <class V>
  [[nodiscard]] static Shape shape_of_one(const void* variable) {
    return static_cast<const V*>(variable)->shape();
  }
  template <class V>
  static void set_shape_of_one(void* variable, const Shape& to) noexcept {
    static_cast<V*>(variable)->holder_.set(to);
  }
};

}  // namespace cairn::detail
