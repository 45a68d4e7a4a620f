import { addMonths, dateOf } from '../../src/kernel/dates.js';
import type { RequestContext } from '../../src/kernel/request.js';
import { decide, type DecidingViewer } from '../../src/policy/decide.js';
import type { Policy, Rung } from '../../src/policy/language.js';
import type { RecordFacts } from '../support/facts.js';
import { valueOf } from './cell-values.js';
import { toldAsNotices } from '../reference/told-as-notices.js';
import type { RawRow, RawTables } from './twin-database.js';

/**
 * What the reference gives a viewer, as one text: every visible row with each cell's rung and what it shows at that rung, and what else a request of the
 * viewer may rightly depend on. Twin databases with equal texts must answer alike. Shares neither SQL nor compiler with the hub.
 */

/** Tables of the records that a viewer may see rows of. The answers of the returnee check and the members of households are told of apart. */
const RECORD_TABLES = { Person: 'persons', ReturnCase: 'return_cases', AtRiskEntry: 'at_risk_entries', SettlementCase: 'settlement_cases', Stay: 'stays', IdentityInquiry: 'identity_inquiries', MissingReport: 'missing_reports', RegisteredHousehold: 'registered_households', InboxItem: 'duty_notices', Correction: 'corrections' } as const;

export interface Seen { policy: Policy; facts: RecordFacts; tables: RawTables }

export function viewOf(stored: Seen, context: RequestContext): string {
  const seen = { ...stored, tables: toldAsNotices(stored.tables) };
  const rows = Object.entries(RECORD_TABLES).flatMap(([record, table]) => rowsOf(seen, table).flatMap((row) => recordView(seen, context, record, row)));
  return [...rows, ...checks(seen, context), ...comparisons(seen, context), ...ownBookkeeping(seen, context)].join('\n');
}

const decidingViewer = ({ viewer, purpose, matter, now }: RequestContext): DecidingViewer => ({ kind: viewer.kind, level: viewer.level, roles: viewer.roles, purpose, agency: viewer.agencyId, division: viewer.division, areas: viewer.areas, matter, at: now });

const rowsOf = (seen: Seen, table: string): readonly RawRow[] => (seen.tables[table] ?? []).toSorted((one, other) => (String(one['id']) < String(other['id']) ? -1 : 1));

/** Whether a record's row is visible; any cell tells. */
export function isVisible({ policy, facts }: Seen, context: RequestContext, record: string, id: string): boolean {
  const found = facts.get(record)?.get(id);
  const [cell = ''] = policy.records.get(record)?.cells.keys() ?? [];
  return found !== undefined && decide(policy, decidingViewer(context), record, found, cell).rowVisible;
}

/** The line of a record, or none where it is hidden. */
function recordView(seen: Seen, context: RequestContext, record: string, row: RawRow): string[] {
  const id = String(row['id']);
  if (!isVisible(seen, context, record, id)) return [];
  const rungs = rungsOf(seen, context, record, id);
  const cells = [...rungs].map(([cell, rung]) => `${cell}=${rung} ${JSON.stringify(shown(seen, context, record, row, cell, rung))}`);
  // `changedSince` asks for the instant of the last change; whoever holds version and transitions is given it.
  const changedAt = record === 'ReturnCase' && rungs.get('version') === 'FULL' && rungs.get('transitions') === 'FULL' ? [`changed=${String(row['changed_at'])}`] : [];
  return [[record, id, ...cells, ...changedAt].join(' ')];
}

function rungsOf({ policy, facts }: Seen, context: RequestContext, record: string, id: string): Map<string, Rung> {
  const found = facts.get(record)?.get(id);
  const cells = [...(policy.records.get(record)?.cells.keys() ?? [])];
  if (!found) throw new Error(`no facts of ${record} ${id}`);
  return new Map(cells.map((cell) => [cell, decide(policy, decidingViewer(context), record, found, cell).rung]));
}

function shown(seen: Seen, context: RequestContext, record: string, row: RawRow, cell: string, rung: Rung): unknown {
  if (rung === 'WITHHELD') return null;
  if (cell === 'person') return visiblePerson(seen, context, row['person_id']);
  if (cell === 'members' || cell === 'formerMembers') return membersOf(seen, context, row, cell === 'formerMembers');
  if (cell === 'referrals') return referralsOf(seen, context, row);
  return valueOf({ tables: seen.tables, today: dateOf(context.now) }, record, row, cell, rung);
}

/** The id of a linked person, which is shown where the person's own row is visible. */
function visiblePerson(seen: Seen, context: RequestContext, id: unknown): unknown {
  return typeof id === 'string' && isVisible(seen, context, 'Person', id) ? id : null;
}

/** Members in their order, each decided by itself. */
function membersOf(seen: Seen, context: RequestContext, household: RawRow, left: boolean): unknown[] {
  const members = rowsOf(seen, 'household_members').filter((member) => member['household_id'] === household['id'] && (member['until'] !== null) === left)
    .toSorted((one, other) => (left ? Date.parse(String(one['until'])) - Date.parse(String(other['until'])) : 0) || Number(one['position']) - Number(other['position']));
  return members.filter((member) => isVisible(seen, context, 'HouseholdMember', String(member['id']))).map((member) => {
    const rungs = rungsOf(seen, context, 'HouseholdMember', String(member['id']));
    return [...rungs].map(([cell, rung]) => [cell, rung, rung === 'WITHHELD' ? null : cell === 'matchedPerson' ? visiblePerson(seen, context, matchOf(seen, member)) : valueOf({ tables: seen.tables, today: dateOf(context.now) }, 'HouseholdMember', member, cell, rung)]);
  });
}

