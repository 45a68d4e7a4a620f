import { parse, stringify } from 'yaml';
import { AGENCY_KINDS, PURPOSES } from '../../src/kernel/viewer.js';
import { cellsOf, type Catalogue } from '../../src/policy/catalogue.js';
import type { PolicySource } from '../../src/policy/parse-policy.js';

interface RecordFile { record: string; fields: { fields: string[] }[] }

const BASIS = '民发〔2020〕14号 二(五)';
const blockOf = (cells: readonly string[]): Record<string, unknown> => ({ fields: cells, nobody: '当时还没有的栏目' });

/** A policy that was kept when the catalogue was smaller, with what has come since: records and fields that nobody sees, operations that everybody may use. What it says of the rest stays as it was. */
export function grownTo(catalogue: Catalogue, sources: readonly PolicySource[]): PolicySource[] {
  const known = new Set<string>();
  const grown = sources.map(({ name, text }): PolicySource => {
    if (name === 'operations.yaml') return { name, text: withOperations(catalogue, text) };
    if (!/^record:/mu.test(text)) return { name, text };
    const file = parse(text) as RecordFile;
    known.add(file.record);
    const shape = catalogue.records.get(file.record);
    const told = new Set(file.fields.flatMap(({ fields }) => fields));
    const missing = shape ? cellsOf(shape).filter((cell) => !told.has(cell)) : [];
    return missing.length === 0 ? { name, text } : { name, text: stringify({ ...file, fields: [...file.fields, blockOf(missing)] }) };
  });
  const unknown = [...catalogue.records.values()].filter(({ record }) => !known.has(record)).map((shape): PolicySource => ({
    name: `${shape.record}.yaml`,
    text: stringify({ record: shape.record, title: shape.record, provider: 'CIVIL_AFFAIRS', sharing: 'conditional', basis: BASIS, rows: [{ grant: 'everybody', for: PURPOSES }], fields: [blockOf(cellsOf(shape))] }),
  }));
  return [...grown, ...unknown];
}

function withOperations(catalogue: Catalogue, text: string): string {
  const rules = parse(text) as { operations: string[] }[];
  const ruled = new Set(rules.flatMap(({ operations }) => operations));
  const missing = catalogue.operations.filter((operation) => !ruled.has(operation));
  return missing.length === 0 ? text : stringify([...rules, { operations: missing, title: '操作', basis: '依据', allow: [{ kind: AGENCY_KINDS, for: PURPOSES }] }]);
}
