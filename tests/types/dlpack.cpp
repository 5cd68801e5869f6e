// DLPack's tensors: the memory of somebody else, in any layout.
#include <cairn/types/dlpack.hpp>

#include "types/arrays.hpp"

#include <array>
#include <complex>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

// A tensor with memory of its own, as another library would make it.
struct Made {
  std::vector<std::int64_t> shape, strides;
  std::vector<std::byte> memory;
  DLManagedTensor managed{};

  Made(std::vector<std::int64_t> extents, std::uint8_t code, int bits, std::vector<std::int64_t> steps = {},
       std::uint64_t offset = 0, std::uint16_t lanes = 1)
      : shape(std::move(extents)), strides(std::move(steps)), memory(4096) {
    managed.dl_tensor = {memory.data(),
                         {kDLCPU, 0},
                         static_cast<int>(shape.size()),
                         {code, static_cast<std::uint8_t>(bits), lanes},
                         shape.data(),
                         strides.empty() ? nullptr : strides.data(),
                         offset};
    managed.manager_ctx = this;
    managed.deleter = [](DLManagedTensor* tensor) { static_cast<Made*>(tensor->manager_ctx)->is_deleted = true; };
  }
  bool is_deleted = false;

  [[nodiscard]] DLTensor& tensor() { return managed.dl_tensor; }
};

// The element of a tensor of one lane.
template <class T>
T& at(DLTensor& tensor, const Index& index) {
  auto* element = static_cast<T*>(static_cast<void*>(static_cast<std::byte*>(tensor.data) + tensor.byte_offset));
  std::int64_t step = 1;
  for (std::size_t axis = index.size(); axis-- > 0; step *= tensor.shape[axis])
    element += index[axis] * (tensor.strides == nullptr ? step : tensor.strides[axis]);
  return *element;
}
template <class T>
void check_elements(std::uint8_t code, DType dtype) {
  Made made({3, 5}, code, 8 * sizeof(T));
  check_round_trip<T>(dtype, made.tensor(), {3, 5}, at<T>);
}

template <class T, std::size_t... extents>
std::string refusal(const Shape& shape, DLTensor& tensor, ErrorCode code = ErrorCode::invalid_argument) {
  auto saved = counted_tensor<T, extents...>(shape);
  const auto call = [&] { restore_from(saved, tensor); };
  CHECK(code_of(call) == code);
  return sentence_of(call);
}
constexpr std::size_t d = dynamic;

}  // namespace

TEST_CASE("a tensor of DLPack is the tensor that NumPy shows, with strides or without") {
  Made rows({3, 5}, kDLFloat, 32), columns({3, 5}, kDLFloat, 32, {1, 3}),
      apart({2, 3, 4}, kDLFloat, 32, {50, 12, 2}, 64);
  check_round_trip<float>(rows.tensor(), {3, 5}, at<float>);
  check_round_trip<float>(columns.tensor(), {3, 5}, at<float>);
  check_round_trip<float>(apart.tensor(), {2, 3, 4}, at<float>);
  CHECK(at<float>(apart.tensor(), {0, 0, 0}) == 1);
  CHECK(apart.memory[0] == std::byte{0});
  Made vector({7}, kDLFloat, 64), scalar({}, kDLFloat, 64), empty({0, 5}, kDLFloat, 64);
  check_round_trip<double>(vector.tensor(), {7}, at<double>);
  check_round_trip<double>(scalar.tensor(), {}, at<double>);
  empty.tensor().data = nullptr;
  check_round_trip<double>(empty.tensor(), {0, 5}, at<double>);
  Made backwards({3, 5}, kDLInt, 32, {-5, 1}, 10 * sizeof(std::int32_t));
  check_round_trip<std::int32_t>(backwards.tensor(), {3, 5}, at<std::int32_t>);
}

TEST_CASE("the elements of DLPack's tensors have the dtype of TensorFlow") {
  check_elements<std::int8_t>(kDLInt, DT_INT8);
  check_elements<std::int16_t>(kDLInt, DT_INT16);
  check_elements<std::int32_t>(kDLInt, DT_INT32);
  check_elements<std::int64_t>(kDLInt, DT_INT64);
  check_elements<std::uint8_t>(kDLUInt, DT_UINT8);
  check_elements<std::uint16_t>(kDLUInt, DT_UINT16);
  check_elements<std::uint32_t>(kDLUInt, DT_UINT32);
  check_elements<std::uint64_t>(kDLUInt, DT_UINT64);
  check_elements<half>(kDLFloat, DT_HALF);
  check_elements<float>(kDLFloat, DT_FLOAT);
  check_elements<double>(kDLFloat, DT_DOUBLE);
  check_elements<bfloat16>(kDLBfloat, DT_BFLOAT16);
  check_elements<std::complex<float>>(kDLComplex, DT_COMPLEX64);
  check_elements<std::complex<double>>(kDLComplex, DT_COMPLEX128);
  check_elements<bool>(6, DT_BOOL);
  Made packed({3, 5}, kDLInt, 4);
  CHECK(code_of([&] { (void)tensor_of(packed.tensor()); }) == ErrorCode::failed_precondition);
}

