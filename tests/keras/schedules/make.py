"""Asks Keras for the learning rates that its schedules give. Its answer is expected.hpp; run it to make that anew.

    python make.py > expected.hpp
"""
import keras
import numpy as np
import tensorflow as tf

schedules = keras.optimizers.schedules
STEPS = [*range(12), 49, 50, 51, 99, 100, 101, 149, 150, 151, 249, 250, 251, 299, 300, 301, 302, 499, 500, 501, 599, 600, 601, 602, 777, 999, 1000, 1001, 12345, 1000000]
MADE = {
    "exponential_decay": schedules.ExponentialDecay(0.1, 70, 0.93),
    "exponential_decay_staircase": schedules.ExponentialDecay(0.1, 50, 0.5, staircase=True),
    "piecewise_constant_decay": schedules.PiecewiseConstantDecay([100, 300], [0.1, 0.03, 0.01]),
    "polynomial_decay": schedules.PolynomialDecay(0.1, 500),
    "polynomial_decay_cycle": schedules.PolynomialDecay(0.1, 300, 0.001, power=0.5, cycle=True),
    "inverse_time_decay": schedules.InverseTimeDecay(0.1, 30, 0.7),
    "inverse_time_decay_staircase": schedules.InverseTimeDecay(0.1, 50, 0.7, staircase=True),
    "cosine_decay": schedules.CosineDecay(0.01, 1000),
    "cosine_decay_warmup": schedules.CosineDecay(0.0, 500, alpha=0.1, warmup_target=0.02, warmup_steps=100),
    "cosine_decay_restarts": schedules.CosineDecayRestarts(0.01, 100),
    "cosine_decay_restarts_equal": schedules.CosineDecayRestarts(0.01, 100, t_mul=1.0, m_mul=0.9, alpha=0.05),
    "cosine_decay_restarts_longer": schedules.CosineDecayRestarts(0.01, 100, t_mul=1.5, m_mul=0.8, alpha=0.1),
}

print(f"// Made by make.py with TensorFlow {tf.__version__}, Keras {keras.__version__}; do not edit.")
print("#pragma once\n\n#include <array>\n#include <cstdint>\n\n// clang-format off\nnamespace expected {\n")
print(f"inline constexpr std::array<std::int64_t, {len(STEPS)}> steps{{{', '.join(map(str, STEPS))}}};")
for name, schedule in MADE.items():
    rates = [np.format_float_scientific(np.float32(schedule(tf.constant(step, tf.int64))), unique=True) for step in STEPS]
    print(f"inline constexpr std::array<float, {len(STEPS)}> {name}{{{', '.join(rate + 'f' for rate in rates)}}};")
print("\n}  // namespace expected")
