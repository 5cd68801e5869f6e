#!/usr/bin/env python3
"""A program that includes cairn stays within its budgets of functions, containers, text and g++'s memory, which only go down.

    budgets.py [--jobs 2] [--lower] [CASE...]
    budgets.py --list CASE

Each case of the table below is compiled once, header-only. These figures have budgets:
    functions      in the object at -O0 (support/compile_cost.py says how all of these are counted)
    vectors, ...   standard containers, each type once, of which a function is among them: trees are maps and sets
    text KB        code, constants and tables for unwinding
    static KB      what the program takes, linked statically and stripped, beyond one that only prints
    MB             memory of g++ at its peak
Nor may an example's object have what ABSENT lists for it: functions of features that the example does not use.
A figure above its budget fails the test, and so does one that is far below, until --lower has written it into the table.
--list prints the containers and functions of a case: compared with the same of an earlier state of the headers, it says what
was added. The figures are those of Debian 12's g++ 12 and its libraries on x86-64; elsewhere there is nothing to compare.
"""
import argparse
import concurrent.futures
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import time

from layers import counts  # which also finds what support/ has
import compile_cost

BUDGETS = """
| case                           | functions | vectors | trees | hash tables | variants | text KB | static KB |   MB |
|--------------------------------|-----------|---------|-------|-------------|----------|---------|-----------|------|
| example 02 -O0                 |      7258 |       6 |     0 |           0 |        0 |     934 |           |  550 |
| example 01, checkpoint.hpp -O2 |           |         |       |             |          |     372 |       444 |  481 |
| example 01, cairn.hpp -O0      |      4885 |       5 |     0 |           0 |        0 |     647 |           |  465 |
| example 01, checkpoint.hpp -O0 |      4885 |       5 |     0 |           0 |        0 |     646 |           |  432 |
| nothing but cairn.hpp -O0      |         2 |       0 |     0 |           0 |        0 |       0 |           |  372 |
| nothing but checkpoint.hpp -O0 |         0 |       0 |     0 |           0 |        0 |       0 |           |  325 |
"""
CASES = {
    "example 02 -O0": lambda: compile_cost.example("02", "cairn"),
    "example 01, checkpoint.hpp -O2": lambda: compile_cost.example("01", "checkpoint"),
    "example 01, cairn.hpp -O0": lambda: compile_cost.example("01", "cairn"),
    "example 01, checkpoint.hpp -O0": lambda: compile_cost.example("01", "checkpoint"),
    "nothing but cairn.hpp -O0": lambda: compile_cost.empty("cairn"),
    "nothing but checkpoint.hpp -O0": lambda: compile_cost.empty("checkpoint"),
}  # the longest first
# Case -> feature -> a pattern of function names. The program does not use the feature, and must have none of them.
ABSENT = {
    "example 01, checkpoint.hpp -O0": {
        "CheckpointOptions::incremental": r"IncrementalSaves|KeyedHash|frozen_nodes",
        "CheckpointOptions::enable_async": r"BackgroundSaves|Snapshot|Everywhere",
        "shard_size": r"cut_tensor|CutTensor|PieceSource|ShardPlanner::(?:best_cut|Cut)|plan_cut",
        "RestoreOptions::on_mismatch, on_mismatch_at": r"graph::detail::(CommonPart|land_common_part|answer_to_mismatch|match_pattern)\b|vector<cairn::OnMismatchAt\b",
        "RestoreOptions::cast": r"tensor::detail::(convert|may_cast|narrow_block)\b|graph::detail::convert_saved\b",
        "RestoreOptions::rename, prefix": r"graph::detail::(Renaming|with_renames|below)\b|renamed_entries|vector<cairn::Rename\b",
        "slot variables": r"SlotsOf(?:Walk|Plan)",
        "objects of several tensors": r"walk_tensors|take_tensors|vector<cairn::NamedTensors::Item",
        "pointers, optionals": r"visit_pointer|fill_places|follow_loose|MovedPlaces",
        "registered savers": r"CheckpointSaver|ObjectsOfSavers",
        "track after a restore": r"::(?:TrackedState::track|restore_child|match_child|look_for_left_empty|find_again)$",
        "CheckpointOptions::write_callbacks": r"vector<cairn::WriteCallback\b|detail::run_callbacks$",
    },
    "example 01, checkpoint.hpp -O2": {  # where g++ inlines what it believes to be the only function to be called
        "incremental, enable_async, registered savers": r"IncrementalSaves|KeyedHash|BackgroundSaves|Snapshot|CheckpointSaver|ObjectsOfSavers",
    },
    "example 02 -O0": {
        "fall_back": r"FallBackFeature::call$|found_newest_first",
        "archives of a manager": r"Archive(?:Form|dState)::|write_archive|read_archive",
        "save_on_signal": r"SignalListener",
        "prune, repair": r"ManagedDirectory::(?:prune|too_many|use_best_rule)$|FoundCheckpoint",
    },
}
MEMORY_ABOVE = 0.05  # two machines may differ by half as much
FAR_BELOW = 0.05
WHERE = "g++ (Debian 12."


