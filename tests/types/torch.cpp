// LibTorch's tensors and modules. The build has it where the option `libtorch` names it (meson.options).
#include <cairn/types/torch.hpp>

#include "types/arrays.hpp"

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/sgd.h>

#include <array>
#include <complex>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

// The element of a tensor, by its strides.
template <class T>
T& element(torch::Tensor& tensor, const Index& index) {
  auto* place = static_cast<T*>(tensor.data_ptr());
  for (std::size_t axis = 0; axis < index.size(); ++axis) place += index[axis] * tensor.stride(std::int64_t(axis));
  return *place;
}
template <class T>
void check_elements(torch::ScalarType type, DType dtype) {
  CAPTURE(name(dtype));
  torch::Tensor rows = torch::empty({3, 5}, type), columns = torch::empty({5, 3}, type).t();
  check_round_trip<T>(dtype, rows, {3, 5}, element<T>);
  check_round_trip<T>(dtype, columns, {3, 5}, element<T>);
}

torch::Tensor counted_torch(std::vector<std::int64_t> shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) count *= extent;
  return torch::arange(1, count + 1, torch::kFloat32).reshape(shape);
}

template <std::size_t... extents>
void restore_counted(const Shape& shape, torch::Tensor& tensor) {
  auto saved = counted_tensor<float, extents...>(shape);
  restore_from(saved, tensor);
}
std::string refusal(torch::Tensor tensor, const Shape& shape, ErrorCode code = ErrorCode::invalid_argument) {
  const auto call = [&] { restore_counted<dynamic, dynamic>(shape, tensor); };
  CHECK(code_of(call) == code);
  return sentence_of(call);
}

struct Block : torch::nn::Module {
  Block() {
    dense = register_module("dense", torch::nn::Linear(3, 5));
    norm = register_module("norm", torch::nn::BatchNorm1d(5));
    scale = register_parameter("scale", torch::full({2}, 0.5));
    register_parameter("none", torch::Tensor(), false);
    mask = register_buffer("mask", torch::tensor({true, false, true}));
  }
  torch::nn::Linear dense{nullptr};
  torch::nn::BatchNorm1d norm{nullptr};
  torch::Tensor scale, mask, not_registered = torch::ones({4});
};
struct Net : torch::nn::Module {
  Net() {
    first = register_module("first", std::make_shared<Block>());
    second = register_module("second", std::make_shared<Block>());
    second->scale = second->register_parameter("tied", first->scale);
  }
  std::shared_ptr<Block> first, second;
};

std::vector<std::string> keys_of(auto& state) {
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, "state"_a = state).write("a");
  std::vector<std::string> keys;
  const std::string end = "/.ATTRIBUTES/VARIABLE_VALUE";
  const bundle::Reader reader("a", files);
  for (const auto& [key, entry] : reader.entries())
    if (key.ends_with(end)) keys.emplace_back(key.substr(6, key.size() - 6 - end.size()));
  return keys;
}

}  // namespace

TEST_CASE("a tensor of LibTorch is the tensor that NumPy shows, with any strides") {
  torch::Tensor storage = torch::zeros({4, 6, 8});
  for (torch::Tensor tensor :
       {torch::empty({2, 3, 4}), torch::empty({4, 3, 2}).permute({2, 1, 0}),
        storage.index({torch::indexing::Slice(1, 3), torch::indexing::Slice(0, 6, 2), torch::indexing::Slice(2, 6)})})
    check_round_trip<float>(tensor, {2, 3, 4}, element<float>);
  torch::Tensor vector = torch::empty({7}), scalar = torch::empty({}), empty = torch::empty({0, 5});
  check_round_trip<float>(vector, {7}, element<float>);
  check_round_trip<float>(scalar, {}, element<float>);
  check_round_trip<float>(empty, {0, 5}, element<float>);
}

