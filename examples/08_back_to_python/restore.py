"""Goes on with what example 08 trained, with TensorFlow 2.21 and Keras 3.15: python restore.py trained/ckpt-1"""
import sys

import numpy as np
import tensorflow as tf

keras = tf.keras


class Model(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(16, activation="relu")
        self.norm = keras.layers.LayerNormalization()
        self.logits = keras.layers.Dense(3)

    def call(self, x):
        return self.logits(self.norm(self.hidden(x)))


points = np.random.default_rng(2).standard_normal((1000, 2), np.float32)
thirds = np.digitize(points.sum(axis=1), [-0.5, 0.5])

model = Model()
model(points)
optimizer = keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(0.02, decay_steps=200), weight_decay=0.004)
optimizer.build(model.trainable_variables)
tf.train.Checkpoint(model=model, optimizer=optimizer).restore(sys.argv[1]).assert_consumed()

accuracy = np.mean(model(points).numpy().argmax(axis=1) == thirds)
print(f"{int(optimizer.iterations)} steps were done, and {accuracy:.1%} of other points are told right")
