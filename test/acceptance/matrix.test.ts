import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getNamedType, isEnumType, type GraphQLObjectType } from 'graphql';
import { AGENCY_KINDS, PURPOSES, type Purpose, type Role } from '../../src/kernel/viewer.js';
import { Guitu } from '../cli/guitu.js';
import { startHub, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';
import { world } from '../support/world.js';
import { compare, summarise, type Computed, type Difference, type Given } from './compare-cells.js';
import { expected, expectedCheck, mayState, mayUse, mostOf, type Asker, type Rung } from './domain-5.js';
import { AGENCIES, CASES, getFacts, HOUSEHOLDS, idOf, INQUIRIES, INQUIRY_ASKED_FOR, PERSONS, UNUSED, type RecordName } from './world-facts.js';
import { LISTS, NAMES, RECORDS, SELECTIONS, valuesOf } from './world-values.js';

/** Every agency × purpose × role × record × field × path: what the API returns and explains = domain.md §5 transcribed by hand. */

const ROLES: readonly (readonly Role[])[] = [['CLERK'], ['CLERK', 'MINORS_OFFICER']];
const RUNGS: readonly Rung[] = ['WITHHELD', 'ENDS', 'FULL'];
const MATTER = getFacts(INQUIRIES, INQUIRY_ASKED_FOR).inquiryNo;
const FRAGMENTS = RECORDS.map((record) => `fragment ${record}Cells on ${record} { ${SELECTIONS[record]} }`);
/** Nodes a request: the hub takes 20 root fields and 1,000 fields. */
const NODES_PER_REQUEST = 7;

let hub: TestHub;
let computed: Computed;
beforeAll(async () => {
  hub = await startHub();
  computed = await readComputed();
});
afterAll(() => hub.stop());

describe.each(Object.keys(AGENCIES))('%s', (agency) => {
  test('may state the purposes of its kind and no other', async () => {
    for (const purpose of PURPOSES) {
      const { data, errors } = await hub.ask<{ viewer: { purpose: string } }>(agency, { purpose, matter: MATTER }, '{ viewer { purpose } }');
      expect([purpose, data?.viewer.purpose ?? errors[0]?.extensions.code]).toEqual([purpose, mayState(agency, purpose) ? purpose : 'PURPOSE_NOT_ALLOWED']);
    }
  });

  test.each(PURPOSES.filter((purpose) => mayState(agency, purpose)))('sees for %s what the table says, by every path', async (purpose) => {
    const differences: Difference[] = [];
    for (const roles of ROLES) {
      const asker = { agency, roles, purpose };
      for (const record of RECORDS) differences.push(...(await compareList(asker, record)), ...(await compareNodes(asker, record)));
    }
    expect(summarise(differences)).toEqual([]);
  });

  test.each(PURPOSES.filter((purpose) => mayState(agency, purpose)))('is told by explain for %s the rung of the table, of every cell of every record; of a hidden one, nothing', async (purpose) => {
    const [plain = [], officer = []] = ROLES;
    const differences = [
      ...(await compareExplained({ agency, roles: plain, purpose }, questionsOf({ agency, roles: plain, purpose }))),
      ...(await compareExplained({ agency, roles: officer, purpose }, questionsOf({ agency, roles: officer, purpose }, { agency, roles: plain, purpose }))),
    ];
    expect(differences).toEqual([]);
  });
});

describe('policyMatrix', () => {
  test.each(Object.keys(AGENCIES))('says for %s, at best, what the table says at best', async (agency) => {
    const { data } = await hub.ask<{ policyMatrix: { purpose: Purpose; record: RecordName; field: string; rung: Rung }[] }>(agency, {}, '{ policyMatrix { purpose record field rung } }');
    const said = data?.policyMatrix ?? [];
    const differences = PURPOSES.filter((purpose) => mayState(agency, purpose)).flatMap((purpose) => RECORDS.flatMap((record) => Object.entries(mostOf(agency, purpose, record)).flatMap(([field, rung]) => {
      const rungs: readonly Rung[] = said.filter((cell) => cell.purpose === purpose && cell.record === record && cell.field === field).map((cell) => cell.rung);
      const best = RUNGS.findLast((step) => rungs.includes(step)) ?? 'absent';
      return best === rung ? [] : [`${purpose} ${record}.${field}: §5 ${rung}, policyMatrix ${best}`];
    })));
    expect(differences).toEqual([]);
  });
});

describe('the matrix of the command line', () => {
  test('as CSV is, line by line, what policyMatrix tells a data authority of every kind', async () => {
    const columns = ['kind', 'level', 'role', 'purpose', 'record', 'field', 'relation', 'rung', 'rule', 'basis', 'until'];
    const guitu = await Guitu.create();
    const { stdout } = await guitu.run(['policy', 'matrix', '--csv'], { GUITU_NOW: world.now });
    await guitu.remove();
    const [head, ...lines] = readCsv(stdout);
    const printed = new Set(lines.map((line) => JSON.stringify(line)));
    const said = new Set<string>();
    for (const kind of AGENCY_KINDS) {
      const { data } = await hub.ask<{ policyMatrix: Record<string, string | null>[] }>('data-320200', {}, `{ policyMatrix(kind: ${kind}) { ${columns.join(' ')} } }`);
      for (const cell of data?.policyMatrix ?? []) said.add(JSON.stringify(columns.map((column) => cell[column] ?? '')));
    }
    expect(head).toEqual(columns);
    expect({ onlyPrinted: [...printed].filter((line) => !said.has(line)), onlySaid: [...said].filter((line) => !printed.has(line)) }).toEqual({ onlyPrinted: [], onlySaid: [] });
    expect(lines.length).toBe(said.size);
    expect(said.size).toBeGreaterThan(1_000);
  });
});

describe('explainField', () => {
  const ask = (agency: string, args: string, roles: Role[] = ['CLERK']) => hub.ask<{ explainField: { wouldNeed: string[] } }>(agency, { roles }, `{ explainField(${args}) { record field wouldNeed } }`);

  test('tells everybody what itself would need, and of other kinds only data authorities and sharing officers', async () => {
    expect((await ask('health-320281', 'record: "Person", field: "name"')).data?.explainField.wouldNeed).toEqual(['策略没有把这一栏目给这类机构']);
    expect((await ask('health-320281', 'record: "Person", field: "name", kind: TOWNSHIP')).errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', field: 'kind' });
    expect((await ask('civil-320000', 'record: "Person", field: "name", level: COUNTY')).errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', field: 'level' });
    const authority = await ask('data-320200', 'record: "Person", field: "idNumber", kind: TOWNSHIP, purpose: AT_RISK_CARE');
    expect(authority.data?.explainField.wouldNeed[0]).toMatch(/^各级乡镇、街道，用途为「易流浪走失人员的关注与回访」，关系为「花名册通报到的乡镇、街道」：只见首尾/u);
    expect((await ask('health-320281', 'record: "Person", field: "idNumber", kind: TOWNSHIP, purpose: AT_RISK_CARE', ['SHARING_OFFICER'])).data).toEqual(authority.data);
  });

  test('speaks of no record: a number or id is no type of record', async () => {
    expect((await ask('data-320200', `record: "${idOf.Person(NAMES.Person[0] ?? '')}", field: "name", kind: TOWNSHIP`)).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'record' });
    expect((await ask('data-320200', 'record: "Person", field: "nickname", kind: TOWNSHIP')).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'field' });
  });
});

describe('the records of the world', () => {
  test('fit the published schema: every word of an enum is one that clients know', () => {
    const schema = hub.parts.schema;
    const wrong = RECORDS.flatMap((record) => NAMES[record].flatMap((name) => Object.entries(valuesOf(record, name)).flatMap(([field, value]) => {
      const type = getNamedType((schema.getType(record) as GraphQLObjectType).getFields()[field]?.type);
      if (!isEnumType(type)) return [];
      return [value].flat().filter((word) => word !== null && type.getValue(String(word)) === undefined).map((word) => `${record} ${name} .${field}: ${String(word)} is not in ${type.name}`);
    })));
    expect(wrong).toEqual([]);
  });
});

describe('checkReturnees', () => {
  test.each(ROLES.map((roles) => [roles]))('answers %j about every ID number of the world as the contract says', async (roles) => {
    const asker: Asker = { agency: 'insurance-320281', roles, purpose: 'BENEFIT_CHECK' };
    const numbers = [...Object.values(PERSONS), ...Object.values(UNUSED), ...Object.values(HOUSEHOLDS).flatMap(({ members }) => members)].flatMap(({ idNumber }) => (idNumber ? [idNumber] : []));
    const { data } = await ask<{ checkReturnees: unknown[] }>(asker, 'query ($numbers: [String!]!) { checkReturnees(idNumbers: $numbers) { idNumber current division { code } contactAgency { code } } }', { numbers });
    expect(data?.checkReturnees).toEqual(numbers.map((idNumber) => {
      const found = expectedCheck(asker, idNumber);
      return { idNumber, current: found !== undefined, division: found ? { code: found.originDivision.slice(0, 6) } : null, contactAgency: found ? { code: found.origin } : null };
    }));
  });
});

function ask<Data>({ agency, roles, purpose }: Asker, query: string, variables?: Record<string, unknown>): ReturnType<typeof hub.ask<Data>> {
  return hub.ask<Data>(agency, { roles, purpose, matter: MATTER }, query, variables);
}

/** The list of a record type, and the linked persons in it; or `FORBIDDEN`. */
async function compareList(asker: Asker, record: RecordName): Promise<Difference[]> {
  const list = LISTS[record];
  if (!list) return [];
  const { data, errors } = await ask<Record<string, { totalCount: number; nodes: Given[]; edges: { node: Given }[] }>>(asker, `{ ${list}(first: 200) { totalCount nodes { ...${record}Cells } edges { node { id } } } } ${fragmentsFor(record)}`);
  const allowed = mayUse(asker.agency, list, asker.purpose);
  const connection = data?.[list];
  if (!connection || !allowed) {
    const code = errors[0]?.extensions.code ?? 'served';
    return code === (allowed ? 'served' : 'FORBIDDEN') ? [] : [operationDiffers(asker, list, allowed ? 'served' : 'FORBIDDEN', code)];
  }
  const counted = connection.totalCount === connection.nodes.length && connection.edges.every(({ node }, index) => node.id === connection.nodes[index]?.id);
  return [
    ...(counted ? [] : [operationDiffers(asker, list, 'totalCount and edges as nodes', String(connection.totalCount))]),
    ...NAMES[record].flatMap((name) => compareRecord(asker, record, name, connection.nodes.find(({ id }) => id === idOf[record](name)), list)),
  ];
}

/** Every record of a type by its id. */
async function compareNodes(asker: Asker, record: RecordName): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (let start = 0; start < NAMES[record].length; start += NODES_PER_REQUEST) {
    const names = NAMES[record].slice(start, start + NODES_PER_REQUEST);
    const { data } = await ask<Record<string, Given | null>>(asker, `{ ${names.map((name, index) => `n${index}: node(id: "${idOf[record](name)}") { ...${record}Cells }`).join(' ')} } ${fragmentsFor(record)}`);
    differences.push(...names.flatMap((name, index) => compareRecord(asker, record, name, data?.[`n${index}`], 'node')));
  }
  if (record === 'ReturnCase') differences.push(...(await compareByNumber(asker)));
  return differences;
}

