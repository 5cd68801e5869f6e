"""Classes with cereal's functions: nodes whose children have the names that the class gives."""
import tensorflow as tf

from states import bits, expect_same_bits, struct, zeros


def text(value, constant):
    return tf.Variable(constant if value is bits else "")


def counter(value, seed):
    return struct(cereal_class_version=tf.Variable(2 if value is bits else 0, dtype=tf.uint32), count=value("int64", [], seed))


def state(value):
    return struct(
        layer=struct(weights=value("float32", [2, 3], 1), step=value("int32", [], 2), names=[text(value, "a"), text(value, "b")]),
        split=struct(sum=value("float64", [], 3), note=text(value, "split")),
        unnamed=struct(value0=value("float32", [], 5), value1=value("float32", [], 6)),
        counter=counter(value, 7), counters=[counter(value, 8), counter(value, 9)], by_name={"x": counter(value, 10)})


def make(directory):
    saved = state(bits)
    saved.layer.names = tf.Variable(["a", "b"])
    tf.train.Checkpoint(state=saved).save(directory + "/ckpt")


def check(directory):
    restored, expected = state(zeros), state(bits)
    restored.layer.names, expected.layer.names = tf.Variable(["", ""]), tf.Variable(["a", "b"])
    tf.train.Checkpoint(state=restored).restore(directory + "/ckpt-1").assert_consumed()
    expect_same_bits(restored, expected)
    keys = dict(tf.train.list_variables(directory + "/ckpt-1"))
    assert "state/split/sum/.ATTRIBUTES/VARIABLE_VALUE" in keys and "state/counters/1/count/.ATTRIBUTES/VARIABLE_VALUE" in keys, keys
    # What cereal alone understands is a string of its bytes.
    assert tf.train.load_variable(directory + "/others-1", "stack/.ATTRIBUTES/VARIABLE_VALUE")[:1] == b"\x01"
