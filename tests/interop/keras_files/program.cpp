// Keras' own files: what Keras saved is loaded into layers and trained on, and Keras loads what save_weights saved, and
// trains it on. A Sequential with another one in it, a functional model, and subclassed models in each other.
#include "interop/keras_training.hpp"

#include <cairn/edit/propose_renames.hpp>
#include <cairn/exchange/hdf5.hpp>

#include <tuple>

namespace keras = cairn::keras;
using namespace cairn::literals;
using namespace cairn::test;

namespace {

// In place of checkpoints: of `half`, Keras has also saved whole models.
struct AsKerasFiles {
  template <class Model, class Optimizer>
  static void restore(const std::filesystem::path& file, Model& model, Optimizer& optimizer) {
    for (const char* const ending : {".h5", ".keras", ".weights.h5"}) {
      const std::string path = file.string() + ending;
      if (!std::filesystem::exists(path)) continue;
      Model fresh;
      Optimizer its_optimizer = optimizer;
      its_optimizer.built = {};
      keras::load_weights(fresh, its_optimizer, path).assert_consumed();
      keras::load_weights(model, optimizer, path).assert_consumed();
      CAIRN_EXPECT(flat(cairn::trainable_variables(fresh)) == flat(cairn::trainable_variables(model)));
      CAIRN_EXPECT(slots_of(its_optimizer) == slots_of(optimizer));
      CAIRN_EXPECT(its_optimizer.iterations == optimizer.iterations && its_optimizer.built == optimizer.built);
    }
  }
  template <class Model, class Optimizer>
  static void save(const std::filesystem::path& file, Model& model, Optimizer& optimizer) {
    keras::save_weights(model, optimizer, file.string() + ".weights.h5");
  }
};

using Images = keras::Sequential<
    keras::Input<8, 7, 2>, keras::Conv2D<2, 3, 3, keras::relu, keras::padding<"same">>,
    keras::BatchNormalization<3, keras::momentum<0.9>>, keras::MaxPooling2D<2>, keras::Dropout<0.0>, keras::Flatten,
    keras::Sequential<keras::Dense<36, 4, keras::tanh>, keras::BatchNormalization<4>, keras::Dense<4, 4>>,
    keras::LayerNormalization<4>, keras::Dense<4, 3, keras::softmax>>;
using Recurrent =
    keras::Functional<keras::Input<4>, keras::Embedding<9, 4>, keras::SimpleRNN<4, 5, keras::return_sequences<true>>,
                      keras::GRU<5, 4, keras::return_sequences<true>>, keras::LSTM<4, 3>, keras::Dense<3, 2>>;
struct Block {
  keras::Dense<5, 5, keras::selu> first;
  keras::Dense<5, 5, keras::tanh> second;

  auto operator()(const auto& x) const { return second(first(x)); }
};
struct Words {
  keras::Embedding<9, 5> embedding;
  Block block;
  Block sublayer;
  std::tuple<keras::Dense<5, 5, keras::silu>, keras::LayerNormalization<5>, keras::Dense<5, 4>> rest;
  keras::Flatten flatten;
  keras::Dense<16, 3> a_last;
  keras::Dense<3, 3> _hidden;
  cairn::Variable<float, 3> scale{cairn::Tensor<float, 3>{1, 1, 1}};

  auto operator()(const auto& x) const {
    const auto& [first, norm, second] = rest;
    return _hidden(a_last(flatten(second(norm(first(sublayer(block(embedding(x))))))))) * scale;
  }
};

using Pictures = cairn::Variable<float, 6, 8, 7, 2>;
using Ids = cairn::Variable<std::int64_t, 6, 4>;
using Values = cairn::Variable<float, 6, 3>;
using Pairs = cairn::Variable<float, 6, 2>;

template <class Y>
Course<Ids, Y> ids() {
  Course<Ids, Y> course;
  for (std::size_t i = 0; i < course.x.size(); ++i) course.x.data()[i] = static_cast<std::int64_t>(i * 7 % 9);
  return course;
}

void all(Verb verb, const std::filesystem::path& directory) {
  cairn::random::set_seed(3);
  Course<Pictures, Values> images;
  images.x.assign(cairn::random::normal<float, 6, 8, 7, 2>());
  images.y.assign(cairn::random::normal<float, 6, 3>());
  go<Images, AsKerasFiles>(verb, directory, "images", keras::Adam<Images>{.learning_rate = 0.01f},
                           keras::MeanSquaredError{}, images);
  go<Recurrent, AsKerasFiles>(verb, directory, "recurrent",
                              keras::RMSprop<Recurrent>{.learning_rate = 0.01f, .momentum = 0.5, .centered = true},
                              NoLoss{}, ids<Pairs>());
  auto words = ids<Values>();
  words.y.assign(cairn::random::normal<float, 6, 3>());
  go<Words, AsKerasFiles>(verb, directory, "words", keras::SGD<Words>{.learning_rate = 0.05f, .momentum = 0.9},
                          keras::MeanSquaredError{}, words);
}

// tf-keras: its files go both ways, too. It has no learning rate in them.
using Small = keras::Sequential<keras::Dense<3, 4, keras::tanh>, keras::BatchNormalization<4>, keras::Dense<4, 2>>;
struct Subclassed {
  keras::Dense<3, 4, keras::tanh> project;
  std::tuple<keras::Dense<4, 4>, keras::BatchNormalization<4>> blocks;
  keras::Dense<4, 2> a_last;
  cairn::Variable<float, 2> scale{cairn::Tensor<float, 2>{1, 2}};

