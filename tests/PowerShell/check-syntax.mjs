// Parses PowerShell scripts with the grammar of tree-sitter, which knows the language of Windows PowerShell 5.1, and prints
// what it cannot read as FILE:LINE:COLUMN. Exit code 1 when there is any. Usage: node --liftoff-only check-syntax.mjs FILE...
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';

const require = createRequire(import.meta.url);
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')));

let found = 0;
function walk(file, node) {
  if (node.isError || node.isMissing) {
    const what = node.isMissing ? `'${node.type}' is missing` : 'this cannot be read';
    console.log(`${file}:${node.startPosition.row + 1}:${node.startPosition.column + 1}: ${what}`);
    found++;
  } else if (node.hasError) {
    node.children.forEach((child) => walk(file, child));
  }
}

for (const file of process.argv.slice(2)) {
  walk(file, parser.parse(readFileSync(file, 'utf8')).rootNode);
}

process.exit(found > 0 ? 1 : 0);
