import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { RowSource } from '../../db/row-source.js';
import { getCounted } from '../../delivery/counted-deadlines.js';
import { clockEvent, eventRow, INSERT_EVENTS } from '../../evidence/events.js';
import { addDays, dateOf, startOf } from '../../kernel/dates.js';
import type { Policy } from '../../policy/language.js';
import { FAMILIES, type Family } from '../measures.js';
import { endingWith, monthAfter, monthOf, withinPeriod, type Period } from './periods.js';
import { Places, readPlaces, type PlaceRows } from './places.js';
import { DecidingThread } from './statistics.deciding.js';
import { add, cellOf, partsOfCell } from './statistics.table.js';

/** The only writer of `statistics_periods`, `statistics_counts` and `statistics_figures`; runs as the clock, never for a request. */

/** Any number will do, as long as all hubs take the same. */
const LOCK = 1_764_000_011;

/** A month to be closed, as it was counted at one instant. */
interface Counted { month: Period; knownBy: Date; places: PlaceRows; closed: ReadonlySet<string>; counts: ReadonlyMap<string, number> }

/**
 * Closes the months whose release day has come, in order, with the quarter and the year that end with one: counts, decides what is shown, and stores both. A closed period is never counted
 * again, so nothing that is entered, protected or merged later moves a figure. No transaction stands open while it is decided. Of all hubs one closes at a time, the others wait for it; one that
 * fails, is ended or killed leaves the month as if it had not begun, for whoever closes next.
 * @param stuck duties that the clock has just tried to move on, and could not
 * @param signal ends it before it stores the next month, with its reason as the error
 * @returns the periods closed
 */
export async function closeStatistics(clock: Pool, policy: Policy, at: Date, stuck: readonly string[] = [], signal?: AbortSignal): Promise<string[]> {
  const client = await takeTurn(clock, signal);
  try {
    const names: string[] = [];
    for (;;) {
      const counted = await inTransaction(client, READING, (db) => countNext(db, policy, at, stuck));
      if (!counted) break;
      const closing = closingWith(counted);
      const figures = await decide(client, policy, counted, closing, signal);
      signal?.throwIfAborted();
      await inTransaction(client, WRITING, (db) => store(db, policy, counted, closing, figures));
      names.push(...closing.map(({ name }) => name));
    }
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    client.release();
    return names;
  } catch (error) {
    // Closed with its connection, a turn ends however it went.
    client.release(true);
    throw error;
  }
}

/** Longest pause before a hub asks again whether it is its turn, milliseconds. */
const MOST_PAUSE_MS = 2_000;

/** A connection on which nobody else closes: the turn is its own, and ends with it where the hub is killed. */
async function takeTurn(clock: Pool, signal: AbortSignal | undefined): Promise<PoolClient> {
  for (let waitMs = 20; ; waitMs = Math.min(2 * waitMs, MOST_PAUSE_MS)) {
    signal?.throwIfAborted();
    const client = await clock.connect();
    const mine = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [LOCK]).then(({ rows: [turn] }) => turn?.mine === true, (error: Error) => {
      client.release(error);
      throw error;
    });
    if (mine) return client;
    client.release();
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

const READING = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
const WRITING = 'BEGIN';

/** @throws what `use` throws; the connection is then of no more use */
async function inTransaction<Result>(client: PoolClient, begin: string, use: (db: RowSource) => Promise<Result>): Promise<Result> {
  const db: RowSource = { query: async <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []) => (await client.query<Row>(text, [...values])).rows };
  await client.query(`${begin}; SET LOCAL statement_timeout = 0`);
  const result = await use(db);
  await client.query('COMMIT');
  return result;
}

/** Another hub may still be at work on what fell due by then, and how far it rose is counted. A duty that cannot be moved on holds nothing up. */
async function areClocksDone(db: RowSource, knownBy: Date, stuck: readonly string[]): Promise<boolean> {
  const [left] = await db.query<{ left: boolean }>('SELECT EXISTS (SELECT FROM guitu.duties WHERE next_at <= $1 AND id <> ALL ($2::uuid[])) AS left', [knownBy, stuck]);
  return left?.left !== true;
}

/** The month after the last one closed; at first, the month of the first duty. None where there never was one. */
async function findNextMonth(db: RowSource): Promise<Period | undefined> {
  const [last] = await db.query<{ period: string | null }>("SELECT max(period) AS period FROM guitu.statistics_periods WHERE period ~ '^[0-9]{4}-[0-9]{2}$'");
  if (last?.period) return monthAfter(monthOf(`${last.period}-01`));
  const [first] = await db.query<{ at: Date | null }>('SELECT min(started_at) AS at FROM guitu.duties');
  return first?.at ? monthOf(dateOf(first.at)) : undefined;
}

