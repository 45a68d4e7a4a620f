import { endDuties } from '../../delivery/duties.js';
import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { dateOf } from '../../kernel/dates.js';
import { idNumberOf, requiredText, textOf } from '../input-words.js';
import { isWithin } from '../../kernel/divisions.js';
import { uuidOf } from '../identifiers.js';
import { matchHouseholds } from '../links.js';
import { findStep } from '../machine.js';
import type { LedgerServices } from '../workbench.js';
import { ID_NUMBER_HASH } from '../id-number-hash.js';
import { releaseDay } from './households.release.js';
import { FLAG_STEPS, type FlagState } from './households.transitions.js';
import type { FlagHouseholdsInput, HouseholdFlagInput, HouseholdInput, RecordHouseholdHelpInput, RegisterHouseholdsInput } from './households.type.js';

/** The only writer of the household tables. */

/** Households a call, at most. */
export const HOUSEHOLDS_PER_CALL = 1_000;
const MEMBERS_PER_HOUSEHOLD = 50;

export interface RowFault { row: number; field: string; code: string; zh: string; en: string }
interface MemberRow { household_no: string; position: number; name: string; sealed: string; hash: string; born_on: string; relation: string | null }
interface HouseholdRow { household_no: string; head_name: string; division: string; kind: string; members: MemberRow[] }

/** Registers or renews households with their members. Good rows go in, faulty ones come back with their place; the same call again changes nothing. */
export function registerHouseholds(services: LedgerServices, request: WriteRequest, input: RegisterHouseholdsInput): Promise<{ registered: number; updated: number; refused: RowFault[] }> {
  if (input.households.length > HOUSEHOLDS_PER_CALL) throw badInput('input.households', `一次至多 ${HOUSEHOLDS_PER_CALL} 户`, `at most ${HOUSEHOLDS_PER_CALL} households a call`);
  return perform(services, request, async (write) => {
    const refused: RowFault[] = [];
    const rows: HouseholdRow[] = [];
    const known = await knownDivisions(write, input.households.map((household) => household.division));
    for (const [row, household] of input.households.entries()) {
      try {
        const read = readHousehold(services, write, household, known);
        if (rows.some((other) => other.household_no === read.household_no)) throw badInput('householdNo', '本次提交中户编号重复', 'the household number stands twice in this call');
        rows.push(read);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused.push({ row, field: error.detail.field ?? '', code: error.code, zh: error.sentence('zh'), en: error.sentence('en') });
      }
    }
    await write.openAll('RegisteredHousehold', await ownHouseholds(write, rows.map((row) => row.household_no)), 'input.households');
    const stored = await storeHouseholds(write, rows);
    await matchHouseholds(write, { households: stored.map(({ id }) => id) });
    await write.settle('RegisteredHousehold', stored.map(({ id }) => id), 'household.registered');
    const registered = stored.filter(({ fresh }) => fresh).length;
    return { registered, updated: stored.length - registered, refused };
  });
}

/** Ids of the office's own households of these numbers, or of all. */
async function ownHouseholds(write: WriteTransaction, numbers: readonly string[] | null): Promise<string[]> {
  const rows = await write.query<{ id: string }>('SELECT id FROM guitu.registered_households WHERE office = $1 AND ($2::text[] IS NULL OR household_no = ANY ($2))', [write.context.viewer.agencyId, numbers]);
  return rows.map(({ id }) => id);
}

async function knownDivisions(write: WriteTransaction, codes: readonly string[]): Promise<Set<string>> {
  const rows = await write.query<{ code: string }>('SELECT code FROM guitu.divisions WHERE code = ANY ($1) AND valid_until IS NULL', [codes]);
  return new Set(rows.map(({ code }) => code));
}

function readHousehold(services: LedgerServices, write: WriteTransaction, input: HouseholdInput, known: ReadonlySet<string>): HouseholdRow {
  const householdNo = requiredText(input.householdNo, 'householdNo', 60);
  if (!known.has(input.division)) throw badInput('division', '没有这个行政区划代码', 'no such division code');
  if (!isWithin(input.division, write.context.viewer.areas)) throw badInput('division', '该户不在贵单位辖区内', 'the household lies outside your area');
  if (input.members.length === 0) throw badInput('members', '至少填写一名家庭成员', 'a household has at least one member');
  if (input.members.length > MEMBERS_PER_HOUSEHOLD) throw badInput('members', `一户至多 ${MEMBERS_PER_HOUSEHOLD} 人`, `at most ${MEMBERS_PER_HOUSEHOLD} members a household`);
  const members = input.members.map((member, position): MemberRow => {
    const idNumber = idNumberOf(member.idNumber, `members.${position}.idNumber`, services.acceptSynthetic);
    if (!idNumber) throw badInput(`members.${position}.idNumber`, '身份证号不能为空', 'the ID number may not be empty');
    return {
      household_no: householdNo, position, name: requiredText(member.name, `members.${position}.name`, 100), sealed: services.keyRing.sealValue(idNumber.number18),
      hash: services.keyRing.keyedHash(ID_NUMBER_HASH, idNumber.number18), born_on: idNumber.bornOn, relation: textOf(member.relation, `members.${position}.relation`, 30),
    };
  });
  const twice = members.findIndex((member, index) => members.findIndex((other) => other.hash === member.hash) !== index);
  if (twice >= 0) throw badInput(`members.${twice}.idNumber`, '同一户内身份证号重复', 'the ID number stands twice in this household');
  return { household_no: householdNo, head_name: requiredText(input.headName, 'headName', 100), division: input.division, kind: input.kind, members };
}

