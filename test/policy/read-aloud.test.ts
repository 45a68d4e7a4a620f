import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { readAloud } from '../../src/policy/read-aloud.js';
import { policyBook } from '../tools/policy-book.js';
import { CATALOGUE, shippedPolicy, withChange } from './shipped-policy.js';

const policy = shippedPolicy();
const read = (record: string, given = policy): string => {
  const rules = given.records.get(record);
  if (!rules) throw new Error(`no rules of ${record}`);
  return readAloud(given, CATALOGUE, rules);
};

describe('the policy read aloud', () => {
  test('is the committed text (written anew by `node dist/test/tools/print-policy.js`)', () => {
    expect(readFileSync(join(packageRoot(), 'schema', 'policy.md'), 'utf8')).toBe(policyBook());
  });

  test('holds no name of the program: only operations, for whoever must find them again', () => {
    const operations = new Set(policy.operations.keys());
    const names = [...policyBook().matchAll(/[A-Za-z_][\w.]*/gu)].map(([name]) => name).filter((name) => !operations.has(name));
    expect(names).toEqual([]);
  });

  test('says each basis of each rule', () => {
    for (const rules of policy.records.values()) {
      const text = read(rules.record);
      const cells = [...rules.cells.values()].filter(({ grants }) => grants.length > 0);
      for (const { basis } of [...rules.rows.grants, ...rules.rows.vetoes, ...cells.flatMap(({ grants, caps }) => [...grants, ...caps]), ...rules.writes]) expect(text).toContain(`依据：${basis}。`);
    }
  });

  test.each<[rule: string, record: string, says: string]>([
    ['a relation by what it asks', 'ReturnCase', '- 「自己写下反馈的流入地机构」：流入地机构是本单位，且写下这条记录的机构是本单位。'],
    ['what lies behind a link', 'Person', '- 「已确认的返乡的流入地机构」：这个人的返乡里，有一条满足（流入地机构是本单位，且「对方已经确认、此后没有异议」）。'],
    ['what must not be so', 'ReturneeCheck', '并非（状态是有异议、被拒收、已撤回、协调中之一）'],
    ['days counted from today', 'ReturneeCheck', '（「尚未办结」，或办结的时间晚于今天的 12 个月以前）'],
    ['that the unknown counts as holding where something is withheld', 'ReturnCase', '- 但是，凡「未满十八周岁」的（不明的按是对待），除「尚未交接的流入地机构」、「保护登记中的安置站」、「安置地的同级民政部门」、角色未成年人专办员外：不给看。'],
    ['a masked rung', 'Person', '- 乡镇、街道，用途「易流浪走失人员的关注与回访」：只见首尾。'],
    ['fields that nobody sees', 'AtRiskEntry', '**诊断**\n\n- 谁也看不到。'],
    ['what a field is derived from', 'AtRiskEntry', '- 由状态得出，这些都看得到全文的才看得到。'],
    ['who may write, before and after, and what', 'ReturnCase', '流入地确认对方台账所载（confirmReturn）：救助管理机构，用途「返乡接送与信息对接」，办理前是「流入地机构（救助并送返的一方）」，并非（写下这条记录的机构是本单位），办理后是「流入地机构（救助并送返的一方）」；可以写入版本号、此前返乡的次数。'],
  ])('says %s', (_, record, says) => {
    expect(read(record)).toContain(says);
  });

  test('says when a rule lapses, and that a record is not shared, by which law', () => {
    const limited = parsePolicy(withChange('returnee-check.yaml', 'kind: [PARTNER], for: [BENEFIT_CHECK] }', 'kind: [PARTNER], for: [BENEFIT_CHECK], until: 2026-12-31 }'), CATALOGUE);
    expect(read('ReturneeCheck', limited)).toContain('合作部门，用途「合作部门核对待遇」，至 2027-01-01 00:00 止：全文。');
    const kept = parsePolicy(withChange('returnee-check.yaml', /sharing: conditional.*/u, 'sharing: not-shared\nsharingBasis: 保守国家秘密法 第二条'), CATALOGUE);
    expect(read('ReturneeCheck', kept)).toContain('共享属性：不予共享（政务数据共享条例第十四条；保守国家秘密法 第二条）');
  });
});
