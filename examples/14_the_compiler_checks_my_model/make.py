#!/usr/bin/env python3
"""Makes the checkpoints whose indexes lie beside this script: python3 make.py, with TensorFlow (2.21.0 and Keras 3 did).

Keras' Sequential with Adam as in the first example of tf.train.CheckpointManager: before the optimizer is built, and
after. Of each the .index is kept and, without its large data file, the object graph as .graph.
"""
import pathlib
import tempfile

import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent

tf.keras.utils.set_random_seed(1)
model = tf.keras.Sequential([tf.keras.Input(shape=(784,)), tf.keras.layers.Dense(10, activation="relu"), tf.keras.layers.Dense(10, activation="softmax")])
optimizer = tf.keras.optimizers.Adam(learning_rate=0.001)
checkpoint = tf.train.Checkpoint(optimizer=optimizer, model=model)


def keep(name):
    with tempfile.TemporaryDirectory() as folder:
        path = checkpoint.save(f"{folder}/ckpt")
        (HERE / f"{name}.index").write_bytes(pathlib.Path(path + ".index").read_bytes())
        (HERE / f"{name}.graph").write_bytes(tf.train.load_checkpoint(path).get_tensor("_CHECKPOINTABLE_OBJECT_GRAPH"))


keep("before")
x, y = tf.random.normal([10, 784]), tf.random.normal([10, 10])
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(tf.square(model(x) - y))
optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
keep("after")
