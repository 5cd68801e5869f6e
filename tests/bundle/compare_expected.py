#!/usr/bin/env python3
"""Reads every tensor of every checkpoint below a folder with cairn and compares it with the folder's expected.json.

    compare_expected.py DUMP [DATA]

DUMP is the program made from dump_main.cpp; DATA, by default what the environment variable CAIRN_TEST_DATA names,
holds checkpoints/<name>/ and real/<name>/, each with an expected.json that TensorFlow made. Prints each tensor that differs or cannot be read, and the counts. What
TensorFlow cannot fetch either (variants, incomplete slices) must be an error that names the tensor here as well, or
have values. Needs nothing but Python's own modules."""

import base64
import hashlib
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import counts  # noqa: E402  (its folder is named above)

NAME = "bundle: every tensor of the collected checkpoints has the values that TensorFlow read"


def strings_of(data):
    """The elements of a dumped string tensor."""
    strings, at = [], 0
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        strings.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    return strings


def problem_of(expected, dtype, shape, data):
    """What is wrong with a tensor that was read; None when nothing is."""
    if dtype != expected["dtype"]:
        return f"dtype {dtype}, expected {expected['dtype']}"
    if json.loads(shape) != expected["shape"]:
        return f"shape {shape}, expected {expected['shape']}"
    if "sha256" in expected:
        if len(data) != expected["bytes"] or hashlib.sha256(data).hexdigest() != expected["sha256"]:
            return "other bytes than expected"
    elif "strings_b64" in expected:
        if strings_of(data) != [base64.b64decode(text) for text in expected["strings_b64"]]:
            return "other strings than expected"
    elif "sha256_of_u64le_length_then_bytes_each" in expected:
        if hashlib.sha256(data).hexdigest() != expected["sha256_of_u64le_length_then_bytes_each"]:
            return "other strings than expected"
    elif "tf_error" not in expected:
        return f"expected.json has no value of a form known here: {sorted(expected)}"
    return None


def main():
    data = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("CAIRN_TEST_DATA", "")
    if not data or not pathlib.Path(data).is_dir():
        return counts.skip(NAME, "CAIRN_TEST_DATA names no folder") == "failed"
    counts.record("started", NAME)
    dump, root = sys.argv[1], pathlib.Path(data)
    tensors = checkpoints = both_refuse = 0
    problems = []
    folders = sorted(path.parent for path in root.glob("*/*/expected.json"))
    for folder in folders:
        described = json.loads((folder / "expected.json").read_text())["checkpoints"]
        prefixes = {str(folder / name): value["tensors"] for name, value in described.items()}
        if not prefixes:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            lines = subprocess.run([dump, scratch, *prefixes], check=True, stdout=subprocess.PIPE).stdout
            found = {prefix: set() for prefix in prefixes}
            for line in lines.decode("utf-8", "surrogateescape").splitlines():
                prefix, key, dtype, shape, kind, *rest = line.split("\t")
                where = f"{pathlib.Path(prefix).relative_to(root)}"
                if key == "" and kind == "error" and rest[0] == "open":
                    problems.append(f"{where}: {rest[1]}")
                    continue
                name = bytes.fromhex(key).decode("utf-8", "surrogateescape")
                where += f": {name!r}"
                found[prefix].add(name)
                expected = prefixes[prefix].get(name)
                if expected is None:
                    problems.append(f"{where}: is not in expected.json")
                elif kind == "file":
                    problem = problem_of(expected, dtype, shape, (pathlib.Path(scratch) / rest[0]).read_bytes())
                    if problem:
                        problems.append(f"{where}: {problem}")
                    else:
                        tensors += 1
                elif "tf_error" in expected:
                    both_refuse += 1
                    print(f"neither TensorFlow nor cairn reads {where}\n    {rest[1]}")
                else:
                    problems.append(f"{where}: {rest[0]}: {rest[1]}")
            for prefix, expected in prefixes.items():
                for name in sorted(set(expected) - found[prefix]):
                    problems.append(f"{pathlib.Path(prefix).relative_to(root)}: {name!r}: was not listed")
            checkpoints += len(prefixes)
    for problem in problems:
        print(problem)
    print(f"{checkpoints} checkpoints, {tensors} tensors as expected.json says, {both_refuse} that TensorFlow cannot "
          f"read either, {len(problems)} problems")
    failed = bool(problems) or checkpoints == 0
    counts.record("failed" if failed else "passed", NAME)
    return failed


if __name__ == "__main__":
    sys.exit(main())