TEST_CASE("the elements of LibTorch's tensors have the dtype of TensorFlow") {
  check_elements<bool>(torch::kBool, DT_BOOL);
  check_elements<std::uint8_t>(torch::kUInt8, DT_UINT8);
  check_elements<std::int8_t>(torch::kInt8, DT_INT8);
  check_elements<std::int16_t>(torch::kInt16, DT_INT16);
  check_elements<std::int32_t>(torch::kInt32, DT_INT32);
  check_elements<std::int64_t>(torch::kInt64, DT_INT64);
  check_elements<std::uint16_t>(torch::kUInt16, DT_UINT16);
  check_elements<half>(torch::kHalf, DT_HALF);
  check_elements<bfloat16>(torch::kBFloat16, DT_BFLOAT16);
  check_elements<float>(torch::kFloat32, DT_FLOAT);
  check_elements<double>(torch::kFloat64, DT_DOUBLE);
  check_elements<std::complex<float>>(torch::kComplexFloat, DT_COMPLEX64);
  check_elements<std::complex<double>>(torch::kComplexDouble, DT_COMPLEX128);
}

TEST_CASE("a tensor that is not defined takes what the checkpoint has, and is saved as nothing") {
  torch::Tensor tensor;
  restore_counted<dynamic, dynamic>({3, 5}, tensor);
  REQUIRE(tensor.defined());
  CHECK(torch::equal(tensor, counted_torch({3, 5})));
  struct State {
    torch::Tensor tensor;
    std::vector<torch::Tensor> list;
    std::map<std::string, torch::Tensor> dict;
    std::optional<torch::Tensor> maybe;
  } saved{torch::Tensor(),
          {torch::ones({2}), counted_torch({3, 5}).t()},
          {{"a", torch::ones({1}, torch::kInt64)}},
          torch::ones({3})};
  CHECK(keys_of(saved) == std::vector<std::string>{"dict/a", "list/0", "list/1", "maybe"});
  State restored{tensor, {}, {}, {}};
  restore_from(saved, restored);
  CHECK(!restored.tensor.defined());
  REQUIRE(restored.list.size() == 2);
  CHECK(torch::equal(restored.list[1], counted_torch({3, 5}).t()));
  CHECK(restored.dict["a"].dtype() == torch::kInt64);
  REQUIRE(restored.maybe.has_value());
  CHECK(torch::equal(*restored.maybe, torch::ones({3})));
}

TEST_CASE("all handles of a tensor see what is restored, and a tensor that two members hold is saved once") {
  struct State {
    torch::Tensor a, b;
  } state{torch::zeros({3, 5}), {}};
  state.b = state.a;
  CHECK(keys_of(state) == std::vector<std::string>{"a"});
  const torch::Tensor handle = state.a;
  const void* const memory = handle.data_ptr();
  restore_counted<dynamic, dynamic>({3, 5}, state.a);
  CHECK(torch::equal(handle, counted_torch({3, 5})));
  CHECK(handle.data_ptr() == memory);
  restore_counted<dynamic, dynamic>({2, 4}, state.a);
  CHECK(torch::equal(handle, counted_torch({2, 4})));
}

TEST_CASE("a tensor that requires a gradient, is a view, or has its elements from somebody else keeps its shape") {
  torch::Tensor leaf = torch::zeros({3, 5}, torch::requires_grad()), all = torch::zeros({4, 5});
  std::array<float, 15> memory{};
  torch::Tensor lent = torch::from_blob(memory.data(), {3, 5});
  for (torch::Tensor tensor : {leaf, all.narrow(0, 0, 3), all.narrow(0, 0, 3).detach(), lent}) {
    CHECK(contains(refusal(tensor, {5, 3}), "[3, 5]"));
    restore_counted<dynamic, dynamic>({3, 5}, tensor);
    CHECK(torch::equal(tensor, counted_torch({3, 5})));
  }
  CHECK(all[2][4].item<float>() == 15);
  CHECK(all[3][0].item<float>() == 0);
  CHECK(memory[14] == 15);
  CHECK(leaf.requires_grad());
  CHECK(leaf.is_leaf());
  CHECK(contains(refusal(torch::zeros({3, 5}, torch::kFloat64), {3, 5}), "float64"));
  CHECK(contains(refusal(torch::zeros({1, 5}).expand({3, 5}), {3, 5}, ErrorCode::failed_precondition), "is broadcast"));
}

