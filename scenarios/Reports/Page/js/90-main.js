const views = {
  matrix: ['Matrix', viewMatrix], compare: ['Compare profiles', viewCompare], why: ['Why a file', viewWhy], cache: ['Cache size', viewCache],
  cost: ['Cost of a change', viewCost], runs: ['Runs', viewRuns], cells: ['All cells', viewCells],
};
const viewElement = document.getElementById('view');
let current = null;
let liveElement = null;

function showViews() {
  document.getElementById('views').replaceChildren(...Object.entries(views).map(([id, [name]]) =>
    make('li', {}, make('a', { href: addressOf({ ...defaults, view: id, profile: state.profile }), 'aria-current': id === state.view ? 'page' : null }, name))));
}

// Draws the view; with onlyLive what is typed into stays as it is.
function show(onlyLive) {
  const view = views[state.view] || views.matrix;
  const focused = document.activeElement && document.activeElement.dataset.key;
  dropCharts();
  if (onlyLive !== true || !current) {
    current = view[1]();
    liveElement = make('div');
    viewElement.replaceChildren(...current.fixed(), liveElement);
  }
  liveElement.replaceChildren(...current.live());
  showViews();
  if (focused) {
    const again = [...viewElement.querySelectorAll('[data-key]')].find(element => element.dataset.key === focused);
    if (again) { again.focus(); }
  }
}

function showAddress() {
  const before = state.view;
  readAddress();
  if (!views[state.view]) { state.view = 'matrix'; }
  current = null;
  if (dialog.open) { opener = null; dialog.close(); readAddress(); }
  show();
  if (state.view !== before) { viewElement.focus({ preventScroll: true }); scrollTo(0, 0); }
  openPlace();
}

addEventListener('hashchange', showAddress);
addEventListener('keydown', event => {
  const field = document.querySelector('main input[type=search]');
  const typing = /^(input|select|textarea)$/i.test(document.activeElement.tagName);
  if (event.key === '/' && field && !typing && !dialog.open) { event.preventDefault(); field.focus(); field.select(); }
});

async function start() {
  document.getElementById('totals').textContent = index.totals;
  document.getElementById('origin').textContent = `Commit ${index.commits.map(commit => commit.slice(0, 12)).join(', ') || 'unknown'}; vaults ${index.vaults.join(', ') || 'none'}; sources ${index.sources.join(', ') || 'none'}; ${count(cells.length, 'cell')}`;
  await Promise.all([loadRules(), loadFigures()]);
  readAddress();
  if (!views[state.view]) { state.view = 'matrix'; }
  show();
  openPlace();
  // When everything can be used: read by tests and by whoever measures.
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}

start().catch(error => {
  viewElement.replaceChildren(make('p', { role: 'alert' }, `The page could not be made: ${error.message}. It needs a browser of 2023 or later; results.jsonl has the same data.`));
});
