#!/usr/bin/env python3
"""Makes the site of guide and reference: build.py PYTHON FOLDER, with a Python that has what requirements.txt lists.

FOLDER/html/index.html opens in a browser as it is; no server is needed, not for the search either.
"""
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def build(python, folder):
    if subprocess.run([python, "-c", "import furo, myst_parser"], capture_output=True).returncode != 0:
        sys.exit(f"{python} lacks Sphinx, furo or myst-parser. Install them with `pip install -r {HERE / 'requirements.txt'}`, into a virtual "
                 "environment if you like, and give its Python to Meson: -Dinterop_python=.../bin/python")
    subprocess.run([sys.executable, HERE / "pages.py", folder / "pages"], check=True)
    # A warning, such as of a link that leads nowhere, is an error.
    subprocess.run([python, "-m", "sphinx", "-q", "-E", "-W", "--keep-going", "-j", "2", "-b", "html", "-d", folder / "doctrees", "-c", HERE,
                    folder / "pages", folder / "html"], check=True)
    return folder / "html" / "index.html"


if __name__ == "__main__":
    print("the site is", build(sys.argv[1], Path(sys.argv[2])))
