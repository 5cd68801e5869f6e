"""Sphinx' settings. The pages come from pages.py."""
import json
import re
import sys
from pathlib import Path

from docutils import nodes

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from pages import VERSION  # noqa: E402

project, version, release, html_title = "cairn", VERSION, VERSION, f"cairn {VERSION}"
extensions = ["myst_parser"]
myst_heading_anchors = 6
myst_links_external_new_tab = False
html_theme = "furo"
html_static_path, templates_path = [str(HERE / "static")], [str(HERE / "templates")]
html_css_files = ["site.css"]
html_copy_source = html_show_sourcelink = html_show_sphinx = html_use_index = False
html_show_copyright = False
suppress_warnings = ["misc.highlighting_failure", "toc.not_included"]
pygments_style, pygments_dark_style = "a11y-high-contrast-light", "a11y-high-contrast-dark"
found = {}  # page -> [title, anchor, text] of each of its sections


def collect(app, doctree, page):
    """What search.js looks through: the text of each section, without that of the sections in it."""
    if app.env.metadata[page].get("nosearch"):
        return
    sections = []
    for section in doctree.findall(nodes.section):
        path = [next(outer.findall(nodes.title)).astext() for outer in outers(section)]
        text = " ".join(child.astext() for child in section.children if not isinstance(child, (nodes.section, nodes.title, nodes.target, nodes.comment, nodes.raw))
                        and "toctree-wrapper" not in child.get("classes", []))
        sections.append([path, section["ids"][0] if len(path) > 1 else "", re.sub(r"\s+", " ", text)])
    found[page] = sections


def outers(section):
    found = []
    while isinstance(section, nodes.section):
        found.insert(0, section)
        section = section.parent
    return found


def finish(app, exception):
    if not exception:
        pages = [[page + ".html", sections] for page, sections in sorted(found.items())]
        text = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
        (Path(app.outdir) / "_static" / "sections.js").write_text(f"const SECTIONS = {text};\n", encoding="utf-8")


def setup(app):
    app.connect("doctree-resolved", collect)
    app.connect("build-finished", finish)
