import { addMonths } from '../../src/kernel/dates.js';
import { FLAG_STEPS } from '../../src/ledgers/households/households.transitions.js';
import { covers, type WalkAgency } from './walk-agencies.js';
import { numberAskedAbout, returnsMachine } from './walk-of-returns.js';
import { oneNumber, refused, text, type Attempt, type Door, type Moment, type Outcome, type Row, type Sight, type Towards, type WalkMachine } from './walk-machine.js';

/** Household flags: the office registers and asks for matching, county civil affairs decides on what was found (domain.md §2.5). A household without a flag is in the state `none`. */

const DOORS: Record<string, Door> = {
  registerHouseholds: { purpose: 'POVERTY_RELIEF', kinds: ['POVERTY_RELIEF'], input: 'RegisterHouseholdsInput', payload: 'registered updated' },
  flagHouseholds: { purpose: 'POVERTY_RELIEF', kinds: ['POVERTY_RELIEF'], input: 'FlagHouseholdsInput', payload: 'accepted' },
  confirmFlag: { purpose: 'POVERTY_RELIEF', kinds: ['CIVIL_AFFAIRS'], county: true, input: 'HouseholdFlagInput', payload: 'household { id }' },
  clearFlag: { purpose: 'POVERTY_RELIEF', kinds: ['CIVIL_AFFAIRS'], county: true, input: 'HouseholdFlagInput', payload: 'household { id }' },
};
const DECISIONS: Record<string, string> = { confirmFlag: 'CONFIRMED', clearFlag: 'CLEARED' };

/** To the county there is a household only once an adult member who is not protected was found. */
const stands = ({ parts }: Sight, today: string): boolean => (parts['matches'] ?? []).some(({ born_on: born, shielded }) => shielded === false && text(born) !== null && String(born) <= addMonths(today, -12 * 18));

function sees(sight: Sight, actor: WalkAgency, purpose: string): boolean {
  if (purpose !== 'POVERTY_RELIEF') return false;
  if (actor.kind === 'POVERTY_RELIEF') return sight.row['office'] === actor.code;
  return actor.kind === 'CIVIL_AFFAIRS' && actor.level === 'COUNTY' && covers(actor, text(sight.row['division'])) && stands(sight, String(sight.row['today']));
}

async function leads(sight: Sight | null, { operation }: Attempt): Promise<Outcome> {
  if (operation === 'flagHouseholds' && !sight) return refused('NOT_FOUND');
  if (!(operation in DECISIONS)) return { done: true };
  return sight?.state === 'PROPOSED' ? { to: DECISIONS[operation] ?? '' } : refused('TRANSITION_NOT_ALLOWED');
}

/** Ways on which a return comes to be confirmed by another act than acknowledging. */
const WAYS: Record<string, Record<string, readonly string[]>> = {
  acknowledgeReturn: { SENT: ['acknowledgeReturn'] },
  confirmReturn: Object.fromEntries(['SENT', 'ACKNOWLEDGED', 'RECEIVED', 'AT_HOME', 'HOME_CHECKED'].map((state) => [state, ['confirmReturn']])),
  withdrawRefusal: { SENT: ['refuseReturn'], REFUSED: ['reportRefusalUp'], COORDINATING: ['withdrawRefusal'] },
  receiveReturnee: { SENT: ['refuseReturn'], REFUSED: ['reportRefusalUp'], COORDINATING: ['directReturn', 'passRefusalUp'], ACKNOWLEDGED: ['receiveReturnee'] },
  confirmHome: { SENT: ['refuseReturn'], REFUSED: ['reportRefusalUp'], COORDINATING: ['directReturn', 'passRefusalUp'], ACKNOWLEDGED: ['confirmHome'] },
};

