"""TensorFlow saves, the tool edits, TensorFlow restores: with_tensorflow.py CAIRN, in an empty folder. Called by test.py."""
import subprocess
import sys

import numpy as np
import tensorflow as tf

CAIRN = sys.argv[1]


def cairn(*words):
    return subprocess.run([CAIRN, *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def built():
    model = tf.keras.Sequential([tf.keras.Input([3]), tf.keras.layers.Dense(4), tf.keras.layers.BatchNormalization(), tf.keras.layers.Dense(2)])
    optimizer = tf.keras.optimizers.Adam(0.001)
    optimizer.build(model.trainable_variables)
    return model, optimizer


def numbered(model, optimizer, number):
    for i, variable in enumerate(model.variables):
        variable.assign(np.full(variable.shape, 10 * i + number * number, np.float32))
    optimizer.iterations.assign(number)


def expect_weights(model, values):
    for variable, value in zip(model.variables, values, strict=True):
        assert np.all(variable.numpy() == np.float32(value)), f"{variable.path} is {variable.numpy()}, not {value}"


def restored(path, **objects):
    tf.train.Checkpoint(**objects).restore(path).assert_consumed()


class Struct(tf.Module):
    def __init__(self, **members):
        super().__init__()
        for name, member in members.items():
            setattr(self, name, member)


model, optimizer = built()
manager = tf.train.CheckpointManager(tf.train.Checkpoint(model=model, optimizer=optimizer), "keras", max_to_keep=None)
for number in (1, 2, 3):
    numbered(model, optimizer, number)
    manager.save()
third = [10 * i + 9 for i in range(len(model.variables))]

# One value, by its path; the directory stands for its latest.
cairn("set", "keras", "optimizer._learning_rate", "0.0005", "--out", "set/ckpt")
cairn("set", "set/ckpt", "model._functional._operations.1.bias", "0.25", "--out", "set/ckpt")
model, optimizer = built()
restored("set/ckpt", model=model, optimizer=optimizer)
assert optimizer.learning_rate.numpy() == np.float32(0.0005) and optimizer.iterations.numpy() == 3
expect_weights(model, third[:1] + [0.25] + third[2:])

# Without the optimizer.
cairn("edit", "keras", "--erase", "optimizer", "--out", "shipped/ckpt")
model, _ = built()
restored("shipped/ckpt", model=model)
expect_weights(model, third)
assert not [key for key, _ in tf.train.list_variables("shipped/ckpt") if "optimizer" in key]

# The mean of three; the counter is the last one's.
cairn("average", "keras/ckpt-1", "keras/ckpt-2", "keras/ckpt-3", "--out", "averaged/ckpt")
model, optimizer = built()
restored("averaged/ckpt", model=model, optimizer=optimizer)
expect_weights(model, [np.float32((30 * i + 14) / 3) for i in range(len(third))])
assert optimizer.iterations.numpy() == 3

# Other names and dtypes, and a value from elsewhere.
a = Struct(encoder=Struct(kernel=tf.Variable([[1.5, -2.0]]), count=tf.Variable(7, dtype=tf.int64)))
tf.train.Checkpoint(state=a, note=tf.Variable("hello")).save("a/ckpt")
cairn("edit", "a/ckpt-1", "--rename", "state.encoder=state.backbone", "--cast", "*=bfloat16", "--copy", "keras:model._functional._operations.1.bias=extra.bias",
      "--erase", "note", "--out", "edited/ckpt")
new = Struct(backbone=Struct(kernel=tf.Variable(tf.zeros([1, 2], tf.bfloat16)), count=tf.Variable(0, dtype=tf.int64)))
extra = Struct(bias=tf.Variable(tf.zeros([4])))
restored("edited/ckpt", state=new, extra=extra)
assert new.backbone.count.numpy() == 7 and list(new.backbone.kernel.numpy()[0].astype(np.float32)) == [1.5, -2.0]
assert np.all(extra.bias.numpy() == third[1])

# Two made one.
tf.train.Checkpoint(more=tf.Variable([1, 2, 3])).save("b/ckpt")
cairn("merge", "a/ckpt-1", "b/ckpt-1", "--out", "merged/ckpt")
a = Struct(encoder=Struct(kernel=tf.Variable(tf.zeros([1, 2])), count=tf.Variable(0, dtype=tf.int64)))
note, more = tf.Variable(""), tf.Variable([0, 0, 0])
restored("merged/ckpt", state=a, note=note, more=more)
assert note.numpy() == b"hello" and list(more.numpy()) == [1, 2, 3] and a.encoder.count.numpy() == 7

# A manager goes on in a directory that was pruned.
cairn("prune", "keras", "--max-to-keep", "1")
model, optimizer = built()
manager = tf.train.CheckpointManager(tf.train.Checkpoint(model=model, optimizer=optimizer), "keras", max_to_keep=2)
assert manager.checkpoints == ["keras/ckpt-3"], manager.checkpoints
manager.checkpoint.restore(manager.latest_checkpoint).assert_consumed()
manager.save()
assert manager.checkpoints == ["keras/ckpt-3", "keras/ckpt-4"], manager.checkpoints
print("all restored")
