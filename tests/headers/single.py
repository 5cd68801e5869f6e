#!/usr/bin/env python3
"""The single header is fresh, quiet and leaves no private macro behind; the standalone one opens no Boost and no cereal.

    single.py --compiler "g++" [--flags ...]
"""
import argparse
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

from layers import PUBLIC_MACROS, ROOT, counts

AMALGAMATE = ROOT / "single_include" / "amalgamate.py"


def run(command):
    result = subprocess.run(command, capture_output=True, text=True)
    return result.returncode == 0, result.stdout + result.stderr


def fresh(compile_, folder):
    return run([sys.executable, str(AMALGAMATE), "--check"])


def quiet(compile_, folder):
    source = folder / "quiet.cpp"
    source.write_text("#include <cairn/cairn.hpp>\n#include <cairn/cairn.hpp>\n")
    return run(compile_ + [f"-I{ROOT / 'single_include'}", "-fsyntax-only", str(source)])


def leaves_no_macro(compile_, folder):
    source = folder / "macros.cpp"
    source.write_text("#include <cairn/cairn.hpp>\n")
    good, said = run(compile_ + [f"-I{ROOT / 'single_include'}", "-dM", "-E", str(source)])
    left = sorted(set(re.findall(r"^#define (CAIRN_\w+)", said, re.M)) - PUBLIC_MACROS)
    return good and not left, f"left behind: {', '.join(left)}" if good else said


def standalone(compile_, folder):
    header, source = folder / "cairn_standalone.hpp", folder / "standalone.cpp"
    good, said = run([sys.executable, str(AMALGAMATE), "--standalone", str(header)])
    if not good:
        return good, said
    source.write_text('#include "cairn_standalone.hpp"\nint main() {}\n')
    good, said = run(compile_ + ["-M", str(source)])
    opened = re.findall(r"\S*/(?:boost|cereal)/\S*", said)
    if not good or opened:
        return False, said if not good else f"still included: {', '.join(opened)}"
    return run(compile_ + ["-fsyntax-only", str(source)])


CASES = {
    "the committed single header is what amalgamate.py makes": fresh,
    "the single header compiles without a warning": quiet,
    "the single header leaves no private macro behind": leaves_no_macro,
    "the standalone header needs neither Boost nor cereal": standalone,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--flags", nargs=argparse.REMAINDER, default=[])
    options = parser.parse_args()
    compile_ = shlex.split(options.compiler) + ["-std=c++20", "-Werror"] + options.flags
    bad = False
    with tempfile.TemporaryDirectory() as folder:
        for name, case in CASES.items():
            good, said = case(compile_, pathlib.Path(folder))
            counts.record("passed" if good else "failed", f"headers: {name}")
            print(f"{'passed' if good else 'FAILED'}: {name}" + ("" if good else f"\n{said}"))
            bad = bad or not good
    sys.exit(bad)


if __name__ == "__main__":
    main()
