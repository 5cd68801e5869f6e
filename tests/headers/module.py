#!/usr/bin/env python3
"""`import cairn;`: the module is compiled once, and example 01 imports it and prints what it should.

    module.py --compiler "clang++-19" --declared INCLUDE --library LIBCAIRN
"""
import argparse
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

from layers import ROOT, counts

NAME = "headers: example 01 imports cairn as a module"
EXAMPLE = ROOT / "examples" / "01_save_and_restore.cpp"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--declared", required=True)
    parser.add_argument("--library", required=True)
    options = parser.parse_args()
    compile_ = shlex.split(options.compiler) + ["-std=c++20", "-Wno-deprecated-declarations", f"-I{options.declared}"]
    if not shutil.which(compile_[0]):
        sys.exit(counts.skip(NAME, f"{compile_[0]} is not installed") == "failed")
    with tempfile.TemporaryDirectory() as folder:
        at = pathlib.Path(folder)
        source = EXAMPLE.read_text(encoding="utf-8")
        (at / EXAMPLE.name).write_text(source.replace("#include <cairn/cairn.hpp>\n", "import cairn;\n"), encoding="utf-8")
        for command in ([sys.executable, str(ROOT / "single_include" / "module.py"), str(at / "cairn.cppm")],
                        [*compile_, "--precompile", str(at / "cairn.cppm"), "-o", str(at / "cairn.pcm")],
                        [*compile_, "-c", str(at / "cairn.pcm"), "-o", str(at / "cairn.o")],
                        [*compile_, f"-fmodule-file=cairn={at / 'cairn.pcm'}", "-c", str(at / EXAMPLE.name), "-o", str(at / "example.o")],
                        [*compile_, "-pthread", str(at / "example.o"), str(at / "cairn.o"), options.library, "-o", str(at / EXAMPLE.stem)],
                        [sys.executable, str(ROOT / "examples" / "check.py"), str(at / EXAMPLE.stem)]):
            result = subprocess.run(command, capture_output=True, text=True, env=counts.uncounted())
            if result.returncode:
                break
    print(result.stdout + result.stderr, f"{'FAILED' if result.returncode else 'passed'}: {NAME}", sep="")
    counts.record("failed" if result.returncode else "passed", NAME)
    sys.exit(bool(result.returncode))


if __name__ == "__main__":
    main()
