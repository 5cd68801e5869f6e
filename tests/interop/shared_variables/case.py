"""One object reached twice is one node; cycles; parents."""
import tensorflow as tf

from states import bits, expect_same_bits, struct, variables, zeros


def state(value):
    layer = struct(w=value("float32", [3], 1))
    a, b = struct(value=value("float32", [2], 2)), struct(value=value("float32", [2], 3))
    a.next, a.self_, b.next = b, a, a
    tree = struct(v=value("float64", [], 4))
    tree.children_ = [struct(v=value("float64", [], 5 + i), parent=tree, children_=[]) for i in range(2)]
    number = value("int64", [], 8)
    free = value("float32", [2], 9)
    return struct(encoder=layer, decoder=layer, raw=layer, a=a, b=b, tree=tree, number=number, same_number=number, deep=[{"w": layer.w}],
                  free=free, again=free)


def make(directory):
    tf.train.Checkpoint(shared=state(bits)).save(directory + "/ckpt")


def check(directory):
    restored = state(zeros)
    tf.train.Checkpoint(shared=restored).restore(directory + "/ckpt-1").assert_consumed()
    expect_same_bits(restored, state(bits))
    assert len(variables(restored)) == 8
    tensors = [key for key, _ in tf.train.list_variables(directory + "/ckpt-1")]
    assert len(tensors) == 8 + 2, tensors
    view = tf.train.CheckpointView(directory + "/ckpt-1")
    nodes = view.children(view.children(0)["shared"])
    a, b = view.children(nodes["a"]), view.children(nodes["b"])
    assert nodes["encoder"] == nodes["decoder"] == nodes["raw"] and nodes["number"] == nodes["same_number"], nodes
    assert (a["next"], a["self_"], b["next"]) == (nodes["b"], nodes["a"], nodes["a"]), (nodes, a, b)
