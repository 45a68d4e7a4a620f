import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { issueDemoToken } from '../../src/auth/tokens.js';
import { clientConfig } from '../../src/db/pools.js';
import { createTestDatabase } from '../support/database.js';
import setUp from '../support/global-setup.js';
import tearDown from '../support/global-teardown.js';
import { testKeyRing } from '../support/test-keys.js';
import { WORLD_NOW } from '../support/world.js';
import { RawConnection } from './raw-connection.js';
import { Seeded } from './seeded.js';
import type { TimingOrder } from './timing-hub-process.js';
import { timingOracles, type TimedRequest, type TimingOracle } from './timing-oracles.js';
import { fillTimingWorld } from './timing-world.js';
import { croppedT } from './welch.js';

/**
 * `npm run timing -- --pairs 10000 --seed 7 --lanes 3`: whether the time of an answer tells what the answer does not (security.md A9, A25). Each oracle is asked over one kept
 * connection in pairs whose order is drawn at random, beside a control that asks the same thing twice; tails are cropped (`welch.ts`). Several oracles are asked side by side, since most
 * of an answer's time is waiting. Ends with 1 where |t| ≥ 4.5 for an oracle or a control, or where a leak that was planted is not found. For a quiet machine: load from
 * elsewhere widens everything and finds less.
 */
const LIMIT = 4.5;
const WARM_PAIRS = 60;
const PAIRS_PER_SWEEP = 500;

interface Measured { name: string; t: number; difference: number; control: number; medianUs: number }

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { pairs: { type: 'string', default: '10000' }, seed: { type: 'string', default: '7' }, lanes: { type: 'string', default: '3' }, only: { type: 'string', default: '' } }, allowPositionals: true });
  await setUp();
  const database = await createTestDatabase();
  const owner = new Client(clientConfig(database.admin));
  await owner.connect();
  try {
    const random = new Seeded(Number(values.seed));
    const oracles = timingOracles(random, await fillTimingWorld(owner));
    const sweep = (): Promise<unknown> => owner.query(SWEEP);
    const [planted] = oracles;
    if (!planted) throw new Error('no oracle');
    const measured: Measured[] = [];
    const waiting = oracles.filter(({ name }) => name.includes(values.only));
    await withHub({ hub: database.hub, leak: false }, async (newTimer) => {
      await Promise.all(Array.from({ length: Number(values.lanes) }, async () => {
        const timer = newTimer();
        for (let oracle = waiting.shift(); oracle; oracle = waiting.shift()) {
          const result = await measure(timer, oracle, Number(values.pairs), random, sweep);
          measured.push(result);
          process.stdout.write(`${lineOf(result)}\n`);
        }
      }));
    });
    const leak = await withHub({ hub: database.hub, leak: true }, (newTimer) => measure(newTimer(), planted, Number(values.pairs), random, sweep));
    process.stdout.write(`${lineOf({ ...leak, name: `PLANTED ${leak.name}` })}\n`);
    const slow = measured.filter(({ t }) => Math.abs(t) >= LIMIT);
    const restless = [...measured, leak].filter(({ control }) => Math.abs(control) >= LIMIT);
    const found = Math.abs(leak.t) >= LIMIT;
    process.stdout.write(`pairs ${values.pairs} of each, seed ${values.seed}: oracles ${measured.length}, telling ${slow.length}, controls restless ${restless.length}, planted leak ${found ? 'found' : 'NOT FOUND'}\n`);
    process.exitCode = slow.length === 0 && restless.length === 0 && found ? 0 : 1;
  } finally {
    await owner.end();
    await database.drop();
    await tearDown();
  }
}

