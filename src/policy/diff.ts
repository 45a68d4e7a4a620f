import { formatInstant } from '../kernel/dates.js';
import type { Catalogue } from './catalogue.js';
import { diffDoors, type OperationChange, type PurposeChange, type TermChange, type WriteChange } from './diff-doors.js';
import { diffMatrices, type MatrixChange } from './diff-matrix.js';
import { diffRules, type RuleChange } from './diff-rules.js';
import type { Policy } from './language.js';
import { turnsOf } from './store.js';

/** A change that begins at a later instant, because a rule then begins or lapses; null: at once. */
type Since<Change> = Change & { since: string | null };

/** What another policy changes, as its files alone tell it. */
export interface PolicyDiff {
  /** Versions (content hashes) of the two. */
  before: string; after: string;
  cells: Since<MatrixChange>[];
  purposes: Since<PurposeChange>[]; operations: Since<OperationChange>[]; writes: Since<WriteChange>[];
  terms: TermChange[];
  rules: RuleChange[];
}

/**
 * Compares two policies of one catalogue, from an instant on: who gains and loses which cells, purposes, operations and writes, and which rules say
 * something else. A condition that became wider or narrower shows among the rules only; what it does to records, `planWitnesses` finds. Pure.
 */
export function diffPolicies(before: Policy, after: Policy, catalogue: Catalogue, at: Date): PolicyDiff {
  const spans = instantsFrom(before, after, at).map((instant, index) => ({ instant: new Date(instant), since: index === 0 ? null : formatInstant(new Date(instant)) }));
  const told = spans.map(({ instant, since }) => ({ since, cells: diffMatrices(before, after, instant), doors: diffDoors(before, after, instant) }));
  return {
    before: before.hash, after: after.hash,
    cells: newIn(told.map(({ since, cells }) => [since, cells])),
    purposes: newIn(told.map(({ since, doors }) => [since, doors.purposes])), operations: newIn(told.map(({ since, doors }) => [since, doors.operations])), writes: newIn(told.map(({ since, doors }) => [since, doors.writes])),
    terms: told[0]?.doors.terms ?? [],
    rules: diffRules(before, after, catalogue),
  };
}

/** The instant asked for, then each later one at which a rule of either policy begins or lapses. */
export function instantsFrom(before: Policy, after: Policy, at: Date): number[] {
  const later = [...turnsOf(before), ...turnsOf(after)].filter((turn) => turn > at.getTime());
  return [at.getTime(), ...new Set(later.toSorted((one, other) => one - other))];
}

/** Of what differs in each span of time, what did not differ in the span before. */
function newIn<Change>(spans: readonly (readonly [since: string | null, changes: readonly Change[]])[]): Since<Change>[] {
  let known = new Set<string>();
  return spans.flatMap(([since, changes]) => {
    const texts = changes.map((change) => JSON.stringify(change));
    const found = changes.flatMap((change, index) => (known.has(texts[index] ?? '') ? [] : [{ ...change, since }]));
    known = new Set(texts);
    return found;
  });
}
