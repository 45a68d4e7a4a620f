import type { RowSource } from '../db/row-source.js';
import { parseDivisionCode } from '../kernel/divisions.js';
import { badInput } from '../kernel/errors.js';
import { isFault } from '../kernel/fault.js';
import { cleanText } from '../kernel/text.js';
import type { Deadline } from '../policy/deadlines.js';
import type { DeadlineSource } from './counted-deadlines.js';
import type { DecidedLength } from './due.js';

/** A length that a division sets for itself, and why: an amount in the unit of the step, or the months of the year (1 to 12) by the end of which it is taken. */
export interface DeadlineChange { step: string; division: string; amount?: number; months?: readonly number[]; reason: string }

/** A shipped default (`division` null), or what a division set; a day of release 0 is at once. Where `months` are set, there is no amount. */
export interface ListedDeadline extends Pick<Deadline, 'step' | 'title' | 'unit' | 'class' | 'reason'> { division: string | null; amount: number | null; months: readonly number[] | null }

/** Steps that a division may tie to months of the year: the visits of townships (重庆: each January and July). */
const BY_MONTHS: readonly string[] = ['recordVisit'];

/** The hub's own paces are the same for everybody: one closing of statistics, one reminder. */
const FOR_ALL: readonly string[] = ['closeStatistics', 'remindBefore', 'remindBeforeHours'];
const LAST_DAY = 28;
/** The day of release may also be AT_ONCE, which only data says. */
const settingOf = (step: string): string => (step === 'releaseHouseholdFlag' ? 'households.releaseDay' : `deadline.${step}`);
const LONGEST_REASON_CHARS = 200;

/**
 * Sets a deadline for a division and everything below it that sets none of its own.
 * @throws Refusal BAD_USER_INPUT: an unknown step or division, no reason, neither or both of amount and months, a day that a month may lack, or a LAW made longer than shipped
 */
export async function setDeadline(owner: RowSource, policy: DeadlineSource, change: DeadlineChange): Promise<Deadline> {
  const shipped = settable(policy, change.step);
  const division = await divisionInForce(owner, change.division);
  const value = lengthSet(shipped, change);
  const reason = cleanText(change.reason, { maxChars: LONGEST_REASON_CHARS });
  if (typeof reason !== 'string') throw badInput('reason', reason.zh, reason.en);
  if (reason === '') throw badInput('reason', '请填写理由', 'give the reason');
  await owner.query('INSERT INTO guitu.settings (name, division, value, reason) VALUES ($1, $2, $3::jsonb, $4) ON CONFLICT (name, division) DO UPDATE SET value = excluded.value, reason = excluded.reason',
    [settingOf(change.step), division, JSON.stringify(value), reason]);
  return shipped;
}

/** Takes back what a division set: from now on the division above decides, or else the shipped default. @throws Refusal BAD_USER_INPUT: an unknown step, or a division that set none */
export async function unsetDeadline(owner: RowSource, policy: DeadlineSource, { step, division }: Pick<DeadlineChange, 'step' | 'division'>): Promise<Deadline> {
  const shipped = settable(policy, step);
  const gone = await owner.query('DELETE FROM guitu.settings WHERE name = $1 AND division = $2 RETURNING name', [settingOf(step), division]);
  if (gone.length === 0) throw badInput('division', '这个区划没有另定这项期限', 'the division has not set this deadline');
  return shipped;
}

function settable({ deadlines }: DeadlineSource, step: string): Deadline {
  const shipped = deadlines.get(step);
  if (!shipped || FOR_ALL.includes(step)) throw badInput('step', `没有可以另定的期限 ${step}`, `there is no deadline ${step} to set`);
  return shipped;
}

async function divisionInForce(owner: RowSource, code: string): Promise<string> {
  const division = parseDivisionCode(code);
  if (isFault(division)) throw badInput('division', division.zh, division.en);
  const [known] = await owner.query('SELECT FROM guitu.divisions WHERE code = $1 AND valid_until IS NULL', [division]);
  if (!known) throw badInput('division', '没有这个现行的行政区划代码', 'no such division code is in force');
  return division;
}

function lengthSet(shipped: Deadline, { amount, months }: DeadlineChange): DecidedLength {
  if ((amount === undefined) === (months === undefined)) throw badInput('amount', '请填写期限或月份之一', 'give either an amount or months');
  if (months !== undefined) {
    if (!BY_MONTHS.includes(shipped.step)) throw badInput('months', `${shipped.title}不能按月份另定`, `${shipped.step} cannot be set by months`);
    if (months.length === 0 || months.some((month) => !Number.isInteger(month) || month < 1 || month > 12)) throw badInput('months', '月份应为 1 至 12', 'a month is from 1 to 12');
    return { months: [...new Set(months)].toSorted((one, other) => one - other) };
  }
  if (amount === undefined || !Number.isInteger(amount) || amount < 1 || amount > 1_000) throw badInput('amount', '期限应为 1 至 1000 的整数', 'a deadline is a whole number from 1 to 1000');
  if (shipped.unit === 'dayOfMonth' && amount > LAST_DAY) throw badInput('amount', `每月的日子应为 1 至 ${LAST_DAY}`, `a day of the month is from 1 to ${LAST_DAY}`);
  if (shipped.class === 'LAW' && amount > shipped.amount) throw badInput('amount', `${shipped.title}由法律规定，只能缩短（不超过 ${shipped.amount}）`, `the law sets ${shipped.step}; it may be shortened only (at most ${shipped.amount})`);
  return amount;
}

/** Every deadline as shipped, each followed by what divisions set. */
export async function listDeadlines(db: RowSource, { deadlines }: DeadlineSource): Promise<ListedDeadline[]> {
  const set = await db.query<{ name: string; division: string; value: DecidedLength | 'AT_ONCE'; reason: string }>("SELECT name, division, value, reason FROM guitu.settings WHERE name LIKE 'deadline.%' OR name = 'households.releaseDay' ORDER BY name, division");
  return [...deadlines.values()].flatMap(({ step, title, amount, unit, class: sort, reason }): ListedDeadline[] => [
    { step, title, division: null, amount, months: null, unit, class: sort, reason },
    ...set.filter(({ name }) => name === settingOf(step)).map(({ division, value, reason: why }) => ({ step, title, division, ...listedLength(value), unit, class: sort, reason: why })),
  ]);
}

function listedLength(value: DecidedLength | 'AT_ONCE'): Pick<ListedDeadline, 'amount' | 'months'> {
  if (typeof value === 'object') return { amount: null, months: value.months };
  return { amount: value === 'AT_ONCE' ? 0 : value, months: null };
}
