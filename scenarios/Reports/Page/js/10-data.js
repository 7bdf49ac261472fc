'use strict';
// The data of the page: the index at once, the rest unpacked when it is wanted.
const text = id => document.getElementById(id).textContent;
const index = JSON.parse(text('index'));
const phases = ['full', 'incremental', 'restore'];

async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), character => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
}

const cells = index.cells.map((row, place) => {
  const [id, state, states, full, incremental, restore, ms, subject, vault, profile, source] = row;
  const { id: scenario, title, clauses, tags } = index.subjects[subject];
  return {
    place, id, state, states, bytes: [full, incremental, restore], ms, scenario, title, clauses, tags,
    vault: index.vaults[vault], profile: index.profiles[profile], source: index.sources[source],
  };
});

// Filled by loadRules and loadFigures.
let rules = null;
let figures = null;

async function loadRules() {
  rules = await unpack(text('rules'));
  for (const profile of rules.profiles) {
    profile.byId = new Map();
    profile.clauses = profile.clauses.map((place, at) => {
      const clause = { ...rules.clauses[place], says: profile.verdicts[at] };
      profile.byId.set(clause.id, clause);
      return clause;
    });
  }
}

async function loadFigures() {
  figures = figures || await unpack(text('figures'));
  return figures;
}

const blocks = text('packed-details').split('\n');
const unpacked = new Map();
const cellsPerBlock = 100;

// Everything that results.jsonl has of a cell and the page shows.
async function detailsOf(cell) {
  const block = Math.floor(cell.place / cellsPerBlock);
  if (!unpacked.has(block)) { unpacked.set(block, unpack(blocks[block])); }
  return (await unpacked.get(block))[cell.place % cellsPerBlock];
}

const profileOf = id => rules.profiles.find(profile => profile.id === id);
