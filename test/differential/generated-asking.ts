import fc from 'fast-check';
import { parse, type GraphQLSchema } from 'graphql';
import { addDays } from '../../src/kernel/dates.js';
import { PURPOSES, ROLES, type Purpose, type Role } from '../../src/kernel/viewer.js';
import { RETURN_STATES } from '../../src/ledgers/returns/returns.transitions.js';
import { RECORDS, type RecordType } from '../reference/reference-records.js';
import { syntheticIdNumber, TODAY } from './generated-rows.js';
import { printSelection, selectionArbitrary } from './generated-selection.js';
import { ODD_TEXTS, ORDERED_TEXTS } from './odd-texts.js';
import type { PlainRows } from './plain-rows.js';
import { ROSTER, ROW_DIVISIONS } from './roster.js';

/** One question: who asks, for what, when, and a document. `walk`: further pages are asked for, forward or backward, by the hub's own cursors. */
export interface Asked {
  agency: string; roles: Role[]; purpose: Purpose | null; matter: string | null; now: string;
  query: string; variables: Record<string, unknown>; walk: 'forward' | 'backward' | null;
}

const one = <Value>(values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);
/** The value once in so many times. */
const sometimes = <Value>(value: fc.Arbitrary<Value>, oneIn: number): fc.Arbitrary<Value | undefined> => fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const defined = (parts: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));

/** Instants at which rules begin and lapse and days turn, and one beside. */
const CLOCKS = ['2026-11-20T09:00:00+08:00', '2026-11-20T08:59:59.999+08:00', '2026-11-20T09:00:00.001+08:00', '2026-11-20T00:00:00+08:00', '2026-11-19T23:59:59.999+08:00', '2026-11-20T09:00:01+08:00'];
const clock = fc.oneof({ weight: 2, arbitrary: fc.constant(CLOCKS[0] ?? '') }, { weight: 1, arbitrary: one(CLOCKS) });

/** Roles that one person may hold together: administrator and auditor hold nothing else. */
const roles = fc.oneof({ weight: 5, arbitrary: fc.subarray<Role>(ROLES.filter((role) => role !== 'ADMIN' && role !== 'AUDITOR'), { minLength: 1 }) }, { weight: 1, arbitrary: one<Role[]>([['ADMIN'], ['AUDITOR']]) });
const purpose = fc.oneof({ weight: 24, arbitrary: one<Purpose | null>(PURPOSES) }, { weight: 1, arbitrary: fc.constant(null) });

/** Everything that a record or a look-up can be called by. */
interface Known { ids: ReadonlyMap<string, string[]>; caseNos: string[]; numbers: string[]; people: string[] }

function knownOf(rows: PlainRows): Known {
  const prefixes = (['Person', 'ReturnCase', 'AtRiskEntry', 'SettlementCase', 'Stay', 'IdentityInquiry', 'MissingReport', 'RegisteredHousehold', 'InboxItem', 'Correction'] as const).map((type) => RECORDS[type]);
  return {
    ids: new Map(prefixes.map(({ table, prefix }) => [prefix, rows[table].map(({ id }) => `${prefix}_${String(id)}`)])), caseNos: rows.return_cases.map((row) => String(row['case_no'])),
    numbers: [...rows.return_cases.map((row) => String(row['case_no'])), ...rows.at_risk_entries.map((row) => String(row['entry_no'])), ...rows.settlement_cases.map((row) => String(row['settlement_no'])), ...rows.stays.map((row) => String(row['stay_no'])), ...rows.identity_inquiries.map((row) => String(row['inquiry_no'])), ...rows.missing_reports.map((row) => String(row['report_no']))],
    people: [...Array(12).keys()].map(syntheticIdNumber),
  };
}

const instants = fc.tuple(fc.integer({ min: -4, max: 4 }), one(['00:00:00+08:00', '09:00:00+08:00', '23:59:59.999999+08:00', '12:00:00Z', '08:59:59.5+08:00'])).map(([days, time]) => `${addDays(TODAY, days)}T${time}`);
const divisions = fc.oneof({ weight: 8, arbitrary: one<string>(ROW_DIVISIONS) }, { weight: 1, arbitrary: one(['000000', '320281000', '32', 'abc', '']) });
const agencyCodes = fc.oneof({ weight: 6, arbitrary: one(ROSTER.map(({ code }) => code)) }, { weight: 1, arbitrary: one(['station-999999', '']) });

