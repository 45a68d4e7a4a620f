import type { Client } from 'pg';

/** The figures of a month, counted once more from the stored rows in plain JavaScript, by the sentences of the rules and not by the hub's SQL. Keys are `MEASURE.PART|place`. */

type Row = Record<string, string | null>;
export interface RawLedgers { [table: string]: Row[] }

const TABLES = ['agencies', 'persons', 'protections', 'duties', 'duty_notices', 'return_cases', 'return_transitions', 'return_revisits', 'at_risk_entries', 'follow_up_visits', 'stays', 'settlement_cases', 'settlement_transitions', 'identity_inquiries', 'inquiry_transitions', 'registered_households', 'household_flags', 'household_matches'];

export async function readRaw(owner: Client): Promise<RawLedgers> {
  const read: RawLedgers = {};
  for (const table of TABLES) read[table] = (await owner.query<{ row: Row }>(`SELECT to_jsonb(t) AS row FROM guitu.${table} t`)).rows.map(({ row }) => row);
  return read;
}

const instant = (text: string | null | undefined): number => Date.parse(text ?? '');
/** Day in China. */
const dayOf = (text: string | null | undefined): string => new Date(instant(text) + 8 * 3_600_000).toISOString().slice(0, 10);
const midnight = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);

/** The same day so many months later, or the last of a month that lacks it. */
function later(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(date, last))).toISOString().slice(0, 10);
}

/** The county of a code; what lies in a larger division itself is its own. */
const placeOf = (division: string): string => (division.slice(4, 6) === '00' ? `${division.slice(0, 6)}*` : division.slice(0, 6));

