// A Keras model that was trained in Python runs in C++, without TensorFlow.

#include <cairn/cairn.hpp>

#include <iostream>

namespace keras = cairn::keras;
using namespace cairn::literals;

// The layers of 07_trained_in_python/train.py. Where they do not fit onto each other, this does not compile.
using Model = keras::Sequential<keras::Dense<2, 16, keras::tanh>, keras::Dropout<0.02>,
                                keras::Dense<16, 16, keras::tanh>, keras::Dense<16, 2, keras::softmax>>;

int main() {
  Model model;
  cairn::Checkpoint checkpoint{"model"_a = model};

  // Every Variable of the model must be in the file. The optimizer is in there, too, and is not needed here.
  checkpoint.restore(cairn::latest_checkpoint("trained")).assert_existing_objects_matched();

  // The model learned which points of a square are on a ring: all rows of a picture in one call each.
  constexpr std::size_t width = 48, height = 24;
  for (std::size_t row = 0; row < height; ++row) {
    cairn::Tensor<float, width, 2> points;
    for (std::size_t column = 0; column < width; ++column) {
      points(column, 0) = (static_cast<float>(column) + 0.5f) / width * 2 - 1;
      points(column, 1) = (static_cast<float>(row) + 0.5f) / height * 2 - 1;
    }
    const auto probabilities = model(points);  // cairn::Tensor<float, 48, 2>
    for (std::size_t column = 0; column < width; ++column) std::cout << (probabilities(column, 1) > 0.5f ? '#' : '.');
    std::cout << '\n';
  }
}
