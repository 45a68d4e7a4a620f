import { addDays, addMonths, type CalendarDate } from '../../src/kernel/dates.js';
import type { Catalogue } from '../../src/policy/catalogue.js';
import type { Facts } from '../../src/policy/decide.js';

/** A value of SQL; null is NULL. */
export type SqlValue = string | number | boolean | null;
export type Row = Readonly<Record<string, SqlValue>>;

/** Tables by name, and the parameters of an asking by theirs: `«agency»`. */
export interface SqlWorld { tables: Readonly<Record<string, readonly Row[]>>; parameters: Readonly<Record<string, SqlValue>> }

/**
 * What a predicate that the compiler writes comes to for rows, by the three-valued logic of SQL, without a database: the part of SQL that it uses and no more
 * (comparisons, IN, AND, OR, NOT, IS TRUE, IS NOT FALSE, EXISTS over one table, days shifted by intervals). That PostgreSQL reads it likewise is shown elsewhere.
 */
export function readSql(sql: string): Evaluate {
  const known = READ.get(sql);
  if (known) return known;
  const reader = new SqlReader(sql);
  const evaluate = reader.any();
  reader.end();
  READ.set(sql, evaluate);
  return evaluate;
}

/** Takes the rows by their aliases. */
export type Evaluate = (scope: Readonly<Record<string, Row>>, world: SqlWorld) => SqlValue;
/** Reading depends on the text alone. */
const READ = new Map<string, Evaluate>();
const TOKENS = /\s*(?:('(?:[^']|'')*')|(«\w+»)|(\w+\.\w+)|(\w+)|(>=|::|[=<>(),+]))/uy;

class SqlReader {
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(sql: string) {
    TOKENS.lastIndex = 0;
    for (let end = 0; end < sql.trimEnd().length; end = TOKENS.lastIndex) {
      const found = TOKENS.exec(sql);
      if (!found) throw new Error(`not understood: ${sql.slice(end)}`);
      this.#tokens.push(found[0].trim());
    }
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw new Error(`left over: ${this.#tokens.slice(this.#at).join(' ')}`);
  }

  any(): Evaluate {
    const parts = [this.#all()];
    while (this.#took('OR')) parts.push(this.#all());
    return parts.length === 1 ? parts[0] as Evaluate : (scope, world) => either(parts.map((part) => part(scope, world)), true);
  }

  #all(): Evaluate {
    const parts = [this.#negated()];
    while (this.#took('AND')) parts.push(this.#negated());
    return parts.length === 1 ? parts[0] as Evaluate : (scope, world) => either(parts.map((part) => part(scope, world)), false);
  }

  #negated(): Evaluate {
    if (!this.#took('NOT')) return this.#tested();
    const part = this.#negated();
    return (scope, world) => {
      const value = part(scope, world);
      return value === null ? null : !value;
    };
  }

  #tested(): Evaluate {
    const part = this.#compared();
    if (this.#took('IS', 'TRUE')) return (scope, world) => part(scope, world) === true;
    if (this.#took('IS', 'NOT', 'FALSE')) return (scope, world) => part(scope, world) !== false;
    return part;
  }

  #compared(): Evaluate {
    const left = this.#shifted();
    if (this.#took('IN', '(')) {
      const values = [this.#shifted()];
      while (this.#took(',')) values.push(this.#shifted());
      this.#take(')');
      return (scope, world) => either(values.map((value) => compared(left(scope, world), '=', value(scope, world))), true);
    }
    for (const sign of ['=', '<', '>', '>=']) {
      if (!this.#took(sign)) continue;
      const right = this.#shifted();
      return (scope, world) => compared(left(scope, world), sign, right(scope, world));
    }
    return left;
  }

  #shifted(): Evaluate {
    let value = this.#single();
    while (this.#took('+', 'interval')) {
      const [amount = '', unit = ''] = this.#next().slice(1, -1).split(' ');
      const before = value;
      value = (scope, world) => {
        const day = before(scope, world) as CalendarDate;
        return unit === 'months' ? addMonths(day, Number(amount)) : addDays(day, Number(amount));
      };
    }
    return value;
  }

  #single(): Evaluate {
    if (this.#took('EXISTS', '(', 'SELECT', '1', 'FROM')) return this.#exists();
    if (this.#took('(')) {
      const inner = this.any();
      this.#take(')');
      if (this.#took('::')) this.#next();
      return inner;
    }
    const token = this.#next();
    if (token.startsWith("'")) return () => token.slice(1, -1).replaceAll("''", "'");
    if (token.startsWith('«')) return (_, { parameters }) => parameterOf(parameters, token.slice(1, -1));
    if (token === 'TRUE' || token === 'FALSE') return () => token === 'TRUE';
    if (/^\d+$/u.test(token)) return () => Number(token);
    const [alias = '', column = ''] = token.split('.');
    return (scope) => {
      const value = scope[alias]?.[column];
      if (value === undefined) throw new Error(`no column ${token}`);
      return value;
    };
  }

  #exists(): Evaluate {
    const [table, alias] = [this.#next(), this.#next()];
    this.#take('WHERE');
    const meets = this.any();
    this.#take(')');
    return (scope, world) => (world.tables[table] ?? []).some((row) => meets({ ...scope, [alias]: row }, world) === true);
  }

  #next(): string {
    this.#at += 1;
    return this.#tokens[this.#at - 1] ?? '';
  }

  #take(token: string): void {
    if (!this.#took(token)) throw new Error(`${token} expected before ${this.#tokens.slice(this.#at).join(' ')}`);
  }

  #took(...tokens: string[]): boolean {
    const there = tokens.every((token, index) => this.#tokens[this.#at + index] === token);
    if (there) this.#at += tokens.length;
    return there;
  }
}

function parameterOf(parameters: SqlWorld['parameters'], name: string): SqlValue {
  const value = parameters[name];
  if (value === undefined) throw new Error(`no parameter ${name}`);
  return value;
}

const either = (parts: readonly SqlValue[], wanted: boolean): boolean | null => (parts.includes(wanted) ? wanted : parts.includes(null) ? null : !wanted);

function compared(left: SqlValue, sign: string, right: SqlValue): boolean | null {
  if (left === null || right === null) return null;
  const [one, other] = /^\d{4}-\d\d-\d\dT/u.test(String(left)) && typeof right === 'string' ? [Date.parse(String(left)), Date.parse(right.includes('T') ? right : `${right}T00:00:00+08:00`)] : [left, right];
  return sign === '=' ? one === other : sign === '<' ? one < other : sign === '>' ? one > other : one >= other;
}

/** What the reference is told of a row: its attributes, and of the rows behind its links, links of links included. */
export function factsOf(record: string, row: Row, catalogue: Catalogue, world: SqlWorld, depth = 2): Facts {
  const shape = catalogue.records.get(record);
  if (!shape) throw new Error(`no record ${record}`);
  const attributes = Object.fromEntries(Object.entries(shape.attributes).map(([name, { sql }]) => [name, readSql(sql('c'))({ c: row }, world)]));
  if (depth === 0) return { attributes };
  const links = Object.fromEntries(Object.entries(shape.links).map(([name, link]) => {
    const { table, on } = link.from('c', 'i');
    return [name, (world.tables[table] ?? []).filter((linked) => readSql(on)({ c: row, i: linked }, world) === true).map((linked) => factsOf(link.record, linked, catalogue, world, depth - 1))];
  }));
  return { attributes, links };
}
