// Two profiles beside each other, and the file types of all of them.
function defaultOther(profile) {
  return (rules.profiles.findLast(other => other.id.startsWith('mars') && other.id !== profile.id) || rules.profiles.find(other => other.id !== profile.id) || profile).id;
}

function fileTypeDiff(a, b, onlyDifferent) {
  const kinds = fileKinds([a, b]).map(kind => {
    const [left, right] = [matchingRows(a, kind.traits)[0], matchingRows(b, kind.traits)[0]];
    return { kind, left, right, differs: verdictText(left) !== verdictText(right) };
  });
  const clauseOf = (profile, row) => (row ? make('span', {}, make('code', {}, row.clause), make('br'), make('q', {}, profile.byId.get(row.clause).quote), ' ',
    make('span', { class: 'note' }, `${profile.byId.get(row.clause).document}, ${profile.byId.get(row.clause).date} `), statusOf(profile.byId.get(row.clause))) : '');
  const shown = kinds.filter(item => item.differs || !onlyDifferent);
  const rows = shown.map(({ kind, left, right, differs }) => [
    make('span', {}, differs ? '≠ ' : '', kindName(kind)),
    { cell: verdictText(left), class: verdictClass(left) }, clauseOf(a, left),
    { cell: verdictText(right), class: verdictClass(right) }, clauseOf(b, right)]);
  return [
    skippedOnlyIn(a, b, kinds, 'left', 'right'), skippedOnlyIn(b, a, kinds, 'right', 'left'),
    tableOf(`File types: ${a.id} against ${b.id}`, ['File type', a.id, 'by clause', b.id, 'by clause'], rows, at => (shown[at].differs ? 'differs' : null))];
}

function skippedOnlyIn(a, b, kinds, here, there) {
  const found = kinds.filter(item => item[here] && item[here].protection === 'skipped' && item[there] && item[there].protection !== 'skipped');
  const words = found.flatMap((item, at) => [at > 0 ? '; ' : '', make('b', {}, item.kind.title), ' (', make('code', {}, item[here].clause), `; there ${verdictText(item[there]).slice(2)} by `,
    make('code', {}, item[there].clause), ')']);
  return make('p', { class: 'answer' }, `Skipped under ${a.id} and not under ${b.id}: `, words.length > 0 ? words : 'nothing', '.');
}

// The same question against every other profile at once.
function skippedHereOnly(a) {
  const rows = rules.profiles.filter(other => other !== a).map(other => {
    const found = fileKinds([a, other]).map(kind => [kind, matchingRows(a, kind.traits)[0], matchingRows(other, kind.traits)[0]])
      .filter(([, left, right]) => left && left.protection === 'skipped' && right && right.protection !== 'skipped');
    return [other.id, found.length === 0 ? 'nothing' : make('span', {}, found.map(([kind, left, right]) => make('div', {}, make('b', {}, kind.title), ' by ', make('code', {}, left.clause),
      '; there ', verdictText(right), ' by ', make('code', {}, right.clause), ' ', statusOf(other.byId.get(right.clause)))))];
  });
  return tableOf(`Skipped under ${a.id} and not under`, ['Profile', 'File types'], rows);
}

function clauseDiff(a, b) {
  const ids = [...new Set([...a.clauses, ...b.clauses].map(clause => clause.id))];
  const side = clause => (clause ? make('span', {}, make('b', {}, clause.says || ''), make('br'), make('q', {}, clause.quote),
    make('span', { class: 'note' }, ` ${clause.document}, ${clause.date} `), statusOf(clause), contradictionsOf(clause)) : '(no such clause)');
  const same = (left, right) => left && right && left.quote === right.quote && left.says === right.says && left.status === right.status;
  const rows = ids.map(id => [a.byId.get(id), b.byId.get(id), id]).filter(([left, right]) => !same(left, right)).map(([left, right, id]) =>
    [make('span', {}, make('code', {}, id), make('small', { class: 'note' }, ` ${(left || right).title}`)), side(left), side(right)]);
  return tableOf(`Clauses of which ${a.id} and ${b.id} do not say the same (${rows.length})`, ['Clause', a.id, b.id], rows);
}

function allFileTypes() {
  const rows = fileKinds(rules.profiles).map(kind => [kindName(kind), ...rules.profiles.map(profile => {
    const row = matchingRows(profile, kind.traits)[0];
    return { cell: make('span', {}, verdictText(row), make('small', { class: 'note' }, row ? ` ${row.clause}` : '')), class: verdictClass(row) };
  })]);
  return tableOf('File types under all profiles', ['File type', ...rules.profiles.map(profile => profile.id)], rows);
}

function viewCompare() {
  const a = profileOf(state.profile) || rules.profiles[0];
  const b = profileOf(state.other) || profileOf(defaultOther(a));
  const names = rules.profiles.map(profile => [profile.id, profile.id]);
  return {
    fixed: () => [make('form', { class: 'controls', submit: event => event.preventDefault() },
      choice('Profile', names, a.id, value => update({ profile: value })),
      choice('against', names, b.id, value => update({ other: value })),
      tick('file types that do not differ too', state.all === '1', on => update({ all: on ? '1' : '' })))],
    live: () => [skippedHereOnly(a), make('h2', {}, `${a.title} against ${b.title}`), ...fileTypeDiff(a, b, state.all !== '1'), clauseDiff(a, b), make('h2', {}, 'All profiles'), allFileTypes()],
  };
}
