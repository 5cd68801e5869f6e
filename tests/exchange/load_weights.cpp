// load_weights: the model that make.py in the folder keras has saved, in all formats, into layers of C++; what does not fit
// is listed or refused, and then nothing has changed.
#include <cairn/exchange/hdf5.hpp>

#include <doctest/doctest.h>

#include <cairn/core/half.hpp>
#include <cairn/io/whole_file.hpp>
#include <cairn/keras.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"
#include "support/errors.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace keras = cairn::keras;
using cairn::ErrorCode;

std::string file(const std::string& name) { return std::string(CAIRN_SOURCE_ROOT) + "/tests/exchange/keras/" + name; }

using Layers =
    keras::Sequential<keras::LSTM<2, 2>, keras::Dense<2, 3>, keras::BatchNormalization<3>, keras::Dense<3, 2>>;
using OfTfKeras = keras::Sequential<keras::Dense<4, 3>, keras::BatchNormalization<3>, keras::Dense<3, 2>>;

// Element i of weight n is n + i / 8.
template <class V>
void check_numbered(const V& variable, double n) {
  for (std::size_t i = 0; i < variable.size(); ++i)
    CHECK(static_cast<double>(variable.data()[i]) == n + static_cast<double>(i) / 8);
}

void check_all(Layers& model) {
  const auto& cell = model.layer<0>().cell;
  check_numbered(cell.kernel, 0);
  check_numbered(cell.recurrent_kernel, 1);
  check_numbered(cell.bias, 2);
  check_numbered(model.layer<1>().kernel, 3);
  check_numbered(model.layer<1>().bias, 4);
  check_numbered(model.layer<2>().gamma, 5);
  check_numbered(model.layer<2>().beta, 6);
  check_numbered(model.layer<2>().moving_mean, 7);
  check_numbered(model.layer<2>().moving_variance, 8);
  check_numbered(model.layer<3>().kernel, 9);
  check_numbered(model.layer<3>().bias, 10);
}

template <class... Arguments>
ErrorCode code_of(const Arguments&... arguments) {
  try {
    static_cast<void>(keras::load_weights(const_cast<Arguments&>(arguments)...));
  } catch (const cairn::Error& error) {
    MESSAGE(std::string(error.what()));
    return error.code();
  }
  return ErrorCode::cancelled;
}

bool has(const std::vector<std::string>& list, std::string_view text) {
  for (const std::string& each : list)
    if (each.find(text) != each.npos) return true;
  return false;
}

}  // namespace

TEST_CASE("a Sequential is restored from each of Keras' formats, with the optimizer or without") {
  for (const char* const name : {"model.weights.h5", "model.keras", "model.h5", "sharded.weights.json"}) {
    CAPTURE(name);
    Layers model;
    keras::SGD<Layers> optimizer{.learning_rate = 7, .iterations = 7};
    keras::load_weights(model, optimizer, file(name)).assert_consumed();
    check_all(model);
    CHECK(optimizer.iterations == 0);
    CHECK(optimizer.learning_rate == 0.01f);
    CHECK_FALSE(optimizer.built);

    Layers alone;
    const cairn::LoadStatus status = keras::load_weights(alone, file(name));
    check_all(alone);
    CHECK(status.matched().size() == 11);
    CHECK(status.matched().front() == "layers.lstm.cell.vars.0");
    status.assert_existing_objects_matched().assert_nontrivial_match();
    CHECK_THROWS_AS(status.assert_consumed(), cairn::Error);
  }
}

TEST_CASE("a Functional, and files of tf-keras, are restored by the same names and order") {
  keras::Functional<keras::Input<5, 2>, keras::LSTM<2, 2>, keras::Dense<2, 3>, keras::BatchNormalization<3>,
                    keras::Dropout<0.5>, keras::Dense<3, 2>>
      functional;
  keras::load_weights(functional, file("model.keras")).assert_existing_objects_matched();
  check_numbered(functional.layer<5>().kernel, 9);
  for (const char* const name : {"tf_keras.h5", "tf_keras_weights.h5"}) {
    OfTfKeras model;
    keras::load_weights(model, file(name)).assert_consumed();
    check_numbered(model.layer<0>().kernel, 0);
    check_numbered(model.layer<1>().moving_variance, 5);
    check_numbered(model.layer<2>().bias, 7);
  }
}

namespace {

struct Named {
  keras::LSTM<2, 2> encoder;
  keras::Dense<2, 3> hidden;
  keras::BatchNormalization<3> bn;
  keras::Dense<3, 2> classifier;
  std::int64_t epoch = 3;  // attributes, as in Python
  std::string note = "mine";
};

}  // namespace

