import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from '../../src/config.js';
import type { Connection } from '../../src/db/pools.js';
import { tick } from '../../src/delivery/clock.js';
import { CLOCK_ACTS } from '../../src/ledgers/clock-acts.js';
import { closeStatistics } from '../../src/ledgers/statistics/statistics.closing.js';
import { buildLog } from '../../src/server/request-log.js';
import { assembleHub, buildHubServer } from '../../src/server/start-hub.js';
import { testKeyRing } from '../support/test-keys.js';

/** A hub in a process of its own, at the time that a file tells, whose clock never rests. Arguments: the file. */

const clockFile = process.argv[2] ?? '';
const connection = JSON.parse(process.env['YEAR_DATABASE'] ?? '') as Connection;
const now = (): Date => new Date(readFileSync(clockFile, 'utf8'));
const log = buildLog('error', process.stderr);
const config = readConfig({ PORT: '0', GUITU_NOW: now().toISOString() });
const parts = Object.assign(await assembleHub(config, testKeyRing, connection, log), { answerFloorMs: { read: 0, write: 0 }, now });
const server = await buildHubServer(config, testKeyRing, parts, log);
process.stdout.write(`${await server.listen()}\n`);
for (let at = 0; ; await pause(2)) {
  const instant = now();
  if (instant.getTime() === at) continue;
  const { failed } = await tick(parts.pools.clock, parts.policy.policy, CLOCK_ACTS, instant);
  for (const { error } of failed) log.error(error instanceof Error ? error.message : String(error));
  await closeStatistics(parts.pools.clock, parts.policy.policy, instant, failed.map(({ duty }) => duty.id));
  at = instant.getTime();
}