TEST_CASE("a backward of what was computed before a restore reports that a tensor was modified") {
  torch::Tensor x = torch::ones({3, 5}, torch::requires_grad());
  const torch::Tensor loss = (x * x).sum();
  restore_counted<dynamic, dynamic>({3, 5}, x);
  CHECK_THROWS_WITH_AS(loss.backward(), doctest::Contains("modified by an inplace operation"), c10::Error);
  (x * x).sum().backward();
  CHECK(torch::equal(x.grad(), 2 * counted_torch({3, 5})));
}

TEST_CASE("a tensor that is on a device, sparse or lazily conjugated is refused, and says what to save") {
  const auto refuses = [](torch::Tensor tensor, ErrorCode code, std::string_view what) {
    const auto save = [&] { (void)tensor_of(tensor); };
    CHECK(code_of(save) == code);
    const std::string sentence = sentence_of(save);
    CAPTURE(sentence);
    CHECK(contains(sentence, what));
  };
  const torch::Tensor meta = torch::empty({3, 5}, torch::kMeta);
  refuses(meta, ErrorCode::unimplemented, "torch::Tensor staging = tensor.cpu()");
  CHECK(contains(refusal(meta, {3, 5}, ErrorCode::unimplemented), "the device meta"));
  refuses(torch::eye(3).to_sparse(), ErrorCode::failed_precondition, "to_dense()");
  refuses(torch::ones({2}, torch::kComplexFloat).conj(), ErrorCode::failed_precondition, "resolve_conj()");
}

TEST_CASE("a module is saved by its names, with parameters, buffers and submodules") {
  Net net;
  const std::vector<std::string> of_block{
      "dense/bias",        "dense/weight",     "mask",        "norm/bias", "norm/num_batches_tracked",
      "norm/running_mean", "norm/running_var", "norm/weight", "scale"};
  std::vector<std::string> wanted;
  for (const char* const block : {"first/", "second/"})
    for (const std::string& key : of_block) wanted.push_back(block + key);
  CHECK(keys_of(net) == wanted);  // first's scale and second's tied are one tensor
  struct State {
    std::shared_ptr<Net> net = std::make_shared<Net>();
    torch::nn::Linear head{2, 3}, none{nullptr};
    Net* again = nullptr;
  } saved, restored;
  saved.again = saved.net.get();
  restored.again = restored.net.get();
  CHECK(keys_of(saved).size() == 2 + wanted.size());
  {
    torch::NoGradGuard guard;
    saved.net->second->dense->weight.copy_(counted_torch({5, 3}));
    saved.net->first->mask.copy_(torch::tensor({false, true, true}));
    saved.net->first->norm->num_batches_tracked.fill_(77);
  }
  restore_from(saved, restored);
  CHECK(torch::equal(restored.net->second->dense->weight, counted_torch({5, 3})));
  CHECK(torch::equal(restored.net->first->mask, saved.net->first->mask));
  CHECK(restored.net->first->norm->num_batches_tracked.item<std::int64_t>() == 77);
  CHECK(torch::equal(restored.head->weight, saved.head->weight));
  CHECK(restored.none.is_empty());
}

TEST_CASE("an optimizer goes on with the parameters that were restored") {
  torch::nn::Linear saved(2, 3), restored(2, 3);
  torch::optim::SGD optimizer(restored->parameters(), torch::optim::SGDOptions(1.0));
  restore_from(saved, restored);
  restored->weight.sum().backward();
  optimizer.step();
  CHECK(torch::equal(restored->weight, saved->weight - 1));
}

TEST_CASE("a damaged file changes no parameter") {
  torch::nn::Linear saved(30, 40), restored(30, 40);
  const torch::Tensor weight = restored->weight.detach().clone(), bias = restored->bias.detach().clone();
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, "array"_a = saved).write("a");
  flip_byte(files);
  CHECK(code_of([&] { CheckpointIn(files, "array"_a = restored).read("a"); }) == ErrorCode::data_loss);
  CHECK(torch::equal(restored->weight, weight));
  CHECK(torch::equal(restored->bias, bias));
}
