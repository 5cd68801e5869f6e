// Checkpoints that Keras 2 and 3 wrote.
#include "cairn/keras.hpp"

#include <doctest/doctest.h>

#include "cairn/checkpoint.hpp"
#include "support/data.hpp"

#include <cstdint>
#include <string>
#include <tuple>

namespace keras = cairn::keras;
using namespace cairn::literals;

namespace {

template <std::size_t In, std::size_t Hidden, std::size_t Out>
using Mlp = keras::Sequential<keras::Dense<In, Hidden, keras::relu>, keras::Dense<Hidden, Out, keras::softmax>>;

// A subclassed keras.Model, whose two Dense layers are in a list. Keras saves those with a built optimizer only.
template <class Rnn, std::size_t words, std::size_t width, std::size_t units, std::size_t out>
struct Recurrent {
  keras::Embedding<words, width> emb;
  Rnn rnn;
  std::tuple<keras::Dense<units, units>, keras::Dense<units, out>> list;
  keras::LayerNormalization<units> ln;
};

// Both checkpoints of `name`: before the first step, and after two.
template <class Model, class Optimizer>
void check(const std::string& name, Optimizer settings, bool has_lists = false) {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder");
  CAPTURE(name);
  for (const int number : {1, 2, 1}) {
    if (has_lists && number == 1) continue;
    Model model;
    Optimizer optimizer = settings;
    std::int64_t step = -1;
    optimizer.build(model);
    cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer, "step"_a = step};
    const std::string path = (*data / "checkpoints" / name / ("ckpt-" + std::to_string(number))).string();
    CHECK_NOTHROW(checkpoint.restore(path).assert_consumed());
    CHECK(optimizer.iterations == (number == 1 ? 0 : step));
    CHECK(bool(optimizer.built) == (number == 2));
  }
}

}  // namespace

TEST_CASE("Keras 3's Sequential models are restored, with every optimizer and with a schedule") {
  using A = Mlp<6, 5, 3>;
  check<A>("keras_mlp_adam", keras::Adam<A>{});
  using S = Mlp<2, 9, 4>;
  check<S>("keras_mlp_sgdm", keras::SGD<S>{.momentum = 0.9});
  using L = Mlp<3, 3, 1>;
  check<L>("keras_mlp_sched", keras::Adam<L, keras::schedules::CosineDecay>{
                                  .learning_rate = {.initial_learning_rate = 0.01, .decay_steps = 100}});
}

TEST_CASE("Keras 3's subclassed models are restored, with the layers that only the optimizer names") {
  using Gru = Recurrent<keras::GRU<2, 3>, 7, 2, 3, 3>;
  check<Gru>("keras_gru_adam", keras::Adam<Gru>{}, true);
  using GruToo = Recurrent<keras::GRU<3, 4>, 9, 3, 4, 3>;
  check<GruToo>("keras_gru_rmsprop", keras::RMSprop<GruToo>{.momentum = 0.5, .centered = true}, true);
  using Lstm = Recurrent<keras::LSTM<4, 5>, 17, 4, 5, 3>;
  check<Lstm>("keras_lstm_adamw", keras::AdamW<Lstm>{}, true);
  using Simple = Recurrent<keras::SimpleRNN<3, 2>, 5, 3, 2, 3>;
  check<Simple>("keras_simple_rnn_adamw", keras::AdamW<Simple>{}, true);
}

TEST_CASE("a compiled Keras model's own optimizer is restored under another name") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder");
  using Model =
      keras::Sequential<keras::Input<5>, keras::Flatten, keras::Dense<5, 4>, keras::Flatten, keras::Dense<4, 3>>;
  Model model;
  keras::Adam<Model> optimizer;
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  checkpoint
      .restore((*data / "checkpoints/keras_compiled_fit/ckpt-1").string(),
               {.rename = {{"model.optimizer.*", "optimizer.*"}}})
      .assert_consumed();
  CHECK(optimizer.built);
  CHECK(optimizer.iterations > 0);
}

TEST_CASE("a Keras 2 model that is the root is restored, with the slot variables of its optimizer") {
  const auto data = cairn::test::data_directory();
  if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder");
  using Model = keras::Sequential<keras::LSTM<3, 16>, keras::Dense<16, 3>>;
  Model model;
  keras::Adam<Model> optimizer;
  optimizer.build(model);
  cairn::Checkpoint checkpoint(model, "optimizer"_a = optimizer);
  checkpoint.read((*data / "real/lstm_two_shards_tf2/16LSTM_Neurons10Epochs.ckpt").string()).assert_consumed();
  CHECK(optimizer.iterations > 0);
  CHECK(optimizer.velocities.get<0>()(0, 0) > 0);
}