async function compareByNumber(asker: Asker): Promise<Difference[]> {
  if (!mayUse(asker.agency, 'returnCases', asker.purpose)) return [];
  const differences: Difference[] = [];
  for (let start = 0; start < NAMES.ReturnCase.length; start += NODES_PER_REQUEST) {
    const names = NAMES.ReturnCase.slice(start, start + NODES_PER_REQUEST);
    const { data } = await ask<Record<string, Given | null>>(asker, `{ ${names.map((name, index) => `n${index}: returnCase(caseNo: "${getFacts(CASES, name).caseNo}") { ...ReturnCaseCells }`).join(' ')} } ${fragmentsFor('ReturnCase')}`);
    differences.push(...names.flatMap((name, index) => {
      const given = data?.[`n${index}`];
      // Whoever does not hold the number finds nothing by it.
      if ((expected(asker, 'ReturnCase', name)?.['caseNo'] ?? 'FULL') !== 'FULL') return given ? [operationDiffers(asker, 'returnCase', 'absent', 'found')] : [];
      return compareRecord(asker, 'ReturnCase', name, given, 'returnCase');
    }));
  }
  return differences;
}

/** A cell of a record, and the rung that the table gives; null where the record is hidden, of which one cell is asked. */
interface Question { record: RecordName; name: string; field: string; rung: Rung | null }

