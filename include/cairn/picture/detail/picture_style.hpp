// How a picture's page looks, and what stands in it before its script has run. Light and dark, wide, narrow and on
// paper; all pairs of colours have the contrast that WCAG asks for (AA).
#pragma once

#include <string_view>

namespace cairn::pictures::detail {

// What the page's policy allows: this style and no other. A test computes it anew.
inline constexpr std::string_view picture_style_hash = "sha256-H6cAAT1vIqJyKD7tglmVM+68iFna/lApvon9XcdlK1M=";

inline constexpr std::string_view picture_style = R"css(
:root {
  --page: #f6f7f9; --surface: #ffffff; --text: #1b1f24; --muted: #57606a; --line: #d8dce2; --faint: #e9ecf0;
  --accent: #0a58b5; --bar: #4a86cc; --bar-also: #b9d0ec; --bar-back: #e6ebf2; --chosen: #dcebfd; --hover: #f0f3f7; --mark: #ffe58a;
  --bad: #b3261e; --bad-back: #fdeceb; --good: #17693a; --row: 28px; --step: 16px;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
  color-scheme: light;
}
:root[data-theme="dark"] {
  --page: #14171b; --surface: #1b1f25; --text: #e6e9ed; --muted: #a3acb8; --line: #353b45; --faint: #282d35;
  --accent: #85bcff; --bar: #5c98dc; --bar-also: #34557c; --bar-back: #2a303a; --chosen: #213a58; --hover: #242932; --mark: #6a5400;
  --bad: #ffa199; --bad-back: #3b201f; --good: #7dd6a0;
  color-scheme: dark;
}
@media (prefers-color-scheme: dark) {
  :root:not([data-theme="light"]) {
    --page: #14171b; --surface: #1b1f25; --text: #e6e9ed; --muted: #a3acb8; --line: #353b45; --faint: #282d35;
    --accent: #85bcff; --bar: #5c98dc; --bar-also: #34557c; --bar-back: #2a303a; --chosen: #213a58; --hover: #242932; --mark: #6a5400;
    --bad: #ffa199; --bad-back: #3b201f; --good: #7dd6a0;
    color-scheme: dark;
  }
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body {
  position: relative;
  display: grid; grid-template-rows: auto auto minmax(0, 1fr); background: var(--page); color: var(--text);
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
}
button, input { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
header { padding: 14px 100px 10px 20px; }
h1 { margin: 0; font-size: 18px; line-height: 1.3; font-weight: 650; overflow-wrap: anywhere; }
.facts { margin: 2px 0 0; color: var(--muted); }
.facts b { color: var(--text); font-weight: 600; white-space: nowrap; }
.chips { display: flex; flex-wrap: wrap; gap: 6px; margin: 8px 0 0; padding: 0; list-style: none; }
.chip {
  border: 1px solid var(--line); border-radius: 999px; background: var(--surface); padding: 1px 10px; font-size: 12px;
  color: var(--muted);
}
.chip b { color: var(--text); font-weight: 600; }
.chip:hover, .tools button:hover { background: var(--hover); }
.note { margin: 10px 0 0; padding: 6px 12px; border-radius: 6px; background: var(--faint); }
.note.bad { background: var(--bad-back); color: var(--bad); }
.note button { border: 0; background: none; padding: 0 2px; text-decoration: underline; }
.tools { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 0 20px 12px; }
.tools .find { display: flex; gap: 10px; align-items: center; flex: 1 1 300px; max-width: 560px; }
.tools input {
  flex: 1 1 0; min-width: 0; height: 32px; padding: 0 8px 0 12px; border: 1px solid var(--muted); border-radius: 6px;
  background: var(--surface);
}
.tools input::placeholder { color: var(--muted); opacity: 1; }
.tools output {
  flex: none; width: 92px; font-size: 12px; color: var(--muted); white-space: nowrap;
  font-variant-numeric: tabular-nums;
}
.tools button {
  height: 32px; padding: 0 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--surface);
  white-space: nowrap;
}
.tools button[aria-pressed="true"] { background: var(--chosen); border-color: var(--accent); }
.tools #theme { position: absolute; top: 14px; right: 20px; }
main {
  display: grid; grid-template-columns: minmax(0, 1fr) minmax(340px, 30%); min-height: 0; border-top: 1px solid var(--line);
  background: var(--surface);
}
#tree { position: relative; overflow: auto; outline: none; overflow-anchor: none; }
#all { position: relative; }
.row {
  position: absolute; left: 0; right: 0; top: 0; height: var(--row); line-height: var(--row); padding: 0 20px 0 10px;
  display: grid; grid-template-columns: minmax(0, 1fr) auto 120px 76px; column-gap: 14px; align-items: center;
  cursor: default; white-space: nowrap;
}
.row:hover { background: var(--hover); }
.row[aria-selected="true"] { background: var(--chosen); }
#tree:focus-visible .row[aria-selected="true"] { outline: 2px solid var(--accent); outline-offset: -2px; }
.row .what { display: flex; align-items: center; min-width: 0; }
.row .fold { flex: none; width: 20px; height: var(--row); display: grid; place-items: center; color: var(--muted); }
.row .fold svg { width: 10px; height: 10px; transition: transform 80ms; }
.row[aria-expanded="true"] .fold svg { transform: rotate(90deg); }
.row .name { overflow: hidden; text-overflow: ellipsis; flex: none; max-width: 70%; white-space: pre; }
.row .name.inner { font-weight: 550; }
.row .name.aside { font-style: italic; color: var(--muted); }
.row .extra { margin-left: 10px; color: var(--muted); overflow: hidden; text-overflow: ellipsis; min-width: 0; }
.row .link { cursor: pointer; }
.row .shape { color: var(--muted); font-size: 12px; overflow: hidden; text-overflow: ellipsis; }
.row .size { text-align: right; font-variant-numeric: tabular-nums; }
.row .size.aside, .row .name.bare { color: var(--muted); }
.row.bad .name, .row.bad .size { color: var(--bad); }
.bar { display: block; height: 8px; border-radius: 4px; background: var(--bar-back); overflow: hidden; }
.bar i { display: block; height: 100%; min-width: 2px; border-radius: 4px; background: var(--bar); }
.bar .also { background: var(--bar-also); }
.bar .also + i { margin-top: -8px; }
.bar.none { visibility: hidden; }
.link { border: 0; padding: 0; background: none; color: var(--accent); text-align: left; overflow-wrap: anywhere; }
.link:hover { text-decoration: underline; }
mark { background: var(--mark); color: inherit; border-radius: 2px; }
.nothing { padding: 24px 30px; color: var(--muted); }
#panel { overflow: auto; border-left: 1px solid var(--line); padding: 16px 20px 28px; }
#panel h2 { margin: 0; font-size: 17px; line-height: 1.3; overflow-wrap: anywhere; outline-offset: 4px; }
#panel h3 {
  margin: 22px 0 6px; font-size: 12px; font-weight: 650; letter-spacing: .04em; text-transform: uppercase;
  color: var(--muted);
}
#panel .trail { margin: 0 0 4px; color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
#panel p { margin: 6px 0; }
#panel dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 3px 16px; margin: 10px 0 0; }
#panel dt { color: var(--muted); }
#panel dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
#panel code, #panel .values { font-family: var(--mono); font-size: 12.5px; overflow-wrap: anywhere; }
#panel .values { margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 4px 6px; }
#panel .values li { background: var(--faint); border-radius: 4px; padding: 0 6px; }
#panel .values.texts { display: block; }
#panel .values.texts li { margin-bottom: 4px; padding: 2px 8px; white-space: pre-wrap; }
#panel .good { color: var(--good); }
#panel .bad { color: var(--bad); }
#panel .places { margin: 0; padding: 0; list-style: none; }
#panel .places li { margin: 4px 0; }
#panel .largest li { display: grid; grid-template-columns: minmax(0, 1fr) 72px; gap: 2px 12px; margin: 8px 0; }
#panel .largest .bar { grid-column: 1 / -1; height: 5px; }
#panel .largest .size { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 0; }
figure svg { display: block; width: 100%; height: auto; }
figure text { fill: var(--muted); font-size: 11px; font-variant-numeric: tabular-nums; }
figure .bin { fill: var(--bar); }
figure .bin:hover { fill: var(--accent); }
figure .axis { stroke: var(--muted); }
figure .grid { stroke: var(--faint); }
figure .hit { fill: transparent; }
details { margin-top: 6px; }
summary { cursor: pointer; color: var(--accent); }
table { border-collapse: collapse; margin-top: 6px; font-size: 12.5px; font-variant-numeric: tabular-nums; }
th, td { padding: 1px 14px 1px 0; text-align: right; font-weight: 400; }
th { color: var(--muted); }
kbd {
  border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; padding: 0 5px; font: inherit;
  font-size: 12px;
}
@media (pointer: coarse) { :root { --row: 38px; } }
@media (max-width: 1000px) { .row { grid-template-columns: minmax(0, 1fr) auto 64px 70px; column-gap: 10px; } }
@media (max-width: 720px) {
  :root { --step: 12px; }
  html, body { height: auto; }
  body { display: block; }
  header { padding: 12px 86px 8px 14px; }
  .tools { padding: 0 14px 10px; gap: 6px; }
  .tools .find { flex-basis: 100%; max-width: none; }
  .tools button { padding: 0 8px; flex: 1 1 auto; }
  .tools #theme { top: 12px; right: 14px; }
  .tools output { width: 76px; }
  main { display: block; }
  #tree { height: max(260px, 52vh); height: max(260px, 52dvh); }
  #panel { border-left: 0; border-top: 1px solid var(--line); padding: 14px 14px 28px; min-height: 60vh; }
  .row { grid-template-columns: minmax(0, 1fr) 48px 64px; padding: 0 14px 0 4px; column-gap: 8px; }
  .row .shape { display: none; }
}
@media (prefers-reduced-motion: reduce) { .row .fold svg { transition: none; } }
@media (forced-colors: active) { .bar i, figure .bin { forced-color-adjust: none; } }
@media print {
  :root, :root[data-theme="dark"], :root:not([data-theme="light"]) {
    --page: #fff; --surface: #fff; --text: #000; --muted: #444; --line: #bbb; --chosen: #fff; --bar-back: #eee;
    color-scheme: light;
  }
  html, body { height: auto; }
  body, main { display: block; }
  .tools, .chips, #keys { display: none; }
  #tree { height: auto; overflow: visible; }
  #all { height: auto !important; }
  .row { position: static; transform: none !important; break-inside: avoid; padding: 0; }
  .bar i, figure .bin { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  #panel { border: 0; padding: 24px 0 0; break-before: page; overflow: visible; }
}
)css";

inline constexpr std::string_view picture_body = R"html(
<div class="tools" role="group" aria-label="Tools">
<div class="find">
<input id="search" type="search" placeholder="Search (press /)" aria-label="Search paths, keys, dtypes and shapes" aria-keyshortcuts="/" autocomplete="off" autocapitalize="off" spellcheck="false">
<output id="found" for="search" aria-live="polite"></output>
</div>
<button type="button" id="expand">Expand all</button>
<button type="button" id="collapse">Collapse all</button>
<button type="button" id="order" aria-pressed="false">Largest first</button>
<button type="button" id="theme" aria-pressed="false">Dark</button>
</div>
<main>
<div id="tree" role="tree" tabindex="0" aria-label="What the checkpoint holds"><div id="all" role="none"></div></div>
<section id="panel" aria-labelledby="title" tabindex="-1"></section>
</main>
<noscript><p class="note">The tree, the search and the statistics need JavaScript, which is off here. They are all in this file; nothing is loaded from anywhere.</p></noscript>
)html";

}  // namespace cairn::pictures::detail
