import type { RowSource } from '../db/row-source.js';
import { parseDivisionCode } from '../kernel/divisions.js';
import { badInput } from '../kernel/errors.js';
import { isFault } from '../kernel/fault.js';
import { cleanText } from '../kernel/text.js';
import type { Deadline } from '../policy/deadlines.js';
import type { DeadlineSource } from './counted-deadlines.js';

/** A length that a division sets for itself, and why. */
export interface DeadlineChange { step: string; division: string; amount: number; reason: string }

/** A shipped default (`division` null), or what a division set; a day of release 0 is at once. */
export interface ListedDeadline extends Pick<Deadline, 'step' | 'title' | 'amount' | 'unit' | 'class' | 'reason'> { division: string | null }

/** The hub's own paces are the same for everybody: one closing of statistics, one reminder. */
const FOR_ALL: readonly string[] = ['closeStatistics', 'remindBefore', 'remindBeforeHours'];
const LAST_DAY = 28;
/** The day of release may also be AT_ONCE, which only data says. */
const settingOf = (step: string): string => (step === 'releaseHouseholdFlag' ? 'households.releaseDay' : `deadline.${step}`);
const LONGEST_REASON_CHARS = 200;

/**
 * Sets a deadline for a division and everything below it that sets none of its own.
 * @throws Refusal BAD_USER_INPUT: an unknown step or division, no reason, a day that a month may lack, or a LAW made longer than shipped
 */
export async function setDeadline(owner: RowSource, { deadlines }: DeadlineSource, change: DeadlineChange): Promise<Deadline> {
  const shipped = deadlines.get(change.step);
  if (!shipped || FOR_ALL.includes(change.step)) throw badInput('step', `没有可以另定的期限 ${change.step}`, `there is no deadline ${change.step} to set`);
  const division = parseDivisionCode(change.division);
  if (isFault(division)) throw badInput('division', division.zh, division.en);
  const [known] = await owner.query('SELECT FROM guitu.divisions WHERE code = $1 AND valid_until IS NULL', [division]);
  if (!known) throw badInput('division', '没有这个现行的行政区划代码', 'no such division code is in force');
  if (!Number.isInteger(change.amount) || change.amount < 1 || change.amount > 1_000) throw badInput('amount', '期限应为 1 至 1000 的整数', 'a deadline is a whole number from 1 to 1000');
  if (shipped.unit === 'dayOfMonth' && change.amount > LAST_DAY) throw badInput('amount', `每月的日子应为 1 至 ${LAST_DAY}`, `a day of the month is from 1 to ${LAST_DAY}`);
  if (shipped.class === 'LAW' && change.amount > shipped.amount) throw badInput('amount', `${shipped.title}由法律规定，只能缩短（不超过 ${shipped.amount}）`, `the law sets ${change.step}; it may be shortened only (at most ${shipped.amount})`);
  const reason = cleanText(change.reason, { maxChars: LONGEST_REASON_CHARS });
  if (typeof reason !== 'string') throw badInput('reason', reason.zh, reason.en);
  if (reason === '') throw badInput('reason', '请填写理由', 'give the reason');
  await owner.query('INSERT INTO guitu.settings (name, division, value, reason) VALUES ($1, $2, to_jsonb($3::integer), $4) ON CONFLICT (name, division) DO UPDATE SET value = excluded.value, reason = excluded.reason',
    [settingOf(change.step), division, change.amount, reason]);
  return shipped;
}

/** Every deadline as shipped, each followed by what divisions set. */
export async function listDeadlines(db: RowSource, { deadlines }: DeadlineSource): Promise<ListedDeadline[]> {
  const set = await db.query<{ name: string; division: string; amount: number; reason: string }>("SELECT name, division, CASE jsonb_typeof(value) WHEN 'number' THEN (value #>> '{}')::integer ELSE 0 END AS amount, reason FROM guitu.settings WHERE name LIKE 'deadline.%' OR name = 'households.releaseDay' ORDER BY name, division");
  return [...deadlines.values()].flatMap(({ step, title, amount, unit, class: sort, reason }): ListedDeadline[] => [
    { step, title, division: null, amount, unit, class: sort, reason },
    ...set.filter(({ name }) => name === settingOf(step)).map((one) => ({ step, title, division: one.division, amount: one.amount, unit, class: sort, reason: one.reason })),
  ]);
}
