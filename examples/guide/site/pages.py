#!/usr/bin/env python3
"""Writes the site's pages: the guide's as they are, one for each example, and the reference, made of the headers' comments.

    pages.py FOLDER

A door is a page with its comment, which is a manual page, and links to the pages of its headers; there each name has what
its declaration and the comment above say. Nothing here knows a name or a version: all of it is read.
"""
import posixpath
import re
import shutil
import sys
import urllib.parse
from pathlib import Path

from names import CLASSES, HOUSE, ROOT, Reader, error_codes, groups, public_headers, top_comment
from amalgamate import reached  # names has put its folder onto the path

GUIDE = ROOT / "examples" / "guide"
PROJECT = ["CHANGELOG.md", "CONTRIBUTING.md", "README.md", "tests/README.md", "tests/bench/README.md"]
LEXERS = {".cpp": "cpp", ".hpp": "cpp", ".py": "python", ".sh": "bash", ".md": "markdown", ".build": "meson"}

CODES = error_codes()
VERSION = ".".join(re.findall(r"^#define CAIRN_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", (HOUSE / "version.hpp").read_text(encoding="utf-8"), re.M))
FIRST = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)[-1]  # what says nothing else is from then
SINCE = re.compile(r"\s*\bSince (\d+\.\d+\.\d+)\.")
ROW = re.compile(r"^ +([\w/]+\.(?:hpp|py))(?:  +| *$)(.*)$")
CODE_WORD = re.compile(r"""(`[^`]+`)|("[^"\n]*"_a\b)|(?<![\w/.])(
    [\w/]+\.hpp\b | ErrorCode::\w+ | (?:[A-Za-z_]\w*::)+~?\w+(?:<[\w:, ]*>)?(?:\(\))? | [A-Za-z]\w*<[\w:, .]+>(?:\(\))?
  | \w+\(\) | [A-Za-z]+_\w+ | [A-Z][a-z]+[A-Z]\w* | \w+)""", re.X)
THROWS = re.compile(r"(?:\A|(?<=[.:)]\s))(?:It |This )?[Tt]hrows (?:an )?(?:Error with )?(ErrorCode::(?:[^.]|\.(?!\s|\Z))+)\.(?=\s|\Z)")


def page_of(header):
    return f"reference/{header.relative_to(HOUSE).with_suffix('').as_posix()}"


def relative(page, target):
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


class Index:
    """Where each public name has its section: page and label."""

    def __init__(self):
        self.places, self.by_last, self.labels, self.headers = {}, {}, set(), {}

    def enter(self, declaration, of_enum):
        if of_enum:  # it is told of there
            declaration.label = self.places[declaration.path] = of_enum.label
            return
        label = "name-" + re.sub(r"\W+", "-", declaration.path.replace("operator", "operator-")).strip("-").lower()
        number = 1
        while f"{label}-{number}" in self.labels:
            number += 1
        declaration.label = label = label if label not in self.labels else f"{label}-{number}"
        self.labels |= {label, f"{label}-{number}"}
        self.places.setdefault(declaration.path, label)
        self.by_last.setdefault(declaration.name, set()).add(declaration.path)

    def find(self, text, scope):
        """The label of a name as a comment writes it, seen from a scope."""
        name = re.sub(r"<.*>|\(\)", "", text)
        while True:
            path = f"{scope}::{name}" if scope else name
            if path in self.places and name != scope.rpartition("::")[2]:  # a class's name in it is the class
                return self.places[path]
            if not scope:
                break
            scope = scope.rpartition("::")[0]
        if name[:1].isupper() and "::" not in name:  # a type of which there is one
            paths = self.by_last.get(name, ())
            return self.places[next(iter(paths))] if len(paths) == 1 else None
        return None


def escaped(text):
    return re.sub(r"([\\*_\[\]<>#|$~^{}`])", r"\\\1", text)


