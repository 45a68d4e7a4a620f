import type { YearDesk } from './year-desk.js';

/**
 * What the duties of a year should have become, found once more from the rows alone, day by day and without a function of `src`: when each ended, reminded, was late, and whom it rose to.
 * Each difference is a line.
 */

interface Duty extends Record<string, unknown> {
  id: string; step: string; record: string; owner: string; division: string; started: string; startedMs: number; dueOn: string; dueMs: number; remindedMs: number | null; overdueMs: number | null; endedMs: number | null;
  amount: number; unit: string; provisional: boolean; reason: string; raised: { agency: string; atMs: number }[];
}

/** Terms of ledgers.md, by hand: [amount, unit]. */
const TERMS: Record<string, [number, string]> = {
  sendReturnNotice: [3, 'workingDays'], acknowledgeReturn: [2, 'workingDays'], receiveReturnee: [5, 'workingDays'], rerouteReturn: [2, 'workingDays'], reportRefusalUp: [2, 'workingDays'], coordinateReturn: [3, 'workingDays'], coordinateReturnAtMinistry: [5, 'workingDays'],
  recordHomeCheck: [10, 'workingDays'], recordHomeCheckOfMinor: [5, 'workingDays'], referForAid: [3, 'workingDays'], answerReferral: [10, 'workingDays'], acceptForSettlement: [5, 'workingDays'], enrolAtRisk: [5, 'workingDays'], reviewAtRiskEntry: [5, 'workingDays'], completeAtRiskEntry: [5, 'workingDays'],
  sendRoster: [2, 'workingDays'], recordFirstVisit: [10, 'workingDays'], recordVisit: [2, 'calendarMonths'], stationRevisit: [1, 'calendarYears'], reportWandering: [24, 'hours'], answerWandering: [24, 'hours'], acceptTransfer: [5, 'workingDays'],
  publishTracing: [24, 'hours'], requestDna: [7, 'workingDays'], sampleDna: [1, 'calendarMonths'], updateTracing: [1, 'calendarMonths'], updateTracingAgain: [1, 'calendarMonths'], answerInquiry: [10, 'workingDays'], passInquiryUp: [3, 'workingDays'],
  settlementDue: [3, 'calendarMonths'], applyForSettlement: [10, 'workingDays'], submitSettlementPlan: [2, 'calendarMonths'], recordGovernmentDecision: [1, 'calendarMonths'], fileHukou: [5, 'workingDays'], placeInInstitution: [10, 'workingDays'],
  registerHukou: [20, 'workingDays'], assessSupport: [10, 'workingDays'], confirmHouseholdFlag: [10, 'workingDays'], answerCorrection: [10, 'workingDays'],
};
/** Only their owner is told of these (ledgers.md: "reminder only"); a refusal that a level does not settle in time passes up itself. */
const NOT_RAISED = ['submitSettlementPlan', 'recordGovernmentDecision', 'coordinateReturn'];
/** A day that comes; on it the clock acts, and nobody is late. */
const MERE_DAYS = ['settlementDue'];

const DAY = 86_400_000;
const CHINA = 8 * 3_600_000;
const dayOf = (ms: number): string => new Date(ms + CHINA).toISOString().slice(0, 10);
const midnight = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);
const next = (day: string, by = 1): string => new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY).toISOString().slice(0, 10);

class Calendar {
  constructor(private readonly days: ReadonlyMap<string, boolean>) {}

  isWorked(day: string): boolean {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    return this.days.get(day) ?? (weekday > 0 && weekday < 6);
  }

  worked(from: string, count: number, direction: 1 | -1 = 1): string {
    let day = from;
    for (let left = count; left > 0;) {
      day = next(day, direction);
      if (this.isWorked(day)) left -= 1;
    }
    return day;
  }
}

