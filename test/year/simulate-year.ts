import { createHash } from 'node:crypto';
import { parseCalendar, storeCalendar } from '../../src/delivery/calendar-import.js';
import { recountProvisional } from '../../src/delivery/recount.js';
import { renewMirroredDeadlines } from '../../src/ledgers/mirrored-deadlines.js';
import { startHub } from '../support/hub.js';
import { restoreTables, saveTables } from '../support/saved-tables.js';
import { withClient } from '../support/test-server.js';
import { WORLD_NOW } from '../support/world.js';
import { Seeded } from '../twins/seeded.js';
import { checkStatistics } from './check-statistics.js';
import { checkYear } from './check-year.js';
import { Crowd } from './crowd.js';
import { lifeOf, type Life } from './lives.js';
import { CALENDAR_2027 } from './year-calendar.js';
import { YearDesk, type Passing } from './year-desk.js';

export interface YearOptions {
  persons: number;
  seed: number;
  /** With two more hub processes on the database, one of which is killed at random. */
  crowd: boolean;
  /** Statements as the owner, after each of which alone the year is checked once more: faults that must be found. */
  spoils?: readonly string[];
}
export interface YearReport { faults: string[]; figures: number; duties: number; late: number; raised: number; mutations: number; kills: number; byStep: Map<string, number>; digest: string; rows: string[]; spoiled: string[][] }

/** Published a few days before it begins, as usual. */
const IMPORTED_AT = new Date('2026-12-28T10:00:00+08:00');
const END = new Date('2027-11-20T09:00:00+08:00');

/** One year of the small world and of so many generated persons, hour by hour over HTTP, with every clock running; then every duty is checked. The same seed gives the same year. */
export async function simulateYear({ persons, seed, crowd, spoils = [] }: YearOptions): Promise<YearReport> {
  const hub = await startHub();
  const others = crowd ? await Crowd.start(hub, seed) : undefined;
  try {
    const alone: Passing = { to: (at) => desk.keepClock(at), address: () => undefined };
    const desk: YearDesk = new YearDesk(hub, others ?? alone, WORLD_NOW);
    const start = new Date(WORLD_NOW.getTime());
    const mutations = await live(desk, persons, seed, start);
    await desk.moveTo(END);
    await desk.keepClock(END);
    const check = (): ReturnType<typeof checkYear> => checkYear(desk, start, END, IMPORTED_AT);
    const checked = await check();
    const { faults, shown } = await checkStatistics(desk, start);
    const rows = (await desk.owner<{ line: string }>(OUTCOME)).map(({ line }) => line);
    return { ...checked, faults: [...checked.faults, ...faults], figures: shown, mutations, kills: others?.kills ?? 0, digest: createHash('sha256').update(rows.join('\n')).digest('hex'), rows, spoiled: await spoilEach(desk, spoils, check) };
  } finally {
    await others?.stop();
    await hub.stop();
  }
}

/** Each fault in the year as it was: what a check then finds. */
async function spoilEach({ hub }: YearDesk, spoils: readonly string[], check: () => Promise<{ faults: string[] }>): Promise<string[][]> {
  if (spoils.length === 0) return [];
  return withClient(hub.database.admin, async (client) => {
    await saveTables(client);
    const spoiled: string[][] = [];
    for (const spoil of spoils) {
      await client.query(spoil);
      spoiled.push((await check()).faults);
      await restoreTables(client);
    }
    return spoiled;
  });
}

/** Lives all lives, always the earliest next. @returns how often somebody did something */
async function live(desk: YearDesk, persons: number, seed: number, from: Date): Promise<number> {
  const waiting: { at: number; serial: number; life: Life }[] = [];
  for (let serial = 1; serial <= persons; serial += 1) waiting.push({ at: from.getTime(), serial, life: lifeOf({ desk, random: new Seeded(seed * 100_003 + serial), serial, from, until: END }) });
  waiting.push({ at: from.getTime(), serial: 0, life: importCalendar(desk) });
  let done = 0;
  while (waiting.length > 0) {
    const index = waiting.reduce((best, one, at) => (isBefore(one, waiting[best] ?? one) ? at : best), 0);
    const [one] = waiting.splice(index, 1);
    if (!one || one.at >= END.getTime()) break;
    if (one.at > desk.now.getTime()) await desk.moveTo(new Date(one.at));
    const { value, done: over } = await one.life.next();
    done += 1;
    if (!over) waiting.push({ ...one, at: Math.max(value.getTime(), one.at) });
  }
  return done;
}

