// OpenCV's matrices as members of a state.
//
//   cv::Mat                        [rows, columns], or one extent for each dimension, and the channels as the last axis
//                                  where there is more than one; the dtype is known at run time: CV_8U to CV_16F
//   cv::Mat_<T>                    likewise; the dtype and the channels are those of T
//   cv::Matx, cv::Vec, cv::Scalar  [m, n]; [n]; [4]
//   cv::Point_, Point3_, Size_, Rect_   [2]: x, y; [3]; [2]: width, height; [4]: x, y, width, height
//   std::vector<cv::Point3f>       [?, 3]; so are std::vector and std::array of all classes of fixed size
//
// A restore writes the elements of a cv::Mat where they are if its dtype and shape are the checkpoint's, and all Mats
// that share them see it, as with cv::Mat::setTo. Otherwise the Mat gets elements of its own, as with cv::Mat::create,
// and the Mats that shared the old elements keep those. A region of interest, and a Mat in memory of somebody else, are
// views: the checkpoint must have their shape. A Mat without elements is saved as [0, 0], and takes the checkpoint's
// dtype and shape. A class that cereal archives is read into a copy whose Mats share their elements with the original:
// these are overwritten while the class is read, before all else has been checked.
//
// A tensor does not tell which axis has the channels. A Mat with elements keeps its number of dimensions when a restore
// gives it another shape, and the rest of the shape are its channels. A Mat without elements is made as cv2 does from a
// NumPy array: three axes become rows, columns and channels when there are two to CV_CN_MAX channels.
#pragma once

#include "../tensor/dense_array.hpp"
#include "array_interface.hpp"
#include "detail/array_type.hpp"
#include "detail/inline_arrays.hpp"

#include <opencv2/core.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace CAIRN_NAMESPACE {

namespace types::detail {

[[nodiscard]] constexpr DType dtype_of_opencv(int depth) noexcept {
  switch (depth) {
    case CV_8U:
      return DT_UINT8;
    case CV_8S:
      return DT_INT8;
    case CV_16U:
      return DT_UINT16;
    case CV_16S:
      return DT_INT16;
    case CV_32S:
      return DT_INT32;
    case CV_32F:
      return DT_FLOAT;
    case CV_64F:
      return DT_DOUBLE;
    case CV_16F:
      return DT_HALF;
    default:
      return DT_INVALID;
  }
}
// -1 for a dtype that no Mat has.
[[nodiscard]] constexpr int opencv_depth(DType dtype) noexcept {
  for (int depth = 0; depth < CV_DEPTH_MAX; ++depth)
    if (dtype_of_opencv(depth) == dtype && dtype != DT_INVALID) return depth;
  return -1;
}

inline constexpr std::size_t max_opencv_dimensions = 32;  // OpenCV's CV_MAX_DIM, which not all of its headers have

[[nodiscard]] inline ArrayLayout layout_of_opencv(const cv::Mat& mat) {
  ArrayLayout layout{.data = mat.data};
  if (mat.dims == 0) layout.shape = {0, 0};
  for (int axis = 0; axis < mat.dims; ++axis) layout.shape.push_back(mat.size[axis]);
  const bool is_together = mat.isContinuous() || mat.empty();
  for (int axis = 0; !is_together && axis < mat.dims; ++axis)
    layout.strides.push_back(static_cast<std::int64_t>(mat.step[axis]));
  if (mat.channels() > 1) {
    layout.shape.push_back(mat.channels());
    if (!is_together) layout.strides.push_back(static_cast<std::int64_t>(mat.elemSize1()));
  }
  layout.is_view = mat.isSubmatrix() || (mat.data != nullptr && mat.u == nullptr);
  return layout;
}

// A Mat of that shape, whose last axis is that of the channels where there is more than one.
[[nodiscard]] inline cv::Mat make_opencv(const Shape& shape, int depth, int channels) {
  std::vector<int> sizes;
  const std::size_t dimensions = shape.rank() - (channels > 1 ? 1 : 0);
  for (std::size_t axis = 0; axis < dimensions && axis < shape.rank(); ++axis) {
    if (shape[axis] > std::numeric_limits<int>::max()) break;
    sizes.push_back(static_cast<int>(shape[axis]));
  }
  if (sizes.size() != dimensions || dimensions < 2 || dimensions > max_opencv_dimensions ||
      (channels > 1 && shape[dimensions] != channels))
    throw Error(ErrorCode::invalid_argument,
                "a cv::Mat " + (channels > 1 ? "of " + std::to_string(channels) + " channels " : std::string()) +
                    "cannot have the checkpoint's shape " + shape.to_string() + ": it has 2 to " +
                    std::to_string(max_opencv_dimensions) +
                    " axes of at most 2^31 - 1 elements and, as the last axis, its channels if there are several. "
                    "Nothing was restored");
  return cv::Mat(static_cast<int>(dimensions), sizes.data(), CV_MAKETYPE(depth, channels));
}
[[nodiscard]] inline int channels_like(const cv::Mat& like, const Shape& shape) noexcept {
  const std::size_t rank = shape.rank();
  const std::int64_t last = rank == 0 ? 0 : shape[rank - 1];
  if (last < 2 || last > CV_CN_MAX) return 1;
  return rank == (like.empty() ? std::size_t{3} : static_cast<std::size_t>(like.dims) + 1) ? static_cast<int>(last) : 1;
}

// Numbers of one type behind each other, which a class of OpenCV is.
template <class T, std::size_t... extent>
struct OpencvNumbers {
  using value_type = T;
  static constexpr std::array<std::size_t, sizeof...(extent)> extents{extent...};
  static constexpr bool is_inline = true;

