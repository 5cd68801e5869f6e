"""Asks Keras what five steps of training make of a small model. Its answer is expected.hpp; run it to make that anew.

    python make.py > expected.hpp
"""
import numpy as np
import keras
import tensorflow as tf


def weights(shape, scale, shift):
    """Numbers of a pattern, so that both sides of the test can write them down: exact in float32."""
    count = int(np.prod(shape))
    return (((np.arange(count) * 7 + shift) % 13 - 6) * scale).astype(np.float32).reshape(shape)


def array(name, values):
    flat = [float(value) for value in np.ravel(values)]
    text = ", ".join(("%.9g" % value if any(c in "%.9g" % value for c in ".en") else "%.9g.0" % value) + "f" for value in flat)
    print(f"inline constexpr std::array<float, {len(flat)}> {name}{{{text}}};")


def train(prefix, optimizer):
    model = keras.Sequential([keras.layers.Dense(4, activation="relu"), keras.layers.Dense(2, activation="softmax")])
    model.build((None, 3))
    model.set_weights([weights((3, 4), 0.125, 0), weights((4,), 0.0625, 5), weights((4, 2), 0.25, 3), weights((2,), 0.125, 8)])
    x = weights((5, 3), 0.25, 1)
    y = weights((5, 2), 0.125, 4)
    losses = []
    for step in range(5):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x) - y))
        gradients = tape.gradient(loss, model.trainable_variables)
        if step == 0 and prefix == "adam":
            for i, gradient in enumerate(gradients):
                array(f"first_gradient_{i}", gradient)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        losses.append(loss)
    array(f"{prefix}_losses", losses)
    for i, variable in enumerate(model.trainable_variables):
        array(f"{prefix}_weights_{i}", variable)
    for slot in ("_momentums", "_velocities", "momentums"):
        for i, variable in enumerate(getattr(optimizer, slot, [])):
            array(f"{prefix}_{slot.strip('_')}_{i}", variable)


def train_words(prefix, optimizer):
    """Ids that come twice in a batch, and a layer that the loss of the second step does not depend on."""
    words, head = keras.layers.Embedding(5, 2), keras.layers.Dense(2)
    ids = np.int64([[1, 2, 1], [3, 1, 2]])
    head(words(ids))
    words.set_weights([weights((5, 2), 0.25, 2)])
    head.set_weights([weights((2, 2), 0.125, 6), weights((2,), 0.25, 9)])
    variables = words.trainable_variables + head.trainable_variables
    for step in range(3):
        with tf.GradientTape() as tape:
            y = words(ids) if step == 1 else head(words(ids)) + words(ids + 1)
            loss = tf.reduce_mean(tf.square(y))
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
    array(f"words_{prefix}", np.concatenate([np.ravel(variable) for variable in variables + optimizer.variables[2:]]))


print(f"// Made by make.py with TensorFlow {tf.__version__}, Keras {keras.__version__}; do not edit.")
print("#pragma once\n\n#include <array>\n\n// clang-format off\nnamespace expected {\n")
train("adam", keras.optimizers.Adam(0.001))
train("sgd", keras.optimizers.SGD(0.01))
train("momentum", keras.optimizers.SGD(0.01, momentum=0.9))
train("nesterov", keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True))
train_words("adam", keras.optimizers.Adam(0.1, amsgrad=True))
train_words("adamw", keras.optimizers.AdamW(0.1, weight_decay=0.1))
train_words("rmsprop", keras.optimizers.RMSprop(0.1, momentum=0.5))
train_words("sgd", keras.optimizers.SGD(0.1, momentum=0.5, nesterov=True))
print("\n}  // namespace expected")
