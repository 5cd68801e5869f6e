#!/usr/bin/env python3
"""Compiles what print_struct prints for every object-based checkpoint of CAIRN_TEST_DATA, and restores into it.

    compile.py --printer PRINT_ALL --scratch DIR --library LIBCAIRN COMPILER...

Several headers are one translation unit; in CI every second one is compiled, the others when a header of cairn's has
changed. Of each checkpoint all values must go somewhere (assert_consumed), but for those
of which the header says that they are left out.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import counts  # noqa: E402

NAME = "schema printed: what is printed of every object-based checkpoint compiles, and restores it whole"
SKIPPED = 77  # what Meson takes for a skipped test
HEADERS_TOGETHER = 30
# What no struct can hold: only TensorFlow has values of an iterator's dtype, and Boost.PFR takes 100 members.
PARTIAL = {"checkpoints/data_iterators/ckpt-1", "checkpoints/data_iterators/ckpt-2"}


def program(lines):
    """Restores each checkpoint into its structs; prints what does not fit."""
    text = "".join(f'#include "{number}.hpp"\n' for number in sorted({line[0] for line in lines}))
    text += "#include <iostream>\nint failures = 0;\n"
    for number in sorted({line[0] for line in lines}):
        text += f"void restore_{number}(const char* path, bool reads, bool is_whole) try {{\n"
        text += f"  printed_{number}::State state;\n  cairn::Checkpoint checkpoint{{state}};\n"
        text += "  const auto status = reads ? checkpoint.read(path) : checkpoint.restore(path);\n"
        text += "  if (is_whole) status.assert_consumed();\n  status.assert_existing_objects_matched();\n"
        text += "} catch (const std::exception& error) {\n  ++failures;\n  std::cout << path << \": \" << error.what() << std::endl;\n}\n"
    text += "int main() {\n"
    for number, verb, whole, path in lines:
        literal = path.replace("\\", "\\\\").replace('"', '\\"')
        text += f'  restore_{number}("{literal}", {str(verb == "read").lower()}, {str(whole == "whole").lower()});\n'
    return text + "  return failures == 0 ? 0 : 1;\n}\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--printer", required=True)
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    parser.add_argument("--library", required=True)
    parser.add_argument("compiler", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    data = os.environ.get("CAIRN_TEST_DATA", "")
    if not os.path.isdir(data):
        counts.skip(NAME, "CAIRN_TEST_DATA names no folder")
        return 1 if counts.nothing_may_be_missing() else SKIPPED
    shutil.rmtree(options.scratch, ignore_errors=True)
    options.scratch.mkdir(parents=True)
    subprocess.run([options.printer, data, str(options.scratch)], check=True)
    lines = [line.split(" ", 3) for line in (options.scratch / "list.txt").read_text(encoding="utf-8").splitlines()]
    problems = []
    partial = {str(pathlib.Path(line[3]).relative_to(data)) for line in lines if line[2] == "partial"}
    if partial != PARTIAL:
        problems.append(f"printed in part: {sorted(partial)}, expected {sorted(PARTIAL)}")
    numbers = sorted({int(line[0]) for line in lines})
    for begin in counts.in_turn(range(0, len(numbers), HEADERS_TOGETHER), 2):
        together = {str(number) for number in numbers[begin:begin + HEADERS_TOGETHER]}
        source = options.scratch / f"together_{begin}.cpp"
        source.write_text(program([line for line in lines if line[0] in together]), encoding="utf-8")
        executable = source.with_suffix("")
        compiled = subprocess.run([*options.compiler, "-O0", str(source), options.library, "-o", str(executable), "-pthread"], capture_output=True, text=True, check=False)
        if compiled.returncode:
            problems.append(compiled.stderr[:20000])
            continue
        ran = subprocess.run([str(executable)], capture_output=True, text=True, errors="replace", check=False)
        if ran.returncode:
            problems.append(ran.stdout + ran.stderr)
    for problem in problems:
        print(problem)
    counts.record("failed" if problems else "passed", NAME)
    print(f"{len(lines)} checkpoints, {len(numbers)} different headers, not all of them compiled in CI")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
