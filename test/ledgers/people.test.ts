import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/kernel/viewer.js';
import { startHub, type HubAnswer, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';
import { worldId } from '../support/world.js';

const SEND = 'mutation ($input: SendReturnNoticeInput!) { sendReturnNotice(input: $input) { returnCase { id version caseNo } } }';
const STEP = (operation: string): string => `mutation ($input: ReturnStepInput!) { ${operation}(input: $input) { returnCase { id version state person { id } } } }`;
const MERGE = 'mutation ($input: MergePeopleInput!) { mergePeople(input: $input) { mergeNo person { id name idNumber } } }';
const SPLIT = 'mutation ($input: SplitPeopleInput!) { splitPeople(input: $input) { person { id } other { id name } } }';
const PROTECT = 'mutation ($input: ProtectPersonInput!) { protectPerson(input: $input) { person { id } } }';
const END = 'mutation ($input: EndProtectionInput!) { endProtection(input: $input) { person { id } } }';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.stop());

const owner = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> => withClient(hub.database.admin, async (client) => (await client.query<Row>(text, values)).rows);
const write = <Data>(agency: string, query: string, input: object, more: object = {}): Promise<HubAnswer<Data>> => hub.ask<Data>(agency, { purpose: 'RETURN', key: randomUUID(), ...more }, query, { input });
const codeOf = (answer: HubAnswer<unknown>): string | undefined => answer.errors[0]?.extensions.code;

interface Known { caseId: string; version: number; caseNo: string; personId: string }

/** A person by a confirmed return from a destination to an origin. */
async function returned(name: string, destination: string, origin: string, originDivision: string): Promise<Known> {
  const sent = await write<{ sendReturnNotice: { returnCase: { id: string; version: number; caseNo: string } } }>(destination, SEND, {
    subject: { name, birthDate: '1961-05-01', sex: 'MALE' }, noticeNo: randomUUID(), noticeDate: '2026-11-18', entryDate: '2026-11-10', leaveDate: '2026-11-17', returnMode: 'SELF', originDivision,
  });
  expect(sent.errors).toEqual([]);
  const { id, version, caseNo } = sent.data?.sendReturnNotice.returnCase ?? { id: '', version: 0, caseNo: '' };
  const acknowledged = await write<{ acknowledgeReturn: { returnCase: { version: number; person: { id: string } } } }>(origin, STEP('acknowledgeReturn'), { id, expectedVersion: version });
  expect(acknowledged.errors).toEqual([]);
  return { caseId: id, caseNo, version: acknowledged.data?.acknowledgeReturn.returnCase.version ?? 0, personId: acknowledged.data?.acknowledgeReturn.returnCase.person.id ?? '' };
}

const personOf = async (agency: string, caseNo: string): Promise<string | null> =>
  (await hub.ask<{ returnCase: { person: { id: string } | null } | null }>(agency, { purpose: 'RETURN' }, 'query ($no: String!) { returnCase(caseNo: $no) { person { id } } }', { no: caseNo })).data?.returnCase?.person?.id ?? null;
const shownCase = async (agency: string, caseNo: string): Promise<unknown> => (await hub.ask(agency, { purpose: 'RETURN' }, 'query ($no: String!) { returnCase(caseNo: $no) { caseNo state version noticeNo subject { name idNumber } transitions { to } } }', { no: caseNo })).data;