const caseFilter = (known: Known): fc.Arbitrary<Record<string, unknown>> => fc.record({
  state: sometimes(fc.subarray([...RETURN_STATES], { minLength: 0, maxLength: 9 }), 4), caseNo: sometimes(one([...known.caseNos, 'GT-NONE']), 12), awaiting: sometimes(one(['ME', 'OTHERS']), 6), overdue: sometimes(fc.boolean(), 6),
  destinationAgency: sometimes(agencyCodes, 8), originAgency: sometimes(agencyCodes, 8), originWithin: sometimes(divisions, 6), sentFrom: sometimes(instants, 6), sentBefore: sometimes(instants, 6), changedSince: sometimes(instants, 8),
  subjectIdNumber: sometimes(fc.oneof({ weight: 6, arbitrary: one(known.people) }, { weight: 1, arbitrary: one(['', '123', '990000196001010001']) }), 8), subjectName: sometimes(one([...ODD_TEXTS]), 6),
}).map(defined);
const householdFilter: fc.Arbitrary<Record<string, unknown>> = fc.record({ flagged: sometimes(fc.boolean(), 2), householdNo: sometimes(one([...ORDERED_TEXTS]), 6), within: sometimes(divisions, 3), notHelpedSince: sometimes(fc.integer({ min: -4, max: 4 }).map((days) => addDays(TODAY, days)), 3) }).map(defined);
const inboxFilter: fc.Arbitrary<Record<string, unknown>> = fc.record({
  kind: sometimes(one(['OWED', 'RAISED', 'TOLD']), 4), step: sometimes(fc.subarray(['acknowledgeReturn', 'recordHomeCheck', 'nothing']), 4), record: sometimes(one(['ReturnCase', 'RegisteredHousehold']), 4), overdue: sometimes(fc.boolean(), 4),
  dueBy: sometimes(fc.integer({ min: -4, max: 4 }).map((days) => addDays(TODAY, days)), 4),
}).map(defined);
const visitFilter: fc.Arbitrary<Record<string, unknown>> = fc.record({
  when: sometimes(fc.subarray(['OVERDUE', 'TODAY', 'COMING']), 2), from: sometimes(fc.integer({ min: -4, max: 4 }).map((days) => addDays(TODAY, days)), 3), until: sometimes(fc.integer({ min: -4, max: 4 }).map((days) => addDays(TODAY, days)), 3),
}).map(defined);
const personFilter = (known: Known): fc.Arbitrary<Record<string, unknown>> => fc.record({ name: sometimes(one([...ODD_TEXTS]), 3), idNumber: sometimes(fc.oneof({ weight: 6, arbitrary: one(known.people) }, { weight: 1, arbitrary: one(['123', '990000196001010001']) }), 3) }).map(defined);
const caseOrder = fc.array(fc.record({ field: one(['SENT_AT', 'ACKNOWLEDGE_BY', 'ENTRY_DATE']), direction: one(['ASC', 'DESC']) }), { minLength: 0, maxLength: 3 });

const LISTS = { returnCases: 'ReturnCase', coordinations: 'ReturnCase', atRiskEntries: 'AtRiskEntry', visitsDue: 'AtRiskEntry', settlementCases: 'SettlementCase', stays: 'Stay', identityInquiries: 'IdentityInquiry', missingReports: 'MissingReport', registeredHouseholds: 'RegisteredHousehold', inbox: 'InboxItem', corrections: 'Correction', people: 'Person' } as const;
type Question = { query: string; variables: Record<string, unknown>; walk: Asked['walk'] };

const conditionals = fc.record({ yes: fc.constant(true), no: fc.constant(false) });

