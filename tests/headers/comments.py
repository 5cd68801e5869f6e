#!/usr/bin/env python3
"""A comment of a public header is a sentence with a subject, and a throws clause names its codes.

Headers and error codes that a comment names are there, and every public name in a namespace or a class has a comment: its own, or
that of the name right above. A door is the manual page of its folder: its first line begins with the folder's
name, and it lists the public headers.
`comments.py FOLDER...` looks at these folders only.
"""
import re
import sys

from layers import HOUSE, ROOT, counts, is_public, layer

sys.path.insert(0, str(ROOT / "examples" / "guide" / "site"))
from names import Reader, error_codes, groups  # noqa: E402

BEGINNINGS = {
    r"of\b": 'the comment begins with "Of": say what it is about',
    r"the same\b": 'the comment begins with "The same": name what it is, or what it does',
    r"and\b": 'the comment begins with "And": it is no sentence of its own',
    r"as (above|below|before|there)\b": 'the comment begins with "As above": say it, a reader may see only this comment',
    r"what\b(?![^.]*\?)": 'the comment begins with "What": say "The ..." and a noun',
}
ANYWHERE = {
    r"\bso many\b": '"so many": name the number',
    r"\bthrows (as|like|what|whatever|the same|also as)\b": "the throws clause only points: list the codes",
}

HEADER = re.compile(r'(?<![\w/."<])[\w/]+\.hpp\b')
ROW = re.compile(r"^ +([\w/]+\.hpp) ")
COMMENT = re.compile(r"(?:^|\s)//(?!/)(.*)$")


def comments(text):
    """(line, its lines) of each paragraph: a comment goes on in lines of their own that begin in the same column."""
    found, column, raw = [], None, False
    for number, line in enumerate(text.split("\n"), 1):
        if raw or 'R"' in line and not line.lstrip().startswith("//"):  # the text of a raw string is no comment
            raw = not re.search(r'\)\w*"', line.split('R"', 1)[-1])
            column = None
            continue
        match = COMMENT.search(re.sub(r'"(?:\\.|[^"\\])*"(?=[^/]*//)', '""', line) if line.lstrip()[:2] != "//" else line)
        if not match or not match.group(1).strip():
            column = None
            continue
        if line.find("//") == column and line.lstrip().startswith("//"):
            found[-1][1].append(match.group(1))
        else:
            found.append((number, [match.group(1)]))
        column = line.find("//")
    return found


CODES = set(error_codes())


def names_in(header):
    return Reader(header.read_text(encoding="utf-8")).declarations()


def with_members(declarations):
    """The groups of these declarations, and of the members of their classes; a word of an enum may speak for itself."""
    for group in groups(declarations):
        yield group
        for each in group:
            if each.kind != "enum":
                yield from with_members(each.members)


def findings_of_names(header):
    for first, *_ in with_members(names_in(header)):
        if not first.comment:
            yield first.line, f"{first.path} has no comment: say what it does or is, above it or above the names that stand together"


def findings(header, text):
    for number, lines in comments(text):
        for line, comment in enumerate(lines):
            for code in re.findall(r"\bErrorCode::(\w+)", comment):
                if code not in CODES:
                    yield number + line, f"there is no ErrorCode::{code}"
            # In an example other headers may occur; in a row of a list the name comes first.
            for name in ROW.findall(comment) if comment.startswith("  ") else HEADER.findall(comment):
                if not any((folder / name).is_file() for folder in (header.parent, HOUSE, header.with_suffix(""))):
                    yield number + line, f"{name} is not there: name a header by its path from here, or from include/cairn"

        joined = "\n".join(line.strip() for line in lines)
        # An indented line is an example or a row of a list.
        if not lines[0].startswith("  "):
            for pattern, rule in BEGINNINGS.items():
                if re.match(pattern, joined, re.I):
                    yield number, rule
        for pattern, rule in ANYWHERE.items():
            for at in re.finditer(pattern.replace(" ", r"\s"), joined, re.I):
                yield number + joined.count("\n", 0, at.start()), rule


def findings_of_door(door, text):
    """Where private headers have a folder of their own, all others are public."""
    folder = door.with_suffix("")
    if not (folder / "detail").is_dir():
        return
    if not text.startswith(f"// {folder.name}: "):
        yield 1, f'the first line does not begin with "// {folder.name}: "'
    listed = set(re.findall(rf"^//   ({folder.name}/[\w/]+\.hpp) ", text, re.M))
    there = {f"{folder.name}/{header.name}" for header in folder.glob("*.hpp")}
    for name in sorted(there - listed):
        yield 1, f"the list of parts lacks {name}"
    for name in sorted(listed - there):
        yield 1, f"the list of parts has {name}, which is private or not there"
    if folder.name == "types":  # it lists the types of other libraries
        return
    for name, row in re.findall(r"^//   ([\w/]+\.hpp) +(.*(?:\n//  {6,}.*)*)", text, re.M):
        if name not in listed or (door.parent / name).with_suffix("").is_dir():  # a door of its own
            continue
        declared = {each.name for group in with_members(names_in(door.parent / name)) for each in group}
        for word in re.sub(r"\n//\s+", " ", row).split(": ")[0].split(", "):
            if re.fullmatch(r"[\w:]+", word) and word.split("::")[-1] not in declared:
                yield 1, f"the list of parts says that {name} has {word}, which examples/guide/site/names.py does not find there"


def main():
    looked_at, failed = 0, False
    for header in sorted(HOUSE.rglob("*.hpp")):
        text = header.read_text(encoding="utf-8")
        if sys.argv[1:] and layer(header) not in sys.argv[1:] or not is_public(header):
            continue
        looked_at += 1
        for number, rule in [*findings(header, text), *findings_of_door(header, text), *findings_of_names(header)]:
            print(f"{header.relative_to(ROOT)}:{number}: {rule}")
            failed = True
    counts.record("failed" if failed else "passed", "headers: a public comment is a sentence with a subject, and a door lists its parts")
    print(f"{looked_at} public headers looked at")
    sys.exit(failed or not looked_at)


if __name__ == "__main__":
    main()
