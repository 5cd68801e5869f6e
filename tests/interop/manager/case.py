"""A directory with the last three of five checkpoints, saved by one side, continued by the other and then by the first."""
import pathlib

import tensorflow as tf

from states import bits, expect_same_bits, zeros


def names(directory):
    return sorted(each.name for each in pathlib.Path(directory).iterdir())


def files(*numbers):
    return sorted(["checkpoint"] + [f"ckpt-{n}{end}" for n in numbers for end in (".index", ".data-00000-of-00001")])


def opened(directory):
    weights, step = zeros("float32", [3, 2], 0), tf.Variable(0, dtype=tf.int64)
    checkpoint = tf.train.Checkpoint(weights=weights, step=step)
    return weights, step, checkpoint, tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)


def make(directory):
    weights, step, _, manager = opened(directory)
    for number in range(1, 6):
        weights.assign(bits("float32", [3, 2], number))
        step.assign(10 * number)
        assert manager.save() == f"{directory}/ckpt-{number}"


def expect_state(manager, directory, *numbers):
    paths = [f"{directory}/ckpt-{number}" for number in numbers]
    assert manager.checkpoints == paths, manager.checkpoints
    assert manager.latest_checkpoint == tf.train.latest_checkpoint(directory) == paths[-1], manager.latest_checkpoint
    assert names(directory) == files(*numbers), names(directory)
    state = tf.train.get_checkpoint_state(directory)
    assert len(state.all_model_checkpoint_timestamps) == len(numbers) and state.last_preserved_timestamp > 1.7e9, state
    assert list(state.all_model_checkpoint_timestamps) == sorted(state.all_model_checkpoint_timestamps)


def check(directory):
    weights, step, checkpoint, manager = opened(directory)
    expect_state(manager, directory, 3, 4, 5)
    checkpoint.restore(manager.latest_checkpoint).assert_consumed()
    expect_same_bits(weights, bits("float32", [3, 2], 5))
    assert step.numpy() == 50 and checkpoint.save_counter.numpy() == 5
    checkpoint.restore(manager.checkpoints[0]).assert_consumed()
    expect_same_bits(weights, bits("float32", [3, 2], 3))
    assert manager.restore_or_initialize() == directory + "/ckpt-5"
    weights.assign(bits("float32", [3, 2], 6))
    step.assign(60)
    assert manager.save() == directory + "/ckpt-6"
    expect_state(manager, directory, 4, 5, 6)


def resume(directory):
    weights, step, checkpoint, manager = opened(directory)
    expect_state(manager, directory, 5, 6, 7)
    checkpoint.restore(manager.latest_checkpoint).assert_consumed()
    expect_same_bits(weights, bits("float32", [3, 2], 7))
    assert step.numpy() == 70 and checkpoint.save_counter.numpy() == 7
    assert manager.save() == directory + "/ckpt-8"
    expect_state(manager, directory, 6, 7, 8)
