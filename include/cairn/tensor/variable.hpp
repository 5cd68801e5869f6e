// Variable<T, Extents...>: a tensor with identity, the thing a model is made of and a checkpoint holds.
//
//   struct Model { cairn::Variable<float, 784, 10> weights; cairn::Variable<float, 10> biases; };
//   model.biases.assign_add(update);
//   float first = model.weights(0, 0);
#pragma once

#include "dense_array.hpp"
#include "tensor.hpp"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace cairn {

struct VariableOptions {
  // tf.Variable's name=. It is written into checkpoints as `full_name`, for people; restoring does not look at it.
  std::string name = "Variable";
  bool trainable = true;
};

namespace detail {

struct VariableTraits;  // in variable_traits.hpp

// What is the same in all Variables of one element type: everything but the shape, which is their type. So that a
// compiler makes once what it would make for each shape, and that graph/leaf_types.hpp can see a Variable by its
// element type alone: a Variable begins with this.
template <class T>
class VariableParts {
 public:
  [[nodiscard]] const T* data() const noexcept { return elements_.get(); }
  [[nodiscard]] T* data() noexcept { return elements_.get(); }
  [[nodiscard]] const std::string& name() const noexcept { return options_.name; }
  [[nodiscard]] bool trainable() const noexcept { return options_.trainable; }
  void set_name(std::string name) noexcept { options_.name = std::move(name); }
  void set_trainable(bool trainable) noexcept { options_.trainable = trainable; }
  [[nodiscard]] static constexpr DType dtype() noexcept { return dtype_of<T>; }

  void swap_elements(std::unique_ptr<T[]>& elements) noexcept { std::swap(elements_, elements); }

 protected:
  explicit VariableParts(std::size_t count) : elements_(std::make_unique<T[]>(count)) {}
  VariableParts(std::size_t count, VariableOptions options)
      : elements_(std::make_unique<T[]>(count)), options_(std::move(options)) {}
  VariableParts(const VariableParts& other, std::size_t count) : VariableParts(count, other.options_) {
    std::copy_n(other.data(), count, data());
  }
  VariableParts(VariableParts&&) noexcept = default;
  VariableParts& operator=(VariableParts&&) noexcept = default;
  ~VariableParts() = default;

  std::unique_ptr<T[]> elements_;
  VariableOptions options_;
};

}  // namespace detail

// Owns its elements, on the heap, row-major, zero (or empty strings) at first. A copy is a variable of its own with the
// same values and name; a moved-from variable may only be assigned to or destroyed.
// Reads of one variable may run in parallel; a write needs it alone.
template <class T, std::size_t... Extents>
class Variable : private detail::VariableParts<T> {
  using Parts = detail::VariableParts<T>;

 public:
  static_assert(Element<T>,
                "cairn: a Variable's elements must be numbers, bool, an enum, std::complex, a storage type of cairn "
                "(half, bfloat16, ...) or std::string.");
  using value_type = T;
  using extents_type = detail::Extent<Extents...>;
  using tensor_type = Tensor<T, Extents...>;
  static constexpr std::size_t rank = sizeof...(Extents);

  Variable() : Parts(extents_type::initial_count) {}
  explicit Variable(VariableOptions options) : Parts(extents_type::initial_count, std::move(options)) {}

  // Zeros of that shape. Throws Error (invalid_argument) when the declared extents disagree.
  explicit Variable(const Shape& shape, VariableOptions options = {})
      : Parts(extents_type::declared().count_required(shape), std::move(options)) {
    holder_.set(shape);
  }

  Variable(const tensor_type& initial, VariableOptions options = {})  // NOLINT(google-explicit-constructor)
      : Variable(initial.shape(), std::move(options)) {
    std::copy_n(initial.data(), size(), elements_.get());
  }
  Variable(T initial, VariableOptions options = {})  // NOLINT(google-explicit-constructor)
    requires(sizeof...(Extents) == 0)
      : Variable(Shape{}, std::move(options)) {
    elements_[0] = std::move(initial);
  }
  template <class U = T>  // a template, so that no class template argument deduction goes through here
  Variable(std::initializer_list<std::type_identity_t<U>> initial, VariableOptions options = {})
    requires(sizeof...(Extents) == 1)
      : Variable(tensor_type(initial), std::move(options)) {}
  template <class U = T>
  Variable(std::initializer_list<std::initializer_list<std::type_identity_t<U>>> initial, VariableOptions options = {})
    requires(sizeof...(Extents) == 2)
      : Variable(tensor_type(initial), std::move(options)) {}

  Variable(const Variable& other) : Parts(other, other.size()), holder_(other.holder_) {}
  Variable(Variable&& other) noexcept = default;
  // Values, shape and name become the other's; the memory stays where it is when the element count allows, so pointers
  // to the elements remain good for static shapes.
  Variable& operator=(const Variable& other) {
    if (this == &other) return *this;
    store(other.shape(), other.data());
    options_ = other.options_;
    return *this;
  }
  Variable& operator=(Variable&& other) noexcept = default;
  ~Variable() = default;

