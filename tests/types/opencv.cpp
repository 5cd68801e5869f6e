// OpenCV's matrices: rows with a stride, channels, regions of interest, elements that several matrices share.
#include <cairn/types/opencv.hpp>

#include "types/arrays.hpp"

#include <cairn/reflect/static_keys.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

// The element of a Mat with as many dimensions, or with one more for the channels.
template <class T>
T& at(cv::Mat& mat, const Index& index) {
  std::array<int, 8> place{};
  for (std::size_t axis = 0; axis < index.size(); ++axis) place[axis] = static_cast<int>(index[axis]);
  uchar* const element = mat.dims == 2 ? mat.ptr(place[0], place[1]) : mat.ptr(place.data());
  return *reinterpret_cast<T*>(element + (mat.channels() > 1 ? mat.elemSize1() * std::size_t(index.back()) : 0));
}

template <class T>
void check_mat(cv::Mat mat, const Shape& shape) {
  check_round_trip<T>(mat, shape, [](cv::Mat& of, const Index& index) -> T& { return at<T>(of, index); });
}
template <class T>
void check_elements(int depth) {
  CAPTURE(depth);
  check_mat<T>(cv::Mat(3, 5, depth), {3, 5});
  check_mat<T>(cv::Mat(3, 5, CV_MAKETYPE(depth, 3)), {3, 5, 3});
}

// Restores a tensor of 1, 2, 3, ... into it.
template <class T, std::size_t... extents, class A>
void restore_counted(const Shape& shape, A& array) {
  auto saved = counted_tensor<T, extents...>(shape);
  restore_from(saved, array);
}
template <class T, std::size_t... extents, class A>
std::string refusal(const Shape& shape, A& array) {
  const auto call = [&] { restore_counted<T, extents...>(shape, array); };
  CHECK(code_of(call) == ErrorCode::invalid_argument);
  return sentence_of(call);
}
constexpr std::size_t d = dynamic;

bool is(const cv::Mat& mat, std::vector<int> sizes, int type) {
  return mat.type() == type && std::vector<int>(mat.size.p, mat.size.p + mat.dims) == sizes;
}

struct Everything {
  cv::Matx23f matrix;
  cv::Vec3d vector;
  cv::Point2i point;
  cv::Mat image;
};

}  // namespace

TEST_CASE("a Mat of OpenCV is the tensor that NumPy shows, its channels last") {
  check_elements<std::uint8_t>(CV_8U);
  check_elements<std::int8_t>(CV_8S);
  check_elements<std::uint16_t>(CV_16U);
  check_elements<std::int16_t>(CV_16S);
  check_elements<std::int32_t>(CV_32S);
  check_elements<float>(CV_32F);
  check_elements<double>(CV_64F);
  check_elements<half>(CV_16F);
  const std::array<int, 4> sizes{2, 3, 4, 5};
  check_mat<float>(cv::Mat(3, sizes.data(), CV_32F), {2, 3, 4});
  check_mat<float>(cv::Mat(4, sizes.data(), CV_32FC2), {2, 3, 4, 5, 2});
  check_mat<float>(cv::Mat(1, 7, CV_32F), {1, 7});
  check_mat<float>(cv::Mat(7, 1, CV_32F), {7, 1});
  check_mat<float>(cv::Mat(0, 5, CV_32F), {0, 5});
}

TEST_CASE("a region of interest is saved without its surroundings, and restored into them") {
  cv::Mat image(6, 8, CV_32FC2, cv::Scalar::all(-1));
  cv::Mat region = image(cv::Rect(2, 1, 5, 3)), column = image.col(7);
  REQUIRE(!region.isContinuous());
  check_mat<float>(region, {3, 5, 2});
  check_mat<float>(column, {6, 1, 2});
  image.setTo(-1);
  const uchar* const memory = region.data;
  restore_counted<float, d, d, d>({3, 5, 2}, region);
  CHECK(region.data == memory);
  CHECK(image.at<cv::Vec2f>(1, 2) == cv::Vec2f(1, 2));
  CHECK(image.at<cv::Vec2f>(3, 6) == cv::Vec2f(29, 30));
  CHECK(image.at<cv::Vec2f>(0, 2) == cv::Vec2f(-1, -1));
  CHECK(image.at<cv::Vec2f>(1, 1) == cv::Vec2f(-1, -1));
  CHECK(image.at<cv::Vec2f>(3, 7) == cv::Vec2f(-1, -1));
  const std::array<int, 3> sizes{4, 5, 6};
  cv::Mat volume(3, sizes.data(), CV_16S, cv::Scalar(-1));
  const std::array<cv::Range, 3> ranges{cv::Range(1, 3), cv::Range::all(), cv::Range(2, 5)};
  check_mat<std::int16_t>(volume(ranges.data()), {2, 5, 3});
  CHECK(volume.at<std::int16_t>(0, 0, 0) == -1);
}