/** Counts the next month by the functions of the database, by the place that counts it; undefined while none is due. */
async function countNext(db: RowSource, policy: Policy, at: Date, stuck: readonly string[]): Promise<Counted | undefined> {
  const month = await findNextMonth(db);
  const knownBy = month && startOf(addDays(month.end, getCounted(policy, 'closeStatistics').amount - 1));
  if (!month || !knownBy || knownBy > at || !(await areClocksDone(db, knownBy, stuck))) return undefined;
  const rows = await readPlaces(db, month.end);
  const places = new Places(rows);
  const counts = new Map<string, number>();
  const wanted = new Set(FAMILIES.filter(({ measure }) => policy.statistics.has(measure)).map(({ counted }) => counted));
  for (const counting of [...wanted].toSorted()) {
    const found = await db.query<{ measure: string; division: string; amount: number }>(`SELECT measure, division, amount FROM guitu.${counting}($1, $2, $3)`, [month.first, month.end, knownBy]);
    for (const { measure, division, amount } of found) add(counts, cellOf(measure, places.countFor(division), month.name), amount);
  }
  const closed = new Set((await db.query<{ period: string }>('SELECT period FROM guitu.statistics_periods')).map(({ period }) => period));
  return { month, knownBy, places: rows, closed, counts };
}

/** The month, and the quarter and the year that end with it, where all of their months are closed. */
function closingWith({ month, closed }: Counted): Period[] {
  return [month, ...endingWith(month).filter((period) => withinPeriod(period).every(({ name, length }) => closed.has(name) || name === month.name || length > 1))];
}

/** The figures to show of each family. What it reads of closed periods never changes, so it needs no lock and no snapshot. */
async function decide(client: PoolClient, policy: Policy, { month, places, closed, counts }: Counted, closing: readonly Period[], signal: AbortSignal | undefined): Promise<Map<string, number>[]> {
  const scope = [...new Map([...closing.flatMap(withinPeriod), ...closing].map((period) => [period.name, period])).values()].filter(({ name }) => closed.has(name) || closing.some((period) => period.name === name));
  const aboveTownships: PlaceRows = { ...places, divisions: places.divisions.filter(({ level }) => level !== 'TOWNSHIP') };
  const decided: Map<string, number>[] = [];
  const thread = new DecidingThread(signal);
  try {
    for (const family of FAMILIES) {
      const smallest = policy.statistics.get(family.measure)?.smallest;
      if (smallest === undefined) continue;
      const periods = family.flow ? scope : [month];
      const earlier = periods.map(({ name }) => name).filter((name) => closed.has(name));
      const measures = await inTransaction(client, READING, (db) => db.query<{ measure: string }>('SELECT DISTINCT measure FROM guitu.statistics_counts WHERE period = ANY ($1)', [earlier]));
      for (const name of namesOf(family, [...measures.map(({ measure }) => measure), ...[...counts.keys()].map((cell) => partsOfCell(cell).measure)])) {
        const known = await inTransaction(client, READING, (db) => readFamily(db, name, earlier));
        const own = [...counts].filter(([cell]) => cell.startsWith(`${name}.`));
        decided.push(await thread.decide({ measure: family.measure, name, periods, closed, counts: new Map([...known.counts, ...own]), shown: known.shown, places: aboveTownships, smallest }));
      }
    }
    return decided;
  } finally {
    await thread.end();
  }
}

async function readFamily(db: RowSource, name: string, periods: readonly string[]): Promise<{ counts: Map<string, number>; shown: Set<string> }> {
  const counts = await db.query<{ cell: string; count: number }>("SELECT measure || '|' || place || '|' || period AS cell, count FROM guitu.statistics_counts WHERE period = ANY ($1) AND starts_with(measure, $2)", [periods, `${name}.`]);
  const shown = await db.query<{ cell: string }>("SELECT measure || '|' || division || '|' || period AS cell FROM guitu.statistics_figures WHERE period = ANY ($1) AND starts_with(measure, $2)", [periods, `${name}.`]);
  return { counts: new Map(counts.map(({ cell, count }) => [cell, count])), shown: new Set(shown.map(({ cell }) => cell)) };
}

async function store(db: RowSource, policy: Policy, { knownBy, counts }: Counted, closing: readonly Period[], figures: readonly ReadonlyMap<string, number>[]): Promise<void> {
  const toRows = (cells: ReadonlyMap<string, number>): string => JSON.stringify([...cells].map(([cell, amount]) => ({ ...partsOfCell(cell), amount })));
  await db.query('INSERT INTO guitu.statistics_counts (period, measure, place, count) SELECT period, measure, place, amount FROM jsonb_to_recordset($1) AS t(period text, measure text, place text, amount integer)', [toRows(counts)]);
  for (const shown of figures) await db.query('INSERT INTO guitu.statistics_figures (period, measure, division, figure) SELECT period, measure, place, amount FROM jsonb_to_recordset($1) AS t(period text, measure text, place text, amount integer)', [toRows(shown)]);
  const names = closing.map(({ name }) => name);
  await db.query('INSERT INTO guitu.statistics_periods (period, closed_at, policy) SELECT unnest($1::text[]), $2, $3', [names, knownBy, policy.hash]);
  await db.query(INSERT_EVENTS, [JSON.stringify(names.map((name) => eventRow(clockEvent(knownBy, policy.hash, `statistics.closed ${name}`, 'Statistics', []))))]);
}

/** Counts of one step of the deadlines, as the database names them. */
export const STEP_PREFIX = 'DUTY.';

/** What stands before the part in the names of a family's counts: `NOTICES`, or one for each step, `DUTY.recordHomeCheck`. */
function namesOf({ byStep, measure: own }: Family, measures: readonly string[]): string[] {
  return byStep ? [...new Set(measures.filter((measure) => measure.startsWith(STEP_PREFIX)).map((measure) => measure.slice(0, measure.lastIndexOf('.'))))].toSorted() : [own];
}
