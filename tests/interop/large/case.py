"""More than fits a buffer: 60 MB in few variables, many small ones, many strings."""
import tensorflow as tf

from states import expect_same_bits


def state(filled):
    value = tf.cast if filled else lambda tensor, dtype: tf.zeros_like(tensor, dtype)
    return {
        "floats": tf.Variable(value(tf.reshape(tf.range(3000 * 2000), [3000, 2000]), tf.float32)),
        "doubles": tf.Variable(value(tf.range(4_000_000), tf.float64)),
        "bools": tf.Variable(value(tf.range(1_000_000) % 3, tf.bool)),
        "many": [tf.Variable(i if filled else 0, dtype=tf.int32) for i in range(2000)],
        "strings": tf.Variable(tf.strings.as_string(tf.range(100_000)) if filled else tf.fill([100_000], "")),
        "long": tf.Variable("x" * 9_000_000 if filled else ""),
    }


def make(directory):
    tf.train.Checkpoint(**state(True)).save(directory + "/ckpt")


def check(directory):
    restored = state(False)
    tf.train.Checkpoint(**restored).restore(directory + "/ckpt-1").assert_consumed()
    expect_same_bits(restored, state(True))
