#!/usr/bin/env python3
"""A picture's page in a real browser: keys, search, links, light and dark, wide and narrow, a hundred thousand tensors.

    picture.py --program test_picture --folder FOLDER

The program's test "pages for a browser" leaves the pages in FOLDER (picture/picture.cpp); screenshots go there, too.
"""
import argparse
import base64
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import traceback

from webdriver import DOWN, END, ENTER, ESCAPE, HOME, LEFT, RIGHT, TAB, UP, Browser, missing

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import counts  # noqa: E402

SKIPPED = 77  # what Meson takes for a skipped test
WIDE, NARROW = (1280, 900), (360, 740)


class Page:
    """What a person sees of a page, and does to it."""

    def __init__(self, browser, folder):
        self.browser, self.folder, self.keys = browser, folder, browser.keys

    def open(self, name, size=WIDE, scheme="light", fragment=""):
        self.browser.resize(*size)
        self.browser.prefer(scheme)
        self.browser.open(self.folder / f"{name}.html", fragment)

    def ask(self, body, *arguments):
        return self.browser.script(f"return {body}", *arguments)

    def rows(self):
        """The rows on the page in their order: (level, name)."""
        return [tuple(row) for row in self.ask(
            "[...document.querySelectorAll('[role=treeitem]')].map((row) => [row.ariaLevel, row.querySelector('.name').textContent])")]

    def active(self):
        """What a reader of the screen says about the row that has the focus."""
        return self.ask("document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.ariaLabel ?? ''")

    def expanded(self):
        return self.ask("document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).ariaExpanded")

    def title(self):
        return self.ask("document.getElementById('title').textContent")

    def panel(self):
        return self.ask("document.getElementById('panel').innerText")

    def found(self):
        return self.ask("document.getElementById('found').textContent")

    def shot(self, name):
        self.browser.screenshot(self.folder / f"{name}.png")


def same(found, wanted):
    assert found == wanted, f"{found!r} instead of {wanted!r}"


def has(text, *parts):
    for part in parts:
        assert part in text, f"{part!r} is not in {text!r}"


def the_page_is_titled_and_shows_the_totals(page):
    page.open("model")
    same(page.ask("document.documentElement.lang"), "en")
    same(page.ask("document.title"), "model · TensorFlow checkpoint")
    has(page.ask("document.querySelector('.facts').textContent"), "10 tensors", "6,253 numbers", "25.0 kB")
    has(page.panel(), "(root)", "LARGEST TENSORS")
    page.shot("light")


def keys_alone_lead_to_a_tensor_and_its_statistics(page):
    page.open("model")
    for _ in range(12):
        if page.ask("document.activeElement.id") == "tree":
            break
        page.keys(TAB)
    same(page.active(), "(root), 25.0 kB")
    page.keys(LEFT)
    same(page.expanded(), "false")
    page.keys(RIGHT)
    same(page.expanded(), "true")
    page.keys(RIGHT)
    same(page.active(), "model, 25.0 kB")
    page.keys("o")
    same(page.active(), "optimizer, 8 B")
    page.keys("o")
    same(page.active(), "odd, float32 [5], 20 B")
    page.keys(UP, HOME, DOWN)
    same(page.active(), "model, 25.0 kB")
    page.keys(*[RIGHT] * (2 if page.expanded() == "false" else 1))
    same(page.active(), "first, 8.32 kB")
    page.keys(*[RIGHT] * (2 if page.expanded() == "false" else 1))
    same(page.active(), "kernel, float32 [64, 32], 8.19 kB")
    page.keys(ENTER)
    same(page.ask("document.activeElement.id"), "title")
    has(page.panel(), "model.first", "kernel", "[64, 32]", "2,048", "verified", "model/first/kernel/.ATTRIBUTES/VARIABLE_VALUE", "Minimum",
        "Std. deviation", "0.05", "HISTOGRAM", "FIRST VALUES", "ALSO REACHED AS", "optimizer.weights.0", "shard 0, bytes")
    has(page.ask("document.querySelector('figure svg').ariaLabel"), "Histogram of 2,048 finite values in 25 bins from -0.1", "The fullest bin")
    page.shot("tensor")
    page.keys(ESCAPE, END)
    same(page.active(), "root, is (root)")
    page.keys(UP)
    same(page.active(), "flags, bool [7], 7 B")
    page.keys(LEFT)
    same(page.active(), "(root), 25.0 kB")


def a_star_unfolds_what_is_beside(page):
    page.open("model")
    page.browser.click("#collapse")
    page.browser.click("#tree")
    page.keys(HOME, RIGHT)
    before = len(page.rows())
    page.keys("*")
    assert len(page.rows()) > before
    has(page.active(), "model")


