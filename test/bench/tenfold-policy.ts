import { parse, stringify } from 'yaml';
import type { PolicySource } from '../../src/policy/parse-policy.js';

/** A rule or condition as the file has it. */
type Rule = Record<string, unknown>;
interface RecordFile { record: string; relations: Record<string, { title: string; when: Rule }>; rows: Rule[]; fields: { grants?: Rule[] }[]; caps?: Rule[]; writes?: Rule[]; tests?: unknown }

/** One more than nine, because fields of an answer that is given where there is no record too take no copies: they may ask nothing of it. */
const COPIES = 10;
/** The policy's YAML has no aliases. */
const WRITTEN = { lineWidth: 0, aliasDuplicateObjects: false };

/** For each record type something that is so of no record of the benchmark, in the manner of its own rules: on a column where it has one that conditions may read, else through a link. */
const NEVER: Record<string, (copy: number) => Rule> = {
  ReturnCase: (copy) => ({ caseNo: { is: `X-${copy}` } }),
  Person: (copy) => ({ cases: { some: { caseNo: { is: `X-${copy}` } } } }),
  AidReferral: (copy) => ({ case: { some: { caseNo: { is: `X-${copy}` } } } }),
  AtRiskEntry: (copy) => ({ entryNo: { is: `X-${copy}` } }),
  SettlementCase: (copy) => ({ settlementNo: { is: `X-${copy}` } }),
  Stay: (copy) => ({ stayNo: { is: `X-${copy}` } }),
  IdentityInquiry: (copy) => ({ inquiryNo: { is: `X-${copy}` } }),
  MissingReport: (copy) => ({ reportNo: { is: `X-${copy}` } }),
  RegisteredHousehold: (copy) => ({ householdNo: { is: `X-${copy}` } }),
  HouseholdMember: (copy) => ({ household: { some: { householdNo: { is: `X-${copy}` } } } }),
  InboxItem: (copy) => ({ number: { is: `X-${copy}` } }),
  Correction: (copy) => ({ correctionNo: { is: `X-${copy}` } }),
  ReturneeCheck: (copy) => ({ closedAt: { before: `today - ${1_200 + copy} months` } }),
};

/** What restrains here asks a column first, as in the shipped policy: a look through a link for every record would be another kind of rule. */
const THROUGH_LINK = ['Person', 'HouseholdMember', 'AidReferral'];

/**
 * The shipped policy with ten times its rules: each relation, grant, veto, cap and write rule stands there ten times more, for the same kinds, levels, purposes and cells, in relations of
 * its own. Of three copies one is narrower than its original and never holds, one is narrower and mostly holds, and one rests on something else, which is so of no record of the benchmark:
 * so nobody there sees anything else. Copies stand before and behind their originals. The examples are left out: they speak of the shipped rules.
 */
export function tenfold(sources: readonly PolicySource[]): PolicySource[] {
  return sources.map(({ name, text }) => {
    const file = parse(text) as RecordFile | Rule[];
    if (Array.isArray(file)) return { name, text: allowTenfold(name, file, text) };
    return { name, text: stringify(recordTenfold(file), WRITTEN) };
  });
}

/** `purposes.yaml` and `operations.yaml`: each entry of `allow` ten times; the other lists hold no rules. */
function allowTenfold(name: string, entries: Rule[], text: string): string {
  if (!['purposes.yaml', 'operations.yaml'].includes(name)) return text;
  return stringify(entries.map((entry) => ({ ...entry, allow: Array.from({ length: COPIES + 1 }, () => entry['allow']).flat() })), WRITTEN);
}

function recordTenfold(whole: RecordFile): Omit<RecordFile, 'tests'> {
  const { tests: _, ...file } = whole;
  const never = NEVER[file.record];
  if (!never) throw new Error(`no condition for ${file.record}`);
  const copied = (condition: unknown, copy: number, mayRestOnElse: boolean): Rule => {
    if (copy % 3 === 2 && mayRestOnElse) return never(copy);
    const only = copy % 3 === 0 ? never(copy) : { none: [never(copy)] };
    return condition === undefined ? only : { all: [condition, only] };
  };
  const relations = Object.entries(file.relations).flatMap(([name, { title, when }]) => tenTimes((copy): [string, { title: string; when: Rule }] => (copy === 0
    ? [name, { title, when }] : [`${name}${copy}`, { title: `${title}（${copy}）`, when: copied(when, copy, true) }])));
  const namesOf = (names: unknown, copy: number): string[] => (names as string[]).map((name) => `${name}${copy}`);
  const ruleOf = (key: string) => (rule: Rule): Rule[] => tenTimes((copy) => (copy === 0 ? rule : {
    ...rule, ...(key !== 'write' && { [key]: `${String(rule[key])}-${copy}` }),
    ...('as' in rule && { as: namesOf(rule['as'], copy) }), ...('after' in rule && { after: namesOf(rule['after'], copy) }),
    ...('except' in rule && { except: [...(rule['except'] as string[]), ...namesOf(rule['except'], copy)] }),
    // a grant is told from its original by its relation where it has one; what restrains is told by its condition
    ...('as' in rule && key === 'grant' ? {} : { when: copied(rule['when'], copy, key === 'grant' || !THROUGH_LINK.includes(file.record)) }),
  }));
  const grantsOrVetoes = (rules: Rule[]): Rule[] => rules.flatMap((rule) => ruleOf('veto' in rule ? 'veto' : 'grant')(rule));
  return {
    ...file, relations: Object.fromEntries(relations), rows: grantsOrVetoes(file.rows),
    fields: file.record === 'ReturneeCheck' ? file.fields : file.fields.map((block) => ({ ...block, ...(block.grants && { grants: grantsOrVetoes(block.grants) }) })),
    ...(file.caps && { caps: file.caps.flatMap(ruleOf('cap')) }), ...(file.writes && { writes: file.writes.flatMap(ruleOf('write')) }),
  };
}

/** The original (copy 0) in the midst of its copies. */
function tenTimes<Made>(make: (copy: number) => Made): Made[] {
  return Array.from({ length: COPIES + 1 }, (_, index) => make((index + 6) % (COPIES + 1)));
}
