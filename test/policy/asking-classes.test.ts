import { describe, expect, test } from '@jest/globals';
import { askingClasses, reaches, type AskingClass } from '../../src/policy/asking-classes.js';
import type { Catalogue, RecordShape } from '../../src/policy/catalogue.js';
import { checkPolicy } from '../../src/policy/check.js';
import type { Rung } from '../../src/policy/language.js';
import { rulesOf, SMALL_CATALOGUE, smallPolicy, type Change } from './small-policy.js';

const clerk: AskingClass = { kind: 'RESCUE_STATION', level: 'COUNTY', purpose: 'RETURN', role: 'CLERK' };
const reached = (record: 'Letter' | 'Resident', cell: string, rung: Rung, one: Partial<AskingClass> = {}, ...changes: Change[]): string | undefined => reaches(rulesOf(smallPolicy(...changes), record), cell, { ...clerk, ...one }, rung)?.name;

describe('the askings that the purposes let through', () => {
  test('are every role of each kind and level that may state the purpose, at some time', () => {
    const classes = askingClasses(smallPolicy());
    const count = (purpose: string): number => classes.filter((one) => one.purpose === purpose).length;
    expect([count('RETURN'), count('SUPERVISION'), count('COORDINATION'), count('AUDIT')]).toEqual([2 * 5 * 6, 2 * 6, 5 * 6, 5]);
  });

  test('may be let through by one of several audiences', () => {
    const classes = askingClasses(smallPolicy(['purposes.yaml', 'allow: [{ kind: [HEALTH] }]', 'allow: [{ kind: [HEALTH], level: [COUNTY] }, { kind: [AUDIT], level: [COUNTY] }]']));
    expect(classes.filter(({ purpose }) => purpose === 'MEDICAL_CARE').map(({ kind, level }) => `${kind} ${level}`)).toEqual([...Array<string>(6).fill('HEALTH COUNTY'), ...Array<string>(6).fill('AUDIT COUNTY')]);
  });

  test('are none for a purpose that the policy does not have', () => {
    const { purposes, ...rest } = smallPolicy();
    expect(askingClasses({ ...rest, purposes: new Map([...purposes].filter(([purpose]) => purpose === 'AUDIT')) })).toHaveLength(5);
  });
});

describe('an asking reaches a cell', () => {
  test('by a grant at the rung or higher, conditions and relations at their best', () => {
    expect([reached('Resident', 'name', 'SURNAME'), reached('Resident', 'name', 'FULL'), reached('Resident', 'name', 'FULL', { kind: 'CIVIL_AFFAIRS' })]).toEqual(['surname', undefined, 'whole-name']);
    expect([reached('Letter', 'text', 'FULL'), reached('Letter', 'sentOn', 'FULL'), reached('Letter', 'weather', 'FULL')]).toEqual(['body', undefined, undefined]);
  });

  test('only where a row is granted to it', () => {
    expect([reached('Letter', 'letterNo', 'FULL', { kind: 'CIVIL_AFFAIRS', level: 'COUNTY', purpose: 'SUPERVISION' }), reached('Letter', 'letterNo', 'FULL', { kind: 'CIVIL_AFFAIRS', level: 'PROVINCE', purpose: 'SUPERVISION' })]).toEqual([undefined, 'course']);
  });

  test('that is nested only with the one it stands in, one that is derived only with its sources', () => {
    const bodyFor = (kind: string): Change => ['letter.yaml', '{ grant: body, rung: FULL,', `{ grant: body, rung: FULL, kind: [${kind}],`];
    expect([reached('Letter', 'steps.reason', 'FULL', { role: 'APPROVER' }), reached('Letter', 'steps.reason', 'FULL', { role: 'APPROVER' }, bodyFor('CIVIL_AFFAIRS'))]).toEqual(['reasons', undefined]);
    expect([reached('Letter', 'long', 'FULL'), reached('Letter', 'long', 'FULL', {}, bodyFor('CIVIL_AFFAIRS')), reached('Letter', 'long', 'FULL', {}, bodyFor('CIVIL_AFFAIRS'), ['letter.yaml', 'releases: [text]', 'releases: [text, pages]'])]).toEqual(['length', undefined, 'length']);
    expect(reached('Letter', 'long', 'FULL', { kind: 'CIVIL_AFFAIRS', level: 'PROVINCE', purpose: 'SUPERVISION' })).toBeUndefined();
  });

  test('not above a cap that always holds for it', () => {
    const cap: Change = ['resident.yaml', 'kind: [CIVIL_AFFAIRS], fields: [name], rung: SURNAME, when: { protected: { is: true } } }', 'kind: [CIVIL_AFFAIRS], fields: [name], rung: SURNAME, exceptRoles: [ADMIN] }'];
    const asker = { kind: 'CIVIL_AFFAIRS' } as const;
    expect([reached('Resident', 'name', 'FULL', asker, cap), reached('Resident', 'name', 'SURNAME', asker, cap), reached('Resident', 'name', 'FULL', { ...asker, role: 'ADMIN' }, cap), reached('Resident', 'name', 'FULL', asker)]).toEqual([undefined, 'surname', 'whole-name', 'whole-name']);
  });
});

