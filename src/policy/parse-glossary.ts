import type { Node } from 'yaml';
import { cellsOf, type Catalogue, type RecordShape } from './catalogue.js';
import type { Glossary, Policy } from './language.js';
import type { YamlFile } from './yaml-reader.js';

/** Reads `glossary.yaml`: every field, fact and link of every record type has a name that a lawyer can read aloud, or the policy is refused. */
export function parseGlossary(file: YamlFile, catalogue: Catalogue): Policy['glossary'] {
  const glossary: Policy['glossary'] = new Map();
  for (const item of file.items(file.root, 'the list of words')) {
    const entry = file.entries(item, 'the words of a record', ['record', 'fields', 'facts', 'links', 'values'], ['record', 'fields', 'facts']);
    const shape = catalogue.records.get(file.word(entry.get('record'), 'the record', [...catalogue.records.keys()]) ?? '');
    if (!shape) continue;
    const { record } = shape;
    if (glossary.has(record)) file.fault(item, `record \`${record}\` stands twice`, 'keep one of the two');
    const words = (key: 'fields' | 'facts' | 'links', names: readonly string[]): Map<string, string> => wordsOf(file, item, entry.get(key), `${key} of ${record}`, names);
    glossary.set(record, { fields: words('fields', cellsOf(shape)), facts: words('facts', Object.keys(shape.attributes)), links: words('links', Object.keys(shape.links)), values: valuesOf(file, item, entry.get('values'), shape) });
  }
  for (const record of catalogue.records.keys()) if (!glossary.has(record)) file.fault(file.root, `the words of \`${record}\` are missing`, `add \`- record: ${record}\``);
  return glossary;
}

function valuesOf(file: YamlFile, item: Node, node: Node | undefined, shape: RecordShape): Glossary['values'] {
  const closed = Object.entries(shape.attributes).filter(([, { words }]) => words !== undefined);
  const entry = node ? file.entries(node, `values of ${shape.record}`, closed.map(([name]) => name)) : new Map<string, Node>();
  return new Map(closed.map(([name, { words = [] }]) => [name, wordsOf(file, item, entry.get(name), `values of ${shape.record}.${name}`, words)]));
}

function wordsOf(file: YamlFile, item: Node, node: Node | undefined, what: string, names: readonly string[]): Map<string, string> {
  const entry = names.length > 0 && node ? file.entries(node, what, names) : new Map<string, Node>();
  const words = new Map([...entry].map(([name, word]) => [name, file.text(word, 'the word')]));
  for (const name of names) if (!words.has(name)) file.fault(node ?? item, `\`${name}\`, of the ${what}, has no name`, `add \`${name}: …\``);
  return words;
}