class Writer:
    def __init__(self, index, page, header, scope):
        self.index, self.page, self.header, self.scope = index, page, header, scope

    def prose(self, text, own=""):
        """A paragraph as Markdown: words of code stand as such, and lead to where they are told of."""
        found, at = [], 0
        for match in CODE_WORD.finditer(text):
            word, label = match.group(), None
            bare = word.strip("`")
            found.append(escaped(text[at:match.start()]))
            at = match.end()
            looks_like_code = not re.fullmatch(r"[A-Za-z0-9]+", bare)
            if bare.endswith(".hpp"):
                target = next((file for file in ((self.header.parent / bare).resolve(), HOUSE / bare) if file in self.index.headers), None)
                found.append(f"[`{bare}`](/{page_of(target)}.md)" if target else f"`{bare}`")
                continue
            if bare.startswith("ErrorCode::") and bare.partition("::")[2] in CODES:
                found.append(self.code(bare.partition("::")[2], bare))
                continue
            if bare in CODES and "ErrorCode::" in text:
                found.append(self.code(bare))
                continue
            if looks_like_code or bare[:1].isupper() or word[0] == "`":
                label = self.index.find(bare, self.scope)
            if label and label != own and (looks_like_code or word[0] == "`" or bare in self.index.types):
                found.append(f"[`{bare}`](#{label})")
            elif word[0] == "`" or looks_like_code and not re.fullmatch(r"[\d_]+", bare):
                found.append(f"`{bare}`")
            else:
                found.append(escaped(word))
        text = "".join(found) + escaped(text[at:])
        return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-+=])", r"\\\1", text, flags=re.M), flags=re.M)

    def code(self, code, text=""):
        return f"[`{text or code}`](/errors.md#{code})" if (GUIDE / "errors.md").is_file() else f"[`{text or code}`](#name-cairn-errorcode)"

    def throws(self, text):
        """The sentences about what is thrown, as a list."""
        items = []
        for clause in re.split(r";\s+(?=(?:and )?ErrorCode::)", text):
            clause = re.sub(r"^and ", "", " ".join(clause.split()))
            head = re.match(r"ErrorCode::\w+(?:(?:, | and | or |, and |, or )(?:ErrorCode::)?(?:%s)\b)*" % "|".join(CODES), clause)
            codes = [word for word in re.findall(r"\w+", head.group()) if word in CODES]
            items.append(f"* {', '.join(self.code(code) for code in codes)} {self.prose(clause[head.end():].strip())}".rstrip())
        return "\n".join(items)

    def text(self, comment, own="", in_door=False):
        """A comment as Markdown: paragraphs, lists, code, rows of a list of headers, and what is thrown."""
        blocks, lines = [], comment.split("\n")
        for line in [*lines, ""]:
            kind = ("" if not line.strip() else "row" if in_door and ROW.match(line) else "item" if re.match(r" {1,4}[*-] ", line)
                    else "code" if line.startswith("  ") else "prose")
            before = blocks[-1][0] if blocks else ""
            if kind == "code" and before in ("item", "row") or kind == "code" and re.fullmatch(r" {4,}\S.*", line) and before == "item":
                blocks[-1][1].append(line)
            elif kind == before != "":
                blocks[-1][1].append(line)
            elif not kind and before == "code":
                blocks[-1][1].append("")
            else:
                blocks.append((kind, [line]))
        # An empty line within code is code; one behind it ends it.
        found, throws = [], []
        for kind, lines in blocks:
            if kind == "code":
                code = "\n".join(lines).rstrip("\n")
                column = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
                code = "\n".join(line[column:] for line in code.split("\n"))
                found.append(f"```{'cpp' if re.search(r'[;{}]|//', code) and '--' not in code else 'text'}\n{code}\n```")
            elif kind == "row":
                rows = []
                for line in lines:
                    if match := ROW.match(line):
                        rows.append([match.group(1), match.group(2)])
                    else:
                        rows[-1][1] += " " + line.strip()
                for name, what in rows:
                    found.append(f"* {self.prose(name) if name.endswith('.hpp') else f'`{name}`'} — {self.prose(what)}" if what else f"* {self.prose(name)}")
            elif kind == "item":
                items = re.split(r"\n {1,4}[*-] ", "\n" + "\n".join(lines))[1:]
                found.append("\n".join("* " + self.prose(" ".join(item.split())) for item in items))
            elif kind == "prose":
                paragraph = "\n".join(lines)
                throws += THROWS.findall(paragraph)
                if rest := THROWS.sub("", paragraph).strip():
                    found.append(self.prose(re.sub(r"[ \n]+", " ", rest), own))
        if throws:
            found.append("**Throws** [`Error`](#name-cairn-error)\n" + "\n".join(self.throws(text) for text in throws))
        return "\n\n".join(found)

    def section(self, group, depth):
        names = []
        for each in group:
            if each.name not in names:
                names.append(each.name)
        own = group[0].label
        yield "\n".join(f"({each.label})=" for each in group if each.label == self.index.places[each.path])
        yield f"{'#' * depth} {', '.join(f'`{name}`' for name in names)}"
        since = [found for each in group for found in SINCE.findall(each.comment)]
        if since:
            yield f"*Since {since[0]}.*"
        yield "```cpp\n" + "\n".join(dict.fromkeys(each.code + ("" if each.kind == "enumerator" else ";") for each in group)) + "\n```"
        comments = list(dict.fromkeys(SINCE.sub("", each.comment) for each in group if each.comment))
        self.scope = group[0].path if group[0].members else group[0].scope
        if len(group) == 1 or len(comments) < 2:
            for comment in comments:
                yield self.text(comment, own)
        else:
            for each in group:
                if each.comment:
                    yield f"`{each.name}` — {self.text(each.comment, own)}"
        members = group[0].members
        if group[0].kind == "enum":
            yield "\n".join(f"* `{each.code}`" + (f" — {self.prose(' '.join(each.comment.split()))}" if each.comment else "") for each in members)
        else:
            for inner in groups(members):
                yield from self.section(inner, min(depth + 1, 6))
                self.scope = group[0].path


