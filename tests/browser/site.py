#!/usr/bin/env python3
"""The site of guide and reference: every link and anchor leads somewhere, pages are quiet, narrow and dark, the search finds.

    site.py --python PYTHON --folder FOLDER     PYTHON has what examples/guide/site/requirements.txt lists
"""
import argparse
import html.parser
import pathlib
import subprocess
import sys
import traceback
import urllib.parse

from webdriver import Browser, missing

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "examples" / "guide" / "site")]
import counts  # noqa: E402
from build import build  # noqa: E402
from names import HOUSE, Reader, public_headers  # noqa: E402

SKIPPED = 77
WIDE, NARROW = (1280, 900), (360, 740)
# One page of each kind.
PAGES = ["index", "first_save", "errors", "tracked", "reference/index", "reference/checkpoint", "reference/checkpoint/manager", "reference/core/error",
         "examples/01_save_and_restore", "project/changelog", "search"]
# What somebody asks -> a page that answers, which has to be among the first three.
QUESTIONS = {
    "how do I keep the five best checkpoints": "training_loop", "what happens when a member is renamed": "struct_changed",
    "which dtype has a bool": "tracked", "how do I stop a long save": "threads", "what does data_loss mean": "errors",
    "how do I read one tensor without its struct": "edit", "how to restore a Keras model": "python", "can two threads save": "threads",
    "what is promised after power loss": "promises", "how do I track an Eigen matrix": "arrays", "CheckpointManager": "reference/checkpoint/manager",
    "keep the best 3 checkpoints": "training_loop", "load a Keras .h5 file": "python", "process killed during a save": "killed",
    "my member was renamed": "struct_changed", "save from several threads": "threads", "make compile times shorter": "compile_time",
    "restore without the optimizer": "python", "which C++ type is bfloat16": "tracked", "change a value in the shell": "command_line",
}


class Links(html.parser.HTMLParser):
    def __init__(self, file):
        super().__init__()
        self.ids, self.targets = set(), []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.ids |= {values[name] for name in ("id", "name") if values.get(name)}
        self.targets += [values[name] for name in ("href", "src") if values.get(name)]


def every_link_and_anchor_leads_somewhere(site, browser):
    pages = {file.resolve(): Links(file) for file in site.rglob("*.html")}
    dead = []
    for file, page in pages.items():
        for target in page.targets:
            path, _, anchor = target.partition("#")
            if urllib.parse.urlsplit(target).scheme:
                continue
            there = (file.parent / urllib.parse.unquote(path.partition("?")[0])).resolve() if path else file
            if not there.is_file() or anchor and there in pages and urllib.parse.unquote(anchor) not in pages[there].ids:
                dead.append(f"{file.relative_to(site.resolve())}: {target}")
    assert len(pages) > 100 and not dead, f"{len(dead)} dead links: {dead[:20]}"


def every_public_name_has_a_section(site, browser):
    for header in public_headers():
        page = site / "reference" / header.relative_to(HOUSE).with_suffix(".html")
        text = page.read_text(encoding="utf-8")
        for each in Reader(header.read_text(encoding="utf-8")).declarations():
            assert f">{html.escape(each.name)}</span>" in text, f"{page} has no {each.path}"


def pages_say_nothing_in_the_console_and_load_nothing_from_elsewhere(site, browser):
    browser.complaints(), browser.requests()
    for page in PAGES:
        browser.open(site / f"{page}.html")
        assert (said := browser.complaints()) == [], f"{page}: {said}"
    asked = [each for each in browser.requests() if not each.startswith((site.resolve().as_uri(), "data:"))]
    assert asked == [], asked


def a_narrow_window_needs_no_scrolling_sideways(site, browser):
    browser.resize(*NARROW)
    for page in PAGES:
        browser.open(site / f"{page}.html")
        width = browser.script("return document.documentElement.scrollWidth")
        assert width == NARROW[0], f"{page} is {width} wide"
        browser.screenshot(site.parent / f"narrow_{page.replace('/', '_')}.png")
    browser.resize(*WIDE)


def dark_follows_the_system(site, browser):
    for scheme, is_dark in (("dark", True), ("light", False)):
        browser.prefer(scheme)
        for page in PAGES:
            browser.open(site / f"{page}.html")
            light = browser.script("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).every((c) => c > 127)")
            assert light != is_dark, f"{page} in {scheme}"
        browser.screenshot(site.parent / f"{scheme}.png")


def the_search_answers_questions(site, browser):
    for question, answer in QUESTIONS.items():
        browser.open(site / "search.html", "?q=" + urllib.parse.quote(question))
        found = browser.script("return [...document.querySelectorAll('#results a')].map((a) => a.getAttribute('href'))")
        assert any(each.split("#")[0] == answer + ".html" for each in found[:3]), f"{question}: {found[:5]} and not {answer}"
    browser.screenshot(site.parent / "search.png")
    browser.open(site / "search.html", "?q=xyzzyx")
    assert "Nothing here" in browser.script("return document.getElementById('found').textContent")


CASES = (every_link_and_anchor_leads_somewhere, every_public_name_has_a_section, pages_say_nothing_in_the_console_and_load_nothing_from_elsewhere,
         a_narrow_window_needs_no_scrolling_sideways, dark_follows_the_system, the_search_answers_questions)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    options = parser.parse_args()
    lacking = missing() + ([] if subprocess.run([options.python, "-c", "import furo, myst_parser"], capture_output=True).returncode == 0 else ["Sphinx, furo and myst-parser"])
    if lacking:
        sys.exit(counts.skip("browser: site", f"{' and '.join(lacking)} are not installed") == "failed" or SKIPPED)
    site, bad = build(options.python, options.folder).parent, 0
    with Browser(*WIDE) as browser:
        for case in CASES:
            name = "site: " + case.__name__.replace("_", " ")
            try:
                case(site, browser)
                counts.record("passed", name)
            except Exception:
                bad += 1
                counts.record("failed", name)
                print(f"FAILED {name}\n{traceback.format_exc()}", flush=True)
    print(f"{len(CASES) - bad} of {len(CASES)} passed; the site is {site}")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
