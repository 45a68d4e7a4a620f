import type { IncomingHttpHeaders } from 'node:http';
import { execute, GraphQLEnumType, GraphQLInputObjectType, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLScalarType, GraphQLSchema, GraphQLString, Kind } from 'graphql';
import { badInput, Refusal } from '../../src/kernel/errors.js';
import type { RequestContext } from '../../src/kernel/request.js';
import { buildHttp, type HttpDeps, type HttpServer } from '../../src/server/http.js';
import { preferredLanguage } from '../../src/server/negotiation.js';
import { buildLog } from '../../src/server/request-log.js';

/** A value that must never leave the process in an error or a log line. Checksum-valid, prefix 99: nobody's. */
export const CANARY = '990101196001010012';
/** What the inside says when it breaks; never shown, never logged. */
export const INSIDE = 'relation "person_990101" does not exist';

const idNumber = new GraphQLScalarType<string>({
  name: 'IdNumber',
  parseValue(value) {
    if (typeof value !== 'string' || value.length !== 18) throw badInput('', `身份证号应为18位`, 'an ID number has 18 characters');
    return value;
  },
  parseLiteral(node) {
    if (node.kind !== Kind.STRING || node.value.length !== 18) throw new Error(`not an ID number: ${'value' in node ? node.value : ''}`);
    return node.value;
  },
});
const sex = new GraphQLEnumType({ name: 'Sex', values: { MALE: {}, FEMALE: {} } });
const person = new GraphQLInputObjectType({ name: 'PersonInput', fields: { name: { type: new GraphQLNonNull(GraphQLString) }, sex: { type: sex }, idNumber: { type: idNumber }, age: { type: GraphQLInt } } });
const nested: GraphQLObjectType = new GraphQLObjectType({ name: 'Nested', fields: () => ({ nested: { type: nested }, name: { type: GraphQLString } }) });

export const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      hello: { type: GraphQLString, args: { name: { type: GraphQLString } }, resolve: (_, { name }) => `你好 ${String(name ?? '')}` },
      agency: { type: GraphQLString, resolve: (_, __, context: RequestContext) => context.viewer.agencyCode },
      same: { type: GraphQLInt, args: { n: { type: new GraphQLNonNull(GraphQLInt), defaultValue: 1 } }, resolve: (_, { n }: { n: number }) => n },
      find: { type: GraphQLString, args: { person: { type: person }, idNumber: { type: idNumber }, sex: { type: sex } }, resolve: () => 'found' },
      broken: { type: GraphQLString, resolve: () => { throw Object.assign(new Error(`${INSIDE} ${CANARY}`), { code: '42P01', detail: CANARY }); } },
      missing: { type: new GraphQLNonNull(GraphQLString), resolve: () => null },
      refused: { type: GraphQLString, resolve: () => { throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' }); } },
      nested: { type: nested },
      slow: { type: GraphQLString, args: { ms: { type: GraphQLInt } }, resolve: (_, { ms }: { ms: number }) => new Promise((done) => setTimeout(() => done('done'), ms)) },
    },
  }),
  mutation: new GraphQLObjectType({ name: 'Mutation', fields: { register: { type: GraphQLInt, args: { people: { type: new GraphQLList(new GraphQLNonNull(person)) } }, resolve: (_, { people }: { people: unknown[] }) => people.length } } }),
});

/** A small server on a free port with everything that is logged. Whoever sends `Authorization: Bearer good` is a station. */
export interface Fixture { url: string; server: HttpServer; logged(): string; executed: string[] }

export async function startFixture(change: Omit<Partial<HttpDeps>, 'config'> & { config?: Partial<HttpDeps['config']> } = {}): Promise<Fixture> {
  const lines: string[] = [];
  const executed: string[] = [];
  const { config, ...deps } = change;
  const server = await buildHttp({
    schema,
    execute: async ({ document, operationName, variables, context }) => {
      executed.push(operationName ?? '');
      return execute({ schema, document, operationName, variableValues: variables, contextValue: context });
    },
    stringify: (result) => JSON.stringify(result),
    context: askedBy,
    readiness: async () => ({ ok: true, checks: { database: 'ok' } }),
    log: buildLog('trace', { write: (line: string) => void lines.push(line) }),
    ...deps,
    config: { host: '127.0.0.1', port: 0, mode: 'demo', introspection: true, maxTokens: 4000, requestTimeoutMs: 30_000, ...config },
  });
  return { url: await server.listen(), server, executed, logged: () => lines.join('') };
}

async function askedBy(headers: IncomingHttpHeaders, requestId: string): Promise<RequestContext> {
  if (headers.authorization === 'Bearer limited') throw new Refusal('RATE_LIMITED', { retryAfterSeconds: 7 });
  if (headers.authorization === 'Bearer away') throw new Refusal('UNAVAILABLE');
  if (headers.authorization === 'Bearer broken') throw new Error(`${INSIDE} ${CANARY}`);
  if (headers.authorization !== 'Bearer good') throw new Refusal('UNAUTHENTICATED');
  return {
    requestId, language: preferredLanguage(headers['accept-language']), idempotencyKey: null, now: new Date('2026-11-02T01:00:00Z'), purpose: 'RETURN', matter: CANARY,
    viewer: { agencyId: '0b6a0a2e-0000-4000-8000-000000000001', agencyCode: 'station-320281', kind: 'RESCUE_STATION', level: 'COUNTY', division: '320281', areas: [{ from: '320281', until: '320282' }], roles: ['CLERK'], user: CANARY },
  };
}

export interface Answer { status: number; headers: Headers; text: string; errors: { message: string; locations?: unknown; path?: unknown; extensions: { code: string; field?: string; requestId: string } }[]; data: unknown }

/** Posts a body as a well-behaved client does; headers given here replace its own, an empty one removes it. */
export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const all = { 'content-type': 'application/json', accept: 'application/graphql-response+json', authorization: 'Bearer good', ...headers };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: Object.entries(all).filter(([, value]) => value !== ''), body: typeof body === 'string' ? body : JSON.stringify(body) });
  const text = await response.text();
  const { errors = [], data } = JSON.parse(text) as Partial<Answer>;
  return { status: response.status, headers: response.headers, text, errors, data };
}
