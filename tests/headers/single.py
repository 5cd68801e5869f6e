#!/usr/bin/env python3
"""The single header is fresh, quiet and leaves no private macro behind; the standalone one opens no Boost and no cereal; one
that declares and one source that defines are the same program.

    single.py --compiler "g++" [--flags ...]
"""
import argparse
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

from layers import PUBLIC_MACROS, ROOT, counts

AMALGAMATE = ROOT / "single_include" / "amalgamate.py"


def run(command):
    result = subprocess.run(command, capture_output=True, text=True, env=counts.uncounted())
    return result.returncode == 0, result.stdout + result.stderr


def fresh(compile_, folder):
    return run([sys.executable, str(AMALGAMATE), "--check"])


def quiet(compile_, folder):
    source = folder / "quiet.cpp"
    before, after = "<boost/pfr.hpp>", "<cereal/archives/xml.hpp>"  # what the program uses itself
    source.write_text("".join(f"#include {name}\n" for name in (before, "<cairn/cairn.hpp>", "<cairn/cairn.hpp>", after)))
    made = folder / "quiet.o"
    good, said = run(compile_ + [f"-I{ROOT / 'single_include'}", "-O0", "-c", str(source), "-o", str(made)])
    if good and made.stat().st_size > 64 << 10:
        return False, f"without a call there are {made.stat().st_size} bytes in the object: some class is given out with every file"
    return good, said


def leaves_no_macro(compile_, folder):
    source = folder / "macros.cpp"
    source.write_text("#include <cairn/cairn.hpp>\n")
    return no_macro_left(compile_ + [f"-I{ROOT / 'single_include'}", "-dM", "-E", str(source)])


def no_macro_left(command):
    good, said = run(command)
    left = sorted(set(re.findall(r"^#define (CAIRN_\w+)", said, re.M)) - PUBLIC_MACROS)
    return good and not left, f"left behind: {', '.join(left)}" if good else said


def standalone(compile_, folder):
    """Example 01, in two translation units, where there is nothing but the standalone header."""
    header, name = folder / "cairn_standalone.hpp", "01_save_and_restore"
    good, said = run([sys.executable, str(AMALGAMATE), "--standalone", str(header)])
    if not good:
        return good, said
    example = (ROOT / "examples" / f"{name}.cpp").read_text(encoding="utf-8")
    (folder / "main.cpp").write_text(example.replace("#include <cairn/cairn.hpp>", '#include "cairn_standalone.hpp"'))
    (folder / "other.cpp").write_text('#include "cairn_standalone.hpp"\n#include "cairn_standalone.hpp"\n')
    for unit in ("main", "other"):
        good, said = run(compile_ + ["-O0", "-MD", "-c", str(folder / f"{unit}.cpp"), "-o", str(folder / f"{unit}.o")])
        opened = re.findall(r"\S*/(?:boost|cereal|cairn)/\S*", (folder / f"{unit}.d").read_text()) if good else []
        if not good or opened:
            return False, said if not good else f"still included: {', '.join(opened)}"
    program = folder / name
    good, said = run(compile_ + ["-pthread", str(folder / "main.o"), str(folder / "other.o"), "-o", str(program)])
    return run([sys.executable, str(ROOT / "examples" / "check.py"), str(program)]) if good else (good, said)


def standalone_leaves_no_macro(compile_, folder):
    source = folder / "macros.cpp"
    source.write_text('#include "cairn_standalone.hpp"\n')
    return no_macro_left(compile_ + ["-dM", "-E", str(source)])


def standalone_is_first(compile_, folder):
    source = folder / "second.cpp"
    for name in ("boost/pfr/core.hpp", "cereal/cereal.hpp"):
        source.write_text(f'#include <{name}>\n#include "cairn_standalone.hpp"\n')
        good, said = run(compile_ + ["-E", str(source), "-o", os.devnull])
        if good or "cairn: this file brings Boost.PFR and cereal with it" not in said:
            return False, f"after <{name}>: {said}"
    return True, ""


def in_turn(*steps):
    """The first that fails, or the last: each step says whether all is well, and what was said."""
    for step in steps:
        good, said = step()
        if not good:
            break
    return good, said


def two_files(compile_, folder):
    """Example 01 and a unit that includes everything again, linked with the source, which is a unit of its own; and example 01
    once more with the header precompiled."""
    made, precompiled, name = folder / "two_files", folder / "precompiled", "01_save_and_restore"
    (folder / "again.cpp").write_text("#include <cairn/cairn.hpp>\n#include <cairn/cairn.hpp>\n")
    (precompiled / "cairn").mkdir(parents=True)
    example, program = ROOT / "examples" / f"{name}.cpp", folder / name
    objects = [str(folder / f"{unit}.o") for unit in ("cairn", "again", name)]

    def compiled(unit, *flags):
        return run(compile_ + ["-O0", *flags, f"-I{made}", "-c", str(unit), "-o", str(folder / f"{unit.stem}.o")])

    def works():
        return in_turn(lambda: run(compile_ + ["-pthread", *objects, "-o", str(program)]),
                       lambda: run([sys.executable, str(ROOT / "examples" / "check.py"), str(program)]))

    return in_turn(
        lambda: run([sys.executable, str(ROOT / "single_include" / "separate.py"), "--two-files", str(made)]),
        lambda: compiled(made / "cairn.cpp"), lambda: compiled(folder / "again.cpp"), lambda: compiled(example), works,
        lambda: run(compile_ + ["-O0", "-Wno-error", "-x", "c++-header", str(made / "cairn" / "cairn.hpp"),
                                "-o", str(precompiled / "cairn" / "cairn.hpp.gch")]),
        lambda: compiled(example, f"-I{precompiled}", "-Winvalid-pch"), works)


CASES = {
    "the committed single header is what amalgamate.py makes": fresh,
    "the single header compiles without a warning and to nearly nothing, twice and among the program's own Boost.PFR and cereal": quiet,
    "the single header leaves no private macro behind": leaves_no_macro,
    "the standalone header needs neither Boost nor cereal: example 01 in an empty folder": standalone,
    "the standalone header leaves no private macro behind": standalone_leaves_no_macro,
    "a header that declares and a source that defines are the same program: example 01": two_files,
    "the standalone header says that it has to be the first": standalone_is_first,
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
