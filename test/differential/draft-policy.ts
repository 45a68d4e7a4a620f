import { AGENCY_KINDS, PURPOSES } from '../../src/kernel/viewer.js';
import { parsePolicy, type PolicySource } from '../../src/policy/parse-policy.js';
import { checkPolicy } from '../../src/policy/check.js';
import type { Catalogue } from '../../src/policy/catalogue.js';
import { SHIPPED_SOURCES } from '../policy/shipped-policy.js';
import { PolicyRefused, type Policy, type PolicyFault } from '../../src/policy/language.js';

/** A rule, a relation's condition or an entry of `allow` as an author would write it: JSON, which is YAML. */
export type Draft = { readonly [key: string]: unknown };

export interface DraftRecord { record: string; relations: Record<string, Draft>; rows: Draft[]; blocks: { fields: string[]; releases: string[]; grants: Draft[] }[]; caps: Draft[] }
export interface DraftPolicy { ladders: Draft[]; purposes: Draft[]; operations: Draft[]; records: DraftRecord[] }

/** Files of the shipped policy that say nothing of who may see what: a generated policy borrows them. */
const FURTHER_FILES = SHIPPED_SOURCES.filter(({ name, text }) => !['ladders.yaml', 'purposes.yaml', 'operations.yaml'].includes(name) && !/^record:/mu.test(text));

/** A written policy with the files that it borrows. */
export const completed = (sources: readonly PolicySource[]): PolicySource[] => [...sources, ...FURTHER_FILES];

const BASIS = '民发〔2020〕14号 二(五)';
const RECORD_FILE = (record: string): string => `${record}.yaml`;

/** Where each line of a written policy came from, so that a line at fault can be struck out. */
interface Written { sources: PolicySource[]; origins: Map<string, Draft> }

/** Writes a draft as the files of a policy, one rule a line. */
export function writePolicy(draft: DraftPolicy): PolicySource[] {
  return write(draft).sources;
}

function write(draft: DraftPolicy): Written {
  const origins = new Map<string, Draft>();
  const file = (name: string, lines: readonly (string | { line: string; from: Draft })[]): PolicySource => {
    for (const [index, line] of lines.entries()) if (typeof line !== 'string') origins.set(`${name}:${index + 1}`, line.from);
    return { name, text: `${lines.map((line) => (typeof line === 'string' ? line : line.line)).join('\n')}\n` };
  };
  const item = (from: Draft, indent = ''): { line: string; from: Draft } => ({ line: `${indent}- ${JSON.stringify(from)}`, from });
  return {
    origins,
    sources: [
      file('ladders.yaml', draft.ladders.map((ladder) => item(ladder))),
      file('purposes.yaml', draft.purposes.map((purpose) => item(purpose))),
      file('operations.yaml', draft.operations.map((operation) => item(operation))),
      ...draft.records.map((record) => file(RECORD_FILE(record.record), recordLines(record, item))),
    ],
  };
}

function recordLines({ record, relations, rows, blocks, caps }: DraftRecord, item: (from: Draft, indent?: string) => { line: string; from: Draft }): (string | { line: string; from: Draft })[] {
  const named = new Set([...rows, ...blocks.flatMap(({ grants }) => grants), ...caps].flatMap((rule) => [...((rule['as'] ?? []) as string[]), ...((rule['except'] ?? []) as string[])]));
  const kept = Object.entries(relations).filter(([name]) => named.has(name));
  return [
    `record: ${record}`, `title: ${record}`, 'provider: CIVIL_AFFAIRS', 'sharing: conditional', `basis: ${BASIS}`,
    ...(kept.length > 0 ? ['relations:', ...kept.map(([name, when]) => ({ line: `  ${name}: ${JSON.stringify({ title: name, when })}`, from: when }))] : []),
    'rows:', ...rows.map((rule) => item(rule, '  ')),
    'fields:', ...blocks.flatMap(({ fields, releases, grants }) => [
      `  - fields: ${JSON.stringify(fields)}`, ...(releases.length > 0 ? [`    releases: ${JSON.stringify(releases)}`] : []),
      ...(grants.length > 0 ? ['    grants:', ...grants.map((grant) => item(grant, '      '))] : ['    nobody: 无人']),
    ]),
    ...(caps.length > 0 ? ['caps:', ...caps.map((cap) => item(cap, '  '))] : []),
  ];
}

