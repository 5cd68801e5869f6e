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
