import type { Client } from 'pg';
import { issueDemoToken } from '../../src/auth/tokens.js';
import { readConfig } from '../../src/config.js';
import { buildLog } from '../../src/server/request-log.js';
import { assembleHub, buildHubServer, type HubParts } from '../../src/server/start-hub.js';
import { PolicyInForce } from '../../src/policy/store.js';
import type { Policy } from '../../src/policy/language.js';
import type { ServedAnswer } from '../reference/compare-answers.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';
import { world } from '../support/world.js';
import type { Asked } from './generated-asking.js';
import { loadRoster } from './plain-rows.js';

/** The hub under test: the real one over HTTP, with a policy and a clock that are exchanged between questions. */
export interface DifferentialHub {
  database: TestDatabase;
  parts: HubParts;
  /** Puts another policy in force, as its own object: no lens or plan of an earlier one is met again. */
  setPolicy(policy: Policy): void;
  ask(asked: Asked, variables: Readonly<Record<string, unknown>>): Promise<ServedAnswer>;
  /** What the hub logged as faults of its own. */
  faults(): string[];
  stop(): Promise<void>;
}

/**
 * @param boundary whether row-level security stays on. It is off where generated policies grant rows that the legal boundary would keep, which is not what is compared.
 */
export async function startDifferentialHub(boundary: 'on' | 'off'): Promise<DifferentialHub> {
  const database = await createTestDatabase();
  await withClient(database.admin, loadRoster);
  const lines: string[] = [];
  const log = buildLog('warn', { write: (line: string) => void lines.push(line) });
  const config = readConfig({ PORT: '0', GUITU_NOW: world.now });
  const assembled = await assembleHub(config, database.keyRing, database.hub, log);
  if (boundary === 'off') await withClient(database.admin, disableBoundary);
  let policy = assembled.policy;
  let now = new Date(world.now);
  const parts: HubParts = { ...assembled, answerFloorMs: { read: 0, write: 0 }, now: () => now, get policy() { return policy; } };
  const server = await buildHubServer(config, database.keyRing, parts, log);
  const url = await server.listen();
  const tokens = new Map<string, string>();
  const tokenOf = async ({ agency, roles }: Asked): Promise<string> => {
    const key = `${agency} ${roles.join(' ')}`;
    const token = tokens.get(key) ?? await issueDemoToken(database.keyRing, { agency, roles, now: new Date(Date.parse(world.now) - 86_400_000), ttlSeconds: 20 * 86_400 });
    tokens.set(key, token);
    return token;
  };
  return {
    database, parts,
    setPolicy(next) {
      policy = new PolicyInForce(next, assembled.policy.catalogue);
    },
    async ask(asked, variables) {
      now = new Date(asked.now);
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json', accept: 'application/graphql-response+json', authorization: `Bearer ${await tokenOf(asked)}`,
          ...(asked.purpose && { 'guitu-purpose': asked.purpose }), ...(asked.matter && { 'guitu-matter': encodeURIComponent(asked.matter) }),
        },
        body: JSON.stringify({ query: asked.query, variables }),
      });
      return parsedAnswer(await response.text());
    },
    faults: () => lines,
    async stop() {
      await server.stop();
      await assembled.pools.end();
      await database.drop();
    },
  };
}

/** An answer that is no JSON is an answer too, and one that differs. */
function parsedAnswer(text: string): ServedAnswer {
  try {
    const { data = null, errors = [], extensions = {} } = JSON.parse(text) as Partial<ServedAnswer>;
    return { data, errors, extensions };
  } catch {
    return { data: null, errors: [{ extensions: { code: 'the answer is not JSON' } }], extensions: {} };
  }
}

async function disableBoundary(owner: Client): Promise<void> {
  const { rows } = await owner.query<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relnamespace = 'guitu'::regnamespace AND relrowsecurity");
  for (const { name } of rows) await owner.query(`ALTER TABLE guitu.${name} DISABLE ROW LEVEL SECURITY`);
}
