"""A member saved under another name than it has, found under any of its names; and one that is left out."""
import tensorflow as tf

from states import bits, expect_same_bits, struct, zeros


def state(value, weights="_kernel", seed=1):
    return struct(**{weights: value("float32", [2, 3], seed), "bias": value("float32", [3], seed + 1)})


def make(directory):
    for name in ["_kernel", "w", "weights"]:
        tf.train.Checkpoint(model=state(bits, name), list=[state(bits, name, 3)]).save(f"{directory}/{name}")


def check(directory):
    restored, in_list = state(zeros), [state(zeros)]
    tf.train.Checkpoint(model=restored, list=in_list).restore(directory + "/ckpt-1").assert_consumed()
    expect_same_bits(restored, state(bits))
    expect_same_bits(in_list, [state(bits, seed=3)])
    assert "model/_kernel/.ATTRIBUTES/VARIABLE_VALUE" in dict(tf.train.list_variables(directory + "/ckpt-1"))
