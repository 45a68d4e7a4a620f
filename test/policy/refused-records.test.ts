import { describe, expect, test } from '@jest/globals';
import { changed, refusalOf } from './small-policy.js';

/** What a record file must say, and what it may not. */
type Fault = [rule: string, file: string, from: string | RegExp | null, to: string, says: string[]];

/** With one text of one file replaced the policy is refused: every fault with its place, what is wrong and how to mend it, and no other. */
const refuses = (_: string, file: string, from: string | RegExp | null, to: string, says: string[]): void => {
  expect(refusalOf(changed([file, from, to]))).toEqual(says);
};

describe('refused in the head of a record file:', () => {
  test.each<Fault>([
    ['a record file that is a list', 'resident.yaml', null, '- record: Resident\n', ['resident.yaml:1:1: a record file is not a mapping; write it as `record: …`']],
    ['an unknown key of a record file', 'resident.yaml', 'title: 居民', 'title: 居民\nowner: 公安', ['resident.yaml:3:1: `owner` is not known in a record file; use one of `record`, `title`, `provider`, `sharing`, `sharingBasis`, `basis`, `relations`, `rows`, `fields`, `caps`, `writes`, `tests`']],
    ['a record file that lacks what it must say', 'resident.yaml', null, 'record: Resident\nrows: [{ grant: a, for: [RETURN] }]\nfields: [{ fields: [name, idNumber, birthDate, sex], nobody: 不共享 }]\n', [
      'resident.yaml:1:1: a record file has no `title`; add `title: …`',
      'resident.yaml:1:1: a record file has no `provider`; add `provider: …`',
      'resident.yaml:1:1: a record file has no `sharing`; add `sharing: …`',
      'resident.yaml:1:1: a record file has no `basis`; add `basis: …`',
    ]],
    ['a record that the hub does not know', 'resident.yaml', 'record: Resident', 'record: Residents', ['resident.yaml:1:9: the record `Residents` is not known; use `Resident`']],
    ['an unknown provider', 'resident.yaml', 'provider: PUBLIC_SECURITY', 'provider: PUBLIC_SECURTY', ['resident.yaml:3:11: the provider `PUBLIC_SECURTY` is not known; use `PUBLIC_SECURITY`']],
    ['an unknown sharing class', 'resident.yaml', 'sharing: unconditional', 'sharing: open', ['resident.yaml:4:10: the sharing class `open` is not known; use one of `unconditional`, `conditional`, `not-shared`']],
    ['a basis that is no text', 'resident.yaml', 'basis: 户口登记条例', 'basis: [户口登记条例]', ['resident.yaml:5:8: the basis is not a text; write a word or a sentence']],
    ['a title that is no text', 'resident.yaml', 'title: 居民', 'title: { zh: 居民 }', ['resident.yaml:2:8: the title is not a text; write a word or a sentence']],
    ['a legal basis of not sharing that is no text', 'resident.yaml', 'basis: 户口登记条例', 'basis: 户口登记条例\nsharingBasis: [保密法]', ['resident.yaml:6:15: the legal basis of not sharing is not a text; write a word or a sentence']],
  ])('%s', refuses);
});

describe('refused in relations:', () => {
  test.each<Fault>([
    ['relations that are a list', 'resident.yaml', 'relations:\n  wroteAbout: { title: 写信谈及的机构, when: { letters: { some: { writer: { is: viewer.agency } } } } }', 'relations: [wroteAbout]', [
      'resident.yaml:6:12: relations is not a mapping; write it as `name: …`',
      'resident.yaml:8:34: relation `wroteAbout` is not named in `relations`; add it to `relations`',
    ]],
    ['a relation without a condition', 'letter.yaml', 'county: { title: 本县, when: { place: { within: viewer.division } } }', 'county: { title: 本县 }', ['letter.yaml:9:11: relation `county` has no `when`; add `when: …`']],
    ['a relation without a title', 'letter.yaml', 'county: { title: 本县, when', 'county: { when', ['letter.yaml:9:11: relation `county` has no `title`; add `title: …`']],
    ['a relation with a key of its own', 'letter.yaml', 'county: { title: 本县,', 'county: { title: 本县, level: [COUNTY],', ['letter.yaml:9:24: `level` is not known in relation `county`; use one of `title`, `when`']],
    ['a relation whose title is no text', 'letter.yaml', 'title: 本县', 'title: [本县]', ['letter.yaml:9:20: the title is not a text; write a word or a sentence']],
    ['a relation that is named in a rule and nowhere else, where the record has none at all', 'resident.yaml', 'relations:\n  wroteAbout: { title: 写信谈及的机构, when: { letters: { some: { writer: { is: viewer.agency } } } } }\n', '', ['resident.yaml:7:34: relation `wroteAbout` is not named in `relations`; add it to `relations`']],
    ['an exception for a relation that does not exist', 'letter.yaml', 'except: [writer] }\nfields', 'except: [writter] }\nfields', ['letter.yaml:13:68: relation `writter` is not named in `relations`; use `writer`']],
    ['a relation that is no text', 'letter.yaml', 'as: [writer, reader], for: [RETURN] }\n  - { grant: above', 'as: [writer, [reader]], for: [RETURN] }\n  - { grant: above', [
      'letter.yaml:11:73: relation is not a text; write a word or a sentence',
      'letter.yaml:11:73: relation `` is not named in `relations`; use one of `writer`, `reader`, `county`',
    ]],
    ['a relation that stands twice', 'letter.yaml', 'as: [writer, reader], for: [RETURN] }\n  - { grant: above', 'as: [writer, writer], for: [RETURN] }\n  - { grant: above', ['letter.yaml:11:73: relation `writer` stands twice; keep one of the two']],
    ['relations of a rule that are no list', 'letter.yaml', 'as: [county]', 'as: county', ['letter.yaml:12:77: the list of relations is not a list; write it as `[ … ]`']],
  ])('%s', refuses);
});

