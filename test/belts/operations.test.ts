import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute, GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { packageRoot } from '../../src/kernel/package-root.js';
import { PURPOSES } from '../../src/kernel/viewer.js';
import { operationsOf } from '../../src/ledgers/schema.js';
import { findRefusal } from '../../src/server/format-error.js';
import { Hub } from '../../src/server/hub.js';
import { shieldOperations } from '../../src/server/shield.js';
import { askAs } from '../support/asking.js';
import { startHub, type TestHub } from '../support/hub.js';
import { world } from '../support/world.js';
import { leastDocuments } from './least-document.js';

/** The belt of operations: graphql-shield with the gate, deny by default. What is allowed is read from the policy files as plain YAML. */
interface Allowed { kind?: string[]; level?: string[]; roles?: string[]; for?: string[] }
const read = <Entry>(file: string): Entry[] => parseYaml(readFileSync(join(packageRoot(), 'policies', file), 'utf8')) as Entry[];
const OPERATIONS = read<{ operations: string[]; purposeFree?: boolean; allow: Allowed[] }>('operations.yaml');
const STATED = new Map(read<{ purpose: string; matter: string; matterExcept?: string[]; allow: Allowed[] }>('purposes.yaml').map((entry) => [entry.purpose, entry]));
const AGENCIES = Object.keys(world.agencies);

const holds = (allow: readonly Allowed[], agency: string, purpose: string | null): boolean => {
  const { kind, level } = world.agencies[agency] as { kind: string; level: string };
  return allow.some((one) => (!one.kind || one.kind.includes(kind)) && (!one.level || one.level.includes(level)) && (!one.roles || one.roles.includes('CLERK')) && (!one.for || (purpose !== null && one.for.includes(purpose))));
};
const mayState = (agency: string, purpose: string): boolean => holds(STATED.get(purpose)?.allow ?? [], agency, purpose);

/** The code of design §4, in its order; undefined where the operation is open. */
function expectedCode(operation: string, agency: string, purpose: string | null, matter: string | null): string | undefined {
  const rule = OPERATIONS.find(({ operations }) => operations.includes(operation));
  if (purpose !== null && !mayState(agency, purpose)) return 'PURPOSE_NOT_ALLOWED';
  if (!rule) return 'FORBIDDEN';
  if (rule.purposeFree) return holds(rule.allow, agency, purpose) ? undefined : 'FORBIDDEN';
  if (purpose === null) return 'PURPOSE_REQUIRED';
  if (STATED.get(purpose)?.matter === 'required' && matter === null && !STATED.get(purpose)?.matterExcept?.includes(operation)) return 'MATTER_REQUIRED';
  return holds(rule.allow, agency, purpose) ? undefined : 'FORBIDDEN';
}

let hub: TestHub;
beforeAll(async () => { hub = await startHub(); });
afterAll(() => hub.stop());

describe('every operation × agency × purpose, with and without a matter', () => {
  test.each(AGENCIES)('%s is refused, with the code of the contract, whatever operations.yaml does not open', async (agency) => {
    const { schema, pools, services, recorder, policy } = hub.parts;
    const bare = new Hub({ schema, reader: pools.reader, services, recorder, policy: () => policy });
    const documents = new Map([...leastDocuments(schema)].map(([name, text]) => [name, parse(text)]));
    const wrong: unknown[] = [];
    let refused = 0;
    for (const purpose of [null, ...PURPOSES.filter((one) => mayState(agency, one))]) {
      for (const matter of [null, '函〔2026〕1号']) {
        await Promise.all([...documents].map(async ([operation, document]) => {
          const wanted = expectedCode(operation, agency, purpose, matter);
          if (wanted === undefined) return;
          refused += 1;
          const { data, errors = [] } = await bare.execute({ document, operationName: null, variables: {}, context: { ...askAs(agency, purpose), matter } });
          const codes = errors.map((error) => findRefusal(error)?.code);
          const shown = Object.values((data ?? {}) as object).filter((value) => value !== null);
          if (codes.join() !== wanted || shown.length > 0) wrong.push([operation, purpose, matter, wanted, codes, shown]);
        }));
      }
    }
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(documents.size);
  });

  test.each(AGENCIES)('%s over HTTP: a purpose that it may not state, or that does not exist, is refused before the operation is looked at', async (agency) => {
    for (const purpose of [...PURPOSES.filter((one) => !mayState(agency, one)), 'HACKING', 'return']) {
      for (const query of ['{ returnCases { nodes { id } } }', '{ viewer { policy } }', '{ noSuchField }']) {
        const { status, data, errors } = await hub.ask(agency, { purpose }, query);
        expect([purpose, query, status, data, errors.map(({ extensions }) => extensions.code)]).toEqual([purpose, query, 403, null, ['PURPOSE_NOT_ALLOWED']]);
      }
    }
  });

  test.each(['station-320281', 'poverty-320281', 'police-320281', 'civil-320281'])('%s over HTTP: its administrator and its auditor state no purpose of its work', async (agency) => {
    for (const role of ['ADMIN', 'AUDITOR'] as const) {
      for (const purpose of PURPOSES) {
        const { status, data, errors } = await hub.ask(agency, { purpose, matter: '函〔2026〕1号', roles: [role] }, '{ returnCases { nodes { id } } }');
        expect([role, purpose, status, data, errors.map(({ extensions }) => extensions.code)]).toEqual([role, purpose, 403, null, ['PURPOSE_NOT_ALLOWED']]);
      }
    }
  });

  test('every operation of the schema has a rule, so that the table above leaves none out', () => {
    const ruled = OPERATIONS.flatMap(({ operations }) => operations);
    expect(operationsOf(hub.parts.schema).filter((name) => !ruled.includes(name))).toEqual([]);
  });
});

