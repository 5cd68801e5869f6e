"""Tensors in boxes: TensorFlow restores what one process of cairn saved in boxes into ordinary variables and into sharded
ones, and cairn's boxes take what TensorFlow saved whole, cut by size, sharded, and in TensorFlow 1 with a partitioner."""
import numpy as np
import tensorflow as tf
from tensorflow.python.checkpoint.sharding.sharding_policies import MaxShardSizePolicy
from tensorflow.python.distribute.sharded_variable import ShardedVariable

from states import array, bits, expect_same_bits, struct, variables, zeros

SHAPES = {"w": ("float32", [10, 4], 1), "c": ("float64", [7, 3, 5], 3), "b": ("bool", [9], 4), "n": ("int64", [4, 6], 5)}
CUTS = [0, 3, 4, 10]  # rows of w


def state(value):
    return tf.train.Checkpoint(state=struct(**{name: value(*spec) for name, spec in SHAPES.items()}, own=[value("float32", [6], 7)]))


def sharded(values):
    """w in three parts; the rest is not there."""
    parts = [tf.Variable(values[begin:end]) for begin, end in zip(CUTS, CUTS[1:])]
    return tf.train.Checkpoint(state=struct(w=ShardedVariable(parts)))


def save_v1(prefix):
    v1 = tf.compat.v1
    with tf.Graph().as_default():
        with v1.variable_scope("state"):
            for axis, (name, (dtype, shape, seed)) in enumerate(SHAPES.items()):
                v1.get_variable(name, initializer=tf.constant(array(dtype, shape, seed)), use_resource=False,
                                partitioner=v1.fixed_size_partitioner(2, axis=min(axis, len(shape) - 1)))
        with v1.Session() as session:
            session.run(v1.global_variables_initializer())
            v1.train.Saver().save(session, prefix, write_meta_graph=False, write_state=False)


def make(directory):
    state(bits).write(directory + "/whole")
    state(bits).write(directory + "/cut", tf.train.CheckpointOptions(experimental_sharding_callback=MaxShardSizePolicy(120)))
    sharded(array(*SHAPES["w"])).write(directory + "/sharded")
    save_v1(directory + "/v1")


def check(directory):
    for name in ["one", "boxes", "async", "incremental", "planned"]:
        prefix = f"{directory}/{name}"
        restored = state(zeros)
        restored.read(prefix).assert_consumed()
        for actual, expected in zip(variables(restored), variables(state(bits)), strict=True):
            expect_same_bits(actual, expected)
        in_parts = sharded(np.zeros([10, 4], np.float32))
        in_parts.read(prefix).assert_existing_objects_matched().expect_partial()
        together = np.concatenate([part.numpy() for part in in_parts.state.w.variables])
        assert together.tobytes() == array(*SHAPES["w"]).tobytes()
        # A rank's boxes, asked for as TensorFlow asks for a partitioned variable's.
        key = "state/n/.ATTRIBUTES/VARIABLE_VALUE"
        part, = tf.raw_ops.RestoreV2(prefix=prefix, tensor_names=[key], shape_and_slices=["4 6 1,2:2,3"], dtypes=[tf.int64])
        assert part.numpy().tobytes() == array(*SHAPES["n"])[1:3, 2:5].tobytes()
        assert tf.train.load_checkpoint(prefix).get_variable_to_shape_map()[key] == [4, 6]
