import { describe, expect, test } from '@jest/globals';
import { checkPolicy } from '../../src/policy/check.js';
import { SMALL_CATALOGUE, smallPolicy, type Change } from './small-policy.js';

/** A change of the small policy, and what the checks after reading then say: all of it, or nothing where the change is sound. */
type Checked = [rule: string, changes: Change[], says: string[]];

const says = (_: string, changes: Change[], expected: string[]): void => {
  expect(checkPolicy(smallPolicy(...changes), SMALL_CATALOGUE).map(({ message }) => message)).toEqual(expected);
};

test('the small policy is sound', () => says('', [], []));

describe('a rule speaks for somebody who may state its purpose:', () => {
  test.each<Checked>([
    ['a row rule for a purpose that its kind may never state', [['resident.yaml', '{ grant: registrar, kind: [PUBLIC_SECURITY], for: [IDENTITY] }', '{ grant: registrar, kind: [PUBLIC_SECURITY], for: [IDENTITY] }\n  - { grant: clinic, kind: [HEALTH], level: [COUNTY, TOWNSHIP], for: [RETURN, IDENTITY] }']], [
      'resident.yaml:11:5: rule `clinic` can never hold: nobody among `HEALTH` `COUNTY, TOWNSHIP` `RETURN, IDENTITY` may state these purposes; correct `kind`, `level` or `for`, or open the purpose in purposes.yaml',
    ]],
    ['a field rule for a purpose that its kind may never state', [['resident.yaml', '{ grant: sex, rung: FULL, for: [RETURN, IDENTITY] }', '{ grant: sex, rung: FULL, kind: [HEALTH], for: [RETURN, IDENTITY] }']], [
      'resident.yaml:24:9: rule `sex` can never hold: nobody among `HEALTH` `RETURN, IDENTITY` may state these purposes; correct `kind`, `level` or `for`, or open the purpose in purposes.yaml',
    ]],
    ['a rule for a level at which the purpose may not be stated', [['letter.yaml', 'level: [PROVINCE, MINISTRY], as', 'level: [COUNTY], as']], [
      'letter.yaml:12:5: rule `above` can never hold: nobody among `CIVIL_AFFAIRS` `COUNTY` `SUPERVISION` may state these purposes; correct `kind`, `level` or `for`, or open the purpose in purposes.yaml',
    ]],
    ['a rule for a role with which the purpose may not be stated', [['resident.yaml', '{ grant: registrar, kind: [PUBLIC_SECURITY], for: [IDENTITY] }', '{ grant: registrar, kind: [PUBLIC_SECURITY], for: [IDENTITY] }\n  - { grant: auditor, kind: [AUDIT], roles: [CLERK], for: [AUDIT] }']], [
      'resident.yaml:11:5: rule `auditor` can never hold: nobody among `AUDIT` `AUDIT` may state these purposes; correct `kind`, `level` or `for`, or open the purpose in purposes.yaml',
    ]],
    ['one kind of several that may never state the purpose', [['resident.yaml', '{ grant: whole-name, rung: FULL, kind: [CIVIL_AFFAIRS, PUBLIC_SECURITY]', '{ grant: whole-name, rung: FULL, kind: [CIVIL_AFFAIRS, HEALTH, PUBLIC_SECURITY]']], [
      'resident.yaml:15:9: rule `whole-name` names `HEALTH`, which may state none of its purposes; take `HEALTH` out, or open the purpose in purposes.yaml',
    ]],
    ['a row rule that names one kind too many', [['letter.yaml', 'kind: [CIVIL_AFFAIRS], level: [PROVINCE, MINISTRY], as', 'kind: [CIVIL_AFFAIRS, RESCUE_STATION], level: [PROVINCE, MINISTRY], as']], [
      'letter.yaml:12:5: rule `above` names `RESCUE_STATION`, which may state none of its purposes; take `RESCUE_STATION` out, or open the purpose in purposes.yaml',
    ]],
  ])('%s', says);
});

describe('a field rule speaks for somebody who sees rows:', () => {
  test.each<Checked>([
    ['a field rule for those who get no row', [['resident.yaml', '{ grant: sex, rung: FULL, for: [RETURN, IDENTITY] }', '{ grant: sex, rung: FULL, for: [RETURN, IDENTITY] }\n      - { grant: sex-above, rung: FULL, kind: [CIVIL_AFFAIRS], for: [SUPERVISION] }']], [
      'resident.yaml:25:9: rule `sex-above` never matters: no row of Resident is granted to those it speaks for; grant them rows, or take the rule out',
    ]],
  ])('%s', says);
});

