#!/usr/bin/env python3
"""README tells the truth: its code is cut from the examples, its headers are there, its table of arrows is layers.py's.

That its links lead somewhere guide.py sees.

    <!-- cut: examples/01_save_and_restore.cpp -->      before a ```cpp block: the block is what stands in that file
                                                        between `// [readme]` and `// [/readme]`; several pieces are
                                                        joined by an empty line
`readme.py --write` puts the present code and table into README.
"""
import re
import sys
import textwrap

from layers import HOUSE, ROOT, counts, table

README = ROOT / "README.md"
BLOCK = re.compile(r"(?:<!-- cut: (\S+) -->\n)?```cpp\n(.*?)```\n", re.S)
PIECE = re.compile(r"^ *// \[readme\]\n(.*?)^ *// \[/readme\]\n", re.S | re.M)
ARROWS = re.compile(r"^\| folder \| its question \| may include \|\n(?:\|.*\n)+", re.M)
HEADER = re.compile(r"<cairn/([\w/]+\.hpp)>")


def cut(name):
    file = ROOT / name
    pieces = PIECE.findall(file.read_text(encoding="utf-8")) if file.is_file() else []
    return "\n".join(textwrap.dedent(piece) for piece in pieces)


def code(text):
    for name, block in BLOCK.findall(text):
        if not name:
            yield "a block of C++ has no `<!-- cut: FILE -->` line before it: code may not live only in README"
        elif not cut(name):
            yield f"{name} has nothing between // [readme] and // [/readme]"
        elif block != cut(name):
            yield f"the code of {name} is not what README shows; run tests/headers/readme.py --write"


def headers(text):
    for name in sorted(set(HEADER.findall(text))):
        if not (HOUSE / name).is_file():
            yield f"<cairn/{name}> is not in include/"
        elif "/" not in name and not (ROOT / "single_include" / "cairn" / name).is_file():
            yield f"<cairn/{name}> is not in single_include/; run single_include/amalgamate.py"


def arrows(text):
    found = ARROWS.search(text)
    if not found or found.group().splitlines() != table():
        yield "the table of folders is not that of layers.py; run tests/headers/readme.py --write"


CHECKS = {"its code is cut from the examples": code, "its headers are there": headers, "its table of arrows is the tested one": arrows}


def write():
    def fresh(match):
        name = match.group(1)
        return f"<!-- cut: {name} -->\n```cpp\n{cut(name)}```\n" if name else match.group()

    text = BLOCK.sub(fresh, README.read_text(encoding="utf-8"))
    README.write_text(ARROWS.sub(lambda _: "\n".join(table()) + "\n", text), encoding="utf-8")


def main():
    if sys.argv[1:] == ["--write"]:
        return write()
    text, bad = README.read_text(encoding="utf-8"), False
    for name, check in CHECKS.items():
        faults = list(check(text))
        counts.record("failed" if faults else "passed", f"README: {name}")
        for fault in faults:
            print(f"README.md: {fault}")
        bad = bad or bool(faults)
    sys.exit(bad)


if __name__ == "__main__":
    main()
