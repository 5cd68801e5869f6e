"""Lists of structs that hold only numbers, as columns: what a Python user would write by hand."""
import numpy as np
import tensorflow as tf

from states import struct


def particle(i):
    return dict(position=[i + 0.25, i + 0.5, -1.0 * i], mass=i / 2, is_alive=i % 2 == 1)


def columns(indices):
    rows = [particle(i) for i in indices]
    return struct(position=tf.Variable(np.array([row["position"] for row in rows], "float64")),
                  mass=tf.Variable(np.array([row["mass"] for row in rows], "float32")),
                  is_alive=tf.Variable(np.array([row["is_alive"] for row in rows], "bool")))


def node(i):
    return struct(position=tf.Variable(np.array(particle(i)["position"], "float64")),
                  mass=tf.Variable(np.float32(particle(i)["mass"])), is_alive=tf.Variable(particle(i)["is_alive"]))


POINTS = np.array([[1, 2], [3, 4], [5, 6]], "float32")


def make(directory):
    state = struct(particles=columns(range(4)), queue=columns(range(10, 13)), from_a_list=[node(20), node(21)],
                   points=tf.Variable(POINTS))
    tf.train.Checkpoint(state=state).save(directory + "/ckpt")


def check(directory):
    def zeros(count):
        return struct(position=tf.Variable(np.zeros([count, 3], "float64")), mass=tf.Variable(np.zeros(count, "float32")),
                      is_alive=tf.Variable(np.zeros(count, "bool")))

    state = struct(particles=zeros(4), queue=zeros(3), points=tf.Variable(0 * POINTS))
    tf.train.Checkpoint(state=state).restore(directory + "/ckpt-1").assert_existing_objects_matched()
    for restored, expected in [(state.particles, columns(range(4))), (state.queue, columns(range(10, 13)))]:
        for name in ["position", "mass", "is_alive"]:
            np.testing.assert_array_equal(getattr(restored, name).numpy(), getattr(expected, name).numpy())
    np.testing.assert_array_equal(state.points.numpy(), POINTS)
    assert tf.train.load_variable(directory + "/ckpt-1", "state/particles/position/.ATTRIBUTES/VARIABLE_VALUE")[1, 2] == -1.0