describe('two persons who are one', () => {
  test('once merged, every ledger speaks of the one that stays; parted again, each history is as before', async () => {
    const [one, other, third] = [await returned('合一', 'station-120000', 'station-320281', '320281'), await returned('合一', 'station-320200', 'station-320281', '320281'), await returned('合一', 'station-120000', 'civil-341523', '341523')];
    const before = await Promise.all([one, other].map(({ caseNo }) => shownCase('station-320281', caseNo)));
    const merged = await write<{ mergePeople: { mergeNo: string; person: { id: string } } }>('station-320281', MERGE, { id: one.personId, mergedId: other.personId, reason: '指纹一致' });
    expect([merged.errors, merged.data?.mergePeople.person.id]).toEqual([[], one.personId]);
    expect([await personOf('station-320281', one.caseNo), await personOf('station-320281', other.caseNo), await personOf('station-320200', other.caseNo)]).toEqual([one.personId, one.personId, one.personId]);
    expect((await hub.ask('station-320281', { purpose: 'RETURN' }, 'query ($id: ID!) { node(id: $id) { id } }', { id: other.personId })).data).toEqual({ node: null });
    expect(await Promise.all([one, other].map(({ caseNo }) => shownCase('station-320281', caseNo)))).toEqual(before);
    const split = await write<{ splitPeople: { person: { id: string }; other: { id: string } } }>('station-320281', SPLIT, { id: one.personId, mergeNo: merged.data?.mergePeople.mergeNo, reason: '搞错了' });
    expect([split.errors, split.data?.splitPeople]).toEqual([[], { person: { id: one.personId }, other: { id: other.personId, name: '合一' } }]);
    expect([await personOf('station-320281', one.caseNo), await personOf('station-320281', other.caseNo), await personOf('civil-341523', third.caseNo)]).toEqual([one.personId, other.personId, third.personId]);
    expect(await Promise.all([one, other].map(({ caseNo }) => shownCase('station-320281', caseNo)))).toEqual(before);
    const again = await write('station-320281', SPLIT, { id: one.personId, mergeNo: merged.data?.mergePeople.mergeNo, reason: '再来' });
    expect([codeOf(again), again.errors[0]?.extensions.field]).toEqual(['NOT_FOUND', 'input.mergeNo']);
  });

  test('what came to hang on a record while they were one goes with it when they are parted: referral, duties, entry', async () => {
    const [one, other] = [await returned('同行', 'station-120000', 'station-320281', '320281104'), await returned('同行', 'station-120000', 'station-320281', '320281104')];
    const merged = await write<{ mergePeople: { mergeNo: string } }>('station-320281', MERGE, { id: one.personId, mergedId: other.personId, reason: '同一人' });
    const step = async (operation: string, type: string, input: object = {}): Promise<void> => {
      const [now] = await owner<{ version: number }>('SELECT version FROM guitu.return_cases WHERE id = $1', [other.caseId.slice(3)]);
      const answer = await write('station-320281', `mutation ($input: ${type}!) { ${operation}(input: $input) { returnCase { id } } }`, { id: other.caseId, expectedVersion: now?.version, ...input });
      expect([operation, answer.errors]).toEqual([operation, []]);
    };
    await step('confirmHome', 'ReturnStepInput');
    await step('recordHomeCheck', 'RecordHomeCheckInput', { checkedOn: '2026-11-20', difficulties: ['LIVELIHOOD'] });
    await step('referForAid', 'ReferForAidInput', { referrals: [{ addressee: 'township-320281104', helpAsked: ['SUBSISTENCE_ALLOWANCE'] }] });
    const entry = await hub.ask('station-320281', { purpose: 'AT_RISK_CARE', key: randomUUID() }, 'mutation ($input: EnrolAtRiskInput!) { enrolAtRisk(input: $input) { atRiskEntry { id } } }',
      { input: { caseNo: other.caseNo, division: '320281104', riskClasses: ['ELDERLY_LIVING_ALONE'], careCodes: ['PHONE_CALL'] } });
    expect(entry.errors).toEqual([]);
    expect((await write('station-320281', SPLIT, { id: one.personId, mergeNo: merged.data?.mergePeople.mergeNo, reason: '两人' })).errors).toEqual([]);
    const caseOf = "(SELECT id FROM guitu.return_cases WHERE id = $1 UNION ALL SELECT id FROM guitu.at_risk_entries WHERE return_case = $1)";
    expect(await owner(`SELECT DISTINCT what, 'pe_' || person_id AS person FROM (SELECT 'referral' AS what, person_id FROM guitu.return_referrals WHERE case_id = $1 UNION ALL SELECT 'entry', person_id FROM guitu.at_risk_entries WHERE return_case = $1
      UNION ALL SELECT 'duty', person_id FROM guitu.duties WHERE record_id IN ${caseOf}) hanging ORDER BY what`, [other.caseId.slice(3)])).toEqual(['duty', 'entry', 'referral'].map((what) => ({ what, person: other.personId })));
    expect((await write('station-320281', PROTECT, { id: other.personId, basis: '保护令' })).errors).toEqual([]);
    const referral = await hub.ask('township-320281104', { purpose: 'RETURN' }, 'query ($no: String!) { returnCase(caseNo: $no) { caseNo referrals { referralNo } } }', { no: other.caseNo });
    expect(referral.data).toEqual({ returnCase: null });
  });

  test('a merge keeps the stricter protection, and parting them leaves it with both', async () => {
    const [one, other] = [await returned('护一', 'station-120000', 'station-320281', '320281'), await returned('护二', 'station-120000', 'station-320281', '320281')];
    const merged = await write<{ mergePeople: { mergeNo: string } }>('station-320281', MERGE, { id: one.personId, mergedId: other.personId, reason: '同一人' });
    expect((await write('station-320281', PROTECT, { id: one.personId, basis: '人身安全保护令' })).errors).toEqual([]);
    // The holding station still sees the person; the destination no longer does.
    expect([await personOf('station-120000', one.caseNo), await personOf('station-120000', other.caseNo)]).toEqual([null, null]);
    expect((await write('station-320281', SPLIT, { id: one.personId, mergeNo: merged.data?.mergePeople.mergeNo, reason: '不是同一人' })).errors).toEqual([]);
    expect(await owner("SELECT person_id::text AS id FROM guitu.protections WHERE person_id = ANY ($1) ORDER BY 1", [[one.personId.slice(3), other.personId.slice(3)]])).toHaveLength(2);
    expect([await personOf('station-120000', one.caseNo), await personOf('station-120000', other.caseNo)]).toEqual([null, null]);
  });

  test('a destination protects whom it still cares for, not whom it sent home; the civil affairs of the holding station may end it', async () => {
    const [here, gone] = [await returned('在护', 'station-120000', 'station-320281', '320281'), await returned('已归', 'station-120000', 'station-320281', '320281')];
    expect((await write('station-320281', STEP('confirmHome'), { id: gone.caseId, expectedVersion: gone.version })).errors).toEqual([]);
    expect(codeOf(await write('station-120000', PROTECT, { id: gone.personId, basis: '保护令' }))).toBe('TRANSITION_NOT_ALLOWED');
    expect(await personOf('station-320281', gone.caseNo)).toBe(gone.personId);
    expect((await write('station-120000', PROTECT, { id: here.personId, basis: '保护令' })).errors).toEqual([]);
    expect(codeOf(await write('civil-320281', END, { id: here.personId, reason: '期满' }))).toBe('NOT_FOUND');
    expect((await write('civil-120000', END, { id: here.personId, reason: '期满' })).errors).toEqual([]);
    expect(await personOf('station-320281', here.caseNo)).toBe(here.personId);
  });

  test('a child merged into an adult is a child to everybody, and the adult an adult again once they are parted', async () => {
    const [adult, child] = [await returned('成人', 'station-120000', 'station-320281', '320281'), await returned('儿童', 'station-120000', 'station-320281', '320281')];
    await owner("UPDATE guitu.persons SET born_on = '2016-04-01', birth_date = '2016-04-01' WHERE id = $1", [child.personId.slice(3)]);
    const nameSeenBy = async (roles: readonly Role[]): Promise<unknown> => (await hub.ask<{ returnCase: { person: { name: string | null } } }>('station-320281', { purpose: 'RETURN', roles }, 'query ($no: String!) { returnCase(caseNo: $no) { person { name } } }', { no: adult.caseNo })).data?.returnCase.person.name;
    expect([await nameSeenBy(['CLERK']), await nameSeenBy(['CLERK', 'MINORS_OFFICER'])]).toEqual(['成人', '成人']);
    const merged = await write<{ mergePeople: { mergeNo: string } }>('station-320281', MERGE, { id: adult.personId, mergedId: child.personId, reason: '同一人' });
    expect(merged.errors).toEqual([]);
    expect([await nameSeenBy(['CLERK']), await nameSeenBy(['CLERK', 'MINORS_OFFICER'])]).toEqual([null, '成人']);
    expect((await write('station-320281', SPLIT, { id: adult.personId, mergeNo: merged.data?.mergePeople.mergeNo, reason: '不是同一人' })).errors).toEqual([]);
    expect(await nameSeenBy(['CLERK'])).toBe('成人');
  });

  test('the youngest counts whichever is parted first, and a guess says nothing against a date', async () => {
    const born = async (bornOn: string, date: string | null): Promise<string> => (await owner<{ id: string }>("INSERT INTO guitu.persons (identity_state, born_on, birth_date) VALUES ('CLAIMED', $1, $2) RETURNING id::text AS id", [bornOn, date]))[0]?.id ?? '';
    const [kept, older, youngest, guessed] = [await born('1970-01-01', '1970-01-01'), await born('1980-01-01', '1980-01-01'), await born('2015-01-01', '2015-01-01'), await born('2017-01-01', null)];
    const bornOn = async (): Promise<unknown> => (await owner('SELECT born_on::text AS born FROM guitu.persons WHERE id = $1', [kept]))[0]?.['born'];
    const seen: unknown[] = [await bornOn()];
    for (const [index, one] of [older, youngest, guessed].entries()) {
      await owner("SELECT guitu.merge_people($1, $2, $3, $4, 'u', 'r', now())", [kept, one, `PM-YOUNG-${index}`, worldId('agency', 'station-320281')]);
      seen.push(await bornOn());
    }
    for (const index of [1, 0, 2]) {
      await owner("SELECT guitu.split_people($1, $2, 'r', now())", [kept, `PM-YOUNG-${index}`]);
      seen.push(await bornOn());
    }
    expect(seen).toEqual(['1970-01-01', '1980-01-01', '2015-01-01', '2015-01-01', '1980-01-01', '1970-01-01', '1970-01-01']);
  });

  test('whoever lies above the origin and received neither merges, parts and protects nobody', async () => {
    const [one, other] = [await returned('上级', 'station-120000', 'station-320281', '320281'), await returned('上级', 'station-120000', 'station-320281', '320281')];
    // It sent a third of that name, so that it may read both.
    const own = await returned('上级', 'station-320200', 'station-320281', '320281');
    await owner('UPDATE guitu.return_cases SET person_id = $2 WHERE id = $1', [own.caseId.slice(3), one.personId.slice(3)]);
    const second = await returned('上级', 'station-320200', 'station-320281', '320281');
    await owner('UPDATE guitu.return_cases SET person_id = $2 WHERE id = $1', [second.caseId.slice(3), other.personId.slice(3)]);
    expect(await personOf('station-320200', own.caseNo)).toBe(one.personId);
    expect(codeOf(await write('station-320200', MERGE, { id: one.personId, mergedId: other.personId, reason: '同名' }))).toBe('TRANSITION_NOT_ALLOWED');
    const merged = await write<{ mergePeople: { mergeNo: string } }>('station-320281', MERGE, { id: one.personId, mergedId: other.personId, reason: '同一人' });
    expect(codeOf(await write('station-320200', SPLIT, { id: one.personId, mergeNo: merged.data?.mergePeople.mergeNo, reason: '不是' }))).toBe('TRANSITION_NOT_ALLOWED');
    expect(await personOf('station-320281', other.caseNo)).toBe(one.personId);
  });

  test('with cases in three provinces: merged and protected, then parted, every history is as before and both stay protected', async () => {
    const [JIANGSU, TIANJIN, ANHUI] = ['station-320281', 'station-120000', 'civil-341523'] as const;
    const [one, other] = [await returned('三省', 'station-320200', JIANGSU, '320281'), await returned('三省', 'station-320200', JIANGSU, '320281')];
    const inTianjin = await returned('三省', 'station-320200', TIANJIN, '120101003');
    const inAnhui = await returned('三省', 'station-320200', ANHUI, '341523102');
    // Tianjin found out by the fingerprint that its returnee is the first, Shucheng that its own is the second: as each side's case was linked.
    await owner('UPDATE guitu.return_cases SET person_id = $2 WHERE id = $1', [inTianjin.caseId.slice(3), one.personId.slice(3)]);
    await owner('UPDATE guitu.return_cases SET person_id = $2 WHERE id = $1', [inAnhui.caseId.slice(3), other.personId.slice(3)]);
    const everywhere: [string, Known][] = [[JIANGSU, one], [JIANGSU, other], [TIANJIN, inTianjin], [ANHUI, inAnhui]];
    const histories = (): Promise<unknown[]> => Promise.all(everywhere.map(([, { caseId }]) => owner(
      `SELECT to_jsonb(c) - 'person_id' AS of_case, (SELECT json_agg(t ORDER BY t.step) FROM guitu.return_transitions t WHERE t.case_id = c.id) AS steps FROM guitu.return_cases c WHERE c.id = $1`, [caseId.slice(3)])));
    const [before, shown] = [await histories(), await Promise.all(everywhere.map(([agency, { caseNo }]) => shownCase(agency, caseNo)))];
    const merged = await write<{ mergePeople: { mergeNo: string } }>(JIANGSU, MERGE, { id: one.personId, mergedId: other.personId, reason: '指纹一致' });
    expect(merged.errors).toEqual([]);
    expect(await Promise.all(everywhere.map(([agency, { caseNo }]) => personOf(agency, caseNo)))).toEqual(everywhere.map(() => one.personId));
    expect((await write(TIANJIN, PROTECT, { id: one.personId, basis: '人身安全保护令' })).errors).toEqual([]);
    expect(await Promise.all(everywhere.map(([agency, { caseNo }]) => personOf(agency, caseNo)))).toEqual([null, null, one.personId, null]);
    // Only the holding station still sees the person, so only it can part them; and no history is lost meanwhile.
    expect(codeOf(await write(JIANGSU, SPLIT, { id: one.personId, mergeNo: merged.data?.mergePeople.mergeNo, reason: '不是同一人' }))).toBe('NOT_FOUND');
    expect((await write(TIANJIN, SPLIT, { id: one.personId, mergeNo: merged.data?.mergePeople.mergeNo, reason: '不是同一人' })).errors).toEqual([]);
    expect(await histories()).toEqual(before);
    expect(await owner('SELECT person_id::text AS id FROM guitu.return_cases WHERE id = ANY ($1) ORDER BY notice_no', [everywhere.map(([, { caseId }]) => caseId.slice(3))])).toHaveLength(4);
    for (const [known, person] of [[one, one], [inTianjin, one], [other, other], [inAnhui, other]] as const) expect(await owner('SELECT person_id::text AS id FROM guitu.return_cases WHERE id = $1', [known.caseId.slice(3)])).toEqual([{ id: person.personId.slice(3) }]);
    expect(await owner('SELECT person_id FROM guitu.protections WHERE person_id = ANY ($1)', [[one.personId.slice(3), other.personId.slice(3)]])).toHaveLength(2);
    for (const person of [one, other]) expect((await write(TIANJIN, END, { id: person.personId, reason: '保护令期满' })).errors).toEqual([]);
    expect(await Promise.all(everywhere.map(([agency, { caseNo }]) => shownCase(agency, caseNo)))).toEqual(shown);
  });

  test('of whom one is protected, are merged with the protection of that one', async () => {
    const [one, other] = [await returned('护三', 'station-320200', 'station-320281', '320281'), await returned('护四', 'station-320200', 'station-320281', '320281')];
    expect((await write('station-320281', PROTECT, { id: other.personId, basis: '人身安全保护令' })).errors).toEqual([]);
    expect((await write('station-320281', MERGE, { id: one.personId, mergedId: other.personId, reason: '同一人' })).errors).toEqual([]);
    expect(await owner('SELECT basis FROM guitu.protections WHERE person_id = $1', [one.personId.slice(3)])).toEqual([{ basis: '人身安全保护令' }]);
    expect(await personOf('station-320200', one.caseNo)).toBeNull();
  });

  test('are merged by whoever sees both, and by nobody else: a person that is hidden is as one that is not there', async () => {
    const [here, elsewhere] = [await returned('此地', 'station-120000', 'station-320281', '320281'), await returned('别处', 'station-320200', 'civil-341523', '341523')];
    const input = { id: here.personId, mergedId: elsewhere.personId, reason: '试' };
    const nobody = { id: here.personId, mergedId: 'pe_00000000-0000-4000-8000-000000000000', reason: '试' };
    const [hidden, absent] = [await write('station-320281', MERGE, input), await write('station-320281', MERGE, nobody)];
    expect([codeOf(hidden), hidden.errors[0]?.extensions.field]).toEqual(['NOT_FOUND', 'input.mergedId']);
    expect(hidden.errors.map(({ message, extensions: { code, field } }) => [message, code, field])).toEqual(absent.errors.map(({ message, extensions: { code, field } }) => [message, code, field]));
    // The destination sees both its persons once they are confirmed, but did not receive them.
    const [first, second] = [await returned('流一', 'station-120000', 'station-320281', '320281'), await returned('流二', 'station-120000', 'station-320281', '320281')];
    expect(codeOf(await write('station-120000', MERGE, { id: first.personId, mergedId: second.personId, reason: '试' }))).toBe('TRANSITION_NOT_ALLOWED');
    expect(codeOf(await write('station-320281', MERGE, { id: first.personId, mergedId: first.personId, reason: '试' }))).toBe('BAD_USER_INPUT');
    expect(codeOf(await write('station-320281', MERGE, { id: first.personId, mergedId: second.personId, reason: ' ' }))).toBe('BAD_USER_INPUT');
    expect(codeOf(await write('police-320281', MERGE, { id: first.personId, mergedId: second.personId, reason: '试' }, { purpose: 'SETTLEMENT' }))).toBe('FORBIDDEN');
    expect([await personOf('station-320281', first.caseNo), await personOf('station-320281', second.caseNo)]).toEqual([first.personId, second.personId]);
  });
});

