#!/usr/bin/env python3
"""Saves and restores the same tensors with cairn and with what else is installed, and prints a table with ratios.

    compare.py --cairn BUILD/tests/bench/cairn_bench --workload w1s,w3s,w4 [--peers tensorflow,numpy] [--repetitions 5]

Peers: tensorflow, torch, safetensors, orbax, numpy where Python can import them, and `floor`: the same bytes written
and read by the plainest means, without names, index or checksums. Every operation runs in a process of its own, the
peers take turns, and the least of all repetitions counts; only ratios within one run mean anything. "cairn, no fsync"
does what the others do: it does not wait for the disk.
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


def run_peer(peer, workload, folder, directory):
    save, restore = globals()[peer + "_peer"](workload, folder, directory)
    for operation, call in (("save", save), ("restore_warm", restore)):
        before, begin = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        call()
        seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(json.dumps({"op": operation, "t": seconds, "cpu_user": cpu, "cpu_sys": 0}), flush=True)


def command_of(peer, workload, folder, directory, arguments):
    if peer.startswith("cairn"):
        durability = "none" if peer.endswith("no fsync") else "full"
        return [arguments.cairn, "save,restore_warm", "--workload", workload, "--ref", folder, "--dir", directory,
                "--durability", durability]
    return [sys.executable, os.path.abspath(__file__), "--run", peer, "--workload", workload, "--reference", folder,
            "--directory", directory]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cairn")
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
        seconds, cpu = {}, {}
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
                    key = peer, found["op"]
                    seconds[key] = min(seconds.get(key, float("inf")), found["t"])
                    cpu[key] = min(cpu.get(key, float("inf")), found["cpu_user"] + found["cpu_sys"])
        print(f"\n### {workload}\n\n| | save, ms | of it processor | times cairn | restore, ms | of it processor | times cairn |")
        print("|---|---|---|---|---|---|---|")
        for peer in peers:
            cells = []
            for operation in ("save", "restore_warm"):
                if (peer, operation) not in seconds:
                    cells += ["-", "-", "-"]
                    continue
                own = seconds[("cairn, no fsync", operation)]
                cells += [f"{1e3 * seconds[peer, operation]:.2f}", f"{1e3 * cpu[peer, operation]:.1f}",
                          f"{seconds[peer, operation] / own:.2f}"]
            print(f"| {peer} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
