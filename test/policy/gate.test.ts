import { describe, expect, test } from '@jest/globals';
import { AGENCY_KINDS, LEVELS, PURPOSES, type AgencyKind, type Asking, type DivisionLevel, type Purpose, type Viewer } from '../../src/kernel/viewer.js';
import { gate, purposesOf, statePurpose } from '../../src/policy/gate.js';
import { WORLD_NOW } from '../support/world.js';
import { CATALOGUE, shippedPolicy } from './shipped-policy.js';

const policy = shippedPolicy();
const viewerOf = (kind: AgencyKind, level: DivisionLevel = 'COUNTY'): Viewer => ({ agencyId: '00000000-0000-4000-8000-000000000001', agencyCode: 'some-320281', kind, level, division: '320281', areas: [{ from: '320281', until: '320282' }], roles: ['CLERK'], user: 'u' });
const asking = (kind: AgencyKind, purpose: Purpose | null, matter: string | null = null, level: DivisionLevel = 'COUNTY'): Asking => ({ viewer: viewerOf(kind, level), purpose, matter, now: WORLD_NOW });
const codeOf = (given: Asking, operation: string): string => gate(policy, given, operation)?.code ?? 'open';

describe('purposes by kind', () => {
  test.each<[AgencyKind, DivisionLevel, Purpose[]]>([
    ['RESCUE_STATION', 'COUNTY', ['RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'IDENTITY']],
    ['CIVIL_AFFAIRS', 'PROVINCE', ['RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'IDENTITY', 'SUPERVISION', 'COORDINATION']],
    ['CIVIL_AFFAIRS', 'COUNTY', ['RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'IDENTITY', 'POVERTY_RELIEF', 'SUPERVISION', 'COORDINATION']],
    ['TOWNSHIP', 'TOWNSHIP', ['RETURN', 'AT_RISK_CARE', 'SETTLEMENT']],
    ['PUBLIC_SECURITY', 'COUNTY', ['SETTLEMENT', 'IDENTITY']],
    ['HEALTH', 'COUNTY', ['MEDICAL_CARE']],
    ['POVERTY_RELIEF', 'COUNTY', ['POVERTY_RELIEF']],
    ['PARTNER', 'COUNTY', ['RETURN', 'BENEFIT_CHECK']],
    ['DATA_AUTHORITY', 'PREFECTURE', ['AUDIT']],
    ['AUDIT', 'PROVINCE', ['AUDIT']],
  ])('%s at level %s', (kind, level, purposes) => {
    expect(purposesOf(policy, viewerOf(kind, level), WORLD_NOW)).toEqual(purposes);
  });

  test('the administrator and the auditor of an agency state no purpose of its work: they and who does it are separate persons', () => {
    for (const kind of AGENCY_KINDS) {
      const [clerk, others] = [viewerOf(kind), (['ADMIN', 'AUDITOR'] as const).map((role): Viewer => ({ ...viewerOf(kind), roles: [role] }))];
      const supervises = ['DATA_AUTHORITY', 'AUDIT'].includes(kind);
      expect([kind, ...others.map((viewer) => purposesOf(policy, viewer, WORLD_NOW))]).toEqual([kind, ...(supervises ? [['AUDIT'], ['AUDIT']] : [[], []])]);
      expect(purposesOf(policy, clerk, WORLD_NOW)).not.toEqual([]);
    }
  });

  test('an unknown purpose, and one of another kind, are refused alike', () => {
    for (const stated of ['RETURNS', 'POVERTY_RELIEF', 'return', '']) expect(() => statePurpose(policy, viewerOf('RESCUE_STATION'), stated, WORLD_NOW)).toThrow(expect.objectContaining({ code: 'PURPOSE_NOT_ALLOWED' }));
    expect(statePurpose(policy, viewerOf('RESCUE_STATION'), 'RETURN', WORLD_NOW)).toBe('RETURN');
    expect(statePurpose(policy, viewerOf('RESCUE_STATION'), null, WORLD_NOW)).toBeNull();
  });
});

describe('operations', () => {
  test('one without a rule is forbidden to everybody, purpose or not', () => {
    for (const kind of AGENCY_KINDS) for (const purpose of [null, ...PURPOSES]) expect(codeOf(asking(kind, purpose, 'm'), 'dropEverything')).toBe('FORBIDDEN');
  });

  test('refusals come in the order of the contract', () => {
    expect(codeOf(asking('PARTNER', null), 'checkReturnees')).toBe('PURPOSE_REQUIRED');
    expect(codeOf(asking('PARTNER', 'SUPERVISION'), 'checkReturnees')).toBe('PURPOSE_NOT_ALLOWED');
    expect(codeOf(asking('PARTNER', 'BENEFIT_CHECK'), 'checkReturnees')).toBe('MATTER_REQUIRED');
    expect(codeOf(asking('PARTNER', 'RETURN', 'm'), 'checkReturnees')).toBe('FORBIDDEN');
    expect(codeOf(asking('PARTNER', 'BENEFIT_CHECK', 'm'), 'checkReturnees')).toBe('open');
  });

  test('what tells of the policy, the asker and the directory is open to everybody without a purpose', () => {
    for (const kind of AGENCY_KINDS) for (const operation of ['viewer', 'policyMatrix', 'explain', 'agencies', 'divisions']) expect(codeOf(asking(kind, null), operation)).toBe('open');
  });

  test.each<[string, AgencyKind, Purpose, string]>([
    ['sendReturnNotice', 'RESCUE_STATION', 'RETURN', 'open'],
    ['sendReturnNotice', 'CIVIL_AFFAIRS', 'RETURN', 'FORBIDDEN'],
    ['acknowledgeReturn', 'CIVIL_AFFAIRS', 'RETURN', 'open'],
    ['acknowledgeReturn', 'RESCUE_STATION', 'SETTLEMENT', 'FORBIDDEN'],
    ['returnCases', 'CIVIL_AFFAIRS', 'SUPERVISION', 'open'],
    ['returnCases', 'POVERTY_RELIEF', 'POVERTY_RELIEF', 'FORBIDDEN'],
    ['registerHouseholds', 'POVERTY_RELIEF', 'POVERTY_RELIEF', 'open'],
    ['confirmFlag', 'POVERTY_RELIEF', 'POVERTY_RELIEF', 'FORBIDDEN'],
    ['confirmFlag', 'CIVIL_AFFAIRS', 'POVERTY_RELIEF', 'open'],
    ['atRiskEntries', 'TOWNSHIP', 'AT_RISK_CARE', 'open'],
    ['settlementCases', 'PUBLIC_SECURITY', 'SETTLEMENT', 'open'],
    ['node', 'AUDIT', 'AUDIT', 'FORBIDDEN'],
  ])('%s by %s for %s: %s', (operation, kind, purpose, code) => {
    expect(codeOf(asking(kind, purpose, 'm'), operation)).toBe(code);
  });

  test('poverty relief is for county civil affairs, not for the levels above', () => {
    for (const level of LEVELS) expect(codeOf(asking('CIVIL_AFFAIRS', 'POVERTY_RELIEF', null, level), 'registeredHouseholds')).toBe(level === 'COUNTY' ? 'open' : 'PURPOSE_NOT_ALLOWED');
  });

  test('no matter is asked for where the purpose does not need one', () => {
    for (const [purpose, rule] of policy.purposes) expect([purpose, rule.matterRequired]).toEqual([purpose, ['IDENTITY', 'MEDICAL_CARE', 'COORDINATION', 'BENEFIT_CHECK'].includes(purpose)]);
  });

  test('checkReturnees is limited by the numbers asked about', () => {
    expect(policy.operations.get('checkReturnees')?.limit).toEqual({ items: 2000, perMinutes: 60 });
    expect([...policy.operations.keys()].toSorted()).toEqual(CATALOGUE.operations.toSorted());
  });
});
