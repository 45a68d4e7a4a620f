import { formatInstant } from '../kernel/dates.js';
import type { Audience, Policy } from './language.js';
import { KIND_WORDS, LEVEL_WORDS, listed, ROLE_WORDS } from './words.js';

/** For whom a rule speaks, in words: `县级民政部门，用途「返乡接送与信息对接」，角色未成年人专办员`. */
export function audienceText(policy: Policy, { kind, level, roles, purposes, from, until }: Audience): string {
  return [
    `${level ? listed(level.map((one) => LEVEL_WORDS[one])) : ''}${kind ? listed(kind.map((one) => KIND_WORDS[one])) : '各类机构'}`,
    ...(purposes ? [`用途${purposes.map((purpose) => `「${policy.purposes.get(purpose)?.title ?? purpose}」`).join('')}`] : []),
    ...(roles ? [`角色${listed(roles.map((role) => ROLE_WORDS[role]))}`] : []),
    ...(from === undefined ? [] : [`自 ${instantText(from)} 起`]), ...(until === undefined ? [] : [`至 ${instantText(until)} 止`]),
  ].join('，');
}

/** A cell as people and the files call it: `家庭走访与困难（homeCheck）`. */
export function fieldText({ glossary }: Policy, record: string, cell: string): string {
  const word = glossary.get(record)?.fields.get(cell);
  return word === undefined ? cell : `${word}（${cell}）`;
}

/** An instant as it is read in China, to the minute: `2026-12-31 18:00`. */
export const instantText = (instant: number): string => formatInstant(new Date(instant)).slice(0, 16).replace('T', ' ');
