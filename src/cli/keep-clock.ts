import { readFile } from 'node:fs/promises';
import type { Client } from 'pg';
import { loadKeyRing } from '../auth/key-ring-file.js';
import type { Config } from '../config.js';
import type { RowSource } from '../db/row-source.js';
import { parseCalendar, storeCalendar } from '../delivery/calendar-import.js';
import { tick } from '../delivery/clock.js';
import { recountProvisional } from '../delivery/recount.js';
import { listDeadlines, setDeadline, unsetDeadline, type DeadlineChange } from '../delivery/settings.js';
import { addMonths, dateOf, formatInstant } from '../kernel/dates.js';
import { CLOCK_ACTS } from '../ledgers/clock-acts.js';
import { closeStatistics } from '../ledgers/statistics/statistics.closing.js';
import { renewMirroredDeadlines } from '../ledgers/mirrored-deadlines.js';
import { readPolicyFiles } from '../server/policy-files.js';
import { loadPolicy } from '../server/admit-policy.js';
import { assembleHub } from '../server/start-hub.js';
import type { Policy } from '../policy/language.js';
import { alignColumns } from './columns.js';
import { openDatabase, withOwner } from './database.js';
import { CommandRefused, EXIT, type ExitCode, type Shell } from './shell.js';

const FURTHEST_MONTHS = 120;

/**
 * Does what is due by an instant, as a hub does every minute by itself.
 * @param at ISO 8601; by default now. In production never later than now: a clock that runs ahead calls overdue what is in time. In a demo ten years ahead at most: what recurs is done each time
 */
export async function runTick(shell: Shell, at: Date | undefined): Promise<ExitCode> {
  const config = shell.config();
  const now = config.pinnedNow ?? new Date();
  if (config.mode === 'production' && at && at > now) throw new CommandRefused('正式运行时 --at 不得晚于现在', 'in production --at is never later than now');
  if (at && dateOf(at) > addMonths(dateOf(now), FURTHEST_MONTHS)) throw new CommandRefused('--at 不得晚于十年以后：每一项定期的事项都要逐次办理', '--at lies at most ten years ahead: what recurs is done one by one');
  const keyRing = await loadKeyRing({ file: config.keysFile, mode: config.mode });
  const database = await openDatabase(config, keyRing);
  try {
    const parts = await assembleHub(config, keyRing, database.hub);
    try {
      const report = await tick(parts.pools.clock, parts.policy.policy, CLOCK_ACTS, at ?? now);
      shell.print(`截至 ${formatInstant(at ?? now)}：提醒 ${report.reminded}，逾期 ${report.overdue}，上报 ${report.raised}\nreminded ${report.reminded}, overdue ${report.overdue}, raised ${report.raised}`);
      const closed = await closeStatistics(parts.pools.clock, parts.policy.policy, at ?? now, report.failed.map(({ duty }) => duty.id));
      if (closed.length > 0) shell.print(`公布统计：${closed.join('、')}\nstatistics closed: ${closed.join(', ')}`);
      for (const { duty, error } of report.failed) shell.say(`未能办理 ${duty.step} ${duty.recordNo}：${error instanceof Error ? error.message : String(error)}\n${duty.step} of ${duty.recordNo} failed and will be tried again`);
      return report.failed.length > 0 ? EXIT.PARTLY : EXIT.DONE;
    } finally {
      await parts.pools.end();
    }
  } finally {
    await database.stop();
  }
}

/** Imports the working days of a year and counts again what was provisional. */
export async function runCalendarImport(shell: Shell, file: string): Promise<void> {
  const config = shell.config();
  const days = parseCalendar(await readFile(file, 'utf8'));
  const policy = await policyOf(config);
  const { imported, recounted } = await inTransaction(config, async (owner) => {
    const stored = await storeCalendar(owner, days, `guitu calendar import ${file.split(/[\\/]/u).at(-1) ?? file}`);
    const counted = await recountProvisional(owner, policy);
    await renewMirroredDeadlines(owner);
    return { imported: stored, recounted: counted };
  });
  const years = imported.years.length > 0 ? `${imported.years.join('、')} 年，` : '';
  shell.print(`已导入${years}共 ${imported.days} 天；工作日历已知至 ${imported.knownUntil}\n重新计算暂定期限 ${recounted.counted} 项，其中日期有变的 ${recounted.moved} 项`);
  shell.print(`${imported.days} days imported, known until ${imported.knownUntil}; ${recounted.counted} provisional deadlines counted again, ${recounted.moved} moved`);
}

export async function runDeadlineList(shell: Shell, { json }: { json: boolean }): Promise<void> {
  const config = shell.config();
  const policy = await policyOf(config);
  const rows = await withOwner(config, (owner) => listDeadlines(sourceOf(owner), policy));
  if (json) return shell.print(JSON.stringify(rows, null, 2));
  return shell.print(alignColumns([['步骤', '名称', '区划', '期限', '单位', '性质', '理由'], ...rows.map(({ step, title, division, amount, months, unit, class: sort, reason }) => [step, title, division ?? '出厂', ...(months ? [months.join('、'), 'monthsOfYear'] : [String(amount), unit]), sort, reason])]));
}

/** What a division decides for itself, with the reason that is kept. Holds for duties that begin from now on. */
export async function runDeadlineSet(shell: Shell, change: DeadlineChange): Promise<void> {
  const config = shell.config();
  const policy = await policyOf(config);
  const { title, unit } = await inTransaction(config, (owner) => setDeadline(owner, policy, change));
  const length = change.months ? `每年 ${change.months.join('、')} 月内` : `${change.amount} ${unit}`;
  shell.print(`${change.division}：${title}（${change.step}）改为 ${length}，自此后开始的期限起适用\nset, for duties that begin from now on`);
}

/** Takes back what a division decided. Holds for duties that begin from now on. */
export async function runDeadlineUnset(shell: Shell, change: Pick<DeadlineChange, 'step' | 'division'>): Promise<void> {
  const config = shell.config();
  const policy = await policyOf(config);
  const { title } = await inTransaction(config, (owner) => unsetDeadline(owner, policy, change));
  shell.print(`${change.division}：${title}（${change.step}）不再另定，自此后开始的期限起按上级或出厂的期限\ntaken back, for duties that begin from now on`);
}

const policyOf = async (config: Config): Promise<Policy> => loadPolicy(await readPolicyFiles(config.policiesDirectory)).policy;

const sourceOf = (client: Client): RowSource => ({ query: async <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []) => (await client.query<Row>(text, [...values])).rows });

async function inTransaction<Result>(config: Config, use: (owner: RowSource) => Promise<Result>): Promise<Result> {
  return withOwner(config, async (client) => {
    await client.query('BEGIN');
    try {
      const result = await use(sourceOf(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  });
}
