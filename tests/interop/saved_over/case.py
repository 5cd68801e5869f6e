"""Saving over a checkpoint: cairn's new data file stands beside the old one, as shard 1 of 2 without a shard 0."""
import os

import tensorflow as tf

from states import bits, expect_same_bits, zeros


def state(value, seed):
    return tf.train.Checkpoint(x=value("float32", [3], seed), y=value("int64", [], seed + 1))


def make(directory):
    state(bits, 1).write(directory + "/model")
    state(bits, 5).write(directory + "/model")


def check(directory):
    for name, seed, shard in [("once", 11, "00000-of-00001"), ("twice", 13, "00001-of-00002"), ("thrice", 15, "00000-of-00001")]:
        prefix = f"{directory}/{name}"
        assert [file for file in os.listdir(directory) if file.startswith(name + ".data-")] == [f"{name}.data-{shard}"]
        restored = state(zeros, 0)
        restored.read(prefix).assert_consumed()
        expect_same_bits(restored.x, bits("float32", [3], seed))
        expect_same_bits(restored.y, bits("int64", [], seed + 1))
        assert len(tf.train.list_variables(prefix)) == 3
        assert tf.compat.v1.train.checkpoint_exists(prefix)
        state(bits, 21).write(prefix)  # and TensorFlow saves over it in turn
        restored.read(prefix).assert_consumed()
        expect_same_bits(restored.x, bits("float32", [3], 21))
