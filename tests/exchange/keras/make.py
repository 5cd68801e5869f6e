#!/usr/bin/env python3
"""Makes the files beside it: one small model as Keras 3 and tf-keras 2 save it, and datasets of other kinds.

Element i of weight n is n + i / 8. Needs tensorflow (with Keras 3 and h5py) and tf_keras.
"""
import os
import pathlib

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import h5py
import keras
import numpy as np
import tf_keras

HERE = pathlib.Path(__file__).resolve().parent


def numbered(shape, n):
    return n + np.arange(np.prod(shape, dtype=int)).reshape(shape) / 8


def filled(model, variables):
    for n, variable in enumerate(variables):
        variable.assign(numbered(variable.shape, n))
    return model


def keras_3():
    model = keras.Sequential([keras.layers.Input((5, 2)), keras.layers.LSTM(2), keras.layers.Dense(3, name="first.layer"),
                              keras.layers.BatchNormalization(), keras.layers.Dense(2)], name="model")
    model.compile("sgd", "mse")
    model.optimizer.build(model.trainable_variables)
    filled(model, model.weights)
    model.save_weights(HERE / "model.weights.h5")
    model.save_weights(HERE / "sharded.weights.json", max_shard_size=120 / 1024**3)
    model.save(HERE / "model.keras")
    model.save(HERE / "model.h5")
    half = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(2, dtype="bfloat16")])
    filled(half, half.weights).save_weights(HERE / "bfloat16.weights.h5")
    half.save(HERE / "bfloat16.h5")  # which Keras itself cannot load


def partly_known():
    """Of whose layers one has an activation that cairn has not, and one is called as the optimizer's group in other files."""
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(2, name="optimizer"), keras.layers.Dense(2, activation="mish", name="unknown"),
                              keras.layers.Dense(2, name="output")])
    filled(model, model.weights)
    model.save(HERE / "partly.keras")
    model.save(HERE / "partly.h5")


def tf_keras_2():
    model = tf_keras.Sequential([tf_keras.layers.InputLayer((4,)), tf_keras.layers.Dense(3), tf_keras.layers.BatchNormalization(),
                                 tf_keras.layers.Dense(2)], name="model")
    filled(model, model.weights)
    model.save(HERE / "tf_keras.h5")
    model.save_weights(HERE / "tf_keras_weights.h5")
    half = tf_keras.Sequential([tf_keras.layers.InputLayer((2,)), tf_keras.layers.Dense(2, dtype="bfloat16")])
    filled(half, half.weights).save_weights(HERE / "tf_keras_bfloat16.weights.h5")


def frozen():
    """Weights are numbered in the order of the layers; in the inner model the first and the third are frozen."""
    for k, name in (keras, "frozen"), (tf_keras, "tf_keras_frozen"):
        first = k.layers.Input((2,)) if k is keras else k.layers.InputLayer((2,))
        inner = k.Sequential([k.layers.Dense(2), k.layers.BatchNormalization(), k.Sequential([k.layers.Dense(2), k.layers.Dense(2)])], name="inner")
        model = k.Sequential([first, inner, k.layers.Dense(2)])
        n = 0
        for layer in [*inner.layers[:2], *inner.layers[2].layers, model.layers[-1]]:
            for weight in layer.weights:
                weight.assign(numbered(weight.shape, n))
                n += 1
        inner.layers[0].trainable = False
        inner.layers[2].layers[0].trainable = False
        model.save(HERE / f"{name}.h5")
    model.save_weights(HERE / "tf_keras_frozen_weights.h5")


def legacy_optimizer():
    """Of slot m of variable i element j is i + j / 8, of v it is 10 more."""
    model = tf_keras.Sequential([tf_keras.layers.InputLayer((2,)), tf_keras.layers.Dense(2), tf_keras.layers.Dense(2)])
    model.compile(tf_keras.optimizers.legacy.Adam(), "mse")
    model.fit(np.ones((2, 2)), np.ones((2, 2)), verbose=0)
    filled(model, model.weights)
    for variable in model.optimizer.variables()[1:]:
        variable.assign(numbered(variable.shape, [w.name.split(":")[0] in variable.name for w in model.weights].index(True) + 10 * ("/v:" in variable.name)))
    model.save(HERE / "legacy_adam.h5")


def other_datasets():
    with h5py.File(HERE / "kinds.h5", "w") as file:
        for n, (name, dtype) in enumerate({"big_endian": ">f4", "bool": "bool", "double": "f8", "half": "f2", "int8": "i1", "uint64": "u8"}.items()):
            file[f"plain/{name}"] = numbered((2, 3), n).astype(dtype)
        file.create_dataset("packed/gzip", data=numbered((40, 10), 6).astype("f4"), chunks=(7, 3), compression="gzip", shuffle=True, fletcher32=True)
        file["empty"] = np.zeros((0, 3), "f4")
        file["scalar"] = np.int64(9)
    with h5py.File(HERE / "strings.h5", "w") as file:
        file["text"] = "not a weight"
    with h5py.File(HERE / "links.h5", "w") as file:
        file["elsewhere"] = h5py.ExternalLink("model.h5", "/model_weights")
    with h5py.File(HERE / "external.h5", "w") as file:
        file.create_dataset("bytes", (4,), "u1", external=[("make.py", 0, 4)])
    with h5py.File(HERE / "huge.h5", "w") as file:
        file.create_dataset("never_written", (1 << 40,), "f4", chunks=(1 << 20,))
    with h5py.File(HERE / "missing.h5", "w") as file:
        file.attrs["layer_names"] = ["dense", "dense_1"]
        file.create_group("dense").attrs["weight_names"] = ["kernel", "bias"]
        file["dense/kernel"] = numbered((2, 2), 0).astype("f4")
    with h5py.File(HERE / "unnumbered.weights.h5", "w") as file:
        file["layers/dense/vars/kernel"] = numbered((2, 2), 0).astype("f4")
        file["layers/dense/vars/a"] = numbered((2,), 1).astype("f4")
    with h5py.File(HERE / "cycle.h5", "w") as file:
        file.create_group("a")["again"] = file["/"]


keras_3()
partly_known()
tf_keras_2()
frozen()
legacy_optimizer()
other_datasets()
