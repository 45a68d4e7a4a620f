import type { Catalogue, RecordShape, SqlOf } from '../../src/policy/catalogue.js';
import { PolicyRefused, type Policy, type RecordPolicy } from '../../src/policy/language.js';
import { parsePolicy, type PolicySource } from '../../src/policy/parse-policy.js';
import { PURPOSES } from '../../src/kernel/viewer.js';

/**
 * A policy of two records that has one of everything the language knows: letters between agencies, and the residents whom they are about. Small enough to
 * be read anew in every test. Nothing here keeps what it has read.
 */

const column = (name: string): SqlOf => (alias) => `${alias}.${name}`;

const LETTER: RecordShape = {
  record: 'Letter', prefix: 'le', table: 'letters',
  attributes: {
    letterNo: { type: 'text', sql: column('letter_no'), nullable: false, shownBy: ['letterNo'] },
    state: { type: 'text', sql: column('state'), nullable: false, words: ['DRAFT', 'SENT', 'READ'], shownBy: ['state'] },
    writer: { type: 'agency', sql: column('writer'), nullable: false, shownBy: ['writer'] },
    reader: { type: 'agency', sql: column('reader'), nullable: true, shownBy: [] },
    place: { type: 'division', sql: column('place'), nullable: true, shownBy: ['letterNo', 'text'] },
    urgent: { type: 'boolean', sql: column('urgent'), nullable: true, shownBy: ['text'] },
    protected: { type: 'boolean', sql: column('protected'), nullable: false, shownBy: [] },
    minor: { type: 'boolean', sql: column('minor'), nullable: true, shownBy: [] },
    sentOn: { type: 'date', sql: column('sent_on'), nullable: true, shownBy: ['sentOn'] },
    readAt: { type: 'instant', sql: column('read_at'), nullable: true, shownBy: [] },
    pages: { type: 'number', sql: column('pages'), nullable: true, shownBy: ['pages'] },
  },
  links: { about: { record: 'Resident', from: (outer, inner) => ({ table: 'residents', on: `${inner}.id = ${outer}.resident` }) } },
  fields: {
    letterNo: { field: 'value', sql: column('letter_no') },
    state: { field: 'value', sql: column('state') },
    writer: { field: 'reference', reference: 'Agency', key: column('writer') },
    text: { field: 'value', sql: column('text') },
    sentOn: { field: 'value', sql: column('sent_on') },
    pages: { field: 'value', sql: column('pages') },
    long: { field: 'value', sql: (alias) => `${alias}.pages > 9`, derivedFrom: ['pages', 'text'] },
    steps: { field: 'list', type: 'Step', from: (outer, inner) => ({ table: 'steps', on: `${inner}.letter = ${outer}.id`, orderBy: `${inner}.at` }), fields: { at: { field: 'value', sql: column('at') }, reason: { field: 'value', sql: column('reason') } } },
    resident: { field: 'record', record: 'Resident', key: column('resident') },
  },
  nestedCells: ['steps.reason'],
};

const RESIDENT: RecordShape = {
  record: 'Resident', table: 'residents',
  attributes: {
    home: { type: 'division', sql: column('home'), nullable: false, shownBy: [] },
    protected: { type: 'boolean', sql: column('protected'), nullable: false, shownBy: [] },
  },
  links: { letters: { record: 'Letter', from: (outer, inner) => ({ table: 'letters', on: `${inner}.resident = ${outer}.id` }) } },
  fields: {
    name: { field: 'value', sql: column('name'), masks: { SURNAME: column('surname') } },
    idNumber: { field: 'value', sql: column('id_number'), masks: { ENDS: column('ends') }, sealed: true },
    birthDate: { field: 'value', sql: column('birth_date') },
    sex: { field: 'value', sql: column('sex') },
  },
  nestedCells: [],
  joins: [{ parts: ['Resident.idNumber@ENDS', 'Resident.birthDate', 'Resident.sex'], gives: 'Resident.idNumber', because: 'the rest is a district' }],
};

export const SMALL_CATALOGUE: Catalogue = { records: new Map([['Letter', LETTER], ['Resident', RESIDENT]]), operations: ['whoAmI', 'letters', 'residents', 'writeLetter', 'sendLetter'] };

