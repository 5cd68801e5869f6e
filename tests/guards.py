#!/usr/bin/env python3
"""Takes the conditions under which cairn throws out, one at a time, and says which of them no unit test misses.

    guards.py [--build build/guards] [--jobs 2] [--only PATTERN] [FOLDER...]

A guard is an `if` whose branch ends by throwing, or by calling what only throws. In a copy of the tree each guard gets a number and
a switch; the unit tests are built once from that copy. A first run of all tests tells which test cases meet which guards. Then each
guard is switched off, by the environment variable CAIRN_GUARD_OUT, for the test cases that met it: a guard is held when one of them
fails. Two kinds of guards are printed at the end, and make the exit status 1: those that no test meets, and those that tests meet
without missing them. Those that no test can meet are in the table OUT_OF_REACH, and are printed apart. Conditions that declare a name,
cases of a switch and what the compiler evaluates are not tried; they are counted. Headers of Windows are left out.
FOLDER is a folder of include/cairn; without one, all that EVERYWHERE lists. It takes some 20 minutes of two processors.
"""
import argparse
import bisect
import collections
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
EVERYWHERE = ["core", "tensor", "graph", "io", "format", "bundle", "checkpoint", "cereal", "edit", "exchange"]
SLOW = ["test_crash", "test_damage"]
OUT_OF_REACH = {  # file: condition -> why no test meets it
    "include/cairn/io/posix.hpp: size_ > std::numeric_limits<std::size_t>::max()": "a file of more bytes than size_t counts needs a size_t of 32 bits",
}
THROWS = re.compile(r"(throw\b|(return\s+)?([\w.:]|->)*\b(fail\w*|refuse\w*|throw_\w+|too_many|damaged|wrong)\s*\()")
SWITCH = r"""
#pragma once
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
namespace cairn_guards {
inline const char* test_case = "";
inline const char* program = "";
inline bool met_at_run_time(int number) {
  static const char* const out = std::getenv("CAIRN_GUARD_OUT");
  static const int number_out = out ? std::atoi(out) : -1;
  if (number == number_out) return false;
  static const char* const log = std::getenv("CAIRN_GUARD_LOG");
  if (log == nullptr) return true;
  static const char* last[4096];
  if (last[number] == test_case) return true;
  last[number] = test_case;
  char line[1024];
  const int size = std::snprintf(line, sizeof line, "%d\t%s\t%s\n", number, program, test_case);
  const int file = ::open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (file >= 0 && ::write(file, line, static_cast<unsigned long>(size)) >= 0) ::close(file);
  return true;
}
constexpr bool met(int number, bool condition) {
  if (!condition || __builtin_is_constant_evaluated()) return condition;
  return met_at_run_time(number);
}
}  // namespace cairn_guards
"""


def masked(text):
    """The text with comments and the insides of literals as spaces, each character where it was."""
    def blank(found):
        return re.sub(r"[^\n]", " ", found.group())
    return re.sub(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'', blank, text, flags=re.DOTALL)


def closing(code, at):
    """The place of the bracket that closes the one at `at`."""
    depth = 0
    for place in range(at, len(code)):
        depth += (code[place] in "([{") - (code[place] in ")]}")
        if depth == 0:
            return place
    raise ValueError("a bracket is not closed")


def statements(block):
    """The statements of a block without its braces, as they begin; each ends at its semicolon or brace."""
    depth, begin = 0, 0
    for place, letter in enumerate(block):
        depth += (letter in "([{") - (letter in ")]}")
        if depth == 0 and letter in ";}":
            yield block[begin:place + 1].strip()
            begin = place + 1


def throws(code, after):
    """Whether the statement that begins at `after` ends by throwing."""
    rest = re.compile(r"\s*(\[\[\w+\]\]\s*)?").match(code, after).end()
    if code[rest] != "{":
        return THROWS.match(code, rest) is not None
    of_block = [each for each in statements(code[rest + 1:closing(code, rest)]) if each not in ("", ";")]
    return bool(of_block) and THROWS.match(of_block[-1]) is not None


def guards(code):
    """(begin, end) of each condition that can be switched off, and how many cannot."""
    found, others = [], 0
    for match in re.finditer(r"\bif\s*(constexpr\s*)?\(", code):
        end = closing(code, match.end() - 1)
        if not throws(code, end + 1):
            continue
        begin = match.end()
        depth = 0
        for place in range(begin, end):
            depth += (code[place] in "([{") - (code[place] in ")]}")
            if depth == 0 and code[place] == ";":
                begin = place + 1
        condition = code[begin:end]
        if match.group(1) or re.match(r"\s*(const\s+)?[\w:<>]+[\s*&]+(const\s+)?\w+\s*=[^=]", condition):
            others += 1
        else:
            found.append((begin, end))
    return found, others


