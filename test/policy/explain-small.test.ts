import { describe, expect, test } from '@jest/globals';
import { becauseOf, wouldNeed, type ExplainedClass } from '../../src/policy/explain.js';
import { smallPolicy, type Change } from './small-policy.js';

const station: ExplainedClass = { kind: 'RESCUE_STATION', level: 'COUNTY' };
const needed = (cell: string, asker: ExplainedClass | null, at: string, ...changes: Change[]): string[] => wouldNeed(smallPolicy(...changes), asker, 'Letter', cell, new Date(at));
const NOW = '2026-03-02T09:00:00+08:00';

describe('why a cell was shown as it was', () => {
  test('is told by the rule where the disclosure names one', () => {
    expect(becauseOf(smallPolicy(), 'Resident', 'name', 'whole-name')).toEqual(['规则「whole-name」：全文（依据：户口登记条例）']);
    expect(becauseOf(smallPolicy(), 'Resident', 'name', 'surname')).toEqual(['规则「surname」：只见姓氏（依据：户口登记条例）']);
  });

  test('is told as the default where nothing grants it, and as the policy otherwise', () => {
    expect(becauseOf(smallPolicy(), 'Resident', 'name', 'default')).toEqual(['没有规则把这一栏目给贵单位的这类请求，默认不给看']);
    for (const [record, cell, rule] of [['Resident', 'name', 'policy'], ['Resident', 'name', 'surname-only'], ['Resident', 'weather', 'surname'], ['Weather', 'wind', 'surname']] as const) expect(becauseOf(smallPolicy(), record, cell, rule)).toEqual(['依策略']);
  });
});

describe('what would be needed', () => {
  test('of what the policy does not name is an error of the program', () => {
    expect(() => needed('weather', null, NOW)).toThrow('the policy has no cell Letter.weather');
    expect(() => wouldNeed(smallPolicy(), null, 'Weather', 'wind', new Date(NOW))).toThrow('the policy has no cell Weather.wind');
  });

  test('tells of grants until they lapse, and not from that instant on', () => {
    const told = (at: string): boolean => needed('steps.reason', null, at).some((line) => line.includes('reasons'));
    expect([told('2025-12-01T00:00:00+08:00'), told('2026-06-30T23:59:59.999+08:00'), told('2026-07-01T00:00:00+08:00')]).toEqual([true, true, false]);
  });

  test('tells of the restraints that may concern the asker', () => {
    const cap: Change = ['letter.yaml', '{ cap: minor, fields', '{ cap: minor, kind: [RESCUE_STATION], level: [COUNTY], for: [RETURN], fields'];
    const told = (asker: ExplainedClass | null): boolean => needed('text', asker, NOW, cap).some((line) => line.includes('「minor」'));
    expect([null, station, { ...station, level: null }, { ...station, purpose: 'RETURN' as const }].map(told)).toEqual([true, true, true, true]);
    expect([told({ ...station, level: 'PROVINCE' }), told({ ...station, kind: 'CIVIL_AFFAIRS' })]).toEqual([false, false]);
    const supervised: Change = ['letter.yaml', '{ cap: minor, fields: [text, pages]', '{ cap: minor, for: [RETURN], fields: [letterNo]'];
    const above: ExplainedClass = { kind: 'CIVIL_AFFAIRS', level: 'PROVINCE' };
    expect(([undefined, 'RETURN', 'SUPERVISION'] as const).map((purpose) => needed('letterNo', purpose ? { ...above, purpose } : above, NOW, supervised).some((line) => line.includes('「minor」')))).toEqual([true, true, false]);
  });

  test('joins several roles, and several purposes', () => {
    expect(needed('steps.reason', station, NOW, ['letter.yaml', 'roles: [APPROVER]', 'roles: [APPROVER, ADMIN]'])[0]).toContain('，角色为审批人或管理员，');
    expect(needed('letterNo', { kind: 'CIVIL_AFFAIRS', level: 'PROVINCE' }, NOW, ['letter.yaml', 'as: [writer, reader], for: [RETURN] }\n  - { grant: above', 'as: [writer, reader], for: [RETURN, SUPERVISION] }\n  - { grant: above'])[0]).toContain('用途为「用途RETURN」或「用途SUPERVISION」');
  });

  test('names the relation of the field rule where the row rule has none', () => {
    const changes: Change[] = [['letter.yaml', 'as: [writer, reader], for: [RETURN] }\n  - { grant: above', 'for: [RETURN] }\n  - { grant: above']];
    expect(needed('text', station, NOW, ...changes)[0]).toBe('县级救助管理机构，用途为「用途RETURN」，关系为「写信的机构」或「收信的机构」：全文（规则 party、body；依据：民发三号）');
    expect(needed('letterNo', station, NOW, ...changes)[0]).toBe('县级救助管理机构，用途为「用途RETURN」：全文（规则 party、course；依据：民发一号）');
  });

  test('leaves out what no kind or level can have together', () => {
    expect(needed('letterNo', null, NOW, ['letter.yaml', '{ grant: course, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS]', '{ grant: course, rung: FULL, kind: [HEALTH]'])).toEqual(['策略没有把这一栏目给任何机构']);
    expect(needed('letterNo', station, NOW, ['letter.yaml', '{ grant: course, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS]', '{ grant: course, rung: FULL, level: [PROVINCE]'])).toEqual(['策略没有把这一栏目给这类机构']);
  });

  test('counts a purpose that one of several audiences may state', () => {
    expect(needed('text', station, NOW, ['purposes.yaml', 'allow: [{ kind: [RESCUE_STATION, CIVIL_AFFAIRS] }]', 'allow: [{ kind: [RESCUE_STATION] }, { kind: [CIVIL_AFFAIRS] }]'])[0]).toContain('用途为「用途RETURN」');
  });
});
