#!/usr/bin/env python3
"""Makes picture/detail/assets.hpp, which is committed, of the files beside this one: script, style and body of a picture's page.

    embed.py            writes it
    embed.py --print    prints it

tree.js, panel.js and controls.js are one script in this order, and one function: tree.js begins it, controls.js ends it. It is
plain JavaScript, as of 2022, and puts texts of the checkpoint into the page as texts only, never as HTML. The page's policy lets
nothing run but this script and nothing shape the page but this style: it names their hashes, which are computed here.

Only the rows in view are elements of the page, so that a hundred thousand rows cost no more than fifty. A screen reader finds
the position of a row among the others in aria-level, aria-posinset and aria-setsize. The style is for light and dark, wide,
narrow and on paper; all pairs of its colours have the contrast that WCAG asks for (AA).
"""
import base64
import hashlib
import pathlib
import sys

ASSETS = pathlib.Path(__file__).resolve().parent
HEADER = ASSETS.parent / "detail" / "assets.hpp"

FRAME = """// Script, style and body of a picture's page, made by picture/assets/embed.py; do not edit.
#pragma once

#include "../../version.hpp"

#include <string_view>

namespace CAIRN_NAMESPACE::pictures::detail {
%s
}  // namespace CAIRN_NAMESPACE::pictures::detail
"""


def text(*files):
    """The files one after another, with an empty line before each."""
    return "".join("\n" + (ASSETS / file).read_text(encoding="utf-8") for file in files)


def constant(name, tag, value):
    if f'){tag}"' in value:
        sys.exit(f"the end of a raw string is in the text of {name}")
    return f'\ninline constexpr std::string_view {name} = R"{tag}({value}){tag}";\n'


def policy_hash(name, value):
    digest = base64.b64encode(hashlib.sha256(value.encode()).digest()).decode()
    return f'\ninline constexpr std::string_view {name}_hash = "sha256-{digest}";\n'


def header():
    script, style = text("tree.js", "panel.js", "controls.js"), text("style.css")
    return FRAME % (constant("page_script", "js", script) + policy_hash("page_script", script) +
                    constant("page_style", "css", style) + policy_hash("page_style", style) +
                    constant("page_body", "html", text("page.html")))


if __name__ == "__main__":
    if sys.argv[1:] == ["--print"]:
        sys.stdout.buffer.write(header().encode())
    else:
        HEADER.write_text(header(), encoding="utf-8")
