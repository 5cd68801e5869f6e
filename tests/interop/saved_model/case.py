"""A SavedModel directory is as good as a checkpoint's path: its variables are restored."""
import tensorflow as tf

from states import bits, struct


class Model(tf.Module):
    def __init__(self):
        super().__init__()
        self.weights = bits("float32", [3, 2], 1)
        self.inner = struct(list=[bits("float32", [], 2), bits("float32", [], 3)])

    @tf.function(input_signature=[tf.TensorSpec([None, 3])])
    def __call__(self, x):
        return tf.matmul(x, self.weights)


def make(directory):
    tf.saved_model.save(Model(), directory + "/model")
