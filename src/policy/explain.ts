import type { AgencyKind, DivisionLevel, Purpose } from '../kernel/viewer.js';
import type { Audience, Grant, Policy, RecordPolicy, Restraint, Rung } from './language.js';
import { fieldText, instantText } from './phrases.js';
import { KIND_WORDS, LEVEL_WORDS, listed, ROLE_WORDS, RUNG_WORDS } from './words.js';

/** For whom it is told: a kind of agency, at a level or (null) at any, for a purpose or (absent) for any. */
export interface ExplainedClass { kind: AgencyKind; level: DivisionLevel | null; purpose?: Purpose }

/**
 * Why a cell was shown as it was, from what the disclosure says of it: the rule's name, or `policy` or `default`. A disclosure names a rule only where
 * its conditions read nothing hidden (`nameRules` of the compiler), so these sentences tell no more than it did.
 */
export function becauseOf(policy: Policy, record: string, cell: string, rule: string): string[] {
  const grant = policy.records.get(record)?.cells.get(cell)?.grants.find(({ name }) => name === rule);
  if (grant) return [`规则「${grant.name}」：${RUNG_WORDS[grant.rung]}（依据：${grant.basis}）`];
  return rule === 'default' ? ['没有规则把这一栏目给贵单位的这类请求，默认不给看'] : ['依策略'];
}

/**
 * What would be needed to see a cell: for each way that the policy has, kind and level, purpose, relation, role, conditions; then what restrains it.
 * It is read off the policy alone and is the same for every record, so it cannot tell whether a hidden condition holds. Of limited grants it tells those that have not lapsed.
 * @param asker null: of all kinds
 * @throws Error where the policy has no such record or cell
 */
export function wouldNeed(policy: Policy, asker: ExplainedClass | null, record: string, cell: string, at: Date): string[] {
  const rules = policy.records.get(record);
  const verdict = rules?.cells.get(cell);
  if (!rules || !verdict) throw new Error(`the policy has no cell ${record}.${cell}`);
  const lasting = (grants: readonly Grant[]): Grant[] => grants.filter(({ until }) => until === undefined || until > at.getTime());
  const ways = lasting(verdict.grants).flatMap((grant) => lasting(rules.rows.grants).flatMap((row) => wayOf(policy, rules, row, grant, asker)));
  if (ways.length === 0) return [asker ? '策略没有把这一栏目给这类机构' : '策略没有把这一栏目给任何机构'];
  const concerns = ({ kind, level, purposes }: Audience): boolean => !asker || ((!kind || kind.includes(asker.kind)) && (!level || !asker.level || level.includes(asker.level)) && (!purposes || !asker.purpose || purposes.includes(asker.purpose)));
  const restraints = [...rules.rows.vetoes, ...verdict.caps].filter(concerns).map((rule) => restraintText(rules, rule));
  const parent = cell.slice(0, Math.max(0, cell.lastIndexOf('.')));
  const needed = [...(rules.cells.has(parent) ? [parent] : []), ...verdict.sources].map((other) => `还须看得到${fieldText(policy, record, other)}的全文`);
  return [...new Set([...ways, ...needed, ...restraints])];
}

/** A row grant and a field grant that one viewer can have together, as a sentence; nothing where they exclude each other. */
function wayOf(policy: Policy, rules: RecordPolicy, row: Grant, grant: Grant, asker: ExplainedClass | null): string[] {
  const kinds = common(common(row.kind, grant.kind), asker && [asker.kind]);
  const levels = common(common(row.level, grant.level), asker?.level ? [asker.level] : undefined);
  const allowed = [...policy.purposes.values()].filter(({ allowed }) => allowed.some((audience) => meets(audience.kind, kinds) && meets(audience.level, levels))).map(({ purpose }) => purpose);
  const purposes = common(common(common(row.purposes, grant.purposes), allowed), asker?.purpose ? [asker.purpose] : undefined);
  // kinds or levels of which none is left may state no purpose
  if (!purposes?.length) return [];
  const title = (purpose: Purpose): string => `「${policy.purposes.get(purpose)?.title ?? purpose}」`;
  const roles = [row.roles, grant.roles].filter((list) => list !== undefined).map((list) => `角色为${list.map((role) => ROLE_WORDS[role]).join('或')}`);
  const parts = [
    `${levels ? listed(levels.map((level) => LEVEL_WORDS[level])) : '各级'}${kinds ? listed(kinds.map((kind) => KIND_WORDS[kind])) : '各类机构'}`,
    `用途为${purposes.map(title).join('或')}`, ...relationTexts(rules, row, grant), ...new Set(roles), ...(row.when || grant.when ? ['记录满足规则所列的条件'] : []), ...new Set([row, grant].flatMap(limitTexts)),
  ];
  return [`${parts.join('，')}：${RUNG_WORDS[grant.rung as Rung]}（规则 ${listed([...new Set([row.name, grant.name])])}；依据：${grant.basis}）`];
}

/** One relation that serves both grants, if there is one; else both. */
function relationTexts(rules: RecordPolicy, row: Grant, grant: Grant): string[] {
  const both = row.as && grant.as ? row.as.filter((name) => grant.as?.includes(name)) : [];
  const lists = both.length > 0 ? [both] : [row.as, grant.as].filter((list) => list !== undefined);
  return lists.map((list) => `关系为${list.map((name) => titleOf(rules, name)).join('或')}`);
}

const limitTexts = ({ from, until }: Grant): string[] => [...(from === undefined ? [] : [`自 ${instantText(from)} 起`]), ...(until === undefined ? [] : [`至 ${instantText(until)} 止`])];

function restraintText(rules: RecordPolicy, rule: Restraint): string {
  const except = [...rule.exceptAs.map((name) => titleOf(rules, name)), ...rule.exceptRoles.map((role) => `角色${ROLE_WORDS[role]}`)];
  return `限制「${rule.name}」${except.length > 0 ? `，除非：${except.join('或')}` : ''}（依据：${rule.basis}）`;
}

const titleOf = (rules: RecordPolicy, name: string): string => `「${rules.relationTitles.get(name) ?? name}」`;

/** What is in both lists; an absent list stands for everything. */
function common<Word>(one: readonly Word[] | null | undefined, other: readonly Word[] | null | undefined): readonly Word[] | undefined {
  if (!one || !other) return one ?? other ?? undefined;
  return one.filter((word) => other.includes(word));
}

const meets = <Word>(one: readonly Word[] | undefined, other: readonly Word[] | undefined): boolean => (common(one, other)?.length ?? 1) > 0;
