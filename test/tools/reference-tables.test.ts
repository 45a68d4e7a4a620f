import { expect, test } from '@jest/globals';
import { readShippedText } from '../kernel/shipped-tables.js';
import { referenceTables } from './reference-tables.js';

test('the shipped tables are what the installed packages give; run extract-reference after either has moved', () => {
  const stale = Object.entries(referenceTables()).filter(([name, text]) => readShippedText(name) !== text).map(([name]) => name);
  expect(stale).toEqual([]);
});
