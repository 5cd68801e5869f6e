#!/usr/bin/env python3
"""Saves and restores the same tensors with cairn and with what else is installed, and prints a table with ratios.

    compare.py --cairn BUILD/tests/bench/cairn_bench --floor BUILD/tests/bench/floor --workload w1s,w3s,w4
               [--peers tensorflow,numpy] [--repetitions 5]

Peers: tensorflow, torch, safetensors, orbax, numpy where Python can import them, and `floor`: the same bytes written and
read by two threads with a checksum, without names and index (floor.cpp; without that program by Python, by one thread,
without a checksum). Each peer runs in a process of its own, they take turns, and the least of all repetitions counts; only
ratios within one run mean anything. "cairn, no fsync" does what the others do: it does not wait for the disk; its times are
what save and restore are divided by. "and fsync" is with the time that it takes to get what was saved to the disk; there
all are divided by cairn's, which does so itself. "restore cold" is with files that the system's cache has nothing of.
"""
import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

import reference

MODULES = {"tensorflow": "tensorflow", "torch": "torch", "safetensors": "safetensors", "orbax": "orbax.checkpoint",
           "numpy": "numpy", "floor": None}


def is_there(peer):
    module = MODULES[peer]
    try:
        return module is None or importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def tensors_of(workload, folder):
    import numpy
    data = numpy.fromfile(os.path.join(folder, workload + ".bin"), dtype=numpy.uint8)
    tensors, begin = {}, 0
    for name, dtype, shape in reference.layout(workload):
        size = reference.byte_count(dtype, shape)
        tensors[name] = data[begin:begin + size].view(dtype).reshape(shape).copy()
        begin += size
    return tensors


# Each peer: a pair of functions save() and restore(), made before the clock runs.
def tensorflow_peer(workload, folder, directory):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    import tensorflow as tf
    variables = {name: tf.Variable(value) for name, value in tensors_of(workload, folder).items()}
    checkpoint = tf.train.Checkpoint(v=variables)
    path = os.path.join(directory, "ckpt")
    return lambda: checkpoint.write(path), lambda: checkpoint.read(path).assert_consumed()


def torch_peer(workload, folder, directory):
    import torch
    tensors = {name: torch.from_numpy(value) for name, value in tensors_of(workload, folder).items()}
    path = os.path.join(directory, "state.pt")

    def restore():
        for name, value in torch.load(path, weights_only=True).items():
            tensors[name].copy_(value)
    return lambda: torch.save(tensors, path), restore


def safetensors_peer(workload, folder, directory):
    import safetensors.numpy
    tensors = tensors_of(workload, folder)
    path = os.path.join(directory, "state.safetensors")

    def restore():
        for name, value in safetensors.numpy.load_file(path).items():
            tensors[name][...] = value
    return lambda: safetensors.numpy.save_file(tensors, path), restore


def orbax_peer(workload, folder, directory):
    import orbax.checkpoint
    tensors = tensors_of(workload, folder)
    path = os.path.join(os.path.abspath(directory), "state")
    checkpointer = orbax.checkpoint.PyTreeCheckpointer()
    return lambda: checkpointer.save(path, tensors), lambda: checkpointer.restore(path)


def numpy_peer(workload, folder, directory):
    import numpy
    tensors = tensors_of(workload, folder)
    path = os.path.join(directory, "state.npz")

    def restore():
        with numpy.load(path) as file:
            for name in tensors:
                tensors[name][...] = file[name.replace("/", ".")]
    return lambda: numpy.savez(path, **{name.replace("/", "."): value for name, value in tensors.items()}), restore


def floor_peer(workload, folder, directory):
    with open(os.path.join(folder, workload + ".bin"), "rb") as file:
        data = bytearray(file.read())
    path = os.path.join(directory, "bytes")
    piece = 1 << 20

    def save():
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.posix_fallocate(file, 0, len(data))
        view = memoryview(data)
        for begin in range(0, len(data), piece):
            os.pwrite(file, view[begin:begin + piece], begin)
        os.close(file)

    def restore():
        view = memoryview(data)
        with open(path, "rb", buffering=0) as file:
            for begin in range(0, len(data), piece):
                file.readinto(view[begin:begin + piece])
    return save, restore


