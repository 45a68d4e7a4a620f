import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { parseDate } from '../kernel/dates.js';
import { isFault } from '../kernel/fault.js';

/** Values leave as JSON text made by PostgreSQL, so serialising only serves the few that the skeleton itself answers. */

function readDate(value: unknown): string {
  const date = typeof value === 'string' ? parseDate(value) : undefined;
  if (date === undefined || isFault(date)) throw new GraphQLError('日期应写作 YYYY-MM-DD (a calendar date such as 2026-11-20)', { extensions: { code: 'BAD_USER_INPUT' } });
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
  name: 'Date', description: 'ISO 8601 calendar date, Asia/Shanghai.', serialize: String, parseValue: readDate,
  parseLiteral: (node) => readDate(node.kind === Kind.STRING ? node.value : undefined),
});

export const DateTimeScalar = new GraphQLScalarType<string, string>({
  name: 'DateTime', description: 'ISO 8601 instant with offset.', serialize: String, parseValue: readInstant,
  parseLiteral: (node) => readInstant(node.kind === Kind.STRING ? node.value : undefined),
});
