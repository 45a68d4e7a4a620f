import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueDemoToken } from '../../src/auth/tokens.js';
import { loadWorld } from '../../src/cli/load-world.js';
import { readConfig } from '../../src/config.js';
import { startEmbedded, type ConnectionSettings } from '../../src/db/embedded.js';
import { migrate } from '../../src/db/migrate.js';
import { grantHubLogin } from '../../src/db/roles.js';
import { testKeyRing } from '../support/test-keys.js';
import { withClient } from '../support/test-server.js';
import { WORLD_FOLDER, WORLD_NOW } from '../support/world.js';
import { startLoad, startServer } from './children.js';
import { ASKER, PAGE_QUESTION, PAGE_SIZE } from './question.js';
import { compareAnswers } from './same-answer.js';
import { measureRules, MOST_FOR_TENFOLD, type RulesReport } from './rules.js';
import { seedCases } from './seed-cases.js';
import { measurePage, median } from './statement.js';
import type { LoadReport } from './load-process.js';

/**
 * `npm run bench`: a page of 100 cases with person, agencies, subject and transitions out of 10,000, through the hub with everything switched on, against
 * plain resolvers with DataLoader and graphql-shield on every field, on the same database in the same run; then the same page under ten times as many rules. Ends with 1 where the hub
 * is not at least three times as fast, or ten times as many rules cost more than 5 %.
 */
const CASES = 10_000;
const CLIENTS = 8;
const ROUNDS = 5;
const ROUND_SECONDS = 4;
const WARM_SECONDS = 3;
const LEAST_RATIO = 3;

async function prepare(admin: ConnectionSettings): Promise<{ owner: ConnectionSettings; hub: ConnectionSettings }> {
  const owner = { ...admin, database: 'guitu_bench' };
  const login = { user: 'guitu_hub_of_bench', password: randomBytes(16).toString('hex') };
  await withClient(admin, (client) => client.query("CREATE DATABASE guitu_bench TEMPLATE template0 ENCODING 'UTF8'"));
  await migrate(owner);
  await withClient(owner, async (client) => {
    await grantHubLogin(client, login.user, login.password);
    await loadWorld(client, testKeyRing, WORLD_FOLDER);
    await seedCases(client, testKeyRing, CASES);
    await client.query('VACUUM ANALYZE');
  });
  return { owner, hub: { ...owner, ...login } };
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'guitu-bench-'));
  const server = await startEmbedded({ dataFolder: folder });
  try {
    process.exitCode = (await measure(await prepare(server.admin), folder)) ? 0 : 1;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(database: { owner: ConnectionSettings; hub: ConnectionSettings }, folder: string): Promise<boolean> {
  const cost = await measurePage(database.owner, database.hub, testKeyRing);
  const token = await issueDemoToken(testKeyRing, { agency: ASKER.agency, roles: ['CLERK'], now: WORLD_NOW });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'guitu-purpose': ASKER.purpose };
  const body = JSON.stringify({ query: PAGE_QUESTION, variables: { first: PAGE_SIZE } });
  const children = { hub: startServer(), peer: startServer(), bare: startServer() };
  const load = startLoad();
  try {
    const addresses = {
      hub: (await children.hub.ask({ kind: 'hub', ...database })).url, peer: (await children.peer.ask({ kind: 'peer', ...database })).url,
      bare: (await children.bare.ask({ kind: 'bare', ...database, bareStatement: cost.statement })).url,
    };
    const texts = { hub: '', peer: '', bare: '' };
    for (const kind of ['hub', 'peer', 'bare'] as const) texts[kind] = await (await fetch(`${addresses[kind]}/graphql`, { method: 'POST', headers, body })).text();
    compareAnswers(texts.hub, texts.peer);
    const run = async (kind: keyof typeof texts, seconds: number): Promise<LoadReport> => {
      const report = await load.ask({ url: `${addresses[kind]}/graphql`, headers, body, clients: CLIENTS, seconds, expectBytes: Buffer.byteLength(texts[kind]) });
      if (report.failed > 0 || report.answers === 0) throw new Error(`${kind}: ${report.failed} of ${report.answers} answers were wrong`);
      return report;
    };
    for (const kind of ['hub', 'peer'] as const) await run(kind, WARM_SECONDS);
    const reports: Record<keyof typeof texts, LoadReport[]> = { hub: [], peer: [], bare: [] };
    for (let round = 0; round < ROUNDS; round += 1) for (const kind of ['hub', 'peer'] as const) reports[kind].push(await run(kind, ROUND_SECONDS));
    await run('bare', 1);
    reports.bare.push(await run('bare', ROUND_SECONDS));
    const fast = print(reports, texts, cost);
    await Promise.all(Object.values(children).map((child) => child.end()));
    const rules = await measureRules(database, { start: startServer, load }, { headers, body, clients: CLIENTS }, readConfig({}).policiesDirectory, join(folder, 'tenfold'));
    return printRules(rules) && fast;
  } finally {
    await Promise.all([load, ...Object.values(children)].map((child) => child.end()));
  }
}

