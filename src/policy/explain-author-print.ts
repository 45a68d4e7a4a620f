import type { Truth } from './decide.js';
import type { AuthorReading, RuleReading } from './explain-author.js';
import type { Policy } from './language.js';
import { fieldText } from './phrases.js';
import { RUNG_WORDS } from './words.js';

/** The author's reading in Chinese: the verdict, then each rule that speaks for the asking, with what it asks and whether that is so; the others by name. */
export function authorText(policy: Policy, record: string, cell: string, { decision, rules, needed }: AuthorReading): string {
  const spoken = rules.filter(({ deaf }) => deaf.length === 0);
  const silent = rules.filter(({ deaf }) => deaf.length > 0);
  return [
    '【只供策略作者：各条规则在这条记录上的实况，含该单位无权知道的条件，不得转告】',
    `${decision.rowVisible ? '看得到这条记录' : '看不到这条记录'}；${fieldText(policy, record, cell)}：${RUNG_WORDS[decision.rung]}（${decision.rung}）`,
    ...spoken.flatMap((rule) => [`  ${headOf(rule)}`, ...rule.asked.map(({ words, truth, exception }) => `      ${exception ? '除外的' : ''}${words}：${TRUTH_WORDS[String(truth) as `${Truth}`]}`)]),
    ...needed.map((other) => `  ${fieldText(policy, record, other.cell)}须为全文：现为${RUNG_WORDS[other.rung]}`),
    ...(silent.length > 0 ? ['  与这一请求无关的规则：', ...silent.map((rule) => `      ${EFFECT_WORDS[rule.effect]} ${rule.name}：${rule.deaf.join('、')}`)] : []),
  ].join('\n');
}

function headOf({ effect, name, rung, holds, place }: RuleReading): string {
  const gives = effect === 'row' || effect === 'veto' ? '' : `（${effect === 'cap' ? '压低到' : ''}${RUNG_WORDS[rung]}）`;
  return `${holds ? '✓' : '✗'} ${EFFECT_WORDS[effect]} ${name}${gives} ${holds ? '成立' : '不成立'}  ${place.file}:${place.line}:${place.column}`;
}

const EFFECT_WORDS: Record<RuleReading['effect'], string> = { row: '给出记录', veto: '否决记录', field: '给出栏目', cap: '压低栏目' };
const TRUTH_WORDS: Record<`${Truth}`, string> = { true: '是', false: '否', null: '不明' };
