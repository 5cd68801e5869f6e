// Script, style and body of a picture's page, made by picture/assets/embed.py; do not edit.
#pragma once

#include "../../version.hpp"

#include <string_view>

namespace CAIRN_NAMESPACE::pictures::detail {

inline constexpr std::string_view page_script = R"js(
(() => {
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const {dtypes, shapes, separator} = data;
const NODE = 0, VALUE = 1, REFERENCE = 2, SLOT = 3, GROUP = 4;

// Columns of numbers and texts (picture/detail/columns.hpp).
const digitOf = new Uint8Array(128);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((letter, digit) => { digitOf[letter.charCodeAt(0)] = digit; });
const numbersOf = (text, length, Numbers) => {
  const numbers = new Numbers(length), hasRuns = text[0] === '*';
  let at = 1, number = 0;
  const next = () => {
    let value = 0, place = 1, digit;
    do {
      digit = digitOf[text.charCodeAt(at++)];
      value += (digit & 31) * place;
      place *= 32;
    } while (digit & 32);
    return value;
  };
  for (let i = 0; i < length;) {
    const coded = next(), step = coded % 2 ? -(coded - 1) / 2 : coded / 2;
    for (let times = hasRuns ? next() : 1; times > 0; --times) numbers[i++] = number += step;
  }
  return numbers;
};
const textsOf = ([shared, ending, endings], length) => {
  const sharedOf = numbersOf(shared, length, Int32Array), endingOf = numbersOf(ending, length, Int32Array);
  return (i, other) => (sharedOf[i] ? other.slice(0, sharedOf[i] - 1) : other) + endings[endingOf[i]];
};

const count = data.rows[0], names = new Array(count);
const [kind, parents, targets, nodes, tensorOf] = [1, 3, 4, 5, 6].map((at) => numbersOf(data.rows[at], count, Int32Array));
const tensorCount = data.tensors[0], keyEnding = textsOf(data.tensors[1], tensorCount);
const [dtypeOf, shapeOf, bytesIn, shardOf, offsetOf, checksumOf, partsOf, isCheckedOf] =
  data.tensors.slice(2).map((text) => numbersOf(text, tensorCount, Float64Array));
const problems = new Map(data.problems);
const level = new Int32Array(count), children = new Array(count).fill(null), tops = [];
const own = new Float64Array(count), bytes = new Float64Array(count), tensorsBelow = new Float64Array(count), numbersIn = new Float64Array(count);
const firstRowOf = new Int32Array(tensorCount).fill(-1);
const byId = (id) => document.getElementById(id);
const elementsIn = (shape) => shape.reduce((product, extent) => product * extent, 1);

const nameEnding = textsOf(data.rows[2], count);
for (let row = 0; row < count; ++row) names[row] = nameEnding(row, row ? names[row - 1] : '');
for (let tensor = 0, end = 0; tensor < tensorCount; ++tensor) {
  offsetOf[tensor] += end;
  end = offsetOf[tensor] + bytesIn[tensor];
}
for (let row = 0; row < count; ++row) {
  const parent = parents[row], tensor = tensorOf[row];
  if (parent < 0) {
    tops.push(row);
    level[row] = 1;
  } else {
    (children[parent] ??= []).push(row);
    level[row] = level[parent] + 1;
  }
  if (tensor >= 0 && firstRowOf[tensor] < 0) {
    firstRowOf[tensor] = row;
    own[row] = bytes[row] = bytesIn[tensor];
    tensorsBelow[row] = 1;
    numbersIn[row] = dtypes[dtypeOf[tensor]] === 'string' ? 0 : elementsIn(shapes[shapeOf[tensor]]);
  }
}
for (let row = count - 1; row >= 0; --row) {
  if (parents[row] < 0) continue;
  bytes[parents[row]] += bytes[row];
  tensorsBelow[parents[row]] += tensorsBelow[row];
}
const totalBytes = tops.reduce((sum, row) => sum + bytes[row], 0);

// The rows of all tensors that an object leads to, under whatever names; null when that takes more than so many steps.
const reachedFrom = (row, steps) => {
  const seen = new Set([row]), found = [];
  for (const at of seen) {  // which grows meanwhile
    if (seen.size > steps) return null;
    if (tensorOf[at] >= 0 && firstRowOf[tensorOf[at]] === at) found.push(at);
    for (const child of children[at] ?? []) seen.add(kind[child] === REFERENCE ? targets[child] : child);
  }
  return found;
};
const bytesOf = (list) => list.reduce((sum, row) => sum + own[row], 0);

// The names from the root; of very deep rows the last ones.
const pathOf = (row) => {
  const steps = [];
  let size = 0;
  for (let at = row; at >= 0; at = parents[at]) {
    if (parents[at] < 0) break;
    if (size > 300) { steps.push('…'); break; }
    steps.push(names[at]);
    size += names[at].length + 1;
  }
  return steps.reverse().join(separator);
};
// The beginning of a tensor's key, as picture/detail/json.hpp has it (PathsOfRows).
const namesFromRoot = (row) => {
  const steps = [];
  for (let at = row; at >= 0 && parents[at] >= 0; at = parents[at]) if (steps.push(names[at]) > 64) return '';
  return steps.reverse().join('/');
};
const keyOf = (tensor) => {
  const row = firstRowOf[tensor], isSlot = kind[row] === SLOT && targets[row] >= 0;
  return keyEnding(tensor, isSlot ? namesFromRoot(targets[row]) + '/.OPTIMIZER_SLOT/' + namesFromRoot(parents[row]) + '/' + names[row] : namesFromRoot(row));
};
// What is known of a tensor's values is read when it is asked for: all, figures alone, or the one value.
let lines = null;
const statisticsOf = (tensor) => {
  lines ??= byId('statistics').textContent.split('\n');
  const line = lines[tensor + 1] ?? '';
  if (line.startsWith('[')) return dtypes[dtypeOf[tensor]] === 'string' ? {strings: JSON.parse(line)} : {numbers: JSON.parse(line)};
  const fields = line.split(' ');
  if (fields.length === 1) return line ? {numbers: [0, 0, 0, 0, '', '', '', '', [], line]} : {};
  const [minimum, maximum, mean, deviation] = fields.slice(0, 4).map((text) => text === '-' ? '' : isNaN(text) ? text : String(+text));
  const [zeros = 0, nans = 0, positive = 0, negative = 0] = fields.slice(4).map(Number);
  return {isBrief: true, numbers: [zeros, nans, positive, negative, minimum, maximum, mean, deviation, []]};
};
const labelOf = (row) => (pathOf(row) || names[row]) + (kind[row] === SLOT && targets[row] >= 0 ? ' for ' + pathOf(targets[row]) : '');

const number = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});
const sizeText = (size) => {
  if (size < 1000) return size + ' B';
  let value = size / 1000, unit = 0;
  for (; value >= 999.5 && unit < 5; ++unit) value /= 1000;
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0) + ' ' + 'kMGTPE'[unit] + 'B';
};
const shareText = (part, whole) => {
  const percent = 100 * part / whole;
  return !whole || !part ? '' : percent > 0 && percent < 0.1 ? '< 0.1 %' : percent.toFixed(percent < 10 ? 1 : 0) + ' %';
};
const shapeText = (shape) => '[' + shape.join(', ') + ']';
const counted = (n, one, many) => number.format(n) + ' ' + (n === 1 ? one : many);

