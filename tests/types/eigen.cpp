// Eigen's matrices, arrays, views and quaternions.
#include <cairn/types/eigen.hpp>

#include "types/arrays.hpp"

#include <cairn/bundle/verify.hpp>
#include <cairn/reflect/describe.hpp>
#include <cairn/reflect/static_keys.hpp>

#include <algorithm>
#include <array>
#include <complex>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

const auto at_2d = [](auto& array, const Index& at) -> decltype(auto) { return array(at[0], at[1]); };
const auto at_1d = [](auto& array, const Index& at) -> decltype(auto) { return array(at[0]); };
using Eigen::Dynamic;
using RowMajorMatrix = Eigen::Matrix<float, Dynamic, Dynamic, Eigen::RowMajor>;
using Bounded = Eigen::Matrix<float, Dynamic, Dynamic, Eigen::ColMajor, 4, 6>;

// A 3x5 of any of Eigen's types.
template <class A>
void check_matrix() {
  A array(3, 5);
  check_round_trip<typename A::Scalar>(array, {3, 5}, at_2d);
}
template <class A>
void check_vector(Eigen::Index size) {
  A array(size);
  check_round_trip<typename A::Scalar>(array, {size}, at_1d);
}
template <class T>
void check_elements(DType dtype) {
  CAPTURE(name(dtype));
  Eigen::Matrix<T, Dynamic, Dynamic> columns(3, 5);
  check_round_trip<T>(dtype, columns, {3, 5}, at_2d);
  Eigen::Array<T, 3, 5, Eigen::RowMajor> rows;
  check_round_trip<T>(dtype, rows, {3, 5}, at_2d);
}

// No value of `array` is changed by the restore of something that does not fit.
template <class From, class A>
void check_refused(From&& saved, A& array) {
  const typename std::conditional_t<A::IsRowMajor, RowMajorMatrix, Eigen::MatrixXf> before = array;
  CHECK(code_of([&] { restore_from(saved, array); }) == ErrorCode::invalid_argument);
  REQUIRE(array.rows() == before.rows());
  REQUIRE(array.cols() == before.cols());
  CHECK(array == before);
}

struct Everything {
  Eigen::MatrixXf kernel;
  Eigen::Matrix<double, 3, Dynamic> points;
  Eigen::Vector3d bias;
  Eigen::Map<Eigen::VectorXi> window;
  Eigen::Quaternionf turn;
  Eigen::half rate;
};

}  // namespace

TEST_CASE("a matrix is the tensor that NumPy shows, in either order, fixed or dynamic") {
  check_matrix<Eigen::MatrixXf>();
  check_matrix<RowMajorMatrix>();
  check_matrix<Eigen::Matrix<float, 3, 5>>();
  check_matrix<Eigen::Matrix<float, 3, 5, Eigen::RowMajor>>();
  check_matrix<Eigen::Matrix<double, 3, Dynamic>>();
  check_matrix<Eigen::Matrix<double, Dynamic, 5, Eigen::RowMajor>>();
  check_matrix<Bounded>();
  check_matrix<Eigen::ArrayXXf>();
  check_matrix<Eigen::Array<float, 3, 5>>();
}

TEST_CASE("a type of one row or one column is a vector, and one that has one row now is a matrix") {
  check_vector<Eigen::VectorXd>(7);
  check_vector<Eigen::RowVectorXf>(7);
  check_vector<Eigen::Vector3d>(3);
  check_vector<Eigen::RowVector3i>(3);
  check_vector<Eigen::ArrayXi>(7);
  check_vector<Eigen::Matrix<float, Dynamic, 1, Eigen::ColMajor, 8, 1>>(7);
  Eigen::Matrix<float, 1, 1> one;
  check_round_trip<float>(one, {1}, at_1d);
  Eigen::MatrixXf row(1, 5), column(5, 1);
  check_round_trip<float>(row, {1, 5}, at_2d);
  check_round_trip<float>(column, {5, 1}, at_2d);
}

