import type { AgencyKind, DivisionLevel, Purpose, Role } from '../kernel/viewer.js';
import type { Catalogue, RecordShape } from './catalogue.js';
import { predicateSql, type Lens, type RecordLens } from './compile.js';
import type { Condition, RecordPolicy, Rung } from './language.js';

/** What two policies show one agency differently of the records of a database; `ids` are global ids of the first three. */
export interface Witness {
  agency: string; kind: AgencyKind; level: DivisionLevel; roles: Role[]; purpose: Purpose;
  record: string; from: Rung; to: Rung;
  /** The record as a whole appears or disappears. */
  whole: boolean;
  fields: string[]; records: number; ids: string[];
  /** Instant from which it is so, because a rule then begins or lapses; null: at once. */
  since: string | null;
}

/** The name under which a statement tells of the record as a whole. */
export const WHOLE_RECORD = '(record)';

/**
 * A statement that finds where two policies show one viewer different things of one record type: a line for each cell and pair of rungs, `cell, was, is,
 * records` (how many), `same` (equal where it is the same records) and `ids`, the first three. It reads no value of a record, only what decides of it.
 * @param lenses of the same class of viewers and purpose; null where the policy lets that class not state the purpose: nothing is shown
 * @returns undefined where the two lenses say the same by the letter
 */
export function planWitnesses(record: string, before: Lens | null, after: Lens | null, catalogue: Catalogue, matterRequired: boolean): string | undefined {
  const shape = catalogue.records.get(record);
  const [was, is] = [before?.records.get(record), after?.records.get(record)];
  const [rowWas, rowIs] = [rowSql(was), rowSql(is)];
  if (!shape || (rowWas === 'FALSE' && rowIs === 'FALSE')) return undefined;
  const cells = [...new Set([was, is].flatMap((lens) => [...(lens?.cells.keys() ?? [])]))].map((cell) => ({ cell, was: rungSql(was, cell), is: rungSql(is, cell) }));
  const differing = rowWas === rowIs ? cells.filter((one) => one.was !== one.is) : [{ cell: WHOLE_RECORD, was: "'FULL'", is: "'FULL'" }, ...cells];
  if (differing.length === 0) return undefined;
  const matters = mattersOf([before, after], record, shape, catalogue, matterRequired);
  const text = `SELECT cell, was, "is", count(*)::integer AS records, md5(string_agg(id, ',' ORDER BY id)) AS same, (array_agg(id ORDER BY id))[1:3] AS ids FROM (`
    + `SELECT DISTINCT id, cell, CASE WHEN row_was THEN was ELSE 'WITHHELD' END AS was, CASE WHEN row_is THEN "is" ELSE 'WITHHELD' END AS "is" FROM (`
    + `SELECT c.id::text AS id, ${rowWas} AS row_was, ${rowIs} AS row_is, verdict.* FROM ${shape.table} c${matters}, LATERAL (VALUES ${differing.map((one) => `('${one.cell}', ${one.was}, ${one.is})`).join(', ')}) verdict (cell, was, "is") WHERE ${rowWas} OR ${rowIs}`
    + `) seen) found WHERE was <> "is" GROUP BY cell, was, "is" ORDER BY cell, was, "is"`;
  return matters === '' ? text : text.replaceAll('«matter»', 'stated.matter');
}

const rowSql = (lens: RecordLens | undefined): string => (lens ? predicateSql(lens.row, 'c') : 'FALSE');

function rungSql(lens: RecordLens | undefined, cell: string): string {
  const steps = (lens?.cells.get(cell)?.atLeast ?? []).filter(({ holds }) => holds !== 'NEVER');
  return steps.length === 0 ? "'WITHHELD'" : `CASE ${steps.map(({ rung, holds }) => `WHEN ${predicateSql(holds, 'c')} THEN '${rung}'`).join(' ')} ELSE 'WITHHELD' END`;
}

/**
 * Matters worth stating for a record, where a rule asks for one: none (unless the purpose demands one), one that fits nothing, and every number with which
 * the rules compare it. Any other is as good as the one that fits nothing.
 */
function mattersOf(lenses: readonly (Lens | null)[], record: string, shape: RecordShape, catalogue: Catalogue, required: boolean): string {
  const conditions = lenses.flatMap((lens) => conditionsOf(lens?.policy.records.get(record)));
  const numbers = [...new Set(conditions.flatMap((condition) => numbersIn(condition, shape, 'c', catalogue)))];
  if (numbers.length === 0) return '';
  return `, LATERAL (${[...(required ? [] : ['SELECT NULL::text']), `SELECT ''`, ...numbers].join(' UNION ')}) stated (matter)`;
}

function conditionsOf(rules: RecordPolicy | undefined): Condition[] {
  if (!rules) return [];
  const cells = [...rules.cells.values()];
  return [...rules.relations.values(), ...[...rules.rows.grants, ...rules.rows.vetoes, ...cells.flatMap(({ grants, caps }) => [...grants, ...caps])].flatMap(({ when }) => (when ? [when] : []))];
}

/** Queries for the values that a condition compares with the viewer's matter. */
function numbersIn(condition: Condition, shape: RecordShape, alias: string, catalogue: Catalogue): string[] {
  if ('all' in condition || 'any' in condition || 'none' in condition) {
    const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : condition.none;
    return parts.flatMap((part) => numbersIn(part, shape, alias, catalogue));
  }
  if ('some' in condition) {
    const link = shape.links[condition.some.link];
    const target = link && catalogue.records.get(link.record);
    if (!target) return [];
    const name = `${alias}m`;
    const { table, on } = link.from(alias, name);
    return numbersIn(condition.some.that, target, name, catalogue).map((numbers) => `SELECT number.* FROM ${table} ${name}, LATERAL (${numbers}) number WHERE ${on}`);
  }
  const values = 'is' in condition ? [condition.is.value] : 'in' in condition ? condition.in.values : [];
  const attribute = shape.attributes['is' in condition ? condition.is.attribute : 'in' in condition ? condition.in.attribute : ''];
  return attribute && values.some((value) => 'viewer' in value && value.viewer === 'matter') ? [`SELECT (${attribute.sql(alias)})::text`] : [];
}