/** A policy that was taken, as files and as read. `checked`: it also passed the checks of an author's slips (idle rules, contradictions, joinable rungs). */
export interface TakenPolicy { sources: PolicySource[]; policy: Policy; checked: boolean }

const STRIKES_AT_MOST = 40;

/**
 * Reads a draft, and with `check` (which takes ten times as long) checks it, striking out line after line that is found at fault: what is left is sound. Where that takes too long the draft is only read,
 * since the law must hold for whatever can be read.
 */
export function takePolicy(draft: DraftPolicy, catalogue: Catalogue, check: boolean): TakenPolicy {
  let struck = draft;
  let readable: TakenPolicy | undefined;
  for (let strike = 0; strike < STRIKES_AT_MOST; strike += 1) {
    const { sources, origins } = write(struck);
    const faults = faultsOf(sources, catalogue, check, (policy) => {
      readable ??= { sources, policy, checked: false };
    });
    if (!Array.isArray(faults)) return { sources, policy: faults, checked: check };
    const lines = new Set<Draft>(faults.flatMap((fault) => lineAtFault(fault, origins, struck)));
    if (lines.size === 0) throw new Error(`a fault stands in no line that can be struck out: ${faults.map(({ message }) => message).join('; ')}`);
    struck = without(struck, lines);
  }
  if (readable) return readable;
  throw new Error(`a generated policy cannot be read:\n${JSON.stringify(struck)}`);
}

/** A fault of a relation is told at the head of its record; all others at their own line. */
function lineAtFault({ place, problem }: PolicyFault, origins: ReadonlyMap<string, Draft>, draft: DraftPolicy): Draft[] {
  const line = origins.get(`${place.file}:${place.line}`);
  if (line) return [line];
  const relations = draft.records.find(({ record }) => RECORD_FILE(record) === place.file)?.relations ?? {};
  return Object.entries(relations).filter(([name]) => problem.includes(`\`${name}\``)).map(([, when]) => when);
}

function faultsOf(sources: PolicySource[], catalogue: Catalogue, check: boolean, onReadable: (policy: Policy) => void): Policy | PolicyFault[] {
  try {
    const policy = parsePolicy(completed(sources), catalogue);
    onReadable(policy);
    const faults = check ? checkPolicy(policy, catalogue) : [];
    return faults.length > 0 ? faults : policy;
  } catch (error) {
    if (error instanceof PolicyRefused) return [...error.faults];
    throw error;
  }
}

/** The draft without some of its lines; where a list may not be empty, an entry that speaks for everybody takes its place. */
export function without(draft: DraftPolicy, lines: ReadonlySet<Draft>): DraftPolicy {
  return {
    ladders: draft.ladders,
    purposes: draft.purposes.map((purpose) => (lines.has(purpose) ? { ...purpose, allow: [{ kind: [...AGENCY_KINDS] }] } : purpose)),
    operations: draft.operations.map((operation) => (lines.has(operation) ? { ...operation, allow: [{ kind: [...AGENCY_KINDS], for: [...PURPOSES] }] } : operation)),
    records: draft.records.map((record) => recordWithout(record, lines)),
  };
}

function recordWithout(record: DraftRecord, lines: ReadonlySet<Draft>): DraftRecord {
  const gone = Object.keys(record.relations).filter((name) => lines.has(record.relations[name] ?? {}));
  const cleaned = (rules: readonly Draft[]): Draft[] => rules.filter((rule) => !lines.has(rule)).map((rule) => withoutRelations(rule, gone));
  const rows = cleaned(record.rows);
  return {
    record: record.record, relations: Object.fromEntries(Object.entries(record.relations).filter(([name]) => !gone.includes(name))),
    rows: rows.some((rule) => 'grant' in rule) ? rows : [{ grant: 'everybody', for: [...PURPOSES] }, ...rows],
    blocks: record.blocks.map((block) => ({ ...block, grants: cleaned(block.grants) })), caps: cleaned(record.caps),
  };
}

function withoutRelations(rule: Draft, names: readonly string[]): Draft {
  if (names.length === 0) return rule;
  const kept = { ...rule } as Record<string, unknown>;
  for (const key of ['as', 'except']) {
    if (!(key in kept)) continue;
    const left = (kept[key] as string[]).filter((name) => !names.includes(name));
    if (left.length > 0) kept[key] = left;
    else delete kept[key];
  }
  return kept;
}
