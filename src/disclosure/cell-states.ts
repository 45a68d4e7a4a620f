import { findField, type Field, type RecordShape } from '../policy/catalogue.js';

/**
 * SQL of what the stored cells of a record hold, as a `jsonb` object of digests by cell, NULL for an empty one: a write compares it before and after.
 * Derived cells are left out; they follow their sources. A nested cell with a verdict of its own stands for itself and not in its parent.
 */
export function cellStates(shape: RecordShape, alias: string): string {
  const cells = [...Object.keys(shape.fields), ...shape.nestedCells].flatMap((cell) => {
    const field = findField(shape, cell);
    return field && field.derivedFrom === undefined ? [`'${cell}', md5(${stateOf(shape, cell, alias)})`] : [];
  });
  return `jsonb_build_object(${cells.join(', ')})`;
}

/** Text of what a cell holds: of a nested one, along the way from the record to it. */
function stateOf(shape: RecordShape, cell: string, alias: string): string {
  const [top = '', ...rest] = cell.split('.');
  const field = shape.fields[top];
  if (!field) throw new Error(`${shape.record}.${cell} is not in the catalogue`);
  return textOf(field, alias, (path) => (rest.length > 0 ? cell === path || cell.startsWith(`${path}.`) : !shape.nestedCells.includes(path)), top);
}

function textOf(field: Field, alias: string, keeps: (path: string) => boolean, path: string): string {
  switch (field.field) {
    case 'value': return `(${field.sql(alias)})::text`;
    case 'reference':
    case 'record': return `(${field.key(alias)})::text`;
    case 'object': return `CASE WHEN ${field.present(alias)} THEN ${partsOf(field.fields, alias, keeps, path)} END`;
    case 'list': {
      const inner = `${alias}s`;
      const { table, on, orderBy } = field.from(alias, inner);
      return `(SELECT string_agg(${partsOf(field.fields, inner, keeps, path)}, ',' ORDER BY ${orderBy}) FROM ${table} ${inner} WHERE ${on})`;
    }
    case 'records': {
      const inner = `${alias}s`;
      const { table, on, orderBy } = field.from(alias, inner);
      return `(SELECT string_agg(to_jsonb(${inner})::text, ',' ORDER BY ${orderBy}) FROM ${table} ${inner} WHERE ${on})`;
    }
  }
}

/** The kept fields of an object or of one row of a list as one text; NULL where all of them are empty. */
function partsOf(fields: Record<string, Field>, alias: string, keeps: (path: string) => boolean, path: string): string {
  const parts = Object.entries(fields).filter(([name]) => keeps(`${path}.${name}`)).map(([name, field]) => textOf(field, alias, keeps, `${path}.${name}`));
  return `CASE WHEN num_nonnulls(${parts.join(', ')}) > 0 THEN jsonb_build_array(${parts.join(', ')})::text END`;
}
