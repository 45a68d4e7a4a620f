import type { Command } from 'commander';
import type { AgencyKind, Purpose, Role } from '../kernel/viewer.js';
import { collectRoles, collectTexts, parseKind, parsePurpose } from './arguments.js';
import { addExamples } from './bilingual-help.js';
import type { Act, Shell } from './shell.js';

/** What the policy says, and whether it may be said: `policy check`, `test`, `read`, `matrix`, `explain`, `diff`. The first four need no database. */
export function addPolicyCommands(program: Command, shell: Shell, act: Act): void {
  const group = program.command('policy').description('共享规则：检查、示例、朗读、列表、解释、比较 · the policy: check, test, read, matrix, explain, diff');
  addCheckAndTest(group, shell, act);
  addRead(group, shell, act);
  addMatrix(group, shell, act);
  addExplain(group, shell, act);
  addDiff(group, shell, act);
}

function addCheckAndTest(group: Command, shell: Shell, act: Act): void {
  addExamples(group.command('check')
    .summary('检查策略文件 · check the policy files')
    .description('检查策略文件，连同写在规则旁的示例；逐条列出问题的文件、行、列与改法。\nCheck the policy files and the examples beside the rules; every fault with file, line, column and mend.')
    .argument('[FOLDER]', '策略目录；默认 GUITU_POLICIES · folder of the policy')
    .option('--json', '以 JSON 输出，供编辑器读取 · as JSON, for editors', false)
    .action((folder: string | undefined, { json }: { json: boolean }) => act(async () => (await import('./policy.js')).runPolicyCheck(shell, { folder, json }))), [
    ['guitu policy check ./policies', '改动之后、启动之前 · after a change, before a start'],
  ]);
  group.command('test')
    .description('运行写在规则旁的示例，列出不符的：谁看、应看到什么、实际看到什么 · run the examples beside the rules')
    .argument('[FOLDER]', '策略目录；默认 GUITU_POLICIES · folder of the policy')
    .action((folder: string | undefined) => act(async () => (await import('./policy.js')).runPolicyTest(shell, folder)));
}

function addRead(group: Command, shell: Shell, act: Act): void {
  addExamples(group.command('read')
    .summary('把规则读成中文 · read the rules aloud')
    .description('把规则逐条读成中文，供不看 YAML 的人审阅：谁看得到记录、哪些栏目、什么情形除外、谁可以办理，各附依据。\nThe rules as Chinese sentences (Markdown), each with its basis, for whoever answers for them and does not read YAML.')
    .argument('[FOLDER]', '策略目录；默认 GUITU_POLICIES · folder of the policy')
    .option('--record <TYPE>', '只读一类记录，如 ReturnCase · one type of record')
    .action((folder: string | undefined, { record }: { record?: string }) => act(async () => (await import('./policy.js')).runPolicyRead(shell, folder, record))), [
    ['guitu policy read --record Person', '谁凭什么看得到一个人 · who sees a person, and why'],
  ]);
}

function addMatrix(group: Command, shell: Shell, act: Act): void {
  addExamples(group.command('matrix')
    .summary('列出谁能看到什么 · who is given what')
    .description('列出谁以何用途能看到什么，附规则与依据。默认为 Markdown。\nWho is given what, for which purpose, by which rule, on what basis. Markdown by default.')
    .argument('[FOLDER]', '策略目录；默认 GUITU_POLICIES · folder of the policy')
    .option('--kind <KIND>', '只列一类单位 · one kind of agency', parseKind)
    .option('--purpose <PURPOSE>', '只列一种用途 · one purpose', parsePurpose)
    .option('--record <TYPE>', '只列一类记录，如 ReturnCase · one type of record')
    .option('--csv', '以 CSV 输出 · as CSV', false)
    .option('--bom', 'CSV 前加字节顺序标记，可直接用 Excel 打开 · with a byte order mark, for Excel', false)
    .action((folder: string | undefined, { kind, purpose, record, csv, bom }: { kind?: AgencyKind; purpose?: Purpose; record?: string; csv: boolean; bom: boolean }) =>
      act(async () => (await import('./policy.js')).runPolicyMatrix(shell, { folder, kind, purpose, record, csv, byteOrderMark: bom }))), [
    ['guitu policy matrix --kind station --purpose RETURN', '救助管理机构为返乡能看到什么 · what stations see for a return'],
    ['guitu policy matrix --record Person --csv --bom > person.csv', '人员各栏给谁看，用表格软件打开 · who sees a person, for a spreadsheet'],
  ]);
}

