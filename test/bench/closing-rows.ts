import type { Client } from 'pg';

/**
 * Notices of a year in so many counties of the country, as the deadlines of their stations: from none to some hundred in a month, eight in the median, most of them answered in time. The same
 * each time. Nothing of the clock is left to do.
 * @returns how many counties there were for it
 */
export async function fillNotices(owner: Client, counties: number, year = 2026): Promise<number> {
  await owner.query('SELECT setseed(0.5)');
  const { rows } = await owner.query<{ id: string }>(STATIONS, [counties]);
  await owner.query(NOTICES, [rows.map(({ id }) => id), `${year}-01-01`]);
  await owner.query('UPDATE guitu.duties SET next_at = NULL');
  await owner.query('ANALYZE guitu.duties');
  return rows.length;
}

const STATIONS = `
INSERT INTO guitu.agencies (code, name, kind, level, division)
SELECT 'station-' || code, code, 'RESCUE_STATION', 'COUNTY', code FROM (SELECT code FROM guitu.divisions WHERE level = 'COUNTY' AND valid_until IS NULL ORDER BY code LIMIT $1) county
ON CONFLICT (code) DO UPDATE SET name = excluded.name RETURNING id`;

const NOTICES = `
INSERT INTO guitu.duties (step, title, record, record_id, record_no, owner, started_at, due_on, due_at, provisional, amount, unit, class, reason, ended, ended_at)
SELECT 'acknowledgeReturn', 'acknowledgeReturn', 'ReturnCase', gen_random_uuid(), gen_random_uuid()::text, station, sent, (sent + interval '2 days')::date, date_trunc('day', sent) + interval '3 days', FALSE, 1, 'workingDays', 'DESIGN', 'measured',
  CASE WHEN fate < 0.75 THEN 'DONE' WHEN fate < 0.85 THEN 'VOID' END, CASE WHEN fate < 0.6 THEN sent + interval '1 day' WHEN fate < 0.85 THEN sent + interval '4 days' END
FROM (SELECT station, exp(1.9 * (random() + random() + random() + random() - 2)) * 8 AS size FROM unnest($1::uuid[]) station) stations,
  LATERAL (SELECT month, greatest(0, round(size * (0.5 + random())))::integer AS many FROM generate_series(0, 11) month) months,
  LATERAL (SELECT $2::timestamptz + make_interval(months => month, hours => floor(random() * 600)::integer + many * 0) AS sent, random() AS fate FROM generate_series(1, many)) notices`;