describe('a cap bears on somebody, and leaves something to somebody:', () => {
  test.each<Checked>([
    ['a cap for those to whom nothing is granted', [['resident.yaml', '{ cap: surname-only, kind: [CIVIL_AFFAIRS]', '{ cap: surname-only, kind: [TOWNSHIP]']], [
      'resident.yaml:26:5: cap `surname-only` never matters: nothing is granted to those it speaks for; correct its audience or fields, or take it out',
    ]],
    ['a cap of a field that nobody sees', [['letter.yaml', 'fields: [text, pages], rung: WITHHELD', 'fields: [sentOn], rung: WITHHELD']], [
      'letter.yaml:32:5: cap `minor` never matters: nothing is granted to those it speaks for; correct its audience or fields, or take it out',
    ]],
    ['a cap for those who see the field, but no row', [['letter.yaml', '{ cap: minor, fields: [text, pages]', '{ cap: minor, kind: [CIVIL_AFFAIRS], level: [COUNTY], for: [SUPERVISION], fields: [long]']], [
      'letter.yaml:32:5: cap `minor` never matters: nothing is granted to those it speaks for; correct its audience or fields, or take it out',
    ]],
    ['a cap that takes a field from everybody', [['resident.yaml', 'fields: [name], rung: SURNAME, when: { protected: { is: true } } }', 'fields: [name], rung: SURNAME, when: { protected: { is: true } } }\n  - { cap: all, fields: [sex, birthDate], rung: WITHHELD }']], [
      'resident.yaml:27:5: cap `all` has no condition and takes `sex` from everybody; add `when` or `except`, or write `nobody: reason` for the field',
    ]],
    ['a cap that takes a field from everybody who sees it', [['letter.yaml', '{ cap: minor, fields: [text, pages], rung: WITHHELD, when: { minor: { is: true } }, except: [writer], exceptRoles: [MINORS_OFFICER], basis: 民发四号 }', '{ cap: reasons, kind: [RESCUE_STATION], fields: [steps.reason], rung: WITHHELD }']], [
      'letter.yaml:32:5: cap `reasons` has no condition and takes `steps.reason` from everybody; add `when` or `except`, or write `nobody: reason` for the field',
      'letter.yaml:32:5: rule `reasons` has the name of the one in line 28; rename one of the two',
    ]],
    ['a cap that leaves a field to one role', [['resident.yaml', 'fields: [name], rung: SURNAME, when: { protected: { is: true } } }', 'fields: [name], rung: SURNAME, when: { protected: { is: true } } }\n  - { cap: all, fields: [sex], rung: WITHHELD, exceptRoles: [ADMIN] }']], []],
    ['a cap that leaves a field to a relation', [['resident.yaml', 'fields: [name], rung: SURNAME, when: { protected: { is: true } } }', 'fields: [name], rung: SURNAME, when: { protected: { is: true } } }\n  - { cap: all, fields: [sex], rung: WITHHELD, except: [wroteAbout] }']], []],
    ['a cap that leaves a mask', [['resident.yaml', 'fields: [name], rung: SURNAME, when: { protected: { is: true } } }', 'fields: [name], rung: SURNAME }']], []],
    ['a cap that leaves everybody a mask', [['resident.yaml', 'kind: [CIVIL_AFFAIRS], fields: [name], rung: SURNAME, when: { protected: { is: true } } }', 'fields: [name], rung: SURNAME }']], []],
    ['a cap with a condition', [['resident.yaml', 'fields: [name], rung: SURNAME, when: { protected: { is: true } } }', 'fields: [name], rung: WITHHELD, when: { protected: { is: true } } }']], []],
    ['a cap that leaves a field to one kind', [['resident.yaml', 'kind: [CIVIL_AFFAIRS], fields: [name], rung: SURNAME, when: { protected: { is: true } } }', 'kind: [CIVIL_AFFAIRS], fields: [name], rung: WITHHELD }']], []],
  ])('%s', says);
});

