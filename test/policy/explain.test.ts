import { describe, expect, test } from '@jest/globals';
import { becauseOf, wouldNeed } from '../../src/policy/explain.js';
import { shippedPolicy } from './shipped-policy.js';

const policy = shippedPolicy();
const NOW = new Date('2026-03-02T09:00:00+08:00');

describe('what would be needed', () => {
  test('is said with kind, purpose, relation and basis', () => {
    const [way] = wouldNeed(policy, { kind: 'RESCUE_STATION', level: 'COUNTY' }, 'ReturnCase', 'homeCheck', NOW);
    expect(way).toBe('县级救助管理机构，用途为「返乡接送与信息对接」，关系为「流出地机构（接收的一方）」：全文（规则 party、home-check-origin；依据：民发〔2020〕14号 二(五)：对已经返家的，了解其家庭状况）');
  });

  test('names the restraints with their exceptions, whatever the record', () => {
    expect(wouldNeed(policy, { kind: 'RESCUE_STATION', level: 'COUNTY' }, 'Person', 'name', NOW).join('\n')).toMatch(/限制「minor」，除非：.*角色未成年人专办员/u);
  });

  test('leaves out ways that are not open to the asker\'s kind and level', () => {
    expect(wouldNeed(policy, { kind: 'HEALTH', level: 'COUNTY' }, 'Person', 'name', NOW)).toEqual(['策略没有把这一栏目给这类机构']);
    expect(wouldNeed(policy, { kind: 'CIVIL_AFFAIRS', level: 'PROVINCE' }, 'Person', 'name', NOW).join('\n')).not.toContain('建档立卡');
    expect(wouldNeed(policy, null, 'Person', 'name', NOW).join('\n')).toContain('建档立卡');
  });

  test('says that nobody sees what nobody sees', () => {
    expect(wouldNeed(policy, null, 'AtRiskEntry', 'diagnosis', NOW)).toEqual(['策略没有把这一栏目给任何机构']);
  });

  test('says that there are conditions, not which, nor whether they hold', () => {
    expect(wouldNeed(policy, { kind: 'POVERTY_RELIEF', level: 'COUNTY' }, 'RegisteredHousehold', 'flag', NOW)[0]).toMatch(/，记录满足规则所列的条件：全文/u);
  });
});

describe('why', () => {
  test('a named rule is told with its basis', () => {
    expect(becauseOf(policy, 'ReturnCase', 'homeCheck', 'home-check-origin')).toEqual(['规则「home-check-origin」：全文（依据：民发〔2020〕14号 二(五)：对已经返家的，了解其家庭状况）']);
  });

  test('anything else is told as policy, a cap or veto included', () => {
    for (const rule of ['policy', 'protected', 'minor-home-check', 'party']) expect(becauseOf(policy, 'ReturnCase', 'homeCheck', rule)).toEqual(['依策略']);
    expect(becauseOf(policy, 'ReturnCase', 'homeCheck', 'default')).toEqual(['没有规则把这一栏目给贵单位的这类请求，默认不给看']);
  });
});
