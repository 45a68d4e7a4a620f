import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Catcher } from './leak.js';

/** What a run of tests came to. `failed`: full names of the tests that failed, with the first line of why. `broken`: why nothing ran at all. */
export interface Ran { passed: number; failed: { name: string; why: string }[]; broken: string | undefined }

const TIMEOUT_MS = 300_000;

interface JestResult { numPassedTests: number; testResults: { message: string; assertionResults: { status: string; fullName: string; failureMessages: string[] }[] }[] }

/** Runs tests of a copy of the package against a database server that is up. */
export async function runTests(root: string, catcher: Catcher, databaseUrl: string): Promise<Ran> {
  const file = join(root, 'dist', `${catcher.file}.js`);
  const result = join(root, 'result.json');
  const setup = await needsDatabase(file) ? { globalSetup: '<rootDir>/dist/test/support/global-setup.js', globalTeardown: '<rootDir>/dist/test/support/global-teardown.js' } : {};
  await writeFile(join(root, 'jest.json'), JSON.stringify({ rootDir: root, testEnvironment: 'node', transform: {}, testTimeout: 120_000, maxWorkers: 1, testMatch: [file], ...setup }));
  await rm(result, { force: true });
  const output = await jest(root, ['--config', join(root, 'jest.json'), '--json', '--outputFile', result, ...(catcher.named === undefined ? [] : ['--testNamePattern', catcher.named])], databaseUrl);
  const text = await readFile(result, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: [], broken: output.slice(-2_000) };
  const { numPassedTests, testResults } = JSON.parse(text) as JestResult;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.filter(({ status }) => status === 'failed').map(({ fullName, failureMessages }) => ({ name: fullName, why: plain(failureMessages[0] ?? '') }));
  const ran = tests.some(({ status }) => status === 'passed' || status === 'failed');
  return { passed: numPassedTests, failed, broken: ran ? undefined : testResults[0]?.message || 'no test has this name' };
}

function jest(root: string, args: readonly string[], databaseUrl: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(root, 'node_modules', 'jest', 'bin', 'jest.js'), ...args], { cwd: root, env: { ...process.env, TEST_DATABASE_URL: databaseUrl }, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MS, killSignal: 'SIGKILL' });
    const parts: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => void parts.push(data.toString('utf8')));
    child.on('close', () => resolve(parts.join('')));
  });
}

/** Whether a test file reaches a database, by its imports: setting one up is most of the time of a small test. */
async function needsDatabase(file: string, seen = new Set<string>()): Promise<boolean> {
  if (seen.has(file) || !existsSync(file)) return false;
  seen.add(file);
  if (/\/support\/(database|hub)\.js$/u.test(file)) return true;
  const text = await readFile(file, 'utf8');
  for (const [, path = ''] of text.matchAll(/from '(\.[^']+)'/gu)) {
    const target = join(dirname(file), path);
    if (target.includes('/dist/test/') && await needsDatabase(target, seen)) return true;
  }
  return false;
}

// oxlint-disable-next-line no-control-regex -- colours of a terminal
const plain = (text: string): string => text.replaceAll(/\u001b\[\d+m/gu, '').split('\n')[0] ?? '';
