import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Condition, Grant } from '../../src/policy/language.js';
import { policyVersion } from '../../src/policy/parse-policy.js';
import { changed, refusalOf, rulesOf, SMALL_CATALOGUE, SMALL_SOURCES, smallPolicy } from './small-policy.js';

const letterAt = (line: number, column: number): Grant['place'] => ({ file: 'letter.yaml', line, column });
const residentAt = (line: number, column: number): Grant['place'] => ({ file: 'resident.yaml', line, column });

describe('a record file that is taken', () => {
  test('says who provides it, how it is shared and by which law', () => {
    expect(rulesOf(smallPolicy(), 'Letter')).toMatchObject({ record: 'Letter', title: '信函', provider: 'CIVIL_AFFAIRS', sharing: 'conditional', basis: '民发一号', place: letterAt(1, 1) });
    expect(rulesOf(smallPolicy(), 'Letter')).not.toHaveProperty('sharingBasis');
    expect(rulesOf(smallPolicy(['resident.yaml', 'sharing: unconditional', 'sharing: not-shared\nsharingBasis: 保密法']), 'Resident')).toMatchObject({ sharing: 'not-shared', sharingBasis: '保密法', provider: 'PUBLIC_SECURITY' });
  });

  test('reads a number where a text is wanted as it is written', () => {
    expect(rulesOf(smallPolicy(['letter.yaml', 'title: 信函', 'title: 007']), 'Letter').title).toBe('007');
  });

  test.each([['2026-02-01', '2026-02-01T00:00:00+08:00'], ['2026-02-01T08:30:15Z', '2026-02-01T16:30:15+08:00'], ['2026-02-01T08:30:15-05:00', '2026-02-01T21:30:15+08:00']])('may hold from the instant %s', (written, meant) => {
    expect(rulesOf(smallPolicy(['letter.yaml', 'from: 2026-01-01', `from: ${written}`]), 'Letter').cells.get('steps.reason')?.grants[0]?.from).toBe(Date.parse(meant));
  });

  test('names its relations, with titles and conditions', () => {
    const { relations, relationTitles } = rulesOf(smallPolicy(), 'Letter');
    expect([...relationTitles]).toEqual([['writer', '写信的机构'], ['reader', '收信的机构'], ['county', '本县']]);
    expect([...relations]).toEqual([
      ['writer', { is: { attribute: 'writer', value: { viewer: 'agency' } } }],
      ['reader', { all: [{ is: { attribute: 'reader', value: { viewer: 'agency' } } }, { in: { attribute: 'state', values: [{ literal: 'SENT' }, { literal: 'READ' }] } }] }],
      ['county', { within: { attribute: 'place' } }],
    ]);
  });

  test('grants rows in full, and vetoes them; a rule without a basis has that of the record', () => {
    expect(rulesOf(smallPolicy(), 'Letter').rows).toStrictEqual({
      grants: [
        { name: 'party', rung: 'FULL', kind: ['RESCUE_STATION', 'CIVIL_AFFAIRS'], purposes: ['RETURN'], as: ['writer', 'reader'], basis: '民发一号', place: letterAt(11, 5) },
        { name: 'above', rung: 'FULL', kind: ['CIVIL_AFFAIRS'], level: ['PROVINCE', 'MINISTRY'], purposes: ['SUPERVISION'], as: ['county'], basis: '民发二号', place: letterAt(12, 5) },
      ],
      vetoes: [{ name: 'protected', rung: 'WITHHELD', when: { is: { attribute: 'protected', value: { literal: true } } }, exceptAs: ['writer'], exceptRoles: [], basis: '民发一号', place: letterAt(13, 5) }],
    });
  });

  test('gives each cell its grants and caps, and the sources that it is not released from', () => {
    const course: Grant = { name: 'course', rung: 'FULL', kind: ['RESCUE_STATION', 'CIVIL_AFFAIRS'], purposes: ['RETURN', 'SUPERVISION'], basis: '民发一号', place: letterAt(17, 9) };
    const body: Grant = { name: 'body', rung: 'FULL', purposes: ['RETURN'], as: ['writer', 'reader'], basis: '民发三号', place: letterAt(21, 9) };
    const minor = { name: 'minor', rung: 'WITHHELD', when: { is: { attribute: 'minor', value: { literal: true } } }, exceptAs: ['writer'], exceptRoles: ['MINORS_OFFICER'], basis: '民发四号', place: letterAt(32, 5) };
    const reasons: Grant = {
      name: 'reasons', rung: 'FULL', kind: ['RESCUE_STATION'], roles: ['APPROVER'], purposes: ['RETURN'], as: ['writer'], when: { is: { attribute: 'urgent', value: { literal: false } } },
      from: Date.parse('2026-01-01T00:00:00+08:00'), until: Date.parse('2026-07-01T00:00:00+08:00'), basis: '民发一号', place: letterAt(28, 9),
    };
    expect([...rulesOf(smallPolicy(), 'Letter').cells]).toStrictEqual([
      ...['letterNo', 'state', 'writer'].map((cell) => [cell, { grants: [course], caps: [], sources: [] }]),
      ['text', { grants: [body], caps: [minor], sources: [] }], ['pages', { grants: [body], caps: [minor], sources: [] }], ['steps', { grants: [body], caps: [], sources: [] }], ['resident', { grants: [body], caps: [], sources: [] }],
      ['long', { grants: [{ name: 'length', rung: 'FULL', purposes: ['RETURN', 'SUPERVISION'], basis: '民发一号', place: letterAt(25, 9) }], caps: [], sources: ['pages'] }],
      ['steps.reason', { grants: [reasons], caps: [], sources: [] }],
      ['sentOn', { grants: [], caps: [], sources: [] }],
    ]);
  });

  test('a derived cell follows all of its sources where the block releases none, and none where it releases all', () => {
    const sourcesOf = (releases: string): string[] | undefined => rulesOf(smallPolicy(['letter.yaml', '    releases: [text]\n', releases]), 'Letter').cells.get('long')?.sources;
    expect([sourcesOf(''), sourcesOf('    releases: [text, pages]\n')]).toEqual([['pages', 'text'], []]);
  });

  test('a cap lowers to its rung, for whom it names', () => {
    expect(rulesOf(smallPolicy(), 'Resident').cells.get('name')).toEqual({
      grants: [
        { name: 'surname', rung: 'SURNAME', purposes: ['RETURN'], basis: '户口登记条例', place: residentAt(14, 9) },
        { name: 'whole-name', rung: 'FULL', kind: ['CIVIL_AFFAIRS', 'PUBLIC_SECURITY'], purposes: ['RETURN', 'IDENTITY'], basis: '户口登记条例', place: residentAt(15, 9) },
      ],
      caps: [{ name: 'surname-only', rung: 'SURNAME', kind: ['CIVIL_AFFAIRS'], when: { is: { attribute: 'protected', value: { literal: true } } }, exceptAs: [], exceptRoles: [], basis: '户口登记条例', place: residentAt(26, 5) }],
      sources: [],
    });
  });

  test('a cap may withhold a field that has no masks, and need no condition', () => {
    const [cap] = rulesOf(smallPolicy(['resident.yaml', "when: { protected: { is: true } } }", "except: [wroteAbout] }\n  - { cap: no-sex, fields: [sex], rung: WITHHELD, exceptRoles: [CLERK] }"]), 'Resident').cells.get('sex')?.caps ?? [];
    expect(cap).toEqual({ name: 'no-sex', rung: 'WITHHELD', exceptAs: [], exceptRoles: ['CLERK'], basis: '户口登记条例', place: residentAt(27, 5) });
  });

  test('says who may write what, on the record before and after', () => {
    expect(rulesOf(smallPolicy(), 'Letter').writes).toStrictEqual([
      { operation: 'writeLetter', kind: ['RESCUE_STATION'], purposes: ['RETURN'], as: [], after: ['writer'], sets: ['letterNo', 'text'], basis: '民发一号', place: letterAt(34, 5) },
      { operation: 'sendLetter', kind: ['RESCUE_STATION'], purposes: ['RETURN'], as: ['writer'], when: { is: { attribute: 'state', value: { literal: 'DRAFT' } } }, after: ['writer'], sets: ['state'], basis: '民发五号', place: letterAt(35, 5) },
    ]);
    expect(rulesOf(smallPolicy(), 'Resident').writes).toEqual([]);
    expect(rulesOf(smallPolicy(['letter.yaml', 'after: [writer], sets: [state],', 'sets: [state], from: 2026-05-01, until: 2026-05-31,']), 'Letter').writes[1]).toMatchObject({ after: [], from: Date.parse('2026-05-01T00:00:00+08:00'), until: Date.parse('2026-06-01T00:00:00+08:00') });
  });

  test('has examples: a clerk\'s unless they name roles, at no time unless they name one', () => {
    expect(rulesOf(smallPolicy(), 'Letter').tests).toStrictEqual([
      { viewer: { kind: 'RESCUE_STATION', level: 'COUNTY', roles: ['CLERK'], purpose: 'RETURN', as: ['writer'] }, given: { state: 'SENT', minor: null, pages: 3, urgent: true }, row: true, sees: new Map([['text', 'FULL'], ['sentOn', 'WITHHELD']]), place: letterAt(37, 5) },
      { viewer: { kind: 'CIVIL_AFFAIRS', level: 'COUNTY', roles: ['CLERK', 'MINORS_OFFICER'], purpose: 'RETURN', as: [], at: Date.parse('2026-03-01T00:00:00+08:00') }, given: {}, row: false, sees: new Map(), place: letterAt(38, 5) },
    ]);
    expect(rulesOf(smallPolicy(), 'Resident').tests).toEqual([]);
    expect(rulesOf(smallPolicy(['letter.yaml', ', row: VISIBLE', '']), 'Letter').tests[0]).not.toHaveProperty('row');
    expect(rulesOf(smallPolicy(['letter.yaml', 'level: COUNTY, for', 'level: PROVINCE, for']), 'Letter').tests[0]?.viewer.level).toBe('PROVINCE');
    expect(rulesOf(smallPolicy(['letter.yaml', 'given: { state: SENT,', 'given: { state, letterNo: "7",']), 'Letter').tests[0]?.given).toEqual({ state: null, letterNo: '7', minor: null, pages: 3, urgent: true });
  });
});

