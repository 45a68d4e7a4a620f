import type { GraphQLSchema } from 'graphql';
import { cellsOf } from '../../src/policy/catalogue.js';
import { inferences, mistakes, reads, type Attack } from '../acceptance/attacks.js';
import { SELECTIONS } from '../acceptance/world-values.js';
import { CATALOGUE } from '../policy/shipped-policy.js';
import { testKeyRing } from '../support/test-keys.js';
import { ODDITIES } from './oddities.js';
import { selectionOf, withFragments, type Fragments } from './random-selection.js';
import type { Seeded } from './seeded.js';
import { randomWrite } from './write-attacks.js';
import type { RawTables } from './twin-database.js';

/** One request of an attack. `«endCursor»` and `«startCursor»` in a variable stand for the last ones that an answer before gave. */
export interface TwinRequest { path?: string; query: string; variables?: Record<string, unknown>; key?: string; headers?: Record<string, string>; body?: string }
/** Requests one after the other, by one viewer. */
export interface TwinAttack { name: string; requests: readonly TwinRequest[]; writes: boolean }

/** What attacks are made of: the published schema, and ids and texts of the world, the hidden ones included. */
export interface Lore { schema: GraphQLSchema; ids: readonly string[]; idNumbers: readonly string[]; names: readonly string[]; caseNumbers: readonly string[]; tables: RawTables }

const single = (name: string, query: string, variables?: Record<string, unknown>): TwinAttack => ({ name, requests: [{ query, ...(variables && { variables }) }], writes: false });

/** Reads it off the stored rows; ID numbers of the tables are opened. */
export function readLore(schema: GraphQLSchema, tables: RawTables): Lore {
  const texts = (table: string, column: string): string[] => [...new Set((tables[table] ?? []).flatMap((row) => (typeof row[column] === 'string' ? [row[column]] : [])))];
  const ids = Object.entries(TABLE_PREFIXES).flatMap(([table, prefix]) => texts(table, 'id').map((id) => `${prefix}_${id}`));
  const sealed = [...texts('persons', 'id_number_sealed'), ...texts('return_cases', 'subject_id_number_sealed'), ...texts('household_members', 'id_number_sealed')];
  return { schema, ids, idNumbers: [...new Set(sealed.map((text) => testKeyRing.openValue(text)))], names: texts('return_cases', 'subject_name'), caseNumbers: texts('return_cases', 'case_no'), tables };
}

const TABLE_PREFIXES = { return_cases: 'rc', persons: 'pe', at_risk_entries: 'ar', settlement_cases: 'se', stays: 'st', identity_inquiries: 'iq', missing_reports: 'mr', registered_households: 'hh', duty_notices: 'in', corrections: 'co' };
const LIST_TYPES = { returnCases: 'ReturnCase', atRiskEntries: 'AtRiskEntry', visitsDue: 'AtRiskEntry', settlementCases: 'SettlementCase', stays: 'Stay', identityInquiries: 'IdentityInquiry', missingReports: 'MissingReport', registeredHouseholds: 'RegisteredHousehold', inbox: 'InboxItem', corrections: 'Correction', people: 'Person' } as const;
type ListName = keyof typeof LIST_TYPES;

const FIXED: readonly Attack[] = [...reads(), ...inferences(), ...mistakes()];
const AGENCIES = ['station-120000', 'station-320281', 'station-320200', 'civil-341523', 'civil-320281'];
const WITHIN = ['320281', '320200', '320000', '120000', '341523', '000000', '320281104'];
const PREFIX_RECORDS: Record<string, string> = { rc: 'ReturnCase', pe: 'Person', ar: 'AtRiskEntry', se: 'SettlementCase', st: 'Stay', iq: 'IdentityInquiry', mr: 'MissingReport', hh: 'RegisteredHousehold', in: 'InboxItem', co: 'Correction' };

/** One attack at random; `may` says which root operations the viewer's kind may use, which most attacks keep to; `view` is what the viewer sees. */
export function makeAttack(random: Seeded, lore: Lore, may: (operation: string) => boolean, view: string): TwinAttack {
  const makers: [operations: string[], make: () => TwinAttack, weight: number][] = [
    ...(Object.keys(LIST_TYPES) as ListName[]).map((list): [string[], () => TwinAttack, number] => [[list], () => listAttack(random, lore, list), list === 'returnCases' ? 8 : 4]),
    [['node'], () => nodeAttack(random, lore), 6],
    [['returnCase'], () => caseNumberAttack(random, lore), 3],
    [['explain'], () => explainAttack(random, lore), 3],
    [['checkReturnees'], () => checkAttack(random, lore), 6],
    [['inboxCounts'], () => single('inbox counted', INBOX_COUNTS), 4],
    [['statistics'], () => statisticsAttack(random), 3],
    [['viewer'], () => fixedAttack(random), 4],
    [['viewer'], () => random.pick(ODDITIES), 2],
    [['sendReturnNotice', 'confirmFlag', 'registerHouseholds', 'acknowledgeReturn'], () => randomWrite(random, lore, may, view), 12],
  ];
  const open = random.chance(0.9) ? makers.filter(([operations]) => operations.some(may)) : makers;
  return random.pick(open.flatMap((maker) => Array.from({ length: maker[2] }, () => maker[1])))();
}


