#!/usr/bin/env python3
"""Folds the headers of include/cairn/ into few: cairn.hpp, and one beside it for each other door, with the same name.

    amalgamate.py                      makes the headers in single_include/cairn/, which are committed
    amalgamate.py --check              says whether they are what would be made now (exit status 1: they are not)
    amalgamate.py --umbrella include/cairn/bundle.hpp --output OUT
                                   folds one door and all that it needs into one file: in place of the others
    amalgamate.py --standalone OUT     folds cairn.hpp, or the umbrella, with Boost.PFR and cereal inlined from what is
                                   installed; never committed
                  [--include DIR]...   look for them here first, then where the compiler looks

single_include/cairn/cairn.hpp holds all that include/cairn/cairn.hpp includes. A header that is not in there stands in the
folded door of its folder, and nowhere else: single_include/cairn/edit.hpp includes "cairn.hpp" and the folded doors that it
needs, and holds the rest of edit/. So any of them can be included, in any order. The headers that include a library are in no
door: each is a folded header of its own, single_include/cairn/types/eigen.hpp, single_include/cairn/exchange/hdf5.hpp.

The result depends on the sources only: no dates, no paths of this machine.

Our own headers are folded in the order in which they need each other: an #include of ours stands before any code, so
the included file can stand before the whole of its includer, each file once. Third-party and standard #includes are
gathered at the top, except those within #if, which stay where they are. Third-party headers (--standalone) follow no
such rule, so they are inlined where they are included: again in each branch of an #if that needs them, behind guards.
"""
import argparse
import graphlib
import os
import pathlib
import re
import subprocess
import sys

from release import version

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include"
TARGET = ROOT / "single_include" / "cairn"
TREE = "core/detail/tree.hpp"  # it is in no folded header, which has the same refusals
NEEDS = re.compile(r"core/detail/needs_\w+\.hpp$")  # the refusals of these stand before all includes
THIRD_PARTY = ("boost/", "cereal/")

DIRECTIVE = re.compile(r"\s*#\s*(\w+)\s*(.*)")
INCLUDED = re.compile(r'(?:<([^>]+)>|"([^"]+)")')
HAS_INCLUDE = re.compile(r"__has_include\s*\(\s*<([^>]+)>\s*\)")
COMMENT_OR_LITERAL = re.compile(r"""//.*|/\*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'""")


class Lines:
    """A file's lines, each as (line, directive, argument, is_code); what stands in comments is no directive and no code."""

    def __init__(self, text):
        self.lines = []
        in_comment = False
        for line in text.splitlines():
            bare, in_comment = self.without_comments(line, in_comment)
            directive = DIRECTIVE.match(bare)
            name, argument = directive.groups() if directive else ("", "")
            self.lines.append((line, name, argument.strip(), bool(bare.strip())))

    @staticmethod
    def without_comments(line, in_comment):
        bare, at = "", 0
        while True:
            if in_comment:
                end = line.find("*/", at)
                if end < 0:
                    return bare, True
                at, in_comment = end + 2, False
            token = COMMENT_OR_LITERAL.search(line, at)
            if not token:
                return bare + line[at:], False
            bare += line[at : token.start()]
            if token.group().startswith("//"):
                return bare, False
            if token.group() == "/*":
                in_comment = True
            else:
                bare += token.group()
            at = token.end()

    def __iter__(self):
        return iter(self.lines)


def banner(kind, licensed=True):
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8").splitlines()
    return [f"// cairn {version()}, {kind}.",
            "// Made by single_include/amalgamate.py from include/cairn/; do not edit.",
            *(["//"] + [f"// {line}".rstrip() for line in licence] if licensed else []), "#pragma once", ""]


def refusal():
    """What a folded header says in a file that has included cairn from elsewhere."""
    text = (INCLUDE / "cairn" / TREE).read_text(encoding="utf-8")
    said = re.search(r"^#error.*?^#include.*?$", text, re.M | re.S).group()
    others = text.partition("#define CAIRN_TREE\n")[2].strip().splitlines()
    return ["#if defined(CAIRN_TREE) || defined(CAIRN_FOLDED)", said, "#endif", "#define CAIRN_FOLDED", "", *others, ""]


def seam(name, extra=""):
    return f"// {'=' * 20} {name}{extra} {'=' * max(4, 92 - len(name + extra))}"


def included(path):
    """The headers of ours that it includes."""
    found = (INCLUDED.match(argument) for _, directive, argument, _ in Lines(path.read_text(encoding="utf-8")) if directive == "include")
    return [(path.parent / match.group(2)).resolve() for match in found if match and match.group(2)]


def reached(paths):
    """These headers, and all of ours that they include."""
    found, ahead = set(), list(paths)
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            ahead += included(path)
    return found


