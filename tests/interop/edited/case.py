"""Checkpoints of TensorFlow and Keras edited without their program; TensorFlow restores the results whole."""
import numpy as np
import tensorflow as tf

from states import bits, expect_same_bits, struct, zeros

RANDOM_EDITS = 12


def built():
    model = tf.keras.Sequential([tf.keras.Input([3]), tf.keras.layers.Dense(4), tf.keras.layers.BatchNormalization(), tf.keras.layers.Dense(2)])
    optimizer = tf.keras.optimizers.Adam(0.001)
    optimizer.build(model.trainable_variables)
    return model, optimizer


def numbered(model, optimizer, number):
    """All values of a step's checkpoint."""
    for i, variable in enumerate(model.variables + optimizer.variables):
        if variable.dtype == "float32":
            variable.assign(np.full(variable.shape, 10.0 * i + number * number, np.float32))
    optimizer.iterations.assign(number)


def expect_weights(model, values):
    for i, (variable, value) in enumerate(zip(model.variables, values)):
        assert np.all(variable.numpy() == np.float32(value)), f"{i}: {variable.path} is {variable.numpy()}, not {value}"


def state(value, names=("encoder", "head"), first=1):
    encoder, head = names
    layers = [struct(kernel=value("float32", [2, 3], first + i), bias=value("bfloat16", [3], first + 1 + i)) for i in range(3)]
    shared = value("int64", [2], first + 10)
    return struct(**{encoder: struct(layers=layers, shared=shared), head: struct(kernel=value("float32", [3], first + 11), shared=shared),
                     "note": value("float64", [], first + 12)})


def with_slots(number):
    """A variable and an optimizer with a slot variable for it."""
    v = tf.Variable([number, 2.0])
    opt = tf.compat.v1.train.MomentumOptimizer(0.1, 0.9)
    opt.apply_gradients([(tf.constant([number, 1.0]), v)])
    return v, opt


def make(directory):
    model, optimizer = built()
    manager = tf.train.CheckpointManager(tf.train.Checkpoint(model=model, optimizer=optimizer), directory + "/keras", max_to_keep=None)
    for number in [1, 2, 3]:
        numbered(model, optimizer, number)
        manager.save()
    tf.train.Checkpoint(state(bits)).save(directory + "/state")
    tf.train.Checkpoint(a=bits("float32", [3], 1), both=bits("float32", [2], 5)).save(directory + "/part_a")
    tf.train.Checkpoint(b=struct(c=bits("int64", [3], 2)), both=bits("float32", [2], 5)).save(directory + "/part_b")
    policy = tf.train.experimental.MaxShardSizePolicy(max_shard_size=64)
    tf.train.Checkpoint(w=bits("float32", [10, 4], 1), v=bits("float32", [3], 2)).save(
        directory + "/sharded", tf.train.CheckpointOptions(experimental_sharding_callback=policy))
    v, opt = with_slots(7.0)
    tf.train.Checkpoint(v=v, opt=opt).write(directory + "/slots")
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tf.compat.v1.get_variable("dense/kernel", initializer=np.float32([1, 2]))
        tf.compat.v1.get_variable("dense/bias", initializer=np.float32([3]))
        tf.compat.v1.get_variable("step", initializer=np.int64(4))
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver().save(session, directory + "/v1", write_meta_graph=False)


