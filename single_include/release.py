#!/usr/bin/env python3
"""What a release needs: its version in one edit, and the files that people download.

    release.py version                    says the version
    release.py version 0.2.0              writes it into version.hpp, which names the namespace after it, into the port for vcpkg, and at
                                          the head of CHANGELOG.md as "(not released)"
    release.py version 0.2.0 --released   the same, without these words
    release.py check                      says whether all of them have one version (exit status 1: they do not)
    release.py artefacts                  `meson dist` calls it: makes cairn.hpp and cairn_standalone.hpp beside the tarball, of what is in
                                          the tarball, each with its checksum
"""
import argparse
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADER, PORT, CHANGELOG = (ROOT / name for name in ("include/cairn/version.hpp", "subprojects/packaging/vcpkg/vcpkg.json", "CHANGELOG.md"))
PARTS = ("MAJOR", "MINOR", "PATCH")
MACRO = r"^(#define CAIRN_VERSION_%s) (\d+)$"
IN_PORT = re.compile(r'("version": )"([\d.]+)"')
HEADING = re.compile(r"^## (\d+\.\d+\.\d+)( \(not released\))?$", re.M)


def version():
    text = HEADER.read_text(encoding="utf-8")
    return ".".join(re.search(MACRO % part, text, re.M).group(2) for part in PARTS)


def set_version(new, released):
    text = HEADER.read_text(encoding="utf-8")
    for part, number in zip(PARTS, new.split(".")):
        text = re.sub(MACRO % part, rf"\1 {number}", text, flags=re.M)
    HEADER.write_text(text, encoding="utf-8")
    PORT.write_text(IN_PORT.sub(rf'\1"{new}"', PORT.read_text(encoding="utf-8")), encoding="utf-8")
    changes = CHANGELOG.read_text(encoding="utf-8")
    newest = HEADING.search(changes)
    is_open = newest.group(2) or newest.group(1) == new
    heading = f"## {new}{'' if released else ' (not released)'}"
    changes = changes[:newest.start()] + heading + (changes[newest.end():] if is_open else "\n\n" + changes[newest.start():])
    CHANGELOG.write_text(changes, encoding="utf-8")


def check():
    found = {"include/cairn/version.hpp": version(),
             "subprojects/packaging/vcpkg/vcpkg.json": IN_PORT.search(PORT.read_text(encoding="utf-8")).group(2),
             "CHANGELOG.md": HEADING.search(CHANGELOG.read_text(encoding="utf-8")).group(1)}
    if len(set(found.values())) > 1:
        sys.exit("there are several versions: " + ", ".join(f"{name} has {number}" for name, number in found.items())
                 + "; run `single_include/release.py version` with the one that is meant")


def artefacts():
    source, target = pathlib.Path(os.environ["MESON_DIST_ROOT"]), pathlib.Path(os.environ["MESON_BUILD_ROOT"]) / "meson-dist"
    fold = [sys.executable, source / "single_include" / "amalgamate.py"]
    subprocess.run([sys.executable, source / "single_include" / "release.py", "check"], check=True)
    subprocess.run(fold + ["--check"], check=True)
    target.mkdir(exist_ok=True)
    shutil.copy(source / "single_include" / "cairn" / "cairn.hpp", target)
    subprocess.run(fold + ["--standalone", target / "cairn_standalone.hpp"], check=True)
    for name in ("cairn.hpp", "cairn_standalone.hpp"):
        digest = hashlib.sha256((target / name).read_bytes()).hexdigest()
        (target / f"{name}.sha256sum").write_text(f"{digest} *{name}\n", encoding="utf-8")
    for cache in source.rglob("__pycache__"):
        shutil.rmtree(cache)


def main():
    parser = argparse.ArgumentParser(description="The version of cairn, and the files of a release.")
    commands = parser.add_subparsers(dest="command", required=True)
    of_version = commands.add_parser("version", help="say the version, or write another one everywhere")
    of_version.add_argument("new", nargs="?", metavar="MAJOR.MINOR.PATCH")
    of_version.add_argument("--released", action="store_true", help="write no \"(not released)\" into CHANGELOG.md")
    commands.add_parser("check", help="say whether the version is the same everywhere")
    commands.add_parser("artefacts", help="make the files beside a tarball of `meson dist`")
    options = parser.parse_args()
    if options.command == "check":
        check()
    elif options.command == "artefacts":
        artefacts()
    elif options.new is None:
        print(version())
    elif not re.fullmatch(r"\d+\.\d+\.\d+", options.new):
        parser.error(f"\"{options.new}\" is no version; write three numbers, such as 0.2.0")
    else:
        set_version(options.new, options.released)


if __name__ == "__main__":
    main()