def a_search_filters_counts_and_leads_from_match_to_match(page):
    page.open("model")
    page.keys("/", "KERNEL 64")
    same(page.found(), "3 matches")
    same(page.ask("document.querySelectorAll('[role=treeitem] mark').length"), 3)
    page.keys(ENTER)
    same(page.found(), "1 of 3")
    has(page.panel(), "HISTOGRAM", "model/first/kernel")
    page.keys(ENTER)
    same(page.found(), "2 of 3")
    has(page.panel(), "HISTOGRAM", "model/second/kernel")
    page.shot("search")
    page.keys("x")
    same(page.found(), "No match")
    has(page.ask("document.getElementById('tree').innerText"), "Nothing here has these words")
    page.keys(ESCAPE)
    same(page.found(), "")
    same(page.ask("document.activeElement.id"), "tree")
    page.browser.click("[data-search=int64]")
    has(page.found(), "match")
    assert all("kernel" not in name for _, name in page.rows())


def a_shared_weight_is_a_link_to_its_one_place_and_back_again(page):
    page.open("model")
    page.keys("/", "self", ENTER)
    has(page.panel(), "Another name of model.")
    page.keys(ESCAPE)
    has(page.active(), "self, is model")
    page.keys(ENTER)
    has(page.active(), "model")
    same(page.title(), "model")
    page.browser.script("history.back()")
    for _ in range(50):
        if page.title() == "self":
            break
    same(page.title(), "self")
    page.browser.click("[aria-selected=true] .link")
    same(page.title(), "model")
    has(page.ask("location.hash"), "#")


def nan_strings_and_scalars_are_shown_as_what_they_are(page):
    page.open("model")
    page.keys("/", "odd", ENTER)
    has(page.panel(), "NaN\n1 · 20 %", "Infinite\n1 · 20 % (1 +, 0 −)", "Maximum\n3")
    page.keys(ESCAPE)
    page.keys("/", "note", ENTER)
    has(page.panel(), "STRING", "trained on <b>Sundays</b>")
    page.keys(ESCAPE)
    page.keys("/", "step", ENTER)
    has(page.panel(), "VALUE\n12")


def light_and_dark_follow_the_system_and_can_be_switched(page):
    background = "getComputedStyle(document.querySelector('main')).backgroundColor"
    page.open("model", scheme="dark")
    same(page.ask(background), "rgb(27, 31, 37)")
    same(page.ask("document.getElementById('theme').ariaPressed"), "true")
    page.browser.click("#theme")
    same(page.ask(background), "rgb(255, 255, 255)")
    page.browser.click("#theme")
    same(page.ask(background), "rgb(27, 31, 37)")
    page.keys("/", "kernel", ENTER)
    page.shot("dark")
    page.open("model", scheme="light")
    same(page.ask(background), "rgb(255, 255, 255)")


def all_texts_have_contrast_in_light_and_dark(page):
    for scheme in ("light", "dark"):
        page.open("model", scheme=scheme)
        page.keys("/", "kernel", ENTER)
        weak = page.ask("""(() => {
          const channel = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
          const parse = (color) => color.match(/[\\d.]+/g).map(Number);
          const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
          const behind = (element) => {
            for (; element; element = element.parentElement) {
              const color = parse(getComputedStyle(element).backgroundColor);
              if (color.length < 4 || color[3] > 0) return color;
            }
            return [255, 255, 255];
          };
          const weak = [];
          for (const element of document.querySelectorAll('body *')) {
            if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || !element.getClientRects().length) continue;
            const style = getComputedStyle(element), text = element.closest('svg') ? style.fill : style.color;
            const [a, b] = [light(parse(text)), light(behind(element))].sort((x, y) => y - x);
            if ((a + 0.05) / (b + 0.05) < 4.5) weak.push(element.className + ' ' + element.textContent.slice(0, 30));
          }
          return weak;
        })()""")
        same(weak, [])


def a_narrow_window_needs_no_scrolling_sideways(page):
    page.open("model", size=NARROW)
    same(page.ask("document.documentElement.scrollWidth"), NARROW[0])
    page.keys("/", "kernel", ENTER)
    same(page.ask("document.documentElement.scrollWidth"), NARROW[0])
    page.shot("narrow")


def a_hundred_thousand_tensors_cost_no_more_elements_than_fifty(page):
    page.open("many")
    size = (page.folder / "many.html").stat().st_size
    assert size <= 6_000_000, f"{size:,} bytes"
    milliseconds = page.ask("Math.round(performance.timing.loadEventEnd - performance.timing.responseStart)")
    print(f"a page of a hundred thousand tensors: {size:,} bytes, loaded in {milliseconds} ms on this machine")
    has(page.ask("document.querySelector('.facts').textContent"), "100,000 tensors")
    same([name for _, name in page.rows()], ["(root)", "layers", "root"])  # it opens folded
    page.browser.click("#expand")
    page.browser.click("#tree")
    page.keys(END)
    assert len(page.rows()) < 120
    page.keys(UP)
    same(page.active(), "bias, float32 [2], 8 B")
    page.keys("/", "layers/43210/kernel", ENTER)
    same(page.found(), "1 of 1")
    has(page.panel(), "layers.43210", "layers/43210/kernel/.ATTRIBUTES/VARIABLE_VALUE", "verified", "Minimum\n-0.", "Mean", "Zeros\n0", "Four digits")
    page.keys(ESCAPE)
    same(page.active(), "kernel, float32 [4, 2], 32 B")
    page.keys("/", "layers/43210/bias", ENTER)
    has(page.panel(), "Minimum\n-1\n", "Maximum\n43210\n", "CRC-32C")
    page.keys(ESCAPE)
    page.keys("/", "layers/0/kernel", ENTER)  # of tensors of one size, the first ones have all
    has(page.panel(), "HISTOGRAM", "VALUES")
    page.keys(ESCAPE)
    page.browser.click("#order")
    page.shot("many")


