import type { CalendarDate } from './dates.js';
import type { Fault } from './fault.js';
import { codeText } from './text.js';
import type { DivisionLevel } from './viewer.js';

/** The codes of a division and everything inside it: `from <= code < until`, compared byte by byte (`COLLATE "C"`; JavaScript's `<`). */
export interface DivisionRange { from: string; until: string }

/** A division's code with its level, which comes from the table of divisions and cannot be read off the zeros. */
export interface LeveledDivision { code: string; level: DivisionLevel }

/** One abolished division and the one that took over all of it. Divisions that were split have none; those inside them may. */
export interface Succession {
  abolished: string;
  /** Level of the abolished division. */
  level: DivisionLevel;
  successor: string;
  /** First day on which the abolished code no longer stood for a division. */
  on: CalendarDate;
}

/** The code of the whole country, level MINISTRY. Our own: GB/T 2260 starts with the provinces. */
export const WHOLE_COUNTRY = '000000';

/** How many leading digits say which division it is; what follows says where inside. */
const SIGNIFICANT_DIGITS: Record<DivisionLevel, number> = { MINISTRY: 0, PROVINCE: 2, PREFECTURE: 4, COUNTY: 6, TOWNSHIP: 9 };

/**
 * A division code from a person or a partner: 6 digits (GB/T 2260), or 9 (a township's, of the statistical list). A county written at
 * township width, `320281000`, is given as 6. Whether the code exists is for the table of divisions to say.
 */
export function parseDivisionCode(text: string): string | Fault<'DIVISION_CODE'> {
  const code = codeText(text);
  if (!/^\d{6}(\d{3})?$/.test(code)) return { fault: 'DIVISION_CODE', zh: '区划代码应为6位或9位数字', en: 'a division code has 6 or 9 digits' };
  return code.endsWith('000') && code.length === 9 ? code.slice(0, 6) : code;
}

/**
 * The codes inside a division, itself included, at every width: 6 digits, 9 (townships), 12 (villages).
 * County 320281 gives 320281 ≤ code < 320282; the whole country gives 0 ≤ code < `:` (the character after 9).
 * @throws RangeError if the code cannot be of that level: an error of the program, since codes and levels come from one table
 */
export function rangeOf(code: string, level: DivisionLevel): DivisionRange {
  const width = level === 'TOWNSHIP' ? 9 : 6;
  const digits = SIGNIFICANT_DIGITS[level];
  const head = code.slice(0, digits);
  const named = level === 'MINISTRY' || !head.endsWith(level === 'TOWNSHIP' ? '000' : '00');
  if (!/^\d+$/.test(code) || code !== head.padEnd(width, '0') || !named) throw new RangeError(`division code ${code} cannot be of level ${level}`);
  if (level === 'MINISTRY') return { from: '0', until: ':' };
  return { from: code, until: firstAfter(head, level === 'TOWNSHIP' ? 6 : 0, width) };
}

/** Whether a code lies in one of the areas. */
export function isWithin(code: string, areas: readonly DivisionRange[]): boolean {
  return areas.some((area) => area.from <= code && code < area.until);
}

/**
 * What `within` a division means: its own range first, then those of abolished divisions that it, or a division inside it, took over,
 * through any number of steps. Pass the successions that are in force.
 */
export function areasOf(division: LeveledDivision, successions: readonly Succession[]): DivisionRange[] {
  const areas = [rangeOf(division.code, division.level)];
  for (let grown = true; grown;) {
    grown = false;
    for (const { abolished, level, successor } of successions) {
      const range = rangeOf(abolished, level);
      if (!isWithin(successor, areas) || areas.some((area) => area.from <= range.from && range.until <= area.until)) continue;
      areas.push(range);
      grown = true;
    }
  }
  return areas;
}

/**
 * Names of rows between province and county that are no place and have no government: they only group codes (市辖区 of 北京, the counties
 * directly under 湖北). Whoever walks up the parents, or shows a path of names, steps over them.
 */
export function isGroupingName(name: string): boolean {
  return ['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划'].includes(name);
}

/**
 * The first text after everything that starts with these digits. It carries (3209 → 321000), but never into the first `fixed` digits,
 * where it ends with `:` instead: a county's code sorts before those of its townships, so 320281999 → 320282000 would take in county 320282.
 */
function firstAfter(head: string, fixed: number, width: number): string {
  const [kept, free] = [head.slice(0, fixed), head.slice(fixed)];
  if (/^9+$/.test(free)) return `${kept}:`;
  return (kept + String(Number(free) + 1).padStart(free.length, '0')).padEnd(width, '0');
}
