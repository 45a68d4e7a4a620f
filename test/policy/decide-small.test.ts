import { describe, expect, test } from '@jest/globals';
import { allOf, anyOf, decide, notOf, speaksFor, truthOf, type Decision, type DecidingViewer, type Facts, type Truth } from '../../src/policy/decide.js';
import { heightOf, RUNGS, type Audience, type Condition } from '../../src/policy/language.js';
import { smallPolicy, type Change } from './small-policy.js';

const NOW = new Date('2026-03-02T09:00:00+08:00');
const clerk: DecidingViewer = { kind: 'RESCUE_STATION', level: 'COUNTY', roles: ['CLERK'], purpose: 'RETURN', agency: 'a1', division: '320281', areas: [{ from: '320281', until: '320282' }], matter: null, at: NOW };
const letter: Facts = { attributes: { writer: 'a2', reader: 'a1', state: 'SENT', place: '320281', urgent: false, protected: false, minor: true } };
const decided = (cell: string, viewer: Partial<DecidingViewer> = {}, attributes: Facts['attributes'] = {}, ...changes: Change[]): Decision => decide(smallPolicy(...changes), { ...clerk, ...viewer }, 'Letter', { attributes: { ...letter.attributes, ...attributes } }, cell);

describe('a decision', () => {
  test('names every rule that held: of the row, then of the cell, grants before restraints', () => {
    expect(decided('text')).toEqual({ rowVisible: true, rung: 'WITHHELD', rules: ['party', 'body', 'minor'] });
    expect(decided('text', {}, { protected: true, minor: false })).toEqual({ rowVisible: false, rung: 'WITHHELD', rules: ['party', 'protected', 'body'] });
    expect(decided('letterNo', { kind: 'HEALTH' })).toEqual({ rowVisible: false, rung: 'WITHHELD', rules: [] });
  });

  test('takes the highest of the rungs granted, lowered to the lowest of the caps, whatever their order', () => {
    const resident = (viewer: Partial<DecidingViewer>, ...changes: Change[]): string => decide(smallPolicy(...changes), { ...clerk, kind: 'CIVIL_AFFAIRS', ...viewer }, 'Resident', { attributes: { protected: false }, relations: { wroteAbout: true } }, 'name').rung;
    const CAP = '  - { cap: surname-only, kind: [CIVIL_AFFAIRS], fields: [name], rung: SURNAME, when: { protected: { is: true } } }\n';
    const surname = '  - { cap: surname-only, fields: [name], rung: SURNAME, when: { protected: { is: false } } }\n';
    const nothing = '  - { cap: nothing, fields: [name], rung: WITHHELD, when: { protected: { is: false } } }\n';
    expect([resident({}), resident({ kind: 'RESCUE_STATION' })]).toEqual(['FULL', 'SURNAME']);
    expect([surname, surname + nothing, nothing + surname].map((caps) => resident({}, ['resident.yaml', CAP, caps]))).toEqual(['SURNAME', 'WITHHELD', 'WITHHELD']);
    expect(resident({ kind: 'RESCUE_STATION' }, ['resident.yaml', CAP, surname])).toBe('SURNAME');
  });

  test('goes by relations that are known beforehand, and works out the others', () => {
    const seen = (relations: NonNullable<Facts['relations']>): boolean => decide(smallPolicy(), clerk, 'Letter', { ...letter, relations }, 'letterNo').rowVisible;
    expect([seen({}), seen({ reader: false }), seen({ reader: null }), seen({ reader: false, writer: true })]).toEqual([true, false, false, true]);
  });

  test('finds no relation that the policy does not name', () => {
    const policy = smallPolicy();
    policy.records.get('Letter')?.relations.clear();
    expect(decide(policy, clerk, 'Letter', letter, 'letterNo').rowVisible).toBe(false);
  });

  test('on what the policy does not name is an error of the program', () => {
    expect(() => decided('weather')).toThrow('the policy has no cell Letter.weather');
    expect(() => decide(smallPolicy(), clerk, 'Weather', letter, 'text')).toThrow('the policy has no cell Weather.text');
  });
});

describe('a rule speaks for a viewer', () => {
  const from = Date.parse('2026-03-02T09:00:00+08:00');
  test.each<[why: string, audience: Audience, speaks: boolean]>([
    ['of its kind', { kind: ['HEALTH', 'RESCUE_STATION'] }, true], ['not of another', { kind: ['HEALTH'] }, false], ['of its level', { level: ['COUNTY'] }, true], ['not of another level', { level: ['PROVINCE'] }, false],
    ['with one of its roles', { roles: ['ADMIN', 'CLERK'] }, true], ['not with another role', { roles: ['ADMIN'] }, false], ['for its purpose', { purposes: ['RETURN'] }, true], ['not for another', { purposes: ['AUDIT'] }, false],
    ['from its first instant', { from }, true], ['not before', { from: from + 1 }, false], ['until the instant before it lapses', { until: from + 1 }, true], ['not when it lapses', { until: from }, false], ['whoever it is', {}, true],
  ])('%s', (_, audience, speaks) => {
    expect(speaksFor(audience, clerk)).toBe(speaks);
  });

  test('at an unknown time only where it is not limited, without a purpose only where it names none', () => {
    const { at: _, ...timeless } = clerk;
    expect([speaksFor({ from: 0 }, timeless), speaksFor({ until: 9e15 }, timeless), speaksFor({}, timeless)]).toEqual([false, false, true]);
    expect([speaksFor({ purposes: ['RETURN'] }, { ...clerk, purpose: null }), speaksFor({}, { ...clerk, purpose: null })]).toEqual([false, true]);
  });
});

describe('what is not known of the viewer or the record is unknown', () => {
  const someone: DecidingViewer = { kind: 'RESCUE_STATION', level: 'COUNTY', roles: [], purpose: 'RETURN' };
  test.each<[what: string, condition: Condition, truth: Truth]>([
    ['its agency', { is: { attribute: 'reader', value: { viewer: 'agency' } } }, null], ['its division', { is: { attribute: 'place', value: { viewer: 'division' } } }, null], ['its matter', { is: { attribute: 'state', value: { viewer: 'matter' } } }, null],
    ['the day', { before: { attribute: 'sentOn', value: { today: { days: 0, months: 0 } } } }, null], ['a link', { some: { link: 'about', that: { all: [] } } }, null], ['an attribute', { is: { attribute: 'pages', value: { literal: 1 } } }, null],
    ['where an attribute lies', { within: { attribute: 'weather' } }, null], ['its area: it has none', { within: { attribute: 'place' } }, false], ['its kind is known', { is: { attribute: 'state', value: { viewer: 'kind' } } }, false],
  ])('%s', (_, condition, truth) => {
    expect(truthOf(condition, someone, { attributes: { ...letter.attributes, sentOn: '2026-03-01' } })).toBe(truth);
  });

  test('and stays so through the three-valued tables', () => {
    const values: Truth[] = [true, null, false];
    expect(values.map((one) => values.map((other) => allOf([one, other])))).toEqual([[true, null, false], [null, null, false], [false, false, false]]);
    expect(values.map((one) => values.map((other) => anyOf([one, other])))).toEqual([[true, true, true], [true, null, null], [true, null, false]]);
    expect([values.map(notOf), allOf([]), anyOf([])]).toEqual([[false, null, true], true, false]);
  });
});

test('a higher rung shows more', () => {
  expect(RUNGS.map(heightOf)).toEqual([0, 1, 2, 3]);
  expect(RUNGS).toEqual(['WITHHELD', 'SURNAME', 'ENDS', 'FULL']);
});
