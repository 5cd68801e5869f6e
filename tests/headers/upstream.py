#!/usr/bin/env python3
"""The tables of tests/upstream.md hold: each case of TensorFlow's tests that means something here has its row, and each row
names tests that exist and run.

    | case | `checkpoint/upstream_checkpoint.cpp` "testAddVariable"; `interop/lists` | remark |

A path is a file or folder in tests/ that the meson.build beside it lists. What stands in quotes behind a path, parted by
commas, is how a sentence begins that names a TEST_CASE of that file, or one of TensorFlow's names before its colon.
"""
import collections
import re
import sys

from layers import ROOT, counts

TESTS = ROOT / "tests"
PAGE = TESTS / "upstream.md"
ROWS = 163  # 128 cases that map, and 35 of which part does

TEST = re.compile(r'`([^`]+)`((?:,? "[^"]+")*)')
CASE = re.compile(r'^TEST_CASE(?:_TEMPLATE)?\(((?:\s*"(?:[^"\\]|\\.)*")+)', re.M)
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def names(path):
    """The names of a file's tests, one string each."""
    for literals in CASE.findall(path.read_text(encoding="utf-8")):
        yield "".join(LITERAL.findall(literals)).replace('\\"', '"')


def is_named(part, name):
    if " " in part:
        return name.startswith(part)
    return any(each == part or each.startswith(part + " (") for each in name.split(":")[0].split(", "))


def faults_of(cell):
    """What is wrong with the tests that one row names."""
    rest = re.sub(r"[;\s]", "", TEST.sub("", cell))
    if rest or not TEST.search(cell):
        yield f"{cell!r} is not a list of tests"
    for name, quoted in TEST.findall(cell):
        path = TESTS / name
        if not path.exists():
            yield f"there is no tests/{name}"
            continue
        build = path.parent / "meson.build"
        if f"'{path.name}'" not in build.read_text(encoding="utf-8") and f"'{path.stem}'" not in build.read_text(encoding="utf-8"):
            yield f"{build.relative_to(ROOT)} does not list {path.name}: it does not run"
        if path.is_dir() or path.parent.name == "compile_fail":
            continue
        parts = re.findall(r'"([^"]+)"', quoted)
        if not parts:
            yield f"no test of tests/{name} is named"
        for part in parts:
            if not any(is_named(part, each) for each in names(path)):
                yield f"no test of tests/{name} is called {part!r}, or begins so"


def rows(text):
    """(case, tests) of every row, with the file of TensorFlow's before the case."""
    file = ""
    for line in text.splitlines():
        if line.startswith("## "):
            file = line[3:].strip()
        elif line.startswith("| ") and not line.startswith("| case |"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            yield f"{file}: {cells[0]}", cells[1] if len(cells) == 3 else ""


def main():
    table = list(rows(PAGE.read_text(encoding="utf-8")))
    faults = [f"{case}: {fault}" for case, tests in table for fault in faults_of(tests)]
    faults += [f"{case} has {count} rows" for case, count in collections.Counter(case for case, _ in table).items() if count > 1]
    if len(table) != ROWS:
        faults.append(f"there are {len(table)} rows, of {ROWS} cases")
    for fault in faults:
        print(f"tests/upstream.md: {fault}")
    print(f"{len(table)} rows")
    counts.record("failed" if faults else "passed", "the table of TensorFlow's own tests")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