/** Referrals in their order, each decided by itself. */
function referralsOf(seen: Seen, context: RequestContext, { id }: RawRow): unknown[] {
  const referrals = rowsOf(seen, 'return_referrals').filter((referral) => referral['case_id'] === id).toSorted((one, other) => (String(one['referral_no']) < String(other['referral_no']) ? -1 : 1));
  return referrals.filter((referral) => isVisible(seen, context, 'AidReferral', String(referral['id']))).map((referral) => {
    const rungs = rungsOf(seen, context, 'AidReferral', String(referral['id']));
    return [...rungs].map(([cell, rung]) => [cell, rung, rung === 'WITHHELD' ? null : valueOf({ tables: seen.tables, today: dateOf(context.now) }, 'AidReferral', referral, cell, rung)]);
  });
}

/** The first person that a member matched and that is not protected. */
function matchOf({ tables }: Seen, member: RawRow): unknown {
  const isProtected = (person: unknown): boolean => (tables['protections'] ?? []).some((protection) => protection['person_id'] === person);
  return (tables['household_matches'] ?? []).filter((match) => match['member_id'] === member['id'] && !isProtected(match['person_id'])).map((match) => String(match['person_id'])).toSorted()[0] ?? null;
}

/** What the returnee check would answer about every number there is: county and agency of the newest case that may be told of. */
function checks(seen: Seen, context: RequestContext): string[] {
  return rowsOf(seen, 'persons').flatMap((person) => {
    if (typeof person['id_number_hash'] !== 'string') return [];
    const cases = rowsOf(seen, 'return_cases').filter((row) => row['person_id'] === person['id'] && isVisible(seen, context, 'ReturneeCheck', String(row['id'])));
    const [newest] = cases.toSorted((one, other) => sentAt(other) - sentAt(one));
    return newest ? [`check ${person['id_number_hash']} ${String(newest['origin_division']).slice(0, 6)} ${String(newest['origin_agency'])}`] : [];
  });
}

const sentAt = (row: RawRow): number => (row['sent_at'] === null ? -Infinity : Date.parse(String(row['sent_at'])));

/** What a station is given when it compares the person of the inquiry whose number it states: open reports that fit, the likeliest first. */
function comparisons(seen: Seen, { viewer, purpose, matter }: RequestContext): string[] {
  const isProtected = (person: unknown): boolean => rowsOf(seen, 'protections').some((protection) => protection['person_id'] === person);
  const inquiry = rowsOf(seen, 'identity_inquiries').find((row) => row['station'] === viewer.agencyId && row['inquiry_no'] === matter);
  if (purpose !== 'IDENTITY' || !inquiry || isProtected(inquiry['person_id'])) return [];
  const entered = rowsOf(seen, 'stays').filter((stay) => stay['person_id'] === inquiry['person_id'] && stay['station'] === viewer.agencyId && stay['left_on'] === null).map((stay) => String(stay['entered_on'])).toSorted().at(-1);
  const held = rowsOf(seen, 'persons').find(({ id }) => id === inquiry['person_id']) ?? {};
  if (entered === undefined) return [];
  const hits = rowsOf(seen, 'inquiry_candidates').filter((hit) => hit['inquiry_id'] === inquiry['id'] && hit['suppressed'] === false && hit['rejected_reason'] === null);
  const given = rowsOf(seen, 'missing_candidates').filter((one) => one['inquiry_id'] === inquiry['id']);
  const waiting = given.filter((one) => one['verdict'] === null && one['ended'] === false && !isProtected(one['person_id'])).length;
  const sameNumber = ({ person_id: person }: RawRow): boolean => person !== null && (person === held['id'] || hits.some((hit) => hit['person_id'] === person));
  const sameName = ({ name }: RawRow): boolean => name === inquiry['called_name'] || name === held['name'] || hits.some((hit) => hit['name'] === name);
  const years = ({ born_on: born }: RawRow): number => (born === null || held['born_on'] === null ? Infinity : Math.abs(Date.parse(String(born)) - Date.parse(String(held['born_on']))));
  const found = rowsOf(seen, 'missing_reports').filter((report) => report['state'] === 'OPEN' && String(report['missing_since']) <= entered && !isProtected(report['person_id']) && !given.some((one) => one['report_id'] === report['id']))
    .filter((report) => sameNumber(report) || (fitsSex(report['sex'], held['sex']) && fitsAge(report['born_on'], held['born_on'])))
    .toSorted((one, other) => Number(sameNumber(other)) - Number(sameNumber(one)) || Number(sameName(other)) - Number(sameName(one)) || (years(one) === years(other) ? 0 : years(one) - years(other))
      || Date.parse(String(other['missing_since'])) - Date.parse(String(one['missing_since'])) || (String(one['report_no']) < String(other['report_no']) ? -1 : 1));
  return [`compare ${String(inquiry['id'])} ${JSON.stringify(found.slice(0, Math.max(0, 10 - waiting)).map((report) => ['report_no', 'reporter', 'name', 'sex', 'born_on', 'home_division', 'missing_since', 'looks'].map((name) => report[name])))}`];
}

const fitsSex = (one: unknown, other: unknown): boolean => one === other || [one, other].some((sex) => sex !== 'MALE' && sex !== 'FEMALE');
const fitsAge = (one: unknown, other: unknown): boolean => one === null || other === null || (String(one) >= addMonths(String(other), -60) && String(one) <= addMonths(String(other), 60));

/** Keys and allowances that the viewer's own agency has used, which its next request may meet. */
function ownBookkeeping({ tables }: Seen, { viewer }: RequestContext): string[] {
  return ['idempotency_keys', 'rate_windows'].flatMap((table) => (tables[table] ?? []).filter((row) => row['agency_id'] === viewer.agencyId).map((row) => `${table} ${JSON.stringify(row)}`));
}
