import { describe, expect, test } from '@jest/globals';
import { changed, refusalOf } from './small-policy.js';

/** What the files beside those of the records must say, and what they may not. */
type Fault = [rule: string, file: string, from: string | RegExp | null, to: string, says: string[]];

/** With one text of one file replaced the policy is refused: every fault with its place, what is wrong and how to mend it, and no other. */
const refuses = (_: string, file: string, from: string | RegExp | null, to: string, says: string[]): void => {
  expect(refusalOf(changed([file, from, to]))).toEqual(says);
};

describe('refused in ladders:', () => {
  test.each<Fault>([
    ['ladders that are no list', 'ladders.yaml', null, 'Resident.name: [SURNAME, FULL]\n', [
      'ladders.yaml:1:1: the list of ladders is not a list; write it as `[ … ]`',
      'resident.yaml:12:14: `name` has no rung `SURNAME`; use `FULL`, or add a ladder',
      'resident.yaml:16:14: `idNumber` has no rung `ENDS`; use `FULL`, or add a ladder',
      'resident.yaml:26:5: `name` has no rung `SURNAME`; use `FULL`, or add a ladder',
    ]],
    ['an empty list of ladders', 'ladders.yaml', null, '[]\n', [
      'ladders.yaml:1:1: the list of ladders is empty; name at least one, or take the key out',
      'resident.yaml:12:14: `name` has no rung `SURNAME`; use `FULL`, or add a ladder',
      'resident.yaml:16:14: `idNumber` has no rung `ENDS`; use `FULL`, or add a ladder',
      'resident.yaml:26:5: `name` has no rung `SURNAME`; use `FULL`, or add a ladder',
    ]],
    ['a ladder that lacks what it must say', 'ladders.yaml', ', basis: 只见首尾', '', ['ladders.yaml:2:3: a ladder has no `basis`; add `basis: …`']],
    ['a ladder that names no cell and no rung', 'ladders.yaml', '- { cells: [Resident.idNumber], rungs: [ENDS, FULL], basis: 只见首尾 }', '- { basis: 无 }', [
      'ladders.yaml:2:3: a ladder has no `cells`; add `cells: …`',
      'ladders.yaml:2:3: a ladder has no `rungs`; add `rungs: …`',
      'ladders.yaml:1:1: a ladder rises to FULL; write the rungs from low to high, FULL last, without WITHHELD',
      'resident.yaml:16:14: `idNumber` has no rung `ENDS`; use `FULL`, or add a ladder',
    ]],
    ['a ladder with an unknown key', 'ladders.yaml', 'basis: 只见首尾', 'basis: 只见首尾, level: [COUNTY]', ['ladders.yaml:2:67: `level` is not known in a ladder; use one of `cells`, `rungs`, `basis`']],
    ['a ladder of an unknown cell', 'ladders.yaml', 'cells: [Resident.idNumber]', 'cells: [Resident.idNumbr]', [
      'ladders.yaml:2:13: cell `Resident.idNumbr` is not known; use `Resident.idNumber`',
      'resident.yaml:16:14: `idNumber` has no rung `ENDS`; use `FULL`, or add a ladder',
    ]],
    ['a ladder with an unknown rung', 'ladders.yaml', 'rungs: [ENDS, FULL]', 'rungs: [END, FULL]', [
      'ladders.yaml:2:41: rung `END` is not known; use `ENDS`',
      'resident.yaml:16:14: `idNumber` has no rung `ENDS`; use `FULL`, or add a ladder',
    ]],
    ['a ladder that falls', 'ladders.yaml', 'rungs: [SURNAME, FULL]', 'rungs: [FULL, SURNAME]', ['ladders.yaml:1:36: a ladder rises to FULL; write the rungs from low to high, FULL last, without WITHHELD']],
    ['a ladder that does not reach the whole', 'ladders.yaml', 'rungs: [SURNAME, FULL]', 'rungs: [SURNAME]', [
      'ladders.yaml:1:36: a ladder rises to FULL; write the rungs from low to high, FULL last, without WITHHELD',
      'resident.yaml:12:14: `name` has no rung `FULL`; use `SURNAME`, or add a ladder',
    ]],
    ['a ladder that begins with nothing', 'ladders.yaml', 'rungs: [SURNAME, FULL]', 'rungs: [WITHHELD, SURNAME, FULL]', [
      'ladders.yaml:1:36: a ladder rises to FULL; write the rungs from low to high, FULL last, without WITHHELD',
      'ladders.yaml:1:3: `Resident.name` cannot be shown at `WITHHELD`; take the rung out',
    ]],
    ['a ladder that falls on its way up', 'ladders.yaml', 'rungs: [ENDS, FULL]', 'rungs: [ENDS, SURNAME, FULL]', [
      'ladders.yaml:2:40: a ladder rises to FULL; write the rungs from low to high, FULL last, without WITHHELD',
      'ladders.yaml:2:3: `Resident.idNumber` cannot be shown at `SURNAME`; take the rung out',
    ]],
    ['a ladder with a rung twice', 'ladders.yaml', 'rungs: [ENDS, FULL]', 'rungs: [ENDS, FULL, FULL]', ['ladders.yaml:2:53: rung names `FULL` twice; keep one of the two']],
    ['a ladder of a cell without that mask', 'ladders.yaml', 'cells: [Resident.name]', 'cells: [Resident.name, Resident.sex]', ['ladders.yaml:1:3: `Resident.sex` cannot be shown at `SURNAME`; take the rung out']],
    ['a ladder of a nested cell without that mask', 'ladders.yaml', 'cells: [Resident.name]', 'cells: [Resident.name, Letter.steps.reason]', ['ladders.yaml:1:3: `Letter.steps.reason` cannot be shown at `SURNAME`; take the rung out']],
    ['a cell on two ladders', 'ladders.yaml', 'cells: [Resident.idNumber], rungs: [ENDS, FULL]', 'cells: [Resident.idNumber, Resident.name], rungs: [FULL]', [
      'ladders.yaml:2:3: `Resident.name` stands on two ladders; keep one of the two',
      'resident.yaml:12:14: `name` has no rung `SURNAME`; use `FULL`, or add a ladder',
      'resident.yaml:16:14: `idNumber` has no rung `ENDS`; use `FULL`, or add a ladder',
      'resident.yaml:26:5: `name` has no rung `SURNAME`; use `FULL`, or add a ladder',
    ]],
  ])('%s', refuses);
});

