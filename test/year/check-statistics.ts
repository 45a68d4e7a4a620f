import { dateOf } from '../../src/kernel/dates.js';
import type { YearDesk } from './year-desk.js';

/**
 * The figures of a year, counted once more in SQL from transitions, visits and stays: not from the deadlines that the hub counts by. What is shown of a place must be that number, of every
 * rate both numbers; the sums of places and months too. Each difference is a line.
 */
export async function checkStatistics(desk: YearDesk, from: Date): Promise<{ faults: string[]; shown: number }> {
  const closed = (await desk.owner<{ period: string }>("SELECT period FROM guitu.statistics_periods WHERE period >= $1 ORDER BY period", [dateOf(from).slice(0, 7)])).map(({ period }) => period);
  const faults: string[] = [];
  let shown = 0;
  for (const period of closed) {
    const [first, end] = boundsOf(period);
    const recounted = new Map<string, number>();
    for (const { part, division, amount } of await desk.owner<{ part: string; division: string; amount: number }>(RECOUNT, [first, end])) {
      for (const place of placesOf(division)) recounted.set(`${part} ${place}`, (recounted.get(`${part} ${place}`) ?? 0) + amount);
    }
    for (const division of ['000000', '320000', '320200', '120000', '340000', '341500']) {
      const { total, children } = await figuresOf(desk, division, period);
      for (const place of [total, ...children.filter(({ own }) => !own)]) {
        for (const { measure, parts, rates } of place.figures) {
          const compare = (part: string, count: number | null): void => {
            const key = `${measure}.${part} ${place.division}`;
            if (count === null || !RECOUNTED.includes(`${measure}.${part}`)) return;
            shown += 1;
            if (count !== (recounted.get(key) ?? 0)) faults.push(`${period} ${key} is shown as ${count}, should be ${recounted.get(key) ?? 0}`);
          };
          for (const { part, count } of parts) compare(part, count);
          for (const { rate, done, of, percent } of rates) {
            if (measure === 'NOTICES') [['IN_TIME', done], ['SENT', of]].forEach(([part, count]) => compare(String(part), count as number | null));
            if (done !== null && of !== null && percent !== Math.floor((1000 * done) / of) / 10) faults.push(`${period} ${measure}.${rate} of ${place.division}: ${percent} is not ${done} of ${of}`);
          }
        }
      }
    }
    const missing = [...recounted].filter(([key, amount]) => key.endsWith(' 000000') && amount > 0 && !RECOUNTED.includes(key.split(' ')[0] ?? ''));
    if (missing.length > 0) faults.push(`${period}: recounted and compared with nothing: ${missing.map(([key]) => key).join(', ')}`);
  }
  return { faults, shown };
}

const RECOUNTED = ['NOTICES.SENT', 'NOTICES.IN_TIME', 'NOTICES.LATE', 'STAYS.OVER_1_MONTH', 'STAYS.OVER_3_MONTHS', 'SETTLEMENTS.ALL'];

interface Place { division: string; own: boolean; figures: { measure: string; parts: { part: string; count: number | null }[]; rates: { rate: string; done: number | null; of: number | null; percent: number | null }[] }[] }

async function figuresOf(desk: YearDesk, division: string, period: string): Promise<{ total: Place; children: Place[] }> {
  const place = 'division own figures { measure parts { part count } rates { rate done of percent } }';
  const { data, text } = await desk.hub.ask<{ statistics: { total: Place; children: Place[] } }>(`civil-${division}`, { purpose: 'SUPERVISION' }, `{ statistics(division: "${division}", period: "${period}") { total { ${place} } children { ${place} } } }`);
  if (!data?.statistics) throw new Error(text);
  return data.statistics;
}

/** County, prefecture, province and country of a division by the digits of its code; a municipality is a province without prefectures. */
function placesOf(division: string): string[] {
  const county = division.slice(0, 6);
  return [...new Set([county, ...(county.startsWith('12') ? [] : [`${county.slice(0, 4)}00`]), `${county.slice(0, 2)}0000`, '000000'])];
}

