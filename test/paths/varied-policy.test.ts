import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { policyVersion, type PolicySource } from '../../src/policy/parse-policy.js';
import { SHIPPED_SOURCES, sourceText } from '../policy/shipped-policy.js';
import { asking } from './askers.js';
import { checkFilters } from './check-filters.js';
import { checkOrders } from './check-orders.js';
import { checkRecords } from './check-records.js';
import { READ_KINDS } from './coverage.js';
import { closeHouse, openHouse } from './open-house.js';
import { Session, type House } from './session.js';

/** Changes of the shipped files that give what they never give: keys of orders held on some records only, links to rows that are hidden, a masked name, a cell bound to its sources, a nested cell granted beyond its parent, a grant that may be unknown. */
const CHANGES: [file: string, from: string | RegExp, to: string][] = [
  ['return-case.yaml', /^caps:$/mu, `caps:
  - { cap: number-of-sent, fields: [caseNo], rung: WITHHELD, when: { state: { is: SENT } }, basis: 试 }
  - { cap: days-of-minors, fields: [entryDate, sentAt, acknowledgeBy], rung: WITHHELD, when: { minor: { is: true } }, basis: 试 }
  - { cap: course-of-refused, fields: [transitions], rung: WITHHELD, when: { state: { is: REFUSED } }, basis: 试 }
  - { cap: origin-of-disputed, fields: [originAgency, receiveBy], rung: WITHHELD, when: { state: { in: [DISPUTED, REFUSED, ACKNOWLEDGED] } }, basis: 试 }`],
  ['return-case.yaml', 'grant: home-check-origin, rung: FULL,', 'grant: home-check-origin, when: { minor: { is: false } }, rung: FULL,'],
  ['person.yaml', /^rows:$/mu, 'rows:\n  - { veto: minors, when: { minor: { is: true } }, basis: 试 }'],
  ['person.yaml', 'grant: roster-name, rung: FULL', 'grant: roster-name, rung: SURNAME'],
  ['person.yaml', /^ {4}releases: \[birthDate, estimatedAge\]\n/mu, ''],
  ['person.yaml', /^.*grant: (?:referred|roster)-age-band.*\n.*grant: roster-age-band.*\n/mu, ''],
  ['person.yaml', /^caps:$/mu, 'caps:\n  - { cap: birth-date-of-some, fields: [birthDate], rung: WITHHELD, when: { cases: { some: { state: { is: ACKNOWLEDGED } } } }, basis: 试 }'],
  ['household-member.yaml', /^rows:$/mu, 'rows:\n  - { veto: minors, kind: [POVERTY_RELIEF], when: { minor: { is: true } }, basis: 试 }'],
  ['registered-household.yaml', /^writes:$/mu, 'caps:\n  - { cap: number-of-flagged, fields: [householdNo, division], rung: WITHHELD, kind: [POVERTY_RELIEF], when: { flagState: { is: CONFIRMED } }, basis: 试 }\n\nwrites:'],
];

const without = (text: string): string => text.replace(/^tests:$[^]*/mu, '');

/** The shipped files so changed; their examples are of the shipped rules. */
function variedSources(): PolicySource[] {
  return SHIPPED_SOURCES.map(({ name }) => {
    const text = CHANGES.filter(([file]) => file === name).reduce((changed, [, from, to]) => {
      const next = changed.replace(from, to);
      if (next === changed) throw new Error(`${name} does not hold ${String(from)}`);
      return next;
    }, sourceText(name));
    return { name, text: CHANGES.some(([file]) => file === name) ? without(text) : text };
  });
}

let house: House;
beforeAll(async () => {
  const varied = variedSources();
  house = await openHouse(READ_KINDS, async (hub) => {
    await hub.parts.policies.offer(varied);
    expect([hub.parts.policy.policy.hash, hub.logged().match(/"faults":.*/gu)]).toEqual([policyVersion(varied), null]);
  });
});
afterAll(() => closeHouse(house));

test.each([
  ['station-320281', 'RETURN'], ['civil-320281', 'RETURN'], ['civil-320000', 'SUPERVISION'], ['township-320281104', 'AT_RISK_CARE'], ['poverty-320281', 'POVERTY_RELIEF'],
] as const)('%s for %s sees by lists, links, filters and orders what the reference decides, under rules of every sort', async (agency, purpose) => {
  const session = new Session(house, asking(agency, purpose));
  for (const check of [checkRecords, checkFilters, checkOrders]) await check(session);
  expect(session.problems).toEqual([]);
});

test('the changes bear on what is seen: keys of orders and links are held on some records and not on others, and a name is masked', () => {
  const rungsOf = (agency: string, purpose: 'RETURN' | 'AT_RISK_CARE' | 'POVERTY_RELIEF', record: string, cell: string): string[] => [...new Set(new Session(house, asking(agency, purpose)).view.visible(record).map(({ rungs }) => rungs.get(cell) ?? ''))].toSorted();
  for (const cell of ['caseNo', 'entryDate', 'sentAt', 'acknowledgeBy', 'originAgency', 'person']) expect([cell, rungsOf('station-320281', 'RETURN', 'ReturnCase', cell)]).toEqual([cell, ['FULL', 'WITHHELD']]);
  expect(rungsOf('township-320281104', 'AT_RISK_CARE', 'Person', 'name')).toEqual(['SURNAME']);
  expect(rungsOf('station-320281', 'RETURN', 'Person', 'ageBand')).toEqual(['FULL', 'WITHHELD']);
  expect(rungsOf('poverty-320281', 'POVERTY_RELIEF', 'RegisteredHousehold', 'householdNo')).toEqual(['FULL', 'WITHHELD']);
  const unknownAge = [...(house.ledgers.facts.get('ReturnCase') ?? [])].filter(([, { attributes }]) => attributes['minor'] === null).map(([id]) => new Session(house, asking('station-320281', 'RETURN')).view.show('ReturnCase', id)?.rungs.get('homeCheck'));
  expect(unknownAge).toContain('WITHHELD');
  const members = new Session(house, asking('poverty-320281', 'POVERTY_RELIEF')).view;
  expect(members.visible('HouseholdMember').length).toBeLessThan(members.idsOf('HouseholdMember').length);
});