TEST_CASE("a struct with names of its own is told the renames that restore it; legacy files go by the order") {
  Named model;
  const cairn::LoadStatus status = keras::load_weights(model, file("model.weights.h5")).expect_partial();
  CHECK(status.matched().empty());
  CHECK(has(status.only_in_program(), "; layers.dense has its shapes: rename {\"layers.dense\", \"hidden\"}"));
  CHECK(has(status.only_in_program(), "; layers.dense_1 has its shapes: rename {\"layers.dense_1\", \"classifier\"}"));
  CHECK(has(status.only_in_program(), "rename {\"layers.lstm.cell\", \"encoder.cell\"}"));
  keras::load_weights(model, file("model.weights.h5"),
                      {.rename = {{"layers.lstm", "encoder"},
                                  {"layers.dense", "hidden"},
                                  {"layers.batch_normalization", "bn"},
                                  {"layers.dense_1", "classifier"}}})
      .assert_existing_objects_matched();
  check_numbered(model.encoder.cell.bias, 2);
  check_numbered(model.hidden.kernel, 3);
  check_numbered(model.bn.moving_variance, 8);
  check_numbered(model.classifier.bias, 10);
  CHECK(model.epoch == 3);
  CHECK(model.note == "mine");

  Named legacy;
  keras::load_weights(legacy, file("model.h5")).assert_existing_objects_matched();
  check_numbered(legacy.classifier.bias, 10);
  keras::load_weights(legacy, file("model.h5"), {.rename = {{"dense", "classifier"}, {"first.layer", "hidden"}}})
      .assert_existing_objects_matched();
  check_numbered(legacy.hidden.kernel, 3);
}

TEST_CASE("another shape, another dtype, another number of variables: listed or refused, and nothing has changed") {
  keras::Sequential<keras::LSTM<2, 2>, keras::Dense<2, 4>, keras::BatchNormalization<4>, keras::Dense<4, 2>> wider;
  keras::SGD<decltype(wider)> optimizer;
  const float before = wider.layer<0>().cell.kernel.data()[0];
  CHECK(code_of(wider, optimizer, file("model.weights.h5")) == ErrorCode::invalid_argument);
  CHECK(code_of(wider, file("model.h5")) == ErrorCode::invalid_argument);
  const std::string refused =
      cairn::test::sentence_of([&] { static_cast<void>(keras::load_weights(wider, file("model.h5"))); });
  CHECK(refused.starts_with("/model_weights/first.layer/model/first.layer/kernel in "));
  CHECK(has({refused},
            "float32 [2, 3] in the checkpoint, float32 [2, 4] in the program (layers.dense.vars.0), and 6 more"));
  CHECK(wider.layer<0>().cell.kernel.data()[0] == before);
  const cairn::LoadStatus skipped =
      keras::load_weights(wider, file("model.weights.h5"), {.on_mismatch = cairn::OnMismatch::skip});
  REQUIRE(skipped.mismatched().size() == 7);
  CHECK(skipped.mismatched()[0].path == "layers.dense.vars.0");
  CHECK(skipped.mismatched()[0].found == "float32 [2, 3]");
  CHECK(skipped.matched().size() == 4);
  check_numbered(wider.layer<0>().cell.kernel, 0);

  keras::Sequential<keras::LSTM<2, 2>, keras::Dense<2, 3, keras::use_bias<false>>, keras::BatchNormalization<3>,
                    keras::Dense<3, 2>>
      without_bias;
  for (const char* const name : {"model.weights.h5", "model.h5"}) {
    const cairn::LoadStatus status = keras::load_weights(without_bias, file(name)).expect_partial();
    CHECK(has(status.only_in_program(), "layers.dense.vars.0"));
    CHECK(status.matched().size() == 9);
  }

  keras::Sequential<keras::Dense<2, 2>> floats;
  CHECK(code_of(floats, file("bfloat16.weights.h5")) == ErrorCode::invalid_argument);
  keras::load_weights(floats, file("bfloat16.weights.h5"), {.cast = cairn::Cast::widen}).assert_consumed();
  check_numbered(floats.layer<0>().bias, 1);
}

