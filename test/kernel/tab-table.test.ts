import { expect, test } from '@jest/globals';
import { parseTabTable } from '../../src/kernel/tab-table.js';

test('a table is read with its notes, by the names of its columns, empty cells as empty texts', () => {
  const table = parseTabTable('# known_until\t2026-12-31\n# columns\tcode\tparent\n000000\t\n110000\t000000\n');
  expect(table.notes.get('known_until')).toBe('2026-12-31');
  expect(table.rows).toEqual([{ code: '000000', parent: '' }, { code: '110000', parent: '000000' }]);
});

test('a line with a cell too many or too few is refused with its number', () => {
  expect(() => parseTabTable('# columns\tcode\tparent\n000000\n')).toThrow('line 2: 1 cells, 2 columns');
  expect(() => parseTabTable('000000\t\n')).toThrow(RangeError);
});
