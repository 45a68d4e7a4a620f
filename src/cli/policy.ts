import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { parse } from 'graphql';
import { loadKeyRing } from '../auth/key-ring-file.js';
import { parseDeadlines } from '../ledgers/deadlines.js';
import type { AgencyKind, Purpose, Role } from '../kernel/viewer.js';
import { checkPolicy } from '../policy/check.js';
import { PolicyRefused, type Policy, type Rung } from '../policy/language.js';
import { matrixCsv, matrixMarkdown } from '../policy/matrix-print.js';
import { buildMatrix } from '../policy/matrix.js';
import { failureText, runPolicyTests } from '../policy/policy-tests.js';
import { RUNG_WORDS } from '../policy/words.js';
import { findRefusal } from '../server/format-error.js';
import { Hub } from '../server/hub.js';
import { readPolicyFiles } from '../server/policy-files.js';
import { assembleHub, loadPolicy, type HubParts } from '../server/start-hub.js';
import { openDatabase } from './database.js';
import { CommandRefused, EXIT, usage, type ExitCode, type Shell } from './shell.js';

/**
 * Reads a folder of policy files as the hub would at its start.
 * @throws PolicyRefused with every fault
 */
export async function readPolicy(folder: string): Promise<Policy> {
  const sources = await readPolicyFiles(folder);
  const { policy } = loadPolicy(sources);
  parseDeadlines(sources.find(({ name }) => name === 'deadlines.yaml')?.text ?? '', 'deadlines.yaml');
  const faults = checkPolicy(policy);
  if (faults.length > 0) throw new PolicyRefused(faults);
  return policy;
}

/** Says whether the policy would be taken; with what is wrong where it would not. Needs no database. */
export async function runPolicyCheck(shell: Shell, folder: string | undefined): Promise<void> {
  const policy = await readPolicy(folder === undefined ? shell.config().policiesDirectory : resolve(folder));
  const cells = [...policy.records.values()].reduce((sum, rules) => sum + rules.cells.size, 0);
  shell.print(`策略通过检查：${policy.records.size} 类记录、${cells} 个栏目、${policy.operations.size} 项操作、${policy.purposes.size} 种用途，版本 ${policy.hash.slice(0, 12)}\nthe policy is sound`);
}

/** Prints who is given what, as Markdown or CSV. */
export async function runPolicyMatrix(shell: Shell, { kind, purpose, csv }: { kind: AgencyKind | undefined; purpose: Purpose | undefined; csv: boolean }): Promise<void> {
  const policy = await readPolicy(shell.config().policiesDirectory);
  const cells = buildMatrix(policy).filter((cell) => (!kind || cell.kind === kind) && (!purpose || cell.purpose === purpose));
  shell.print((csv ? matrixCsv(cells) : matrixMarkdown(policy, cells)).trimEnd());
}

/** Runs the examples that stand beside the rules. */
export async function runPolicyTest(shell: Shell): Promise<ExitCode> {
  const policy = await readPolicy(shell.config().policiesDirectory);
  const { run, failures } = runPolicyTests(policy);
  for (const failure of failures) shell.say(failureText(failure));
  const failed = new Set(failures.map(({ place }) => `${place.file}:${place.line}:${place.column}`)).size;
  shell.print(`策略示例 ${run} 个，${failed === 0 ? '全部相符' : `不符 ${failed} 个`}\n${run} examples, ${failed} fail`);
  return failed === 0 ? EXIT.DONE : EXIT.REFUSED;
}

export interface ExplainWish { agency: string; purpose: Purpose; role: Role; matter: string | undefined; id: string; field: string }

const EXPLAIN = parse('query explain($id: ID!, $field: String!) { explain(id: $id, field: $field) { rung because wouldNeed } }');

/**
 * Asks, as an agency would, why it sees a field of a record as it does. The question goes the way of every question, evidence included.
 * @throws CommandRefused where the agency would be told of no such record; Refusal as the agency would get it
 */
export async function runPolicyExplain(shell: Shell, wish: ExplainWish): Promise<void> {
  const config = shell.config();
  const keyRing = await loadKeyRing({ file: config.keysFile, mode: config.mode });
  const database = await openDatabase(config, keyRing);
  try {
    const parts = await assembleHub(config, keyRing, database.hub);
    try {
      const { rung, because, wouldNeed } = await explain(parts, wish);
      const lines = [`${wish.agency} 以 ${wish.purpose} 为用途看 ${wish.field}：${RUNG_WORDS[rung]}（${rung}）`, ...because.map((line) => `  因为 ${line}`), ...wouldNeed.map((line) => `  需要 ${line}`)];
      shell.print(lines.join('\n'));
    } finally {
      await parts.pools.end();
    }
  } finally {
    await database.stop();
  }
}

interface Explanation { rung: Rung; because: string[]; wouldNeed: string[] }

async function explain(parts: HubParts, { agency: code, purpose, role, matter, id, field }: ExplainWish): Promise<Explanation> {
  const { schema, services, recorder, policy, pools, now } = parts;
  const agency = await services.directory.findAgency(code);
  if (!agency) throw usage(`目录中没有单位 ${code}，见 guitu agency list`, `there is no agency ${code}, see guitu agency list`);
  const { suspended: _, name: __, ...known } = agency;
  const hub = new Hub({ schema, reader: pools.reader, services, recorder, policy: () => policy });
  const context = { viewer: { ...known, roles: [role], user: 'guitu policy explain' }, purpose, matter: matter ?? null, requestId: randomUUID(), language: 'zh' as const, idempotencyKey: null, now: now() };
  const { data, errors } = await hub.execute({ document: EXPLAIN, operationName: null, variables: { id, field }, context });
  const [error] = errors ?? [];
  if (error) throw findRefusal(error) ?? error;
  const found = (data as { explain: Explanation | null }).explain;
  if (!found) throw new CommandRefused('没有这条记录，或该单位在此用途下看不到它', 'there is no such record, or this agency does not see it for this purpose');
  return found;
}
