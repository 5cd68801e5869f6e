"""Keras' own files, both ways: whole models and weights of Keras 3, with the optimizer, and of tf-keras."""
import os

import numpy as np
import tensorflow as tf
import tf_keras

from keras_training import Run, assert_close, case

keras = tf.keras
layers = keras.layers


class FileRun(Run):
    """Saves and restores as a compiled model does. Of `half`, which is trained on, there are whole models, too."""

    def begin(self, is_built=False, x=None):
        model, optimizer = super().begin(is_built, x)
        model.compile(optimizer, self.loss)
        return model, optimizer

    def save(self, directory, name, model, optimizer):
        path = self.path(directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        model.save_weights(path + ".weights.h5")
        if name == "half":
            model.save(path + ".keras")
            if self.name != "words":  # which is subclassed
                model.save(path + ".h5")

    def restore(self, directory, name, is_built, x=None):
        model, optimizer = self.begin(is_built, x)
        for variable in model.variables:
            variable.assign(np.full(variable.shape, 7))
        model.load_weights(self.path(directory, name) + ".weights.h5")
        assert not any(np.all(variable.numpy() == 7) for variable in model.weights), "a variable was not loaded"
        return model, optimizer


def images():
    inner = keras.Sequential([layers.Dense(4, activation="tanh"), layers.BatchNormalization(), layers.Dense(4)])
    return keras.Sequential([
        keras.Input([8, 7, 2]), layers.Conv2D(3, 3, padding="same", activation="relu"), layers.BatchNormalization(momentum=0.9),
        layers.MaxPooling2D(2), layers.Dropout(0.0), layers.Flatten(), inner, layers.LayerNormalization(), layers.Dense(3, activation="softmax"),
    ])


def recurrent():
    inputs = keras.Input([4])
    x = layers.SimpleRNN(5, return_sequences=True)(layers.Embedding(9, 4)(inputs))
    return keras.Model(inputs, layers.Dense(2)(layers.LSTM(3)(layers.GRU(4, return_sequences=True)(x))))


def block(base):
    class Block(base):
        def __init__(self):
            super().__init__()
            self.first = layers.Dense(5, activation="selu")
            self.second = layers.Dense(5, activation="tanh")

        def call(self, x):
            return self.second(self.first(x))

    return Block()


class Words(keras.Model):
    def __init__(self):
        super().__init__()
        self.embedding = layers.Embedding(9, 5)
        self.block = block(keras.Model)  # Keras walks the two in different ways
        self.sublayer = block(layers.Layer)
        self.rest = [layers.Dense(5, activation="silu"), layers.LayerNormalization(), layers.Dense(4)]
        self.flatten = layers.Flatten()
        self.a_last = layers.Dense(3)
        self._hidden = layers.Dense(3)
        self.scale = self.add_weight(shape=(3,), initializer="ones", name="scale")

    def call(self, x, training=False):
        x = self.sublayer(self.block(self.embedding(x)))
        for layer in self.rest:
            x = layer(x)
        return self._hidden(self.a_last(self.flatten(x))) * self.scale


random = np.random.default_rng(5)
pictures = random.standard_normal((6, 8, 7, 2), np.float32)
ids = random.integers(0, 9, (6, 4))
values = random.standard_normal((6, 3), np.float32)
pairs = random.standard_normal((6, 2), np.float32)

mse = keras.losses.MeanSquaredError()
make_runs, resume, check_runs = case([
    FileRun("images", images, lambda: keras.optimizers.Adam(0.01), mse, pictures, values),
    FileRun("recurrent", recurrent, lambda: keras.optimizers.RMSprop(0.01, momentum=0.5, centered=True), mse, ids, pairs, is_inference=True),
    FileRun("words", Words, lambda: keras.optimizers.SGD(0.05, momentum=0.9), mse, ids, values),
])

X = np.float32([[1, -2, 0.5], [0.25, 3, -1]])


def small():
    model = tf_keras.Sequential([tf_keras.layers.InputLayer([3]), tf_keras.layers.Dense(4, activation="tanh"),
                                 tf_keras.layers.BatchNormalization(), tf_keras.layers.Dense(2)])
    model.compile(tf_keras.optimizers.RMSprop(0.01, momentum=0.9), "mse")
    return model


class Subclassed(tf_keras.Model):
    def __init__(self):
        super().__init__()
        self.project = tf_keras.layers.Dense(4, activation="tanh")
        self.blocks = [tf_keras.layers.Dense(4), tf_keras.layers.BatchNormalization()]
        self.a_last = tf_keras.layers.Dense(2)
        self.scale = self.add_weight(shape=(2,), initializer="ones", name="scale")

    def call(self, x, training=False):
        return self.a_last(self.blocks[1](self.blocks[0](self.project(x)), training=training)) * self.scale


def subclassed():
    model = Subclassed()
    model.compile(tf_keras.optimizers.SGD(0.01, momentum=0.9), "mse")
    return model


OF_TF_KERAS = {"small": (small, ("model.keras", "model.weights.h5", "model.h5")), "subclassed": (subclassed, ("model.weights.h5",))}


def functional():
    inputs = keras.Input([3])
    x = layers.Dense(4, activation="relu", name="hidden")(inputs)
    return keras.Model(inputs, layers.Dense(2, name="out")(layers.Dense(4)(x)))


EXPORTED = {
    "exported_sequential": lambda: keras.Sequential([keras.Input([3]), layers.Dense(4, activation="tanh"), layers.BatchNormalization(), layers.Dropout(0.5),
                                                     layers.Dense(4), layers.Dense(2)]),
    "exported_functional": functional,
    "exported_nested": lambda: keras.Sequential([keras.Input([3]), keras.Sequential([layers.Dense(4, activation="tanh"), layers.Dense(4)]), layers.Dense(4), layers.Dense(2)]),
}


def make(directory):
    make_runs(directory)
    for folder, make_model in EXPORTED.items():
        model = make_model()
        for variable in model.weights:
            variable.assign(np.abs(random.standard_normal(variable.shape)))
        model.export(os.path.join(directory, folder, "model"), verbose=False)
        tf.train.Checkpoint(y=tf.Variable(model(X))).write(os.path.join(directory, folder, "data"))
    for folder, (make_model, names) in OF_TF_KERAS.items():
        model = make_model()
        model.fit(X, np.ones((2, 2)), verbose=0)
        os.makedirs(os.path.join(directory, folder))
        for name in names:
            (model.save_weights if name == "model.weights.h5" else model.save)(os.path.join(directory, folder, name))
        tf.train.Checkpoint(y=tf.Variable(model(X))).write(os.path.join(directory, folder, "data"))


def check(directory):
    check_runs(directory)
    for folder, (make_model, _) in OF_TF_KERAS.items():
        model = make_model()
        model(X)
        model.optimizer.build(model.trainable_variables)
        model.load_weights(os.path.join(directory, folder, "model.weights.h5"))
        y = tf.train.load_variable(os.path.join(directory, folder, "data"), "y/.ATTRIBUTES/VARIABLE_VALUE")
        assert_close(model(X).numpy(), y, 1e-6, "what tf-keras makes of x")
        assert int(model.optimizer.iterations) == 5, "the optimizer was not loaded"