def every_key_is_the_one_in_the_file(page):
    page.open("keys")
    page.browser.click("#expand")
    page.browser.click("#tree")
    page.keys(HOME)
    keys = []
    for _ in range(100):
        if (key := page.ask("document.querySelector('#panel code')?.textContent")) and key not in keys:
            keys.append(key)
        page.keys(DOWN)
    same(sorted(keys), sorted([
        "a.Sb..c/.ATTRIBUTES/VARIABLE_VALUE", "table/.ATTRIBUTES/keys", "table/.ATTRIBUTES/values", "elsewhere", "deep down", "not in the graph",
        "\u03b8\u0302/.ATTRIBUTES/VARIABLE_VALUE", "\u03b8/.ATTRIBUTES/VARIABLE_VALUE", "a.Sb..c/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE"]))


def names_made_to_do_harm_are_texts(page):
    page.open("names")
    page.browser.click("#expand")
    has(str(page.rows()), "script><img src=x onerror=alert(1)>", "\\\\x1b[31m", "\\\\u202e")
    same(page.ask("document.images.length"), 0)
    same(page.ask("document.scripts.length"), 3)
    has(page.ask("document.querySelector('.facts').textContent"), "names only, no object graph")
    page.shot("names")


def an_address_leads_to_its_row(page):
    page.open("names")
    page.open("model", fragment="#2")
    name = page.title()
    assert name != "(root)"
    page.keys("/", "bias", ENTER, ESCAPE)
    assert page.title() != name


def on_paper_there_are_the_rows_and_no_tools(page):
    page.open("model")
    pdf = base64.b64decode(page.browser.post("/print", {}))
    assert pdf.startswith(b"%PDF") and len(pdf) > 5000
    (page.folder / "paper.pdf").write_bytes(pdf)


def the_policy_has_the_hashes_of_style_and_script(page):
    text = (page.folder / "model.html").read_text(encoding="utf-8")
    for name, content in (("style", re.search(r"<style>(.*?)</style>", text, re.S)[1]), ("script", re.search(r"<script>(.*?)</script>", text, re.S)[1])):
        digest = "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"'{digest}'" in text, f"the policy does not have {digest}, the hash of the page's {name}"


CASES = (
    the_policy_has_the_hashes_of_style_and_script, the_page_is_titled_and_shows_the_totals, keys_alone_lead_to_a_tensor_and_its_statistics,
    a_star_unfolds_what_is_beside, a_search_filters_counts_and_leads_from_match_to_match, a_shared_weight_is_a_link_to_its_one_place_and_back_again,
    nan_strings_and_scalars_are_shown_as_what_they_are, light_and_dark_follow_the_system_and_can_be_switched,
    all_texts_have_contrast_in_light_and_dark, a_narrow_window_needs_no_scrolling_sideways, a_hundred_thousand_tensors_cost_no_more_elements_than_fifty, every_key_is_the_one_in_the_file,
    names_made_to_do_harm_are_texts, an_address_leads_to_its_row, on_paper_there_are_the_rows_and_no_tools,
)


def is_quiet(browser, folder):
    """No case left a word in the console, and nothing was asked for but the pages themselves."""
    same(browser.complaints(), [])
    pages = {path.resolve().as_uri() for path in folder.glob("*.html")}
    same([each for each in browser.requests() if each.split("#")[0] not in pages], [])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    options = parser.parse_args()
    if missing():
        sys.exit(counts.skip("browser: pictures", f"{' and '.join(missing())} are not installed") == "failed" or SKIPPED)
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    subprocess.run([options.program, "--test-case=pages for a browser*"], env=counts.uncounted(CAIRN_PICTURES=str(options.folder)), check=True, timeout=300)
    bad = 0
    with Browser(*WIDE) as browser:
        for case in CASES:
            name = "browser: " + case.__name__.replace("_", " ")
            try:
                case(Page(browser, options.folder))
                is_quiet(browser, options.folder)
                counts.record("passed", name)
            except Exception:
                bad += 1
                counts.record("failed", name)
                print(f"FAILED {name}\n{traceback.format_exc()}", flush=True)
    print(f"{len(CASES) - bad} of {len(CASES)} passed; screenshots are in {options.folder}")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