TEST_CASE("renames that fit nothing, and what is no file of Keras, are refused in a sentence") {
  Layers model;
  const keras::LoadWeightsOptions options{.rename = {{"layers.gru", "layers.lstm"}}};
  CHECK(code_of(model, file("model.keras"), options) == ErrorCode::invalid_argument);
  CHECK(code_of(model, file("no such file")) == ErrorCode::not_found);
  CHECK(code_of(model, file("make.py")) == ErrorCode::data_loss);
  cairn::testing::MemoryFileSystem few;
  for (const std::string name : {"x.weights.h5", "x.keras", "x.h5"}) {
    const auto said = [&] {
      return cairn::test::sentence_of([&] { static_cast<void>(keras::load_weights(model, name, {}, few)); });
    };
    CHECK(has({said()}, "No such file or directory"));
    cairn::test::write_file(few, name, "");
    CHECK(has({said()}, "\"" + name + "\" is empty, so that nothing can be read"));
    few.remove_if_there(name);
    cairn::test::write_file(few, name, "a text of more than a few bytes");
    CHECK(has({said()}, "begins neither as an HDF5 file, which .weights.h5 and .h5 are, nor as a zip file"));
  }
  CHECK(code_of(model, file("links.h5")) == ErrorCode::unimplemented);
  keras::Sequential<keras::Dense<2, 2>> dense;
  CHECK(code_of(dense, file("missing.h5")) == ErrorCode::data_loss);
  cairn::testing::MemoryFileSystem files;
  cairn::test::write_file(files, "none.weights.json", R"({"metadata": {"total_size": 0}, "weight_map": {}})");
  CHECK(code_of(dense, std::string("none.weights.json"), keras::LoadWeightsOptions{}, files) == ErrorCode::data_loss);
  CHECK(keras::load_weights(dense, file("unnumbered.weights.h5")).expect_partial().matched().empty());
}

TEST_CASE("an optimizer of which another number of variables is saved stays as it is, and is listed") {
  Layers model;
  keras::Adam<Layers> optimizer{.iterations = 3};
  optimizer.build(model);
  keras::SGD<Layers, keras::schedules::ExponentialDecay> scheduled{
      .learning_rate = {.initial_learning_rate = 0.1, .decay_steps = 10, .decay_rate = 0.5}, .iterations = 3};
  const cairn::LoadStatus status = keras::load_weights(model, scheduled, file("model.keras"));
  CHECK(scheduled.iterations == 0);
  REQUIRE(status.only_in_checkpoint().size() == 1);
  CHECK(status.only_in_checkpoint()[0] == "optimizer.vars.1");
  CHECK(status.only_in_program().empty());
  keras::load_weights(model, optimizer, file("model.keras")).assert_consumed();  // saved before it was built
  CHECK(optimizer.iterations == 0);
  CHECK_FALSE(optimizer.built);
  optimizer.iterations = 3;
  CHECK(keras::load_weights(model, optimizer, file("tf_keras_weights.h5")).expect_partial().matched().empty());
  CHECK(optimizer.iterations == 3);
}

TEST_CASE("a class is called as Keras calls it, whatever namespaces and arguments it has") {
  using cairn::exchange::detail::class_name, cairn::exchange::detail::to_snake_case;
  const auto name = [](std::string_view type) { return to_snake_case(class_name(type)); };
  CHECK(name("cairn::keras::MaxPooling2D<2>") == "max_pooling2d");
  CHECK(name("cairn::keras::SimpleRNN<4, 5, cairn::keras::Units{3}>") == "simple_rnn");
  CHECK(name("{anonymous}::ResidualBlock") == "residual_block");
  CHECK(name("main()::MyHTTPBlock") == "my_http_block");
  CHECK(name("Outer<std::vector<int> >::Conv2DTranspose") == "conv2d_transpose");
  CHECK(name("ABCDef") == "abc_def");
  CHECK(name("A") == "a");
  CHECK(name("block2") == "block2");
  CHECK(name("My_Block") == "my__block");
}

TEST_CASE("a renamed layer goes before one that has the name already") {
  keras::Sequential<keras::Dense<3, 2>> last;
  keras::load_weights(last, file("model.weights.h5"), {.rename = {{"layers.dense_1", "layers.dense"}}})
      .assert_existing_objects_matched();
  check_numbered(last.layer<0>().kernel, 9);
}

namespace {

using Pair = keras::Sequential<keras::Dense<2, 2>, keras::Dense<2, 2>>;
struct Last {
  keras::Dense<2, 2> output;  // which Keras would come to as "layers.dense", the first of its class
};

}  // namespace

