'use strict';
// Runs Azurite in this process and ends it when standard input closes. The parent holds the other end of that pipe, so
// Azurite ends with its parent however the parent ends, SIGKILL included. Nothing is lost by a hard exit: the data is in
// memory. Ctrl-C reaches the whole foreground group; the parent decides what it means, so it is ignored here.
const [main, ...args] = process.argv.slice(2);
const end = () => process.exit(0);
process.stdin.on('end', end).on('close', end).on('error', end).resume();
const once = process.once;
process.once = function (event, listener) {
  return event === 'SIGINT' ? this : once.call(this, event, listener);
};
process.on('SIGINT', () => {});
// Azurite installs its own handler only some time after it listens, and waits for open connections then.
process.on('SIGTERM', end);
process.argv = [process.argv[0], main, ...args];
require(main);