describe('merges that meet', () => {
  test('of two that would merge each into the other at once, one is done and the other finds nobody', async () => {
    const [one, other] = [await returned('对合', 'station-120000', 'station-320281', '320281'), await returned('对合', 'station-120000', 'station-320281', '320281')];
    const answers = await Promise.all([write('station-320281', MERGE, { id: one.personId, mergedId: other.personId, reason: '同一人' }), write('civil-320281', MERGE, { id: other.personId, mergedId: one.personId, reason: '同一人' })]);
    expect(answers.map((answer) => codeOf(answer) ?? 'done').toSorted()).toEqual(['NOT_FOUND', 'done']);
    expect(await owner('SELECT count(*)::integer AS merged FROM guitu.persons WHERE id = ANY ($1) AND merged_into IS NOT NULL', [[one.personId.slice(3), other.personId.slice(3)]])).toEqual([{ merged: 1 }]);
  });

  test('a later notice about the number of the merged person is about the one that stays, through any number of merges; why they were parted is kept', async () => {
    const people = [await returned('链一', 'station-120000', 'station-320281', '320281'), await returned('链二', 'station-120000', 'station-320281', '320281'), await returned('链三', 'station-120000', 'station-320281', '320281')];
    const [first = '', second = '', third = ''] = people.map(({ personId }) => personId);
    const uuids = [first, second, third].map((id) => id.slice(3));
    await owner("UPDATE guitu.persons SET id_number_hash = 'hash-of-链一', id_number_sealed = 'x', id_number_ends = 'y' WHERE id = $1", [uuids[0]]);
    const linked = async (): Promise<unknown> => (await owner("SELECT guitu.link_person('hash-of-链一', 'x', 'y', NULL) AS id"))[0]?.['id'];
    const merge = async (id: string, mergedId: string): Promise<string> => (await write<{ mergePeople: { mergeNo: string } }>('station-320281', MERGE, { id, mergedId, reason: '同一人' })).data?.mergePeople.mergeNo ?? '';
    const inner = await merge(second, first);
    const outer = await merge(third, second);
    expect(await linked()).toBe(uuids[2]);
    expect((await write('station-320281', SPLIT, { id: third, mergeNo: outer, reason: '不是' })).errors).toEqual([]);
    expect(await linked()).toBe(uuids[1]);
    expect((await write('station-320281', SPLIT, { id: second, mergeNo: inner, reason: '也不是' })).errors).toEqual([]);
    expect(await linked()).toBe(uuids[0]);
    expect(await owner('SELECT split_reason FROM guitu.person_merges WHERE merge_no = ANY ($1) ORDER BY split_reason COLLATE "C"', [[inner, outer]])).toEqual([{ split_reason: '不是' }, { split_reason: '也不是' }]);
  });
});

