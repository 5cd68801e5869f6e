// Keras 2, as tf-keras still has it: its default optimizers, and the legacy ones with their slot variables.
#include "interop/keras_training.hpp"

namespace keras = cairn::keras;
namespace v2 = cairn::keras::v2;
using namespace cairn::literals;

namespace {

using Model = v2::Sequential<keras::Dense<3, 4, keras::tanh>, keras::Dropout<0.5>, keras::Dense<4, 2>>;
const cairn::Tensor<float, 2, 3> x{{1, -2, 0.5f}, {0.25f, 3, -1}};

template <class Optimizer>
void go(const std::filesystem::path& directory, bool is_read, const std::string& name, const Optimizer& settings) {
  const auto file = [&](const char* state) { return (directory / (name + state)).string(); };
  Model model;
  Optimizer optimizer = settings;
  cairn::Variable<float, 2, 2> y;
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  cairn::Checkpoint made{"y"_a = y};
  if (is_read) {
    optimizer.build(model);
    checkpoint.read(file("-new")).assert_consumed();
    CAIRN_EXPECT(!optimizer.built);
    checkpoint.read(file("-built")).assert_consumed();
    CAIRN_EXPECT(optimizer.built && optimizer.iterations == 2);
    made.read(file("-y")).assert_consumed();
    const auto found = model(x);
    cairn::test::expect_close(name, found.span(), y.span(), 1e-6);
    const auto slots = cairn::test::slots_of(optimizer);
    CAIRN_EXPECT(std::any_of(slots.begin(), slots.end(), [](float each) { return each != 0; }));
    return;
  }
  checkpoint.write(file("-new"));
  for (int step = 0; step < 2; ++step) {
    cairn::GradientTape tape;
    const auto loss = cairn::reduce_mean(cairn::square(model(x)));
    optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
  }
  checkpoint.write(file("-built"));
  y.assign(model(x));
  made.write(file("-y"));
}

void all(const std::filesystem::path& directory, bool is_read) {
  go(directory, is_read, "sgd", v2::SGD<Model>{.momentum = 0.9});
  go(directory, is_read, "adam", v2::Adam<Model>{});
  go(directory, is_read, "adamw", v2::AdamW<Model>{.amsgrad = true});
  go(directory, is_read, "rmsprop", v2::RMSprop<Model>{.momentum = 0.5, .centered = true});
  go(directory, is_read, "legacy_sgd", v2::legacy::SGD<Model>{.momentum = 0.9});
  go(directory, is_read, "legacy_adam", v2::legacy::Adam<Model>{});
  go(directory, is_read, "legacy_rmsprop", v2::legacy::RMSprop<Model>{.momentum = 0.5, .centered = true});
}

using Nested = v2::Sequential<v2::Sequential<keras::Embedding<4, 3>, keras::Dense<3, 2, keras::tanh>>, keras::Flatten,
                              keras::Dense<6, 2>>;
// As above: what stands in a v2::Sequential is saved for Keras 2.
using Mixed = v2::Sequential<keras::Sequential<keras::Embedding<4, 3>, keras::Dense<3, 2, keras::tanh>>, keras::Flatten,
                             keras::Dense<6, 2>>;
using Cosine = keras::schedules::CosineDecay;
using Ids = cairn::Variable<std::int64_t, 6, 3>;
using Pairs = cairn::Variable<float, 6, 2>;

void train(cairn::test::Verb verb, const std::filesystem::path& directory) {
  cairn::test::Course<Ids, Pairs> course;
  cairn::random::set_seed(3);
  course.y.assign(cairn::random::normal<float, 6, 2>());
  for (std::size_t i = 0; i < course.x.size(); ++i) course.x.data()[i] = static_cast<std::int64_t>(i * 7 % 4);
  const auto run = [&]<class M>(M*, const char* name, auto settings) {
    cairn::test::go<M>(verb, directory, name, std::move(settings), keras::MeanSquaredError{}, course);
  };
  Nested* const nested = nullptr;
  run(nested, "plain_sgd", v2::SGD<Nested>{.learning_rate = 0.05f});
  run(nested, "nested_adam", v2::Adam<Nested>{.learning_rate = 0.01f, .amsgrad = true});
  run(nested, "nested_rmsprop", v2::RMSprop<Nested>{.learning_rate = 0.01f, .epsilon = 1e-3});
  run(nested, "cosine_adam",
      v2::Adam<Nested, Cosine>{.learning_rate = {.initial_learning_rate = 0.02, .decay_steps = 20}});
  run(nested, "cosine_legacy_adam",
      v2::legacy::Adam<Nested, Cosine>{.learning_rate = {.initial_learning_rate = 0.02, .decay_steps = 20}});
  v2::legacy::SGD<Nested> decayed{.learning_rate = 0.05f, .momentum = 0.9};
  decayed.built.decay() = 0.1;
  run(nested, "decayed_legacy_sgd", decayed);
  run(nested, "nested_legacy_adam", v2::legacy::Adam<Nested>{.learning_rate = 0.01f});
  run(static_cast<Mixed*>(nullptr), "nested_legacy_rmsprop",
      v2::legacy::RMSprop<Mixed>{.learning_rate = 0.01f, .epsilon = 1e-3});
}

}  // namespace

void read(const std::filesystem::path& directory) {
  all(directory, true);
  train(cairn::test::Verb::read, directory);
}
void write(const std::filesystem::path& directory) {
  all(directory, false);
  train(cairn::test::Verb::write, directory);
}
void resume(const std::filesystem::path& directory) { train(cairn::test::Verb::resume, directory); }