  // Copies the values in. A dynamic extent takes the new one; a static one that differs throws Error
  // (invalid_argument), and nothing has changed then. Elsewhere shapes are checked by the compiler.
  Variable& assign(const tensor_type& value) { return store(value.shape(), value.data()); }
  Variable& assign(const Variable& value) { return store(value.shape(), value.data()); }
  Variable& assign(std::initializer_list<T> value)
    requires(sizeof...(Extents) == 1)
  {
    return assign(tensor_type(value));
  }
  Variable& assign(std::initializer_list<std::initializer_list<T>> value)
    requires(sizeof...(Extents) == 2)
  {
    return assign(tensor_type(value));
  }
  Variable& assign(T value)
    requires(sizeof...(Extents) == 0)
  {
    elements_[0] = std::move(value);
    return *this;
  }

  // Element by element; the shapes must agree (Error invalid_argument for dynamic extents that do not).
  Variable& assign_add(const tensor_type& delta)
    requires NumericElement<T>
  {
    return combine(delta, [](T a, T b) { return static_cast<T>(a + b); });
  }
  Variable& assign_sub(const tensor_type& delta)
    requires NumericElement<T>
  {
    return combine(delta, [](T a, T b) { return static_cast<T>(a - b); });
  }

  [[nodiscard]] Shape shape() const { return holder_.get(); }
  using Parts::dtype;
  [[nodiscard]] std::size_t size() const noexcept { return holder_.count(); }
  [[nodiscard]] std::size_t extent(std::size_t axis) const noexcept { return holder_.extent(axis); }

  using Parts::data;
  [[nodiscard]] std::span<const T> span() const noexcept { return {data(), size()}; }
  [[nodiscard]] std::span<T> span() noexcept { return {data(), size()}; }

  template <std::integral... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents))
  [[nodiscard]] const T& operator()(Indices... indices) const noexcept {
    return elements_[detail::flat_index(holder_, indices...)];
  }
  template <std::integral... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents))
  [[nodiscard]] T& operator()(Indices... indices) noexcept {
    return elements_[detail::flat_index(holder_, indices...)];
  }
  [[nodiscard]] const T& operator[](std::size_t index) const noexcept
    requires(sizeof...(Extents) == 1)
  {
    return (*this)(index);
  }
  [[nodiscard]] T& operator[](std::size_t index) noexcept
    requires(sizeof...(Extents) == 1)
  {
    return (*this)(index);
  }

  operator T() const  // NOLINT(google-explicit-constructor): a scalar variable is read like a number
    requires(sizeof...(Extents) == 0)
  {
    return elements_[0];
  }
  // The present value as a tensor of its own: later assignments do not change it.
  [[nodiscard]] tensor_type value() const { return tensor_type(shape(), span()); }

  using Parts::name, Parts::set_name;
  using Parts::set_trainable, Parts::trainable;

  // Exchanges elements and shape, and leaves names where they are: how a restore puts a whole new value in place.
  void swap_elements(Variable& other) noexcept {
    Parts::swap_elements(other.elements_);
    std::swap(holder_, other.holder_);
  }

 private:
  friend struct detail::VariableTraits;
  using Parts::elements_, Parts::options_;

  Variable& store(const Shape& shape, const T* from) {
    if (elements_ == nullptr || static_cast<std::size_t>(shape.num_elements()) != size() || !extents_type::is_static) {
      Variable fresh(shape);
      std::copy_n(from, fresh.size(), fresh.data());
      swap_elements(fresh);
    } else {
      std::copy_n(from, size(), elements_.get());
    }
    return *this;
  }
  template <class Operation>
  Variable& combine(const tensor_type& delta, Operation operation) {
    if constexpr (!extents_type::is_static)
      if (delta.shape() != shape())
        throw Error(ErrorCode::invalid_argument, "a tensor of shape " + delta.shape().to_string() +
                                                     " cannot be added to a variable of shape " + shape().to_string())
            .expecting(shape().to_string(), delta.shape().to_string());
    std::transform(data(), data() + size(), delta.data(), data(), operation);
    return *this;
  }

  [[no_unique_address]] detail::ShapeHolder<extents_type::is_static, extents_type> holder_;
};

template <Element T>
Variable(T) -> Variable<T>;
template <Element T>
Variable(T, VariableOptions) -> Variable<T>;
template <class T, std::size_t... Extents>
Variable(Tensor<T, Extents...>) -> Variable<T, Extents...>;
template <class T, std::size_t... Extents>
Variable(Tensor<T, Extents...>, VariableOptions) -> Variable<T, Extents...>;

template <class T>
inline constexpr bool is_variable = false;
template <class T, std::size_t... Extents>
inline constexpr bool is_variable<Variable<T, Extents...>> = true;

template <class T>
inline constexpr bool is_tensor = false;
template <class T, std::size_t... Extents>
inline constexpr bool is_tensor<Tensor<T, Extents...>> = true;

}  // namespace cairn
