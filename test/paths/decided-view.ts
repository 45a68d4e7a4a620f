import type { RequestContext } from '../../src/kernel/request.js';
import { cellsOf, type Catalogue, type Field, type RecordShape } from '../../src/policy/catalogue.js';
import { decide, type DecidingViewer } from '../../src/policy/decide.js';
import type { Policy, Rung } from '../../src/policy/language.js';
import type { RecordFacts } from '../support/facts.js';
import { maskOf, type RawRecords } from './raw-values.js';

/** A record as the reference gives it to one asker: the rung of every cell, the values shown, and the records behind its links. */
export interface ShownRecord {
  record: string;
  id: string;
  rungs: ReadonlyMap<string, Rung>;
  /** By top-level field; links are left out. */
  values: Readonly<Record<string, unknown>>;
  links: Readonly<Record<string, ShownRecord | null | readonly ShownRecord[]>>;
}

/** The raw tables, as they stand at one moment. */
export interface Ledgers { policy: Policy; catalogue: Catalogue; facts: RecordFacts; raw: RawRecords }

/** What one asker is given, worked out by `decide` cell by cell. Shares nothing with the compiler and the planner but the catalogue. */
export class DecidedView {
  readonly viewer: DecidingViewer;
  readonly #shown = new Map<string, ShownRecord | null>();

  constructor(readonly ledgers: Ledgers, { viewer, purpose, matter, now }: RequestContext) {
    this.viewer = { kind: viewer.kind, level: viewer.level, roles: viewer.roles, purpose, agency: viewer.agencyId, division: viewer.division, areas: viewer.areas, matter, at: now };
  }

  /** Ids of a record type, hidden ones included. */
  idsOf(record: string): string[] {
    return [...(this.ledgers.facts.get(record)?.keys() ?? [])];
  }

  visible(record: string): ShownRecord[] {
    return this.idsOf(record).flatMap((id) => this.show(record, id) ?? []);
  }

  isVisible(record: string, id: string): boolean {
    return this.#decide(record, id, cellsOf(this.#shape(record))[0] ?? '').rowVisible;
  }

  holdsFull(record: string, id: string, cells: readonly string[]): boolean {
    return cells.every((cell) => this.show(record, id)?.rungs.get(cell) === 'FULL');
  }

  /** Null: hidden or absent, which are the same. */
  show(record: string, id: string): ShownRecord | null {
    const key = `${record} ${id}`;
    let shown = this.#shown.get(key);
    if (shown === undefined) this.#shown.set(key, (shown = this.#show(record, id)));
    return shown;
  }

  #show(record: string, id: string): ShownRecord | null {
    const shape = this.#shape(record);
    const raw = this.ledgers.raw.get(record)?.get(id);
    if (!raw || !this.isVisible(record, id)) return null;
    const decided = new Map(cellsOf(shape).map((cell) => [cell, this.#decide(record, id, cell).rung]));
    const rungs = new Map(decided);
    const values: Record<string, unknown> = {};
    const links: Record<string, ShownRecord | null | readonly ShownRecord[]> = {};
    for (const [name, field] of Object.entries(shape.fields)) {
      const rung = decided.get(name) ?? 'WITHHELD';
      if (field.field === 'record') {
        const target = raw[name] as string | null;
        const linked = target === null || rung !== 'FULL' ? null : this.show(field.record, target);
        links[name] = linked;
        // A link to a record that the asker may not see looks like one that is withheld.
        rungs.set(name, rung === 'FULL' && (target === null || linked) ? 'FULL' : 'WITHHELD');
      } else if (field.field === 'records') {
        links[name] = rung === 'FULL' ? (raw[name] as string[]).flatMap((target) => this.show(field.record, target) ?? []) : null;
      } else {
        values[name] = this.#valueAt(`${record}.${name}`, rung, raw[name], field, (nested) => decided.get(`${name}.${nested}`));
      }
    }
    return { record, id, rungs, values, links };
  }

  /** The value of a cell at its rung; of an object or list, with each nested cell at a rung of its own. */
  #valueAt(cell: string, rung: Rung, full: unknown, field: Field, nestedRung: (name: string) => Rung | undefined): unknown {
    if (rung === 'WITHHELD' || full === null || full === undefined) return null;
    if (rung !== 'FULL') return maskOf(cell, rung, full);
    if (Array.isArray(full) && 'fields' in field) return full.map((item) => this.#valueAt(cell, rung, item, field, nestedRung));
    if (!('fields' in field)) return full;
    return Object.fromEntries(Object.entries(full as Record<string, unknown>).map(([name, value]) => {
      const inner = nestedRung(name) ?? 'FULL';
      const own = field.fields[name];
      return [name, own ? this.#valueAt(`${cell}.${name}`, inner, value, own, () => undefined) : value];
    }));
  }

  #decide(record: string, id: string, cell: string): { rowVisible: boolean; rung: Rung } {
    const facts = this.ledgers.facts.get(record)?.get(id);
    return facts ? decide(this.ledgers.policy, this.viewer, record, facts, cell) : { rowVisible: false, rung: 'WITHHELD' };
  }

  #shape(record: string): RecordShape {
    const shape = this.ledgers.catalogue.records.get(record);
    if (!shape) throw new Error(`no ${record} in the catalogue`);
    return shape;
  }
}
