"""Every dtype that a C++ type has: as number, as vector, as variable, and all bit patterns of the small floats."""
import numpy as np
import tensorflow as tf

from states import bits, expect_same_bits, struct, zeros

DTYPES = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64", "complex64", "complex128"]
SMALL = ["half", "bfloat16", "float8_e4m3fn", "float8_e5m2", "int4", "uint4"]


def patterns(name):
    dtype = np.dtype(tf.as_dtype(name).as_numpy_dtype)
    count = 16 if name.endswith("int4") else 1 << (8 * dtype.itemsize)
    return np.arange(count, dtype=np.uint8 if dtype.itemsize == 1 else np.uint16).view(dtype)


def state(value):
    root = {}
    for name in DTYPES:
        root[name] = struct(number=value(name, [], 1), vector=value(name, [13], 2), variable=value(name, [3, 5], 3))
    for name in SMALL:
        every = tf.Variable(patterns(name)) if value is bits else zeros(name, patterns(name).shape, 0)
        root[name] = struct(number=value(name, [], 4), every=every)
    root["others"] = struct(
        enumeration=tf.Variable(2 if value is bits else 0, dtype=tf.uint8),
        plain_enumeration=tf.Variable(-7 if value is bits else 0, dtype=tf.int32),
        fixed=value("float64", [11], 5),
        numbers=value("int16", [6], 6),
        no_elements=value("float32", [0], 7),
        no_rows=value("complex128", [0, 3], 8),
        characters=value("int8", [4], 9))
    return root


def make(directory):
    tf.train.Checkpoint(**state(bits)).write(directory + "/values")


def check(directory):
    for path in ["/values", "/aligned"]:
        restored = state(zeros)
        tf.train.Checkpoint(**restored).read(directory + path).assert_consumed()
        for name, expected in state(bits).items():
            expect_same_bits(restored[name], expected)
    for key, dtype in tf.train.load_checkpoint(directory + "/values").get_variable_to_dtype_map().items():
        if key.split("/")[0] in DTYPES + SMALL:
            assert dtype == tf.as_dtype(key.split("/")[0]), (key, dtype)
