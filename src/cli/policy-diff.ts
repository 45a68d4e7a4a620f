import { resolve } from 'node:path';
import { loadKeyRing } from '../auth/key-ring-file.js';
import type { Config } from '../config.js';
import { openPools } from '../db/pools.js';
import type { Catalogue } from '../policy/catalogue.js';
import { diffPolicies } from '../policy/diff.js';
import { diffText, hasEffect, type Searched } from '../policy/diff-print.js';
import { PolicyRefused } from '../policy/language.js';
import type { PolicyInForce } from '../policy/store.js';
import { readPolicyFiles } from '../server/policy-files.js';
import { loadPolicy } from '../server/admit-policy.js';
import { openDatabase, withClient, type OpenDatabase } from './database.js';
import { findWitnesses } from './find-witnesses.js';
import { readsEveryRecord } from './owner-sight.js';
import { CommandRefused, EXIT, usage, type ExitCode, type Shell } from './shell.js';

/** What is to be compared, and how it is told. */
export interface DiffWish {
  before: string;
  /** Absent: the folder of policies in force. */
  after: string | undefined;
  database: boolean; json: boolean; exitCode: boolean;
  /** Codes of the agencies to look as; absent: all. */
  agencies: readonly string[] | undefined;
}

/** A search reads whole tables, so its statements may take longer than a request's, milliseconds. */
const STATEMENT_TIMEOUT_MS = 600_000;

/**
 * Says who gains and who loses what by another policy, with records of the database that show it.
 * @returns DONE; with `exitCode` REFUSED where the rules differ
 * @throws CommandRefused where one of the folders holds no policy that this version takes
 */
export async function runPolicyDiff(shell: Shell, wish: DiffWish): Promise<ExitCode> {
  const config = shell.config();
  const [before, after] = [await loadFolder(resolve(wish.before)), await loadFolder(wish.after === undefined ? config.policiesDirectory : resolve(wish.after))];
  const at = config.pinnedNow ?? new Date();
  const diff = diffPolicies(before.policy, after.policy, after.catalogue, at);
  const searched = wish.database && diff.rules.length > 0 ? await search(config, before, after, at, wish.agencies) : null;
  shell.print(wish.json ? JSON.stringify({ ...diff, effect: hasEffect(diff, searched), database: searched }, null, 2) : diffText([before.policy, after.policy], after.catalogue, diff, searched));
  return wish.exitCode && diff.rules.length > 0 ? EXIT.REFUSED : EXIT.DONE;
}

async function loadFolder(folder: string): Promise<PolicyInForce> {
  try {
    return loadPolicy(await readPolicyFiles(folder));
  } catch (error) {
    if (!(error instanceof PolicyRefused)) throw error;
    throw new CommandRefused(`目录 ${folder} 中的策略未通过检查，无法比较。`, `the policy in ${folder} is not sound and cannot be compared:\n${error.faults.map(({ message }) => `  ${message}`).join('\n')}`);
  }
}

async function search(config: Config, before: PolicyInForce, after: PolicyInForce, at: Date, agencies: readonly string[] | undefined): Promise<Searched> {
  const keyRing = await loadKeyRing({ file: config.keysFile, mode: config.mode });
  const database = await openDatabase(config, keyRing);
  try {
    const pools = openPools(database.hub, { reader: 4, writer: 1, evidence: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
    try {
      const found = await findWitnesses(pools, [before.policy, after.policy], after.catalogue, at, agencies);
      if (agencies && found.agencies < new Set(agencies).size) throw usage('目录中没有其中的单位，或其已停用，见 guitu agency list', 'one of these agencies is not in the directory, or suspended, see guitu agency list');
      return { ...found, records: await countRecords(database, after.catalogue) };
    } finally {
      await pools.end();
    }
  } finally {
    await database.stop();
  }
}

/** How many records the database holds; null where the login reads them behind row-level security only, as a hub's should. */
async function countRecords({ owner }: OpenDatabase, catalogue: Catalogue): Promise<number | null> {
  const tables = new Set([...catalogue.records.values()].map(({ table }) => table));
  return withClient(owner, async (client) => {
    if (!(await readsEveryRecord(client))) return null;
    const { rows: [counted] } = await client.query<{ records: number }>(`SELECT (${[...tables].map((table) => `(SELECT count(*) FROM ${table})`).join(' + ')})::integer AS records`);
    return counted?.records ?? null;
  });
}