describe('refused in purposes:', () => {
  test.each<Fault>([
    ['purposes that are no list', 'purposes.yaml', null, 'RETURN: 返乡\n', [
      'purposes.yaml:1:1: the list of purposes is not a list; write it as `[ … ]`',
      'purposes.yaml:1:1: purpose `RETURN` is missing; add it',
      'purposes.yaml:1:1: purpose `AT_RISK_CARE` is missing; add it',
      'purposes.yaml:1:1: purpose `SETTLEMENT` is missing; add it',
      'purposes.yaml:1:1: purpose `IDENTITY` is missing; add it',
      'purposes.yaml:1:1: purpose `POVERTY_RELIEF` is missing; add it',
      'purposes.yaml:1:1: purpose `MEDICAL_CARE` is missing; add it',
      'purposes.yaml:1:1: purpose `SUPERVISION` is missing; add it',
      'purposes.yaml:1:1: purpose `COORDINATION` is missing; add it',
      'purposes.yaml:1:1: purpose `AUDIT` is missing; add it',
      'purposes.yaml:1:1: purpose `BENEFIT_CHECK` is missing; add it',
    ]],
    ['a missing purpose', 'purposes.yaml', '- { purpose: AUDIT, title: 用途AUDIT, basis: 依据AUDIT, matter: optional, allow: [{ kind: [AUDIT], roles: [AUDITOR] }] }\n', '', ['purposes.yaml:1:1: purpose `AUDIT` is missing; add it']],
    ['a purpose that stands twice', 'purposes.yaml', '- { purpose: AUDIT, title: 用途AUDIT, basis: 依据AUDIT, matter: optional, allow: [{ kind: [AUDIT], roles: [AUDITOR] }] }\n', '- { purpose: AUDIT, title: 用途AUDIT, basis: 依据AUDIT, matter: optional, allow: [{ kind: [AUDIT], roles: [AUDITOR] }] }\n- { purpose: AUDIT, title: 用途AUDIT, basis: 依据AUDIT, matter: optional, allow: [{ kind: [AUDIT], roles: [AUDITOR] }] }\n', ['purposes.yaml:10:3: purpose `AUDIT` stands twice; keep one of the two']],
    ['an unknown purpose', 'purposes.yaml', 'purpose: AUDIT,', 'purpose: AUDITS,', [
      'purposes.yaml:9:14: purpose `AUDITS` is not known; use `AUDIT`',
      'purposes.yaml:1:1: purpose `AUDIT` is missing; add it',
    ]],
    ['a purpose that lacks what it must say', 'purposes.yaml', '- { purpose: AUDIT, title: 用途AUDIT, basis: 依据AUDIT, matter: optional, allow: [{ kind: [AUDIT], roles: [AUDITOR] }] }\n', '- { purpose: AUDIT }\n', [
      'purposes.yaml:9:3: a purpose has no `title`; add `title: …`',
      'purposes.yaml:9:3: a purpose has no `basis`; add `basis: …`',
      'purposes.yaml:9:3: a purpose has no `matter`; add `matter: …`',
      'purposes.yaml:9:3: a purpose has no `allow`; add `allow: …`',
    ]],
    ['a purpose without a name', 'purposes.yaml', '- { purpose: AUDIT, title: 用途AUDIT, basis: 依据AUDIT, matter: optional, allow: [{ kind: [AUDIT], roles: [AUDITOR] }] }\n', '- { purpose: AUDIT, title: 用途AUDIT, basis: 依据AUDIT, matter: optional, allow: [{ kind: [AUDIT], roles: [AUDITOR] }] }\n- { title: 无, basis: 无, matter: optional, allow: [{ kind: [AUDIT] }] }\n', ['purposes.yaml:10:3: a purpose has no `purpose`; add `purpose: …`']],
    ['a purpose with an unknown key', 'purposes.yaml', '{ purpose: AUDIT,', '{ purpose: AUDIT, for: all,', ['purposes.yaml:9:21: `for` is not known in a purpose; use one of `purpose`, `title`, `basis`, `matter`, `matterExcept`, `allow`']],
    ['a purpose whose title and basis are no texts', 'purposes.yaml', 'title: 用途AUDIT, basis: 依据AUDIT', 'title: [a], basis: [b]', [
      'purposes.yaml:9:28: the title is not a text; write a word or a sentence',
      'purposes.yaml:9:40: the basis is not a text; write a word or a sentence',
    ]],
    ['a matter that is neither required nor optional', 'purposes.yaml', 'matter: required', 'matter: require', ['purposes.yaml:4:70: matter `require` is not known; use `required`']],
    ['an exception for an unknown operation', 'purposes.yaml', 'matterExcept: [letters]', 'matterExcept: [leters]', ['purposes.yaml:4:95: operation `leters` is not known; use `letters`']],
    ['a purpose open to nobody', 'purposes.yaml', 'allow: [{ kind: [AUDIT], roles: [AUDITOR] }]', 'allow: []', ['purposes.yaml:9:78: `allow` is empty; name at least one, or take the key out']],
    ['a purpose whose audiences are no list', 'purposes.yaml', 'allow: [{ kind: [AUDIT], roles: [AUDITOR] }]', 'allow: { kind: [AUDIT] }', ['purposes.yaml:9:78: `allow` is not a list; write it as `[ … ]`']],
    ['an audience that is no mapping', 'purposes.yaml', 'allow: [{ kind: [AUDIT], roles: [AUDITOR] }]', 'allow: [AUDIT]', [
      'purposes.yaml:9:79: an entry of `allow` is not a mapping; write it as `kind: …`',
      'purposes.yaml:9:79: the entry compiles to nothing; name at least a kind',
    ]],
    ['an audience that says nothing', 'purposes.yaml', 'allow: [{ kind: [AUDIT], roles: [AUDITOR] }]', 'allow: [{ until: 2026-12-31 }]', ['purposes.yaml:9:79: the entry compiles to nothing; name at least a kind']],
    ['an audience with an unknown key', 'purposes.yaml', 'allow: [{ kind: [AUDIT], roles: [AUDITOR] }]', 'allow: [{ kind: [AUDIT], as: [writer] }]', ['purposes.yaml:9:96: `as` is not known in an entry of `allow`; use one of `kind`, `level`, `roles`, `for`, `from`, `until`']],
  ])('%s', refuses);
});

