import type { AgencyKind, DivisionLevel, Purpose, Role } from '../kernel/viewer.js';
import type { Deadlines } from './deadlines.js';
import type { StatisticRules } from './statistic-rules.js';

/** A step on a field's mask ladder. `SURNAME` and `ENDS` never meet on one ladder, so the order below serves all of them. */
export const RUNGS = ['WITHHELD', 'SURNAME', 'ENDS', 'FULL'] as const;
export type Rung = (typeof RUNGS)[number];

/** Height of a rung; a higher one shows more. */
export const heightOf = (rung: Rung): number => RUNGS.indexOf(rung);

/** Where a word of the policy stands: for messages, and for whoever reads the verdict later. */
export interface Place { file: string; line: number; column: number }

/** What of the viewer a condition may compare with; `matter` is unknown where the request states none. */
export const VIEWER_VALUES = ['agency', 'division', 'kind', 'matter'] as const;

/** A value that a condition compares with: a literal, something of the viewer, or a day counted from today (Asia/Shanghai). */
export type Value =
  | { literal: string | number | boolean }
  | { viewer: (typeof VIEWER_VALUES)[number] }
  | { today: { days: number; months: number } };

/**
 * A condition over one record, in Kleene's three values. The set is closed: `is`, `in`, `within`, `before`, `after`, `some`, `all`, `any`, `none`.
 * A comparison with an unknown attribute is unknown; `some` over no record at all is false.
 */
export type Condition =
  | { is: { attribute: string; value: Value } }
  | { in: { attribute: string; values: Value[] } }
  | { within: { attribute: string } }
  | { before: { attribute: string; value: Value } }
  | { after: { attribute: string; value: Value } }
  | { some: { link: string; that: Condition } }
  | { all: Condition[] }
  | { any: Condition[] }
  | { none: Condition[] };

/** What members of staff without a special role hold: a table of classes is theirs, and names a role where it gives more. */
export const PLAIN_ROLES: readonly Role[] = ['CLERK'];

/** For whom a rule speaks, and when. Absent lists speak for everybody; a present list is never empty. */
export interface Audience {
  kind?: AgencyKind[];
  level?: DivisionLevel[];
  roles?: Role[];
  purposes?: Purpose[];
  /** Instant from which the rule holds, in milliseconds since 1970; absent: always has. Never on a restraint: what protects does not lapse. */
  from?: number;
  /** Instant at which it has lapsed. */
  until?: number;
}

/** A line that raises what is visible: for an audience, standing in one of the named relations, on records that meet the condition. */
export interface Grant extends Audience {
  name: string;
  rung: Rung;
  /** Names of relations; any one of them is enough. Absent: whatever the relation. */
  as?: string[];
  when?: Condition;
  basis: string;
  place: Place;
}

/** A line that lowers (a cap) or hides (a veto), unless the viewer stands in an excepted relation or has an excepted role. */
export interface Restraint extends Audience {
  name: string;
  /** What a cap leaves; a veto leaves nothing. */
  rung: Rung;
  when?: Condition;
  exceptAs: string[];
  exceptRoles: Role[];
  basis: string;
  place: Place;
}

/**
 * Who may carry out an operation on a record, and which cells it may set: `as` and `when` are asked of the record before, `after` of the record as it
 * then stands, and no cell outside `sets` may differ between the two.
 */
export interface WriteRule extends Audience {
  operation: string;
  as: string[];
  when?: Condition;
  after: string[];
  sets: string[];
  basis: string;
  place: Place;
}

/** The rules of one cell. */
export interface CellRules {
  grants: Grant[];
  caps: Restraint[];
  /** Cells that this one is derived from and that it is not released from: it is shown only to whoever holds all of them in full. */
  sources: string[];
}

/** The law of one record type. `cells` has an entry for every cell of the record's shape, or the policy is refused. */
export interface RecordPolicy {
  record: string;
  title: string;
  provider: AgencyKind;
  /** 政务数据共享条例 art. 14. */
  sharing: 'unconditional' | 'conditional' | 'not-shared';
  /** The law, regulation or decision of the State Council that exempts the record from sharing; only with `not-shared`. */
  sharingBasis?: string;
  basis: string;
  relations: Map<string, Condition>;
  /** How a relation is called where people read of it: `流出地机构`. One for each relation. */
  relationTitles: Map<string, string>;
  rows: { grants: Grant[]; vetoes: Restraint[] };
  cells: Map<string, CellRules>;
  writes: WriteRule[];
  tests: PolicyTest[];
  place: Place;
}

/** An example beside the rules: what a viewer, standing in the given relations and in no other, sees of a record with the given attributes. */
export interface PolicyTest {
  viewer: { kind: AgencyKind; level: DivisionLevel; roles: Role[]; purpose: Purpose; as: string[]; at?: number };
  /** Attributes of the record; null for one that is unknown. Not named: an unprotected adult's, otherwise unknown. */
  given: Record<string, string | number | boolean | null>;
  /** Whether the record is visible at all; absent where only cells are expected. */
  row?: boolean;
  sees: Map<string, Rung>;
  place: Place;
}

export interface PurposeRule {
  purpose: Purpose;
  title: string;
  basis: string;
  matterRequired: boolean;
  /** Operations that need no matter even so. */
  matterExcept: string[];
  allowed: Audience[];
  place: Place;
}

export interface OperationRule {
  operation: string;
  title: string;
  /** Purpose-free operations tell only of the policy and of the viewer itself. */
  purposeFree: boolean;
  allowed: Audience[];
  /** At most so many items a window, counted per agency. */
  limit?: { items: number; perMinutes: number };
  basis: string;
  place: Place;
}

/** Chinese words of one record type: of its cells, of the attributes that rules read, of its links. */
export interface Glossary {
  fields: Map<string, string>;
  facts: Map<string, string>;
  links: Map<string, string>;
  /** Of facts that are one of a closed set: the words of each. */
  values: Map<string, Map<string, string>>;
}

/** Everything that the policy files say, checked against the catalogue. */
export interface Policy {
  /** SHA-256 over the names and texts of the files, hex; the policy's version. */
  hash: string;
  records: Map<string, RecordPolicy>;
  purposes: Map<Purpose, PurposeRule>;
  operations: Map<string, OperationRule>;
  /** What fields, facts and links are called in Chinese, by record type; every word of the catalogue has an entry. */
  glossary: Map<string, Glossary>;
  /** Ladder of each masked cell, lowest rung first, ending with FULL: `Person.name` → [SURNAME, FULL]. */
  ladders: Map<string, Rung[]>;
  /** The shipped deadline of each duty, by step; none where the folder has no `deadlines.yaml`. */
  deadlines: Deadlines;
  /** Which counts of withheld sources are released as statistics, by measure; what has no rule is counted for nobody. */
  statistics: StatisticRules;
}

/** A defect of the policy, with its place and how to mend it. */
export class PolicyFault extends Error {
  constructor(readonly place: Place, readonly problem: string, readonly mend: string) {
    super(`${place.file}:${place.line}:${place.column}: ${problem}; ${mend}`);
    this.name = 'PolicyFault';
  }
}

/** All defects found in one reading, so that an author mends them in one go. */
export class PolicyRefused extends Error {
  constructor(readonly faults: readonly PolicyFault[]) {
    super(`策略未通过检查，未生效 (the policy is refused):\n${faults.map((fault) => `  ${fault.message}`).join('\n')}`);
    this.name = 'PolicyRefused';
  }
}
