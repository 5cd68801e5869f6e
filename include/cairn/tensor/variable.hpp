// Variable<T, Extents...>: a tensor with identity. Models are made of Variables, and checkpoints hold their values.
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

// The part that all Variables of one element type share: everything but the shape. A compiler makes its functions once
// for all shapes. Every Variable begins with this part, so that the leaf types of graph/ can use a Variable by its
// element type alone.
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
class Variable : private tensor::detail::VariableParts<T> {
  using Parts = tensor::detail::VariableParts<T>;

 public:
  static_assert(Element<T>,
                "cairn: a Variable's elements must be numbers, bool, an enum, std::complex, a storage type of cairn "
                "(half, bfloat16, ...) or std::string.");
  using value_type = T;
  using extents_type = tensor::detail::Extent<Extents...>;
  using tensor_type = Tensor<T, Extents...>;
  static constexpr std::size_t rank = sizeof...(Extents);

  // Zeros, or empty strings. A dynamic extent is 0.
  Variable() : Parts(extents_type::initial_count) {}
  explicit Variable(VariableOptions options) : Parts(extents_type::initial_count, std::move(options)) {}

  // Zeros, or empty strings, of shape `shape`. Throws Error with ErrorCode::invalid_argument when the shape does not
  // agree with Extents.
  explicit Variable(const Shape& shape, VariableOptions options = {})
      : Parts(extents_type::declared().count_required(shape), std::move(options)) {
    holder_.set(shape);
  }

  // A Variable with a copy of these elements: of a tensor, a number, a vector or the rows of a matrix. A list throws
  // Error with ErrorCode::invalid_argument when its lengths do not agree with Extents, or when rows differ in length.
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
    elements_[0] = std::move(value);
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

  [[nodiscard]] Shape shape() const { return holder_.get(); }
  using Parts::dtype;
  [[nodiscard]] std::size_t size() const noexcept { return holder_.count(); }
  [[nodiscard]] std::size_t extent(std::size_t axis) const noexcept { return holder_.extent(axis); }

  // The elements in row-major order.
  using Parts::data;
  [[nodiscard]] std::span<const T> span() const noexcept { return {data(), size()}; }
  [[nodiscard]] std::span<T> span() noexcept { return {data(), size()}; }

  // The element at these indices, one for each axis. An index outside the extents is an assert.
  template <std::integral... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents))
  [[nodiscard]] const T& operator()(Indices... indices) const noexcept {
    return elements_[tensor::detail::flat_index(holder_, indices...)];
  }
  template <std::integral... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents))
  [[nodiscard]] T& operator()(Indices... indices) noexcept {
    return elements_[tensor::detail::flat_index(holder_, indices...)];
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
  // A copy of the elements as a Tensor: later writes to the Variable do not change it.
  [[nodiscard]] tensor_type value() const { return tensor_type(shape(), span()); }

  using Parts::name, Parts::set_name;
  using Parts::set_trainable, Parts::trainable;

  // Exchanges elements and shape with `other`; names and trainable() stay. A restore puts a new value in place by it.
  void swap_elements(Variable& other) noexcept {
    Parts::swap_elements(other.elements_);
    std::swap(holder_, other.holder_);
  }

 private:
  friend struct tensor::detail::VariableTraits;
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

}  // namespace cairn
