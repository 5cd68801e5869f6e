#!/usr/bin/env python3
"""Counts the tests that really ran.

Whatever runs tests adds lines to the file that the environment variable CAIRN_TEST_COUNTS names:
    started|passed|failed|skipped <tab> name of the test [<tab> reason]
main.cpp does so for unit tests, record() below for Python, `counts.py record OUTCOME NAME [REASON]` for a shell.

`counts.py sum [--title TEXT] FILE...` prints what failed and what was skipped and why, then "N passed, N failed, N skipped".
Each file is one build. A test that ran in several builds counts once, by its worst outcome; one that started and
never ended failed. The exit status is 1 when anything failed or nothing passed.
`counts.py skip NAME REASON` is a test that was skipped, or failed where nothing may be missing.
`counts.py failures FILE` has exit status 0 when FILE counts a failure.

What takes long and seldom finds anything is tried in turns in CI, unless CAIRN_TEST_ALL=true: in_turn() says what is next.
`counts.py in_turn EVERY NAME...` prints those of the names.
"""
import os
import pathlib
import sys
import zlib

WORST_FIRST = ["failed", "started", "skipped", "passed"]


def record(outcome, name, reason=""):
    path = os.environ.get("CAIRN_TEST_COUNTS")
    if path:
        fields = [outcome, name] + ([" ".join(reason.split())] if reason else [])
        with open(path, "a", encoding="utf-8") as file:
            file.write("\t".join(fields) + "\n")


def uncounted(**more):
    """The environment for what a test runs, whose own results are not to be counted; with `more` in it."""
    return {name: value for name, value in os.environ.items() if name != "CAIRN_TEST_COUNTS"} | more


def nothing_may_be_missing():
    """True in CI: what is skipped elsewhere fails there."""
    return any(os.environ.get(name, "") not in ("", "0", "false") for name in ("CI", "CAIRN_REQUIRE_DATA"))


def skip(name, reason):
    """Records a skip, or where nothing may be missing a failure. Returns what it recorded."""
    outcome = "failed" if nothing_may_be_missing() else "skipped"
    record(outcome, name, reason)
    print(f"{outcome}: {name}: {reason}", flush=True)
    return outcome


def turn(every):
    """A number below `every`, mostly another one when a header of ours has changed; in CI only, else None: there is no turn."""
    if not nothing_may_be_missing() or os.environ.get("CAIRN_TEST_ALL") == "true":
        return None
    headers = pathlib.Path(__file__).resolve().parents[2] / "include"
    return zlib.crc32(repr([(header.name, header.stat().st_size) for header in sorted(headers.rglob("*.hpp"))]).encode()) % every


def in_turn(items, every):
    """One of `every` items, those whose turn it is."""
    begin = turn(every)
    return list(items) if begin is None else list(items)[begin::every]


def is_its_turn(name, every):
    """The same for an item that is asked for by itself."""
    return turn(every) in (None, zlib.crc32(name.encode()) % every)


def read(path):
    """(name, how often it was seen before in this file) -> (outcome, reason), in order."""
    results, seen = {}, {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            outcome, name, *reason = line.rstrip("\n").split("\t", 2)
            seen[name, outcome] = seen.get((name, outcome), 0) + 1
            results[name, seen[name, outcome]] = (outcome, reason[0] if reason else "")
    return results


def total(paths):
    worst = {}
    for path in paths:
        for test, result in read(path).items():
            worst[test] = min(worst.get(test, result), result, key=lambda r: WORST_FIRST.index(r[0]))
    outcomes = {"passed": [], "failed": [], "skipped": []}
    for (name, _), (outcome, reason) in worst.items():
        if outcome == "started":
            outcome, reason = "failed", "it began and never ended: the program died"
        outcomes[outcome].append((name, reason))
    return outcomes


def main():
    if sys.argv[1:2] == ["record"]:
        return record(*sys.argv[2:])
    if sys.argv[1:2] == ["skip"]:
        sys.exit(1 if skip(*sys.argv[2:]) == "failed" else 77)  # by which Meson knows a test that was skipped
    if sys.argv[1:2] == ["in_turn"]:
        return print(*in_turn(sys.argv[3:], int(sys.argv[2])))
    if sys.argv[1:2] == ["failures"]:
        sys.exit(not (os.path.exists(sys.argv[2]) and total(sys.argv[2:])["failed"]))
    title, paths = (sys.argv[3], sys.argv[4:]) if sys.argv[2:3] == ["--title"] else ("", sys.argv[2:])
    outcomes = total([path for path in paths if os.path.exists(path)])
    for outcome in ("skipped", "failed"):
        for name, reason in outcomes[outcome]:
            print(f"{outcome}: {name}" + (f": {reason}" if reason else ""))
    print(title + ", ".join(f"{len(tests)} {outcome}" for outcome, tests in outcomes.items()))
    sys.exit(bool(outcomes["failed"]) or not outcomes["passed"])


if __name__ == "__main__":
    main()
