// What the compiler says of models, optimizers and checkpoints of them is what a save writes.
#include "cairn/keras.hpp"

#include <doctest/doctest.h>

#include "cairn/checkpoint.hpp"
#include "cairn/edit/variables.hpp"
#include "cairn/reflect/static_keys.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace keras = cairn::keras;
using namespace cairn::literals;

namespace {

struct HalfAlways {
  float operator()(std::int64_t) const { return 0.5f; }
};

template <class State>
std::vector<std::string> keys_of_type() {
  std::vector<std::string> keys(cairn::static_keys<State>.begin(), cairn::static_keys<State>.end());
  std::sort(keys.begin(), keys.end());
  return keys;
}
template <class Checkpoint>
std::vector<std::string> written_keys(Checkpoint& checkpoint) {
  const cairn::test::ScratchDirectory scratch;
  std::vector<std::string> keys;
  for (const auto& [key, shape] : cairn::list_variables(checkpoint.write(scratch.path() / "ckpt")))
    if (key != "_CHECKPOINTABLE_OBJECT_GRAPH") keys.push_back(key);
  return keys;
}
template <class Model, class Optimizer>
void compare() {
  Model model;
  Optimizer optimizer;
  cairn::Checkpoint checkpoint{"optimizer"_a = optimizer, "model"_a = model};
  CHECK(keys_of_type<decltype(checkpoint)>() == written_keys(checkpoint));
  static_assert(cairn::parameter_count<decltype(checkpoint)> == cairn::parameter_count<Model>);
}

}  // namespace

TEST_CASE("the keys of a Keras model and its optimizer are known at compile time") {
  using Model = keras::Sequential<keras::Dense<3, 2, keras::relu>, keras::Flatten, keras::Dense<2, 1>>;
  compare<Model, keras::Adam<Model>>();
  using WithInput = keras::Sequential<keras::Input<8, 8, 1>, keras::Conv2D<1, 2, 3>, keras::BatchNormalization<2>,
                                      keras::Flatten, keras::Dense<72, 1, keras::use_bias<false>>>;
  compare<WithInput, keras::SGD<WithInput>>();
  using Functional = keras::Functional<keras::Embedding<5, 3>, keras::LSTM<3, 2>>;
  compare<Functional, keras::RMSprop<Functional>>();
  using Keras2 = keras::v2::Sequential<keras::Flatten, keras::Dense<3, 2>, keras::Dense<2, 1>>;
  compare<Keras2, keras::v2::Adam<Keras2>>();
  compare<Keras2, keras::v2::legacy::Adam<Keras2>>();
  using Nested = keras::v2::Sequential<keras::Sequential<keras::Dense<3, 2>, keras::Flatten>, keras::Dense<2, 1>>;
  compare<Nested, keras::v2::SGD<Nested>>();
  compare<Model, keras::SGD<Model, HalfAlways>>();
  compare<Keras2, keras::v2::SGD<Keras2, HalfAlways>>();
  compare<Keras2, keras::v2::legacy::SGD<Keras2, HalfAlways>>();
}

TEST_CASE("a Checkpoint of a struct has the struct's keys, and those of named objects") {
  struct Training {
    cairn::Variable<float, 2> weights;
    std::int64_t step = 0;
  };
  Training training;
  double rate = 0;
  cairn::Checkpoint checkpoint{training, "rate"_a = rate};
  CHECK(keys_of_type<decltype(checkpoint)>() == written_keys(checkpoint));
  static_assert(cairn::static_bytes<decltype(checkpoint)> == 24);
}
