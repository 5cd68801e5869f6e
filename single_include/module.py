#!/usr/bin/env python3
"""Writes cairn as a C++20 module: an interface unit that exports every public name of <cairn/all.hpp>.

    module.py OUT.cppm

    clang++ -std=c++20 -Iinclude --precompile OUT.cppm -o cairn.pcm      # once
    clang++ -std=c++20 -fmodule-file=cairn=cairn.pcm -c program.cpp      # import cairn;
    clang++ -std=c++20 -c cairn.pcm -o cairn.o                           # to link

With the headers of separate.py on the include path, in place of include/, and their library, importing is quickest. clang 19 is
what tests use; g++ 12 does not compile such a module. Public is what stands in namespace cairn or one inside it, but in no
`detail`.
"""
import argparse
import collections
import pathlib

from cpp_tokens import WORD, declared_name
from separate import Header, in_one_file, write


def public_names(header):
    """By namespace."""
    names = collections.defaultdict(set)
    for namespace, declaration in header.declarations():
        name = declared_name(declaration)
        if name and name != "detail" and (WORD.fullmatch(name) or name.startswith("operator")) and namespace.startswith("cairn") and "detail" not in namespace:
            names[namespace].add(name)
    return names


def without(text, condition):
    """The text without what stands below `#if CONDITION`, up to its #else or #endif."""
    lines, depth = [], 0  # the depth within such a block, or 0
    for line in text.splitlines():
        directive = line.strip().partition(" ")[0]
        if depth == 0 and line.strip() == f"#if {condition}":
            depth = 1
            continue
        if depth:
            depth += directive in ("#if", "#ifdef", "#ifndef")
            if directive == "#endif" or depth == 1 and directive == "#else":
                depth -= 1
                if depth == 0 and directive == "#else":
                    lines.append("#if 1")
            continue
        lines.append(line)
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description="Writes cairn as a C++20 module.")
    parser.add_argument("out", metavar="OUT.cppm", type=pathlib.Path)
    out = parser.parse_args().out
    text = "module;\n#include <cairn/all.hpp>\nexport module cairn;\n"
    header = in_one_file(["cairn/all.hpp"])
    systems = {condition: public_names(Header(without(header, condition))) for condition in ("defined(_WIN32)", "!defined(_WIN32)")}
    for namespace, names in sorted(public_names(Header(header)).items()):
        text += f"\nexport namespace {namespace.replace('cairn', 'CAIRN_NAMESPACE', 1)} {{\n"
        for name in sorted(names):
            using = f"using {namespace}::{name};\n"
            only = next((condition for condition, others in systems.items() if name not in others[namespace]), None)
            text += f"#if {only}\n{using}#endif\n" if only else using
        text += "}\n"
    write(out, text)


if __name__ == "__main__":
    main()
