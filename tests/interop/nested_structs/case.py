"""Structs in structs: nodes in nodes, in the order of their members."""
import tensorflow as tf

from states import bits, expect_same_bits, struct, zeros


def dense(value, seed):
    return struct(kernel=value("float32", [3, 4], seed), bias=value("float32", [4], seed + 1))


def block(value, seed):
    return struct(query=dense(value, seed), key=dense(value, seed + 2), scale=value("float64", [], seed + 4))


def state(value):
    deep = struct(leaf=value("float32", [2, 2, 2], 31))
    for name in ["f", "e", "d", "c", "b", "a"]:
        deep = struct(**{name: deep})
    return struct(second=block(value, 1), first=block(value, 11), nothing=struct(), deep=deep,
                  step=value("int64", [], 41), done=value("bool", [], 42))


def make(directory):
    tf.train.Checkpoint(training=state(bits), alpha=bits("int32", [2], 51)).save(directory + "/ckpt")


def check(directory):
    restored, alpha = state(zeros), zeros("int32", [2], 0)
    tf.train.Checkpoint(training=restored, alpha=alpha).restore(directory + "/ckpt-1").assert_consumed()
    expect_same_bits(restored, state(bits))
    expect_same_bits(alpha, bits("int32", [2], 51))
    view = tf.train.CheckpointView(directory + "/ckpt-1")
    assert list(view.children(0)) == ["alpha", "training", "save_counter"], view.children(0)
    assert list(view.children(view.children(0)["training"])) == ["second", "first", "nothing", "deep", "step", "done"]