describe('refused in operations:', () => {
  test.each<Fault>([
    ['operations that are no list', 'operations.yaml', null, 'letters: all\n', [
      'operations.yaml:1:1: the list of operations is not a list; write it as `[ … ]`',
      'operations.yaml:1:1: operation `whoAmI` has no rule; add it',
      'operations.yaml:1:1: operation `letters` has no rule; add it',
      'operations.yaml:1:1: operation `residents` has no rule; add it',
      'operations.yaml:1:1: operation `writeLetter` has no rule; add it',
      'operations.yaml:1:1: operation `sendLetter` has no rule; add it',
    ]],
    ['an operation without a rule', 'operations.yaml', '[letters, residents]', '[letters]', ['operations.yaml:1:1: operation `residents` has no rule; add it']],
    ['an operation with two rules', 'operations.yaml', '[letters, residents]', '[letters, residents, whoAmI]', ['operations.yaml:2:3: operation `whoAmI` has two rules; keep one of the two']],
    ['a rule of an unknown operation', 'operations.yaml', '[letters, residents]', '[letters, residents, leters]', ['operations.yaml:2:38: operation `leters` is not known; use `letters`']],
    ['an operation rule that lacks what it must say', 'operations.yaml', '- { operations: [whoAmI], title: 本机构, basis: 公开, purposeFree: true, allow: [{ kind: [RESCUE_STATION, CIVIL_AFFAIRS] }, { roles: [SHARING_OFFICER] }] }', '- { purposeFree: true }', [
      'operations.yaml:1:3: an operation rule has no `operations`; add `operations: …`',
      'operations.yaml:1:3: an operation rule has no `title`; add `title: …`',
      'operations.yaml:1:3: an operation rule has no `basis`; add `basis: …`',
      'operations.yaml:1:3: an operation rule has no `allow`; add `allow: …`',
      'operations.yaml:1:1: operation `whoAmI` has no rule; add it',
    ]],
    ['an operation rule with an unknown key', 'operations.yaml', '{ operations: [whoAmI],', '{ operations: [whoAmI], for: [RETURN],', ['operations.yaml:1:27: `for` is not known in an operation rule; use one of `operations`, `title`, `basis`, `purposeFree`, `allow`, `limit`']],
    ['an operation whose title and basis are no texts', 'operations.yaml', 'title: 本机构, basis: 公开', 'title: [a], basis: [b]', [
      'operations.yaml:1:34: the title is not a text; write a word or a sentence',
      'operations.yaml:1:46: the basis is not a text; write a word or a sentence',
    ]],
    ['an operation that needs a purpose and is allowed without one', 'operations.yaml', '{ kind: [CIVIL_AFFAIRS], for: [SUPERVISION] }', '{ kind: [CIVIL_AFFAIRS] }', ['operations.yaml:2:3: an entry of `allow` names no purpose; add `for: [ … ]`']],
    ['an operation whose need of a purpose is no truth', 'operations.yaml', 'purposeFree: true', 'purposeFree: maybe', [
      'operations.yaml:1:63: `purposeFree` is neither true nor false; write `true` or `false`',
      'operations.yaml:1:3: an entry of `allow` names no purpose; add `for: [ … ]`',
    ]],
    ['an operation that needs a purpose, said plainly', 'operations.yaml', 'purposeFree: true', 'purposeFree: false', ['operations.yaml:1:3: an entry of `allow` names no purpose; add `for: [ … ]`']],
    ['an operation allowed to nobody', 'operations.yaml', 'allow: [{ kind: [RESCUE_STATION], for: [RETURN] }], limit', 'allow: [], limit', ['operations.yaml:3:75: `allow` is empty; name at least one, or take the key out']],
    ['an entry that says nothing', 'operations.yaml', '{ roles: [SHARING_OFFICER] }', '{}', ['operations.yaml:1:120: the entry compiles to nothing; name at least a kind']],
    ['a limit that lacks what it must say', 'operations.yaml', 'limit: { items: 20, perMinutes: 5 }', 'limit: { items: 20 }', ['operations.yaml:3:127: `limit` has no `perMinutes`; add `perMinutes: …`']],
    ['a limit with an unknown key', 'operations.yaml', 'limit: { items: 20, perMinutes: 5 }', 'limit: { items: 20, perMinutes: 5, perHours: 1 }', ['operations.yaml:3:155: `perHours` is not known in `limit`; use one of `items`, `perMinutes`']],
    ['limits that are no positive whole numbers', 'operations.yaml', 'limit: { items: 20, perMinutes: 5 }', 'limit: { items: 0, perMinutes: 1.5 }', [
      'operations.yaml:3:136: items is not a positive whole number; write a number such as `5`',
      'operations.yaml:3:151: perMinutes is not a positive whole number; write a number such as `5`',
    ]],
    ['limits below nought and in words', 'operations.yaml', 'limit: { items: 20, perMinutes: 5 }', 'limit: { items: -3, perMinutes: five }', [
      'operations.yaml:3:136: items is not a positive whole number; write a number such as `5`',
      'operations.yaml:3:152: perMinutes is not a positive whole number; write a number such as `5`',
    ]],
    ['a limit that is a number', 'operations.yaml', 'limit: { items: 20, perMinutes: 5 }', 'limit: 20', ['operations.yaml:3:127: `limit` is not a mapping; write it as `items: …`']],
    ['a limit that is a list', 'operations.yaml', 'limit: { items: 20, perMinutes: 5 }', 'limit: [20, 5]', ['operations.yaml:3:127: `limit` is not a mapping; write it as `items: …`']],
  ])('%s', refuses);
});

