import type { Rung } from '../../src/policy/language.js';
import type { Catalogue } from '../../src/policy/catalogue.js';
import type { ShownRecord } from './decided-view.js';

/** A record as the hub gave it. */
export type GivenRecord = Record<string, unknown>;

/** Told of every cell that was compared: on which way, in which record, at which rung. */
export type Compared = (path: string, shown: ShownRecord, cell: string, rung: Rung) => void;

/** Compares a record with the reference, links and their records included; returns what differs, a line each. Rungs, values and absence all count. */
export function compareRecord(catalogue: Catalogue, path: string, given: GivenRecord | null | undefined, shown: ShownRecord | null, compared: Compared): string[] {
  if (!given || !shown) return given || shown ? [`${path} ${shown?.record ?? String(given?.['__typename'])} ${shown?.id ?? String(given?.['id'])}: ${given ? 'shown and should be hidden' : 'hidden and should be shown'}`] : [];
  const shape = catalogue.records.get(shown.record);
  if (!shape) throw new Error(`no ${shown.record} in the catalogue`);
  const differences: string[] = [];
  const differ = (cell: string, should: unknown, is: unknown): void => {
    differences.push(`${path} ${shown.record} ${shown.id} .${cell}: should be ${JSON.stringify(should)}, is ${JSON.stringify(is)}`);
  };
  if (shape.prefix !== undefined) {
    if (given['id'] !== `${shape.prefix}_${shown.id}`) differ('id', `${shape.prefix}_${shown.id}`, given['id']);
    const said = Object.fromEntries((given['disclosure'] as { field: string; rung: Rung }[]).map(({ field, rung }) => [field, rung]));
    const should = Object.fromEntries(shown.rungs);
    for (const cell of new Set([...Object.keys(said), ...Object.keys(should)])) if (said[cell] !== should[cell]) differ(`disclosure of ${cell}`, should[cell], said[cell]);
  }
  for (const [name, value] of Object.entries(shown.values)) if (JSON.stringify(plain(given[name])) !== JSON.stringify(plain(value))) differ(name, value, given[name]);
  for (const [name, linked] of Object.entries(shown.links)) {
    if (!(name in given)) continue;
    const is = given[name];
    if (!Array.isArray(linked)) differences.push(...compareRecord(catalogue, `${path}.${name}`, is as GivenRecord | null, linked as ShownRecord | null, compared));
    else if (!Array.isArray(is) || is.length !== linked.length) differ(name, `${linked.length} records`, is);
    else for (const [index, item] of linked.entries()) differences.push(...compareRecord(catalogue, `${path}.${name}`, is[index] as GivenRecord, item as ShownRecord, compared));
  }
  for (const [cell, rung] of shown.rungs) compared(path, shown, cell, rung);
  return differences;
}

/** Instants in one form, keys of objects in one order. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/u.test(value) ? new Date(value).toISOString() : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([key, inner]) => [key, plain(inner)]));
}