/** A list: its filter, order and page, its nodes as a list and as edges, and what it says of itself; sometimes walked to its end. */
function listQuestion(schema: GraphQLSchema, known: Known): fc.Arbitrary<Question> {
  return one(Object.keys(LISTS) as (keyof typeof LISTS)[]).chain((list) => fc.record({
    selected: selectionArbitrary(schema, LISTS[list], 2), edges: selectionArbitrary(schema, LISTS[list], 1), asEdges: fc.boolean(), both: sometimes(fc.constant(true), 5),
    filter: sometimes(list === 'returnCases' ? caseFilter(known) : list === 'inbox' ? inboxFilter : list === 'visitsDue' ? visitFilter : list === 'people' ? personFilter(known) : householdFilter, 2), orderBy: sometimes(caseOrder, 2), size: fc.oneof({ weight: 13, arbitrary: fc.integer({ min: 1, max: 90 }) }, { weight: 6, arbitrary: fc.integer({ min: 4, max: 20 }) }, { weight: 1, arbitrary: one([0, 200, 201, -1]) }),
    walk: one(['forward', 'backward', null] as const), conditionals,
  }).map(({ selected, edges, asEdges, both, filter, orderBy, size, walk, conditionals: switches }): Question => {
    const [hasFilter, hasOrder] = [list === 'returnCases' || list === 'registeredHouseholds' || list === 'inbox' || list === 'people' || list === 'visitsDue', list === 'returnCases'];
    const backward = walk === 'backward';
    const parameters = ['$size: Int', '$cursor: String', ...(hasFilter ? [`$filter: ${list === 'visitsDue' ? 'VisitsDue' : LISTS[list]}Filter`] : []), ...(hasOrder ? ['$orderBy: [ReturnCaseOrder!]'] : [])];
    const args = [backward ? 'last: $size, before: $cursor' : 'first: $size, after: $cursor', ...(hasFilter ? ['filter: $filter'] : []), ...(hasOrder ? ['orderBy: $orderBy'] : [])];
    const paging = 'totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
    const fragments: string[] = [];
    const body = [
      ...(asEdges || both ? [`edges { cursor node ${printSelection(asEdges ? selected : edges, fragments)} }`] : []), ...(!asEdges || both ? [`nodes ${printSelection(asEdges ? edges : selected, fragments)}`] : []), paging,
    ].join(' ');
    return written(parameters, `list: ${list}(${args.join(', ')}) { ${body} }`, fragments, { size, cursor: null, ...(hasFilter && { filter: filter ?? null }), ...(hasOrder && { orderBy: orderBy ?? null }), ...switches }, walk);
  }));
}

const typeOfId = (id: string): RecordType => (Object.keys(RECORDS) as RecordType[]).find((type) => RECORDS[type].prefix === id.slice(0, 2)) ?? 'Person';

/** Records one by one: by global id, by number, and why a cell is as it is. Hidden and absent ones among them. */
function lookUpQuestion(schema: GraphQLSchema, known: Known, cells: ReadonlyMap<RecordType, readonly string[]>): fc.Arbitrary<Question> {
  const absent = '00000000-0000-4000-8000-000000000000';
  // A person is met through this door alone, beside the records that lead to it.
  const id = fc.oneof({ weight: 8, arbitrary: one(known.ids.get('pe') ?? []) }, ...['rc', 'ar', 'se', 'st', 'hh', 'in'].map((prefix) => ({ weight: 1, arbitrary: one(known.ids.get(prefix) ?? []) })));
  const node = id.chain((id) => fc.tuple(selectionArbitrary(schema, typeOfId(id), 2), sometimes(fc.constant(absent), 12)).map(([selected, uuid]): [string, (fragments: string[]) => string] => [
    uuid === undefined ? id : `${id.slice(0, 3)}${uuid}`, (fragments) => `{ __typename ... on ${typeOfId(id)} ${printSelection(selected, fragments)} }`,
  ]));
  const single = fc.tuple(one([...known.caseNos, 'GT-NONE', '']), selectionArbitrary(schema, 'ReturnCase', 2));
  const explain = fc.oneof({ weight: 12, arbitrary: id }, { weight: 1, arbitrary: one(['pe_x', `ag_${absent}`, `rc_${absent}`]) })
    .chain((id) => fc.tuple(fc.constant(id), fc.oneof({ weight: 12, arbitrary: one(cells.get(typeOfId(id)) ?? []) }, { weight: 1, arbitrary: fc.constant('noSuchField') })));
  return fc.record({ nodes: fc.array(node, { minLength: 2, maxLength: 9, size: 'max' }), singles: fc.array(single, { maxLength: 2 }), explained: fc.array(explain, { minLength: 1, maxLength: 4 }), conditionals }).map(({ nodes, singles, explained, conditionals: switches }): Question => {
    const fragments: string[] = [];
    const roots = [
      ...nodes.map(([id, inner], index) => `n${index}: node(id: "${id}") ${inner(fragments)}`), ...singles.map(([caseNo, selected], index) => `c${index}: returnCase(caseNo: "${caseNo}") ${printSelection(selected, fragments)}`),
      ...explained.map(([id, cell], index) => `e${index}: explain(id: "${id}", field: "${cell}") { rung }`),
    ];
    return written([], roots.join('\n'), fragments, switches, null);
  });
}