/** Everything to ask of; with `known`, only where the table gives that asker another answer. */
function questionsOf(asker: Asker, known?: Asker): Question[] {
  return RECORDS.flatMap((record) => NAMES[record].flatMap((name): Question[] => {
    const table = expected(asker, record, name);
    const before = known && expected(known, record, name);
    if (!table) return known ? [] : [{ record, name, field: FIRST_FIELD[record], rung: null }];
    return Object.entries(table).filter(([field, rung]) => before?.[field] !== rung).map(([field, rung]) => ({ record, name, field, rung }));
  }));
}

const FIRST_FIELD: Record<RecordName, string> = { ReturnCase: 'caseNo', Person: 'name', AtRiskEntry: 'entryNo', SettlementCase: 'settlementNo', Stay: 'stayNo', IdentityInquiry: 'inquiryNo', MissingReport: 'reportNo', RegisteredHousehold: 'householdNo' };

/** Root fields a request. */
const EXPLAINED_PER_REQUEST = 20;

async function compareExplained(asker: Asker, questions: readonly Question[]): Promise<string[]> {
  const differences: string[] = [];
  for (let start = 0; start < questions.length; start += EXPLAINED_PER_REQUEST) {
    const some = questions.slice(start, start + EXPLAINED_PER_REQUEST);
    const { data, text } = await ask<Record<string, { rung: Rung } | null>>(asker, `{ ${some.map(({ record, name, field }, index) => `e${index}: explain(id: "${idOf[record](name)}", field: "${field}") { rung }`).join(' ')} }`);
    if (!data) differences.push(text.slice(0, 200));
    differences.push(...some.flatMap(({ record, name, field, rung }, index) => {
      const said = data?.[`e${index}`]?.rung ?? null;
      return said === rung ? [] : [`${asker.roles.join('+')} ${record} ${name} ${field}: §5 ${rung}, explain ${said}`];
    }));
  }
  return differences;
}