TEST_CASE("the elements may be of any type that TensorFlow has") {
  check_elements<bool>(DT_BOOL);
  check_elements<std::int8_t>(DT_INT8);
  check_elements<std::uint8_t>(DT_UINT8);
  check_elements<std::int16_t>(DT_INT16);
  check_elements<std::uint32_t>(DT_UINT32);
  check_elements<std::int64_t>(DT_INT64);
  check_elements<float>(DT_FLOAT);
  check_elements<double>(DT_DOUBLE);
  check_elements<std::complex<float>>(DT_COMPLEX64);
  check_elements<std::complex<double>>(DT_COMPLEX128);
  check_elements<Eigen::half>(DT_HALF);
  check_elements<Eigen::bfloat16>(DT_BFLOAT16);
}

TEST_CASE("a number of Eigen's is a scalar") {
  Eigen::half half(1.5f);
  check_round_trip<Eigen::half>(DT_HALF, half, {}, [](Eigen::half& number, const Index&) -> auto& { return number; });
  Eigen::bfloat16 bfloat(1.5f);
  check_round_trip<Eigen::bfloat16>(DT_BFLOAT16, bfloat, {},
                                    [](Eigen::bfloat16& number, const Index&) -> auto& { return number; });
}

TEST_CASE("a matrix without elements keeps its extents") {
  for (const Shape& shape : {Shape{0, 0}, Shape{0, 5}, Shape{5, 0}}) {
    Eigen::MatrixXf empty(shape[0], shape[1]), restored = Eigen::MatrixXf::Ones(2, 2);
    CHECK(tensor_of(empty) == counted<float>(shape));
    restore_from(empty, restored);
    CHECK(restored.rows() == shape[0]);
    CHECK(restored.cols() == shape[1]);
  }
  Eigen::VectorXd none, some = Eigen::VectorXd::Ones(4);
  CHECK(tensor_of(none) == counted<double>({0}));
  restore_from(none, some);
  CHECK(some.size() == 0);
  Eigen::Matrix<float, 0, 3> fixed;
  CHECK(tensor_of(fixed) == counted<float>({0, 3}));
}

TEST_CASE("a Map is the part of memory that it shows, at whatever distances") {
  std::vector<float> memory(100);
  Eigen::Map<Eigen::MatrixXf> columns(memory.data(), 3, 5);
  check_round_trip<float>(columns, {3, 5}, at_2d);
  CHECK(memory[3] == 2);  // the element [0, 1]
  Eigen::Map<RowMajorMatrix> rows(memory.data(), 3, 5);
  check_round_trip<float>(rows, {3, 5}, at_2d);
  CHECK(memory[3] == 4);
  memory.assign(100, -1);
  Eigen::Map<Eigen::MatrixXf, 0, Eigen::Stride<Dynamic, Dynamic>> apart(memory.data(), 3, 5, {20, 2});
  check_round_trip<float>(apart, {3, 5}, at_2d);
  CHECK(memory[22] == 7);  // the element [1, 1]
  CHECK(std::count(memory.begin(), memory.end(), -1.0f) == 85);
  memory.assign(100, -1);
  Eigen::Map<Eigen::RowVectorXf, 0, Eigen::InnerStride<3>> vector(memory.data(), 7);
  check_round_trip<float>(vector, {7}, at_1d);
  CHECK(memory[3] == 2);
  Eigen::Map<Eigen::Matrix<float, 2, 3>> fixed(memory.data());
  check_round_trip<float>(fixed, {2, 3}, at_2d);
}

