"""Writes the checkpoint that example 05 reads, with TensorFlow 2.21: python make.py (in this folder)."""
import tensorflow as tf


class Model(tf.Module):
    def __init__(self):
        self.kernel = tf.Variable([[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]], name="kernel")
        self.bias = tf.Variable([0.125, -0.5], name="bias")


checkpoint = tf.train.Checkpoint(
    model=Model(),
    labels=tf.Variable(["cat", "dog"], name="labels"),
    step=tf.Variable(1200, dtype=tf.int64, name="step"),
    learning_rate=tf.Variable(0.01, name="learning_rate"),
)
checkpoint.save("from_python/ckpt")
