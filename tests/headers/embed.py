#!/usr/bin/env python3
"""`#embed`: a compiler that has it checks example 14's model against the very files, and refuses them when they are cut.

    embed.py --compiler "clang++-19" --include INCLUDE
"""
import argparse
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

from layers import ROOT, counts

NAME = "headers: example 14 is checked against files that #embed brings"
EXAMPLE = ROOT / "examples" / "14_the_compiler_checks_my_model.cpp"


def compiled(command, folder, limit=""):
    """With headers that take up to `limit` of each file."""
    for name in ("before", "after"):
        arrays = "".join(f'static constexpr unsigned char {kind}[] = {{\n#embed "{EXAMPLE.with_suffix("")}/{name}.{kind}"{limit}\n}};\n'
                         for kind in ("index", "graph"))
        (folder / f"{name}.hpp").write_text(f"#pragma once\nstruct {name}_checkpoint {{\n{arrays}}};\n"
                                            f"inline constexpr {name}_checkpoint {name}{{}};\n", encoding="utf-8")
    return subprocess.run([*command, f"-I{folder}", "-fsyntax-only", str(EXAMPLE)], capture_output=True, text=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--include", required=True)
    options = parser.parse_args()
    command = shlex.split(options.compiler) + ["-std=c++20", "-Wno-c23-extensions", "-Wno-deprecated-declarations", f"-I{options.include}"]
    if not shutil.which(command[0]):
        sys.exit(counts.skip(NAME, f"{command[0]} is not installed") == "failed")
    with tempfile.TemporaryDirectory() as folder:
        whole = compiled(command, pathlib.Path(folder))
        cut = compiled(command, pathlib.Path(folder), " limit(100)")
    bad = whole.returncode or not cut.returncode or "this_checkpoint_cannot_be_read" not in cut.stderr
    counts.record("failed" if bad else "passed", NAME)
    print(f"FAILED: {NAME}\n{whole.stderr}\ncut:\n{cut.stderr}" if bad else f"passed: {NAME}")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
