import type { Catalogue } from './catalogue.js';
import { eachOnce, gather } from './gather.js';
import type { Policy, PolicyTest, Rung } from './language.js';
import type { PolicyTestFailure } from './policy-tests.js';
import { fieldText } from './phrases.js';
import { KIND_WORDS, LEVEL_WORDS, listed, ROLE_WORDS, RUNG_WORDS, SHARING_WORDS } from './words.js';

/** What was found in order in a policy that passed every check, a line for each thing checked. */
export function soundnessText(policy: Policy, catalogue: Catalogue): string {
  const records = [...policy.records.values()];
  const sum = (count: (rules: (typeof records)[number]) => number): number => records.reduce((total, rules) => total + count(rules), 0);
  const classes = gather(records, ({ sharing }) => sharing).map((group) => `${SHARING_WORDS[group[0].sharing]} ${group.length} 类`);
  const joins = [...catalogue.records.values()].reduce((total, { joins: some = [] }) => total + some.length, 0);
  return [
    `策略通过检查，版本 ${policy.hash.slice(0, 12)}`,
    `  穷尽：${records.length} 类记录的 ${sum(({ cells }) => cells.size)} 个栏目、${policy.operations.size} 项操作、${policy.purposes.size} 种用途都有规则，没有写到的一律不给`,
    '  不矛盾：每条规则都可能用得上，条件都可能成立，没有重名或重复的规则，没有一条压低规则拿走全部',
    `  不可拼合：逐类逐级核对 ${joins} 组可以拼合的栏目，没有哪类单位（或两类单位）能拼出谁也没有得到的内容`,
    `  用途与依据：每条给出内容的规则都写明用途，用途都可由其对象提出，${sum(({ rows, cells, writes }) => rows.grants.length + rows.vetoes.length + new Set([...cells.values()].flatMap(({ grants, caps }) => [...grants, ...caps])).size + writes.length)} 条规则都有依据`,
    `  共享属性：${classes.join('，')}（政务数据共享条例 第十四条）；不予共享的都写明法律依据，只给提供方自己`,
    `  样例：写在规则旁的 ${sum(({ tests }) => tests.length)} 个全部相符；时限 ${policy.deadlines.size} 项`,
    'the policy is sound',
  ].join('\n');
}

/** Each example that is not borne out: its place, its viewer, and what it sees instead of what was expected. */
export function failedExamples(policy: Policy, failures: readonly PolicyTestFailure[]): string[] {
  return gather(failures, ({ place }) => place).map((group) => {
    const [{ place, record }] = group;
    const example = policy.records.get(record)?.tests.find((test) => test.place === place);
    const sees = eachOnce(group, ({ cell, expected, got }) => `${cell === null ? '整条记录' : fieldText(policy, record, cell)}应为${word(expected)}，实为${word(got)}`);
    return `${place.file}:${place.line}:${place.column}: ${example ? viewerText(policy, record, example) : record} → ${sees.join('；')}`;
  });
}

function viewerText(policy: Policy, record: string, { viewer, given }: PolicyTest): string {
  const rules = policy.records.get(record);
  const relations = viewer.as.map((name) => `「${rules?.relationTitles.get(name) ?? name}」`);
  const words = policy.glossary.get(record);
  const facts = Object.entries(given).map(([name, value]) => {
    const said = value === null ? '不明' : typeof value === 'boolean' ? (value ? '是' : '否') : (words?.values.get(name)?.get(String(value)) ?? String(value));
    return `「${words?.facts.get(name) ?? name}」：${said}`;
  });
  return [
    `${LEVEL_WORDS[viewer.level]}${KIND_WORDS[viewer.kind]}`, `用途「${policy.purposes.get(viewer.purpose)?.title ?? viewer.purpose}」`, `角色${listed(viewer.roles.map((role) => ROLE_WORDS[role]))}`,
    relations.length > 0 ? `关系为${relations.join('和')}` : '没有任何关系', ...(facts.length > 0 ? [`记录上${facts.join('、')}`] : []),
  ].join('，');
}

const word = (verdict: Rung | 'VISIBLE' | 'HIDDEN'): string => (verdict === 'VISIBLE' ? '看得到' : verdict === 'HIDDEN' ? '看不到' : `${RUNG_WORDS[verdict]}（${verdict}）`);
