// Keys in the heat table: one place is in the tab order, arrows move it, Enter opens what is behind it.
function steer(table) {
  const lines = [...table.querySelectorAll('tr')].map(row => [...row.querySelectorAll('[tabindex]')]).filter(line => line.length > 0);
  if (lines.length === 0) { return; }
  lines[0][0].tabIndex = 0;

  function go(element) {
    table.querySelectorAll('[tabindex="0"]').forEach(other => { other.tabIndex = -1; });
    element.tabIndex = 0;
    element.focus();
  }

  function open(element) {
    go(element);
    const place = element.dataset.open ? JSON.parse(element.dataset.open) : {};
    replaceState({ clause: element.dataset.clause, ...place });
    openPlace();
  }

  table.addEventListener('click', event => {
    const element = event.target.closest('[data-clause]');
    if (element && getSelection().isCollapsed) { open(element); }
  });
  table.addEventListener('keydown', event => {
    const element = event.target.closest('[tabindex]');
    const y = lines.findIndex(line => line.includes(element));
    if (y < 0) { return; }
    const x = lines[y].indexOf(element);
    const last = lines.length - 1;
    const line = lines[y];
    const moves = {
      ArrowRight: () => line[Math.min(x + 1, line.length - 1)],
      ArrowLeft: () => line[Math.max(x - 1, 0)],
      ArrowDown: () => lines[Math.min(y + 1, last)][x],
      ArrowUp: () => lines[Math.max(y - 1, 0)][x],
      PageDown: () => lines[Math.min(y + 10, last)][x],
      PageUp: () => lines[Math.max(y - 10, 0)][x],
      Home: () => (event.ctrlKey ? lines[0][0] : line[0]),
      End: () => (event.ctrlKey ? lines[last].at(-1) : line.at(-1)),
    };
    if (moves[event.key]) { event.preventDefault(); go(moves[event.key]() || element); }
    else if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); open(element); }
  });
}

// Shows what the address names: a cell, or a place of the matrix.
function openPlace() {
  if (state.cell) {
    const cell = cells.find(other => other.id === state.cell);
    if (cell) { openDetails(cell.title, make('p', {}, make('code', {}, cell.id)), clausesOfCell(cell), cellItem(cell, true)); }
    return;
  }
  if (!state.clause) { return; }
  const profile = profileOf(state.of) || profileOf(state.profile) || rules.profiles[0];
  const clause = profile.byId.get(state.clause) || rules.clauses.find(other => other.id === state.clause);
  if (!clause) { return; }
  const phase = phases.indexOf(state.phase);
  const list = evidenceFor(profile.id, clause.id).filter(cell => isShown(cell)
    && (!state.vault || (cell.vault === state.vault && isSimulated(cell)))
    && (state.source !== 'real' || !isSimulated(cell))
    && (phase < 0 || cell.states[phase] !== '-')).sort((a, b) => (b.clauses[0] === clause.id) - (a.clauses[0] === clause.id));
  const where = [state.phase, state.vault && `@ ${state.vault}`, state.source === 'real' && 'real NTFS', profile.id].filter(Boolean).join(' ');
  openDetails(`${clause.title}: ${where}`, clauseBlock(clause),
    state.run ? runsOfClause(list) : null,
    state.source === 'real' ? differencesTable(list.filter(differsFromSimulated)) : null,
    make('h3', {}, `Evidence: ${count(list.length, 'cell')}`),
    list.length > 0 ? cellList(list) : noEvidence(profile, clause),
    clauseInProfiles(clause.id));
}

function noEvidence(profile, clause) {
  const scenarios = rules.coverage[`${profile.id}/${clause.id}`];
  if (!scenarios) { return make('p', {}, '○ NO TEST: no scenario of the catalogue names this clause for this profile.'); }
  const line = `./run-scenarios.sh ${scenarios.map(id => `'${id}'`).join(' ')} --profile ${profile.id}`;
  return make('div', {}, make('p', {}, '· NOT RUN here. Scenarios that are evidence for it:'), make('div', { class: 'repro' }, make('code', {}, line), copyButton(line)));
}

function clausesOfCell(cell) {
  const profile = profileOf(cell.profile);
  return profile ? cell.clauses.map(id => profile.byId.get(id)).filter(Boolean).slice(0, 3).map(clauseBlock) : null;
}

function runsOfClause(list) {
  const rows = list.slice(0, 50).map(cell => [cell.id, { cell: figures.strips[cell.place] ? stripText(figures.strips[cell.place]) : '', class: 'strip' }, { cell: badge(cell.state) }]);
  return tableOf('Earlier runs, oldest first, and this one', ['Cell', 'Earlier', 'This run'], rows);
}
