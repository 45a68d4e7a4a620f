import type { DecidingViewer, Facts } from '../../src/policy/decide.js';
import { allOf, anyOf, decide, notOf, truthOf, type Truth } from '../../src/policy/decide.js';
import { heightOf, RUNGS, type Condition, type Grant, type Policy, type RecordPolicy, type Restraint, type Rung } from '../../src/policy/language.js';
import type { ReferenceAnswer } from '../reference/reference-executor.js';
import { speaksTo } from '../reference/reference-gate.js';

/** What the verdicts of a run were made of: a run of default denials would prove nothing. */
export interface VerdictMix {
  cells: number;
  rungs: Record<Rung, number>;
  /** Verdicts that would have been other had there been no cap and no veto. */
  byRestraint: number;
  /** Verdicts that would have been other had every comparison with something unknown been true, or had every one been false. */
  byUnknown: number;
}

export const emptyMix = (): VerdictMix => ({ cells: 0, rungs: { WITHHELD: 0, SURNAME: 0, ENDS: 0, FULL: 0 }, byRestraint: 0, byUnknown: 0 });

/** Counts each cell of each record once an answer, whether its value came, its rung was told, or its record stayed hidden. */
export function countVerdicts(mix: VerdictMix, policy: Policy, viewer: DecidingViewer, answer: ReferenceAnswer): void {
  const seen = new Set<string>();
  const suppositions = new Suppositions(policy, viewer);
  for (const { record, cell, rung } of answer.verdicts) {
    const key = `${record.type} ${record.id} ${cell}`;
    if (seen.has(key)) continue;
    seen.add(key);
    mix.cells += 1;
    mix.rungs[rung] += 1;
    const decided = suppositions.rung(record.type, record.facts, cell, 'as it is');
    if (suppositions.rung(record.type, record.facts, cell, 'unrestrained') !== decided) mix.byRestraint += 1;
    if ((['true', 'false'] as const).some((unknown) => suppositions.rung(record.type, record.facts, cell, unknown) !== decided)) mix.byUnknown += 1;
  }
}

/** Throws unless a mix is worth the run: one in five above WITHHELD, one in ten decided by a cap or veto, one in twenty by an unknown. */
export function requireMix({ cells, rungs, byRestraint, byUnknown }: VerdictMix): void {
  const above = cells - rungs.WITHHELD;
  if (above < cells / 5 || byRestraint < cells / 10 || byUnknown < cells / 20) throw new Error(`the run was mostly default denials: of ${cells} verdicts ${above} above WITHHELD, ${byRestraint} decided by a cap or veto, ${byUnknown} by an unknown`);
}

export const mixText = ({ cells, rungs, byRestraint, byUnknown }: VerdictMix): string => {
  const share = (count: number): string => `${((100 * count) / Math.max(1, cells)).toFixed(1)} %`;
  return `${RUNGS.map((rung) => `${rung} ${share(rungs[rung])}`).join(', ')}; by cap or veto ${share(byRestraint)}, by an unknown ${share(byUnknown)}`;
};

/** A world other in one thing: no caps and vetoes, or nothing unknown. */
type Supposition = 'as it is' | 'unrestrained' | 'true' | 'false';

/** Rungs under a supposition, of a hidden record WITHHELD. Rules are worked out once a record, since many cells share them. */
class Suppositions {
  readonly #truths = new Map<Facts, Map<string, Map<Grant | Restraint, boolean>>>();

  constructor(private readonly policy: Policy, private readonly viewer: DecidingViewer) {}

  rung(record: string, facts: Facts, cell: string, supposed: Supposition): Rung {
    const rules = this.policy.records.get(record);
    const verdict = rules?.cells.get(cell);
    if (!rules || !verdict) throw new Error(`the policy has no cell ${record}.${cell}`);
    const holds = (rule: Grant | Restraint): boolean => this.#holds(rule, rules, facts, supposed);
    const restraints = (list: readonly Restraint[]): Restraint[] => (supposed === 'unrestrained' ? [] : list.filter(holds));
    if (!rules.rows.grants.some(holds) || restraints(rules.rows.vetoes).length > 0) return 'WITHHELD';
    const parent = cell.split('.').slice(0, -1).join('.');
    if ([...(rules.cells.has(parent) ? [parent] : []), ...verdict.sources].some((other) => this.rung(record, facts, other, supposed) !== 'FULL')) return 'WITHHELD';
    const granted = Math.max(0, ...verdict.grants.filter(holds).map(({ rung }) => heightOf(rung)));
    return RUNGS[Math.min(granted, ...restraints(verdict.caps).map(({ rung }) => heightOf(rung)))] ?? 'WITHHELD';
  }

  #holds(rule: Grant | Restraint, rules: RecordPolicy, facts: Facts, supposed: Supposition): boolean {
    const unknown = supposed === 'true' ? true : supposed === 'false' ? false : null;
    let ofFacts = this.#truths.get(facts);
    if (!ofFacts) this.#truths.set(facts, (ofFacts = new Map()));
    let truths = ofFacts.get(String(unknown));
    if (!truths) ofFacts.set(String(unknown), (truths = new Map()));
    const known = truths.get(rule);
    if (known !== undefined) return known;
    const relation = (name: string): boolean => this.#truth(rules.relations.get(name) ?? { any: [] }, facts, unknown) === true;
    const condition = rule.when ? this.#truth(rule.when, facts, unknown) : true;
    const held = speaksTo(rule, this.viewer) && ('exceptAs' in rule
      ? condition !== false && !rule.exceptAs.some(relation) && !rule.exceptRoles.some((role) => this.viewer.roles.includes(role))
      : condition === true && (!rule.as || rule.as.some(relation)));
    truths.set(rule, held);
    return held;
  }

  /** The truth of a condition in which every unknown comparison counts as `unknown`. */
  #truth(condition: Condition, facts: Facts, unknown: Truth): Truth {
    if (unknown === null) return truthOf(condition, this.viewer, facts);
    const inner = (part: Condition): Truth => this.#truth(part, facts, unknown);
    if ('all' in condition) return allOf(condition.all.map(inner));
    if ('any' in condition) return anyOf(condition.any.map(inner));
    if ('none' in condition) return notOf(anyOf(condition.none.map(inner)));
    if ('some' in condition) return anyOf((facts.links?.[condition.some.link] ?? []).map((other) => this.#truth(condition.some.that, other, unknown)));
    return truthOf(condition, this.viewer, facts) ?? unknown;
  }
}

/** The supposition that supposes nothing must be `decide` itself; asked now and then, so that the counts are of the real thing. */
export function suppositionsAgree(policy: Policy, viewer: DecidingViewer, { verdicts }: ReferenceAnswer): boolean {
  const suppositions = new Suppositions(policy, viewer);
  return verdicts.every(({ record, cell }) => suppositions.rung(record.type, record.facts, cell, 'as it is') === decide(policy, viewer, record.type, record.facts, cell).rung);
}
