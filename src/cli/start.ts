import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { loadKeyRing } from '../auth/key-ring-file.js';
import { issueDemoToken } from '../auth/tokens.js';
import type { KeyRing } from '../kernel/key-ring.js';
import { startClockWorker } from '../delivery/clock-worker.js';
import { tick } from '../delivery/clock.js';
import { CLOCK_ACTS } from '../ledgers/clock-acts.js';
import { ClosingBesideClock } from '../ledgers/statistics/closing-beside-clock.js';
import { buildLog } from '../server/request-log.js';
import { assembleHub, buildHubServer, type HubParts } from '../server/start-hub.js';
import { PolicyWatch } from '../server/watch-policy.js';
import { openDatabase } from './database.js';
import type { Shell } from './shell.js';
import { listenForStop } from './stop-signal.js';

/**
 * Starts the hub and serves until the process is told to end; running requests may end first. Resolves once everything is stopped, with nothing left running.
 * @param options.stopWithParent whether the end of the parent process counts as being told
 * @throws whatever keeps it from starting, after everything is stopped again
 */
export async function runStart(shell: Shell, options: { stopWithParent: boolean }): Promise<void> {
  const began = performance.now();
  const config = shell.config();
  const stop = listenForStop(shell.say, { withParent: options.stopWithParent });
  const log = buildLog(config.logLevel);
  for (const notice of config.notices) log.warn(notice);
  const keyRing = await loadKeyRing({ file: config.keysFile, mode: config.mode });
  const database = await openDatabase(config, keyRing, { log: (line) => log.info(line), standIn: true });
  try {
    const parts = await assembleHub(config, keyRing, database.hub, log);
    try {
      const server = await buildHubServer(config, keyRing, parts, log);
      const watch = new PolicyWatch(config.policiesDirectory, parts.policies);
      const closing = new ClosingBesideClock({ clock: parts.pools.clock, policy: () => parts.policy.policy, now: () => parts.now() }, log);
      const clock = await startClockWorker(parts.pools.jobs, () => tickNow(parts, log, closing), log);
      try {
        const address = await server.listen();
        stop.beginServing(() => void watch.lookTwice());
        shell.print(await greeting(config, keyRing, address, parts.policy.policy.hash, Math.round(performance.now() - began)));
        await stop.told;
        log.info('stopping: running requests may end');
      } finally {
        await clock.stop();
        await closing.stop();
        await watch.stop();
        await server.stop();
      }
    } finally {
      await parts.pools.end();
    }
  } finally {
    await database.stop();
    stop.release();
  }
  log.info('stopped');
}

/** Does what is due now, and says what could not be done. */
async function tickNow(parts: HubParts, log: Logger, closing: ClosingBesideClock): Promise<void> {
  const { failed, ...done } = await tick(parts.pools.clock, parts.policy.policy, CLOCK_ACTS, parts.now());
  for (const { duty, error } of failed) log.error({ duty: duty.id, step: duty.step, error: error instanceof Error ? error.message : String(error) }, 'a deadline could not be acted on, and will be tried again');
  if (Object.values(done).some((count) => count > 0)) log.info(done, 'deadlines acted on');
  closing.begin(failed.map(({ duty }) => duty.id));
}

/** What a newcomer needs: where to go, and in a demo a token and a first question. */
async function greeting(config: Config, keyRing: KeyRing, address: string, policyHash: string, tookMs: number): Promise<string> {
  const lines = ['', `  归途 Guitu 已就绪（${tookMs} 毫秒）· ready`, '', `  GraphQL   ${address}/graphql`, `  健康检查   ${address}/healthz   ${address}/readyz`, `  策略版本   ${policyHash.slice(0, 12)}`];
  if (config.mode === 'demo') {
    const token = await issueDemoToken(keyRing, { agency: 'station-320281', roles: ['CLERK'], ...(config.pinnedNow && { now: config.pinnedNow }) });
    lines.push(
      `  演示页面   ${address}/#token=${token}&purpose=RETURN`, '',
      '  试一试：江阴市救助管理站看看等它处理的返乡个案 · try it:', '',
      `  curl -s ${address}/graphql -H 'content-type: application/json' -H 'guitu-purpose: RETURN' \\`,
      `    -H 'authorization: Bearer ${token}' \\`,
      `    -d '{"query":"{ returnCases(filter: {awaiting: ME}) { totalCount nodes { caseNo state acknowledgeBy subject { name } } } }"}'`, '',
      '  其他单位的令牌 · a token for another agency:  npx --no-install guitu token civil-320281', '  演示数据全部虚构 · all people here are made up',
    );
  }
  return [...lines, ''].join('\n');
}