function monthsOn(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** @param importedAt when the calendar of the next year came in */
export async function checkYear(desk: YearDesk, begun: Date, ended: Date, importedAt: Date): Promise<{ faults: string[]; duties: number; late: number; raised: number; byStep: Map<string, number> }> {
  const calendarRows = await desk.owner<{ day: string; working: boolean }>('SELECT day::text AS day, working FROM guitu.calendar_days');
  const after = new Calendar(new Map(calendarRows.map(({ day, working }) => [day, working])));
  const before = new Calendar(new Map(calendarRows.filter(({ day }) => day < '2027').map(({ day, working }) => [day, working])));
  const parents = new Map((await desk.owner<{ code: string; parent: string | null }>('SELECT code, parent FROM guitu.divisions')).map(({ code, parent }) => [code, parent]));
  const civil = new Map((await desk.owner<{ division: string; id: string }>("SELECT division, id FROM guitu.agencies WHERE kind = 'CIVIL_AFFAIRS' AND suspended_at IS NULL ORDER BY code DESC")).map(({ division, id }) => [division, id]));
  const duties = await desk.owner<Duty>(DUTIES, [begun]);
  const faults: string[] = [];
  const byStep = new Map<string, number>();
  for (const duty of duties) {
    byStep.set(duty.step, (byStep.get(duty.step) ?? 0) + 1);
    const wrong = (what: string, is: unknown, should: unknown): void => { if (is !== should) faults.push(`${duty.step} of ${duty.record}, started ${duty.started}: ${what} is ${String(is)}, should be ${String(should)}`); };
    const term = TERMS[duty.step];
    if (!term) {
      faults.push(`${duty.step} stands in no table`);
      continue;
    }
    const directed = duty.reason.includes('协调决定');
    if (!directed) wrong('the term', `${duty.amount} ${duty.unit}`, term.join(' '));
    // Counted again once the next year was known, unless it had ended by then.
    const known = duty.startedMs >= importedAt.getTime() || (duty.endedMs === null || duty.endedMs >= importedAt.getTime()) ? after : before;
    const [amount, unit] = term;
    const dueMs = directed ? duty.dueMs : unit === 'hours' ? duty.startedMs + amount * 3_600_000
      : midnight(next(unit === 'workingDays' ? known.worked(duty.started, amount) : monthsOn(duty.started, unit === 'calendarYears' ? 12 * amount : amount)));
    wrong('the end', new Date(duty.dueMs).toISOString(), new Date(dueMs).toISOString());
    const lastMs = Math.min(duty.endedMs ?? Infinity, ended.getTime() + 1);
    // What the clock itself ends at the end of its term was late all the same.
    const isLate = !MERE_DAYS.includes(duty.step) && (dueMs < lastMs || (duty.step === 'coordinateReturn' && duty.endedMs === dueMs));
    wrong('called late at', duty.overdueMs, isLate ? dueMs : null);
    checkReminder(duty, dueMs, lastMs, [before, after], wrong, directed, unit);
    checkRaised(duty, dueMs, lastMs, isLate ? superiorsOf(duty, parents, civil) : [], [before, after], importedAt, wrong);
  }
  for (const { no, duties: many, ended, endedMs, metMs, elsewhere } of await desk.owner<Revisit>(REVISITS, [begun])) {
    const should = metMs !== null ? ['DONE', metMs] : elsewhere ? ['VOID', endedMs] : [null, null];
    if (Number(many) !== 1 || ended !== should[0] || endedMs !== should[1]) faults.push(`the revisit of ${no}: ${String(many)} duties, ended ${String(ended)} at ${String(endedMs)}, should be one, ended ${String(should[0])} at ${String(should[1])}`);
  }
  const told = await desk.owner<{ topic: string; count: number }>("SELECT topic, count(*)::integer AS count FROM guitu.outbox WHERE topic LIKE 'duty.%' AND at >= $1 GROUP BY topic", [begun]);
  const [done = {}] = await desk.owner<Record<string, number>>(DONE, [begun]);
  for (const [topic, count] of Object.entries(done)) {
    const sent = told.find((one) => one.topic === topic)?.count ?? 0;
    if (sent !== count) faults.push(`${topic} was announced ${sent} times for ${count} that were done`);
  }
  return { faults, duties: duties.length, late: duties.filter(({ overdueMs }) => overdueMs !== null).length, raised: duties.reduce((sum, { raised }) => sum + raised.length, 0), byStep };
}

type Wrong = (what: string, is: unknown, should: unknown) => void;

/** One working day before, when offices open; of hours, four before. Either calendar will do: the day may have been told before the next year was known. */
function checkReminder(duty: Duty, dueMs: number, lastMs: number, calendars: readonly Calendar[], wrong: Wrong, directed: boolean, unit: string): void {
  const lastDay = dayOf(dueMs - 1);
  const candidates = unit === 'hours' && !directed ? [dueMs - 4 * 3_600_000]
    : directed ? [midnight(next(lastDay, -1)) + 9 * 3_600_000]
      : calendars.flatMap((calendar, index) => {
        const day = unit === 'workingDays' && index === 0 ? calendar.worked(duty.started, duty.amount) : lastDay;
        return [midnight(calendar.worked(day, 1, -1)) + 9 * 3_600_000];
      });
  if (duty.remindedMs !== null) {
    if (!candidates.includes(duty.remindedMs)) wrong('reminded at', new Date(duty.remindedMs).toISOString(), candidates.map((ms) => new Date(ms).toISOString()).join(' or '));
    return;
  }
  // Not reminded: the day lay before it began, or it was done before.
  wrong('a reminder that was never given', candidates.every((ms) => ms > duty.startedMs && ms < lastMs), false);
}

/** The civil affairs departments above the owner, the nearest first; its own place's, unless it is that itself. */
function superiorsOf(duty: Duty, parents: ReadonlyMap<string, string | null>, civil: ReadonlyMap<string, string>): string[] {
  if (NOT_RAISED.includes(duty.step)) return [];
  const above: string[] = [];
  for (let division: string | null | undefined = duty.division; division; division = parents.get(division)) {
    const agency = civil.get(division);
    if (agency !== undefined && agency !== duty.owner) above.push(agency);
  }
  return above;
}

/** At once to the nearest, then one level up for every three working days that it goes on. */
function checkRaised(duty: Duty, dueMs: number, lastMs: number, superiors: readonly string[], [before, after]: readonly Calendar[], importedAt: Date, wrong: Wrong): void {
  const should: string[] = [];
  let at = dueMs;
  for (const agency of superiors) {
    if (at >= lastMs) break;
    should.push(`${agency} ${new Date(at).toISOString()}`);
    const calendar = at >= importedAt.getTime() ? after : before;
    at = midnight(next(calendar?.worked(dayOf(at - 1), 3) ?? ''));
  }
  wrong('the way up', duty.raised.map(({ agency, atMs }) => `${agency} ${new Date(atMs).toISOString()}`).join(', '), should.join(', '));
}

const MS = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

interface Revisit extends Record<string, unknown> { no: string; duties: string; ended: string | null; endedMs: number | null; metMs: number | null; elsewhere: boolean }

const SHANGHAI = (column: string): string => `(${column} AT TIME ZONE 'Asia/Shanghai')::date`;

/** Each return by which a station received somebody: its duties of a revisit, when the station first met the person, by either ledger, and whether it was settled elsewhere before. */
const REVISITS = `
WITH came AS (
  SELECT c.id, c.case_no, c.person_id, c.origin_agency, c.hukou_agency, ${SHANGHAI('min(t.at)')} AS home_on FROM guitu.return_cases c JOIN guitu.agencies a ON a.id = c.origin_agency AND a.kind = 'RESCUE_STATION'
    JOIN guitu.return_transitions t ON t.case_id = c.id AND t.to_state IN ('RECEIVED', 'AT_HOME') AND t.from_state IS NOT NULL WHERE c.confirmed_at IS NOT NULL AND t.at >= $1 GROUP BY c.id
), visits AS (
  SELECT c.person_id, v.agency_id, v.visited_on, v.at FROM guitu.return_revisits v JOIN guitu.return_cases c ON c.id = v.case_id WHERE v.result <> 'NOBODY_THERE'
  UNION ALL SELECT e.person_id, v.agency_id, v.visited_on, v.at FROM guitu.follow_up_visits v JOIN guitu.at_risk_entries e ON e.id = v.entry_id WHERE v.regime = 'STATION' AND v.result <> 'NOBODY_THERE'
) SELECT c.case_no AS no, (SELECT count(*) FROM guitu.duties d WHERE d.record_id = c.id AND d.step = 'stationRevisit') AS duties, d.ended, ${MS('d.ended_at')} AS "endedMs",
  (SELECT ${MS('min(v.at)')} FROM visits v WHERE v.person_id = c.person_id AND v.agency_id = c.origin_agency AND v.visited_on >= c.home_on) AS "metMs",
  EXISTS (SELECT FROM guitu.return_transitions t WHERE t.case_id = c.id AND t.to_state = 'SETTLING' AND c.hukou_agency <> c.origin_agency) AS elsewhere
FROM came c LEFT JOIN guitu.duties d ON d.record_id = c.id AND d.step = 'stationRevisit'`;

/** What was done since, of duties that the world began as well. */
const DONE = `
SELECT count(*) FILTER (WHERE reminded_at >= $1)::integer AS "duty.reminded", count(*) FILTER (WHERE overdue_at >= $1)::integer AS "duty.overdue",
  (SELECT count(*)::integer FROM guitu.duty_notices WHERE kind = 'RAISED' AND at >= $1) AS "duty.raised" FROM guitu.duties`;

const DUTIES = `
SELECT d.id, d.step, d.record, d.owner, a.division, (d.started_at AT TIME ZONE 'Asia/Shanghai')::date::text AS started, ${MS('d.started_at')} AS "startedMs", d.due_on::text AS "dueOn", ${MS('d.due_at')} AS "dueMs", ${MS('d.reminded_at')} AS "remindedMs",
  ${MS('d.overdue_at')} AS "overdueMs", ${MS('d.ended_at')} AS "endedMs", d.amount, d.unit, d.provisional, d.reason,
  coalesce((SELECT json_agg(json_build_object('agency', n.agency_id, 'atMs', ${MS('n.at')}) ORDER BY n.at) FROM guitu.duty_notices n WHERE n.duty_id = d.id AND n.kind = 'RAISED'), '[]') AS raised
FROM guitu.duties d JOIN guitu.agencies a ON a.id = d.owner WHERE d.started_at >= $1 ORDER BY d.started_at, d.id`;
