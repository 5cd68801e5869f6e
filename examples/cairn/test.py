#!/usr/bin/env python3
"""Uses the tool `cairn` as people and programs do: every command, its JSON, exit statuses, errors, terminals, the shell.

    test.py CAIRN [--tensorflow PYTHON] [--only WORDS] [--without WORDS]...

The checkpoints are those that lie in the repository, and copies of them. With CAIRN_TEST_DATA set, everything that is
there is listed, verified and shown, too. --tensorflow names a Python that has it, for with_tensorflow.py. --only runs
those tests whose sentence has the words, --without all others. Needs nothing but Python's own modules, bash, and Linux' pseudo terminals.
"""
import argparse
import base64
import fcntl
import hashlib
import json
import os
import pathlib
import pty
import re
import resource
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import counts  # noqa: E402

FROM_PYTHON = ROOT / "examples" / "05_checkpoint_from_python" / "from_python"
V1 = ROOT / "tests" / "checkpoint" / "v1"
KERAS = ROOT / "tests" / "exchange" / "keras"
FORMAT_V1 = ROOT / "tests" / "bundle" / "format_v1"
GOLDEN = ROOT / "tests" / "interop" / "bytes_equal" / "golden"
SHARED = ROOT / "tests" / "interop" / "bytes_equal" / "golden" / "shared"
END = "/.ATTRIBUTES/VARIABLE_VALUE"
DONE, DAMAGED, WRONG_USAGE, FAILED = 0, 1, 2, 3
SECONDS = 120

tests = []


def test(sentence):
    def add(function):
        tests.append((sentence, function))
        return function

    return add


class Tool:
    """Runs CAIRN in a folder of its own, in which `training` is the checkpoint of example 05."""

    def __init__(self, program, folder, tensorflow):
        self.program, self.folder, self.tensorflow = str(program), pathlib.Path(folder), tensorflow
        shutil.copytree(FROM_PYTHON, self.folder / "training")

    def run(self, *words, status=DONE, **options):
        environment = {**os.environ, "LC_ALL": "C.UTF-8", **options.pop("env", {})}
        result = subprocess.run([self.program, *map(str, words)], cwd=self.folder, env=environment, capture_output=True,
                                timeout=SECONDS, **options)
        result.stdout = result.stdout.decode("utf-8")
        result.stderr = result.stderr.decode("utf-8")
        assert result.returncode == status, f"{words}: status {result.returncode}, not {status}\n{result.stdout}{result.stderr}"
        lines = result.stderr.splitlines()
        if status in (WRONG_USAGE, FAILED):
            assert len(lines) == 1 and lines[0].startswith("cairn"), f"{words}: not one sentence: {lines}"
        return result

    def out(self, *words, **options):
        result = self.run(*words, **options)
        assert result.stderr == "", f"{words}: {result.stderr}"
        return result.stdout

    def json(self, *words, **options):
        return json.loads(self.run(*words, "--json", **options).stdout)

    def error(self, *words, status):
        result = self.run(*words, status=status)
        assert result.stdout == "", result.stdout
        return result.stderr

    def values(self, path, key):
        return self.json("cat", path, key)["values"]

    def terminal(self, *words, columns=80, env=None, stdout=True, stderr=True):
        """What appears on a terminal, and the exit status."""
        main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm", **(env or {})}
        if env is None or "NO_COLOR" not in env:
            environment.pop("NO_COLOR", None)
        process = subprocess.Popen([self.program, *map(str, words)], cwd=self.folder, env=environment, stdin=side,
                                   stdout=side if stdout else subprocess.DEVNULL, stderr=side if stderr else subprocess.DEVNULL)
        os.close(side)
        return everything_from(main), process.wait(timeout=SECONDS)


def everything_from(main):
    shown = b""
    try:
        while piece := os.read(main, 65536):
            shown += piece
    except OSError:  # the last one closed it
        pass
    os.close(main)
    return shown.decode("utf-8", "replace").replace("\r\n", "\n")


def same(found, expected):
    assert found == expected, f"found {found!r}\nexpected {expected!r}"


def has(text, *parts):
    for part in parts:
        assert part in text, f"{part!r} is not in {text!r}"


def npy(descr, shape, data):
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + data


def with_hdf5(tool):
    """Whether the tool reads files of Keras; where it does not, it says so."""
    if ", with HDF5 " in tool.out("--version"):
        return True
    has(tool.out("--version"), "without HDF5")
    for command in (["ls"], ["verify"], ["convert", "--to", "tf", "--out", "out/ckpt"]):
        has(tool.error(command[0], KERAS / "model.keras", *command[1:], status=FAILED), "built without the HDF5 library", "libhdf5-dev")
    return False


def managed(tool, count, name="managed", hours=0.5):
    """A directory as a CheckpointManager leaves it: checkpoints `hours` apart."""
    folder = tool.folder / name
    folder.mkdir()
    for number in range(1, count + 1):
        for file in FROM_PYTHON.glob("ckpt-1.*"):
            shutil.copy(file, folder / file.name.replace("ckpt-1", f"ckpt-{number}"))
    paths = "".join(f'all_model_checkpoint_paths: "ckpt-{n}"\n' for n in range(1, count + 1))
    times = "".join(f"all_model_checkpoint_timestamps: {1e9 + n * 3600 * hours}\n" for n in range(1, count + 1))
    (folder / "checkpoint").write_text(f'model_checkpoint_path: "ckpt-{count}"\n{paths}{times}last_preserved_timestamp: 1000000000.0\n')
    return folder


def indexes(folder):
    return sorted(path.name.removesuffix(".index") for path in folder.glob("*.index"))


@test("ls --json is what commands.md promises: key, dtype, shape, bytes, crc32c, and sha256 when it is asked for")
def _(tool):
    listed = tool.json("ls", "training")
    same([each["key"] for each in listed], ["_CHECKPOINTABLE_OBJECT_GRAPH"] + [key + END for key in (
        "labels", "learning_rate", "model/bias", "model/kernel", "save_counter", "step")])
    same(listed[4], {"key": "model/kernel" + END, "dtype": "float32", "shape": [3, 2], "bytes": 24, "crc32c": "ok"})
    listed = {each["key"]: each for each in tool.json("ls", "training", "--sha256")}
    kernel = struct.pack("<6f", 0.5, -1, 2, 0.25, -0.75, 1.5)
    same(listed["model/kernel" + END]["sha256"], hashlib.sha256(kernel).hexdigest())
    labels = b"".join(struct.pack("<Q", len(text)) + text for text in (b"cat", b"dog"))
    same(listed["labels" + END]["sha256"], hashlib.sha256(labels).hexdigest())


@test("ls shows a line for each tensor and the totals")
def _(tool):
    lines = tool.out("ls", "training").splitlines()
    same(lines[4].split(), ["model/kernel" + END, "float32", "[3,", "2]", "24"])
    same(lines[-1], "7 tensors, 606 bytes")
    has(tool.out("ls", "training", "--sha256"), hashlib.sha256(struct.pack("<q", 1200)).hexdigest())


@test("a checkpoint is called by its prefix, its directory, its index, a data file, or as a SavedModel")
def _(tool):
    model = tool.folder / "model"
    (model / "variables").mkdir(parents=True)
    (model / "saved_model.pb").touch()
    for file in FROM_PYTHON.glob("ckpt-1.*"):
        shutil.copy(file, model / "variables" / file.name.replace("ckpt-1", "variables"))
    expected = tool.out("ls", "training")
    for path in ("training/", "training/ckpt-1", "training/ckpt-1.index", "training/ckpt-1.data-00000-of-00001", "model"):
        same(tool.out("ls", path), expected)
    has(tool.error("ls", "model/saved_model.pb", status=FAILED), "is the graph of a SavedModel; give its directory")
    has(tool.error("ls", "training/ckpt-2", status=FAILED), 'there is no checkpoint "training/ckpt-2"')
    has(tool.error("ls", "training/ckpt-2.index", status=FAILED), 'there is no checkpoint "training/ckpt-2"')
    (model / "variables" / "variables.index").rename(model / "one.index")
    (model / "saved_model.pb").unlink()
    has(tool.error("ls", "model", status=FAILED), "give one by its path: model/one")
    has(tool.error("ls", "gs://bucket/ckpt-1", status=FAILED), "only files of this machine")
    (tool.folder / "empty").mkdir()
    has(tool.error("ls", "empty", status=FAILED), "has no checkpoint that a file `checkpoint` names")