describe('refused in the glossary:', () => {
  test.each<Fault>([
    ['words that are no list', 'glossary.yaml', null, 'Letter: 信函\n', [
      'glossary.yaml:1:1: the list of words is not a list; write it as `[ … ]`',
      'glossary.yaml:1:1: the words of `Letter` are missing; add `- record: Letter`',
      'glossary.yaml:1:1: the words of `Resident` are missing; add `- record: Resident`',
    ]],
    ['a record without words', 'glossary.yaml', /- record: Resident[^]*$/u, '', ['glossary.yaml:1:1: the words of `Resident` are missing; add `- record: Resident`']],
    ['a record with words in two places', 'glossary.yaml', '  links: { letters: 谈及的信函 }\n', '  links: { letters: 谈及的信函 }\n- record: Resident\n  fields: { name: 姓名, idNumber: 身份证号, birthDate: 出生日期, sex: 性别 }\n  facts: { home: 住地, protected: 受保护 }\n  links: { letters: 谈及的信函 }\n', ['glossary.yaml:10:3: record `Resident` stands twice; keep one of the two']],
    ['words of an unknown record', 'glossary.yaml', 'record: Resident', 'record: Residents', [
      'glossary.yaml:6:11: the record `Residents` is not known; use `Resident`',
      'glossary.yaml:1:1: the words of `Resident` are missing; add `- record: Resident`',
    ]],
    ['words that lack what they must say', 'glossary.yaml', /- record: Resident[^]*$/u, '- { record: Resident }\n', [
      'glossary.yaml:6:3: the words of a record has no `fields`; add `fields: …`',
      'glossary.yaml:6:3: the words of a record has no `facts`; add `facts: …`',
      'glossary.yaml:6:3: `name`, of the fields of Resident, has no name; add `name: …`',
      'glossary.yaml:6:3: `idNumber`, of the fields of Resident, has no name; add `idNumber: …`',
      'glossary.yaml:6:3: `birthDate`, of the fields of Resident, has no name; add `birthDate: …`',
      'glossary.yaml:6:3: `sex`, of the fields of Resident, has no name; add `sex: …`',
      'glossary.yaml:6:3: `home`, of the facts of Resident, has no name; add `home: …`',
      'glossary.yaml:6:3: `protected`, of the facts of Resident, has no name; add `protected: …`',
      'glossary.yaml:6:3: `letters`, of the links of Resident, has no name; add `letters: …`',
    ]],
    ['words with an unknown key', 'glossary.yaml', '- record: Resident\n', '- record: Resident\n  cells: {}\n', ['glossary.yaml:7:3: `cells` is not known in the words of a record; use one of `record`, `fields`, `facts`, `links`, `values`']],
    ['a field without a word', 'glossary.yaml', '{ name: 姓名, ', '{ ', ['glossary.yaml:7:11: `name`, of the fields of Resident, has no name; add `name: …`']],
    ['a nested field without a word', 'glossary.yaml', ', steps.reason: 经过中的理由', '', ['glossary.yaml:2:11: `steps.reason`, of the fields of Letter, has no name; add `steps.reason: …`']],
    ['a fact without a word', 'glossary.yaml', 'facts: { home: 住地, ', 'facts: { ', ['glossary.yaml:8:10: `home`, of the facts of Resident, has no name; add `home: …`']],
    ['a link without a word', 'glossary.yaml', '  links: { letters: 谈及的信函 }\n', '', ['glossary.yaml:6:3: `letters`, of the links of Resident, has no name; add `letters: …`']],
    ['a value without a word', 'glossary.yaml', ', READ: 已读', '', ['glossary.yaml:5:20: `READ`, of the values of Letter.state, has no name; add `READ: …`']],
    ['values without words', 'glossary.yaml', '  values: { state: { DRAFT: 草稿, SENT: 已寄出, READ: 已读 } }\n', '', [
      'glossary.yaml:1:3: `DRAFT`, of the values of Letter.state, has no name; add `DRAFT: …`',
      'glossary.yaml:1:3: `SENT`, of the values of Letter.state, has no name; add `SENT: …`',
      'glossary.yaml:1:3: `READ`, of the values of Letter.state, has no name; add `READ: …`',
    ]],
    ['words of what does not exist', 'glossary.yaml', '{ home: 住地,', '{ house: 住房, home: 住地,', ['glossary.yaml:8:12: `house` is not known in facts of Resident; use one of `home`, `protected`']],
    ['a word that is no text', 'glossary.yaml', 'home: 住地', 'home: [住地]', ['glossary.yaml:8:18: the word is not a text; write a word or a sentence']],
    ['values of an attribute that is not closed', 'glossary.yaml', 'values: { state:', 'values: { letterNo: { a: 甲 }, state:', ['glossary.yaml:5:13: `letterNo` is not known in values of Letter; use one of `state`']],
    ['words that are no mapping', 'glossary.yaml', 'links: { letters: 谈及的信函 }', 'links: [letters]', [
      'glossary.yaml:9:10: links of Resident is not a mapping; write it as `letters: …`',
      'glossary.yaml:9:10: `letters`, of the links of Resident, has no name; add `letters: …`',
    ]],
  ])('%s', refuses);
});