function print(reports: Record<'hub' | 'peer' | 'bare', LoadReport[]>, texts: Record<'hub' | 'peer' | 'bare', string>, cost: Awaited<ReturnType<typeof measurePage>>): boolean {
  const rate = (kind: keyof typeof reports): number => median(reports[kind].map(({ perSecond }) => perSecond));
  const ratio = rate('hub') / rate('peer');
  const line = (name: string, kind: keyof typeof reports): string => [
    name.padEnd(44), rate(kind).toFixed(1).padStart(8), median(reports[kind].map(({ p50Ms }) => p50Ms)).toFixed(1).padStart(8), median(reports[kind].map(({ p99Ms }) => p99Ms)).toFixed(1).padStart(8),
    (Buffer.byteLength(texts[kind]) / 1_024).toFixed(0).padStart(7), `  ${reports[kind].map(({ perSecond }) => perSecond.toFixed(0)).join(' ')}`,
  ].join('');
  process.stdout.write(`${[
    '', `一页 ${PAGE_SIZE} 件个案（含人员、双方机构、经过），库存 ${CASES.toLocaleString('en')} 件，${CLIENTS} 个客户端，${ROUNDS} 轮交替，取中位数`,
    `A page of ${PAGE_SIZE} cases with person, agencies and transitions, of ${CASES.toLocaleString('en')}; ${CLIENTS} clients; ${ROUNDS} alternating rounds of ${ROUND_SECONDS} s; medians`, '',
    `${'系统 system'.padEnd(42)}${'次/秒'.padStart(6)}${'p50'.padStart(9)}${'p99'.padStart(8)}${'KiB'.padStart(7)}  各轮 rounds`,
    `${''.padEnd(44)}${'req/s'.padStart(8)}${'ms'.padStart(8)}${'ms'.padStart(8)}`,
    line('guitu: policy, RLS, token, durable evidence', 'hub'), line('DataLoader + shield per field, none of these', 'peer'), line('pg + node:http, same statement, no RLS', 'bare'), '',
    `倍数 ratio                                ${ratio.toFixed(2)}   （至少 at least ${LEAST_RATIO}）`, '',
    '平台一页的内部耗时（毫秒，中位数） · inside one page of the hub (ms, medians)',
    `  规划 planning, until prepared            ${cost.planMs.toFixed(2).padStart(7)}`, `  语句 statement, with row-level security  ${cost.statementMs.toFixed(2).padStart(7)}`,
    `  同上，无行级安全 the same without it     ${cost.withoutRowSecurityMs.toFixed(2).padStart(7)}`, `  拼接与解密 splice, sealed values opened  ${cost.spliceMs.toFixed(2).padStart(7)}   (${(cost.textBytes / 1_024).toFixed(0)} KiB)`, '',
    ratio >= LEAST_RATIO ? '达标 passed' : '未达标 FAILED', '',
  ].join('\n')}\n`);
  return ratio >= LEAST_RATIO;
}

function printRules({ rules, ratio, ratios }: RulesReport): boolean {
  process.stdout.write(`${[
    '同一页，规则为十倍 · the same page under ten times as many rules',
    `  规则 rules                               ${rules.shipped} → ${rules.tenfold.toLocaleString('en')}，其中针对提问单位的 of which speak to the asker ${rules.shippedToAsker} → ${rules.tenfoldToAsker}；答复相同 the answers are equal`,
    `  耗时之比 time, ratio                     ${ratio.toFixed(3)}   （至多 at most ${MOST_FOR_TENFOLD}）  ${ratios.map((one) => one.toFixed(2)).join(' ')}`, '',
    ratio <= MOST_FOR_TENFOLD ? '达标 passed' : '未达标 FAILED', '',
  ].join('\n')}\n`);
  return ratio <= MOST_FOR_TENFOLD;
}

await main();