const make = (tag, attributes = {}, ...content) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
};
const makeSvg = (tag, attributes = {}, ...content) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
};
// How much of the whole has its place there, and behind it how much is referred to.
const makeBar = (part, whole, also = 0) => {
  const fill = (size, name) => {
    const element = make('i', {class: name});
    element.style.width = (whole ? 100 * size / whole : 0) + '%';
    return element;
  };
  const bar = make('span', {class: part || also ? 'bar' : 'bar none', 'aria-hidden': 'true'});
  if (also > part) bar.append(fill(also, 'also'));
  if (part) bar.append(fill(part, 'here'));
  return bar;
};
// A long name may break behind its separators.
const breakable = (text) => text.split(/(?<=[/.])/).flatMap((piece) => [piece, make('wbr')]);
// A link within the page: to a row.
const makeLink = (row, text) => {
  const link = make('button', {type: 'button', class: 'link'}, ...breakable(text));
  link.addEventListener('click', () => go(row, true));
  return link;
};

// What is open and what is to be seen. While something is searched for, other rows are open.
const tree = byId('tree'), all = byId('all');
let open = new Uint8Array(count), keep = null, largestFirst = false, terms = [];
let visible = [], positions = [], sizes = [];
const place = new Int32Array(count);
const sorted = new Map();
let active = -1, rowHeight = 28;
const drawn = new Map();

const childrenOf = (row) => {
  let list = row < 0 ? tops : children[row] ?? [];
  if (largestFirst && list.length > 1) {
    if (!sorted.has(row)) sorted.set(row, list.slice().sort((a, b) => bytes[b] - bytes[a] || a - b));
    list = sorted.get(row);
  }
  return keep ? list.filter((child) => keep[child]) : list;
};

