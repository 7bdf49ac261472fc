// Earlier runs, how fast they were, and what a real volume does otherwise than a simulated one.
function speedPlot() {
  const runs = figures.runs.filter(run => Object.keys(run.bytesPerSecond).length > 0);
  if (runs.length < 2) { return make('p', {}, 'The trend takes two runs or more: give run or page the option --history DIR each night.'); }
  const vaults = [...new Set(runs.flatMap(run => Object.keys(run.bytesPerSecond)))].sort();
  const xs = runs.map(run => Date.parse(`${run.at.replace(' ', 'T')}Z`) / 1000);
  const series = vaults.map(vault => ({ label: vault, values: runs.map(run => (run.bytesPerSecond[vault] ?? null)) }));
  const perSecond = value => (value === null || value === undefined ? '' : `${sizeText(value)}/s`);
  return chartOf('Throughput of full backups and restores over the runs', xs, series, {
    x: { time: true }, y: { range: (chart, low, high) => [0, high * 1.1] }, joined: true, xLabel: 'run', yLabel: 'bytes a second',
    yValues: (chart, values) => values.map(perSecond), yValue: (chart, value) => perSecond(value) });
}

function runsTable() {
  const rows = [...figures.runs].reverse().map(run => [run.at, run.commit.slice(0, 12), run.totals,
    Object.entries(run.bytesPerSecond).map(([vault, speed]) => `${vault} ${sizeText(speed)}/s`).join(', '),
    Object.entries(run.sentBytes).map(([vault, bytes]) => `${vault} ${sizeText(bytes)}`).join(', ')]);
  return tableOf('Runs, the latest first (times in UTC)', ['Recorded', 'Commit', 'Totals', 'Throughput', 'Bytes sent'], rows);
}

function changedSinceLast() {
  const last = figures.runs.length - 2;
  if (last < 0) { return null; }
  const changed = cells.filter(cell => (figures.strips[cell.place] || '')[last] && figures.strips[cell.place][last] !== '-' && figures.strips[cell.place][last] !== cell.state);
  if (changed.length === 0) { return make('p', {}, 'No cell ended otherwise than in the run before.'); }
  return tableOf(`Cells that ended otherwise than in the run before (${changed.length})`, ['Cell', 'Before', 'Now'],
    changed.slice(0, 200).map(cell => [make('a', { href: addressOf({ cell: cell.id }) }, cell.id), { cell: badge(figures.strips[cell.place][last]) }, { cell: badge(cell.state) }]));
}

function differencesTable(list) {
  return tableOf(`Otherwise on real NTFS than simulated (${list.length})`, ['Cell', 'Simulated', 'Real NTFS', 'Clause'], list.map(cell =>
    [cell.id, { cell: badge(simulatedById.get(cell.id).state) }, { cell: badge(cell.state) }, cell.clauses[0]]));
}

function realVolumes() {
  const real = cells.filter(cell => !isSimulated(cell));
  if (real.length === 0) { return make('p', {}, '· NOT RUN: these results are of simulated volumes only. harness run --source ntfs makes those of real ones; harness report page DIR DIR joins both.'); }
  const ran = real.filter(ranForReal).length;
  return [make('p', {}, `${count(real.length, 'cell')} on real NTFS, ${ran} of which NTFS can hold.`), differencesTable(real.filter(differsFromSimulated))];
}

function viewRuns() {
  return {
    fixed: () => [],
    live: () => [make('h2', {}, 'Throughput'), speedPlot(), figures.runs.length > 0 ? runsTable() : null, changedSinceLast(),
      make('h2', {}, 'Simulated and real volumes'), realVolumes()].flat().filter(Boolean),
  };
}

function viewCells() {
  return {
    fixed: () => [make('form', { class: 'controls', role: 'search', submit: event => event.preventDefault() }, filterBox('All words must occur, such as sparse azurite.')), legend()],
    live: () => {
      const list = cells.filter(isShown);
      say(`${list.length} of ${cells.length} cells`);
      return [make('p', {}, `${number.format(list.length)} of ${count(cells.length, 'cell')}, those that are not as expected first.`), cellList(list)];
    },
  };
}
