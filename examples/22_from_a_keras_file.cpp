// A model that Keras has saved as one file, model.save("model.keras"), predicts in C++, without Python or TensorFlow.

#include <cairn/cairn.hpp>
#include <cairn/exchange/hdf5.hpp>

#include <cmath>
#include <cstdio>

namespace keras = cairn::keras;

// The layers of 22_from_a_keras_file/train.py.
using Model =
    keras::Sequential<keras::Input<16, 1>, keras::LSTM<1, 8>, keras::Dense<8, 8, keras::tanh>, keras::Dense<8, 1>>;

double wave(int i) { return std::sin(0.2 * i) + 0.5 * std::sin(2.3 * 0.2 * i); }

int main() {
  Model model;

  // Each Variable of the model must be in the file. The optimizer is in there, too, and is not needed here.
  keras::load_weights(model, "model.keras").assert_existing_objects_matched();

  // The model has learned to go on with a wave. It is shown sixteen values, and then goes on from its own.
  cairn::Tensor<float, 1, 16, 1> window;
  for (int i = 0; i < 16; ++i) window(0, i, 0) = static_cast<float>(wave(500 + i));
  for (int step = 16; step < 48; ++step) {
    const float next = model(window)(0, 0);
    for (int i = 0; i < 15; ++i) window(0, i, 0) = window(0, i + 1, 0);
    window(0, 15, 0) = next;
    if (step % 2 == 0) std::printf("%+.1f %*c\n", wave(500 + step), static_cast<int>(std::lround(20 + 12 * next)), '*');
  }

  // The file could go back to Keras now: model.load_weights("model.weights.h5").
  keras::save_weights(model, "model.weights.h5");
}
