import { badInput } from '../kernel/errors.js';
import { isFault } from '../kernel/fault.js';
import { parseDivisionCode, rangeOf } from '../kernel/divisions.js';
import type { DivisionLevel } from '../kernel/viewer.js';

/** Text range of a division code given as a filter; the level of a 6-digit code is read off its trailing zeros, which widens and never narrows. */
export function rangeOfCode(text: string, field: string): [string, string] {
  const code = parseDivisionCode(text);
  if (isFault(code)) throw badInput(field, code.zh, code.en);
  const level: DivisionLevel = code.length === 9 ? 'TOWNSHIP' : code === '000000' ? 'MINISTRY' : code.endsWith('0000') ? 'PROVINCE' : code.endsWith('00') ? 'PREFECTURE' : 'COUNTY';
  const { from, until } = rangeOf(code, level);
  return [from, until];
}
