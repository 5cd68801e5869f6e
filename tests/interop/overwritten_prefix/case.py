"""Written to again and again, a prefix holds what was written last, whoever wrote before."""
import pathlib

import tensorflow as tf

from states import bits, expect_same_bits, zeros


def files(directory):
    return sorted(each.name for each in pathlib.Path(directory).iterdir())


def make(directory):
    for seed in [1, 2]:
        tf.train.Checkpoint(v=bits("float32", [100], seed)).write(directory + "/again")


def check(directory):
    # The second data file stands beside the first, is complete, and then is the only one.
    assert files(directory) == ["again.data-00001-of-00002", "again.index", "thrice.data-00000-of-00001", "thrice.index"], files(directory)
    for name, seed in [("again", 2), ("thrice", 3)]:
        v = zeros("float32", [100], 0)
        tf.train.Checkpoint(v=v).read(f"{directory}/{name}").assert_consumed()
        expect_same_bits(v, bits("float32", [100], seed))
    # TensorFlow over cairn's: its own data file, and ours is left behind.
    tf.train.Checkpoint(v=bits("float32", [100], 4)).write(directory + "/again")


def resume(directory):
    assert [name for name in files(directory) if name.startswith("again.data")] == ["again.data-00001-of-00002"], files(directory)
    v = zeros("float32", [100], 0)
    tf.train.Checkpoint(v=v).read(directory + "/again").assert_consumed()
    expect_same_bits(v, bits("float32", [100], 3))