describe('refused in deadlines:', () => {
  test.each<Fault>([
    ['an empty file', 'deadlines.yaml', null, '', ['deadlines.yaml:1:1: the list of deadlines is empty; name at least one']],
    ['a mapping', 'deadlines.yaml', null, 'sendLetter: 2\n', ['deadlines.yaml:1:1: the list of deadlines is not a list; write it as `[ … ]`']],
    ['a deadline that lacks what it must say', 'deadlines.yaml', null, '- { deadline: sendLetter }\n', [
      'deadlines.yaml:1:3: a deadline has no `title`; add `title: …`',
      'deadlines.yaml:1:3: a deadline has no `from`; add `from: …`',
      'deadlines.yaml:1:3: a deadline has no `amount`; add `amount: …`',
      'deadlines.yaml:1:3: a deadline has no `unit`; add `unit: …`',
      'deadlines.yaml:1:3: a deadline has no `class`; add `class: …`',
      'deadlines.yaml:1:3: a deadline has no `reason`; add `reason: …`',
    ]],
    ['a deadline with an unknown key', 'deadlines.yaml', 'reason: 及时', 'reason: 及时, basis: 无', ['deadlines.yaml:1:107: `basis` is not known in a deadline; use one of `deadline`, `title`, `from`, `amount`, `unit`, `class`, `reason`']],
    ['words that are no texts', 'deadlines.yaml', null, '- { deadline: [a], title: [b], from: [c], amount: 2, unit: workingDays, class: DESIGN, reason: [d] }\n', [
      'deadlines.yaml:1:15: `deadline` is not a text; write a word or a sentence',
      'deadlines.yaml:1:27: `title` is not a text; write a word or a sentence',
      'deadlines.yaml:1:38: `from` is not a text; write a word or a sentence',
      'deadlines.yaml:1:96: `reason` is not a text; write a word or a sentence',
    ]],
    ['an amount in words', 'deadlines.yaml', 'amount: 2', 'amount: two', ['deadlines.yaml:1:58: `amount` is not a positive whole number; write a number such as `5`']],
    ['an unknown unit', 'deadlines.yaml', 'workingDays', 'workdays', ['deadlines.yaml:1:67: unit `workdays` is not known; use one of `workingDays`, `calendarMonths`, `calendarYears`, `hours`, `dayOfMonth`']],
    ['an unknown class', 'deadlines.yaml', 'DESIGN', 'DESIRE', ['deadlines.yaml:1:87: class `DESIRE` is not known; use `DESIGN`']],
    ['a day that some months lack', 'deadlines.yaml', 'amount: 2, unit: workingDays', 'amount: 29, unit: dayOfMonth', ['deadlines.yaml:1:58: not every month has a day 29; use a day from 1 to 28']],
    ['a duty that stands twice', 'deadlines.yaml', null, '- { deadline: sendLetter, title: 寄出, from: 写成之日, amount: 2, unit: hours, class: DESIGN, reason: 及时 }\n- { deadline: sendLetter, title: 寄出, from: 写成之日, amount: 3, unit: hours, class: DESIGN, reason: 及时 }\n', ['deadlines.yaml:2:3: deadline `sendLetter` stands twice; keep one of the two']],
  ])('%s', refuses);
});

