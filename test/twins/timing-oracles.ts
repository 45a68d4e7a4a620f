import type { Purpose } from '../../src/kernel/viewer.js';
import type { Seeded } from './seeded.js';
import { syntheticIdNumber } from './synthetic-id-number.js';
import type { TimingWorld } from './timing-world.js';

/** What is sent: the request of a twin attack, by whom and for what. `agency` may be one that there is none of. */
export interface TimedRequest { agency: string; purpose: Purpose; query: string; variables: Record<string, unknown>; key?: string }

/** A question whose two answers are the same, so that only their time could tell: `hidden` asks about what is there and hidden, `absent` about what is not. */
export interface TimingOracle {
  name: string;
  hidden: (count: number) => TimedRequest;
  absent: (count: number) => TimedRequest;
  /** Whether requests take effect, and are swept up now and then. */
  writes?: true;
}

const uuid = (random: Seeded): string => `${hex(random, 8)}-${hex(random, 4)}-8${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`;
const hex = (random: Seeded, length: number): string => Array.from({ length }, () => random.below(16).toString(16)).join('');
const digits = (random: Seeded, length: number): string => Array.from({ length }, () => random.below(10)).join('');

const NODE = 'query ($id: ID!) { node(id: $id) { id } }';
const CASE = 'query ($caseNo: String!) { returnCase(caseNo: $caseNo) { id caseNo state subject { name } person { name } } }';
const EXPLAIN = 'query ($id: ID!) { explain(id: $id, field: "state") { rung because wouldNeed } }';
const FILTERED = 'query ($filter: ReturnCaseFilter) { returnCases(filter: $filter, first: 5) { totalCount nodes { id subject { name } } } }';
const HOUSEHOLD = 'query ($filter: RegisteredHouseholdFilter) { registeredHouseholds(filter: $filter, first: 5) { totalCount nodes { id householdNo } } }';
const CHECK = 'query ($numbers: [String!]!) { checkReturnees(idNumbers: $numbers) { current division { code } contactAgency { code } } }';
const ACKNOWLEDGE = 'mutation ($id: ID!) { acknowledgeReturn(input: { id: $id, expectedVersion: 1 }) { returnCase { id state } } }';
const CLEAR = 'mutation ($id: ID!) { clearFlag(input: { householdId: $id }) { household { id } } }';
const SEND = `mutation ($idNumber: String!, $noticeNo: String!) { sendReturnNotice(input: { subject: { idNumber: $idNumber }, noticeNo: $noticeNo, noticeDate: "2026-11-19", entryDate: "2026-11-18", leaveDate: "2026-11-19",
  returnMode: SELF, originDivision: "341523102" }) { returnCase { state person { id } } } }`;
const OWN_NOTICE = 'query ($caseNo: String!) { returnCase(caseNo: $caseNo) { state subject { sex } person { name } transitions { to } } }';

