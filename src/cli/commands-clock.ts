import { InvalidArgumentError, type Command } from 'commander';
import { addExamples } from './bilingual-help.js';
import type { Act, Shell } from './shell.js';

/** Working days, deadlines and the clock: `calendar`, `deadline`, `tick`. */
export function addClockCommands(program: Command, shell: Shell, act: Act): void {
  const calendar = program.command('calendar').description('工作日历 · the calendar of working days');
  addExamples(calendar.command('import')
    .summary('导入一年的放假安排 · the arrangement of a year')
    .description('导入国务院办公厅公布的放假安排，并重新计算此前暂定的期限。每行：日期、是否上班（true 或 false）、名称，以制表符或逗号分隔；也可用 chinese-days 发布的 JSON。周一至周五上班、周末休息的日子不必写。\nImport the published holidays and count again what was provisional. A line each: day, worked (true or false), name, between tabs or commas; or the JSON that chinese-days publishes.')
    .argument('<FILE>', '日历文件 · the file')
    .action((file: string) => act(async () => (await import('./keep-clock.js')).runCalendarImport(shell, file))), [
    ['guitu calendar import 2027.csv', '2027 年公布以后 · once 2027 is published'],
  ]);
  const deadline = program.command('deadline').description('各步骤的期限 · deadlines of the steps');
  deadline.command('list')
    .description('列出出厂的期限和各地另定的期限 · shipped deadlines, and what divisions set')
    .option('--json', '以 JSON 输出，供程序读取 · as JSON', false)
    .action((options: { json: boolean }) => act(async () => (await import('./keep-clock.js')).runDeadlineList(shell, options)));
  addExamples(deadline.command('set')
    .summary('一地另定一项期限 · a division sets its own')
    .description('一地为本辖区另定一项期限，并记录理由；性质为 LAW 的只能缩短。此后开始的期限适用。\nA division sets a deadline for its area, with the reason kept; one of class LAW may be shortened only. Holds for duties that begin from now on.')
    .argument('<STEP>', '步骤，见 guitu deadline list · the step')
    .requiredOption('--division <CODE>', '区划代码 · division')
    .option('--amount <N>', '期限，以该步骤的单位计 · the amount, in the unit of the step', Number)
    .option('--months <LIST>', '改按每年的月份，在该月底以前，如 1,7（只用于 recordVisit）· or months of the year, due by their end (recordVisit only)', monthsOf)
    .requiredOption('--reason <TEXT>', '理由，随期限保存 · the reason')
    .action((step: string, options: { division: string; amount?: number; months?: number[]; reason: string }) => act(async () => (await import('./keep-clock.js')).runDeadlineSet(shell, { step, ...options }))), [
    ['guitu deadline set recordVisit --division 320281 --amount 1 --reason 本市每月回访', '江阴每月回访 · monthly visits in 江阴'],
    ['guitu deadline set recordVisit --division 341523 --months 1,7 --reason 每年一月、七月回访', '舒城一月、七月回访 · in January and July in 舒城'],
  ]);
  deadline.command('unset')
    .description('一地撤回另定的期限，此后开始的按上级或出厂的期限 · take back what a division set: the division above decides again, or the shipped default')
    .argument('<STEP>', '步骤 · the step')
    .requiredOption('--division <CODE>', '区划代码 · division')
    .action((step: string, options: { division: string }) => act(async () => (await import('./keep-clock.js')).runDeadlineUnset(shell, { step, ...options })));
  addExamples(program.command('tick')
    .summary('办理到期事项 · do what is due')
    .description('办理截至某一时刻到期的事项：提醒、逾期、逐级上报。平台运行时每分钟自动办理；每一项只办一次，多个进程同时办理也是如此。\nDo what is due by an instant: remind, call overdue, raise. A running hub does it every minute; each thing is done once, however many processes tick.')
    .option('--at <INSTANT>', '时刻，如 2026-12-01T00:00:00+08:00；默认现在 · the instant; default now', instantOf)
    .action((options: { at?: Date }) => act(async () => (await import('./keep-clock.js')).runTick(shell, options.at))), [
    ['guitu tick --at 2026-12-01T00:00:00+08:00', '演示：看看到那时会怎样 · a demo: see what will have happened by then'],
  ]);
}

const monthsOf = (text: string): number[] => text.split(/[,，、]/u).map(Number);

function instantOf(text: string): Date {
  const instant = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/u.test(text) || Number.isNaN(instant.getTime())) throw new InvalidArgumentError('应为带时区的时刻，如 2026-12-01T00:00:00+08:00 · an instant with offset');
  return instant;
}
