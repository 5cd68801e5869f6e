#!/usr/bin/env python3
"""The folded headers are fresh, quiet and leave no private macro behind, in any order, and refuse to be mixed with the tree; the
standalone one opens no Boost and no cereal; one that declares and one source that defines are the same program.

    single.py --compiler "g++" [--jobs 2] [--flags ...]

Of those that take long one is tried in CI, another when a header has changed (counts.in_turn).
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from layers import FOLDERS_OF_LIBRARIES, HOUSE, OF_LIBRARIES, PUBLIC_MACROS, ROOT, TREE, counts, missing_include

FOLDED = ROOT / "single_include" / "cairn"
DOORS = sorted(path.name for path in FOLDED.glob("*.hpp") if path.name != "mpi.hpp")  # which needs MPI
AMALGAMATE = ROOT / "single_include" / "amalgamate.py"


def run(command, folder=None):
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=counts.uncounted())
    return result.returncode == 0, result.stdout + result.stderr


def fresh(compile_, folder):
    return run([sys.executable, str(AMALGAMATE), "--check"])


def once(compile_, folder):
    """Each header of ours stands in one folded header at most."""
    seams = re.findall(r"^// =+ (cairn/\S+) =+$", "".join(folded.read_text(encoding="utf-8") for folded in FOLDED.rglob("*.hpp")), re.M)
    twice = sorted({name for name in seams if seams.count(name) > 1})
    return bool(seams) and not twice, f"in two folded headers: {', '.join(twice)}" if seams else "no header of ours is in them"


def including(*names):
    return "".join(f"#include {name}\n" for name in names)


def alone(compile_, folder):
    """Each door by itself. Clang is asked where it is installed, because it reads the most quickly and reads cairn.hpp once."""
    clang = shutil.which("clang++")
    command = ([clang, "-std=c++20", "-Wall", "-Wextra", "-Werror"] if clang else compile_) + [f"-I{ROOT / 'single_include'}"]
    source, made = folder / "alone.cpp", folder / "alone.pch"
    if clang:
        good, said = run(command + ["-fpch-instantiate-templates", "-x", "c++-header", str(FOLDED / "cairn.hpp"), "-o", str(made)])
        if not good:
            return good, said
        command += ["-include-pch", str(made)]
    # A library's header needs that library.
    of_libraries = [path.relative_to(FOLDED).as_posix() for path in [FOLDED / header.relative_to(HOUSE) for header in OF_LIBRARIES] if path.is_file() and not missing_include(command + FOLDERS_OF_LIBRARIES, path)]
    for door in DOORS + of_libraries:
        source.write_text(including(f"<cairn/{door}>") * 2)
        good, said = run(command + FOLDERS_OF_LIBRARIES * (door in of_libraries) + ["-fsyntax-only", str(source)])
        if not good:
            return False, f"{door}: {said}"
    return True, ""


def together(compile_, folder):
    """A program that uses several doors, and a file of it that includes all of them the other way round, among Boost.PFR and
    cereal of its own."""
    doors = [f"<cairn/{door}>" for door in DOORS]
    (folder / "doors.hpp").write_text("#pragma once\n" + including(*doors, *doors))
    (folder / "others.cpp").write_text(including("<boost/pfr.hpp>", *reversed(doors), "<cereal/archives/xml.hpp>"))
    objects = [folder / "others.o", folder / "folded.o"]
    for source, made in zip((folder / "others.cpp", ROOT / "tests" / "headers" / "folded.cpp"), objects):
        good, said = run(compile_ + [f"-I{ROOT / 'single_include'}", f"-I{folder}", "-O0", "-c", str(source), "-o", str(made)])
        if not good:
            return good, said
    if objects[0].stat().st_size > 64 << 10:
        return False, f"without a call there are {objects[0].stat().st_size} bytes in the object: some class is given out with every file"
    good, said = run(compile_ + ["-pthread", *map(str, objects), "-o", str(folder / "folded")])
    return run([str(folder / "folded")], folder) if good else (good, said)


def mixed(compile_, folder):
    """Headers from two places: the compiler says so first, and then nothing but that it stops. The preprocessor is enough for
    that, because layers.py sees to it that each header of the tree begins with the one that refuses."""
    folded, source = FOLDED / "cairn.hpp", folder / "mixed.cpp"
    copy = folder / "copy" / "cairn.hpp"
    copy.parent.mkdir()
    copy.write_text(folded.read_text(encoding="utf-8") + "\n")
    sentence = re.search(r'"(cairn: .*?)"', TREE.read_text(encoding="utf-8")).group(1)
    tree = [HOUSE / name for name in ("edit.hpp", "version.hpp", "edit/diff.hpp", "io/path.hpp")]
    pairs = [pair for header in tree for pair in ((folded, header), (header, folded))] + [(folded, copy)]
    for first, second in pairs + [(FOLDED / "edit.hpp", HOUSE / "cairn.hpp")]:
        source.write_text(including(f'"{first}"', f'"{second}"'))
        good, said = run(compile_ + ["-E", str(source), "-o", os.devnull])
        errors = re.findall(r"error: (.*)", said)
        if good or len(errors) != 2 or sentence not in errors[0] or "nothing more" not in errors[1]:
            return False, f"{first} and {second}: {said}"
    return True, ""


def leaves_no_macro(compile_, folder):
    source = folder / "macros.cpp"
    source.write_text(including(*(f"<cairn/{door}>" for door in DOORS)))
    return no_macro_left(compile_ + [f"-I{ROOT / 'single_include'}", "-dM", "-E", str(source)])


def no_macro_left(command):
    good, said = run(command)
    left = sorted(set(re.findall(r"^#define (CAIRN_\w+)", said, re.M)) - PUBLIC_MACROS - {"CAIRN_FOLDED"})
    return good and not left, f"left behind: {', '.join(left)}" if good else said


def make_standalone(folder):
    return run([sys.executable, str(AMALGAMATE), "--standalone", str(folder / "cairn_standalone.hpp")])


def standalone(compile_, folder):
    """Example 01 where there is nothing but the standalone header."""
    name = "01_save_and_restore"
    good, said = make_standalone(folder)
    if not good:
        return good, said
    example = (ROOT / "examples" / f"{name}.cpp").read_text(encoding="utf-8")
    source, program, opened = folder / "main.cpp", folder / name, folder / "main.d"
    source.write_text(example.replace("#include <cairn/cairn.hpp>\n", '#include "cairn_standalone.hpp"\n' * 2))
    good, said = run(compile_ + ["-O0", "-MD", "-MF", str(opened), "-pthread", str(source), "-o", str(program)])
    if not good:
        return good, said
    others = re.findall(r"\S*/(?:boost|cereal|cairn)/\S*", opened.read_text())
    if others:
        return False, f"still included: {', '.join(others)}"
    return run([sys.executable, str(ROOT / "examples" / "check.py"), str(program)])


def standalone_leaves_no_macro(compile_, folder):
    source = folder / "macros.cpp"
    source.write_text('#include "cairn_standalone.hpp"\n')
    good, said = make_standalone(folder)
    return (good, said) if not good else no_macro_left(compile_ + ["-dM", "-E", str(source)])


def standalone_is_first(compile_, folder):
    source = folder / "second.cpp"
    good, said = make_standalone(folder)
    if not good:
        return good, said
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
    "the committed folded headers are what amalgamate.py makes": fresh,
    "each header of ours stands in one folded header": once,
    "the folded headers leave no private macro behind": leaves_no_macro,
    "a folded header beside the tree or a second one is refused in one sentence, in either order": mixed,
    "each folded header compiles alone": alone,
    "the folded headers compile to nearly nothing, in either order, and a program that uses several of them runs": together,
    "the standalone header needs neither Boost nor cereal: example 01 in an empty folder": standalone,
    "the standalone header leaves no private macro behind": standalone_leaves_no_macro,
    "a header that declares and a source that defines are the same program: example 01": two_files,
    "the standalone header says that it has to be the first": standalone_is_first,
}
LONG = [together, two_files, alone, standalone]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--flags", nargs=argparse.REMAINDER, default=[])
    options = parser.parse_args()
    compile_ = shlex.split(options.compiler) + ["-std=c++20", "-Werror"] + options.flags

    def outcome(case):
        with tempfile.TemporaryDirectory() as folder:
            return case(compile_, pathlib.Path(folder))

    others = [case for case in LONG if case not in counts.in_turn(LONG, 4)]
    cases = {name: case for name, case in CASES.items() if case not in others}
    bad = False
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name, (good, said) in zip(cases, pool.map(outcome, cases.values())):
            counts.record("passed" if good else "failed", f"headers: {name}")
            print(f"{'passed' if good else 'FAILED'}: {name}" + ("" if good else f"\n{said}"), flush=True)
            bad = bad or not good
    sys.exit(bad)


if __name__ == "__main__":
    main()