@test("files of Keras are listed in Keras' order, shown, verified, compared and converted; what changes checkpoints says how to make one")
def _(tool):
    for command in (["set", "a", "1", "--out", "new"], ["edit", "--erase", "*", "--out", "new"], ["average", KERAS / "model.h5", "--out", "new"], ["merge", KERAS / "model.h5", "--out", "new"],
                    ["prune", "--max-to-keep", "1"], ["repair"], ["ls", "--cpp", "model"]):
        said = tool.error(command[0], KERAS / "model.keras", *command[1:], status=FAILED)
        has(said, "is a file of Keras", f"cairn convert {KERAS / 'model.keras'} --to tf")
    if not with_hdf5(tool):
        return
    for name in ("model.keras", "model.weights.h5"):
        listed = tool.json("ls", KERAS / name, "--sha256")
        same([each["key"] for each in listed][4:9], ["layers.dense.vars.0", "layers.dense.vars.1", "layers.dense_1.vars.0", "layers.dense_1.vars.1",
                                                    "layers.lstm.cell.vars.0"])
        same({each["crc32c"] for each in listed}, {"none"})
        same(listed[5], {"key": "layers.dense.vars.1", "dtype": "float32", "shape": [3], "bytes": 12, "crc32c": "none",
                         "sha256": hashlib.sha256(struct.pack("<3f", 4, 4.125, 4.25)).hexdigest()})
        has(tool.out("ls", KERAS / name), "layers.dense.vars.1                float32  [3]     12\n", "13 tensors, 288 bytes\n")
        same(tool.out("cat", KERAS / name, "layers/dense/vars/1"), "[4 4.125 4.25]\n")
        has(tool.error("cat", KERAS / name, "layers.dense.vars.7", status=FAILED), "did you mean layers.dense")
        has(tool.out("verify", KERAS / name), "whole, 13 tensors, 288 bytes")
        has(tool.out("tree", KERAS / name), "├── 0  float32 [2, 3]\n", "optimizer")
    has(tool.out("ls", KERAS / "model.h5").splitlines()[0], "model_weights.lstm.model.lstm.lstm_cell.kernel ")
    same(tool.out("diff", KERAS / "model.keras", KERAS / "model.weights.h5"), "14 tensors are the same\n")
    tool.out("convert", KERAS / "model.keras", "--to", "tf", "--out", "imported/ckpt")
    same(tool.out("diff", KERAS / "model.keras", "imported/ckpt"), "14 tensors are the same\n")
    said = tool.out("convert", "imported/ckpt", "--to", "weights.h5", "--like", KERAS / "model.keras", "--out", "again.weights.h5")
    has(said, "layers/lstm/cell  from  layers.lstm.cell\n")
    weights = [{name: each[name] for name in ("key", "shape", "sha256")} for each in tool.json("ls", KERAS / "model.keras", "--sha256") if each["key"].startswith("layers")]
    same([{name: each[name] for name in ("key", "shape", "sha256")} for each in tool.json("ls", "again.weights.h5", "--sha256")], weights)
    has(tool.error("convert", "imported/ckpt", "--to", "weights.h5", "--like", ROOT / "examples" / "22_from_a_keras_file" / "model.keras", "--out",
                   "other.weights.h5", status=FAILED), "has no layer for layers/dense of ", "what it has beside: layers.")
    has(tool.error("convert", "imported/ckpt", "--to", "weights.h5", "--like", KERAS / "tf_keras_weights.h5", "--out", "other.weights.h5", status=FAILED),
        "has no layers as Keras 3 writes them")
    has(tool.error("convert", "imported/ckpt", "--to", "weights.h5", "--out", "other.weights.h5", status=WRONG_USAGE), "--like FILE go together")
    has(tool.error("convert", "imported/ckpt", "--to", "weights.h5", "--like", KERAS / "model.keras", "--out", "other.h5", status=WRONG_USAGE), "does not end with .weights.h5")
    tool.out("set", "imported/ckpt", "layers.dense.vars.1", "[4, 4.125, 5]", "--out", "imported/ckpt", "--quiet")
    has(tool.run("diff", "imported/ckpt", KERAS / "model.weights.h5", status=DAMAGED).stdout, "layers/dense/vars/1", "1 of 3 elements, by 0.75 at most")
    for to in ("safetensors", "npz"):
        tool.out("convert", KERAS / "tf_keras_weights.h5", "--to", to, "--out", f"model.{to}")
        tool.out("convert", f"model.{to}", "--to", "tf", "--out", to, "--quiet")
    same(tool.out("diff", "safetensors", "npz"), "9 tensors are the same\n")
    same(tool.values("npz", "dense.dense.bias:0"), [1, 1.125, 1.25])
    tool.out("graph", KERAS / "model.keras", "--out", "model.html", "--quiet")
    has((tool.folder / "model.html").read_text(), "batch_normalization")
    cut = (KERAS / "model.weights.h5").read_bytes()
    (tool.folder / "cut.weights.h5").write_bytes(cut[:len(cut) // 2])
    has(tool.run("verify", "cut.weights.h5", status=DAMAGED).stdout, "damaged, 1 problem")
    has(tool.run("ls", "cut.weights.h5", status=DAMAGED).stderr, "it was cut, is damaged, or is something else")
    for ending in ("keras", "h5", "weights.h5"):
        has(tool.error("ls", f"none.{ending}", status=FAILED), f'cannot open "none.{ending}"')
        has(tool.error("set", f"none.{ending}", "a", "1", "--out", "new", status=FAILED), f'cannot open "none.{ending}"')
        for text, sentence in ("", "is empty"), ("some text", "is no file of Keras: it begins neither as"):
            (tool.folder / f"no.{ending}").write_text(text)
            for command in (["ls"], ["cat", "a"], ["struct"], ["convert", "--to", "tf", "--out", "no/ckpt"]):
                has(tool.run(command[0], f"no.{ending}", *command[1:], status=DAMAGED).stderr, f'"no.{ending}" {sentence}')
    tool.out("convert", KERAS / "model.keras", "--to", "tf", "--out", "called.h5", "--quiet")
    has(tool.out("ls", "called.h5"), "layers/dense/vars/0")
    deadly = bytearray((KERAS / "model.h5").read_bytes())
    deadly[6941] = 255
    (tool.folder / "deadly.h5").write_bytes(deadly)
    if sys.platform == "linux" and "wine" not in pathlib.Path(tool.program).read_bytes()[:200].decode(errors="replace"):
        has(tool.run("verify", "deadly.h5", status=DAMAGED).stdout + tool.run("ls", "deadly.h5", status=DAMAGED).stderr, "does not survive reading")
    has(tool.out("__complete", f"cairn cat {KERAS}/model.k"), "model.keras")
    same(tool.out("__complete", f"cairn cat {KERAS}/model.keras layers.ls").splitlines(), [f"layers.lstm.cell.vars.{i}" for i in range(3)])


@test("cairn struct prints a model of Keras as its layers, which compile, and weights alone as structs")
def _(tool):
    if not with_hdf5(tool):
        return
    layers = "".join(f"    cairn::keras::{layer}" for layer in
                     ("Input<5, 2>,\n", "LSTM<2, 2>,\n", "Dense<2, 3>,\n", "BatchNormalization<3>,\n", "Dense<3, 2>>;\n"))
    printed = tool.out("struct", KERAS / "model.keras")
    has(printed, f"namespace saved {{\n\nusing Model = cairn::keras::Sequential<\n{layers}\n}}", "cairn::keras::load_weights(model, ")
    has(tool.out("struct", KERAS / "tf_keras.h5", "--name", "Net"), "using Net = cairn::keras::Sequential<", "Input<4>", "Dense<3, 2>>;")
    has(tool.out("struct", KERAS / "model.weights.h5"), "struct State {")
    has(tool.error("struct", KERAS / "model.keras", "--name", "1", status=WRONG_USAGE), "is no name for a struct")
    if shutil.which("g++") and sys.platform == "linux":
        (tool.folder / "model.hpp").write_text(printed)
        (tool.folder / "model.cpp").write_text('#include "model.hpp"\nauto call(const saved::Model& model, const cairn::Tensor<float, 3, 5, 2>& x) { return model(x); }\n')
        subprocess.run(["g++", "-std=c++20", "-fsyntax-only", f"-I{ROOT / 'include'}", "model.cpp"], cwd=tool.folder, check=True, timeout=SECONDS)


@test("what cairn struct prints of a model that it knows in part loads that part, by the renames that it prints")
def _(tool):
    if not with_hdf5(tool):
        return
    calls = []
    for name, path in ("partly.keras", "layers.dense"), ("partly.h5", ""):
        printed = tool.out("struct", KERAS / name)
        before, output = (path, path + "_2") if path else ("optimizer", "output")
        has(printed, f'{{.rename = {{{{"{before}", "optimizer"}},\n//                  {{"{output}", "output"}}}}}}).assert_existing_objects_matched();\n',
            '//   Dense "unknown": cairn has no activation "mish"\n', "  cairn::keras::Dense<2, 2> optimizer;\n  // Dense", "  cairn::keras::Dense<2, 2> output;\n")
        calls += ["{"] + [line[5:] for line in printed.splitlines() if line.startswith("//   ") and "unknown" not in line]
        calls += ["if (model.optimizer.kernel(0, 1) != 0.125f || model.output.kernel(0, 1) != 4.125f || model.output.bias(1) != 5.125f) return 1; }"]
    (tool.folder / "partly.hpp").write_text(printed)
    (tool.folder / "partly.cpp").write_text("\n".join(['#include "partly.hpp"', "#include <cairn/exchange/hdf5.hpp>", "int main() {", *calls, "}"]))
    hdf5 = shutil.which("pkg-config") and subprocess.run(["pkg-config", "--cflags", "--libs", "hdf5-serial"], capture_output=True, text=True)
    if shutil.which("g++") and sys.platform == "linux" and hdf5 and hdf5.returncode == 0:
        subprocess.run(["g++", "-std=c++20", f"-I{ROOT / 'include'}", "partly.cpp", *hdf5.stdout.split(), "-pthread", "-o", "partly"], cwd=tool.folder, check=True, timeout=SECONDS)
        subprocess.run(["./partly"], cwd=tool.folder, check=True, timeout=SECONDS)


@test("cairn struct says in a sentence what a hostile configuration is, and prints what it can of one that is odd")
def _(tool):
    if not with_hdf5(tool):
        return
    weights = zipfile.ZipFile(KERAS / "model.keras").read("model.weights.h5")

    def struct_of(config, status=DONE):
        with zipfile.ZipFile(tool.folder / "made.keras", "w") as file:
            file.writestr("metadata.json", "{}")
            file.writestr("config.json", config if isinstance(config, str) else json.dumps(config))
            file.writestr("model.weights.h5", weights)
        return tool.run("struct", "made.keras", status=status)

    def sequential(*layers, kind="Sequential", **more):
        return {"class_name": kind, "config": {"name": "m", "layers": list(layers), **more}}

    def layer(kind, **config):
        return {"class_name": kind, "config": config}

    first = layer("InputLayer", batch_shape=[None, 3])
    for config in ("{", "[" * 100_000, '{"a":' * 100_000, '{"class_name": "x"} y', "\x00", "{\"config\": 1e999999}"):
        has(struct_of(config, status=DAMAGED).stderr, "is no JSON from byte")
    for config in ("1", "[]", "null", '"text"', {"class_name": "Own", "config": {}}, {"class_name": ["x"], "config": {"layers": {"a": 1}}}):
        has(struct_of(config, status=FAILED).stderr, "tells no layers")
    for units in (-1, 0, 1e300, 2**40, "many", [3], None, True, 1.5):
        has(struct_of(sequential(first, layer("Dense", units=units))).stdout, "its units is not told")
    for odd in (1, "text", None, [], {"class_name": 7, "config": 7}, layer("Dense"), layer("Conv2D", filters=1, kernel_size=[0, -1]), layer("Dropout", rate="x"),
                layer("Flatten", name="*/ } int main() {"), layer("Flatten", name="a\nb\\"), layer("Embedding", input_dim=1e9, output_dim=1e9)):
        has(struct_of(sequential(first, odd)).stdout, "#pragma once")
    named = struct_of(sequential(first, layer("Own", name="x\n#error \\"), layer("Dense", units=2, name="class"), layer("Dense", units=2, name="class"))).stdout
    assert "\n#error" not in named, named
    deep = layer("Dense", units=3)
    for _ in range(60):
        deep = sequential(deep)
    has(struct_of(sequential(first, deep)).stdout, "models lie in each other too deep")
    nodes = [{"args": [{"config": {"keras_history": [name, 0, 0]}}]} for name in ("a", "b")]
    cycle = struct_of(sequential({"name": "a", "inbound_nodes": nodes[1:], **layer("Dense", units=3, name="a")},
                                 {"name": "b", "inbound_nodes": nodes[:1], **layer("Dense", units=3, name="b")}, kind="Functional")).stdout
    has(cycle, "do not form one chain")


@test("cairn verify compares the checksums of all that is in a .keras file")
def _(tool):
    if not with_hdf5(tool):
        return
    sound = (KERAS / "model.keras").read_bytes()
    with zipfile.ZipFile(KERAS / "model.keras") as file:
        members = {each.filename: each for each in file.infolist()}
    for name in ("metadata.json", "config.json", "model.weights.h5"):
        at = members[name].header_offset + 30 + len(name) + 10
        (tool.folder / "flipped.keras").write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1:])
        has(tool.run("verify", "flipped.keras", status=DAMAGED).stdout, "damaged, 1 problem", f'the bytes of "{name}" do not have their checksum')


