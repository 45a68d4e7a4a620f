import { decide, type DecidingViewer, type Facts } from '../../src/policy/decide.js';
import { compileLens, type Lens } from '../../src/policy/compile.js';
import { authorText } from '../../src/policy/explain-author-print.js';
import { linksOf, readRules } from '../../src/policy/explain-author.js';
import type { Condition, Policy } from '../../src/policy/language.js';
import { runPolicyTests } from '../../src/policy/policy-tests.js';
import { readAloud } from '../../src/policy/read-aloud.js';
import { failedExamples, soundnessText } from '../../src/policy/soundness-print.js';
import { Speech } from '../../src/policy/speech.js';
import { planWitnesses } from '../../src/policy/witness.js';
import { rulesOf, SMALL_CATALOGUE, smallPolicy, type Change } from './small-policy.js';

const NOW = new Date('2026-03-02T09:00:00+08:00');

/** Conditions of every kind, in words. */
export function conditionsAloud(): string {
  const speech = new Speech(smallPolicy(), SMALL_CATALOGUE);
  const day = (days: number, months: number): { today: { days: number; months: number } } => ({ today: { days, months } });
  const said: [record: string, condition: Condition][] = [
    ['Letter', { is: { attribute: 'state', value: { literal: 'SENT' } } }], ['Letter', { is: { attribute: 'letterNo', value: { literal: '7' } } }], ['Letter', { is: { attribute: 'pages', value: { literal: 7 } } }], ['Letter', { is: { attribute: 'urgent', value: { literal: true } } }], ['Letter', { is: { attribute: 'urgent', value: { literal: false } } }],
    ...(['agency', 'division', 'kind', 'matter'] as const).map((viewer): [string, Condition] => ['Letter', { is: { attribute: 'reader', value: { viewer } } }]),
    ['Letter', { in: { attribute: 'state', values: [{ literal: 'SENT' }, { literal: 'READ' }] } }], ['Letter', { in: { attribute: 'urgent', values: [{ literal: true }, { literal: false }] } }], ['Letter', { within: { attribute: 'place' } }],
    ['Letter', { before: { attribute: 'sentOn', value: day(0, 0) } }], ['Letter', { after: { attribute: 'sentOn', value: day(-3, 12) } }], ['Letter', { before: { attribute: 'readAt', value: day(3, -12) } }], ['Letter', { after: { attribute: 'pages', value: { literal: 9 } } }],
    ['Letter', { all: [{ within: { attribute: 'place' } }, { is: { attribute: 'urgent', value: { literal: true } } }] }], ['Letter', { any: [{ within: { attribute: 'place' } }, { is: { attribute: 'urgent', value: { literal: true } } }] }], ['Letter', { none: [{ within: { attribute: 'place' } }, { is: { attribute: 'urgent', value: { literal: true } } }] }],
    ['Letter', { some: { link: 'about', that: { within: { attribute: 'home' } } } }], ['Resident', { some: { link: 'letters', that: { is: { attribute: 'state', value: { literal: 'DRAFT' } } } } }],
    ['Weather', { some: { link: 'storms', that: { is: { attribute: 'wind', value: { literal: 'east' } } } } }],
  ];
  return [...said.map(([record, condition]) => speech.condition(record, condition)), speech.field('Letter', 'steps.reason'), speech.field('Letter', 'weather'), speech.field('Weather', 'wind')].map((line) => `${line}\n`).join('');
}

export function allAloud(changes: readonly Change[]): string {
  const policy = smallPolicy(...changes);
  return [...policy.records.values()].map((rules) => `${readAloud(policy, SMALL_CATALOGUE, rules)}\n`).join('\n');
}

/** With conditions behind links in every sort of rule. */
const LINKED = (): Policy => smallPolicy(
  ['letter.yaml', 'as: [county], for: [SUPERVISION]', 'as: [county], when: { any: [{ about: { some: { letters: { some: { urgent: { is: true } } } } } }] }, for: [SUPERVISION]'],
  ['letter.yaml', 'when: { minor: { is: true } }', 'when: { all: [{ urgent: { is: true } }, { none: [{ about: { some: { protected: { is: true } } } }] }] }'],
);

