"""Whole files: cairn writes the bytes that TensorFlow writes for the same state with the same variable names."""
import os
import pathlib

import numpy as np
import tensorflow as tf
from tensorflow.python.checkpoint import checkpoint_management

from states import bits, random_bytes, struct


class Clock:
    """Stands in for the module `time` in CheckpointManager."""

    def __init__(self, now):
        self.now = now

    def time(self):
        return self.now

    def __enter__(self):
        self.module, checkpoint_management.time = checkpoint_management.time, self
        return self

    def __exit__(self, *_):
        checkpoint_management.time = self.module


def save_variables(directory):
    step = bits("int64", [], 3)
    checkpoint = tf.train.Checkpoint(step=step, named=bits("float32", [2, 3], 1, name="a_name"), unnamed=bits("float64", [4], 2),
                                     losses=bits("float32", [3], 4))
    checkpoint.save(directory + "/ckpt")
    step.assign(bits("int64", [], 5))
    checkpoint.save(directory + "/ckpt")
    checkpoint.write(directory + "/written")


def save_nested(directory):
    seed = iter(range(1, 1000))

    def dense():
        return struct(kernel=bits("float32", [3, 2], next(seed), name="dense/kernel"), bias=bits("float32", [2], next(seed), name="dense/bias"))

    inner = struct(
        layers=[dense() for _ in range(12)], heads={name: dense() for name in ["left", "right", "up"]},
        history={"loss": bits("float32", [4], next(seed)), "metric": bits("float32", [0], 2)},
        lists=[[bits("float32", [], next(seed)) for _ in range(2)] for _ in range(2)], nothing=struct(), no_layers=[], no_heads={},
        no_elements=bits("float32", [0, 3], 2), tuple=(dense(), bits("int32", [], next(seed))))
    training = struct(inner=inner, step=tf.Variable(0, dtype=tf.int64))
    with Clock(1795423957.25) as clock:
        manager = tf.train.CheckpointManager(tf.train.Checkpoint(training=training), directory, max_to_keep=2)
        for clock.now in [1795423958.6106403, 1795424000.0, 1795425958.754463]:
            training.step.assign_add(1)
            manager.save()


def save_shared(directory):
    one, first = struct(w=bits("float32", [3], 1)), struct(w=bits("float32", [3], 2))
    ring, other = struct(value=bits("float32", [], 3)), struct(value=bits("float32", [], 4))
    ring.next = other
    other.next, other.self_ = ring, other
    shared = struct(list=[first, one, one], one=one, same=one, ring=ring, other=other, inside=first.w)
    tf.train.Checkpoint(shared).save(directory + "/ckpt")


def save_scalars_and_strings(directory):
    def scalar(value, dtype):
        return tf.Variable(tf.constant(value, dtype))

    # An array, because TensorFlow keeps scalars by value: tf.constant(-0.0) is 0.0 once a process has seen tf.constant(0.0).
    minus_zero = np.array(-0.0, np.float32)
    scalars = struct(
        a=scalar(True, tf.bool), b=scalar(-1, tf.int8), c=scalar(2, tf.uint16), d=scalar(3, tf.uint64), e=scalar(minus_zero, tf.float32),
        f=scalar(1 - 2j, tf.complex128), g=scalar(0.5, tf.half), h=scalar(3.0, tf.bfloat16),
        i=tf.Variable(tf.cast(tf.constant(-3), "int4")), j=tf.Variable(tf.cast(tf.constant(1.5), "float8_e4m3fn")))
    strings = struct(
        empty=tf.Variable(""), text=tf.Variable(b"nul\0in it"), several=tf.Variable(["", "grüße", "x" * 200]),
        none=tf.Variable(tf.constant([], tf.string)), table=tf.Variable([["a", "b"], ["", "d"]]))
    tf.train.Checkpoint(scalars=scalars, strings=strings).save(directory + "/ckpt")


def save_names(directory):
    names = ["a", "a.b", "a/b", ".S", "..S", "/", ".", "d/.ATTRIBUTES/f", "two words", "grüße", "0", "10", "2"]
    values = {name: bits("float32", [], seed) for seed, name in enumerate(names, 1)}
    tf.train.Checkpoint(map=dict(sorted(values.items()))).save(directory + "/ckpt")


def save_root(directory):
    root = struct(z=bits("float32", [2], 1, name="z"), a=tf.Variable(5, dtype=tf.int64))
    checkpoint = tf.train.Checkpoint(root, zero=tf.Variable(0), attached=tf.Variable(1))
    checkpoint.write(directory + "/before")
    checkpoint.save(directory + "/ckpt")
    checkpoint = tf.train.Checkpoint(zero=tf.Variable(0), attached=tf.Variable(1))
    checkpoint.save(directory + "/late")
    checkpoint.between = tf.Variable(2)  # behind save_counter
    checkpoint.save(directory + "/late")
    tf.train.Checkpoint().write(directory + "/empty")
    tf.train.Checkpoint().save(directory + "/only_a_counter")


