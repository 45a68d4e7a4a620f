import type { Catalogue } from './catalogue.js';
import type { Condition, Policy, Value } from './language.js';

/** The policy's own words for fields and conditions, from its glossary: what is read aloud holds no name of the program. */
export class Speech {
  constructor(private readonly policy: Policy, private readonly catalogue: Catalogue) {}

  /** What a cell is called: `姓名`. */
  field(record: string, cell: string): string {
    return this.policy.glossary.get(record)?.fields.get(cell) ?? cell;
  }

  /** A condition as a clause: `流出地机构是本单位，且对方已经确认、此后没有异议`. */
  condition(record: string, condition: Condition): string {
    const inner = (parts: readonly Condition[], by: string): string => parts.map((part) => this.condition(record, part)).join(by);
    if ('all' in condition) return inner(condition.all, '，且');
    if ('any' in condition) return `（${inner(condition.any, '，或')}）`;
    if ('none' in condition) return `并非（${inner(condition.none, '，或')}）`;
    if ('some' in condition) {
      const target = this.catalogue.records.get(record)?.links[condition.some.link]?.record ?? record;
      return `${this.policy.glossary.get(record)?.links.get(condition.some.link) ?? condition.some.link}里，有一条满足（${this.condition(target, condition.some.that)}）`;
    }
    if ('within' in condition) return `${this.#fact(record, condition.within.attribute)}在本单位辖区内`;
    if ('in' in condition) return `${this.#fact(record, condition.in.attribute)}是${condition.in.values.map((value) => this.#value(record, condition.in.attribute, value)).join('、')}之一`;
    if ('is' in condition) {
      const { attribute, value } = condition.is;
      const fact = this.#fact(record, attribute);
      if ('literal' in value && typeof value.literal === 'boolean') return value.literal ? `「${fact}」` : `并非「${fact}」`;
      return `${fact}是${this.#value(record, attribute, value)}`;
    }
    const { attribute, value } = 'before' in condition ? condition.before : condition.after;
    return `${this.#fact(record, attribute)}${'before' in condition ? '早于' : '晚于'}${this.#value(record, attribute, value)}`;
  }

  #fact(record: string, attribute: string): string {
    return this.policy.glossary.get(record)?.facts.get(attribute) ?? attribute;
  }

  #value(record: string, attribute: string, value: Value): string {
    if ('viewer' in value) return { agency: '本单位', division: '本单位的区划', kind: '本单位的类别', matter: '请求所写的事由' }[value.viewer];
    if ('today' in value) return dayText(value.today);
    if (typeof value.literal === 'boolean') return value.literal ? '「是」' : '「否」';
    return this.policy.glossary.get(record)?.values.get(attribute)?.get(String(value.literal)) ?? String(value.literal);
  }
}

/** `今天`, `十二个月前的今天`, `今天之后第 1 天`. */
function dayText({ days, months }: { days: number; months: number }): string {
  const shift = (amount: number, unit: string): string[] => (amount === 0 ? [] : [`${Math.abs(amount)} ${unit}${amount < 0 ? '以前' : '以后'}`]);
  const shifts = [...shift(months, '个月'), ...shift(days, '天')];
  return shifts.length > 0 ? `今天的 ${shifts.join('、')}` : '今天';
}
