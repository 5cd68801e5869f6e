"""What is on one side only: the lists of cairn's status, and what TensorFlow says of the same two sides."""
import re

import tensorflow as tf

from states import bits, expect_raises, expect_same_bits, struct, zeros


def saved(value):
    return struct(both=value("float32", [2], 1), only_saved=value("float32", [3], 2),
                  inner=struct(both=value("int64", [], 3), gone=value("int64", [], 4), nothing=struct()),
                  gone=struct(deep=struct(a=value("float32", [], 5), b=value("float32", [], 6))),
                  list=[value("float32", [], 7 + i) for i in range(3)])


def live(value):
    return struct(both=value("float32", [2], 1), new=value("float32", [3], 2),
                  inner=struct(both=value("int64", [], 3), fresh=value("int64", [], 4)),
                  fresh=struct(deep=struct(c=value("float32", [], 5))), nothing=struct(),
                  list=(value("float32", [], 7),))


def difference(path, root):
    """(values only in the checkpoint, values only in the program), as paths, by tf.train.CheckpointView."""
    view = tf.train.CheckpointView(path)
    _, only_saved, only_live = view.diff(root)
    paths, queue = {0: ""}, [0]
    for node in queue:
        for name, child in view.children(node).items():
            if child not in paths:
                paths[child] = f"{paths[node]}.{name}".lstrip(".")
                queue.append(child)
    with_values = {key.removesuffix("/.ATTRIBUTES/VARIABLE_VALUE").replace("/", ".") for key, _ in tf.train.list_variables(path)}
    live_paths, live_queue = {id(root): ""}, [root]
    for parent in live_queue:
        for name, child in tf.train.TrackableView(parent).children(parent).items():
            if id(child) not in live_paths:
                live_paths[id(child)] = f"{live_paths[id(parent)]}.{name}".lstrip(".")
                live_queue.append(child)
    return (sorted(paths[node] for node in only_saved if paths[node] in with_values),
            sorted(live_paths[id(each)] for each in only_live if isinstance(each, tf.Variable)))


def make(directory):
    tf.train.Checkpoint(m=saved(bits)).save(directory + "/ckpt")
    program = tf.train.Checkpoint(m=live(zeros))
    program.save_counter  # restore() makes it
    for name, lines in zip(["only_in_checkpoint", "only_in_program"], difference(directory + "/ckpt-1", program)):
        assert lines
        with open(f"{directory}/{name}", "w") as file:
            file.writelines(line + "\n" for line in lines)


def check(directory):
    program = tf.train.Checkpoint(m=live(zeros))
    status = program.restore(directory + "/ckpt-1")
    text = expect_raises(AssertionError, status.assert_existing_objects_matched)
    assert "Found 3 Python objects" in text, text
    expect_raises(AssertionError, status.assert_consumed)
    status.assert_nontrivial_match().expect_partial()
    expect_same_bits(program.m.both, bits("float32", [2], 1))
    expect_same_bits(program.m.list[0], bits("float32", [], 7))
    expect_same_bits(program.m.new, zeros("float32", [3], 0))
    program.save_counter
    assert difference(directory + "/ckpt-1", program) == (
        ["m.gone.deep.a", "m.gone.deep.b", "m.inner.gone", "m.list.1", "m.list.2", "m.only_saved"],
        ["m.fresh.deep.c", "m.inner.fresh", "m.new"])
    # Late: what comes after the restore takes its value then.
    late = tf.train.Checkpoint(m=struct())
    status = late.restore(directory + "/ckpt-1")
    late.m.gone = struct(deep=struct(b=zeros("float32", [], 0)))
    status.assert_existing_objects_matched()
    expect_same_bits(late.m.gone.deep.b, bits("float32", [], 6))
    text = expect_raises(AssertionError, status.assert_consumed)
    assert re.search(r"Unresolved object in checkpoint \(root\)\.m\.(both|only_saved|inner|list)", text), text
    status.expect_partial()
    # Other shapes and dtypes are errors at once, on both sides.
    other = tf.train.Checkpoint(m=struct(both=zeros("float32", [3], 0)))
    expect_raises(ValueError, lambda: other.restore(directory + "/ckpt-1"))
    other = tf.train.Checkpoint(m=struct(both=zeros("float64", [2], 0)))
    expect_raises(tf.errors.InvalidArgumentError, lambda: other.restore(directory + "/ckpt-1"))
