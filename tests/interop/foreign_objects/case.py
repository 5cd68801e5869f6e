"""What TensorFlow saves besides variables: hash tables, generators, Python state, slot variables, shards, background saves."""
import tensorflow as tf
from tensorflow.python.trackable import python_state

from states import bits, struct


class Notes(python_state.PythonState):
    def serialize(self):
        return b"some\0bytes"

    def deserialize(self, string_value):
        assert string_value == b"some\0bytes"


def make(directory):
    table = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, default_value=-1)
    table.insert(["a", "b"], [1, 2])
    generator = tf.random.Generator.from_seed(7)
    everything = struct(weights=bits("float32", [3], 1), table=table, generator=generator, notes=Notes(), step=bits("int64", [], 2))
    tf.train.Checkpoint(everything=everything).save(directory + "/everything")

    model = struct(w=bits("float32", [2], 4), b=bits("float32", [1], 6))
    optimizer = tf.compat.v1.train.AdamOptimizer(0.1)
    optimizer.apply_gradients([(tf.ones_like(model.w), model.w), (tf.ones_like(model.b), model.b)])
    model.w.assign(bits("float32", [2], 4))
    tf.train.Checkpoint(model=model, optimizer=optimizer).save(directory + "/slots")

    cut = tf.train.experimental.MaxShardSizePolicy(max_shard_size=200)
    options = tf.train.CheckpointOptions(experimental_sharding_callback=cut)
    tf.train.Checkpoint(a=bits("float32", [20, 7], 1), b=bits("int64", [40], 2), c=bits("bool", [], 3)).write(directory + "/shards", options=options)

    checkpoint = tf.train.Checkpoint(v=bits("float32", [2], 1))
    manager = tf.train.CheckpointManager(checkpoint, directory + "/background", max_to_keep=3)
    for _ in range(2):
        manager.save(options=tf.train.CheckpointOptions(enable_async=True))
    checkpoint.sync()
    manager.sync()