describe('a write and an operation are open to somebody:', () => {
  test.each<Checked>([
    ['a write rule that operations.yaml lets nobody carry out', [['letter.yaml', '{ write: sendLetter, kind: [RESCUE_STATION]', '{ write: sendLetter, kind: [CIVIL_AFFAIRS]']], [
      'letter.yaml:35:5: the write rule of `sendLetter` can never hold: operations.yaml lets nobody that it speaks for carry it out; correct `kind`, `level` or `for`, here or in operations.yaml',
    ]],
    ['a write rule for another purpose than the operation', [['letter.yaml', '{ write: sendLetter, kind: [RESCUE_STATION], for: [RETURN]', '{ write: sendLetter, kind: [RESCUE_STATION], for: [SETTLEMENT]']], [
      'letter.yaml:35:5: the write rule of `sendLetter` can never hold: operations.yaml lets nobody that it speaks for carry it out; correct `kind`, `level` or `for`, here or in operations.yaml',
    ]],
    ['an operation for a purpose that its kind may never state', [['operations.yaml', 'allow: [{ kind: [RESCUE_STATION], for: [RETURN] }], limit', 'allow: [{ kind: [RESCUE_STATION], for: [RETURN] }, { kind: [HEALTH], level: [COUNTY], for: [RETURN, IDENTITY] }], limit']], [
      'operations.yaml:3:3: operation `writeLetter` is allowed to `HEALTH` `COUNTY` `RETURN, IDENTITY`, which may state none of these purposes; correct the kind or the purpose, here or in purposes.yaml',
      'operations.yaml:3:3: operation `sendLetter` is allowed to `HEALTH` `COUNTY` `RETURN, IDENTITY`, which may state none of these purposes; correct the kind or the purpose, here or in purposes.yaml',
    ]],
    ['an operation that needs no purpose, for a kind that has none', [['operations.yaml', '{ roles: [SHARING_OFFICER] }', '{ kind: [DATA_AUTHORITY] }']], []],
  ])('%s', says);
});

describe('an attribute does not have two values at once:', () => {
  test.each<Checked>([
    ['a relation that contradicts itself', [['letter.yaml', 'reader: { is: viewer.agency }, state: { in: [SENT, READ] } } }', 'all: [{ state: { is: DRAFT } }, { state: { in: [SENT, READ] } }] } }']], [
      'letter.yaml:1:1: the condition of `reader` contradicts itself: `state` cannot have these values at once; write `any: [ … ]`, or keep one of the comparisons',
    ]],
    ['a row rule that contradicts itself', [['letter.yaml', 'as: [county], for', 'as: [county], when: { all: [{ state: { is: SENT } }, { state: { is: READ } }] }, for']], [
      'letter.yaml:12:5: the condition of `above` contradicts itself: `state` cannot have these values at once; write `any: [ … ]`, or keep one of the comparisons',
    ]],
    ['a veto that contradicts itself', [['letter.yaml', '{ veto: protected, when: { protected: { is: true } }', '{ veto: protected, when: { any: [{ protected: { is: true } }, { all: [{ urgent: { is: true } }, { urgent: { is: false } }] }] }']], [
      'letter.yaml:13:5: the condition of `protected` contradicts itself: `urgent` cannot have these values at once; write `any: [ … ]`, or keep one of the comparisons',
    ]],
    ['a field rule that contradicts itself', [['letter.yaml', 'when: { urgent: { is: false } }', 'when: { all: [{ pages: { is: 1 } }, { pages: { in: [2, 3] } }] }']], [
      'letter.yaml:28:9: the condition of `reasons` contradicts itself: `pages` cannot have these values at once; write `any: [ … ]`, or keep one of the comparisons',
    ]],
    ['a cap that contradicts itself', [['letter.yaml', 'when: { minor: { is: true } }', 'when: { none: [{ all: [{ state: { in: [SENT, READ] } }, { state: { in: [READ, DRAFT] } }, { state: { in: [DRAFT, SENT] } }] }] }']], [
      'letter.yaml:32:5: the condition of `minor` contradicts itself: `state` cannot have these values at once; write `any: [ … ]`, or keep one of the comparisons',
    ]],
    ['a write rule that contradicts itself', [['letter.yaml', 'when: { state: { is: DRAFT } }', 'when: { all: [{ state: { is: DRAFT } }, { state: { is: SENT } }] }']], [
      'letter.yaml:35:5: the condition of `sendLetter` contradicts itself: `state` cannot have these values at once; write `any: [ … ]`, or keep one of the comparisons',
    ]],
    ['a part of a part that contradicts itself', [['letter.yaml', 'when: { state: { is: DRAFT } }', 'when: { all: [{ pages: { after: 3 } }, { any: [{ all: [{ state: { is: DRAFT } }, { state: { is: SENT } }] }] }] }']], [
      'letter.yaml:35:5: the condition of `sendLetter` contradicts itself: `state` cannot have these values at once; write `any: [ … ]`, or keep one of the comparisons',
    ]],
    ['a condition behind a link that contradicts itself', [['resident.yaml', '{ some: { writer: { is: viewer.agency } } }', '{ some: { all: [{ writer: { is: viewer.agency } }, { state: { is: DRAFT } }, { state: { is: SENT } }] } }']], [
      'resident.yaml:1:1: the condition of `wroteAbout` contradicts itself: `state` cannot have these values at once; write `any: [ … ]`, or keep one of the comparisons',
    ]],
    ['values that may be had one after the other', [['letter.yaml', 'when: { state: { is: DRAFT } }', 'when: { any: [{ state: { is: DRAFT } }, { state: { is: SENT } }] }']], []],
    ['values that are all denied', [['letter.yaml', 'when: { state: { is: DRAFT } }', 'when: { none: [{ state: { is: DRAFT } }, { state: { is: SENT } }] }']], []],
    ['values that meet in one', [['letter.yaml', 'when: { state: { is: DRAFT } }', 'when: { all: [{ state: { in: [DRAFT, SENT] } }, { state: { in: [SENT, READ] } }] }']], []],
    ['values of the viewer, which may agree', [['letter.yaml', 'when: { state: { is: DRAFT } }', 'when: { all: [{ letterNo: { is: viewer.matter } }, { letterNo: { is: "7" } }, { letterNo: { in: [viewer.kind, "8"] } }] }']], []],
    ['a text and a number that look alike', [['letter.yaml', 'when: { state: { is: DRAFT } }', 'when: { all: [{ letterNo: { is: "7" } }, { letterNo: { is: "7" } }, { pages: { is: 7 } }] }']], []],
    ['values of two attributes', [['letter.yaml', 'when: { state: { is: DRAFT } }', 'when: { all: [{ state: { is: DRAFT } }, { letterNo: { is: "7" } }, { pages: { after: 3 } }] }']], []],
  ])('%s', says);
});