describe('an answer that is released where there is no record too', () => {
  const RESIDENT = SMALL_CATALOGUE.records.get('Resident') as RecordShape;
  const answers: Catalogue = { ...SMALL_CATALOGUE, records: new Map([...SMALL_CATALOGUE.records, ['Resident', { ...RESIDENT, releasedAnswer: true }]]) };
  const said = (...changes: Change[]): string[] => checkPolicy(smallPolicy(...changes), answers).map(({ problem }) => problem.split(',')[0] ?? '');
  const UNCONDITIONAL: Change = ['resident.yaml', ', when: { protected: { is: true } } }\n', ' }\n'];

  test('has no field rule that asks something of the record', () => {
    expect(said(UNCONDITIONAL)).toEqual([]);
    expect(said()).toEqual(['rule `surname-only` asks something of the record']);
    expect(said(UNCONDITIONAL, ['resident.yaml', '{ grant: sex, rung: FULL,', '{ grant: sex, rung: FULL, when: { protected: { is: false } },'])).toEqual(['rule `sex` asks something of the record']);
    expect(said(UNCONDITIONAL, ['resident.yaml', '{ grant: sex, rung: FULL,', '{ grant: sex, rung: FULL, as: [wroteAbout],'])).toEqual(['rule `sex` asks something of the record']);
    expect(said(UNCONDITIONAL, ['resident.yaml', 'fields: [name], rung: SURNAME }', 'fields: [name], rung: SURNAME, except: [wroteAbout] }'])).toEqual(['rule `surname-only` asks something of the record']);
  });

  test('is told as such', () => {
    expect(checkPolicy(smallPolicy(), answers).map(({ message }) => message)).toEqual(['resident.yaml:26:5: rule `surname-only` asks something of the record, but Resident is answered where there is none too; put the condition or relation on a row grant or veto']);
  });
});

test('a join is told at the lowest of the rungs that it joins', () => {
  const RESIDENT = SMALL_CATALOGUE.records.get('Resident') as RecordShape;
  const reordered: Catalogue = { ...SMALL_CATALOGUE, records: new Map([...SMALL_CATALOGUE.records, ['Resident', { ...RESIDENT, joins: [{ parts: ['Resident.birthDate', 'Resident.idNumber@ENDS', 'Resident.sex'], gives: 'Resident.idNumber', because: 'the rest is a district' }] }]]) };
  const policy = smallPolicy(['resident.yaml', '    nobody: 不共享\n', '    grants:\n      - { grant: day, rung: FULL, kind: [CIVIL_AFFAIRS], for: [RETURN] }\n']);
  expect(checkPolicy(policy, reordered).map(({ place }) => place)).toEqual([{ file: 'resident.yaml', line: 18, column: 9 }]);
});
