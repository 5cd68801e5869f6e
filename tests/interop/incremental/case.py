"""Checkpoints that share data files: TensorFlow reads every one of them, and goes on in their directory."""
import os
import pathlib

import numpy as np
import tensorflow as tf

from states import bits, expect_same_bits, zeros


def links(path):
    return [os.stat(each).st_nlink for each in sorted(pathlib.Path(path).parent.glob(pathlib.Path(path).name + ".data-*"))]


def opened(directory):
    state = {"embedding": zeros("float32", [500, 8], 0), "dense": zeros("float32", [2000], 0),
             "head": zeros("float32", [700], 0), "step": tf.Variable(0, dtype=tf.int64)}
    checkpoint = tf.train.Checkpoint(**state)
    return state, checkpoint, tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)


def expect(directory, number):
    path = f"{directory}/ckpt-{number}"
    state, checkpoint, _ = opened(directory)
    checkpoint.restore(path).assert_consumed()
    expect_same_bits(state["embedding"], bits("float32", [500, 8], 1))  # frozen
    expect_same_bits(state["dense"], bits("float32", [2000], 1 if number < 4 else 4))  # changed once
    expect_same_bits(state["head"], bits("float32", [700], number))
    assert state["step"].numpy() == number
    reader = tf.train.load_checkpoint(path)
    names = {name for name, _ in tf.train.list_variables(path)}
    assert len(names) == 6, names
    for name, variable in state.items():
        assert np.array_equal(reader.get_tensor(f"{name}/.ATTRIBUTES/VARIABLE_VALUE"), variable.numpy(), equal_nan=name != "step")


def check(directory):
    _, _, manager = opened(directory)
    assert manager.checkpoints == [f"{directory}/ckpt-{number}" for number in (3, 4, 5)], manager.checkpoints
    for number in (3, 4, 5):
        expect(directory, number)
        assert max(links(f"{directory}/ckpt-{number}")) == 3, links(f"{directory}/ckpt-{number}")
    # TensorFlow's manager deletes one of them, and the others are whole.
    state, checkpoint, manager = opened(directory)
    checkpoint.restore(manager.latest_checkpoint).assert_consumed()
    state["step"].assign(6)
    assert manager.save() == f"{directory}/ckpt-6"
    assert not os.path.exists(f"{directory}/ckpt-3.index")
    for number in (4, 5):
        expect(directory, number)


resume = None  # the program goes on with what check() left