SMALL = {"variables": save_variables, "nested": save_nested, "shared": save_shared, "scalars_and_strings": save_scalars_and_strings,
         "names": save_names, "root": save_root}


def save_owners_second(directory):
    """The owner's second program, its model a tf.Module."""
    my_variable = bits("float32", [5], 1, name="my_variable")
    model = struct(weights=bits("float32", [784, 10], 3, name="weights"), biases=bits("float32", [10], 2, name="biases"))
    with Clock(1795423957.25) as clock:
        manager = tf.train.CheckpointManager(tf.train.Checkpoint(my_variable=my_variable, model=model), directory, max_to_keep=3)
        for seed in [4, 5, 6]:
            clock.now += 0.1
            manager.save()
            my_variable.assign(bits("float32", [5], seed))


def save_many(directory):
    """300 variables, some large; the second checkpoint's keys alone take more than one block of 256 KiB."""
    names = [f"layer_{i % 17}/block.{i}" for i in range(300)]
    variables = {name: bits("float32", [i % 7 + 1, 3], i + 1, name=f"v{i}") for i, name in enumerate(names)}
    tf.train.Checkpoint(variables=dict(sorted(variables.items())), list=[bits("int32", [], i + 1) for i in range(300)],
                        large=bits("float32", [1000, 700], 8, name="large")).save(directory + "/ckpt")
    keys = {random_bytes(90, i + 1).hex(): tf.Variable(i, dtype=tf.int32) for i in range(3000)}
    tf.train.Checkpoint(keys=dict(sorted(keys.items()))).save(directory + "/keys")


def save_hours(directory):
    """keep_checkpoint_every_n_hours, and a directory that is opened again."""
    step = tf.Variable(0, dtype=tf.int64)
    checkpoint = tf.train.Checkpoint(step=step)
    with Clock(1795400000.0) as clock:
        for _ in range(2):
            manager = tf.train.CheckpointManager(checkpoint, directory, max_to_keep=2, keep_checkpoint_every_n_hours=1, checkpoint_name="at.step")
            for _ in range(7):
                clock.now += 1800
                step.assign_add(1)
                manager.save()


def save_relative(directory):
    """Prefixes and directories as people write them."""
    here = os.getcwd()
    os.chdir(directory)
    try:
        for prefix in ["first", "./dot/ckpt", "sub/deep/ckpt", "twice//ckpt", "up/../down/ckpt", "a \"quoted\" gr\\ße", directory + "/absolute/ckpt"]:
            os.makedirs("up", exist_ok=True)
            tf.train.Checkpoint(step=tf.Variable(1, dtype=tf.int64)).save(prefix)
        with Clock(1795400000.0):
            for name in ["managed", "./managed_dot/", "sub/../managed_up", "managed//twice", directory + "/managed_absolute/", "."]:
                manager = tf.train.CheckpointManager(tf.train.Checkpoint(step=tf.Variable(1, dtype=tf.int64)), name, max_to_keep=1)
                manager.save()
                manager.save()
    finally:
        os.chdir(here)


STATES = SMALL | {"owners_second": save_owners_second, "many": save_many, "hours": save_hours, "relative": save_relative}


def files(directory):
    root = pathlib.Path(directory)
    return {str(each.relative_to(root)): each.read_bytes() for each in sorted(root.rglob("*")) if each.is_file()}


def differences(name, cairn, tensorflow):
    """A line per file that differs."""
    for file in sorted(cairn.keys() | tensorflow.keys()):
        ours, theirs = cairn.get(file), tensorflow.get(file)
        if ours is None or theirs is None:
            yield f"{name}/{file}: only {'TensorFlow' if ours is None else 'cairn'} has it"
        elif ours != theirs:
            at = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
            around = slice(max(0, at - 40), at + 40)
            yield f"{name}/{file}: {len(ours)} and {len(theirs)} bytes, different from byte {at}\n  cairn      {ours[around]}\n  TensorFlow {theirs[around]}"


def check(directory):
    different = []
    for name, save in STATES.items():
        theirs = f"{directory}/tensorflow/{name}"
        os.makedirs(theirs)
        save(theirs)
        different += differences(name, files(f"{directory}/cairn/{name}"), files(theirs))
    assert not different, "\n" + "\n".join(different)
    index = os.path.getsize(f"{directory}/cairn/many/keys-1.index")
    assert index > 2 * 256 * 1024, index
    # What stands in golden/ is what this TensorFlow writes.
    golden = files(pathlib.Path(__file__).parent / "golden")
    fresh = {f"{name}/{file}": content for name in SMALL for file, content in files(f"{directory}/tensorflow/{name}").items()}
    assert {file: content for file, content in golden.items() if "/" in file} == fresh, "golden/make.py makes other files now"
