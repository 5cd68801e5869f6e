"""Every optimizer, three of them with a learning rate schedule, and every loss, with Dense layers."""
import numpy as np
import tensorflow as tf

from keras_training import Run, case

keras = tf.keras


def model(activation):
    return lambda: keras.Sequential([keras.layers.Dense(4, activation="relu"), keras.layers.Dense(3, activation=activation)])


def functional():
    inputs = keras.Input([5])
    return keras.Model(inputs, keras.layers.Dense(3)(keras.layers.Dense(4, activation="tanh")(inputs)))


random = np.random.default_rng(3)
x = random.standard_normal((6, 5), np.float32)
values = random.standard_normal((6, 3), np.float32)
classes = np.int64([0, 2, 1, 1, 0, 2])
shares = np.float32(np.eye(3)[classes] * 0.5 + 0.5 / 3)

mse = keras.losses.MeanSquaredError()
optimizers = keras.optimizers
schedules = optimizers.schedules
make, resume, check = case([
    Run("sgd", model("linear"), lambda: optimizers.SGD(0.05), mse, x, values),
    Run("momentum", model("linear"), lambda: optimizers.SGD(0.05, momentum=0.9), mse, x, values),
    Run("nesterov", model("softmax"), lambda: optimizers.SGD(0.05, momentum=0.8, nesterov=True), keras.losses.CategoricalCrossentropy(), x, shares),
    Run("adam", model("softmax"), lambda: optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(), x, classes),
    Run("amsgrad", model("linear"), lambda: optimizers.Adam(0.01, beta_1=0.8, beta_2=0.99, epsilon=1e-5, amsgrad=True), keras.losses.CategoricalCrossentropy(from_logits=True), x, shares),
    Run("adamw", model("linear"), lambda: optimizers.AdamW(0.01, weight_decay=0.1), keras.losses.SparseCategoricalCrossentropy(from_logits=True), x, classes),
    Run("rmsprop", model("linear"), lambda: optimizers.RMSprop(0.01), mse, x, values),
    Run("rmsprop_centered", model("linear"), lambda: optimizers.RMSprop(0.01, rho=0.8, momentum=0.5, centered=True), mse, x, values),
    Run("exponential_decay", functional, lambda: optimizers.SGD(schedules.ExponentialDecay(0.1, 3, 0.5), momentum=0.9), mse, x, values),
    Run("cosine_decay", functional, lambda: optimizers.Adam(schedules.CosineDecay(0.0, 8, alpha=0.1, warmup_target=0.02, warmup_steps=4)), mse, x, values),
    Run("piecewise_constant_decay", functional, lambda: optimizers.RMSprop(schedules.PiecewiseConstantDecay([2, 6], [0.02, 0.01, 0.002])), mse, x, values),
    Run("functional", functional, lambda: optimizers.Adam(0.01), mse, x, values),
])
