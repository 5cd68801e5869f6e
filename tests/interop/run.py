#!/usr/bin/env python3
"""Asks the real TensorFlow: it opens what cairn saved, and cairn opens what it saved.

    run.py --python PYTHON --scratch DIR CASE_FOLDER=PROGRAM...

A case is a folder with
    case.py      make(directory): TensorFlow saves there
                 check(directory): TensorFlow restores what the program saved there, and asserts what it finds
    program.cpp  PROGRAM CASE read DIRECTORY: restores what make() saved; exit status 0 when every value is right
                 PROGRAM CASE write DIRECTORY: saves what check() restores
Either function may be left out where only one direction makes sense. Where case.py has resume(directory) as well, whoever
saved first goes on after the other: resume() after `read`, PROGRAM CASE resume DIRECTORY after check(). The directory is empty at first; what is named
how in it is between the two. One Python with TensorFlow serves all cases, because importing it takes longest.
"""
import argparse
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import counts  # noqa: E402

SKIPPED = 77  # what Meson takes for a skipped test
PROGRAM_SECONDS = 300


def load(folder):
    spec = importlib.util.spec_from_file_location(f"case_{folder.name}", folder / "case.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def empty(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return str(folder)


def run(program, case, verb, directory):
    result = subprocess.run([program, case, verb, directory], capture_output=True, text=True, errors="replace", timeout=PROGRAM_SECONDS)
    if result.returncode:
        raise AssertionError(f"`{verb}` ended with status {result.returncode}\n{result.stdout}{result.stderr}".rstrip())


def cairn_restores(module, program, scratch):
    directory = empty(scratch / "from_tensorflow")
    module.make(directory)
    run(program, scratch.name, "read", directory)
    if hasattr(module, "resume"):
        module.resume(directory)


def tensorflow_restores(module, program, scratch):
    directory = empty(scratch / "from_cairn")
    run(program, scratch.name, "write", directory)
    module.check(directory)
    if hasattr(module, "resume"):
        run(program, scratch.name, "resume", directory)


DIRECTIONS = {
    "make": ("cairn restores what TensorFlow saved", cairn_restores),
    "check": ("TensorFlow restores what cairn saved", tensorflow_restores),
}


def with_tensorflow(cases, scratch):
    bad = 0
    for folder, program in cases:
        module = load(folder)
        for function, (sentence, direction) in DIRECTIONS.items():
            if not hasattr(module, function):
                continue
            name = f"interop {folder.name}: {sentence}"
            try:
                direction(module, program, scratch / folder.name)
            except Exception:  # whatever a case throws is its failure, and the next case goes on
                bad += 1
                counts.record("failed", name)
                print(f"FAILED {name}\n{traceback.format_exc()}", flush=True)
            else:
                counts.record("passed", name)
                print(f"passed {name}", flush=True)
    return 1 if bad else 0


def without_tensorflow(cases, reason):
    for folder, _ in cases:
        source = (folder / "case.py").read_text(encoding="utf-8")
        for function, (sentence, _) in DIRECTIONS.items():
            if f"def {function}(" in source:
                counts.skip(f"interop {folder.name}: {sentence}", reason)
    return 1 if counts.nothing_may_be_missing() else SKIPPED


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", help="the Python that has TensorFlow, if it is not this one")
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    parser.add_argument("cases", nargs="+", metavar="CASE_FOLDER=PROGRAM")
    options = parser.parse_args()
    cases = [(pathlib.Path(folder), program) for folder, _, program in (case.rpartition("=") for case in options.cases)]

    if options.python and shutil.which(options.python):
        arguments = [__file__, "--scratch", str(options.scratch), *options.cases]
        os.execv(shutil.which(options.python), [options.python, *arguments])
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    try:
        import tensorflow
    except ImportError as error:
        sys.exit(without_tensorflow(cases, f"there is no TensorFlow to ask ({error})"))
    print(f"TensorFlow {tensorflow.__version__}, Python {sys.version.split()[0]}", flush=True)
    sys.exit(with_tensorflow(cases, options.scratch))


if __name__ == "__main__":
    main()
