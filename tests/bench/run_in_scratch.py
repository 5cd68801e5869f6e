#!/usr/bin/env python3
"""Runs a benchmark in an empty folder that is gone afterwards:  run_in_scratch.py PROGRAM ARGUMENT...  adds --dir."""
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory(prefix="cairn-bench-") as folder:
    sys.exit(subprocess.run(sys.argv[1:] + ["--dir", folder]).returncode)
