"""Keras 2, as tf-keras still has it: its default optimizers, and the legacy ones with their slot variables."""
import numpy as np
import tensorflow as tf
import tf_keras as keras

import keras_training

MADE = keras.optimizers
LEGACY = keras.optimizers.legacy
OPTIMIZERS = {
    "sgd": lambda: MADE.SGD(0.05, momentum=0.9),
    "adam": lambda: MADE.Adam(0.01),
    "adamw": lambda: MADE.AdamW(0.01, amsgrad=True),
    "rmsprop": lambda: MADE.RMSprop(0.01, momentum=0.5, centered=True),
    "legacy_sgd": lambda: LEGACY.SGD(0.05, momentum=0.9),
    "legacy_adam": lambda: LEGACY.Adam(0.01),
    "legacy_rmsprop": lambda: LEGACY.RMSprop(0.01, momentum=0.5, centered=True),
}
X = np.float32([[1, -2, 0.5], [0.25, 3, -1]])


def sequential():
    return keras.Sequential([keras.layers.Dense(4, activation="tanh"), keras.layers.Dropout(0.5), keras.layers.Dense(2)])


def functional():
    inputs = keras.Input([3])
    return keras.Model(inputs, keras.layers.Dense(2)(keras.layers.Dense(4, activation="tanh")(inputs)))


def step(model, optimizer):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(X)))
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))


def nested():
    inner = keras.Sequential([keras.layers.Embedding(4, 3), keras.layers.Dense(2, activation="tanh")])
    return keras.Sequential([keras.Input([3]), inner, keras.layers.Flatten(), keras.layers.Dense(2)])


random = np.random.default_rng(3)
ids = random.integers(0, 4, (6, 3))
pairs = random.standard_normal((6, 2), np.float32)
mse = keras.losses.MeanSquaredError()
courses = [keras_training.Run(name, nested, optimizer, mse, ids, pairs) for name, optimizer in {
    "plain_sgd": lambda: MADE.SGD(0.05),
    "nested_adam": lambda: MADE.Adam(0.01, amsgrad=True),
    "nested_rmsprop": lambda: MADE.RMSprop(0.01, epsilon=1e-3),
    "cosine_adam": lambda: MADE.Adam(MADE.schedules.CosineDecay(0.02, 20)),
    "cosine_legacy_adam": lambda: LEGACY.Adam(MADE.schedules.CosineDecay(0.02, 20)),
    "decayed_legacy_sgd": lambda: LEGACY.SGD(0.05, momentum=0.9, decay=0.1),
    "nested_legacy_adam": lambda: LEGACY.Adam(0.01),
    "nested_legacy_rmsprop": lambda: LEGACY.RMSprop(0.01, epsilon=1e-3),
}.items()]
make_courses, resume, check_courses = keras_training.case(courses)


def make(directory):
    make_courses(directory)
    for name, optimizer in OPTIMIZERS.items():
        model, optimizer = sequential(), optimizer()
        model(X)
        checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer)
        checkpoint.write(f"{directory}/{name}-new")
        step(model, optimizer)
        step(model, optimizer)
        checkpoint.write(f"{directory}/{name}-built")
        tf.train.Checkpoint(y=tf.Variable(model(X))).write(f"{directory}/{name}-y")


def check(directory):
    check_courses(directory)
    for name, made in OPTIMIZERS.items():
        for model in (sequential(), functional()):
            for state in ("new", "built"):
                model(X)
                optimizer = made()
                if state == "built":
                    build = getattr(optimizer, "build", None) or optimizer._create_all_weights
                    build(model.trainable_variables)
                status = tf.train.Checkpoint(model=model, optimizer=optimizer).read(f"{directory}/{name}-{state}")
                status.assert_consumed()
                status.assert_existing_objects_matched()
            assert int(optimizer.iterations) == 2, name
            y = tf.train.load_variable(f"{directory}/{name}-y", "y/.ATTRIBUTES/VARIABLE_VALUE")
            assert np.allclose(model(X).numpy(), y, rtol=0, atol=1e-6 * np.abs(y).max()), name
