import { decide, speaksFor, truthOf, type DecidingViewer, type Decision, type Facts, type Truth } from './decide.js';
import type { Audience, Condition, Grant, Place, Policy, RecordPolicy, Restraint, Rung } from './language.js';
import { neededFor } from './matrix.js';
import type { Speech } from './speech.js';
import { listed, ROLE_WORDS } from './words.js';

/** One rule read on one record: whether it holds, and each thing that it asks with its answer. */
export interface RuleReading {
  effect: 'row' | 'veto' | 'field' | 'cap';
  name: string; rung: Rung; place: Place; basis: string;
  holds: boolean;
  /** Why the rule does not speak for the asking at all; none where it does. */
  deaf: string[];
  /** What it asks of the record, in words, and the answer. Of a restraint the exceptions too. */
  asked: { words: string; truth: Truth; exception: boolean }[];
}

/** A cell of one record as the reference decides it, with every rule that could have borne on it. */
export interface AuthorReading { decision: Decision; rules: RuleReading[]; needed: { cell: string; rung: Rung }[] }

/**
 * Reads every rule of a cell and of its row on a real record. It names conditions that the viewer may not know, so it is for whoever owns the files and the
 * database, and never goes through the API.
 * @throws Error where the policy has no such record or cell
 */
export function readRules(policy: Policy, speech: Speech, viewer: DecidingViewer, record: string, facts: Facts, cell: string): AuthorReading {
  const decision = decide(policy, viewer, record, facts, cell);
  const rules = policy.records.get(record);
  const verdict = rules?.cells.get(cell);
  if (!rules || !verdict) throw new Error(`the policy has no cell ${record}.${cell}`);
  const reader = new RuleReader(rules, speech, viewer, facts);
  return {
    decision,
    rules: [
      ...rules.rows.grants.map((rule) => reader.grant('row', rule)), ...rules.rows.vetoes.map((rule) => reader.restraint('veto', rule)),
      ...verdict.grants.map((rule) => reader.grant('field', rule)), ...verdict.caps.map((rule) => reader.restraint('cap', rule)),
    ],
    needed: neededFor(rules, cell).map((other) => ({ cell: other, rung: decide(policy, viewer, record, facts, other).rung })),
  };
}

class RuleReader {
  constructor(private readonly rules: RecordPolicy, private readonly speech: Speech, private readonly viewer: DecidingViewer, private readonly facts: Facts) {}

  grant(effect: 'row' | 'field', grant: Grant): RuleReading {
    const relations = (grant.as ?? []).map((name) => this.#relation(name, false));
    const conditions = this.#conditions(grant.when);
    const deaf = this.#deafness(grant);
    const holds = deaf.length === 0 && (!grant.as || relations.some(({ truth }) => truth === true)) && conditions.every(({ truth }) => truth === true);
    return { ...said(effect, grant), holds, deaf, asked: [...relations, ...conditions] };
  }

  restraint(effect: 'veto' | 'cap', rule: Restraint): RuleReading {
    const exceptions = rule.exceptAs.map((name) => this.#relation(name, true));
    const conditions = this.#conditions(rule.when);
    const excepted = rule.exceptRoles.filter((role) => this.viewer.roles.includes(role)).map((role) => `具有除外的角色${ROLE_WORDS[role]}`);
    const deaf = [...this.#deafness(rule), ...excepted];
    const holds = deaf.length === 0 && exceptions.every(({ truth }) => truth !== true) && conditions.every(({ truth }) => truth !== false);
    return { ...said(effect, rule), holds, deaf, asked: [...conditions, ...exceptions] };
  }

  #relation(name: string, exception: boolean): RuleReading['asked'][number] {
    const condition = this.rules.relations.get(name);
    return { words: `关系「${this.rules.relationTitles.get(name) ?? name}」${condition ? `（${this.speech.condition(this.rules.record, condition)}）` : ''}`, truth: condition ? truthOf(condition, this.viewer, this.facts) : false, exception };
  }

  /** Parts that must hold together are told one by one. */
  #conditions(when: Condition | undefined): RuleReading['asked'] {
    const parts = when === undefined ? [] : 'all' in when ? when.all : [when];
    return parts.map((part) => ({ words: `条件：${this.speech.condition(this.rules.record, part)}`, truth: truthOf(part, this.viewer, this.facts), exception: false }));
  }

  #deafness(audience: Audience): string[] {
    const { kind, level, roles, purposes, from, until } = audience;
    const alone = (part: Audience, words: string): string[] => (speaksFor(part, this.viewer) ? [] : [words]);
    return [
      ...alone({ ...(kind && { kind }) }, '不是这类单位'), ...alone({ ...(level && { level }) }, '不是这一级'), ...alone({ ...(purposes && { purposes }) }, '不是这种用途'),
      ...alone({ ...(roles && { roles }) }, `没有角色${listed((roles ?? []).map((role) => ROLE_WORDS[role]))}`), ...alone({ ...(from !== undefined && { from }) }, '尚未生效'), ...alone({ ...(until !== undefined && { until }) }, '已经失效'),
    ];
  }
}

const said = (effect: RuleReading['effect'], { name, rung, place, basis }: Grant | Restraint): Pick<RuleReading, 'effect' | 'name' | 'rung' | 'place' | 'basis'> => ({ effect, name, rung, place, basis });

/** Links that the rules of a record follow, and those that they follow from there: what must be read of a record before `decide` can be asked. */
export interface LinkTree { [link: string]: LinkTree }

export function linksOf(rules: RecordPolicy): LinkTree {
  const tree: LinkTree = {};
  const cells = [...rules.cells.values()];
  const conditions = [...rules.relations.values(), ...[...rules.rows.grants, ...rules.rows.vetoes, ...cells.flatMap(({ grants, caps }) => [...grants, ...caps])].flatMap(({ when }) => (when ? [when] : []))];
  for (const condition of conditions) followLinks(condition, tree);
  return tree;
}

function followLinks(condition: Condition, tree: LinkTree): void {
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : 'none' in condition ? condition.none : [];
  for (const part of parts) followLinks(part, tree);
  if ('some' in condition) followLinks(condition.some.that, (tree[condition.some.link] ??= {}));
}