const LETTER_FILE = `record: Letter
title: 信函
provider: CIVIL_AFFAIRS
sharing: conditional
basis: 民发一号
relations:
  writer: { title: 写信的机构, when: { writer: { is: viewer.agency } } }
  reader: { title: 收信的机构, when: { reader: { is: viewer.agency }, state: { in: [SENT, READ] } } }
  county: { title: 本县, when: { place: { within: viewer.division } } }
rows:
  - { grant: party, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [writer, reader], for: [RETURN] }
  - { grant: above, kind: [CIVIL_AFFAIRS], level: [PROVINCE, MINISTRY], as: [county], for: [SUPERVISION], basis: 民发二号 }
  - { veto: protected, when: { protected: { is: true } }, except: [writer] }
fields:
  - fields: [letterNo, state, writer]
    grants:
      - { grant: course, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], for: [RETURN, SUPERVISION] }
  - fields: [text, pages, steps, resident]
    basis: 民发三号
    grants:
      - { grant: body, rung: FULL, as: [writer, reader], for: [RETURN] }
  - fields: [long]
    releases: [text]
    grants:
      - { grant: length, rung: FULL, for: [RETURN, SUPERVISION] }
  - fields: [steps.reason]
    grants:
      - { grant: reasons, rung: FULL, kind: [RESCUE_STATION], roles: [APPROVER], as: [writer], for: [RETURN], when: { urgent: { is: false } }, from: 2026-01-01, until: 2026-06-30 }
  - fields: [sentOn]
    nobody: 无须共享
caps:
  - { cap: minor, fields: [text, pages], rung: WITHHELD, when: { minor: { is: true } }, except: [writer], exceptRoles: [MINORS_OFFICER], basis: 民发四号 }
writes:
  - { write: writeLetter, kind: [RESCUE_STATION], for: [RETURN], after: [writer], sets: [letterNo, text] }
  - { write: sendLetter, kind: [RESCUE_STATION], for: [RETURN], as: [writer], when: { state: { is: DRAFT } }, after: [writer], sets: [state], basis: 民发五号 }
tests:
  - { viewer: { kind: RESCUE_STATION, level: COUNTY, for: RETURN, as: [writer] }, given: { state: SENT, minor: null, pages: 3, urgent: true }, row: VISIBLE, sees: { text: FULL, sentOn: WITHHELD } }
  - { viewer: { kind: CIVIL_AFFAIRS, level: COUNTY, roles: [CLERK, MINORS_OFFICER], for: RETURN, at: 2026-03-01 }, row: HIDDEN }
`;

const RESIDENT_FILE = `record: Resident
title: 居民
provider: PUBLIC_SECURITY
sharing: unconditional
basis: 户口登记条例
relations:
  wroteAbout: { title: 写信谈及的机构, when: { letters: { some: { writer: { is: viewer.agency } } } } }
rows:
  - { grant: correspondent, as: [wroteAbout], for: [RETURN] }
  - { grant: registrar, kind: [PUBLIC_SECURITY], for: [IDENTITY] }
fields:
  - fields: [name]
    grants:
      - { grant: surname, rung: SURNAME, for: [RETURN] }
      - { grant: whole-name, rung: FULL, kind: [CIVIL_AFFAIRS, PUBLIC_SECURITY], for: [RETURN, IDENTITY] }
  - fields: [idNumber]
    grants:
      - { grant: ends, rung: ENDS, for: [RETURN] }
      - { grant: number, rung: FULL, kind: [PUBLIC_SECURITY], for: [IDENTITY] }
  - fields: [birthDate]
    nobody: 不共享
  - fields: [sex]
    grants:
      - { grant: sex, rung: FULL, for: [RETURN, IDENTITY] }
caps:
  - { cap: surname-only, kind: [CIVIL_AFFAIRS], fields: [name], rung: SURNAME, when: { protected: { is: true } } }
`;

const ALLOWED: Record<(typeof PURPOSES)[number], string> = {
  RETURN: '{ kind: [RESCUE_STATION, CIVIL_AFFAIRS] }', AT_RISK_CARE: '{ kind: [TOWNSHIP] }', SETTLEMENT: '{ kind: [TOWNSHIP] }', IDENTITY: '{ kind: [PUBLIC_SECURITY] }', POVERTY_RELIEF: '{ kind: [POVERTY_RELIEF] }',
  MEDICAL_CARE: '{ kind: [HEALTH] }', SUPERVISION: '{ kind: [CIVIL_AFFAIRS], level: [PROVINCE, MINISTRY] }', COORDINATION: '{ kind: [CIVIL_AFFAIRS], until: 2026-12-31 }', AUDIT: '{ kind: [AUDIT], roles: [AUDITOR] }', BENEFIT_CHECK: '{ kind: [PARTNER] }',
};
const purposeText = (purpose: (typeof PURPOSES)[number]): string =>
  `- { purpose: ${purpose}, title: 用途${purpose}, basis: 依据${purpose}, matter: ${purpose === 'IDENTITY' ? 'required, matterExcept: [letters]' : 'optional'}, allow: [${ALLOWED[purpose]}] }\n`;

