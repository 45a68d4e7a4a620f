import { describe, expect, test } from '@jest/globals';
import { compileLens, predicateSql, type Lens } from '../../src/policy/compile.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { tenfold } from '../bench/tenfold-policy.js';
import { askAs } from '../support/asking.js';
import { CATALOGUE, SHIPPED_SOURCES, shippedPolicy } from './shipped-policy.js';

describe('ten times as many rules', () => {
  const many = parsePolicy(tenfold(SHIPPED_SOURCES), CATALOGUE);
  const few = shippedPolicy();
  /** SQL of everything that a page may ask of each record, by record type. */
  const sqlOf = (lens: Lens): Map<string, string> => new Map([...lens.records].map(([record, { row, cells }]) =>
    [record, [predicateSql(row, 'c'), ...new Set([...cells.values()].flatMap(({ atLeast }) => atLeast.map(({ holds }) => predicateSql(holds, 'c'))))].join('\n')]));

  test.each([
    ['station-320281', 'RETURN'], ['station-120000', 'RETURN'], ['civil-320281', 'RETURN'], ['civil-320000', 'SUPERVISION'], ['township-320281100', 'AT_RISK_CARE'], ['poverty-320281', 'POVERTY_RELIEF'],
  ] as const)('make the statement of %s for %s little longer: what they share is asked once', (agency, purpose) => {
    const { viewer, now } = askAs(agency, purpose);
    const seen = { kind: viewer.kind, level: viewer.level, roles: viewer.roles, purpose, areaCount: viewer.areas.length, at: now };
    const shipped = sqlOf(compileLens(few, CATALOGUE, seen));
    for (const [record, sql] of sqlOf(compileLens(many, CATALOGUE, seen))) {
      const before = shipped.get(record)?.length ?? 0;
      expect({ record, before, longer: sql.length - before, tooLong: sql.length > 1.2 * before + 300 }).toMatchObject({ tooLong: false });
    }
  });
});