/** An inbox and corrections stand beside the table of §5, so they are selected here. */
const INBOX_ITEM = 'id __typename kind step title record number state owner { code } since dueOn dueAt overdue provisional deadlineClass reason raisedAt disclosure { field rung }';
const CORRECTION = 'id __typename version correctionNo state record number sourceNumber field claim proposed askedBy { code } provider { code } askedAt answerBy answeredAt answer disclosure { field rung }';
const EVERYTHING = Object.fromEntries(Object.entries({ ...SELECTIONS, InboxItem: INBOX_ITEM, Correction: CORRECTION }).map(([record, selection]) => [record, `fragment F on ${record} { ${selection} disclosure { rule } }`]));
const INBOX_COUNTS = '{ inboxCounts { step title record owed raised waiting overdue told nextDueAt } }';
const ALL_OF_LISTS = [
  ...Object.entries(LIST_TYPES).map(([list, type]): [string, TwinAttack] => [list, single(`all of ${list}`, `{ ${list}(first: 200) { totalCount edges { cursor node { ...F } } } } ${EVERYTHING[type] ?? ''}`)]),
  ['inboxCounts', single('inbox counted', INBOX_COUNTS)] satisfies [string, TwinAttack],
] as const;
const FILTERED = inferences().map(({ name, query }) => [/(?:f0: |\{ )(\w+)\(/u.exec(query)?.[1] ?? '', single(name, query)] as const);

/** Whole lists with every cell, and every filter with every value: few enough to be asked again after each change. */
export function broadAttack(random: Seeded, may: (operation: string) => boolean): TwinAttack | undefined {
  const lists = ALL_OF_LISTS.filter(([list]) => may(list));
  const filtered = FILTERED.filter(([list]) => may(list));
  if (lists.length === 0) return undefined;
  return random.chance(0.6) || filtered.length === 0 ? random.pick(lists)[1] : random.pick(filtered)[1];
}

/** All of the whole lists that a viewer may ask for. */
export const broadAttacks = (may: (operation: string) => boolean): TwinAttack[] => ALL_OF_LISTS.filter(([list]) => may(list)).map(([, attack]) => attack);

const aimed = new Map<string, TwinAttack>();

/** Every cell of one record by its id, and why; kept, so that the same record is asked for in the same words. */
export function aimedAttack(random: Seeded, { ids }: Lore, about: readonly string[]): TwinAttack | undefined {
  const near = ids.filter((id) => about.includes(id.slice(3)));
  if (near.length === 0) return undefined;
  const id = random.pick(near);
  const record = PREFIX_RECORDS[id.slice(0, 2)] ?? '';
  const shape = CATALOGUE.records.get(record);
  const query = random.chance(0.7) || !shape ? `{ node(id: "${id}") { id ...F } } ${EVERYTHING[record] ?? ''}`
    : `{ ${cellsOf(shape).slice(random.chance(0.5) ? 0 : 20).slice(0, 20).map((cell, index) => `e${index}: explain(id: "${id}", field: "${cell}") { rung because wouldNeed }`).join(' ') || '__typename'} }`;
  const known = aimed.get(query) ?? single(`everything of ${id}`, query);
  aimed.set(query, known);
  return known;
}

/** Figures of a place and a period, released or not. */
const statisticsAttack = (random: Seeded): TwinAttack =>
  single('statistics', `{ statistics(division: "${random.pick(WITHIN)}", period: "${random.pick(['2026-09', '2026-10', '2026-11', '2026-Q3', '2026', '2026-13'])}") { closedAt total { figures { measure step parts { part count } rates { done of percent } } } children { division own figures { measure parts { count } } } } }`);

const fixedAttack = (random: Seeded): TwinAttack => {
  const { name, query, variables } = random.pick(FIXED);
  return single(name, query, variables);
};

/** A page with a filter and an order at random; now and then the page after it. */
function listAttack(random: Seeded, lore: Lore, list: ListName): TwinAttack {
  const fragments: Fragments = new Map();
  const selection = selectionOf(random, lore.schema, LIST_TYPES[list], fragments);
  const args: string[] = [];
  if (list === 'returnCases' && random.chance(0.6)) args.push(`filter: { ${random.some(caseFilters(random, lore), 1 + random.below(2)).join(', ')} }`);
  if (list === 'returnCases' && random.chance(0.4)) args.push(`orderBy: [${random.some(['SENT_AT', 'ACKNOWLEDGE_BY', 'ENTRY_DATE'], 1 + random.below(2)).map((field) => `{ field: ${field}, direction: ${random.pick(['ASC', 'DESC'])} }`).join(', ')}]`);
  if (list === 'registeredHouseholds' && random.chance(0.6)) args.push(`filter: { ${random.pick(['flagged: true', 'flagged: false', 'notHelpedSince: "2026-11-01"', `within: "${random.pick(WITHIN)}"`, `householdNo: "JY-2026-01${random.below(9)}"`])} }`);
  if (list === 'inbox' && random.chance(0.6)) args.push(`filter: { ${random.pick(['overdue: true', 'overdue: false', 'kind: OWED', 'kind: RAISED', 'kind: TOLD', 'record: "ReturnCase"', 'step: ["acknowledgeReturn", "receiveReturnee"]', 'dueBy: "2026-11-24"'])} }`);
  const size = random.pick([1, 2, 3, 5, 200]);
  const [forward, cursor] = random.chance(0.7) ? ['first', 'after', 'endCursor'] : ['last', 'before', 'startCursor'];
  const shape = random.pick([`totalCount nodes { ${selection} }`, `edges { cursor node { ${selection} } } pageInfo { hasNextPage hasPreviousPage }`, `totalCount nodes { ${selection} } edges { cursor }`, 'totalCount pageInfo { hasNextPage }', 'totalCount']);
  const pageOf = (more: string): string => `${list}(${[...args, `${forward}: ${size}`, more].filter(Boolean).join(', ')}) { ${shape} pageInfo { startCursor endCursor } }`;
  const first = withFragments(`{ ${pageOf('')} }`, fragments);
  if (random.chance(0.6)) return single(`${list} ${args.join(' ')}`, first);
  const next = withFragments(`query ($cursor: String) { ${pageOf(`${cursor}: $cursor`)} }`, fragments);
  return { name: `${list} page by page ${args.join(' ')}`, requests: [{ query: first }, { query: next, variables: { cursor: forward === 'first' ? '«endCursor»' : '«startCursor»' } }], writes: false };
}

function caseFilters(random: Seeded, { idNumbers, names, caseNumbers, tables }: Lore): string[] {
  const instants = (tables['return_cases'] ?? []).flatMap((row) => [row['sent_at'], row['changed_at']]).filter((value) => typeof value === 'string');
  const instant = (): string => new Date(Date.parse(random.pick(instants)) + random.pick([-1_000, 0, 1_000])).toISOString();
  const states = (tables['return_cases'] ?? []).map((row) => String(row['state']));
  return [
    `state: [${[...new Set(random.some(states, 2))].join(', ')}]`, `caseNo: "${random.pick(caseNumbers)}"`, `awaiting: ${random.pick(['ME', 'OTHERS'])}`, `overdue: ${random.pick(['true', 'false'])}`,
    `destinationAgency: "${random.pick(AGENCIES)}"`, `originAgency: "${random.pick(AGENCIES)}"`, `originWithin: "${random.pick(WITHIN)}"`, `sentFrom: "${instant()}"`, `sentBefore: "${instant()}"`,
    `changedSince: "${instant()}"`, `subjectIdNumber: "${random.pick(idNumbers)}"`, `subjectName: "${random.pick(names)}"`,
  ];
}

function nodeAttack(random: Seeded, lore: Lore): TwinAttack {
  const fragments: Fragments = new Map();
  const nodes = random.some(lore.ids, 1 + random.below(5)).map((id, index) => {
    const type = PREFIX_RECORDS[id.slice(0, 2)] ?? 'Person';
    return `n${index}: node(id: "${id}") { id __typename ... on ${type} { ${selectionOf(random, lore.schema, type, fragments)} } }`;
  });
  return single('nodes', withFragments(`{ ${nodes.join(' ')} }`, fragments));
}

function caseNumberAttack(random: Seeded, lore: Lore): TwinAttack {
  const fragments: Fragments = new Map();
  const cases = random.some(lore.caseNumbers, 1 + random.below(4)).map((caseNo, index) => `c${index}: returnCase(caseNo: "${caseNo}") { ${selectionOf(random, lore.schema, 'ReturnCase', fragments)} }`);
  return single('cases by number', withFragments(`{ ${cases.join(' ')} }`, fragments));
}

function explainAttack(random: Seeded, { ids }: Lore): TwinAttack {
  const asked = random.some(ids, 1 + random.below(8)).map((id, index) => {
    const shape = CATALOGUE.records.get(PREFIX_RECORDS[id.slice(0, 2)] ?? '');
    return `e${index}: explain(id: "${id}", field: "${shape ? random.pick(cellsOf(shape)) : 'name'}") { rung because wouldNeed }`;
  });
  return single('why', `{ ${asked.join(' ')} }`);
}

function checkAttack(random: Seeded, { idNumbers }: Lore): TwinAttack {
  return single('numbers checked', 'query ($numbers: [String!]!) { checkReturnees(idNumbers: $numbers) { idNumber current division { code name } contactAgency { code } } }', { numbers: random.some(idNumbers, 1 + random.below(12)) });
}