describe('a relation is named by a rule, and a name stands for one rule:', () => {
  test.each<Checked>([
    ['a relation that no rule names', [['letter.yaml', 'relations:\n', 'relations:\n  spare: { title: 备用, when: { state: { is: SENT } } }\n']], [
      'letter.yaml:1:1: relation `spare` of Letter is named by no rule; name it in a rule, or take it out',
    ]],
    ['a relation that only an exception names', [['letter.yaml', 'relations:\n', 'relations:\n  spare: { title: 备用, when: { state: { is: SENT } } }\n'], ['letter.yaml', 'except: [writer], exceptRoles', 'except: [writer, spare], exceptRoles']], []],
    ['a relation that only a veto excepts', [['letter.yaml', 'relations:\n', 'relations:\n  spare: { title: 备用, when: { state: { is: SENT } } }\n'], ['letter.yaml', 'except: [writer] }\nfields', 'except: [spare] }\nfields']], []],
    ['a relation that only a write names, before', [['letter.yaml', 'relations:\n', 'relations:\n  spare: { title: 备用, when: { state: { is: SENT } } }\n'], ['letter.yaml', 'as: [writer], when: { state: { is: DRAFT } }', 'as: [spare]']], []],
    ['a relation that only a write names, after', [['letter.yaml', 'relations:\n', 'relations:\n  spare: { title: 备用, when: { state: { is: SENT } } }\n'], ['letter.yaml', 'after: [writer], sets: [letterNo, text]', 'after: [spare], sets: [letterNo, text]']], []],
    ['a relation that only a field rule names', [['letter.yaml', 'relations:\n', 'relations:\n  spare: { title: 备用, when: { state: { is: SENT } } }\n'], ['letter.yaml', 'as: [writer], for: [RETURN], when', 'as: [spare], for: [RETURN], when']], []],
    ['one name for the rules of two fields', [['letter.yaml', 'grant: length', 'grant: body']], [
      'letter.yaml:25:9: rule `body` has the name of the one in line 21; rename one of the two',
    ]],
    ['one name for a rule and a cap', [['letter.yaml', 'cap: minor', 'cap: body']], [
      'letter.yaml:32:5: rule `body` has the name of the one in line 21; rename one of the two',
    ]],
    ['one name for a row rule and a field rule', [['letter.yaml', 'grant: body', 'grant: party']], []],
  ])('%s', says);
});

