// What a change costs: what the rules say, and what was measured.
const blockBytes = 4096;

function measured() {
  return figures.backups.map(([row, kind, changed, touched, sent, kept]) => ({ cell: cells[row], kind, changed, touched, sent, kept }))
    .filter(backup => backup.kind === 'i' && isSimulated(backup.cell));
}

const median = numbers => [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];

function costByProfile(fileSize, unit, fixed) {
  return rules.profiles.map(profile => {
    const row = matchingRows(profile, ['encrypted'])[0];
    const clause = row && profile.byId.get(row.clause);
    const whole = bytesOf(profile, fileSize, unit);
    const sent = !row || row.protection === 'skipped' ? null : row.protection === 'full-only' ? whole : blockBytes;
    return [profile.id, { cell: verdictText(row), class: verdictClass(row) },
      sent === null ? 'nothing: it is skipped' : `${sizeText(sent)} + about ${sizeText(fixed)}`,
      sent === null ? '' : `${number.format(Math.round(sent / blockBytes))} times the block`,
      clause ? make('span', {}, make('code', {}, clause.id), ' ', make('q', {}, clause.quote), make('span', { class: 'note' }, ` ${clause.document}, ${clause.date} `), statusOf(clause)) : ''];
  });
}

function oneBlockRows(backups) {
  const groups = new Map();
  for (const backup of backups.filter(b => b.touched > 0 && b.touched <= blockBytes)) {
    const key = `${backup.cell.scenario} ${backup.cell.profile}`;
    if (!groups.has(key)) { groups.set(key, []); }
    groups.get(key).push(backup);
  }
  return [...groups.values()].map(list => list.reduce((a, b) => (a.sent >= b.sent ? a : b))).sort((a, b) => b.changed - a.changed || b.sent - a.sent)
    .map(({ cell, touched, changed, sent }) => [
      make('a', { href: addressOf({ cell: cell.id }) }, cell.title), cell.clauses[0], cell.profile, cell.vault, touched, changed, sent, `${(sent / touched).toFixed(1)} x`]);
}

// For each profile the largest encrypted file of which one block changed.
function encryptedAnswers(backups) {
  const ofOneBlock = backups.filter(b => b.touched > 0 && b.touched <= blockBytes);
  const plain = ofOneBlock.filter(b => b.changed === b.touched && !b.cell.clauses.includes('file.encrypted'));
  const answers = rules.profiles.map(profile => {
    const [best] = ofOneBlock.filter(b => b.cell.clauses[0] === 'file.encrypted' && b.cell.profile === profile.id).sort((a, b) => b.changed - a.changed);
    if (!best) { return null; }
    const { cell, touched, changed, sent, kept } = best;
    const whole = changed > touched;
    return make('p', { class: 'answer' }, `Measured under ${profile.id} on ${cell.vault}: one changed block (${number.format(touched)} bytes) of an encrypted file${whole ? ` of ${number.format(changed)} bytes` : `, in a source of ${number.format(kept)} bytes`}, sent `,
      make('b', {}, `${number.format(sent)} bytes`), whole ? `: the whole file, ${(sent / touched).toFixed(0)} times the block.` : ': the block and the fixed part.');
  }).filter(Boolean);
  return [...answers.length > 0 ? answers : [make('p', { class: 'answer' }, 'This run has no measured change of one block of an encrypted file.')],
    plain.length > 0 ? make('p', { class: 'note' }, `For comparison, one changed block of files that are not encrypted: ${number.format(median(plain.map(b => b.sent)))} bytes sent (median of ${count(plain.length, 'backup')}).`) : ''];
}

function changePlot(backups) {
  const points = backups.filter(b => b.changed > 0 && b.sent > 0).map(b => [b.changed, b.sent, b.cell.vault]);
  if (points.length === 0) { return make('p', {}, 'No incremental backup of this run has figures.'); }
  const { xs, series } = scatter(points, [{ label: 'sent = changed', dash: [8, 4], of: x => x }, { label: '1.01 x changed + 16 KiB', dash: [2, 4], of: x => x * 1.01 + 16384 }]);
  return [chartOf('Bytes sent against bytes changed', xs, series, {
    x: { time: false, distr: 3 }, y: { distr: 3 }, xLabel: 'bytes changed', yLabel: 'bytes sent', xValues: bytesAxis, yValues: bytesAxis, xSplits: powers, ySplits: powers, xValue: bytesValue, yValue: bytesValue }),
  folded('The figures as a table', tableOf('Incremental backups, most bytes sent first', ['Cell', 'Changed pages', 'Changed by the rules', 'Sent'],
    [...backups].sort((a, b) => b.sent - a.sent).slice(0, 100).map(b => [b.cell.id, b.touched, b.changed, b.sent])))];
}

function viewCost() {
  return {
    fixed: () => [make('h2', {}, 'One changed block of an encrypted file'),
      make('form', { class: 'controls', submit: event => event.preventDefault() }, sizeInputs('filesize', 'fileunit', 'Size of the file'))],
    live: () => {
      const backups = measured();
      const plain = backups.filter(b => b.changed > 0 && b.sent > b.changed).map(b => b.sent - b.changed);
      const fixed = plain.length > 0 ? median(plain) : 16384;
      const size = sizeIn('filesize', 1);
      const unit = sizeUnits[state.fileunit] ? state.fileunit : 'GB';
      return [tableOf(`One changed block (4 KiB) of an encrypted file of ${number.format(size)} ${unit}`, ['Profile', 'Rule', 'Bytes sent, before compression', 'Factor', 'By clause'], costByProfile(size, unit, fixed)),
        make('p', { class: 'note' }, `The fixed part is the median of what the ${count(plain.length, 'incremental backup')} of this run sent beyond the changed bytes.`),
        ...encryptedAnswers(backups),
        tableOf('Measured: backups in which one block had changed', ['Scenario', 'Clause', 'Profile', 'Vault', 'Bytes of changed pages', 'Bytes by the rules', 'Bytes sent', 'Sent for each changed byte'], oneBlockRows(backups)),
        make('h2', {}, 'All incremental backups'), ...[changePlot(backups)].flat()];
    },
  };
}
