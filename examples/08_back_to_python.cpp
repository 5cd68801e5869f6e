// A model that is trained in C++ goes back to Python: Keras restores it, and its optimizer, and may train on.

#include <cairn/cairn.hpp>

#include <cmath>
#include <iostream>

namespace keras = cairn::keras;
using namespace cairn::literals;

// In Python a keras.Model whose attributes are called hidden, norm and logits (08_back_to_python/restore.py).
struct Model {
  keras::Dense<2, 16, keras::relu> hidden;
  keras::LayerNormalization<16> norm;
  keras::Dense<16, 3> logits;

  auto operator()(const auto& x) const { return logits(norm(hidden(x))); }
};

int main() {
  cairn::random::set_seed(1);
  Model model;
  keras::AdamW<Model, keras::schedules::CosineDecay> optimizer{
      .learning_rate = {.initial_learning_rate = 0.02, .decay_steps = 200}, .weight_decay = 0.004};

  // Which third of the square is a point in?
  const auto points = cairn::random::normal<float, 300, 2>();
  cairn::Tensor<std::int64_t, 300> thirds;
  for (std::size_t i = 0; i < 300; ++i)
    thirds[i] = points(i, 0) + points(i, 1) < -0.5f ? 0 : points(i, 0) + points(i, 1) < 0.5f ? 1 : 2;

  const keras::SparseCategoricalCrossentropy loss{.from_logits = true};
  for (int step = 1; step <= 100; ++step) {
    cairn::GradientTape tape;
    const auto now = loss(thirds, model(points));
    optimizer.apply_gradients(tape.gradient(now, cairn::trainable_variables(model)), model);
    if (step % 50 == 0) std::cout << "step " << step << ": loss " << std::round(now * 100) / 100 << '\n';
  }

  // Keras' names, so that tf.train.Checkpoint(model=..., optimizer=...).restore(...).assert_consumed() holds.
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  const std::string path = checkpoint.save("trained/ckpt");
  for (const auto& [name, shape] : cairn::list_variables(path)) std::cout << name << ' ' << shape << '\n';
}
