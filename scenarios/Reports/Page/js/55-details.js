// The panel that shows what lies behind a place of the matrix. It is modal, so Escape and focus are the browser's own.
const dialog = document.getElementById('details');
const detailsTitle = document.getElementById('details-title');
const detailsBody = document.getElementById('details-body');
let opener = null;

function openDetails(title, ...content) {
  detailsTitle.textContent = title;
  detailsBody.replaceChildren(...content.flat().filter(Boolean));
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
  }
  detailsTitle.focus();
  dialog.scrollTop = 0;
}

document.getElementById('details-close').addEventListener('click', () => dialog.close());
dialog.addEventListener('click', event => { if (event.target === dialog) { dialog.close(); } });
dialog.addEventListener('close', () => {
  replaceState({ of: '', clause: '', phase: '', vault: '', source: '', run: '', cell: '' });
  const stillThere = opener && opener.isConnected && opener !== document.body;
  (stillThere ? opener : document.querySelector('.heat [tabindex="0"]') || viewElement).focus();
});

function copyButton(words) {
  return make('button', { type: 'button', click: async event => {
    const button = event.target;
    try { await navigator.clipboard.writeText(words); button.textContent = 'Copied'; say('Copied'); }
    catch { getSelection().selectAllChildren(button.previousSibling); button.textContent = 'Selected'; say('Selected; copy it with the keyboard'); }
  } }, 'Copy');
}

function filesTable(step, found) {
  const rows = found.files.map(file => [file.path, file.traits || 'ordinary', file.expected,
    { cell: `${file.expected === file.actual ? '' : '✗ '}${file.actual}`, class: file.expected === file.actual ? null : 'fail' }, file.clause || '']);
  return tableOf(`Files of step ${step.name}`, ['Path', 'Traits', 'Expected', 'Actual', 'Clause'], rows);
}

function stepsTable(steps) {
  const columns = ['Step', 'Kind', 'State', 'Bytes sent', 'Bytes received', 'Requests', 'Changed', 'Protected', 'Scratch peak', 'ms', 'Outcome'];
  const rows = steps.map(s => [s.name, s.kind, { cell: `${signOf(s.state)} ${wordOf(s.state)}`, class: `${nameOf(s.state)} nowrap` }, s.sent, s.received,
    s.requests, s.changed, s.protected, s.scratch, s.ms, s.outcome]);
  return tableOf('Steps, bytes on the wire', columns, rows);
}

function stripText(strip) { return [...strip].map(letter => (letter === '-' ? ' ' : signOf(letter))).join(''); }

async function evidenceOf(cell) {
  const found = await detailsOf(cell);
  const steps = found.steps || [];
  const budgets = steps.flatMap(step => (step.budgets || []).map(b =>
    [`${step.name}: ${b.what}`, b.rule, b.limit, b.measured, { cell: b.holds ? '✓ kept' : '✗ broken', class: b.holds ? 'pass' : 'fail' }]));
  const mismatches = (found.mismatches || []).map(m => [m.step, m.what, m.expected, m.actual, m.clause || '']);
  const strips = (await loadFigures()).strips;
  return [
    found.reason ? make('p', {}, make('b', {}, 'Why: '), found.reason) : null,
    make('div', { class: 'against' },
      make('div', {}, make('b', {}, 'Expected'), make('div', {}, found.expected)),
      make('div', {}, make('b', {}, 'Actual'), make('div', {}, found.actual))),
    mismatches.length > 0 ? tableOf('Otherwise than expected', ['Step', 'What', 'Expected', 'Actual', 'Clause'], mismatches) : null,
    make('div', { class: 'repro' }, make('code', {}, found.repro), copyButton(found.repro)),
    steps.length > 0 ? stepsTable(steps) : null,
    budgets.length > 0 ? tableOf('Budgets', ['Budget', 'Rule', 'Limit', 'Measured', 'Kept'], budgets) : null,
    steps.filter(step => step.files).map(step => filesTable(step, step)),
    found.trace ? [make('p', {}, make('b', {}, 'End of the trace')), make('pre', { tabindex: '0', 'aria-label': 'End of the trace' }, found.trace.join('\n'))] : null,
    make('dl', {}, [['Profile', cell.profile], ['Vault', cell.vault], ['Source', cell.source], ['Seed', found.seed], ['Shard', found.shard],
      ['Clauses', cell.clauses.join(', ')], ['Tags', cell.tags.join(', ')], ['Last runs', strips[cell.place] && stripText(strips[cell.place])],
      ['Duration', `${number.format(cell.ms)} ms`]]
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .map(([name, value]) => [make('dt', {}, name), make('dd', {}, String(value))])),
  ].flat().filter(Boolean);
}

// One cell, filled when it is opened for the first time.
function cellItem(cell, open) {
  const item = make('details', { 'data-id': cell.id }, make('summary', {}, badge(cell.state), ' ', make('code', {}, cell.id),
    make('span', { class: 'note' }, ` ${cell.title}${cell.source === 'simulated' ? '' : ` · ${cell.source}`}`)));
  item.addEventListener('toggle', async () => {
    if (item.open && item.childElementCount === 1) { item.append(...await evidenceOf(cell)); item.dataset.filled = '1'; }
  });
  item.open = Boolean(open);
  return item;
}

function cellList(list) {
  const sorted = [...list].sort((a, b) => order.indexOf(b.state) - order.indexOf(a.state));
  const reds = sorted.filter(cell => isRed(cell.state)).length;
  let at = 0;
  return inPieces(sorted, 50, cell => { at++; return cellItem(cell, sorted.length === 1 || (isRed(cell.state) && at <= Math.min(3, reds))); });
}
