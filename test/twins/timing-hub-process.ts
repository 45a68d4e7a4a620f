import { readConfig } from '../../src/config.js';
import type { ConnectionSettings } from '../../src/db/embedded.js';
import { parseKeyRing } from '../../src/kernel/key-ring.js';
import { buildLog } from '../../src/server/request-log.js';
import { assembleHub, buildHubServer } from '../../src/server/start-hub.js';
import { TEST_KEYS } from '../support/test-keys.js';
import { world } from '../support/world.js';
import { slowOnHidden } from './planted-leaks.js';

/** What the process is told once: which database, and whether rows that exist shall cost more, with no floor under the time of answers. */
export interface TimingOrder { hub: ConnectionSettings; leak: boolean }

/** A hub in a process of its own, so that the one who measures does not disturb it. Few reading connections: every request soon meets prepared plans. */
process.once('message', ({ hub, leak }: TimingOrder) => {
  const serve = async (): Promise<string> => {
    const keyRing = parseKeyRing(JSON.stringify(TEST_KEYS));
    const config = readConfig({ PORT: '0', GUITU_NOW: world.now, GUITU_READ_POOL: '3' });
    const log = buildLog('silent');
    const parts = await assembleHub(config, keyRing, hub, log);
    return (await buildHubServer(config, keyRing, leak ? { ...slowOnHidden(parts), answerFloorMs: { read: 0, write: 0 } } : parts, log)).listen();
  };
  serve().then((url) => process.send?.({ url }), (error: unknown) => process.send?.({ error: String(error instanceof Error ? error.stack : error) }));
});
process.once('disconnect', () => process.exit(0));
