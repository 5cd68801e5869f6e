#!/usr/bin/env python3
"""Writes cairn as a C++20 module: an interface unit that exports every public name of the single header.

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

from separate import CLASSES, ROOT, WORD, read, write

NO_NAMES = ("requires", "noexcept", "decltype", "__attribute__")  # before a bracket
KINDS = CLASSES + ("enum", "concept")


def declared_name(declaration):
    """The name that these tokens declare, without what stood in brackets, or None."""
    words = list(declaration)
    if {"static_assert", "friend", "extern"} & set(words) or "namespace" in words:
        return None
    if "using" in words:
        return words[words.index("using") + 1] if "=" in words else words[-1]
    value = words.index("=") if "=" in words and "operator" not in words else len(words)
    if "operator" in words:
        begin = words.index("operator") + 1
        return "operator" + "".join(words[begin:words.index("(", begin)])
    for at in range(value - 1):
        if words[at + 1] == "(" and words[at] not in NO_NAMES and WORD.fullmatch(words[at]):
            return words[at] if words[at - 1] != "::" and not words[at].startswith("CEREAL_") else None
    kind = next((at for at, word in enumerate(words[:value]) if word in KINDS), None)
    if kind is not None:
        at = kind + 1 + (words[kind + 1] in CLASSES)
        return words[at] if at + 1 == len(words) or words[at + 1] != "<" else None  # not what specialises
    return words[value - 1] if words[value - 1] != "{" else words[value - 2]


def public_names(header):
    """By namespace."""
    names, namespaces, declaration, at = collections.defaultdict(set), [], [], 0
    tokens = header.tokens
    while tokens[at]:
        token = tokens[at]
        if token == "{" and "namespace" in declaration:
            namespaces.append("".join(declaration[declaration.index("namespace") + 1:]))
            declaration = []
        elif token == "}" and not declaration:
            namespaces.pop()
        elif token in ("{", ";"):
            if token == "{":
                at = header.skip(at) - 1
                declaration.append(token)
            is_complete = token == ";" or (tokens[at + 1] != ";" and "=" not in declaration)
            if is_complete:
                where = "::".join(namespaces)
                name = declared_name(declaration) if declaration and declaration != ["{"] else None
                if name and name != "detail" and (WORD.fullmatch(name) or name.startswith("operator")) and where.startswith("cairn") and "detail" not in where:
                    names[where].add(name)
                declaration = []
        elif token in ("[", "[[", "(") or token == "template" and tokens[at + 1] == "<":
            declaration += [token] if token == "(" else []
            at = header.skip(at + (token == "template")) - 1
        else:
            declaration.append(token)
        at += 1
    return names


def main():
    parser = argparse.ArgumentParser(description="Writes cairn as a C++20 module.")
    parser.add_argument("out", metavar="OUT.cppm", type=pathlib.Path)
    out = parser.parse_args().out
    text = "module;\n#include <cairn/cairn.hpp>\nexport module cairn;\n"
    for namespace, names in sorted(public_names(read(ROOT / "single_include" / "cairn" / "cairn.hpp")).items()):
        text += f"\nexport namespace {namespace} {{\n" + "".join(f"using {namespace}::{name};\n" for name in sorted(names)) + "}\n"
    write(out, text)


if __name__ == "__main__":
    main()
