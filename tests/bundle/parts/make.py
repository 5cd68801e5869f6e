"""What a save of three machines leaves that is killed before one of them merges the parts: rows of a variable each, and the
object graph with the last one. Made with TensorFlow 2.21.

    make.py FOLDER
"""
import sys

import tensorflow as tf
from tensorflow.core.protobuf.trackable_object_graph_pb2 import TrackableObjectGraph

END = "/.ATTRIBUTES/VARIABLE_VALUE"

graph = TrackableObjectGraph()
root = graph.nodes.add()
for number, name in enumerate(["embedding", "bias"], start=1):
    root.children.add(node_id=number, local_name=name)
    graph.nodes.add().attributes.add(name="VARIABLE_VALUE", full_name=name, checkpoint_key=name + END)
for node in graph.nodes:
    node.has_checkpoint_values.value = True

rows = tf.reshape(tf.range(8, dtype=tf.float32), [4, 2])
for part, (keys, slices, tensors) in enumerate([
        (["embedding" + END], ["4 2 0,1:0,2"], [rows[:1]]),
        (["embedding" + END], ["4 2 1,3:0,2"], [rows[1:]]),
        (["_CHECKPOINTABLE_OBJECT_GRAPH", "bias" + END], ["", ""], [tf.constant(graph.SerializeToString()), tf.constant([0.5, -0.5])])]):
    tf.raw_ops.SaveV2(prefix=f"{sys.argv[1]}/part-{part:05}-of-00003", tensor_names=keys, shape_and_slices=slices, tensors=tensors)
