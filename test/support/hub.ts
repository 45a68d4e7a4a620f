import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { issueDemoToken } from '../../src/auth/tokens.js';
import { readConfig } from '../../src/config.js';
import { dateOf } from '../../src/kernel/dates.js';
import type { Role } from '../../src/kernel/viewer.js';
import { buildLog } from '../../src/server/request-log.js';
import { assembleHub, buildHubServer, type HubParts } from '../../src/server/start-hub.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { world } from './world.js';

/** What a request says of itself. `user` is the person inside the agency; `key` is the `Idempotency-Key`; `headers` come last and win. */
export interface Asked { purpose?: string; matter?: string; roles?: readonly Role[]; user?: string; key?: string; headers?: Readonly<Record<string, string>> }

export interface GraphQLFault { message: string; path?: readonly (string | number)[]; extensions: { code: string; field?: string; requestId: string } }

/** An answer as it came over HTTP. `text` is the body, byte for byte; `head` every header line. */
export interface HubAnswer<Data = Record<string, unknown>> { status: number; head: string; text: string; data: Data | null; errors: GraphQLFault[]; extensions: Record<string, unknown> }

export interface TestHub {
  /** `http://127.0.0.1:…`, without a path. */
  url: string;
  database: TestDatabase;
  parts: HubParts;
  /** Asks as an agency of the world, over HTTP. @param at base address of another hub on the same database */
  ask<Data = Record<string, unknown>>(agency: string, asked: Asked, query: string, variables?: Readonly<Record<string, unknown>>, at?: string): Promise<HubAnswer<Data>>;
  /** Everything logged so far, at level `trace`. */
  logged(): string;
  /** SQL statements that the read path has run so far. */
  statements(): readonly string[];
  stop(): Promise<void>;
}

/** A hub as `npm start` makes it, on a database of its own, at the world's clock, listening on a free port. */
export async function startHub(env: Readonly<Record<string, string>> = {}): Promise<TestHub> {
  const database = await createTestDatabase();
  const lines: string[] = [];
  const statements: string[] = [];
  const log = buildLog('trace', { write: (line: string) => void lines.push(line) });
  // Each connection plans each statement for itself: with ten of them, half of a suite's time was planning.
  const config = readConfig({ PORT: '0', GUITU_NOW: world.now, GUITU_READ_POOL: '3', ...env });
  // An answer's time is measured by the timing campaign; here thousands are asked for.
  const parts = Object.assign(await assembleHub(config, database.keyRing, database.hub, log), { answerFloorMs: { read: 0, write: 0 } });
  const server = await buildHubServer(config, database.keyRing, parts, log, (text) => void statements.push(text));
  const url = await server.listen();
  const tokens = new Map<string, string>();
  const tokenOf = async (agency: string, roles: readonly Role[], user?: string): Promise<string> => {
    // A hub whose clock a test moves on takes a token of that day.
    const now = parts.now();
    const key = `${agency} ${user} ${roles.join(' ')} ${dateOf(now)}`;
    const known = tokens.get(key);
    if (known) return known;
    const token = await issueDemoToken(database.keyRing, { agency, roles, now, ...(user && { user }) });
    tokens.set(key, token);
    return token;
  };
  return {
    url, database, parts,
    async ask(agency, { purpose, matter, roles = ['CLERK'], user, key, headers = {} }, query, variables, at = url) {
      return postGraphQL(at, {
        authorization: `Bearer ${await tokenOf(agency, roles, user)}`, ...(purpose && { 'guitu-purpose': purpose }), ...(matter && { 'guitu-matter': encodeURIComponent(matter) }),
        ...(key && { 'idempotency-key': key }), ...headers,
      }, { query, ...(variables && { variables }) });
    },
    logged: () => lines.join(''),
    statements: () => statements,
    async stop() {
      await server.stop();
      await parts.pools.end();
      await database.drop();
    },
  };
}

/** One GraphQL request over HTTP. By `node:http`, because `fetch` takes three times the processor time, and tens of thousands are asked for. */
async function postGraphQL<Data>(url: string, headers: Readonly<Record<string, string>>, body: object): Promise<HubAnswer<Data>> {
  const asked = request(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers } }).end(JSON.stringify(body));
  const [answer] = await (once(asked, 'response') as Promise<[IncomingMessage]>);
  const text = (await answer.setEncoding('utf8').toArray()).join('');
  const { data = null, errors = [], extensions = {} } = JSON.parse(text) as Partial<HubAnswer<Data>>;
  const head = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) => values.map((value) => `${name}: ${value}`)).join('\n');
  return { status: answer.statusCode ?? 0, head, text, data, errors, extensions };
}