const refresh = () => {
  visible = []; positions = []; sizes = [];
  place.fill(-1);
  const lists = [childrenOf(-1)], next = [0];
  while (lists.length) {
    const list = lists[lists.length - 1], at = next[next.length - 1]++;
    if (at === list.length) { lists.pop(); next.pop(); continue; }
    const row = list[at];
    place[row] = visible.length;
    visible.push(row); positions.push(at + 1); sizes.push(list.length);
    if (children[row] && open[row]) { lists.push(childrenOf(row)); next.push(0); }
  }
  for (const element of drawn.values()) element.remove();
  drawn.clear();
  draw();
};

// The name, with what is searched for marked.
const markedName = (row) => {
  const name = names[row] === '' ? '""' : names[row], lower = name.toLowerCase(), pieces = [];
  let at = 0;
  while (terms.length && lower.length === name.length) {
    let from = -1, length = 0;
    for (const term of terms) {
      const found = lower.indexOf(term, at);
      if (found >= 0 && (from < 0 || found < from)) { from = found; length = term.length; }
    }
    if (from < 0) break;
    pieces.push(name.slice(at, from), make('mark', {}, name.slice(from, from + length)));
    at = from + length;
  }
  return [...pieces, name.slice(at)];
};

const makeRow = (row) => {
  const isReference = kind[row] === REFERENCE, about = isReference ? targets[row] : row;
  const tensor = tensorOf[about], isTensor = tensor >= 0;
  const name = make('span', {class: 'name', title: labelOf(row)}, ...markedName(row));
  const what = make('span', {class: 'what'}, make('span', {class: 'fold', 'aria-hidden': 'true'}), name);
  let label = names[row];
  if (children[row]) {
    name.classList.add('inner');
    what.firstChild.append(makeSvg('svg', {viewBox: '0 0 10 10'},
      makeSvg('path', {d: 'M3 1l4 4-4 4', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.6'})));
  } else if (!isTensor && !isReference) {
    name.classList.add('bare');
  }
  if (kind[row] === VALUE || kind[row] === GROUP) name.classList.add('aside');
  const extra = make('span', {class: 'extra'});
  if (isReference) {
    label += ', is ' + labelOf(about);
    extra.append('→ ', make('span', {class: 'link'}, labelOf(about)));
  } else if (kind[row] === SLOT && targets[row] >= 0) {
    label += ' for ' + pathOf(targets[row]);
    extra.append('for ' + pathOf(targets[row]));
  } else if (isTensor && !shapes[shapeOf[tensor]].length) {
    const value = statisticsOf(tensor).numbers?.[9];
    if (value !== undefined) {
      label += ', ' + value;
      extra.append('= ' + value);
    }
  }
  if (extra.childNodes.length) what.append(extra);
  const shape = make('span', {class: 'shape'}), size = make('span', {class: 'size'});
  if (isTensor) {
    shape.append(dtypes[dtypeOf[tensor]] + ' ' + shapeText(shapes[shapeOf[tensor]]));
    label += ', ' + shape.textContent;
  }
  const here = isReference ? 0 : bytes[row], also = bytesOf(reachedFrom(about, 4000) ?? []);
  if (here || also || isTensor) size.append(sizeText(here || also));
  if (here || (isTensor && !isReference)) label += ', ' + size.textContent;
  else size.classList.add('aside');
  size.title = also > here ? sizeText(here) + ' here, ' + sizeText(also) + ' with all that it refers to' : '';
  const element = make('div', {class: 'row', role: 'treeitem', id: 'row' + row, 'aria-level': level[row]}, what, shape,
    makeBar(here, totalBytes, also), size);
  if (isTensor && problems.has(tensor)) {
    element.classList.add('bad');
    label += ', cannot be read';
  }
  element.setAttribute('aria-label', label);
  return element;
};

const drawRow = (at) => {
  const row = visible[at];
  let element = drawn.get(row);
  if (!element) drawn.set(row, element = makeRow(row));
  element.style.transform = 'translateY(' + at * rowHeight + 'px)';
  element.firstChild.style.paddingLeft = 'calc(var(--step) * ' + Math.min(level[row] - 1, 16) + ')';
  element.setAttribute('aria-posinset', positions[at]);
  element.setAttribute('aria-setsize', sizes[at]);
  element.setAttribute('aria-selected', row === active);
  if (children[row]) element.setAttribute('aria-expanded', open[row] === 1);
  return element;
};
// Makes elements of the rows in view, and of the active one wherever it is.
const draw = (everything = false) => {
  const first = everything ? 0 : Math.max(0, Math.floor(tree.scrollTop / rowHeight) - 8);
  const end = Math.min(visible.length, everything ? 5000 : Math.ceil((tree.scrollTop + tree.clientHeight) / rowHeight) + 8);
  const wanted = new Set();
  for (let at = first; at < end; ++at) wanted.add(at);
  if (active >= 0 && place[active] >= 0) wanted.add(place[active]);
  for (const [row, element] of drawn)
    if (!wanted.has(place[row])) { element.remove(); drawn.delete(row); }
  let before = null;
  for (const at of [...wanted].sort((a, b) => a - b)) {
    const element = drawRow(at), after = before ? before.nextSibling : all.firstChild;
    if (element !== after) all.insertBefore(element, after);
    before = element;
  }
  all.style.height = visible.length * rowHeight + 'px';
  if (active >= 0 && place[active] >= 0) tree.setAttribute('aria-activedescendant', 'row' + active);
  else tree.removeAttribute('aria-activedescendant');
  byId('nothing')?.remove();
  if (!visible.length) tree.append(make('p', {class: 'nothing', id: 'nothing'}, 'Nothing here has these words in its path, key, dtype or shape.'));
};

const scrollTo = (row) => {
  const top = place[row] * rowHeight;
  if (top < tree.scrollTop) tree.scrollTop = top;
  else if (top + rowHeight > tree.scrollTop + tree.clientHeight) tree.scrollTop = top + rowHeight - tree.clientHeight;
};
// The page's address names the row; browsers take only so many changes of it in a minute.
let addressLater = 0;
const setAddress = (set) => {
  clearTimeout(addressLater);
  try { history[set](null, '', '#' + active); } catch { /* then it stays what it was */ }
};
const select = (row) => {
  if (row === undefined || row < 0) return;
  const isNew = row !== active;
  active = row;
  scrollTo(row);
  draw();
  if (!isNew) return;
  showPanel(row);
  clearTimeout(addressLater);
  addressLater = setTimeout(() => setAddress('replaceState'), 300);
};
// What was folded away with its row stands for it.
const selectVisible = () => {
  let row = active;
  while (row >= 0 && place[row] < 0) row = parents[row];
  if (row >= 0) select(row);
};
const toggle = (row, to = 1 - open[row]) => {
  if (!children[row] || open[row] === to) return;
  open[row] = to;
  refresh();
  selectVisible();
};
// Opens what is above a row, and selects it. A jump can be taken back with the browser's own button.
const go = (row, isJump = false) => {
  const leaves = isJump && row !== active;
  if (leaves) setAddress('replaceState');
  if (keep && !keep[row]) clearSearch();
  for (let at = parents[row]; at >= 0; at = parents[at]) open[at] = 1;
  refresh();
  const top = place[row] * rowHeight;
  if (top < tree.scrollTop || top + rowHeight > tree.scrollTop + tree.clientHeight)
    tree.scrollTop = top - tree.clientHeight / 2;
  select(row);
  if (leaves) setAddress('pushState');
  tree.focus({preventScroll: true});
};

const panel = byId('panel');
let referrers = null;
const referrersOf = (row) => {
  if (!referrers) {
    referrers = new Map();
    for (let from = 0; from < count; ++from) {
      if (targets[from] < 0) continue;
      if (!referrers.has(targets[from])) referrers.set(targets[from], []);
      referrers.get(targets[from]).push(from);
    }
  }
  return referrers.get(row) ?? [];
};

const facts = (pairs) => make('dl', {}, ...pairs.filter(([, value]) => value !== '' && value !== null)
  .flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
const heading = (text) => make('h3', {}, text);

// Axis labels are short; the table beside has more digits.
const shortNumber = (value, range) => {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2).replace('e+', 'e');
  return String(+value.toPrecision(Math.max(3, Math.min(7, Math.ceil(Math.log10(size / (range || size))) + 3))));
};

const histogram = (bins, what) => {
  const [low, high, ...counts] = bins;
  const width = 350, height = 170, left = 8, right = 8, top = 20, bottom = 24;
  const most = Math.max(...counts), range = high - low, sum = counts.reduce((a, b) => a + b, 0);
  const inner = width - left - right, tall = height - top - bottom;
  const border = (bin) => low + range * bin / counts.length;
  const x = (value) => left + inner * (range ? (value - low) / range : 0.5);
  const isEach = range === counts.length;  // a bin for each integer
  const named = (bin) => isEach ? number.format(border(bin) + 0.5)
    : range ? shortNumber(border(bin), range) + ' to ' + shortNumber(border(bin + 1), range) : shortNumber(low);
  const fullest = counts.indexOf(most);
  const text = `Histogram of ${counted(sum, 'finite ' + what, 'finite ' + what + 's')} in ${counted(counts.length, 'bin', 'bins')} from ` +
    `${shortNumber(low, range)} to ${shortNumber(high, range)}. The fullest bin, ${named(fullest)}, has ${number.format(most)}.`;
  const svg = makeSvg('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': text});
  const label = (at, y, anchor, content) => makeSvg('text', {x: at, y, 'text-anchor': anchor}, content);
  svg.append(makeSvg('line', {class: 'grid', x1: left, x2: width - right, y1: top, y2: top}),
    label(left, top - 6, 'start', number.format(most)));
  const step = inner / counts.length, gap = counts.length > 1 ? Math.min(2, step / 6) : 0;
  counts.forEach((n, bin) => {
    const tallness = n ? Math.max(1, tall * n / most) : 0, at = left + bin * step;
    const hint = () => makeSvg('title', {}, `${named(bin)}: ${number.format(n)} (${shareText(n, sum)})`);
    svg.append(
      makeSvg('rect', {class: 'bin', x: at + gap / 2, y: height - bottom - tallness, width: Math.max(0.5, step - gap), height: tallness}, hint()),
      makeSvg('rect', {class: 'hit', x: at, y: top, width: step, height: Math.max(0, tall - tallness)}, hint()));
  });
  svg.append(makeSvg('line', {class: 'axis', x1: left, x2: width - right, y1: height - bottom, y2: height - bottom}));
  const tick = (value, anchor, content) => svg.append(
    makeSvg('line', {class: 'axis', x1: x(value), x2: x(value), y1: height - bottom, y2: height - bottom + 4}),
    label(x(value), height - 6, anchor, content));
  if (isEach) {
    const every = Math.ceil(counts.length / 10);
    for (let bin = 0; bin < counts.length; bin += every) tick(border(bin) + 0.5, 'middle', number.format(border(bin) + 0.5));
  } else if (!range) {
    tick(low, 'middle', shortNumber(low));
  } else {
    tick(low, 'start', shortNumber(low, range));
    tick(high, 'end', shortNumber(high, range));
    const between = low < 0 && high > 0 ? 0 : low + range / 2, from = (between - low) / range;
    if (from > 0.2 && from < 0.8) tick(between, 'middle', shortNumber(between, range));
  }
  const rows = counts.map((n, bin) => make('tr', {}, make('th', {scope: 'row'}, named(bin)), make('td', {}, number.format(n)), make('td', {}, shareText(n, sum))));
  const table = make('details', {}, make('summary', {}, 'As a table'),
    make('table', {}, make('thead', {}, make('tr', {}, ...[isEach ? 'Value' : 'From, to', 'Count', 'Share'].map((each) => make('th', {scope: 'col'}, each)))),
      make('tbody', {}, ...rows)));
  return make('figure', {}, svg, table);
};

const checksum = (tensor) => {
  const parts = partsOf[tensor], hex = '0x' + checksumOf[tensor].toString(16).padStart(8, '0');
  if (problems.has(tensor)) return make('span', {class: 'bad'}, parts ? 'not verified' : hex + ' · not verified');
  if (!isCheckedOf[tensor]) return parts ? 'of each part, not verified' : hex + ' · not verified';
  return make('span', {class: 'good'}, parts ? '✓ verified, of each part' : hex + ' ✓ verified');
};

const aboutTensor = (tensor) => {
  const dtype = dtypes[dtypeOf[tensor]], shape = shapes[shapeOf[tensor]], size = bytesIn[tensor], offset = offsetOf[tensor], parts = partsOf[tensor];
  const {numbers, strings, isBrief} = statisticsOf(tensor), problem = problems.get(tensor);
  const elements = elementsIn(shape);
  const content = [];
  if (problem) content.push(make('p', {class: 'bad'}, problem));
  content.push(facts([
    ['Dtype', dtype], ['Shape', shape.length ? shapeText(shape) : '[] (scalar)'], ['Elements', number.format(elements)],
    ['Bytes', number.format(size) + (size ? ' · ' + shareText(size, totalBytes) + ' of all' : '')],
    ['Place', parts ? 'in ' + counted(parts, 'part', 'parts')
      : 'shard ' + shardOf[tensor] + ', bytes ' + number.format(offset) + ' to ' + number.format(offset + size)],
    ['CRC-32C', checksum(tensor)], ['Key', make('code', {}, ...breakable(keyOf(tensor)))],
  ]));
  if (numbers) {
    const [zeros, nans, positive, negative, minimum, maximum, mean, deviation, bins, ...first] = numbers;
    const isComplex = dtype.startsWith('complex');
    const amount = (n) => number.format(n) + (n && elements > 1 ? ' · ' + shareText(n, elements) : '');
    if (elements > 1) content.push(heading(isComplex ? 'Statistics of the magnitudes' : 'Statistics'), facts([
      ['Minimum', minimum || '–'], ['Maximum', maximum || '–'], ['Mean', mean || '–'], ['Std. deviation', deviation || '–'],
      ['Zeros', amount(zeros)], ['NaN', nans ? make('span', {class: 'bad'}, amount(nans)) : '0'],
      ['Infinite', positive + negative ? make('span', {class: 'bad'}, amount(positive + negative) + ` (${positive} +, ${negative} −)`) : '0'],
    ]));
    if (isBrief) content.push(make('p', {class: 'brief'}, 'Four digits, without histogram and values, for which this page has no room: it has those of the largest tensors.'));
    if (bins.length > 2 && elements > 1) content.push(heading('Histogram'), histogram(bins, isComplex ? 'magnitude' : 'value'));
    if (first.length) content.push(
      heading(elements > first.length ? 'First values' : first.length === 1 ? 'Value' : 'Values'),
      make('ol', {class: 'values'}, ...first.map((value) => make('li', {}, value)), ...(elements > first.length ? [make('li', {}, '…')] : [])));
  }
  if (!numbers && !strings && isCheckedOf[tensor] && elements) content.push(make('p', {class: 'brief'}, 'This page has no room for its values: it has those of the largest tensors.'));
  if (strings) content.push(
    heading(elements > strings.length ? 'First strings' : strings.length === 1 ? 'String' : 'Strings'),
    strings.length ? make('ol', {class: 'values texts'}, ...strings.map((value) => make('li', {}, value === '' ? '(empty)' : value))) : make('p', {}, 'None.'));
  return content;
};

const aboutObject = (row) => {
  const reached = reachedFrom(row, Infinity), sums = new Map(), size = bytesOf(reached);
  for (const each of reached) {
    const name = dtypes[dtypeOf[tensorOf[each]]], sum = sums.get(name) ?? [0, 0];
    sums.set(name, [sum[0] + 1, sum[1] + own[each]]);
  }
  const tensorsAnd = (n, size) => counted(n, 'tensor', 'tensors') + ' · ' + sizeText(size) + (size ? ' · ' + shareText(size, totalBytes) : '');
  const content = [facts([
    ['Node', nodes[row] >= 0 ? String(nodes[row]) : ''],
    ['Holds', children[row] ? counted(children[row].length, 'child', 'children') : 'nothing'],
    ['Here', reached.length ? tensorsAnd(tensorsBelow[row], bytes[row]) : ''],
    ['With references', reached.length > tensorsBelow[row] ? tensorsAnd(reached.length, size) : ''],
    ['Numbers', reached.length ? number.format(reached.reduce((sum, each) => sum + numbersIn[each], 0)) : ''],
  ])];
  if (!reached.length) return content;
  if (sums.size > 1)
    content.push(heading('By dtype'), facts([...sums].sort((a, b) => b[1][1] - a[1][1]).map(([name, [n, part]]) => [name, tensorsAnd(n, part)])));
  const largest = reached.sort((a, b) => own[b] - own[a] || a - b).slice(0, 8);
  content.push(heading(reached.length > largest.length ? 'Largest tensors' : 'Tensors'),
    make('ol', {class: 'places largest'}, ...largest.map((each) => make('li', {}, makeLink(each, labelOf(each)),
      make('span', {class: 'size'}, sizeText(own[each])), makeBar(own[each], size)))));
  return content;
};

const places = (title, list) => !list.length ? [] : [heading(title),
  make('ul', {class: 'places'}, ...list.slice(0, 100).map((row) => make('li', {}, makeLink(row, labelOf(row)))),
    ...(list.length > 100 ? [make('li', {}, 'and ' + number.format(list.length - 100) + ' more')] : []))];

const showPanel = (row) => {
  const isReference = kind[row] === REFERENCE, about = isReference ? targets[row] : row;
  const above = parents[row] >= 0 ? pathOf(parents[row]) : '';
  const title = make('h2', {id: 'title', tabindex: '-1'}, names[row] === '' ? '""' : names[row]);
  const content = [make('p', {class: 'trail'}, above || (parents[row] >= 0 ? names[parents[row]] : 'The whole checkpoint')), title];
  if (isReference) content.push(make('p', {}, 'Another name of ', makeLink(about, labelOf(about)), '.'));
  if (kind[row] === SLOT && targets[row] >= 0) content.push(make('p', {}, 'An optimizer’s state for ', makeLink(targets[row], labelOf(targets[row])), '.'));
  const from = referrersOf(row);
  content.push(...(tensorOf[about] >= 0 ? aboutTensor(tensorOf[about]) : aboutObject(about)),
    ...places('Also reached as', from.filter((each) => kind[each] === REFERENCE)),
    ...places('Optimizer state', from.filter((each) => kind[each] === SLOT)));
  if (tensorOf[about] >= 0 && children[about]) content.push(heading('Below'), ...aboutObject(about));
  if (row === tops[0]) content.push(heading('Keys'), make('p', {id: 'keys'}, make('kbd', {}, '↑'), ' ', make('kbd', {}, '↓'), ' ',
    make('kbd', {}, '←'), ' ', make('kbd', {}, '→'), ' move and unfold, ', make('kbd', {}, '*'), ' unfolds all beside, ', make('kbd', {}, 'Enter'),
    ' reads or follows, letters find a name, ', make('kbd', {}, '/'), ' searches.'));
  panel.replaceChildren(...content);
  panel.scrollTop = 0;
};

// Keys, as the ARIA Authoring Practices give them for a tree.
let typed = '', typedAt = 0;
const findTyped = (character) => {
  const now = Date.now();
  typed = now - typedAt > 700 ? character : typed + character;
  typedAt = now;
  const letters = [...typed], wanted = letters.every((each) => each === letters[0]) ? letters[0] : typed;
  const start = place[active] + (wanted.length > 1 ? 0 : 1);
  for (let i = 0; i < visible.length; ++i) {
    const row = visible[(start + i) % visible.length];
    if (names[row].toLowerCase().startsWith(wanted.toLowerCase())) return select(row);
  }
};
tree.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !visible.length) return;
  const at = Math.max(0, place[active]), row = visible[at];
  if (place[active] < 0 && event.key.startsWith('Arrow')) { event.preventDefault(); return select(row); }
  const page = Math.max(1, Math.floor(tree.clientHeight / rowHeight) - 1);
  const moves = {
    ArrowDown: () => select(visible[Math.min(at + 1, visible.length - 1)]),
    ArrowUp: () => select(visible[Math.max(at - 1, 0)]),
    PageDown: () => select(visible[Math.min(at + page, visible.length - 1)]),
    PageUp: () => select(visible[Math.max(at - page, 0)]),
    Home: () => select(visible[0]),
    End: () => select(visible[visible.length - 1]),
    ArrowRight: () => !children[row] ? undefined : open[row] ? select(childrenOf(row)[0]) : toggle(row, 1),
    ArrowLeft: () => children[row] && open[row] ? toggle(row, 0) : select(parents[row]),
    Enter: () => kind[row] === REFERENCE ? go(targets[row], true) : tensorOf[row] >= 0 ? byId('title').focus() : toggle(row),
    ' ': () => toggle(row),
    '*': () => {
      for (const beside of childrenOf(parents[row])) if (children[beside]) open[beside] = 1;
      refresh();
      scrollTo(row);
    },
  };
  if (Object.hasOwn(moves, event.key)) moves[event.key]();
  else if (event.key.length === 1 && event.key !== '/') findTyped(event.key);
  else return;
  event.preventDefault();
});
tree.addEventListener('click', (event) => {
  const element = event.target.closest('.row');
  if (!element) return;
  const row = Number(element.id.slice(3)), wasActive = row === active;
  if (event.target.closest('.link')) return go(targets[row], true);
  select(row);
  if (event.target.closest('.fold') || wasActive || (children[row] && !open[row])) toggle(row);
});
tree.addEventListener('scroll', () => draw(), {passive: true});
panel.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') tree.focus();
});

