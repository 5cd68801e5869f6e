#!/usr/bin/env python3
"""Makes expected.hpp: what Keras' layers give for numbers of a pattern, and TensorFlow's gradients of that.

    make.py > expected.hpp          (made with TensorFlow 2.21.0, Keras 3.15.1)

The loss is the sum of the outputs, each times a number of the pattern. Gradients are by the input (unless it holds ids)
and by the layer's trainable variables, one after the other. Recurrent layers have none here.
"""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras  # noqa: E402
import numpy  # noqa: E402
import tensorflow  # noqa: E402

layers = keras.layers


def pattern(shape, shift):
    numbers = (numpy.arange(numpy.prod(shape, dtype=int)) * 37 + shift) % 101 - 50
    return (numbers / 64).astype("float32").reshape(shape)


def write(name, values):
    numbers = ", ".join(f"{value:.9g}f" if any(c in f"{value:.9g}" for c in ".e") else f"{value:.9g}.0f"
                        for value in values)
    print(f"inline const std::vector<float> {name}{{{numbers}}};")


def case(name, layer, shape, gradients=True, ids=None, training=False):
    x = tensorflow.Variable(pattern(shape, 11)) if ids is None else tensorflow.constant(ids)
    layer.build(x.shape)
    for index, variable in enumerate(layer.trainable_variables):
        variable.assign(pattern(variable.shape, 17 * index + 3))
    if isinstance(layer, layers.BatchNormalization):
        layer.moving_mean.assign(pattern(layer.moving_mean.shape, 29))
        layer.moving_variance.assign(numpy.square(pattern(layer.moving_variance.shape, 31)) + 0.5)
    with tensorflow.GradientTape() as tape:
        y = layer(x, training=training) if training else layer(x)
        loss = tensorflow.reduce_sum(y * pattern(y.shape, 23))
    write(name, numpy.ravel(y))
    if training:
        write(name + "_moving", numpy.concatenate([numpy.ravel(v) for v in layer.non_trainable_variables]))
    if gradients:
        by = ([x] if ids is None else []) + [v.value for v in layer.trainable_variables]
        found = [tensorflow.convert_to_tensor(g) for g in tape.gradient(loss, by)]
        write(name + "_gradients", numpy.concatenate([numpy.ravel(g) for g in found]))


print("""// Made by make.py, from Keras. Do not edit.
#pragma once

#include <vector>

// clang-format off
namespace expected {
""")
case("dense", layers.Dense(3, activation="relu"), (4, 5))
case("dense_of_sequences", layers.Dense(3, use_bias=False), (2, 3, 5))
case("conv2d", layers.Conv2D(3, 3, activation="relu"), (2, 6, 5, 2))
case("conv2d_same", layers.Conv2D(2, 3, strides=2, padding="same"), (2, 6, 5, 3))
case("conv2d_oblong", layers.Conv2D(4, (3, 2), strides=(2, 1), use_bias=False), (1, 8, 4, 2))
case("conv2d_many", layers.Conv2D(20, 2, padding="same", activation="tanh"), (1, 5, 5, 8))
case("max_pooling", layers.MaxPooling2D(2), (2, 5, 6, 3))
case("max_pooling_same", layers.MaxPooling2D(3, strides=2, padding="same"), (2, 5, 6, 2))
case("average_pooling", layers.AveragePooling2D(2), (2, 5, 6, 3))
case("average_pooling_same", layers.AveragePooling2D((3, 2), strides=2, padding="same"), (2, 5, 6, 2))
case("global_average_pooling", layers.GlobalAveragePooling2D(), (2, 5, 6, 3))
case("flatten", layers.Flatten(), (2, 3, 2, 2))
case("batch_normalization", layers.BatchNormalization(), (3, 2, 2, 4))
case("batch_normalization_training", layers.BatchNormalization(), (3, 2, 2, 4), training=True)
case("batch_normalization_bare", layers.BatchNormalization(momentum=0.9, epsilon=1e-5, center=False, scale=False),
     (5, 3), training=True)
case("layer_normalization", layers.LayerNormalization(), (3, 2, 6))
case("layer_normalization_bare", layers.LayerNormalization(epsilon=1e-6, center=False, scale=False), (3, 6))
case("embedding", layers.Embedding(7, 3), (), ids=[[1, 6, 1], [0, 3, 6]])
for activation in ("relu leaky_relu elu selu gelu sigmoid silu softplus tanh softmax linear").split():
    case(activation, layers.Activation(activation), (4, 25))
for sequences in (False, True):
    name = "_sequences" if sequences else ""
    case("simple_rnn" + name, layers.SimpleRNN(4, return_sequences=sequences), (2, 5, 3), gradients=False)
    case("gru" + name, layers.GRU(4, return_sequences=sequences), (2, 5, 3), gradients=False)
    case("lstm" + name, layers.LSTM(4, return_sequences=sequences), (2, 5, 3), gradients=False)
case("gru_bare", layers.GRU(4, activation="relu", recurrent_activation="tanh", use_bias=False), (2, 5, 3),
     gradients=False)
case("lstm_bare", layers.LSTM(4, activation="relu", recurrent_activation="tanh", use_bias=False), (2, 5, 3),
     gradients=False)
print("\n}  // namespace expected")
