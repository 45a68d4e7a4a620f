import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import type { PolicySource } from '../../src/policy/parse-policy.js';
import type { Asked } from './generated-asking.js';
import { noRows, type PlainRows } from './plain-rows.js';

/** A case on which hub and reference once differed, or might: policy, rows and questions, cut down to what it takes, and the two answers of then. */
export interface CorpusCase {
  /** What went wrong, or what the case holds. */
  what: string;
  policy: PolicySource[];
  rows: Partial<PlainRows>;
  questions: Asked[];
  hub?: unknown;
  reference?: unknown;
}

/** Kept for ever: a test replays every file. */
export const CORPUS_FOLDER = join(packageRoot(), 'test', 'corpus');

export const rowsOf = ({ rows }: CorpusCase): PlainRows => ({ ...noRows(), ...rows });

/** Writes a case under a name made of its content. @returns the path of the file */
export function keepCase(found: CorpusCase, folder = CORPUS_FOLDER): string {
  const rows = Object.fromEntries(Object.entries(found.rows).filter(([, list]) => list.length > 0));
  const text = `${JSON.stringify({ ...found, rows }, null, 1)}\n`;
  const file = join(folder, `mismatch-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  return file;
}

export function readCorpus(folder = CORPUS_FOLDER): { file: string; found: CorpusCase }[] {
  return readdirSync(folder).filter((name) => name.endsWith('.json')).toSorted().map((name) => ({ file: name, found: JSON.parse(readFileSync(join(folder, name), 'utf8')) as CorpusCase }));
}
