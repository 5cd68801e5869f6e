// Tensor<T, Extents...>: values without identity, what operations return.
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

namespace detail {

// What the gradient tape knows of a gradient beyond its elements, for optimizers. It shares the elements, so that
// whoever writes to them writes to a copy, which has no such note.
struct GradientNote {
  std::shared_ptr<const void> elements;
  // The loss does not depend on the Variable: Python's None.
  bool is_none;
  // Where the gradient is the sum of slices, one for each id that was gathered: the sum of their squares, element by
  // element. Null otherwise.
  std::shared_ptr<const void> squares;
};

struct AnyGradient;  // in ops/gradient_list.hpp

}  // namespace detail

// A copy shares the elements until one of the two is written to, so copying is cheap and a Tensor is a value all the
// same. Two threads may read one Tensor; writing to one needs it to be the thread's own.
template <class T, std::size_t... Extents>
class Tensor {
 public:
  using value_type = T;
  using extents_type = detail::Extent<Extents...>;
  static constexpr std::size_t rank = sizeof...(Extents);
  static_assert(Element<T>,
                "cairn: a Tensor's elements must be numbers, bool, an enum, std::complex, a storage type "
                "of cairn (half, bfloat16, ...) or std::string.");

  Tensor() : Tensor(extents_type::declared().initial_shape()) {}

  // Zeros (empty strings) of that shape. Throws Error (invalid_argument) when the declared extents disagree.
  explicit Tensor(const Shape& shape) {
    elements_ = std::make_shared<T[]>(extents_type::declared().count_required(shape));
    holder_.set(shape);
  }

  // A scalar.
  Tensor(T value)  // NOLINT(google-explicit-constructor): a number is a scalar tensor
    requires(sizeof...(Extents) == 0)
      : Tensor(Shape{}) {
    elements_[0] = std::move(value);
  }

  // The elements in row-major order; their number must be the shape's.
  Tensor(const Shape& shape, std::span<const T> elements) : Tensor(shape) {
    if (elements.size() != size())
      throw Error(ErrorCode::invalid_argument,
                  std::to_string(elements.size()) + " elements cannot fill a tensor of shape " + shape.to_string())
          .expecting(std::to_string(size()) + " elements", std::to_string(elements.size()) + " elements");
    std::copy(elements.begin(), elements.end(), elements_.get());
  }
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

  [[nodiscard]] const T* data() const noexcept { return elements_.get(); }
  [[nodiscard]] T* data() { return own(), elements_.get(); }
  [[nodiscard]] std::span<const T> span() const noexcept { return {data(), size()}; }
  [[nodiscard]] std::span<T> span() { return {data(), size()}; }

  template <std::integral... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents))
  [[nodiscard]] const T& operator()(Indices... indices) const noexcept {
    return elements_.get()[detail::flat_index(holder_, indices...)];
  }
  template <std::integral... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents))
  [[nodiscard]] T& operator()(Indices... indices) {
    return own(), elements_.get()[detail::flat_index(holder_, indices...)];
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

  // The same elements in another shape of as many, shared as by a copy; a tape does not see it (cairn::reshape is the
  // operation). Throws Error (invalid_argument) when the number of elements is another.
  template <std::size_t... Others>
  [[nodiscard]] Tensor<T, Others...> with_shape(const Shape& shape) const {
    if (static_cast<std::size_t>(shape.num_elements()) != size())
      throw Error(ErrorCode::invalid_argument, "a tensor of shape " + this->shape().to_string() +
                                                   " cannot be seen as one of shape " + shape.to_string())
          .expecting(std::to_string(size()) + " elements", std::to_string(shape.num_elements()) + " elements");
    return Tensor<T, Others...>(shape, elements_);
  }

  // Which recorded operation made this value: set and read by the gradient tape, 0 when none did.
  [[nodiscard]] std::uint64_t tape_id() const noexcept { return tape_id_; }
  void set_tape_id(std::uint64_t id) noexcept { tape_id_ = id; }

  // Set by the gradient tape, read by optimizers; null for other tensors, and from the first write on.
  [[nodiscard]] const detail::GradientNote* gradient_note() const noexcept { return note_.get(); }
  void set_gradient_note(bool is_none, std::shared_ptr<const void> squares) {
    note_ = std::make_shared<detail::GradientNote>(detail::GradientNote{elements_, is_none, std::move(squares)});
  }

 private:
  template <class, std::size_t...>
  friend class Tensor;
  friend struct detail::AnyGradient;
  Tensor(const Shape& shape, std::shared_ptr<T[]> elements) : elements_(std::move(elements)) {
    static_cast<void>(extents_type::declared().count_required(shape));
    holder_.set(shape);
  }

  // Before the first write: elements that are shared with a copy become this tensor's own.
  void own() {
    if (elements_.use_count() == 1) return;
    auto mine = std::make_shared<T[]>(size());
    std::copy_n(elements_.get(), size(), mine.get());
    elements_ = std::move(mine);
    note_.reset();
  }

  std::shared_ptr<T[]> elements_;
  [[no_unique_address]] detail::ShapeHolder<extents_type::is_static, extents_type> holder_;
  std::uint64_t tape_id_ = 0;
  std::shared_ptr<const detail::GradientNote> note_;
};

}  // namespace cairn
