import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Mutation testing of `src/policy`: `npm run mutation -- [--concurrency N] [--mutate FILE,…]`. Every change that Stryker knows is made to the law of the
 * policy, one at a time; the tests under `test/policy` must notice. Reports go to `dist/mutation/`. Exit 1 where fewer than 95 % are noticed.
 */
const ENOUGH_PERCENT = 95;
const here = dirname(fileURLToPath(import.meta.url));
const project = resolve(here, '..', '..');

const argument = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};

/** Helpers of `test/support` that open no database. */
const PURE_HELPERS = ['asking', 'world'];

/**
 * Tests to run against each mutant: those of the small policy. Put aside, which can only lower the score, are those that need a database, that is, import a
 * helper which opens one, and those that read the shipped policy: one reading of it takes as long as twenty tests of the small one.
 */
function policyTests() {
  const folder = 'test/policy';
  const all = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  const taken = all.filter((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const helpers = [...text.matchAll(/from '\.\.\/support\/([^']+)\.js'/gu)].map(([, helper]) => helper);
    return helpers.every((helper) => PURE_HELPERS.includes(helper)) && !text.includes('./shipped-policy.js');
  });
  console.log(`tests: ${taken.join(', ')}; put aside: ${all.filter((name) => !taken.includes(name)).join(', ')}`);
  return taken.map((name) => `${folder}/${name}`);
}

process.chdir(project);
process.env.GUITU_PROJECT = project;
if (!existsSync(join(here, 'node_modules'))) {
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(2);
}
const { Stryker } = await import('@stryker-mutator/core');

const results = await new Stryker({
  plugins: [join(here, 'policy-test-runner.mjs')],
  testRunner: 'policy-tests',
  policyTests: policyTests(),
  warnings: { unknownOptions: false },
  mutate: argument('mutate', 'src/policy/*.ts').split(','),
  ignorePatterns: ['dist', '.guitu', '.ci', 'coverage'],
  // Stryker would rewrite it with the programming interface of an older TypeScript; the sandbox needs no rewriting.
  tsconfigFile: 'none',
  buildCommand: 'node test/mutation/build-sandbox.mjs',
  symlinkNodeModules: false,
  tempDirName: join(tmpdir(), 'guitu-mutation'),
  coverageAnalysis: 'perTest',
  concurrency: Number(argument('concurrency', '2')),
  maxTestRunnerReuse: 100,
  timeoutMS: 5000,
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  clearTextReporter: { logTests: false, allowColor: false, reportMutants: process.argv.includes('--show') },
  jsonReporter: { fileName: 'dist/mutation/mutation.json' },
  htmlReporter: { fileName: 'dist/mutation/mutation.html' },
  allowConsoleColors: false,
  logLevel: 'warn',
}).runMutationTest();

const count = (...statuses) => results.filter(({ status }) => statuses.includes(status)).length;
const [killed, timeout, survived, uncovered] = [count('Killed'), count('Timeout'), count('Survived'), count('NoCoverage')];
const all = killed + timeout + survived + uncovered;
const score = all === 0 ? 0 : (100 * (killed + timeout)) / all;
console.log(`mutation score ${score.toFixed(2)} % (killed ${killed}, timeout ${timeout}, survived ${survived}, no coverage ${uncovered} of ${all})`);
process.exitCode = score < ENOUGH_PERCENT ? 1 : 0;