const isBefore = (one: { at: number; serial: number }, other: { at: number; serial: number }): boolean => one.at < other.at || (one.at === other.at && one.serial < other.serial);

/** What `guitu calendar import` does. */
async function* importCalendar({ hub }: YearDesk): Life {
  yield IMPORTED_AT;
  await withClient(hub.database.admin, async (client) => {
    const owner = { query: async <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> => (await client.query<Row>(text, [...values])).rows };
    await client.query('BEGIN');
    await storeCalendar(owner, parseCalendar(CALENDAR_2027), 'simulated year');
    await recountProvisional(owner, hub.parts.policy.policy);
    await renewMirroredDeadlines(owner);
    await client.query('COMMIT');
  });
}

/** All that the year left behind, without what is random: every duty with its record's own words, every transition, every announcement. */
const OUTCOME = `
WITH named AS (
  SELECT id, notice_no AS word FROM guitu.return_cases
  UNION ALL SELECT id, called_name FROM guitu.stays
  UNION ALL SELECT e.id, 'entry of ' || coalesce((SELECT min(c.notice_no) FROM guitu.return_cases c WHERE c.person_id = e.person_id), e.entry_no) FROM guitu.at_risk_entries e
  UNION ALL SELECT s.id, 'settlement of ' || coalesce((SELECT c.notice_no FROM guitu.return_cases c WHERE c.id = s.return_case), (SELECT min(y.called_name) FROM guitu.stays y WHERE y.person_id = s.person_id), s.settlement_no) FROM guitu.settlement_cases s
  UNION ALL SELECT id, household_no FROM guitu.registered_households
)
SELECT line FROM (
  SELECT concat_ws(' ', 'duty', n.word, d.step, a.code, d.started_at, d.due_at, d.reminded_at, d.overdue_at, d.raised, d.ended, d.ended_at, d.provisional, d.next_at,
    (SELECT string_agg(concat_ws(' ', x.code, t.kind, t.at), ', ' ORDER BY t.at, x.code, t.kind) FROM guitu.duty_notices t JOIN guitu.agencies x ON x.id = t.agency_id WHERE t.duty_id = d.id)) AS line
  FROM guitu.duties d JOIN guitu.agencies a ON a.id = d.owner LEFT JOIN named n ON n.id = d.record_id
  UNION ALL SELECT concat_ws(' ', 'return', n.word, t.step, t.from_state, t.to_state, t.at, a.code) FROM guitu.return_transitions t JOIN named n ON n.id = t.case_id LEFT JOIN guitu.agencies a ON a.id = t.agency_id
  UNION ALL SELECT concat_ws(' ', 'entry', n.word, t.step, t.from_state, t.to_state, t.at, a.code) FROM guitu.at_risk_transitions t JOIN named n ON n.id = t.entry_id LEFT JOIN guitu.agencies a ON a.id = t.agency_id
  UNION ALL SELECT concat_ws(' ', 'settlement', n.word, t.step, t.from_state, t.to_state, t.at, a.code) FROM guitu.settlement_transitions t JOIN named n ON n.id = t.settlement_id LEFT JOIN guitu.agencies a ON a.id = t.agency_id
  UNION ALL SELECT concat_ws(' ', 'told', n.word, o.topic, o.at, count(*)) FROM guitu.outbox o LEFT JOIN named n ON n.id = o.record_id GROUP BY n.word, o.topic, o.at
  UNION ALL SELECT concat_ws(' ', 'statistics', period, measure, place, count) FROM guitu.statistics_counts
  UNION ALL SELECT concat_ws(' ', 'shown', period, measure, division, figure) FROM guitu.statistics_figures
) every_line ORDER BY line COLLATE "C"`;