describe('a derived field goes to somebody who holds its sources:', () => {
  test.each<Checked>([
    ['a derived field for those who never hold its source', [['letter.yaml', 'fields: [long]\n    releases: [text]\n', 'fields: [long]\n'], ['letter.yaml', '{ grant: length, rung: FULL, for: [RETURN, SUPERVISION] }', '{ grant: length, rung: FULL, for: [RETURN] }\n      - { grant: length-above, rung: FULL, for: [SUPERVISION] }']], [
      'letter.yaml:25:9: rule `length-above` never shows `long`, which is derived from `pages`: nobody it speaks for holds that; write `releases: [pages]` over the block, or take the rule out',
    ]],
    ['a derived field for some who hold its source', [['letter.yaml', 'fields: [long]\n    releases: [text]\n', 'fields: [long]\n']], []],
  ])('%s', says);
});

describe('what is not shared is exempt by a law, and goes to its provider alone:', () => {
  test.each<Checked>([
    ['a record that is not shared, without the law', [['resident.yaml', 'sharing: unconditional', 'sharing: not-shared']], [
      'resident.yaml:1:1: Resident is not shared, and names no law for it; add `sharingBasis: …`, the law, regulation or decision of the State Council',
      'resident.yaml:9:5: rule `correspondent` grants rows of Resident, which is not shared, to others than its provider; take the rule out, or name `kind: [PUBLIC_SECURITY]` alone',
    ]],
    ['a record that is not shared, granted to others', [['resident.yaml', 'sharing: unconditional', 'sharing: not-shared\nsharingBasis: 保密法']], [
      'resident.yaml:10:5: rule `correspondent` grants rows of Resident, which is not shared, to others than its provider; take the rule out, or name `kind: [PUBLIC_SECURITY]` alone',
    ]],
    ['a record that is not shared, granted to its provider and one other', [['resident.yaml', 'sharing: unconditional', 'sharing: not-shared\nsharingBasis: 保密法'], ['resident.yaml', '{ grant: correspondent, as: [wroteAbout], for: [RETURN] }', '{ grant: correspondent, kind: [PUBLIC_SECURITY, CIVIL_AFFAIRS], as: [wroteAbout], for: [RETURN, IDENTITY] }']], [
      'resident.yaml:10:5: rule `correspondent` grants rows of Resident, which is not shared, to others than its provider; take the rule out, or name `kind: [PUBLIC_SECURITY]` alone',
    ]],
    ['a record that is not shared, granted to its provider alone', [['letter.yaml', 'sharing: conditional', 'sharing: not-shared\nsharingBasis: 保密法'], ['letter.yaml', '{ grant: party, kind: [RESCUE_STATION, CIVIL_AFFAIRS]', '{ grant: party, kind: [CIVIL_AFFAIRS]']], [
      'letter.yaml:29:9: rule `reasons` never matters: no row of Letter is granted to those it speaks for; grant them rows, or take the rule out',
    ]],
    ['a shared record with a law against it', [['resident.yaml', 'sharing: unconditional', 'sharing: conditional\nsharingBasis: 保密法']], [
      'resident.yaml:1:1: Resident is shared, and names a law against it; take `sharingBasis` out, or write `sharing: not-shared`',
    ]],
    ['a record open to all with a law against it', [['resident.yaml', 'sharing: unconditional', 'sharing: unconditional\nsharingBasis: 保密法']], [
      'resident.yaml:1:1: Resident is shared, and names a law against it; take `sharingBasis` out, or write `sharing: not-shared`',
    ]],
  ])('%s', says);
});