TEST_CASE("a rename goes before a layer that has the place by its class, which is listed") {
  cairn::testing::MemoryFileSystem files;
  Pair pair;
  keras::save_weights(pair, "pair.weights.h5", cairn::Durability::none, files);
  Last last;
  const cairn::LoadStatus status =
      keras::load_weights(last, "pair.weights.h5", {.rename = {{"layers.dense_1", "output"}}}, files).expect_partial();
  CHECK(last.output.kernel(1, 1) == pair.layer<1>().kernel(1, 1));
  CHECK(status.only_in_checkpoint() == std::vector<std::string>{"layers.dense.vars.0", "layers.dense.vars.1"});
  CHECK(status.only_in_program().empty());
}

TEST_CASE("an optimizer of which one slot less is saved is not taken for one without a learning rate") {
  cairn::testing::MemoryFileSystem files;
  Pair pair;
  pair.layer<1>().bias.set_trainable(false);
  keras::SGD<Pair> saved{.momentum = 0.9, .iterations = 5};
  saved.build(pair);
  keras::save_weights(pair, saved, "frozen.weights.h5", cairn::Durability::none, files);
  for (const cairn::OnMismatch policy : {cairn::OnMismatch::error, cairn::OnMismatch::skip}) {
    Pair model;
    keras::SGD<Pair> optimizer{.momentum = 0.9, .iterations = 3};
    const cairn::LoadStatus status =
        keras::load_weights(model, optimizer, "frozen.weights.h5", {.on_mismatch = policy}, files).expect_partial();
    CHECK(model.layer<0>().kernel(1, 1) == pair.layer<0>().kernel(1, 1));
    CHECK(optimizer.iterations == 3);
    CHECK(status.only_in_program().size() == 6);
    CHECK(status.only_in_checkpoint().size() == 5);
    CHECK(status.mismatched().empty());
  }
}

namespace {

using Inner = keras::Sequential<keras::Dense<2, 2>, keras::BatchNormalization<2>,
                                keras::Sequential<keras::Dense<2, 2>, keras::Dense<2, 2>>>;
using WithInner = keras::Sequential<Inner, keras::Dense<2, 2>>;

void check_inner(WithInner& model) {
  Inner& inner = model.layer<0>();
  check_numbered(inner.layer<0>().kernel, 0);
  check_numbered(inner.layer<0>().bias, 1);
  check_numbered(inner.layer<1>().gamma, 2);
  check_numbered(inner.layer<1>().moving_variance, 5);
  check_numbered(inner.layer<2>().layer<0>().kernel, 6);
  check_numbered(inner.layer<2>().layer<1>().bias, 9);
  check_numbered(model.layer<1>().kernel, 10);
}

}  // namespace

TEST_CASE("layers that are frozen within an inner model are found in a legacy file, in which they come last") {
  const auto freeze = [](WithInner& model) {
    Inner& inner = model.layer<0>();
    for (auto* const layer : {&inner.layer<0>(), &inner.layer<2>().layer<0>()}) {
      layer->kernel.set_trainable(false);
      layer->bias.set_trainable(false);
    }
  };
  for (const char* const name : {"frozen.h5", "tf_keras_frozen.h5"}) {
    CAPTURE(name);
    WithInner model, with_frozen;
    keras::load_weights(model, file(name)).assert_consumed();
    check_inner(model);
    freeze(with_frozen);
    keras::load_weights(with_frozen, file(name)).assert_consumed();
    check_inner(with_frozen);
  }
  // Of weights alone nothing tells the order: as in Keras, the program must have frozen the same.
  WithInner model, with_frozen;
  freeze(with_frozen);
  keras::load_weights(with_frozen, file("tf_keras_frozen_weights.h5")).assert_consumed();
  check_inner(with_frozen);
  const cairn::LoadStatus status = keras::load_weights(model, file("tf_keras_frozen_weights.h5")).expect_partial();
  CHECK(status.matched().size() == 2);
  CHECK(
      has(status.only_in_program(), "in another order, as where some of them were frozen: call set_trainable(false)"));
}

namespace {

// Whose slot of variable i has i + j / 8 in element j, or 10 more.
template <class Slots>
void check_slots(Slots& slots, double first) {
  check_numbered(slots.template get<0>(), first);
  check_numbered(slots.template get<1>(), first + 1);
  check_numbered(slots.template get<2>(), first + 2);
  check_numbered(slots.template get<3>(), first + 3);
}
template <class Adam>
void check_adam(const cairn::LoadStatus& status, Adam& optimizer, std::size_t missing) {
  CHECK(status.only_in_program().size() == missing);  // tf-keras saves no learning rate
  CHECK(status.only_in_checkpoint().empty());
  CHECK(optimizer.iterations == 1);
  CHECK(optimizer.built);
  check_slots(optimizer.momentums, 0);
  check_slots(optimizer.velocities, 10);
}

}  // namespace

