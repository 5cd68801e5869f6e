"""Shards by size: cairn places and cuts tensors as TensorFlow's MaxShardSizePolicy does, byte for byte, and TensorFlow
reads what cairn writes where that policy never returns or cuts strings."""
import os
import pathlib

import tensorflow as tf
from tensorflow.python.checkpoint.sharding.sharding_policies import MaxShardSizePolicy

from states import bits, expect_same_bits, struct, zeros

# TensorFlow needs 120 bytes for the least slice of c.
SIZES = [120, 128, 150, 200, 333, 500, 1000, 4000]
SMALL = [1, 4, 8, 50]


def state(value):
    return tf.train.Checkpoint(state=struct(
        a=value("float32", [10, 4], 1), b=value("float32", [], 2), c=value("float64", [7, 3, 5], 3), d=value("int64", [3], 4),
        e=tf.Variable("x" * 200 if value is bits else ""), f=value("float32", [100], 5), h=value("int16", [13, 2, 3], 6),
        i=tf.Variable("ab" if value is bits else "")))


def strings(texts):
    return tf.train.Checkpoint(state=struct(first=tf.Variable(texts), last=tf.Variable(["y" * i for i in range(len(texts))])))


def files_of(prefix):
    prefix = pathlib.Path(prefix)
    return {path.name[len(prefix.name):]: path.read_bytes() for path in prefix.parent.iterdir()
            if path.name.startswith(prefix.name + ".")}


def save(prefix, size):
    state(bits).write(prefix, tf.train.CheckpointOptions(experimental_sharding_callback=MaxShardSizePolicy(size)))


def make(directory):
    for size in SIZES:
        save(f"{directory}/{size}", size)


def check(directory):
    os.mkdir(directory + "/tensorflow")
    for size in SIZES + SMALL:
        prefix = f"{directory}/{size}"
        restored = state(zeros)
        restored.read(prefix).assert_consumed()
        for name, value in vars(state(bits).state).items():
            if isinstance(value, tf.Variable):
                expect_same_bits(getattr(restored.state, name), value)
        if size in SIZES:
            save(f"{directory}/tensorflow/{size}", size)
            expected, found = files_of(f"{directory}/tensorflow/{size}"), files_of(prefix)
            assert sorted(found) == sorted(expected), (size, sorted(found), sorted(expected))
            for name in expected:
                assert found[name] == expected[name], (size, name)
    texts = [f"text {i}" for i in range(10)]
    restored = strings([""] * 10)
    restored.read(directory + "/strings").assert_consumed()
    assert restored.state.first.numpy().tolist() == [text.encode() for text in texts]
    assert restored.state.last.numpy()[9] == b"y" * 9
    assert len(files_of(directory + "/strings")) > 3
