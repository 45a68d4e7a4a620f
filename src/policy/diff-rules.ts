import type { Catalogue } from './catalogue.js';
import type { Audience, CellRules, Condition, Grant, Place, Policy, RecordPolicy, Restraint } from './language.js';
import { audienceText, fieldText } from './phrases.js';
import { Speech } from './speech.js';
import { KIND_WORDS, listed, ROLE_WORDS, RUNG_WORDS, SHARING_WORDS } from './words.js';

/** A rule, relation, ladder, word or head of the policy files that one of two policies lacks, or that says something else; each part in words, before and after. */
export interface RuleChange {
  /** Record type of the rule; empty where it is none's. */
  subject: string;
  section: 'record' | 'relation' | 'row' | 'veto' | 'field' | 'cap' | 'write' | 'purpose' | 'operation' | 'ladder' | 'deadline' | 'statistic' | 'word';
  name: string;
  change: 'added' | 'removed' | 'changed';
  parts: { part: string; from: string; to: string }[];
  place: Place;
}

/** What one place of the files says, part by part: as the files have it, by which two are compared, and in words. */
interface Said { subject: string; section: RuleChange['section']; name: string; parts: Record<string, Part>; place: Place }
interface Part { exact: string; words: string }

const NOTHING: Part = { exact: '', words: '' };
const plain = (words: string): Part => ({ exact: words, words });

/** Everything that the files of two policies say differently, whether or not anybody sees more or less for it; examples, comments and layout apart. Pure. */
export function diffRules(before: Policy, after: Policy, catalogue: Catalogue): RuleChange[] {
  const [was, is] = [before, after].map((policy) => keyed(new RuleSayings(policy, new Speech(policy, catalogue)).all())) as [Map<string, Said>, Map<string, Said>];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
    const [old, now] = [was.get(key), is.get(key)];
    const head = now ?? old;
    if (!head) return [];
    const names = [...new Set([...Object.keys(old?.parts ?? {}), ...Object.keys(now?.parts ?? {})])];
    const parts = names.flatMap((part) => {
      const [from, to] = [old?.parts[part] ?? NOTHING, now?.parts[part] ?? NOTHING];
      // two things of one name are told apart as the files do
      const as = from.words === to.words ? 'exact' : 'words';
      return from.exact === to.exact ? [] : [{ part, from: from[as], to: to[as] }];
    });
    if (parts.length === 0 && old && now) return [];
    return [{ subject: head.subject, section: head.section, name: head.name, change: !old ? 'added' as const : now ? 'changed' as const : 'removed' as const, parts, place: head.place }];
  });
}

/** Write rules of one operation bear no name of their own: the second of them is told apart by its number. */
function keyed(said: readonly Said[]): Map<string, Said> {
  const found = new Map<string, Said>();
  for (const one of said) {
    const base = `${one.subject}|${one.section}|${one.name}`;
    let key = base;
    for (let number = 2; found.has(key); number += 1) key = `${base}|${number}`;
    found.set(key, one);
  }
  return found;
}

class RuleSayings {
  constructor(private readonly policy: Policy, private readonly speech: Speech) {}

