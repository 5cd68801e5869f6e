"""save, write, restore and read: who counts, and who asks for the counter. The rules are TensorFlow's."""
import pathlib

import tensorflow as tf

from states import bits, expect_raises, expect_same_bits, zeros


def state(value):
    return {"v": value("float32", [2], 1)}


def make(directory):
    checkpoint = tf.train.Checkpoint(**state(bits))
    checkpoint.write(directory + "/written")
    assert not pathlib.Path(directory, "checkpoint").exists()
    for number in [1, 2, 3]:
        assert checkpoint.save(directory + "/saved") == f"{directory}/saved-{number}"
    checkpoint.write(directory + "/written_with_counter")


def check(directory):
    assert tf.train.latest_checkpoint(directory) == directory + "/saved-3"
    assert list(tf.train.get_checkpoint_state(directory).all_model_checkpoint_paths) == [directory + "/saved-3"]
    assert sorted(each.name for each in pathlib.Path(directory).glob("*.index")) == [
        "saved-1.index", "saved-2.index", "saved-3.index", "written.index", "written_with_counter.index"]

    def restored(call, name):
        values = state(zeros)
        checkpoint = tf.train.Checkpoint(**values)
        status = getattr(checkpoint, call)(f"{directory}/{name}")
        expect_same_bits(values, state(bits))
        return checkpoint, status

    assert tf.train.load_variable(directory + "/saved-2", "save_counter/.ATTRIBUTES/VARIABLE_VALUE") == 2
    checkpoint, status = restored("restore", "saved-3")
    status.assert_consumed()
    assert checkpoint.save_counter.numpy() == 3 and checkpoint.save(directory + "/saved") == directory + "/saved-4"
    checkpoint, status = restored("read", "written")
    status.assert_consumed()
    _, status = restored("restore", "written")
    expect_raises(AssertionError, status.assert_consumed)
    expect_raises(AssertionError, status.assert_existing_objects_matched)
    _, status = restored("read", "saved-3")
    expect_raises(AssertionError, status.assert_consumed)
    status.assert_existing_objects_matched().expect_partial()
    checkpoint, status = restored("restore", "written_with_counter")
    status.assert_consumed()
    assert checkpoint.save_counter.numpy() == 3


def resume(directory):
    assert tf.train.latest_checkpoint(directory) == directory + "/saved-4"
    values = state(zeros)
    checkpoint = tf.train.Checkpoint(**values)
    checkpoint.restore(directory + "/saved-4").assert_consumed()
    assert checkpoint.save_counter.numpy() == 4
