#!/usr/bin/env python3
"""picture/detail/assets.hpp is what picture/assets/embed.py makes of script, style and body of a picture's page."""
import subprocess
import sys

from layers import HOUSE, counts

EMBED = HOUSE / "picture" / "assets" / "embed.py"
made = subprocess.run([sys.executable, EMBED, "--print"], capture_output=True, check=True).stdout
same = made == (HOUSE / "picture" / "detail" / "assets.hpp").read_bytes()
counts.record("passed" if same else "failed", "headers: a picture's page has its assets")
print("assets.hpp is up to date" if same else "include/cairn/picture/assets/embed.py makes another assets.hpp; run it and commit the result")
sys.exit(not same)
