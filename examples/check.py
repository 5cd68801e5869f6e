#!/usr/bin/env python3
"""Runs examples, each in an empty folder, and compares what they print with the .out file beside their source.

    check.py [--show] PROGRAM...

PROGRAM is named like its source, 01_save_and_restore, or 01_save_and_restore_single when it was built against the
single header. If a folder with the source's name stands beside it, its files are what the program finds.
--show prints what the examples print, once each.
"""
import argparse
import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

EXAMPLES = pathlib.Path(__file__).resolve().parent
GUIDE = EXAMPLES / "guide"
sys.path.insert(0, str(EXAMPLES.parent / "tests" / "support"))
import counts  # noqa: E402

SECONDS = 300
RANKS = {"21_heat_on_many_ranks": (4, 3)}  # run by mpirun, on that many ranks one after the other
# Open MPI refuses root unless it is told so twice, and more ranks than processors; MPICH knows none of these words.
os.environ.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_rmaps_base_oversubscribe="1")


def run(program, name):
    """What it printed, and what was wrong with the run itself."""
    with tempfile.TemporaryDirectory(prefix="cairn-example-") as folder:
        if (EXAMPLES / name).is_dir():
            shutil.copytree(EXAMPLES / name, folder, dirs_exist_ok=True)
        printed = wrong = ""
        for command in [["mpirun", "-n", str(number)] for number in RANKS[name]] if name in RANKS else [[]]:
            try:
                result = subprocess.run([*command, program.resolve()], cwd=folder, capture_output=True, text=True, errors="replace", timeout=SECONDS)
            except subprocess.TimeoutExpired:
                return printed, f"it ran longer than {SECONDS} s"
            printed += result.stdout
            wrong += f"it ended with status {result.returncode}\n{result.stderr}" if result.returncode or result.stderr else ""
    return printed, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", action="store_true")
    parser.add_argument("programs", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    bad = 0
    for program in options.programs:
        name = program.name.removesuffix("_single")
        folder = EXAMPLES if (EXAMPLES / f"{name}.cpp").is_file() else GUIDE
        against = "the single header" if program.name != name else "include/"
        if options.show and program.name == name:
            first_line = (folder / f"{name}.cpp").read_text(encoding="utf-8").splitlines()[0]
            print(f"\n-- {name}: {first_line.lstrip('/ ')}", flush=True)
        printed, wrong = run(program, name)
        expected = (folder / f"{name}.out").read_text(encoding="utf-8")
        if options.show and program.name == name:
            print(printed, end="", flush=True)
        if printed != expected:
            wrong += "\n".join(difflib.unified_diff(expected.splitlines(), printed.splitlines(), f"{name}.out", "printed", lineterm=""))
        counts.record("failed" if wrong else "passed", f"example {name} against {against}")
        bad += bool(wrong)
        print(f"   [{'FAILED' if wrong else 'as expected'}, built against {against}]", flush=True)
        if wrong:
            print(wrong, flush=True)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
