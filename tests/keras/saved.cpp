// What Keras models and optimizers look like in checkpoints, and which of those that Keras wrote are restored.
#include "cairn/keras.hpp"

#include <doctest/doctest.h>

#include "cairn/checkpoint.hpp"
#include "cairn/edit/variables.hpp"
#include "cairn/ops.hpp"
#include "support/data.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace keras = cairn::keras;
using namespace cairn::literals;

namespace {

using Model = keras::Sequential<keras::Dense<3, 2, keras::relu>, keras::Flatten, keras::Dense<2, 1>>;

// The keys of a checkpoint, without their common ending.
std::vector<std::string> keys(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& [key, shape] : cairn::list_variables(path)) names.push_back(key.substr(0, key.find("/.ATTR")));
  return names;
}
bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}
template <class M, class Optimizer>
void train(M& model, Optimizer& optimizer) {
  const cairn::Tensor<float, 2, 3> x{{1, 2, 3}, {-1, 0.5f, 2}};
  cairn::GradientTape tape;
  const auto loss = cairn::reduce_sum(cairn::square(model(x)));
  optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
}

struct Old {  // as cairn saved a Sequential and an Adam at first
  struct {
    std::tuple<keras::Dense<3, 2>, keras::Flatten, keras::Dense<2, 1>> layers;
  } model;
  struct {
    float learning_rate = 0.5f;
    std::int64_t iterations = 7;
    std::tuple<cairn::Variable<float, 3, 2>, cairn::Variable<float, 2>, cairn::Variable<float, 2, 1>,
               cairn::Variable<float, 1>>
        momentums{}, velocities{};
  } optimizer;
};

}  // namespace

TEST_CASE("before the optimizer is built a checkpoint has Keras' keys, and after it those of its lists") {
  const cairn::test::ScratchDirectory scratch;
  Model model;
  keras::Adam<Model> optimizer;
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  const auto before = keys(checkpoint.write((scratch.path() / "before").string()));
  CHECK(has(before, "model/_functional/_operations/1/_kernel"));
  CHECK(has(before, "model/_functional/_operations/3/bias"));
  CHECK(has(before, "optimizer/_iterations"));
  CHECK(!has(before, "optimizer/_variables/2"));

  train(model, optimizer);
  const auto after = keys(checkpoint.write((scratch.path() / "after").string()));
  CHECK(has(after, "optimizer/_trainable_variables/0"));
  CHECK(has(after, "optimizer/_variables/9"));
  CHECK(!has(after, "model/_functional/_operations/1/_kernel"));
}

TEST_CASE("a restore brings an optimizer to the state that was saved, built or not") {
  const cairn::test::ScratchDirectory scratch;
  const std::string before = (scratch.path() / "before").string(), after = (scratch.path() / "after").string();
  Model model;
  keras::RMSprop<Model> optimizer{.momentum = 0.5, .centered = true};
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  checkpoint.write(before);
  train(model, optimizer);
  checkpoint.write(after);
  const float velocity = optimizer.velocities.get<1>()(0);

  checkpoint.read(before).assert_consumed();
  CHECK(!optimizer.built);
  CHECK(optimizer.iterations == 0);
  CHECK(optimizer.velocities.get<1>()(0) == 0);

  Model other;
  keras::RMSprop<Model> fresh{.momentum = 0.5, .centered = true};
  cairn::Checkpoint its{"model"_a = other, "optimizer"_a = fresh};
  its.read(after).assert_consumed();
  CHECK(fresh.built);
  CHECK(fresh.velocities.get<1>()(0) == velocity);
}

TEST_CASE("an optimizer whose model has ended is saved without it") {
  const cairn::test::ScratchDirectory scratch;
  keras::SGD<Model> optimizer{.momentum = 0.5};
  {
    Model model;
    train(model, optimizer);
  }
  cairn::Checkpoint checkpoint{"optimizer"_a = optimizer};
  const auto found = keys(checkpoint.write((scratch.path() / "alone").string()));
  CHECK(has(found, "optimizer/_variables/2"));
  CHECK(!has(found, "optimizer/_trainable_variables/0"));
}

