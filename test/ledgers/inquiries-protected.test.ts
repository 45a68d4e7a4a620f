import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startHub, type TestHub } from '../support/hub.js';
import { InquiryDesk, type Inquiry } from '../support/inquiry-desk.js';

/** A candidate of one station's inquiry whom another station protects after the hit. */

let hub: TestHub;
let desk: InquiryDesk;
beforeAll(async () => {
  hub = await startHub();
  desk = new InquiryDesk(hub);
});
beforeEach(() => desk.stays.at('2026-11-20T10:00:00+08:00'));
afterAll(() => hub.stop());

const ASKER = 'station-120000';
const POLICE = 'police-120000';
const HOLDER = 'station-320281';
const CELLS = 'state answers { answer note } candidates { name } transitions { from to agency { code } reason documentNo documentDate }';

/** Neither why nor on which document. */
const UNSAID = { reason: null, documentNo: null, documentDate: null };

async function write<Data>(agency: string, operation: string, type: string, payload: string, input: object): Promise<Data | undefined> {
  const { data, errors } = await hub.ask<Record<string, Data>>(agency, { purpose: 'RETURN', key: randomUUID() }, `mutation ($input: ${type}!) { ${operation}(input: $input) { ${payload} } }`, { input });
  expect({ operation, errors }).toEqual({ operation, errors: [] });
  return data?.[operation];
}

/** Somebody whom the holder has received, by ID number. */
async function known(idNumber: string): Promise<string> {
  const sent = await write<{ returnCase: { id: string; version: number } }>('station-320200', 'sendReturnNotice', 'SendReturnNoticeInput', 'returnCase { id version }', {
    subject: { name: '后来护', idNumber }, noticeNo: randomUUID(), noticeDate: '2026-11-18', entryDate: '2026-11-10', leaveDate: '2026-11-17', returnMode: 'SELF', originDivision: '320281',
  });
  const confirmed = await write<{ returnCase: { person: { id: string } } }>(HOLDER, 'acknowledgeReturn', 'ReturnStepInput', 'returnCase { person { id } }', { id: sent?.returnCase.id, expectedVersion: sent?.returnCase.version });
  return confirmed?.returnCase.person.id ?? '';
}

const protect = (id: string): Promise<unknown> => write(HOLDER, 'protectPerson', 'ProtectPersonInput', 'person { id }', { id, basis: '人身安全保护令' });
const candidate = (idNumber: string): object => ({ method: 'FACE', name: '后来护', idNumber });

async function hitOn(idNumber: string, ...others: object[]): Promise<Inquiry> {
  const inquiry = await desk.opened(ASKER);
  const found = { answer: 'HIT', candidates: [candidate(idNumber), ...others], note: '人像系统比中', documentNo: '比中通知书3号', documentDate: '2026-11-20' };
  return desk.step('answerInquiry', POLICE, inquiry.id, found);
}

test.each([
  ['protected', '990128198001010014', (id: string) => protect(id)],
  ['merged with somebody protected', '990128198001010030', async (id: string): Promise<void> => {
    const other = await known('990128198001010057');
    await desk.owner("INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT $1, a.id, a.division, '2026-11-20', '保护令' FROM guitu.agencies a WHERE a.code = $2", [other.slice(3), HOLDER]);
    await write(HOLDER, 'mergePeople', 'MergePeopleInput', 'mergeNo', { id, mergedId: other, reason: '指纹一致' });
  }],
] as const)('once the only candidate is %s, the inquiry reads like no hit and goes on where the hit found it', async (_, idNumber, becomesProtected) => {
  const person = await known(idNumber);
  const inquiry = await hitOn(idNumber);
  expect(inquiry.state).toBe('CANDIDATE');
  await becomesProtected(person);
  const row = await desk.read(ASKER, inquiry, CELLS);
  expect(row).toEqual({
    id: inquiry.id, state: 'OPEN', answers: [{ answer: 'NO_HIT', note: null }, { answer: null, note: null }], candidates: [], transitions: [
      { from: null, to: 'OPEN', agency: { code: ASKER }, ...UNSAID }, { from: 'OPEN', to: 'CANDIDATE', agency: { code: POLICE }, ...UNSAID }, { from: 'CANDIDATE', to: 'OPEN', agency: { code: ASKER }, ...UNSAID },
    ],
  });
  expect(await desk.owed(inquiry)).toEqual([`answerInquiry ${POLICE} 2026-12-04`]);
  expect(await desk.see(inquiry.id)).toMatchObject({ due: '2026-12-04' });
  expect((await desk.see(inquiry.id)).version).not.toBe(inquiry.version);
  await desk.noHit(POLICE, inquiry.id);
  expect(await desk.up(inquiry.id)).toMatchObject({ state: 'OPEN', level: 'MINISTRY' });
});

