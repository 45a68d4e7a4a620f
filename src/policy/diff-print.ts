import type { Catalogue } from './catalogue.js';
import type { PolicyDiff } from './diff.js';
import { DiffWords } from './diff-words.js';
import { heightOf, type Policy, type Rung } from './language.js';
import type { Witness } from './witness.js';

/** What a search of a database found; `records` is how many records it holds, null where the login may not count them. */
export interface Searched { agencies: number; records: number | null; witnesses: readonly Witness[] }

/** Whether anybody gains or loses anything, as far as was looked. */
export function hasEffect(diff: PolicyDiff, searched: Searched | null): boolean {
  return [diff.cells, diff.purposes, diff.operations, diff.writes, diff.terms, searched?.witnesses ?? []].some(({ length }) => length > 0);
}

/** The report in Chinese, to be read aloud: numbered sentences under a few heads, everything by the words of the policy, cells by their names too; English closes it. */
export function diffText(policies: readonly [before: Policy, after: Policy], catalogue: Catalogue, diff: PolicyDiff, searched: Searched | null): string {
  const words = new DiffWords(policies, catalogue);
  const rises = ({ from, to }: { from: Rung; to: Rung }): boolean => heightOf(to) > heightOf(from);
  const sinks = (change: { from: Rung; to: Rung }): boolean => !rises(change);
  const found = searched?.witnesses ?? [];
  const scope = searched ? `（${searched.agencies} 个单位，${recordsText(searched)}）` : '';
  const sections: (readonly [title: string, lines: string[]])[] = [
    ['按规则多看到的（未成年人、受保护人员的记录，只在与普通成年人不同时写明；记录上的其他条件按满足计）', words.cellLines(diff.cells.filter(rises))],
    ['按规则少看到的（同样计法）', words.cellLines(diff.cells.filter(sinks))],
    ['用途、操作和办理', [...words.purposeLines(diff.purposes), ...words.operationLines(diff.operations), ...words.writeLines(diff.writes)]],
    ['共享属性、事由和限量', words.termLines(diff.terms)],
    [`在本库记录上多看到的${scope}`, words.witnessLines(found.filter(rises))],
    [`在本库记录上少看到的${scope}`, words.witnessLines(found.filter(sinks))],
    ['改动的规则', words.ruleLines(diff.rules)],
  ];
  const told = sections.filter(([, lines]) => lines.length > 0).map(([title, lines], index) => `${'一二三四五六七'[index]}、${title}\n${lines.map((line, at) => `${at + 1}. ${line}`).join('\n')}`);
  return [`策略比较：旧 ${diff.before.slice(0, 12)}，新 ${diff.after.slice(0, 12)}`, ...told, closing(diff, searched)].join('\n\n');
}

const recordsText = ({ records }: Searched): string => (records === null ? '各单位可及的记录' : `${records} 条记录`);

/** What it comes to, and what was not looked at. */
function closing(diff: PolicyDiff, searched: Searched | null): string {
  const count = diff.rules.length;
  if (diff.before === diff.after) return '两份策略完全相同。\nthe two policies are the same';
  if (count === 0) return '规则相同，不同的只是编排、注释或样例。\nthe rules are the same; only layout, comments or examples differ';
  const unseen = searched ? '' : '没有查看数据库，条件放宽或收紧对记录的影响不在其中。';
  const blind = searched ? '' : '; no database was looked at';
  if (hasEffect(diff, searched)) return `共改动规则 ${count} 处。${unseen}\n${count} rules changed: ${diff.cells.length} cells of the matrix, ${diff.purposes.length + diff.operations.length + diff.writes.length} doors, ${diff.terms.length} terms${searched ? `, ${searched.witnesses.length} differences on the records of this database` : blind}`;
  const nor = searched ? `，在本库的${recordsText(searched)}上，${searched.agencies} 个单位看到的也都没有变化` : '';
  return `规则改动 ${count} 处，但按规则，谁能看到什么、办理什么都没有变化${nor}。${unseen}\n${count} rules changed, with no effect on the matrix${searched ? ` or on ${searched.records ?? 'the'} records of this database` : blind}`;
}
