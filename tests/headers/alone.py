#!/usr/bin/env python3
"""Every header compiles alone, twice in a row and in two translation units of one program, without a warning.

    alone.py --compiler "g++" --declared INCLUDE --seen FOLDER [--jobs N] [--all] [--only-together] [--flags ...]

What a header forgot to include is missing with every compiler on one machine, so one of them looks at each header alone:
the umbrellas as they are, those of types/ and exchange/hdf5/ and mpi.hpp where their library is; all others as separate.py leaves them in the folder INCLUDE, without the bodies of functions, which
take most of the time; and of those only the ones that somebody may include, which do not lie in a folder `detail`, unless
there is --all. With --only-together another compiler looks at what it alone has: its own warnings in all headers.
In CI it is the umbrellas, half of the doors and one of six of the other headers, others when one has changed, unless there is --all.
FOLDER remembers what compiled: a header is compiled again only when it, what it includes, the flags or the compiler
changed, as a build would.
"""
import argparse
import concurrent.futures
import hashlib
import pathlib
import shutil
import subprocess
import sys
import tempfile

from layers import FOLDERS_OF_LIBRARIES, HOUSE, INCLUDE, OF_LIBRARIES, counts, is_public, layer, missing_include

OPT_IN = {"types", "mpi", "json"}  # they need more than is always installed


UMBRELLAS = {"cairn", "all", "checkpoint"}  # the headers that are looked at with all bodies


def compiled(command):
    result = subprocess.run(command, capture_output=True, text=True)
    return result.returncode == 0, result.stdout + result.stderr


def closure(header, found):
    """The header and all of ours that it includes, added to `found`."""
    if header.is_file() and header not in found:
        found.add(header)
        for _, quoted in INCLUDE.findall(header.read_text(encoding="utf-8")):
            if quoted:
                closure((header.parent / quoted).resolve(), found)
    return found


class Compiler:
    def __init__(self, name, flags, seen, folder):
        self.command = [name, "-std=c++20", "-Werror", *flags, *FOLDERS_OF_LIBRARIES]
        self.version = subprocess.run([name, "--version"], capture_output=True, text=True, check=True).stdout
        self.seen = seen
        self.folder = pathlib.Path(folder)
        seen.mkdir(parents=True, exist_ok=True)

    def unless_seen(self, compile_, headers):
        digest = hashlib.sha256(repr((compile_.__name__, self.command, self.version, headers)).encode())
        for header in sorted(set().union(*(closure(header, set()) for header in headers))):
            digest.update(header.read_bytes())
        stamp = self.seen / digest.hexdigest()
        if stamp.exists():
            return True, ""
        good, said = compile_(headers)
        if good:
            stamp.touch()
        return good, said

    def alone(self, headers):
        [header] = headers
        source = self.folder / (str(header).replace("/", "_") + ".cpp")
        source.write_text(f'#include "{header}"\n' * 2)
        return compiled([*self.command, "-fsyntax-only", str(source)])

    def together(self, headers):
        objects = []
        for unit, end in (("main", "int main() {}\n"), ("other", "")):
            source = self.folder / f"{unit}.cpp"
            source.write_text("".join(f'#include "{header}"\n' for header in headers) + end)
            objects.append(str(source.with_suffix(".o")))
            good, said = compiled([*self.command, "-c", str(source), "-o", objects[-1]])
            if not good:
                return good, said
        return compiled([*self.command, "-pthread", *objects, "-o", str(self.folder / "program")])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--declared", type=pathlib.Path, required=True)
    parser.add_argument("--seen", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only-together", action="store_true")
    parser.add_argument("--flags", nargs=argparse.REMAINDER, default=[])
    options = parser.parse_args()
    name = options.compiler
    if not shutil.which(name):
        sys.exit(counts.skip(f"headers: each compiles alone with {name}", f"{name} is not installed") == "failed")

    headers = [header for header in sorted(HOUSE.rglob("*.hpp")) if layer(header) not in OPT_IN and header not in OF_LIBRARIES]
    looked_at = [header for header in headers if options.all or is_public(header)]
    of_libraries = OF_LIBRARIES
    if not options.all:
        doors = [header for header in looked_at if header.parent == HOUSE]
        umbrellas = [header for header in doors if header.stem in UMBRELLAS]
        looked_at = umbrellas + counts.in_turn([header for header in doors if header not in umbrellas], 2) + counts.in_turn([header for header in looked_at if header.parent != HOUSE], 6)
        of_libraries = counts.in_turn(of_libraries, 2)
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        compiler = Compiler(name, options.flags, options.seen, folder)
        cases = {f"headers: {header.relative_to(HOUSE)} compiles alone with {name}":
                 pool.submit(compiler.unless_seen, compiler.alone, [header if header.relative_to(HOUSE).with_suffix("").as_posix() in UMBRELLAS else options.declared / "cairn" / header.relative_to(HOUSE)])
                 for header in looked_at if not options.only_together}
        for header in [] if options.only_together else of_libraries:
            case = f"headers: {header.relative_to(HOUSE)} compiles alone with {name}"
            if missing := missing_include(compiler.command, header):
                print(f"skipped: {case}: <{missing}> is not there")  # the tests of that library count it
            else:
                cases[case] = pool.submit(compiler.unless_seen, compiler.alone, [options.declared / "cairn" / header.relative_to(HOUSE)])
        cases[f"headers: all are part of two translation units with {name}"] = (
            pool.submit(compiler.unless_seen, compiler.together, headers))
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
