"""The names of a public header as its reader meets them: in their order, with their comments, without what is private.

Doxygen 1.9.4 with Breathe 5.1 was tried in its place, with a filter that makes its comments of ours. It found 1,590 of 1,614 names (and
87 that this file missed then), but lost the comments of 287 which stand below one comment for several names; the filter would have to
know declarations as this file does. Breathe drops all 73 requires clauses, cannot read 12 declarations (members that begin with a
template's value in braces), has no page for a door, and no links from the names in a sentence. It took two minutes, this file 13 seconds.
"""
import re
import sys
import textwrap
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HOUSE = ROOT / "include" / "cairn"
sys.path.insert(0, str(ROOT / "single_include"))
from cpp_tokens import CLASSES, CLOSING, WORD, Tokens, declared_name  # noqa: E402

SPECIAL = re.compile(r"=\s*(default|delete)\s*;?$")


@dataclass
class Declaration:
    name: str  # empty for what declares no name of its own
    kind: str  # class, enum, enumerator, function, or value
    code: str  # without body
    line: int
    comment: str  # "" where none stands above or behind
    scope: str  # cairn::keras, or cairn::Checkpoint for a member
    group: bool  # nothing, not even a line, is between it and the one before
    members: list = field(default_factory=list)

    @property
    def path(self):
        return f"{self.scope}::{self.name}"


