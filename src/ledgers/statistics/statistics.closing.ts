import type { Pool } from 'pg';
import type { RowSource } from '../../db/row-source.js';
import { getCounted } from '../../delivery/counted-deadlines.js';
import type { Sum } from '../../disclosure/determined.js';
import { chooseShown } from '../../disclosure/suppress.js';
import { clockEvent, eventRow, INSERT_EVENTS } from '../../evidence/events.js';
import { addDays, dateOf, startOf } from '../../kernel/dates.js';
import type { Policy } from '../../policy/language.js';
import { FAMILIES, type Family } from '../measures.js';
import { endingWith, monthAfter, monthOf, withinPeriod, type Period } from './periods.js';
import { Places } from './places.js';

/** The only writer of `statistics_periods`, `statistics_counts` and `statistics_figures`; runs as the clock, never for a request. */

/** Any number will do, as long as all hubs take the same. */
const LOCK = 1_764_000_011;

/**
 * Closes the months whose release day has come, in order, with the quarter and the year that end with one: counts, decides what is shown, and stores both. A closed period is never counted
 * again, so nothing that is entered, protected or merged later moves a figure. Any number of hubs may do it at once; each month is closed once.
 * @param stuck duties that the clock has just tried to move on, and could not
 * @returns the periods closed
 */
export async function closeStatistics(clock: Pool, policy: Policy, at: Date, stuck: readonly string[] = []): Promise<string[]> {
  const closed: string[] = [];
  for (let more = true; more;) {
    const names = await closeNext(clock, policy, at, stuck);
    closed.push(...names);
    more = names.length > 0;
  }
  return closed;
}

async function closeNext(clock: Pool, policy: Policy, at: Date, stuck: readonly string[]): Promise<string[]> {
  const client = await clock.connect();
  const db: RowSource = { query: async <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []) => (await client.query<Row>(text, [...values])).rows };
  let broken: Error | undefined;
  try {
    await client.query('BEGIN; SET LOCAL statement_timeout = 0');
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const month = await findNextMonth(db);
    const knownBy = month && startOf(addDays(month.end, getCounted(policy, 'closeStatistics').amount - 1));
    const closed = month && knownBy && knownBy <= at && (await areClocksDone(db, knownBy, stuck)) ? await closeMonth(db, policy, month, knownBy) : [];
    await client.query('COMMIT');
    return closed;
  } catch (error) {
    await client.query('ROLLBACK').catch((lost: Error) => (broken = lost));
    throw error;
  } finally {
    client.release(broken);
  }
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

async function closeMonth(db: RowSource, policy: Policy, month: Period, knownBy: Date): Promise<string[]> {
  const places = await Places.read(db, month.end);
  await countMonth(db, policy, places, month, knownBy);
  const known = new Set((await db.query<{ period: string }>('SELECT period FROM guitu.statistics_periods')).map(({ period }) => period));
  const larger = endingWith(month).filter((period) => withinPeriod(period).every(({ name, length }) => known.has(name) || name === month.name || length > 1));
  const closing = [month, ...larger];
  const scope = [...new Map([...closing.flatMap(withinPeriod), ...closing].map((period) => [period.name, period])).values()].filter(({ name }) => known.has(name) || closing.some((period) => period.name === name));
  const counts = await readRows(db, 'count', scope);
  const figures = await readRows(db, 'figure', scope);
  for (const family of FAMILIES) {
    const rule = policy.statistics.get(family.measure);
    if (!rule) continue;
    const periods = family.flow ? scope : [month];
    for (const name of namesOf(family, counts)) {
      const table = buildTable(family, name, periods, places, counts);
      const decided = new Map([...table.values.keys()].filter((cell) => known.has(periodOf(cell))).map((cell) => [cell, figures.has(cell)]));
      const shown = chooseShown({ ...table, decided, threshold: rule.smallest });
      await storeFigures(db, [...shown].map((cell) => ({ cell, figure: table.values.get(cell) ?? 0 })));
    }
  }
  await db.query('INSERT INTO guitu.statistics_periods (period, closed_at, policy) SELECT unnest($1::text[]), $2, $3', [closing.map(({ name }) => name), knownBy, policy.hash]);
  await db.query(INSERT_EVENTS, [JSON.stringify(closing.map(({ name }) => eventRow(clockEvent(knownBy, policy.hash, `statistics.closed ${name}`, 'Statistics', []))))]);
  return closing.map(({ name }) => name);
}

