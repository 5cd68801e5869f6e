#!/usr/bin/env python3
"""One value out of many: what it takes to open a file, to read one value by its key, to list all, and to change one; the
same of tensors in two parts each; and to merge four checkpoints, to convert one to safetensors, and to compare two.

    python3 tests/bench/one_value.py --cairn BUILD/tests/bench/one_value --tool BUILD/examples/cairn/cairn [--count 100000]

writes the same tensors of 16 floats in the formats of TensorFlow, safetensors and numpy, and asks the same questions in
programs that have their libraries loaded: cairn, TensorFlow's CheckpointReader, safetensors, numpy, those that the Python
of --python has; and of cairn's tool as a whole command. The floors are one seek with a read, and a copy of the files, by the kernel and through memory with a checksum. The
least of some runs each is printed, in milliseconds by the clock and of the processor. Nobody waits for the disk, but
cairn's tool does, which has no way not to.
"""
import argparse
import array
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

QUESTIONS = ("open", "one value", "list", "change")
OF_ALL = ("one of parts", "list of parts", "merge", "convert", "diff")  # which not every system can do
ONCE = ("change", "merge", "convert", "diff")


def name_of(number):
    return f"model/layer_{number:07}/kernel"


def write_safetensors(path, count):
    header = {name_of(i): {"dtype": "F32", "shape": [16], "data_offsets": [64 * i, 64 * i + 64]} for i in range(count)}
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for begin in range(0, count, 10_000):
            file.write(array.array("f", (number for i in range(begin, min(begin + 10_000, count)) for number in [i + 0.5] * 16)).tobytes())


def least(question, runs):
    """Milliseconds by the clock and of the processor."""
    taken = []
    for _ in range(runs):
        wall, processor = time.perf_counter(), time.process_time()
        question()
        taken.append((1e3 * (time.perf_counter() - wall), 1e3 * (time.process_time() - processor)))
    return [min(each[0] for each in taken), min(each[1] for each in taken)]


def tensorflow(folder, key):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    import tensorflow as tf
    prefix, out = str(folder / "ckpt"), str(folder / "out-tensorflow")
    value = tf.train.load_checkpoint(prefix).get_tensor(key)

    def change():
        reader = tf.train.load_checkpoint(prefix)
        tensors = {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
        tensors[key] = value
        names = sorted(tensors)
        tf.raw_ops.SaveV2(prefix=out, tensor_names=names, shape_and_slices=[""] * len(names), tensors=[tensors[name] for name in names])

    parts, cut = [str(folder / f"out-cairn-{i}") for i in range(4)], str(folder / "out-cairn-cut")

    def read_all(path):
        reader = tf.train.load_checkpoint(path)
        return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}

    def merge():  # which moves the parts' data files, and copies none
        tf.raw_ops.MergeV2Checkpoints(checkpoint_prefixes=parts, destination_prefix=out + "-merged", delete_old_dirs=False)

    def convert():
        from safetensors.numpy import save_file
        save_file(read_all(prefix), folder / "out-tensorflow.safetensors")

    def diff():
        one, other = read_all(prefix), read_all(prefix)
        assert all((tensor == other[name]).all() for name, tensor in one.items())

    return {"one of parts": lambda: tf.train.load_checkpoint(cut).get_tensor(key), "list of parts": lambda: tf.train.load_checkpoint(cut).get_variable_to_shape_map(),
            "merge": merge, "convert": convert, "diff": diff,
            "open": lambda: tf.train.load_checkpoint(prefix), "one value": lambda: tf.train.load_checkpoint(prefix).get_tensor(key),
            "list": lambda: tf.train.load_checkpoint(prefix).get_variable_to_shape_map(), "change": change}


def safetensors(folder, key):
    from safetensors import safe_open
    from safetensors.numpy import load_file, save_file
    path, out = folder / "x.safetensors", folder / "out.safetensors"

    def opened(use=lambda file: None):
        with safe_open(path, framework="numpy") as file:
            return use(file)

    def change():
        tensors = load_file(path)
        tensors[key] = tensors[key] * 1
        save_file(tensors, out)

    def split():
        tensors = load_file(path)
        names = sorted(tensors)
        for i in range(4):
            save_file({name: tensors[name] for name in names[i::4]}, folder / f"out-{i}.safetensors")

    def merge():
        save_file({name: tensor for i in range(4) for name, tensor in load_file(folder / f"out-{i}.safetensors").items()}, out)

    def diff():
        one, other = load_file(path), load_file(path)
        assert all((tensor == other[name]).all() for name, tensor in one.items())

    split()
    return {"merge": merge, "diff": diff, "open": opened, "one value": lambda: opened(lambda file: file.get_tensor(key)),
            "list": lambda: opened(lambda file: [file.get_slice(name).get_shape() for name in file.keys()]), "change": change}