TEST_CASE("a view is not given another shape") {
  cv::Mat image(6, 8, CV_32F, cv::Scalar(7));
  cv::Mat region = image(cv::Rect(2, 1, 5, 3));
  CHECK(contains(refusal<float, d, d>({6, 8}, region), "[3, 5]"));
  std::array<float, 6> memory{1, 2, 3, 4, 5, 6};
  cv::Mat lent(2, 3, CV_32F, memory.data());
  CHECK(contains(refusal<float, d, d>({3, 2}, lent), "[2, 3]"));
  CHECK(lent.data == reinterpret_cast<uchar*>(memory.data()));
  restore_counted<float, d, d>({2, 3}, lent);
  CHECK(memory == std::array<float, 6>{1, 2, 3, 4, 5, 6});
  CHECK(cv::countNonZero(image != 7) == 0);
}

TEST_CASE("elements that several Mats share are restored for all of them, and another shape is one Mat's own") {
  cv::Mat mat(3, 5, CV_32F, cv::Scalar(7)), other = mat;
  restore_counted<float, d, d>({3, 5}, mat);
  CHECK(other.at<float>(2, 4) == 15);
  CHECK(other.data == mat.data);
  restore_counted<float, d, d>({2, 3}, mat);
  CHECK(is(mat, {2, 3}, CV_32F));
  CHECK(mat.at<float>(1, 2) == 6);
  CHECK(is(other, {3, 5}, CV_32F));
  CHECK(other.at<float>(2, 4) == 15);
}

TEST_CASE("a Mat without elements takes the checkpoint's dtype, and three axes as cv2 does") {
  cv::Mat mat;
  restore_counted<std::uint8_t, d, d, d>({4, 6, 3}, mat);
  CHECK(is(mat, {4, 6}, CV_8UC3));
  CHECK(mat.at<cv::Vec3b>(1, 2) == cv::Vec3b(25, 26, 27));
  mat.release();
  restore_counted<double, d, d>({4, 6}, mat);
  CHECK(is(mat, {4, 6}, CV_64F));
  mat.release();
  restore_counted<float, d, d, d>({2, 3, 1}, mat);
  CHECK(is(mat, {2, 3, 1}, CV_32F));
  mat.release();
  restore_counted<float, d, d, d>({2, 3, CV_CN_MAX + 1}, mat);
  CHECK(is(mat, {2, 3, CV_CN_MAX + 1}, CV_32F));
  mat.release();
  restore_counted<half, d, d, d, d>({2, 3, 4, 2}, mat);
  CHECK(is(mat, {2, 3, 4, 2}, CV_16F));
  mat.release();
  restore_counted<float, d, d>({0, 5}, mat);
  CHECK(is(mat, {0, 5}, CV_32F));
  restore_counted<std::int16_t, d, d>({1, 2}, mat);
  CHECK(is(mat, {1, 2}, CV_16S));
  cv::Mat empty, restored(3, 5, CV_8U);
  CHECK(tensor_of(empty) == counted<std::uint8_t>({0, 0}));
  restore_from(empty, restored);
  CHECK(restored.empty());
}

TEST_CASE("a Mat that has elements keeps its dimensions, and takes the channels of the checkpoint") {
  cv::Mat image(2, 2, CV_8UC3);
  restore_counted<std::uint8_t, d, d, d>({4, 6, 4}, image);
  CHECK(is(image, {4, 6}, CV_8UC4));
  restore_counted<std::uint8_t, d, d>({4, 6}, image);
  CHECK(is(image, {4, 6}, CV_8U));
  const std::array<int, 3> sizes{2, 3, 4};
  cv::Mat volume(3, sizes.data(), CV_32F);
  restore_counted<float, d, d, d>({3, 3, 4}, volume);
  CHECK(is(volume, {3, 3, 4}, CV_32F));
  restore_counted<float, d, d, d, d>({3, 3, 4, 2}, volume);
  CHECK(is(volume, {3, 3, 4}, CV_32FC2));
}

