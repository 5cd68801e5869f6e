#!/usr/bin/env python3
"""Every C++ file is as clang-format writes it (.clang-format), by the one version that tests/run.sh installs.

    format.py [--clang-format PROGRAM] [--write]

PROGRAM is searched beside the Python of the interop tests; --write formats instead of comparing. Files that a program made are
left out.
"""
import argparse
import pathlib
import shutil
import subprocess
import sys

from layers import ROOT, counts

VERSION = "19.1.7"
MADE = ("single_include/cairn/", "tests/compile_fail/trained.hpp", "tests/schema/golden/")
NAME = "every C++ file is formatted"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clang-format", default="clang-format")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()

    program = shutil.which(options.clang_format)
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout if program else ""
    if f"version {VERSION}" not in version:
        sys.exit(counts.skip(NAME, f"no clang-format {VERSION} at {options.clang_format}") == "failed")

    folders = [ROOT / folder for folder in ("include", "examples", "tests", "single_include")]
    names = sorted(str(path.relative_to(ROOT)) for folder in folders for ending in ("*.hpp", "*.cpp")
                   for path in pathlib.Path(folder).rglob(ending))
    names = [name for name in names if not name.startswith(MADE)]
    how = ["-i"] if options.write else ["--dry-run", "--Werror", "--ferror-limit=1"]
    ran = subprocess.run([program, *how, *names], cwd=ROOT, capture_output=True, text=True)
    if ran.returncode or ran.stderr:
        print(ran.stderr)
        print("tests/headers/format.py --write --clang-format build/venv/bin/clang-format makes it right.")
    counts.record("failed" if ran.returncode else "passed", NAME)
    print(f"{len(names)} files compared")
    sys.exit(ran.returncode)


main()
