import { describe, expect, test } from '@jest/globals';
import { extendSchema, parse, type GraphQLSchema } from 'graphql';
import { buildPublishedSchema } from '../../src/ledgers/schema.js';
import { CATALOGUE, shippedPolicy } from '../policy/shipped-policy.js';
import { itemsOf } from './coverage.js';
import { knownPositions } from './known-positions.js';
import { PATH_KINDS } from './path-kinds.js';
import { STEPS } from './steps.js';
import { LONGEST_WAY, walkSchema, type Walk } from './walk-schema.js';

/** A field or path that is added to the schema is found by the walk, or reported by name with what to add: nothing of it is passed over. */

const published = buildPublishedSchema();
const operations = [...shippedPolicy().operations.keys()];
const known = knownPositions(published, Object.keys(STEPS));
const walk = (schema: GraphQLSchema, more: readonly string[] = []): Walk => walkSchema(schema, known, [...operations, ...more]);
const extended = (sdl: string): GraphQLSchema => extendSchema(published, parse(sdl));

describe('the published schema', () => {
  test('has no position that no handler covers', () => {
    expect(walk(published).uncovered).toEqual([]);
  });

  test('has paths of every kind, and every cell of the catalogue stands on one', () => {
    const items = itemsOf(walk(published), known.catalogue);
    expect([...new Set(items.map(({ kind }) => kind))].toSorted()).toEqual(Object.keys(PATH_KINDS).toSorted());
    const cells = new Set(items.filter(({ kind }) => ['list', 'node', 'nested', 'answer', 'single', 'payload'].includes(kind)).map(({ cell }) => cell));
    const missing = [...CATALOGUE.records.values()].flatMap(({ record, fields, nestedCells }) => [...Object.keys(fields), ...nestedCells].map((cell) => `${record}.${cell}`)).filter((cell) => !cells.has(cell));
    expect(missing).toEqual([]);
  });

  test('is walked as deep as five fields from the root', () => {
    const lengths = walk(published).ways.map(({ path }) => path.split('.').length);
    expect(Math.max(...lengths)).toBe(LONGEST_WAY);
    expect(walk(published).ways.map(({ path }) => path)).toEqual(expect.arrayContaining(['returnCases.nodes', 'returnCases.edges.node.person', 'registeredHouseholds.edges.node.members.matchedPerson', 'node(ReturnCase).person', 'checkReturnees', 'confirmFlag.household.members.matchedPerson']));
  });
});