/** An unconfirmed return to the county of somebody whom a household asks about and nobody has found yet; where there is none, a notice about one. */
async function by(operation: string, from: string | null, moment: Moment): Promise<Towards | undefined> {
  const { lookUp, random } = moment;
  const ways = WAYS[operation] ?? {};
  const found = await lookUp<{ id: string; state: string }>(
    `SELECT c.id::text AS id, c.state FROM guitu.return_cases c JOIN guitu.persons p ON p.id = c.person_id JOIN guitu.household_members m ON m.id_number_hash = p.id_number_hash AND m.until IS NULL
     JOIN guitu.registered_households h ON h.id = m.household_id AND h.flag_requested_at IS NOT NULL AND h.household_no LIKE 'W-%' LEFT JOIN guitu.household_flags f ON f.household_id = h.id
     WHERE c.confirmed_at IS NULL AND left(c.origin_division, 6) = '320281' AND coalesce(f.state, 'none') = $1 AND c.state = ANY ($2) AND (c.import_key IS NOT NULL) = $3
       AND NOT EXISTS (SELECT FROM guitu.household_matches x WHERE x.member_id = m.id) AND NOT EXISTS (SELECT FROM guitu.protections x WHERE x.person_id = p.id) ORDER BY c.changed_at, c.notice_no, c.case_no`,
    [from ?? 'none', Object.keys(ways), operation === 'confirmReturn']);
  // Those that are furthest come first.
  const last = Object.keys(ways).toReversed().find((state) => found.some((one) => one.state === state));
  const near = found.filter(({ state }) => state === last);
  if (last && near.length > 0) return { machine: returnsMachine, id: random.pick(near).id, operations: ways[last] ?? [] };
  const idNumber = operation === 'confirmReturn' ? undefined : await numberAskedAbout(from ?? 'none', moment);
  return idNumber === undefined ? undefined : { machine: returnsMachine, id: null, operations: ['sendReturnNotice'], input: { subject: { idNumber }, originDivision: VILLAGES[0] } };
}

const VILLAGES = ['320281100', '320281104'];

async function input(operation: string, sight: Sight | null, _actor: WalkAgency, moment: Moment, to?: string): Promise<Row> {
  const { random, lookUp, freshIdNumber } = moment;
  if (operation in DECISIONS) return { householdId: `hh_${sight?.id ?? '00000000-0000-4000-8000-000000000000'}`, reason: '核对' };
  if (operation === 'flagHouseholds') return { householdNos: [String(sight?.row['household_no'] ?? 'W-none')] };
  const again = sight !== null && (to === 'PROPOSED' || random.chance(0.5));
  const returned = again || random.chance(0.6) ? await lookUp<{ hash: string }>("SELECT DISTINCT p.id_number_hash AS hash FROM guitu.return_cases c JOIN guitu.persons p ON p.id = c.person_id WHERE c.confirmed_at IS NOT NULL AND p.id_number_hash IS NOT NULL AND c.origin_division LIKE '320281%' ORDER BY 1") : [];
  const first = oneNumber(returned, moment) ?? freshIdNumber();
  const householdNo = again ? String(sight.row['household_no']) : `W-${String(random.below(1e9)).padStart(9, '0')}`;
  return { households: [{ householdNo, headName: '行户', division: sight?.row['household_no'] === householdNo ? String(sight.row['division']) : random.pick(VILLAGES), kind: 'REGISTERED', members: [first, freshIdNumber(), freshIdNumber()].map((idNumber) => ({ name: '成员', idNumber })) }] };
}

export const flagsMachine: WalkMachine = {
  name: 'flags', record: 'RegisteredHousehold', prefix: 'hh', steps: FLAG_STEPS, doors: DOORS, begins: ['registerHouseholds', 'flagHouseholds'], versioned: false, finished: ['none', 'CONFIRMED', 'CLEARED'],
  stateSql: "SELECT coalesce((SELECT f.state FROM guitu.household_flags f WHERE f.household_id = $1), 'none') AS state",
  rowSql: "SELECT to_jsonb(c) || coalesce((SELECT to_jsonb(f) - 'state' FROM guitu.household_flags f WHERE f.household_id = c.id), '{}') FROM guitu.registered_households c WHERE c.id = $1", transitions: null,
  partsSql: {
    periods: 'SELECT json_agg(p ORDER BY p.step) FROM guitu.household_periods p WHERE p.household_id = $1',
    members: 'SELECT json_agg(m ORDER BY m.position) FROM guitu.household_members m WHERE m.household_id = $1',
    matches: "SELECT json_agg(json_build_object('member', x.member_id, 'person', p.id, 'born_on', p.born_on, 'shielded', EXISTS (SELECT FROM guitu.protections s WHERE s.person_id = p.id)) ORDER BY x.member_id, p.id) FROM guitu.household_matches x JOIN guitu.persons p ON p.id = x.person_id WHERE x.household_id = $1",
  },
  input, by, sees, may: (_sight, operation, { kind }) => (kind === 'CIVIL_AFFAIRS') === (operation in DECISIONS), leads,
  owes: ({ state, row }) => ({ must: state === 'PROPOSED' ? [`confirmHouseholdFlag civil-${String(row['division']).slice(0, 6)}`] : [], may: [] }),
};
