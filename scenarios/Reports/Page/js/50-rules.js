// The rules as the profiles state them. The first row whose traits are all present decides, as in the engine.
const matchingRows = (profile, traits) => profile.fileTypes.filter(row =>
  row.appliesTo === (traits.includes('named-stream') ? 'stream' : 'entry') && row.when.every(trait => traits.includes(trait)));

const protections = {
  incremental: ['protected', '✓', 'protected, incremental'],
  'full-only': ['whole', '◐', 'protected, whole file on each change'],
  skipped: ['refused', '✗', 'skipped'],
};

function verdictText(row) {
  if (!row) { return '○ no row'; }
  const [, sign, words] = protections[row.protection];
  return `${sign} ${words}${row.reason ? ` (${row.reason})` : ''}`;
}

const verdictClass = row => (row ? protections[row.protection][0] : 'none');

function statusOf(clause) { return make('span', { class: 'status' }, clause.status); }

// The words of the document, where they stand, and how sure they are.
function quoteOf(clause) {
  return [make('blockquote', {}, clause.quote), make('div', { class: 'note' }, `${clause.document}, ${clause.date} `, statusOf(clause))];
}

function contradictionsOf(clause) {
  const list = clause.contradictions || [];
  if (list.length === 0) { return null; }
  return make('div', {}, make('p', {}, make('b', {}, `⚡ Other documents say otherwise (${list.length})`)),
    list.map(other => [make('blockquote', {}, other.quote), make('div', { class: 'note' }, `${other.document}, ${other.date}`)]));
}

function clauseBlock(clause) {
  return make('section', { 'aria-label': `Clause ${clause.id}` },
    make('p', {}, make('code', {}, clause.id), ` ${clause.title}: `, make('b', {}, clause.says || clause.verdict || '')),
    quoteOf(clause),
    clause.link ? make('div', { class: 'note' }, `Read at: ${clause.link}`) : null,
    clause.note ? make('p', { class: 'note' }, clause.note) : null,
    contradictionsOf(clause));
}

// What each profile makes of one clause.
function clauseInProfiles(id) {
  const rows = rules.profiles.filter(profile => profile.byId.has(id)).map(profile => {
    const clause = profile.byId.get(id);
    return [profile.id, clause.says || '', `“${clause.quote}”`, `${clause.document}, ${clause.date}`, clause.status];
  });
  const absent = rules.profiles.filter(profile => !profile.byId.has(id)).map(profile => profile.id);
  return make('div', {}, tableOf(`What each profile says of ${id}`, ['Profile', 'Verdict', 'Words', 'Document', 'Status'], rows),
    absent.length > 0 ? make('p', { class: 'note' }, `Not in ${absent.join(', ')}.`) : null);
}

// Every kind of file that any of the profiles has a row for.
function fileKinds(profiles) {
  const kinds = new Map();
  for (const profile of profiles) {
    for (const row of profile.fileTypes) {
      const traits = row.appliesTo === 'stream' && !row.when.includes('named-stream') ? ['named-stream', ...row.when] : row.when;
      const key = [...traits].sort().join(',');
      if (!kinds.has(key)) { kinds.set(key, { traits, title: profile.byId.get(row.clause).title }); }
    }
  }
  return [...kinds.values()];
}

const kindName = kind => make('span', {}, kind.title, make('small', { class: 'note' }, ` ${kind.traits.join(' + ') || 'no trait'}`));
