import { eachOnce, gather } from './gather.js';
import type { Policy, RecordPolicy } from './language.js';
import type { MatrixCell } from './matrix.js';
import { fieldText, instantText } from './phrases.js';
import { KIND_WORDS, levelsText, listed, ROLE_WORDS, RUNG_WORDS, SHARING_WORDS } from './words.js';

const COLUMNS = ['kind', 'level', 'role', 'purpose', 'record', 'field', 'relation', 'rung', 'rule', 'basis', 'until'] as const;

/** The matrix as CSV (RFC 4180, UTF-8 without a mark): one line a cell, the words of the contract. */
export function matrixCsv(cells: readonly MatrixCell[]): string {
  return [COLUMNS.join(','), ...cells.map((cell) => COLUMNS.map((column) => quoted(cell[column] ?? '')).join(','))].map((line) => `${line}\r\n`).join('');
}

/** The matrix as Markdown in Chinese, a table for each record; levels and fields of which the same is said stand together. What is not in a table is withheld. */
export function matrixMarkdown(policy: Policy, cells: readonly MatrixCell[]): string {
  const records = new Set(cells.map(({ record }) => record));
  return [...policy.records.values()].filter(({ record }) => records.has(record)).map((rules) => {
    const granted = cells.filter((cell) => cell.record === rules.record && cell.rung !== 'WITHHELD');
    return `## ${rules.title}（${rules.record}）\n\n提供方：${KIND_WORDS[rules.provider]}。共享属性：${SHARING_WORDS[rules.sharing]}${rules.sharingBasis === undefined ? '' : `（${rules.sharingBasis}）`}。依据：${rules.basis}。下表所列是普通成年人的记录，记录上的其他条件按满足计；未列的一律不给看。\n\n${granted.length > 0 ? table(policy, rules, granted) : '对这里列出的机构，没有任何栏目。\n'}`;
  }).join('\n');
}

function table(policy: Policy, rules: RecordPolicy, granted: readonly MatrixCell[]): string {
  const byLevel = gather(granted, (cell) => ({ ...cell, level: null })).map((group) => ({ ...group[0], levels: eachOnce(group, ({ level }) => level) }));
  const lines = gather(byLevel, (cell) => ({ ...cell, level: null, field: null })).map((group) => {
    const [cell] = group;
    return [
      KIND_WORDS[cell.kind], levelsText(cell.levels), policy.purposes.get(cell.purpose)?.title ?? cell.purpose,
      cell.relation === null ? '—' : (rules.relationTitles.get(cell.relation) ?? cell.relation), cell.role === null ? '—' : ROLE_WORDS[cell.role],
      listed(eachOnce(group, ({ field }) => fieldText(policy, rules.record, field))), RUNG_WORDS[cell.rung], `${cell.rule}${cell.until === null ? '' : `（至 ${instantText(Date.parse(cell.until))} 止）`}`, cell.basis,
    ];
  });
  const heads = ['机构', '级别', '用途', '与记录的关系', '角色', '栏目', '可见', '规则', '依据'];
  return row(heads) + row(heads.map(() => '---')) + lines.map(row).join('');
}

const quoted = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const row = (texts: readonly string[]): string => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |\n`;