/** Counts a month by the functions of the database and keeps what they gave, by the place that counts it. */
async function countMonth(db: RowSource, policy: Policy, places: Places, month: Period, knownBy: Date): Promise<void> {
  const wanted = new Set(FAMILIES.filter(({ measure }) => policy.statistics.has(measure)).map(({ counted }) => counted));
  const totals = new Map<string, number>();
  for (const counting of [...wanted].toSorted()) {
    const rows = await db.query<{ measure: string; division: string; amount: number }>(`SELECT measure, division, amount FROM guitu.${counting}($1, $2, $3)`, [month.first, month.end, knownBy]);
    for (const { measure, division, amount } of rows) add(totals, cellOf(measure, places.countFor(division), month.name), amount);
  }
  const rows = [...totals].map(([cell, count]) => ({ ...partsOfCell(cell), count }));
  await db.query('INSERT INTO guitu.statistics_counts (period, measure, place, count) SELECT period, measure, place, count FROM jsonb_to_recordset($1) AS t(period text, measure text, place text, count integer)', [JSON.stringify(rows)]);
}

async function storeFigures(db: RowSource, shown: readonly { cell: string; figure: number }[]): Promise<void> {
  const rows = shown.map(({ cell, figure }) => ({ ...partsOfCell(cell), figure }));
  await db.query('INSERT INTO guitu.statistics_figures (period, measure, division, figure) SELECT period, measure, place, figure FROM jsonb_to_recordset($1) AS t(period text, measure text, place text, figure integer)', [JSON.stringify(rows)]);
}

/** A cell is one figure: `REVISITS.DONE|320281|2026-10`. */
const cellOf = (measure: string, place: string, period: string): string => `${measure}|${place}|${period}`;
const periodOf = (cell: string): string => cell.slice(cell.lastIndexOf('|') + 1);
function partsOfCell(cell: string): { measure: string; place: string; period: string } {
  const [measure = '', place = '', period = ''] = cell.split('|');
  return { measure, place, period };
}

async function readRows(db: RowSource, what: 'count' | 'figure', scope: readonly Period[]): Promise<Map<string, number>> {
  const [table, place] = what === 'count' ? ['statistics_counts', 'place'] : ['statistics_figures', 'division'];
  const rows = await db.query<{ measure: string; place: string; period: string; amount: number }>(`SELECT measure, ${place} AS place, period, ${what} AS amount FROM guitu.${table} WHERE period = ANY ($1)`, [scope.map(({ name }) => name)]);
  return new Map(rows.map(({ measure, place: where, period, amount }) => [cellOf(measure, where, period), amount]));
}

function add(totals: Map<string, number>, cell: string, amount: number): void {
  totals.set(cell, (totals.get(cell) ?? 0) + amount);
}

/** What stands before the part in the names of a family's counts: `NOTICES`, or one for each step, `DUTY.recordHomeCheck`. */
function namesOf(family: Family, counts: ReadonlyMap<string, number>): string[] {
  if (!family.byStep) return [family.measure];
  return [...new Set([...counts.keys()].filter((cell) => cell.startsWith(STEP_PREFIX)).map((cell) => cell.slice(0, cell.lastIndexOf('.', cell.indexOf('|')))))].toSorted();
}

/** Counts of one step of the deadlines, as the database names them. */
export const STEP_PREFIX = 'DUTY.';

