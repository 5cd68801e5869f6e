"""TensorFlow saves, the tool edits, TensorFlow restores: with_tensorflow.py CAIRN, in an empty folder. Called by test.py."""
import subprocess
import sys

import numpy as np
import safetensors.numpy
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

# Another shape, and a new tensor.
cairn("set", "a/ckpt-1", "state.encoder.kernel", "[[1, 2], [3, 4], [5, 6]]", "--reshape", "--out", "grown/ckpt")
cairn("set", "grown/ckpt", "state.encoder.scale", "0.5", "--add", "--out", "grown/ckpt")
cairn("edit", "grown/ckpt", "--add", "extra.steps=300", "--cast", "extra.steps=int8", "--saturate", "--out", "grown/ckpt")
new = Struct(encoder=Struct(kernel=tf.Variable(tf.zeros([3, 2])), count=tf.Variable(0, dtype=tf.int64), scale=tf.Variable(0.0)))
extra = Struct(steps=tf.Variable(0, dtype=tf.int8))
restored("grown/ckpt", state=new, note=tf.Variable(""), extra=extra)
assert new.encoder.kernel.numpy()[2, 1] == 6 and new.encoder.scale.numpy() == 0.5 and extra.steps.numpy() == 127

# The parts of a save that was killed before it merged them are what TensorFlow makes of them.
for host in (0, 1):
    tf.raw_ops.SaveV2(prefix=f"killed/part-0000{host}-of-00002", tensor_names=["emb", f"v{host}"], shape_and_slices=[f"4 2 {2 * host},2:0,2", ""],
                      tensors=[tf.fill([2, 2], float(host)), tf.constant(1.0)])
parts = [f"killed/part-0000{host}-of-00002" for host in (0, 1)]
cairn("merge", *parts, "--out", "killed/ours")
tf.raw_ops.MergeV2Checkpoints(checkpoint_prefixes=parts, destination_prefix="killed/theirs", delete_old_dirs=False)
for end in (".index", ".data-00000-of-00002", ".data-00001-of-00002"):
    with open("killed/ours" + end, "rb") as ours, open("killed/theirs" + end, "rb") as theirs:
        assert ours.read() == theirs.read(), end

# What NumPy and safetensors load and save again comes back as what it was: slot variables, texts, dtypes and all.
v1 = tf.compat.v1
variable = tf.Variable([1.0, 2.0], name="v")
optimizer = v1.train.AdamOptimizer(0.5)
optimizer.apply_gradients([(tf.constant([1.0, 1.0]), variable)])
state = {"v": variable, "opt": optimizer, "small": tf.Variable(tf.cast([1.5, 2.5], tf.float16)), "text": tf.Variable(["a", "b\0"])}
tf.train.Checkpoint(**state).save("slots/ckpt")
moment = optimizer.get_slot(variable, "m").numpy()
with tf.Graph().as_default(), v1.Session() as session:
    weights = v1.get_variable("a/w", initializer=tf.constant([1.0, 2.0]))
    session.run(v1.global_variables_initializer())
    v1.train.Saver().save(session, "saver/ckpt")


def saved_again(source, target, change, without=()):
    arrays = dict(np.load(source)) if source.endswith(".npz") else safetensors.numpy.load_file(source)
    arrays = {name: change(array) if name in ("v", "a/w") else array for name, array in arrays.items() if name not in without}
    np.savez(target, **arrays) if target.endswith(".npz") else safetensors.numpy.save_file(arrays, target)


for end in ("npz", "safetensors"):
    for lost in ((), ("__metadata__", "__tensorflow__")):
        cairn("convert", "slots/ckpt-1", "--to", end, "--out", "slots." + end)
        saved_again("slots." + end, "again." + end, lambda array: array + 10, lost)
        cairn("convert", "again." + end, "--to", "tf", "--out", "again/ckpt")
        variable = tf.Variable([0.0, 0.0], name="v")
        optimizer = v1.train.AdamOptimizer(0.5)
        optimizer.apply_gradients([(tf.constant([3.0, 3.0]), variable)])
        state = {"v": variable, "opt": optimizer, "small": tf.Variable(tf.zeros([2], tf.float16))}
        if not lost:  # where a text of a safetensors file stands, too
            state["text"] = tf.Variable(["", ""])
        status = tf.train.Checkpoint(**state).restore("again/ckpt")
        status.assert_existing_objects_matched() if lost else status.assert_consumed()
        assert np.all(variable.numpy() > 10), variable
        assert np.all(optimizer.get_slot(variable, "m").numpy() == moment)
        assert list(state["small"].numpy().astype(np.float32)) == [1.5, 2.5]
        assert lost or list(state["text"].numpy()) == [b"a", b"b\0"]

        cairn("convert", "saver/ckpt", "--to", end, "--out", "saver." + end)
        saved_again("saver." + end, "again." + end, lambda array: array * 2, lost)
        for keys in ([], ["--keys"]) if lost else ([],):
            cairn("convert", "again." + end, "--to", "tf", "--out", "again/saver", *keys)
            with tf.Graph().as_default(), v1.Session() as session:
                weights = v1.get_variable("a/w", shape=[2])
                v1.train.Saver().restore(session, "again/saver")  # by the names in the object graph where there is one
                assert list(session.run(weights)) == [2.0, 4.0]

# From one of these formats to the other by way of Python.
cairn("convert", "slots/ckpt-1", "--to", "safetensors", "--out", "slots.safetensors")
np.savez("crossed.npz", **safetensors.numpy.load_file("slots.safetensors"))
cairn("convert", "crossed.npz", "--to", "tf", "--out", "crossed/ckpt")
cairn("diff", "slots/ckpt-1", "crossed/ckpt")

# A manager goes on in a directory that was pruned.
cairn("prune", "keras", "--max-to-keep", "1")
model, optimizer = built()
manager = tf.train.CheckpointManager(tf.train.Checkpoint(model=model, optimizer=optimizer), "keras", max_to_keep=2)
assert manager.checkpoints == ["keras/ckpt-3"], manager.checkpoints
manager.checkpoint.restore(manager.latest_checkpoint).assert_consumed()
manager.save()
assert manager.checkpoints == ["keras/ckpt-3", "keras/ckpt-4"], manager.checkpoints
# A checkpoint's values in the file of weights that Keras loads: layers are called by classes there, and by places here.
if ", with HDF5 " in cairn("--version"):
    model, optimizer = built()
    numbered(model, optimizer, 3)
    other, _ = built()
    other.save("other.keras")
    said = cairn("convert", "keras/ckpt-3", "--to", "weights.h5", "--like", "other.keras", "--out", "trained.weights.h5")
    assert "layers/dense_3  from  model._functional._operations.3\n" in said or "layers/dense_1  from  model._functional._operations.3\n" in said, said
    other.load_weights("trained.weights.h5")
    expect_weights(other, [10 * i + 9 for i in range(len(model.variables))])

print("all restored")
