// Tensor<T, Extents...>: a value without identity. Operations take Tensors and return Tensors.
//
//   const auto x = cairn::random::normal<float, 10, 784>();   // Tensor<float, 10, 784>
//   float first = x(0, 0);
#pragma once

#include "dense_array.hpp"
#include "detail/elements.hpp"
#include "tensor_view.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE {

namespace tensor::detail {

// A note that the gradient tape attaches to a gradient, for optimizers. The first write to the tensor drops it.
struct GradientNote {
  // True when the loss does not depend on the Variable; Python has None as its gradient.
  bool is_none = false;
  // The sum of the slices' squares, element by element, where the gradient is the sum of slices: one slice for each id
  // that was gathered. Null for other gradients.
  Elements squares = {};
};

// The part that all Tensors share: everything but the element type and the shape.
class TensorParts {
 public:
  // The number of the recorded operation that made this value; 0 when no operation was recorded. The gradient tape sets
  // and reads it.
  [[nodiscard]] std::uint64_t tape_id() const noexcept { return tape_id_; }
  void set_tape_id(std::uint64_t id) noexcept { tape_id_ = id; }

  // The note that the gradient tape set, for optimizers. It is null for a tensor that is no gradient, and after the
  // first non-const access to the elements.
  [[nodiscard]] const GradientNote* gradient_note() const noexcept {
    return note_.is_none || !note_.squares.is_null() ? &note_ : nullptr;
  }
  void set_gradient_note(GradientNote note) noexcept { note_ = std::move(note); }

  // The elements, for an operation that keeps them.
  [[nodiscard]] const Elements& elements() const noexcept { return elements_; }

 protected:
  explicit TensorParts(Elements elements) noexcept : elements_(std::move(elements)) {}
  TensorParts(const TensorParts&) noexcept = default;
  TensorParts(TensorParts&&) noexcept = default;
  TensorParts& operator=(const TensorParts&) noexcept = default;
  TensorParts& operator=(TensorParts&&) noexcept = default;
  ~TensorParts() = default;

  // Makes elements that are shared with a copy this tensor's own, and returns them. It is called before every write.
  [[nodiscard]] void* own(DType dtype) {
    if (elements_.is_shared()) elements_ = Elements::copy_of(dtype, elements_.size(), elements_.data());
    if (gradient_note() != nullptr) note_ = {};
    return elements_.data();
  }

 private:
  Elements elements_;
  std::uint64_t tape_id_ = 0;
  GradientNote note_;
};

// Throws Error with ErrorCode::invalid_argument unless there are as many elements as the shape has.
inline void require_elements(std::size_t found, const Shape& shape) {
  const auto wanted = static_cast<std::size_t>(shape.num_elements());
  if (found != wanted)
    throw Error(ErrorCode::invalid_argument,
                std::to_string(found) + " elements cannot fill a tensor of shape " + shape.to_string())
        .expecting(std::to_string(wanted) + " elements", std::to_string(found) + " elements");
}
// Throws Error with ErrorCode::invalid_argument unless a tensor of these extents has as many elements as `shape`.
inline void require_same_count(std::span<const std::size_t> extents, const Shape& shape) {
  const Shape from = shape_of(extents);
  if (shape.num_elements() != from.num_elements())
    throw Error(ErrorCode::invalid_argument,
                "a tensor of shape " + from.to_string() + " cannot be seen as one of shape " + shape.to_string())
        .expecting(std::to_string(from.num_elements()) + " elements",
                   std::to_string(shape.num_elements()) + " elements");
}
// Throws Error with ErrorCode::invalid_argument unless a row of a matrix is as long as the first one.
inline void require_row(std::size_t found, std::size_t wanted) {
  if (found != wanted)
    throw Error(ErrorCode::invalid_argument, "the rows of a matrix must all have the same length")
        .expecting(std::to_string(wanted), std::to_string(found));
}

}  // namespace tensor::detail

// A Tensor is a value: a write to one copy does not change another. A copy is cheap, because copies share the elements;
// the first non-const access to the elements of a Tensor that shares them copies them. A Tensor that was moved from may
// only be assigned to or destroyed. Several threads may read one Tensor; a thread that writes to one must have it
// alone.
template <class T, std::size_t... Extents>
class Tensor : public tensor::detail::TensorParts {
  using Parts = tensor::detail::TensorParts;

