// Tensor<T, Extents...>: a value without identity. Operations take Tensors and return Tensors.
//
//   const auto x = cairn::random::normal<float, 10, 784>();   // Tensor<float, 10, 784>
//   float first = x(0, 0);
#pragma once

#include "dense_array.hpp"
#include "tensor_view.hpp"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <type_traits>
#include <utility>

namespace cairn {

namespace ops::detail {
struct AnyGradient;  // in ops/gradient_list.hpp
}

namespace tensor::detail {

// A note that the gradient tape attaches to a gradient, for optimizers. The note shares the elements: therefore the
// first write to the tensor makes a copy of the elements, and that copy has no note.
struct GradientNote {
  std::shared_ptr<const void> elements;
  // True when the loss does not depend on the Variable; Python has None as its gradient.
  bool is_none;
  // The sum of the slices' squares, element by element, where the gradient is the sum of slices: one slice for each id
  // that was gathered. Null for other gradients.
  std::shared_ptr<const void> squares;
};

}  // namespace tensor::detail

// A Tensor is a value: a write to one copy does not change another. A copy is cheap, because copies share the elements;
// the first non-const access to the elements of a Tensor that shares them copies them. A Tensor that was moved from may
// only be assigned to or destroyed. Several threads may read one Tensor; a thread that writes to one must have it
// alone.
template <class T, std::size_t... Extents>
class Tensor {
 public:
  using value_type = T;
  using extents_type = tensor::detail::Extent<Extents...>;
  static constexpr std::size_t rank = sizeof...(Extents);
  static_assert(Element<T>,
                "cairn: a Tensor's elements must be numbers, bool, an enum, std::complex, a storage type "
                "of cairn (half, bfloat16, ...) or std::string.");

  // Zeros, or empty strings. A dynamic extent is 0.
  Tensor() : Tensor(extents_type::declared().initial_shape()) {}

  // Zeros, or empty strings, of shape `shape`. Throws Error with ErrorCode::invalid_argument when the shape does not
  // agree with Extents.
  explicit Tensor(const Shape& shape) {
    elements_ = std::make_shared<T[]>(extents_type::declared().count_required(shape));
    holder_.set(shape);
  }

  // A scalar with this value.
  Tensor(T value)  // NOLINT(google-explicit-constructor): a number is a scalar tensor
    requires(sizeof...(Extents) == 0)
      : Tensor(Shape{}) {
    elements_[0] = std::move(value);
  }

  // Copies the elements, which are in row-major order. Throws Error with ErrorCode::invalid_argument when their number
  // is not that of the shape, or when the shape does not agree with Extents.
  Tensor(const Shape& shape, std::span<const T> elements) : Tensor(shape) {
    if (elements.size() != size())
      throw Error(ErrorCode::invalid_argument,
                  std::to_string(elements.size()) + " elements cannot fill a tensor of shape " + shape.to_string())
          .expecting(std::to_string(size()) + " elements", std::to_string(elements.size()) + " elements");
    std::copy(elements.begin(), elements.end(), elements_.get());
  }
  // A vector of these elements, and below a matrix of these rows: Tensor<int, 2, 3> t{{1, 2, 3}, {4, 5, 6}}. Throws
  // Error with ErrorCode::invalid_argument when the lengths do not agree with Extents, or when the rows differ in
  // length.
  template <class U = T>  // a template, so that no class template argument deduction goes through here
  Tensor(std::initializer_list<std::type_identity_t<U>> elements)
    requires(sizeof...(Extents) == 1)
      : Tensor(Shape{static_cast<std::int64_t>(elements.size())},
               std::span<const T>(elements.begin(), elements.size())) {}
  template <class U = T>
  Tensor(std::initializer_list<std::initializer_list<std::type_identity_t<U>>> rows)
    requires(sizeof...(Extents) == 2)
      : Tensor(Shape{static_cast<std::int64_t>(rows.size()),
                     static_cast<std::int64_t>(rows.size() == 0 ? 0 : rows.begin()->size())}) {
    T* out = elements_.get();
    for (const auto& row : rows) {
      if (row.size() != holder_.extent(1))
        throw Error(ErrorCode::invalid_argument, "the rows of a matrix must all have the same length")
            .expecting(std::to_string(holder_.extent(1)), std::to_string(row.size()));
      out = std::copy(row.begin(), row.end(), out);
    }
  }

