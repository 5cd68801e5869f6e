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
