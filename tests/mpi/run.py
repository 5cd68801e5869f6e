#!/usr/bin/env python3
"""Tests of <cairn/mpi.hpp> under mpirun.

    run.py --program PROGRAM --scratch DIR [--python PYTHON] [--mpirun MPIRUN] [--kills N]

PROGRAM is program.cpp. Its cases run once, on 8 ranks, which make communicators of fewer. Then ranks are killed at file calls, N
times for each of two ranks (3 without the option; 0 means at every call), and the directory must be whole. Then TensorFlow, of
PYTHON, opens what ranks saved, and ranks open what TensorFlow saved.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import counts  # noqa: E402

SECONDS = 200


def is_alive(name):
    """True for a temporary file whose process is there."""
    process = re.search(r"cairn-tmp-(\d+)-", name)
    return process is not None and pathlib.Path(f"/proc/{process.group(1)}").exists()


class Tests:
    def __init__(self, options):
        self.options = options
        self.failed = False

    def ranks(self, number, *arguments):
        """What so many ranks of the program print, and whether all ended well."""
        command = [*self.options.mpirun.split(), "-n", str(number), self.options.program, *map(str, arguments)]
        try:
            result = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=SECONDS)
        except subprocess.TimeoutExpired as hung:
            return f"{hung.stdout}\n{hung.stderr}\nit hangs: {' '.join(command)}", False
        return result.stdout + result.stderr, result.returncode == 0

    def folder(self, name):
        folder = self.options.scratch / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def record(self, is_good, name, said=""):
        counts.record("passed" if is_good else "failed", f"mpi: {name}")
        print(f"{'passed' if is_good else 'FAILED'} {name}", flush=True)
        if not is_good:
            print(said, flush=True)
            self.failed = True

    def cases(self):
        said, is_good = self.ranks(8, "cases", self.folder("cases"))
        for outcome, name, _ in re.findall(r"^(passed|failed)\t([^\t\n]*)\t(.*)", said, re.M):
            self.record(outcome == "passed", name, said)
        if not is_good and "failed\t" not in said:
            self.record(False, "the cases end", said)

    def killed(self, victim, call):
        """None when the rank ended before that call."""
        folder = self.folder(f"killed-{victim}-{call}")
        said, ended = self.ranks(3, "lives", folder, victim, call)
        if ended:
            return None
        saved = max(map(int, re.findall(r"^saved (\d+)", said, re.M)), default=0)
        if saved or (folder / "checkpoint").exists():
            found, is_good = self.ranks(2, "restore", folder, -1)
            step = int(match.group(1)) if (match := re.search(r"^step (\d+)", found, re.M)) else -1
            if not is_good or step not in (saved, saved + 1):
                return f"after rank {victim} was killed at call {call}, {saved} were saved, and {step} is restored\n{found}"
        self.wait_for_ends(folder)
        said, ended = self.ranks(2, "lives", folder, 0, 0)  # goes on, with another number of ranks
        left = [path.name for path in folder.iterdir() if "cairn-tmp" in path.name and not is_alive(path.name)]
        if not ended or left:
            return f"after rank {victim} was killed at call {call}: {left}\n{said}"
        return ""

    @staticmethod
    def wait_for_ends(folder):
        """What mpirun has killed may take a moment: only files of processes that are gone are swept up."""
        for _ in range(50):
            if not any(is_alive(path.name) for path in folder.iterdir()):
                return
            time.sleep(0.1)

    def kills(self):
        for victim, of in ((0, 60), (2, 12)):
            wrong, tried = "", 0
            step = max(1, of // self.options.kills) if self.options.kills else 1
            for call in range(1 + step // 2, of + 1 if self.options.kills else sys.maxsize, step):
                if (said := self.killed(victim, call)) is None:
                    break
                wrong, tried = wrong + said, tried + 1
            self.record(tried and not wrong, f"rank {victim} is killed at its file calls, and the directory is whole", wrong or "none was killed")

    def tensorflow(self):
        python = self.options.python
        names = ["TensorFlow restores what ranks saved", "ranks restore what TensorFlow saved in parts"]
        if subprocess.run([python, "-c", "import importlib.util as u; exit(u.find_spec('tensorflow') is None)"]).returncode:
            for name in names:
                self.failed |= counts.skip(f"mpi: {name}", f"{python} has no TensorFlow") == "failed"
            return
        folder, script = self.folder("tensorflow"), pathlib.Path(__file__).with_name("with_tensorflow.py")
        said = "".join(self.ranks(ranks, "save", folder / str(ranks), ranks)[0] for ranks in (1, 3, 4))
        asked = subprocess.run([python, script, folder, "1", "3", "4"], capture_output=True, text=True, errors="replace")
        self.record(asked.returncode == 0, names[0], said + asked.stdout + asked.stderr)
        said, is_good = self.ranks(3, "tensorflow", folder, 0)
        self.record(is_good, names[1], said)


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    parser.add_argument("--python", default="python3")
    parser.add_argument("--mpirun", default="mpirun")
    parser.add_argument("--kills", type=int, default=3)
    options = parser.parse_args()
    # Open MPI refuses root unless it is told so twice, and more ranks than processors; MPICH knows none of these words.
    os.environ.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_rmaps_base_oversubscribe="1",
                      OMPI_MCA_btl_vader_single_copy_mechanism="none")
    tests = Tests(options)
    tests.cases()
    tests.kills()
    tests.tensorflow()
    sys.exit(tests.failed)


if __name__ == "__main__":
    main()