/** What an author reads of a cell on a record. */
export function authorReadings(): string {
  const policy = smallPolicy(['letter.yaml', 'when: { protected: { is: true } }, except: [writer] }', 'level: [COUNTY], when: { all: [{ protected: { is: true } }, { urgent: { is: true } }] }, except: [writer], exceptRoles: [ADMIN] }']);
  const speech = new Speech(policy, SMALL_CATALOGUE);
  const clerk: DecidingViewer = { kind: 'RESCUE_STATION', level: 'COUNTY', roles: ['CLERK'], purpose: 'RETURN', agency: 'a1', at: NOW, areas: [] };
  const letter: Facts = { attributes: { writer: 'a2', reader: 'a1', state: 'SENT', protected: false, minor: null, urgent: null, place: null } };
  const readings: [viewer: Partial<DecidingViewer>, attributes: Facts['attributes'], cell: string][] = [
    [{}, {}, 'text'], [{ agency: 'a2' }, {}, 'text'], [{ roles: ['MINORS_OFFICER', 'ADMIN'] }, {}, 'text'], [{}, { minor: false }, 'long'], [{ agency: 'a2', roles: ['APPROVER'] }, { urgent: false }, 'steps.reason'], [{ agency: 'a2', roles: ['APPROVER'], at: new Date('2026-07-01T00:00:00+08:00') }, {}, 'steps.reason'],
    [{ agency: 'a2', roles: ['APPROVER'], at: new Date('2025-07-01T00:00:00+08:00') }, {}, 'steps.reason'], [{}, { protected: true, minor: false }, 'text'], [{}, { protected: true, urgent: false, minor: true }, 'text'], [{ agency: 'a2' }, { protected: true, urgent: true }, 'text'], [{ kind: 'CIVIL_AFFAIRS', level: 'PROVINCE', purpose: 'SUPERVISION' }, {}, 'letterNo'], [{ agency: 'a3' }, {}, 'letterNo'], [{ purpose: null }, {}, 'sentOn'], [{ agency: 'a2' }, { urgent: false }, 'steps.reason'], [{ agency: 'a2', roles: ['APPROVER'] }, { urgent: true }, 'steps.reason'], [{ roles: ['MINORS_OFFICER'] }, { minor: true }, 'text'],
  ];
  const texts = readings.map(([viewer, attributes, cell]) => {
    const [asker, facts] = [{ ...clerk, ...viewer }, { attributes: { ...letter.attributes, ...attributes } }];
    const reading = readRules(policy, speech, asker, 'Letter', facts, cell);
    const { rung, rowVisible } = decide(policy, asker, 'Letter', facts, cell);
    const held = (effects: readonly string[]): boolean => reading.rules.some(({ effect, holds }) => holds && effects.includes(effect));
    if (rowVisible !== (held(['row']) && !held(['veto']))) throw new Error('the reading and the reference disagree on the row');
    return `${rung}\n${authorText(policy, 'Letter', cell, reading)}\n`;
  });
  return `${texts.join('\n')}\n${JSON.stringify([linksOf(rulesOf(policy, 'Letter')), linksOf(rulesOf(policy, 'Resident')), linksOf(rulesOf(LINKED(), 'Letter'))])}\n`;
}

/** What is said of a sound policy, and of examples that it does not bear out. */
export function soundness(): string {
  const policy = smallPolicy(['letter.yaml', 'sees: { text: FULL, sentOn: WITHHELD } }', 'sees: { text: WITHHELD, sentOn: FULL } }'], ['letter.yaml', 'at: 2026-03-01 }, row: HIDDEN }', 'as: [writer, reader] }, given: { letterNo: "7", urgent: false }, row: HIDDEN }\n  - { viewer: { kind: RESCUE_STATION, level: PROVINCE, for: RETURN }, row: VISIBLE }']);
  return `${soundnessText(smallPolicy(), SMALL_CATALOGUE)}\n${soundnessText(policy, SMALL_CATALOGUE)}\n${failedExamples(policy, runPolicyTests(policy).failures).map((line) => `${line}\n`).join('')}`;
}

/** The statements that look for witnesses of a change. */
export function witnessStatements(after: readonly Change[]): string {
  const matter: Change = ['letter.yaml', "when: { urgent: { is: false } }", 'when: { any: [{ letterNo: { is: viewer.matter } }, { about: { some: { letters: { some: { letterNo: { in: ["7", viewer.matter] } } } } } }] }'];
  const lensOf = (policy: Policy, purpose: 'RETURN' | 'SUPERVISION'): Lens => compileLens(policy, SMALL_CATALOGUE, { kind: purpose === 'RETURN' ? 'RESCUE_STATION' : 'CIVIL_AFFAIRS', level: 'PROVINCE', roles: ['APPROVER'], purpose, areaCount: 1, at: NOW });
  const [old, now, bound] = [smallPolicy(), smallPolicy(...after), smallPolicy(matter)];
  const pairs: [before: Lens | null, after: Lens | null, required: boolean][] = [[lensOf(old, 'RETURN'), lensOf(old, 'RETURN'), false], [lensOf(old, 'RETURN'), lensOf(now, 'RETURN'), false], [lensOf(old, 'SUPERVISION'), lensOf(now, 'SUPERVISION'), false], [null, lensOf(old, 'RETURN'), false], [lensOf(old, 'RETURN'), null, false], [null, null, false], [null, lensOf(bound, 'RETURN'), false], [null, lensOf(bound, 'RETURN'), true]];
  return pairs.flatMap(([before, one, required]) => ['Letter', 'Resident', 'Weather'].map((record) => `${record}: ${planWitnesses(record, before, one, SMALL_CATALOGUE, required) ?? 'nothing to look for'}\n`)).join('\n');
}
