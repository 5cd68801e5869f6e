"""What the cases share: a C++ struct's counterpart in Python, and values whose every bit counts.

`bits` makes the values that values.hpp's cairn::test::fill makes: for floats first NaNs with payloads, zeros, denormals
and infinities, then bytes of a generator.
"""
import numpy as np
import tensorflow as tf
from tensorflow.python.checkpoint import trackable_view

FLOAT_BITS = [0x7FC12345, 0xFFC00001, 0x7F812345, 0x80000000, 0x00000001, 0x807FFFFF, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x3F800000]
DOUBLE_BITS = [0x7FF8000012345678, 0xFFF8000000000001, 0x7FF0000012345678, 0x8000000000000000, 0x0000000000000001,
               0x800FFFFFFFFFFFFF, 0x7FEFFFFFFFFFFFFF, 0x7FF0000000000000, 0xFFF0000000000000, 0x3FF0000000000000]


class Node(tf.__internal__.tracking.AutoTrackable):  # a Module has names of its own, such as `variables`
    pass


def struct(**members):
    """A plain struct: children in the order they are given."""
    made = Node()
    for name, member in members.items():
        setattr(made, name, member)
    return made


def random_bytes(count, seed):
    """xorshift32, its lowest byte."""
    made = bytearray(count)
    state = seed
    for i in range(count):
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        made[i] = state & 0xFF
    return bytes(made)


def array(dtype, shape, seed):
    dtype = np.dtype(tf.as_dtype(dtype).as_numpy_dtype)
    count = int(np.prod(shape, dtype=np.int64))
    made = bytearray(random_bytes(count * dtype.itemsize, seed))
    if dtype == np.bool_:
        made = bytearray(byte & 1 for byte in made)
    if dtype.name in ("int4", "uint4"):
        made = bytearray(byte & 15 for byte in made)
    special = {"float32": (4, FLOAT_BITS), "complex64": (4, FLOAT_BITS), "float64": (8, DOUBLE_BITS), "complex128": (8, DOUBLE_BITS)}
    if dtype.name in special and seed % 2:
        size, patterns = special[dtype.name]
        for i, pattern in enumerate(patterns[:len(made) // size]):
            made[i * size:(i + 1) * size] = pattern.to_bytes(size, "little")
    return np.frombuffer(bytes(made), dtype).reshape(shape)


def bits(dtype, shape, seed, **options):
    """A variable with the values of that seed."""
    return tf.Variable(array(dtype, shape, seed), **options)


def zeros(dtype, shape, seed, **options):
    """The same variable before a restore."""
    del seed
    return tf.Variable(np.zeros(shape, tf.as_dtype(dtype).as_numpy_dtype), **options)


def variables(root):
    return [each for each in trackable_view.TrackableView(root).descendants() if isinstance(each, tf.Variable)]


def expect_same_bits(actual, expected):
    """Every variable below the one has the dtype, shape and bytes of its counterpart below the other."""
    actual, expected = variables(struct(it=actual)), variables(struct(it=expected))
    assert len(actual) == len(expected), f"{len(actual)} variables, expected {len(expected)}"
    for number, (a, b) in enumerate(zip(actual, expected)):
        where = f"variable {number} ({b.dtype.name} {b.shape})"
        assert a.dtype == b.dtype and a.shape == b.shape, f"{where} is {a.dtype.name} {a.shape}"
        a, b = a.numpy(), b.numpy()
        if isinstance(b, bytes) or b.dtype == object:
            same = np.asarray(a, object).tolist() == np.asarray(b, object).tolist()
        else:
            same = a.tobytes() == b.tobytes()
        assert same, f"{where} is\n{a}\nexpected\n{b}"


def expect_raises(error, function):
    try:
        function()
    except error as raised:
        return str(raised)
    raise AssertionError(f"{function} raised nothing")
