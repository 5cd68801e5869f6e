"""Arrays of other libraries: column-major matrices, cubes, rows with a stride, channels, sparse matrices, as NumPy shows them."""
import numpy as np
import tensorflow as tf

from states import expect_same_bits, struct

SPARSE = np.array([[0, 1, 0, 2, 0], [0, 0, 0, 0, 3], [4, 0, 0, 0, 5]], np.float64)


def counted(dtype, shape):
    """1, 2, 3, ... in row-major order: a transposition is seen."""
    return np.arange(1, np.prod(shape, dtype=np.int64) + 1).astype(dtype).reshape(shape)


def given(value):
    return value


def zeros(value):
    return np.zeros_like(value)


def state(make):
    def value(dtype, shape):
        return tf.Variable(make(counted(dtype, shape)))

    def sparse():
        places = np.argwhere(SPARSE)
        values = SPARSE[tuple(places.T)]
        return struct(indices=tf.Variable(make(places.astype(np.int64))), values=tf.Variable(make(values)),
                      dense_shape=tf.Variable(make(np.array(SPARSE.shape, np.int64))))

    return struct(
        armadillo=struct(matrix=value("float64", [3, 5]), fixed=value("float32", [3, 5]), column=value("float64", [7]),
                         cube=value("float64", [2, 3, 4]), complex=value("complex128", [3, 2]), empty=value("float64", [0, 5]),
                         sparse=sparse()),
        opencv=struct(image=value("uint8", [4, 6, 3]), region=value("float32", [3, 5]), volume=value("int16", [2, 3, 4]),
                      half=value("float16", [2, 3]), point=value("int32", [2])),
        xtensor=struct(rows=value("float32", [2, 3, 4]), columns=value("float64", [3, 5]), fixed=value("int64", [3, 5])),
        dlpack=struct(columns=value("float32", [3, 5])))


def make(directory):
    tf.train.Checkpoint(arrays=state(given)).save(directory + "/ckpt")


def check(directory):
    restored = state(zeros)
    tf.train.Checkpoint(arrays=restored).restore(directory + "/ckpt-1").assert_consumed()
    expect_same_bits(restored, state(given))
    sparse = restored.armadillo.sparse
    dense = tf.sparse.to_dense(tf.SparseTensor(sparse.indices, sparse.values, sparse.dense_shape))
    assert np.array_equal(dense.numpy(), SPARSE), dense
