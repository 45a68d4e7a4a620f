import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { issueDemoToken } from '../../src/auth/tokens.js';
import { loadWorld } from '../../src/cli/load-world.js';
import { startEmbedded, type ConnectionSettings } from '../../src/db/embedded.js';
import { migrate } from '../../src/db/migrate.js';
import { grantHubLogin } from '../../src/db/roles.js';
import { testKeyRing } from '../support/test-keys.js';
import { withClient } from '../support/test-server.js';
import { WORLD_FOLDER, WORLD_NOW } from '../support/world.js';
import type { ClosingNews } from './closing-process.js';
import { fillNotices } from './closing-rows.js';
import { ASKER, PAGE_QUESTION } from './question.js';

/**
 * `npm run closing -- [counties]`: closes a generated year of notices month by month in a hub, and tells how long each month took, how long a page of twenty cases took meanwhile and before, and
 * for how long at most the hub's own thread could answer nobody. Default 300 counties; there are some 2,900.
 */
const QUIET_SECONDS = 10;

async function main(counties: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'guitu-closing-'));
  const server = await startEmbedded({ dataFolder: folder });
  try {
    await measure(await prepare(server.admin, counties));
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(admin: ConnectionSettings, counties: number): Promise<ConnectionSettings> {
  const owner = { ...admin, database: 'guitu_closing' };
  const login = { user: 'guitu_hub_of_closing', password: randomBytes(16).toString('hex') };
  await withClient(admin, (client) => client.query("CREATE DATABASE guitu_closing TEMPLATE template0 ENCODING 'UTF8'"));
  await migrate(owner);
  await withClient(owner, async (client) => {
    await grantHubLogin(client, login.user, login.password);
    await loadWorld(client, testKeyRing, WORLD_FOLDER);
    const found = await fillNotices(client, counties);
    const { rows: [duties] } = await client.query<{ many: number }>('SELECT count(*)::integer AS many FROM guitu.duties');
    process.stdout.write(`${found} counties, ${duties?.many.toLocaleString('en')} deadlines\n`);
  });
  return { ...owner, ...login };
}

async function measure(hub: ConnectionSettings): Promise<void> {
  const child = fork(fileURLToPath(new URL('./closing-process.js', import.meta.url)));
  try {
    child.send(hub);
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    const token = await issueDemoToken(testKeyRing, { agency: ASKER.agency, roles: ['CLERK'], now: WORLD_NOW });
    const ask = async (): Promise<number> => {
      const began = performance.now();
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'guitu-purpose': ASKER.purpose }, body: JSON.stringify({ query: PAGE_QUESTION, variables: { first: 20 } }) });
      const { errors } = (await response.json()) as { errors?: unknown };
      if (errors) throw new Error(JSON.stringify(errors));
      return performance.now() - began;
    };
    const askUntil = async (done: () => boolean): Promise<number[]> => {
      const took: number[] = [];
      while (!done()) took.push(await ask());
      return took;
    };
    for (let warm = 0; warm < 200; warm += 1) await ask();
    const quietUntil = performance.now() + QUIET_SECONDS * 1_000;
    print('quiet', await askUntil(() => performance.now() > quietUntil));
    let ended = false;
    child.on('message', (news: ClosingNews) => {
      if (news.closed) process.stdout.write(`  ${news.closed.join(', ')}: ${(news.ms / 1_000).toFixed(1)} s, thread held at most ${news.heldMs.toFixed(0)} ms\n`);
      else ended = true;
    });
    child.on('exit', () => (ended = true));
    child.send('close');
    print('while closing', await askUntil(() => ended));
  } finally {
    if (child.connected) child.disconnect();
    if (child.exitCode === null) await once(child, 'exit');
  }
}

function print(name: string, took: readonly number[]): void {
  const sorted = took.toSorted((one, other) => one - other);
  const at = (share: number): string => `${(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1)} ms`;
  process.stdout.write(`${name}: ${sorted.length} pages, p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}\n`);
}

await main(Number(process.argv[2] ?? 300));
