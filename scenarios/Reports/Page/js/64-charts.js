// Plots. Each has its figures as a table below it, for those who would rather read than look.
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const strokes = ['--series-1', '--series-2', '--series-3', '--series-4'];
let charts = [];

function dropCharts() {
  charts.forEach(chart => chart.destroy());
  charts = [];
}

// series: [{ label, values, line }]; values go with xs, null where there is none. A line has no points and is dashed.
function chartOf(title, xs, series, options) {
  const holder = make('div', { class: 'chart', role: 'img', 'aria-label': `${title}. The table below it has the same figures.` });
  const axis = { stroke: colour('--text'), grid: { stroke: colour('--line'), width: 0.5 }, ticks: { stroke: colour('--line') } };
  // Filled and hollow points, so that colour is not the only sign.
  const shapes = ['●', '○'];
  const draw = () => {
    const settings = {
      title, width: Math.max(300, Math.min(holder.clientWidth || 640, 900)), height: 320,
      scales: { x: options.x, y: options.y },
      axes: [{ ...axis, label: options.xLabel, values: options.xValues, splits: options.xSplits, space: 70 }, { ...axis, label: options.yLabel, values: options.yValues, splits: options.ySplits, size: 80 }],
      series: [{ label: options.xLabel, value: options.xValue }, ...series.map((one, at) => ({
        label: one.line ? one.label : `${shapes[at % 2]} ${one.label}`,
        stroke: one.line ? colour('--muted') : colour(strokes[at % 4]),
        dash: one.line ? one.line : undefined,
        width: one.line || options.joined ? 2 : 0,
        paths: one.line || options.joined ? undefined : () => null,
        points: { show: !one.line, size: at < 2 ? 7 : 10, width: 1.5, stroke: colour(strokes[at % 4]), fill: at % 2 === 0 ? colour(strokes[at % 4]) : colour('--back') },
        value: options.yValue,
        spanGaps: true,
      }))],
    };
    charts.push(new uPlot(settings, [xs, ...series.map(one => one.values)], holder));
  };
  requestAnimationFrame(draw);
  return holder;
}

// Byte axes are logarithmic, with a line at every 32nd power of two: 1 KiB, 32 KiB, 1 MiB ...
function powers(chart, axis, low, high) {
  const found = [];
  for (let value = 1; value <= high * 32; value *= 32) { if (value >= low / 1.01 && value <= high * 1.01) { found.push(value); } }
  return found;
}

const bytesAxis = (chart, values) => values.map(value => (value === null ? '' : sizeText(value)));
const bytesValue = (chart, value) => (value === null || value === undefined ? '' : sizeText(value));

// Points [x, y, group] as what a chart takes: one ascending row of x, and a row of y for each group.
function scatter(points, lines, x) {
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  const groups = [...new Set(sorted.map(point => point[2]))].sort();
  const xs = sorted.map(point => point[0]);
  const ends = [xs[0], xs.at(-1)];
  const series = groups.map(group => ({ label: group, values: sorted.map(point => (point[2] === group ? point[1] : null)) }));
  return { xs, series: series.concat(lines.map(line => ({ label: line.label, line: line.dash, values: xs.map(line.of) }))), ends, x };
}

const folded = (title, ...content) => make('details', {}, make('summary', {}, title), content);
