// The heat table: clauses by phase and vault, by profile, or by run.
const byClause = new Map();
for (const cell of cells) {
  for (const clause of cell.clauses) {
    const key = `${cell.profile}/${clause}`;
    if (!byClause.has(key)) { byClause.set(key, []); }
    byClause.get(key).push(cell);
  }
}

const evidenceFor = (profile, clause) => byClause.get(`${profile}/${clause}`) || [];
const isSimulated = cell => cell.source === 'simulated';
// A clause whose scenarios have no result was not run; one without scenarios has no test.
const emptyState = (profile, clause) => (rules.coverage[`${profile}/${clause}`] || evidenceFor(profile, clause).length > 0 ? 'n' : 'o');

// What one place of the table shows: the worst state, how many are in it, and a line below.
function placeOf(letters, empty, note) {
  if (letters.length === 0) { return { state: empty, text: '', note }; }
  const state = worst(letters);
  return { state, text: `${letters.filter(letter => letter === state).length}/${letters.length}`, note };
}

function phasePlace(list, phase, empty) {
  const letters = list.map(cell => cell.states[phase]).filter(letter => letter !== '-');
  if (letters.length === 0 && list.length > 0) { return { state: '-', text: '', note: '' }; }
  const bytes = list.reduce((sum, cell) => sum + cell.bytes[phase], 0);
  return placeOf(letters, empty, letters.length > 0 ? `${sizeText(bytes)} ${phase === 2 ? 'received' : 'sent'}` : '');
}

const simulatedById = new Map(cells.filter(isSimulated).map(cell => [cell.id, cell]));
// A cell that a real volume can hold: it was neither skipped nor left out.
const ranForReal = cell => !isSimulated(cell) && !'sn'.includes(cell.state);
// A cell that ended otherwise on a real volume than on a simulated one.
const differsFromSimulated = cell => ranForReal(cell) && simulatedById.has(cell.id) && simulatedById.get(cell.id).state !== cell.state;

function realPlace(list, empty) {
  const real = list.filter(cell => !isSimulated(cell));
  const ran = real.filter(ranForReal);
  const odd = ran.filter(differsFromSimulated).length;
  const note = odd > 0 ? `≠ ${odd} unlike simulated` : ran.length > 0 ? 'as simulated' : 'NTFS holds none';
  return placeOf((ran.length > 0 ? ran : real).map(cell => cell.state), empty, real.length === 0 ? '' : note);
}

const runsShown = 12;

// Columns: a head, and what a clause has there. "open" is what the address says of the place.
function columnsOf(profile) {
  const all = clause => evidenceFor(profile.id, clause).filter(isShown);
  if (state.columns === 'profile') {
    return rules.profiles.map(other => ({
      head: other.id, open: { of: other.id },
      place: clause => (other.byId.has(clause)
        ? placeOf(evidenceFor(other.id, clause).filter(isShown).map(cell => cell.state), emptyState(other.id, clause), other.byId.get(clause).says)
        : { state: '-', text: '', note: '', absent: true }),
    }));
  }
  if (state.columns === 'runs') {
    const first = Math.max(0, figures.runs.length - runsShown);
    return figures.runs.slice(first).map((run, at) => ({
      head: `${run.at} ${run.commit.slice(0, 8)}`, open: { run: String(first + at) },
      place: clause => placeOf(all(clause).map(cell => figures.strips[cell.place][first + at]).filter(letter => letter !== '-'),
        emptyState(profile.id, clause), ''),
    })).concat([{ head: 'this run', open: {}, place: clause => placeOf(all(clause).map(cell => cell.state), emptyState(profile.id, clause), '') }]);
  }
  const columns = index.vaults.flatMap(vault => phases.map((phase, at) => ({
    head: `${phase} @ ${vault}`, open: { phase, vault },
    place: clause => phasePlace(all(clause).filter(cell => isSimulated(cell) && cell.vault === vault), at, emptyState(profile.id, clause)),
  })));
  return columns.concat([{ head: 'real NTFS', open: { source: 'real' }, quiet: index.sources.every(source => source === 'simulated'), place: clause => realPlace(all(clause), emptyState(profile.id, clause)) }]);
}

function rowsOf(profile) {
  const known = state.columns === 'profile'
    ? [...new Map(rules.profiles.flatMap(other => other.clauses).map(clause => [clause.id, profile.byId.get(clause.id) || clause])).values()]
    : profile.clauses;
  const profilesAsked = state.columns === 'profile' ? rules.profiles.map(other => other.id) : [profile.id];
  return known.filter(clause => {
    const list = profilesAsked.flatMap(id => evidenceFor(id, clause.id));
    if (list.some(isShown)) { return true; }
    const empty = list.length > 0 ? '' : wordOf(emptyState(profile.id, clause.id));
    const own = [clause.id, clause.title, clause.quote, clause.status, topicOf(clause), clause.says, empty].join(' ').toLowerCase();
    return !state.red && matches(own, state.filter);
  });
}

const topicOf = clause => (clause.topic || clause.id.split('.')[0]).replace(/-/g, ' ');

