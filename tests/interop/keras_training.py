"""Training that goes on in the other language: what the keras cases share. keras_training.hpp is its other half.

A Run is a model, an optimizer and a loss under a name. Who begins saves below DIRECTORY/NAME
    new    before the first step: the optimizer is not built
    half   after five steps
    full   after ten
    data   x, y, what the model makes of x at half and at full, and the losses of the last five steps
The other one restores `new` and `half`, takes the last five steps as well and compares: what a restored model makes of x
to 1e-6 of its largest number, losses and weights and the optimizer's variables to 1e-5. `back` is what it saves then.
"""
import os

import numpy as np
import tensorflow as tf

STEPS = 5


class Run:
    """With is_inference C++ does not train: it restores `full`, too, and what it saves as `half` and `full` is the same.
    With has_lists the model has layers in lists, which Keras saves only as a built optimizer's: `new` is not whole."""

    def __init__(self, name, model, optimizer, loss, x, y, is_inference=False, has_lists=False):
        self.is_inference, self.has_lists = is_inference, has_lists
        self.name, self.make_model, self.make_optimizer, self.loss, self.x, self.y = name, model, optimizer, loss, x, y

    def path(self, directory, name):
        return os.path.join(directory, self.name, name)

    def begin(self, is_built=False, x=None):
        model, optimizer = self.make_model(), self.make_optimizer()
        model(self.x if x is None else x)
        if is_built:
            build = getattr(optimizer, "build", None) or optimizer._create_all_weights  # of Keras 2's legacy optimizers
            build(model.trainable_variables)
        return model, optimizer

    def train(self, model, optimizer, x, y):
        losses = []
        for _ in range(STEPS):
            with tf.GradientTape() as tape:
                loss = self.loss(y, model(x, training=True))
            optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
            losses.append(float(loss))
        return losses

    def save(self, directory, name, model, optimizer):
        tf.train.Checkpoint(model=model, optimizer=optimizer).write(self.path(directory, name))

    def restore(self, directory, name, is_built, x=None):
        model, optimizer = self.begin(is_built, x)
        status = tf.train.Checkpoint(model=model, optimizer=optimizer).read(self.path(directory, name))
        status.assert_consumed()
        status.assert_existing_objects_matched()
        return model, optimizer

    def make(self, directory):
        tf.keras.utils.set_random_seed(7)
        model, optimizer = self.begin()
        self.save(directory, "new", model, optimizer)
        self.train(model, optimizer, self.x, self.y)
        self.save(directory, "half", model, optimizer)
        half = model(self.x).numpy()
        losses = self.train(model, optimizer, self.x, self.y)
        self.save(directory, "full", model, optimizer)
        data = {"x": self.x, "y": self.y, "half": half.ravel(), "full": model(self.x).numpy().ravel(), "losses": np.float32(losses)}
        tf.train.Checkpoint(**{name: tf.Variable(value) for name, value in data.items()}).write(self.path(directory, "data"))

    def resume(self, directory):
        """What C++ made of our first five steps."""
        model, optimizer = self.restore(directory, "back", True)
        self.assert_same(directory, model, optimizer)
        full = tf.train.load_variable(self.path(directory, "data"), "full/.ATTRIBUTES/VARIABLE_VALUE")
        assert_close(model(self.x).numpy().ravel(), full, 1e-5, "what the model makes of x")

    def check(self, directory):
        x, y, half, full, losses = (tf.train.load_variable(self.path(directory, "data"), name + "/.ATTRIBUTES/VARIABLE_VALUE") for name in ("x", "y", "half", "full", "losses"))
        if not self.has_lists:
            self.restore(directory, "new", False, x)
        model, optimizer = self.restore(directory, "half", True, x)
        assert_close(model(x).numpy().ravel(), half, 1e-6, "what the restored model makes of x")
        if not self.is_inference:
            assert_close(self.train(model, optimizer, x, y), losses, 1e-5, "losses")
        assert_close(model(x).numpy().ravel(), full, 1e-5, "what the trained model makes of x")
        self.assert_same(directory, model, optimizer, x)
        self.save(directory, "back", model, optimizer)

    def assert_same(self, directory, model, optimizer, x=None):
        other, its_optimizer = self.restore(directory, "full", True, x)
        for found, expected in zip(model.weights + variables(optimizer), other.weights + variables(its_optimizer)):
            assert_close(found.numpy(), expected.numpy(), 1e-5, found.name)


def variables(optimizer):
    return optimizer.variables() if callable(optimizer.variables) else list(optimizer.variables)


def assert_close(found, expected, tolerance, what):
    found, expected = np.float64(found), np.float64(expected)
    assert found.shape == expected.shape, f"{what}: {found.shape} and {expected.shape}"
    difference = np.abs(found - expected).max(initial=0)
    assert difference <= tolerance * np.abs(expected).max(initial=1e-30), f"{what}: {difference} apart, of {np.abs(expected).max(initial=0)}"


def case(runs):
    """make, resume and check of a case.py that has these runs."""

    def each(step):
        def function(directory):
            for run in runs:
                try:
                    getattr(run, step)(directory)
                except Exception as error:
                    raise AssertionError(f"{run.name}: {error}") from error

        return function

    return each("make"), each("resume"), each("check")
