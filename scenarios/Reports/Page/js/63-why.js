// Why a file is skipped or protected: by its traits under every profile, and for the files of this run.
function traitVerdicts(traits) {
  const rows = rules.profiles.map(profile => {
    const found = matchingRows(profile, traits);
    const clause = found[0] && profile.byId.get(found[0].clause);
    return [profile.id, { cell: verdictText(found[0]), class: verdictClass(found[0]) },
      clause ? make('span', {}, make('code', {}, clause.id), ' ', make('q', {}, clause.quote), make('span', { class: 'note' }, ` ${clause.document}, ${clause.date} `), statusOf(clause)) : '',
      make('span', { class: 'note' }, found.slice(1).map(row => `${row.clause} (${protections[row.protection][2]})`).join(', ') || 'none')];
  });
  return tableOf(`A file that is ${traits.length > 0 ? traits.join(' and ') : 'ordinary'}`, ['Profile', 'Outcome', 'Deciding clause', 'Rows that would apply after it'], rows);
}

// What is wrong first, then what is not protected like any other file.
const interest = file => (file.expected !== file.actual ? 3 : file.actual.startsWith('protected') ? Number(file.actual.includes('full-only')) : 2);

function fileRows() {
  return figures.files.map(([path, traits, expected, actual, clause, profile, id, times]) => ({ path, traits, expected, actual, clause, profile, id, times }))
    .filter(file => matches([file.path, file.traits, file.actual, file.clause, file.profile, file.id].join(' ').toLowerCase(), state.file))
    .sort((a, b) => interest(b) - interest(a));
}

// The clause that decided: the one in the report; else the first row of the profile for these traits.
function decidingClause(file) {
  const profile = profileOf(file.profile);
  if (!profile) { return null; }
  const row = matchingRows(profile, file.traits ? file.traits.split(',') : [])[0];
  return profile.byId.get(file.clause) || (row && profile.byId.get(row.clause)) || null;
}

function filesFound() {
  const found = fileRows();
  const shown = found.slice(0, 200);
  const rows = shown.map(file => {
    const clause = decidingClause(file);
    const skipped = file.actual.startsWith('skipped') || file.actual.startsWith('failed');
    const sign = file.expected !== file.actual ? '✗ not as expected: ' : skipped ? '✗ ' : file.actual.includes('full-only') ? '◐ ' : '✓ ';
    return [file.path, file.traits || 'ordinary', { cell: sign + file.actual, class: file.expected !== file.actual ? 'fail' : skipped ? 'refused' : 'protected' },
      clause ? make('span', {}, make('code', {}, clause.id), ' ', make('q', {}, clause.quote), make('span', { class: 'note' }, ` ${clause.document}, ${clause.date}`)) : file.clause,
      file.profile,
      make('a', { href: addressOf({ cell: file.id }), 'aria-label': `Evidence of ${file.path} in ${file.id}` }, file.id.split('@')[0])];
  });
  say(`${count(found.length, 'file')} found`);
  return [make('p', {}, `${count(found.length, 'file')} found${found.length > shown.length ? `, the first ${shown.length} shown` : ''}.`),
    tableOf('Files of this run', ['Path', 'Traits', 'Outcome', 'Why', 'Profile', 'Evidence'], rows)];
}

function viewWhy() {
  const traits = state.traits.split(',').filter(trait => rules.traits.includes(trait));
  return {
    fixed: () => [
      make('h2', {}, 'A kind of file'),
      make('fieldset', { class: 'controls' }, make('legend', {}, 'It is'), rules.traits.map(trait => tick(trait, traits.includes(trait), on =>
        update({ traits: rules.traits.filter(other => (other === trait ? on : traits.includes(other))).join(',') || 'none' })))),
      traitVerdicts(traits),
      make('h2', {}, 'A file of this run'),
      make('form', { class: 'controls', role: 'search', submit: event => event.preventDefault() },
        make('label', { for: 'file' }, 'Path, trait, outcome or clause'),
        make('input', { id: 'file', type: 'search', autocomplete: 'off', value: state.file, placeholder: 'for example linked.txt or skipped', input: event => { replaceState({ file: event.target.value }); show(true); } }))],
    live: filesFound,
  };
}
