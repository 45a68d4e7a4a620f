import type { Policy, RecordPolicy } from './language.js';
import type { MatrixCell } from './matrix.js';
import { KIND_WORDS, LEVEL_WORDS, listed, ROLE_WORDS, RUNG_WORDS } from './words.js';

const COLUMNS = ['kind', 'level', 'role', 'purpose', 'record', 'field', 'relation', 'rung', 'rule', 'basis'] as const;

/** The matrix as CSV (RFC 4180, UTF-8 without a mark): one line a cell, the words of the contract. */
export function matrixCsv(cells: readonly MatrixCell[]): string {
  return [COLUMNS.join(','), ...cells.map((cell) => COLUMNS.map((column) => quoted(cell[column] ?? '')).join(','))].map((line) => `${line}\r\n`).join('');
}

/** The matrix as Markdown in Chinese, a table for each record; levels and fields of which the same is said stand together. What is not in a table is withheld. */
export function matrixMarkdown(policy: Policy, cells: readonly MatrixCell[]): string {
  return [...policy.records.values()].map((rules) => {
    const granted = cells.filter((cell) => cell.record === rules.record && cell.rung !== 'WITHHELD');
    return `## ${rules.title}（${rules.record}）\n\n依据：${rules.basis}。下表未列的一律不给看。\n\n${granted.length > 0 ? table(policy, rules, granted) : '对这里列出的机构，没有任何栏目。\n'}`;
  }).join('\n');
}

function table(policy: Policy, rules: RecordPolicy, granted: readonly MatrixCell[]): string {
  const byField = gather(granted, (cell) => ({ ...cell, level: null }), ({ level }) => LEVEL_WORDS[level]);
  const lines = gather(byField, ({ head, words }) => [{ ...head, level: null, field: null }, words], ({ head }) => head.field).map(({ head: { head: cell, words: levels }, words: fields }) => [
    KIND_WORDS[cell.kind], levels.length === Object.keys(LEVEL_WORDS).length ? '各级' : listed(levels), policy.purposes.get(cell.purpose)?.title ?? cell.purpose,
    cell.relation === null ? '—' : (rules.relationTitles.get(cell.relation) ?? cell.relation), cell.role === null ? '—' : ROLE_WORDS[cell.role],
    fields.join(' '), RUNG_WORDS[cell.rung], cell.rule, cell.basis,
  ]);
  const heads = ['机构', '级别', '用途', '与记录的关系', '角色', '栏目', '可见', '规则', '依据'];
  return row(heads) + row(heads.map(() => '---')) + lines.map(row).join('');
}

const quoted = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const row = (texts: readonly string[]): string => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |\n`;

/** Things of the same key together, in the order of the first of each, with the words of all. */
function gather<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => unknown, wordOf: (thing: Thing) => string): { head: Thing; words: string[] }[] {
  const groups = new Map<string, { head: Thing; words: string[] }>();
  for (const thing of things) {
    const key = JSON.stringify(keyOf(thing));
    const group = groups.get(key) ?? { head: thing, words: [] };
    group.words.push(wordOf(thing));
    groups.set(key, group);
  }
  return [...groups.values()];
}