  auto operator()(const auto& x) const { return a_last(std::get<1>(blocks)(std::get<0>(blocks)(project(x)))) * scale; }
};
const cairn::Tensor<float, 2, 3> some_x{{1, -2, 0.5f}, {0.25f, 3, -1}};

// Loads each file into a model, in which it finds all, and compares what that makes of x with `y`.
template <class Model, class Optimizer, class OfKeras2>
void read_tf_keras(const std::filesystem::path& folder, std::initializer_list<const char*> names) {
  cairn::Variable<float, 2, 2> y;
  cairn::Checkpoint{"y"_a = y}.read((folder / "data").string()).assert_consumed();
  for (const char* const name : names) {
    Model model;
    Optimizer optimizer{.momentum = 0.9};
    const auto status = keras::load_weights(model, optimizer, (folder / name).string());
    CAIRN_EXPECT(status.only_in_checkpoint().empty());
    CAIRN_EXPECT(status.only_in_program() == std::vector<std::string>{"optimizer.vars.1"});
    CAIRN_EXPECT(optimizer.iterations == 1 && optimizer.built);
    OfKeras2 v2{.momentum = 0.9};
    keras::load_weights(model, v2, (folder / name).string()).assert_consumed();
    CAIRN_EXPECT(slots_of(v2) == slots_of(optimizer));
    const auto made = model(some_x);
    expect_close(folder.filename().string() + ": " + name, {made.data(), made.size()}, {y.data(), y.size()}, 1e-6);
  }
}
template <class Model, class OfKeras2>
void write_tf_keras(const std::filesystem::path& folder) {
  Model model;
  OfKeras2 optimizer{.momentum = 0.9, .iterations = 5};
  optimizer.build(model);
  keras::save_weights(model, optimizer, (folder / "model.weights.h5").string());
  cairn::Variable<float, 2, 2> y{model(some_x)};
  cairn::Checkpoint{"y"_a = y}.write((folder / "data").string());
}

// What model.export() has written: its values have other names, which propose_renames finds.
using Exported = keras::Sequential<keras::Dense<3, 4, keras::tanh>, keras::BatchNormalization<4>, keras::Dropout<0.5>,
                                   keras::Dense<4, 4>, keras::Dense<4, 2>>;
struct Hidden {
  keras::Dense<3, 4, keras::relu> hidden;
  keras::Dense<4, 4> again;
  keras::Dense<4, 2> out;

  auto operator()(const auto& x) const { return out(again(hidden(x))); }
};
using Nested = keras::Sequential<keras::Sequential<keras::Dense<3, 4, keras::tanh>, keras::Dense<4, 4>>,
                                 keras::Dense<4, 4>, keras::Dense<4, 2>>;
template <class Model>
void read_exported(const std::filesystem::path& folder) {
  cairn::Variable<float, 2, 2> y;
  cairn::Checkpoint{"y"_a = y}.read((folder / "data").string()).assert_consumed();
  const std::string path = (folder / "model").string();
  Model model;
  cairn::Checkpoint checkpoint{"model"_a = model};
  const std::vector<cairn::Rename> renames = cairn::propose_renames(model, path, "model");
  checkpoint.read(path, {.rename = renames}).assert_existing_objects_matched();
  const auto made = model(some_x);
  expect_close("exported " + folder.filename().string(), {made.data(), made.size()}, {y.data(), y.size()}, 1e-6);
  const std::string text = cairn::to_string(renames);
  CAIRN_EXPECT(text.starts_with("{.rename = {{\"variables.0\", \"model."));
  Model alone;  // as the root
  cairn::Checkpoint of_root{alone};
  of_root.read(path, {.rename = cairn::propose_renames(alone, path)}).assert_existing_objects_matched();
  const auto again = alone(some_x);
  expect_close("exported root", {again.data(), again.size()}, {y.data(), y.size()}, 1e-6);
}

}  // namespace

void read(const std::filesystem::path& directory) {
  all(Verb::read, directory);
  read_exported<Exported>(directory / "exported_sequential");
  read_exported<Hidden>(directory / "exported_functional");
  read_exported<Nested>(directory / "exported_nested");
  read_tf_keras<Small, keras::RMSprop<Small>, keras::v2::RMSprop<Small>>(
      directory / "small", {"model.keras", "model.weights.h5", "model.h5"});
  read_tf_keras<Subclassed, keras::SGD<Subclassed>, keras::v2::SGD<Subclassed>>(directory / "subclassed",
                                                                                {"model.weights.h5"});
}
void write(const std::filesystem::path& directory) {
  all(Verb::write, directory);
  write_tf_keras<Small, keras::v2::RMSprop<Small>>(directory / "small");
  write_tf_keras<Subclassed, keras::v2::SGD<Subclassed>>(directory / "subclassed");
}
void resume(const std::filesystem::path& directory) { all(Verb::resume, directory); }