def numpy(folder, key):
    import numpy as np
    path, out = folder / "x.npz", folder / "out.npz"

    def change():
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
        arrays[key] = arrays[key] * 1
        np.savez(out, **arrays)

    def read(path):
        with np.load(path) as file:
            return {name: file[name] for name in file.files if name != "__metadata__"}  # which is a text

    def split():
        arrays = read(path)
        for i in range(4):
            np.savez(folder / f"out-{i}.npz", **{name: arrays[name] for name in sorted(arrays)[i::4]})

    def merge():
        np.savez(out, **{name: array for i in range(4) for name, array in read(folder / f"out-{i}.npz").items()})

    def convert():
        from safetensors.numpy import save_file
        save_file(read(path), folder / "out-numpy.safetensors")

    def diff():
        one, other = read(path), read(path)
        assert all((array == other[name]).all() for name, array in one.items())

    split()
    return {"merge": merge, "convert": convert, "diff": diff, "open": lambda: np.load(path).close(), "one value": lambda: np.load(path)[key], "list": lambda: np.load(path).files, "change": change}


def ask(system, folder, key):
    """In a process of its own: what a system takes, or why it is not there."""
    try:
        questions = globals()[system](folder, key)
    except ImportError as error:
        return {"missing": str(error)}
    return {name: least(question, 1 if name in ONCE else 5) for name, question in questions.items()}


def run_tool(command):
    taken = []
    for _ in range(7):
        begin = time.perf_counter()
        child = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
        _, status, usage = os.wait4(child, 0)
        if status != 0:
            sys.exit(f"failed: {' '.join(command)}")
        taken.append((1e3 * (time.perf_counter() - begin), 1e3 * (usage.ru_utime + usage.ru_stime)))
        for file in pathlib.Path(command[-1]).parent.glob("out-tool*"):
            file.unlink()
    return [min(each[i] for each in taken) for i in range(2)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cairn", help="tests/bench/one_value of the build folder")
    parser.add_argument("--tool", help="examples/cairn/cairn of the build folder")
    parser.add_argument("--python", default=sys.executable, help="that has tensorflow, safetensors and numpy")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--dir", help="where the files are")
    parser.add_argument("--ask", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ask:
        system, folder, key = arguments.ask
        return print(json.dumps(ask(system, pathlib.Path(folder), key)))

    with tempfile.TemporaryDirectory(prefix="cairn-one-value-", dir=arguments.dir) as name:
        folder, key = pathlib.Path(name), name_of(arguments.count * 7 // 10)
        write_safetensors(folder / "x.safetensors", arguments.count)
        tool = os.path.abspath(arguments.tool)
        prefix = str(folder / "ckpt")
        subprocess.run([tool, "convert", folder / "x.safetensors", "--to", "tf", "--keys", "--quiet", "--out", prefix], check=True)
        subprocess.run([tool, "convert", prefix, "--to", "npz", "--keys", "--quiet", "--out", folder / "x.npz"], check=True)
        results = {"cairn": json.loads(subprocess.run([os.path.abspath(arguments.cairn), prefix, key, folder / "out-cairn"], check=True,
                                                      capture_output=True).stdout)}
        floors = {each: results["cairn"].pop(each) for each in list(results["cairn"]) if each.startswith("floor")}
        for system in ("tensorflow", "safetensors", "numpy"):
            command = [arguments.python, __file__, "--ask", system, folder, key]
            results[system] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
        whole = {
            "nothing (--version)": run_tool([tool, "--version"]), "one value (cat)": run_tool([tool, "cat", prefix, key]),
            "list (ls)": run_tool([tool, "ls", prefix]),
            "change (set)": run_tool([tool, "set", prefix, key, "[" + ", ".join(["1"] * 16) + "]", "--quiet", "--out", str(folder / "out-tool")])}
    shown = "{:.3g} / {:.3g}".format
    print(f"| {arguments.count:,} tensors of 16 floats, ms: clock / processor | {' | '.join(QUESTIONS)} |\n|---|{'---|' * len(QUESTIONS)}")
    for system, taken in results.items():
        if "missing" in taken:
            print(f"| {system}: {taken['missing']} |{' |' * len(QUESTIONS)}")
        else:
            print(f"| {system} | {' | '.join(shown(*taken[question]) for question in QUESTIONS)} |")
    print("| floor | | {} | | {} |".format(shown(*floors["floor: a seek and a read"]), shown(*floors["floor: a copy"])))
    print(f"\n| the same | {' | '.join(OF_ALL)} |\n|---|{'---|' * len(OF_ALL)}")
    for system, taken in results.items():
        if "missing" not in taken:
            print(f"| {system} | {' | '.join(shown(*taken[question]) if question in taken else '' for question in OF_ALL)} |")
    print("| floor | {} | | {} | {} | |".format(shown(*floors["floor: a seek and a read"]), *[shown(*floors["floor: a copy, summed"])] * 2))
    print("\n| cairn's tool, a whole command | clock | processor |\n|---|---|---|")
    for what, (wall, processor) in whole.items():
        print(f"| {what} | {wall:.3g} | {processor:.3g} |")


if __name__ == "__main__":
    main()