def title_of(comment, fallback):
    head = re.match(r"([^:.\n]{1,60}): ", comment)
    return head.group(1) if head else fallback


def header_page(index, header, declarations):
    page = page_of(header)
    comment = top_comment(header.read_text(encoding="utf-8"))
    is_door = header.parent == HOUSE
    name = header.relative_to(HOUSE).as_posix()
    writer = Writer(index, page, header, next((each.scope for each in declarations), "cairn"))
    title = f"<cairn/{name}>" if is_door else title_of(comment, name)
    body = comment[len(title) + 2:] if not is_door and comment.startswith(title + ": ") else comment
    yield ("" if is_door else "---\norphan: true\n---\n") + f"# {'`' + title + '`' if is_door else escaped(title)}"
    if not is_door:
        door = header.parent.with_suffix(".hpp")
        brings = header in reached([door])  # a library's header is in no door
        through = f", or [`<cairn/{door.relative_to(HOUSE).as_posix()}>`](/{page_of(door)}.md), which brings it" if brings else ""
        yield f"`#include <cairn/{name}>`{through} · since {FIRST}"
    else:
        yield f"`#include <cairn/{name}>` · since {FIRST}"
    yield writer.text(body[:1].upper() + body[1:], in_door=is_door)
    for group in groups(declarations):
        yield from writer.section(group, 2)
    inner = [other for other in sorted(index.headers) if is_door and other.parent == header.with_suffix("")]
    if inner:
        yield "## Its names"
        for other in inner:
            tops = list(dict.fromkeys(each.path for each in index.headers[other]))
            listed = ", ".join(f"[`{path.removeprefix('cairn::')}`](#{index.places[path]})" for path in tops)
            yield f"* [`{other.name}`](/{page_of(other)}.md): {listed}" if listed else f"* [`{other.name}`](/{page_of(other)}.md)"


