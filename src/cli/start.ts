import type { Config } from '../config.js';
import { loadKeyRing } from '../auth/key-ring-file.js';
import { issueDemoToken } from '../auth/tokens.js';
import type { KeyRing } from '../kernel/key-ring.js';
import { join } from 'node:path';
import { packageRoot } from '../kernel/package-root.js';
import { buildLog } from '../server/request-log.js';
import { assembleHub, buildHubServer } from '../server/start-hub.js';
import { openDatabase, withClient } from './database.js';
import { loadWorld } from './load-world.js';

/** Starts the hub and serves until the process is told to end. Resolves once it has stopped. */
export async function runStart(config: Config): Promise<void> {
  const began = performance.now();
  const log = buildLog(config.logLevel);
  for (const notice of config.notices) log.warn(notice);
  const keyRing = await loadKeyRing({ file: config.keysFile, mode: config.mode });
  const database = await openDatabase(config, keyRing, (line) => log.info(line));
  try {
    if (database.embedded && config.mode === 'demo') await withClient(database.owner, (client) => loadWorld(client, keyRing, join(packageRoot(), 'test', 'world')));
    const parts = await assembleHub(config, keyRing, database.hub, log);
    const server = await buildHubServer(config, keyRing, parts, log);
    try {
      const address = await server.listen();
      process.stdout.write(await greeting(config, keyRing, address, parts.policy.policy.hash, Math.round(performance.now() - began)));
      await untilTold();
      log.info('stopping: running requests may end');
    } finally {
      await server.stop();
      await parts.pools.end();
    }
  } finally {
    await database.stop();
  }
}

/** Resolves at the first SIGINT or SIGTERM. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

/** What a newcomer needs: where to go, and in a demo a token and a first question. */
async function greeting(config: Config, keyRing: KeyRing, address: string, policyHash: string, tookMs: number): Promise<string> {
  const lines = ['', `  归途 Guitu 已就绪（${tookMs} 毫秒）· ready`, '', `  GraphQL   ${address}/graphql`, `  健康检查   ${address}/healthz   ${address}/readyz`, `  策略版本   ${policyHash.slice(0, 12)}`];
  if (config.mode === 'demo') {
    const token = await issueDemoToken(keyRing, { agency: 'station-320281', roles: ['CLERK'] });
    lines.push(
      `  演示页面   ${address}/#token=${token}&purpose=RETURN`, '',
      '  试一试：江阴市救助管理站看看等它处理的返乡个案 · try it:', '',
      `  curl -s ${address}/graphql -H 'content-type: application/json' -H 'guitu-purpose: RETURN' \\`,
      `    -H 'authorization: Bearer ${token}' \\`,
      `    -d '{"query":"{ returnCases(filter: {awaiting: ME}) { totalCount nodes { caseNo state acknowledgeBy subject { name } } } }"}'`, '',
      '  其他单位的令牌 · a token for another agency:  npx --no-install guitu token civil-320281', '  演示数据全部虚构 · all people here are made up',
    );
  }
  return `${[...lines, ''].join('\n')}\n`;
}
