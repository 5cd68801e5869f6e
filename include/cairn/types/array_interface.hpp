// ArrayInterface: how a class that is an array becomes one tensor, as a member of a state. Specialise it for your class.
//
//   template <>
//   struct cairn::ArrayInterface<my::Grid> {
//     using value_type = double;
//     static constexpr std::array<std::size_t, 2> extents{cairn::dynamic, 3};
//     static cairn::ArrayLayout layout(const my::Grid& grid) {
//       return {grid.data(), {grid.rows(), 3}};
//     }
//     static my::Grid make(const cairn::Shape& shape) { return my::Grid(shape[0]); }
//   };
//
//   value_type  the elements: a cairn::NumericElement. Elements of another type that have a dtype of TensorFlow's bytes
//               have, in its place, static constexpr cairn::DType dtype. An array whose dtype is known at run time has
//               static cairn::DType dtype(const A& array, cairn::DType saved): that of `array`. An array that has none
//               yet returns `saved` if it can hold that, and cairn::DT_INVALID if it cannot.
//   extents     what the type says of the shape, the outermost first. An array of any rank has none.
//   layout      the elements as they are now. A save reads them, a restore overwrites them.
//   make        a new array of a shape that a restore finds, which is moved into the place of the present one. An array
//               that cannot be resized, as a view, has none: a checkpoint's shape must be its own. Where the dtype is
//               known at run time: make(const cairn::Shape&, cairn::DType). Where a new array depends on the present
//               one, as on the order of its elements, that one is the first argument: make(const A&, ...).
//   is_inline   static constexpr bool, true where the type tells all extents and the elements lie in the object itself: a
//               std::vector or std::array of such objects is one tensor, with one more axis.
//   replace     static void replace(A& present, A& made) noexcept, where `present = std::move(made)` does not put a made
//               array in place, or may fail.
//
// A tensor in a file is what NumPy shows of the array: element [i, j] is the one that people mean by these indices,
// whatever the order in memory. Memory that is row-major and contiguous is read and written without a copy, all other
// memory through a buffer. A save or restore calls the functions in the thread that saves or restores; what they throw
// comes out of it, and a restore has changed nothing then.
#pragma once

#include "../core/dtype.hpp"
#include "../core/shape.hpp"

#include <cstdint>
#include <vector>

namespace CAIRN_NAMESPACE {

// Where the elements of an array are.
struct ArrayLayout {
  const void* data = nullptr;  // where element [0, 0, ...] is; any, if there are no elements
  Shape shape = {};
  // NumPy's strides: the distances in bytes from one index of an axis to the next, one for each axis; they may be
  // negative. Empty where the elements lie together in row-major order.
  std::vector<std::int64_t> strides = {};
  // True for an array that looks at what another one owns, where only the array itself knows that: it is not resized,
  // though its class has a `make`.
  bool is_view = false;
};

template <class A>
struct ArrayInterface;

}  // namespace CAIRN_NAMESPACE
