import type { Purpose } from '../kernel/viewer.js';
import type { Rung } from './language.js';

/**
 * What the policy may speak of: for each record type its attributes, links and cells, with the SQL of each. The ledgers provide it;
 * a policy that names anything else, or leaves a cell out, is refused.
 *
 * SQL is a function of the table alias. It may hold `«name»` where a value of the asking goes in: `«agency»` uuid, `«division»` text,
 * `«kind»` text, `«today»` date, `«now»` timestamptz. No text of a request ever becomes part of SQL.
 */
export interface Catalogue {
  records: Map<string, RecordShape>;
  /** Every root operation of the schema; each needs a rule. */
  operations: string[];
  /** What is counted for statistics; each needs a release, or is counted for nobody. Absent: nothing is. */
  measures?: readonly string[];
}

export type SqlOf = (alias: string) => string;

export type AttributeType = 'agency' | 'division' | 'text' | 'boolean' | 'date' | 'instant' | 'number';

/** Something of a record that conditions may read. */
export interface Attribute {
  type: AttributeType;
  sql: SqlOf;
  /** False only where the database holds a NOT NULL; it saves an `IS NOT FALSE`. */
  nullable: boolean;
  /** Words allowed in comparisons, where the attribute is one of a closed set. */
  words?: readonly string[];
  /** Cells that tell the same; a rule may be named to whoever holds them. None: the rule is never named. */
  shownBy: readonly string[];
}

/** A way from one record to others, for `some`. */
export interface Link { record: string; from: (outer: string, inner: string) => { table: string; on: string } }

/** How one field of the published schema comes from the database. */
export type Field = (ValueField | ObjectField | ListField | RecordField | RecordsField | ReferenceField) & {
  /** Cells of the same record that this field is a coarser fact of. It carries the strictest verdict of them unless the policy releases it by name. */
  derivedFrom?: readonly string[];
};

/** A scalar or a list of scalars, as SQL that `to_json` understands. */
export interface ValueField {
  field: 'value';
  sql: SqlOf;
  /** SQL of the lower rungs, by name; whoever holds only such a rung never causes the full value to be read. */
  masks?: Partial<Record<Rung, SqlOf>>;
  /** The SQL yields a sealed value that is opened when it is spliced. */
  sealed?: true;
}
/** An object of the same row; NULL where `present` is false. */
export interface ObjectField { field: 'object'; type: string; present: SqlOf; fields: Record<string, Field> }
/** Rows that belong to the record alone. */
export interface ListField { field: 'list'; type: string; from: (outer: string, inner: string) => { table: string; on: string; orderBy: string }; fields: Record<string, Field> }
/** Another shared record, which its own policy decides. */
export interface RecordField { field: 'record'; record: string; key: SqlOf }
/** Shared records that hang on this one, each decided by its own policy. */
export interface RecordsField { field: 'records'; record: string; from: (outer: string, inner: string) => { table: string; on: string; orderBy: string } }
/** A public directory entry: `Agency` or `Division`. */
export interface ReferenceField { field: 'reference'; reference: string; key: SqlOf }

/** One record type: what it is called, where it lies, what may be read and asked of it. */
export interface RecordShape {
  record: string;
  /** Prefix of its global id: `rc` → `rc_…`. Absent: the type has none (a released answer, a member of a household). */
  prefix?: string;
  table: string;
  attributes: Record<string, Attribute>;
  links: Record<string, Link>;
  fields: Record<string, Field>;
  /** Nested cells with a verdict of their own, dotted: `transitions.reason`. Every other nested field follows its parent. */
  nestedCells: readonly string[];
  /** An answer about what may not be there: it is given where no record is found, so the rules of its cells speak to an audience and read no record. */
  releasedAnswer?: true;
  /** Who answers for what the record says. Absent: it holds nothing that an agency wrote. */
  provided?: Provided;
  /** Cells that together tell another one nearly or wholly: whoever may not see it must not see all of these. */
  joins?: readonly Join[];
}

/**
 * Who answers when a cell is reported wrong (政务数据共享条例 art. 26): whoever wrote it. `by` names for each such cell the attribute that holds this agency; null where the value was
 * taken over from another record, whose author answers. What is named neither here nor in `lines` is the hub's own and is nobody's to correct.
 */
export interface Provided {
  by: Readonly<Record<string, string | null>>;
  /** Lists whose lines different agencies wrote, whole (`visits`) or a field of each line (`transitions.reason`). One line is reported: `transitions.2.reason`. */
  lines?: Readonly<Record<string, ProvidedLine>>;
  /** Cell of the number by which the record is spoken of; null: it has none. */
  number: string | null;
  /** Internal id of the person it is about; null: of none. */
  person: SqlOf | null;
  /** Birth date, known or estimated, of the youngest person it is about. */
  bornOn: SqlOf;
  /** The purpose of its ledger: under which what is written about it is read. */
  purpose: Purpose;
}

/** `agency`: field of the line that names who wrote it. `when`: SQL of the lines in which it is what that agency wrote; absent: all. A field that says nothing in a line was written by nobody. */
export interface ProvidedLine { agency: string; when?: SqlOf }

/** `parts` are `Record.cell`, or `Record.cell@RUNG` for a masked rung; together they give the full value of `gives`, a `Record.cell`. */
export interface Join { parts: readonly string[]; gives: string; because: string }

/** Every cell that needs a verdict: the fields, then the nested ones. */
export function cellsOf(shape: RecordShape): string[] {
  return [...Object.keys(shape.fields), ...shape.nestedCells];
}

/** An attribute by its name; no word that every object knows (`constructor`) passes for one. */
export const findAttribute = (shape: RecordShape, name: string): Attribute | undefined => (Object.hasOwn(shape.attributes, name) ? shape.attributes[name] : undefined);

/** A link by its name, likewise. */
export const findLink = (shape: RecordShape, name: string): Link | undefined => (Object.hasOwn(shape.links, name) ? shape.links[name] : undefined);

/** The field definition behind a cell's dotted name. */
export function findField(shape: RecordShape, cell: string): Field | undefined {
  let fields: Record<string, Field> = shape.fields;
  let found: Field | undefined;
  for (const name of cell.split('.')) {
    found = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!found) return undefined;
    fields = 'fields' in found ? found.fields : {};
  }
  return found;
}

/** The rungs that a cell can show, lowest first; FULL is always among them. */
export function rungsOf(field: Field): Rung[] {
  const masks = field.field === 'value' ? (Object.keys(field.masks ?? {}) as Rung[]) : [];
  return [...masks, 'FULL'];
}
