import { readdirSync } from 'node:fs';
import { register } from 'node:module';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { commonTokens, declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { determineHitLimitReached, DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner';
import { collectedTests, startCollecting } from './jest-globals.mjs';

register(new URL('resolve-jest-globals.mjs', import.meta.url));

/** Where instrumented code looks for the active mutant and counts what it runs. */
const stryker = (globalThis.__stryker__ ??= {});

/**
 * Runs the tests of `src/policy` in the worker's own process. `src` is loaded once; a test file is imported anew for each run, so that what it works out
 * while it is loaded (a parsed policy) is worked out under the mutant of that run. Coverage is counted for each test, that of loading a file for all of its tests.
 */
class PolicyTestRunner {
  static inject = [commonTokens.options];

  #runs = 0;
  #files;

  constructor(options) {
    this.#files = options.policyTests.map((name) => resolve('dist', name.replace(/\.ts$/u, '.js')));
  }

  /** A module cannot be unloaded: a mutant of what runs while `src` is loaded needs a new process. */
  capabilities() {
    return { reloadEnvironment: false };
  }

  async dryRun() {
    stryker.mutantCoverage = { static: {}, perTest: {} };
    await loadSubject();
    const tests = [];
    const perTest = {};
    for (const file of this.#files) {
      stryker.currentTestId = file;
      const started = performance.now();
      const found = await this.#collect(file);
      const loading = performance.now() - started;
      for (const one of found) {
        stryker.currentTestId = one.id;
        const begun = performance.now();
        const failure = await failureOf(one);
        const result = { id: one.id, name: one.id, fileName: file, timeSpentMs: loading + performance.now() - begun };
        tests.push(failure === undefined ? { ...result, status: TestStatus.Success } : { ...result, status: TestStatus.Failed, failureMessage: failure });
        perTest[one.id] = added(stryker.mutantCoverage.perTest[file], stryker.mutantCoverage.perTest[one.id]);
      }
    }
    stryker.currentTestId = undefined;
    return { status: DryRunStatus.Complete, tests, mutantCoverage: { static: stryker.mutantCoverage.static, perTest } };
  }

  async mutantRun({ activeMutant, testFilter, mutantActivation, hitLimit }) {
    stryker.hitLimit = hitLimit;
    stryker.hitCount = hitLimit === undefined ? undefined : 0;
    const wanted = testFilter && new Set(testFilter);
    const files = this.#files.filter((file) => !wanted || testFilter.some((id) => id.startsWith(`${nameOf(file)} `)));
    stryker.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
    try {
      await loadSubject();
      stryker.activeMutant = activeMutant.id;
      let nrOfTests = 0;
      for (const file of files) {
        const tests = (await this.#collect(file)).filter(({ id }) => !wanted || wanted.has(id));
        for (const one of tests) {
          nrOfTests += 1;
          const failureMessage = await failureOf(one);
          const endless = determineHitLimitReached(stryker.hitCount, hitLimit);
          if (endless) return endless;
          if (failureMessage !== undefined) return { status: MutantRunStatus.Killed, killedBy: [one.id], failureMessage, nrOfTests };
        }
      }
      return { status: MutantRunStatus.Survived, nrOfTests };
    } catch (error) {
      return determineHitLimitReached(stryker.hitCount, hitLimit) ?? { status: MutantRunStatus.Killed, killedBy: testFilter?.slice(0, 1) ?? [], failureMessage: `while loading: ${String(error)}`, nrOfTests: 0 };
    } finally {
      stryker.activeMutant = undefined;
    }
  }

  async #collect(file) {
    startCollecting();
    await import(`${pathToFileURL(file).href}?run=${(this.#runs += 1)}`);
    const seen = new Map();
    return collectedTests().map((one) => {
      const twins = (seen.get(one.name) ?? 0) + 1;
      seen.set(one.name, twins);
      return { ...one, id: `${nameOf(file)} › ${one.name}${twins > 1 ? ` (${twins})` : ''}` };
    });
  }
}

const nameOf = (file) => file.slice(file.lastIndexOf('/') + 1);

/** Loads what is mutated, and the helpers of its tests. */
async function loadSubject() {
  for (const folder of ['dist/src/policy', 'dist/test/policy']) {
    for (const name of readdirSync(folder).filter((file) => /(?<!\.test)\.js$/u.test(file) && !file.startsWith('write-'))) await import(pathToFileURL(resolve(join(folder, name))).href);
  }
}

/** Why a test fails; undefined where it passes. */
async function failureOf({ body, hooks }) {
  try {
    for (const hook of hooks) await hook();
    await body();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function added(one = {}, other = {}) {
  const sum = { ...one };
  for (const [mutant, hits] of Object.entries(other)) sum[mutant] = (sum[mutant] ?? 0) + hits;
  return sum;
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'policy-tests', PolicyTestRunner)];
