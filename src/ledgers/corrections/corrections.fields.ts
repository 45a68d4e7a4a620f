import type { WriteRequest } from '../../disclosure/perform.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { findField, type Field, type ListField, type Provided, type ProvidedLine, type RecordShape } from '../../policy/catalogue.js';
import { findIdParts } from '../identifiers.js';
import { requiredText } from '../input-words.js';
import type { RequestCorrectionInput } from './corrections.type.js';

/** Of a record of a kind that agencies provide, the cell that a request speaks of; `provider` is SQL over the alias `c` of who wrote it, null where another record says. */
export interface Reported { shape: RecordShape; provided: Provided; id: string; field: string; cell: string; provider: string | null }

/** What a request says, by its words alone. @throws Refusal NOT_FOUND; BAD_USER_INPUT for a field that does not exist, and one that nobody provides */
export function reportedOf(request: WriteRequest, input: RequestCorrectionInput): Reported {
  const parts = findIdParts(input.id);
  const lens = [...request.lens.records.values()].find(({ shape }) => parts && shape.prefix === parts.prefix);
  if (!parts || !lens) throw new Refusal('NOT_FOUND', { field: 'input.id' });
  const { shape } = lens;
  const field = requiredText(input.field, 'input.field', 100);
  const { path, line } = pathOf(field);
  const list = path.split('.')[0] ?? '';
  const cell = [path, list].find((name) => lens.cells.has(name));
  const found = findField(shape, path);
  if (cell === undefined || !found || (line !== null && shape.fields[list]?.field !== 'list')) throw badInput('input.field', '没有这一栏目', 'there is no such field');
  const { provided } = shape;
  const lines = provided?.lines ?? {};
  const ofLine = [path, list].find((name) => Object.hasOwn(lines, name));
  if (provided && line !== null && ofLine !== undefined) return { shape, provided, id: parts.uuid, field, cell, provider: lineProvider(shape.fields[list] as ListField, lines[ofLine], found, line) };
  const by = provided && Object.hasOwn(provided.by, cell) ? provided.by[cell] : undefined;
  if (provided && line === null && by !== undefined) return { shape, provided, id: parts.uuid, field, cell, provider: by === null ? null : (shape.attributes[by]?.sql('c') ?? 'NULL') };
  if (ofLine !== undefined) throw badInput('input.field', `各行由不同机构写下，请写明第几行，如 ${list}.1${path.slice(list.length)}`, `its lines are written by different agencies; say which, counted from 1: ${list}.1${path.slice(list.length)}`);
  throw badInput('input.field', '这一栏目不经更正请求更正：它由平台生成，或由写下它的一方另行办理', 'this field is not put right by request: it is the hub\'s own, or whoever wrote it has another step for it');
}

/** `transitions.2.reason` is the field `transitions.reason` of the second line, as the list is shown. */
function pathOf(field: string): { path: string; line: number | null } {
  const match = /^([A-Za-z]+)\.([1-9]\d{0,3})(\..+)?$/u.exec(field);
  return match ? { path: `${match[1] ?? ''}${match[3] ?? ''}`, line: Number(match[2]) } : { path: field, line: null };
}

/** SQL of who wrote a line; NULL where there is no such line, or it says nothing of an agency's. */
function lineProvider(list: ListField, provided: ProvidedLine | undefined, field: Field, line: number): string {
  const { table, on, orderBy } = list.from('c', 'reported_line');
  const author = provided && list.fields[provided.agency];
  if (author?.field !== 'reference') throw new Error(`the lines of ${list.type} name no agency`);
  const written = [...(field.field === 'value' ? [`${field.sql('reported_line')} IS NOT NULL`] : []), ...(provided?.when ? [provided.when('reported_line')] : [])];
  return `(SELECT ${written.length > 0 ? `CASE WHEN ${written.join(' AND ')} THEN ${author.key('reported_line')} END` : author.key('reported_line')} FROM ${table} reported_line WHERE ${on} ORDER BY ${orderBy} OFFSET ${line - 1} LIMIT 1)`;
}
