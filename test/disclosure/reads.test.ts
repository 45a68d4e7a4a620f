import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema, type IntrospectionQuery } from 'graphql';
import { buildPublishedSchema } from '../../src/ledgers/schema.js';
import { startHub, type HubAnswer, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';
import { worldId } from '../support/world.js';

const STATION = 'station-320281';
interface Page { returnCases: { nodes: { id: string; entryDate?: string | null; sentAt?: string }[]; edges: { cursor: string; node: { id: string } }[]; pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string }; totalCount: number } }

describe('reading shared records', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub();
  });
  afterAll(() => hub.stop());

  const ask = <Data = Record<string, unknown>>(query: string, variables?: Record<string, unknown>, agency = STATION, purpose = 'RETURN'): Promise<HubAnswer<Data>> => hub.ask<Data>(agency, { purpose }, query, variables);
  const code = (answer: HubAnswer): unknown => answer.errors[0]?.extensions;

  test('eight ways to write one question give one answer', async () => {
    const plain = await ask('{ returnCases(first: 5) { nodes { id state person { name } originAgency { code name } } } }');
    expect(plain.errors).toEqual([]);
    const others = [
      ['query Named { returnCases(first: 5) { nodes { id state person { name } originAgency { code name } } } }'],
      ['{ returnCases(first: 5) { nodes { ...F } } } fragment F on ReturnCase { id state person { ...P } originAgency { code name } } fragment P on Person { name }'],
      ['{ returnCases(first: 5) { nodes { ... on Node { id } ... { state } person { name } originAgency { code } originAgency { name } } } }'],
      ['query ($n: Int, $yes: Boolean!) { returnCases(first: $n) { nodes { id state person @include(if: $yes) { name } originAgency { code name } } } }', { n: 5, yes: true }],
      ['query ($no: Boolean!) { returnCases(first: 5) { nodes { id state person @skip(if: $no) { name } originAgency { code name } caseNo @include(if: $no) } } }', { no: false }],
      ['{ returnCases(first: 5) { nodes { id } } returnCases(first: 5) { nodes { id state person { name } originAgency { code name } } } }'],
      ['query { ...Q } fragment Q on Query { returnCases(first: 5) { nodes { id state person { name } originAgency { code name } } } }'],
      ['{ returnCases(orderBy: [{ field: SENT_AT }], first: 5, filter: {}) { nodes { id state person { name name } originAgency { code name } } } }'],
    ] as const;
    for (const [query, variables] of others) expect({ query, data: (await ask(query, variables)).data }).toEqual({ query, data: plain.data });
  });

  test('a variable of a directive changes the answer of the same document', async () => {
    const query = 'query ($with: Boolean!) { returnCases(first: 1) { nodes { id state @include(if: $with) } } }';
    const keys = async (value: boolean): Promise<string[]> => Object.keys((await ask<Page>(query, { with: value })).data?.returnCases.nodes[0] ?? {});
    expect([await keys(true), await keys(false), await keys(true)]).toEqual([['id', 'state'], ['id'], ['id', 'state']]);
  });

  test('aliases may be many and long: PostgreSQL takes 100 arguments a call and 63 bytes a name', async () => {
    const aliases = Array.from({ length: 130 }, (_, index) => `${'a'.repeat(70)}${index}: state`).join(' ');
    const answer = await ask<{ returnCases: { nodes: Record<string, string>[] } }>(`{ returnCases(first: 2) { nodes { ${aliases} __typename caseNo } } }`);
    const [node] = answer.data?.returnCases.nodes ?? [];
    expect(Object.keys(node ?? {})).toHaveLength(132);
    expect(node?.['__typename']).toBe('ReturnCase');
    expect(new Set(Object.entries(node ?? {}).filter(([key]) => key.startsWith('aa')).map(([, value]) => value)).size).toBe(1);
  });

  test.each(['SENT_AT', 'ACKNOWLEDGE_BY', 'ENTRY_DATE'])('pages by %s, up and down, forwards and backwards, give every record once and in order', async (field) => {
    const whole = async (direction: string): Promise<string[]> => (await ask<Page>(`{ returnCases(first: 200, orderBy: [{ field: ${field}, direction: ${direction} }]) { nodes { id } } }`)).data?.returnCases.nodes.map(({ id }) => id) ?? [];
    for (const direction of ['ASC', 'DESC']) {
      const all = await whole(direction);
      expect(all.length).toBeGreaterThan(10);
      for (const [size, cursor, more, edge] of [['first', 'after', 'hasNextPage', 'endCursor'], ['last', 'before', 'hasPreviousPage', 'startCursor']] as const) {
        const seen: string[] = [];
        let position: string | null = null;
        for (let turn = 0; turn < 20; turn += 1) {
          const answer: HubAnswer<Page> = await ask<Page>(`query ($c: String) { returnCases(${size}: 3, ${cursor}: $c, orderBy: [{ field: ${field}, direction: ${direction} }]) { nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }`, { c: position });
          const page = answer.data?.returnCases;
          const ids = page?.nodes.map(({ id }) => id) ?? [];
          expect(page?.edges.map(({ node }) => node.id)).toEqual(ids);
          expect(page?.totalCount).toBe(all.length);
          if (size === 'first') seen.push(...ids);
          else seen.unshift(...ids);
          position = page?.pageInfo[edge] ?? null;
          if (!page?.pageInfo[more]) break;
        }
        expect({ direction, size, seen }).toEqual({ direction, size, seen: all });
      }
    }
  });

  test('a cursor serves its agency, purpose, list and order only', async () => {
    const cursorOf = async (agency: string, purpose: string): Promise<string> => (await ask<Page>('{ returnCases(first: 1) { pageInfo { endCursor } } }', {}, agency, purpose)).data?.returnCases.pageInfo.endCursor ?? '';
    const own = await cursorOf(STATION, 'RETURN');
    const foreign = [await cursorOf('station-120000', 'RETURN'), await cursorOf('civil-320281', 'RETURN'), 'x', own.slice(0, -2), `${own}A`, Buffer.from('["a","b"]').toString('base64url')];
    const next = 'query ($c: String) { returnCases(first: 1, after: $c) { nodes { id } } }';
    expect((await ask(next, { c: own })).errors).toEqual([]);
    for (const cursor of foreign) expect(code(await ask(next, { c: cursor }))).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
    expect(code(await ask('query ($c: String) { returnCases(first: 1, after: $c, orderBy: [{ field: ENTRY_DATE }]) { nodes { id } } }', { c: own }))).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
    expect(own).not.toMatch(/GT-|rc_/u);
  });

  test.each([
    ['first: 0', 'first'], ['first: 201', 'first'], ['first: 1000000000', 'first'], ['first: -1', 'first'], ['last: 0', 'last'], ['first: 1, last: 1', 'last'], ['first: 1, before: "x"', 'before'], ['last: 1, after: "x"', 'after'],
  ])('a page of %s is BAD_USER_INPUT at %s', async (args, field) => {
    expect(code(await ask(`{ returnCases(${args}) { nodes { id } } }`))).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });

  test('filters give what they say, together as well as alone', async () => {
    interface Node { id: string; state: string; originAgency: { code: string }; destinationAgency: { code: string } | null; sentAt: string; acknowledgeBy: string | null; subject: { name: string } | null }
    const select = 'nodes { id state sentAt acknowledgeBy originAgency { code } destinationAgency { code } subject { name } }';
    const list = async (filter: string): Promise<Node[]> => (await ask<{ returnCases: { nodes: Node[] } }>(`{ returnCases(first: 200, filter: { ${filter} }) { ${select} } }`)).data?.returnCases.nodes ?? [];
    const all = await list('');
    const ids = (nodes: Node[]): string[] => nodes.map(({ id }) => id).toSorted();
    const same = async (filter: string, keep: (node: Node) => boolean): Promise<void> => {
      const expected = ids(all.filter(keep));
      expect({ filter, ids: ids(await list(filter)) }).toEqual({ filter, ids: expected });
      expect({ filter, some: expected.length > 0 && expected.length < all.length }).toEqual({ filter, some: true });
    };
    await same('state: [SENT, DISPUTED]', ({ state }) => ['SENT', 'DISPUTED'].includes(state));
    await same('destinationAgency: "station-120000"', ({ destinationAgency }) => destinationAgency?.code === 'station-120000');
    await same('originAgency: "station-320281", state: [SENT]', ({ originAgency, state }) => originAgency.code === STATION && state === 'SENT');
    await same('originWithin: "120000"', ({ originAgency }) => originAgency.code.endsWith('-120000'));
    await same('sentFrom: "2026-11-01T00:00:00+08:00"', ({ sentAt }) => sentAt >= '2026-11-01');
    await same('sentBefore: "2026-11-01T00:00:00+08:00"', ({ sentAt }) => sentAt < '2026-11-01');
    const named = all.find(({ subject }) => subject?.name);
    await same(`subjectName: "${named?.subject?.name}"`, ({ subject }) => subject?.name === named?.subject?.name);
    expect(ids([...await list('awaiting: ME'), ...await list('awaiting: OTHERS')])).toEqual(ids(all.filter(({ state }) => ['SENT', 'ACKNOWLEDGED', 'RECEIVED', 'AT_HOME', 'HOME_CHECKED', 'KIN_REFUSED', 'AIDED', 'DISPUTED', 'REFUSED'].includes(state))));
    expect(ids([...await list('overdue: true'), ...await list('overdue: false')])).toEqual(ids(all));
  });

  test('a filter or order on a field that the viewer can never hold is refused by name, not dropped', async () => {
    const above = (args: string): Promise<HubAnswer> => ask(`{ returnCases(${args}) { nodes { id } } }`, {}, 'civil-320000', 'SUPERVISION');
    expect(code(await above('filter: { subjectName: "林归来" }'))).toMatchObject({ code: 'FIELD_NOT_FILTERABLE', field: 'filter.subjectName' });
    expect(code(await above('filter: { subjectIdNumber: "990101197103080035" }'))).toMatchObject({ code: 'FIELD_NOT_FILTERABLE', field: 'filter.subjectIdNumber' });
    expect(code(await above('orderBy: [{ field: ENTRY_DATE }]'))).toMatchObject({ code: 'FIELD_NOT_FILTERABLE', field: 'orderBy.0.field' });
    expect((await above('filter: { state: [SENT] }')).errors).toEqual([]);
  });

  test('a filter on a cell that is withheld in some records matches none of those: a minor is not found by name', async () => {
    const byName = (roles: readonly ('CLERK' | 'MINORS_OFFICER')[]): Promise<HubAnswer<Page>> => hub.ask<Page>(STATION, { purpose: 'RETURN', roles }, '{ returnCases(filter: { subjectName: "陶小满" }) { totalCount } }');
    expect((await byName(['CLERK'])).data?.returnCases.totalCount).toBe(0);
    expect((await byName(['CLERK', 'MINORS_OFFICER'])).data?.returnCases.totalCount).toBe(1);
  });

  test('forged, swapped and foreign ids are null, without difference', async () => {
    const own = (await ask<Page>('{ returnCases(first: 1) { nodes { id } } }')).data?.returnCases.nodes[0]?.id ?? '';
    const foreign = (await ask<Page>('{ returnCases(first: 1, filter: { originAgency: "civil-341523" }) { nodes { id } } }', {}, 'station-120000')).data?.returnCases.nodes[0]?.id ?? '';
    expect(foreign).toMatch(/^rc_/u);
    const ids = [foreign, own.replace('rc_', 'pe_'), own.replace('rc_', 'xx_'), 'rc_00000000-0000-4000-8000-000000000000', own.slice(3), '', '🙈', `${own} `, own.toUpperCase()];
    const answers = await Promise.all(ids.map((id) => ask('query ($id: ID!) { node(id: $id) { id } }', { id })));
    expect(answers.map(({ text }) => text)).toEqual(ids.map(() => answers[0]?.text));
    expect((await ask('query ($id: ID!) { node(id: $id) { __typename id } }', { id: own })).data).toEqual({ node: { __typename: 'ReturnCase', id: own } });
  });

  test('what was hidden is said: null alone never has two meanings', async () => {
    const answer = await ask<{ returnCases: { nodes: { person: unknown; subject: unknown; disclosure: { field: string; rung: string }[] }[] } }>('{ returnCases(first: 200) { nodes { person { id } subject { name } disclosure { field rung rule } } } }');
    for (const { person, subject, disclosure } of answer.data?.returnCases.nodes ?? []) {
      const rung = (name: string): string | undefined => disclosure.find(({ field }) => field === name)?.rung;
      expect([rung('person'), rung('subject')]).toEqual([person === null ? 'WITHHELD' : 'FULL', subject === null ? 'WITHHELD' : 'FULL']);
    }
    expect(answer.extensions['disclosure']).toMatchObject({ purpose: 'RETURN', withheld: expect.arrayContaining([{ type: 'ReturnCase', field: 'person', rung: 'WITHHELD', rule: 'policy' }]) });
  });

  test('a reason never tells which hidden condition failed: a withheld cell has the same rule for a minor and for an unconfirmed case', async () => {
    const answer = await ask<{ returnCases: { nodes: { disclosure: { field: string; rung: string; rule: string }[] }[] } }>('{ returnCases(first: 200) { nodes { disclosure { field rung rule } } } }');
    const rules = new Set((answer.data?.returnCases.nodes ?? []).flatMap(({ disclosure }) => disclosure.filter(({ field, rung }) => rung === 'WITHHELD' && ['subject', 'person', 'helpReason'].includes(field)).map(({ rule }) => rule)));
    expect([...rules]).toEqual(['policy']);
  });

  test.each([
    ['too many fields', `{ returnCases { nodes { ${Array.from({ length: 1_100 }, (_, index) => `a${index}: state`).join(' ')} } } }`],
    ['fragments that fan out', `{ returnCases { nodes { ...A } } } ${'ABCDEFGHIJ'.split('').map((name, index, all) => `fragment ${name} on ReturnCase { id ${all[index + 1] ? `p${index}: person { id } ...${all[index + 1]} ...${all[index + 1]}` : 'state'} }`).join(' ')}`],
    ['too deep', `{ returnCases { nodes { originAgency { division { ${'parent { '.repeat(15)} name ${'} '.repeat(15)} } } } } }`],
    ['a flood of root fields', `{ ${Array.from({ length: 25 }, (_, index) => `r${index}: returnCases(first: 1) { totalCount }`).join(' ')} }`],
  ])('%s is TOO_COMPLEX', async (_, query) => {
    expect(code(await ask(query))).toMatchObject({ code: 'TOO_COMPLEX' });
  });

  test('of what is forbidden it is not also said that it is too large', async () => {
    const fields = Array.from({ length: 1_100 }, (_, index) => `a${index}: state`).join(' ');
    expect(code(await ask(`{ returnCases { nodes { ${fields} } } }`, {}, 'poverty-320281', 'POVERTY_RELIEF'))).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('stored text that looks like a mark of the splice stays text', async () => {
    const { rows } = await hub.parts.pools.reader.query('SELECT 1 AS one');
    expect(rows).toEqual([{ one: 1 }]);
    const input = { subject: { name: '~nonce~C["x"]', features: '"~AAAAAAAAAAAA~" : "0:1:3", \\u0001 «agency» $1' }, noticeNo: '夹带一号', noticeDate: '2026-11-18', entryDate: '2026-11-10', leaveDate: '2026-11-17', returnMode: 'SELF', originDivision: '320281' };
    const sent = await hub.ask<{ sendReturnNotice: { returnCase: { subject: unknown } } }>('station-120000', { purpose: 'RETURN', key: 'marks' }, 'mutation ($input: SendReturnNoticeInput!) { sendReturnNotice(input: $input) { returnCase { subject { name features } } } }', { input });
    expect(sent.data?.sendReturnNotice.returnCase.subject).toEqual(input.subject);
  });

  test('checkReturnees answers in the order asked, alike for hidden and absent, and spends the allowance', async () => {
    const numbers = ['990101197103080035', '990104199406120047', '990102201505210029', '11010519491231002X', '９９０１０１１９７１０３０８００３５'];
    const asked = await hub.ask<{ checkReturnees: { idNumber: string; current: boolean; division: { code: string } | null; contactAgency: { code: string } | null }[] }>('insurance-320281', { purpose: 'BENEFIT_CHECK', matter: '医保核查2026-1' },
      'query ($n: [String!]!) { checkReturnees(idNumbers: $n) { idNumber current division { code } contactAgency { code } } }', { n: numbers });
    const no = { current: false, division: null, contactAgency: null };
    const yes = { current: true, division: { code: '320281' }, contactAgency: { code: STATION } };
    expect(asked.data?.checkReturnees).toEqual([yes, no, no, no, yes].map((answer, index) => ({ idNumber: numbers[index], ...answer })));
    const flood = Array.from({ length: 200 }, () => numbers[0]);
    const codes: unknown[] = [];
    for (let turn = 0; turn < 11; turn += 1) codes.push((await hub.ask('insurance-320281', { purpose: 'BENEFIT_CHECK', matter: '医保核查2026-1' }, 'query ($n: [String!]!) { checkReturnees(idNumbers: $n) { current } }', { n: flood })).errors[0]?.extensions.code);
    expect(codes.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => undefined));
    expect(codes.at(-1)).toBe('RATE_LIMITED');
    const refused = await hub.ask('insurance-320281', { purpose: 'BENEFIT_CHECK', matter: '医保核查2026-1' }, 'query ($n: [String!]!) { checkReturnees(idNumbers: $n) { current } }', { n: flood });
    expect([refused.status, refused.data]).toEqual([429, null]);
    expect(refused.head).toMatch(/^retry-after: \d+$/mu);
  });

  test('introspection tells of the published schema and of nothing behind it', async () => {
    const answer = await ask<{ __schema: { types: { name: string }[] }; __type: { fields: { name: string; type: { name: string } }[] } }>('{ __schema { types { name } } __type(name: "ReturnCase") { fields { name type { name } } } }');
    const names = answer.data?.__schema.types.map(({ name }) => name) ?? [];
    expect(names).toEqual(expect.arrayContaining(['ReturnCase', 'Person', 'Node', 'Agency', 'PageInfo', 'ReturnCaseConnection']));
    expect(names).not.toContain('SplicedJson');
    expect(answer.data?.__type.fields).toContainEqual({ name: 'person', type: { name: 'Person' } });
    expect(code(await ask('{ __schema { types { name } } returnCases { totalCount } }'))).toMatchObject({ code: 'BAD_USER_INPUT', field: '__schema' });
    const whole = await ask<IntrospectionQuery>(getIntrospectionQuery());
    expect(printSchema(lexicographicSortSchema(buildClientSchema(whole.data as IntrospectionQuery)))).toBe(printSchema(lexicographicSortSchema(buildPublishedSchema())));
  });

  test.each<[string, Record<string, unknown> | undefined, string]>([
    ['query ($c: String!) { returnCase(caseNo: $c) { id } }', { c: 'a\u0000b' }, 'c'],
    ['query ($f: ReturnCaseFilter) { returnCases(filter: $f) { totalCount } }', { f: { subjectName: '\ud800' } }, 'f.subjectName'],
    ['{ returnCases(filter: { destinationAgency: "a\\u0000b" }) { totalCount } }', undefined, 'filter.destinationAgency'],
    ['{ agencies(codes: ["a\\u0000b"]) { code } }', undefined, 'codes'],
    [`{ returnCases(orderBy: [${Array.from({ length: 120 }, () => '{ field: SENT_AT }').join(' ')}]) { totalCount } }`, undefined, 'orderBy.1.field'],
  ])('what the database cannot hold or sort is BAD_USER_INPUT with its place: %s', async (query, variables, field) => {
    expect(code(await ask(query, variables))).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });

  test('an instant with an impossible offset is BAD_USER_INPUT', async () => {
    expect(code(await ask('query ($at: DateTime) { returnCases(filter: { changedSince: $at }) { totalCount } }', { at: '2026-11-20T00:00:00+18:00' }))).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('without an order of its own a list is given to whoever may ask, however little of it', async () => {
    const referred = [{ id: `rc_${worldId('case', 'qin-daiyuan-from-tianjin')}` }];
    for (const [agency, nodes] of [['township-320281100', []], ['insurance-320281', referred], ['township-320281104', [...referred, { id: `rc_${worldId('case', 'tong-youzhu-from-wuxi')}` }]]] as const) {
      expect((await ask(`{ returnCases { totalCount nodes { id } } }`, {}, agency)).data).toEqual({ returnCases: { totalCount: nodes.length, nodes } });
    }
  });

  test('an agency that joins while the hub runs is named at once', async () => {
    await withClient(hub.database.admin, (client) => client.query("INSERT INTO guitu.agencies (code, name, kind, level, division) VALUES ('station-320213', '梁溪新站', 'RESCUE_STATION', 'COUNTY', '320213')"));
    expect((await ask('{ agencies(codes: ["station-320213"]) { name division { name parent { name } } } }')).data).toEqual({ agencies: [{ name: '梁溪新站', division: { name: '梁溪区', parent: { name: '无锡市' } } }] });
    const sent = await hub.ask<{ sendReturnNotice: unknown }>('station-120000', { purpose: 'RETURN', key: 'new-station' }, 'mutation ($input: SendReturnNoticeInput!) { sendReturnNotice(input: $input) { returnCase { originAgency { name } } } }',
      { input: { subject: { name: '新站之人' }, noticeNo: '新站一号', noticeDate: '2026-11-18', entryDate: '2026-11-10', leaveDate: '2026-11-17', returnMode: 'SELF', originDivision: '320213' } });
    expect(sent.data?.sendReturnNotice).toEqual({ returnCase: { originAgency: { name: '梁溪新站' } } });
  });
});
