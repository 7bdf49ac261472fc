'use strict';
(function () {
  const data = JSON.parse(document.getElementById('data').textContent);
  const phases = ['full', 'incremental', 'restore'];
  const symbols = { pass: '✓', fail: '✗', error: '‼', timeout: '⧖', 'known-fail': '≈', 'unexpected-pass': '!', skipped: '–', 'not-run': '·', 'no-test': '○', none: '' };
  const words = { pass: 'pass', fail: 'FAIL', error: 'ERROR', timeout: 'TIMEOUT', 'known-fail': 'known fail', 'unexpected-pass': 'UNEXPECTED PASS', skipped: 'skipped', 'not-run': 'NOT RUN', 'no-test': 'NO TEST', none: '' };
  // From best to worst: a group shows its worst member.
  const order = ['pass', 'skipped', 'known-fail', 'not-run', 'unexpected-pass', 'timeout', 'error', 'fail'];
  const number = new Intl.NumberFormat('en');
  const filter = document.getElementById('filter');
  const onlyRed = document.getElementById('only-red');

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined) { element.setAttribute(name, value); }
    }
    for (const child of children) { element.append(child); }
    return element;
  }

  function worst(states) { return states.reduce((a, b) => order.indexOf(a) >= order.indexOf(b) ? a : b); }
  function isRed(state) { return order.indexOf(state) >= order.indexOf('unexpected-pass'); }
  function clausesOf(result) { return [result.clause].concat(result.also); }

  const texts = new Map(data.results.map(result => [result, [
    result.id, result.title, result.state, words[result.state], clausesOf(result).join(' '), result.tags.join(' '), result.vault, result.profile,
  ].join(' ').toLowerCase()]));

  function matches(text) {
    return filter.value.toLowerCase().split(/\s+/).filter(Boolean).every(word => text.includes(word));
  }

  // The state of one phase of a cell: of its steps of that kind; of the whole cell when the steps are all in order but it is not.
  function phaseState(result, phase) {
    const states = result.steps.filter(step => step.kind === phase || (phase === 'full' && step.kind === 'refused')).map(step => step.state);
    if (states.length === 0) { return result.steps.length === 0 ? result.state : null; }
    const state = worst(states);
    return state === 'fail' && (result.state === 'known-fail') ? 'known-fail' : state;
  }

  function sent(result, phase) {
    return result.steps.filter(step => step.kind === phase).reduce((sum, step) => sum + (phase === 'restore' ? step.receivedBytes : step.sentBytes), 0);
  }

  function matrixCell(results, phase, clause, vault) {
    const states = results.map(result => phaseState(result, phase)).filter(state => state !== null);
    if (states.length === 0) { return make('td', { class: 'none' }, make('span', { 'aria-label': 'not part of any scenario' }, '–')); }
    const state = worst(states);
    const bytes = results.reduce((sum, result) => sum + sent(result, phase), 0);
    const button = make('button', { class: 'link state', type: 'button' }, `${symbols[state]} ${words[state]} ${states.filter(s => s === state).length}/${states.length}`);
    button.addEventListener('click', () => {
      filter.value = `${clause} ${vault}`;
      onlyRed.checked = false;
      changed();
      document.getElementById('cells-title').scrollIntoView();
    });
    return make('td', { class: state }, button, make('div', { class: 'note' }, `${number.format(bytes)} B ${phase === 'restore' ? 'received' : 'sent'}`));
  }

  function clauseHead(clause) {
    const head = make('th', { scope: 'row' }, clause.title, make('div', { class: 'note' }, make('code', {}, clause.id), ` ${clause.status}, ${clause.date}`));
    head.append(make('blockquote', { cite: clause.document }, `“${clause.quote}”`), make('div', { class: 'note' }, clause.document));
    if (clause.note) { head.append(make('div', { class: 'note' }, clause.note)); }
    return head;
  }

  function matrixOf(profile) {
    const head = make('tr', {}, make('th', { scope: 'col' }, 'Clause'));
    for (const vault of data.vaults) {
      for (const phase of phases) { head.append(make('th', { scope: 'col' }, `${phase} @ ${vault}`)); }
    }
    const body = make('tbody');
    for (const clause of profile.clauses) {
      const all = data.results.filter(result => result.profile === profile.id && clausesOf(result).includes(clause.id));
      const own = [clause.id, clause.title, clause.quote, clause.status, all.length ? '' : 'no test'].join(' ').toLowerCase();
      const shown = all.filter(result => matches(texts.get(result)) && (!onlyRed.checked || isRed(result.state)));
      if (shown.length === 0 && (onlyRed.checked ? all.length > 0 : !matches(own))) { continue; }
      const row = make('tr', {}, clauseHead(clause));
      if (all.length === 0) {
        row.append(make('td', { class: 'no-test', colspan: String(phases.length * data.vaults.length) }, `${symbols['no-test']} NO TEST`));
      } else {
        const used = shown.length > 0 ? shown : all;
        for (const vault of data.vaults) {
          const here = used.filter(result => result.vault === vault);
          for (const phase of phases) { row.append(matrixCell(here, phase, clause.id, vault)); }
        }
      }
      body.append(row);
    }
    const table = make('table', {}, make('caption', {}, `${profile.id}: ${profile.title}`), make('thead', {}, head), body);
    return make('div', { class: 'scroll' }, table);
  }

  function tableOf(caption, columns, rows) {
    const head = make('tr', {});
    columns.forEach(column => head.append(make('th', { scope: 'col' }, column)));
    const body = make('tbody');
    for (const cells of rows) {
      const row = make('tr', {});
      cells.forEach(cell => row.append(typeof cell === 'number' ? make('td', { class: 'number' }, number.format(cell)) : make('td', {}, cell ?? '')));
      body.append(row);
    }
    return make('div', { class: 'scroll' }, make('table', {}, make('caption', {}, caption), make('thead', {}, head), body));
  }

  function reproOf(result) {
    const copy = make('button', { type: 'button' }, 'Copy');
    copy.addEventListener('click', async () => {
      try { await navigator.clipboard.writeText(result.repro); copy.textContent = 'Copied'; }
      catch { getSelection().selectAllChildren(copy.previousSibling); copy.textContent = 'Selected'; }
    });
    return make('div', { class: 'repro' }, make('code', {}, result.repro), copy);
  }

  function detailsOf(result) {
    const list = make('dl');
    const rows = [['Clause', clausesOf(result).join(', ')], ['Expected', result.expected], ['Actual', result.actual], ['Reason', result.reason],
      ['Seed', result.seed], ['Profile', result.profile], ['Duration', `${number.format(result.durationMs)} ms`], ['Tags', result.tags.join(', ')]];
    for (const [name, value] of rows) {
      if (value !== null && value !== undefined && value !== '') { list.append(make('dt', {}, name), make('dd', {}, String(value))); }
    }
    const parts = [list];
    if (result.mismatches.length > 0) {
      parts.push(tableOf('Otherwise than expected', ['Step', 'What', 'Expected', 'Actual', 'Clause'], result.mismatches.map(m => [m.step, m.what, m.expected, m.actual, m.clause])));
    }
    if (result.steps.length > 0) {
      parts.push(tableOf('Steps, bytes on the wire', ['Step', 'Kind', 'State', 'Sent', 'Received', 'Requests', 'Changed', 'Outcome'],
        result.steps.map(s => [s.name, s.kind, `${symbols[s.state]} ${words[s.state]}`, s.sentBytes, s.receivedBytes, s.requests, s.changedBytes, s.outcome])));
    }
    parts.push(reproOf(result));
    return parts;
  }

  function cellOf(result) {
    const badge = make('span', { class: `badge ${result.state}` }, `${symbols[result.state]} ${words[result.state]}`);
    const meta = make('span', { class: 'meta' }, ` ${result.title} · ${number.format(result.sentBytes)} B sent, ${number.format(result.requests)} requests`);
    const details = make('details', { 'data-id': result.id }, make('summary', {}, badge, ' ', make('code', {}, result.id), meta));
    // Filled on first opening, so that a page of thousands of cells shows at once.
    details.addEventListener('toggle', () => {
      if (details.open && details.childElementCount === 1) { details.append(...detailsOf(result)); }
    });
    if (isRed(result.state)) { details.open = true; }
    return details;
  }

  function show() {
    document.getElementById('matrix').replaceChildren(...data.profiles.map(matrixOf));
    const shown = data.results.filter(result => matches(texts.get(result)) && (!onlyRed.checked || isRed(result.state)))
      .sort((a, b) => order.indexOf(b.state) - order.indexOf(a.state));
    document.getElementById('cells-title').textContent = `Cells: ${shown.length} of ${data.results.length}`;
    document.getElementById('cells').replaceChildren(...shown.map(cellOf));
  }

  function readHash() {
    const state = new URLSearchParams(location.hash.slice(1));
    filter.value = state.get('filter') || '';
    onlyRed.checked = state.get('red') === '1';
    show();
  }

  function changed() {
    const state = new URLSearchParams();
    if (filter.value) { state.set('filter', filter.value); }
    if (onlyRed.checked) { state.set('red', '1'); }
    show();
    // Some browsers let no script rewrite the address of a local file, only its fragment.
    try { history.replaceState(null, '', `#${state}`); } catch { location.hash = String(state); }
  }

  document.getElementById('totals').textContent = data.totals;
  document.getElementById('origin').textContent = `Commit ${data.commits.join(', ') || 'unknown'}; vaults ${data.vaults.join(', ')}; ${data.results.length} cells`;
  for (const state of [...order, 'no-test']) {
    document.getElementById('legend').append(make('li', {}, `${symbols[state]} ${words[state]}`));
  }
  document.getElementById('controls').addEventListener('submit', event => event.preventDefault());
  filter.addEventListener('input', changed);
  onlyRed.addEventListener('change', changed);
  addEventListener('hashchange', readHash);
  addEventListener('keydown', event => {
    if (event.key === '/' && document.activeElement !== filter) { event.preventDefault(); filter.focus(); }
  });
  readHash();
})();
