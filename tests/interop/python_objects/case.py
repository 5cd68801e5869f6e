"""What Python programs are made of: modules in modules, named tuples, tuples, lists and dicts as their attributes."""
import collections

import tensorflow as tf

from states import bits, expect_same_bits, struct, zeros

Point = collections.namedtuple("Point", ["x", "y"])


class Dense(tf.Module):
    def __init__(self, value, seed):
        super().__init__(name="dense")
        self.kernel = value("float32", [2, 3], seed)
        self.bias = value("float32", [3], seed + 1)
        self.units = 3  # no variable: not saved


class Network(tf.Module):
    def __init__(self, value):
        super().__init__(name="network")
        self.layers = [Dense(value, 1), Dense(value, 3)]
        self.heads = {"left": Dense(value, 5), "right": Dense(value, 7)}
        self.pair = (value("float64", [], 9), value("int64", [2], 10))
        self.point = Point(x=value("float32", [2], 11), y=Dense(value, 13))
        self.first = self.layers[0]  # shared
        self.nested = {"list": [(value("int32", [], 15),), (value("int32", [], 16),)]}


def make(directory):
    tf.train.Checkpoint(network=Network(bits)).save(directory + "/ckpt")


def check(directory):
    network = Network(zeros)
    tf.train.Checkpoint(network=network).restore(directory + "/ckpt-1").assert_consumed()
    expect_same_bits(network, Network(bits))
    # A struct has names, a tuple has indices.
    point = struct(x=zeros("float32", [2], 11))
    tf.train.Checkpoint(network=struct(point=point)).restore(directory + "/ckpt-1").assert_existing_objects_matched().expect_partial()
    expect_same_bits(point, struct(x=bits("float32", [2], 11)))
    by_index = tf.train.Checkpoint(network=struct(point=(zeros("float32", [2], 11),)))
    by_index.read(directory + "/tuple").assert_consumed()
    expect_same_bits(by_index.network.point, (bits("float32", [2], 11),))
