import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { graphql, isObjectType, parse, subscribe } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { operationsOf } from '../../src/ledgers/schema.js';
import { shieldOperations } from '../../src/server/shield.js';
import { startHub, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';
import { world, worldId } from '../support/world.js';

/** The seven ways in which the chosen stack fails open (security.md §1, L1–L7), each shown closed here. */
let hub: TestHub;
beforeAll(async () => { hub = await startHub(); });
afterAll(() => hub.stop());

const codesOf = (errors: readonly { extensions: { code: string } }[]): string[] => errors.map(({ extensions }) => extensions.code);
/** A case that `station-120000` sent, which `civil-320000` sees under SUPERVISION without its subject, and `station-320281` under RETURN with it. */
const [CASE_NAME, CASE] = Object.entries(world.cases).find(([, one]) => one.destination === 'station-120000' && one.origin === 'station-320281' && one.state === 'HOME_CHECKED') ?? [];
const caseId = (): string => `rc_${worldId('case', CASE_NAME ?? '')}`;

describe('L1, an interface whose implementation forgets the rule', () => {
  const paths: [string, string][] = [
    ['the interface', 'node(id: $id) { id ... on ReturnCase { caseNo subject { name } homeCheck { text } } }'], ['a nested fragment', 'node(id: $id) { ...N }'],
    ['the type itself', 'node: returnCase(caseNo: $no) { id caseNo subject { name } homeCheck { text } }'],
  ];
  test.each(paths)('a hidden value is withheld through %s', async (_, path) => {
    const fragment = path.includes('...N') ? ' fragment N on Node { ...C } fragment C on ReturnCase { id caseNo subject { name } homeCheck { text } }' : '';
    const { data, text } = await hub.ask('civil-320000', { purpose: 'SUPERVISION' }, `query Q(${path.includes('$id') ? '$id: ID!' : '$no: String!'}) { ${path} }${fragment}`, { id: caseId(), no: CASE?.caseNo ?? '' });
    expect(data).toEqual({ node: { id: caseId(), caseNo: CASE?.caseNo, subject: null, homeCheck: null } });
    expect(text).not.toContain(world.persons[CASE?.person ?? '']?.name ?? 'nobody');
  });

  test('no rule of ours is written as @Authorized, which an implementation could forget', () => {
    expect(getMetadataStorage().authorizedFields).toEqual([]);
  });
});

describe('L2, a filter on a field that the viewer may not read', () => {
  test.each(['subjectName: "林"', 'subjectIdNumber: "990101195001011236"'])('%s is refused by name, not answered and not dropped', async (filter) => {
    for (const args of [`filter: { ${filter} }`, `filter: { state: [SENT], ${filter} }`, `filter: { ${filter}, awaiting: OTHERS }`]) {
      const { data, errors } = await hub.ask('civil-320000', { purpose: 'SUPERVISION' }, `{ returnCases(${args}) { totalCount nodes { id } } }`);
      expect([data, errors.map(({ extensions }) => [extensions.code, extensions.field])]).toEqual([null, [['FIELD_NOT_FILTERABLE', `filter.${filter.split(':')[0] ?? ''}`]]]);
    }
  });
});

describe('L3, a rule on an interface', () => {
  test('none is relied on: the shield guards root operations alone, and every other type is behind one', () => {
    const schema = shieldOperations(hub.parts.schema, operationsOf(hub.parts.schema));
    const changed = Object.values(schema.getTypeMap()).filter(isObjectType).flatMap((type) => {
      const before = hub.parts.schema.getType(type.name);
      return isObjectType(before) ? Object.values(type.getFields()).filter((field) => field.resolve !== before.getFields()[field.name]?.resolve).map((field) => `${type.name}.${field.name}`) : [];
    });
    expect(changed.toSorted()).toEqual([...Object.keys(schema.getQueryType()?.getFields() ?? {}).map((name) => `Query.${name}`), ...Object.keys(schema.getMutationType()?.getFields() ?? {}).map((name) => `Mutation.${name}`)].toSorted());
  });

  test('`node` asked by a kind that has no rule for it is refused', async () => {
    const { data, errors } = await hub.ask('audit-320000', { purpose: 'AUDIT' }, `{ node(id: "${caseId()}") { id } }`);
    expect([data, codesOf(errors)]).toEqual([{ node: null }, ['FORBIDDEN']]);
  });
});

test('L4, a field without a rule: an operation that the shield is not told of is refused, whatever its resolver would say', async () => {
  const { schema } = hub.parts;
  const told = operationsOf(schema).filter((name) => name !== 'agencies');
  const { data, errors } = await graphql({ schema: shieldOperations(schema, told), source: '{ agencies { code } }', contextValue: {} });
  expect([data, errors?.length]).toEqual([null, 1]);
});

describe('L5, L6, verdicts kept from one row, field or asker to the next', () => {
  test('rows of one page keep each its own verdict', async () => {
    const { data } = await hub.ask<{ returnCases: { nodes: { id: string; person: object | null; disclosure: { field: string; rung: string }[] }[] } }>('station-320281', { purpose: 'RETURN' }, '{ returnCases(first: 200) { nodes { id person { id } disclosure { field rung } } } }');
    const nodes = data?.returnCases.nodes ?? [];
    const open = nodes.filter(({ person }) => person !== null);
    expect([open.length > 0, open.length < nodes.length]).toEqual([true, true]);
    for (const { person, disclosure } of nodes) expect(disclosure.find(({ field }) => field === 'person')?.rung).toBe(person === null ? 'WITHHELD' : 'FULL');
  });

  test.each(['{ viewer { policy } returnCases { nodes { id } } agencies { code } }', '{ returnCases { nodes { id } } agencies { code } viewer { policy } }'])('an open operation does not open a closed one beside it: %s', async (query) => {
    const { data, errors } = await hub.ask('audit-320000', { purpose: 'AUDIT' }, query);
    expect([data, codesOf(errors)]).toEqual([null, ['FORBIDDEN']]);
  });

  test('two askers and two purposes at once each get what they get alone', async () => {
    const selection = '{ returnCases(first: 200) { totalCount nodes { id subject { name } person { name } } } }';
    const askers: [string, 'RETURN' | 'SUPERVISION'][] = [['station-320281', 'RETURN'], ['civil-320000', 'SUPERVISION'], ['civil-320281', 'RETURN'], ['station-120000', 'RETURN'], ['civil-320281', 'SUPERVISION'], ['poverty-320281', 'RETURN']];
    const bodyOf = async ([agency, purpose]: (typeof askers)[number], operation: string): Promise<string> => {
      const { data, errors } = await hub.ask(agency, { purpose }, `query ${operation} ${selection}`);
      return JSON.stringify([data, codesOf(errors)]);
    };
    const alone: string[] = [];
    // Each by a document of its own: what is kept for a document is nobody else's.
    for (const [index, asker] of askers.entries()) alone.push(await bodyOf(asker, `Alone${index}`));
    expect(new Set(alone).size).toBeGreaterThan(4);
    const rounds = await Promise.all(Array.from({ length: 60 }, (_, index) => bodyOf(askers[index % askers.length] as (typeof askers)[number], 'Together')));
    for (const [index, body] of rounds.entries()) expect(body).toBe(alone[index % askers.length]);
  });
});

describe('L7, a right that outlives its end', () => {
  test('there is no subscription to stay open', async () => {
    const { schema } = hub.parts;
    expect(schema.getSubscriptionType()).toBeUndefined();
    expect(await subscribe({ schema, document: parse('subscription { ledgerEvents { id } }') })).toMatchObject({ errors: [{}] });
    const { data, errors } = await hub.ask('station-320281', { purpose: 'RETURN' }, 'subscription { ledgerEvents { id } }');
    expect([data, errors.length]).toEqual([null, 1]);
  });

  test('a suspended agency is out at its next request, and in again when it is back', async () => {
    const query = '{ returnCases { totalCount } }';
    const suspend = (value: string): Promise<void> => withClient(hub.database.admin, async (owner) => { await owner.query(`UPDATE guitu.agencies SET suspended_at = ${value} WHERE code = 'station-320200'`); });
    expect((await hub.ask('station-320200', { purpose: 'RETURN' }, query)).status).toBe(200);
    await suspend('now()');
    const { status, errors } = await hub.ask('station-320200', { purpose: 'RETURN' }, query);
    expect([status, codesOf(errors)]).toEqual([401, ['UNAUTHENTICATED']]);
    await suspend('NULL');
    expect((await hub.ask('station-320200', { purpose: 'RETURN' }, query)).status).toBe(200);
  });
});