 public:
  // The element type; the extents as a type, with cairn::dynamic; the number of axes.
  using value_type = T;
  using extents_type = tensor::detail::Extent<Extents...>;
  static constexpr std::size_t rank = sizeof...(Extents);
  static_assert(Element<T>,
                "cairn: a Tensor's elements must be numbers, bool, an enum, std::complex, a storage type "
                "of cairn (half, bfloat16, ...) or std::string.");

  // Zeros, or empty strings. A dynamic extent is 0.
  Tensor() : Parts({dtype(), extents_type::initial_count}) {}

  // Zeros, or empty strings, of shape `shape`. Throws Error with ErrorCode::invalid_argument when the shape does not
  // agree with Extents.
  explicit Tensor(const Shape& shape) : Parts({dtype(), extents_type::declared().count_required(shape)}) {
    holder_.set(shape);
  }

  // A scalar with this value.
  Tensor(T value)  // NOLINT(google-explicit-constructor): a number is a scalar tensor
    requires(sizeof...(Extents) == 0)
      : Tensor() {
    *data() = std::move(value);
  }

  // Copies the elements, which are in row-major order. Throws Error with ErrorCode::invalid_argument when their number
  // is not that of the shape, or when the shape does not agree with Extents.
  Tensor(const Shape& shape, std::span<const T> elements) : Tensor(shape) {
    tensor::detail::require_elements(elements.size(), shape);
    this->elements().assign(elements.data());
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
    T* out = data();
    for (const auto& row : rows) {
      tensor::detail::require_row(row.size(), extent(1));
      for (const T& element : row) *out++ = element;
    }
  }

  // The shape at present, the number of elements, and one extent: `axis` must be below rank.
  [[nodiscard]] Shape shape() const { return tensor::detail::shape_of(extents()); }
  [[nodiscard]] static constexpr DType dtype() noexcept { return dtype_of<T>; }
  [[nodiscard]] std::size_t size() const noexcept { return holder_.count(); }
  [[nodiscard]] std::size_t extent(std::size_t axis) const noexcept { return extents()[axis]; }
  [[nodiscard]] std::span<const std::size_t> extents() const noexcept { return holder_.extents(); }

  // The elements in row-major order. The non-const forms of data(), span(), operator() and operator[] make elements
  // that are shared with a copy this tensor's own: they copy all elements and may throw std::bad_alloc. Pointers that
  // were taken before then refer to the copy's elements. Call them on a const Tensor to read without a copy.
  [[nodiscard]] const T* data() const noexcept { return elements().template as<T>(); }
  [[nodiscard]] T* data() { return static_cast<T*>(own(dtype())); }
  [[nodiscard]] std::span<const T> span() const noexcept { return {data(), size()}; }
  [[nodiscard]] std::span<T> span() { return {data(), size()}; }

  // The element at these indices, one for each axis. An index outside the extents is an assert.
  template <std::integral... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents))
  [[nodiscard]] const T& operator()(Indices... indices) const noexcept {
    return data()[tensor::detail::flat_index(extents(), indices...)];
  }
  template <std::integral... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents))
  [[nodiscard]] T& operator()(Indices... indices) {
    return data()[tensor::detail::flat_index(extents(), indices...)];
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

  // Converts a scalar to its element.
  operator T() const  // NOLINT(google-explicit-constructor): a scalar tensor is a number
    requires(sizeof...(Extents) == 0)
  {
    return *data();
  }

  // A tensor of another shape that shares the elements, as a copy does. A gradient tape does not record it; the
  // operation is cairn::reshape. Throws Error with ErrorCode::invalid_argument when `shape` has another number of
  // elements, or does not agree with Others.
  template <std::size_t... Others>
  [[nodiscard]] Tensor<T, Others...> with_shape(const Shape& shape) const {
    tensor::detail::require_same_count(extents(), shape);
    return Tensor<T, Others...>(elements(), shape);
  }

  // For operations: these elements, of which the shape has as many, in a tensor. Throws Error with
  // ErrorCode::invalid_argument when the shape does not agree with Extents.
  Tensor(tensor::detail::Elements elements, const Shape& shape) : Parts(std::move(elements)) {
    static_cast<void>(extents_type::declared().count_required(shape));
    holder_.set(shape);
  }

 private:
  [[no_unique_address]] tensor::detail::ShapeHolder<extents_type::is_static, extents_type> holder_;
};

}  // namespace CAIRN_NAMESPACE