/** What notices that were sent have left, taken away; and dead rows with it. */
const SWEEP = `
BEGIN; SET LOCAL session_replication_role = replica;
DELETE FROM guitu.return_transitions t USING guitu.return_cases c WHERE c.id = t.case_id AND c.notice_no LIKE '计-%'; DELETE FROM guitu.return_cases WHERE notice_no LIKE '计-%';
DELETE FROM guitu.persons p WHERE identity_state = 'CLAIMED' AND NOT EXISTS (SELECT FROM guitu.return_cases c WHERE c.person_id = p.id); DELETE FROM guitu.idempotency_keys WHERE key LIKE 'fresh-%'; DELETE FROM guitu.outbox;
COMMIT;`;

function lineOf({ name, t, difference, control, medianUs }: Measured): string {
  return `${name.padEnd(56)} |t| ${Math.abs(t).toFixed(2).padStart(6)}  control ${Math.abs(control).toFixed(2).padStart(5)}  difference ${difference.toFixed(1).padStart(7)} µs of ${medianUs.toFixed(0)}`;
}

/** Asks, and says how long the answer took, in microseconds. */
type Timer = (request: TimedRequest) => Promise<{ us: number; answer: string }>;

/** @param run is given a maker of timers, each with a connection of its own */
async function withHub<Result>(order: TimingOrder, run: (newTimer: () => Timer) => Promise<Result>): Promise<Result> {
  const child = fork(fileURLToPath(new URL('./timing-hub-process.js', import.meta.url)));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message: { url?: string; error?: string }) => (message.url ? resolve(message.url) : reject(new Error(message.error))));
    child.once('exit', () => reject(new Error('the hub ended')));
    child.send(order);
  });
  const connections: RawConnection[] = [];
  const tokens = new Map<string, string>();
  const newTimer = (): Timer => {
    const connection = new RawConnection(url);
    connections.push(connection);
    return async ({ agency, purpose, query, variables, key }) => {
      const token = tokens.get(agency) ?? (await issueDemoToken(testKeyRing, { agency, roles: ['CLERK'], now: WORLD_NOW }));
      tokens.set(agency, token);
      const headers = { authorization: `Bearer ${token}`, 'guitu-purpose': purpose, 'guitu-matter': 'YB-2026-0031', 'content-type': 'application/json', accept: 'application/graphql-response+json', ...(key && { 'idempotency-key': key }) };
      const body = JSON.stringify({ query, variables });
      const from = process.hrtime.bigint();
      const answer = await connection.ask('/graphql', headers, body);
      return { us: Number(process.hrtime.bigint() - from) / 1_000, answer };
    };
  };
  try {
    return await run(newTimer);
  } finally {
    for (const connection of connections) connection.close();
    child.disconnect();
  }
}

/** An answer without what is drawn at random for each. */
const plain = (answer: string): string => answer.replace(/^(date|x-request-id): .*$/gimu, '').replaceAll(/"requestId":"[^"]*"/gu, '');

async function measure(timer: Timer, oracle: TimingOracle, pairs: number, random: Seeded, sweep: () => Promise<unknown>): Promise<Measured> {
  const hidden: number[] = [];
  const absent: number[] = [];
  const again: number[] = [];
  for (let count = -WARM_PAIRS; count < pairs; count += 1) {
    const order = count + WARM_PAIRS;
    const asked = [{ into: hidden, request: oracle.hidden(order) }, { into: absent, request: oracle.absent(order) }, { into: again, request: oracle.absent(order) }];
    const answers: string[] = [];
    for (const { into, request } of random.some(asked, asked.length)) {
      const { us, answer } = await timer(request);
      answers.push(plain(answer));
      if (count >= 0) into.push(us);
    }
    if (new Set(answers).size > 1) throw new Error(`${oracle.name}: the answers themselves differ:\n${[...new Set(answers)].join('\n')}`);
    if (oracle.writes && count % PAIRS_PER_SWEEP === 0) await sweep();
  }
  const { t, difference } = croppedT(hidden, absent);
  return { name: oracle.name, t, difference, control: croppedT(absent, again).t, medianUs: absent.toSorted((one, other) => one - other)[absent.length >> 1] ?? 0 };
}

await main();