describe('a condition that is taken', () => {
  const today = (days: number, months: number): { today: { days: number; months: number } } => ({ today: { days, months } });
  test.each<[text: string, condition: Condition]>([
    ['{ urgent: { is: true } }', { is: { attribute: 'urgent', value: { literal: true } } }],
    ['{ pages: { is: 3 } }', { is: { attribute: 'pages', value: { literal: 3 } } }],
    ['{ letterNo: { is: "7" } }', { is: { attribute: 'letterNo', value: { literal: '7' } } }],
    ['{ letterNo: { is: today } }', { is: { attribute: 'letterNo', value: { literal: 'today' } } }],
    ['{ letterNo: { is: viewer.matter } }', { is: { attribute: 'letterNo', value: { viewer: 'matter' } } }],
    ['{ letterNo: { in: [viewer.kind, "7"] } }', { in: { attribute: 'letterNo', values: [{ viewer: 'kind' }, { literal: '7' }] } }],
    ['{ place: { is: viewer.division } }', { is: { attribute: 'place', value: { viewer: 'division' } } }],
    ['{ place: { is: 320281 } }', { is: { attribute: 'place', value: { literal: '320281' } } }],
    ['{ place: { is: "320281100" } }', { is: { attribute: 'place', value: { literal: '320281100' } } }],
    ['{ sentOn: { is: 2026-02-28 } }', { is: { attribute: 'sentOn', value: { literal: '2026-02-28' } } }],
    ['{ sentOn: { before: today } }', { before: { attribute: 'sentOn', value: today(0, 0) } }],
    ['{ sentOn: { before: today + 10 days } }', { before: { attribute: 'sentOn', value: today(10, 0) } }],
    ['{ readAt: { after: today - 1234 days } }', { after: { attribute: 'readAt', value: today(-1234, 0) } }],
    ['{ sentOn: { after: today - 3 months } }', { after: { attribute: 'sentOn', value: today(0, -3) } }],
    ['{ sentOn: { after: today + 2 years } }', { after: { attribute: 'sentOn', value: today(0, 24) } }],
    ['{ pages: { before: 9 } }', { before: { attribute: 'pages', value: { literal: 9 } } }],
    ['{ about: { some: { protected: { is: true } } } }', { some: { link: 'about', that: { is: { attribute: 'protected', value: { literal: true } } } } }],
    ['{ all: [{ urgent: { is: true } }] }', { all: [{ is: { attribute: 'urgent', value: { literal: true } } }] }],
    ['{ any: [{ urgent: { is: true } }, { pages: { after: 1 } }] }', { any: [{ is: { attribute: 'urgent', value: { literal: true } } }, { after: { attribute: 'pages', value: { literal: 1 } } }] }],
    ['{ none: [{ urgent: { is: true } }], state: { is: SENT } }', { all: [{ none: [{ is: { attribute: 'urgent', value: { literal: true } } }] }, { is: { attribute: 'state', value: { literal: 'SENT' } } }] }],
  ])('%s', (text, condition) => {
    expect(rulesOf(smallPolicy(['letter.yaml', 'when: { urgent: { is: false } }', `when: ${text}`]), 'Letter').cells.get('steps.reason')?.grants[0]?.when).toEqual(condition);
  });
});