TEST_CASE("a Ref is the part of a matrix that it refers to") {
  Eigen::MatrixXf whole = Eigen::MatrixXf::Constant(10, 10, -1);
  Eigen::Ref<Eigen::MatrixXf> block = whole.block(2, 3, 3, 5);
  check_round_trip<float>(block, {3, 5}, at_2d);
  CHECK(whole(2, 4) == 2);
  CHECK(whole.sum() == 15 * 16 / 2 - 85);
  Eigen::Ref<Eigen::RowVectorXf, 0, Eigen::InnerStride<>> row = whole.row(9);
  check_round_trip<float>(row, {10}, at_1d);
  CHECK(whole(9, 2) == 3);
}

TEST_CASE("a quaternion is x, y, z, w") {
  Eigen::Quaterniond turn(4, 1, 2, 3), restored;
  CHECK(tensor_of(turn) == counted<double>({4}));
  restore_from(turn, restored);
  CHECK(restored.w() == 4);
  CHECK(restored.vec() == Eigen::Vector3d(1, 2, 3));
}

TEST_CASE("a dynamic extent takes that of the checkpoint") {
  auto saved = counted_tensor<float, dynamic, dynamic>({3, 5});
  const auto check = [&](auto array) {
    restore_from(saved, array);
    CHECK(array.rows() == 3);
    CHECK(array.cols() == 5);
    CHECK(array(1, 2) == 8);
  };
  check(Eigen::MatrixXf());
  check(RowMajorMatrix(7, 1));
  check(Eigen::Matrix<float, 3, Dynamic>());
  check(Eigen::Matrix<float, Dynamic, 5, Eigen::RowMajor>());
  check(Bounded(1, 1));
  auto longer = counted_tensor<float, dynamic>({9});
  Eigen::RowVectorXf vector(2);
  restore_from(longer, vector);
  CHECK(vector.size() == 9);
  CHECK(vector(8) == 9);
}

TEST_CASE("another size than a type or a view has is an Error that changes nothing") {
  auto saved = counted_tensor<float, dynamic, dynamic>({3, 5});
  Eigen::Matrix<float, 5, 3> fixed = Eigen::Matrix<float, 5, 3>::Ones();
  check_refused(saved, fixed);
  Eigen::Matrix<float, 4, Dynamic> half_fixed = Eigen::MatrixXf::Ones(4, 5);
  check_refused(saved, half_fixed);
  Eigen::Matrix<float, Dynamic, Dynamic, Eigen::ColMajor, 2, 5> bounded = Eigen::MatrixXf::Ones(2, 5);
  check_refused(saved, bounded);
  Eigen::MatrixXf memory = Eigen::MatrixXf::Ones(5, 3);
  Eigen::Map<Eigen::MatrixXf> map(memory.data(), 5, 3);
  check_refused(saved, map);
  Eigen::Ref<Eigen::MatrixXf> ref = memory;
  check_refused(saved, ref);
  Eigen::VectorXf vector = Eigen::VectorXf::Ones(3);
  check_refused(saved, vector);
  check_refused(counted_tensor<float, dynamic, dynamic>({3, 1}), vector);
  check_refused(counted_tensor<double, dynamic>({3}), vector);
  Eigen::MatrixXf matrix = Eigen::MatrixXf::Ones(3, 1);
  check_refused(counted_tensor<float, dynamic>({3}), matrix);
  CHECK(contains(sentence_of([&] { restore_from(saved, fixed); }), "float32 [5, 3]"));
  CHECK(contains(sentence_of([&] { restore_from(saved, map); }), "float32 [5, 3]"));
  CHECK(contains(sentence_of([&] { restore_from(saved, half_fixed); }), "float32 [4, ?]"));
  CHECK(contains(sentence_of([&] { restore_from(saved, bounded); }), "has no room for the shape [3, 5]"));
  Eigen::Quaternionf turn(4, 1, 2, 3);
  auto three = counted_tensor<float, dynamic>({3});
  CHECK(code_of([&] { restore_from(three, turn); }) == ErrorCode::invalid_argument);
  CHECK(turn.w() == 4);
}

