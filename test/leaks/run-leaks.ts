import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded, type ConnectionSettings } from '../../src/db/embedded.js';
import { LEAKS } from './all-leaks.js';
import type { Catcher, Leak } from './leak.js';
import { runTests } from './run-tests.js';
import { Sandbox } from './sandbox.js';

/** Seeds every leak in turn into a copy of the built package and runs the tests that must notice it. Exit code 1 if one goes unnoticed. */

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Each test file passes as it is, so that a failure below is the leak's. */
async function checkSound(sandbox: Sandbox, leaks: readonly Leak[], url: string): Promise<boolean> {
  const byFile = new Map<string, Catcher[]>();
  for (const catcher of leaks.flatMap(({ caughtBy }) => caughtBy)) byFile.set(catcher.file, [...(byFile.get(catcher.file) ?? []), catcher]);
  let sound = true;
  for (const [file, catchers] of byFile) {
    const patterns = catchers.map(({ named }) => named);
    const ran = await runTests(sandbox.root, patterns.includes(undefined) ? { file } : { file, named: [...new Set(patterns)].join('|') }, url);
    if (ran.failed.length === 0 && ran.broken === undefined) continue;
    sound = false;
    say(`UNSOUND ${file}: ${ran.broken ?? ran.failed.map(({ name, why }) => `${name}: ${why}`).join('; ')}`);
  }
  return sound;
}

/** The test that noticed, or why none did. */
async function seed(sandbox: Sandbox, leak: Leak, url: string): Promise<{ caught: boolean; by: string }> {
  return sandbox.withEdits(leak.edits, async () => {
    const missed: string[] = [];
    for (const catcher of leak.caughtBy) {
      const ran = await runTests(sandbox.root, catcher, url);
      const [first] = ran.failed;
      if (first) return { caught: true, by: `${catcher.file} › ${first.name}` };
      missed.push(`${catcher.file}: ${ran.broken ?? `${ran.passed} tests passed`}`);
    }
    return { caught: false, by: missed.join('; ') };
  });
}

const urlOf = ({ host, port, user, password }: ConnectionSettings): string => `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${encodeURIComponent(host)}:${port}/postgres`;

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, unchecked: { type: 'boolean', default: false } } });
  const leaks = LEAKS.filter(({ name }) => new RegExp(values.only, 'iu').test(name));
  const folder = await mkdtemp(join(tmpdir(), 'guitu-leaks-data-'));
  const server = await startEmbedded({ dataFolder: folder, durable: false });
  const sandbox = await Sandbox.create();
  try {
    const url = urlOf(server.admin);
    if (!values.unchecked && !(await checkSound(sandbox, leaks, url))) return false;
    let caught = 0;
    for (const leak of leaks) {
      const began = performance.now();
      const outcome = await seed(sandbox, leak, url);
      if (outcome.caught) caught += 1;
      say(`${outcome.caught ? 'caught' : 'MISSED'}  ${leak.name}  ←  ${outcome.by} (${((performance.now() - began) / 1_000).toFixed(1)} s)`);
    }
    say(`${caught} of ${leaks.length} seeded leaks caught`);
    return leaks.length > 0 && caught === leaks.length;
  } finally {
    await sandbox.remove();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main() ? 0 : 1;