function checkQuestion(schema: GraphQLSchema, known: Known): fc.Arbitrary<Question> {
  return fc.tuple(fc.array(one([...known.people, syntheticIdNumber(900)]), { minLength: 1, maxLength: 8 }), selectionArbitrary(schema, 'ReturneeCheck', 2), conditionals).map(([numbers, selected, switches]) => {
    const fragments: string[] = [];
    return written([], `checkReturnees(idNumbers: ${JSON.stringify(numbers)}) ${printSelection(selected, fragments)} viewer { roles purposes purpose matter policy agency { code division { parent { name } } } }`, fragments, switches, null);
  });
}

/** A whole document; `$yes` and `$no` are declared only if some directive reads them. */
function written(parameters: readonly string[], body: string, fragments: readonly string[], variables: Record<string, unknown>, walk: Asked['walk']): Question {
  const text = [body, ...fragments].join('\n');
  const switches = ['yes', 'no'].filter((name) => text.includes(`$${name})`));
  const declared = [...parameters, ...switches.map((name) => `$${name}: Boolean!`)];
  const query = `query${declared.length > 0 ? `(${declared.join(', ')})` : ''} { ${body} }\n${fragments.join('\n')}`;
  parse(query);
  return { query, walk, variables: Object.fromEntries(Object.entries(variables).filter(([name]) => !['yes', 'no'].includes(name) || switches.includes(name))) };
}

/** Questions about these rows, some of them asked again with one thing changed (agency, instant, purpose, roles, matter, a switch), so that lenses and plans are met that others left behind. */
export function askingArbitrary(schema: GraphQLSchema, rows: PlainRows, favourites: readonly string[], cells: ReadonlyMap<RecordType, readonly string[]>): fc.Arbitrary<Asked[]> {
  const known = knownOf(rows);
  const agency = fc.oneof({ weight: 3, arbitrary: one(favourites) }, { weight: 1, arbitrary: one(ROSTER.map(({ code }) => code)) });
  const viewer = fc.record({ agency, roles, purpose, matter: fc.oneof({ weight: 4, arbitrary: one(known.numbers) }, { weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: one(['GT-NONE', "O'Brien"]) }), now: clock });
  const question = fc.oneof({ weight: 5, arbitrary: listQuestion(schema, known) }, { weight: 4, arbitrary: lookUpQuestion(schema, known, cells) }, { weight: 1, arbitrary: checkQuestion(schema, known) });
  return fc.array(fc.tuple(viewer, question, fc.integer({ min: 0, max: 11 }), viewer), { minLength: 2, maxLength: 3, size: 'max' }).map((drawn) => drawn.flatMap(([who, what, again, other]): Asked[] => {
    const asked: Asked = { ...who, ...what };
    if (again > 0) return [asked];
    const switched = { ...asked, variables: { ...asked.variables, ...('yes' in asked.variables && { yes: false }) } };
    return [asked, asked, switched, { ...asked, agency: other.agency }, { ...asked, now: other.now }, { ...asked, purpose: other.purpose }, { ...asked, roles: other.roles }, { ...asked, matter: other.matter }];
  }));
}