const OPERATIONS_FILE = `- { operations: [whoAmI], title: 本机构, basis: 公开, purposeFree: true, allow: [{ kind: [RESCUE_STATION, CIVIL_AFFAIRS] }, { roles: [SHARING_OFFICER] }] }
- { operations: [letters, residents], title: 查询, basis: 民发一号, allow: [{ kind: [RESCUE_STATION, CIVIL_AFFAIRS], for: [RETURN] }, { kind: [CIVIL_AFFAIRS], for: [SUPERVISION] }, { kind: [PUBLIC_SECURITY], for: [IDENTITY] }] }
- { operations: [writeLetter, sendLetter], title: 办理, basis: 民发一号, allow: [{ kind: [RESCUE_STATION], for: [RETURN] }], limit: { items: 20, perMinutes: 5 } }
`;

const LADDERS_FILE = `- { cells: [Resident.name], rungs: [SURNAME, FULL], basis: 只见姓氏 }
- { cells: [Resident.idNumber], rungs: [ENDS, FULL], basis: 只见首尾 }
`;

const GLOSSARY_FILE = `- record: Letter
  fields: { letterNo: 编号, state: 状态, writer: 写信机构, text: 正文, sentOn: 寄出日, pages: 页数, long: 是否长信, steps: 经过, resident: 所谈的居民, steps.reason: 经过中的理由 }
  facts: { letterNo: 编号, state: 状态, writer: 写信机构, reader: 收信机构, place: 地点, urgent: 加急, protected: 受保护, minor: 未成年, sentOn: 寄出日, readAt: 阅读时间, pages: 页数 }
  links: { about: 所谈的居民 }
  values: { state: { DRAFT: 草稿, SENT: 已寄出, READ: 已读 } }
- record: Resident
  fields: { name: 姓名, idNumber: 身份证号, birthDate: 出生日期, sex: 性别 }
  facts: { home: 住地, protected: 受保护 }
  links: { letters: 谈及的信函 }
`;

const DEADLINES_FILE = '- { deadline: sendLetter, title: 寄出, from: 写成之日, amount: 2, unit: workingDays, class: DESIGN, reason: 及时 }\n';

/** The files of the small policy. */
export const SMALL_SOURCES: readonly PolicySource[] = [
  { name: 'deadlines.yaml', text: DEADLINES_FILE }, { name: 'glossary.yaml', text: GLOSSARY_FILE }, { name: 'ladders.yaml', text: LADDERS_FILE }, { name: 'letter.yaml', text: LETTER_FILE }, { name: 'operations.yaml', text: OPERATIONS_FILE },
  { name: 'purposes.yaml', text: PURPOSES.map(purposeText).join('') }, { name: 'resident.yaml', text: RESIDENT_FILE },
];

/** A text of a file, or all of it (null), and what stands there instead. */
export type Change = readonly [file: string, from: string | RegExp | null, to: string];

/** The files with some texts replaced, each of which must occur. */
export function changed(...changes: readonly Change[]): PolicySource[] {
  return changes.reduce((sources, [file, from, to]) => sources.map((source) => {
    if (source.name !== file) return source;
    const text = from === null ? to : source.text.replace(from, () => to);
    if (text === source.text) throw new Error(`${file} does not hold ${String(from)}`);
    return { name: file, text };
  }), [...SMALL_SOURCES]);
}

/** The small policy, with some texts replaced. */
export const smallPolicy = (...changes: readonly Change[]): Policy => parsePolicy(changed(...changes), SMALL_CATALOGUE);

/** The rules of one of its records. */
export function rulesOf(policy: Policy, record: 'Letter' | 'Resident'): RecordPolicy {
  const rules = policy.records.get(record);
  if (!rules) throw new Error(`no rules of ${record}`);
  return rules;
}

/** The messages with which sources are refused; none if they are taken. */
export function refusalOf(sources: readonly PolicySource[], catalogue: Catalogue = SMALL_CATALOGUE): string[] {
  try {
    parsePolicy(sources, catalogue);
    return [];
  } catch (error) {
    if (error instanceof PolicyRefused) return error.faults.map(({ message }) => message);
    throw error;
  }
}