// The search: rows that have all words in their path, key, dtype or shape, and what is above them.
const search = byId('search'), found = byId('found');
let matches = [], match = -1, openBefore = null, texts = null;
const textOf = (row) => {
  const tensor = tensorOf[row];
  if (tensor < 0) return (kind[row] === REFERENCE ? pathOf(row) : names[row]).toLowerCase();
  return [pathOf(row), keyOf(tensor), dtypes[dtypeOf[tensor]], shapeText(shapes[shapeOf[tensor]]), problems.has(tensor) ? 'unreadable' : ''].join(' ').toLowerCase();
};
const say = () => {
  found.textContent = !terms.length ? '' : !matches.length ? 'No match'
    : match < 0 ? counted(matches.length, 'match', 'matches') : number.format(match + 1) + ' of ' + number.format(matches.length);
};
const clearSearch = () => {
  search.value = '';
  find();
};
const find = () => {
  terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  matches = []; match = -1;
  if (!terms.length) {
    if (openBefore) open = openBefore;
    keep = openBefore = null;
    for (let at = active >= 0 ? parents[active] : -1; at >= 0; at = parents[at]) open[at] = 1;
  } else {
    texts ??= Array.from({length: count}, (_, row) => textOf(row));
    openBefore ??= open;
    open = new Uint8Array(count);
    keep = new Uint8Array(count);
    const isMatch = new Uint8Array(count), isBelow = new Uint8Array(count);
    for (let row = 0; row < count; ++row) {
      if (parents[row] >= 0 && isBelow[parents[row]]) isBelow[row] = keep[row] = 1;  // there, and folded away
      if (!terms.every((term) => texts[row].includes(term))) continue;
      isMatch[row] = keep[row] = isBelow[row] = 1;
      for (let at = parents[row]; at >= 0 && !open[at]; at = parents[at]) keep[at] = open[at] = 1;
    }
    refresh();
    matches = visible.filter((row) => isMatch[row]);
  }
  if (terms.length) tree.scrollTop = 0;
  else refresh();
  if (active >= 0 && place[active] >= 0) scrollTo(active);
  draw();
  say();
};
const nextMatch = (step) => {
  if (!matches.length) return;
  match = match < 0 ? (step > 0 ? 0 : matches.length - 1) : (match + step + matches.length) % matches.length;
  for (let at = parents[matches[match]]; at >= 0; at = parents[at]) open[at] = 1;
  refresh();
  select(matches[match]);
  say();
};
search.addEventListener('input', find);
search.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') nextMatch(event.shiftKey ? -1 : 1);
  else if (event.key === 'Escape') { clearSearch(); tree.focus(); }
  else if (event.key === 'ArrowDown') { if (match < 0 && matches.length) nextMatch(1); tree.focus(); }
  else return;
  event.preventDefault();
});
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target === search) return;
  search.focus();
  search.select();
  event.preventDefault();
});
for (const button of document.querySelectorAll('[data-search]'))
  button.addEventListener('click', () => { search.value = button.dataset.search; search.focus(); find(); });

