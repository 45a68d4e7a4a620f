import { createHash } from 'node:crypto';
import type { Node } from 'yaml';
import { PURPOSES, type Purpose } from '../kernel/viewer.js';
import { cellsOf, findField, rungsOf, type Catalogue } from './catalogue.js';
import { parseDeadlines, type Deadlines } from './deadlines.js';
import { PolicyFault, PolicyRefused, RUNGS, type Audience, type OperationRule, type Policy, type PurposeRule, type Rung } from './language.js';
import { parseGlossary } from './parse-glossary.js';
import { parseAudience, parseLimits, parseRecord } from './parse-record.js';
import { parseStatistics } from './statistic-rules.js';
import { YamlFile } from './yaml-reader.js';

/** A policy file as it lies in the folder. */
export interface PolicySource { name: string; text: string }

/** Files of the folder that are not about one record. */
const SPECIAL_FILES = ['purposes.yaml', 'ladders.yaml', 'operations.yaml', 'deadlines.yaml', 'glossary.yaml', 'statistics.yaml'];

/**
 * Reads and checks a whole policy. Either every cell of every record and every operation has a rule and every word is known, or nothing is in force.
 * @throws PolicyRefused with every fault found: file, line, column, what is wrong, how to mend it
 */
export function parsePolicy(sources: readonly PolicySource[], catalogue: Catalogue): Policy {
  const sorted = inOrder(sources);
  const faults: PolicyFault[] = [];
  const open = (name: string): YamlFile | undefined => {
    const source = sorted.find((candidate) => candidate.name === name);
    if (!source) faults.push(missingFile(name));
    return source && new YamlFile(source.name, source.text);
  };
  const ladderFile = open('ladders.yaml');
  const purposeFile = open('purposes.yaml');
  const operationFile = open('operations.yaml');
  const glossaryFile = open('glossary.yaml');
  const ladders = ladderFile ? parseLadders(ladderFile, catalogue) : new Map<string, Rung[]>();
  const purposes = purposeFile ? parsePurposes(purposeFile, catalogue) : new Map<Purpose, PurposeRule>();
  const operations = operationFile ? parseOperations(operationFile, catalogue) : new Map<string, OperationRule>();
  const glossary: Policy['glossary'] = glossaryFile ? parseGlossary(glossaryFile, catalogue) : new Map();
  const deadlineSource = sorted.find(({ name }) => name === 'deadlines.yaml');
  const deadlineFile = deadlineSource && new YamlFile(deadlineSource.name, deadlineSource.text);
  const deadlines: Deadlines = deadlineFile ? parseDeadlines(deadlineFile) : new Map();
  const statisticsFile = (catalogue.measures ?? []).length > 0 ? open('statistics.yaml') : undefined;
  const statistics: Policy['statistics'] = statisticsFile ? parseStatistics(statisticsFile, catalogue, (node) => parseAllowed(statisticsFile, node)) : new Map();
  const records: Policy['records'] = new Map();
  const recordFiles = sorted.filter((source) => !SPECIAL_FILES.includes(source.name)).map((source) => new YamlFile(source.name, source.text));
  for (const file of recordFiles) {
    const record = parseRecord(file, catalogue, ladders);
    if (record && records.has(record.record)) file.fault(file.root, `record \`${record.record}\` has two files`, 'keep one of the two');
    if (record) records.set(record.record, record);
  }
  for (const name of catalogue.records.keys()) if (!records.has(name) && recordFiles.every((file) => file.faults.length === 0)) faults.push(missingFile(`a file for \`${name}\``));
  for (const file of [ladderFile, purposeFile, operationFile, glossaryFile, deadlineFile, statisticsFile, ...recordFiles]) faults.push(...(file?.faults ?? []));
  if (faults.length > 0) throw new PolicyRefused(faults);
  return { hash: policyVersion(sorted), records, purposes, operations, ladders, deadlines, statistics, glossary };
}

const inOrder = (sources: readonly PolicySource[]): PolicySource[] => sources.toSorted((one, other) => (one.name < other.name ? -1 : 1));

const missingFile = (name: string): PolicyFault => new PolicyFault({ file: 'policies', line: 1, column: 1 }, `${name} is missing`, 'add it to the folder of policies');

/** The version of a policy: SHA-256 over names and texts, each with its length, so that no two folders give the same bytes. */
export function policyVersion(sources: readonly PolicySource[]): string {
  const hash = createHash('sha256');
  for (const { name, text } of inOrder(sources)) hash.update(`${name.length}:${name}${Buffer.byteLength(text)}:${text}`);
  return hash.digest('hex');
}

