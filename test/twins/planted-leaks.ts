import type { Purpose } from '../../src/kernel/viewer.js';
import type { Lens, Predicate } from '../../src/policy/compile.js';
import { PolicyInForce } from '../../src/policy/store.js';
import type { Leak } from './twin-hub.js';

/** Leaks that somebody might really make, put into the hubs from outside: the twins must find each. */

/** The hub reads through a lens that is not quite the policy's. */
const throughLens = (change: (lens: Lens) => Lens): Leak => (parts) => {
  class Changed extends PolicyInForce {
    readonly #lenses = new WeakMap<Lens, Lens>();

    override lensFor(asking: Parameters<PolicyInForce['lensFor']>[0]): Lens {
      const lens = super.lensFor(asking);
      const known = this.#lenses.get(lens) ?? change(lens);
      this.#lenses.set(lens, known);
      return known;
    }
  }
  return { ...parts, policy: new Changed(parts.policy.policy, parts.policy.catalogue) };
};

/** One cell of one record is shown to whoever sees the row. */
const opened = (record: string, cell: string): Leak => throughLens((lens) => {
  const known = lens.records.get(record);
  const verdict = known?.cells.get(cell);
  if (!known || !verdict) throw new Error(`no cell ${record}.${cell}`);
  const cells = new Map([...known.cells, [cell, { ...verdict, full: 'ALWAYS' as Predicate, atLeast: [{ rung: 'FULL' as const, holds: 'ALWAYS' as Predicate }] }]]);
  return { ...lens, records: new Map([...lens.records, [record, { ...known, cells }]]) };
});

/** Each with somebody whom it tells something. */
export const PLANTED_LEAKS: Record<string, { leak: Leak; agencies: readonly string[]; purposes: readonly Purpose[]; changing?: readonly string[] }> = {
  'a row predicate that is added only if there is one': {
    leak: throughLens((lens) => ({ ...lens, records: new Map([...lens.records].map(([name, record]) => [name, record.row === 'NEVER' ? record : { ...record, row: 'ALWAYS' }])) })),
    agencies: ['civil-320281'], purposes: ['RETURN', 'AT_RISK_CARE'],
  },
  'a cap on what is written about minors that was dropped': { leak: opened('ReturnCase', 'subject'), agencies: ['station-320281'], purposes: ['RETURN'], changing: ['subject_name', 'subject_sex', 'subject_features'].map((column) => `return_cases.${column}`) },
  'a home check that everybody sees who sees the case': { leak: opened('ReturnCase', 'homeCheck'), agencies: ['station-120000'], purposes: ['RETURN'], changing: ['return_cases'] },
  'a flag that is told before it is released': { leak: opened('RegisteredHousehold', 'flag'), agencies: ['poverty-320281'], purposes: ['POVERTY_RELIEF'], changing: ['household_flags'] },
};

/** A row predicate that does a little more (some 50 µs) on a row that is there, before it says that it is hidden: what a timing campaign must find. */
export const slowOnHidden: Leak = throughLens((lens) => ({
  ...lens,
  records: new Map([...lens.records].map(([name, record]) => {
    const { row } = record;
    return [name, { ...record, row: typeof row === 'string' ? row : (alias: string) => `((SELECT count(*) FROM generate_series(1, 300) g WHERE g::text <> ${alias}.id::text) > 0 AND ${row(alias)})` }];
  })),
}));
