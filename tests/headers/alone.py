#!/usr/bin/env python3
"""Every header compiles alone, twice in a row and in two translation units of one program, without a warning.

    alone.py --compiler "g++" [--jobs N] [--flags ...]
"""
import argparse
import concurrent.futures
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

from layers import ROOT, counts

OPT_IN = {"types", "mpi", "json"}  # they need more than is always installed: only where that is


def compiled(command):
    result = subprocess.run(command, capture_output=True, text=True)
    return result.returncode == 0, result.stdout + result.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--flags", nargs=argparse.REMAINDER, default=[])
    options = parser.parse_args()
    compiler = shlex.split(options.compiler)
    name = pathlib.Path(compiler[-1]).name
    if not shutil.which(compiler[-1]):
        counts.skip(f"headers: each compiles alone with {name}", f"{name} is not installed")
        sys.exit(counts.nothing_may_be_missing())

    headers = [path.relative_to(ROOT / "include").as_posix() for path in sorted((ROOT / "include" / "cairn").rglob("*.hpp"))]
    headers = [header for header in headers if pathlib.PurePath(header).with_suffix("").parts[1] not in OPT_IN]
    command = compiler + ["-std=c++20", "-Werror", f"-I{ROOT / 'include'}"] + options.flags

    with tempfile.TemporaryDirectory() as folder:
        def alone(number, header):
            source = pathlib.Path(folder, f"alone_{number}.cpp")
            source.write_text(f'#include "{header}"\n#include "{header}"\n')
            return compiled(command + ["-fsyntax-only", str(source)])

        def together():
            objects = []
            for unit in ("main.cpp", "other.cpp"):
                source = pathlib.Path(folder, unit)
                source.write_text("".join(f'#include "{header}"\n' for header in headers)
                                  + ("int main() {}\n" if unit == "main.cpp" else ""))
                good, said = compiled(command + ["-c", str(source), "-o", str(source.with_suffix(".o"))])
                if not good:
                    return good, said
                objects.append(str(source.with_suffix(".o")))
            return compiled(command + ["-pthread", *objects, "-o", str(pathlib.Path(folder, "program"))])

        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            cases = {f"headers: {header} compiles alone with {name}": pool.submit(alone, number, header)
                     for number, header in enumerate(headers)}
            cases[f"headers: all are part of two translation units with {name}"] = pool.submit(together)
        bad = 0
        for case, future in cases.items():
            good, said = future.result()
            counts.record("passed" if good else "failed", case)
            if not good:
                bad += 1
                print(f"FAILED {case}\n{said}")
    print(f"{len(cases) - bad} of {len(cases)} with {name} are quiet")
    sys.exit(bool(bad) or not headers)


if __name__ == "__main__":
    main()