describe('refused in rows:', () => {
  test.each<Fault>([
    ['rows that are no list', 'resident.yaml', 'rows:\n  - { grant: correspondent, as: [wroteAbout], for: [RETURN] }\n  - { grant: registrar, kind: [PUBLIC_SECURITY], for: [IDENTITY] }\n', 'rows: all\n', [
      'resident.yaml:8:7: rows is not a list; write it as `[ … ]`',
      'resident.yaml:8:7: no row is granted to anybody; add at least one `grant`',
    ]],
    ['a row rule that is no mapping', 'letter.yaml', '  - { grant: party, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [writer, reader], for: [RETURN] }\n', '  - { grant: party, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [writer, reader], for: [RETURN] }\n  - party\n', [
      'letter.yaml:12:5: a row rule is not a mapping; write it as `name: …`',
      'letter.yaml:12:5: a grant is not a mapping; write it as `grant: …`',
    ]],
    ['rows that grant nothing', 'resident.yaml', '  - { grant: correspondent, as: [wroteAbout], for: [RETURN] }\n  - { grant: registrar, kind: [PUBLIC_SECURITY], for: [IDENTITY] }\n', '  - { veto: all, when: { protected: { is: true } } }\n', ['resident.yaml:9:3: no row is granted to anybody; add at least one `grant`']],
    ['a grant and a veto of one name', 'letter.yaml', 'veto: protected', 'veto: party', ['letter.yaml:13:5: rule `party` stands twice; rename or remove one of the two']],
    ['two vetoes of one name', 'letter.yaml', '  - { veto: protected, when: { protected: { is: true } }, except: [writer] }\n', '  - { veto: protected, when: { protected: { is: true } }, except: [writer] }\n  - { veto: protected, when: { minor: { is: true } } }\n', ['letter.yaml:14:5: rule `protected` stands twice; rename or remove one of the two']],
    ['a row grant with a rung', 'letter.yaml', 'for: [SUPERVISION], basis: 民发二号 }', 'for: [SUPERVISION], rung: FULL }', ['letter.yaml:12:107: `rung` is not known in a grant; use one of `grant`, `kind`, `level`, `roles`, `for`, `from`, `until`, `as`, `when`, `basis`']],
    ['a row grant that says the same as an earlier one, under another name and basis', 'letter.yaml', '  - { veto', '  - { grant: parties, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [writer, reader], for: [RETURN], basis: 民发九号 }\n  - { veto', ['letter.yaml:13:5: rule `parties` says the same as `party` in line 11; remove one of the two']],
    ['a row grant without a name or a purpose', 'resident.yaml', '{ grant: correspondent, as: [wroteAbout], for: [RETURN] }', '{ as: [wroteAbout] }', [
      'resident.yaml:9:5: a grant has no `grant`; add `grant: …`',
      'resident.yaml:9:5: a grant has no `for`; add `for: …`',
    ]],
    ['a grant whose basis is no text', 'letter.yaml', 'basis: 民发二号', 'basis: [民发二号]', ['letter.yaml:12:114: the basis is not a text; write a word or a sentence']],
    ['a veto without a condition', 'letter.yaml', 'when: { protected: { is: true } }, except: [writer] }\nfields', 'except: [writer] }\nfields', ['letter.yaml:13:5: a veto has no `when`; add `when: …`']],
    ['a veto with a rung', 'letter.yaml', '{ veto: protected,', '{ veto: protected, rung: SURNAME,', ['letter.yaml:13:24: `rung` is not known in a veto; use one of `veto`, `kind`, `level`, `roles`, `for`, `when`, `except`, `exceptRoles`, `basis`']],
    ['a veto with fields', 'letter.yaml', '{ veto: protected,', '{ veto: protected, fields: [text],', ['letter.yaml:13:24: `fields` is not known in a veto; use one of `veto`, `kind`, `level`, `roles`, `for`, `when`, `except`, `exceptRoles`, `basis`']],
    ['a veto that lapses', 'letter.yaml', '{ veto: protected,', '{ veto: protected, until: 2026-12-31,', ['letter.yaml:13:24: `until` is not known in a veto; use one of `veto`, `kind`, `level`, `roles`, `for`, `when`, `except`, `exceptRoles`, `basis`']],
    ['a veto whose name is no text', 'letter.yaml', 'veto: protected', 'veto: [protected]', ['letter.yaml:13:13: the name of the veto is not a text; write a word or a sentence']],
    ['a grant whose name is no text', 'letter.yaml', 'grant: party', 'grant: [party]', ['letter.yaml:11:14: the name of the grant is not a text; write a word or a sentence']],
    ['a grant that names a kind twice', 'letter.yaml', 'kind: [RESCUE_STATION, CIVIL_AFFAIRS], as', 'kind: [RESCUE_STATION, RESCUE_STATION], as', ['letter.yaml:11:44: kind names `RESCUE_STATION` twice; keep one of the two']],
    ['a grant for an unknown level', 'letter.yaml', 'level: [PROVINCE, MINISTRY]', 'level: [PROVINCE, COUNTRY]', ['letter.yaml:12:62: level `COUNTRY` is not known; use `COUNTY`']],
    ['a grant for an unknown role', 'letter.yaml', 'roles: [APPROVER]', 'roles: [APROVER]', ['letter.yaml:28:71: role `APROVER` is not known; use `APPROVER`']],
    ['a grant for an unknown purpose', 'letter.yaml', 'for: [SUPERVISION], basis', 'for: [SUPERVISON], basis', ['letter.yaml:12:93: purpose `SUPERVISON` is not known; use `SUPERVISION`']],
  ])('%s', refuses);
});