  all(): Said[] {
    const { records, purposes, operations, ladders, deadlines, statistics, glossary } = this.policy;
    const top = (section: Said['section'], name: string, parts: Record<string, Part>, place: Place): Said => ({ subject: '', section, name, parts, place });
    const line = (file: string): Place => ({ file, line: 1, column: 1 });
    return [
      ...[...records.values()].flatMap((rules) => this.#ofRecord(rules)),
      ...[...purposes.values()].map(({ purpose, title, basis, matterRequired, matterExcept, allowed, place }) => top('purpose', purpose, {
        名称: plain(title), 依据: plain(basis), 事由: plain(`${matterRequired ? '必填' : '可不填'}${matterExcept.length > 0 ? `，${matterExcept.join('、')} 除外` : ''}`), 可用者: this.#allowed(allowed),
      }, place)),
      ...[...operations.values()].map(({ operation, title, basis, purposeFree, allowed, limit, place }) => top('operation', operation, {
        名称: plain(title), 依据: plain(basis), 用途: plain(purposeFree ? '不需要' : '需要'), 可用者: this.#allowed(allowed), 限量: plain(limit ? `每 ${limit.perMinutes} 分钟 ${limit.items} 件` : '不限'),
      }, place)),
      ...[...ladders].map(([cell, rungs]) => top('ladder', cell, { 台阶: plain(listed(rungs.map((rung) => RUNG_WORDS[rung]))) }, line('ladders.yaml'))),
      ...[...deadlines.values()].map(({ step, title, from, amount, unit, class: kind, reason }) => top('deadline', step, { 名称: plain(title), 起算: plain(from), 期限: plain(`${amount} ${unit}`), 性质: plain(kind), 理由: plain(reason) }, line('deadlines.yaml'))),
      ...[...statistics.values()].map(({ measure, title, counts, smallest, allowed, basis, place }) => top('statistic', measure, { 名称: plain(title), 计数自: plain(counts.toSorted().join('、')), 小于此数不公布: plain(String(smallest)), 可用者: this.#allowed(allowed), 依据: plain(basis) }, place)),
      ...[...glossary].flatMap(([record, { fields, facts, links, values }]) => [...fields, ...facts, ...links, ...[...values].flatMap(([fact, words]) => [...words].map(([value, word]) => [`${fact} ${value}`, word] as const))]
        .map(([name, word]) => top('word', `${record}.${name}`, { 称呼: plain(word) }, line('glossary.yaml')))),
    ];
  }

  #ofRecord(rules: RecordPolicy): Said[] {
    const { record, title, provider, sharing, sharingBasis, basis, place } = rules;
    const said = (section: Said['section'], name: string, parts: Record<string, Part>, at: Place): Said => ({ subject: record, section, name, parts, place: at });
    const cellsOfRule = new Map<Grant | Restraint, string[]>();
    for (const [cell, verdict] of rules.cells) for (const rule of [...verdict.grants, ...verdict.caps]) cellsOfRule.set(rule, [...(cellsOfRule.get(rule) ?? []), cell]);
    const distinct = <Rule extends Grant | Restraint>(pick: (verdict: CellRules) => Rule[]): Rule[] => [...new Set([...rules.cells.values()].flatMap(pick))];
    const cells = (names: readonly string[]): Part => this.#cells(rules, names);
    return [
      said('record', record, {
        名称: plain(title), 提供方: { exact: provider, words: KIND_WORDS[provider] }, 共享属性: { exact: sharing, words: SHARING_WORDS[sharing] }, 不予共享的依据: plain(sharingBasis ?? ''), 依据: plain(basis),
        ...Object.fromEntries([...rules.cells].flatMap(([cell, { sources }]) => (sources.length > 0 ? [[`${fieldText(this.policy, record, cell)}随同`, cells(sources)]] : []))),
      }, place),
      ...[...rules.relations].map(([name, condition]) => said('relation', name, { 名称: plain(rules.relationTitles.get(name) ?? ''), 条件: this.#condition(rules, condition) }, place)),
      ...rules.rows.grants.map((rule) => said('row', rule.name, this.#grant(rules, rule), rule.place)),
      ...rules.rows.vetoes.map((rule) => said('veto', rule.name, this.#restraint(rules, rule), rule.place)),
      ...distinct(({ grants }) => grants).map((rule) => said('field', rule.name, { 栏目: cells(cellsOfRule.get(rule) ?? []), ...this.#grant(rules, rule) }, rule.place)),
      ...distinct(({ caps }) => caps).map((rule) => said('cap', rule.name, { 栏目: cells(cellsOfRule.get(rule) ?? []), ...this.#restraint(rules, rule) }, rule.place)),
      ...rules.writes.map((rule) => said('write', rule.operation, {
        对象: this.#audience(rule), 办理前的关系: this.#relations(rules, rule.as), 条件: this.#condition(rules, rule.when), 办理后的关系: this.#relations(rules, rule.after), 可写栏目: cells(rule.sets), 依据: plain(rule.basis),
      }, rule.place)),
    ];
  }

  #grant(rules: RecordPolicy, grant: Grant): Record<string, Part> {
    return { 对象: this.#audience(grant), 关系: grant.as ? this.#relations(rules, grant.as) : NOTHING, 条件: this.#condition(rules, grant.when), 可见: plain(RUNG_WORDS[grant.rung]), 依据: plain(grant.basis) };
  }

  #restraint(rules: RecordPolicy, rule: Restraint): Record<string, Part> {
    return {
      对象: this.#audience(rule), 条件: this.#condition(rules, rule.when), 除外的关系: this.#relations(rules, rule.exceptAs), 除外的角色: plain(listed(rule.exceptRoles.toSorted().map((role) => ROLE_WORDS[role]))),
      压低到: plain(RUNG_WORDS[rule.rung]), 依据: plain(rule.basis),
    };
  }

  #condition({ record }: RecordPolicy, condition: Condition | undefined): Part {
    return condition ? { exact: JSON.stringify(condition), words: this.speech.condition(record, condition) } : NOTHING;
  }

  #audience(audience: Audience): Part {
    return plain(audienceText(this.policy, audience));
  }

  /** Who may, one after the other; their order says nothing. */
  #allowed(allowed: readonly Audience[]): Part {
    return plain(allowed.map((audience) => audienceText(this.policy, audience)).toSorted().join('；'));
  }

  #relations({ relationTitles }: RecordPolicy, names: readonly string[]): Part {
    const sorted = names.toSorted();
    return { exact: sorted.join(' '), words: sorted.map((name) => `「${relationTitles.get(name) ?? name}」`).join('或') };
  }

  #cells({ record }: RecordPolicy, names: readonly string[]): Part {
    const sorted = names.toSorted();
    return { exact: sorted.join(' '), words: listed(sorted.map((cell) => fieldText(this.policy, record, cell))) };
  }
}