describe('the files beside those of the records', () => {
  test('say of each purpose who may state it, and whether a matter is needed', () => {
    const { purposes } = smallPolicy();
    expect(purposes.get('IDENTITY')).toEqual({ purpose: 'IDENTITY', title: '用途IDENTITY', basis: '依据IDENTITY', matterRequired: true, matterExcept: ['letters'], allowed: [{ kind: ['PUBLIC_SECURITY'] }], place: { file: 'purposes.yaml', line: 4, column: 3 } });
    expect(purposes.get('COORDINATION')).toEqual({
      purpose: 'COORDINATION', title: '用途COORDINATION', basis: '依据COORDINATION', matterRequired: false, matterExcept: [], allowed: [{ kind: ['CIVIL_AFFAIRS'], until: Date.parse('2027-01-01T00:00:00+08:00') }], place: { file: 'purposes.yaml', line: 8, column: 3 },
    });
  });

  test('say of each operation for which purposes, or that it needs none, and how often', () => {
    const { operations } = smallPolicy();
    expect([...operations.keys()]).toEqual(['whoAmI', 'letters', 'residents', 'writeLetter', 'sendLetter']);
    expect(operations.get('whoAmI')).toEqual({ operation: 'whoAmI', title: '本机构', basis: '公开', purposeFree: true, allowed: [{ kind: ['RESCUE_STATION', 'CIVIL_AFFAIRS'] }, { roles: ['SHARING_OFFICER'] }], place: { file: 'operations.yaml', line: 1, column: 3 } });
    expect(operations.get('sendLetter')).toEqual({ operation: 'sendLetter', title: '办理', basis: '民发一号', purposeFree: false, allowed: [{ kind: ['RESCUE_STATION'], purposes: ['RETURN'] }], limit: { items: 20, perMinutes: 5 }, place: { file: 'operations.yaml', line: 3, column: 3 } });
  });

  test('say which masks a cell has, lowest first', () => {
    expect([...smallPolicy().ladders]).toEqual([['Resident.name', ['SURNAME', 'FULL']], ['Resident.idNumber', ['ENDS', 'FULL']]]);
  });

  test('an audience may be named by level or by role alone', () => {
    const allowed = smallPolicy(['purposes.yaml', 'allow: [{ kind: [AUDIT], roles: [AUDITOR] }]', 'allow: [{ level: [COUNTY] }, { roles: [AUDITOR] }, { for: [AUDIT] }]']).purposes.get('AUDIT')?.allowed;
    expect(allowed).toEqual([{ level: ['COUNTY'] }, { roles: ['AUDITOR'] }, { purposes: ['AUDIT'] }]);
  });

  test('give a word for every field, fact, link and value', () => {
    const { glossary } = smallPolicy();
    expect([...glossary.keys()]).toEqual(['Letter', 'Resident']);
    expect(glossary.get('Letter')).toMatchObject({ links: new Map([['about', '所谈的居民']]), values: new Map([['state', new Map([['DRAFT', '草稿'], ['SENT', '已寄出'], ['READ', '已读']])]]) });
    expect([...(glossary.get('Resident')?.fields ?? [])]).toEqual([['name', '姓名'], ['idNumber', '身份证号'], ['birthDate', '出生日期'], ['sex', '性别']]);
    expect([...(glossary.get('Resident')?.facts ?? [])]).toEqual([['home', '住地'], ['protected', '受保护']]);
    expect(glossary.get('Resident')?.values).toEqual(new Map());
  });

  test('set deadlines, or none', () => {
    expect([...smallPolicy().deadlines]).toEqual([['sendLetter', { step: 'sendLetter', title: '寄出', from: '写成之日', amount: 2, unit: 'workingDays', class: 'DESIGN', reason: '及时' }]]);
    for (const amount of ['28, unit: dayOfMonth', '29, unit: hours', '2, unit: calendarMonths']) expect(refusalOf(changed(['deadlines.yaml', '2, unit: workingDays', amount]))).toEqual([]);
    expect(refusalOf(SMALL_SOURCES.filter(({ name }) => name !== 'deadlines.yaml'))).toEqual([]);
    expect(refusalOf(changed(['deadlines.yaml', 'amount: 2', 'amount: 0']))).toEqual(['deadlines.yaml:1:58: `amount` is not a positive whole number; write a number such as `5`']);
  });
});

