// Keras' own files: what make.py in the folder keras has written is read with its values; what is no such file, leads out of
// it, or says to be larger than it is, is refused.
#include <cairn/exchange/hdf5.hpp>

#include <doctest/doctest.h>

#include <cairn/core/half.hpp>
#include <cairn/exchange/convert.hpp>
#include <cairn/io/whole_file.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// The library asks for memory as a damaged file wants it, takes a refusal, and leaves some behind then.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1:detect_leaks=0"; }

namespace {

using cairn::ErrorCode;
using cairn::TensorFile;

std::string file(const std::string& name) { return std::string(CAIRN_SOURCE_ROOT) + "/tests/exchange/keras/" + name; }

std::vector<std::string> names_of(const TensorFile& weights) {
  std::vector<std::string> names;
  for (const TensorFile::Tensor& tensor : weights.tensors()) names.push_back(tensor.name);
  return names;
}

// The values that make.py gave to weight n.
template <class T>
void check_numbered(const cairn::AnyTensor& value, double n) {
  std::size_t i = 0;
  for (const T element : value.span<T>())
    CHECK(static_cast<double>(static_cast<float>(element)) == n + static_cast<double>(i++) / 8);
  CHECK(i > 0);
}

ErrorCode code_of(const std::string& name) {
  try {
    const TensorFile weights = cairn::read_keras(file(name));
    for (const TensorFile::Tensor& tensor : weights.tensors()) (void)weights.read(tensor);
  } catch (const cairn::Error& error) {
    MESSAGE(std::string(error.what()));
    return error.code();
  }
  return ErrorCode::cancelled;
}

}  // namespace

TEST_CASE("the weights of Keras 3 are read from .weights.h5 and .keras, in the order of their numbers") {
  const std::vector<std::string> names{"layers.batch_normalization.vars.0",
                                       "layers.batch_normalization.vars.1",
                                       "layers.batch_normalization.vars.2",
                                       "layers.batch_normalization.vars.3",
                                       "layers.dense.vars.0",
                                       "layers.dense.vars.1",
                                       "layers.dense_1.vars.0",
                                       "layers.dense_1.vars.1",
                                       "layers.lstm.cell.vars.0",
                                       "layers.lstm.cell.vars.1",
                                       "layers.lstm.cell.vars.2",
                                       "optimizer.vars.0",
                                       "optimizer.vars.1"};
  const double numbers[] = {5, 6, 7, 8, 3, 4, 9, 10, 0, 1, 2};
  for (const char* const name : {"model.weights.h5", "model.keras"}) {
    CAPTURE(name);
    const TensorFile weights = cairn::read_keras(file(name));
    CHECK(names_of(weights) == names);
    for (std::size_t i = 0; i < std::size(numbers); ++i) check_numbered<float>(weights.read(names[i]), numbers[i]);
    CHECK(weights.at("layers.lstm.cell.vars.0").shape == cairn::Shape{2, 8});
    CHECK(weights.read("optimizer.vars.0").scalar<std::int64_t>() == 0);
  }
}