export function recount(raw: RawLedgers, month: string): Map<string, number> {
  const first = `${month}-01`;
  const end = later(first, 1);
  const knownBy = midnight(`${end.slice(0, 7)}-10`);
  const inMonth = (day: string): boolean => first <= day && day < end;
  const counts = new Map<string, number>();
  const count = (measure: string, division: string): void => void counts.set(`${measure}|${placeOf(division)}`, (counts.get(`${measure}|${placeOf(division)}`) ?? 0) + 1);
  const table = (name: string): Row[] => raw[name] ?? [];
  const byId = (name: string): Map<string, Row> => new Map(table(name).map((row) => [row['id'] ?? '', row]));
  const [agencies, persons, cases, entries] = [byId('agencies'), byId('persons'), byId('return_cases'), byId('at_risk_entries')];
  const hidden = new Set(table('protections').map((row) => row['person_id']));
  const households = byId('registered_households');

  for (const duty of table('duties')) {
    const step = duty['step'] ?? '';
    if (['stationRevisit', 'settlementDue', 'visitTerm'].includes(step) || hidden.has(duty['person_id'] ?? null)) continue;
    const owner = agencies.get(duty['owner'] ?? '');
    const [dueOn, dueAt, endedAt] = [duty['due_on'] ?? '', instant(duty['due_at']), duty['ended_at'] === null ? Infinity : instant(duty['ended_at'])];
    const notice = step === 'acknowledgeReturn';
    if (!inMonth(notice ? dayOf(duty['started_at']) : dueOn)) continue;
    if (!notice && duty['ended'] === 'VOID' && endedAt < dueAt) continue;
    const open = `OPEN_${Math.min(4, table('duty_notices').filter((told) => told['duty_id'] === duty['id'] && told['kind'] === 'RAISED' && instant(told['at']) < knownBy).length)}`;
    if (step === 'recordVisit' || step === 'recordFirstVisit') {
      const from = dayOf(duty['started_at']);
      const met = table('follow_up_visits').filter((visit) => visit['entry_id'] === duty['record_id'] && visit['agency_id'] === duty['owner'] && visit['regime'] === 'TOWNSHIP' && visit['result'] !== 'NOBODY_THERE'
        && instant(visit['at']) < knownBy && (step === 'recordVisit' ? (visit['visited_on'] ?? '') > from : (visit['visited_on'] ?? '') >= from)).map((visit) => visit['visited_on'] ?? '').toSorted()[0];
      count(`TOWNSHIP_VISITS.${met === undefined ? open : met <= dueOn ? 'IN_TIME' : 'LATE'}`, owner?.['division'] ?? '');
      continue;
    }
    const outcome = endedAt >= knownBy ? open : duty['ended'] === 'VOID' ? 'LAPSED' : endedAt < dueAt ? 'IN_TIME' : 'LATE';
    count(`${notice ? 'NOTICES' : `DUTY.${step}`}.${outcome}`, owner?.['division'] ?? '');
  }

  for (const [id, one] of cases) {
    const station = agencies.get(one['origin_agency'] ?? '');
    if (station?.['kind'] !== 'RESCUE_STATION' || one['confirmed_at'] === null || one['state'] === 'RECALLED' || hidden.has(one['person_id'] ?? null)) continue;
    const home = one['received_at'] ?? table('return_transitions').filter((step) => step['case_id'] === id && step['to_state'] === 'AT_HOME').map((step) => step['at']).toSorted()[0];
    if (!home) continue;
    const homeOn = dayOf(home);
    const yearEnds = later(homeOn, 12);
    if (!inMonth(yearEnds)) continue;
    const born = persons.get(one['person_id'] ?? '')?.['born_on'];
    const minor = !born || later(born, 216) > homeOn;
    const own = new Set([...entries.values()].filter((entry) => entry['person_id'] === one['person_id']).map((entry) => entry['id']));
    const returns = new Set([...cases.values()].filter((other) => other['person_id'] === one['person_id']).map((other) => other['id']));
    const visits = [...table('follow_up_visits').filter((visit) => own.has(visit['entry_id'] ?? null) && visit['regime'] === 'STATION'), ...table('return_revisits').filter((visit) => returns.has(visit['case_id'] ?? null))];
    const met = visits.some((visit) => visit['agency_id'] === one['origin_agency'] && visit['result'] !== 'NOBODY_THERE'
      && instant(visit['at']) < knownBy && (visit['visited_on'] ?? '') >= homeOn && (visit['visited_on'] ?? '') <= yearEnds);
    count(`REVISITS.${minor ? 'MINORS' : 'ADULTS'}_${met ? 'DONE' : 'NOT_DONE'}`, station['division'] ?? '');
  }

  for (const stay of table('stays')) {
    if (hidden.has(stay['person_id'] ?? null) || (stay['left_on'] !== null && (stay['left_on'] ?? '') < end) || later(stay['entered_on'] ?? '', 1) >= end) continue;
    count(`STAYS.${later(stay['entered_on'] ?? '', 3) < end ? 'OVER_3_MONTHS' : 'UP_TO_3_MONTHS'}`, stay['division'] ?? '');
  }

  for (const one of table('settlement_cases')) {
    const steps = table('settlement_transitions').filter((step) => step['settlement_id'] === one['id'] && instant(step['at']) < midnight(end)).toSorted((a, b) => Number(a['step']) - Number(b['step']));
    if (steps.length > 0 && !hidden.has(one['person_id'] ?? null)) count(`SETTLEMENTS.${steps.at(-1)?.['to_state']}`, one['division'] ?? '');
  }

  for (const one of table('identity_inquiries')) {
    const last = table('inquiry_transitions').filter((step) => step['inquiry_id'] === one['id'] && instant(step['at']) < midnight(end)).toSorted((a, b) => Number(a['step']) - Number(b['step'])).at(-1);
    if (!last || ['IDENTIFIED', 'WITHDRAWN'].includes(last['to_state'] ?? '') || hidden.has(one['person_id'] ?? null)) continue;
    count(`INQUIRIES.${last['to_state'] === 'EXHAUSTED' ? 'EXHAUSTED' : last['level']}`, one['division'] ?? '');
  }

  for (const flag of table('household_flags')) {
    const stands = table('household_matches').some((match) => match['household_id'] === flag['household_id'] && !hidden.has(match['person_id'] ?? null) && later(persons.get(match['person_id'] ?? '')?.['born_on'] ?? '9000-01-01', 216) <= end);
    if (flag['state'] === 'CONFIRMED' && (flag['release_on'] ?? '') < end && stands) count('FLAGGED_HOUSEHOLDS.CONFIRMED', households.get(flag['household_id'] ?? '')?.['division'] ?? '');
  }
  return counts;
}
