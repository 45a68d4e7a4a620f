import { badInput } from '../kernel/errors.js';
import { parseDate, type CalendarDate } from '../kernel/dates.js';
import { isFault } from '../kernel/fault.js';
import type { RowSource } from '../db/row-source.js';

/** A day on which the weekend rule does not hold, with the name of the holiday. */
export interface CalendarDay { day: CalendarDate; working: boolean; name: string | null }

/** So many exceptions make a year's whole arrangement; fewer are corrections of single days. */
const WHOLE_YEAR_DAYS = 7;

/**
 * Reads a calendar of exceptions: lines of day, working and name between tabs or commas (a head line and lines that start with # are passed over), or the JSON that the package
 * chinese-days publishes (`holidays`, `workdays`, `inLieuDays`).
 * @throws Refusal BAD_USER_INPUT with the line at fault
 */
export function parseCalendar(text: string): CalendarDay[] {
  const days = text.trimStart().startsWith('{') ? daysOfJson(text) : daysOfLines(text);
  if (days.length === 0) throw badInput('file', '文件中没有一天', 'the file holds no day');
  const seen = new Set<string>();
  for (const { day } of days) {
    if (seen.has(day)) throw badInput('file', `${day} 出现了两次`, `${day} stands twice`);
    seen.add(day);
  }
  return days.toSorted((one, other) => (one.day < other.day ? -1 : 1));
}

function daysOfLines(text: string): CalendarDay[] {
  return text.split(/\r?\n/u).flatMap((line, index) => {
    const [day = '', working = '', name = ''] = line.split(/[\t,]/u).map((cell) => cell.trim());
    if (line.trim() === '' || line.startsWith('#') || (index === 0 && /^(date|day|日期)$/iu.test(day.replace(/^\uFEFF/u, '')))) return [];
    const at = `file:${index + 1}`;
    const worked = WORKING_WORDS.get(working.toLowerCase());
    if (worked === undefined) throw badInput(at, `第 ${index + 1} 行：第二列应为 true（上班）或 false（放假）`, `line ${index + 1}: the second column is true (worked) or false (a holiday)`);
    return [{ day: dayOf(day, at), working: worked, name: name || null }];
  });
}

const WORKING_WORDS = new Map([['t', true], ['true', true], ['1', true], ['班', true], ['上班', true], ['f', false], ['false', false], ['0', false], ['休', false], ['放假', false]]);

function daysOfJson(text: string): CalendarDay[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw badInput('file', '不是合格的 JSON', 'this is no JSON');
  }
  const listed = (key: string, working: boolean): CalendarDay[] => {
    const found = (parsed as Record<string, unknown>)[key] ?? {};
    if (typeof found !== 'object' || found === null) throw badInput(`file.${key}`, `${key} 应是日期到名称的对照`, `${key} maps days to names`);
    return Object.entries(found).map(([day, name]) => ({ day: dayOf(day, `file.${key}`), working, name: String(name).split(',')[1] ?? null }));
  };
  return [...listed('holidays', false), ...listed('workdays', true)];
}

function dayOf(text: string, field: string): CalendarDate {
  const day = parseDate(text.replace(/^\uFEFF/u, ''));
  if (isFault(day)) throw badInput(field, `${text}：${day.zh}`, `${text}: ${day.en}`);
  return day;
}

/** What an import did. */
export interface ImportedCalendar { days: number; years: number[]; knownUntil: CalendarDate }

/**
 * Puts the days into the hub's table; a year of which the whole arrangement is given replaces what was there, single days replace their like. The calendar is then known to the end of the
 * last whole year.
 * @param owner the tables' owner, inside a transaction
 * @throws Refusal BAD_USER_INPUT where a year between is missing
 */
export async function storeCalendar(owner: RowSource, days: readonly CalendarDay[], source: string): Promise<ImportedCalendar> {
  const yearOf = ({ day }: CalendarDay): number => Number(day.slice(0, 4));
  const years = [...new Set(days.map(yearOf))].filter((year) => days.filter((day) => yearOf(day) === year).length >= WHOLE_YEAR_DAYS);
  const [before] = await owner.query<{ until: string }>("SELECT value #>> '{}' AS until FROM guitu.settings WHERE name = 'calendar.knownUntil' AND division = '000000' FOR UPDATE");
  const known = before?.until ?? '0001-12-31';
  const [last] = years.toSorted((one, other) => other - one);
  const missing = before && last !== undefined ? Array.from({ length: Math.max(0, last - Number(known.slice(0, 4))) }, (_, index) => last - index).filter((year) => !years.includes(year)) : [];
  if (missing.length > 0) throw badInput('file', `已公布至 ${known}，文件缺少 ${missing.toSorted().join('、')} 年`, `the calendar is known until ${known}; the file lacks ${missing.toSorted().join(', ')}`);
  await owner.query("DELETE FROM guitu.calendar_days WHERE date_part('year', day) = ANY ($1)", [years]);
  await owner.query('INSERT INTO guitu.calendar_days (day, working, name) SELECT day, working, name FROM jsonb_to_recordset($1) AS t(day date, working boolean, name text) ON CONFLICT (day) DO UPDATE SET working = excluded.working, name = excluded.name', [JSON.stringify(days)]);
  const knownUntil = last !== undefined && `${last}-12-31` > known ? `${last}-12-31` : known;
  await owner.query("INSERT INTO guitu.settings (name, division, value, reason) VALUES ('calendar.knownUntil', '000000', to_jsonb($1::text), $2) ON CONFLICT (name, division) DO UPDATE SET value = excluded.value, reason = excluded.reason", [knownUntil, source]);
  return { days: days.length, years: years.toSorted((one, other) => one - other), knownUntil };
}
