import type { Catalogue } from './catalogue.js';
import type { CellRules, Grant, Policy, RecordPolicy, Restraint, WriteRule } from './language.js';
import { Speech } from './speech.js';
import { KIND_WORDS, listed, ROLE_WORDS, RUNG_WORDS, SHARING_WORDS } from './words.js';
import { audienceText } from './phrases.js';

/**
 * The rules of one record type as Chinese text (Markdown) for whoever answers for them and does not read YAML: who gets the record, by which relation,
 * which fields, what restrains it, who may write what, each with its basis. It says all of it and nothing else; the examples are left out.
 */
export function readAloud(policy: Policy, catalogue: Catalogue, rules: RecordPolicy): string {
  const reader = new Reader(policy, new Speech(policy, catalogue), rules);
  return [
    `# ${rules.title}\n\n提供部门：${KIND_WORDS[rules.provider]}。共享属性：${SHARING_WORDS[rules.sharing]}（政务数据共享条例第十四条${rules.sharingBasis ? `；${rules.sharingBasis}` : ''}）。依据：${rules.basis}。没有写到的，一律不给看。`,
    `## 与记录的关系\n\n${reader.relations()}`,
    `## 谁看得到记录\n\n${reader.rows()}`,
    `## 看得到记录的，看得到哪些栏目\n\n${reader.cells()}`,
    ...(rules.writes.length > 0 ? [`## 谁可以办理\n\n${reader.writes()}`] : []),
  ].join('\n\n');
}

class Reader {
  constructor(private readonly policy: Policy, private readonly speech: Speech, private readonly rules: RecordPolicy) {}

  relations(): string {
    return [...this.rules.relations].map(([name, condition]) => `- ${this.#relation(name)}：${this.speech.condition(this.rules.record, condition)}。`).join('\n');
  }

  rows(): string {
    const grants = this.rules.rows.grants.map((grant) => `- ${this.#grant(grant)}：看得到记录。依据：${grant.basis}。`);
    const vetoes = this.rules.rows.vetoes.map((veto) => `- ${this.#restraint(veto)}：看不到记录。依据：${veto.basis}。`);
    return [...grants, ...(vetoes.length > 0 ? ['', '但是：', '', ...vetoes] : [])].join('\n');
  }

  /** Fields of the same rules stand together. */
  cells(): string {
    const groups = new Map<string, { cells: string[]; verdict: CellRules }>();
    for (const [cell, verdict] of this.rules.cells) {
      const key = JSON.stringify(verdict);
      groups.set(key, { cells: [...(groups.get(key)?.cells ?? []), cell], verdict });
    }
    return [...groups.values()].map(({ cells, verdict: { grants, caps, sources } }) => [
      `**${listed(cells.map((cell) => this.#field(cell)))}**`, '',
      ...(grants.length > 0 ? grants.map((grant) => `- ${this.#grant(grant)}：${RUNG_WORDS[grant.rung]}。依据：${grant.basis}。`) : ['- 谁也看不到。']),
      ...(sources.length > 0 ? [`- 由${listed(sources.map((source) => this.#field(source)))}得出，这些都看得到全文的才看得到。`] : []),
      ...(grants.length > 0 ? caps : []).map((cap) => `- 但是，${this.#restraint(cap)}：${cap.rung === 'WITHHELD' ? '' : '至多'}${RUNG_WORDS[cap.rung]}。依据：${cap.basis}。`),
    ].join('\n')).join('\n\n');
  }

  writes(): string {
    return this.rules.writes.map((rule) => `- ${this.#write(rule)}`).join('\n');
  }

  #write(rule: WriteRule): string {
    const conditions = [...(rule.as.length > 0 ? [`办理前是${this.#relations(rule.as)}`] : []), ...(rule.when ? [this.speech.condition(this.rules.record, rule.when)] : []), ...(rule.after.length > 0 ? [`办理后是${this.#relations(rule.after)}`] : [])];
    return `${this.policy.operations.get(rule.operation)?.title ?? rule.operation}（${rule.operation}）：${audienceText(this.policy, rule)}，${conditions.join('，')}；可以写入${listed(rule.sets.map((cell) => this.#field(cell)))}。依据：${rule.basis}。`;
  }

  #grant(grant: Grant): string {
    return [audienceText(this.policy, grant), ...(grant.as ? [`是${this.#relations(grant.as)}`] : []), ...(grant.when ? [`并且${this.speech.condition(this.rules.record, grant.when)}`] : [])].join('，');
  }

  /** What is unknown counts as holding: said each time, because a lawyer would read it the other way. */
  #restraint(rule: Restraint): string {
    const except = [...rule.exceptAs.map((name) => this.#relation(name)), ...rule.exceptRoles.map((role) => `角色${ROLE_WORDS[role]}`)];
    const whom = rule.kind || rule.level || rule.roles || rule.purposes ? [audienceText(this.policy, rule)] : [];
    return [...whom, ...(rule.when ? [`凡${this.speech.condition(this.rules.record, rule.when)}的（不明的按是对待）`] : []), ...(except.length > 0 ? [`除${except.join('、')}外`] : [])].join('，');
  }

  #relations(names: readonly string[]): string {
    return names.map((name) => this.#relation(name)).join('或');
  }

  #relation(name: string): string {
    return `「${this.rules.relationTitles.get(name) ?? name}」`;
  }

  #field(cell: string): string {
    return this.speech.field(this.rules.record, cell);
  }
}
