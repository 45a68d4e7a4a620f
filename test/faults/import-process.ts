import { readConfig } from '../../src/config.js';
import type { ConnectionSettings } from '../../src/db/embedded.js';
import { parseKeyRing } from '../../src/kernel/key-ring.js';
import { importReturns, type ImportReport } from '../../src/ledgers/returns/returns.import.js';
import { assembleHub } from '../../src/server/start-hub.js';
import { TEST_KEYS } from '../support/test-keys.js';
import { world } from '../support/world.js';

export interface ImportOrder { hub: ConnectionSettings; file: string; agency: string }

/** One import in a process of its own, so that it can be killed. */
async function run({ hub, file, agency }: ImportOrder): Promise<ImportReport> {
  const parts = await assembleHub(readConfig({ GUITU_NOW: world.now }), parseKeyRing(JSON.stringify(TEST_KEYS)), hub);
  try {
    return await importReturns(parts, { file, agency, send: false, allOrNothing: false, user: 'faults' });
  } finally {
    await parts.pools.end();
  }
}

process.once('message', (order: ImportOrder) => {
  run(order).then((report) => process.send?.(report, () => process.disconnect()), (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
});
