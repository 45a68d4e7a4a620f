import type { RowSource } from '../db/row-source.js';
import { buildCalendar, type Calendar } from '../kernel/working-days.js';

/** The days around a period that the hub's table names, and how far it was published. */
export async function readCalendar(db: RowSource, from: string, until: string): Promise<Calendar> {
  const rows = await db.query<{ day: string; working: boolean }>('SELECT day::text AS day, working FROM guitu.calendar_days WHERE day BETWEEN $1::date AND $2::date', [from, until]);
  const known = await db.query<{ until: string }>("SELECT value #>> '{}' AS until FROM guitu.settings WHERE name = 'calendar.knownUntil' AND division = '000000'");
  // Without a published calendar nothing is known: every deadline is provisional.
  return buildCalendar(rows.map(({ day, working }) => ({ date: day, working })), known[0]?.until ?? '0001-01-01');
}
