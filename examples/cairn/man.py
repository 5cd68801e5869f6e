#!/usr/bin/env python3
"""The manual pages cairn(1), cairn-ls(1), ..., made of what the tool says of itself.

    man.py TOOL VERSION FOLDER      writes FOLDER/cairn.1, FOLDER/cairn-ls.1, ...; prints their names
"""
import pathlib
import re
import subprocess
import sys


def text_of(line):
    """The line with what roff would take for commands and hyphens made literal."""
    line = line.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + line if line.startswith((".", "'")) else line


def section_lines(name, lines):
    """A section's lines in roff: words flow, options and commands hang, usages and examples stay as they are."""
    if name in ("USAGE", "EXAMPLES", "EXIT STATUS"):
        return [".nf", *(text_of(line[2:]) for line in lines), ".fi"]
    made = []
    for line in lines:
        tag = re.match(r"^  (\S[^ ]*)  +(\S.*)$", line) if name == "COMMANDS" else None
        if not line.strip():
            made.append(".PP")
        elif tag:
            made += [".TP", f".B {text_of(tag[1])}", text_of(tag[2])]
        elif name == "OPTIONS" and re.match(r"^  \S", line):
            made += [".TP", f".B {text_of(line.strip())}"]
        else:
            made.append(text_of(line.strip()))
    return made


def page(name, summary, version, said):
    lines = said.rstrip("\n").split("\n")
    made = [f'.TH {name.upper()} 1 "" "cairn {version}" "cairn"', ".SH NAME", f"{text_of(name)} \\- {text_of(summary)}"]
    section, held = "", []

    def close():
        while held and not held[-1].strip():
            held.pop()
        if section:
            made.extend([f".SH {section}", *section_lines(section, held)])

    for line in lines:
        if re.fullmatch(r"[A-Z][A-Z ]+", line):
            close()
            section, held = line, []
        else:
            held.append(line)
    close()
    return "\n".join(made) + "\n"


def main():
    tool, version, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)

    def said(*arguments):
        return subprocess.run([tool, *arguments, "--help"], check=True, capture_output=True, text=True).stdout

    first = said()
    commands = re.findall(r"^  (\S+)  +(\S.*)$", first.partition("COMMANDS\n")[2].partition("\n\n")[0], re.M)
    pages = {"cairn": page("cairn", first.partition("\n")[0].removeprefix("cairn ").rstrip("."), version, first)}
    for command, summary in commands:
        pages[f"cairn-{command}"] = page(f"cairn-{command}", summary, version, said(command))
    for name, text in pages.items():
        (folder / f"{name}.1").write_text(text, encoding="utf-8")
        print(f"{name}.1")


if __name__ == "__main__":
    main()
