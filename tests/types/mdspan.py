#!/usr/bin/env python3
"""std::mdspan as a member, with the first of these compilers that has one.

    mdspan.py --include DIRECTORY COMPILER...
"""
import argparse
import pathlib
import shlex
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import counts  # noqa: E402

NAME = "types: a std::mdspan is saved as NumPy shows it"
PROGRAM = pathlib.Path(__file__).with_suffix(".cpp")


def has_mdspan(command):
    try:
        return not subprocess.run([*command, "-fsyntax-only", "-x", "c++", "-"], input="#include <version>\nstatic_assert(__cpp_lib_mdspan);\n",
                                  capture_output=True, text=True).returncode
    except FileNotFoundError:
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--include", required=True)
    parser.add_argument("compilers", nargs="+")
    options = parser.parse_args()
    commands = [[*shlex.split(compiler), "-std=c++23", "-Wall", "-Wextra", "-Werror", f"-I{options.include}"] for compiler in options.compilers]
    command = next(filter(has_mdspan, commands), None)
    if not command:
        sys.exit(1 if counts.skip(NAME, "no compiler here has std::mdspan") == "failed" else 77)
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "mdspan"
        done = subprocess.run([*command, "-O0", "-pthread", str(PROGRAM), "-o", str(program)], capture_output=True, text=True)
        if not done.returncode:
            done = subprocess.run([str(program)], cwd=folder, capture_output=True, text=True)
    print(done.stdout + done.stderr)
    counts.record("failed" if done.returncode else "passed", NAME)
    sys.exit(bool(done.returncode))


if __name__ == "__main__":
    main()
