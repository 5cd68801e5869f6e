// save_weights: the names are those of Keras' own file, what is saved is loaded again, and what cannot be saved, or fails,
// leaves the former file. tests/interop/keras_files asks Keras.
#include <cairn/exchange/hdf5.hpp>

#include <doctest/doctest.h>

#include <cairn/core/half.hpp>
#include <cairn/keras.hpp>
#include <cairn/testing/faulty_file_system.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include <complex>
#include <cstdint>
#include <string>
#include <vector>

namespace {

namespace keras = cairn::keras;
using cairn::ErrorCode;

using Layers =
    keras::Sequential<keras::LSTM<2, 2>, keras::Dense<2, 3>, keras::BatchNormalization<3>, keras::Dense<3, 2>>;

std::vector<std::string> names_of(const cairn::TensorFile& weights) {
  std::vector<std::string> names;
  for (const auto& tensor : weights.tensors()) names.push_back(tensor.name);
  return names;
}

struct Inner {
  keras::Dense<2, 2> first;
  keras::Dense<2, 2> second;
};
struct Model {
  keras::Dense<2, 2> dense;
  Inner block;
  std::vector<keras::Dense<2, 3>> heads{2};
  cairn::Variable<cairn::half, 2> halves;
  cairn::Variable<cairn::bfloat16, 3> brains;
  std::vector<std::int8_t> bytes{1, -2, 3};
  std::vector<bool> bits{true, false, true};
  double share = 0.5;
};

template <class Save>
ErrorCode code_of(const Save& save) {
  try {
    save();
  } catch (const cairn::Error& error) {
    MESSAGE(std::string(error.what()));
    return error.code();
  }
  return ErrorCode::cancelled;
}

}  // namespace

TEST_CASE("a file has the names that Keras gives, and the values come back with the optimizer") {
  cairn::testing::MemoryFileSystem files;
  Layers model;
  keras::SGD<Layers> optimizer{.learning_rate = 0.25f, .momentum = 0.9, .iterations = 3};
  keras::save_weights(model, optimizer, "new/model.weights.h5", cairn::Durability::full, files);
  const std::string made = std::string(CAIRN_SOURCE_ROOT) + "/tests/exchange/keras/model.weights.h5";
  CHECK(names_of(cairn::read_keras("new/model.weights.h5", files)) == names_of(cairn::read_keras(made)));

  optimizer.build(model);
  keras::save_weights(model, optimizer, "new/model.weights.h5", cairn::Durability::full, files);
  Layers loaded;
  keras::SGD<Layers> its_optimizer{.momentum = 0.9};
  keras::load_weights(loaded, its_optimizer, "new/model.weights.h5", {}, files).assert_consumed();
  CHECK(its_optimizer.iterations == 3);
  CHECK(its_optimizer.learning_rate == 0.25f);
  CHECK(bool{its_optimizer.built});
  CHECK(loaded.layer<1>().kernel(1, 2) == model.layer<1>().kernel(1, 2));
  CHECK(files.list_directory("new") == std::vector<std::string>{"model.weights.h5"});
}

TEST_CASE("structs in each other, lists and every dtype that Keras has come back") {
  cairn::testing::MemoryFileSystem files;
  Model model;
  model.halves(1) = cairn::half(1.5f);
  model.brains(2) = cairn::bfloat16(-2.5f);
  model.share = 0.75;
  keras::save_weights(model, "m.weights.h5", cairn::Durability::none, files);
  const cairn::TensorFile weights = cairn::read_keras("m.weights.h5", files);
  CHECK(weights.at("vars.0").dtype == cairn::DT_HALF);  // trainable ones first
  CHECK(weights.at("vars.1").dtype == cairn::DT_BFLOAT16);
  CHECK(weights.at("vars.2").dtype == cairn::DT_INT8);
  CHECK(weights.at("vars.3").dtype == cairn::DT_BOOL);
  CHECK_FALSE(weights.contains("vars.4"));  // a plain number is an attribute, as in Python
  CHECK(weights.at("heads.dense_1.vars.0").shape == cairn::Shape{2, 3});
  for (const char* const name : {"block.first.vars.0", "block.second.vars.0", "block.layers.dense_1.vars.0"})
    CHECK(weights.contains(name));
  Model loaded;
  loaded.bytes = {0, 0, 0};
  loaded.bits = {false, false, false};
  keras::load_weights(loaded, "m.weights.h5", {}, files).assert_consumed();
  CHECK(static_cast<float>(loaded.halves(1)) == 1.5f);
  CHECK(static_cast<float>(loaded.brains(2)) == -2.5f);
  CHECK(loaded.bytes == model.bytes);
  CHECK(loaded.bits == model.bits);
  CHECK(loaded.share == 0.5);
  CHECK(loaded.block.second.kernel(1, 0) == model.block.second.kernel(1, 0));
  CHECK(loaded.heads[1].kernel(1, 2) == model.heads[1].kernel(1, 2));
}

TEST_CASE("what cannot be saved, and a disk that is full, leaves the former file") {
  cairn::testing::MemoryFileSystem files;
  keras::Dense<2, 2> model;
  keras::save_weights(model, "d/m.weights.h5", cairn::Durability::full, files);
  struct {
    keras::Dense<2, 2> dense;
    std::string name = "not a weight";
    std::vector<std::complex<float>> complex{{1, 2}};
  } with_complex;
  keras::v2::legacy::SGD<keras::Dense<2, 2>> legacy;
  const auto durability = cairn::Durability::full;
  CHECK(code_of([&] { keras::save_weights(model, "d/m.h5", durability, files); }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { keras::save_weights(with_complex, "d/m.weights.h5", durability, files); }) ==
        ErrorCode::unimplemented);
  CHECK(code_of([&] { keras::save_weights(model, legacy, "d/m.weights.h5", durability, files); }) ==
        ErrorCode::invalid_argument);
  keras::Dense<2, 2> other;
  cairn::testing::FaultyFileSystem counted(files);
  keras::save_weights(other, "d/n.weights.h5", durability, counted);
  for (std::uint64_t at = 1; at < counted.calls(); ++at) {  // the last one syncs the folder
    cairn::testing::FaultyFileSystem failing(files, {.at = at});
    CHECK_THROWS_AS(keras::save_weights(other, "d/m.weights.h5", durability, failing), cairn::Error);
  }
  CHECK(files.list_directory("d").size() == 2);
  keras::Dense<2, 2> loaded;
  keras::load_weights(loaded, "d/m.weights.h5", {}, files).assert_consumed();
  CHECK(loaded.kernel(1, 1) == model.kernel(1, 1));
}

TEST_CASE("two files in memory are two, while both are open") {
  cairn::testing::MemoryFileSystem files;
  keras::Dense<2, 2> dense;
  keras::Dense<3, 4> other;
  keras::save_weights(dense, "dense.weights.h5", cairn::Durability::none, files);
  const cairn::TensorFile first = cairn::read_keras("dense.weights.h5", files);
  keras::save_weights(other, "other.weights.h5", cairn::Durability::none, files);
  const cairn::TensorFile second = cairn::read_keras("other.weights.h5", files);
  CHECK(first.at("vars.0").shape == cairn::Shape{2, 2});
  CHECK(second.at("vars.0").shape == cairn::Shape{3, 4});
  CHECK(second.read("vars.0").span<float>()[11] == other.kernel(2, 3));
  const cairn::exchange::detail::Hdf5Writer one("a"), two("a");
  CHECK(one.image().size() == two.image().size());
}
