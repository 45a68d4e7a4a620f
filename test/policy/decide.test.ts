import { describe, expect, test } from '@jest/globals';
import { allOf, anyOf, decide, notOf, truthOf, type DecidingViewer, type Facts, type Truth } from '../../src/policy/decide.js';
import type { Condition } from '../../src/policy/language.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { CATALOGUE, shippedPolicy, withChange } from './shipped-policy.js';

const policy = shippedPolicy();
const viewer: DecidingViewer = { kind: 'RESCUE_STATION', level: 'COUNTY', roles: ['CLERK'], purpose: 'RETURN', agency: 'a1', division: '320281', areas: [{ from: '320281', until: '320282' }], at: new Date('2026-03-31T12:00:00+08:00') };
const attributes = (values: Facts['attributes']): Facts => ({ attributes: values });
const is = (attribute: string, literal: string | boolean | number): Condition => ({ is: { attribute, value: { literal } } });

describe('Kleene logic', () => {
  const values: Truth[] = [true, null, false];

  test('conjunction', () => {
    expect(values.map((one) => values.map((other) => allOf([one, other])))).toEqual([[true, null, false], [null, null, false], [false, false, false]]);
    expect(allOf([])).toBe(true);
  });

  test('disjunction; of nothing it is false', () => {
    expect(values.map((one) => values.map((other) => anyOf([one, other])))).toEqual([[true, true, true], [true, null, null], [true, null, false]]);
    expect(anyOf([])).toBe(false);
  });

  test('negation leaves the unknown unknown', () => {
    expect(values.map(notOf)).toEqual([false, null, true]);
  });
});

describe('conditions', () => {
  test.each<[string, Condition, Facts, Truth]>([
    ['`is` with the value', is('state', 'SENT'), attributes({ state: 'SENT' }), true],
    ['`is` with another', is('state', 'SENT'), attributes({ state: 'DRAFT' }), false],
    ['`is` with NULL', is('state', 'SENT'), attributes({ state: null }), null],
    ['`is` with what is not known of the record', is('state', 'SENT'), attributes({}), null],
    ['`is` viewer.agency', { is: { attribute: 'office', value: { viewer: 'agency' } } }, attributes({ office: 'a1' }), true],
    ['`is` viewer.division is equality, not containment', { is: { attribute: 'd', value: { viewer: 'division' } } }, attributes({ d: '320281100' }), false],
    ['`in`', { in: { attribute: 'state', values: [{ literal: 'SENT' }, { literal: 'DRAFT' }] } }, attributes({ state: 'DRAFT' }), true],
    ['`in` without', { in: { attribute: 'state', values: [{ literal: 'SENT' }] } }, attributes({ state: 'DRAFT' }), false],
    ['`in` of NULL', { in: { attribute: 'state', values: [{ literal: 'SENT' }] } }, attributes({ state: null }), null],
    ['`within` a township of the county', { within: { attribute: 'd' } }, attributes({ d: '320281100' }), true],
    ['`within` another county', { within: { attribute: 'd' } }, attributes({ d: '320282' }), false],
    ['`within` of NULL', { within: { attribute: 'd' } }, attributes({ d: null }), null],
    ['`before` a day', { before: { attribute: 'on', value: { today: { days: 1, months: 0 } } } }, attributes({ on: '2026-03-31' }), true],
    ['`before` is strict', { before: { attribute: 'on', value: { today: { days: 0, months: 0 } } } }, attributes({ on: '2026-03-31' }), false],
    ['`after` counts months to the end of a shorter one', { after: { attribute: 'on', value: { today: { days: 0, months: -1 } } } }, attributes({ on: '2026-03-01' }), true],
    ['`after` of an instant, in Shanghai', { after: { attribute: 'at', value: { today: { days: 0, months: 0 } } } }, attributes({ at: '2026-03-30T16:00:01.000Z' }), true],
    ['`after` of an instant before midnight in Shanghai', { after: { attribute: 'at', value: { today: { days: 0, months: 0 } } } }, attributes({ at: '2026-03-30T15:59:59.000Z' }), false],
    ['`after` of NULL', { after: { attribute: 'at', value: { today: { days: 0, months: 0 } } } }, attributes({ at: null }), null],
    ['`some` over no record', { some: { link: 'cases', that: is('confirmed', true) } }, { attributes: {}, links: { cases: [] } }, false],
    ['`some` over one that is unknown', { some: { link: 'cases', that: is('confirmed', true) } }, { attributes: {}, links: { cases: [attributes({ confirmed: null }), attributes({ confirmed: false })] } }, null],
    ['`some` over one that holds', { some: { link: 'cases', that: is('confirmed', true) } }, { attributes: {}, links: { cases: [attributes({ confirmed: null }), attributes({ confirmed: true })] } }, true],
    ['`some` asks all of one record, not of two', { some: { link: 'cases', that: { all: [is('confirmed', true), is('state', 'SENT')] } } }, { attributes: {}, links: { cases: [attributes({ confirmed: true, state: 'DRAFT' }), attributes({ confirmed: false, state: 'SENT' })] } }, false],
    ['`none` of the unknown is unknown', { none: [is('state', 'SENT')] }, attributes({ state: null }), null],
    ['`none` of what does not hold', { none: [is('state', 'SENT'), is('state', 'DRAFT')] }, attributes({ state: 'CLOSED' }), true],
    ['`none` of what holds', { none: [is('state', 'SENT'), is('state', 'DRAFT')] }, attributes({ state: 'DRAFT' }), false],
  ])('%s', (_, condition, facts, truth) => {
    expect(truthOf(condition, viewer, facts)).toBe(truth);
  });
});