describe('a protected person', () => {
  test('is known from then on to the holding station, its civil affairs and the named unit alone; ended, to the others again', async () => {
    const one = await returned('藏', 'station-120000', 'station-320281', '320281');
    const done = await write('station-120000', PROTECT, { id: one.personId, namedUnit: 'police-120000', basis: '反家庭暴力法 第二十三条' });
    expect(done.errors).toEqual([]);
    expect(await personOf('station-320281', one.caseNo)).toBeNull();
    expect(await shownCase('station-320281', one.caseNo)).toEqual({ returnCase: null });
    expect(await personOf('station-120000', one.caseNo)).toBe(one.personId);
    expect(codeOf(await write('station-320281', END, { id: one.personId, reason: '试' }))).toBe('NOT_FOUND');
    expect((await write('station-120000', END, { id: one.personId, reason: '危险已过' })).errors).toEqual([]);
    expect(await owner('SELECT reason, basis FROM guitu.ended_protections WHERE of_person = $1', [one.personId.slice(3)])).toEqual([{ reason: '危险已过', basis: '反家庭暴力法 第二十三条' }]);
    expect(await personOf('station-320281', one.caseNo)).toBe(one.personId);
  });

  test('is held by a station, and told to a unit of public security', async () => {
    const one = await returned('看', 'station-120000', 'station-320281', '320281');
    for (const [more, field] of [[{ holdingAgency: 'civil-120000' }, 'input.holdingAgency'], [{ holdingAgency: 'station-999999' }, 'input.holdingAgency'], [{ namedUnit: 'station-120000' }, 'input.namedUnit'], [{ basis: '' }, 'input.basis']] as const) {
      const answer = await write('station-120000', PROTECT, { id: one.personId, basis: '保护令', ...more });
      expect([more, codeOf(answer), answer.errors[0]?.extensions.field]).toEqual([more, 'BAD_USER_INPUT', field]);
    }
    // Whoever protects must be the one who holds: nobody can lock a person away for another.
    expect(codeOf(await write('station-120000', PROTECT, { id: one.personId, holdingAgency: 'station-320200', basis: '保护令' }))).toBe('FORBIDDEN');
    expect(await personOf('station-320281', one.caseNo)).toBe(one.personId);
  });

  test('marked so after the acknowledgement: what waited for the origin leaves its inbox', async () => {
    const one = await returned('不再等', 'station-120000', 'station-320281', '320281');
    const waiting = async (): Promise<number> => (await hub.ask<{ inbox: { nodes: { number: string }[] } }>('station-320281', { purpose: 'RETURN' }, '{ inbox(first: 200) { nodes { number } } }')).data?.inbox.nodes.filter(({ number }) => number === one.caseNo).length ?? -1;
    expect(await waiting()).toBe(1);
    expect((await write('station-120000', PROTECT, { id: one.personId, basis: '反家庭暴力法 第二十三条' })).errors).toEqual([]);
    expect(await waiting()).toBe(0);
  });
});

describe('`people`', () => {
  test('lists whom a ledger opens to the asker, and finds by name and number only whom it sees', async () => {
    const one = await returned('找得到', 'station-120000', 'station-320281', '320281');
    const find = async (agency: string, purpose = 'RETURN'): Promise<unknown> => (await hub.ask<{ people: { nodes: { id: string }[] } }>(agency, { purpose }, '{ people(filter: { name: "找得到" }) { totalCount nodes { id name } } }')).data;
    const found = { people: { totalCount: 1, nodes: [{ id: one.personId, name: '找得到' }] } };
    expect([await find('station-320281'), await find('station-120000'), await find('civil-320281')]).toEqual([found, found, found]);
    const none = { people: { totalCount: 0, nodes: [] } };
    expect([await find('station-320200'), await find('civil-341523'), await find('station-320281', 'AT_RISK_CARE')]).toEqual([none, none, none]);
  });
});
