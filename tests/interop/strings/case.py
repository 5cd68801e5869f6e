"""Strings: any bytes, empty, UTF-8, long ones, and variables of strings."""
import tensorflow as tf

from states import expect_same_bits, struct

TEXTS = [b"", b"plain", b"nul\0in\0it", "grüße 你好".encode(), bytes(range(256)), b"x" * 300, b"y" * 70000]


def state(filled):
    def value(constant, nothing=b""):
        return tf.Variable(constant if filled else tf.fill(tf.shape(constant), nothing), shape=tf.TensorShape(tf.shape(constant)))

    return struct(note=value(tf.constant("note\0with a nul")), nothing=value(tf.constant("")), texts=value(tf.constant(TEXTS)),
                  fixed=value(tf.constant(["a", "", "c"])), none=value(tf.constant([], tf.string)),
                  table=value(tf.constant([["00", "01", "02"], ["10", "11", "\0"]])), one=value(tf.constant("only")),
                  by_name={"first": value(tf.constant("1st")), "second": value(tf.constant("2nd"))})


def make(directory):
    tf.train.Checkpoint(texts=state(True)).save(directory + "/ckpt")


def check(directory):
    restored = state(False)
    tf.train.Checkpoint(texts=restored).restore(directory + "/ckpt-1").assert_consumed()
    expect_same_bits(restored, state(True))
