#!/usr/bin/env python3
"""What the command-line tool costs as a whole command: starting it, and editing one variable of a small checkpoint.

    python3 tests/bench/start_up.py BUILD/examples/cairn/cairn --floor BUILD/tests/bench/edit_floor

Each command runs --runs times, in turns with all others, and the least and the median of the milliseconds are printed;
several tools can be compared: NAME=PATH for each. `set` writes the checkpoint anew and waits for the disk (fsync): in
--dir /dev/shm, or another folder in memory, that takes no time. What Python adds to start a program and to wait for
it is in every line, also in that of a program that does nothing.
"""
import argparse
import array
import json
import os
import statistics
import struct
import sys
import tempfile
import time

import reference


def write_safetensors(path):
    """Two dense layers with Adam's moments: 14 tensors, 95,532 bytes."""
    header, data = {}, bytearray()
    for name, dtype, shape in reference.layout("w4"):
        size = reference.byte_count(dtype, shape)
        header[name] = {"dtype": "I64" if dtype == "int64" else "F32", "shape": shape,
                        "data_offsets": [len(data), len(data) + size]}
        data += array.array("f", (0.5 + i for i in range(size // 4))).tobytes()
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def run(command, silent=os.open(os.devnull, os.O_WRONLY)):
    """Milliseconds by the clock and of the processors."""
    begin = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, silent, 1)])
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - begin
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return 1e3 * seconds, 1e3 * (usage.ru_utime + usage.ru_stime)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tools", nargs="+", metavar="[NAME=]TOOL")
    parser.add_argument("--floor", metavar="EDIT_FLOOR", help="tests/bench/edit_floor of the build folder")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--dir", help="where the checkpoints are")
    arguments = parser.parse_args()
    tools = [tool.split("=", 1) if "=" in tool else ["cairn", tool] for tool in arguments.tools]
    tools = [(name, os.path.abspath(path)) for name, path in tools]

    with tempfile.TemporaryDirectory(prefix="cairn-start-", dir=arguments.dir) as folder:
        write_safetensors(folder + "/w4.safetensors")
        prefix, out = folder + "/ckpt", folder + "/edited"
        run([tools[0][1], "convert", folder + "/w4.safetensors", "--to", "tf", "--out", prefix])
        commands = {}
        if arguments.floor:
            floor = os.path.abspath(arguments.floor)
            commands["a program that does nothing"] = [floor]
            commands["floor of an edit"] = [floor, prefix, "31360", "40", out]
            commands["floor of an edit, without fsync"] = [floor, prefix, "31360", "40", out, "--no-sync"]
        for name, tool in tools:
            commands[name + " --version"] = [tool, "--version"]
            commands[name + " ls"] = [tool, "ls", prefix]
            commands[name + " set"] = [tool, "set", prefix, "adam/learning_rate", "0.25", "--out", out, "--quiet"]
        taken = {name: [] for name in commands}
        for _ in range(arguments.runs):
            for name, command in commands.items():
                for file in (".index", ".data-00000-of-00001"):  # as if nothing had been edited before
                    if os.path.exists(out + file):
                        os.remove(out + file)
                taken[name].append(run(command))
    print(f"| {arguments.runs} runs each, ms | least | median | processor, least | median |\n|---|---|---|---|---|")
    for name, times in taken.items():
        wall, processor = ([each[i] for each in times] for i in (0, 1))
        print(f"| {name} | {min(wall):.2f} | {statistics.median(wall):.2f} "
              f"| {min(processor):.2f} | {statistics.median(processor):.2f} |")


main()
