// The table of a model's layers and parameters.
#include "cairn/keras/summary.hpp"

#include <doctest/doctest.h>

#include "cairn/keras.hpp"

namespace keras = cairn::keras;

namespace {

using Images = keras::Sequential<keras::Input<28, 28, 1>, keras::Conv2D<1, 32, 3, keras::relu>,
                                 keras::BatchNormalization<32>, keras::MaxPooling2D<2>, keras::Flatten,
                                 keras::Dense<5408, 10, keras::relu>, keras::Dense<10, 10, keras::softmax>>;
static_assert(keras::parameter_count<Images> == 320 + 128 + 54090 + 110);
static_assert(keras::parameter_count<keras::Functional<keras::Dense<3, 2>, keras::Dense<2, 1>>> == 11);

struct Net {
  keras::Embedding<100, 8> words;
  keras::LSTM<8, 16> sequence;
  keras::Dense<16, 2> output;
};
static_assert(keras::parameter_count<Net> == 800 + 1600 + 34);

}  // namespace

TEST_CASE("a summary has a line for each layer, its shape, and the parameters that are and are not trained") {
  CHECK(keras::summary(Images()) ==
        "Layer (type)                              Output Shape           Param #\n"
        "========================================================================\n"
        "input (Input)                             [None, 28, 28, 1]            0\n"
        "conv2d (Conv2D)                           [None, 26, 26, 32]         320\n"
        "batch_normalization (BatchNormalization)  [None, 26, 26, 32]         128\n"
        "max_pooling2d (MaxPooling2D)              [None, 13, 13, 32]           0\n"
        "flatten (Flatten)                         [None, 5408]                 0\n"
        "dense (Dense)                             [None, 10]              54,090\n"
        "dense_1 (Dense)                           [None, 10]                 110\n"
        "========================================================================\n"
        "Total params: 54,648\n"
        "Trainable params: 54,584\n"
        "Non-trainable params: 64\n");
}

TEST_CASE("a struct's layers have their members' names") {
  const std::string table = keras::summary(Net());
  CHECK(table.find("sequence (LSTM)              [None, 16]             1,600\n") != std::string::npos);
  CHECK(table.find("words (Embedding)") != std::string::npos);
  CHECK(table.ends_with("Total params: 2,434\nTrainable params: 2,434\nNon-trainable params: 0\n"));
}
