import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/kernel/viewer.js';
import { CorrectionDesk } from '../support/correction-desk.js';
import { startHub, type HubAnswer, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';

const OFFICE = 'poverty-320281';
const COUNTY = 'civil-320281';
/** 林归来: adult, in the ledger, confirmed. 陶小满: a child, likewise. 沈安平: protected. 江归程, 江归程's kin: in no ledger. */
const ADULT = '990101197103080035';
const CHILD = '990102201505210029';
const NOBODY = '990101197004120353';
const OTHER_NOBODY = '990101197511080210';
const household = (householdNo: string, idNumbers: string[], more: object = {}): object => ({
  householdNo, headName: '户主', division: '320281100', kind: 'REGISTERED', members: idNumbers.map((idNumber) => ({ name: idNumber.slice(-4), idNumber })), ...more,
});

interface Spell { name: string | null; since: string | null; until: string | null; matchedPerson: { name: string } | null }
interface Seen {
  id: string; flag: { state: string } | null; members: Spell[]; formerMembers: Spell[]; disclosure: { field: string; rung: string; rule: string }[];
  history: { since: string; until: string | null; kind: string; headName: string; division: { code: string }; agency: { code: string } }[];
  help: { measures: string[]; helpedOn: string; text: string | null; agency: { code: string } }[] | null;
}
const SEEN = `id flag { state } members { ...S } formerMembers { ...S } history { since until kind headName division { code } agency { code } } help { measures helpedOn text agency { code } } disclosure { field rung rule }`;
const SPELL = 'fragment S on HouseholdMember { name since until matchedPerson { name } }';

describe('households over time, and the help they are given', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub();
  });
  afterAll(() => hub.stop());

  const ask = <Data = Record<string, unknown>>(agency: string, query: string, variables?: Record<string, unknown>, roles: Role[] = ['CLERK'], key: string = randomUUID()): Promise<HubAnswer<Data>> => hub.ask<Data>(agency, { purpose: 'POVERTY_RELIEF', key, roles }, query, variables);
  const on = (day: string): void => void Object.assign(hub.parts, { now: () => new Date(`${day}T09:00:00+08:00`) });
  const register = async (...households: object[]): Promise<void> =>
    expect((await ask<{ registerHouseholds: { refused: unknown[] } }>(OFFICE, 'mutation ($input: RegisterHouseholdsInput!) { registerHouseholds(input: $input) { refused { field } } }', { input: { households } })).data?.registerHouseholds).toEqual({ refused: [] });
  const flag = (...householdNos: string[]): Promise<HubAnswer> => ask(OFFICE, 'mutation ($input: FlagHouseholdsInput!) { flagHouseholds(input: $input) { accepted } }', { input: { householdNos } });
  const find = async (agency: string, householdNo: string, roles?: Role[]): Promise<Seen | undefined> =>
    (await ask<{ registeredHouseholds: { nodes: Seen[] } }>(agency, `{ registeredHouseholds(filter: { householdNo: "${householdNo}" }) { nodes { ${SEEN} } } } ${SPELL}`, undefined, roles)).data?.registeredHouseholds.nodes[0];
  const decide = async (operation: 'confirmFlag' | 'clearFlag', householdNo: string): Promise<void> =>
    expect((await ask(COUNTY, `mutation ($input: HouseholdFlagInput!) { ${operation}(input: $input) { household { id } } }`, { input: { householdId: (await find(COUNTY, householdNo))?.id } })).errors).toEqual([]);
  const confirmed = async (householdNo: string, members: string[] = [ADULT]): Promise<string> => {
    await register(household(householdNo, members));
    await flag(householdNo);
    await decide('confirmFlag', householdNo);
    return (await find(OFFICE, householdNo))?.id ?? '';
  };
  const HELP = `mutation ($input: RecordHouseholdHelpInput!) { recordHouseholdHelp(input: $input) { household { ${SEEN} } } } ${SPELL}`;
  const help = (agency: string, householdId: string, more: object = {}, key?: string): Promise<HubAnswer<{ recordHouseholdHelp: { household: Seen } }>> =>
    ask(agency, HELP, { input: { householdId, measures: ['EMPLOYMENT'], helpedOn: '2026-11-20', text: '介绍到镇办工厂', ...more } }, undefined, key);
  const refusal = (answer: HubAnswer<unknown>): unknown => answer.errors.map(({ message, extensions }) => [message, extensions.code, extensions['field']]);
  const listed = async (agency: string, filter: string): Promise<string[]> =>
    (await ask<{ registeredHouseholds: { nodes: { householdNo: string }[] } }>(agency, `{ registeredHouseholds(first: 200, filter: { ${filter} }) { nodes { householdNo } } }`)).data?.registeredHouseholds.nodes.map(({ householdNo }) => householdNo).filter((no) => no.startsWith('H-')) ?? [];
  const atReturn = async (idNumber: string): Promise<void> => {
    const input = { subject: { idNumber }, noticeNo: randomUUID(), noticeDate: '2026-11-18', entryDate: '2026-11-10', leaveDate: '2026-11-17', returnMode: 'SELF', originDivision: '320281' };
    const sent = await hub.ask<{ sendReturnNotice: { returnCase: { id: string; version: number } } }>('station-120000', { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: SendReturnNoticeInput!) { sendReturnNotice(input: $input) { returnCase { id version } } }', { input });
    const { id = '', version = 0 } = sent.data?.sendReturnNotice.returnCase ?? {};
    expect((await hub.ask('station-320281', { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: ReturnStepInput!) { acknowledgeReturn(input: $input) { returnCase { id } } }', { input: { id, expectedVersion: version } })).errors).toEqual([]);
  };

  describe('what a household was, and who belonged to it', () => {
    test('a household registered again as something else keeps what it was, from when until when and by whom; the same again ends nothing', async () => {
      on('2026-11-20');
      await register(household('H-KIND', [NOBODY]));
      on('2026-11-21');
      await register(household('H-KIND', [NOBODY]));
      on('2026-11-23');
      await register(household('H-KIND', [NOBODY], { kind: 'OUT_OF_POVERTY' }));
      on('2026-11-25');
      await register(household('H-KIND', [NOBODY], { kind: 'OUT_OF_POVERTY', headName: '新户主', division: '320281104' }));
      const by = { agency: { code: OFFICE } };
      const at = (day: string): string => `2026-11-${day}T09:00:00+08:00`;
      expect((await find(OFFICE, 'H-KIND'))?.history).toEqual([
        { since: at('20'), until: at('23'), kind: 'REGISTERED', headName: '户主', division: { code: '320281100' }, ...by },
        { since: at('23'), until: at('25'), kind: 'OUT_OF_POVERTY', headName: '户主', division: { code: '320281100' }, ...by },
        { since: at('25'), until: null, kind: 'OUT_OF_POVERTY', headName: '新户主', division: { code: '320281104' }, ...by },
      ]);
    });

    test('who leaves a household stays known as its former member, and who comes back begins another spell', async () => {
      const spells = (list: Spell[] | undefined): unknown => list?.map(({ name, since, until }) => [name, since?.slice(0, 10), until?.slice(0, 10) ?? null]);
      on('2026-11-20');
      await register(household('H-SPELLS', [NOBODY, OTHER_NOBODY]));
      on('2026-11-22');
      await register(household('H-SPELLS', [NOBODY]));
      on('2026-11-24');
      await register(household('H-SPELLS', [NOBODY, OTHER_NOBODY]));
      on('2026-11-26');
      await register(household('H-SPELLS', [OTHER_NOBODY]));
      const seen = await find(OFFICE, 'H-SPELLS');
      expect(spells(seen?.members)).toEqual([['0210', '2026-11-24', null]]);
      expect(spells(seen?.formerMembers)).toEqual([['0210', '2026-11-20', '2026-11-22'], ['0353', '2026-11-20', '2026-11-26']]);
      expect(seen?.history).toHaveLength(1);
      on('2026-11-20');
    });

    test('county civil affairs sees the history of a household that matched; of any other there is none, and another office sees neither', async () => {
      await register(household('H-PAST', [NOBODY]), household('H-PAST-NONE', [NOBODY]));
      await register(household('H-PAST', [ADULT], { kind: 'MARGINAL' }), household('H-PAST-NONE', [OTHER_NOBODY], { kind: 'MARGINAL' }));
      await flag('H-PAST', 'H-PAST-NONE');
      const seen = await find(COUNTY, 'H-PAST');
      expect([seen?.history.map(({ kind }) => kind), seen?.formerMembers.map(({ name, matchedPerson }) => [name, matchedPerson])]).toEqual([['REGISTERED', 'MARGINAL'], [['0353', null]]]);
      expect(await find(COUNTY, 'H-PAST-NONE')).toBeUndefined();
    });

    test('a child who has left is shown to county civil affairs under the role of the minors officer only', async () => {
      await register(household('H-CHILD', [ADULT, CHILD]));
      await register(household('H-CHILD', [ADULT]));
      await flag('H-CHILD');
      const former = async (agency: string, roles?: Role[]): Promise<unknown> => (await find(agency, 'H-CHILD', roles))?.formerMembers.map(({ name, until }) => [name, until !== null]);
      expect([await former(COUNTY), await former(COUNTY, ['CLERK', 'MINORS_OFFICER']), await former(OFFICE)]).toEqual([[[null, false]], [['0029', true]], [['0029', true]]]);
    });

    test('the history tells the office nothing of a match: hit or not, it is the same', async () => {
      for (const [no, who] of [['H-SAME-HIT', ADULT], ['H-SAME-MISS', OTHER_NOBODY]] as const) {
        await register(household(no, [NOBODY, who]));
        await flag(no);
        if (who === ADULT) await decide('clearFlag', no);
        await register(household(no, [NOBODY]));
      }
      const told = async (no: string): Promise<unknown> => {
        const { id: _, formerMembers, ...seen } = (await find(OFFICE, no)) ?? { id: '', formerMembers: [] };
        return [seen, formerMembers.map(({ name: __, ...spell }) => spell)];
      };
      expect(await told('H-SAME-HIT')).toEqual(await told('H-SAME-MISS'));
    });
  });

  describe('whose wandering a household is asked about', () => {
    test('who left the household before the return is no member that returned', async () => {
      const left = '990102199601200373';
      await register(household('H-LEFT', [left, NOBODY]));
      await flag('H-LEFT');
      await register(household('H-LEFT', [NOBODY]));
      await atReturn(left);
      expect(await find(COUNTY, 'H-LEFT')).toBeUndefined();
    });

    test('who returned as a member and left afterwards takes the experience along, so that no removal tells the office when the return was', async () => {
      const left = '990108198203150060';
      await register(household('H-WENT', [left, NOBODY]), household('H-CAME', [OTHER_NOBODY]));
      await flag('H-WENT', 'H-CAME');
      await atReturn(left);
      await decide('confirmFlag', 'H-WENT');
      on('2026-11-22');
      await register(household('H-WENT', [NOBODY]), household('H-CAME', [OTHER_NOBODY, left]));
      expect([await find(COUNTY, 'H-WENT'), (await find(OFFICE, 'H-WENT'))?.flag, (await find(COUNTY, 'H-CAME'))?.flag?.state]).toEqual([undefined, null, 'PROPOSED']);
      on('2026-11-20');
    });

    test('who had returned before joining brings the experience along, whenever that was', async () => {
      await register(household('H-JOIN', [NOBODY]));
      await flag('H-JOIN');
      expect(await find(COUNTY, 'H-JOIN')).toBeUndefined();
      await register(household('H-JOIN', [NOBODY, ADULT]));
      expect((await find(COUNTY, 'H-JOIN'))?.members.map(({ matchedPerson }) => matchedPerson?.name ?? null)).toEqual([null, '林归来']);
    });
  });

  describe('help', () => {
    test('the office and county civil affairs write down what was done for a household with a released flag, and both read it', async () => {
      const id = await confirmed('H-HELP');
      const [office, county] = [await help(OFFICE, id), await help(COUNTY, id, { measures: ['CARE_VISIT', 'ALLOWANCE', 'CARE_VISIT'], helpedOn: '2026-11-18', text: null })];
      expect([office.errors, county.errors]).toEqual([[], []]);
      const both = [
        { measures: ['CARE_VISIT', 'ALLOWANCE'], helpedOn: '2026-11-18', text: null, agency: { code: COUNTY } },
        { measures: ['EMPLOYMENT'], helpedOn: '2026-11-20', text: '介绍到镇办工厂', agency: { code: OFFICE } },
      ];
      expect([county.data?.recordHouseholdHelp.household.help, (await find(OFFICE, 'H-HELP'))?.help, (await find(COUNTY, 'H-HELP'))?.help]).toEqual([both, both, both]);
    });

    test('without a released flag the office is refused alike, whether the household is proposed, cleared, unreleased, protected since or never hit', async () => {
      await register(household('H-R-PROPOSED', [ADULT]), household('H-R-CLEARED', [ADULT, NOBODY]), household('H-R-NEVER', [NOBODY]), household('H-R-UNASKED', [ADULT]));
      await flag('H-R-PROPOSED', 'H-R-CLEARED', 'H-R-NEVER');
      await decide('clearFlag', 'H-R-CLEARED');
      await confirmed('H-R-LATER');
      await confirmed('H-R-CHILD', [ADULT, CHILD]);
      const owner = (sql: string): Promise<unknown> => withClient(hub.database.admin, (client) => client.query(sql));
      await owner("UPDATE guitu.household_flags f SET release_on = '2026-12-01' FROM guitu.registered_households h WHERE h.id = f.household_id AND h.household_no = 'H-R-LATER'");
      await owner("DELETE FROM guitu.household_matches m USING guitu.registered_households h, guitu.household_members x WHERE h.id = m.household_id AND x.id = m.member_id AND h.household_no = 'H-R-CHILD' AND x.born_on < '2000-01-01'");
      const tried = await Promise.all(['PROPOSED', 'CLEARED', 'NEVER', 'UNASKED', 'LATER', 'CHILD'].map(async (name) => refusal(await help(OFFICE, (await find(OFFICE, `H-R-${name}`))?.id ?? ''))));
      expect(tried).toEqual(tried.map(() => [[expect.any(String), 'TRANSITION_NOT_ALLOWED', 'input.householdId']]));
      expect(new Set(tried.map((one) => JSON.stringify(one))).size).toBe(1);
    });

    test('county civil affairs helps no household that is proposed, cleared or not yet released, and one that did not match is not there', async () => {
      const codeOf = async (id: string | undefined): Promise<unknown> => (await help(COUNTY, id ?? '')).errors[0]?.extensions.code;
      const never = (await find(OFFICE, 'H-R-NEVER'))?.id;
      expect([await codeOf((await find(COUNTY, 'H-R-PROPOSED'))?.id), await codeOf((await find(COUNTY, 'H-R-CLEARED'))?.id), await codeOf((await find(COUNTY, 'H-R-LATER'))?.id), await codeOf(never), await codeOf(`hh_${randomUUID()}`)])
        .toEqual(['TRANSITION_NOT_ALLOWED', 'TRANSITION_NOT_ALLOWED', 'TRANSITION_NOT_ALLOWED', 'NOT_FOUND', 'NOT_FOUND']);
    });

    test('a flag that goes takes the help from the office\'s sight, not from what civil affairs sees; decided and released anew, both see it again', async () => {
      const id = await confirmed('H-GONE');
      await help(COUNTY, id);
      await register(household('H-GONE', [ADULT, NOBODY]));
      expect([(await find(OFFICE, 'H-GONE'))?.help, (await find(COUNTY, 'H-GONE'))?.help?.length]).toEqual([null, 1]);
      await register(household('H-GONE-NEVER', [NOBODY]));
      expect((await find(OFFICE, 'H-GONE'))?.disclosure).toEqual((await find(OFFICE, 'H-GONE-NEVER'))?.disclosure);
      await decide('confirmFlag', 'H-GONE');
      expect((await find(OFFICE, 'H-GONE'))?.help?.length).toBe(1);
    });

    test('is reported wrong by whoever reads it and did not write it, and answered by whoever wrote it; what was asked goes from sight with the flag', async () => {
      const desk = new CorrectionDesk(hub);
      const relief = { purpose: 'POVERTY_RELIEF' } as const;
      const id = await confirmed('H-WRONG');
      await help(COUNTY, id, { helpedOn: '2026-11-18' });
      await help(OFFICE, id, { helpedOn: '2026-11-19' });
      const made = await desk.asked(OFFICE, relief, id, 'help.1.text');
      expect([made['number'], made['claim'], made['provider']]).toEqual(['H-WRONG', '写错了', null]);
      expect(await desk.seen(COUNTY, relief, made)).toMatchObject({ sourceNumber: 'H-WRONG', claim: '写错了', askedBy: { code: OFFICE } });
      expect(await desk.owed(COUNTY, 'POVERTY_RELIEF')).toContainEqual([made.correctionNo, expect.any(String)]);
      for (const field of ['help.2', 'headName']) expect([field, await desk.refused(OFFICE, relief, id, field)]).toEqual([field, ['BAD_USER_INPUT input.field']]);
      expect(await desk.answer(OFFICE, relief, await desk.asked(COUNTY, relief, id, 'help.2.measures'))).toEqual([]);

      await register(household('H-WRONG', [ADULT, NOBODY]));
      for (const agency of [OFFICE, COUNTY]) expect(await desk.seen(agency, relief, made)).toBeUndefined();
      expect([await desk.answer(COUNTY, relief, made), (await desk.owed(COUNTY, 'POVERTY_RELIEF')).map(([number]) => number)]).toEqual([['NOT_FOUND'], expect.not.arrayContaining([made.correctionNo])]);
    });

    test('nothing of a household is reported before its flag is shown to the office: only one that matched is read by county civil affairs', async () => {
      const desk = new CorrectionDesk(hub);
      const relief = { purpose: 'POVERTY_RELIEF' } as const;
      await register(household('H-EARLY', [ADULT]));
      await flag('H-EARLY');
      const id = (await find(COUNTY, 'H-EARLY'))?.id ?? '';
      expect(await desk.refused(COUNTY, relief, id, 'headName')).toEqual(['CONFLICT input.id']);
      await decide('confirmFlag', 'H-EARLY');
      const made = await desk.asked(COUNTY, relief, id, 'headName');
      expect(await desk.answer(OFFICE, relief, (await desk.seen(OFFICE, relief, made)) ?? made)).toEqual([]);
    });

    test('the same call again writes nothing twice; a day to come, no measure and an overlong text are refused', async () => {
      const id = await confirmed('H-ONCE');
      const key = randomUUID();
      await help(OFFICE, id, {}, key);
      expect((await help(OFFICE, id, {}, key)).data?.recordHouseholdHelp.household.help).toHaveLength(1);
      for (const [more, field] of [[{ helpedOn: '2026-11-21' }, 'input.helpedOn'], [{ measures: [] }, 'input.measures'], [{ text: '长'.repeat(501) }, 'input.text']] as const) {
        expect((await help(OFFICE, id, more)).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
      }
      expect((await find(OFFICE, 'H-ONCE'))?.help).toHaveLength(1);
    });

    test('the focus list: whom help has not reached since a day; where the flag is hidden, the filter finds nothing either way', async () => {
      const id = await confirmed('H-F-OLD');
      await confirmed('H-F-NONE');
      await help(OFFICE, id, { helpedOn: '2026-10-10' });
      await help(OFFICE, await confirmed('H-F-NEW'), { helpedOn: '2026-11-10' });
      await register(household('H-F-PROPOSED', [ADULT]));
      await flag('H-F-PROPOSED');
      const found = async (agency: string, filter: string): Promise<string[]> => (await listed(agency, filter)).filter((no) => no.startsWith('H-F-'));
      expect([await found(OFFICE, 'flagged: true, notHelpedSince: "2026-11-01"'), await found(OFFICE, 'notHelpedSince: "2026-11-01"'), await found(OFFICE, 'notHelpedSince: "2026-10-10"')])
        .toEqual([['H-F-NONE', 'H-F-OLD'], ['H-F-NONE', 'H-F-OLD'], ['H-F-NONE']]);
      expect(await found(COUNTY, 'flagged: true, notHelpedSince: "2026-11-01"')).toEqual(['H-F-NONE', 'H-F-OLD']);
      expect(await found(COUNTY, 'notHelpedSince: "2026-11-01"')).toEqual(['H-F-NONE', 'H-F-OLD', 'H-F-PROPOSED']);
    });
  });
});
