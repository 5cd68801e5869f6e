// Variable<T, Extents...>: a tensor with identity. Models are made of Variables, and checkpoints hold their values.
//
//   struct Model { cairn::Variable<float, 784, 10> weights; cairn::Variable<float, 10> biases; };
//   model.biases.assign_add(update);
//   float first = model.weights(0, 0);
#pragma once

#include "dense_array.hpp"
#include "detail/elements.hpp"
#include "tensor.hpp"

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE {

// The arguments of tf.Variable that are not its value.
struct VariableOptions {
  // The argument `name` of tf.Variable. A save writes it into the checkpoint as `full_name`, for people to read; a
  // restore does not look at it.
  std::string name = "Variable";
  // False for a Variable that optimizers leave as it is.
  bool trainable = true;
};

namespace tensor::detail {

struct VariableTraits;  // in detail/variable_traits.hpp

// The part that all Variables share: everything but the element type and the shape. Every Variable begins with this
// part, so that code can use a Variable whose dtype it knows without the Variable's type.
class VariableParts {
 public:
  [[nodiscard]] const std::string& name() const noexcept { return options_.name; }
  [[nodiscard]] bool trainable() const noexcept { return options_.trainable; }
  void set_name(std::string name) noexcept { options_.name = std::move(name); }
  void set_trainable(bool trainable) noexcept { options_.trainable = trainable; }

  // A Variable has them alone. They are null when it was moved from.
  [[nodiscard]] const Elements& elements() const noexcept { return elements_; }
  void swap_elements(Elements& elements) noexcept { elements_.swap(elements); }

 protected:
  explicit VariableParts(Elements elements) noexcept : elements_(std::move(elements)) {}
  VariableParts(Elements elements, VariableOptions options) noexcept
      : elements_(std::move(elements)), options_(std::move(options)) {}
  VariableParts(VariableParts&&) noexcept = default;
  VariableParts& operator=(VariableParts&&) noexcept = default;
  ~VariableParts() = default;

  Elements elements_;
  VariableOptions options_;
};

}  // namespace tensor::detail

// A Variable owns its elements, which are on the heap and row-major; without an initial value they are zeros, or empty
// strings. A copy is a Variable of its own, with the same elements, name and trainable(). A Variable that was moved
// from may only be assigned to or destroyed. Several threads may read one Variable; a thread that writes to one,
// restores included, must have it alone.
//
// Braces hold elements and parentheses a shape, as for std::vector:
//
//   Variable<float, dynamic> one{3};             // one element, 3.0
//   Variable<float, dynamic> three(Shape{3});    // three zeros
template <class T, std::size_t... Extents>
class Variable : private tensor::detail::VariableParts {
  using Parts = tensor::detail::VariableParts;
  using Elements = tensor::detail::Elements;

 public:
  static_assert(Element<T>,
                "cairn: a Variable's elements must be numbers, bool, an enum, std::complex, a storage type of cairn "
                "(half, bfloat16, ...) or std::string.");
  // The element type; the extents as a type, with cairn::dynamic; the type of value(); the number of axes.
  using value_type = T;
  using extents_type = tensor::detail::Extent<Extents...>;
  using tensor_type = Tensor<T, Extents...>;
  static constexpr std::size_t rank = sizeof...(Extents);

  // Zeros, or empty strings. A dynamic extent is 0.
  Variable() : Parts(Elements(dtype(), extents_type::initial_count)) {}
  explicit Variable(VariableOptions options)
      : Parts(Elements(dtype(), extents_type::initial_count), std::move(options)) {}

  // Zeros, or empty strings, of shape `shape`. Throws Error with ErrorCode::invalid_argument when the shape does not
  // agree with Extents.
  explicit Variable(const Shape& shape, VariableOptions options = {})
      : Parts(Elements(dtype(), extents_type::declared().count_required(shape)), std::move(options)) {
    holder_.set(shape);
  }

  // A Variable with a copy of these elements: of a tensor, a number, a vector or the rows of a matrix. A list throws
  // Error with ErrorCode::invalid_argument when its lengths do not agree with Extents, or when rows differ in length.
  Variable(const tensor_type& initial, VariableOptions options = {})  // NOLINT(google-explicit-constructor)
      : Variable(initial.shape(), std::move(options)) {
    elements_.assign(initial.data());
  }
  Variable(T initial, VariableOptions options = {})  // NOLINT(google-explicit-constructor)
    requires(sizeof...(Extents) == 0)
      : Variable(Shape{}, std::move(options)) {
    *data() = std::move(initial);
  }
  template <class U = T>  // a template, so that no class template argument deduction goes through here
  Variable(std::initializer_list<std::type_identity_t<U>> initial, VariableOptions options = {})
    requires(sizeof...(Extents) == 1)
      : Variable(tensor_type(initial), std::move(options)) {}
  template <class U = T>
  Variable(std::initializer_list<std::initializer_list<std::type_identity_t<U>>> initial, VariableOptions options = {})
    requires(sizeof...(Extents) == 2)
      : Variable(tensor_type(initial), std::move(options)) {}

  // Copies the elements, the shape, the name and trainable().
  Variable(const Variable& other)
      : Parts(Elements::copy_of(dtype(), other.size(), other.data()), other.options_), holder_(other.holder_) {}
  Variable(Variable&& other) noexcept = default;
  // Copies the elements, the shape, the name and trainable(). With static extents the elements stay where they are in
  // memory, and pointers to them stay valid; with a dynamic extent they are allocated anew.
  Variable& operator=(const Variable& other) {
    if (this == &other) return *this;
    store(other.shape(), other.data());
    options_ = other.options_;
    return *this;
  }
  Variable& operator=(Variable&& other) noexcept = default;
  ~Variable() = default;

  // Copies the elements of `value`; the name and trainable() stay. A dynamic extent becomes that of `value`. The
  // compiler checks static shapes. A list whose lengths do not agree with Extents throws Error with
  // ErrorCode::invalid_argument, and the Variable is unchanged then.
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
    *data() = std::move(value);
    return *this;
  }

  // Adds `delta` to the elements, or subtracts it, element by element. There is no broadcast: dynamic extents that
  // differ throw Error with ErrorCode::invalid_argument, and the Variable is unchanged then.
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

  // The shape at present, the number of elements, and one extent: `axis` must be below rank.
  [[nodiscard]] Shape shape() const { return tensor::detail::shape_of(extents()); }
  [[nodiscard]] static constexpr DType dtype() noexcept { return dtype_of<T>; }
  [[nodiscard]] std::size_t size() const noexcept { return holder_.count(); }
  [[nodiscard]] std::size_t extent(std::size_t axis) const noexcept { return extents()[axis]; }
  [[nodiscard]] std::span<const std::size_t> extents() const noexcept { return holder_.extents(); }

  // The elements in row-major order.
  [[nodiscard]] const T* data() const noexcept { return elements_.as<T>(); }
  [[nodiscard]] T* data() noexcept { return elements_.as<T>(); }
  [[nodiscard]] std::span<const T> span() const noexcept { return {data(), size()}; }
  [[nodiscard]] std::span<T> span() noexcept { return {data(), size()}; }

  // The element at these indices, one for each axis. An index outside the extents is an assert.
  template <std::integral... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents))
  [[nodiscard]] const T& operator()(Indices... indices) const noexcept {
    return data()[tensor::detail::flat_index(extents(), indices...)];
  }
  template <std::integral... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents))
  [[nodiscard]] T& operator()(Indices... indices) noexcept {
    return data()[tensor::detail::flat_index(extents(), indices...)];
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

  // Converts a scalar to its element.
  operator T() const  // NOLINT(google-explicit-constructor): a scalar variable is read like a number
    requires(sizeof...(Extents) == 0)
  {
    return *data();
  }
  // A copy of the elements as a Tensor: later writes to the Variable do not change it.
  [[nodiscard]] tensor_type value() const { return tensor_type(shape(), span()); }

  // The values of VariableOptions, which may be changed at any time.
  using Parts::name, Parts::set_name;
  using Parts::set_trainable, Parts::trainable;

  // Exchanges elements and shape with `other`; names and trainable() stay. Pointers to elements lead to the other
  // Variable then. A restore puts a new value in place by this function.
  void swap_elements(Variable& other) noexcept {
    Parts::swap_elements(other.elements_);
    std::swap(holder_, other.holder_);
  }

 private:
  friend struct tensor::detail::VariableTraits;
  using Parts::elements_, Parts::options_;

  Variable& store(const Shape& shape, const T* from) {
    if (elements_.is_null() || !extents_type::is_static) {
      Variable fresh(shape);
      fresh.elements_.assign(from);
      swap_elements(fresh);
    } else {
      elements_.assign(from);
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
    T* const to = data();
    const T* const from = delta.data();
    for (std::size_t i = 0, count = size(); i < count; ++i) to[i] = operation(to[i], from[i]);
    return *this;
  }

  [[no_unique_address]] tensor::detail::ShapeHolder<extents_type::is_static, extents_type> holder_;
};

template <Element T>
Variable(T) -> Variable<T>;
template <Element T>
Variable(T, VariableOptions) -> Variable<T>;
template <class T, std::size_t... Extents>
Variable(Tensor<T, Extents...>) -> Variable<T, Extents...>;
template <class T, std::size_t... Extents>
Variable(Tensor<T, Extents...>, VariableOptions) -> Variable<T, Extents...>;

// True for a type Variable<T, Extents...>, and is_tensor for a type Tensor<T, Extents...>.
template <class T>
inline constexpr bool is_variable = false;
template <class T, std::size_t... Extents>
inline constexpr bool is_variable<Variable<T, Extents...>> = true;
template <class T>
inline constexpr bool is_tensor = false;
template <class T, std::size_t... Extents>
inline constexpr bool is_tensor<Tensor<T, Extents...>> = true;

}  // namespace CAIRN_NAMESPACE
