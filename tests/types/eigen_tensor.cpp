// Eigen's tensors.
#include <cairn/types/eigen_tensor.hpp>

#include "types/arrays.hpp"

#include <cairn/reflect/describe.hpp>

#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

const auto at_3d = [](auto& tensor, const Index& at) -> auto& { return tensor(at[0], at[1], at[2]); };

}  // namespace

TEST_CASE("a Tensor is the tensor that NumPy shows, in either order, fixed or dynamic") {
  Eigen::Tensor<float, 3> columns(2, 3, 4);
  check_round_trip<float>(columns, {2, 3, 4}, at_3d);
  CHECK(columns.data()[1] == 13);
  Eigen::Tensor<double, 3, Eigen::RowMajor> rows(2, 3, 4);
  check_round_trip<double>(rows, {2, 3, 4}, at_3d);
  Eigen::TensorFixedSize<float, Eigen::Sizes<2, 3, 4>> fixed;
  check_round_trip<float>(fixed, {2, 3, 4}, at_3d);
  Eigen::TensorFixedSize<Eigen::half, Eigen::Sizes<2, 3, 4>, Eigen::RowMajor> halves;
  check_round_trip<Eigen::half>(DT_HALF, halves, {2, 3, 4}, at_3d);
  Eigen::Tensor<bool, 1> flags(7);
  check_round_trip<bool>(flags, {7}, [](auto& tensor, const Index& at) -> auto& { return tensor(at[0]); });
  Eigen::Tensor<float, 0> scalar;
  check_round_trip<float>(scalar, {}, [](auto& tensor, const Index&) -> auto& { return tensor(); });
  Eigen::Tensor<float, 2> empty(0, 5);
  CHECK(tensor_of(empty) == counted<float>({0, 5}));
}

TEST_CASE("a Tensor takes the checkpoint's shape; one of fixed size and a TensorMap do not") {
  auto saved = counted_tensor<float, dynamic, dynamic, dynamic>({2, 3, 4});
  Eigen::Tensor<float, 3> tensor;
  restore_from(saved, tensor);
  CHECK(tensor(1, 2, 3) == 24);
  std::vector<float> memory(24);
  Eigen::TensorMap<Eigen::Tensor<float, 3>> map(memory.data(), 2, 3, 4);
  restore_from(saved, map);
  CHECK(memory[1] == 13);
  Eigen::TensorMap<Eigen::Tensor<float, 3>> other(memory.data(), 3, 2, 4);
  CHECK(contains(sentence_of([&] { restore_from(saved, other); }), "float32 [3, 2, 4]"));
  Eigen::TensorFixedSize<float, Eigen::Sizes<3, 2, 4>> fixed;
  fixed.setConstant(7);
  CHECK(code_of([&] { restore_from(saved, fixed); }) == ErrorCode::invalid_argument);
  CHECK(fixed(0, 0, 0) == 7);
  Eigen::Tensor<float, 2> matrix(2, 2);
  CHECK(code_of([&] { restore_from(saved, matrix); }) == ErrorCode::invalid_argument);
  CHECK(matrix.dimension(0) == 2);
  CHECK(contains(describe<std::vector<Eigen::TensorFixedSize<double, Eigen::Sizes<2, 3>>>>(), "float64 [2, 3]"));
}
