"""Registered savers: one of the same name on each side, which packs the parts of a stack into one tensor."""
import tensorflow as tf
from tensorflow.python.ops import gen_io_ops
from tensorflow.python.saved_model import registration

from states import struct


class Stack(tf.__internal__.tracking.AutoTrackable):
    def __init__(self, values):
        self.values = list(values)


def save_stacks(trackables, file_prefix):
    names = [name + "/value" for name in trackables]
    gen_io_ops.save_v2(file_prefix, names, [""] * len(names), [tf.constant(s.values, tf.float32) for s in trackables.values()])
    return file_prefix


def restore_stacks(trackables, merged_prefix):
    names = [name + "/value" for name in trackables]
    tensors = gen_io_ops.restore_v2(merged_prefix, names, [""] * len(names), [tf.float32] * len(names))
    for stack, tensor in zip(trackables.values(), tensors):
        stack.values = tensor.numpy().tolist()


registration.register_checkpoint_saver(name="stacks", predicate=lambda each: isinstance(each, Stack), save_fn=save_stacks,
                                       restore_fn=restore_stacks)


def make(directory):
    state = struct(stack=Stack([1, 2, 3]), w=tf.Variable(4.0))
    tf.train.Checkpoint(state=state, other=Stack([5])).save(directory + "/stacks")


def check(directory):
    state = struct(stack=Stack([]), w=tf.Variable(0.0))
    other = Stack([])
    tf.train.Checkpoint(state=state, other=other).restore(directory + "/stacks-1").assert_consumed()
    assert (state.stack.values, state.w.numpy(), other.values) == ([6, 7], 8, [9]), (state.stack.values, other.values)
