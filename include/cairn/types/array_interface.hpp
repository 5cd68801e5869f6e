// ArrayInterface: how a class that is an array becomes one tensor, as a member of a state. Specialise it for your
// class.
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
//   value_type  the type of the elements: a cairn::NumericElement. For elements of another type, whose bytes are those
//               of one of TensorFlow's dtypes, `static constexpr cairn::DType dtype` takes its place. For an array
//               whose dtype is known at run time, `static cairn::DType dtype(const A& array, cairn::DType saved)` does:
//               it returns the dtype of `array`, and for an array without one `saved`, or cairn::DT_INVALID where
//               `array` cannot hold that.
//   extents     the extents that the type tells, the outermost first. An array of any rank has none.
//   layout      the elements as they are now. A save reads them, a restore overwrites them.
//   make        a new array of a shape that a restore finds; it is moved into the place of the present one. An array
//               that cannot be resized, such as a view, has no make: the checkpoint must have its shape. Where the
//               dtype is known at run time, the form is make(const cairn::Shape&, cairn::DType). Where a new array
//               depends on the present one, say on the order of its elements, that is the first argument:
//               make(const A&, ...).
//   is_inline   static constexpr bool, true where the type tells all extents and the elements lie in the object itself: a
//               std::vector or std::array of such objects is one tensor, with one more axis.
//   replace     static void replace(A& present, A& made) noexcept: it puts a made array in place, for a class whose move
//               assignment does not, or may throw.
//
// Element [i, j] of the tensor in a file is element (i, j) of the array. The order in memory does not count. Memory
// that is row-major and contiguous is read and written without a copy, all other memory through a buffer. The thread
// that saves or restores calls these functions. An exception of theirs leaves the save or restore, and a restore has
// changed nothing then.
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
  // True for an array that refers to elements of another owner, where its type does not tell that: it is not resized,
  // though its class has a `make`.
  bool is_view = false;
};

template <class A>
struct ArrayInterface;

}  // namespace CAIRN_NAMESPACE