describe('refused in blocks of fields:', () => {
  test.each<Fault>([
    ['fields that are no list', 'resident.yaml', /fields:\n[^]*?\ncaps:/u, 'fields: { name: FULL }\ncaps:', [
      'resident.yaml:11:9: fields is not a list; write it as `[ … ]`',
      'resident.yaml:11:9: field `name` of Resident has no verdict; add it to a block of `fields`, or to one with `nobody: reason`',
      'resident.yaml:11:9: field `idNumber` of Resident has no verdict; add it to a block of `fields`, or to one with `nobody: reason`',
      'resident.yaml:11:9: field `birthDate` of Resident has no verdict; add it to a block of `fields`, or to one with `nobody: reason`',
      'resident.yaml:11:9: field `sex` of Resident has no verdict; add it to a block of `fields`, or to one with `nobody: reason`',
    ]],
    ['a block that is no mapping', 'resident.yaml', '  - fields: [sex]\n    grants:\n      - { grant: sex, rung: FULL, for: [RETURN, IDENTITY] }\n', '  - fields: [sex]\n    grants:\n      - { grant: sex, rung: FULL, for: [RETURN, IDENTITY] }\n  - sex\n', [
      'resident.yaml:25:5: a block of fields is not a mapping; write it as `fields: …`',
      'resident.yaml:25:5: a block of fields has exactly one of `grants` and `nobody`; add `grants: [ … ]`, or `nobody: reason`',
    ]],
    ['a block that names no fields', 'resident.yaml', '  - fields: [birthDate]\n    nobody: 不共享\n', '  - fields: [birthDate]\n    nobody: 不共享\n  - nobody: 不共享\n', ['resident.yaml:22:5: a block of fields has no `fields`; add `fields: …`']],
    ['a block with an unknown key', 'resident.yaml', '  - fields: [birthDate]\n', '  - fields: [birthDate]\n    kind: [HEALTH]\n', ['resident.yaml:21:5: `kind` is not known in a block of fields; use one of `fields`, `releases`, `basis`, `grants`, `nobody`']],
    ['a block that both grants and withholds', 'resident.yaml', '    nobody: 不共享\n', '    nobody: 不共享\n    grants: [{ grant: day, rung: FULL, for: [RETURN] }]\n', ['resident.yaml:20:5: a block of fields has exactly one of `grants` and `nobody`; add `grants: [ … ]`, or `nobody: reason`']],
    ['a block that neither grants nor withholds', 'resident.yaml', '    nobody: 不共享\n', '    basis: 不共享\n', ['resident.yaml:20:5: a block of fields has exactly one of `grants` and `nobody`; add `grants: [ … ]`, or `nobody: reason`']],
    ['a reason that is no text', 'resident.yaml', 'nobody: 不共享', 'nobody: true', ['resident.yaml:21:13: the reason why nobody sees these fields is not a text; write a word or a sentence']],
    ['a basis of a block that is no text', 'letter.yaml', '    basis: 民发三号\n', '    basis: { no: 3 }\n', ['letter.yaml:19:12: the basis is not a text; write a word or a sentence']],
    ['grants that are no list', 'resident.yaml', '    grants:\n      - { grant: sex, rung: FULL, for: [RETURN, IDENTITY] }\n', '    grants: all\n', ['resident.yaml:23:13: grants is not a list; write it as `[ … ]`']],
    ['a grant without a rung', 'resident.yaml', '{ grant: sex, rung: FULL,', '{ grant: sex,', [
      'resident.yaml:24:9: a grant has no `rung`; add `rung: …`',
      'resident.yaml:22:14: `sex` has no rung `WITHHELD`; use `FULL`, or add a ladder',
    ]],
    ['a grant without a name or a purpose', 'resident.yaml', '{ grant: sex, rung: FULL, for: [RETURN, IDENTITY] }', '{ rung: FULL }', [
      'resident.yaml:24:9: a grant has no `grant`; add `grant: …`',
      'resident.yaml:24:9: a grant has no `for`; add `for: …`',
    ]],
    ['a grant with an unknown rung', 'resident.yaml', '{ grant: sex, rung: FULL,', '{ grant: sex, rung: HALF,', [
      'resident.yaml:24:29: rung `HALF` is not known; use one of `WITHHELD`, `SURNAME`, `ENDS`, `FULL`',
      'resident.yaml:22:14: `sex` has no rung `WITHHELD`; use `FULL`, or add a ladder',
    ]],
    ['a grant of nothing', 'resident.yaml', '{ grant: sex, rung: FULL,', '{ grant: sex, rung: WITHHELD,', ['resident.yaml:22:14: `sex` has no rung `WITHHELD`; use `FULL`, or add a ladder']],
    ['a grant at a rung of another ladder', 'resident.yaml', '{ grant: surname, rung: SURNAME,', '{ grant: surname, rung: ENDS,', ['resident.yaml:12:14: `name` has no rung `ENDS`; use `SURNAME` or `FULL`, or add a ladder']],
    ['a grant at a rung of a field that is not masked', 'resident.yaml', '{ grant: sex, rung: FULL,', '{ grant: sex, rung: SURNAME,', ['resident.yaml:22:14: `sex` has no rung `SURNAME`; use `FULL`, or add a ladder']],
    ['two grants of a block with one name', 'resident.yaml', 'grant: whole-name', 'grant: surname', ['resident.yaml:15:9: rule `surname` stands twice; rename or remove one of the two']],
    ['two grants of a block that say the same', 'resident.yaml', '      - { grant: ends, rung: ENDS, for: [RETURN] }\n', '      - { grant: ends, rung: ENDS, for: [RETURN] }\n      - { grant: ends-too, rung: ENDS, for: [RETURN], basis: 另一依据 }\n', ['resident.yaml:19:9: rule `ends-too` says the same as `ends` in line 18; remove one of the two']],
    ['a field in two blocks', 'resident.yaml', 'fields: [sex]', 'fields: [sex, name]', ['resident.yaml:22:19: field `name` stands in two blocks; keep it in one of the two']],
    ['an unknown field', 'resident.yaml', 'fields: [sex]', 'fields: [sexe]', [
      'resident.yaml:22:14: field of Resident `sexe` is not known; use `sex`',
      'resident.yaml:12:3: field `sex` of Resident has no verdict; add it to a block of `fields`, or to one with `nobody: reason`',
    ]],
    ['a field without a verdict', 'letter.yaml', 'fields: [letterNo, state, writer]', 'fields: [letterNo, writer]', ['letter.yaml:15:3: field `state` of Letter has no verdict; add it to a block of `fields`, or to one with `nobody: reason`']],
    ['a nested cell without a verdict', 'letter.yaml', /  - fields: \[steps\.reason\]\n[^]*?\n  - fields: \[sentOn\]/u, '  - fields: [sentOn]', ['letter.yaml:15:3: field `steps.reason` of Letter has no verdict; add it to a block of `fields`, or to one with `nobody: reason`']],
    ['fields that are no list of words', 'resident.yaml', 'fields: [sex]', 'fields: sex', [
      'resident.yaml:22:13: fields is not a list; write it as `[ … ]`',
      'resident.yaml:12:3: field `sex` of Resident has no verdict; add it to a block of `fields`, or to one with `nobody: reason`',
    ]],
    ['a field released from what it is not derived from', 'letter.yaml', 'releases: [text]', 'releases: [text, state]', ['letter.yaml:22:14: `long` is not derived from `state`; release it from `pages`, `text`, or put it into a block of its own']],
    ['a field released that is derived from nothing', 'letter.yaml', '  - fields: [sentOn]\n', '  - fields: [sentOn]\n    releases: [pages]\n', ['letter.yaml:29:14: `sentOn` is not derived from `pages`; put it into a block without `releases`']],
    ['a release of an unknown field', 'letter.yaml', 'releases: [text]', 'releases: [txt]', ['letter.yaml:23:16: field of Letter `txt` is not known; use `text`']],
  ])('%s', refuses);
});

