"""Objects that are several tensors of one node: TensorFlow's _serialize_to_tensors, cairn's serialize_to_tensors."""
import tensorflow as tf
from tensorflow.python.trackable import autotrackable, base

from states import struct


class Vocabulary(base.Trackable):
    """Words and their numbers; `ids` is a name that needs no escape, or one that does."""

    def __init__(self, words, numbers, ids="ids"):
        self.words, self.numbers, self.ids = words, numbers, ids

    def _serialize_to_tensors(self):
        return {"words": tf.constant(self.words, tf.string), self.ids: tf.constant(self.numbers, tf.int64)}

    def _restore_from_tensors(self, tensors):
        self.words = [word.decode() for word in tensors["words"].numpy()]
        self.numbers = tensors[self.ids].numpy().tolist()


def make(directory):
    root = struct(vocabulary=Vocabulary(["one", "two"], [1, 2]), step=tf.Variable(5, dtype=tf.int64))
    tf.train.Checkpoint(model=root).write(directory + "/plain")
    tf.train.Checkpoint(vocabulary=Vocabulary(["one"], [1], "a/b.c")).write(directory + "/escaped")
    table = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, default_value=-1)
    table.insert(["seven"], [7])
    tf.train.Checkpoint(table=table).write(directory + "/table")
    one = struct(vocabulary=autotrackable.AutoTrackable())
    one.vocabulary = Vocabulary(["one"], [1], "other")
    tf.train.Checkpoint(model=one).write(directory + "/other_names")


def check(directory):
    vocabulary = Vocabulary([], [])
    step = tf.Variable(0, dtype=tf.int64)
    tf.train.Checkpoint(model=struct(vocabulary=vocabulary, step=step)).read(directory + "/plain").assert_consumed()
    assert (vocabulary.words, vocabulary.numbers, step.numpy()) == (["three", "two"], [3, 2], 6), vars(vocabulary)
    keys = [key for key, _ in tf.train.list_variables(directory + "/plain")]
    assert keys == ["_CHECKPOINTABLE_OBJECT_GRAPH", "model/step/.ATTRIBUTES/VARIABLE_VALUE",
                    "model/vocabulary/.ATTRIBUTES/ids", "model/vocabulary/.ATTRIBUTES/words"], keys

    # TensorFlow escapes such a name twice when it saves and once when it restores, so it cannot read its own file.
    # Ours is escaped once.
    escaped = Vocabulary([], [], "a/b.c")
    tf.train.Checkpoint(vocabulary=escaped).read(directory + "/escaped").assert_consumed()
    assert escaped.numbers == [9], escaped.numbers

    table = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, default_value=-1)
    tf.train.Checkpoint(table=table).read(directory + "/table").assert_consumed()
    assert table.lookup(["eight"]).numpy().tolist() == [8]
