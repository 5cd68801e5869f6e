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
