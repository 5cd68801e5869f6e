"""Writes checkpoints in TensorFlow's format V1, the one before TensorBundle, in this folder. TensorFlow 2.21 wrote those that lie here.

    all         a single file with every dtype that TensorFlow saves so
    parts-?????-of-00002  two files of tf.compat.v1.train.Saver, with a partitioned variable
    split-?????-of-00002  two files, in each a part of one variable
"""
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

v1 = tf.compat.v1
HERE = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
HERE = HERE if HERE.is_dir() else HERE.parent


def save(name, sharded, make):
    with tf.Graph().as_default():
        make()
        saver = v1.train.Saver(write_version=v1.train.SaverDef.V1, sharded=sharded)
        with v1.Session(config=v1.ConfigProto(device_count={"CPU": 2})) as session:
            session.run(v1.global_variables_initializer())
            print(saver.save(session, str(HERE / name), write_meta_graph=False, write_state=False))


def every_dtype():
    values = {}
    for dtype in (tf.float32, tf.float64, tf.float16, tf.int8, tf.int16, tf.int32, tf.int64, tf.uint8, tf.uint16):
        low = 0 if dtype.is_unsigned else -3
        values[dtype.name] = tf.constant(np.array([[low, 1, 2], [3, 4, 100]], dtype.as_numpy_dtype))
    for dtype, bits in ((tf.qint8, tf.int8), (tf.quint8, tf.uint8), (tf.qint32, tf.int32)):
        values[dtype.name] = tf.bitcast(tf.constant([5, 120], bits), dtype)
    values["complex64"] = tf.constant([1 + 2j, -3.5j], tf.complex64)
    values["complex128"] = tf.constant([1 + 2j, -3.5j], tf.complex128)
    values["bool"] = tf.constant([True, False, True])
    values["string"] = tf.constant([[b"", b"two"], [b"a\0b", b"\xff"]])
    values["scalar"] = tf.constant(-1, tf.int64)
    values["empty"] = tf.zeros([0, 3])
    saved = {}
    for name, value in values.items():
        try:
            tf.raw_ops.SaveSlices(filename=str(HERE / ".try"), tensor_names=[name], shapes_and_slices=[""], data=[value])
            saved[name] = value
        except Exception as error:
            print(name, "cannot be saved:", str(error)[:200])
    tf.raw_ops.SaveSlices(filename=str(HERE / "all"), tensor_names=list(saved), shapes_and_slices=[""] * len(saved), data=list(saved.values()))
    (HERE / ".try").unlink()


def partitioned():
    with tf.device("/cpu:0"):
        v1.get_variable("net/rows", initializer=tf.reshape(tf.range(10, dtype=tf.float32), [5, 2]), partitioner=v1.fixed_size_partitioner(3))
    with tf.device("/cpu:1"):
        v1.get_variable("net/bias", initializer=tf.constant([0.5, -0.5]))
        v1.get_variable("step", initializer=tf.constant(7, tf.int64))


if __name__ == "__main__":
    every_dtype()
    save("parts", True, partitioned)
    for part, slice in enumerate(("0,2:-", "2,3:-")):
        tf.raw_ops.SaveSlices(filename=str(HERE / f"split-0000{part}-of-00002"), tensor_names=["w"],
                              shapes_and_slices=["5 2 " + slice], data=[tf.reshape(tf.range(4 * part, 4 + 6 * part), [2 + part, 2])])
