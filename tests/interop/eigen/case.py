"""Eigen's matrices: tf.Variables of the shape that NumPy shows, and sparse ones the tensors of a tf.sparse.SparseTensor."""
import numpy as np
import tensorflow as tf

from states import struct


def counted(dtype, *shape):
    return (np.arange(np.prod(shape)) + 1).reshape(shape).astype(tf.as_dtype(dtype).as_numpy_dtype)


DENSE = np.zeros((3, 5))
DENSE[0, 4], DENSE[2, 0], DENSE[2, 1] = 4, 20, 21


def arrays():
    sparse = tf.sparse.from_dense(DENSE)
    return {
        "columns": counted("float32", 3, 5), "rows": counted("float64", 3, 5), "fixed": counted("int32", 2, 3), "vector": counted("float64", 7),
        "waves": counted("complex64", 2, 3) * (1 + 2j), "flags": counted("int32", 3, 5) % 3 == 0, "halves": counted("float16", 2, 3),
        "brains": counted("bfloat16", 2, 3), "view": counted("float32", 2, 3), "turn": counted("float32", 4), "empty": counted("float32", 0, 5),
        "sparse": {"indices": sparse.indices.numpy(), "values": sparse.values.numpy(), "dense_shape": sparse.dense_shape.numpy()},
    }


def state(make_value):
    def node(values):
        return struct(**{name: node(value) if isinstance(value, dict) else tf.Variable(make_value(value)) for name, value in values.items()})

    return node(arrays())


def make(directory):
    tf.train.Checkpoint(arrays=state(lambda value: value)).write(directory + "/ckpt")


def check(directory):
    restored = state(np.zeros_like)
    tf.train.Checkpoint(arrays=restored).read(directory + "/ckpt").assert_consumed()
    for name, expected in arrays().items():
        for found, value in [(getattr(getattr(restored, name), part), value) for part, value in expected.items()] if isinstance(expected, dict) else [(getattr(restored, name), expected)]:
            assert found.dtype == value.dtype and found.shape == value.shape, (name, found)
            np.testing.assert_array_equal(found.numpy(), value, err_msg=name)
    sparse = tf.sparse.SparseTensor(restored.sparse.indices, restored.sparse.values, restored.sparse.dense_shape)
    np.testing.assert_array_equal(tf.sparse.to_dense(sparse).numpy(), DENSE)
