// States: a letter in the data, a sign and a word for people. Colour is never the only sign.
const states = {
  p: ['pass', '✓', 'pass'],
  s: ['skipped', '–', 'skipped'],
  k: ['known-fail', '≈', 'known fail'],
  n: ['not-run', '·', 'NOT RUN'],
  u: ['unexpected-pass', '!', 'UNEXPECTED PASS'],
  t: ['timeout', '…', 'TIMEOUT'],
  e: ['error', '‼', 'ERROR'],
  f: ['fail', '✗', 'FAIL'],
  o: ['no-test', '○', 'NO TEST'],
  '-': ['none', '–', 'no such phase'],
};
// From best to worst: a group shows its worst member.
const order = 'psknutef';
const worst = letters => [...letters].reduce((a, b) => (order.indexOf(a) >= order.indexOf(b) ? a : b));
const isRed = letter => 'utef'.includes(letter);
const nameOf = letter => states[letter][0];
const signOf = letter => states[letter][1];
const wordOf = letter => states[letter][2];
const number = new Intl.NumberFormat('en');
const count = (n, word) => `${number.format(n)} ${word}${n === 1 ? '' : 's'}`;

function sizeText(bytes) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return unit === 0 ? `${number.format(bytes)} B` : `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${units[unit]}`;
}
