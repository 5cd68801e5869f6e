"""Names with '.', '/', '.ATTRIBUTES', spaces, UTF-8: escaped in keys, plain in the graph, found again on both sides."""
import tensorflow as tf

from states import bits, expect_same_bits, struct, zeros

NAMES = ["a/b", "a.b", ".S", "a..Sb", "a.ATTRIBUTES/", "d/.ATTRIBUTES/f", "VARIABLE_VALUE", ".", "/", "..", "//", "./", "/.", " ", "two words",
         "grüße", "你好", "tab\tnew\nline", "\"quoted\"", "back\\slash", "0", "-1", "_CHECKPOINTABLE_OBJECT_GRAPH", "checkpoint", "e\u0301", "\u007f",
         "x" * 300, "a", "a/", "/a", ".OPTIMIZER_SLOT", "self", "%s%n", "\U0001f600"]

SAVED_ONLY = ".ATTRIBUTES"  # TensorFlow 2.21 cannot restore what it saves under this name: it looks for another key


def state(value):
    return {name: value("float32", [2], seed) for seed, name in enumerate(NAMES, 1)}


def make(directory):
    tf.train.Checkpoint(map=state(bits), maps={name: {name: value} for name, value in state(bits).items()}).save(directory + "/ckpt")
    tf.train.Checkpoint(map={SAVED_ONLY: bits("float32", [2], 1)}).save(directory + "/saved_only")
    with open(directory + "/keys", "w", newline="") as file:
        file.writelines(key + "\0" for key, _ in tf.train.list_variables(directory + "/ckpt-1"))


def check(directory):
    restored = state(zeros)
    restored_maps = {name: {name: value} for name, value in state(zeros).items()}
    tf.train.Checkpoint(map=restored, maps=restored_maps).restore(directory + "/ckpt-1").assert_consumed()
    expect_same_bits(restored, state(bits))
    expect_same_bits(restored_maps, state(bits))
    make(directory)
    with open(directory + "/keys", newline="") as file:
        expected = file.read().split("\0")[:-1]
    with open(directory + "/keys_of_cairn", newline="") as file:
        keys = file.read().split("\0")[:-1]
    assert keys == expected, set(keys) ^ set(expected)