TEST_CASE("weights that Keras has divided among files are read as one, and no name leads out of their folder") {
  const TensorFile whole = cairn::read_keras(file("model.weights.h5")),
                   shards = cairn::read_keras(file("sharded.weights.json"));
  CHECK(names_of(shards) == names_of(whole));
  for (const TensorFile::Tensor& tensor : whole.tensors()) CHECK(shards.read(tensor.name) == whole.read(tensor));
  cairn::testing::MemoryFileSystem files;
  const auto code_of_list = [&](const std::string& text) {
    files.remove_if_there("x.weights.json");
    cairn::test::write_file(files, "x.weights.json", text);
    try {
      (void)cairn::read_keras("x.weights.json", files);
    } catch (const cairn::Error& error) {
      MESSAGE(std::string(error.what()));
      return error.code();
    }
    return ErrorCode::cancelled;
  };
  cairn::test::write_file(files, "a.weights.h5",
                          cairn::io::read_whole_file(cairn::io::native(), file("bfloat16.weights.h5"), 1 << 20));
  const auto list = [](const std::string& map) {
    return R"({"metadata": {"total_size": 12.0, "more": [true, null, "x", -1e5, {}]}, "weight_map": )" + map + "}";
  };
  CHECK(code_of_list(list(R"({"/layers/dense/vars": ["a.weights.h5"]})")) == ErrorCode::cancelled);
  CHECK(code_of_list(list(R"({"/layers/dense/vars": "b.weights.h5"})")) == ErrorCode::not_found);
  CHECK(code_of_list(list(R"({"/layers/dense_1/vars": "a.weights.h5"})")) == ErrorCode::data_loss);
  for (const char* const name : {"", ".", "..", "../a.weights.h5", "/a.weights.h5", "C:a", "x\\\\a", "a\\u0000"})
    CHECK(code_of_list(list(R"({"/layers/dense/vars": ")" + std::string(name) + "\"}")) == ErrorCode::data_loss);
  for (const char* const text :
       {"", "{}", "[]", "{\"weight_map\": {}}", "{\"weight_map\": {\"/a\": [1]}}", "{\"a\": }"})
    CHECK(code_of_list(text) == ErrorCode::data_loss);
  CHECK(code_of_list("{\"a\": " + std::string(100'000, '[')) == ErrorCode::data_loss);
}

TEST_CASE("a legacy file's weights come in the order of its lists of names") {
  const TensorFile keras_3 = cairn::read_keras(file("model.h5"));
  const char* const wanted[] = {"lstm.model.lstm.lstm_cell.kernel",
                                "lstm.model.lstm.lstm_cell.recurrent_kernel",
                                "lstm.model.lstm.lstm_cell.bias",
                                "first.layer.model.first.layer.kernel",
                                "first.layer.model.first.layer.bias",
                                "batch_normalization.model.batch_normalization.gamma",
                                "batch_normalization.model.batch_normalization.beta",
                                "batch_normalization.model.batch_normalization.moving_mean",
                                "batch_normalization.model.batch_normalization.moving_variance",
                                "dense.model.dense.kernel",
                                "dense.model.dense.bias"};
  std::size_t n = 0;
  for (const char* const name : wanted) {
    REQUIRE(keras_3.tensors().at(n).name == std::string("model_weights.") + name);
    check_numbered<float>(keras_3.read(keras_3.tensors()[n]), static_cast<double>(n));
    ++n;
  }
  const TensorFile whole = cairn::read_keras(file("tf_keras.h5")),
                   weights = cairn::read_keras(file("tf_keras_weights.h5"));
  REQUIRE(weights.tensors().size() == 8);
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(whole.tensors().at(i).name == "model_weights." + weights.tensors()[i].name);
    check_numbered<float>(weights.read(weights.tensors()[i]), static_cast<double>(i));
    check_numbered<float>(whole.read(whole.tensors()[i]), static_cast<double>(i));
  }
  CHECK(weights.tensors()[0].name == "dense.dense.kernel:0");
}

TEST_CASE("bfloat16, other dtypes, compressed and big-endian datasets, scalars and empty ones are read") {
  for (const char* const name : {"bfloat16.weights.h5", "bfloat16.h5", "tf_keras_bfloat16.weights.h5"}) {
    const TensorFile half = cairn::read_keras(file(name));
    REQUIRE(half.tensors().size() == 2);
    for (const int n : {0, 1})
      check_numbered<cairn::bfloat16>(half.read(half.tensors()[static_cast<std::size_t>(n)]), n);
  }
  const TensorFile kinds = cairn::read_keras(file("kinds.h5"));
  check_numbered<float>(kinds.read("plain.big_endian"), 0);
  CHECK(kinds.at("plain.bool").dtype == cairn::DT_BOOL);
  check_numbered<double>(kinds.read("plain.double"), 2);
  check_numbered<cairn::half>(kinds.read("plain.half"), 3);
  CHECK(kinds.read("plain.int8").span<std::int8_t>()[5] == 4);
  CHECK(kinds.read("plain.uint64").span<std::uint64_t>()[5] == 5);
  check_numbered<float>(kinds.read("packed.gzip"), 6);
  CHECK(kinds.at("packed.gzip").shape == cairn::Shape{40, 10});
  CHECK(kinds.read("scalar").scalar<std::int64_t>() == 9);
  CHECK(kinds.read("empty").shape() == cairn::Shape{0, 3});
}

TEST_CASE("what leads out of the file, is larger than its bytes, or is no weight is refused in a sentence") {
  CHECK(code_of("links.h5") == ErrorCode::unimplemented);
  CHECK(code_of("external.h5") == ErrorCode::unimplemented);
  CHECK(code_of("strings.h5") == ErrorCode::unimplemented);
  CHECK(code_of("huge.h5") == ErrorCode::data_loss);
  CHECK(code_of("cycle.h5") == ErrorCode::data_loss);
  CHECK(code_of("make.py") == ErrorCode::data_loss);
  CHECK(code_of("no such file") == ErrorCode::not_found);
}

TEST_CASE("a file that is cut or changed gives its values or an Error, wherever that is") {
  cairn::testing::MemoryFileSystem files;
  const std::string sound = cairn::io::read_whole_file(cairn::io::native(), file("bfloat16.weights.h5"), 1 << 20);
  const auto try_file = [&](const std::string& bytes) {
    files.remove_if_there("x.weights.h5");
    cairn::test::write_file(files, "x.weights.h5", bytes);
    try {
      const TensorFile weights = cairn::read_keras("x.weights.h5", files);
      for (const TensorFile::Tensor& tensor : weights.tensors()) (void)weights.read(tensor);
      return true;
    } catch (const cairn::Error& error) {
      CHECK((error.code() == ErrorCode::data_loss || error.code() == ErrorCode::unimplemented));
      return false;
    }
  };
  CHECK(try_file(sound));
  CHECK_FALSE(try_file(sound.substr(0, sound.size() / 2)));
  int refused = 0;
  for (std::size_t at = 0; at < sound.size(); at += 23) {
    std::string bytes = sound;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << at % 8));
    refused += !try_file(bytes);
  }
  CHECK(refused > 10);
}

TEST_CASE("a model of Keras becomes a checkpoint with a child for each group") {
  cairn::testing::MemoryFileSystem files;
  cairn::save_checkpoint(cairn::read_keras(file("model.keras")), "imported", {}, files);
  const cairn::CheckpointReader reader("imported", files);
  CHECK(reader.has_tensor("layers/dense/vars/0/.ATTRIBUTES/VARIABLE_VALUE"));
  check_numbered<float>(reader.get_tensor("layers/dense/vars/0/.ATTRIBUTES/VARIABLE_VALUE"), 3);
}