class Site:
    """The folder that Sphinx reads."""

    def __init__(self, folder):
        self.folder, self.sources = folder, {}  # a file of the repository -> the page that shows it

    def write(self, page, text):
        file = self.folder / f"{page}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def page_for(self, file):
        """The page to which a link to a file of the repository leads, or None where there is nothing to show."""
        if file == ROOT:
            return "index"
        name = file.relative_to(ROOT).as_posix()
        if file.is_relative_to(GUIDE) and file.suffix == ".md":
            return file.relative_to(GUIDE).with_suffix("").as_posix()
        if file in self.headers:
            return page_of(file)
        if name in PROJECT:
            return "project/" + name.removesuffix(".md").replace("/", "_").lower()
        if file.is_file() and file.suffix != ".png":
            self.sources.setdefault(file, f"files/{name}")
            return self.sources[file]
        return None

    def markdown(self, file, page):
        """A page of the repository, with its links led to the site's pages."""
        def led(match):
            text, target = match.group(1), match.group(2)
            path, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", target) or not path:
                return match.group()
            there = (file.parent / urllib.parse.unquote(path)).resolve()
            if there.suffix in (".png", ".svg") and there.is_file():
                copy = self.folder / "pictures" / there.name
                copy.parent.mkdir(exist_ok=True)
                shutil.copyfile(there, copy)
                return f"{text}(/pictures/{there.name})"
            other = self.page_for(there) if there.is_relative_to(ROOT) and there.exists() else None
            return f"{text}(/{other}.md{'#' + anchor if anchor else ''})" if other else text.lstrip("!")[1:-1]
        parts = re.split(r"(^ *(```+).*?^ *\2`*$|`[^`\n]+`)", file.read_text(encoding="utf-8"), flags=re.S | re.M)
        # a code span within a link's text is split off, so links are looked for in the whole line
        text, codes = "", []
        for number, part in enumerate(parts):
            if number % 3 == 0:
                text += part
            elif number % 3 == 1:
                codes.append(part)
                text += f"\x00{len(codes) - 1}\x00"
        text = re.sub(r"(!?\[(?:[^\[\]]|\[[^\]]*\])*\])\(([^)\s]+)\)", led, text)
        self.write(page, re.sub("\x00(\\d+)\x00", lambda match: codes[int(match.group(1))], text))

    def source(self, file, page):
        text = file.read_text(encoding="utf-8", errors="replace")
        fence = "`" * (max([2, *(len(run) for run in re.findall(r"`+", text))]) + 1)
        self.write(page, f"---\norphan: true\nnosearch: true\n---\n# {escaped(file.relative_to(ROOT).as_posix())}\n\n"
                         f"{fence}{LEXERS.get(file.suffix, 'text')}\n{text.rstrip()}\n{fence}\n")

    def example(self, file, page):
        text = file.read_text(encoding="utf-8")
        comment = top_comment(text)
        printed = file.with_suffix(".out")
        writer = Writer(self.index, page, HOUSE / "all.hpp", "cairn")
        title = re.sub(r"_", " ", file.stem)
        self.write(page, "\n\n".join([f"# Example {title}", writer.text(comment), f"```cpp\n{text.rstrip()}\n```"]
                                    + ([f"It prints:\n\n```text\n{printed.read_text(encoding='utf-8').rstrip()}\n```"] if printed.is_file() else [])) + "\n")

    def build(self):
        self.index = index = Index()
        self.headers = index.headers
        for header in public_headers():
            index.headers[header] = list(Reader(header.read_text(encoding="utf-8")).declarations())
        index.types = set()

        def enter(declarations, of_enum=None):
            for each in declarations:
                index.enter(each, of_enum)
                if each.kind in (*CLASSES, "enum", "using", "concept"):
                    index.types.add(each.name)
                enter(each.members, each if each.kind == "enum" else None)
        for declarations in index.headers.values():
            enter(declarations)
        for header, declarations in index.headers.items():
            self.write(page_of(header), "\n\n".join(part for part in header_page(index, header, declarations) if part) + "\n")

        examples = sorted((ROOT / "examples").glob("[0-9]*.cpp"))
        for file in examples:
            self.sources[file] = f"examples/{file.stem}"
            self.example(file, self.sources[file])
        project = [ROOT / name for name in PROJECT if (ROOT / name).is_file()]
        guide = sorted(GUIDE.glob("*.md"))
        for file in [*project, *guide]:
            self.markdown(file, self.page_for(file))
        done = set(examples)
        while left := self.sources.keys() - done:
            for file in left:
                self.source(file, self.sources[file])
                done.add(file)

        doors = [header for header in index.headers if header.parent == HOUSE]
        first = GUIDE / "index.md"
        in_order = []
        if first.is_file():
            for target in re.findall(r"\]\(([\w/]+)\.md[)#]", first.read_text(encoding="utf-8")):
                if target not in in_order and (GUIDE / f"{target}.md").is_file():
                    in_order.append(target)
        top = (self.folder / "index.md").read_text(encoding="utf-8") if first.is_file() else "# cairn\n"

        def tree(caption, pages):
            return f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(pages) + "\n```\n"
        self.write("reference/index", "\n\n".join(["# Reference", f"The headers that a program includes, which are called doors, of version {VERSION}. "
                   "Each has a page with its manual and its names."] + [f"* [`<cairn/{door.name}>`](/{page_of(door)}.md) — " + Writer(
                       index, "", door, "cairn").prose(" ".join(re.sub(r"^[\w ]+: ", "", top_comment(door.read_text(encoding="utf-8")).split("\n\n")[0]).split()))
                       for door in doors]) + "\n\n" + tree("Doors", [f"/{page_of(door)}" for door in doors]))
        self.write("examples/index", "# Examples\n\n" + "\n".join(f"* [{file.stem.replace('_', ' ')}](/examples/{file.stem}.md)" for file in examples)
                   + "\n\n" + tree("Examples", [f"/examples/{file.stem}" for file in examples]))
        self.write("index", top + "\n" + (tree("Guide", in_order) if in_order else "") + tree("Reference", ["reference/index", "examples/index"])
                   + tree("Project", [self.page_for(file) for file in project]))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    Site(folder).build()