/** Upserts in three statements, whatever the number of households; each household's row is locked by its upsert. */
async function storeHouseholds(write: WriteTransaction, rows: readonly HouseholdRow[]): Promise<{ id: string; household_no: string; fresh: boolean }[]> {
  const stored = await write.query<{ id: string; household_no: string; fresh: boolean }>(
    `INSERT INTO guitu.registered_households (office, household_no, head_name, division, kind)
     SELECT $1, household_no, head_name, division, kind FROM json_to_recordset($2::json) AS t(household_no text, head_name text, division text, kind text) ORDER BY household_no
     ON CONFLICT (office, household_no) DO UPDATE SET head_name = excluded.head_name, division = excluded.division, kind = excluded.kind
     RETURNING id, household_no, xmax = 0 AS fresh`, [write.context.viewer.agencyId, JSON.stringify(rows)]);
  await storePeriods(write, stored.map(({ id }) => id));
  const idOf = new Map(stored.map(({ id, household_no: no }) => [no, id]));
  const members = rows.flatMap((row) => row.members.map((member) => ({ ...member, household_id: idOf.get(row.household_no) })));
  const values = [JSON.stringify(members)];
  // Civil affairs decided on these members. Any other set begins anew, hit or no hit: else the office could try numbers against a confirmed flag.
  await write.query(
    `SELECT guitu.unmatch_households(array_agg(changed.household_id)) FROM (
       SELECT household_id FROM (
         SELECT household_id, id_number_hash AS hash, 1 AS stored, 0 AS sent FROM guitu.household_members WHERE until IS NULL AND household_id IN (SELECT household_id FROM json_to_recordset($1::json) AS t(household_id uuid))
         UNION ALL SELECT household_id, hash, 0, 1 FROM json_to_recordset($1::json) AS t(household_id uuid, hash text)
       ) both_sets GROUP BY household_id, hash HAVING sum(stored) <> sum(sent)
     ) changed`, values);
  await write.query(
    `UPDATE guitu.household_members m SET until = $2 WHERE m.until IS NULL AND m.household_id IN (SELECT household_id FROM json_to_recordset($1::json) AS t(household_id uuid))
     AND NOT EXISTS (SELECT FROM json_to_recordset($1::json) AS t(household_id uuid, hash text) WHERE t.household_id = m.household_id AND t.hash = m.id_number_hash)`, [...values, write.at]);
  await write.query(
    `INSERT INTO guitu.household_members (household_id, position, name, id_number_sealed, id_number_hash, born_on, relation, since)
     SELECT household_id, position, name, sealed, hash, born_on, relation, $2 FROM json_to_recordset($1::json) AS t(household_id uuid, position integer, name text, sealed text, hash text, born_on date, relation text)
     ON CONFLICT (household_id, id_number_hash) WHERE until IS NULL DO UPDATE SET position = excluded.position, name = excluded.name, relation = excluded.relation`, [...values, write.at]);
  return stored;
}

/** What held until now ends where kind, head or division is another; the same again ends nothing. */
async function storePeriods(write: WriteTransaction, ids: readonly string[]): Promise<void> {
  const { agencyId, user } = write.context.viewer;
  await write.query(
    `UPDATE guitu.household_periods p SET until = $2 FROM guitu.registered_households h
     WHERE h.id = p.household_id AND h.id = ANY ($1) AND p.until IS NULL AND (p.head_name, p.division, p.kind) IS DISTINCT FROM (h.head_name, h.division, h.kind)`, [ids, write.at]);
  await write.query(
    `INSERT INTO guitu.household_periods (household_id, step, since, head_name, division, kind, agency_id, by_user)
     SELECT h.id, (SELECT count(*) + 1 FROM guitu.household_periods p WHERE p.household_id = h.id), $2, h.head_name, h.division, h.kind, $3, $4 FROM guitu.registered_households h
     WHERE h.id = ANY ($1) AND NOT EXISTS (SELECT FROM guitu.household_periods p WHERE p.household_id = h.id AND p.until IS NULL)`, [ids, write.at, agencyId, user]);
}

