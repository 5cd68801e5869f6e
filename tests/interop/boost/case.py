"""Boost's arrays: tf.Variables of the shape that NumPy shows."""
import numpy as np
import tensorflow as tf

from states import struct


def counted(dtype, *shape):
    return (np.arange(np.prod(shape)) + 1).reshape(shape).astype(dtype)


ARRAYS = {"cube": counted("float32", 2, 3, 4), "fortran": counted("float64", 2, 3, 4), "rows": counted("float64", 3, 5),
          "columns": counted("int32", 3, 5), "vector": counted("float32", 7)}


def state(make_value):
    return struct(**{name: tf.Variable(make_value(value)) for name, value in ARRAYS.items()})


def make(directory):
    tf.train.Checkpoint(arrays=state(lambda value: value)).write(directory + "/ckpt")


def check(directory):
    restored = state(np.zeros_like)
    tf.train.Checkpoint(arrays=restored).read(directory + "/ckpt").assert_consumed()
    for name, expected in ARRAYS.items():
        np.testing.assert_array_equal(getattr(restored, name).numpy(), expected, err_msg=name)
