// How much scratch space the profiles ask for, and what the engine really used.
const sizeUnits = { GB: 1, TB: 2, GiB: 1, TiB: 2 };

// GB and TB are what the profile reads them as; GiB and TiB are always powers of 1,024.
function bytesOf(profile, size, unit) {
  const giga = unit.endsWith('iB') ? 2 ** 30 : profile.options.gigabyteBytes;
  const tera = unit.endsWith('iB') || giga === 2 ** 30 ? 1024 : 1000;
  return size * giga * (sizeUnits[unit] === 2 ? tera : 1);
}

const inGigabytes = (profile, bytes) => `${number.format(Math.round(bytes / profile.options.gigabyteBytes * 100) / 100)} GB`;
const percent = basisPoints => `${basisPoints / 100}\u00a0%`;

// A share of the protected size, or an amount whatever that is; the larger one where a profile has both.
function needOf(profile, protectedBytes, basisPoints, leastBytes) {
  const share = basisPoints ? protectedBytes * basisPoints / 10000 : 0;
  const need = Math.max(share, leastBytes || 0);
  if (need === 0) { return { bytes: 0, text: 'no such rule', why: '' }; }
  return { bytes: need, text: inGigabytes(profile, need), why: need === share ? `${percent(basisPoints)} of the protected size` : 'an amount that does not grow with the source' };
}

function cacheRows(size, unit) {
  return rules.profiles.map(profile => {
    const protectedBytes = bytesOf(profile, size, unit);
    const { options } = profile;
    const least = needOf(profile, protectedBytes, options.scratchMinimumBasisPoints, options.scratchMinimumBytes);
    const better = needOf(profile, protectedBytes, options.scratchRecommendedBasisPoints, options.scratchRecommendedBytes);
    const clauses = ['cache.minimum', 'cache.recommended'].map(id => profile.byId.get(id));
    const others = clauses.filter(Boolean).flatMap(clause => clause.contradictions || []);
    const need = (amount, clause) => ({ cell: make('span', {}, make('b', {}, amount.text), make('small', { class: 'note' }, amount.why),
      clause ? [make('q', {}, clause.quote), make('small', { class: 'note' }, make('code', {}, clause.id), ` ${clause.document}, ${clause.date} `, statusOf(clause))] : null) });
    return [profile.id, need(least, clauses[0]), need(better, clauses[1]),
      others.length === 0 ? 'nobody' : folded(count(others.length, 'document'), others.map(other => make('p', {}, make('q', {}, other.quote), make('span', { class: 'note' }, ` ${other.document}, ${other.date}`))))];
  });
}

function scratchPlot() {
  const points = figures.backups.filter(([, , , , , kept, scratch]) => kept > 0 && scratch > 0)
    .map(([row, , , , , kept, scratch]) => [kept, scratch, cells[row].vault]);
  if (points.length === 0) { return make('p', {}, 'No backup of this run has figures of scratch space.'); }
  const lines = [['15 % of the protected size', 0.15, [2, 4]], ['10 % of the protected size', 0.1, [8, 4]]]
    .map(([label, share, dash]) => ({ label, dash, of: x => x * share }));
  const { xs, series } = scatter(points, lines);
  const over = points.filter(([kept, scratch]) => scratch > kept * 0.1).length;
  return [
    make('p', {}, `${count(points.length, 'backup')}: ${count(over, 'backup')} held more than 10 % of the protected size in scratch at its peak${over > 0 ? ' (small sources, where fixed costs weigh most)' : ''}.`),
    chartOf('Scratch use against the 10 % and 15 % lines', xs, series, {
      x: { time: false, distr: 3 }, y: { distr: 3 }, xLabel: 'protected bytes', yLabel: 'scratch peak', xValues: bytesAxis, yValues: bytesAxis, xSplits: powers, ySplits: powers, xValue: bytesValue, yValue: bytesValue }),
    folded('The figures as a table', tableOf('Largest sources first', ['Cell', 'Protected', 'Scratch peak', 'Share'],
      figures.backups.filter(([, , , , , kept, scratch]) => kept > 0 && scratch > 0).sort((a, b) => b[5] - a[5]).slice(0, 100)
        .map(([row, , , , , kept, scratch]) => [cells[row].id, kept, scratch, `${(100 * scratch / kept).toFixed(2)} %`])))];
}

function sizeInputs(sizeKey, unitKey, label) {
  return [make('label', {}, `${label} `, make('input', { type: 'number', id: sizeKey, min: '0', step: 'any', value: state[sizeKey],
    input: event => { replaceState({ [sizeKey]: event.target.value }); show(true); } })),
  choice('Unit', Object.keys(sizeUnits).map(unit => [unit, unit]), state[unitKey], value => update({ [unitKey]: value }))];
}

const sizeIn = (key, otherwise) => (Number.isFinite(Number(state[key])) && Number(state[key]) > 0 ? Number(state[key]) : otherwise);

function viewCache() {
  return {
    fixed: () => [make('form', { class: 'controls', submit: event => event.preventDefault() }, sizeInputs('size', 'unit', 'Protected size'))],
    live: () => {
      const size = sizeIn('size', 0);
      const unit = sizeUnits[state.unit] ? state.unit : 'TB';
      const rows = cacheRows(size, unit);
      say(`Cache for ${size} ${unit}: ${rows.length} profiles`);
      return [tableOf(`Cache (scratch space) for ${number.format(size)} ${unit}`, ['Profile', 'At least', 'Recommended', 'Contradicted by'], rows),
        make('p', { class: 'note' }, 'GB and TB are read as each profile reads them (clause option.gigabyte): of 1,024 or of 1,000.'),
        make('h2', {}, 'What the engine really used'), ...[scratchPlot()].flat()];
    },
  };
}
