// VariableTraits: a Variable's type as data, for code that is compiled once for all Variables.
#pragma once

#include "../variable.hpp"

namespace CAIRN_NAMESPACE::tensor::detail {

struct VariableTraits {
  DType dtype = DT_INVALID;
  DeclaredShape declared = {};
  void* (*make)() = nullptr;
  void (*destroy)(void* variable) noexcept = nullptr;
  // Reads and sets the shape of a Variable with a dynamic extent; null for all others. set_shape leaves the elements.
  Shape (*shape)(const void* variable) = nullptr;
  void (*set_shape)(void* variable, const Shape& shape) noexcept = nullptr;

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
  // Sets the shape. The caller sets elements of that shape before the call or after it.
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

}  // namespace CAIRN_NAMESPACE::tensor::detail
