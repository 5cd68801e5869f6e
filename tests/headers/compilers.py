#!/usr/bin/env python3
"""Compilers beyond the two that build all tests: each builds example 01 quietly, and it prints what it should.

    compilers.py --compilers "clang++-19 -stdlib=libc++"... [--flags ...]
"""
import argparse
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

from layers import ROOT, counts

EXAMPLE = ROOT / "examples" / "01_save_and_restore.cpp"


def why_it_fails(command, program):
    """Nothing when all is as it should be."""
    built = subprocess.run([*command, str(EXAMPLE), "-o", str(program)], capture_output=True, text=True)
    if built.returncode:
        return built.stdout + built.stderr
    ran = subprocess.run([sys.executable, str(ROOT / "examples" / "check.py"), str(program)], capture_output=True, text=True, env=counts.uncounted())
    return ran.stdout + ran.stderr if ran.returncode else ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compilers", nargs="+", required=True)
    parser.add_argument("--flags", nargs=argparse.REMAINDER, default=[])
    options = parser.parse_args()
    bad = False
    for compiler in options.compilers:
        name = f"headers: example 01 with {compiler}"
        command = shlex.split(compiler)
        if not shutil.which(command[0]):
            bad = counts.skip(name, f"{command[0]} is not installed") == "failed" or bad
            continue
        command += ["-std=c++20", "-Werror", f"-I{ROOT / 'include'}", "-pthread", *options.flags]
        with tempfile.TemporaryDirectory() as folder:
            why = why_it_fails(command, pathlib.Path(folder) / EXAMPLE.stem)
        counts.record("failed" if why else "passed", name)
        print(f"FAILED {name}\n{why}" if why else f"passed {name}", flush=True)
        bad = bad or bool(why)
    sys.exit(bad)


if __name__ == "__main__":
    main()