def resume(directory):
    count = len(built()[0].variables)
    third = [10.0 * i + 9 for i in range(count)]

    # One value set, everything else as it was.
    model, optimizer = built()
    tf.train.Checkpoint(model=model, optimizer=optimizer).restore(directory + "/set").assert_consumed()
    assert optimizer.learning_rate.numpy() == np.float32(0.0005), optimizer.learning_rate
    assert optimizer.iterations.numpy() == 70
    weights = list(third)
    weights[1] = 0.25
    expect_weights(model, weights)

    # The optimizer gone, and the model whole, whose weights the optimizer listed.
    for name in ["shipped", "shipped_by_path"]:
        model, _ = built()
        tf.train.Checkpoint(model=model).restore(f"{directory}/{name}").assert_consumed()
        expect_weights(model, third)
        keys = dict(tf.train.list_variables(f"{directory}/{name}"))
        assert not [key for key in keys if "optimizer" in key], keys

    # The mean of three; counters are the last one's.
    model, optimizer = built()
    tf.train.Checkpoint(model=model, optimizer=optimizer).restore(directory + "/averaged").assert_consumed()
    expect_weights(model, [np.float32((30.0 * i + 14) / 3) for i in range(count)])
    assert optimizer.iterations.numpy() == 3

    # Other names.
    restored = state(zeros, names=("backbone", "head"))
    tf.train.Checkpoint(restored).restore(directory + "/renamed").assert_consumed()
    expect_same_bits(restored, state(bits, names=("backbone", "head")))
    layers = [struct(weights=zeros("float32", [2, 3], 1 + i), bias=zeros("bfloat16", [3], 2 + i)) for i in range(3)]
    moved = struct(inner=struct(body=struct(blocks=layers)))
    tf.train.Checkpoint(moved).restore(directory + "/moved").assert_existing_objects_matched()
    expect_same_bits(moved, struct(inner=struct(body=struct(blocks=[
        struct(weights=bits("float32", [2, 3], 1 + i), bias=bits("bfloat16", [3], 2 + i)) for i in range(3)]))))
    assert "inner/body/blocks/1/weights/.ATTRIBUTES/VARIABLE_VALUE" in dict(tf.train.list_variables(directory + "/moved"))

    # Added, copied, cast, merged.
    grown = tf.train.Checkpoint(a=zeros("float32", [3], 1), both=zeros("float32", [2], 5), extra=struct(step=tf.Variable(0, dtype=tf.int64), name=tf.Variable("")),
                                taken=zeros("int64", [3], 2))
    grown.restore(directory + "/grown").assert_consumed()
    assert grown.extra.step.numpy() == 7 and grown.extra.name.numpy() == b"hello"
    expect_same_bits(struct(a=grown.a, taken=grown.taken), struct(a=bits("float32", [3], 1), taken=bits("int64", [3], 2)))
    both = tf.train.Checkpoint(a=zeros("float32", [3], 1), b=struct(c=zeros("int64", [3], 2)), both=zeros("float32", [2], 5))
    both.restore(directory + "/merged").assert_consumed()
    expect_same_bits(struct(a=both.a, b=both.b, both=both.both), struct(a=bits("float32", [3], 1), b=struct(c=bits("int64", [3], 2)), both=bits("float32", [2], 5)))
    model, optimizer = built()
    small = [tf.Variable(tf.zeros(variable.shape, tf.float16)) for variable in model.variables]
    reader = tf.train.load_checkpoint(directory + "/half")
    dtypes = set(reader.get_variable_to_dtype_map().values())
    assert dtypes == {tf.float16, tf.int64, tf.int32, tf.string} or dtypes == {tf.float16, tf.int64, tf.string}, dtypes
    del small

    # Parts of tensors.
    parts = tf.train.Checkpoint(w=zeros("float32", [10, 4], 1), v2=zeros("float32", [3], 2))
    parts.restore(directory + "/parts").assert_consumed()
    expect_same_bits(struct(w=parts.w), struct(w=bits("float32", [10, 4], 1)))
    assert list(parts.v2.numpy()) == [1, 2, 3]

    # A checkpoint of TensorFlow 1.
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        kernel = tf.compat.v1.get_variable("layer/kernel", [2], tf.float32)
        step = tf.compat.v1.get_variable("step", [], tf.int64)
        tf.compat.v1.train.Saver().restore(session, directory + "/v1_edited")
        assert list(session.run(kernel)) == [1, 2] and session.run(step) == 5
    assert set(dict(tf.train.list_variables(directory + "/v1_edited"))) == {"layer/kernel", "step"}

    # Slot variables taken out, left alone, called otherwise, and copied with their optimizer.
    saved, saved_opt = with_slots(7.0)
    for name, restored in [("no_slots", "v"), ("only_slots", "slot"), ("renamed_slots", "v"), ("copied_slots", "v slot")]:
        v, opt = with_slots(0.0)
        status = tf.train.Checkpoint(v=v, opt=opt).read(f"{directory}/{name}")
        if name == "copied_slots":
            status.assert_consumed()
        assert (v.numpy()[0] == saved.numpy()[0]) == ("v" in restored.split()), (name, v)
        assert (opt.get_slot(v, "momentum").numpy()[0] == 7.0) == ("slot" in restored), (name, opt.get_slot(v, "momentum"))
    assert "v/.OPTIMIZER_SLOT/opt/mean/.ATTRIBUTES/VARIABLE_VALUE" in dict(tf.train.list_variables(directory + "/renamed_slots"))
    model, optimizer = built()
    tf.train.Checkpoint(model=model, optimizer=optimizer).restore(directory + "/copied").assert_consumed()
    expect_weights(model, third)

    # Edits by chance.
    for i in range(RANDOM_EDITS):
        path = f"{directory}/random{i}"
        reader = tf.train.load_checkpoint(path)
        keys = reader.get_variable_to_shape_map()
        for key in keys:
            reader.get_tensor(key)
        if "_CHECKPOINTABLE_OBJECT_GRAPH" in keys:
            view = tf.train.CheckpointView(path)
            graph = view._object_graph_proto
            saved = {attribute.checkpoint_key for node in graph.nodes for attribute in node.attributes}
            assert saved | {"_CHECKPOINTABLE_OBJECT_GRAPH"} == set(keys), (path, saved, keys)
            assert len(view.descendants()) <= len(graph.nodes)
            tf.train.Checkpoint().read(path).expect_partial()

    # CheckpointView sees in Python what it saw in C++.
    view = tf.train.CheckpointView(directory + "/renamed")
    with open(directory + "/view.txt", encoding="utf-8") as file:
        assert file.read().split() == [f"{name}={node}" for name, node in view.children(0).items()] + [str(node) for node in view.descendants()]
