#!/usr/bin/env python3
"""Makes a library to compile once of the headers: what is not a template is declared in one place and defined in another.

    separate.py OUT                makes  OUT/include/cairn/...  the same headers, with declarations where functions that are
                                                                 no templates had their bodies: for #include
                                          OUT/source/cairn/...   the same headers, in which those functions are defined for
                                                                 all the program
                                          OUT/cairn.cpp          includes the latter: for one static library
    separate.py --two-files OUT    makes  OUT/cairn/cairn.hpp and OUT/cairn.cpp, the same two, each in one file; and beside
                                          cairn.hpp the other doors, as in single_include/cairn/

A program that includes OUT/include instead of include/ and links that library is the same program; its files compile several
times faster. Whoever compiles both has to use the same compiler and the same -D.

Bodies stay where they are in templates, in functions that are constexpr, consteval or have a deduced type, and where they are
no longer than a getter's. So do those of virtual functions, unless a constructor goes with them, one that has a body or that
is written `Name() = default;`: where the first is defined, compilers put the class's table of virtual functions, and a
constructor is what asks for it. What only those bodies needed is no longer included (needed.py). Files that would not change
are not written. Prints the headers it has read, one to a line.
"""
import argparse
import pathlib
import re
import sys
import tempfile

from amalgamate import Amalgamation, folded_doors
from cpp_tokens import CLASSES, WORD, Tokens
from needed import with_needed_includes

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include"
OPT_IN = ("types", "types.hpp", "mpi", "mpi.hpp", "json.hpp", "exchange/hdf5", "exchange/hdf5.hpp")  # they need more than is always installed, and stay as they are
GETTER = 16  # tokens in a body that stays


class Header(Tokens):
    """One header, and where in it the functions' bodies stand."""

    def __init__(self, text):
        super().__init__(text)
        self.declared, self.defined = [], []  # (from, to, text instead)
        # Of the class around: edits of virtual functions, each in its list; whether a constructor's body is cut; and what
        # to cut off from one that is defaulted.
        self.virtual, self.is_constructed, self.defaulted = [], False, None
        self.classes, self.behind = [], []  # those around, outermost first, and what is to be defined behind them
        self.scope(0)

    def edited(self, edits):
        text = self.text
        for begin, end, instead in sorted(edits, reverse=True):
            text = text[:begin] + instead + text[end:]
        return text

    def scope(self, at, of_class=""):
        """The declarations from `at` to the bracket that closes their scope, the class of that name's or a namespace's."""
        while self.tokens[at] not in ("}", ""):
            if self.tokens[at] == ";":
                at += 1
            elif self.tokens[at] in ("public", "protected", "private") and self.tokens[at + 1] == ":":
                at += 2
            elif re.fullmatch(r"(CEREAL|CAIRN)_[A-Z_]+", self.tokens[at]) and self.tokens[at + 1] == "(":
                at = self.skip(at + 1)
            elif self.tokens[at:at + 3] == ["extern", '"C"', "{"]:
                at = self.skip(at + 2)
            else:
                at = self.declaration(at, of_class)
        return at + 1

    def class_(self, at, name):
        """The class whose first member is at `at`."""
        around = self.virtual, self.is_constructed, self.defaulted
        self.virtual, self.is_constructed, self.defaulted = [], False, None
        self.classes.append(name)
        at = self.scope(at, name.rpartition("::")[2])
        if self.virtual and not self.is_constructed and self.defaulted:
            self.is_constructed = True
            self.declared.append(self.defaulted)
            self.defined.append(self.defaulted)
            self.behind.append(f"\n{'::'.join(self.classes)}::{name.rpartition('::')[2]}() = default;\n")
        self.classes.pop()
        if not self.is_constructed:
            for edits, edit in self.virtual:
                edits.remove(edit)
        self.virtual, self.is_constructed, self.defaulted = around
        return at

    def declaration(self, first, of_class):
        """One declaration: a class's or a namespace's inner ones are visited, a function's body is noted."""
        at, kind, name, named, words = first, "", "", first, set()
        parameters = initializers = value = 0  # where they begin
        while self.tokens[at] != ";":
            token = self.tokens[at]
            if token == "template" and self.tokens[at + 1] == "<":  # not X::template Y
                at = self.skip(at + 1)
                words.add(token)
                continue
            if token == "__attribute__":
                at = self.skip(at + 1)
                continue
            if token in ("(", "[", "[["):
                parameters = parameters or (at if token == "(" else 0)
                at = self.skip(at)
                continue
            if token == "operator" and not WORD.match(self.tokens[at + 1]):  # its name is no punctuation
                at += 1
                while self.tokens[at + 1] != "(":
                    at += 1
                at += 2 if self.tokens[at:at + 2] == ["(", ")"] else 1
                continue
            if token == "=" and not value:
                value = at
            elif token == ":" and parameters and not value and not initializers:
                initializers = at
            elif token == "{":
                if kind == "namespace":
                    return self.scope(at + 1)
                if kind in CLASSES and not parameters and "template" not in words:
                    at = self.class_(at + 1, name)
                    continue
                is_value = value or not parameters or kind == "enum"
                if is_value or initializers and (WORD.match(self.tokens[at - 1]) or self.tokens[at - 1] == ">"):
                    at = self.skip(at)
                    continue
                end = self.skip(at)
                if not words & {"template", "constexpr", "consteval"} and not ("auto" in words and "->" not in words):
                    self.function(first, parameters, initializers or at, at, end, of_class)
                return end
            elif WORD.match(token) or token == "->":
                if not parameters:
                    words.add(token)
                    if token in CLASSES + ("enum", "namespace"):
                        kind = kind or token
                    elif kind and not name:
                        name, named = token, at
                    elif kind and named == at - 2 and self.tokens[at - 1] == "::":  # a class that is defined outside of the one it is in
                        name, named = f"{name}::{token}", at
                elif token == "->":
                    words.add(token)
            at += 1
            if not token:
                raise ValueError("a declaration without end")
        if of_class and value and self.tokens[first:at] == [of_class, "(", ")", "=", "default"]:
            self.defaulted = (self.end[value - 1], self.end[at - 1], "")
        if of_class and parameters and "inline" in words:  # it is defined behind the class
            edits = self.inline(first, parameters)
            self.declared += edits
            self.defined += edits
        if self.behind and not self.classes:
            self.defined.append((self.end[at], self.end[at], "".join(self.behind)))
            self.behind = []
        return at + 1

    def function(self, first, parameters, stop, body, end, of_class):
        """The function whose parameters, initializers or body, and end are at these tokens."""
        is_behind = not of_class and self.tokens[parameters - 2] == "::" and self.tokens[parameters - 3][0].isupper()
        if end - stop <= GETTER and stop == body and not is_behind:
            return
        begin = self.begin[first]
        edits = [(all_edits, len(all_edits)) for all_edits in (self.declared, self.defined, self.behind)]
        inline = self.inline(first, parameters)
        body_cut = (self.end[stop - 1], self.end[end - 1], ";")
        is_destructor = self.tokens[parameters - 2] == "~"
        if is_behind:
            self.declared.append((begin, self.end[end - 1], ""))  # a member that its class, as its name begins, declares
        else:
            self.declared += inline + [body_cut]
        if of_class and self.tokens[parameters - 1] == of_class:
            # clang gives out a constructor in all its variants only where it is defined outside of its class.
            self.defined.append(body_cut)
            self.behind.append("\n" + self.outside(parameters, stop, end, "~" * is_destructor))
            self.is_constructed |= not is_destructor
        else:
            # Of a class, and so inline without the word; yet others want it.
            self.defined += inline or [(begin, begin, "[[gnu::used]] ")]
        if "virtual" in self.tokens[first:parameters] or "override" in self.tokens[parameters:body]:
            self.virtual += [(all_edits, edit) for all_edits, known in edits for edit in all_edits[known:]]

    def inline(self, first, parameters):
        """Edits that take the word away."""
        return [(self.begin[at], self.begin[at + 1], "") for at in range(first, parameters) if self.tokens[at] == "inline"]

    def outside(self, parameters, stop, end, tilde):
        """The definition of a constructor or destructor, as it stands outside of its class."""
        closed, text, depth, is_default = self.skip(parameters), "", 0, False
        for at in range(parameters, closed):
            token = self.tokens[at]
            depth += token in ("(", "{", "[", "<")
            depth -= token in (")", "}", "]", ">")
            is_default = token == "=" and depth == 1 or is_default and not (depth == 1 and token == "," or depth == 0)
            if not is_default:
                text += self.text[self.begin[at]:self.begin[at + 1]] if at + 1 < closed else token
        behind = "".join(" " + token for token in self.tokens[closed:stop] if token not in ("override", "final"))
        name = "::".join(self.classes)
        return f"{name}::{tilde}{self.classes[-1].rpartition('::')[2]}{text}{behind} {self.text[self.begin[stop]:self.end[end - 1]]}\n"


