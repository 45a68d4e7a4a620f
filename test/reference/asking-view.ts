import type { RequestContext } from '../../src/kernel/request.js';
import { buildCatalogue } from '../../src/ledgers/ledger-catalogue.js';
import { decide, type Decision, type DecidingViewer } from '../../src/policy/decide.js';
import type { Condition, Policy, Rung } from '../../src/policy/language.js';
import { fullValue } from './record-values.js';
import { canHoldInFull, speaksTo } from './reference-gate.js';
import type { RecordType, ReferenceRecord, ReferenceRecords } from './reference-records.js';

/**
 * What makes a cell one that a class of viewers never holds: that no rule speaks to it; or that nobody of it holds the cell on any record that there is, so that the
 * rules may exclude each other. A hub that reads this off its rules says so (FIELD_NOT_FILTERABLE, `default`), and one that does not answers as of any other cell: both are right.
 */
export type Never = 'by audience' | 'by records';

/** What one asking sees: `decide`, asked of every cell of every record that is come upon. */
export class ReferenceView {
  readonly viewer: DecidingViewer;
  readonly #decisions = new Map<ReferenceRecord, Map<string, Decision>>();

  constructor(readonly policy: Policy, readonly context: RequestContext, readonly records: ReferenceRecords, private readonly never: Never = 'by audience') {
    this.viewer = decidingViewer(context);
  }

  /** Cells of a record type, in the order in which the policy names them. */
  cellsOf(type: RecordType): string[] {
    return [...(this.policy.records.get(type)?.cells.keys() ?? [])];
  }

  decision(record: ReferenceRecord, cell: string): Decision {
    let decisions = this.#decisions.get(record);
    if (!decisions) this.#decisions.set(record, (decisions = new Map()));
    const known = decisions.get(cell) ?? decide(this.policy, this.viewer, record.type, record.facts, cell);
    decisions.set(cell, known);
    return known;
  }

  isVisible(record: ReferenceRecord): boolean {
    const [cell] = this.cellsOf(record.type);
    return cell !== undefined && this.decision(record, cell).rowVisible;
  }

  /**
   * The rung at which a cell is shown. A cell that leads to a record whose row is hidden is withheld like one that is not granted; to whoever never sees a row of that
   * type it is withheld on every record, so that a link that is not there looks like one that is.
   */
  rungOf(record: ReferenceRecord, cell: string): Rung {
    const { rung } = this.decision(record, cell);
    const link = linkOf(record, cell, this.records);
    return rung === 'FULL' && link && !(link.record ? this.isVisible(link.record) : this.#canSeePersons()) ? 'WITHHELD' : rung;
  }

  /** Whether a row of a person can be visible to the viewer, as far as may be said without a look at any one of them; a veto always has a condition. */
  #canSeePersons(): boolean {
    const granted = this.policy.records.get('Person')?.rows.grants.some((grant) => speaksTo(grant, this.viewer)) ?? false;
    return granted && (this.never === 'by audience' || this.records.all('Person').some((person) => this.isVisible(person)));
  }

  /** Whether the viewer can hold a cell in full, as far as may be said without a look at any one record. */
  canHold(type: RecordType, cell: string): boolean {
    return canHoldInFull(this.policy, this.viewer, type, cell) && (this.never === 'by audience' || this.records.all(type).some((record) => this.decision(record, cell).rung === 'FULL'));
  }

  /** Whether anything of a cell can be granted, likewise. */
  #canBeGranted(type: RecordType, cell: string): boolean {
    const spoken = (this.policy.records.get(type)?.cells.get(cell)?.grants ?? []).filter((grant) => speaksTo(grant, this.viewer)).map(({ name }) => name);
    return spoken.length > 0 && (this.never === 'by audience' || this.records.all(type).some((record) => this.decision(record, cell).rules.some((name) => spoken.includes(name))));
  }

  /**
   * What may stand as the rule of a rung: `policy` always, `default` where nothing is granted to this class of viewers, and a grant by name only if it gave
   * just this rung and its conditions read nothing but what the viewer holds on this record.
   */
  nameableRules(record: ReferenceRecord, cell: string, rung: Rung): string[] {
    const rules = this.policy.records.get(record.type);
    const grants = rules?.cells.get(cell)?.grants ?? [];
    const { rules: held } = this.decision(record, cell);
    const named = grants.filter((grant) => rung !== 'WITHHELD' && grant.rung === rung && held.includes(grant.name)
      && [...(grant.as ?? []).map((name) => rules?.relations.get(name)), grant.when].every((condition) => attributesRead(condition).every((attribute) => this.#isShown(record, attribute))));
    return ['policy', ...(rung === 'WITHHELD' && !this.#canBeGranted(record.type, cell) ? ['default'] : []), ...named.map(({ name }) => name)];
  }

  /** Whether the viewer reads in cells of the record what an attribute says. */
  #isShown(record: ReferenceRecord, attribute: string): boolean {
    const cells = SHOWN_BY.get(record.type)?.attributes[attribute]?.shownBy ?? [];
    return cells.length > 0 && this.holdsInFull(record, cells);
  }

  /** The rung of a cell of a released answer, whose rules speak to an audience and read no record. */
  releasedRung(type: RecordType, cell: string): Rung {
    return canHoldInFull(this.policy, this.viewer, type, cell) ? 'FULL' : 'WITHHELD';
  }

  holdsInFull(record: ReferenceRecord, cells: readonly string[]): boolean {
    return cells.every((cell) => this.decision(record, cell).rung === 'FULL');
  }
}

/** Of the catalogue only this is read: which cells tell what an attribute says. */
const SHOWN_BY = buildCatalogue([]).records;

/** Attributes that a condition reads; what lies behind a link is no attribute of the record. */
function attributesRead(condition: Condition | undefined): string[] {
  if (!condition) return [];
  if ('some' in condition) return ['(behind a link)'];
  const inner = 'all' in condition ? condition.all : 'any' in condition ? condition.any : 'none' in condition ? condition.none : undefined;
  if (inner) return inner.flatMap(attributesRead);
  return Object.values(condition).map(({ attribute }: { attribute: string }) => attribute);
}

/** The link to one person that a cell is, if it is one; null where it leads nowhere. */
function linkOf(record: ReferenceRecord, cell: string, records: ReferenceRecords): { record: ReferenceRecord | null } | undefined {
  if (cell !== 'person' && cell !== 'matchedPerson') return undefined;
  const value = fullValue(record, cell, records);
  return value !== null && typeof value === 'object' && 'record' in value ? value : undefined;
}

export function decidingViewer({ viewer, purpose, matter, now }: RequestContext): DecidingViewer {
  const { kind, level, roles, agencyId, division, areas } = viewer;
  return { kind, level, roles, purpose, agency: agencyId, division, areas, matter, at: now };
}
