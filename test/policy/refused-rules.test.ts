import { describe, expect, test } from '@jest/globals';
import { changed, refusalOf } from './small-policy.js';

/** What caps, write rules and examples must say, and what they may not. */
type Fault = [rule: string, file: string, from: string | RegExp | null, to: string, says: string[]];

/** With one text of one file replaced the policy is refused: every fault with its place, what is wrong and how to mend it, and no other. */
const refuses = (_: string, file: string, from: string | RegExp | null, to: string, says: string[]): void => {
  expect(refusalOf(changed([file, from, to]))).toEqual(says);
};

describe('refused in caps:', () => {
  test.each<Fault>([
    ['caps that are no list', 'resident.yaml', /caps:\n[^]*$/u, 'caps: none\n', ['resident.yaml:25:7: caps is not a list; write it as `[ … ]`']],
    ['a cap that is no mapping', 'resident.yaml', /caps:\n[^]*$/u, 'caps: [surname]\n', [
      'resident.yaml:25:8: a cap is not a mapping; write it as `name: …`',
      'resident.yaml:25:8: a cap is not a mapping; write it as `cap: …`',
      'resident.yaml:25:8: a cap is not a mapping; write it as `name: …`',
    ]],
    ['a cap with an unknown rung', 'resident.yaml', 'fields: [name], rung: SURNAME', 'fields: [name], rung: SURNAMES', ['resident.yaml:26:71: rung `SURNAMES` is not known; use `SURNAME`']],
    ['a cap without fields', 'resident.yaml', 'fields: [name], rung: SURNAME', 'rung: SURNAME', ['resident.yaml:26:5: a cap has no `fields`; add `fields: …`']],
    ['a cap without a rung', 'resident.yaml', 'fields: [name], rung: SURNAME', 'fields: [name]', ['resident.yaml:26:5: a cap has no `rung`; add `rung: …`']],
    ['a cap without a name', 'resident.yaml', '{ cap: surname-only, kind', '{ kind', ['resident.yaml:26:5: a cap has no `cap`; add `cap: …`']],
    ['a cap at a rung that a field lacks', 'resident.yaml', 'fields: [name], rung: SURNAME', 'fields: [name, sex], rung: SURNAME', ['resident.yaml:26:5: `sex` has no rung `SURNAME`; use `FULL`, or add a ladder']],
    ['a cap of an unknown field', 'resident.yaml', 'fields: [name], rung: SURNAME', 'fields: [nam], rung: SURNAME', ['resident.yaml:26:58: field of Resident `nam` is not known; use `name`']],
    ['two caps of one name', 'resident.yaml', 'when: { protected: { is: true } } }\n', 'when: { protected: { is: true } } }\n  - { cap: surname-only, fields: [idNumber], rung: ENDS }\n', ['resident.yaml:27:5: rule `surname-only` stands twice; rename or remove one of the two']],
    ['a cap that lapses', 'resident.yaml', 'rung: SURNAME, when', 'rung: SURNAME, until: 2026-12-31, when', ['resident.yaml:26:80: `until` is not known in a cap; use one of `cap`, `kind`, `level`, `roles`, `for`, `when`, `except`, `exceptRoles`, `basis`, `fields`, `rung`']],
    ['a cap with an exception of an unknown role', 'letter.yaml', 'exceptRoles: [MINORS_OFFICER]', 'exceptRoles: [MINOR_OFFICER]', ['letter.yaml:32:121: role `MINOR_OFFICER` is not known; use `MINORS_OFFICER`']],
    ['a cap whose basis is no text', 'letter.yaml', 'basis: 民发四号', 'basis: [民发四号]', ['letter.yaml:32:145: the basis is not a text; write a word or a sentence']],
    ['a cap whose name is no text', 'resident.yaml', 'cap: surname-only', 'cap: [surname-only]', ['resident.yaml:26:12: the name of the cap is not a text; write a word or a sentence']],
  ])('%s', refuses);
});

