import { parse } from 'graphql';
import type { ConnectionSettings } from '../../src/db/embedded.js';
import { openPools } from '../../src/db/pools.js';
import { beginAs } from '../../src/db/session.js';
import { DisclosureTally, spliceJson } from '../../src/disclosure/splice.js';
import { readConfig } from '../../src/config.js';
import type { KeyRing } from '../../src/kernel/key-ring.js';
import { Hub } from '../../src/server/hub.js';
import { assembleHub } from '../../src/server/start-hub.js';
import { askAs } from '../support/asking.js';
import { WORLD_NOW } from '../support/world.js';
import { ASKER, PAGE_QUESTION, PAGE_SIZE } from './question.js';

/** What one page costs inside, apart from HTTP and from everything else. Times are medians of `TIMES`, milliseconds. */
export interface PageCost { planMs: number; statementMs: number; withoutRowSecurityMs: number; spliceMs: number; textBytes: number; statement: { text: string; values: (string | null)[] } }

const TIMES = 15;

export async function measurePage(owner: ConnectionSettings, hub: ConnectionSettings, keyRing: KeyRing): Promise<PageCost> {
  const { statement, spliceMs, textBytes } = await takeStatement(hub, keyRing);
  const pools = openPools(hub, { reader: 1, writer: 1, evidence: 1 });
  const ownerPools = openPools({ ...owner }, { reader: 1, writer: 1, evidence: 1 });
  const explain = async (pool: typeof pools.reader, begin: string, analyze: string): Promise<{ plan: number; run: number }> => {
    const client = await pool.connect();
    try {
      await client.query(begin);
      const plans: number[] = [];
      const runs: number[] = [];
      for (let time = 0; time < TIMES; time += 1) {
        const { rows } = await client.query<{ 'QUERY PLAN': { 'Planning Time': number; 'Execution Time': number }[] }>(`EXPLAIN (${analyze}, FORMAT JSON) ${statement.text}`, statement.values);
        plans.push(rows[0]?.['QUERY PLAN'][0]?.['Planning Time'] ?? Number.NaN);
        runs.push(rows[0]?.['QUERY PLAN'][0]?.['Execution Time'] ?? Number.NaN);
      }
      await client.query('ROLLBACK');
      return { plan: median(plans), run: median(runs) };
    } finally {
      client.release();
    }
  };
  const begin = beginAs(askAs(ASKER.agency, ASKER.purpose), 'READ ONLY');
  const guarded = await explain(pools.reader, begin, 'ANALYZE, TIMING OFF');
  const bare = await explain(ownerPools.reader, `${begin}; RESET ROLE; SET LOCAL ROLE NONE`, 'ANALYZE, TIMING OFF');
  await Promise.all([pools.end(), ownerPools.end()]);
  return { planMs: guarded.plan, statementMs: guarded.run, withoutRowSecurityMs: bare.run, spliceMs, textBytes, statement };
}

/** Takes the statement out of a hub that asks it, with its values, and times the splice of its text. */
async function takeStatement(connection: ConnectionSettings, keyRing: KeyRing): Promise<{ statement: PageCost['statement']; spliceMs: number; textBytes: number }> {
  const parts = await assembleHub(readConfig({ GUITU_NOW: WORLD_NOW.toISOString() }), keyRing, connection);
  let asked: { text: string; values: (string | null)[] } | undefined;
  let json = '';
  const reader = Object.create(parts.pools.reader, {
    connect: {
      value: async () => {
        const client = await parts.pools.reader.connect();
        return Object.create(client, {
          query: {
            value: async (query: string | { text: string; values: (string | null)[] }) => {
              const result = await (typeof query === 'string' ? client.query(query) : client.query<Record<string, unknown>>(query));
              const [row] = Array.isArray(result) ? [] : result.rows as { json?: unknown }[];
              if (typeof query !== 'string' && typeof row?.json === 'string') {
                asked = { text: query.text, values: query.values };
                json = row.json;
              }
              return result;
            },
          },
          release: { value: (error?: Error) => client.release(error) },
        }) as typeof client;
      },
    },
  }) as typeof parts.pools.reader;
  const hub = new Hub({ schema: parts.schema, reader, services: parts.services, recorder: parts.recorder, policy: () => parts.policy });
  await hub.execute({ document: parse(PAGE_QUESTION), operationName: null, variables: { first: PAGE_SIZE }, context: askAs(ASKER.agency, ASKER.purpose) });
  await parts.pools.end();
  if (!asked) throw new Error('the hub ran no statement');
  const nonce = /~[\w-]{12}~/u.exec(json)?.[0] ?? '';
  const scopes = Array.from({ length: 8 }, (_, index) => ({ record: `R${index}`, varying: [], constant: new Map(), rules: new Map() }));
  const times: number[] = [];
  for (let time = 0; time < TIMES * 4; time += 1) {
    const began = performance.now();
    spliceJson(json, { nonce, scopes, tally: new DisclosureTally(), open: (sealed) => keyRing.openValue(sealed), cursor: (position) => position, reference: () => ENTRY });
    times.push(performance.now() - began);
  }
  return { statement: asked, spliceMs: median(times), textBytes: Buffer.byteLength(json) };
}

/** A directory entry about as long as those of the page. */
const ENTRY = JSON.stringify({ code: 'station-320281', name: '江阴市救助管理站', kind: 'RESCUE_STATION', level: 'COUNTY', phone: '0000-3202811', division: { code: '320281', name: '江阴市', level: 'COUNTY' } });

/** The middle one; of an even number, the lower. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
