"""Trains the model that example 22 runs, with Keras 3.15: python train.py (in this folder)."""
import keras
import numpy as np

keras.utils.set_random_seed(1)

# The next value of a wave, from the last sixteen.
times = np.arange(400) * 0.2
wave = np.sin(times) + 0.5 * np.sin(2.3 * times)
windows = np.stack([wave[i:i + 16] for i in range(384)])[..., None].astype("float32")

model = keras.Sequential([
    keras.Input([16, 1]),
    keras.layers.LSTM(8),
    keras.layers.Dense(8, activation="tanh"),
    keras.layers.Dense(1),
])
model.compile(keras.optimizers.Adam(0.01), "mse")
model.fit(windows, wave[16:400], epochs=60, verbose=2)

model.save("model.keras")