describe('the folder', () => {
  test.each(SMALL_SOURCES.map(({ name }) => name).filter((name) => !['deadlines.yaml', 'letter.yaml', 'resident.yaml'].includes(name)))('without %s is refused', (name) => {
    expect(refusalOf(SMALL_SOURCES.filter((source) => source.name !== name))).toContain(`policies:1:1: ${name} is missing; add it to the folder of policies`);
  });

  test('without the file of a record is refused, once', () => {
    expect(refusalOf(SMALL_SOURCES.filter(({ name }) => name !== 'letter.yaml'))).toEqual(['policies:1:1: a file for `Letter` is missing; add it to the folder of policies']);
  });

  test('does not also say that a record has no file where one of the files cannot be read', () => {
    expect(refusalOf(changed(['letter.yaml', 'record: Letter', 'record: Leter']))).toEqual(['letter.yaml:1:9: the record `Leter` is not known; use `Letter`']);
  });

  test('with two files of one record is refused', () => {
    const second = SMALL_SOURCES.filter(({ name }) => name === 'resident.yaml').map(({ text }) => ({ name: 'people.yaml', text }));
    expect(refusalOf([...SMALL_SOURCES, ...second])).toEqual(['resident.yaml:1:1: record `Resident` has two files; keep one of the two']);
  });

  test('is refused with every fault of every file, and says so in Chinese and English', () => {
    const sources = changed(['letter.yaml', 'title: 信函', 'title: []'], ['resident.yaml', 'title: 居民', 'title: []']);
    expect(refusalOf(sources)).toEqual(['letter.yaml:2:8: the title is not a text; write a word or a sentence', 'resident.yaml:2:8: the title is not a text; write a word or a sentence']);
    expect(() => smallPolicy(['letter.yaml', 'title: 信函', 'title: []'], ['resident.yaml', 'title: 居民', 'title: []'])).toThrow(expect.objectContaining({
      name: 'PolicyRefused', message: '策略未通过检查，未生效 (the policy is refused):\n  letter.yaml:2:8: the title is not a text; write a word or a sentence\n  resident.yaml:2:8: the title is not a text; write a word or a sentence',
      faults: [expect.objectContaining({ name: 'PolicyFault', problem: 'the title is not a text', mend: 'write a word or a sentence', place: { file: 'letter.yaml', line: 2, column: 8 } }), expect.anything()],
    }));
  });

  test('has a version: SHA-256 of each name and text with its length, in the order of the names', () => {
    const hash = createHash('sha256').update('6:a.yaml6:策略').update('6:b.yaml1:x').digest('hex');
    expect(policyVersion([{ name: 'b.yaml', text: 'x' }, { name: 'a.yaml', text: '策略' }])).toBe(hash);
    expect(smallPolicy().hash).toBe(policyVersion(SMALL_SOURCES));
    expect(smallPolicy().hash).not.toBe(smallPolicy(['letter.yaml', '民发五号', '民发六号']).hash);
  });
});

test('the small policy speaks of its catalogue and of nothing else', () => {
  expect([...smallPolicy().records.keys()]).toEqual([...SMALL_CATALOGUE.records.keys()]);
});