class Reader:
    def __init__(self, text):
        self.source = Tokens(text)
        self.text, self.tokens = text, self.source.tokens
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def line_of(self, offset):
        return self.text.count("\n", 0, offset)

    def line(self, number):
        return self.text[self.starts[number]:].split("\n", 1)[0]

    def comment_above(self, number):
        """The comment whose last line is above line `number`, without the slashes; an #if may be between."""
        lines, directives = [], 0
        while self.line(number - 1 - directives).startswith("#if"):
            directives += 1
        number -= directives
        while number > 0 and re.match(r" *//", self.line(number - 1)):
            number -= 1
            lines.insert(0, re.sub(r"^ *// ?", "", self.line(number)))
        return "\n".join(lines)

    def are_together(self, last, first):
        return first > last and all(self.line(number).startswith("#") for number in range(last + 1, first))

    def comment_behind(self, begin, end):
        rest = self.text[end:].split("\n", 1)[0]
        found = re.match(r"[;,]?\s*//\s*(?!NOLINT)(.*)", rest)
        if not found:
            return ""
        lines, number = [found.group(1)], self.line_of(end) + 1
        column = self.line(number - 1).find("//")
        while number < len(self.starts) and re.match(r" *//", self.line(number)) and self.line(number).find("//") == column:
            lines.append(re.sub(r"^ *// ?", "", self.line(number)))
            number += 1
        return "\n".join(lines)

    def end_of(self, at):
        """(where the code ends, where the declaration ends, where a body begins or None) of the declaration at `at`."""
        is_class = initialises = assigned = False
        cut = None
        while self.tokens[at]:
            token = self.tokens[at]
            if token == "template" and self.tokens[at + 1] == "<":
                at = self.source.skip(at + 1)
                continue
            if token == "requires" and self.tokens[at + 1] in ("(", "{"):
                is_expression = self.tokens[at + 1] == "{" or self.tokens[at - 1] in ("requires", "=", "&&")
                at = self.source.skip(at + 1)
                if is_expression and self.tokens[at] == "{":
                    at = self.source.skip(at)
                continue
            if token in (*CLASSES, "enum"):
                is_class = True
            if token == "operator":
                at += 1
                while not (self.tokens[at] == "(" and self.tokens[at - 1] != "operator"):
                    at += 2 if self.tokens[at:at + 2] == ["(", ")"] else 1
                continue
            if token == ":" and not is_class:
                cut, initialises = at, True
            if token == ";":
                return cut or at, at + 1, None
            assigned = assigned or token == "="
            if token == "{":
                if initialises and WORD.fullmatch(self.tokens[at - 1]) or initialises and self.tokens[at - 1] == ">":
                    at = self.source.skip(at)
                    continue
                after = self.source.skip(at)
                if self.tokens[after] == ";":
                    if is_class and not assigned:
                        return at, after + 1, at
                    return after, after + 1, None
                if self.tokens[after] in (",", ")") or assigned:
                    at = after
                    continue
                return cut or at, after, at
            if token in ("(", "[", "[["):
                at = self.source.skip(at)
                continue
            at += 1
        return at, at, None

    def short(self, begin, end):
        """The tokens as cpp_tokens.declared_name wants them: without what stands in brackets."""
        found, at = [], begin
        while at < end:
            token = self.tokens[at]
            if token in ("(", "[", "[[") or token == "template" and self.tokens[at + 1] == "<":
                found += [token] if token in ("(", "template") else []
                at = self.source.skip(at + (token == "template"))
                continue
            if token == "{":
                at = self.source.skip(at)
                continue
            if token == "operator":
                last = at + 1
                while not (self.tokens[last] == "(" and self.tokens[last - 1] != "operator"):
                    last += 2 if self.tokens[last:last + 2] == ["(", ")"] else 1
                name = self.text[self.source.begin[at]:self.source.end[last - 1]]
                found, at = found + [name], last
                continue
            if token == "<" and found and WORD.fullmatch(found[-1]):
                try:
                    at = self.source.skip(at)
                    found += ["<"] if self.tokens[at] in ("", ";", "{", "=") or found[-2:-1] in (["struct"], ["class"]) else []
                    continue
                except ValueError:
                    pass
            found.append(token)
            at += 1
        return found

    def code(self, begin, end):
        first = self.source.begin[begin]
        column = first - self.starts[self.line_of(first)]
        text = self.text[first:self.source.end[end - 1]]
        text = "\n".join(line.split("  // ")[0].rstrip() for line in text.split("\n"))
        return textwrap.dedent(" " * column + text)

    def declarations(self, at=0, end=None, scope="", of_class=""):
        """What users may name between two tokens, which enclose a namespace or a class."""
        end = len(self.tokens) - 1 if end is None else end
        public, last_line, before = of_class != "class", None, None
        while at < end:
            token = self.tokens[at]
            if token == "}" or token == ";":
                at += 1
                continue
            if of_class and token in ("public", "private", "protected") and self.tokens[at + 1] == ":":
                public, at = token == "public", at + 2
                continue
            if token in ("namespace", "inline") and "namespace" in self.tokens[at:at + 2]:
                opening = self.tokens.index("{", at)
                name = "".join(self.tokens[at:opening]).split("namespace")[1].replace("CAIRN_NAMESPACE", "cairn")
                after = self.source.skip(opening)
                inner = f"{scope}::{name}" if scope else name
                if not re.search(r"\bdetail\b", inner):
                    yield from self.declarations(opening + 1, after - 1, inner)
                at = after
                continue
            code_end, after, body = self.end_of(at)
            first_line, offset = self.line_of(self.source.begin[at]), self.source.begin[at]
            words = self.short(at, code_end)
            declared = next((word for word in words if word.startswith("operator")), None) or declared_name(words + (["{"] if body else [])) if words else None
            if public and declared and self.is_ours(words, scope, body, of_class):
                above = self.comment_above(first_line)
                behind = self.comment_behind(offset, self.source.end[after - 1])
                kind = next((word for word in words if word in (*CLASSES, "enum", "concept", "using")), "function" if "(" in words else "value")
                if kind in CLASSES and "(" in words and "requires" not in words and "alignas" not in words:
                    kind = "function"
                made = Declaration(declared, kind, self.code(at, code_end), first_line + 1, above or behind, scope,
                                   not above and last_line is not None and self.are_together(last_line, first_line))
                if kind == "enum" and body:
                    made.members = list(self.enumerators(body + 1, after - 2, made.path))
                elif kind in CLASSES and body:
                    made.members = list(self.declarations(body + 1, after - 2, made.path, kind))
                if kind == "value" and "," in words and "=" not in words:  # of one type: minimum, maximum;
                    yield from (replace(made, name=words[at - 1], group=made.group or at > words.index(",")) for at, word in enumerate(words) if word == ",")
                    made.group = True
                yield made
            last_line = self.line_of(self.source.end[after - 1])
            at = after

    def is_ours(self, words, scope, body, of_class):
        """Not what specialises, declares again, deletes, or belongs to others."""
        if not scope.startswith("cairn") or SPECIAL.search(" ".join(words)) or {"friend", "extern", "static_assert"} & set(words):
            return False
        words = [word for at, word in enumerate(words) if word != "requires" and words[at - 1:at + 1] != ["requires", "("]]
        head = words[:[*words, ":"].index(":")]  # without the bases of a class
        is_specialised = head[-1] == "<" and not {"(", "="} & set(head) or "=" in words and words[words.index("=") - 1] == "<"
        if is_specialised or "using" in words and "enum" in words:
            return False
        is_class = not {"(", "using", "="} & set(words) and set(words) & {*CLASSES}
        is_guide = not of_class and words[[*words, "("].index("(") - 1] == next((word for word in words if word not in ("template", "explicit")), "")
        return not (is_class and (not body or "::" in head) or is_guide and "(" in words)

    def enumerators(self, at, end, scope):
        while at < end:
            after = at
            while after < end and self.tokens[after] != ",":
                after = self.source.skip(after) if self.tokens[after] in CLOSING and self.tokens[after] != "<" else after + 1
            line = self.line_of(self.source.begin[at])
            begins_line = not self.text[self.starts[line]:self.source.begin[at]].strip()
            comment = (self.comment_behind(self.source.begin[at], self.source.end[after - 1]) or self.comment_above(line)) if begins_line else ""
            yield Declaration(self.tokens[at], "enumerator", self.code(at, after), line + 1, comment, scope, True)
            at = after + 1


def error_codes():
    return re.findall(r"^  (\w+) = \d+,", (HOUSE / "core" / "error.hpp").read_text(encoding="utf-8"), re.M)


def public_headers():
    return [header for header in sorted(HOUSE.rglob("*.hpp")) if "detail" not in header.relative_to(HOUSE).parts]


def top_comment(text):
    lines = []
    for line in text.split("\n"):
        if not line.startswith("//"):
            break
        lines.append(re.sub(r"^// ?", "", line))
    return "\n".join(lines)


def groups(declarations):
    """Declarations that one comment is about: it stands above the first of them."""
    found = []
    for each in declarations:
        if each.group and found and each.kind not in (*CLASSES, "enum") and found[-1][0].kind not in (*CLASSES, "enum"):
            found[-1].append(each)
        else:
            found.append([each])
    return found