describe('what is added is reported by name', () => {
  test.each([
    ['a field of a record', 'extend type ReturnCase { remark: String }', 'ReturnCase.remark: it is in the schema and not in the catalogue'],
    ['a field inside a record', 'extend type ReturnSubject { nickname: String }', 'ReturnCase.subject.nickname: it is in the schema and not in the catalogue'],
    ['a link from one record to another', 'extend type Person { cases: [ReturnCase!]! }', 'Person.cases: it is in the schema and not in the catalogue'],
    ['an argument of a cell', 'extend type ReturnCase { x: Int } extend type Person { y(of: String): Int }', 'Person.y: it is in the schema and not in the catalogue'],
    ['a root field that gives one record', 'extend type Query { latestCase: ReturnCase }', 'Query.latestCase: it gives ReturnCase, and no handler knows how to ask it'],
    ['a root field that gives several', 'extend type Query { peopleNamed(name: String!): [Person!]! }', 'Query.peopleNamed(name): it gives Person, and no handler knows how to ask it'],
    ['a list without rules', 'extend type Query { archivedCases(first: Int): ReturnCaseConnection! }', 'Query.archivedCases: a list without rules'],
    ['a root field that holds a value', 'extend type Query { tally(division: String!): Int }', 'Query.tally(division): no handler knows it'],
    ['a root field of a new type', 'type Summary { names: [String!]! } extend type Query { summary: Summary }', 'Query.summary: no handler knows it'],
    ['a union', 'union Any = ReturnCase | Person extend type Query { any: Any }', 'Query.any: Any is abstract'],
    ['a type behind `node`', 'type Inquiry implements Node { id: ID! text: String }', 'Query.node: it leads to Inquiry, which is neither a record of the catalogue nor known to hold no cell'],
    ['a filter', 'extend input ReturnCaseFilter { personName: String }', 'ReturnCaseFilter.personName: it has no rule that says which cells it reads'],
    ['a word of an order', 'extend enum ReturnCaseOrderField { PERSON_NAME }', 'ReturnCaseOrderField.PERSON_NAME: it has no rule that says which cells it reads'],
    ['a total beside the page', 'extend type ReturnCaseConnection { byState: [Int!]! }', 'ReturnCaseConnection.byState: a connection has edges, nodes, pageInfo and totalCount'],
    ['something beside a node', 'type HouseholdMemberEdge { node: HouseholdMember cursor: String! score: Int } type HouseholdMemberConnection { edges: [HouseholdMemberEdge!]! } extend type Query { householdMembers: HouseholdMemberConnection! }', 'Query.householdMembers: a list without rules'],
    ['something beside a node of a known list', 'extend type ReturnCaseEdge { score: Int }', 'ReturnCaseEdge.score: an edge has a cursor and a node'],
    ['a mutation', 'extend type Mutation { archiveReturn(id: ID!): ReturnCasePayload! }', 'Mutation.archiveReturn: nobody carries it out here'],
    ['a value in a payload', 'extend type FlagHouseholdsPayload { matched: Int! }', 'FlagHouseholdsPayload.matched: no handler knows it'],
    ['an input of a mutation', 'extend input ReturnStepInput { ifNamed: String }', 'ReturnStepInput.ifNamed: an input that no handler knows'],
    ['a field of the viewer', 'extend type Viewer { lastCaseNo: String }', 'Viewer.lastCaseNo: no handler knows it'],
    ['an argument of an open query', 'extend type Query { agenciesOf(person: ID!): [Agency!]! }', 'Query.agenciesOf(person): no handler knows it'],
    ['a subscription', 'type Subscription { ledgerEvents: ReturnCase } extend schema { subscription: Subscription }', 'Subscription.ledgerEvents: a path of kind `subscription` has no handler'],
  ])('%s', (_, sdl, report) => {
    expect(walk(extended(sdl)).uncovered).toEqual(expect.arrayContaining([expect.stringContaining(report)]));
  });

  test('an operation that is no field, such as an export', () => {
    expect(walk(published, ['exportReturns']).uncovered).toEqual([expect.stringContaining('operation exportReturns: it is no root field')]);
  });

  test('an argument of a known list', () => {
    const query = published.getQueryType()?.getFields()['returnCases'];
    const changed = buildPublishedSchema();
    const list = changed.getQueryType()?.getFields()['returnCases'];
    if (!query || !list) throw new Error('no list of cases');
    list.args = [...list.args, { ...(list.args[0] as (typeof list.args)[number]), name: 'search' }];
    expect(walk(changed).uncovered).toEqual(['Query.returnCases(search): an argument that no handler knows; a list takes a page, a filter and an order']);
  });

  test('a cell of the catalogue that the schema does not show', () => {
    const shape = known.catalogue.records.get('Person');
    if (!shape) throw new Error('no Person');
    const records = new Map(known.catalogue.records).set('Person', { ...shape, fields: { ...shape.fields, motherName: { field: 'value', sql: () => 'NULL' } } });
    expect(walkSchema(published, { ...known, catalogue: { ...known.catalogue, records } }, operations).uncovered).toEqual(['Person.motherName: it is in the catalogue and not in the schema: no path can be checked']);
  });

  test('a filter whose rule reads a cell that there is not', () => {
    const rules = known.lists['returnCases'];
    if (!rules) throw new Error('no rules');
    const filters = { ...rules.filters, caseNo: { cells: ['caseNumber'], sql: () => 'TRUE' } };
    expect(walkSchema(published, { ...known, lists: { ...known.lists, returnCases: { ...rules, filters } } }, operations).uncovered).toEqual(['ReturnCaseFilter.caseNo: it reads `caseNumber`, which is no cell of ReturnCase; add it to the ledger\'s filters and orders']);
  });
});

describe('what is added and known joins by itself', () => {
  test('a cell in schema and catalogue is on every way to its record, for each kind of path', () => {
    const shape = known.catalogue.records.get('Person');
    if (!shape) throw new Error('no Person');
    const catalogue = { ...known.catalogue, records: new Map(known.catalogue.records).set('Person', { ...shape, fields: { ...shape.fields, nickname: { field: 'value' as const, sql: () => 'NULL' } } }) };
    const walked = walkSchema(extended('extend type Person { nickname: String }'), { ...known, catalogue }, operations);
    expect(walked.uncovered).toEqual([]);
    const ways = walked.ways.filter(({ record }) => record === 'Person').map(({ path }) => path);
    const items = itemsOf(walked, catalogue).filter(({ cell }) => cell === 'Person.nickname');
    expect(items.map(({ path }) => path)).toEqual(expect.arrayContaining([...ways, 'explain', 'withheld', 'error', 'log', 'evidence']));
    expect(items).toHaveLength(ways.length + 5);
  });
});