def folded_doors(include=INCLUDE):
    """The text of each folded header, by its name."""
    house = (include / "cairn").resolve()
    doors = sorted(house.glob("*.hpp"))
    in_cairn = reached([house / "cairn.hpp"])
    of_libraries = sorted(set(house.glob("*/*.hpp")) - reached(doors))

    def owner(path):
        """The folded header that it is in: that of its folder, where it is not in cairn.hpp."""
        door = next((door for door in of_libraries if path == door or path.is_relative_to(door.with_suffix(""))), None)
        if door:
            return door.relative_to(house).with_suffix("").as_posix()
        return "cairn" if path in in_cairn else path.relative_to(house).with_suffix("").parts[0]

    doors += of_libraries
    owned = {door.relative_to(house).with_suffix("").as_posix(): [] for door in doors}
    for header in sorted(reached(doors)):
        owned[owner(header)].append(header)
    texts, needed = {}, {}
    for name, door in zip(owned, doors):
        made = Amalgamation(include=include, owner=owner, door=name)
        for header in sorted(owned[name], key=lambda header: (header != door, header)):
            made.fold(header)
        needed[name] = made.doors
        texts[f"{name}.hpp"] = made.text("in one header; it needs Boost.PFR and cereal" if name == "cairn" else
                                         f"all of <cairn/{name}.hpp> that is not in cairn.hpp" if owned[name] else
                                         f"<cairn/{name}.hpp>, all of which is in cairn.hpp")
    try:
        graphlib.TopologicalSorter(needed).prepare()
    except graphlib.CycleError as error:
        sys.exit(f"folded headers include each other: {' -> '.join(error.args[1])}; include what they share in cairn.hpp")
    return texts


class Amalgamation:
    def __init__(self, third_party_folders=(), include=INCLUDE, owner=lambda path: "cairn", door="cairn"):
        self.include = include
        self.owner = owner  # of a header: the folded one that it is in
        self.door = door  # the folded header that is made
        self.doors = {"cairn"} - {door}  # the folded ones that it includes
        self.third_party_folders = [pathlib.Path(folder) for folder in third_party_folders]
        self.body = []
        self.needs = []
        self.system = set()
        self.folded = set()
        self.guards = {}  # names, in order: macros that end with the file
        self.inlined = [set()]  # third-party headers seen: outside of any #if, then one set per open branch

    # Our own headers.

    def fold(self, path):
        if path in self.folded:
            return
        self.folded.add(path)
        if self.owner(path) != self.door:
            self.doors.add(self.owner(path))
            return
        if path.as_posix().endswith(TREE):
            return
        if NEEDS.search(path.as_posix()):
            if not self.third_party_folders:
                self.needs += path.read_text(encoding="utf-8").partition('#include "../../version.hpp"\n')[2].strip().splitlines() + [""]
            return
        name = path.relative_to(self.include)
        text, depth, code_seen = [], 0, False
        for line, directive, argument, is_code in Lines(path.read_text(encoding="utf-8")):
            if directive == "pragma" and argument == "once":
                continue
            if directive == "include":
                included = INCLUDED.match(argument)
                if included and included.group(2):
                    if depth or code_seen:
                        sys.exit(f"{name}: #include {argument} stands within #if or after code; move it to the top")
                    target = (path.parent / included.group(2)).resolve()
                    if not target.is_file():
                        sys.exit(f"{name}: #include {argument} names no file; third-party headers are written in <>")
                    self.fold(target)
                    continue
                if included and not depth and not self.third_party(included.group(1)):
                    self.system.add(included.group(1))
                    continue
            depth = self.track(directive, depth)
            code_seen = code_seen or (is_code and directive not in ("include", "pragma"))
            text.append((line, directive, argument, is_code))
        # The text comes after what it includes, also when that is inlined third party.
        self.body += ["", seam(name.as_posix())]
        self.emit(text)

    def third_party(self, name):
        """The file of a third-party header that is to be inlined, or None."""
        if not name.startswith(THIRD_PARTY):
            return None
        return next((folder / name for folder in self.third_party_folders if (folder / name).is_file()), None)

    @staticmethod
    def track(directive, depth):
        return depth + (directive in ("if", "ifdef", "ifndef")) - (directive == "endif")

    # Third-party headers.

    def inline(self, name, path):
        if any(name in seen for seen in self.inlined):
            return
        self.inlined[-1].add(name)
        guard = "CAIRN_INLINED_" + re.sub(r"\W", "_", name)
        self.guards[guard] = None
        self.body += ["", seam(name), f"#ifndef {guard}", f"#define {guard}"]
        text = list(Lines(path.read_text(encoding="utf-8")))
        self.emit(text, guarded=self.has_guard(text))
        self.body += [f"#endif  // {guard}", seam(name, ", end"), ""]

    @staticmethod
    def has_guard(text):
        directives = [(directive, argument) for _, directive, argument, _ in text if directive and directive != "pragma"]
        return (len(directives) > 1 and directives[0][0] == "ifndef" and directives[1][0] == "define"
                and directives[1][1].split()[0] == directives[0][1])

    def emit(self, text, guarded=False):
        depth, blank = 0, True
        outermost = 1 if guarded else 0  # an include guard's #ifndef is no branch
        for line, directive, argument, _ in text:
            if directive == "pragma" and argument == "once":
                continue
            if directive in ("if", "ifdef", "ifndef"):
                depth += 1
                if depth > outermost:
                    self.inlined.append(set())
            elif directive in ("elif", "else") and depth > outermost:
                self.inlined[-1] = set()
            elif directive == "endif":
                if depth > outermost:
                    self.inlined.pop()
                depth -= 1
            elif directive == "include" and (included := INCLUDED.match(argument)):
                name = included.group(1) or included.group(2)
                path = self.third_party(name)
                if path:
                    self.inline(name, path)
                    continue
            if directive in ("if", "elif") and self.third_party_folders:
                line = HAS_INCLUDE.sub(self.has_include, line)
            if line.strip() or not blank:
                self.body.append(line)
            blank = not line.strip()

    def has_include(self, match):
        name = match.group(1)
        return str(int(bool(self.third_party(name)))) if name.startswith(THIRD_PARTY) else match.group()

    def text(self, kind):
        top = banner(kind, bool(self.body))
        beside = os.path.dirname(self.door) or "."
        top += [f'#include "{os.path.relpath(f"{door}.hpp", beside)}"' for door in sorted(self.doors)] + [""] if self.doors else refusal()
        if self.third_party_folders:
            top += ["#if defined(BOOST_PFR_CORE_HPP) || defined(CEREAL_CEREAL_HPP_)",
                    '#error "cairn: this file brings Boost.PFR and cereal with it, and the program has included its own before. '
                    'Include this file first, or take single_include/cairn/cairn.hpp, which uses the program\'s."', "#endif",
                    "#if defined(__GNUC__)", "#pragma GCC system_header  // warnings of inlined headers are not the user's",
                    "#endif", ""]
        top += self.needs
        third_party = sorted(name for name in self.system if name.startswith(THIRD_PARTY))
        standard = sorted(self.system - set(third_party))
        for group in (third_party, standard):
            top += [f"#include <{name}>" for name in group] + ([""] if group else [])
        end = [""] + [f"#undef {guard}" for guard in self.guards] if self.guards else []
        return re.sub(r"\n{3,}", "\n\n", "\n".join(top + self.body + end)) + "\n"


