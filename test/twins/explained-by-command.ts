import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPolicyExplain, type ExplainWish } from '../../src/cli/policy-explain.js';
import { CommandRefused } from '../../src/cli/shell.js';
import { readConfig } from '../../src/config.js';
import type { ConnectionSettings } from '../../src/db/embedded.js';
import { TEST_KEYS } from '../support/test-keys.js';
import { world } from '../support/world.js';

/** What `guitu policy explain` writes, on either stream, for each question in turn. */
export async function explainedByCommand(hub: ConnectionSettings, wishes: readonly ExplainWish[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'guitu-explain-'));
  try {
    const keys = join(folder, 'keys.json');
    await writeFile(keys, JSON.stringify(TEST_KEYS), { mode: 0o600 });
    const address = hub.host?.startsWith('/') ? `/${hub.database}?host=${encodeURIComponent(hub.host)}&port=${hub.port}` : `${hub.host}:${hub.port}/${hub.database}`;
    const config = readConfig({ GUITU_DATA: folder, GUITU_KEYS: keys, GUITU_NOW: world.now, DATABASE_URL: `postgresql://${hub.user}:${encodeURIComponent(String(hub.password))}@${address}` });
    const written: string[] = [];
    for (const wish of wishes) {
      const texts: string[] = [];
      await runPolicyExplain({ config: () => config, print: (text) => void texts.push(text), say: (text) => void texts.push(text) }, wish).catch((error: unknown) => {
        if (!(error instanceof CommandRefused)) throw error;
        texts.push(error.message);
      });
      written.push(texts.join('\n'));
    }
    return written;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
