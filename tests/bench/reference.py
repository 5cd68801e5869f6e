#!/usr/bin/env python3
"""The tensors of each workload, and reference files with values for them.

    reference.py FOLDER WORKLOAD...

writes FOLDER/w2.bin, the bytes of w2's tensors one behind the other, little-endian, unless it is there. Needs no numpy.
"""
import array
import os
import sys


def gpt2():
    """Name and shape of each tensor of GPT-2 small."""
    width = 768
    tensors = [("wte", [50257, width]), ("wpe", [1024, width])]
    for block in range(12):
        for name, shape in [("ln_1/g", [width]), ("ln_1/b", [width]),
                            ("attn/c_attn/w", [width, 3 * width]), ("attn/c_attn/b", [3 * width]),
                            ("attn/c_proj/w", [width, width]), ("attn/c_proj/b", [width]),
                            ("ln_2/g", [width]), ("ln_2/b", [width]),
                            ("mlp/c_fc/w", [width, 4 * width]), ("mlp/c_fc/b", [4 * width]),
                            ("mlp/c_proj/w", [4 * width, width]), ("mlp/c_proj/b", [width])]:
            tensors.append((f"h{block}/{name}", shape))
    return tensors + [("ln_f/g", [width]), ("ln_f/b", [width])]


def layout(workload):
    """Name, dtype and shape of each tensor, in the order of the reference file."""
    if workload == "w1":
        tensors = [("v", [1 << 28])]
    elif workload == "w1s":
        tensors = [("v", [1 << 22])]
    elif workload == "w2":
        tensors = [(f"{part}/{name}", shape) for part in ("model", "adam_m", "adam_v") for name, shape in gpt2()]
    elif workload in ("w3", "w3s"):
        tensors = [(f"v{i:06d}", [16]) for i in range(100_000 if workload == "w3" else 1_000)]
    elif workload == "w5":
        tensors = [(f"v{i:06d}", [128, 128]) for i in range(10_000)]
    elif workload == "w4":
        layers = [("dense0/w", [784, 10]), ("dense0/b", [10]), ("dense1/w", [10, 10]), ("dense1/b", [10])]
        return ([(f"model/{name}", "float32", shape) for name, shape in layers]
                + [("adam/iterations", "int64", []), ("adam/learning_rate", "float32", [])]
                + [(f"adam/{moment}/{name}", "float32", shape) for moment in "mv" for name, shape in layers])
    else:
        raise SystemExit(f"there is no workload {workload}: w1, w1s, w2, w3, w3s, w4, w5")
    return [(name, "float32", shape) for name, shape in tensors]


def byte_count(dtype, shape):
    count = 8 if dtype == "int64" else 4
    for extent in shape:
        count *= extent
    return count


def write_reference(workload, folder):
    """Returns the path. Values differ everywhere within 4 MiB, and none is large: floats of plausible bits."""
    path = os.path.join(folder, workload + ".bin")
    if os.path.exists(path):
        return path
    os.makedirs(folder, exist_ok=True)
    floats = array.array("f", (((i * 2654435761) % (1 << 32)) / (1 << 31) - 1 for i in range(1 << 20)))
    if sys.byteorder == "big":
        floats.byteswap()
    page = floats.tobytes()
    left = sum(byte_count(dtype, shape) for _, dtype, shape in layout(workload))
    with open(path + ".tmp", "wb") as file:
        turn = 0
        while left > 0:
            begin = 4 * (turn % 1000)  # no two pages alike
            piece = (page[begin:] + page[:begin])[:left]
            file.write(piece)
            left -= len(piece)
            turn += 1
    os.rename(path + ".tmp", path)
    return path


if __name__ == "__main__":
    for name in sys.argv[2:]:
        write_reference(name, sys.argv[1])