const sees = (facts: Facts, cell: string, who: Partial<DecidingViewer> = {}): string => decide(policy, { ...viewer, ...who }, 'ReturnCase', facts, cell).rung;
const nameOf = (facts: Facts, who: Partial<DecidingViewer>): string => decide(policy, { ...viewer, ...who }, 'Person', facts, 'name').rung;
const flagOf = (releaseOn: string | null, state = 'CONFIRMED'): string => decide(policy, { ...viewer, kind: 'POVERTY_RELIEF', purpose: 'POVERTY_RELIEF' }, 'RegisteredHousehold',
  { attributes: { office: 'a1', division: '320281', flagState: state, flagReleaseOn: releaseOn, flagStands: true }, links: { matches: [] } }, 'flag').rung;
const householdSeen = (...matches: Facts['attributes'][]): boolean => decide(policy, { ...viewer, kind: 'CIVIL_AFFAIRS', purpose: 'POVERTY_RELIEF' }, 'RegisteredHousehold',
  { attributes: { office: 'a9', division: '320281' }, links: { matches: matches.map(attributes) } }, 'flag').rowVisible;

describe('the law of a cell', () => {
  const adult = { protected: false, minor: false, confirmed: true, originDivision: '320281', destinationDivision: '120000', holdingAgency: null, holdingCivilAffairs: null, protectionUnit: null };
  const sent: Facts = { attributes: { ...adult, state: 'SENT', originAgency: 'a1', destinationAgency: 'a2', authorAgency: 'a2' } };
  const changed = (values: Facts['attributes']): Facts => ({ attributes: { ...sent.attributes, ...values } });
  const person = (confirmed: boolean): Facts => ({ attributes: adult, links: { cases: [{ attributes: { ...sent.attributes, confirmed } }], entries: [], settlements: [], households: [] } });

  test('a relation is worked out of the record itself', () => {
    expect(sees(sent, 'homeCheck')).toBe('FULL');
    expect(sees(sent, 'homeCheck', { agency: 'a2' })).toBe('WITHHELD');
    expect(sees(sent, 'state', { agency: 'a2' })).toBe('FULL');
    expect(sees(sent, 'state', { agency: 'a3' })).toBe('WITHHELD');
  });

  test('without a purpose nothing is seen', () => {
    expect(decide(policy, { ...viewer, purpose: null }, 'ReturnCase', sent, 'state')).toEqual({ rowVisible: false, rung: 'WITHHELD', rules: [] });
  });

  test('an unknown relation opens nothing', () => {
    expect(sees(changed({ originAgency: null }), 'state')).toBe('WITHHELD');
  });

  test('an unknown age is a minor\'s', () => {
    expect(sees(changed({ minor: null }), 'subject')).toBe('WITHHELD');
    expect(sees(changed({ minor: null }), 'subject', { roles: ['CLERK', 'MINORS_OFFICER'] })).toBe('FULL');
    expect(sees(changed({ minor: null }), 'state')).toBe('FULL');
  });

  test('a veto beats every grant, a cap every grant of its cell', () => {
    expect(decide(policy, viewer, 'ReturnCase', changed({ protected: true }), 'state')).toMatchObject({ rowVisible: false, rung: 'WITHHELD', rules: expect.arrayContaining(['party', 'protected', 'case-course']) });
    expect(decide(policy, { ...viewer, agency: 'a2' }, 'ReturnCase', changed({ protected: true }), 'state')).toMatchObject({ rowVisible: true, rung: 'WITHHELD', rules: expect.arrayContaining(['case-course', 'protected-course']) });
  });

  test('the exceptions of a protected person are the holding station and the civil affairs department of its place, nobody else there', () => {
    const held = changed({ protected: true, holdingAgency: 'a2', holdingCivilAffairs: 'a4' });
    expect(sees(held, 'state', { agency: 'a2', division: '120000', level: 'PROVINCE' })).toBe('FULL');
    expect(sees(held, 'state', { agency: 'a4', division: '120000', level: 'PROVINCE', kind: 'CIVIL_AFFAIRS', purpose: 'SUPERVISION', areas: [] })).toBe('FULL');
    expect(sees({ attributes: { ...held.attributes, destinationAgency: 'a5', authorAgency: 'a6' } }, 'state', { agency: 'a5', division: '120000', level: 'PROVINCE' })).toBe('WITHHELD');
  });

  test('a nested cell is never shown above the one it stands in', () => {
    const known = changed({ protected: true });
    expect(decide(policy, { ...viewer, agency: 'a2' }, 'ReturnCase', known, 'transitions.reason').rung).toBe('WITHHELD');
    expect(sees(sent, 'transitions.reason', { kind: 'CIVIL_AFFAIRS', level: 'PROVINCE', agency: 'a7', areas: [{ from: '320000', until: '330000' }], purpose: 'SUPERVISION' })).toBe('WITHHELD');
  });

  test('a person is opened by a confirmed case, for its parties, under its purpose only', () => {
    expect(nameOf(person(false), { agency: 'a2' })).toBe('WITHHELD');
    expect(nameOf(person(true), { agency: 'a2' })).toBe('FULL');
    expect(nameOf(person(true), { agency: 'a2', purpose: 'AT_RISK_CARE' })).toBe('WITHHELD');
    expect(nameOf(person(true), { agency: 'a3' })).toBe('WITHHELD');
  });

  test('a flag appears on its release day and not before', () => {
    expect([flagOf('2026-03-31'), flagOf('2026-04-01'), flagOf(null), flagOf('2026-03-01', 'CLEARED'), flagOf(null, 'PROPOSED')]).toEqual(['FULL', 'WITHHELD', 'WITHHELD', 'WITHHELD', 'WITHHELD']);
  });

  test('a household on which only protected persons or children match is to civil affairs like one that never matched', () => {
    expect([householdSeen(), householdSeen({ protected: true, minor: false }), householdSeen({ protected: false, minor: true }), householdSeen({ protected: false, minor: null })]).toEqual([false, false, false, false]);
    expect(householdSeen({ protected: true, minor: false }, { protected: false, minor: false })).toBe(true);
  });

  test('what the policy does not name is an error of the program', () => {
    expect(() => decide(policy, viewer, 'ReturnCase', sent, 'caseNumber')).toThrow('the policy has no cell ReturnCase.caseNumber');
  });
});

