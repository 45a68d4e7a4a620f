import { resolve } from 'node:path';
import type { AgencyKind, Purpose } from '../kernel/viewer.js';
import { PolicyRefused, type Policy } from '../policy/language.js';
import { matrixCsv, matrixMarkdown } from '../policy/matrix-print.js';
import { buildMatrix } from '../policy/matrix.js';
import { runPolicyTests } from '../policy/policy-tests.js';
import { readAloud } from '../policy/read-aloud.js';
import { failedExamples, soundnessText } from '../policy/soundness-print.js';
import { readPolicyFiles } from '../server/policy-files.js';
import { admitPolicy, loadPolicy } from '../server/admit-policy.js';
import { EXIT, usage, type ExitCode, type Shell } from './shell.js';

/**
 * Reads a folder of policy files as the hub would at its start, but for the examples.
 * @throws PolicyRefused with every fault
 */
export async function readPolicy(folder: string): Promise<Policy> {
  return loadPolicy(await readPolicyFiles(folder)).policy;
}

const folderOf = (shell: Shell, folder: string | undefined): string => (folder === undefined ? shell.config().policiesDirectory : resolve(folder));

/**
 * Says whether the policy would be taken: what was checked, or each fault with its place and mend. Needs no database.
 * @returns REFUSED with JSON of the faults, for editors
 * @throws PolicyRefused with every fault, where no JSON is asked for
 */
export async function runPolicyCheck(shell: Shell, { folder, json }: { folder: string | undefined; json: boolean }): Promise<ExitCode> {
  try {
    const { policy, catalogue } = admitPolicy(await readPolicyFiles(folderOf(shell, folder)));
    shell.print(json ? JSON.stringify({ sound: true, policy: policy.hash, faults: [] }, null, 2) : soundnessText(policy, catalogue));
    return EXIT.DONE;
  } catch (error) {
    if (!json || !(error instanceof PolicyRefused)) throw error;
    shell.print(JSON.stringify({ sound: false, faults: error.faults.map(({ place, problem, mend }) => ({ ...place, problem, mend })) }, null, 2));
    return EXIT.REFUSED;
  }
}

/** Prints the rules as Chinese sentences, of one record type or of all. */
export async function runPolicyRead(shell: Shell, folder: string | undefined, record: string | undefined): Promise<void> {
  const { policy, catalogue } = loadPolicy(await readPolicyFiles(folderOf(shell, folder)));
  const chosen = [...policy.records.values()].filter((rules) => record === undefined || rules.record === record);
  if (chosen.length === 0) throw unknownRecord(policy, record);
  shell.print(chosen.map((rules) => readAloud(policy, catalogue, rules)).join('\n\n'));
}

const unknownRecord = (policy: Policy, record: string | undefined): Error => usage(`没有记录类型 ${record}；有：${[...policy.records.keys()].join(' ')}`, `there is no record type ${record}`);

/** Which part of the matrix is wanted, and in which form. A mark at the beginning lets spreadsheets on Windows read the Chinese. */
export interface MatrixWish { folder: string | undefined; kind: AgencyKind | undefined; purpose: Purpose | undefined; record: string | undefined; csv: boolean; byteOrderMark: boolean }

/** Prints who is given what, as Markdown or CSV. */
export async function runPolicyMatrix(shell: Shell, { folder, kind, purpose, record, csv, byteOrderMark }: MatrixWish): Promise<void> {
  const policy = await readPolicy(folderOf(shell, folder));
  if (record !== undefined && !policy.records.has(record)) throw unknownRecord(policy, record);
  if (byteOrderMark && !csv) throw usage('--bom 只用于 --csv', '--bom goes with --csv');
  const cells = buildMatrix(policy, shell.config().pinnedNow ?? new Date()).filter((cell) => (!kind || cell.kind === kind) && (!purpose || cell.purpose === purpose) && (!record || cell.record === record));
  shell.print((csv ? `${byteOrderMark ? '\uFEFF' : ''}${matrixCsv(cells)}` : matrixMarkdown(policy, cells)).trimEnd());
}

/** Runs the examples that stand beside the rules. @returns REFUSED where one is not borne out */
export async function runPolicyTest(shell: Shell, folder: string | undefined): Promise<ExitCode> {
  const policy = await readPolicy(folderOf(shell, folder));
  const result = runPolicyTests(policy);
  const failed = failedExamples(policy, result.failures);
  for (const text of failed) shell.say(text);
  shell.print(`策略示例 ${result.run} 个，${failed.length === 0 ? '全部相符' : `不符 ${failed.length} 个`}\n${result.run} examples, ${failed.length} fail`);
  return failed.length === 0 ? EXIT.DONE : EXIT.REFUSED;
}
