#!/usr/bin/env python3
"""Lets several test files share one translation unit, because most of what a compiler does for each is the same.

    together.py --into FOLDER --name NAME --size N [--interop] file.cpp...

What the files include stands at the top, once; each file follows in a namespace of its own, so that two files may use
one name. A file that has to stand at global scope (it specialises a template, adds to a namespace of somebody else,
registers a class with cereal, replaces operator new) comes last and without a namespace, where it can disturb no other:
there is one of those in a unit at most. A file that includes cereal and nothing of cairn is about being compiled
without it, and stays by itself. Prints the files to compile, each followed by what stands in it:
FILE|file.cpp|file.cpp...
With --interop, the files are programs of cases: the unit is a program that knows them by the name of their folder.
"""
import argparse
import pathlib
import re

INCLUDE = re.compile(r'^#include (?:<([^>]+)>|"([^"]+)")', re.M)
AT_GLOBAL_SCOPE = re.compile(
    r"^(?:template ?<>|namespace (?:cairn|cereal|std|doctest)\b|CEREAL_|BOOST_|#if|extern )|\boperator (?:new|delete)\b|gnu::weak|_Pragma", re.M)


def is_without_cairn(text):
    return "#include <cereal/" in text and "#include <cairn/" not in text


def includes(source, text):
    for angle, quoted in INCLUDE.findall(text):
        beside = source.parent / quoted
        yield f"#include <{angle}>" if angle else f'#include "{beside if beside.is_file() else quoted}"'


def scope(source):
    return f"in_{source.parent.name}_{source.stem}"


def unit(in_namespaces, at_global_scope, interop):
    sources = in_namespaces + at_global_scope
    texts = {source: source.read_text(encoding="utf-8") for source in sources}
    lines = list(dict.fromkeys(line for source, text in texts.items() for line in includes(source, text)))
    if interop:
        lines.insert(0, "#define CAIRN_TEST_TOGETHER")
    for source in in_namespaces:
        lines += [f"namespace {scope(source)} {{", f'#include "{source}"', "}"]
        lines += [f"#undef {macro}" for macro in re.findall(r"^#define (\w+)", texts[source], re.M)]
    for source in at_global_scope:  # for clang, what is included there is a header
        lines += ["#ifdef __clang__", '#pragma clang diagnostic ignored "-Wheader-hygiene"', "#endif", f'#include "{source}"']
    if interop:
        lines.append("const std::initializer_list<cairn::test::Case> cairn::test::cases_together = {")
        for source, text in texts.items():
            where = scope(source) if source in in_namespaces else ""
            resume = f"{where}::resume" if re.search(r"^void resume\(", text, re.M) else "nullptr"
            lines.append(f'  {{"{source.parent.name}", {where}::read, {where}::write, {resume}}},')
        lines.append("};")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--into", type=pathlib.Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--interop", action="store_true")
    parser.add_argument("sources", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)

    last = [source for source in options.sources if AT_GLOBAL_SCOPE.search(source.read_text(encoding="utf-8"))]
    alone = [source for source in options.sources if is_without_cairn(source.read_text(encoding="utf-8"))]
    last = [source for source in last if source not in alone]
    others = [source for source in options.sources if source not in last + alone]
    count = max(-(-len(others) // options.size), min(len(last), len(others)))
    for source in alone + last[count:]:
        print(source, source, sep="|")
    for i in range(count):
        target = options.into / f"{options.name}_{i + 1}_of_{count}.cpp"
        text = unit(others[i::count], last[i:i + 1], options.interop)
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
        print(target, *others[i::count], *last[i:i + 1], sep="|")


if __name__ == "__main__":
    main()
