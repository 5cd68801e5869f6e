"""Every layer, in models of several shapes: Sequential, functional, and subclassed with layers in a list."""
import numpy as np
import tensorflow as tf

from keras_training import Run, case

keras = tf.keras
layers = keras.layers


def images():
    return keras.Sequential([
        keras.Input([8, 7, 2]),
        layers.Conv2D(3, 3, padding="same", activation="relu"),
        layers.BatchNormalization(momentum=0.9),
        layers.MaxPooling2D(2),
        layers.Conv2D(4, 2, strides=(1, 2), use_bias=False),
        layers.AveragePooling2D(2, strides=1, padding="same"),
        layers.Dropout(0.0),
        layers.Flatten(),
        layers.Dense(3, activation="softmax"),
    ])


def pooled():
    inputs = keras.Input([8, 7, 2])
    x = layers.Conv2D(4, 3, strides=2, activation="elu")(inputs)
    x = layers.LayerNormalization()(x)
    x = layers.Activation("gelu")(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.BatchNormalization(scale=False)(x)
    return keras.Model(inputs, layers.Dense(3)(x))


class Words(keras.Model):
    def __init__(self):
        super().__init__()
        self.words = layers.Embedding(9, 4)
        self.hidden = layers.Dense(5, activation="selu")
        self.rest = [layers.Dense(5, activation="silu"), layers.Dense(4, activation="softplus")]  # Keras saves no lists
        self.norm = layers.LayerNormalization(epsilon=1e-5)
        self.flatten = layers.Flatten()
        self.last = layers.Dense(3)

    def call(self, x, training=False):
        return self.last(self.flatten(self.rest[1](self.rest[0](self.norm(self.hidden(self.words(x)))))))


def recurrent(layer):
    return lambda: keras.Sequential([layers.Embedding(9, 4), layer(5, return_sequences=True), layer(3), layers.Dense(2)])


random = np.random.default_rng(5)
pictures = random.standard_normal((6, 8, 7, 2), np.float32)
ids = random.integers(0, 9, (6, 4))
values = random.standard_normal((6, 3), np.float32)
pairs = random.standard_normal((6, 2), np.float32)
classes = np.int64([0, 2, 1, 1, 0, 2])

mse = keras.losses.MeanSquaredError()
optimizers = keras.optimizers
make, resume, check = case([
    Run("images", images, lambda: optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(), pictures, classes),
    Run("pooled", pooled, lambda: optimizers.SGD(0.05, momentum=0.9, nesterov=True), mse, pictures, values),
    Run("words", Words, lambda: optimizers.AdamW(0.01, weight_decay=0.1), mse, ids, values, has_lists=True),
    Run("simple_rnn", recurrent(layers.SimpleRNN), lambda: optimizers.RMSprop(0.01), mse, ids, pairs, is_inference=True),
    Run("gru", recurrent(layers.GRU), lambda: optimizers.Adam(0.01), mse, ids, pairs, is_inference=True),
    Run("lstm", recurrent(layers.LSTM), lambda: optimizers.Adam(0.01), mse, ids, pairs, is_inference=True),
])