TEST_CASE("a restore that finds damage has changed no matrix") {
  struct State {
    Eigen::MatrixXf grows, same;
    RowMajorMatrix rows;
    Eigen::Matrix<bool, 2, 2> flags;
    Eigen::VectorXd last;
  };
  State state{Eigen::MatrixXf::Ones(3, 5), Eigen::MatrixXf::Ones(2, 2), RowMajorMatrix::Ones(2, 2),
              Eigen::Matrix<bool, 2, 2>::Constant(true), Eigen::VectorXd::Ones(4)};
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, state).write("a");
  change_file(files, "a.data-00000-of-00001", [](std::string& text) { text.back() = static_cast<char>(~text.back()); });
  State other{Eigen::MatrixXf::Zero(1, 1), Eigen::MatrixXf::Zero(2, 2), RowMajorMatrix::Zero(2, 2),
              Eigen::Matrix<bool, 2, 2>::Constant(false), Eigen::VectorXd::Zero(4)};
  CHECK(code_of([&] { CheckpointIn(files, other).read("a"); }) == ErrorCode::data_loss);
  CHECK(other.grows == Eigen::MatrixXf::Zero(1, 1));
  CHECK(other.same == Eigen::MatrixXf::Zero(2, 2));
  CHECK(other.rows == RowMajorMatrix::Zero(2, 2));
  CHECK(!other.flags.any());
  CHECK(other.last == Eigen::VectorXd::Zero(4));
}

