"""Everyday types of the standard library: Python reads each with the dtype that it expects, and writes it back."""
import numpy as np
import tensorflow as tf

from states import bits, expect_same_bits, struct, zeros

TEXTS = ["16807", "5.00000000000000000e-01 2.00000000000000000e+00 0"]  # what libstdc++ writes


def numbers(value, *elements):
    """The variable of those numbers, or as many zeros."""
    elements = np.array(elements)
    return lambda dtype: tf.Variable(elements.astype(dtype) if value is bits else np.zeros_like(elements, dtype))


def texts(value, *elements):
    return tf.Variable(list(elements) if value is bits else [""] * len(elements))


def text(value, constant):
    return tf.Variable(constant if value is bits else "")


def number(value, constant, dtype):
    return tf.Variable(constant if value is bits else 0, dtype=dtype)


def state(value):
    return struct(
        elapsed=number(value, -5, tf.int64), seconds=number(value, 1.5, tf.float64), started=number(value, 1000000, tf.int64),
        laps=numbers(value, 1, 2)(np.int64), out=text(value, "out/x.txt"), files=texts(value, "a", "b/c"),
        steps=number(value, 3, tf.int32), done=numbers(value, 0, 1)(np.bool_), bits=numbers(value, 1, 0, 1, 0)(np.bool_),
        wave=numbers(value, 1 + 2j, 3 - 4j)(np.complex64), byte=number(value, 200, tf.uint8), ids=numbers(value, -1, 2, 3)(np.int64),
        words=texts(value, "a", "m", "z"), numbers=struct(keys=numbers(value, -2, 5)(np.int32), values=numbers(value, 2, 0.5)(np.float32)),
        items=struct(keys=numbers(value, 0, 2)(np.uint8), values=struct(n=numbers(value, 8, 7)(np.int64))),
        events=struct(keys=texts(value, "a", "b", "b"), values=numbers(value, 2, 1, 0.5)(np.float64)),
        titles=struct(keys=texts(value, "x", "x/y"), values=texts(value, "two", "one")),
        force=struct(index=number(value, 1, tf.int64), value=struct(k=number(value, 2, tf.float64), q=value("float32", [2], 1))),
        perhaps=struct(index=number(value, 0, tf.int64), value=struct()), nothing=struct(),
        engine=text(value, TEXTS[0]), normal=text(value, TEXTS[1]))


def make(directory):
    tf.train.Checkpoint(state=state(bits)).save(directory + "/ckpt")


def check(directory):
    restored = state(zeros)
    tf.train.Checkpoint(state=restored).restore(directory + "/ckpt-1").assert_consumed()
    expect_same_bits(restored, state(bits))
    tf.train.Checkpoint(state=restored).save(directory + "/again/ckpt")


def resume(directory):
    """Nothing: the program has not saved."""