function clauseHead(clause) {
  return make('th', { scope: 'row', tabindex: '-1', 'data-clause': clause.id }, make('b', {}, clause.title), ` ${clause.says ? `— ${clause.says} ` : ''}`,
    make('small', { class: 'note' }, make('code', {}, clause.id), ' ', statusOf(clause),
      (clause.contradictions || []).length > 0 ? ' ⚡ contradicted' : ''),
    make('small', { class: 'note' }, make('q', {}, clause.quote)));
}

function placeCell(place, clause, column) {
  const word = place.absent ? 'not in it' : wordOf(place.state);
  return make('td', { class: column.quiet ? 'none' : nameOf(place.state), tabindex: '-1', 'data-clause': clause.id, 'data-open': JSON.stringify(column.open) },
    make('span', { 'aria-hidden': 'true' }, `${signOf(place.state)} `), `${word} ${place.text}`, place.note ? make('small', {}, place.note) : null);
}

function stripCell(clause, profile) {
  const list = evidenceFor(profile.id, clause.id).filter(isShown);
  const letters = figures.runs.slice(-runsShown).map((_, at, runs) => {
    const found = list.map(cell => figures.strips[cell.place][figures.runs.length - runs.length + at]).filter(letter => letter !== '-');
    return found.length > 0 ? worst(found) : '-';
  });
  return make('td', { class: `strip ${letters.some(isRed) ? 'known-fail' : 'none'}`, tabindex: '-1', 'data-clause': clause.id, 'data-open': '{"run":"all"}' },
    make('span', { 'aria-hidden': 'true' }, stripText(letters.join(''))),
    make('span', { class: 'unseen' }, `oldest first: ${letters.map(letter => (letter === '-' ? 'not run' : wordOf(letter))).join(', ')}`));
}

function heatTable(profile) {
  const columns = columnsOf(profile);
  const strips = state.columns === 'phase' && figures.runs.length > 0;
  const topics = new Map();
  const rows = rowsOf(profile);
  for (const clause of rows) {
    if (!topics.has(topicOf(clause))) { topics.set(topicOf(clause), []); }
    topics.get(topicOf(clause)).push(clause);
  }
  const heads = ['Clause', ...columns.map(column => column.head), ...(strips ? [`last ${Math.min(runsShown, figures.runs.length)} runs`] : [])];
  const caption = state.columns === 'profile' ? 'Clauses of all profiles' : `${profile.id}: ${profile.title}`;
  const table = make('table', { class: 'heat', role: 'grid', 'aria-rowcount': String(rows.length + topics.size + 1) },
    make('caption', {}, `${caption} (${count(rows.length, 'clause')})`),
    make('thead', {}, make('tr', {}, heads.map(head => make('th', { scope: 'col' }, head)))));
  for (const [topic, clauses] of topics) {
    table.append(make('tbody', {}, make('tr', {}, make('th', { class: 'topic', scope: 'rowgroup', colspan: String(heads.length) }, topic)),
      clauses.map(clause => make('tr', {}, clauseHead(clause), columns.map(column => placeCell(column.place(clause.id), clause, column)),
        strips ? stripCell(clause, profile) : null))));
  }
  steer(table);
  return make('div', { class: 'scroll' }, table);
}

function legend() {
  return make('ul', { class: 'legend', 'aria-label': 'Signs' }, [...'pfetuksno'].map(letter => make('li', {}, badge(letter))));
}

function filterBox(help) {
  return [make('label', { for: 'filter' }, 'Filter'),
    make('input', { id: 'filter', type: 'search', autocomplete: 'off', value: state.filter, placeholder: 'clause, scenario, tag or state', 'aria-describedby': 'filter-help',
      input: event => { replaceState({ filter: event.target.value }); show(true); } }),
    tick('only what is not as expected', state.red === '1', on => update({ red: on ? '1' : '' })),
    make('span', { id: 'filter-help', class: 'note' }, help)];
}

function viewMatrix() {
  const profile = profileOf(state.profile) || rules.profiles[0];
  const columns = [['phase', 'full, incremental, restore by vault'], ['profile', 'all profiles side by side'], ['runs', 'this and earlier runs']];
  return {
    fixed: () => [
      make('p', { class: 'note' }, 'Each row is one clause of the rules, each place the evidence for it: the worst state and how many cells are in it. Arrow keys move, ',
        make('kbd', {}, 'Enter'), ' shows what is behind a place, ', make('kbd', {}, 'Esc'), ' comes back, ', make('kbd', {}, '/'), ' goes to the filter.'),
      make('form', { class: 'controls', role: 'search', submit: event => event.preventDefault() },
        choice('Profile', rules.profiles.map(p => [p.id, p.id]), profile.id, value => update({ profile: value })),
        choice('Columns', columns, state.columns, value => update({ columns: value })),
        filterBox('All words must occur.')),
      legend()],
    live: () => {
      const table = heatTable(profile);
      const lines = table.querySelectorAll('tbody th[scope=row]').length;
      say(`${count(lines, 'clause')} shown, ${count(cells.filter(isShown).length, 'cell')} selected`);
      return [table];
    },
  };
}