/** Flags households for matching. How many were taken is all that the office learns. */
export function flagHouseholds(services: LedgerServices, request: WriteRequest, input: FlagHouseholdsInput): Promise<{ accepted: number }> {
  const numbers = input.householdNos ?? null;
  return perform(services, request, async (write) => {
    await write.openAll('RegisteredHousehold', await ownHouseholds(write, numbers), 'input.householdNos');
    const flagged = await write.query<{ id: string; household_no: string }>(
      `UPDATE guitu.registered_households SET flag_requested_at = coalesce(flag_requested_at, $2)
       WHERE office = $1 AND ($3::text[] IS NULL OR household_no = ANY ($3)) RETURNING id, household_no`, [write.context.viewer.agencyId, write.context.now, numbers]);
    const missing = (numbers ?? []).findIndex((number) => !flagged.some(({ household_no: no }) => no === number));
    if (missing >= 0) throw new Refusal('NOT_FOUND', { field: `input.householdNos.${missing}` });
    const ids = flagged.map(({ id }) => id);
    await matchHouseholds(write, { households: ids });
    await write.settle('RegisteredHousehold', ids, 'household.flagged');
    return { accepted: ids.length };
  });
}

/** County civil affairs confirms a proposal: the office will see the flag from the division's release day on. */
export function confirmFlag(services: LedgerServices, request: WriteRequest, input: HouseholdFlagInput): Promise<{ householdId: string }> {
  return decideFlag(services, request, input, (write, householdId) => releaseDay(write, householdId, dateOf(write.at)));
}

export function clearFlag(services: LedgerServices, request: WriteRequest, input: HouseholdFlagInput): Promise<{ householdId: string }> {
  return decideFlag(services, request, input, () => Promise.resolve(null));
}

/** @param release the day from which the office sees the flag and whom to contact; null: never */
function decideFlag(services: LedgerServices, request: WriteRequest, input: HouseholdFlagInput, release: (write: WriteTransaction, householdId: string) => Promise<string | null>): Promise<{ householdId: string }> {
  const householdId = uuidOf(input.householdId, 'hh', 'input.householdId');
  const reason = textOf(input.reason, 'input.reason', 500, true);
  return perform(services, request, async (write) => {
    await write.open('RegisteredHousehold', householdId, 'c.id', 'input.householdId', false);
    const [flag] = await write.query<{ state: FlagState }>('SELECT state FROM guitu.household_flags WHERE household_id = $1 FOR UPDATE', [householdId]);
    const step = flag && findStep(FLAG_STEPS, request.operation, flag.state);
    if (!step) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.householdId' });
    const { viewer } = write.context;
    const releaseOn = await release(write, householdId);
    await write.query('UPDATE guitu.household_flags SET state = $2, decided_at = $3, decided_by = $4, reason = $5, release_on = $6, contact_agency = $7 WHERE household_id = $1',
      [householdId, step.to, write.at, `${viewer.agencyCode}/${viewer.user}`, reason, releaseOn, releaseOn && viewer.agencyId]);
    await endDuties(write, householdId, 'DONE', ['confirmHouseholdFlag']);
    await write.settle('RegisteredHousehold', [householdId], 'household.flag-decided');
    return { householdId };
  });
}

/**
 * The office, or county civil affairs, writes down what was done for a household whose flag is confirmed and released; which that is the policy says, and it refuses every other
 * household of the office alike.
 */
export function recordHouseholdHelp(services: LedgerServices, request: WriteRequest, input: RecordHouseholdHelpInput): Promise<{ householdId: string }> {
  const householdId = uuidOf(input.householdId, 'hh', 'input.householdId');
  const measures = [...new Set(input.measures)];
  if (measures.length === 0) throw badInput('input.measures', '至少选择一项帮扶措施', 'choose at least one measure');
  const text = textOf(input.text, 'input.text', 500, true);
  return perform(services, request, async (write) => {
    if (input.helpedOn > dateOf(write.at)) throw badInput('input.helpedOn', '帮扶日期不能晚于今天', 'the day of the help may not lie in the future');
    await write.open('RegisteredHousehold', householdId, 'c.id', 'input.householdId', false);
    const { agencyId, user } = write.context.viewer;
    await write.query('INSERT INTO guitu.household_help (household_id, measures, helped_on, text, agency_id, by_user, at) VALUES ($1, $2, $3, $4, $5, $6, $7)', [householdId, measures, input.helpedOn, text, agencyId, user, write.at]);
    await write.settle('RegisteredHousehold', [householdId], 'household.helped');
    return { householdId };
  });
}