def installed_folders():
    """Where the C++ compiler looks for <headers>, then where Meson puts those it had to fetch."""
    compiler = os.environ.get("CXX", "c++").split()
    said = subprocess.run(compiler + ["-E", "-v", "-x", "c++", os.devnull], capture_output=True, text=True, check=True)
    listed = re.search(r"#include <\.\.\.> search starts here:\n(.*?)End of search list", said.stderr, re.S)
    wraps = [str(ROOT / "subprojects" / name / "include") for name in ("boost-pfr", "cereal")]
    return (listed.group(1).split() if listed else []) + wraps


def main():
    parser = argparse.ArgumentParser(description="Folds cairn into one header.")
    parser.add_argument("--check", action="store_true", help="compare with the committed headers, write nothing")
    parser.add_argument("--standalone", metavar="OUT", type=pathlib.Path, help="inline Boost.PFR and cereal as well")
    parser.add_argument("--include", metavar="DIR", action="append", default=[], help="where they are")
    parser.add_argument("--umbrella", type=pathlib.Path, help="fold this header")
    parser.add_argument("--output", type=pathlib.Path, help="into this file, with all that it needs")
    options = parser.parse_args()
    if options.umbrella and not options.output and not options.standalone:
        parser.error("--umbrella needs --output or --standalone, the file that is made")
    if options.output or options.standalone:
        made = Amalgamation(options.include + installed_folders() if options.standalone else ())
        made.fold((options.umbrella or INCLUDE / "cairn" / "cairn.hpp").resolve())
        kind = ("with Boost.PFR and cereal, whose licences stand at their parts, in one header" if options.standalone else
                "in one header; it needs Boost.PFR and cereal")
        (options.standalone or options.output).write_text(made.text(kind), encoding="utf-8")
        return

    texts = folded_doors()
    committed = {path.relative_to(TARGET).as_posix(): path for path in TARGET.rglob("*.hpp")}
    if options.check:
        stale = sorted(name for name in committed.keys() | texts.keys()
                       if name not in committed or committed[name].read_text(encoding="utf-8") != texts.get(name))
        if stale:
            sys.exit(f"single_include/cairn/ is not what include/ makes now ({', '.join(stale)}): "
                     "run `python3 single_include/amalgamate.py` and commit the result")
        return
    for name in committed.keys() - texts.keys():
        committed[name].unlink()
    for name, text in texts.items():
        (TARGET / name).parent.mkdir(parents=True, exist_ok=True)
        (TARGET / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