describe('refused in what is no YAML, or says nothing:', () => {
  test.each<Fault>([
    ['a key that stands twice', 'resident.yaml', 'title: 居民', 'title: 居民\ntitle: 人', ['resident.yaml:3:1: Map keys must be unique; keep one of the two entries']],
    ['a list that does not end', 'resident.yaml', 'fields: [sex]', 'fields: [sex', ['resident.yaml:23:5: Flow sequence in block collection must be sufficiently indented and end with a ]; correct the YAML at this place']],
    ['a tag that nobody knows', 'resident.yaml', 'title: 居民', 'title: !law 居民', ['resident.yaml:2:8: Unresolved tag: !law; correct the YAML at this place']],
    ['a key that is a list', 'resident.yaml', 'title: 居民', 'title: 居民\n? [a, b]\n: c', ['resident.yaml:3:3: `` is not known in a record file; use one of `record`, `title`, `provider`, `sharing`, `sharingBasis`, `basis`, `relations`, `rows`, `fields`, `caps`, `writes`, `tests`']],
    ['a key without a value', 'resident.yaml', 'title: 居民', 'title:', [
      'resident.yaml:2:1: `title` has no value; give it a value or take it out',
      'resident.yaml:1:1: a record file has no `title`; add `title: …`',
    ]],
    ['a key whose value is null', 'resident.yaml', 'title: 居民', 'title: ~', [
      'resident.yaml:2:1: `title` has no value; give it a value or take it out',
      'resident.yaml:1:1: a record file has no `title`; add `title: …`',
    ]],
    ['a title of blanks', 'resident.yaml', 'title: 居民', 'title: "  "', ['resident.yaml:2:8: the title is not a text; write a word or a sentence']],
    ['a truth for a title', 'resident.yaml', 'title: 居民', 'title: true', ['resident.yaml:2:8: the title is not a text; write a word or a sentence']],
    ['an anchor that does not exist', 'resident.yaml', 'title: 居民', 'title: *nobody', ['resident.yaml:2:8: the title is not a text; write a word or a sentence']],
  ])('%s', refuses);
});