def instrument(tree, folders):
    """Numbers the guards of a copy; (file, line, condition) of each, and how many were left."""
    table, left = [], 0
    for folder in folders:
        for path in sorted((tree / "include" / "cairn" / folder).rglob("*.hpp")):
            if path.name.startswith("windows"):  # which this machine does not compile
                continue
            text = path.read_text(encoding="utf-8")
            code = masked(text)
            lines = [0] + [found.end() for found in re.finditer("\n", text)]
            found, others = guards(code)
            left += others
            parts, at = [], 0
            for begin, end in found:
                parts += [text[at:begin], f"::cairn_guards::met({len(table)}, static_cast<bool>({text[begin:end].strip()}))"]
                table.append((str(path.relative_to(tree)), bisect.bisect(lines, begin), " ".join(text[begin:end].split())))
                at = end
            path.write_text("".join(parts) + text[at:], encoding="utf-8")
    return table, left


def programs_of(build):
    return [path for path in sorted((build / "tests").rglob("test_*")) if os.access(path, os.X_OK) and path.is_file()]


def run(program, environment, *arguments, seconds=900):
    try:
        return subprocess.run([program, *arguments], env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              stdin=subprocess.DEVNULL, timeout=seconds, check=False).returncode
    except subprocess.TimeoutExpired:
        return -1


def held_by(number, met, programs):
    """The test case that fails without the guard, or nothing."""
    for program, case in sorted(met, key=lambda each: each[0] in SLOW):
        name = re.sub(r"([,\\])", r"\\\1", case)
        if run(programs[program], {"CAIRN_GUARD_OUT": str(number)}, f"--test-case={name}", seconds=120) != 0:
            return f"{program}: {case}"
    return None


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "guards")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="a pattern of file:line: condition; other guards are not switched off")
    parser.add_argument("folders", nargs="*", metavar="FOLDER", default=EVERYWHERE)
    options = parser.parse_args()

    tree, build = options.build.resolve() / "tree", options.build.resolve() / "build"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns("build", ".git"))
    table, left = instrument(tree, options.folders)
    switch = tree / "cairn_guards.hpp"
    switch.write_text(SWITCH, encoding="utf-8")
    counts = tree / "tests" / "support" / "main.cpp"
    counts.write_text(counts.read_text(encoding="utf-8").replace(
        'name_ = program_ + ": " + test.m_name;',
        'name_ = program_ + ": " + test.m_name; ::cairn_guards::program = program_.c_str(); ::cairn_guards::test_case = test.m_name;'), encoding="utf-8")
    print(f"{len(table)} guards, {left} that cannot be switched off", flush=True)

    if not (build / "build.ninja").exists():
        subprocess.run(["meson", "setup", build, tree, "-Dtests=true", "-Ddebug=false", "-Doptimization=0", "-Dwerror=false",
                        f"-Dcpp_args=['-include', '{switch}']"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", build, "-k", "0", f"-j{options.jobs}", "unit"], check=True, stdout=subprocess.DEVNULL)
    programs = {path.name: path for path in programs_of(build)}

    log = options.build.resolve() / "met.txt"
    log.unlink(missing_ok=True)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        ended = dict(zip(programs, pool.map(lambda path: run(path, {"CAIRN_GUARD_LOG": str(log)}), programs.values())))
    for program in (program for program, status in ended.items() if status != 0):
        print(f"{program} fails with all guards in place: it holds nothing")
    met = collections.defaultdict(dict)
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        number, program, case = line.split("\t", 2)
        if ended.get(program) == 0:
            met[int(number)][program, case] = None

    wanted = [number for number, (file, line, condition) in enumerate(table) if re.search(options.only, f"{file}:{line}: {condition}")]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        held = dict(zip(wanted, pool.map(lambda number: held_by(number, list(met[number]), programs), wanted)))

    def reason(number):
        file, _, condition = table[number]
        return OUT_OF_REACH.get(f"{file}: {condition}")

    print("\nout of the reach of tests:")
    for number in (number for number in wanted if not met[number] and reason(number)):
        print("  {}:{}: {}".format(*table[number]) + f"\n    {reason(number)}")
    wanted = [number for number in wanted if met[number] or not reason(number)]
    for title, kind in [("no test meets", lambda number: not met[number]), ("tests meet, and miss not", lambda number: met[number] and not held[number])]:
        of_kind = [number for number in wanted if kind(number)]
        print(f"\n{len(of_kind)} that {title}:")
        for number in of_kind:
            print("  {}:{}: {}".format(*table[number]))
    survivors = sum(held[number] is None for number in wanted)
    print(f"\n{len(wanted) - survivors} of {len(wanted)} guards are held by a test")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