test('the term that then begins is that of the division of whoever owes the step', async () => {
  const person = await known('990128198001010073');
  const inquiry = await hitOn('990128198001010073');
  await desk.owner("INSERT INTO guitu.settings (division, name, value, reason) VALUES ('120000', 'deadline.answerInquiry', '3', '本市从快'), ('320000', 'deadline.answerInquiry', '7', '他省自定')");
  await protect(person);
  await desk.owner("DELETE FROM guitu.settings WHERE name = 'deadline.answerInquiry'");
  expect(await desk.owed(inquiry)).toEqual([`answerInquiry ${POLICE} 2026-11-25`]);
});

test('a late hit: civil affairs owes again what it owed before', async () => {
  const person = await known('99012819800101009X');
  const inquiry = await desk.opened(ASKER);
  await desk.noHit(POLICE, inquiry.id);
  await desk.hit(POLICE, inquiry.id, candidate('99012819800101009X'));
  await protect(person);
  expect(await desk.read(ASKER, inquiry, 'state answers { answer }')).toMatchObject({ state: 'UNRESOLVED', answers: [{ answer: 'NO_HIT' }, { answer: 'NO_HIT' }] });
  expect(await desk.owed(inquiry)).toEqual(['passInquiryUp civil-120000 2026-11-25']);
});

test('another candidate who stands keeps the inquiry where it is, with the version it had', async () => {
  const person = await known('990128198001010110');
  const inquiry = await hitOn('990128198001010110', { method: 'FACE', name: '另一人' });
  await protect(person);
  expect(await desk.read(ASKER, inquiry, 'state version answers { answer } candidates { name } transitions { documentNo }')).toMatchObject({
    state: 'CANDIDATE', version: inquiry.version, answers: [{ answer: 'HIT' }], candidates: [{ name: '另一人' }], transitions: [{ documentNo: null }, { documentNo: '比中通知书3号' }],
  });
  expect(await desk.owed(inquiry)).toEqual([`confirmCandidate ${ASKER} 2026-11-25`]);
});

test('a protection that ends brings no candidate back: it reads as one that was protected when the hit came', async () => {
  const person = await known('990128198001010137');
  const inquiry = await hitOn('990128198001010137');
  await protect(person);
  const before = await desk.read(ASKER, inquiry, CELLS);
  await write(HOLDER, 'endProtection', 'EndProtectionInput', 'person { id }', { id: person, reason: '期满' });
  expect(await desk.read(ASKER, inquiry, CELLS)).toEqual(before);
});

test('a hit and a protection at one time leave no inquiry that waits for nobody', async () => {
  for (const idNumber of ['990128198001010153', '99012819800101017X', '990128198001010196', '990128198001010217']) {
    const person = await known(idNumber);
    const inquiry = await desk.opened(ASKER);
    await Promise.all([desk.hit(POLICE, inquiry.id, candidate(idNumber)), protect(person)]);
    expect(['OPEN', 'UNRESOLVED']).toContain((await desk.see(inquiry.id)).state);
    expect(await desk.candidates(inquiry, ASKER)).toEqual([]);
  }
});

