"""Measures a compilation: seconds, memory, and what is in the object. headers/budgets.py bounds it, bench/compile_time.py compares it.

Nothing of it depends on ccache. Memory and the object do not vary with what else the machine does; seconds do.
"""
import collections
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOOR = re.compile(r"^#include <cairn/(?:cairn|checkpoint)\.hpp>$", re.M)
CONTAINERS = {"vectors": "vector", "trees": "(?:multi)?(?:map|set)", "hash tables": "unordered_(?:multi)?(?:map|set)", "variants": "variant"}

# seconds: user and system of all processes of the compiler. megabytes: the largest of them at its peak.
Cost = collections.namedtuple("Cost", "seconds megabytes object")


def empty(door):
    return f"#include <cairn/{door}.hpp>\n"


def example(number, door):
    """An example that includes one door, with another in its place."""
    text, count = DOOR.subn(empty(door).rstrip(), next((ROOT / "examples").glob(f"{number}_*.cpp")).read_text(encoding="utf-8"))
    assert count == 1, f"example {number} includes {count} of the doors that are compared"
    return text


class DoesNotCompile(Exception):
    """Holds the first of what the compiler said."""


def compiled(text, folder, *flags, compiler="g++", include=ROOT / "include"):
    """The Cost of compiling a program with that text in that folder, as a user without further options would."""
    source, made = folder / "program.cpp", folder / "program.o"
    source.write_text(text, encoding="utf-8")
    command = [*compiler.split(), "-std=c++20", "-pthread", *flags, f"-I{include}", "-isystem/usr/include/eigen3", "-c", str(source), "-o", str(made)]
    with open(folder / "said", "w+", encoding="utf-8", errors="replace") as said:
        child = subprocess.Popen(command, stdout=said, stderr=said, env=os.environ | {"CCACHE_DISABLE": "1"})
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        if child.returncode:
            raise DoesNotCompile(said.read(2000).rstrip())
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, made)


def text_kilobytes(made):
    """Code, constants and tables for unwinding: what `size` counts as text."""
    return round(int(subprocess.run(["size", str(made)], capture_output=True, text=True, check=True).stdout.splitlines()[1].split()[0]) / 1024)


def static_kilobytes(made):
    """What a stripped static program of the object takes beyond one that only prints."""
    sizes = []
    printing = made.with_name("printing.cpp")
    printing.write_text('#include <iostream>\nint main() { std::cout << "\\n"; }\n', encoding="utf-8")
    for source in (made, printing):
        program = made.with_name("linked")
        subprocess.run(["g++", "-O2", "-s", "-static", "-pthread", str(source), "-o", str(program)], check=True, capture_output=True)
        sizes.append(program.stat().st_size)
    return round((sizes[0] - sizes[1]) / 1024)


def functions(made):
    """The names of the functions in the object, without parameters: nm's defined symbols of types T, t and W. Overloads are
    there once each."""
    lines = subprocess.run(["nm", "--defined-only", str(made)], capture_output=True, text=True, check=True).stdout.splitlines()
    mangled = [line.split()[-1] for line in lines if line.split()[-2] in ("T", "t", "W")]
    return subprocess.run(["c++filt", "-p"], input="\n".join(mangled), capture_output=True, text=True, check=True).stdout.splitlines()


def containers(names, kind):
    """The standard containers of that kind of which a function is among those names."""
    found = set()
    for name in names:
        if re.match(f"std::{CONTAINERS[kind]}<", name):
            depth = 0
            for end, letter in enumerate(name.replace("->", "--"), 1):
                depth += (letter == "<") - (letter == ">")
                if letter == ">" and depth == 0:
                    found.add(name[:end])
                    break
    return found
