// What is shown is in the address, so that a link leads to it; only the choice of colours is kept in the browser.
const defaults = {
  view: 'matrix', filter: '', red: '', profile: index.defaultProfile, columns: 'phase', other: '', all: '', traits: 'encrypted', file: '',
  size: '2', unit: 'TB', clause: '', phase: '', vault: '', source: '', run: '', cell: '', of: '', filesize: '1', fileunit: 'GB',
};
let state = { ...defaults };

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  state = { ...defaults };
  for (const key of Object.keys(defaults)) {
    if (given.has(key)) { state[key] = given.get(key); }
  }
}

function addressOf(change) {
  const next = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...state, ...change })) {
    if (value !== defaults[key]) { next.set(key, value); }
  }
  return `#${next}`;
}

// Without a new entry in the history, as while typing; show() draws again.
function replaceState(change) {
  const address = addressOf(change);
  state = { ...state, ...change };
  // Some browsers let no script rewrite the address of a local file, only its fragment.
  try { history.replaceState(null, '', address); } catch { location.hash = address; }
}

function update(change) { replaceState(change); show(); }

const wordsOf = filter => filter.toLowerCase().split(/\s+/).filter(Boolean);
const matches = (haystack, filter) => wordsOf(filter).every(word => haystack.includes(word));
const cellText = cell => cell.text || (cell.text = [
  cell.id, cell.title, nameOf(cell.state), wordOf(cell.state), cell.clauses.join(' '), cell.tags.join(' '), cell.vault, cell.profile, cell.source,
].join(' ').toLowerCase());
const isShown = cell => (!state.red || isRed(cell.state)) && matches(cellText(cell), state.filter);

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  const button = document.getElementById('theme');
  button.textContent = theme === 'dark' ? '☀ Light' : '☾ Dark';
  button.setAttribute('aria-label', theme === 'dark' ? 'Switch to light colours' : 'Switch to dark colours');
}

function storedTheme() {
  try { return localStorage.getItem('harness-theme'); } catch { return null; }
}

const system = matchMedia('(prefers-color-scheme: dark)');
setTheme(storedTheme() || (system.matches ? 'dark' : 'light'));
system.addEventListener('change', () => { if (!storedTheme()) { setTheme(system.matches ? 'dark' : 'light'); show(); } });
document.getElementById('theme').addEventListener('click', () => {
  const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  try { localStorage.setItem('harness-theme', theme); } catch { /* Shown all the same, only not remembered. */ }
  setTheme(theme);
  show();
});
