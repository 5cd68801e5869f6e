#!/usr/bin/env python3
"""Makes the guide's pictures anew: graph.png, the page of `cairn graph` in a browser, and status.svg, what a restore prints.

    make.py CAIRN        CAIRN is the tool; chromium and chromium-driver are needed
"""
import html
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1]
sys.path.insert(0, str(EXAMPLES.parent / "tests" / "browser"))
from webdriver import ENTER, ESCAPE, Browser  # noqa: E402


def graph(tool):
    """The checkpoint of example 05, with its kernel opened."""
    with tempfile.TemporaryDirectory() as folder, Browser(width=760, height=470) as browser:
        page = pathlib.Path(folder) / "graph.html"
        subprocess.run([pathlib.Path(tool).resolve(), "graph", "from_python", "--out", page], check=True, stdout=subprocess.DEVNULL,
                       cwd=EXAMPLES / "05_checkpoint_from_python")
        browser.open(page)
        browser.keys("/", "kernel", ENTER, ESCAPE)
        browser.screenshot(HERE / "graph.png")


def status():
    """The status that example 06 prints, as a terminal shows it."""
    printed = (EXAMPLES / "06_my_struct_changed.out").read_text(encoding="utf-8")
    lines = re.match(r"restored .*\n(?:  .*\n)+", printed).group().splitlines()
    letter, line, margin = 8.4, 22, 20
    width, height = margin * 2 + letter * max(map(len, lines)), margin * 2 + line * len(lines)
    rows = "\n".join(f'  <text x="{margin}" y="{margin + line * i + 15}" xml:space="preserve">{html.escape(text)}</text>' for i, text in enumerate(lines))
    (HERE / "status.svg").write_text(f"""<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}"
     font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" fill="#e6e6e6">
  <title>The status of a restore</title>
  <rect width="100%" height="100%" rx="6" fill="#22272e"/>
{rows}
</svg>
""", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    graph(sys.argv[1])
    status()