def read(path):
    try:
        return Header(path.read_text(encoding="utf-8"))
    except ValueError as error:
        sys.exit(f"{path}: {error}")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Makes a library to compile once of cairn's headers.")
    parser.add_argument("out", metavar="OUT", type=pathlib.Path)
    parser.add_argument("--two-files", action="store_true", help="one header and one source")
    options = parser.parse_args()
    headers = {path.relative_to(INCLUDE).as_posix(): read(path) for path in sorted((INCLUDE / "cairn").rglob("*.hpp"))}
    opted_in = {name: header.text for name, header in headers.items()
                if any(name == f"cairn/{place}" or name.startswith(f"cairn/{place}/") for place in OPT_IN)}
    ours = {name: header for name, header in headers.items() if name not in opted_in}
    declared = with_needed_includes({name: header.edited(header.declared) for name, header in ours.items()})
    if options.two_files:
        for name, text in folded({**declared, **opted_in}).items():
            write(options.out / "cairn" / name, text)
        source = Header(in_one_file(name for name in ours if name.count("/") == 1))
        write(options.out / "cairn.cpp", source.edited(source.defined).replace("#pragma once\n", "", 1))
        return
    known = {options.out / part / name for part in ("include", "source") for name in headers}
    for old in options.out.glob("*/cairn/**/*.hpp"):
        if old not in known:
            old.unlink()
    for name, text in {**declared, **opted_in}.items():
        write(options.out / "include" / name, text)
        write(options.out / "source" / name, opted_in.get(name) or ours[name].edited(ours[name].defined))
    write(options.out / "cairn.cpp", "".join(f"#include <{name}>\n" for name in ours))
    print(*(INCLUDE / name for name in headers), sep="\n")


def in_one_file(doors):
    """These doors of include/ and all that they need."""
    made = Amalgamation()
    for door in doors:
        made.fold(INCLUDE / door)
    return made.text("in one file; it needs Boost.PFR and cereal")


def folded(texts):
    """These headers as folded ones."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            write(pathlib.Path(folder) / name, text)
        return folded_doors(pathlib.Path(folder).resolve())


if __name__ == "__main__":
    main()