/** Every figure of one family over the tree of places, of its parts and of periods, and every sum between them. */
function buildTable({ sums: partSums, flow }: Family, name: string, periods: readonly Period[], places: Places, counts: ReadonlyMap<string, number>): { values: Map<string, number>; sums: Sum[] } {
  const values = new Map<string, number>();
  const leaves = new Map<string, Map<string, string[]>>();
  const below = new Map<string, Set<string>>();
  for (const [cell, count] of counts) {
    const { measure, place, period } = partsOfCell(cell);
    const month = periods.find((one) => one.name === period);
    if (!month || measure.slice(0, measure.lastIndexOf('.')) !== name) continue;
    for (const part of coveringOf(partSums, measure.slice(name.length + 1))) {
      const covering: readonly Period[] = periods.filter((one) => one.first <= month.first && month.end <= one.end);
      for (const within of covering) {
        const counted = within === month ? place : places.countFor(place);
        const path = places.pathOf(counted);
        for (const [index, where] of path.entries()) {
          add(values, cellOf(`${name}.${part}`, where, within.name), count);
          if (index > 0) below.set(where, (below.get(where) ?? new Set()).add(path[index - 1] ?? ''));
        }
        if (within !== month) noteLeaf(leaves, cellOf(`${name}.${part}`, counted, within.name), month.name, cellOf(`${name}.${part}`, place, month.name));
      }
    }
  }
  const sums: Sum[] = [];
  const everywhere = [...new Set([...below.keys(), ...[...below.values()].flatMap((inside) => [...inside])])];
  const parts = [...new Set(partSums.flatMap(([total, of]) => [total, ...of]))];
  for (const { name: period } of periods) {
    for (const part of parts) for (const [where, inside] of below) sums.push({ total: cellOf(`${name}.${part}`, where, period), parts: [...inside].map((one) => cellOf(`${name}.${part}`, one, period)), places: true });
    for (const where of everywhere) for (const [total, of] of partSums) if (of.length > 0) sums.push({ total: cellOf(`${name}.${total}`, where, period), parts: of.map((part) => cellOf(`${name}.${part}`, where, period)) });
  }
  for (const larger of flow ? periods.filter(({ length }) => length > 1) : []) {
    for (const part of parts) for (const where of everywhere) sums.push(...timeSums(larger, cellOf(`${name}.${part}`, where, ''), values, leaves));
  }
  return { values, sums };
}

/** What a larger period is added up from: of each length its pieces, and where a place took another one over in the meantime also that one's months. */
function timeSums(larger: Period, bare: string, values: ReadonlyMap<string, number>, leaves: ReadonlyMap<string, Map<string, string[]>>): Sum[] {
  const total = `${bare}${larger.name}`;
  const pieces = withinPeriod(larger);
  const lengths = [...new Set(pieces.map(({ length }) => length))];
  const straight = lengths.map((length) => pieces.filter((piece) => piece.length === length).map(({ name }) => `${bare}${name}`))
    // A place that grew or moved in the meantime is no sum of its own pieces.
    .filter((parts) => parts.reduce((sum, part) => sum + (values.get(part) ?? 0), 0) === (values.get(total) ?? 0));
  const merged = leaves.get(total);
  return [...straight.map((parts) => ({ total, parts })), ...(merged ? [{ total, parts: [...new Set([...merged.values()].flat())] }] : [])];
}

function noteLeaf(leaves: Map<string, Map<string, string[]>>, total: string, month: string, cell: string): void {
  const ofTotal = leaves.get(total) ?? new Map<string, string[]>();
  ofTotal.set(month, [...(ofTotal.get(month) ?? []), cell]);
  leaves.set(total, ofTotal);
}

/** A part and every total that it enters, each once. */
function coveringOf(sums: Family['sums'], part: string): string[] {
  const found = new Set([part]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [total, parts] of sums) if (!found.has(total) && parts.some((one) => found.has(one))) grown = found.add(total).size > 0;
  }
  return [...found];
}