describe('refusals come in the order of the contract', () => {
  const flood = `{ ${Array.from({ length: 1_100 }, (_, index) => `a${index}: __typename`).join(' ')} returnCases { nodes { id } } }`;
  const step = 'mutation { acknowledgeReturn(input: { id: "rc_x", expectedVersion: 1 }) { returnCase { id } } }';
  test.each([
    ['no token, bad purpose, bad document', 'station-320281', { purpose: 'HACKING', headers: { authorization: '' } }, '{ nothing', 'UNAUTHENTICATED'],
    ['bad purpose before a bad document', 'station-320281', { purpose: 'HACKING' }, '{ nothing', 'PURPOSE_NOT_ALLOWED'],
    ['no purpose before bad arguments', 'station-320281', {}, '{ returnCases(first: 9999) { nodes { id } } }', 'PURPOSE_REQUIRED'],
    ['no purpose before another kind\'s operation', 'police-320281', {}, step, 'PURPOSE_REQUIRED'],
    ['no matter before a forbidden operation', 'health-320281', { purpose: 'MEDICAL_CARE' }, step, 'MATTER_REQUIRED'],
    ['forbidden before too complex', 'poverty-320281', { purpose: 'POVERTY_RELIEF' }, flood, 'FORBIDDEN'],
    ['forbidden before bad arguments', 'poverty-320281', { purpose: 'POVERTY_RELIEF' }, '{ returnCases(first: 9999) { nodes { id } } }', 'FORBIDDEN'],
    ['forbidden before a missing idempotency key', 'township-320281100', { purpose: 'RETURN' }, step, 'FORBIDDEN'],
    ['forbidden before a filter on a hidden field', 'poverty-320281', { purpose: 'POVERTY_RELIEF' }, '{ returnCases(filter: { subjectName: "林" }) { nodes { id } } }', 'FORBIDDEN'],
    ['too complex before bad arguments', 'station-320281', { purpose: 'RETURN' }, flood.replace('returnCases', 'returnCases(first: 9999)'), 'TOO_COMPLEX'],
    ['a bad argument before a filter on a hidden field', 'civil-320000', { purpose: 'SUPERVISION' }, '{ returnCases(first: 9999, filter: { subjectName: "林" }) { nodes { id } } }', 'BAD_USER_INPUT'],
    ['a filter on a hidden field', 'civil-320000', { purpose: 'SUPERVISION' }, '{ returnCases(filter: { subjectName: "林" }) { nodes { id } } }', 'FIELD_NOT_FILTERABLE'],
    ['a missing idempotency key', 'station-320281', { purpose: 'RETURN' }, step.replace('rc_x', 'rc_00000000-0000-4000-8000-000000000000'), 'BAD_USER_INPUT'],
  ] as const)('%s', async (_, agency, asked, query, code) => {
    const { errors } = await hub.ask(agency, asked, query);
    expect([...new Set(errors.map(({ extensions }) => extensions.code))]).toEqual([code]);
  });
});

describe('an operation that the shield was told nothing of', () => {
  test('is refused though the schema has it and its resolver would answer', async () => {
    const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: { known: { type: GraphQLString, resolve: () => 'open' }, forgotten: { type: GraphQLString, resolve: () => 'open' } } }) });
    const { policy } = hub.parts;
    const context = askAs('civil-000000', null);
    const contextValue = { policy: { ...policy, policy: { ...policy.policy, operations: new Map([['known', policy.policy.operations.get('viewer')]]) } }, context };
    const { data, errors } = await execute({ schema: shieldOperations(schema, ['known']), document: parse('{ known forgotten }'), contextValue });
    expect([data, errors?.map(({ path }) => path)]).toEqual([{ known: 'open', forgotten: null }, [['forgotten']]]);
    const ruleless = await execute({ schema: shieldOperations(schema, ['known', 'forgotten']), document: parse('{ forgotten }'), contextValue });
    expect([ruleless.data, findRefusal(ruleless.errors?.[0])?.code]).toEqual([{ forgotten: null }, 'FORBIDDEN']);
  });
});