describe('nobody joins parts to what is granted to none of them:', () => {
  test.each<Checked>([
    ['parts that one kind can join to what it is not given', [['resident.yaml', '  - fields: [birthDate]\n    nobody: 不共享\n', '  - fields: [birthDate]\n    grants:\n      - { grant: day, rung: FULL, kind: [CIVIL_AFFAIRS], for: [RETURN] }\n']], [
      'resident.yaml:18:9: `CIVIL_AFFAIRS` can join `Resident.idNumber@ENDS`, `Resident.birthDate`, `Resident.sex` to `Resident.idNumber`, which is granted to it nowhere: the rest is a district; take one of the parts away, or grant the whole',
    ]],
    ['parts that two kinds can join to what neither is given', [['resident.yaml', '  - fields: [birthDate]\n    nobody: 不共享\n', '  - fields: [birthDate]\n    grants:\n      - { grant: day, rung: FULL, kind: [CIVIL_AFFAIRS], for: [RETURN] }\n'], ['resident.yaml', '{ grant: sex, rung: FULL, for: [RETURN, IDENTITY] }', '{ grant: sex, rung: FULL, kind: [RESCUE_STATION], for: [RETURN] }']], [
      'resident.yaml:18:9: `RESCUE_STATION` and `CIVIL_AFFAIRS` can join `Resident.idNumber@ENDS`, `Resident.birthDate`, `Resident.sex` to `Resident.idNumber`, which is granted to neither: the rest is a district; take one of the parts away, or grant the whole',
    ]],
    ['parts that are held by those who are given the whole', [['resident.yaml', '  - fields: [birthDate]\n    nobody: 不共享\n', '  - fields: [birthDate]\n    grants:\n      - { grant: day, rung: FULL, kind: [PUBLIC_SECURITY], for: [IDENTITY] }\n']], []],
    ['parts that a cap takes from everybody', [['resident.yaml', '  - fields: [birthDate]\n    nobody: 不共享\n', '  - fields: [birthDate]\n    grants:\n      - { grant: day, rung: FULL, kind: [CIVIL_AFFAIRS, PUBLIC_SECURITY], for: [RETURN, IDENTITY] }\n'], ['resident.yaml', 'caps:\n', 'caps:\n  - { cap: no-day, kind: [CIVIL_AFFAIRS], fields: [birthDate], rung: WITHHELD }\n']], []],
    ['parts that a cap takes from those without a role', [['resident.yaml', '  - fields: [birthDate]\n    nobody: 不共享\n', '  - fields: [birthDate]\n    grants:\n      - { grant: day, rung: FULL, kind: [CIVIL_AFFAIRS, PUBLIC_SECURITY], for: [RETURN, IDENTITY] }\n'], ['resident.yaml', 'caps:\n', 'caps:\n  - { cap: no-day, kind: [CIVIL_AFFAIRS], fields: [birthDate], rung: WITHHELD, exceptRoles: [ADMIN] }\n']], [
      'resident.yaml:18:9: `CIVIL_AFFAIRS` can join `Resident.idNumber@ENDS`, `Resident.birthDate`, `Resident.sex` to `Resident.idNumber`, which is granted to it nowhere: the rest is a district; take one of the parts away, or grant the whole',
    ]],
    ['parts that a cap takes from those outside a relation', [['resident.yaml', '  - fields: [birthDate]\n    nobody: 不共享\n', '  - fields: [birthDate]\n    grants:\n      - { grant: day, rung: FULL, kind: [CIVIL_AFFAIRS, PUBLIC_SECURITY], for: [RETURN, IDENTITY] }\n'], ['resident.yaml', 'caps:\n', 'caps:\n  - { cap: no-day, kind: [CIVIL_AFFAIRS], fields: [birthDate], rung: WITHHELD, except: [wroteAbout] }\n']], [
      'resident.yaml:18:9: `CIVIL_AFFAIRS` can join `Resident.idNumber@ENDS`, `Resident.birthDate`, `Resident.sex` to `Resident.idNumber`, which is granted to it nowhere: the rest is a district; take one of the parts away, or grant the whole',
    ]],
    ['parts that a cap takes under a condition', [['resident.yaml', '  - fields: [birthDate]\n    nobody: 不共享\n', '  - fields: [birthDate]\n    grants:\n      - { grant: day, rung: FULL, kind: [CIVIL_AFFAIRS, PUBLIC_SECURITY], for: [RETURN, IDENTITY] }\n'], ['resident.yaml', 'caps:\n', 'caps:\n  - { cap: no-day, kind: [CIVIL_AFFAIRS], fields: [birthDate], rung: WITHHELD, when: { protected: { is: true } } }\n']], [
      'resident.yaml:18:9: `CIVIL_AFFAIRS` can join `Resident.idNumber@ENDS`, `Resident.birthDate`, `Resident.sex` to `Resident.idNumber`, which is granted to it nowhere: the rest is a district; take one of the parts away, or grant the whole',
    ]],
    ['parts of which a mask is too low', [['resident.yaml', '  - fields: [birthDate]\n    nobody: 不共享\n', '  - fields: [birthDate]\n    grants:\n      - { grant: day, rung: FULL, kind: [CIVIL_AFFAIRS], for: [RETURN] }\n'], ['resident.yaml', '- { grant: ends, rung: ENDS, for: [RETURN] }\n      ', '']], []],
  ])('%s', says);
});
