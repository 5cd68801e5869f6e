#!/usr/bin/env python3
"""Compares what g++ takes for programs that include cairn with what it takes for other libraries at work.

    compile_time.py [--runs 3] [--compiler g++] [--include FOLDER] [CASE...]

prints one table. Every case is compiled once per round at -O0 and at -O2, so that a busy machine is unfair to all alike; the least
of all rounds counts. The columns of each level:
    s          processor seconds of the compiler's processes, user and system together
    x          their ratio to the first case, the headers of cereal's binary archive and Boost.PFR with an empty main
    MB         memory of the largest of those processes at its peak
    KB         text of the object as `size` counts it: code, constants and tables for unwinding
    functions  defined functions in the object, by nm; support/compile_cost.py says how
peers/ has the other libraries' programs. A library that is not installed is left out, with a word: on Debian nlohmann-json3-dev,
libtomlplusplus-dev, libcli11-dev, libeigen3-dev, libcereal-dev and doctest-dev are the peers. FOLDER is where <cairn/…> is
looked for: include/ of this or another tree, or single_include/.
"""
import argparse
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import compile_cost  # noqa: E402

LEVELS = ["-O0", "-O2"]


def peer(name):
    return (HERE / "peers" / f"{name}.cpp").read_text(encoding="utf-8")


def variables(count):
    """A struct of that many Variables, no two of one type, saved and restored."""
    return (compile_cost.empty("checkpoint") + "#include <string>\n\nstruct Model {\n"
            + "".join(f"  cairn::Variable<float, {i + 1}> v{i};\n" for i in range(count))
            + """};

int main() {
  Model model;
  const std::string path = cairn::Checkpoint{model}.save("training/ckpt");
  cairn::Checkpoint{model}.restore(path).assert_consumed();
}
""")


# The first is what the others are measured by.
BASE = "cereal + PFR, headers"
CASES = {
    BASE: peer("headers"),
    "cereal: save, load": peer("cereal"),
    "toml++: parse, print": peer("tomlplusplus"),
    "nlohmann/json: save, load": peer("nlohmann_json"),
    "doctest: main": peer("doctest"),
    "CLI11: hello, options": peer("cli11"),
    "Eigen: QR": peer("eigen"),
    "cairn/checkpoint.hpp, empty": compile_cost.empty("checkpoint"),
    "cairn/cairn.hpp, empty": compile_cost.empty("cairn"),
    "example 01, checkpoint.hpp": compile_cost.example("01", "checkpoint"),
    "example 01, cairn.hpp": compile_cost.example("01", "cairn"),
    "64 variables, checkpoint.hpp": variables(64),
    "example 02": compile_cost.example("02", "cairn"),
}


def missing(text, options):
    """The first header that is not there."""
    for header in re.findall(r"^#include <([^>]+)>", text, re.M):
        asked = subprocess.run([*options.compiler.split(), "-std=c++20", f"-I{options.include}", "-isystem/usr/include/eigen3", "-fsyntax-only", "-x", "c++", "-"],
                               input=f"#if !__has_include(<{header}>)\n#error\n#endif\n", capture_output=True, text=True)
        if asked.returncode:
            return header
    return None


def measured(cases, options):
    """Case -> level -> seconds, MB, KB, functions. The first case that does not compile ends the program."""
    best = {case: {} for case in cases}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.runs):
            for case in cases:
                for level in LEVELS:
                    try:
                        cost = compile_cost.compiled(CASES[case], pathlib.Path(folder), level, compiler=options.compiler, include=options.include)
                    except compile_cost.DoesNotCompile as said:
                        sys.exit(f"{case} does not compile at {level}: {said}")
                    seconds, memory, *of_object = best[case].get(level) or (
                        cost.seconds, cost.megabytes, compile_cost.text_kilobytes(cost.object), len(compile_cost.functions(cost.object)))
                    best[case][level] = (min(seconds, cost.seconds), min(memory, cost.megabytes), *of_object)
    return best


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--include", type=pathlib.Path, default=compile_cost.ROOT / "include")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="; ".join(CASES))
    options = parser.parse_args()
    for case in options.cases:
        if case not in CASES:
            sys.exit(f"there is no case {case!r}; there are: {'; '.join(CASES)}")

    cases = []
    for case in CASES:
        if not options.cases or case in [BASE, *options.cases]:
            header = missing(CASES[case], options)
            if not header:
                cases.append(case)
            elif case == BASE:
                sys.exit(f"<{header}> is not there, and nothing can be measured by it")
            else:
                print(f"left out: {case}: <{header}> is not there", file=sys.stderr)
    best = measured(cases, options)
    print(subprocess.run([*options.compiler.split(), "--version"], capture_output=True, text=True).stdout.splitlines()[0]
          + f", {os.cpu_count()} processors ({platform.machine()}), load {os.getloadavg()[0]:.0f}, least of {options.runs}\n")
    print("| |" + "".join(f" {level} s | x | MB | KB | functions |" for level in LEVELS))
    print("|---|" + "---|" * 5 * len(LEVELS))
    for case, levels in best.items():
        cells = [f" {seconds:.2f} | {seconds / best[BASE][level][0]:.1f} | {memory:.0f} | {text} | {functions} |"
                 for level, (seconds, memory, text, functions) in levels.items()]
        print(f"| {case} |" + "".join(cells))


if __name__ == "__main__":
    main()
