"""Slot variables: what TensorFlow 1's AdamOptimizer keeps for each variable, in object-based checkpoints."""
import tensorflow as tf

from states import bits, expect_same_bits, struct




def model():
    made = struct(w=bits("float32", [3, 2], 1), b=bits("float32", [2], 2))
    made.deep = [bits("float32", [1], 3)]
    return made


def trained(model, optimizer, steps):
    variables = [model.w, model.b, model.deep[0]]
    for _ in range(steps):
        optimizer.apply_gradients([(tf.ones_like(variable), variable) for variable in variables])


def make(directory):
    state, optimizer = model(), tf.compat.v1.train.AdamOptimizer(0.1)
    checkpoint = tf.train.Checkpoint(model=state, optimizer=optimizer)
    trained(state, optimizer, 2)
    for slot in optimizer.get_slot_names():
        optimizer.get_slot(state.w, slot).assign(bits("float32", [3, 2], 4 if slot == "m" else 5))
    checkpoint.write(directory + "/slots")


def check(directory):
    state, optimizer = model(), tf.compat.v1.train.AdamOptimizer(0.1)
    trained(state, optimizer, 1)
    status = tf.train.Checkpoint(model=state, optimizer=optimizer).read(directory + "/slots")
    status.assert_consumed().assert_existing_objects_matched()
    expect_same_bits(optimizer.get_slot(state.w, "m"), bits("float32", [3, 2], 4))
    expect_same_bits(optimizer.get_slot(state.w, "v"), bits("float32", [3, 2], 5))
    expect_same_bits(optimizer.get_slot(state.b, "v"), bits("float32", [2], 6))
    expect_same_bits(optimizer.get_slot(state.deep[0], "m"), bits("float32", [1], 7))

    # Slot variables that wait: the optimizer has none yet, and gets them from the checkpoint.
    later = tf.compat.v1.train.AdamOptimizer(0.1)
    status = tf.train.Checkpoint(model=state, optimizer=later).read(directory + "/slots")
    trained(state, later, 1)
    status.assert_consumed()

    # The same keys, in the same order, and the same nodes as TensorFlow writes.
    tf.train.Checkpoint(model=state, optimizer=optimizer).write(directory + "/theirs")
    keys = [[key for key, _ in tf.train.list_variables(directory + "/" + name)] for name in ("slots", "theirs")]
    assert keys[0] == keys[1], keys

    def graph(name):
        from tensorflow.core.protobuf import trackable_object_graph_pb2
        text = tf.train.load_checkpoint(directory + "/" + name).get_tensor("_CHECKPOINTABLE_OBJECT_GRAPH")
        made = trackable_object_graph_pb2.TrackableObjectGraph.FromString(text)
        for node in made.nodes:
            for attribute in node.attributes:
                attribute.full_name = ""  # for people; ours are called after the slot
        return made

    assert graph("slots") == graph("theirs"), (graph("slots"), graph("theirs"))

    # Without them, for what is not trained any more.
    restored = model()
    tf.train.Checkpoint(model=restored).read(directory + "/without_slots").assert_existing_objects_matched()
    assert not any(".OPTIMIZER_SLOT" in key for key, _ in tf.train.list_variables(directory + "/without_slots"))
