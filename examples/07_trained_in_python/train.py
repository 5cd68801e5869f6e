"""Trains the model that example 07 runs, with TensorFlow 2.21 and Keras 3.15: python train.py (in this folder)."""
import numpy as np
import tensorflow as tf

keras = tf.keras
keras.utils.set_random_seed(1)

# Which points are on a ring?
points = np.random.uniform(-1, 1, (2000, 2)).astype("float32")
radius = np.hypot(points[:, 0], points[:, 1])
on_ring = ((radius > 0.4) & (radius < 0.8)).astype("int64")

model = keras.Sequential([
    keras.layers.Dense(16, activation="tanh"),
    keras.layers.Dropout(0.02),
    keras.layers.Dense(16, activation="tanh"),
    keras.layers.Dense(2, activation="softmax"),
])
model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(points, on_ring, epochs=60, verbose=2)

tf.train.Checkpoint(model=model).save("trained/ckpt")
