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


def main():
    parser = argparse.ArgumentParser(description="Writes cairn as a C++20 module.")
    parser.add_argument("out", metavar="OUT.cppm", type=pathlib.Path)
    out = parser.parse_args().out
    text = "module;\n#include <cairn/all.hpp>\nexport module cairn;\n"
    for namespace, names in sorted(public_names(Header(in_one_file(["cairn/all.hpp"]))).items()):
        text += f"\nexport namespace {namespace} {{\n" + "".join(f"using {namespace}::{name};\n" for name in sorted(names)) + "}\n"
    write(out, text)


if __name__ == "__main__":
    main()