@test("a file of Keras that says to have longer texts than it has costs no memory")
def _(tool):
    if not with_hdf5(tool) or sys.platform != "linux" or "wine" in pathlib.Path(tool.program).read_bytes()[:200].decode(errors="replace"):
        return
    sound = (KERAS / "model.h5").read_bytes()
    for name in (b"model_config\0", b"layer_names\0"):
        at = sound.index(name)
        at = next(i for i in range(at, at + 200) if (place := struct.unpack_from("<Q", sound, i + 4)[0]) < len(sound) and place and sound[place:place + 4] == b"GCOL")
        (tool.folder / "long.h5").write_bytes(sound[:at] + struct.pack("<I", 0x7fffffff) + sound[at + 4:])
        process = subprocess.Popen([tool.program, "struct", "long.h5"], cwd=tool.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = process.stderr.read().decode()
        process.stderr.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        same(process.returncode, DAMAGED)
        has(said, "is damaged, or was made to deceive: the attribute")
        same(len(said.splitlines()), 1)
        has(tool.run("verify", "long.h5", status=DAMAGED).stdout, "damaged, 1 problem")
        assert used.ru_maxrss < 500_000, f"{used.ru_maxrss} KB for a file of {len(sound)} bytes"


@test("checkpoints of TensorFlow's old format V1 are listed, read, verified, compared and written anew, not in place")
def _(tool):
    for file in FORMAT_V1.iterdir():
        if file.suffix != ".py":
            shutil.copy(file, tool.folder / file.name)
    same([each["key"] for each in tool.json("ls", "split")], ["w"])
    same(tool.out("cat", "split-00000-of-00002", "w"), "[[0 1]\n [2 3]\n [4 5]\n [6 7]\n [8 9]]\n")
    has(tool.out("ls", "all"), "18 tensors")
    has(tool.out("verify", "all", "parts"), "all: whole, 18 tensors")
    (tool.folder / "checkpoint").write_text('model_checkpoint_path: "all"\n')
    same(tool.out("ls", "."), tool.out("ls", "all"))
    has(tool.out("tree", "parts"), "net")
    for out in ("all", "./all"):
        has(tool.error("edit", "all", "--erase", "qint8", "--out", out, status=FAILED), "format V1, which is read and not written")
    tool.out("edit", "all", "--rename", "bool=flags", "--out", "new/ckpt")
    has(tool.out("diff", "all", "new/ckpt", status=DAMAGED), "flags")
    tool.out("convert", "split", "--to", "npz", "--out", "split.npz")
    has(tool.out("ls", "all", "--cpp", "all_v1"), "all_v1_checkpoint")
    tool.out("graph", "parts", "--out", "parts.html")
    damaged = bytearray((tool.folder / "all").read_bytes())
    damaged[600] ^= 1
    (tool.folder / "bad").write_bytes(damaged)
    has(tool.out("verify", "bad", status=DAMAGED), "checksum")


@test("cat prints values as NumPy does, shortened unless --full, and all of them in JSON")
def _(tool):
    same(tool.out("cat", "training", "model.kernel"), "[[0.5 -1]\n [2 0.25]\n [-0.75 1.5]]\n")
    same(tool.out("cat", "training", "model/kernel"), tool.out("cat", "training", "model/kernel" + END))
    same(tool.out("cat", "training", "labels"), '["cat" "dog"]\n')
    same(tool.out("cat", "training", "step"), "1200\n")
    same(tool.json("cat", "training", "model.kernel"),
         {"key": "model/kernel" + END, "dtype": "float32", "shape": [3, 2], "values": [[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]]})
    long = next((ROOT / "examples" / "07_trained_in_python" / "trained").glob("*.index"))
    keys = {each["key"]: each["shape"] for each in tool.json("ls", long)}
    key, shape = max(keys.items(), key=lambda item: len(item[1]) and item[1][0] * (item[1] + [1])[1])
    values = tool.values(long, key)
    flat = [str(value) for value in re.findall(r"[-\d.e+]+", tool.out("cat", long, key, "--full"))]
    same(len(flat), len([number for row in values for number in (row if isinstance(row, list) else [row])]))
    has(tool.error("cat", "training", "model.kernle", status=FAILED), 'the nearest name in it is "model.kernel"')
    has(tool.error("cat", "training", "model", status=FAILED), 'it is an object with the values "model.kernel", "model.bias"')
    has(tool.error("cat", "training", "x", status=FAILED), "no name in it is near")


@test("a hundred thousand tensors are listed, verified and compared in the memory of a few")
def _(tool):
    names = [f"layer_{i:05}/{name}" for i in range(50_000) for name in ("bias", "kernel")]
    header = {name: {"dtype": "F32", "shape": [1], "data_offsets": [4 * i, 4 * i + 4]} for i, name in enumerate(names)}
    text = json.dumps(header).encode()
    numbers = struct.pack(f"<{len(names)}f", *range(len(names)))
    (tool.folder / "many.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + numbers)
    tool.run("convert", "many.safetensors", "--to", "tf", "--keys", "--out", "many")

    def few():
        resource.setrlimit(resource.RLIMIT_DATA, (24 << 20, 24 << 20))

    for words in (("ls", "many"), ("verify", "many"), ("diff", "many", "many")):
        has(tool.out(*words, preexec_fn=few).splitlines()[-1], "100,000 tensors")
    lines = tool.out("ls", "many", "--sha256", preexec_fn=few).splitlines()
    has(lines[49_999], "layer_24999/kernel", hashlib.sha256(struct.pack("<f", 49_999)).hexdigest())
    lines = tool.out("tree", "many", preexec_fn=few).splitlines()
    same((len(lines), lines[-3:]), (150_001, ["└── layer_49999", "    ├── bias  float32 [1]", "    └── kernel  float32 [1]"]))
    tool.run("convert", "many", "--to", "safetensors", "--keys", "--out", "again.safetensors", preexec_fn=few)
    same((tool.folder / "again.safetensors").read_bytes()[-len(numbers) - 100:].count(numbers), 1)
    tool.run("convert", "many.safetensors", "--to", "tf", "--out", "objects")
    lines = tool.out("tree", "objects", preexec_fn=few).splitlines()
    same((len(lines), lines[-2:]), (150_001, ["    ├── bias  float32 [1]", "    └── kernel  float32 [1]"]))
    nodes = json.loads(tool.out("tree", "objects", "--json", preexec_fn=few))
    same((len(nodes), nodes[-1]["path"]), (150_001, "layer_49999.kernel"))


@test("the mean of tensors that are larger than the memory is written")
def _(tool):
    text = json.dumps({"w": {"dtype": "F32", "shape": [8 << 20], "data_offsets": [0, 32 << 20]}}).encode()
    for name, number in (("a", 1.0), ("b", 4.0)):
        with open(tool.folder / f"{name}.safetensors", "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text + struct.pack("<f", number) * (8 << 20))
        tool.run("convert", f"{name}.safetensors", "--to", "tf", "--out", name)
    tool.out("average", "a", "b", "--out", "mean", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (24 << 20, 24 << 20)))
    tool.run("convert", "mean", "--to", "npz", "--out", "mean.npz")
    with zipfile.ZipFile(tool.folder / "mean.npz") as file:
        same(file.read("w.npy")[-(32 << 20):], struct.pack("<f", 2.5) * (8 << 20))


@test("tree shows the object graph, shared objects once and cycles by reference")
def _(tool):
    same(tool.out("tree", "training").splitlines()[:5], ["training/ckpt-1", "├── labels  string [2]", "├── learning_rate  float32 []",
                                                         "├── model", "│   ├── kernel  float32 [3, 2]"])
    has(tool.run("tree", "training", env={"LC_ALL": "C"}).stdout, "|-- model\n|   |-- kernel")
    has(tool.out("tree", "training", "--depth", "1"), "model ...\n")
    shared = tool.out("tree", SHARED)
    has(shared, " -> ")
    nodes = tool.json("tree", "training")
    same(nodes[0]["path"], "")
    by_name = {child["name"]: child["id"] for child in nodes[0]["children"]}
    same(nodes[by_name["step"]]["attributes"], [{"name": "VARIABLE_VALUE", "full_name": "step", "key": "step" + END, "dtype": "int64", "shape": []}])


@test("a checkpoint of TensorFlow 1 is a tree of its names, and can be edited by them")
def _(tool):
    prefix = V1 / "saver"
    same(tool.json("tree", prefix), [])
    keys = [each["key"] for each in tool.json("ls", prefix)]
    for key in keys:
        has(tool.out("tree", prefix), key.split("/")[-1])
    names = ["a", "a-b", "a/x", "a/x/y", "b//c", "b/d/e/f", "b/d/e/g", "b/h", "c/", "c/z"]
    header = {name: {"dtype": "U8", "shape": [], "data_offsets": [i, i + 1]} for i, name in enumerate(names)}
    text = json.dumps(header).encode()
    (tool.folder / "names.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + bytes(len(names)))
    tool.run("convert", "names.safetensors", "--to", "tf", "--keys", "--out", "names")
    same(tool.out("tree", "names").splitlines()[1:],
         ["├── a  uint8 []", "├── a-b  uint8 []", "├── a", "│   └── x  uint8 []", "│       └── y  uint8 []", "├── b", "│   ├── ", "│   │   └── c  uint8 []",
          "│   ├── d", "│   │   └── e", "│   │       ├── f  uint8 []", "│   │       └── g  uint8 []", "│   └── h  uint8 []", "└── c", "    ├──   uint8 []",
          "    └── z  uint8 []"])
    same(tool.out("tree", "names", "--depth", "2").splitlines()[3:],
         ["├── a", "│   └── x  uint8 [] ...", "├── b", "│   ├──  ...", "│   ├── d ...", "│   └── h  uint8 []", "└── c", "    ├──   uint8 []", "    └── z  uint8 []"])
    tool.run("edit", prefix, "--rename", f"{keys[0]}=elsewhere/it", "--out", "new/ckpt")
    same(sorted(each["key"] for each in tool.json("ls", "new/ckpt")), sorted(["elsewhere/it"] + keys[1:]))


@test("diff says what is only in one, of another type, and how far apart; its status is 1 when anything differs")
def _(tool):
    same(tool.out("diff", "training", "training/ckpt-1"), "7 tensors are the same\n")
    tool.run("edit", "training", "--erase", "labels", "--cast", "model.bias=float64", "--copy", "training:step=other", "--out", "b/ckpt")
    tool.run("set", "b/ckpt", "step", "1300", "--out", "b/ckpt")
    tool.run("set", "b/ckpt", "model.kernel", "[[0.5, -1], [2, 0.25], [-0.75, 2.5]]", "--out", "b/ckpt")
    found = tool.json("diff", "training", "b/ckpt", status=DAMAGED)
    same((found["only_in_a"], found["only_in_b"], found["same"]), (["labels" + END], ["other" + END], 2))
    same(found["other_type"], [{"key": "model/bias" + END, "a": "float32 [2]", "b": "float64 [2]"}])
    changed = {each["key"]: each for each in found["changed"]}
    same(changed["model/kernel" + END], {"key": "model/kernel" + END, "dtype": "float32", "shape": [3, 2], "elements": 1,
                                         "largest_difference": 1.0, "mean_difference": 1 / 6})
    has(tool.run("diff", "training", "b/ckpt", status=DAMAGED).stdout, "step" + END + "  int64 []: 1 of 1 element, by 100 at most")
    tool.run("set", "training", "learning_rate", "0.0101", "--out", "near/ckpt")
    same(len(tool.json("diff", "training", "near/ckpt", status=DAMAGED)["changed"]), 1)
    same(tool.json("diff", "training", "near/ckpt", "--tolerance", "1e-3")["changed"], [])
    has(tool.error("diff", "training", "near/ckpt", "--tolerance", "-1", status=WRONG_USAGE), "at least 0")
    same(tool.json("diff", "training", "near/ckpt", "--relative", "0.02")["changed"], [])
    same(len(tool.json("diff", "training", "near/ckpt", "--relative", "0.001", status=DAMAGED)["changed"]), 1)
    has(tool.error("diff", "training", "near/ckpt", "--relative", "nan", status=WRONG_USAGE), "at least 0")


@test("diff compares across dtypes and with a rename where that is asked for")
def _(tool):
    tool.run("edit", "training", "--rename", "model=net.body", "--cast", "*=float16", "--out", "b/ckpt")
    compared = ["diff", "training", "b/ckpt", "--across-dtypes", "--rename", "model=net.body"]
    found = tool.json(*compared, status=DAMAGED)
    same([(each["key"], each["dtype"], each["other_dtype"]) for each in found["changed"]], [("learning_rate" + END, "float32", "float16")])
    same(tool.out(*compared, "--relative", "1e-3"), "7 tensors are the same\n")
    has(tool.run(*compared, status=DAMAGED).stdout, "float32 in A, float16 in B []")
    has(tool.error("diff", "training", "b/ckpt", "--rename", "modle=net", status=FAILED), "model")


@test("set takes numbers, lists, texts, bools, NaN and infinity, and keeps dtype and shape")
def _(tool):
    def value_after(key, literal):
        tool.run("set", "training", key, literal, "--out", "new/ckpt")
        return tool.values("new/ckpt", key)

    same(value_after("step", "-7"), -7)
    same(value_after("step", "9223372036854775807"), 2**63 - 1)
    same(value_after("learning_rate", "nan"), "NaN")
    same(value_after("learning_rate", "-inf"), "-Infinity")
    same(value_after("learning_rate", "+1e-3"), 0.001)
    same(value_after("model.bias", "[1, -.5]"), [1.0, -0.5])
    same(value_after("model.kernel", "[[1,2],[3,4],[5,6]]"), [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    same(value_after("model.kernel", "0"), [[0.0, 0.0]] * 3)
    same(value_after("labels", r'["a, \"b\"]", "\n\x41é"]'), ['a, "b"]', "\nAé"])
    same(value_after("labels", "the same"), ["the same", "the same"])
    tool.run("set", "training", "step", "1", "--out", "bool/ckpt")
    tool.run("edit", "bool/ckpt", "--cast", "step=bool", "--out", "bool/ckpt")
    tool.run("set", "bool/ckpt", "step", "false", "--out", "bool/ckpt")
    same(tool.values("bool/ckpt", "step"), False)
    tool.run("edit", "training", "--cast", "learning_rate=complex64", "--out", "complex/ckpt")
    tool.run("set", "complex/ckpt", "learning_rate", "1-2.5j", "--out", "complex/ckpt")
    same(tool.values("complex/ckpt", "learning_rate"), [1.0, -2.5])
    for key, literal, status, words in [
            ("step", "1.5", FAILED, "no int64 can hold"), ("step", "1e30", FAILED, "no int64 can hold"),
            ("step", "[1]", WRONG_USAGE, "has shape [1]"), ("step", "1,", WRONG_USAGE, "cannot be understood"),
            ("model.kernel", "[[1,2],[3]]", WRONG_USAGE, "not of one shape"), ("model.kernel", "[[[]]]", WRONG_USAGE, "has shape"),
            ("model.kernel", "[" * 10000, WRONG_USAGE, "nested too deeply"), ("model.kernel", "[1, [2]]", WRONG_USAGE, "not of one shape"),
            ("learning_rate", "fast", WRONG_USAGE, "is float32"), ("learning_rate", "1e400", WRONG_USAGE, "float32"),
            ("learning_rate", '"0.5"', WRONG_USAGE, "is float32"), ("labels", "[1, 2]", WRONG_USAGE, "quotation marks"),
            ("labels", '["a', WRONG_USAGE, "no end"), ("nothing", "1", FAILED, "--add")]:
        has(tool.error("set", "training", key, literal, "--out", "never/ckpt", status=status), words)
    assert not (tool.folder / "never").exists()


@test("set gives a tensor another shape or dtype, or adds one, where that is said, and nothing by accident")
def _(tool):
    (tool.folder / "kernel.npy").write_bytes(npy("<f8", (4, 2), struct.pack("<8d", *range(8))))
    before = {each["key"]: each for each in tool.json("ls", "training")}
    for value in ["[[1, 2], [3, 4], [5, 6], [7, 8]]", "@kernel.npy"]:
        status = FAILED if value.startswith("@") else WRONG_USAGE
        has(tool.error("set", "training", "model.kernel", value, "--out", "new/ckpt", status=status), "has shape [4, 2]", "--reshape")
        tool.run("set", "training", "model.kernel", value, "--reshape", "--out", "new/ckpt")
        after = {each["key"]: each for each in tool.json("ls", "new/ckpt")}
        changed = [key for key in after if after[key] != before[key]]
        same([(key, after[key]["dtype"], after[key]["shape"]) for key in changed], [("model/kernel" + END, "float32", [4, 2])])
    same(tool.values("new/ckpt", "model.kernel")[3], [6.0, 7.0])
    tool.run("set", "training", "model.bias", "3", "--reshape", "--dtype", "int32", "--out", "new/ckpt")
    same(tool.json("cat", "new/ckpt", "model.bias"), {"key": "model/bias" + END, "dtype": "int32", "shape": [], "values": 3})
    has(tool.error("set", "training", "model.bias", "1.5", "--dtype", "int32", "--out", "x/ckpt", status=FAILED), "no int32 can hold")

    has(tool.error("set", "training", "model.scale", "0", "--out", "x/ckpt", status=FAILED), "model.scale", "--add")
    for literal, dtype, shape in [("0", "int64", []), ("0.5", "float32", []), ("[true, false]", "bool", [2]), ('"text"', "string", []),
                                  ("[[1], [2.5]]", "float32", [2, 1]), ("18446744073709551615", "uint64", []), ("1j", "complex64", []),
                                  ("[]", "float32", [0]), ("@kernel.npy", "float64", [4, 2])]:
        tool.run("set", "training", "model.extra.scale", literal, "--add", "--out", "new/ckpt")
        found = tool.json("cat", "new/ckpt", "model.extra.scale")
        same((found["key"], found["dtype"], found["shape"]), ("model/extra/scale" + END, dtype, shape))
        tool.out("verify", "new/ckpt")
    tool.run("set", "training", "model.scale", "7", "--add", "--dtype", "bfloat16", "--out", "new/ckpt")
    same(tool.json("cat", "new/ckpt", "model.scale")["dtype"], "bfloat16")
    tool.run("set", V1 / "saver", "epoch/number", "7", "--add", "--out", "new/ckpt")
    same(tool.json("cat", "new/ckpt", "epoch/number")["key"], "epoch/number")
    has(tool.error("set", "training", "model.bias", "0", "--add", "--out", "x/ckpt", status=FAILED), "already")
    has(tool.error("set", "training", "note", "hello", "--add", "--out", "x/ckpt", status=WRONG_USAGE), "quotation marks")
    has(tool.error("set", "training", "note", "1", "--add", "--reshape", "--out", "x/ckpt", status=WRONG_USAGE), "give one")
    has(tool.error("set", "training", "note", "1000", "--add", "--dtype", "int8", "--out", "x/ckpt", status=FAILED), "no int8 can hold")
    assert not (tool.folder / "x").exists()


@test("edit sets, reshapes and adds in the order of its options, and casts to the nearest number where that is asked for")
def _(tool):
    tool.run("edit", "training", "--add", "global_step=300", "--set", "model.bias=[1, -1e9]", "--reshape", "model.kernel=[9]",
             "--erase", "labels", "--add", 'labels="a=b"', "--out", "new/ckpt")
    listed = {each["key"].removesuffix(END): (each["dtype"], each["shape"]) for each in tool.json("ls", "new/ckpt")}
    same((listed["global_step"], listed["model/kernel"], listed["labels"]), (("int64", []), ("float32", [1]), ("string", [])))
    same(tool.values("new/ckpt", "labels"), "a=b")
    cast = ["edit", "new/ckpt", "--cast", "global_step=int8", "--cast", "model.bias=float16", "--out", "cast/ckpt"]
    has(tool.error(*cast, status=FAILED), "300", "no int8 can hold")
    tool.run(*cast, "--saturate")
    same((tool.values("cast/ckpt", "global_step"), tool.values("cast/ckpt", "model.bias")), (127, [1.0, -65504.0]))
    has(tool.error("edit", "training", "--set", "model.bias", "--out", "x/ckpt", status=WRONG_USAGE), "KEY=VALUE")


@test("edit does several edits in the order of its options, and a dry run only tells them")
def _(tool):
    edits = ["--rename", "model=net", "--copy", "training/ckpt-1:step=net.step", "--erase", "net.b*", "--cast", "*=bfloat16"]
    told = tool.json("edit", "training", *edits, "--dry-run")
    same(told["out"], None)
    same(tool.out("edit", "training", *edits, "--dry-run").splitlines()[-1], "nothing was written")
    written = tool.json("edit", "training", *edits, "--out", "new/ckpt")
    same(written, {**told, "out": "new/ckpt"})
    same({each["edit"] for each in told["changes"]}, {"erase", "rename", "add", "change"})
    same({each["key"].removesuffix(END): each["dtype"] for each in tool.json("ls", "new/ckpt")[1:]},
         {"labels": "string", "learning_rate": "bfloat16", "net/kernel": "bfloat16", "net/step": "int64", "save_counter": "int64", "step": "int64"})
    tool.out("verify", "new/ckpt")
    has(tool.error("edit", "training", "--rename", "step=model", "--out", "x/y", status=FAILED), "model")
    for words, sentence in [(["--rename", "model"], "wants OLD=NEW"), (["--cast", "step=flaot32"], "the nearest name is float32"),
                            (["--copy", "training=x"], "OTHER:KEY=KEY"), ([], "nothing to do"), (["--erase", "step"], "--out NEW is missing")]:
        out = [] if "missing" in sentence else ["--out", "x/y"]
        has(tool.error("edit", "training", *words, *out, status=WRONG_USAGE), sentence)
    has(tool.error("edit", "training", "--erase", "model.q*", "--out", "x/y", status=FAILED), "nothing of the name")
    assert not (tool.folder / "x").exists()


def left(tool, path, *edits):
    """The keys that edits leave, of a result that is whole."""
    tool.run("edit", path, *edits, "--out", "left/ckpt")
    tool.out("verify", "left/ckpt")
    return [each["key"] for each in tool.json("ls", "left/ckpt") if each["key"] != "_CHECKPOINTABLE_OBJECT_GRAPH"]


@test("a glob is a shell's: * is any text, also none, ? one character, [ab] one of these; keys, paths and slot variables fit")
def _(tool):
    slots = V1 / "slots-1"
    others = ["opt/beta1_power" + END, "opt/beta2_power" + END, "save_counter" + END, "w" + END]
    for glob in ["opt.[mv].*", "*.OPTIMIZER_SLOT*", "*/.OPTIMIZER_SLOT/opt/?/*", "opt/?/w"]:
        same(left(tool, slots, "--erase", glob), others)
    same(left(tool, slots, "--erase", "*opt*"), others[2:])
    same(left(tool, slots, "--erase", "w*"), others[:3])
    same(left(tool, slots, "--erase", "*VARIABLE_VALUE"), [])
    same(tool.out("cat", slots, "opt.m.w"), tool.out("cat", slots, "w/.OPTIMIZER_SLOT/opt/m" + END))
    has(tool.out("edit", slots, "--cast", "*=float16", "--rename", "opt.m.*=opt.mean.*", "--dry-run"),
        "change  w/.OPTIMIZER_SLOT/opt/v" + END, "--cast *=float16 took 5 tensors\n", "--rename opt.m.*=opt.mean.* took 1 tensor\n")
    has(tool.error("edit", slots, "--erase", "w?", "--dry-run", status=FAILED), "nothing of the name")
    has(tool.error("edit", slots, "--rename", "w=a*", "--dry-run", status=FAILED), 'has more "*"')


@test("in a checkpoint of TensorFlow 1 a name is one tensor; scopes are cast and copied as they are renamed")
def _(tool):
    names = ["net/w", "net/w/Adam", "net/w/Adam_1", "net/w/Average", "net2", "step"]
    header = {name: {"dtype": "F32", "shape": [], "data_offsets": [4 * i, 4 * i + 4]} for i, name in enumerate(names)}
    text = json.dumps(header).encode()
    (tool.folder / "names.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + struct.pack("<6f", *range(6)))
    tool.run("convert", "names.safetensors", "--to", "tf", "--keys", "--out", "names/ckpt")
    same(left(tool, "names/ckpt", "--erase", "net/w"), names[1:])
    same(left(tool, "names/ckpt", "--erase", "*/Adam*"), ["net/w", "net/w/Average", "net2", "step"])
    same(left(tool, "names/ckpt", "--erase", "net/w/"), ["net/w", "net2", "step"])
    same(left(tool, "names/ckpt", "--erase", "net"), ["net2", "step"])
    tool.run("edit", "names/ckpt", "--copy", "names/ckpt:*/Average=*", "--erase", "*/Average", "--out", "averaged/ckpt")
    same(tool.values("averaged/ckpt", "net/w"), 3.0)
    same(left(tool, "names/ckpt", "--copy", "names/ckpt:net=old/net", "--erase", "net"),
         ["net2"] + ["old/" + name for name in names[:4]] + ["step"])
    has(tool.out("edit", "names/ckpt", "--cast", "net=float16", "--dry-run"), "--cast net=float16 took 4 tensors\n")


@test("an erase of what something else holds, too, says so, and what frees it")
def _(tool):
    words = tool.error("edit", SHARED, "--erase", "one", "--dry-run", status=FAILED)
    has(words, "--erase one takes no tensor out", "held as same, too; give --erase same as well")
    has(tool.error("edit", SHARED, "--erase", "one", "--erase", "same", "--dry-run", status=FAILED), "give --erase list.1 as well")
    found = tool.json("edit", SHARED, "--erase", "one", "--erase", "same", "--erase", "list", "--dry-run")
    same([each["tensors"] for each in found["options"]], [0, 0, 1])
    same(found["options"][0]["still_held"], ["same"])


@test("names with line ends, equal signs and control characters are shown escaped, and understood so")
def _(tool):
    weird = "a\nb\x1b[31m=\u202e\\é"
    tool.run("edit", "training", "--rename", "step=" + weird.replace("=", r"\="), "--out", "new/ckpt")
    text = tool.out("ls", "new/ckpt") + tool.out("tree", "new/ckpt")
    assert "\x1b" not in text and "\u202e" not in text
    shown = r"a\nb\x1b[31m=\u202e\é"
    has(text, shown + END, shown + "  int64 []")
    same(tool.json("ls", "new/ckpt")[1]["key"], weird + END)
    same(tool.out("cat", "new/ckpt", shown + END), "1200\n")
    same(tool.out("cat", "new/ckpt", weird), "1200\n")
    assert "\x1b" not in tool.error("cat", "new/ckpt", "\x1b[31m", status=FAILED)
    tool.run("set", "training", "labels", r'"\xff\x1b"', "--out", "bytes/ckpt")
    same(tool.out("cat", "bytes/ckpt", "labels"), r'["\xff\x1b" "\xff\x1b"]' + "\n")
    same(tool.values("bytes/ckpt", "labels")[0].encode("utf-8", "surrogateescape"), b"\xff\x1b")


@test("average is the mean of the floating tensors, everything else is the last one's")
def _(tool):
    for number, rate in [(1, "0.5"), (2, "1"), (3, "3")]:
        tool.run("set", "training", "learning_rate", rate, "--out", f"many/{number}")
        tool.run("set", f"many/{number}", "step", str(number), "--out", f"many/{number}")
    tool.run("average", "many/1", "many/2", "many/3", "--out", "mean/ckpt")
    same((tool.values("mean/ckpt", "learning_rate"), tool.values("mean/ckpt", "step")), (1.5, 3))
    same(tool.values("mean/ckpt", "model.kernel"), tool.values("training", "model.kernel"))
    has(tool.error("average", "many/1", "--out", "mean/ckpt", status=WRONG_USAGE), "two or more")
    has(tool.error("average", "many/1", V1 / "saver", "--out", "no/ckpt", status=FAILED), "only checkpoints of the same state can be averaged")


@test("merge is the union of two; values that differ are refused")
def _(tool):
    tool.run("edit", "training", "--erase", "model", "--rename", "step=count", "--out", "b/ckpt")
    tool.run("merge", "training", "b/ckpt", "--out", "both/ckpt")
    same(len(tool.json("ls", "both/ckpt")), 8)
    same(tool.values("both/ckpt", "count"), 1200)
    tool.out("verify", "both/ckpt")
    tool.run("set", "b/ckpt", "learning_rate", "1", "--out", "b/ckpt")
    has(tool.error("merge", "training", "b/ckpt", "--out", "no/ckpt", status=FAILED), "both have learning_rate")
    assert not (tool.folder / "no").exists()


@test("merge takes any number, and puts the parts of one save together, all of them or none")
def _(tool):
    names = {"a": "labels", "b": "step", "c": "model"}
    for name, erased in names.items():
        tool.run("edit", "training", "--erase", erased, "--out", f"{name}/ckpt")
    tool.run("merge", "a/ckpt", "b/ckpt", "c/ckpt", "a/ckpt.index", "--out", "all/ckpt")
    same(sorted(each["key"] for each in tool.json("ls", "all/ckpt")), [each["key"] for each in tool.json("ls", "training")])
    has(tool.error("merge", "a/ckpt", "a/ckpt.index", "--out", "no/ckpt", status=WRONG_USAGE), "two or more")

    parts = [str(path)[:-6] for path in sorted((ROOT / "tests" / "bundle" / "parts").glob("*.index"))]
    same(len(parts), 3)
    has(tool.run("merge", parts[0], parts[2], "--out", "no/ckpt", status=DAMAGED).stderr, "a part is missing")
    assert not (tool.folder / "no").exists()
    told = tool.json("merge", *parts, "--out", "whole/ckpt")
    same({(each["edit"], each["key"].removesuffix(END)) for each in told["changes"]}, {("change", "embedding"), ("add", "bias")})
    same(tool.values("whole/ckpt", "embedding"), [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]])
    tool.out("verify", "whole/ckpt")
    same(len(list(pathlib.Path(parts[0]).parent.glob("part-*"))), 6)
    whole = tool.folder / "whole"
    same(sorted(path.name for path in whole.iterdir()), [f"ckpt.data-{i:05}-of-00003" for i in range(3)] + ["ckpt.index"])


@test("checkpoints of TensorFlow 1 are merged file by file, and value by value where two have one name")
def _(tool):
    for name, values in (("a", {"w": 1, "x": 2}), ("b", {"v": 3}), ("c", {"v": 3, "y": 4}), ("d", {"v": 5})):
        text = json.dumps({key: {"dtype": "U8", "shape": [], "data_offsets": [i, i + 1]} for i, key in enumerate(values)}).encode()
        (tool.folder / "x.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + bytes(values.values()))
        tool.run("convert", "x.safetensors", "--to", "tf", "--keys", "--out", name)
    told = tool.json("merge", "a", "b", "--out", "two/ckpt")
    same([(each["edit"], each["key"]) for each in told["changes"]], [("add", "v")])
    same(len(list((tool.folder / "two").iterdir())), 3)
    for key, value in (("v", 3), ("w", 1), ("x", 2)):
        same(tool.values("two/ckpt", key), value)
    tool.out("merge", "a", "b", "c", "--out", "three/ckpt")
    same([each["key"] for each in tool.json("ls", "three/ckpt")], ["v", "w", "x", "y"])
    has(tool.error("merge", "b", "d", "--out", "no/ckpt", status=FAILED), "both have v, and not the same value")
    assert not (tool.folder / "no").exists()


@test("an output that is the input is replaced whole; what is no path for a checkpoint is refused")
def _(tool):
    before = (tool.folder / "training" / "checkpoint").read_bytes()
    tool.run("set", "training", "step", "1", "--out", "training/ckpt-1")
    same(tool.values("training", "step"), 1)
    tool.out("verify", "training")
    same((tool.folder / "training" / "checkpoint").read_bytes(), before)
    files = sorted(os.listdir(tool.folder / "training"))
    assert len(files) == 3 and files[::2] == ["checkpoint", "ckpt-1.index"] and files[1].startswith("ckpt-1.data-"), files
    has(tool.error("set", "training", "step", "1", "--out", "training", status=FAILED), "is no path for a checkpoint")
    has(tool.error("set", "training", "step", "1", "--out", "training/checkpoint/x", status=FAILED), "training/checkpoint")


@test("prune deletes what a manager would, and a dry run nothing")
def _(tool):
    folder = managed(tool, 6)
    (folder / "ckpt-1.index.old").touch()
    told = tool.json("prune", "managed", "--max-to-keep", "2", "--dry-run")
    same([pathlib.Path(path).name for path in told["deleted"]], ["ckpt-1", "ckpt-2", "ckpt-3", "ckpt-4"])
    same(indexes(folder), [f"ckpt-{n}" for n in range(1, 7)])
    same({**tool.json("prune", "managed", "--max-to-keep", "2"), "dry_run": True}, told)
    same(indexes(folder), ["ckpt-5", "ckpt-6"])
    same(sorted(os.listdir(folder)), ["checkpoint", "ckpt-1.index.old"] + [f"ckpt-{n}.{end}" for n in (5, 6) for end in ("data-00000-of-00001", "index")])
    has((folder / "checkpoint").read_text(), 'model_checkpoint_path: "ckpt-6"', 'all_model_checkpoint_paths: "ckpt-5"')
    every = managed(tool, 5, "hourly")
    tool.run("prune", "hourly", "--max-to-keep", "1", "--every-n-hours", "1")
    same(indexes(every), ["ckpt-2", "ckpt-4", "ckpt-5"])
    has(tool.error("prune", "training", "--max-to-keep", "1", status=FAILED), "has no timestamps, as tf.train.Saver", "--saver")
    has(tool.error("prune", "managed", status=WRONG_USAGE), "--max-to-keep N is missing")
    has(tool.error("prune", "managed", "--max-to-keep", "0", status=WRONG_USAGE), "at least 1")
    has(tool.error("prune", "nowhere", "--max-to-keep", "1", status=FAILED), "has no file `checkpoint`")


@test("prune keeps the best whose metrics a manager has noted, or as many as are asked for")
def _(tool):
    folder = managed(tool, 5)
    notes = "# cairn: keep_best 1 min\n" + "".join(f'# cairn: metric "ckpt-{n}" {loss}\n' for n, loss in enumerate((3, 1, 2, 4, 5), 1))
    with (folder / "checkpoint").open("a") as file:
        file.write(notes)
    keep = ("prune", "managed", "--max-to-keep", "1")
    same(tool.json(*keep, "--keep-best", "2", "--dry-run")["best"], ["managed/ckpt-2", "managed/ckpt-3"])
    same(tool.json(*keep, "--best-mode", "max", "--dry-run")["best"], ["managed/ckpt-5"])
    same(tool.out(*keep), "deleted managed/ckpt-1\ndeleted managed/ckpt-3\ndeleted managed/ckpt-4\n"
                          "keeps managed/ckpt-2, one of the best by keep_best\nkeeps managed/ckpt-5\n")
    has((folder / "checkpoint").read_text(), '# cairn: keep_best 1 min\n# cairn: metric "ckpt-2" 1.0\n')
    tool.run(*keep, "--keep-best", "0")
    same(indexes(folder), ["ckpt-5"])
    has(tool.error(*keep, "--keep-best", "-1", status=WRONG_USAGE), "0 or more")
    has(tool.error(*keep, "--best-mode", "mean", status=WRONG_USAGE), "min or max")


@test("prune --saver prunes what tf.train.Saver saved, with its .meta files")
def _(tool):
    folder = managed(tool, 3)
    text = (folder / "checkpoint").read_text()
    (folder / "checkpoint").write_text("".join(line for line in text.splitlines(True) if "timestamp" not in line))
    for number in (1, 3, 12):
        (folder / f"ckpt-{number}.meta").touch()
    has(tool.error("prune", "managed", "--max-to-keep", "1", status=FAILED), "--saver")
    same(tool.out("prune", "managed", "--max-to-keep", "1", "--saver"), "deleted managed/ckpt-1\ndeleted managed/ckpt-2\nkeeps managed/ckpt-3\n")
    same(sorted(os.listdir(folder)), ["checkpoint", "ckpt-12.meta", "ckpt-3.data-00000-of-00001", "ckpt-3.index", "ckpt-3.meta"])
    same((folder / "checkpoint").read_text(), 'model_checkpoint_path: "ckpt-3"\nall_model_checkpoint_paths: "ckpt-3"\n')
    tool.error("prune", "managed", "--max-to-keep", "1", "--saver", "--every-n-hours", "1", status=WRONG_USAGE)


@test("a directory that was moved is read, pruned and repaired, and the tool says which checkpoint is meant")
def _(tool):
    folder = managed(tool, 3)
    for before in ("/home/trainer/before/", "C:\\\\run\\\\"):
        text = re.sub(r'(path|paths): "(.*[/\\\\])?ckpt', lambda match: f'{match[1]}: "{before}ckpt', (folder / "checkpoint").read_text())
        (folder / "checkpoint").write_text(text)
        shown = before.replace("\\\\", "\\")
        told = tool.run("ls", "managed").stderr
        has(told, "managed/checkpoint", f'names "{shown}ckpt-3", which is not there; "managed/ckpt-3" beside it is meant')
        same(len(told.splitlines()), 1)
    same(tool.out("prune", "managed", "--max-to-keep", "2"), "deleted managed/ckpt-1\nkeeps managed/ckpt-2\nkeeps managed/ckpt-3\n")
    tool.out("ls", "managed")
    (folder / "ckpt-3.index").unlink()
    has(tool.error("ls", "managed", status=FAILED), 'names "ckpt-3" as the latest checkpoint, which is not there', "managed/ckpt-2", "repair writes the file anew")
    same(tool.out("repair", "managed"), "names managed/ckpt-2, the latest\nmisses managed/ckpt-3, which was named before\n")
    tool.out("ls", "managed")


@test("repair writes the file `checkpoint` anew from what is there and whole")
def _(tool):
    folder = managed(tool, 11)
    text = (folder / "checkpoint").read_bytes()
    tool.run("repair", "managed")
    same((folder / "checkpoint").read_bytes(), text)
    (folder / "checkpoint").unlink()
    with (folder / "ckpt-2.data-00000-of-00001").open("r+b") as file:
        file.truncate(5)
    told = tool.json("repair", "managed", "--dry-run")
    same((told["latest"], told["named"][1], [each["path"] for each in told["damaged"]]), ("managed/ckpt-11", "managed/ckpt-3", ["managed/ckpt-2"]))
    assert not (folder / "checkpoint").exists()
    has(tool.out("repair", "managed"), "names managed/ckpt-11, the latest\n", "leaves out managed/ckpt-2: ")
    has((folder / "checkpoint").read_text(), 'model_checkpoint_path: "ckpt-11"\nall_model_checkpoint_paths: "ckpt-1"\nall_model_checkpoint_paths: "ckpt-3"\n')
    has(tool.error("repair", "nowhere", status=FAILED), 'there is no directory "nowhere"')


@test("what is replaced in place keeps its permissions, and a checkpoint without a name is refused")
def _(tool):
    files = list((tool.folder / "training").iterdir())
    for file in files:
        file.chmod(0o600)
    tool.run("set", "training", "step", "1", "--out", "training/ckpt-1")
    same({file.stat().st_mode & 0o777 for file in (tool.folder / "training").iterdir()}, {0o600})
    tool.run("convert", "training", "--to", "npz", "--out", "a.npz")
    (tool.folder / "a.npz").chmod(0o640)
    tool.run("convert", "training", "--to", "npz", "--out", "a.npz")
    same((tool.folder / "a.npz").stat().st_mode & 0o777, 0o640)
    for name in ("", "new/", "."):
        tool.error("set", "training", "step", "1", "--out", name, status=FAILED)
    assert not (tool.folder / "new").exists() and not list(tool.folder.glob("*.index")) + list(tool.folder.glob(".index"))


@test("prune is refused while a manager has the directory's lock")
def _(tool):
    folder = managed(tool, 3)
    with open(folder / ".cairn-lock", "w", encoding="utf-8") as lock:
        lock.write("process 1 on elsewhere since today\n")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        has(tool.error("prune", "managed", "--max-to-keep", "1", status=FAILED), "process 1 on elsewhere")
        tool.run("prune", "managed", "--max-to-keep", "1", "--dry-run")
    same(indexes(folder), ["ckpt-1", "ckpt-2", "ckpt-3"])


@test("verify says what is damaged, and where; its status is 1, or 3 where there is no checkpoint")
def _(tool):
    same(tool.out("verify", "training"), "training/ckpt-1: whole, 7 tensors, 606 bytes\n")
    data = tool.folder / "training" / "ckpt-1.data-00000-of-00001"
    good = data.read_bytes()
    at = good.index(struct.pack("<f", -0.75))
    data.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
    (found,) = tool.json("verify", "training", status=DAMAGED)
    same((found["path"], found["prefix"], found["whole"], len(found["findings"])), ("training", "training/ckpt-1", False, 1))
    finding = found["findings"][0]
    same((finding["key"], finding["file"]), ("model/kernel" + END, "training/ckpt-1.data-00000-of-00001"))
    assert finding["offset"] <= at < finding["offset"] + 24
    has(tool.run("verify", "training", status=DAMAGED).stdout, "damaged, 1 problem", "checksum", "key model/kernel" + END)
    bad = {each["key"]: each for each in tool.json("ls", "training", "--sha256", status=DAMAGED)}
    same((bad["model/kernel" + END]["crc32c"], bad["model/kernel" + END]["sha256"]), ("bad", None))
    same(bad["step" + END]["crc32c"], "ok")
    tool.out("ls", "training")
    tool.run("cat", "training", "model.kernel", status=DAMAGED)
    tool.out("cat", "training", "step")
    tool.run("edit", "training", "--erase", "step", "--out", "new/ckpt", status=DAMAGED)
    assert not list(tool.folder.glob("new/*"))
    data.write_bytes(good[:-5])
    has(tool.run("verify", "training", status=DAMAGED).stdout, "the file was cut")
    data.unlink()
    has(tool.run("verify", "training", status=DAMAGED).stdout, "is missing")
    data.write_bytes(good)
    result = tool.run("verify", "nowhere", "training", status=FAILED)
    has(result.stdout, "training/ckpt-1: whole")
    (tool.folder / "training" / "checkpoint").write_text("model_checkpoint_path: ckpt")
    has(tool.run("verify", "training", status=DAMAGED).stdout, "the state file training/checkpoint cannot be read")


@test("whatever bits of an index are flipped, every command ends with a sentence")
def _(tool):
    index = tool.folder / "training" / "ckpt-1.index"
    good = index.read_bytes()
    for place in range(0, len(good), 5):
        index.write_bytes(good[:place] + bytes([good[place] ^ (1 << place % 8)]) + good[place + 1:])
        for words in (["ls", "training", "--json"], ["tree", "training"], ["verify", "training"]):
            result = subprocess.run([tool.program, *words], cwd=tool.folder, capture_output=True, timeout=SECONDS)
            assert result.returncode in (DONE, DAMAGED, FAILED), f"{words}, byte {place}: {result}"
            assert len(result.stderr.splitlines()) <= 1, result.stderr
    for text in (b"", b"\0" * 48, good[:20], os.urandom(4096)):
        index.write_bytes(text)
        tool.run("ls", "training", status=DAMAGED)
        tool.run("verify", "training", status=DAMAGED)


@test("wrong usage is status 2 and one sentence with the way out")
def _(tool):
    for words, sentence in [
            ([], "a command is missing"), (["lss", "x"], "did you mean ls?"), (["--json", "ls"], "the command comes first"),
            (["frobnicate"], "cairn --help lists them"), (["ls"], "PATH is missing"), (["ls", "a", "b"], "b is one argument too many"),
            (["ls", "training", "--jsn"], "did you mean --json?"), (["ls", "training", "--frobnicate"], "cairn ls --help lists all"),
            (["cat", "training"], "KEY is missing"), (["set", "training", "step", "1"], "--out NEW is missing"),
            (["set", "training", "step", "1", "--out"], "--out needs a value"), (["prune", "training", "--max-to-keep", "x"], "wants a number"),
            (["completion", "fish"], "not for fish"), (["set", "training", "step", "1", "--out", "a", "--out", "b"], "given twice")]:
        has(tool.error(*words, status=WRONG_USAGE), sentence)


@test("every command has a manual page with usage, options, exit status and an example")
def _(tool):
    overview = tool.out("--help")
    same(overview, tool.out("help"))
    commands = re.findall(r"^  ([a-z]+)  +\S", overview.split("COMMANDS\n")[1], re.M)
    assert {"ls", "tree", "graph", "cat", "verify", "diff", "set", "edit", "average", "merge", "prune", "repair", "completion"} <= set(commands), commands
    for command in commands:
        page = tool.out(command, "--help")
        same(page, tool.out("help", command))
        has(page, f"USAGE\n  cairn {command} ", "\nDESCRIPTION\n", "\nOPTIONS\n", "\nEXIT STATUS\n  0  done\n", "\nEXAMPLE")
        assert max(map(len, page.splitlines())) <= 100, page
        for example in re.findall(r"^  (?:eval \"\$\()?cairn (\w+)", page.split("\nEXAMPLE")[1], re.M):
            same(example, command)
    has(tool.out("--version"), "cairn 0.")


@test("graph draws a page or a drawing, as the ending says, and replaces what was there")
def _(tool):
    written = tool.json("graph", "training", "--out", "page.html")
    page = (tool.folder / "page.html").read_text(encoding="utf-8")
    same(written, {"out": "page.html", "bytes": len(page.encode())})
    has(page, "<b>6</b> tensors", f'"{END}"', '"tensors":[6,', "Content-Security-Policy")
    for option in ("--no-statistics", "--index-only"):
        has(tool.out("graph", "training", "--out", "page.html", option), "wrote page.html: ")
        assert len((tool.folder / "page.html").read_bytes()) < len(page.encode())
    tool.out("graph", "training", "--out", "page.html", "--max-bytes", "0")
    assert len((tool.folder / "page.html").read_bytes()) < len(page.encode())
    has(tool.error("graph", "training", "--out", "page.html", "--max-bytes", "-1", status=WRONG_USAGE), "--max-bytes")
    same(tool.out("graph", "training", "--out", "page.dot", "--quiet"), "")
    has((tool.folder / "page.dot").read_text(encoding="utf-8"), "digraph checkpoint {", 'label="kernel\\nfloat32 [')
    has(tool.error("graph", "training", "--out", "page.svg", status=WRONG_USAGE), "does not say what to draw")
    has(tool.error("graph", "training", "--out", "none/page.dot", status=FAILED), "none/page.dot")
    same(sorted(each.name for each in tool.folder.iterdir()), ["page.dot", "page.html", "training"])


@test("--quiet says nothing of what was written")
def _(tool):
    same(tool.out("set", "training", "step", "1", "--out", "new/ckpt", "--quiet"), "")
    has(tool.out("set", "training", "step", "1", "--out", "new/ckpt"), "change  step", "wrote new/ckpt: 7 tensors")
    has(tool.out("ls", "new/ckpt"), "7 tensors")


@test("a reader who has seen enough ends the command without a word, and a full disk is an error")
def _(tool):
    command = f"'{tool.program}' tree training --json | head -c 5"
    result = subprocess.run(["bash", "-c", command], cwd=tool.folder, capture_output=True, timeout=SECONDS)
    same((result.stdout, result.stderr), (b'[{"id', b""))
    with open("/dev/full", "wb") as full:
        result = subprocess.run([tool.program, "ls", "training"], cwd=tool.folder, stdout=full, stderr=subprocess.PIPE, timeout=SECONDS)
    same((result.returncode, result.stderr), (FAILED, b"cairn ls: the output cannot be written: No space left on device\n"))


@test("a terminal gets colours unless NO_COLOR is set, and a narrow one two lines for a long key")
def _(tool):
    wide, status = tool.terminal("ls", "training", columns=120)
    same(status, DONE)
    has(wide, f"step\x1b[2m{END}\x1b[0m")
    same(re.sub(r"\x1b\[\d*m", "", wide), tool.out("ls", "training"))
    same(tool.terminal("ls", "training", columns=120, env={"NO_COLOR": "1"})[0], tool.out("ls", "training"))
    narrow = tool.terminal("ls", "training", columns=50, env={"NO_COLOR": "1"})[0].splitlines()
    assert max(map(len, narrow)) <= 50, narrow
    has("\n".join(narrow), "model/kernel" + END + "\n")
    page = tool.terminal("ls", "--help", columns=40, env={"NO_COLOR": "1"})[0]
    assert max(map(len, page.splitlines()[:20])) <= 40, page


@test("long work shows a bar on a terminal's standard error only, and takes it away")
def _(tool):
    count = 400
    while not (bar := tool.terminal("average", *["training"] * count, "--out", "mean/ckpt", stdout=False)[0]):
        count *= 2  # a faster machine: more of it
        assert count < 200_000, "the command ended without a bar, however long its work was"
    assert re.search(r"\raveraging +\d+% \[[# ]+\]\x1b\[K", bar), repr(bar)
    assert bar.endswith("\r\x1b[K"), repr(bar)
    quiet = tool.terminal("average", *["training"] * count, "--out", "mean/ckpt", "--quiet", stdout=False)[0]
    same(quiet, "")
    same(tool.run("average", *["training"] * count, "--out", "mean/ckpt").stderr, "")


@test("bash completes commands, options, checkpoints and keys")
def _(tool):
    def offered(line):
        return tool.out("__complete", line).splitlines()

    same(offered("cairn me"), ["merge"])
    same(offered("cairn cat tr"), ["training/"])
    same(offered("cairn cat training/"), ["training/ckpt-1"])
    same(offered("cairn cat training model/"), ["model/bias" + END, "model/kernel" + END])
    same(offered("cairn cat training model.k"), ["model.kernel"])
    same(offered("cairn cat nowhere m"), [])
    same(offered("cairn edit training --er"), ["--erase"])
    same(offered("cairn edit training --rename step"), ["step" + END + "="])
    same(offered("cairn edit training --cast 'step=bf"), ["step=bfloat16"])
    # In a real one, with the key behind Tab.
    main, side = pty.openpty()
    environment = {**os.environ, "PATH": f"{pathlib.Path(tool.program).parent}:{os.environ['PATH']}", "PS1": "$ ", "TERM": "dumb", "HISTFILE": ""}
    process = subprocess.Popen(["bash", "--norc", "--noprofile", "-i"], cwd=tool.folder, env=environment, stdin=side, stdout=side, stderr=side,
                               start_new_session=True)
    os.close(side)
    os.write(main, b'eval "$(cairn completion bash)"\ncairn cat training model/k\t\nexit\n')
    shown = ""
    ready = True
    while ready and process.poll() is None:
        ready = select.select([main], [], [], SECONDS)[0]
        try:
            shown += os.read(main, 65536).decode("utf-8", "replace") if ready else ""
        except OSError:
            break
    process.wait(timeout=SECONDS)
    os.close(main)
    has(shown, "cairn cat training model/kernel/.ATTRIBUTES/VARIABLE_VALUE", "[[0.5 -1]")


@test("a command that is interrupted while it writes leaves nothing behind, and ends by the signal")
def _(tool):
    def interrupt(attempt, *words, times=1):
        process = subprocess.Popen([tool.program, *words], cwd=tool.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   # A shell's background work is told to ignore it.
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        time.sleep(0.003 * attempt)
        for _ in range(times):
            process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=SECONDS)[1]
        assert process.returncode in (DONE, -signal.SIGINT), process.returncode
        same(said, b"")
        return process.returncode == -signal.SIGINT  # 130 for a shell

    interrupted = 0
    for attempt in range(40):
        is_interrupted = interrupt(attempt, "average", *["training"] * 400, "--out", "mean/ckpt")
        left = sorted(path.name for path in tool.folder.glob("mean/*"))
        assert not [name for name in left if "tmp" in name], left
        if is_interrupted and not interrupted:
            same(left, [])  # nothing was published
        interrupted += is_interrupted
        for path in tool.folder.glob("mean/*"):
            path.unlink()
    assert interrupted > 0
    assert any(interrupt(attempt, "verify", *["training"] * 3000) for attempt in range(10))
    assert any(interrupt(attempt, "average", *["training"] * 400, "--out", "mean/ckpt", times=2) for attempt in range(10))
    tool.run("average", "training", "training", "--out", "mean/ckpt")
    tool.out("verify", "mean/ckpt")


@test("the guide's session is what the tool prints")
def _(tool):
    session = re.search(r"^```\n(\$ cairn .*?)^```", (ROOT / "examples" / "guide" / "command_line.md").read_text(encoding="utf-8"), re.M | re.S).group(1)
    for command, expected in re.findall(r"^\$ cairn (.+)\n((?:[^$].*\n)*)", session, re.M):
        result = subprocess.run([tool.program, *command.split()], cwd=tool.folder, capture_output=True, text=True, timeout=SECONDS)
        same((command, result.stdout + result.stderr), (command, expected))


@test("the command in an example's first lines writes the same bytes as the example")
def _(tool):
    commands = {}
    for source in sorted((ROOT / "examples").glob("[0-9]*.cpp")):
        program = pathlib.Path(tool.program).parents[1] / source.stem
        found = re.findall(r"^//   cairn (.+)$", source.read_text(encoding="utf-8"), re.M)
        if found and os.access(program, os.X_OK):
            (commands[program],) = found
    if not commands:
        return "the examples are not built beside the tool"
    for program, command in commands.items():
        shutil.rmtree(tool.folder)
        tool.folder.mkdir()
        subprocess.run([program], cwd=tool.folder, check=True, stdout=subprocess.DEVNULL, timeout=SECONDS)
        out = tool.folder / pathlib.Path(command.split()[-1]).parent
        by_library = {path.name: path.read_bytes() for path in out.iterdir()}
        assert len(by_library) == 2, by_library.keys()
        shutil.rmtree(out)
        tool.out(*command.split())
        same({path.name: path.read_bytes() for path in out.iterdir()}, by_library)


@test("TensorFlow restores what the tool has set, renamed, erased, cast, averaged and merged, with nothing left over")
def _(tool):
    if not tool.tensorflow or not pathlib.Path(tool.tensorflow).exists():
        return "no Python with TensorFlow was given"
    script = pathlib.Path(__file__).with_name("with_tensorflow.py")
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    result = subprocess.run([tool.tensorflow, script, tool.program], cwd=tool.folder, env=environment, capture_output=True, text=True,
                            errors="replace", timeout=5 * SECONDS)
    assert result.returncode == 0, result.stdout + result.stderr
    same(result.stdout.splitlines()[-1], "all restored")


def strings_digest(expected):
    if "strings_b64" in expected:
        texts = [base64.b64decode(text) for text in expected["strings_b64"]]
        return hashlib.sha256(b"".join(struct.pack("<Q", len(text)) + text for text in texts)).hexdigest()
    return expected.get("sha256_of_u64le_length_then_bytes_each")


@test("every checkpoint that was collected is listed with TensorFlow's values, whole, and shown as a tree")
def _(tool):
    data = os.environ.get("CAIRN_TEST_DATA", "")
    if not data or not pathlib.Path(data).is_dir():
        return "CAIRN_TEST_DATA names no folder"
    checkpoints = tensors = 0
    for described in sorted(pathlib.Path(data).glob("*/*/expected.json")):
        for name, value in json.loads(described.read_text())["checkpoints"].items():
            prefix, expected = described.parent / name, value["tensors"]
            incomplete = any("tf_error" in each for each in expected.values())
            result = subprocess.run([tool.program, "ls", prefix, "--json", "--sha256"], capture_output=True, timeout=SECONDS)
            assert result.returncode == DONE or incomplete, f"{prefix}: {result}"
            listed = json.loads(result.stdout)
            keys = [each["key"].encode("utf-8", "surrogateescape") for each in listed]
            same(keys, sorted(keys))
            same(set(each["key"] for each in listed), set(expected))
            for each in listed:
                wanted = expected[each["key"]]
                same((each["key"], each["dtype"], each["shape"]), (each["key"], wanted["dtype"], wanted["shape"]))
                if "bytes" in wanted:
                    same((each["key"], each["bytes"]), (each["key"], wanted["bytes"]))
                digest = wanted.get("sha256") or strings_digest(wanted)
                if digest:
                    same((each["key"], each["crc32c"], each["sha256"]), (each["key"], "ok", digest))
                    tensors += 1
            verified = subprocess.run([tool.program, "verify", prefix], capture_output=True, timeout=SECONDS)
            assert verified.returncode == DONE or incomplete, f"{prefix}: {verified}"
            shown = tool.run("tree", prefix).stdout
            assert len(shown.splitlines()) > 1 or len(expected) <= 1, shown
            checkpoints += 1
    print(f"      {checkpoints} checkpoints, {tensors} tensors")
    assert checkpoints > 0


@test("a checkpoint goes to safetensors and npz and comes back byte for byte; its tensors are called by paths, or by keys")
def _(tool):
    source = GOLDEN / "scalars_and_strings" / "ckpt-1"
    for name in ["safetensors", "npz"]:
        tool.out("convert", source, "--to", name, "--out", f"x.{name}")
        tool.out("convert", f"x.{name}", "--to", "tf", "--out", f"from_{name}")
        for end in [".index", ".data-00000-of-00001"]:
            same((tool.folder / f"from_{name}{end}").read_bytes(), pathlib.Path(f"{source}{end}").read_bytes())
    stored = (tool.folder / "x.safetensors").read_bytes()
    header = json.loads(stored[8:8 + struct.unpack("<Q", stored[:8])[0]])
    same((header["scalars.h"]["dtype"], header["scalars.h"]["shape"]), ("BF16", []))
    with zipfile.ZipFile(tool.folder / "x.npz") as file:
        same(file.testzip(), None)
        assert file.read("scalars.c.npy").startswith(b"\x93NUMPY")
    tool.out("convert", source, "--to", "npz", "--out", "keys.npz", "--keys")
    with zipfile.ZipFile(tool.folder / "keys.npz") as file:
        has(file.namelist(), f"scalars/h{END}.npy")


def saved_again(source, target, without=(), changed=None):
    """What numpy.savez and safetensors' save_file make of what their counterparts have loaded: the arrays, and no more."""
    changed = changed or {}
    if source.suffix == ".npz":
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                key = name.removesuffix(".npy")
                if key in without:
                    continue
                if not data.startswith(b"\x93NUMPY"):
                    data = npy(f"|S{len(data)}", (), data)
                if key in changed:
                    data = data[:-len(changed[key])] + changed[key]
                new.writestr(f"{key}.npy", data)
        return
    stored = source.read_bytes()
    size = 8 + struct.unpack("<Q", stored[:8])[0]
    header, data = {}, b""
    for key, entry in sorted(json.loads(stored[8:size]).items()):
        if key == "__metadata__" or key in without:
            continue
        begin, end = entry["data_offsets"]
        header[key] = {**entry, "data_offsets": [len(data), len(data) + end - begin]}
        data += changed.get(key, stored[size + begin:size + end])
    text = json.dumps(header).encode()
    target.write_bytes(struct.pack("<Q", len(text)) + text + data)


@test("a file whose arrays another program loaded and saved again comes back as the checkpoint that it was, with new values")
def _(tool):
    for source in [V1 / "slots-1", V1 / "saver", GOLDEN / "scalars_and_strings" / "ckpt-1", SHARED]:
        listed = [each for each in tool.json("ls", source) if each["dtype"] == "float32"]
        for name in ["npz", "safetensors"]:
            tool.out("convert", source, "--to", name, "--out", f"x.{name}")
            saved_again(tool.folder / f"x.{name}", tool.folder / f"y.{name}")
            same(tool.out("convert", f"y.{name}", "--to", "tf", "--out", "back"), "")
            has(tool.out("diff", source, "back"), "are the same\n")
            tool.out("verify", "back")
    tool.out("convert", V1 / "slots-1", "--to", "safetensors", "--out", "x.safetensors")
    key = next(each["key"] for each in listed if each["shape"])
    tool.out("convert", SHARED, "--to", "npz", "--out", "x.npz", "--keys")
    number = struct.pack("<f", 1234.5)
    saved_again(tool.folder / "x.npz", tool.folder / "y.npz", changed={key: number})
    tool.out("convert", "y.npz", "--to", "tf", "--out", "back")
    changed = tool.json("diff", SHARED, "back", status=DAMAGED)
    same([(each["key"], each["elements"]) for each in changed["changed"]], [(key, 1)])


@test("a file that has lost the notes gets a graph from its names, slot variables and all; that it was name-based is asked for")
def _(tool):
    for name in ["npz", "safetensors"]:
        for source in [V1 / "slots-1", V1 / "saver"]:
            tool.out("convert", source, "--to", name, "--out", f"x.{name}")
            saved_again(tool.folder / f"x.{name}", tool.folder / f"y.{name}", without=["__metadata__", "__tensorflow__"])
            told = tool.out("convert", f"y.{name}", "--to", "tf", "--out", f"back_{source.name}")
            has(told, "made from the names", "give --keys")
            same(tool.out("convert", f"y.{name}", "--to", "tf", "--out", f"keys_{source.name}", "--keys"), "")
        found = tool.json("diff", V1 / "slots-1", "back_slots-1", status=DAMAGED)
        same((found["only_in_a"], found["only_in_b"], [each["key"] for each in found["changed"]]),
             ([], [], ["_CHECKPOINTABLE_OBJECT_GRAPH"]))
        tree = tool.json("tree", "back_slots-1")
        slots = [slot["name"] for node in tree for slot in node.get("slot_variables", [])]
        same(sorted(slots), sorted(slot["name"] for node in tool.json("tree", V1 / "slots-1") for slot in node.get("slot_variables", [])))
        assert slots
        lost = tool.json("diff", V1 / "saver", "keys_saver", status=DONE if name == "npz" else DAMAGED)
        same((lost["only_in_a"], lost["only_in_b"], lost["changed"]), ([] if name == "npz" else ["label"], [], []))  # a text


@test("what cannot be converted is left out when that is asked for, and said")
def _(tool):
    with zipfile.ZipFile(tool.folder / "x.npz", "w") as file:
        file.writestr("w.npy", npy("<f4", (2,), struct.pack("<2f", 1, 2)))
        file.writestr("objects.npy", npy("|O", (1,), b"pickled"))
        file.writestr("a..b.npy", npy("<f4", (), struct.pack("<f", 3)))
    has(tool.error("convert", "x.npz", "--to", "tf", "--out", "y", status=FAILED), "objects")
    told = tool.out("convert", "x.npz", "--to", "tf", "--out", "y", "--skip").splitlines()
    has(told[0], "left out objects: ")
    has(told[1], 'left out a..b: the name "a..b" is no path')
    same([each["key"] for each in tool.json("ls", "y")], ["_CHECKPOINTABLE_OBJECT_GRAPH", "w" + END])
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "e": {"dtype": "F8_E8M0", "shape": [2], "data_offsets": [4, 6]}}).encode()
    (tool.folder / "x.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + b"\0" * 6)
    has(tool.error("convert", "x.safetensors", "--to", "npz", "--out", "y.npz", status=FAILED), "F8_E8M0")
    has(tool.out("convert", "x.safetensors", "--to", "npz", "--out", "y.npz", "--skip", "--quiet"), "left out e: the dtype F8_E8M0")
    (tool.folder / "x.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + b"\0" * 5)
    tool.error("convert", "x.safetensors", "--to", "npz", "--out", "y.npz", "--skip", status=DAMAGED)


@test("what cannot be converted is said in a sentence")
def _(tool):
    has(tool.error("convert", "training", "--to", "onnx", "--out", "x", status=WRONG_USAGE), "tf, safetensors, npz or weights.h5")
    tool.error("convert", "training", "--to", "npz", status=WRONG_USAGE)
    tool.error("convert", "nothing", "--to", "npz", "--out", "x", status=FAILED)
    (tool.folder / "cut.npz").write_bytes(b"PK\3\4" + b"\0" * 100)
    has(tool.error("convert", "cut.npz", "--to", "tf", "--out", "y", status=DAMAGED), "no sound zip file")
    same(sorted(path.name for path in tool.folder.iterdir()), ["cut.npz", "training"])


@test("a tensor goes to an npy file, and an npy file to a tensor")
def _(tool):
    source = GOLDEN / "scalars_and_strings" / "ckpt-1"
    for name in ["scalars.a", "scalars.f", "scalars.h", "scalars.i", "scalars.j", "strings.table"]:
        tool.out("cat", source, name, "--npy", "x.npy")
        assert (tool.folder / "x.npy").read_bytes().startswith(b"\x93NUMPY")
        tool.out("set", source, name, "@x.npy", "--out", "same")
        same((tool.folder / "same.data-00000-of-00001").read_bytes(), pathlib.Path(f"{source}.data-00000-of-00001").read_bytes())
        for file in tool.folder.glob("same.*"):
            file.unlink()
    tool.error("set", source, "scalars.e", "@x.npy", "--out", "other", status=FAILED)  # strings, of another shape
    tool.error("set", source, "scalars.e", "@nothing.npy", "--out", "other", status=FAILED)
    tool.run("set", source, "strings.text", "@@home", "--out", "at")
    same(tool.values("at", "strings.text"), "@home")


@test("the structs that a checkpoint restores into are printed as they were")
def _(tool):
    for name in ["scalars_and_strings/ckpt-1", "shared/ckpt-1", "nested/ckpt-3"]:
        printed = tool.out("struct", GOLDEN / name, "--name", "Training")
        golden = ROOT / "tests" / "schema" / "golden" / f"{name.split('/')[0]}.hpp"
        same(printed.split("\n", 1)[1], golden.read_text(encoding="utf-8").split("\n", 1)[1])
    found = tool.json("struct", "training", "--namespace", "mine")
    same(found["namespace"], "mine")
    has(found["header"], "namespace mine {", "struct State {")
    has(tool.error("struct", "training", "--name", "a b", status=FAILED), "is no name for a struct")
    has(tool.error("struct", V1 / "saver", status=FAILED), "has no object graph")


@test("a checkpoint is printed as a header for the compiler, as cairn_embed makes it")
def _(tool):
    for name in ["scalars_and_strings/ckpt-1", "shared/ckpt-1", "nested/ckpt-3"]:
        made = tool.folder / "trained.hpp"
        subprocess.run([sys.executable, ROOT / "include" / "cairn" / "schema" / "embed.py", GOLDEN / name, made], check=True)
        same(tool.out("ls", GOLDEN / name, "--cpp", "trained"), made.read_text(encoding="ascii"))
    has(tool.error("ls", "training", "--cpp", "a b", status=WRONG_USAGE), "is no name in C++")
    has(tool.out("ls", V1 / "saver", "--cpp", "trained"), "// The index of saver, made", "struct trained_checkpoint {")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--tensorflow")
    parser.add_argument("--only", default="")
    parser.add_argument("--without", action="append", default=[])
    options = parser.parse_args()
    python = options.tensorflow and str(pathlib.Path(options.tensorflow).absolute())  # resolved, it would leave its environment
    failed = False
    for sentence, function in tests:
        if options.only not in sentence or any(words in sentence for words in options.without):
            continue
        with tempfile.TemporaryDirectory(prefix="cairn-tool-") as folder:
            name = f"tool: {sentence}"
            try:
                reason = function(Tool(options.program.resolve(), folder, python))
            except Exception:  # whatever it is, the others go on
                traceback.print_exc(file=sys.stdout)
                counts.record("failed", name)
                print(f"FAILED: {name}", flush=True)
                failed = True
                continue
        if reason:
            failed = counts.skip(name, reason) == "failed" or failed
        else:
            counts.record("passed", name)
            print(f"passed: {name}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
