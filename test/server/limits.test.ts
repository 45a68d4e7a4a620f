import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { issueDemoToken } from '../../src/auth/tokens.js';
import { startHub, type GraphQLFault, type HubAnswer, type TestHub } from '../support/hub.js';

const STATION = 'station-320281';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.stop());

const refusal = ({ errors }: { errors: readonly GraphQLFault[] }): [string | undefined, string | undefined] => [errors[0]?.extensions.code, errors[0]?.extensions.field];

/** Sends a body as text: JSON.stringify gives up where it is nested deep. */
async function send(body: string): Promise<{ status: number; errors: GraphQLFault[] }> {
  const token = await issueDemoToken(hub.database.keyRing, { agency: STATION, roles: ['CLERK'], now: hub.parts.now() });
  const response = await fetch(`${hub.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'accept': 'application/graphql-response+json', 'accept-language': 'en', 'authorization': `Bearer ${token}`, 'guitu-purpose': 'RETURN' }, body });
  return { status: response.status, errors: ((await response.json()) as { errors?: GraphQLFault[] }).errors ?? [] };
}

describe('a request nested deeper than 100 levels is TOO_COMPLEX, never a fault of ours', () => {
  const nested = (levels: number, open = '[', close = ']', inside = '1'): string => open.repeat(levels) + inside + close.repeat(levels);
  const QUERY = '"query":"{ viewer { agency { code } } }"';

  test.each([
    ['arrays in variables', (levels: number) => `{${QUERY},"variables":{"x":${nested(levels)}}}`],
    ['objects in variables', (levels: number) => `{${QUERY},"variables":{"x":${nested(levels, '{"a":', '}')}}}`],
    ['extensions', (levels: number) => `{${QUERY},"extensions":{"x":${nested(levels)}}}`],
    ['what no one reads', (levels: number) => `{${QUERY},"more":{"x":${nested(levels, '{"a":', '}')}}}`],
  ])('%s', async (_, body) => {
    expect(await send(body(98))).toEqual({ status: 200, errors: [] });
    for (const levels of [99, 20_000, 200_000]) expect(await send(body(levels))).toMatchObject({ status: 400, errors: [{ message: 'a request is nested at most 100 levels deep', extensions: { code: 'TOO_COMPLEX' } }] });
  });

  test.each([
    ['selections', nested(1300, '{a', '}', '')], ['fragments', nested(1000, '{... on A', '}', '{a}')], ['lists', `{returnCases(filter:{state:${nested(1980)}}){nodes{id}}}`], ['objects', `{returnCases(filter:${nested(990, '{a:', '}')}){nodes{id}}}`],
    ['a type', `query($x:${nested(1980, '[', ']', 'Int')}){viewer{agency{code}}}`], ['a default', `query($x:Int=${nested(1980)}){viewer{agency{code}}}`], ['a directive', `{viewer{agency @a(x:${nested(1980)}){code}}}`], ['what never closes', '{a(x:['.repeat(900)],
  ])('a document: %s', async (_, query) => {
    expect(refusal(await send(JSON.stringify({ query })))).toEqual(['TOO_COMPLEX', undefined]);
  });

  test('brackets that stand side by side, or in a text, are not nested', async () => {
    const query = `{ ${Array.from({ length: 18 }, (_, i) => `v${i}: viewer { agency { code } }`).join(' ')} ${Array.from({ length: 2 }, (_, i) => `r${i}: returnCases(filter: { subjectName: "${'('.repeat(99)}" }) { nodes { id } }`).join(' ')} }`;
    expect(await send(JSON.stringify({ query }))).toEqual({ status: 200, errors: [] });
  });
});

describe('a date lies between 1850-01-01 and 2199-12-31', () => {
  const open = (day: string): Promise<HubAnswer> => hub.ask(STATION, { purpose: 'SETTLEMENT', key: randomUUID() }, `mutation { openStay(input: { enteredOn: "${day}", estimatedAge: 50 }) { stay { id } } }`);
  const openBound = (day: string): Promise<HubAnswer> => hub.ask(STATION, { purpose: 'SETTLEMENT', key: randomUUID() }, 'mutation ($input: OpenStayInput!) { openStay(input: $input) { stay { id } } }', { input: { enteredOn: day, estimatedAge: 50 } });

  test.each(['0001-01-01', '1849-12-31', '2200-01-01', '9999-12-31'])('%s is refused with its field, in a variable or in the document', async (day) => {
    for (const answer of [await open(day), await openBound(day)]) expect([...refusal(answer), answer.errors[0]?.message]).toEqual(['BAD_USER_INPUT', 'input.enteredOn', expect.stringContaining('日期应在 1850-01-01 至 2199-12-31 之间')]);
    const { errors } = await hub.ask(STATION, { purpose: 'SETTLEMENT', key: randomUUID(), headers: { 'accept-language': 'en' } }, `mutation { openStay(input: { enteredOn: "${day}" }) { stay { id } } }`);
    expect(errors[0]?.message).toContain('a date lies between 1850-01-01 and 2199-12-31');
  });

  test('the first and the last of these days fail nowhere', async () => {
    expect(refusal(await open('1850-01-01'))).toEqual([undefined, undefined]);
    expect(refusal(await openBound('2199-12-31'))).toEqual(['BAD_USER_INPUT', 'input.enteredOn']);
  });
});

describe('what one request may have read', () => {
  const page = (selections: readonly string[]): Promise<HubAnswer> => hub.ask(STATION, { purpose: 'RETURN', headers: { 'accept-language': 'en' } }, `{ returnCases(first: 100) { nodes { ${selections.join(' ')} } } }`);
  const persons = (count: number): string[] => Array.from({ length: count }, (_, i) => `a${i}: person { b${i}: name }`);

  test('at most 30 records inside of what a root field gives, and 60 in all, in whatever fragment they stand', async () => {
    expect((await page(persons(29))).errors).toEqual([]);
    const tooMany = ['TOO_COMPLEX', undefined, 'at most 30 nested records a root field, 60 a request'];
    const answer = await page(persons(30));
    expect([...refusal(answer), answer.errors[0]?.message]).toEqual(tooMany);
    const spread = await hub.ask(STATION, { purpose: 'RETURN' }, `{ ${Array.from({ length: 20 }, (_, i) => `r${i}: returnCases { ...p nodes { person { id } b: person { id } } }`).join(' ')} } fragment p on ReturnCaseConnection { nodes { person { name } ... on ReturnCase { a: person { sex } } } }`);
    expect(refusal(spread)).toEqual(['TOO_COMPLEX', undefined]);
  });

  test('what is selected alike under several aliases is read once, and stands under each', async () => {
    const { data, errors } = await page(['id', ...Array.from({ length: 15 }, (_, i) => `a${i}: person { id name }`), 'b: person { name }']);
    expect(errors).toEqual([]);
    const nodes = (data as { returnCases: { nodes: Record<string, { name?: string } | null>[] } }).returnCases.nodes;
    expect(nodes.some(({ a0 }) => a0?.name)).toBe(true);
    for (const { a0, a14, b } of nodes) expect([a14, b]).toEqual([a0, a0 && { name: a0.name }]);
    expect(hub.statements().at(-1)?.match(/FROM guitu\.persons \w+r /gu)).toHaveLength(2);
  });
});