/** Rows of RFC 4180 text. */
function readCsv(text: string): string[][] {
  return text.trimEnd().split('\r\n').map((line) => [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/gu)].map(([, cell = '']) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)));
}

/** A record and the persons nested in it: the same person is the same by every path. */
function compareRecord(asker: Asker, record: RecordName, name: string, given: Given | null | undefined, path: string): Difference[] {
  const nested = given ? [given['person'], ...((given['members'] as { matchedPerson: unknown }[] | null) ?? []).map(({ matchedPerson }) => matchedPerson)].filter((person) => person != null) as Given[] : [];
  return [
    ...compare(asker, record, name, given, path, computed),
    ...nested.flatMap((person) => compare(asker, 'Person', NAMES.Person.find((other) => idOf.Person(other) === person.id) ?? '', person, `${path} › person`, computed)),
  ];
}

const operationDiffers = ({ agency, purpose, roles }: Asker, operation: string, table: string, api: string): Difference =>
  ({ agency, purpose, roles: roles.join('+'), record: 'Query', name: '', field: operation, path: 'operation', table, api });

/** A document may not hold a fragment that it does not use. */
const fragmentsFor = (record: RecordName): string => FRAGMENTS[RECORDS.indexOf(record)] ?? '';

async function readComputed(): Promise<Computed> {
  const { rows } = await withClient(hub.database.admin, (client) => client.query<{ case_no: string; by: string | null; until: string | null; provisional: boolean }>(
    'SELECT case_no, acknowledge_by::text AS by, receive_by::text AS until, provisional FROM guitu.return_cases'));
  return new Map(rows.map(({ case_no: caseNo, by, until, provisional }) => [
    Object.entries(CASES).find(([, facts]) => facts.caseNo === caseNo)?.[0] ?? '', { acknowledgeBy: by, receiveBy: until, deadlinesProvisional: provisional },
  ]));
}

