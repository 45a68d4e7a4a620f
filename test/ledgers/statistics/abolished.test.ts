import { expect, test } from '@jest/globals';
import { parsePeriod } from '../../../src/ledgers/statistics/periods.js';
import { Places } from '../../../src/ledgers/statistics/places.js';
import { decideFigures } from '../../../src/ledgers/statistics/statistics.deciding.js';

const division = (code: string, level: string, parent: string | null): { code: string; name: string; level: string; parent: string | null } => ({ code, name: code, level, parent });
/** 991001 was abolished in February; 991002 took all of it over. */
const rows = {
  divisions: [division('000000', 'COUNTRY', null), division('990000', 'PROVINCE', '000000'), division('991000', 'PREFECTURE', '990000'), ...['991001', '991002', '991003'].map((code) => division(code, 'COUNTY', '991000')), division('991001001', 'TOWNSHIP', '991001')],
  successors: [{ abolished: '991001', successor: '991002' }],
};

test('a division abolished between events counts for its successor', () => {
  const places = new Places(rows);
  expect(['991001', '991001001', '991002', '991000'].map((place) => places.countFor(place))).toEqual(['991002', '991002', '991002', '991000*']);
  const shown = decideFigures({
    measure: 'REVISITS', name: 'REVISITS', periods: ['2026-01', '2026-02', '2026-03', '2026-Q1'].map(parsePeriod), closed: new Set(['2026-01', '2026-02']), smallest: 5, places: rows,
    counts: new Map([['REVISITS.ADULTS_DONE|991001|2026-01', 30], ['REVISITS.ADULTS_DONE|991002|2026-01', 20], ['REVISITS.ADULTS_DONE|991002|2026-02', 40], ['REVISITS.ADULTS_DONE|991002|2026-03', 50], ['REVISITS.ADULTS_DONE|991003|2026-03', 60]]),
    shown: new Set(['ADULTS_DONE', 'ADULTS', 'DONE', 'DUE'].flatMap((part) => ['2026-01', '2026-02'].flatMap((month) => ['991001', '991002', '991000', '990000', '000000'].map((place) => `REVISITS.${part}|${place}|${month}`)))),
  });
  expect([shown.get('REVISITS.ADULTS_DONE|991002|2026-Q1'), shown.get('REVISITS.DUE|991000|2026-Q1'), shown.has('REVISITS.DUE|991001|2026-Q1')]).toEqual([140, 200, false]);
});