describe('refused in write rules:', () => {
  test.each<Fault>([
    ['writes that are no list', 'letter.yaml', /writes:\n[^]*?\ntests:/u, 'writes: none\ntests:', ['letter.yaml:33:9: writes is not a list; write it as `[ … ]`']],
    ['a write rule that is no mapping', 'letter.yaml', /writes:\n[^]*?\ntests:/u, 'writes: [writeLetter]\ntests:', [
      'letter.yaml:33:10: a write rule is not a mapping; write it as `write: …`',
      'letter.yaml:33:10: a write rule names no relation; add `as: [ … ]` for a record that exists, `after: [ … ]` for one that is made',
    ]],
    ['a write rule with an unknown key', 'letter.yaml', '{ write: writeLetter,', '{ write: writeLetter, rung: FULL,', ['letter.yaml:34:27: `rung` is not known in a write rule; use one of `write`, `kind`, `level`, `roles`, `for`, `from`, `until`, `as`, `when`, `after`, `sets`, `basis`']],
    ['a write rule that lacks what it must say', 'letter.yaml', '{ write: writeLetter, kind: [RESCUE_STATION], for: [RETURN], after: [writer], sets: [letterNo, text] }', '{ kind: [RESCUE_STATION], after: [writer] }', [
      'letter.yaml:34:5: a write rule has no `write`; add `write: …`',
      'letter.yaml:34:5: a write rule has no `for`; add `for: …`',
      'letter.yaml:34:5: a write rule has no `sets`; add `sets: …`',
    ]],
    ['a write rule of an unknown operation', 'letter.yaml', 'write: sendLetter', 'write: sendLetters', ['letter.yaml:35:14: operation `sendLetters` is not known; use `sendLetter`']],
    ['a write rule that names no relation', 'letter.yaml', 'for: [RETURN], after: [writer], sets: [letterNo, text] }', 'for: [RETURN], sets: [letterNo, text] }', ['letter.yaml:34:5: a write rule names no relation; add `as: [ … ]` for a record that exists, `after: [ … ]` for one that is made']],
    ['a write rule that sets a derived field', 'letter.yaml', 'sets: [letterNo, text]', 'sets: [letterNo, long]', ['letter.yaml:34:100: stored field of Letter `long` is not known; use one of `letterNo`, `state`, `writer`, `text`, `sentOn`, `pages`, `steps`, `resident`, `steps.reason`']],
    ['a write rule whose basis is no text', 'letter.yaml', 'basis: 民发五号', 'basis: [民发五号]', ['letter.yaml:35:150: the basis is not a text; write a word or a sentence']],
    ['a write rule that lapses before it begins', 'letter.yaml', 'sets: [letterNo, text] }', 'sets: [letterNo, text], from: 2026-07-01, until: 2026-06-30 }', ['letter.yaml:34:5: the rule lapses before it begins; correct `from` or `until`']],
  ])('%s', refuses);
});