function addExplain(group: Command, shell: Shell, act: Act): void {
  addExamples(group.command('explain')
    .summary('解释某一栏为何可见或不可见 · why a field is, or is not, shown')
    .description('解释某单位为何看到或看不到某条记录的某一栏。先给出该单位自己会得到的答复；加 --for-author 时，再列出每条规则在这条记录上是否成立、差在哪里，只供策略作者。\nWhy an agency sees, or does not see, a field of a record: what the agency itself would be told, and with --for-author every rule as it stands on the record.')
    .argument('<RECORD>', '记录的 id（如 rc_…）或编号（如 GT-…） · global id or number of the record')
    .argument('<FIELD>', '栏目，如 subject、transitions.reason · field')
    .requiredOption('--as <AGENCY>', '单位代码 · code of the agency')
    .requiredOption('--purpose <PURPOSE>', '用途 · purpose', parsePurpose)
    .option('--role <ROLE>', '角色，可重复；默认 CLERK · role, may be repeated; default CLERK', collectRoles)
    .option('--matter <MATTER>', '事项编号 · matter')
    .option('--for-author', '另列规则实况，含该单位无权知道的条件 · add the rules as they stand, for the author of the policy only', false)
    .action((record: string, field: string, options: { as: string; purpose: Purpose; role?: Role[]; matter?: string; forAuthor: boolean }) =>
      act(async () => (await import('./policy-explain.js')).runPolicyExplain(shell, { agency: options.as, purpose: options.purpose, roles: options.role ?? ['CLERK'], matter: options.matter, record, field, forAuthor: options.forAuthor }))), [
    ['guitu policy explain --as civil-320000 --purpose SUPERVISION rc_… subject', '省厅为何看不到反馈内容 · why the province does not see the notice'],
    ['guitu policy explain --as station-320281 --purpose RETURN --for-author GT-… homeCheck', '并列出各条规则的实况 · with the rules as they stand'],
  ]);
}

function addDiff(group: Command, shell: Shell, act: Act): void {
  addExamples(group.command('diff')
    .summary('比较两份策略：谁多看到、少看到什么 · who gains and loses what')
    .description('比较两份策略：哪类单位以何用途多看到、少看到哪些栏目，多了少了哪些操作；并以各单位的身份查看数据库，给出作为例证的记录（只给编号，不给内容）。\nCompare two policies: who gains and who loses which fields and operations, with records of the database as witnesses.')
    .argument('<OLD>', '旧策略目录 · folder of the old policy')
    .argument('[NEW]', '新策略目录；默认 GUITU_POLICIES · folder of the new one')
    .option('--no-database', '只比较规则，不查看数据库 · compare the rules alone')
    .option('--agency <CODE>', '只以这些单位的身份查看，可重复；默认全部 · look as these agencies only', collectTexts)
    .option('--json', '以 JSON 输出，供程序读取 · as JSON', false)
    .option('--exit-code', '规则不同时以 1 退出 · exit with 1 where the rules differ', false)
    .action((before: string, after: string | undefined, options: { database: boolean; agency?: string[]; json: boolean; exitCode: boolean }) =>
      act(async () => (await import('./policy-diff.js')).runPolicyDiff(shell, { before, after, database: options.database, agencies: options.agency, json: options.json, exitCode: options.exitCode }))), [
    ['guitu policy diff ./policies ./candidate', '新策略生效之前 · before a new policy is put in force'],
    ['guitu policy diff --no-database --exit-code ./policies ./candidate', '在流水线里，不连数据库 · in a pipeline, without a database'],
  ]);
}
