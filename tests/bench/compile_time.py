#!/usr/bin/env python3
"""What it costs to include cairn: processor seconds, memory, object size and symbols, beside other libraries' headers.

    compile_time.py [--compiler g++]... [--flags=-O0]... [--runs 5] [CASE]...

"compiled" cases include what single_include/separate.py makes: headers for a library that is compiled once; "precompiled" ones
have these as a precompiled header. Every case is compiled once per round, with every compiler and every flag, so that a busy
machine is unfair to all alike; the least of all rounds counts. The seconds are those of the compiler's processes (user and
system), not of the clock. What is not installed is left out: on Debian nlohmann-json3-dev, libtomlplusplus-dev and
libeigen3-dev are the peers.
"""
import argparse
import os
import pathlib
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
GROUP = 50  # members of one struct; Boost.PFR takes 100 at most


def variables(count):
    """A struct of `count` Variables, no two of one type; in structs of their own above a hundred."""
    members = [f"  cairn::Variable<float, {i + 1}> v{i};\n" for i in range(count)]
    if count <= 100:
        return "struct Model {\n" + "".join(members) + "};\n"
    groups = range(0, count, GROUP)
    return ("".join(f"struct Group{i} {{\n{''.join(members[i:i + GROUP])}}};\n" for i in groups)
            + "struct Model {\n" + "".join(f"  Group{i} group{i};\n" for i in groups) + "};\n")


def saved_and_restored(count):
    return "#include <cairn/cairn.hpp>\n\n" + variables(count) + """
int main() {
  Model model;
  const std::string path = cairn::Checkpoint{model}.save("training/ckpt");
  cairn::Checkpoint{model}.restore(path).assert_consumed();
}
"""


def trained(count):
    return "#include <cairn/cairn.hpp>\n\n" + variables(count) + f"""
struct Training {{
  Model model;
  cairn::keras::Adam<Model> optimizer;
}};

int main() {{
  Training training;
  auto& [model, optimizer] = training;
  cairn::GradientTape tape;
  const auto loss = cairn::reduce_mean(cairn::square(model.{"v0" if count <= 100 else "group0.v0"}));
  optimizer.apply_gradients(tape.gradient(loss, cairn::trainable_variables(model)), model);
  const std::string path = cairn::Checkpoint{{training}}.save("training/ckpt");
  cairn::Checkpoint{{training}}.restore(path).assert_consumed();
}}
"""


def including(*headers):
    return "".join(f"#include <{header}>\n" for header in headers)


def example(number):
    return next((ROOT / "examples").glob(f"{number}_*.cpp")).read_text(encoding="utf-8")


# The first is what the others are measured by.
CASES = {
    "cereal + PFR": including("cereal/archives/portable_binary.hpp", "boost/pfr/core.hpp", "boost/pfr/tuple_size.hpp"),
    "pfr.hpp": including("boost/pfr.hpp"),
    "Eigen": including("Eigen/Dense"),
    "toml++": including("toml++/toml.h"),
    "nlohmann": including("nlohmann/json.hpp"),
    "cairn": including("cairn/cairn.hpp"),
    "cairn/checkpoint": including("cairn/checkpoint.hpp"),
    "example 01": example("01"),
    "example 02": example("02"),
    "8 variables": saved_and_restored(8),
    "64 variables": saved_and_restored(64),
    "1000 variables": saved_and_restored(1000),
    "Adam, 64 variables": trained(64),
    "Adam, 1000 variables": trained(1000),
}
COMPILED = ", compiled"
CASES |= {name + COMPILED: text for name, text in CASES.items() if "<cairn/" in text}
PRECOMPILED = " and precompiled"
CASES |= {name + PRECOMPILED: text for name, text in CASES.items() if name.endswith(COMPILED) and "<cairn/cairn.hpp>" in text}
ALWAYS = ["cereal + PFR"]


def compiled(command):
    """Processor seconds, MB at the peak; None when it does not compile."""
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        try:
            os.execvp(command[0], command)
        finally:
            os._exit(127)
    _, status, used = os.wait4(child, 0)
    return (used.ru_utime + used.ru_stime, used.ru_maxrss / 1024) if status == 0 else None