def table():
    """Case -> figure -> budget; a figure without a budget is left out."""
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in BUDGETS.strip().splitlines()]
    return {row[0]: {figure: int(cell) for figure, cell in zip(head[1:], row[1:]) if cell} for row in rows}


def write(budgets):
    """Puts them into this file."""
    head, ruler = BUDGETS.strip().splitlines()[:2]
    first, *figures = head.strip("|").split("|")
    rows = ["| " + case.ljust(len(first) - 1) + "|" + "".join(str(of_case.get(cell.strip(), "")).rjust(len(cell) - 1) + " |" for cell in figures)
            for case, of_case in budgets.items()]
    file = pathlib.Path(__file__)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(BUDGETS, "\n" + "\n".join([head, ruler, *rows]) + "\n", 1), encoding="utf-8")


def level(case):
    return case.split()[-1]


def names_and_cost(case):
    with tempfile.TemporaryDirectory() as folder:
        cost = compile_cost.compiled(CASES[case](), pathlib.Path(folder), level(case))
        static = {"static KB": compile_cost.static_kilobytes(cost.object)} if level(case) == "-O2" else {}
        return compile_cost.functions(cost.object), {"text KB": compile_cost.text_kilobytes(cost.object)} | static, cost


def measured(case):
    """Figure -> its value now, and the processor seconds; the compiler's words where it refuses."""
    try:
        names, sizes, cost = names_and_cost(case)
    except compile_cost.DoesNotCompile as said:
        return {}, 0, [f"does not compile: {said}"]
    figures, refused = {}, list(features(case, names))
    if level(case) == "-O0":  # at -O2 these depend on what was inlined
        figures = {"functions": len(names)} | {kind: len(compile_cost.containers(names, kind)) for kind in compile_cost.CONTAINERS}
    return figures | sizes | {"MB": round(cost.megabytes)}, cost.seconds, refused


def features(case, names):
    """What is said of each feature that is there."""
    for feature, pattern in ABSENT.get(case, {}).items():
        there = sorted(name for name in names if re.search(pattern, name))
        if there:
            yield f"{feature}: a program that does not use it has {len(there)} of its functions, such as {there[0]}"


def complaints(case, figures, budgets):
    for figure, value in figures.items():
        budget = budgets.get(figure)
        if budget is None:
            yield f"{figure}: {value:,}, without a budget. --lower enters it."
        elif value > (budget * (1 + MEMORY_ABOVE) if figure == "MB" else budget):
            yield (f"{figure}: {value:,}, {value - budget:,} above the budget of {budget:,}. Find what was added: budgets.py --list '{case}' here "
                   "and with the headers as they were. If it is worth that, raise the budget in tests/headers/budgets.py, and say why in the commit.")
        elif value < budget * (1 - FAR_BELOW):
            yield f"{figure}: {value:,}, {budget - value:,} below the budget of {budget:,}. Good: tests/headers/budgets.py --lower keeps it so."


def lowered(budgets, now):
    """The budgets, with the measured figure wherever that is less or there was no budget."""
    return {case: budgets.get(case, {}) | {figure: min(value, budgets.get(case, {}).get(figure, value)) for figure, value in now.get(case, {}).items()}
            for case in CASES}


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--lower", action="store_true")
    parser.add_argument("--list", choices=CASES, metavar="CASE")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="; ".join(CASES))
    options = parser.parse_args()
    for case in options.cases:
        if case not in CASES:
            sys.exit(f"there is no case {case!r}; there are: {'; '.join(CASES)}")
    if options.list:
        names, _, _ = names_and_cost(options.list)
        for kind in compile_cost.CONTAINERS:
            print("\n".join(sorted(compile_cost.containers(names, kind))))
        return print("\n".join(sorted(names)))

    cases = options.cases or list(CASES)
    compiler = subprocess.run(["g++", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    if not compiler.startswith(WHERE) or platform.machine() != "x86_64":
        why = f"the budgets are those of Debian 12's g++ 12 on x86_64, and here is {compiler or 'no g++'} on {platform.machine()}"
        sys.exit("failed" in [counts.skip(f"headers: {case} stays within its budgets", why) for case in cases])

    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = dict(zip(cases, pool.map(measured, cases)))
    budgets, bad = table(), False
    if options.lower:
        budgets = lowered(budgets, {case: figures for case, (figures, *_) in results.items()})
        write(budgets)
    for case, (figures, seconds, refused) in results.items():
        found = refused + list(complaints(case, figures, budgets.get(case, {})))
        counts.record("failed" if found else "passed", f"headers: {case} stays within its budgets")
        print(f"{'FAILED' if found else 'passed'} {case}: {', '.join(f'{value:,} {figure}' for figure, value in figures.items())} ({seconds:.0f} s)")
        print("".join(f"  {line}\n" for line in found), end="")
        bad = bad or bool(found)
    print(f"{sum(seconds for _, seconds, _ in results.values()):.0f} s of processor time, {time.monotonic() - began:.0f} by the clock")
    sys.exit(bad)


if __name__ == "__main__":
    main()
