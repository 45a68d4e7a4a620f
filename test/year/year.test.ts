import { beforeAll, describe, expect, test } from '@jest/globals';
import { simulateYear, type YearReport } from './simulate-year.js';

/** A year of the small world and of generated persons; `npm run year` lives it with thousands. */

describe('a simulated year', () => {
  test('every duty ends, reminds, is late and rises once each, at its time and to whom it should; another process and one that is killed leave the same year behind', async () => {
    const alone = await simulateYear({ persons: 40, seed: 3, crowd: false });
    expect(alone.faults).toEqual([]);
    expect(alone.late).toBeGreaterThan(20);
    expect(alone.raised).toBeGreaterThan(alone.late);
    expect(alone.figures).toBeGreaterThan(20);
    const crowded = await simulateYear({ persons: 40, seed: 3, crowd: true });
    expect(crowded.kills).toBeGreaterThan(3);
    expect(crowded.rows).toEqual(alone.rows);
  }, 300_000);
});

const PLANTED: [name: string, spoil: string, fault: string][] = [
  ['a duty that was called late a minute late', "UPDATE guitu.duties SET overdue_at = overdue_at + interval '1 minute' WHERE id = (SELECT id FROM guitu.duties WHERE overdue_at IS NOT NULL AND started_at > '2026-11-21' ORDER BY id LIMIT 1)", 'called late at'],
  ['a level that was never told', "DELETE FROM guitu.duty_notices WHERE ctid = (SELECT n.ctid FROM guitu.duty_notices n JOIN guitu.duties d ON d.id = n.duty_id WHERE n.kind = 'RAISED' AND d.started_at > '2026-11-21' ORDER BY n.at DESC LIMIT 1)", 'the way up'],
  ['a reminder that was told twice', "INSERT INTO guitu.outbox (at, topic, record, record_id) SELECT at, topic, record, record_id FROM guitu.outbox WHERE topic = 'duty.reminded' ORDER BY at DESC LIMIT 1", 'announced'],
  ['a revisit that nobody made', "DELETE FROM guitu.return_revisits WHERE id IN (SELECT id FROM guitu.return_revisits WHERE at > '2026-11-21' AND result <> 'NOBODY_THERE')", 'the revisit of'],
  ['a term that was counted a day short', "UPDATE guitu.duties SET due_at = due_at - interval '1 day' WHERE id = (SELECT id FROM guitu.duties WHERE started_at > '2026-11-21' ORDER BY id LIMIT 1)", 'the end is'],
];

describe('a year as it should be', () => {
  let year: YearReport;
  beforeAll(async () => { year = await simulateYear({ persons: 8, seed: 3, crowd: false, spoils: PLANTED.map(([, spoil]) => spoil) }); });

  test('has no fault', () => expect(year.faults).toEqual([]));
  test.each(PLANTED.map(([name, , fault], index) => [name, fault, index] as const))('%s would be found in it', (_, fault, index) => {
    expect(year.spoiled[index]?.filter((line) => line.includes(fault)).length).toBeGreaterThan(0);
  });
});
