#!/usr/bin/env python3
"""Makes the checkpoints in this folder anew, by the states of ../case.py. Needs TensorFlow."""
import pathlib
import shutil
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(here.parent), str(here.parent.parent)]

import tensorflow as tf  # noqa: E402

import case  # noqa: E402

for name, save in case.SMALL.items():
    shutil.rmtree(here / name, ignore_errors=True)
    (here / name).mkdir()
    save(str(here / name))
(here / "VERSION").write_text(f"TensorFlow {tf.__version__}\n", encoding="utf-8")
