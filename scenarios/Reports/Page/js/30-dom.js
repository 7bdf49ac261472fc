// Small helpers to make elements. Text is only ever set as text.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === 'function') { element.addEventListener(name, value); }
    else if (value !== null && value !== undefined && value !== false) { element.setAttribute(name, value === true ? '' : value); }
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== ''));
  return element;
}

const live = document.getElementById('live');
const say = words => { live.textContent = words; };

const badge = letter => make('span', { class: `badge ${nameOf(letter)}` }, `${signOf(letter)} ${wordOf(letter)}`);

// Rows are lists of texts, numbers, elements, or { text, class }.
function tableOf(caption, columns, rows, rowClass) {
  const body = make('tbody');
  rows.forEach((cellsOfRow, at) => {
    const row = make('tr', { class: rowClass ? rowClass(at) : null });
    cellsOfRow.forEach((value, column) => {
      const tag = column === 0 ? 'th' : 'td';
      const scope = column === 0 ? { scope: 'row' } : {};
      if (typeof value === 'number') { row.append(make('td', { class: 'number' }, number.format(value))); }
      else if (value && value.cell) { row.append(make(tag, { ...scope, class: value.class }, value.cell)); }
      else { row.append(make(tag, { ...scope, class: typeof value === 'string' && value.length < 26 && !value.includes(' ') ? 'nowrap' : null }, value ?? '')); }
    });
    body.append(row);
  });
  const head = make('tr', {}, columns.map(column => make('th', { scope: 'col' }, column)));
  return make('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': caption },
    make('table', {}, make('caption', {}, caption), make('thead', {}, head), body));
}

function choice(label, values, chosen, change) {
  const select = make('select', { 'data-key': label, change: event => change(event.target.value) },
    values.map(([value, name]) => make('option', { value, selected: value === chosen }, name)));
  return make('label', {}, `${label} `, select);
}

function tick(label, checked, change) {
  return make('label', {}, make('input', { type: 'checkbox', 'data-key': label, checked, change: event => change(event.target.checked) }), ` ${label}`);
}

// A long list is made in pieces, so that thousands of cells show at once.
function inPieces(items, size, makeItem) {
  const list = make('div');
  let shown = 0;
  const more = make('button', { type: 'button' });
  function grow() {
    list.append(...items.slice(shown, shown + size).map(makeItem));
    shown = Math.min(items.length, shown + size);
    more.textContent = `Show more (${number.format(items.length - shown)} left)`;
    more.hidden = shown === items.length;
  }
  more.addEventListener('click', () => { grow(); say(`${shown} of ${items.length} shown`); });
  grow();
  return make('div', {}, list, more);
}
