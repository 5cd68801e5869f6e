"""Writes the small checkpoints that tests/damage flips and cuts, with TensorFlow 2.21: python make.py (in this folder).

object_based    a tf.train.Checkpoint: numbers, strings, a list, a dict
name_based      raw SaveV2: a partitioned tensor, strings, bools, an empty tensor
two_shards      two SaveV2 writers merged: two data files, one tensor with parts in both
"""
import glob
import os

import tensorflow as tf


class Model(tf.Module):
    def __init__(self):
        self.kernel = tf.Variable([[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]], name="kernel")
        self.bias = tf.Variable([0.125, -0.5], name="bias")


def clean(folder):
    os.makedirs(folder, exist_ok=True)
    for path in glob.glob(folder + "/*"):
        os.remove(path)


def save(prefix, tensors):
    """tensors: name -> (slice, value); the slice is "" for a whole tensor."""
    tf.raw_ops.SaveV2(
        prefix=prefix,
        tensor_names=[name for name, _, _ in tensors],
        shape_and_slices=[slice_ for _, slice_, _ in tensors],
        tensors=[value for _, _, value in tensors],
    )


clean("object_based")
checkpoint = tf.train.Checkpoint(
    model=Model(),
    layers=[tf.Variable([1.0, 2.0]), tf.Variable([3.0, 4.0])],
    table={"one": tf.Variable(1, dtype=tf.int64), "two": tf.Variable(2, dtype=tf.int64)},
    labels=tf.Variable(["cat", "", "dog"]),
    step=tf.Variable(1200, dtype=tf.int64),
)
checkpoint.write("object_based/ckpt")

clean("name_based")
save(
    "name_based/ckpt",
    [
        ("w", "4 3 0,2:0,3", tf.constant([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])),
        ("w", "4 3 2,2:0,3", tf.constant([[6.0, 7.0, 8.0], [9.0, 10.0, 11.0]])),
        ("texts", "", tf.constant([["a", ""], ["bc", "x" * 200]])),
        ("flags", "", tf.constant([True, False, True])),
        ("empty", "", tf.zeros([0, 3])),
        ("global_step", "", tf.constant(7, dtype=tf.int64)),
    ],
)

clean("two_shards")
parts = []
for i in range(2):
    prefix = f"two_shards/part-{i}"
    parts.append(prefix)
    save(
        prefix,
        [
            ("w", f"4 2 {2 * i},2:0,2", tf.constant([[1.0, 2.0], [3.0, 4.0]]) * (i + 1)),
            (f"bias_{i}", "", tf.constant([0.5, -0.5], dtype=tf.float64)),
            (f"name_{i}", "", tf.constant(["writer", str(i)])),
        ],
    )
tf.raw_ops.MergeV2Checkpoints(checkpoint_prefixes=parts, destination_prefix="two_shards/ckpt", delete_old_dirs=False)