describe('refused in examples:', () => {
  test.each<Fault>([
    ['tests that are no list', 'letter.yaml', /tests:\n[^]*$/u, 'tests: none\n', ['letter.yaml:36:8: tests is not a list; write it as `[ … ]`']],
    ['a test that is no mapping', 'letter.yaml', /tests:\n[^]*$/u, 'tests: [party]\n', [
      'letter.yaml:36:9: a test is not a mapping; write it as `viewer: …`',
      'letter.yaml:1:1: the viewer of a test is not a mapping; write it as `kind: …`',
      'letter.yaml:36:9: the test expects nothing; add `row: VISIBLE`, `row: HIDDEN` or `sees: { field: RUNG }`',
    ]],
    ['a test without a viewer', 'letter.yaml', '{ viewer: { kind: CIVIL_AFFAIRS, level: COUNTY, roles: [CLERK, MINORS_OFFICER], for: RETURN, at: 2026-03-01 }, row: HIDDEN }', '{ row: HIDDEN }', [
      'letter.yaml:38:5: a test has no `viewer`; add `viewer: …`',
      'letter.yaml:1:1: the viewer of a test is not a mapping; write it as `kind: …`',
    ]],
    ['a test with an unknown key', 'letter.yaml', 'row: HIDDEN }', 'row: HIDDEN, because: 例 }', ['letter.yaml:38:129: `because` is not known in a test; use one of `viewer`, `given`, `row`, `sees`']],
    ['a viewer of a test that lacks kind, level and purpose', 'letter.yaml', '{ kind: CIVIL_AFFAIRS, level: COUNTY, roles: [CLERK, MINORS_OFFICER], for: RETURN, at: 2026-03-01 }', '{ as: [writer] }', [
      'letter.yaml:38:15: the viewer of a test has no `kind`; add `kind: …`',
      'letter.yaml:38:15: the viewer of a test has no `level`; add `level: …`',
      'letter.yaml:38:15: the viewer of a test has no `for`; add `for: …`',
    ]],
    ['a viewer of a test with an unknown key, kind, level, role and purpose', 'letter.yaml', '{ kind: CIVIL_AFFAIRS, level: COUNTY, roles: [CLERK, MINORS_OFFICER], for: RETURN, at: 2026-03-01 }', '{ agency: a1, kind: CIVIL, level: TOWN, roles: [BOSS], for: FUN, as: [friend] }', [
      'letter.yaml:38:17: `agency` is not known in the viewer of a test; use one of `kind`, `level`, `roles`, `for`, `as`, `at`',
      'letter.yaml:38:35: kind `CIVIL` is not known; use one of `RESCUE_STATION`, `CIVIL_AFFAIRS`, `PUBLIC_SECURITY`, `HEALTH`, `POVERTY_RELIEF`, `TOWNSHIP`, `DATA_AUTHORITY`, `AUDIT`, `PARTNER`',
      'letter.yaml:38:49: level `TOWN` is not known; use one of `MINISTRY`, `PROVINCE`, `PREFECTURE`, `COUNTY`, `TOWNSHIP`',
      'letter.yaml:38:63: role `BOSS` is not known; use one of `CLERK`, `APPROVER`, `SHARING_OFFICER`, `MINORS_OFFICER`, `AUDITOR`, `ADMIN`',
      'letter.yaml:38:75: purpose `FUN` is not known; use one of `RETURN`, `AT_RISK_CARE`, `SETTLEMENT`, `IDENTITY`, `POVERTY_RELIEF`, `MEDICAL_CARE`, `SUPERVISION`, `COORDINATION`, `AUDIT`, `BENEFIT_CHECK`',
      'letter.yaml:38:85: relation `friend` is not named in `relations`; use one of `writer`, `reader`, `county`',
    ]],
    ['a time of a test that is none', 'letter.yaml', 'at: 2026-03-01 }', 'at: noon }', ['letter.yaml:38:102: the time of a test `noon` is neither a day nor an instant; write it as `2026-12-31` or `2026-12-31T18:00:00+08:00`']],
    ['a test of a row that is neither visible nor hidden', 'letter.yaml', 'row: HIDDEN', 'row: SHOWN', [
      'letter.yaml:38:121: row `SHOWN` is not known; use one of `VISIBLE`, `HIDDEN`',
      'letter.yaml:38:5: the test expects nothing; add `row: VISIBLE`, `row: HIDDEN` or `sees: { field: RUNG }`',
    ]],
    ['a test that expects nothing', 'letter.yaml', ', row: HIDDEN', '', ['letter.yaml:38:5: the test expects nothing; add `row: VISIBLE`, `row: HIDDEN` or `sees: { field: RUNG }`']],
    ['a test of an unknown field', 'letter.yaml', 'sees: { text: FULL', 'sees: { txet: FULL', ['letter.yaml:37:166: `txet` is no field of Letter; use `text`']],
    ['a test of an unknown rung', 'letter.yaml', 'sees: { text: FULL', 'sees: { text: WHOLE', ['letter.yaml:37:172: rung `WHOLE` is not known; use one of `WITHHELD`, `SURNAME`, `ENDS`, `FULL`']],
    ['a test whose expectations are no mapping', 'letter.yaml', 'sees: { text: FULL, sentOn: WITHHELD }', 'sees: [text]', ['letter.yaml:37:164: `sees` is not a mapping; write it as `name: …`']],
    ['a test of an unknown attribute', 'letter.yaml', 'given: { state: SENT,', 'given: { stat: SENT,', ['letter.yaml:37:92: `stat` is no attribute of Letter; use `state`']],
    ['a test with a value that the attribute never has', 'letter.yaml', 'given: { state: SENT,', 'given: { state: SEND,', ['letter.yaml:37:92: `SEND` does not fit `state`, which is of type text; use `SENT`']],
    ['a test with a truth that is none', 'letter.yaml', 'urgent: true }', 'urgent: "true" }', ['letter.yaml:37:128: `true` does not fit `urgent`, which is of type boolean; write a value of that type, or `null`']],
    ['a test with a number that is none', 'letter.yaml', 'pages: 3', 'pages: three', ['letter.yaml:37:118: `three` does not fit `pages`, which is of type number; write a value of that type, or `null`']],
    ['a test with a text that is none', 'letter.yaml', 'given: { state: SENT,', 'given: { letterNo: 7,', ['letter.yaml:37:92: `7` does not fit `letterNo`, which is of type text; write a value of that type, or `null`']],
    ['a test with a list for a value', 'letter.yaml', 'given: { state: SENT,', 'given: { letterNo: [a],', ['letter.yaml:37:92: `undefined` does not fit `letterNo`, which is of type text; write a value of that type, or `null`']],
    ['a test that names a field and no rung', 'letter.yaml', 'sees: { text: FULL,', 'sees: { text,', ['letter.yaml:37:166: rung is not a text; write a word or a sentence']],
    ['a test of a word that every object knows', 'letter.yaml', 'given: { state: SENT,', 'given: { constructor: SENT,', ['letter.yaml:37:92: `constructor` is no attribute of Letter; use one of `letterNo`, `state`, `writer`, `reader`, `place`, `urgent`, `protected`, `minor`, `sentOn`, `readAt`, `pages`']],
    ['a test whose record is no mapping', 'letter.yaml', 'given: { state: SENT, minor: null, pages: 3, urgent: true }', 'given: SENT', ['letter.yaml:37:90: `given` is not a mapping; write it as `name: …`']],
  ])('%s', refuses);
});