def sync_all(directory, forget=False):
    """Waits for the disk; with `forget` the system's cache has nothing of the files afterwards."""
    for folder, _, files in os.walk(directory):
        for path in [os.path.join(folder, name) for name in files] + [folder]:
            file = os.open(path, os.O_RDONLY)
            os.fsync(file)
            if forget:
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)


def run_peer(peer, workload, folder, directory):
    save, restore = globals()[peer + "_peer"](workload, folder, directory)
    for operation, call in (("save", save), ("restore_warm", restore), ("restore_cold", restore)):
        if operation == "restore_cold":
            sync_all(directory, forget=True)
        before, begin = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        call()
        seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found = {"op": operation, "t": seconds, "cpu_user": cpu, "cpu_sys": 0}
        if operation == "save":
            begin = time.perf_counter()
            sync_all(directory)
            found["t_sync"] = time.perf_counter() - begin
        print(json.dumps(found), flush=True)


OPERATIONS = "save,restore_warm,restore_cold"


def command_of(peer, workload, folder, directory, arguments):
    if peer.startswith("cairn"):
        durability = "none" if peer.endswith("no fsync") else "full"
        return [arguments.cairn, OPERATIONS, "--workload", workload, "--ref", folder, "--dir", directory,
                "--durability", durability]
    if peer == "floor" and arguments.floor:
        return [arguments.floor, OPERATIONS, "--workload", workload, "--ref", folder, "--dir", directory]
    return [sys.executable, os.path.abspath(__file__), "--run", peer, "--workload", workload, "--reference", folder,
            "--directory", directory]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cairn")
    parser.add_argument("--floor")
    parser.add_argument("--workload", default="w1s,w3s,w4")
    parser.add_argument("--peers", default=",".join(MODULES))
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--reference", default=os.path.join(tempfile.gettempdir(), "cairn-bench-reference"))
    parser.add_argument("--directory", default=None, help="where to save; a folder for temporary files otherwise")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        return run_peer(arguments.run, arguments.workload, arguments.reference, arguments.directory)
    if not arguments.cairn:
        parser.error("--cairn is missing: the path of the program cairn_bench")

    peers = ["cairn", "cairn, no fsync"]
    for peer in arguments.peers.split(","):
        if is_there(peer):
            peers.append(peer)
        else:
            print(f"{peer} is not installed", file=sys.stderr)
    for workload in arguments.workload.split(","):
        reference.write_reference(workload, arguments.reference)
        least = {}  # by peer and what was measured
        for _ in range(arguments.repetitions):
            for peer in peers:
                with tempfile.TemporaryDirectory(prefix="cairn-bench-", dir=arguments.directory) as directory:
                    result = subprocess.run(command_of(peer, workload, arguments.reference, directory, arguments),
                                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                if result.returncode != 0:
                    print(f"{peer} failed on {workload}: {result.stderr[-500:]}", file=sys.stderr)
                    continue
                for line in result.stdout.splitlines():
                    if not line.startswith("{"):
                        continue
                    found = json.loads(line)
                    measured = {"": found["t"], " processor": found["cpu_user"] + found["cpu_sys"]}
                    if "t_sync" in found:
                        measured[" and fsync"] = found["t"] + found["t_sync"]
                    for what, time_taken in measured.items():
                        key = peer, found["op"] + what
                        least[key] = min(least.get(key, float("inf")), time_taken)
        # What is measured, and whose time it is divided by.
        columns = [("save", "cairn, no fsync"), ("save processor", None), ("save and fsync", "cairn"),
                   ("restore_warm", "cairn, no fsync"), ("restore_warm processor", None),
                   ("restore_cold", "cairn, no fsync")]
        titles = [cell for what, own in columns for cell in [what.replace("_warm", "").replace("_", " ") + ", ms"] + ["times cairn"] * bool(own)]
        print(f"\n### {workload}\n\n| | " + " | ".join(titles) + " |\n|" + "---|" * (len(titles) + 1))
        for peer in peers:
            cells = []
            for what, own in columns:
                time_taken = least.get((peer, what))
                cells.append("-" if time_taken is None else f"{1e3 * time_taken:.2f}")
                if own:
                    divisor = least.get((own, what))
                    cells.append("-" if not (time_taken and divisor) else f"{time_taken / divisor:.2f}")
            print(f"| {peer} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
