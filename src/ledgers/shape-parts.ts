import type { Attribute, AttributeType, Field, Provided, SqlOf, ValueField } from '../policy/catalogue.js';

/**
 * Small parts of which the record shapes of the ledgers are made. Aliases inside their SQL are whole words: outer ones are short (`c`, `c0r`, …) or
 * chosen by a caller, and an inner alias that repeated one would compare a row with itself.
 */

export const value = (column: string): ValueField => ({ field: 'value', sql: (t) => `${t}.${column}` });
/** A sealed column; `ends` is the stored mask of the rung ENDS. */
export const sealed = (column: string, ends?: string): ValueField => ({ field: 'value', sql: (t) => `${t}.${column}`, sealed: true, ...(ends && { masks: { ENDS: (t: string) => `${t}.${ends}` } }) });
/** A coarser fact of other cells, worked out in SQL. */
export const computed = (sql: SqlOf, derivedFrom: readonly string[]): Field => ({ field: 'value', sql, derivedFrom });
/** A coarser fact that is written down beside what it is derived from. */
export const derived = (column: string, derivedFrom: readonly string[]): Field => ({ ...value(column), derivedFrom });
export const agency = (column: string): Field => ({ field: 'reference', reference: 'Agency', key: (t) => `${t}.${column}` });
export const division = (column: string): Field => ({ field: 'reference', reference: 'Division', key: (t) => `${t}.${column}` });
export const person = (column = 'person_id'): Field => ({ field: 'record', record: 'Person', key: (t) => `${t}.${column}` });

/** An attribute that is a column; `shownBy` names the cells that tell the same. */
export const attribute = (type: AttributeType, column: string, options: { nullable?: boolean; shownBy?: string[]; words?: readonly string[] } = {}): Attribute => ({
  type, sql: (t) => `${t}.${column}`, nullable: options.nullable ?? true, shownBy: options.shownBy ?? [], ...(options.words && { words: options.words }),
});

/** Under 18 today (未成年人保护法 art. 2); unknown where neither a birth date nor an age is known. */
export const minorOf = (bornOn: SqlOf): Attribute => ({ type: 'boolean', sql: (t) => `(${bornOn(t)} > («today» - interval '18 years')::date)`, nullable: true, shownBy: [] });

/** Whether the person of a row is protected (`protections`). Never unknown: no row means not protected. */
export const guarded = (alias: string, personId = `${alias}.person_id`): string => `EXISTS (SELECT FROM guitu.protections protection WHERE protection.person_id = ${personId})`;

/** What `protections` says of the person of a record. */
export function protectionAttributes(personId: SqlOf): Record<string, Attribute> {
  const read = (column: string) => (t: string): string => `(SELECT protection.${column} FROM guitu.protections protection WHERE protection.person_id = ${personId(t)})`;
  return {
    protected: { type: 'boolean', sql: (t) => guarded(t, personId(t)), nullable: false, shownBy: [] },
    protectionUnit: { type: 'agency', sql: read('named_unit'), nullable: true, shownBy: [] },
    holdingAgency: { type: 'agency', sql: read('holding_agency'), nullable: true, shownBy: [] },
    /** The civil affairs department of the place where the person is held. */
    holdingCivilAffairs: {
      type: 'agency', nullable: true, shownBy: [],
      sql: (t) => `(SELECT department.id FROM guitu.protections protection JOIN guitu.agencies department ON department.division = protection.holding_division AND department.kind = 'CIVIL_AFFAIRS' WHERE protection.person_id = ${personId(t)} ORDER BY department.code LIMIT 1)`,
    },
  };
}

/** Who answers for the cells of a record about one person: the cells that each attribute wrote, as words. */
export const providedBy = (purpose: Provided['purpose'], number: string | null, cells: Record<string, string>, { bornOn = bornOnOfPerson, lines }: { bornOn?: SqlOf; lines?: Provided['lines'] } = {}): Provided => ({
  by: Object.fromEntries(Object.entries(cells).flatMap(([agencyOf, words]) => words.split(' ').map((cell) => [cell, agencyOf] as const))), number, person: (t) => `${t}.person_id`, bornOn, purpose, ...(lines && { lines }),
});

/** What a step of a history says beside its states, by whoever took it. */
export const stepLines = (...fields: readonly string[]): NonNullable<Provided['lines']> => Object.fromEntries(fields.map((field) => [`transitions.${field}`, { agency: 'agency' }]));
export const STEP_LINES = stepLines('reason', 'documentNo', 'documentDate');

const bornOnOfPerson: SqlOf = (t) => `(SELECT told_person.born_on FROM guitu.persons told_person WHERE told_person.id = ${t}.person_id)`;