// The tools.
byId('expand').addEventListener('click', () => {
  for (let row = 0; row < count; ++row) if (children[row]) open[row] = 1;
  refresh();
  if (place[active] >= 0) scrollTo(active);
});
byId('collapse').addEventListener('click', () => {
  open.fill(0);
  if (tops.length === 1) open[tops[0]] = 1;
  refresh();
  selectVisible();
});
byId('order').addEventListener('click', (event) => {
  largestFirst = !largestFirst;
  event.currentTarget.setAttribute('aria-pressed', largestFirst);
  refresh();
  if (place[active] >= 0) scrollTo(active);
});
const theme = byId('theme'), system = matchMedia('(prefers-color-scheme: dark)'), page = document.documentElement;
const isDark = () => page.dataset.theme ? page.dataset.theme === 'dark' : system.matches;
const sayTheme = () => theme.setAttribute('aria-pressed', isDark());
theme.addEventListener('click', () => { page.dataset.theme = isDark() ? 'light' : 'dark'; sayTheme(); });
system.addEventListener('change', sayTheme);
sayTheme();

const measure = () => {
  rowHeight = parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row')) || 28;
  draw();
};
addEventListener('resize', measure);
addEventListener('beforeprint', () => draw(true));
addEventListener('afterprint', () => draw());
const rowOfAddress = () => {
  const row = /^#\d+$/.test(location.hash) ? Number(location.hash.slice(1)) : -1;
  return row >= 0 && row < count ? row : -1;
};
addEventListener('popstate', () => { if (rowOfAddress() >= 0) go(rowOfAddress()); });

// At first: open, breadth first, as much as is seen at once.
let shown = tops.length;
for (let row = 0; row < count && shown < 24; ++row) {
  if (!children[row] || (parents[row] >= 0 && !open[parents[row]]) || (row > 0 && shown + children[row].length > 40)) continue;
  open[row] = 1;
  shown += children[row].length;
}
measure();
refresh();
if (rowOfAddress() >= 0) go(rowOfAddress());
else select(tops[0]);
})();
)js";

inline constexpr std::string_view page_script_hash = "sha256-lt1jTuqFy9e/YWNpHoUBGLQ0hxYbe6+DDtuc4g1tnfk=";

inline constexpr std::string_view page_style = R"css(
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
#panel .brief { color: var(--muted); font-size: 13px; }
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

inline constexpr std::string_view page_style_hash = "sha256-KKZSWMIa8jcA/tvSgQuEQdSkVEUAEiYBtI9A7WmD3b8=";

inline constexpr std::string_view page_body = R"html(
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

}  // namespace CAIRN_NAMESPACE::pictures::detail
