import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { printErrorTable } from '../../src/kernel/error-table.js';
import { ERRORS } from '../../src/kernel/errors.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { PROTOCOL_ERRORS } from '../../src/kernel/protocol-errors.js';

const published = readFileSync(join(packageRoot(), 'schema/errors.md'), 'utf8');
const rows = [...published.matchAll(/^\| `(\w+)` \| (\d+) \| (.+?) \| (.+?) \| (.+) \|$/gm)].map(([, code = '', status, zh, en, mend]) => [code, { status: Number(status), zh, en, mend }]);

describe('schema/errors.md', () => {
  test('is what the table prints; if not: node -e "import(\'./dist/src/kernel/error-table.js\').then((m) => process.stdout.write(m.printErrorTable()))" > schema/errors.md', () => {
    expect(published).toBe(printErrorTable());
  });

  test('read back, is the table: every code, in the order of checking, and no other', () => {
    expect(rows).toEqual([...Object.entries(ERRORS), ...Object.entries(PROTOCOL_ERRORS)]);
  });
});
