import { createHash } from 'node:crypto';
import type { RequestContext } from '../kernel/request.js';
import { dateOf } from '../kernel/dates.js';

/** PostgreSQL types of the named values that SQL of the catalogue and the lens may hold as `«name»`. */
const TYPES: Record<string, string> = { agency: 'uuid', division: 'text', kind: 'text', level: 'text', user: 'text', matter: 'text', today: 'date', now: 'timestamptz', nonce: 'text', size: 'bigint' };

/** A statement ready to run: text with `$1 …`, and the name of the value behind each. */
export interface Statement { name: string; text: string; values: readonly string[] }

/** Turns `«name»` into typed placeholders, in order of first appearance. Names not in the table are text (`«from0»`, `«a0»`), cast where they stand. */
export function prepareStatement(text: string): Statement {
  const values: string[] = [];
  const numbered = text.replaceAll(/«(\w+)»/gu, (_, name: string) => {
    let index = values.indexOf(name);
    if (index < 0) index = values.push(name) - 1;
    return `$${index + 1}::${TYPES[name] ?? 'text'}`;
  });
  return { name: `g${createHash('sha256').update(numbered).digest('base64url').slice(0, 20)}`, text: numbered, values };
}

/** Values that enter a statement from the request itself: bound by position, named `a0`, `a1` … */
export class Arguments {
  readonly values: (string | null)[] = [];

  /** Binds one value and returns its SQL, cast to `type`. */
  bind(value: string | number | boolean | null, type: string): string {
    this.values.push(value === null ? null : String(value));
    return `«a${this.values.length - 1}»::${type}`;
  }

  /** Binds a list of texts as one array. */
  bindList(values: readonly string[], type: string): string {
    this.values.push(`{${values.map((value) => `"${value.replaceAll(/["\\]/gu, '\\$&')}"`).join(',')}}`);
    return `«a${this.values.length - 1}»::${type}[]`;
  }
}

/** The named values of one asking. */
export function viewerValues(context: RequestContext): Map<string, string | null> {
  const { viewer } = context;
  const values = new Map<string, string | null>([
    ['agency', viewer.agencyId], ['division', viewer.division], ['kind', viewer.kind], ['level', viewer.level], ['user', viewer.user],
    ['matter', context.matter], ['today', dateOf(context.now)], ['now', context.now.toISOString()],
  ]);
  for (const [index, area] of viewer.areas.entries()) values.set(`from${index}`, area.from).set(`until${index}`, area.until);
  return values;
}

/** Longest name of a column; PostgreSQL cuts what is longer. */
const LONGEST_COLUMN_NAME = 63;

/**
 * A JSON object of pairs of key and SQL. A row is written by `row_to_json`, which costs 0.3 µs a value where `json_build_object` costs 0.8, looking up the type of each key
 * and value anew, and puts no spaces; but a key is then a column's name. Longer aliases are built in pieces: `json_build_object` takes 100 arguments a call.
 */
export function jsonObject(pairs: readonly (readonly [key: string, sql: string])[]): string {
  if (pairs.length === 0) return "'{}'::json";
  if (pairs.every(([key]) => key.length <= LONGEST_COLUMN_NAME)) return `(SELECT row_to_json(o) FROM (SELECT ${pairs.map(([key, value]) => `${value} AS "${key}"`).join(', ')}) o)`;
  const chunks: string[] = [];
  for (let index = 0; index < pairs.length; index += 49) {
    chunks.push(`json_build_object(${pairs.slice(index, index + 49).map(([key, value]) => `'${key}', ${value}`).join(', ')})`);
  }
  const only = chunks[0] ?? '';
  if (chunks.length === 1) return only;
  const inside = chunks.map((chunk) => `substr(left(${chunk}::text, -1), 2)`);
  return `('{' || ${inside.join(" || ',' || ")} || '}')::json`;
}
