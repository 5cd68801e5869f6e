"""Partitioned tensors and bundles of several writers: the same bytes as TensorFlow's SaveV2 and MergeV2Checkpoints, whole
tensors and slices read by either side, of dtypes that TensorFlow refuses to put together as well."""
import os
import pathlib

import numpy as np
import tensorflow as tf

from states import array

W = array("float32", [5, 4], 1)
H = array("float16", [4, 6], 2)
N = array("int64", [3], 3)
S = np.array([b"", b"one", b"two two", b"x" * 300], object)


def save_parts(directory):
    """Part 0 and part 1 of two writers."""
    os.makedirs(directory + "/parts")
    tf.raw_ops.SaveV2(
        prefix=directory + "/parts/0", tensor_names=["w", "h", "s", "n"],
        shape_and_slices=["5 4 0,2:0,4", "4 6 -:0,2", "4 0,3", "3 0,3"],
        tensors=[tf.constant(part) for part in [W[:2], H[:, :2], S[:3], N]])
    tf.raw_ops.SaveV2(
        prefix=directory + "/parts/1", tensor_names=["only", "w", "s", "h"],
        shape_and_slices=["", "5 4 2,3:0,4", "4 3,1", "4 6 -:2,4"],
        tensors=[tf.constant(part) for part in [np.float64(0.5), W[2:], S[3:], H[:, 2:]]])


def merge(directory):
    tf.raw_ops.MergeV2Checkpoints(checkpoint_prefixes=[directory + "/parts/0", directory + "/parts/1"],
                                  destination_prefix=directory + "/merged", delete_old_dirs=False)


def bytes_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in pathlib.Path(folder).rglob("*.*")}


def make(directory):
    save_parts(directory)
    merge(directory)


def check(directory):
    ours, theirs = directory + "/parts_only", directory + "/tensorflow"
    save_parts(theirs)
    assert bytes_of(ours) == bytes_of(theirs)
    merge(theirs)
    ours = directory + "/all"
    expected = {name: data for name, data in bytes_of(theirs).items() if not name.startswith("parts/")}
    assert bytes_of(ours) == expected, sorted(bytes_of(ours))
    assert os.listdir(ours + "/parts") == []

    reader = tf.train.load_checkpoint(ours + "/merged")
    assert reader.get_tensor("w").tobytes() == W.tobytes()
    assert reader.get_tensor("n").tobytes() == N.tobytes()
    assert reader.get_tensor("only") == 0.5
    assert sorted(reader.get_variable_to_shape_map()) == ["h", "n", "only", "s", "w"]
    part, = tf.raw_ops.RestoreV2(prefix=ours + "/merged", tensor_names=["w"], shape_and_slices=["5 4 1,3:2,2"], dtypes=[tf.float32])
    assert part.numpy().tobytes() == W[1:4, 2:].tobytes()
    # What TensorFlow merged, cairn wrote again.
    assert bytes_of(directory + "/again") == expected
