#!/usr/bin/env python3
"""Compilers beyond the two that build all tests: each takes example 01 without a word; the one with another standard
library builds it, too, and it prints what it should. MSVC is asked for in vain here: of what its preprocessor leaves of the
doors, with empty files for the headers of others, nothing may be g++'s and clang's own, or a system's that is no Windows.

    compilers.py --compilers "clang++-19 -stdlib=libc++"... [--python PYTHON --scratch FOLDER] [--flags ...]

PYTHON may have the package ziglang: a newer clang with a standard library of its own, which the system's other headers must
not be mixed with. It is not run: its library would be built for that, which takes minutes. FOLDER keeps what it makes.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from layers import ROOT, counts

EXAMPLE = ROOT / "examples" / "01_save_and_restore.cpp"


ZIG = "ziglang's clang"


def zig(python, scratch):
    """The command and its environment; nothing where that Python has no such package."""
    if not python or subprocess.run([python, "-c", "import ziglang"], capture_output=True).returncode:
        return None, None
    headers = scratch / "zig" / "include"
    headers.mkdir(parents=True, exist_ok=True)
    for library in ("boost", "cereal"):
        if not (headers / library).exists():
            (headers / library).symlink_to(pathlib.Path("/usr/include") / library)
    cache = str(scratch / "zig" / "cache")
    return ([python, "-m", "ziglang", "c++", "-g0", "-fno-sanitize=all", "-isystem", str(headers)],
            os.environ | {"ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache})


def why_it_is_not_taken(command, program, environment):
    """Nothing when the compiler has nothing to say."""
    # zig's has to make something.
    only = ["-c", "-o", f"{program}.o"] if "ziglang" in command else ["-fsyntax-only"]
    checked = subprocess.run([*command, *only, str(EXAMPLE)], capture_output=True, text=True, env=environment)
    return checked.stdout + checked.stderr or (f"exit status {checked.returncode}" if checked.returncode else "")


def why_it_fails(command, program, environment):
    """Nothing when all is as it should be."""
    built = subprocess.run([*command, str(EXAMPLE), "-o", str(program)], capture_output=True, text=True, env=environment)
    if built.returncode:
        return built.stdout + built.stderr
    ran = subprocess.run([sys.executable, str(ROOT / "examples" / "check.py"), str(program)], capture_output=True, text=True, env=counts.uncounted())
    return ran.stdout + ran.stderr if ran.returncode else ""


MSVC = "what MSVC would see"
# Those of g++'s own that MSVC has, too, are __builtin_addressof and, for constant expressions, __builtin_memcmp. It warns of
# an attribute that it does not know.
FOREIGN = re.compile(r"\b(?:gnu|gcc|clang)::|__PRETTY_FUNCTION__|__attribute__|__builtin_(?!addressof\b|memcmp\b)\w+|\b(?:__)?asm(?:__)?\b|__int128|__extension__|"
                     r"#\s*pragma\s+(?:GCC|clang)\b|\bssize_t\b")
NO_WINDOWS = re.compile(r"(unistd|fcntl|dlfcn|pthread|poll|sched|strings|sys/.*|arm_\w+|cxxabi|mpi)\.?h?$")


def why_msvc_would_not(door, folder):
    """Nothing when there is nothing that MSVC is known not to take."""
    for header in (ROOT / "include" / "cairn").rglob("*.hpp"):
        for name in re.findall(r"^ *# *include *<([^>]+)>", header.read_text(encoding="utf-8"), re.M):
            if not name.startswith("cairn/") and not NO_WINDOWS.match(name):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).touch()
    seen = subprocess.run(["g++", "-std=c++20", "-E", "-P", "-undef", "-nostdinc", "-D_MSC_VER=1939", "-D_WIN32", "-D_WIN64", "-D_M_X64",
                           "-D_MSVC_LANG=202002L", f"-I{folder}", str(door)], capture_output=True, text=True)
    text = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', seen.stdout)
    found = sorted({line.strip() for line in text.splitlines() if FOREIGN.search(line)})
    return "\n".join([*([seen.stderr] if seen.returncode else []), *found])


def msvc_would_take_all():
    good = True
    for door in [ROOT / "include" / "cairn" / f"{door}.hpp" for door in ("all", "json", "testing", "types")]:
        name = f"headers: {MSVC} of {door.name}"
        with tempfile.TemporaryDirectory() as folder:
            why = why_msvc_would_not(door, pathlib.Path(folder))
        counts.record("failed" if why else "passed", name)
        print(f"FAILED {name}\n{why}" if why else f"passed {name}", flush=True)
        good = good and not why
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compilers", nargs="*", default=[])
    parser.add_argument("--python", default="")
    parser.add_argument("--scratch", type=pathlib.Path, default=pathlib.Path("build"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--flags", nargs=argparse.REMAINDER, default=[])
    options = parser.parse_args()
    compilers = [*options.compilers, *[ZIG] * bool(options.python)]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        good = all([msvc_would_take_all(), takes_with_sanitizers(), *pool.map(lambda compiler: takes(compiler, options), compilers)])
    sys.exit(not good)


POINTERS = """#include <cairn/cairn.hpp>
struct State { std::vector<cairn::Variable<float, 2>*> list; std::map<std::string, cairn::Variable<float, 3>> map; };
int main() { State state; return cairn::Checkpoint{state}.save("ckpt").empty(); }
"""


def takes_with_sanitizers():
    """Whether g++ takes programs for its sanitizers, which keep it from comparing some addresses when it compiles."""
    programs = {f"example {number}": next((ROOT / "examples").glob(f"{number}_*.cpp")).read_text(encoding="utf-8") for number in ("01", "02")}
    good = True
    for what, text in (programs | {"containers of Variables": "#include <map>\n#include <vector>\n" + POINTERS}).items():
        name = f"headers: {what} with g++'s sanitizers"
        checked = subprocess.run(["g++", "-std=c++20", "-fsanitize=address,undefined", f"-I{ROOT / 'include'}", "-fsyntax-only", "-x", "c++", "-"],
                                 input=text, capture_output=True, text=True)
        why = checked.stdout + checked.stderr
        counts.record("failed" if why else "passed", name)
        print(f"FAILED {name}\n{why}" if why else f"passed {name}", flush=True)
        good = good and not why
    return good


def takes(compiler, options):
    """False when the compiler has something to say, or may not be missing and is."""
    name = f"headers: example 01 with {compiler}"
    command, environment = zig(options.python, options.scratch) if compiler == ZIG else (shlex.split(compiler), None)
    if command is None or not shutil.which(command[0]):
        why = f"{options.python} has no package ziglang" if compiler == ZIG else f"{command[0]} is not installed"
        return counts.skip(name, why) != "failed"
    command += ["-std=c++20", "-Werror", f"-I{ROOT / 'include'}", "-pthread", *options.flags]
    with tempfile.TemporaryDirectory() as folder:
        find_out = why_it_fails if "-stdlib=" in compiler else why_it_is_not_taken
        why = find_out(command, pathlib.Path(folder) / EXAMPLE.stem, environment)
    counts.record("failed" if why else "passed", name)
    print(f"FAILED {name}\n{why}" if why else f"passed {name}", flush=True)
    return not why


if __name__ == "__main__":
    main()