TEST_CASE("what no Mat can hold changes nothing") {
  cv::Mat none, mat(1, 2, CV_32F, cv::Scalar(7));
  CHECK(contains(refusal<float, d>({7}, none), "cannot have the checkpoint's shape [7]"));
  CHECK(contains(refusal<std::int64_t, d, d>({1, 2}, none), "int64"));
  CHECK(none.dims == 0);
  CHECK(contains(refusal<float>({}, mat), "cannot have the checkpoint's shape []"));
  CHECK(contains(refusal<double, d, d>({1, 2}, mat), "float32"));
  CHECK(mat.at<float>(0, 1) == 7);
  cv::Mat_<cv::Vec3f> pixels(1, 2, cv::Vec3f(7, 7, 7));
  CHECK(contains(refusal<float, d, d, d>({1, 2, 4}, pixels), "a cv::Mat of 3 channels cannot have"));
  CHECK(pixels(0, 1) == cv::Vec3f(7, 7, 7));
}

TEST_CASE("a damaged file changes no Mat") {
  struct State {
    cv::Mat first, image;
  } saved{cv::Mat(2, 2, CV_8U, cv::Scalar(1)), cv::Mat(30, 40, CV_8UC3, cv::Scalar::all(1))};
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, "state"_a = saved).write("a");
  flip_byte(files);
  State state{cv::Mat(2, 2, CV_8U, cv::Scalar(7)), cv::Mat(30, 60, CV_8UC3, cv::Scalar::all(7))};
  state.image = state.image(cv::Rect(10, 0, 40, 30));
  CHECK(code_of([&] { CheckpointIn(files, "state"_a = state).read("a"); }) == ErrorCode::data_loss);
  CHECK(cv::countNonZero(state.first != 7) == 0);
  CHECK(cv::countNonZero(state.image.clone().reshape(1) != 7) == 0);
}

TEST_CASE("a Mat_ has the dtype and channels of its type") {
  cv::Mat_<float> numbers(3, 5);
  check_round_trip<float>(numbers, {3, 5}, [](auto& of, const Index& i) -> float& { return of(int(i[0]), int(i[1])); });
  cv::Mat_<cv::Vec3b> pixels(3, 5);
  const auto channel = [](auto& of, const Index& i) -> uchar& { return of(int(i[0]), int(i[1]))[int(i[2])]; };
  check_round_trip<std::uint8_t>(pixels, {3, 5, 3}, channel);
  cv::Mat_<cv::Vec3b> other;
  restore_from(pixels, other);
  CHECK(tensor_of(other) == counted<std::uint8_t>({3, 5, 3}));
  cv::Mat_<cv::Vec3b> empty;
  CHECK(tensor_of(empty).shape() == Shape{0, 0, 3});
}

TEST_CASE("small matrices, points and sizes of OpenCV have a fixed shape") {
  cv::Matx<float, 2, 3> matrix;
  check_round_trip<float>(matrix, {2, 3}, [](auto& of, const Index& i) -> float& { return of(int(i[0]), int(i[1])); });
  cv::Vec3d vector;
  check_round_trip<double>(vector, {3}, [](auto& of, const Index& i) -> double& { return of[int(i[0])]; });
  cv::Scalar scalar;
  check_round_trip<double>(scalar, {4}, [](auto& of, const Index& i) -> double& { return of[int(i[0])]; });
  cv::Point2f point(1, 2), other_point;
  CHECK(tensor_of(point) == counted<float>({2}));
  restore_from(point, other_point);
  CHECK(other_point == point);
  cv::Point3i point_3d(1, 2, 3);
  CHECK(tensor_of(point_3d) == counted<std::int32_t>({3}));
  cv::Size size(1, 2);
  CHECK(tensor_of(size) == counted<std::int32_t>({2}));
  cv::Rect2d rectangle(1, 2, 3, 4);
  CHECK(tensor_of(rectangle) == counted<double>({4}));
  CHECK(contains(refusal<float, d>({3}, point), "[2]"));
  std::vector<cv::Point3f> points(5), other_points;
  check_round_trip<float>(points, {5, 3}, [](auto& of, const Index& i) -> float& {
    auto& each = of[static_cast<std::size_t>(i[0])];
    return i[1] == 0 ? each.x : i[1] == 1 ? each.y : each.z;
  });
  restore_from(points, other_points);
  CHECK(other_points == points);
  static_assert(static_keys<Everything>.size() == 3);
  static_assert(static_bytes<Everything> == 6 * 4 + 3 * 8 + 2 * 4);
}