TEST_CASE("the slots of a legacy optimizer are found by their names: its file has all m, then all v") {
  Pair model;
  keras::Adam<Pair> adam;
  check_adam(keras::load_weights(model, adam, file("legacy_adam.h5")), adam, 1);
  keras::v2::Adam<Pair> v2;
  check_adam(keras::load_weights(model, v2, file("legacy_adam.h5")), v2, 0);
  keras::v2::legacy::Adam<Pair> legacy;
  check_adam(keras::load_weights(model, legacy, file("legacy_adam.h5")), legacy, 0);
  check_numbered(model.layer<1>().kernel, 2);

  keras::v2::legacy::SGD<Pair> sgd{.iterations = 3};  // has other slots, and stays as it is
  CHECK(keras::load_weights(model, sgd, file("legacy_adam.h5")).only_in_checkpoint().size() == 9);
  CHECK(sgd.iterations == 3);
  CHECK_FALSE(sgd.built);
}

TEST_CASE(
    "a state that is another optimizer's, or whose names tell nothing, is left alone and listed with the reason") {
  const std::string sound = cairn::io::read_whole_file(cairn::io::native(), file("legacy_adam.h5"), 1 << 20);
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string bytes = sound;
    for (std::size_t at = bytes.find(from); at != bytes.npos; at = bytes.find(from, at))
      bytes.replace(at, to.size(), to);
    cairn::testing::MemoryFileSystem files;
    cairn::test::write_file(files, "x.h5", bytes);
    Pair model;
    keras::Adam<Pair> adam{.iterations = 3};
    const cairn::LoadStatus status = keras::load_weights(model, adam, "x.h5", {}, files).expect_partial();
    CHECK(adam.iterations == 3);
    CHECK_FALSE(adam.built);
    CHECK(status.matched().size() == 4);
    CHECK(status.only_in_checkpoint().size() == 9);
    REQUIRE(status.only_in_program().size() == 10);
    return status.only_in_program().front();
  };
  CHECK(with("Adam", "Lamb") == "optimizer.vars.0; the file has the state of \"Lamb\", which is another optimizer's");
  CHECK(has({with("m:0", "n:0")}, "do not tell which slot is which"));
  CHECK(has({with("iter:0", "step:0")}, "do not tell which slot is which"));
}

TEST_CASE("a layer that is called optimizer is a layer in a legacy file") {
  keras::Sequential<keras::Dense<2, 2>, keras::Dense<2, 2>, keras::Dense<2, 2>> model;
  keras::load_weights(model, file("partly.h5")).assert_consumed();
  check_numbered(model.layer<0>().kernel, 0);
  check_numbered(model.layer<2>().bias, 5);
  keras::SGD<decltype(model)> optimizer{.iterations = 3};
  CHECK(keras::load_weights(model, optimizer, file("partly.h5")).expect_partial().matched().size() == 6);
  CHECK(optimizer.iterations == 3);
}

TEST_CASE("a file that is cut or changed gives a model its values, or an Error and nothing") {
  cairn::testing::MemoryFileSystem files;
  const std::string sound = cairn::io::read_whole_file(cairn::io::native(), file("model.weights.h5"), 1 << 20);
  const Layers before;
  int refused = 0;
  const auto try_file = [&](const std::string& bytes) {
    files.remove_if_there("x.weights.h5");
    cairn::test::write_file(files, "x.weights.h5", bytes);
    Layers model = before;
    keras::SGD<Layers> optimizer;
    try {
      static_cast<void>(keras::load_weights(model, optimizer, "x.weights.h5", {}, files));
    } catch (const cairn::Error& error) {
      ++refused;
      CHECK((error.code() == ErrorCode::data_loss || error.code() == ErrorCode::unimplemented ||
             error.code() == ErrorCode::invalid_argument));
      CHECK(model.layer<0>().cell.kernel(1, 1) == before.layer<0>().cell.kernel(1, 1));
      CHECK(model.layer<3>().bias(1) == before.layer<3>().bias(1));
    }
  };
  try_file(sound);
  CHECK(refused == 0);
  try_file(sound.substr(0, sound.size() / 2));
  CHECK(refused == 1);
  for (std::size_t at = 0; at < sound.size(); at += 131) {
    std::string bytes = sound;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << at % 8));
    try_file(bytes);
  }
  CHECK(refused > 10);
}
