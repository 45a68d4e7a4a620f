import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../src/kernel/package-root.js';
import { buildCatalogue } from '../../src/ledgers/ledger-catalogue.js';
import type { Catalogue } from '../../src/policy/catalogue.js';
import { PolicyRefused, type Policy } from '../../src/policy/language.js';
import { parsePolicy, type PolicySource } from '../../src/policy/parse-policy.js';

const folder = join(packageRoot(), 'policies');

/** The files of `policies/` as they lie there. */
export const SHIPPED_SOURCES: readonly PolicySource[] = readdirSync(folder).filter((name) => name.endsWith('.yaml')).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

export const sourceText = (name: string): string => SHIPPED_SOURCES.find((source) => source.name === name)?.text ?? '';

/** The ledgers' catalogue with the operations that the shipped policy rules; that these are the schema's is another test. */
export const CATALOGUE: Catalogue = buildCatalogue((parse(sourceText('operations.yaml')) as { operations: string[] }[]).flatMap(({ operations }) => operations));

export const shippedPolicy = (): Policy => parsePolicy(SHIPPED_SOURCES, CATALOGUE);

/** The shipped files with one text replaced, which must occur in the file. */
export function withChange(name: string, from: string | RegExp, to: string): PolicySource[] {
  return SHIPPED_SOURCES.map((source) => {
    if (source.name !== name) return source;
    const text = source.text.replace(from, to);
    if (text === source.text) throw new Error(`${name} does not hold ${String(from)}`);
    return { name, text };
  });
}

/** The messages with which sources are refused; none if they are taken. */
export function faultsOf(sources: readonly PolicySource[], catalogue: Catalogue = CATALOGUE): string[] {
  try {
    parsePolicy(sources, catalogue);
    return [];
  } catch (error) {
    if (error instanceof PolicyRefused) return error.faults.map(({ message }) => message);
    throw error;
  }
}
