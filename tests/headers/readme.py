#!/usr/bin/env python3
"""What README and the guide say of the headers: those they name are there, and the map's table of arrows is layers.py's.

`readme.py --write` puts the present table into the map. guide.py looks at links and at code.
"""
import re
import sys

from layers import HOUSE, ROOT, counts, table

README, MAP = ROOT / "README.md", ROOT / "examples" / "guide" / "map.md"
ARROWS = re.compile(r"^\| folder \| its question \| may include \|\n(?:\|.*\n)+", re.M)
HEADER = re.compile(r"<cairn/([\w/]+\.hpp)>")
UNCUT = re.compile(r"(?<! -->\n)^```cpp$", re.M)


def code():
    if UNCUT.search(README.read_text(encoding="utf-8")):
        yield "README.md: a block of C++ has no `<!-- cut: FILE -->` line before it: code may not live only in README"


def headers():
    for page in [README, *sorted(MAP.parent.glob("*.md"))]:
        for name in sorted(set(HEADER.findall(page.read_text(encoding="utf-8")))):
            if not (HOUSE / name).is_file():
                yield f"{page.relative_to(ROOT)}: <cairn/{name}> is not in include/"
            elif "/" not in name and not (ROOT / "single_include" / "cairn" / name).is_file():
                yield f"{page.relative_to(ROOT)}: <cairn/{name}> is not in single_include/; run single_include/amalgamate.py"


def arrows():
    found = ARROWS.search(MAP.read_text(encoding="utf-8"))
    if not found or found.group().splitlines() != table():
        yield "examples/guide/map.md: the table of folders is not that of layers.py; run tests/headers/readme.py --write"


CHECKS = {"README: its code is cut from programs": code, "README and guide: the headers they name are there": headers,
          "map: its table of arrows is the tested one": arrows}


def main():
    if sys.argv[1:] == ["--write"]:
        MAP.write_text(ARROWS.sub(lambda _: "\n".join(table()) + "\n", MAP.read_text(encoding="utf-8")), encoding="utf-8")
        return
    bad = False
    for name, check in CHECKS.items():
        faults = list(check())
        counts.record("failed" if faults else "passed", name)
        for fault in faults:
            print(fault)
        bad = bad or bool(faults)
    sys.exit(bad)


if __name__ == "__main__":
    main()
