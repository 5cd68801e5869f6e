"""Checkpoints as safetensors and npz, opened by safetensors, NumPy and ml_dtypes, and those packages' files as checkpoints."""
import filecmp

import ml_dtypes
import numpy as np
import safetensors
import safetensors.numpy
import tensorflow as tf

from states import array, bits, expect_same_bits, struct, zeros

DTYPES = ["float16", "float32", "float64", "bfloat16", "float8_e4m3fn", "float8_e5m2", "int8", "int16", "int32", "int64",
          "uint8", "uint16", "uint32", "uint64", "bool", "complex64", "complex128", "int4", "uint4"]
# What safetensors calls the dtypes that it has, for what NumPy calls them with ml_dtypes.
NAMES = {"F16": "float16", "F32": "float32", "F64": "float64", "BF16": "bfloat16", "F8_E4M3": "float8_e4m3fn", "F8_E5M2": "float8_e5m2",
         "I8": "int8", "I16": "int16", "I32": "int32", "I64": "int64", "U8": "uint8", "U16": "uint16", "U32": "uint32", "U64": "uint64",
         "BOOL": "bool", "C64": "complex64"}


def numpy_dtype(name):
    return np.dtype(getattr(ml_dtypes, name, None) or name)


def built():
    model = tf.keras.Sequential([tf.keras.Input([3]), tf.keras.layers.Dense(4), tf.keras.layers.BatchNormalization(), tf.keras.layers.Dense(2)])
    optimizer = tf.keras.optimizers.Adam(0.001)
    optimizer.build(model.trainable_variables)
    return model, optimizer


def state(value, text=b""):
    values = {dtype: value(dtype, [3, 2], seed) for seed, dtype in enumerate(DTYPES, start=1)}
    return struct(of=struct(**values), layers=[struct(kernel=value("bfloat16", [2, 3], 30 + i)) for i in range(2)],
                  note=tf.Variable([text, b"", text + b"\0"]), words=tf.Variable([text, b"longer"]))


def foreign():
    """What another program has: names with dots, numbers of every dtype that NumPy saves."""
    unknown = ["float8_e4m3fn", "float8_e5m2", "int4", "uint4"]
    return {f"layers.{i}.{dtype}": array(dtype, [2, 3], 50 + i) for i, dtype in enumerate(DTYPES) if dtype not in unknown}


def make(directory):
    model, optimizer = built()
    for i, variable in enumerate(model.variables + optimizer.variables):
        if variable.dtype == "float32":
            variable.assign(np.full(variable.shape, i, np.float32))
    tf.train.Checkpoint(model=model, optimizer=optimizer).save(directory + "/keras")
    tf.train.Checkpoint(state(bits, b"text")).save(directory + "/state")

    arrays = foreign()
    np.savez(directory + "/plain.npz", **arrays)
    np.savez_compressed(directory + "/compressed.npz", **arrays, zeros=np.zeros([100, 1000], np.float32), text=np.array(["é", "ab"]))
    safetensors.numpy.save_file({name: value for name, value in arrays.items() if value.dtype != np.complex128},
                                directory + "/plain.safetensors", metadata={"format": "np"})
    safetensors.numpy.save_file({"a.bf16": array("bfloat16", [2, 3], 5), "a.f8": array("float8_e4m3fn", [4], 6), "a.g8": array("float8_e5m2", [4], 7)},
                                directory + "/small_floats.safetensors")
    np.save(directory + "/fortran.npy", np.asfortranarray(array("int32", [3, 4], 3)))
    np.save(directory + "/big_endian.npy", array("float64", [5], 4).astype(">f8"))
    np.save(directory + "/bfloat16.npy", array("bfloat16", [3], 8))
    np.save(directory + "/text.npy", np.array([["é", "b"], ["", "longer"]]))


def expect_equal(found, expected, name):
    assert found.dtype == expected.dtype and found.shape == expected.shape, f"{name} is {found.dtype} {found.shape}"
    assert found.tobytes() == expected.tobytes(), f"{name} is {found}, not {expected}"


