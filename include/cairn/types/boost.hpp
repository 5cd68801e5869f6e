// Boost's arrays as members of a state: those of Boost.MultiArray, and the matrices and vectors of Boost.uBLAS.
//
//   boost::multi_array, multi_array_ref               [extents...], in any storage order, from any index bases on; a
//                                                     multi_array_ref is not resized
//   ublas::matrix, bounded_matrix                     [rows, columns], row_major or column_major
//   ublas::vector, bounded_vector                     [size]
//
// A multi_array that takes another shape keeps its storage order and index bases. Boost's assignment of a multi_array
// needs equal shapes. A class that cereal archives is restored by its assignment: give such a class an assignment that
// resizes first.
#pragma once

#include "array_interface.hpp"
#include "detail/array_type.hpp"

#include <boost/multi_array.hpp>
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/vector.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>

namespace CAIRN_NAMESPACE {
namespace types::detail {

// A multi_array or multi_array_ref.
template <class A>
struct BoostMultiArray {
  using value_type = typename A::element;
  static constexpr std::size_t rank = A::dimensionality;
  static constexpr auto extents = any_extents<rank>;

  [[nodiscard]] static ArrayLayout layout(const A& array) {
    ArrayLayout layout;
    std::int64_t first = 0;
    for (std::size_t axis = 0; axis < rank; ++axis) {
      layout.shape.push_back(static_cast<std::int64_t>(array.shape()[axis]));
      layout.strides.push_back(array.strides()[axis] * static_cast<std::int64_t>(sizeof(value_type)));
      first += array.index_bases()[axis] * array.strides()[axis];
    }
    layout.data = array.origin() + first;
    return layout;
  }
};

template <class A>
concept ContiguousStorage = requires(const A& array) {
  { std::to_address(array.begin()) } -> std::same_as<const typename A::value_type*>;
};

// The elements that fit into a storage of uBLAS.
template <class Storage>
inline constexpr auto ublas_room = static_cast<std::int64_t>(dynamic);
template <class T, std::size_t size, class Allocator>
inline constexpr auto ublas_room<boost::numeric::ublas::bounded_array<T, size, Allocator>> =
    static_cast<std::int64_t>(size);

template <class A>
struct UblasArray {
  using value_type = typename A::value_type;
  using Storage = typename A::array_type;

  static void replace(A& present, A& made) noexcept { present.swap(made); }

 protected:
  static void require_room(const Shape& shape) {
    constexpr std::int64_t room = ublas_room<Storage>;
    if (room >= 0 && shape.num_elements() > room) refuse_beyond_room<A>(shape);
  }
};

template <class A>
struct UblasMatrix : UblasArray<A> {
  static constexpr auto extents = any_extents<2>;
  [[nodiscard]] static ArrayLayout layout(const A& matrix) {
    constexpr auto bytes = static_cast<std::int64_t>(sizeof(typename A::value_type));
    const auto rows = static_cast<std::int64_t>(matrix.size1()), columns = static_cast<std::int64_t>(matrix.size2());
    const void* const data = std::to_address(matrix.data().begin());
    if constexpr (std::same_as<typename A::orientation_category, boost::numeric::ublas::column_major_tag>)
      return {data, {rows, columns}, {bytes, rows * bytes}};
    else
      return {data, {rows, columns}};
  }
  [[nodiscard]] static A make(const Shape& shape) {
    UblasArray<A>::require_room(shape);
    return A(static_cast<std::size_t>(shape[0]), static_cast<std::size_t>(shape[1]));
  }
};

template <class A>
struct UblasVector : UblasArray<A> {
  static constexpr auto extents = any_extents<1>;
  [[nodiscard]] static ArrayLayout layout(const A& vector) {
    return {std::to_address(vector.data().begin()), {static_cast<std::int64_t>(vector.size())}};
  }
  [[nodiscard]] static A make(const Shape& shape) {
    UblasArray<A>::require_room(shape);
    return A(static_cast<std::size_t>(shape[0]));
  }
};

}  // namespace types::detail

template <NumericElement T, std::size_t rank>
  requires(!std::is_const_v<T>)
struct ArrayInterface<boost::multi_array_ref<T, rank>>
    : types::detail::BoostMultiArray<boost::multi_array_ref<T, rank>> {};

template <NumericElement T, std::size_t rank>
struct ArrayInterface<boost::multi_array<T, rank, std::allocator<T>>>
    : types::detail::BoostMultiArray<boost::multi_array<T, rank, std::allocator<T>>> {
  using Array = boost::multi_array<T, rank, std::allocator<T>>;

  [[nodiscard]] static Array make(const Array& present, const Shape& shape) {
    boost::detail::multi_array::extent_gen<rank> ranges;
    for (std::size_t axis = 0; axis < rank; ++axis) {
      const auto begin = present.index_bases()[axis];
      ranges.ranges_[axis] = typename Array::extent_range(begin, begin + shape[axis]);
    }
    return Array(ranges, present.storage_order());
  }
  // A multi_array has neither a move nor a swap, and its assignment copies elements between equal shapes. It consists
  // of numbers and of a pointer to its elements, so that its bytes may be exchanged.
  static void replace(Array& present, Array& made) noexcept {
    alignas(Array) std::byte kept[sizeof(Array)];
    std::memcpy(kept, static_cast<const void*>(&present), sizeof(Array));
    std::memcpy(static_cast<void*>(&present), static_cast<const void*>(&made), sizeof(Array));
    std::memcpy(static_cast<void*>(&made), kept, sizeof(Array));
  }
};

template <NumericElement T, class Layout, types::detail::ContiguousStorage Storage>
struct ArrayInterface<boost::numeric::ublas::matrix<T, Layout, Storage>>
    : types::detail::UblasMatrix<boost::numeric::ublas::matrix<T, Layout, Storage>> {};
template <NumericElement T, std::size_t rows, std::size_t columns, class Layout>
struct ArrayInterface<boost::numeric::ublas::bounded_matrix<T, rows, columns, Layout>>
    : types::detail::UblasMatrix<boost::numeric::ublas::bounded_matrix<T, rows, columns, Layout>> {};
template <NumericElement T, types::detail::ContiguousStorage Storage>
struct ArrayInterface<boost::numeric::ublas::vector<T, Storage>>
    : types::detail::UblasVector<boost::numeric::ublas::vector<T, Storage>> {};
template <NumericElement T, std::size_t size>
struct ArrayInterface<boost::numeric::ublas::bounded_vector<T, size>>
    : types::detail::UblasVector<boost::numeric::ublas::bounded_vector<T, size>> {};

}  // namespace CAIRN_NAMESPACE