TEST_CASE("lanes are one more axis, the last one") {
  Made rows({2, 3}, kDLFloat, 32, {}, 0, 4), columns({2, 3}, kDLFloat, 32, {1, 2}, 0, 4);
  auto saved = counted_tensor<float, d, d, d>({2, 3, 4});
  for (Made* const made : {&rows, &columns}) {
    restore_from(saved, made->tensor());
    CHECK(tensor_of(made->tensor()) == counted<float>({2, 3, 4}));
  }
  const auto* const numbers = static_cast<const float*>(columns.tensor().data);
  CHECK(std::vector<float>(numbers, numbers + 8) == std::vector<float>{1, 2, 3, 4, 13, 14, 15, 16});
}

TEST_CASE("a managed tensor behind a pointer is restored where it is, and never deleted") {
  Made made({3, 5}, kDLFloat, 32), other({3, 5}, kDLFloat, 32);
  struct State {
    DLManagedTensor* tensor = nullptr;
    std::unique_ptr<DLTensor> view;
  } saved{&made.managed, std::make_unique<DLTensor>(made.tensor())}, state{&other.managed, nullptr};
  state.view = std::make_unique<DLTensor>(other.tensor());
  for (int i = 0; i < 15; ++i) static_cast<float*>(made.tensor().data)[i] = static_cast<float>(i + 1);
  restore_from(saved, state);
  CHECK(at<float>(other.tensor(), {2, 4}) == 15);
  CHECK(state.tensor == &other.managed);
  CHECK(!made.is_deleted);
  CHECK(!other.is_deleted);
}

TEST_CASE("a tensor of DLPack is given no other shape or dtype") {
  Made made({3, 5}, kDLFloat, 32);
  CHECK(contains(refusal<float, d, d>({5, 3}, made.tensor()), "[3, 5]"));
  CHECK(contains(refusal<double, d, d>({3, 5}, made.tensor()), "float32"));
  CHECK(made.memory == std::vector<std::byte>(4096));
}

TEST_CASE("one place for several elements is saved as those, and never restored over itself") {
  Made made({2, 3}, kDLFloat, 32, {0, 1});
  for (int i = 0; i < 3; ++i) static_cast<float*>(made.tensor().data)[i] = static_cast<float>(i + 1);
  CHECK(tensor_of(made.tensor()) ==
        AnyTensor(Shape{2, 3}, std::span<const float>(std::array<float, 6>{1, 2, 3, 1, 2, 3})));
  const auto before = made.memory;
  CHECK(contains(refusal<float, d, d>({2, 3}, made.tensor(), ErrorCode::failed_precondition), "is broadcast"));
  CHECK(made.memory == before);
}

TEST_CASE("memory of a device is refused, with the buffer that it takes") {
  Made made({3, 5}, kDLFloat, 32);
  made.tensor().device = {kDLCUDA, 1};
  for (const std::string& sentence : {sentence_of([&] { (void)tensor_of(made.tensor()); }),
                                      refusal<float, d, d>({3, 5}, made.tensor(), ErrorCode::unimplemented)}) {
    CAPTURE(sentence);
    CHECK(contains(sentence, "the device 1 of DLPack's type 2"));
    CHECK(contains(sentence, "cudaMemcpy(staging.data, tensor.data, bytes, cudaMemcpyDeviceToHost)"));
  }
  made.tensor().device = {kDLCUDAHost, 0};
  check_round_trip<float>(made.tensor(), {3, 5}, at<float>);
  made.tensor().data = nullptr;
  CHECK(code_of([&] { (void)tensor_of(made.tensor()); }) == ErrorCode::failed_precondition);
}

TEST_CASE("a damaged file changes no tensor of DLPack") {
  Made made({3, 5}, kDLFloat, 32, {1, 3});
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, "array"_a = made.tensor()).write("a");
  flip_byte(files);
  const auto before = made.memory;
  CHECK(code_of([&] { CheckpointIn(files, "array"_a = made.tensor()).read("a"); }) == ErrorCode::data_loss);
  CHECK(made.memory == before);
}