describe('refused in limits of time:', () => {
  test.each<Fault>([
    ['a beginning that is no day', 'letter.yaml', 'from: 2026-01-01', 'from: soon', ['letter.yaml:28:150: the beginning `soon` is neither a day nor an instant; write it as `2026-12-31` or `2026-12-31T18:00:00+08:00`']],
    ['a beginning that is empty', 'letter.yaml', 'from: 2026-01-01', 'from: ""', ['letter.yaml:28:150: the beginning is not a text; write a word or a sentence']],
    ['an instant without a place on earth', 'letter.yaml', 'from: 2026-01-01', 'from: 2026-01-01T08:00:00', ['letter.yaml:28:150: the beginning `2026-01-01T08:00:00` is neither a day nor an instant; write it as `2026-12-31` or `2026-12-31T18:00:00+08:00`']],
    ['an instant of a day that does not exist', 'letter.yaml', 'from: 2026-01-01', 'from: 2026-02-30T08:00:00+08:00', ['letter.yaml:28:150: the beginning `2026-02-30T08:00:00+08:00` is neither a day nor an instant; write it as `2026-12-31` or `2026-12-31T18:00:00+08:00`']],
    ['an instant of an hour that does not exist', 'letter.yaml', 'from: 2026-01-01', 'from: 2026-01-01T25:00:00+08:00', ['letter.yaml:28:150: the beginning `2026-01-01T25:00:00+08:00` is neither a day nor an instant; write it as `2026-12-31` or `2026-12-31T18:00:00+08:00`']],
    ['an instant with something before it', 'letter.yaml', 'from: 2026-01-01', 'from: x2026-01-01T08:00:00Z', ['letter.yaml:28:150: the beginning `x2026-01-01T08:00:00Z` is neither a day nor an instant; write it as `2026-12-31` or `2026-12-31T18:00:00+08:00`']],
    ['an instant with something after it', 'letter.yaml', 'from: 2026-01-01', 'from: 2026-01-01T08:00:00Zx', ['letter.yaml:28:150: the beginning `2026-01-01T08:00:00Zx` is neither a day nor an instant; write it as `2026-12-31` or `2026-12-31T18:00:00+08:00`']],
    ['an end that is no day', 'letter.yaml', 'until: 2026-06-30', 'until: 2026-06-31', ['letter.yaml:28:169: the end `2026-06-31` is neither a day nor an instant; write it as `2026-12-31` or `2026-12-31T18:00:00+08:00`']],
    ['a grant that lapses before it begins', 'letter.yaml', 'from: 2026-01-01, until: 2026-06-30', 'from: 2026-07-01, until: 2026-06-30', ['letter.yaml:28:9: the rule lapses before it begins; correct `from` or `until`']],
    ['a grant that lapses in the instant in which it begins', 'letter.yaml', 'from: 2026-01-01, until: 2026-06-30', 'from: 2026-01-01T08:00:00+08:00, until: 2026-01-01T08:00:00+08:00', ['letter.yaml:28:9: the rule lapses before it begins; correct `from` or `until`']],
    ['an entry of `allow` that lapses before it begins', 'purposes.yaml', 'until: 2026-12-31', 'from: 2027-01-01, until: 2026-12-31', ['purposes.yaml:8:100: the rule lapses before it begins; correct `from` or `until`']],
  ])('%s', refuses);
});