  template <class A>
  [[nodiscard]] static ArrayLayout layout(const A& numbers) {
    return {.data = &numbers, .shape = {static_cast<std::int64_t>(extent)...}};
  }
};

// Refuses a cv::UMat.
template <class Member>
struct this_member_may_lie_on_a_device {
  static_assert(!std::is_same_v<Member, Member>,
                "cairn: this member is a cv::UMat, whose elements may lie in the memory of a device, which a save or "
                "restore does not reach. Let a cv::Mat beside it be what is saved, umat.copyTo(staging) before a save "
                "and staging.copyTo(umat) after a restore, and mark it not_saved: cairn::NotSaved<cv::UMat>.");
  static constexpr bool ok = false;
};

class NoType : public graph::detail::ObjectType {  // only so that a refusal stays the only error
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return {}; }
};

}  // namespace types::detail

template <>
struct ArrayInterface<cv::Mat> {
  [[nodiscard]] static DType dtype(const cv::Mat& mat, DType saved) noexcept {
    return mat.empty() && types::detail::opencv_depth(saved) >= 0 ? saved : types::detail::dtype_of_opencv(mat.depth());
  }
  [[nodiscard]] static ArrayLayout layout(const cv::Mat& mat) { return types::detail::layout_of_opencv(mat); }
  [[nodiscard]] static cv::Mat make(const cv::Mat& like, const Shape& shape, DType dtype) {
    return types::detail::make_opencv(shape, types::detail::opencv_depth(dtype),
                                      types::detail::channels_like(like, shape));
  }
};

template <class T>
  requires NumericElement<typename cv::DataType<T>::channel_type>
struct ArrayInterface<cv::Mat_<T>> {
  using value_type = typename cv::DataType<T>::channel_type;

  [[nodiscard]] static ArrayLayout layout(const cv::Mat_<T>& mat) { return types::detail::layout_of_opencv(mat); }
  [[nodiscard]] static cv::Mat_<T> make(const Shape& shape) {
    constexpr int type = cv::traits::Type<T>::value;
    return cv::Mat_<T>(types::detail::make_opencv(shape, CV_MAT_DEPTH(type), CV_MAT_CN(type)));
  }
};

template <NumericElement T, int rows, int columns>
struct ArrayInterface<cv::Matx<T, rows, columns>>
    : types::detail::OpencvNumbers<T, static_cast<std::size_t>(rows), static_cast<std::size_t>(columns)> {};
template <NumericElement T, int size>
struct ArrayInterface<cv::Vec<T, size>> : types::detail::OpencvNumbers<T, static_cast<std::size_t>(size)> {};
template <NumericElement T>
struct ArrayInterface<cv::Scalar_<T>> : types::detail::OpencvNumbers<T, 4> {};
template <NumericElement T>
struct ArrayInterface<cv::Point_<T>> : types::detail::OpencvNumbers<T, 2> {};
template <NumericElement T>
struct ArrayInterface<cv::Point3_<T>> : types::detail::OpencvNumbers<T, 3> {};
template <NumericElement T>
struct ArrayInterface<cv::Size_<T>> : types::detail::OpencvNumbers<T, 2> {};
template <NumericElement T>
struct ArrayInterface<cv::Rect_<T>> : types::detail::OpencvNumbers<T, 4> {};

template <>
struct reflect::detail::Adapter<cv::UMat> {
  using type = types::detail::NoType;
  using Refusal = types::detail::this_member_may_lie_on_a_device<cv::UMat>;
};

}  // namespace CAIRN_NAMESPACE