TEST_CASE("a Variable that is not trainable has no slot in the checkpoint") {
  const cairn::test::ScratchDirectory scratch;
  Model model;
  model.layer<0>().kernel.set_trainable(false);
  model.layer<0>().bias.set_trainable(false);
  keras::SGD<Model> optimizer{.momentum = 0.5};
  train(model, optimizer);
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  const auto found = keys(checkpoint.write((scratch.path() / "frozen").string()));
  CHECK(has(found, "optimizer/_variables/3"));
  CHECK(!has(found, "optimizer/_variables/4"));
  CHECK(has(found, "model/_functional/_operations/1/_kernel"));
}

TEST_CASE("what cairn saved before it knew Keras' names is restored") {
  const cairn::test::ScratchDirectory scratch;
  Old old;
  std::get<0>(old.model.layers).bias.assign({3, 4});
  std::get<1>(old.optimizer.velocities).assign({5, 6});
  cairn::Checkpoint first{old};
  const std::string path = first.write((scratch.path() / "old").string());
  Model model;
  keras::Adam<Model> optimizer;
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  checkpoint.read(path).assert_consumed();
  CHECK(model.layer<0>().bias[1] == 4);
  CHECK(optimizer.velocities.get<1>()[1] == 6);
  CHECK(optimizer.iterations == 7);
  CHECK(optimizer.built);
}

TEST_CASE("Sequential and Functional are restored from each other's checkpoints, and from Keras 2's") {
  const cairn::test::ScratchDirectory scratch;
  keras::Functional<keras::Dense<3, 2>> functional;
  keras::v2::Sequential<keras::Dense<3, 2>> second;
  functional.layer<0>().bias.assign({3, 4});
  second.layer<0>().bias.assign({5, 6});
  cairn::Checkpoint saved{"model"_a = functional};
  CHECK(has(keys(saved.write((scratch.path() / "functional").string())), "model/_operations/1/_kernel"));
  cairn::Checkpoint saved_2{"model"_a = second};
  CHECK(has(keys(saved_2.write((scratch.path() / "v2").string())), "model/layer_with_weights-0/kernel"));

  keras::Sequential<keras::Input<3>, keras::Dense<3, 2>> model;
  cairn::Checkpoint checkpoint{"model"_a = model};
  checkpoint.read((scratch.path() / "functional").string()).assert_consumed();
  CHECK(model.layer<1>().bias[1] == 4);
  checkpoint.read((scratch.path() / "v2").string()).assert_consumed();
  CHECK(model.layer<1>().bias[1] == 6);
}

TEST_CASE("the optimizer in Keras' LossScaleOptimizer is restored, and what only the outer one has is listed") {
  const cairn::test::ScratchDirectory scratch;
  struct {
    std::int64_t _iterations = 0;
    float _learning_rate = 0;
    keras::Adam<Model> inner_optimizer{.learning_rate = 0.25f};
    float dynamic_scale = 4;
  } scaled;
  Model model;
  train(model, scaled.inner_optimizer);
  cairn::Checkpoint saved{"model"_a = model, "optimizer"_a = scaled};
  saved.write((scratch.path() / "scaled").string());

  keras::Adam<Model> optimizer;
  optimizer.build(model);
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  const cairn::LoadStatus status = checkpoint.read((scratch.path() / "scaled").string());
  CHECK(optimizer.iterations == 1);
  CHECK(optimizer.learning_rate == 0.25f);
  CHECK(optimizer.velocities.get<1>()(0) == scaled.inner_optimizer.velocities.get<1>()(0));
  CHECK(status.only_in_program().empty());
  CHECK(status.only_in_checkpoint() ==
        std::vector<std::string>{"optimizer._iterations", "optimizer._learning_rate", "optimizer.dynamic_scale"});
}
