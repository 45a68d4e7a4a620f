import type { Command } from 'commander';
import type { Role } from '../kernel/viewer.js';
import { collectRoles, daysUpTo } from './arguments.js';
import { addExamples } from './bilingual-help.js';
import type { Act, Shell } from './shell.js';

/** `LONGEST_TOKEN_SECONDS` of the issuer, in days; written here so that help needs no cryptography. */
const LONGEST_TOKEN_DAYS = 30;

/** What a hub's day is made of: `start`, `token`, `import`. Each loads its own code when it runs, so that help and tokens come at once. */
export function addServingCommands(program: Command, shell: Shell, act: Act): void {
  addExamples(program.command('start')
    .summary('启动平台（默认） · start the hub (the default)')
    .description('启动平台，直到收到停止信号（Ctrl-C）。再按一次立即退出。\nStart the hub, until told to stop (Ctrl-C); once more leaves at once.')
    .option('--stop-with-parent', '父进程结束时也停止（npm start 用） · stop when the parent process ends, as npm start needs', false)
    .action((options: { stopWithParent: boolean }) => act(async () => {
      // a bad variable is told at once, not after the server's code is loaded
      shell.config();
      return (await import('./start.js')).runStart(shell, options);
    })), [
    ['guitu start', '演示：内嵌数据库，端口 4000 · a demo on the embedded database, port 4000'],
    ['PORT=4001 GUITU_DATA=.second guitu start', '同一台机器上的另一份 · another copy on the same machine'],
    ['GUITU_MODE=production DATABASE_URL=postgresql://guitu_hub@db/guitu guitu start', '正式运行 · production'],
  ]);

  addExamples(program.command('token')
    .summary('签发演示令牌 · print a demo token')
    .description('签发一个演示令牌，单独打印在标准输出。不需要平台正在运行；正式运行时不可用。\nPrint a demo token, alone on standard output. The hub need not run; not in production.')
    .argument('<AGENCY>', '单位代码，如 station-320281 · code of the agency')
    .option('--role <ROLE>', '角色，可重复；默认 CLERK · role, may be repeated; default CLERK', collectRoles)
    .option('--user <USER>', '单位内的用户名 · who inside the agency', 'demo')
    .option('--days <N>', `有效天数，1 至 ${LONGEST_TOKEN_DAYS} · days it is valid`, daysUpTo(LONGEST_TOKEN_DAYS), LONGEST_TOKEN_DAYS)
    .action((agency: string, options: { role?: Role[]; user: string; days: number }) =>
      act(async () => (await import('./token.js')).runToken(shell, { agency, roles: options.role ?? [], user: options.user, days: options.days }))), [
    ['TOKEN=$(guitu token station-320281)', '江阴市救助管理站的经办人 · a clerk of this station'],
    ['guitu token civil-320281 --role CLERK --role MINORS_OFFICER --user 王某 --days 1', '多个角色，一天有效 · several roles, for a day'],
  ]);

  const group = program.command('import').description('从电子表格导入 · import from spreadsheets');
  addExamples(group.command('returns')
    .summary('导入返乡人员信息台账 · a ledger of returns')
    .description('导入返乡人员信息台账。合格的行一次入库，不合格的行连同原因写入 FILE.errors.xlsx；重复导入不会重复增加。\nImport a ledger of returns. Good rows go in together, the others come back in FILE.errors.xlsx; a second import adds nothing twice.')
    .argument('<FILE.xlsx>', '台账文件 · the spreadsheet')
    .requiredOption('--as <AGENCY>', '这份台账属于哪个单位 · the agency whose ledger it is')
    .option('--send', '把各行作为返乡通知发给流出地 · send the rows as notices to the places of origin', false)
    .option('--all-or-nothing', '有一行不合格就全部不导入 · one faulty row keeps all out', false)
    .option('--sheet <NAME>', '工作表名称；默认第一张有数据的表 · name of the sheet')
    .option('--user <USER>', '经办人，记入留痕 · who did it, for the evidence', 'guitu import')
    .action((file: string, options: { as: string; send: boolean; allOrNothing: boolean; sheet?: string; user: string }) => act(async () => (await import('./import-returns.js')).runImportReturns(shell, {
      file, agency: options.as, send: options.send, allOrNothing: options.allOrNothing, user: options.user, ...(options.sheet !== undefined && { sheetName: options.sheet }),
    }))), [
    ['guitu import returns 返乡台账.xlsx --as station-320281', '流出地：导入自己的台账 · the origin: its own ledger'],
    ['guitu import returns 通知.xlsx --as station-120000 --send', '流入地：逐行发出返乡通知 · the destination: a notice for each row'],
  ]);
}