const UNIT = 'police-320281';

/** Under the number of an inquiry. */
async function protectUnder(agency: string, { number, person }: Inquiry): Promise<string[]> {
  const { errors } = await hub.ask(agency, { purpose: 'IDENTITY', matter: number, key: randomUUID() }, 'mutation ($input: ProtectPersonInput!) { protectPerson(input: $input) { person { id identityState } } }', { input: { id: `pe_${person}`, basis: '人身安全保护令', namedUnit: UNIT } });
  return errors.map(({ extensions: { code, field } }) => [code, field].filter(Boolean).join(' '));
}

test('who cares for somebody of unknown identity protects it under its own inquiry: also once identified, before any notice goes home', async () => {
  const [asked, identified] = [await desk.opened(ASKER), await hitOn('990128198001010233')];
  await desk.identify(identified, ASKER);
  expect(await desk.read(POLICE, asked, 'id')).toEqual({ id: asked.id });
  for (const inquiry of [asked, await desk.see(identified.id)]) {
    expect(await protectUnder(HOLDER, inquiry)).toEqual(['NOT_FOUND input.id']);
    expect(await protectUnder(POLICE, inquiry)).toEqual(['FORBIDDEN protectPerson']);
    expect(await protectUnder(ASKER, { ...inquiry, number: 'IQ-00000-00000' })).toEqual(['NOT_FOUND input.id']);
    expect(await protectUnder(ASKER, inquiry)).toEqual([]);
    expect(await desk.owner('SELECT a.code, u.code AS unit FROM guitu.protections p JOIN guitu.agencies a ON a.id = p.holding_agency JOIN guitu.agencies u ON u.id = p.named_unit WHERE p.person_id = $1', [inquiry.person])).toEqual([{ code: ASKER, unit: UNIT }]);
    expect(await desk.read(ASKER, inquiry, 'calledName')).toMatchObject({ calledName: '老归' });
    expect(await desk.read(POLICE, inquiry, 'id')).toBeUndefined();
  }
});

test('who has handed somebody over protects it no more under the inquiry that found out who it is, nor is the minor its own any longer', async () => {
  const stay = await desk.enter(ASKER, { estimatedAge: 12 });
  const inquiry = await desk.open(stay, ASKER);
  await desk.hit(POLICE, inquiry.id, { method: 'FACE', name: '归童' });
  await desk.identify(inquiry, ASKER);
  expect(await desk.read(ASKER, inquiry, 'person { name }')).toEqual({ id: inquiry.id, person: { name: '归童' } });
  const [held] = await desk.owner<{ id: string; version: number }>("SELECT 'st_' || id AS id, version FROM guitu.stays WHERE stay_no = $1", [stay.number]);
  await desk.stays.stay('endStay', ASKER, { id: held?.id, expectedVersion: held?.version, leftOn: '2026-11-20', how: 'RETURNED' });
  expect(await desk.read(ASKER, inquiry, 'person { name }')).toEqual({ id: inquiry.id, person: { name: null } });
  expect(await protectUnder(ASKER, await desk.see(inquiry.id))).toEqual(['TRANSITION_NOT_ALLOWED input.id']);
  expect(await desk.owner('SELECT FROM guitu.protections WHERE person_id = $1', [inquiry.person])).toEqual([]);
});

test('who has withdrawn the inquiry protects nobody under its number', async () => {
  const inquiry = await desk.opened(ASKER);
  await desk.step('withdrawInquiry', ASKER, inquiry.id, { reason: 'LEFT' });
  expect(await protectUnder(ASKER, inquiry)).toEqual(['TRANSITION_NOT_ALLOWED input.id']);
  expect(await desk.owner('SELECT FROM guitu.protections WHERE person_id = $1', [inquiry.person])).toEqual([]);
});