function parseLadders(file: YamlFile, catalogue: Catalogue): Map<string, Rung[]> {
  const ladders = new Map<string, Rung[]>();
  const known = [...catalogue.records.values()].flatMap((shape) => cellsOf(shape).map((cell) => `${shape.record}.${cell}`));
  for (const item of file.items(file.root, 'the list of ladders')) {
    const entry = file.entries(item, 'a ladder', ['cells', 'rungs', 'basis'], ['cells', 'rungs', 'basis']);
    const rungs = file.words(entry.get('rungs'), 'rung', RUNGS);
    if (rungs.at(-1) !== 'FULL' || rungs.some((rung, index) => rung === 'WITHHELD' || RUNGS.indexOf(rung) < RUNGS.indexOf(rungs[index - 1] ?? rung))) {
      file.fault(entry.get('rungs'), 'a ladder rises to FULL', 'write the rungs from low to high, FULL last, without WITHHELD');
    }
    for (const cell of file.words(entry.get('cells'), 'cell', known)) {
      const [record, ...path] = cell.split('.');
      const shape = catalogue.records.get(record);
      const field = shape && findField(shape, path.join('.'));
      for (const rung of rungs) if (!field || !rungsOf(field).includes(rung)) file.fault(item, `\`${cell}\` cannot be shown at \`${rung}\``, 'take the rung out');
      if (ladders.has(cell)) file.fault(item, `\`${cell}\` stands on two ladders`, 'keep one of the two');
      ladders.set(cell, rungs);
    }
  }
  return ladders;
}

function parseAllowed(file: YamlFile, node: Node | undefined): Audience[] {
  return file.items(node, '`allow`').map((item) => {
    const entry = file.entries(item, 'an entry of `allow`', ['kind', 'level', 'roles', 'for', 'from', 'until']);
    if (!['kind', 'level', 'roles', 'for'].some((key) => entry.has(key))) file.fault(item, 'the entry compiles to nothing', 'name at least a kind');
    return { ...parseAudience(file, entry), ...parseLimits(file, item, entry) };
  });
}

function parsePurposes(file: YamlFile, catalogue: Catalogue): Map<Purpose, PurposeRule> {
  const purposes = new Map<Purpose, PurposeRule>();
  for (const item of file.items(file.root, 'the list of purposes')) {
    const entry = file.entries(item, 'a purpose', ['purpose', 'title', 'basis', 'matter', 'matterExcept', 'allow'], ['purpose', 'title', 'basis', 'matter', 'allow']);
    const purpose = file.word(entry.get('purpose'), 'purpose', PURPOSES);
    if (!purpose) continue;
    if (purposes.has(purpose)) file.fault(item, `purpose \`${purpose}\` stands twice`, 'keep one of the two');
    purposes.set(purpose, {
      purpose, title: file.text(entry.get('title'), 'the title'), basis: file.text(entry.get('basis'), 'the basis'),
      matterRequired: file.word(entry.get('matter'), 'matter', ['required', 'optional']) === 'required',
      matterExcept: entry.has('matterExcept') ? file.words(entry.get('matterExcept'), 'operation', catalogue.operations) : [],
      allowed: parseAllowed(file, entry.get('allow')), place: file.placeOf(item),
    });
  }
  for (const purpose of PURPOSES) if (!purposes.has(purpose)) file.fault(file.root, `purpose \`${purpose}\` is missing`, 'add it');
  return purposes;
}

function parseLimit(file: YamlFile, node: Node | undefined): OperationRule['limit'] {
  if (!node) return undefined;
  const limit = file.entries(node, '`limit`', ['items', 'perMinutes'], ['items', 'perMinutes']);
  return { items: file.number(limit.get('items'), 'items'), perMinutes: file.number(limit.get('perMinutes'), 'perMinutes') };
}

function parseOperations(file: YamlFile, catalogue: Catalogue): Map<string, OperationRule> {
  const operations = new Map<string, OperationRule>();
  for (const item of file.items(file.root, 'the list of operations')) {
    const entry = file.entries(item, 'an operation rule', ['operations', 'title', 'basis', 'purposeFree', 'allow', 'limit'], ['operations', 'title', 'basis', 'allow']);
    const [title, basis, limit] = [file.text(entry.get('title'), 'the title'), file.text(entry.get('basis'), 'the basis'), parseLimit(file, entry.get('limit'))];
    const purposeFree = file.boolean(entry.get('purposeFree'), '`purposeFree`');
    const allowed = parseAllowed(file, entry.get('allow'));
    if (!purposeFree && allowed.some((audience) => !audience.purposes)) file.fault(item, 'an entry of `allow` names no purpose', 'add `for: [ … ]`');
    for (const operation of file.words(entry.get('operations'), 'operation', catalogue.operations)) {
      if (operations.has(operation)) file.fault(item, `operation \`${operation}\` has two rules`, 'keep one of the two');
      operations.set(operation, {
        operation, title, basis, purposeFree, allowed, ...(limit && { limit }), place: file.placeOf(item),
      });
    }
  }
  for (const operation of catalogue.operations) if (!operations.has(operation)) file.fault(file.root, `operation \`${operation}\` has no rule`, 'add it');
  return operations;
}