describe('what a rule may depend on beside the record', () => {
  /** The shipped policy with one text of a file replaced. */
  const policyWith = (file: string, from: string, to: string): ReturnType<typeof parsePolicy> => parsePolicy(withChange(file, from, to), CATALOGUE);
  const sent: Facts = { attributes: { protected: false, minor: false, state: 'SENT', originAgency: 'a1', destinationAgency: 'a2', authorAgency: 'a2', caseNo: 'RC-7', holdingAgency: null, holdingCivilAffairs: null, protectionUnit: null } };
  const COURSE = 'kind: [RESCUE_STATION, CIVIL_AFFAIRS], for: [RETURN, SUPERVISION] }';

  test('a grant holds from its first instant to the last before it lapses, to the millisecond', () => {
    const limited = policyWith('return-case.yaml', COURSE, COURSE.replace(' }', ', from: 2026-04-01, until: 2026-04-30T18:00:00+08:00 }'));
    const seenAt = (at: string): string => decide(limited, { ...viewer, at: new Date(at) }, 'ReturnCase', sent, 'state').rung;
    expect(['2026-03-31T23:59:59.999+08:00', '2026-04-01T00:00:00+08:00', '2026-04-30T17:59:59.999+08:00', '2026-04-30T18:00:00+08:00'].map(seenAt)).toEqual(['WITHHELD', 'FULL', 'FULL', 'WITHHELD']);
  });

  test('a last day counts to its end, in China', () => {
    const limited = policyWith('return-case.yaml', COURSE, COURSE.replace(' }', ', until: 2026-04-30 }'));
    const seenAt = (at: string): string => decide(limited, { ...viewer, at: new Date(at) }, 'ReturnCase', sent, 'state').rung;
    expect([seenAt('2026-04-30T23:59:59.999+08:00'), seenAt('2026-05-01T00:00:00+08:00')]).toEqual(['FULL', 'WITHHELD']);
  });

  test('at an unknown time a limited grant gives nothing', () => {
    const limited = policyWith('return-case.yaml', COURSE, COURSE.replace(' }', ', until: 2999-12-31 }'));
    const { at: _, ...timeless } = viewer;
    expect(decide(limited, timeless, 'ReturnCase', sent, 'state').rung).toBe('WITHHELD');
    expect(decide(policy, timeless, 'ReturnCase', sent, 'state').rung).toBe('FULL');
  });

  test('a rule may ask for the matter of the request; without one it gives nothing', () => {
    const bound = policyWith('return-case.yaml', COURSE, COURSE.replace(' }', ', when: { caseNo: { is: viewer.matter } } }'));
    const seenFor = (matter: string | null | undefined): string => decide(bound, matter === undefined ? viewer : { ...viewer, matter }, 'ReturnCase', sent, 'state').rung;
    expect([seenFor('RC-7'), seenFor('RC-8'), seenFor(null), seenFor(undefined)]).toEqual(['FULL', 'WITHHELD', 'WITHHELD', 'WITHHELD']);
  });

  test('a derived cell shows no more than its sources do, unless it is released from them', () => {
    const settlement: Facts = { attributes: { protected: false, minor: false, station: 'a9', civilAffairs: 'a8', holdingAgency: null, holdingCivilAffairs: null, protectionUnit: null }, relations: { receivedBy: true } };
    const settled = (rules: typeof policy, who: Partial<DecidingViewer> = {}): string => decide(rules, { ...viewer, purpose: 'SETTLEMENT', ...who }, 'SettlementCase', settlement, 'settled').rung;
    const unreleased = policyWith('settlement-case.yaml', '    releases: [state]\n', '');
    expect([settled(policy), settled(unreleased), settled(unreleased, { agency: 'a9' })]).toEqual(['FULL', 'WITHHELD', 'FULL']);
  });
});
