import { heightOf, RUNGS, type Rung } from '../../src/policy/language.js';
import { RULE_AMONG, type ReferenceAnswer } from './reference-executor.js';
import { CURSOR } from './reference-lists.js';

/** An answer of the hub, parsed. */
export interface ServedAnswer { data: Record<string, unknown> | null; errors: readonly { path?: readonly (string | number)[]; extensions: { code: string } }[]; extensions: Record<string, unknown> }

/**
 * `disclosure`: the hub shows more than the reference. `denial`: it shows less. `other`: something else, or in another order.
 */
export interface Difference { kind: 'disclosure' | 'denial' | 'other'; path: string; hub: unknown; reference: unknown }

/**
 * Compares an answer of the hub with the reference's: keys in order, every value, codes and places of refusals, and what `extensions.disclosure` says was
 * withheld. Cursors are opaque: each of the hub's is noted in `cursors` beside the reference's, and must stand for the same place wherever it comes again.
 */
export function compareAnswers(hub: ServedAnswer, reference: ReferenceAnswer, cursors: Map<string, string> = new Map()): Difference[] {
  const refusals = compareRefusals(hub, reference);
  if (refusals.length > 0) return refusals;
  const differences = compareValues(hub.data, reference.data, 'data', cursors);
  return differences.length > 0 || hub.data === null ? differences : compareWithheld(hub, reference);
}

const placeOf = (path: readonly (string | number)[] | undefined): string => (path ?? []).join('.');

/** Where the whole answer fell, the hub may stop at the first of several refusals; they came in no order. */
function compareRefusals(hub: ServedAnswer, reference: ReferenceAnswer): Difference[] {
  const served = hub.errors.map(({ extensions, path }) => `${extensions.code} at ${placeOf(path)}`).toSorted();
  const expected = reference.errors.map(({ code, path }) => `${code} at ${path}`).toSorted();
  const whole = hub.data === null && reference.data === null && served.length > 0 && expected.length > 0;
  if (whole ? served.some((refusal) => expected.includes(refusal)) : served.join() === expected.join()) return [];
  const kind = served.length < expected.length ? 'disclosure' : served.length > expected.length ? 'denial' : 'other';
  return [{ kind, path: 'errors', hub: served, reference: expected }];
}

function compareValues(hub: unknown, reference: unknown, path: string, cursors: Map<string, string>): Difference[] {
  if (typeof reference === 'string' && typeof hub === 'string') return compareTexts(hub, reference, path, cursors);
  if (Array.isArray(reference) && Array.isArray(hub)) {
    if (hub.length !== reference.length) return [{ kind: hub.length > reference.length ? 'disclosure' : 'denial', path: `${path}.length`, hub, reference }];
    return reference.flatMap((item, index) => compareValues(hub[index], item, `${path}.${index}`, cursors));
  }
  if (isObject(reference) && isObject(hub)) {
    const keys = [Object.keys(hub).join(), Object.keys(reference).join()];
    if (keys[0] !== keys[1]) return [{ kind: 'other', path: `${path} keys`, hub: keys[0], reference: keys[1] }];
    return Object.entries(reference).flatMap(([key, value]) => compareValues(hub[key], value, `${path}.${key}`, cursors));
  }
  if (hub === reference) return [];
  return [{ kind: kindOf(hub, reference), path, hub, reference }];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function compareTexts(hub: string, reference: string, path: string, cursors: Map<string, string>): Difference[] {
  if (reference.startsWith(RULE_AMONG)) {
    const among = JSON.parse(reference.slice(RULE_AMONG.length)) as string[];
    return among.includes(hub) ? [] : [{ kind: among.length === 1 ? 'disclosure' : 'other', path, hub, reference: among }];
  }
  if (reference.startsWith(CURSOR)) {
    const known = cursors.get(hub) ?? reference;
    cursors.set(hub, reference);
    return known === reference ? [] : [{ kind: 'other', path, hub: known, reference }];
  }
  return hub === reference ? [] : [{ kind: kindOf(hub, reference), path, hub, reference }];
}

function kindOf(hub: unknown, reference: unknown): Difference['kind'] {
  if (reference === null || reference === undefined) return 'disclosure';
  if (hub === null || hub === undefined) return 'denial';
  if (typeof hub === 'number' && typeof reference === 'number') return hub > reference ? 'disclosure' : 'denial';
  if (isRung(hub) && isRung(reference)) return heightOf(hub) > heightOf(reference) ? 'disclosure' : 'denial';
  const [masked, expectedMasked] = [hub, reference].map((value) => typeof value === 'string' && value.includes('**'));
  return expectedMasked && !masked ? 'disclosure' : masked && !expectedMasked ? 'denial' : 'other';
}

const isRung = (value: unknown): value is Rung => (RUNGS as readonly unknown[]).includes(value);

interface Withheld { type: string; field: string; rung: Rung }

/** Nested cells are told by the hub even where their parent is withheld, and released answers are no records: both are left aside here. */
function compareWithheld(hub: ServedAnswer, reference: ReferenceAnswer): Difference[] {
  const said = (hub.extensions['disclosure'] as { withheld?: (Withheld & { rule: string })[] } | undefined)?.withheld ?? [];
  const compared = ({ type, field }: { type: string; field: string }): boolean => type !== 'ReturneeCheck' && !field.includes('.');
  const lines = (withheld: readonly Withheld[]): string[] => [...new Set(withheld.filter(compared).map(({ type, field, rung }) => `${type}.${field} ${rung}`))].toSorted();
  const served = lines(said);
  const expected = lines(reference.verdicts.filter(({ of, rung }) => of === 'value' && rung !== 'FULL').map(({ record, cell, rung }) => ({ type: record.type, field: cell, rung })));
  if (served.join() !== expected.join()) return [{ kind: 'other', path: 'extensions.disclosure.withheld', hub: served.filter((line) => !expected.includes(line)), reference: expected.filter((line) => !served.includes(line)) }];
  return said.filter(compared).flatMap(({ type, field, rung, rule }) => {
    const among = new Set(reference.verdicts.filter((verdict) => verdict.record.type === type && verdict.cell === field && verdict.rung === rung).flatMap(({ record }) => reference.view.nameableRules(record, field, rung)));
    return among.has(rule) ? [] : [{ kind: 'disclosure', path: `rule of ${type}.${field} ${rung}`, hub: rule, reference: [...among] } as const];
  });
}
