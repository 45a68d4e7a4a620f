import type { TwinAttack, TwinRequest } from './twin-attacks.js';

/** Requests that no honest client sends (security.md A4, A11–A14, A18, A28): what they are answered must not depend on what is hidden. */

const odd = (name: string, request: TwinRequest): TwinAttack => ({ name, requests: [request], writes: false });
const asking = (name: string, query: string, variables?: Record<string, unknown>): TwinAttack => odd(name, { query, ...(variables && { variables }) });
const nested = (depth: number): string => (depth === 0 ? 'id' : `person { id ${'name '.repeat(depth)} }`);

export const ODDITIES: readonly TwinAttack[] = [
  asking('schema', '{ __schema { queryType { name } mutationType { name } types { name fields { name } } } }'),
  asking('type by name', '{ __type(name: "Person") { name fields { name type { name } } possibleTypes { name } } }'),
  asking('a page of -1', '{ returnCases(first: -1) { totalCount } }'),
  asking('a page of a thousand million', '{ atRiskEntries(first: 1000000000) { totalCount nodes { id } } }'),
  asking('both ways at once', '{ returnCases(first: 1, last: 1) { nodes { id } } }'),
  asking('an operator that there is none of', '{ returnCases(filter: { subjectName: { startsWith: "沈" } }) { totalCount } }'),
  asking('a negation that there is none of', '{ returnCases(filter: { not: { state: [SENT] } }) { totalCount } }'),
  asking('an order that there is none of', '{ returnCases(orderBy: [{ field: SUBJECT_NAME }]) { nodes { id } } }'),
  asking('an order twice', '{ returnCases(orderBy: [{ field: SENT_AT }, { field: SENT_AT }]) { nodes { id } } }'),
  asking('groups that there are none of', '{ returnCases { groupBy { state count } } }'),
  asking('twenty-one aliases', `{ ${Array.from({ length: 21 }, (_, index) => `a${index}: returnCases { totalCount }`).join(' ')} }`),
  asking('twenty aliases', `{ ${Array.from({ length: 20 }, (_, index) => `a${index}: returnCases { totalCount }`).join(' ')} }`),
  asking('a fragment cycle', '{ returnCases { nodes { ...A } } } fragment A on ReturnCase { ...B } fragment B on ReturnCase { ...A }'),
  asking('wide', `{ returnCases(first: 200) { nodes { ${Array.from({ length: 120 }, (_, index) => `a${index}: state`).join(' ')} ${nested(1)} } } }`),
  asking('a text of a megabyte', 'query ($text: String!) { returnCase(caseNo: $text) { id } }', { text: 'x'.repeat(1_000_000) }),
  asking('NUL', 'query ($text: String!) { returnCase(caseNo: $text) { id } }', { text: 'GT-F5ZZZ\u0000CEPW8' }),
  asking('full-width digits', 'query ($text: String) { returnCases(filter: { subjectIdNumber: $text }) { totalCount } }', { text: '９９０１０４１９９４０６１２００４７' }),
  asking('a number of 15 digits', 'query ($text: String) { returnCases(filter: { subjectIdNumber: $text }) { totalCount } }', { text: '990104940612004' }),
  asking('a forged cursor', '{ returnCases(after: "AQV0ZXN0cw") { nodes { id } } }'),
  asking('an id of another type', '{ node(id: "pe_00000000-0000-4000-8000-000000000000") { id } other: node(id: "zz_00000000-0000-4000-8000-000000000000") { id } }'),
  odd('__proto__', { query: '', body: '{"query":"{ returnCases { totalCount } }","variables":{"__proto__":{"admin":true}}}' }),
  odd('a batch', { query: '', body: '[{"query":"{ returnCases { totalCount } }"},{"query":"{ atRiskEntries { totalCount } }"}]' }),
  odd('the same key twice', { query: '', body: '{"query":"{ viewer { policy } }","query":"{ returnCases { totalCount nodes { id subject { name } } } }"}' }),
  odd('no query', { query: '', body: '{}' }),
  odd('plain text', { query: '{ returnCases { totalCount } }', headers: { 'content-type': 'text/plain' } }),
  odd('English', { query: '{ returnCases(first: 0) { totalCount } }', headers: { 'accept-language': 'en' } }),
  odd('a media type that nobody writes', { query: '{ returnCases { totalCount } }', headers: { accept: 'text/html' } }),
  odd('health', { path: '/healthz', query: '' }),
  odd('readiness', { path: '/readyz', query: '' }),
  odd('a path that there is none of', { path: '/returnCases', query: '' }),
];