def precompiled(compiler, flags, folder):
    """The flags that use the declarations, which it precompiles into `folder`."""
    made = folder / "cairn" / "cairn.hpp.gch"
    made.parent.mkdir(parents=True)
    header = f"{folder.parent}/include/cairn/cairn.hpp"
    if not compiled([*shlex.split(compiler), "-std=c++20", *shlex.split(flags), "-x", "c++-header", header, "-o", str(made)]):
        sys.exit(f"{compiler} {flags} does not precompile {header}")
    return ["-include-pch", str(made)] if "clang" in compiler else [f"-I{folder}"]


def symbols(file):
    return len(subprocess.run(["nm", "--defined-only", str(file)], capture_output=True, text=True).stdout.splitlines())


def table(compiler, flags, measured):
    base = measured.get(ALWAYS[0])
    yield f"| {compiler} {flags} | processor s | of {ALWAYS[0]} | MB at the peak | object KB | symbols |"
    yield "|---|---|---|---|---|---|"
    for case, (seconds, memory, size, count) in measured.items():
        yield f"| {case} | {seconds:.2f} | {seconds / base[0]:.2f} | {memory:.0f} | {size // 1024} | {count} |"


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--compiler", action="append")
    parser.add_argument("--flags", action="append")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--include", default=str(ROOT / "include"))
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    options = parser.parse_args()
    for case in options.cases:
        if case not in CASES:
            sys.exit(f"there is no case {case!r}; there are: {', '.join(CASES)}")
    cases = [case for case in CASES if not options.cases or case in options.cases + ALWAYS]
    columns = [(compiler, flags) for compiler in options.compiler or ["g++"] for flags in options.flags or ["-O0", "-O2"]]
    for compiler, _ in columns:
        if not shutil.which(shlex.split(compiler)[0]):
            sys.exit(f"{compiler} is not installed")

    best, gone = {column: {} for column in columns}, set()
    with tempfile.TemporaryDirectory() as folder:
        sources = {}
        for number, case in enumerate(cases):
            sources[case] = pathlib.Path(folder) / f"case{number}.cpp"
            sources[case].write_text(CASES[case], encoding="utf-8")
        made = pathlib.Path(folder) / "made.o"
        subprocess.run([sys.executable, str(ROOT / "single_include" / "separate.py"), folder], check=True, stdout=subprocess.DEVNULL)
        use = {}
        if any(case.endswith(PRECOMPILED) for case in cases):
            use = {column: precompiled(*column, pathlib.Path(folder) / str(number)) for number, column in enumerate(columns)}
        for _ in range(options.runs):
            for case in cases:
                for compiler, flags in columns:
                    if (compiler, flags, case) in gone:
                        continue
                    include = [f"-I{folder}/include" if COMPILED in case else f"-I{options.include}"]
                    if case.endswith(PRECOMPILED):
                        include = use[compiler, flags] + include
                    used = compiled([*shlex.split(compiler), "-std=c++20", *shlex.split(flags), *include, "-isystem/usr/include/eigen3",
                                     "-c", str(sources[case]), "-o", str(made)])
                    if not used:
                        print(f"{case}: does not compile with {compiler} {flags}, or is not installed", file=sys.stderr)
                        gone.add((compiler, flags, case))
                        continue
                    before = best[compiler, flags].get(case)
                    if before:
                        best[compiler, flags][case] = (min(before[0], used[0]), min(before[1], used[1]), *before[2:])
                    else:
                        best[compiler, flags][case] = (*used, made.stat().st_size, symbols(made))
    for compiler in dict.fromkeys(compiler for compiler, _ in columns):
        print(subprocess.run([*shlex.split(compiler), "--version"], capture_output=True, text=True).stdout.splitlines()[0])
    print(f"{os.cpu_count()} processors ({platform.machine()}), load {os.getloadavg()[0]:.0f}, least of {options.runs}\n")
    for column in columns:
        print("\n".join(table(*column, best[column])) + "\n")


if __name__ == "__main__":
    main()