/** First day, and the day after the last. What stands is taken as it stood then. */
function boundsOf(period: string): [first: string, end: string] {
  const year = Number(period.slice(0, 4));
  const [from, months] = period.includes('Q') ? [3 * Number(period.slice(6)) - 2, 3] : period.length > 4 ? [Number(period.slice(5)), 1] : [1, 12];
  const day = (month: number): string => new Date(Date.UTC(year, month - 1, 1)).toISOString().slice(0, 10);
  return [day(from), day(from + months)];
}

/** Two working days after the sending, by the table of days as it now is. */
const IN_TIME_BY = `(SELECT max(day) FROM (SELECT day FROM generate_series(s.at::date + 1, s.at::date + 30, interval '1 day') AS d(day) LEFT JOIN guitu.calendar_days c ON c.day = d.day::date
  WHERE coalesce(c.working, extract(isodow FROM d.day) < 6) ORDER BY d.day LIMIT 2) two)::date`.replaceAll('SELECT day FROM generate_series', 'SELECT d.day FROM generate_series');

/** What was entered before the tenth of the month that follows. */
const KNOWN = "(date_trunc('month', s.at)::date + interval '1 month 9 days')";

const RECOUNT = `
WITH zone AS (SELECT set_config('TimeZone', 'Asia/Shanghai', TRUE)),
sendings AS (
  SELECT t.case_id, t.at, t.step, c.person_id, coalesce((SELECT x.agency_id FROM guitu.return_transitions x WHERE x.case_id = t.case_id AND x.step > t.step AND x.to_state = 'DISPUTED' AND EXISTS (
    SELECT FROM guitu.return_transitions r WHERE r.case_id = t.case_id AND r.step > x.step AND r.from_state = 'DISPUTED' AND r.to_state = 'SENT') ORDER BY x.step LIMIT 1), c.origin_agency) AS origin,
    (SELECT x.at FROM guitu.return_transitions x WHERE x.case_id = t.case_id AND x.step = t.step + 1 AND x.to_state = 'ACKNOWLEDGED') AS acknowledged_at
  FROM zone, guitu.return_transitions t JOIN guitu.return_cases c ON c.id = t.case_id WHERE t.to_state = 'SENT' AND t.at >= $1::date::timestamp AT TIME ZONE 'Asia/Shanghai' AND t.at < $2::date::timestamp AT TIME ZONE 'Asia/Shanghai'
), judged AS (
  SELECT s.*, a.division, CASE WHEN s.acknowledged_at < ${KNOWN} THEN s.acknowledged_at::date <= ${IN_TIME_BY} END AS in_time FROM sendings s JOIN guitu.agencies a ON a.id = s.origin
), counted AS (
  SELECT 'NOTICES.' || part AS part, division, person_id FROM judged CROSS JOIN LATERAL (SELECT 'SENT' AS part UNION ALL SELECT CASE WHEN in_time THEN 'IN_TIME' ELSE 'LATE' END WHERE in_time IS NOT NULL) parts
  UNION ALL
  SELECT 'STAYS.' || part, s.division, s.person_id FROM guitu.stays s CROSS JOIN (VALUES ('OVER_1_MONTH', interval '1 month'), ('OVER_3_MONTHS', interval '3 months')) AS terms(part, term)
  WHERE s.entered_on + term < $2::date AND (s.left_on IS NULL OR s.left_on >= $2::date)
  UNION ALL
  SELECT 'SETTLEMENTS.ALL', c.division, c.person_id FROM guitu.settlement_cases c WHERE (SELECT min(t.at) FROM guitu.settlement_transitions t WHERE t.settlement_id = c.id) < $2::date::timestamp AT TIME ZONE 'Asia/Shanghai'
) SELECT part, division, count(*)::integer AS amount FROM counted WHERE NOT EXISTS (SELECT FROM guitu.protections p WHERE p.person_id = counted.person_id) GROUP BY 1, 2`;
