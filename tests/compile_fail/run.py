#!/usr/bin/env python3
"""Refusals are a feature: wrong programs must not compile, and the compiler must say why in our words.

    run.py --compiler "g++" --include DIRECTORY [--precompiled checkpoint.hpp] case.cpp...

Each case holds a right program and, under `#ifdef CAIRN_WRONG`, a wrong one. The right one must compile without a
warning; in CI one of three right ones is tried, others when a header has changed. The wrong one must fail, and what the compiler prints must hold all words that comment lines expect:
    // expect: words                          from every compiler
    // expect g++: words                      from this one only; likewise `clang++`
    // errors: 1                              where the refusal must be the only error
    // needs: <header>                        where the case is skipped without that header of another library
    // later g++: why                         where our sentence cannot stand among the first ten lines; likewise clang++
A case that includes something of cairn/checkpoint gets that from the precompiled header, checkpoint.hpp.gch.
Our sentence ("cairn: ...") must stand among the first ten lines, which people read, and all words among the first 25.
Letters that clang 14 prints one by one ('w', 'e', 'i') are joined first, all quotation marks are made ', and the
version's namespace, which g++ spells out, is left out.

By hand, for another compiler:
    run.py --compiler clang++-19 --include include tests/compile_fail/*.cpp
"""
import argparse
import pathlib
import re
import shlex
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import counts  # noqa: E402

FIRST_LINES = 25
SENTENCE_LINES = 10


def compiled(command, source, *flags):
    result = subprocess.run(command + [*flags, "-fsyntax-only", str(source)], capture_output=True, text=True)
    said = re.sub(r"\bv\d+_\d+_\d+::", "", result.stderr.replace("\u2018", "'").replace("\u2019", "'"))
    return result.returncode == 0, re.sub(r"'(.)'(?:, '(.)')*", lambda letters: letters[0].replace("', '", ""), said)


def expectations(source, family):
    words, errors, later = [], None, False
    for line in source.read_text(encoding="utf-8").splitlines():
        if found := re.match(r"// expect(?: (\S+))?: (.*)", line):
            if found[1] in (None, family):
                words.append(found[2].strip())
        elif found := re.match(r"// errors: (\d+)", line):
            errors = int(found[1])
        elif found := re.match(r"// later (\S+): \S", line):
            later |= found[1] == family
    return words, errors, later


def missing_header(command, source):
    """The header that the case needs and the compiler does not find, or nothing."""
    needed = re.search(r"^// needs: (<.*>)$", source.read_text(encoding="utf-8"), re.M)
    if not needed:
        return ""
    asked = subprocess.run(command + ["-E", "-x", "c++", "-"], input=f"#if !__has_include({needed[1]})\n#error\n#endif\n", capture_output=True, text=True)
    return needed[1] if asked.returncode else ""


def why_it_fails(command, family, source):
    """Nothing when the case is as it should be."""
    words, errors, later = expectations(source, family)
    if not words:
        return "it expects no words"
    good, said = compiled(command, source, "-Werror") if counts.is_its_turn(source.stem, 3) else (True, "")
    if not good:
        return "the right form does not compile:\n" + said
    good, said = compiled(command, source, "-DCAIRN_WRONG")
    if good:
        return "the wrong form compiles"
    lines = said.splitlines()
    for word in words:
        first = SENTENCE_LINES if word.startswith("cairn: ") and not later else FIRST_LINES
        if word not in "\n".join(lines[:first]):
            return f"the first {first} lines do not say: {word}\n{said}"
    found = len(re.findall(r"\berror: ", said))
    if errors not in (None, found):
        return f"there are {found} errors, not {errors}:\n{said}"
    return ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--include", required=True)
    parser.add_argument("--precompiled", type=pathlib.Path)
    parser.add_argument("--system", action="append", default=[], help="where headers of other libraries are")
    parser.add_argument("cases", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    command = shlex.split(options.compiler) + ["-std=c++20", "-Wall", "-Wextra", f"-I{options.include}", *(f"-isystem{folder}" for folder in options.system)]
    version = subprocess.run(shlex.split(options.compiler) + ["--version"], capture_output=True, text=True).stdout
    family = "clang++" if "clang" in version else "g++"

    bad = skipped = 0
    for case in options.cases:
        name = case.stem.replace("_", " ")
        if missing := missing_header(command, case):
            outcome = counts.skip(f"compile_fail: {name}", f"{missing} is not installed")
            bad += outcome == "failed"
            skipped += outcome == "skipped"
            continue
        precompiled = []
        if options.precompiled and re.search(r'^#include ["<]cairn/checkpoint', case.read_text(encoding="utf-8"), re.M):
            precompiled = ["-Winvalid-pch", "-include", str(options.precompiled)]
        why = why_it_fails(command + precompiled, family, case)
        bad += bool(why)
        counts.record("failed" if why else "passed", f"compile_fail: {name}")
        print(f"FAIL {name}: {why}" if why else f"PASS {name}", flush=True)
    sys.exit(1 if bad else 77 if skipped == len(options.cases) else 0)  # 77: Meson knows a test that was skipped by it


if __name__ == "__main__":
    main()
