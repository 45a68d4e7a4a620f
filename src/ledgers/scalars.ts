import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { parseDate } from '../kernel/dates.js';
import { Refusal } from '../kernel/errors.js';
import { isFault } from '../kernel/fault.js';

/** Values leave as JSON text made by PostgreSQL, so serialising only serves the few that the skeleton itself answers. */

/** Births from 1850 on, as in ID numbers, to the last year that sheets are read in. Terms counted from any of these days are days that every part can hold. */
const DAYS = { from: '1850-01-01', to: '2199-12-31' } as const;

function readDate(value: unknown): string {
  const date = typeof value === 'string' ? parseDate(value) : undefined;
  if (date === undefined || isFault(date)) throw new GraphQLError('日期应写作 YYYY-MM-DD (a calendar date such as 2026-11-20)', { extensions: { code: 'BAD_USER_INPUT' } });
  if (date < DAYS.from || date > DAYS.to) throw new Refusal('BAD_USER_INPUT', { zh: `日期应在 ${DAYS.from} 至 ${DAYS.to} 之间`, en: `a date lies between ${DAYS.from} and ${DAYS.to}` });
  return date;
}

function readInstant(value: unknown): string {
  const shape = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/u.test(value);
  if (!shape || Number.isNaN(Date.parse(value as string)) || isFault(parseDate((value as string).slice(0, 10)))) {
    throw new GraphQLError('时间应写作带时区的 ISO 8601 (an instant such as 2026-11-20T09:00:00+08:00)', { extensions: { code: 'BAD_USER_INPUT' } });
  }
  return value as string;
}

export const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date', description: `ISO 8601 calendar date, Asia/Shanghai; as input from ${DAYS.from} to ${DAYS.to}.`, serialize: String, parseValue: readDate,
  parseLiteral: (node) => readDate(node.kind === Kind.STRING ? node.value : undefined),
});

export const DateTimeScalar = new GraphQLScalarType<string, string>({
  name: 'DateTime', description: 'ISO 8601 instant with offset.', serialize: String, parseValue: readInstant,
  parseLiteral: (node) => readInstant(node.kind === Kind.STRING ? node.value : undefined),
});
