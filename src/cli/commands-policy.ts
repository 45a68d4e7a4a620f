import type { Command } from 'commander';
import type { AgencyKind, Purpose, Role } from '../kernel/viewer.js';
import { parseKind, parsePurpose, parseRole } from './arguments.js';
import { addExamples } from './bilingual-help.js';
import type { Act, Shell } from './shell.js';

/** What the policy says, and whether it may be said: `policy check`, `matrix`, `test`, `explain`. All but the last need no database. */
export function addPolicyCommands(program: Command, shell: Shell, act: Act): void {
  const group = program.command('policy').description('共享规则：检查、列表、示例、解释 · the policy: check, matrix, test, explain');
  addExamples(group.command('check')
    .summary('检查策略文件 · check the policy files')
    .description('检查策略文件；逐条列出问题的文件、行、列与改法。\nCheck the policy files; every fault with file, line, column and mend.')
    .argument('[FOLDER]', '策略目录；默认 GUITU_POLICIES · folder of the policy')
    .action((folder: string | undefined) => act(async () => (await import('./policy.js')).runPolicyCheck(shell, folder))), [
    ['guitu policy check ./policies', '改动之后、启动之前 · after a change, before a start'],
  ]);
  addExamples(group.command('matrix')
    .summary('列出谁能看到什么 · who is given what')
    .description('列出谁以何用途能看到什么，附依据。默认为 Markdown。\nWho is given what, for which purpose, on what basis. Markdown by default.')
    .option('--kind <KIND>', '只列一类单位 · one kind of agency', parseKind)
    .option('--purpose <PURPOSE>', '只列一种用途 · one purpose', parsePurpose)
    .option('--csv', '以 CSV 输出 · as CSV', false)
    .action((options: { kind?: AgencyKind; purpose?: Purpose; csv: boolean }) => act(async () => (await import('./policy.js')).runPolicyMatrix(shell, { kind: options.kind, purpose: options.purpose, csv: options.csv }))), [
    ['guitu policy matrix --kind station --purpose RETURN', '救助管理机构为返乡能看到什么 · what stations see for a return'],
  ]);
  group.command('test')
    .description('运行写在规则旁的示例 · run the examples beside the rules')
    .action(() => act(async () => (await import('./policy.js')).runPolicyTest(shell)));
  addExamples(group.command('explain')
    .summary('解释某一栏为何可见或不可见 · why a field is, or is not, shown')
    .description('解释某单位为何看到或看不到某条记录的某一栏。\nWhy an agency sees, or does not see, a field of a record.')
    .argument('<RECORD_ID>', '记录的 id，如 rc_… · global id of the record')
    .argument('<FIELD>', '栏目，如 subject.name · field')
    .requiredOption('--as <AGENCY>', '单位代码 · code of the agency')
    .requiredOption('--purpose <PURPOSE>', '用途 · purpose', parsePurpose)
    .option('--role <ROLE>', '角色 · role', parseRole, 'CLERK')
    .option('--matter <MATTER>', '事项编号 · matter')
    .action((id: string, field: string, options: { as: string; purpose: Purpose; role: Role; matter?: string }) =>
      act(async () => (await import('./policy.js')).runPolicyExplain(shell, { agency: options.as, purpose: options.purpose, role: options.role, matter: options.matter, id, field }))), [
    ['guitu policy explain --as civil-320000 --purpose SUPERVISION rc_… subject.name', '省厅为何看不到姓名 · why the province does not see the name'],
  ]);
}