  [[nodiscard]] Shape shape() const { return holder_.get(); }
  [[nodiscard]] static constexpr DType dtype() noexcept { return dtype_of<T>; }
  [[nodiscard]] std::size_t size() const noexcept { return holder_.count(); }
  [[nodiscard]] std::size_t extent(std::size_t axis) const noexcept { return holder_.extent(axis); }

  // The elements in row-major order. The non-const forms of data(), span(), operator() and operator[] make elements
  // that are shared with a copy this tensor's own: they copy all elements and may throw std::bad_alloc. Pointers that
  // were taken before then refer to the copy's elements. Call them on a const Tensor to read without a copy.
  [[nodiscard]] const T* data() const noexcept { return elements_.get(); }
  [[nodiscard]] T* data() { return own(), elements_.get(); }
  [[nodiscard]] std::span<const T> span() const noexcept { return {data(), size()}; }
  [[nodiscard]] std::span<T> span() { return {data(), size()}; }

  // The element at these indices, one for each axis. An index outside the extents is an assert.
  template <std::integral... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents))
  [[nodiscard]] const T& operator()(Indices... indices) const noexcept {
    return elements_.get()[tensor::detail::flat_index(holder_, indices...)];
  }
  template <std::integral... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents))
  [[nodiscard]] T& operator()(Indices... indices) {
    return own(), elements_.get()[tensor::detail::flat_index(holder_, indices...)];
  }
  [[nodiscard]] const T& operator[](std::size_t index) const noexcept
    requires(sizeof...(Extents) == 1)
  {
    return (*this)(index);
  }
  [[nodiscard]] T& operator[](std::size_t index)
    requires(sizeof...(Extents) == 1)
  {
    return (*this)(index);
  }

  operator T() const  // NOLINT(google-explicit-constructor): a scalar tensor is a number
    requires(sizeof...(Extents) == 0)
  {
    return elements_[0];
  }

  // A tensor of another shape that shares the elements, as a copy does. A gradient tape does not record it; the
  // operation is cairn::reshape. Throws Error with ErrorCode::invalid_argument when `shape` has another number of
  // elements, or does not agree with Others.
  template <std::size_t... Others>
  [[nodiscard]] Tensor<T, Others...> with_shape(const Shape& shape) const {
    if (static_cast<std::size_t>(shape.num_elements()) != size())
      throw Error(ErrorCode::invalid_argument, "a tensor of shape " + this->shape().to_string() +
                                                   " cannot be seen as one of shape " + shape.to_string())
          .expecting(std::to_string(size()) + " elements", std::to_string(shape.num_elements()) + " elements");
    return Tensor<T, Others...>(shape, elements_);
  }

  // The number of the recorded operation that made this value; 0 when no operation was recorded. The gradient tape sets
  // and reads it.
  [[nodiscard]] std::uint64_t tape_id() const noexcept { return tape_id_; }
  void set_tape_id(std::uint64_t id) noexcept { tape_id_ = id; }

  // The note that the gradient tape set, for optimizers. It is null for a tensor that is no gradient, and after the
  // first non-const access to the elements.
  [[nodiscard]] const tensor::detail::GradientNote* gradient_note() const noexcept { return note_.get(); }
  void set_gradient_note(bool is_none, std::shared_ptr<const void> squares) {
    note_ = std::make_shared<tensor::detail::GradientNote>(
        tensor::detail::GradientNote{elements_, is_none, std::move(squares)});
  }

 private:
  template <class, std::size_t...>
  friend class Tensor;
  friend struct ops::detail::AnyGradient;
  Tensor(const Shape& shape, std::shared_ptr<T[]> elements) : elements_(std::move(elements)) {
    static_cast<void>(extents_type::declared().count_required(shape));
    holder_.set(shape);
  }

  // Makes elements that are shared with a copy this tensor's own. It is called before every write.
  void own() {
    if (elements_.use_count() == 1) return;
    auto mine = std::make_shared<T[]>(size());
    std::copy_n(elements_.get(), size(), mine.get());
    elements_ = std::move(mine);
    note_.reset();
  }

  std::shared_ptr<T[]> elements_;
  [[no_unique_address]] tensor::detail::ShapeHolder<extents_type::is_static, extents_type> holder_;
  std::uint64_t tape_id_ = 0;
  std::shared_ptr<const tensor::detail::GradientNote> note_;
};

}  // namespace cairn