TEST_CASE("a large column-major matrix is cut into shards, copied by an asynchronous save, and compared") {
  Eigen::MatrixXd matrix(300, 500);
  const Shape shape{300, 500};
  for_each_index(shape, [&](std::int64_t n, const Index& at) { matrix(at[0], at[1]) = nth<double>(n); });
  const AnyTensor expected = counted<double>(shape);
  CHECK(tensor_of(matrix) == expected);
  CHECK(tensor_of(matrix, {.shard_size = 100'000}) == expected);

  cairn::testing::MemoryFileSystem files;
  CheckpointIn checkpoint(files, "array"_a = matrix);
  const auto saved = [&](const std::string& prefix) {
    CHECK(verify(prefix, files).empty());
    return bundle::Reader(prefix, files).read("array/.ATTRIBUTES/VARIABLE_VALUE");
  };
  checkpoint.write("async", {.enable_async = true});
  matrix(1, 2) = -1;
  checkpoint.sync();
  CHECK(saved("async") == expected);
  checkpoint.write("one", {.incremental = true});
  matrix(1, 2) = nth<double>(502);
  checkpoint.write("two", {.incremental = true});
  CHECK(saved("two") == expected);
  CHECK(saved("one").span<double>()[502] == -1);

  matrix.setZero();
  checkpoint.read("two").assert_consumed();
  CHECK(matrix(1, 2) == 503);
  CHECK(matrix(299, 499) == 150'000);
}

TEST_CASE("numbers are converted on their way into a matrix, and the common part of two shapes is taken") {
  auto saved = counted_tensor<float, dynamic, dynamic>({3, 5});
  Eigen::MatrixXd wide(3, 5), grown;
  restore_from(saved, wide, {.cast = Cast::widen});
  CHECK(wide(1, 2) == 8);
  restore_from(saved, grown, {.cast = Cast::widen});
  CHECK(grown(2, 4) == 15);
  Eigen::Matrix<float, 4, 4> part = Eigen::Matrix4f::Constant(-1);
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, "array"_a = saved).write("a");
  CheckpointIn(files, "array"_a = part).read("a", {.on_mismatch = OnMismatch::common_part});
  CHECK(part(1, 2) == 8);
  CHECK(part(2, 3) == 14);
  CHECK(part(3, 0) == -1);
}

TEST_CASE("matrices are elements of lists, maps, optionals and pointers") {
  struct State {
    std::vector<Eigen::MatrixXf> layers;
    std::map<std::string, Eigen::VectorXd> named;
    std::optional<Eigen::MatrixXf> maybe;
    std::unique_ptr<Eigen::Matrix4d> owned;
    std::array<Eigen::Vector3f, 2> both;
  };
  State state{{Eigen::MatrixXf::Ones(2, 3), Eigen::MatrixXf::Constant(1, 1, 4)},
              {{"a", Eigen::VectorXd::Constant(2, 5)}},
              Eigen::MatrixXf::Constant(1, 2, 6),
              std::make_unique<Eigen::Matrix4d>(Eigen::Matrix4d::Constant(7)),
              {Eigen::Vector3f(1, 2, 3), Eigen::Vector3f(4, 5, 6)}};
  State other;
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, state).write("a");
  CheckpointIn(files, other).read("a").assert_consumed();
  CHECK(other.layers == state.layers);
  CHECK(other.named == state.named);
  REQUIRE(other.maybe.has_value());
  CHECK(*other.maybe == *state.maybe);
  REQUIRE(other.owned != nullptr);
  CHECK(*other.owned == *state.owned);
  CHECK(other.both == state.both);
}

TEST_CASE("a std::vector or std::array of objects of fixed size is one tensor") {
  std::vector<Eigen::Vector3d> points(5);
  const auto at_point = [](auto& list, const Index& at) -> auto& {
    return list[static_cast<std::size_t>(at[0])](at[1]);
  };
  check_round_trip<double>(points, {5, 3}, at_point);
  std::vector<Eigen::Matrix<float, 2, 3>> columns(4);
  check_round_trip<float>(columns, {4, 2, 3}, [](auto& list, const Index& at) -> auto& {
    return list[static_cast<std::size_t>(at[0])](at[1], at[2]);
  });
  std::array<std::array<Eigen::Vector2i, 2>, 3> nested;
  check_round_trip<int>(nested, {3, 2, 2}, [](auto& list, const Index& at) -> auto& {
    return list[static_cast<std::size_t>(at[0])][static_cast<std::size_t>(at[1])](at[2]);
  });
  std::vector<Eigen::half> halves(7);
  check_round_trip<Eigen::half>(
      DT_HALF, halves, {7}, [](auto& list, const Index& at) -> auto& { return list[static_cast<std::size_t>(at[0])]; });
  std::vector<Eigen::Quaternionf> turns(2, Eigen::Quaternionf(4, 1, 2, 3));
  CHECK(tensor_of(turns).shape() == Shape{2, 4});

  auto saved = counted_tensor<double, dynamic, dynamic>({100, 3});
  restore_from(saved, points);
  REQUIRE(points.size() == 100);
  CHECK(points[99] == Eigen::Vector3d(298, 299, 300));
  std::vector<Eigen::Vector3d> none;
  CHECK(tensor_of(none) == counted<double>({0, 3}));
  restore_from(none, points);
  CHECK(points.empty());
  auto wider = counted_tensor<double, dynamic, dynamic>({100, 4});
  CHECK(contains(sentence_of([&] { restore_from(wider, points); }), "float64 [?, 3]"));
  std::array<Eigen::Vector3d, 2> two;
  CHECK(contains(sentence_of([&] { restore_from(saved, two); }), "float64 [2, 3]"));
  CHECK(contains(describe<std::array<std::vector<Eigen::Vector3d>, 1>>(), "float64 [?, 3]"));
  static_assert(static_bytes<std::array<Eigen::Vector3d, 2>> == 48);
}

TEST_CASE("the compiler knows the dtype and shape of a matrix") {
  CHECK(describe<Everything>().find("  kernel: float32 [?, ?]\n"
                                    "  points: float64 [3, ?]\n"
                                    "  bias: float64 [3]\n"
                                    "  window: int32 [?]\n"
                                    "  turn: float32 [4]\n"
                                    "  rate: float16 []\n") != std::string::npos);
  static_assert(static_keys<Everything>[2] == "bias/.ATTRIBUTES/VARIABLE_VALUE");
}
