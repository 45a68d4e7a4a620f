import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readConfig } from '../../src/config.js';
import type { ConnectionSettings } from '../../src/db/embedded.js';
import { parseKeyRing } from '../../src/kernel/key-ring.js';
import { closeStatistics } from '../../src/ledgers/statistics/statistics.closing.js';
import { buildLog } from '../../src/server/request-log.js';
import { assembleHub, buildHubServer } from '../../src/server/start-hub.js';
import { TEST_KEYS } from '../support/test-keys.js';
import { WORLD_NOW } from '../support/world.js';

/** A hub that closes the months of 2026 when told to. First message: how to reach the database. */

/** What was closed, and the longest time for which the hub's thread did nothing else; without a period, that was all. */
export interface ClosingNews { closed?: string[]; ms: number; heldMs: number }

const keyRing = parseKeyRing(JSON.stringify(TEST_KEYS));
process.once('message', (hub: ConnectionSettings) => void serve(hub));
process.once('disconnect', () => process.exit(0));

async function serve(hub: ConnectionSettings): Promise<void> {
  const parts = await assembleHub(readConfig({ PORT: '0', GUITU_NOW: WORLD_NOW.toISOString() }), keyRing, hub);
  const server = await buildHubServer(readConfig({ PORT: '0', GUITU_NOW: WORLD_NOW.toISOString() }), keyRing, parts, buildLog('silent'));
  process.once('message', () => void closeYear(parts.pools.clock, parts.policy.policy));
  process.send?.({ url: await server.listen() });
}

async function closeYear(...[clock, policy]: [Parameters<typeof closeStatistics>[0], Parameters<typeof closeStatistics>[1]]): Promise<void> {
  const held = monitorEventLoopDelay({ resolution: 5 });
  held.enable();
  for (let month = 0; month < 13; month += 1) {
    held.reset();
    const began = performance.now();
    const closed = await closeStatistics(clock, policy, new Date(Date.UTC(2026, month, 28)));
    if (closed.length > 0) tell({ closed, ms: performance.now() - began, heldMs: held.max / 1e6 });
  }
  tell({ ms: 0, heldMs: 0 });
}

function tell(news: ClosingNews): void {
  process.send?.(news);
}
