#!/usr/bin/env python3
"""The pages for readers lead somewhere and tell the truth: README, the guide, and the pages beside the tests.

    <!-- cut: ../01_save_and_restore.cpp -->    before a fence: its code stands in that file, which is named from the page's
                                                folder; an empty line may leave out lines of the file
    <!-- said by: ../01_save_and_restore.out -->    before a fence: the program said so; line breaks do not matter
"""
import re
import sys
import textwrap
import urllib.parse

from layers import HOUSE, ROOT, counts

GUIDE = ROOT / "examples" / "guide"
INDEX, ERRORS, PICTURES = GUIDE / "index.md", GUIDE / "errors.md", GUIDE / "pictures"
OTHERS = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "tests/README.md", "tests/bench/README.md"]
PAGES = [*sorted(GUIDE.glob("*.md")), *(ROOT / name for name in OTHERS if (ROOT / name).is_file())]
LONGEST_LINE = 160  # of README
LARGEST_PICTURE = 60_000

FENCE = re.compile(r"(?:^ *<!-- (cut|said by): (\S+) -->\n+)?^( *)(```+|~~~+)(\w*)[^\n]*\n(.*?)^\3\4`*\n", re.S | re.M)
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.M)
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^ {0,3}\[[^\]]+\]: *(\S+)", re.M)
NAMED = re.compile(r"<\w+ [^>]*\b(?:id|name)=\"([^\"]+)\"")
HTML_LINK = re.compile(r"<\w+ [^>]*\b(?:href|src|srcset)=\"([^\"]+)\"")


def text_of(page):
    return page.read_text(encoding="utf-8")


def without_code(text):
    """Fences and code within a line gone; the lines keep their numbers."""
    text = FENCE.sub(lambda fence: "\n" * fence.group().count("\n"), text)
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", text)


def anchors(page):
    """The names that GitHub gives to headings, and those that the page gives by itself."""
    text = FENCE.sub("", text_of(page))
    found, seen = set(NAMED.findall(text)), {}
    for heading in HEADING.findall(text):
        plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]+>", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.replace("`", "").strip().lower()).replace(" ", "-")
        seen[slug] = seen.get(slug, -1) + 1
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
    return found


def links(page):
    """(line, target) of every link that stays in this repository."""
    text = without_code(text_of(page))
    for match in [*LINK.finditer(text), *HTML_LINK.finditer(text)]:
        target = next(group for group in match.groups() if group)
        if not re.match(r"[a-z]+:", target):
            yield text.count("\n", 0, match.start()) + 1, urllib.parse.unquote(target)


def target_of(page, link):
    path = link.partition("#")[0]
    return (page.parent / path).resolve() if path else page


def dead_links(page):
    for line, link in links(page):
        target, anchor = target_of(page, link), link.partition("#")[2]
        if not target.exists():
            yield f"{line}: the link to {link} leads nowhere"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{line}: {link.partition('#')[0] or 'this page'} has no heading with the name #{anchor}"


def lines(text):
    return [line.rstrip() for line in textwrap.dedent(text).strip("\n").split("\n")]


def stands_in(block, file):
    """Each run of lines without an empty one stands in the file so, in this order, at whatever column it begins."""
    there, at = [line.rstrip() for line in text_of(file).split("\n")], 0
    for run in re.split(r"\n\s*\n", "\n".join(lines(block))):
        wanted = run.split("\n")
        for start in range(at, len(there) - len(wanted) + 1):
            if lines("\n".join(there[start:start + len(wanted)])) == lines(run):
                at = start + len(wanted)
                break
        else:
            return f"the code that begins `{wanted[0].strip()}` does not stand so"
    return ""


def was_said(block, file):
    """Each paragraph is part of what the program printed."""
    output = " ".join(text_of(file).split())
    for paragraph in re.split(r"\n\s*\n", block.strip()):
        if " ".join(paragraph.split()) not in output:
            return f"`{' '.join(paragraph.split())[:60]}...` does not stand"
    return ""


def untrue_fences(page):
    text = text_of(page)
    promised = len(re.findall(r"^ *<!-- *(?:cut|said by)\b", text, re.M))
    for fence in FENCE.finditer(text):
        kind, name, block = fence.group(1), fence.group(2), fence.group(6)
        if not kind:
            continue
        promised -= 1
        file, line = (page.parent / name).resolve(), text.count("\n", 0, fence.start()) + 1
        if not file.is_file():
            yield f"{line}: there is no file {name}"
        elif fault := (stands_in if kind == "cut" else was_said)(block, file):
            yield f"{line}: {fault} in {name}"
    if promised:
        yield f" {promised} of its comments `<!-- cut: FILE -->` and `<!-- said by: FILE -->` stand before no fence, or are written otherwise"


def all_pages(check):
    return lambda: (f"{page.relative_to(ROOT)}:{fault}" for page in PAGES for fault in check(page))


def unlinked_pages():
    if INDEX.is_file():
        linked = {target_of(INDEX, link) for _, link in links(INDEX)}
        for page in sorted(GUIDE.glob("*.md")):
            if page != INDEX and page not in linked:
                yield f"{INDEX.relative_to(ROOT)}: no link leads to {page.name}"


def unexplained_codes():
    codes = re.search(r"enum class ErrorCode \{(.*?)\};", text_of(HOUSE / "core" / "error.hpp"), re.S).group(1)
    codes = re.findall(r"^ *(\w+) = \d+,", codes, re.M)
    assert codes, "core/error.hpp has no ErrorCode that this test can read"
    if ERRORS.is_file():
        headings = {word for heading in HEADING.findall(FENCE.sub("", text_of(ERRORS))) for word in re.findall(r"\w+", heading)}
        for code in codes:
            if code not in headings:
                yield f"{ERRORS.relative_to(ROOT)}: no heading has {code}, with its cause, its cure and a message"


def long_lines():
    text = text_of(ROOT / "README.md")
    if "examples/guide/" in text:
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > LONGEST_LINE:
                yield f"README.md:{number}: {len(line)} characters in a line, of {LONGEST_LINE}; what is long has its place in the guide"


def pictures():
    files = [file for file in sorted(PICTURES.glob("*")) if file.suffix in {".png", ".svg", ".webp"}]
    shown = {target_of(page, link) for page in PAGES for _, link in links(page)}
    for picture in files:
        if picture.stat().st_size > LARGEST_PICTURE:
            yield f"{picture.relative_to(ROOT)}: {picture.stat().st_size:,} bytes, of {LARGEST_PICTURE:,}"
        if picture not in shown and INDEX.is_file():
            yield f"{picture.relative_to(ROOT)}: no page shows it"
    script = PICTURES / "make.py"
    for picture in files:
        if not script.is_file() or picture.name not in text_of(script):
            yield f"{picture.relative_to(ROOT)}: pictures/make.py does not make it"


CHECKS = {"every link and anchor leads somewhere": all_pages(dead_links), "code and messages are those of the files they name": all_pages(untrue_fences),
          "the guide's index leads to every page": unlinked_pages, "every error code has a heading": unexplained_codes,
          "README has no long line": long_lines, "pictures are small, shown, and made by a script": pictures}


def main():
    bad = False
    for name, check in CHECKS.items():
        faults = list(check())
        counts.record("failed" if faults else "passed", f"guide: {name}")
        for fault in faults:
            print(fault)
        bad = bad or bool(faults)
    print(f"{len(PAGES)} pages looked at")
    sys.exit(bad)


if __name__ == "__main__":
    main()
