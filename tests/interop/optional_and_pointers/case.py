"""What may be absent is no edge."""
import tensorflow as tf
from tensorflow.core.protobuf import trackable_object_graph_pb2

from states import bits, expect_same_bits, struct, zeros


def state(value):
    links = None
    for seed in range(40, 20, -1):
        link = struct(v=value("float32", [], seed))
        if links is not None:
            link.next = links
        links = link
    return struct(
        some=value("float32", [2], 1), owned=struct(w=value("float32", [3], 2)), layer=struct(w=value("float32", [3], 3)),
        numbers=value("float32", [4], 4), text=tf.Variable("text" if value is bits else ""),
        holes=[value("float32", [], 5), None, value("float32", [], 7)],
        by_name={"a": struct(w=value("float32", [3], 8))}, shared=value("int64", [], 9), links=links)


def make(directory):
    tf.train.Checkpoint(state=state(bits)).save(directory + "/ckpt")


def check(directory):
    restored = state(zeros)
    tf.train.Checkpoint(state=restored).restore(directory + "/ckpt-1").assert_consumed()
    expect_same_bits(restored, state(bits))
    view = tf.train.CheckpointView(directory + "/ckpt-1")
    children = view.children(view.children(0)["state"])
    absent = {"none", "missing", "no_layer", "nobody", "weak", "no_text"}
    assert not absent & set(children), children
    assert list(view.children(children["holes"])) == ["0", "2"]

    # What cairn notes of the empty ones is skipped by all who read the file, and not carried over by who saves anew.
    reader = tf.train.load_checkpoint(directory + "/ckpt-1")
    assert reader.get_tensor("state/numbers/.ATTRIBUTES/VARIABLE_VALUE").shape == (4,)
    message = reader.get_tensor("_CHECKPOINTABLE_OBJECT_GRAPH")
    assert b"no_layer" in message
    graph = trackable_object_graph_pb2.TrackableObjectGraph.FromString(message)
    assert "no_layer" not in str(graph)
    again = tf.train.Checkpoint(state=restored).save(directory + "/again")
    assert b"no_layer" not in tf.train.load_checkpoint(again).get_tensor("_CHECKPOINTABLE_OBJECT_GRAPH")
    tf.train.Checkpoint(state=state(zeros)).restore(again).assert_consumed()