/** The oracles of the campaign (security.md A8–A10, A24, A25). */
export function timingOracles(random: Seeded, { hidden, elsewhere, noticesOfProtected, noticesOfOthers, keysOfOthers }: TimingWorld): TimingOracle[] {
  const at = <Item>(items: readonly Item[]) => (count: number): Item => {
    const item = items[count % items.length];
    if (item === undefined) throw new RangeError('an empty list');
    return item;
  };
  const asks = (agency: string, purpose: Purpose, query: string, variableOf: (value: string) => Record<string, unknown>) => (name: string, one: (count: number) => string, other: (count: number) => string): TimingOracle => {
    const request = (value: string): TimedRequest => ({ agency, purpose, query, variables: variableOf(value), ...(query.startsWith('mutation') && { key: `fresh-${hex(random, 16)}` }) });
    return { name, hidden: (count) => request(one(count)), absent: (count) => request(other(count)) };
  };
  const absentId = (prefix: string) => (): string => `${prefix}_${uuid(random)}`;
  const absentCaseNo = (): string => `GT-TX${digits(random, 3)}-TX${digits(random, 3)}`;
  const unknownNumber = (): string => syntheticIdNumber(random);
  const id = (value: string): Record<string, unknown> => ({ id: value });
  const origin = 'station-320281';
  return [
    asks(origin, 'RETURN', NODE, id)('node: a hidden case, or none', (count) => `rc_${at(hidden)(count).caseId}`, absentId('rc')),
    asks(origin, 'RETURN', NODE, id)('node: a hidden person, or none', (count) => `pe_${at(hidden)(count).personId}`, absentId('pe')),
    asks(origin, 'RETURN', CASE, (caseNo) => ({ caseNo }))('returnCase: a hidden number, or none', (count) => at(hidden)(count).caseNo, absentCaseNo),
    asks(origin, 'RETURN', EXPLAIN, id)('explain: a hidden case, or none', (count) => `rc_${at(hidden)(count).caseId}`, absentId('rc')),
    asks(origin, 'RETURN', FILTERED, (subjectIdNumber) => ({ filter: { subjectIdNumber } }))('filter subjectIdNumber: hidden, or unknown', (count) => at(hidden)(count).idNumber, unknownNumber),
    asks(origin, 'RETURN', FILTERED, (subjectName) => ({ filter: { subjectName } }))('filter subjectName: hidden, or unknown', (count) => at(hidden)(count).name, () => `无此${digits(random, 3)}`),
    asks('civil-320281', 'POVERTY_RELIEF', HOUSEHOLD, (householdNo) => ({ filter: { householdNo } }))('filter householdNo: hidden, or none', (count) => at(hidden)(count).householdNo, () => `JX-${digits(random, 6)}`),
    asks('insurance-320281', 'BENEFIT_CHECK', CHECK, (number) => ({ numbers: [number] }))('checkReturnees: protected, or unknown', (count) => at(hidden)(count).idNumber, unknownNumber),
    asks('insurance-320281', 'BENEFIT_CHECK', CHECK, (number) => ({ numbers: [number] }))('checkReturnees: of another area, or unknown', (count) => at(elsewhere)(count).idNumber, unknownNumber),
    asks('station-320200', 'AT_RISK_CARE', NODE, id)('node: an entry of the registry, or none', (count) => `ar_${at(hidden)(count).entryId}`, absentId('ar')),
    asks('station-320200', 'AT_RISK_CARE', NODE, id)('node: a person in the registry, or not', (count) => `pe_${at(hidden)(count).personId}`, (count) => `pe_${at(elsewhere)(count).personId}`),
    asks(origin, 'RETURN', ACKNOWLEDGE, id)('acknowledgeReturn: a hidden case, or none', (count) => `rc_${at(hidden)(count).caseId}`, absentId('rc')),
    asks('civil-320281', 'POVERTY_RELIEF', CLEAR, id)('clearFlag: a hidden household, or none', (count) => `hh_${at(hidden)(count).householdId}`, absentId('hh')),
    {
      name: 'idempotency key: used by another agency, or by none',
      hidden: (count) => ({ agency: origin, purpose: 'RETURN', query: ACKNOWLEDGE, variables: { id: absentId('rc')() }, key: at(keysOfOthers)(count) }),
      absent: () => ({ agency: origin, purpose: 'RETURN', query: ACKNOWLEDGE, variables: { id: absentId('rc')() }, key: `other-${digits(random, 6)}` }),
    },
    { ...asks('station-120000', 'RETURN', SEND, (idNumber) => ({ idNumber, noticeNo: `计-${hex(random, 12)}` }))('sendReturnNotice: a number on the hub, or not', (count) => at(hidden)(count).idNumber, unknownNumber), writes: true },
    asks('station-120000', 'RETURN', OWN_NOTICE, (caseNo) => ({ caseNo }))('own notice: about a protected person, or not', (count) => at(noticesOfProtected)(count), (count) => at(noticesOfOthers)(count)),
    {
      name: 'token: of a suspended agency, or of none',
      hidden: () => ({ agency: 'civil-340000', purpose: 'RETURN', query: NODE, variables: { id: absentId('rc')() } }),
      absent: () => ({ agency: 'civil-349900', purpose: 'RETURN', query: NODE, variables: { id: absentId('rc')() } }),
    },
  ];
}