def values_by_path(path):
    """All values of a checkpoint but strings, by the names that lead to them."""
    view, reader, values = tf.train.CheckpointView(path), tf.train.load_checkpoint(path), {}
    nodes = view._object_graph_proto.nodes  # pylint: disable=protected-access

    def visit(node, names, seen):
        for attribute in nodes[node].attributes:
            if attribute.name == "VARIABLE_VALUE":
                values[".".join(names)] = reader.get_tensor(attribute.checkpoint_key)
        for name, child in view.children(node).items():
            if child not in seen:
                visit(child, names + [name], seen | {child})

    visit(0, [], {0})
    return values


def resume(directory):
    for name in ["state", "keras"]:
        original = f"{directory}/{name}-1"
        values = values_by_path(original)
        with open(f"{directory}/{name}.safetensors", "rb") as file:
            found = dict(safetensors.deserialize(file.read()))
        assert found
        notes = found.pop("__tensorflow__")
        assert notes["dtype"] == "U8" and b"tensorflow.object_graph" in bytes(notes["data"])
        for path, stored in found.items():
            dtype, shape = numpy_dtype(NAMES[stored["dtype"]]), stored["shape"]
            data = np.frombuffer(bytes(stored["data"]), dtype).reshape(shape)
            if path.endswith("complex128"):
                data = data.view(np.complex128).reshape(shape[:-1])
            if path.endswith("int4"):
                data = data.astype(np.int8).view(numpy_dtype(path.split(".")[-1]))
            expect_equal(data, values[path], path)
        with np.load(f"{directory}/{name}.npz") as file:
            for path in file.files:
                if path == "__metadata__":
                    continue
                data = file[path]
                if data.dtype.kind == "S":
                    assert data.tolist() == values[path].tolist(), path
                    continue
                expect_equal(data.view(values[path].dtype) if data.dtype.kind == "V" else data, values[path], path)
        for made in ["safetensors", "npz"]:
            for end in [".index", ".data-00000-of-00001"]:
                assert filecmp.cmp(original + end, f"{directory}/{name}_from_{made}{end}", shallow=False), f"{name} {made} {end}"
            if name == "keras":
                model, optimizer = built()
                tf.train.Checkpoint(model=model, optimizer=optimizer).restore(f"{directory}/{name}_from_{made}").assert_consumed()
                assert np.all(model.variables[3].numpy() == 3)
            else:
                restored = state(zeros)
                tf.train.Checkpoint(restored).restore(f"{directory}/{name}_from_{made}").assert_consumed()
                expect_same_bits(restored, state(bits, b"text"))
    with safetensors.safe_open(directory + "/keras.safetensors", framework="np") as file:
        assert file.get_tensor("model._functional._operations.1._kernel").shape == (3, 4)

    # A model without the program that wrote it, edited in Python, with its metadata and without.
    for name in ["edited", "anonymous"]:
        model, optimizer = built()
        checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer)
        (checkpoint.restore if name == "edited" else checkpoint.read)(f"{directory}/{name}").assert_consumed()
        assert np.all(model.variables[0].numpy() == 0) and np.all(model.variables[3].numpy() == 3)

    for name in ["plain_npz", "compressed_npz", "plain_safetensors"]:
        reader = tf.train.load_checkpoint(f"{directory}/{name}")
        dtypes = reader.get_variable_to_dtype_map()
        count = 0
        for path, value in foreign().items():
            key = path.replace(".", "/") + "/.ATTRIBUTES/VARIABLE_VALUE"
            if key in dtypes:
                count += 1
                expect_equal(reader.get_tensor(key), value, f"{name} {key}")
        assert count == len(foreign()) - (1 if name == "plain_safetensors" else 0), f"{name}: {count}"
        kernel = tf.Variable(np.zeros([2, 3], np.float32))
        tf.train.Checkpoint(layers={"1": struct(float32=kernel)}).read(f"{directory}/{name}").assert_existing_objects_matched().expect_partial()
        expect_equal(kernel.numpy(), foreign()["layers.1.float32"], name)
    reader = tf.train.load_checkpoint(directory + "/small_floats")
    for name, dtype, shape, seed in [("bf16", "bfloat16", [2, 3], 5), ("f8", "float8_e4m3fn", [4], 6), ("g8", "float8_e5m2", [4], 7)]:
        expect_equal(reader.get_tensor(f"a/{name}/.ATTRIBUTES/VARIABLE_VALUE"), array(dtype, shape, seed), name)
    expect_equal(np.load(directory + "/again.npy"), array("int32", [3, 4], 3), "again")
