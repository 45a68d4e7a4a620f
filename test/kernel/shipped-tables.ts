import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import { parseTabTable, type TabTable } from '../../src/kernel/tab-table.js';

/** A table as it is shipped in `migrations/data`. */
export function readShippedTable(name: string): TabTable {
  return parseTabTable(readShippedText(name));
}

export function readShippedText(name: string): string {
  return readFileSync(join(packageRoot(), 'migrations', 'data', name), 'utf8');
}
