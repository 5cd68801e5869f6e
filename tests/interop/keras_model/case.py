"""A Keras 3 model and its optimizer, and a plain struct that has the names of what Keras keeps."""
import numpy as np
import tensorflow as tf

from states import array

SHAPES = [([8, 4], 2), ([4], 4), ([4, 3], 6), ([3], 8)]  # shape and seed


def built():
    model = tf.keras.Sequential([tf.keras.Input([8]), tf.keras.layers.Dense(4, activation="relu"), tf.keras.layers.Dense(3, activation="softmax")])
    optimizer = tf.keras.optimizers.Adam(0.001)
    return model, optimizer


def set_weights(model):
    for variable, (shape, seed) in zip(model.trainable_variables, SHAPES):
        variable.value.assign(array("float32", shape, seed))


def make(directory):
    model, optimizer = built()
    set_weights(model)
    checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer)
    manager = tf.train.CheckpointManager(checkpoint, directory, max_to_keep=3)
    manager.save()
    optimizer.apply_gradients((tf.ones_like(variable), variable) for variable in model.trainable_variables)
    set_weights(model)
    manager.save()
    # The weights have moved to other keys meanwhile; the names of the edges have not.
    assert "optimizer/_trainable_variables/0/.ATTRIBUTES/VARIABLE_VALUE" in dict(tf.train.list_variables(directory))


def check(directory):
    model, optimizer = built()
    optimizer.build(model.trainable_variables)
    tf.train.Checkpoint(model=model).restore(directory + "/model-1").assert_consumed()
    for variable, (shape, seed) in zip(model.trainable_variables, SHAPES):
        assert np.array_equal(variable.value.numpy().view(np.uint32), array("float32", shape, seed).view(np.uint32)), variable.path
