// Partitioned: one process's part of a tensor that is too large for one process, or that many compute together.
//
//   cairn::Partitioned<double> pressure{cairn::Shape{nx, ny}, cairn::block_rows(nx, rank, ranks)};
//
//   pressure.shape()           [nx, ny], the same on every rank
//   pressure.boxes()           where this rank's elements lie: Box{{250, 0}, {250, ny}}
//   pressure.span()            this rank's elements, row by row
//   pressure(260, 7)           an element by its index in the whole tensor, which must be one of this rank's
//
// In a checkpoint it is one tensor under one key, however it was divided. TensorFlow restores it into a tf.Variable of
// that shape. Another number of ranks, with other boxes, restores its parts of the tensor, and so does one process.
#pragma once

#include "../core/box.hpp"
#include "../core/element.hpp"
#include "../core/shape.hpp"
#include "../reflect/detail/adapter.hpp"
#include "blocks.hpp"
#include "detail/partitioned_parts.hpp"
#include "detail/partitioned_type.hpp"

#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// A Partitioned is a value; a copy has elements of its own. The elements of a box lie row by row, and the boxes one
// behind the other. All elements of the tensor are here when the boxes cover it: is_whole(). A whole one is saved by
// cairn::Checkpoint, which refuses any other; cairn::mpi::Checkpoint saves it together with the parts of the other
// ranks. A restore gives this rank's elements the values that the checkpoint has for them; the boxes stay. Several
// threads may read one Partitioned; a thread that writes to elements must be the only one that uses them.
template <class T>
class Partitioned : public partition::detail::PartitionedParts {
  using Parts = partition::detail::PartitionedParts;

 public:
  // The type of the elements.
  using value_type = T;
  static_assert(NumericElement<T> && std::is_same_v<T, std::remove_cv_t<T>>,
                "cairn: a Partitioned's elements must be numbers, bool, an enum, std::complex or a storage type of "
                "cairn (half, bfloat16, ...), and not const. Save strings in a std::vector<std::string>.");

  // Has no shape: it can be assigned to, but not be saved.
  Partitioned() noexcept = default;
  // Makes zeros: all elements; those of a band or of a box; those of several boxes, or of none. Throws Error with
  // ErrorCode::invalid_argument when a box does not lie inside the shape, when two of them share elements, or when the
  // shape has no legal number of elements.
  explicit Partitioned(Shape shape) : Parts(dtype(), shape, {bundle::detail::box_of(shape)}) {}
  template <std::same_as<Band> B>  // a template, so that a list in braces is one of boxes
  Partitioned(Shape shape, const B& band) : Parts(dtype(), shape, {band.of(shape)}) {}
  template <std::same_as<Box> B>
  Partitioned(Shape shape, const B& box) : Parts(dtype(), std::move(shape), {box}) {}
  Partitioned(Shape shape, std::vector<Box> boxes) : Parts(dtype(), std::move(shape), std::move(boxes)) {}

  // Returns the dtype of T; it is that of the tensor in the checkpoint.
  [[nodiscard]] static constexpr DType dtype() noexcept { return dtype_of<T>; }

  // Returns the elements of this process: all, or those of one box, counted from 0. A view is valid until the
  // Partitioned is assigned to or ends.
  [[nodiscard]] std::span<const T> span() const noexcept { return {data(), size()}; }
  [[nodiscard]] std::span<T> span() noexcept { return {data(), size()}; }
  [[nodiscard]] std::span<const T> span(std::size_t box) const noexcept {
    return span().subspan(begin_of(box), size_of_box(box));
  }
  [[nodiscard]] std::span<T> span(std::size_t box) noexcept { return span().subspan(begin_of(box), size_of_box(box)); }
  [[nodiscard]] const T* data() const noexcept { return static_cast<const T*>(Parts::data()); }
  [[nodiscard]] T* data() noexcept { return static_cast<T*>(Parts::data()); }

  // Returns true when the element of this index in the whole tensor, one number for each axis, is here.
  template <std::integral... Indices>
  [[nodiscard]] bool contains(Indices... indices) const noexcept {
    return find({static_cast<std::int64_t>(indices)...}) != nowhere;
  }
  // Returns the element of this index in the whole tensor. An element that is not here is an assert. The box is
  // searched for each time: a loop over many elements is faster over span().
  template <std::integral... Indices>
  [[nodiscard]] const T& operator()(Indices... indices) const noexcept {
    return data()[place_of({static_cast<std::int64_t>(indices)...})];
  }
  template <std::integral... Indices>
  [[nodiscard]] T& operator()(Indices... indices) noexcept {
    return data()[place_of({static_cast<std::int64_t>(indices)...})];
  }

 private:
  [[nodiscard]] std::size_t place_of(std::initializer_list<std::int64_t> index) const noexcept {
    const std::size_t place = find(index);
    assert(place != nowhere && "cairn: this process does not have the element of that index");
    return place;
  }
};

template <class T>
inline constexpr bool reflect::detail::joins_as_array<Partitioned<T>> = true;
template <class T>
struct reflect::detail::Adapter<Partitioned<T>> {
  using type = partition::detail::PartitionedType<Partitioned<T>>;
};

}  // namespace CAIRN_NAMESPACE
