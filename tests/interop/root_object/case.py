"""An object as the root: its members are the root's children, and it is its own child "root"."""
import tensorflow as tf

from states import bits, expect_same_bits, struct, zeros


def state(value):
    return struct(weights=value("float32", [2, 3], 1), step=value("int64", [], 2), inner=struct(zeta=value("float32", [], 3)))


def make(directory):
    tf.train.Checkpoint(state(bits)).save(directory + "/alone")
    tf.train.Checkpoint(state(bits), zero=bits("int32", [], 4), attached=bits("int32", [], 5)).save(directory + "/more")
    tf.train.Checkpoint(state(bits)).write(directory + "/written")
    counted = struct(weights=bits("float32", [2, 3], 1), save_counter=tf.Variable(41, dtype=tf.int64))
    tf.train.Checkpoint(counted).save(directory + "/counted")


def check(directory):
    restored = state(zeros)
    tf.train.Checkpoint(restored).restore(directory + "/alone-1").assert_consumed()
    expect_same_bits(restored, state(bits))
    assert list(tf.train.CheckpointView(directory + "/alone-1").children(0)) == ["weights", "step", "inner", "root", "save_counter"]
    restored, zero, attached = state(zeros), zeros("int32", [], 4), zeros("int32", [], 5)
    tf.train.Checkpoint(restored, zero=zero, attached=attached).restore(directory + "/more-1").assert_consumed()
    expect_same_bits(restored, state(bits))
    expect_same_bits([zero, attached], [bits("int32", [], 4), bits("int32", [], 5)])
    names = list(tf.train.CheckpointView(directory + "/more-1").children(0).items())
    assert [name for name, _ in names] == ["weights", "step", "inner", "attached", "root", "zero", "save_counter"], names
    assert dict(names)["root"] == 0
    restored = state(zeros)
    tf.train.Checkpoint(restored).read(directory + "/written").assert_consumed()
    expect_same_bits(restored, state(bits))
    # The members are the root's own: keyword arguments of the same names find them.
    restored = state(zeros)
    tf.train.Checkpoint(weights=restored.weights, step=restored.step, inner=restored.inner).restore(directory + "/alone-1").assert_consumed()
    expect_same_bits(restored, state(bits))
    counted = struct(weights=zeros("float32", [2, 3], 1), save_counter=tf.Variable(0, dtype=tf.int64))
    tf.train.Checkpoint(counted).restore(directory + "/counted-42").assert_consumed()
    assert counted.save_counter.numpy() == 42
