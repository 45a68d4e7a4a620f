import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startHub, type HubAnswer, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';

const OFFICE = 'poverty-320281';
const COUNTY = 'civil-320281';
const REGISTER = 'mutation ($input: RegisterHouseholdsInput!) { registerHouseholds(input: $input) { registered updated refused { row field code message } } }';
const household = (householdNo: string, idNumbers: string[], more: object = {}): object => ({
  householdNo, headName: '户主', division: '320281100', kind: 'REGISTERED', members: idNumbers.map((idNumber, index) => ({ name: `成员${index}`, idNumber })), ...more,
});
/** 林归来: adult, in the ledger, confirmed. 陶小满: a child, likewise. 沈安平: protected. 江归程: in no ledger. */
const ADULT = '990101197103080035';
const CHILD = '990102201505210029';
const PROTECTED = '990104199406120047';
const NOBODY = '990101197004120353';

describe('registered households', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub();
  });
  afterAll(() => hub.stop());

  const ask = <Data = Record<string, unknown>>(agency: string, query: string, variables?: Record<string, unknown>): Promise<HubAnswer<Data>> => hub.ask<Data>(agency, { purpose: 'POVERTY_RELIEF', key: randomUUID() }, query, variables);
  const register = async (...households: object[]): Promise<unknown> => (await ask<{ registerHouseholds: unknown }>(OFFICE, REGISTER, { input: { households } })).data?.registerHouseholds;
  const flag = (householdNos?: string[]): Promise<HubAnswer> => ask(OFFICE, 'mutation ($input: FlagHouseholdsInput!) { flagHouseholds(input: $input) { accepted } }', { input: { householdNos } });
  interface Seen { id: string; flag: { state: string } | null; disclosure: { field: string; rung: string; rule: string }[]; members: { matchedPerson: { name: string } | null }[] }
  const find = async (agency: string, householdNo: string): Promise<Seen | undefined> => (await ask<{ registeredHouseholds: { nodes: Seen[] } }>(agency,
    `{ registeredHouseholds(filter: { householdNo: "${householdNo}" }) { nodes { id flag { state contactAgency { code } } members { matchedPerson { name } } disclosure { field rung rule } } } }`)).data?.registeredHouseholds.nodes[0];
  const decide = (operation: 'confirmFlag' | 'clearFlag', id: string, agency = COUNTY): Promise<HubAnswer> => ask(agency, `mutation ($input: HouseholdFlagInput!) { ${operation}(input: $input) { household { flag { state } } } }`, { input: { householdId: id } });

  test('good rows are registered, faulty ones come back with their place, and the same call again changes nothing', async () => {
    const call = [household('T-1', [NOBODY]), household('T-2', ['990101197004120354']), household('T-3', []), household('T-4', [NOBODY], { division: '120101' }), household('T-1', [ADULT])];
    expect(await register(...call)).toMatchObject({ registered: 1, updated: 0, refused: [{ row: 1, field: 'members.0.idNumber' }, { row: 2, field: 'members' }, { row: 3, field: 'division' }, { row: 4, field: 'householdNo' }] });
    expect(await register(...call)).toMatchObject({ registered: 0, updated: 1 });
  });

  test('a hit becomes a proposal that only county civil affairs sees; to the office it looks like no hit at all', async () => {
    await register(household('T-HIT', [ADULT, NOBODY]), household('T-MISS', [NOBODY]));
    expect((await flag(['T-HIT', 'T-MISS'])).data).toEqual({ flagHouseholds: { accepted: 2 } });
    const [hit, miss] = [await find(OFFICE, 'T-HIT'), await find(OFFICE, 'T-MISS')];
    expect(hit?.flag).toBeNull();
    expect(hit?.disclosure).toEqual(miss?.disclosure);
    const county = await find(COUNTY, 'T-HIT');
    expect(county?.flag?.state).toBe('PROPOSED');
    expect(county?.members.map(({ matchedPerson }) => matchedPerson?.name ?? null)).toEqual(['林归来', null]);
    expect(await find(COUNTY, 'T-MISS')).toBeUndefined();
  });

  test('confirmed, the office learns that the household is flagged and whom to contact; cleared, nothing', async () => {
    await register(household('T-YES', [ADULT]), household('T-NO', [ADULT, NOBODY]));
    await flag(['T-YES', 'T-NO']);
    const [yes, no] = [await find(COUNTY, 'T-YES'), await find(COUNTY, 'T-NO')];
    expect((await decide('confirmFlag', yes?.id ?? '')).errors).toEqual([]);
    expect((await decide('clearFlag', no?.id ?? '')).errors).toEqual([]);
    expect((await find(OFFICE, 'T-YES'))?.flag).toEqual({ state: 'CONFIRMED', contactAgency: { code: COUNTY } });
    expect((await find(OFFICE, 'T-NO'))?.flag).toBeNull();
    expect((await decide('confirmFlag', yes?.id ?? '')).errors[0]?.extensions.code).toBe('TRANSITION_NOT_ALLOWED');
    const flagged = await ask<{ registeredHouseholds: { nodes: { householdNo: string }[] } }>(OFFICE, '{ registeredHouseholds(filter: { flagged: true }) { nodes { householdNo } } }');
    expect(flagged.data?.registeredHouseholds.nodes.map(({ householdNo }) => householdNo)).toContain('T-YES');
    expect(flagged.text).not.toContain('T-NO');
  });

  test('a cleared household is proposed again when it is asked about anew, after the protection of another member has ended', async () => {
    await register(household('T-AGAIN', [ADULT, PROTECTED]));
    await flag(['T-AGAIN']);
    const id = (await find(COUNTY, 'T-AGAIN'))?.id ?? '';
    expect((await decide('clearFlag', id)).errors).toEqual([]);
    await flag(['T-AGAIN']);
    expect((await find(COUNTY, 'T-AGAIN'))?.flag?.state).toBe('CLEARED');
    const owner = <Row extends Record<string, unknown>>(text: string): Promise<Row[]> => withClient(hub.database.admin, async (client) => (await client.query<Row>(text)).rows);
    await owner("CREATE TABLE kept AS SELECT p.* FROM guitu.protections p JOIN guitu.persons x ON x.id = p.person_id WHERE x.name = '沈安平'");
    await owner("DELETE FROM guitu.protections WHERE person_id IN (SELECT person_id FROM kept)");
    try {
      await flag(['T-AGAIN']);
      expect((await find(COUNTY, 'T-AGAIN'))?.flag?.state).toBe('PROPOSED');
    } finally {
      await owner('INSERT INTO guitu.protections SELECT * FROM kept');
    }
  });

  test('a proposal waits for county civil affairs for ten working days, until it decides, or the flag no longer stands', async () => {
    const waiting = async (agency: string): Promise<[string, string][]> => (await ask<{ inbox: { nodes: { number: string; step: string; dueOn: string }[] } }>(agency, '{ inbox(first: 200) { nodes { number step dueOn } } }')).data?.inbox.nodes
      .filter(({ number }) => number.startsWith('T-WAIT')).map(({ number, dueOn }): [string, string] => [number, dueOn]).toSorted() ?? [];
    await register(household('T-WAIT-1', [ADULT]), household('T-WAIT-2', [ADULT, NOBODY]), household('T-WAIT-3', [NOBODY]));
    await flag(['T-WAIT-1', 'T-WAIT-2', 'T-WAIT-3']);
    expect(await waiting(COUNTY)).toEqual([['T-WAIT-1', '2026-12-04'], ['T-WAIT-2', '2026-12-04']]);
    expect(await waiting(OFFICE)).toEqual([]);
    expect((await decide('clearFlag', (await find(COUNTY, 'T-WAIT-1'))?.id ?? '')).errors).toEqual([]);
    expect((await waiting(COUNTY)).map(([number]) => number)).toEqual(['T-WAIT-2']);
    const protect = (sql: string): Promise<unknown> => withClient(hub.database.admin, (client) => client.query(sql));
    await protect("INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT p.id, a.id, a.division, '2026-11-20', '试' FROM guitu.persons p, guitu.agencies a WHERE p.name = '林归来' AND a.code = 'station-120000'");
    expect(await waiting(COUNTY)).toEqual([]);
    await protect("DELETE FROM guitu.protections WHERE person_id IN (SELECT id FROM guitu.persons WHERE name = '林归来')");
    await register(household('T-WAIT-2', [NOBODY]));
    expect(await waiting(COUNTY)).toEqual([]);
  });

  test('neither a protected person nor a child alone makes a flag; a child beside an adult does', async () => {
    await register(household('T-PROT', [PROTECTED]), household('T-CHILD', [CHILD]), household('T-BOTH', [CHILD, ADULT]));
    await flag(['T-PROT', 'T-CHILD', 'T-BOTH']);
    expect(await find(COUNTY, 'T-PROT')).toBeUndefined();
    expect((await find(COUNTY, 'T-CHILD'))?.flag ?? null).toBeNull();
    expect((await find(COUNTY, 'T-BOTH'))?.flag?.state).toBe('PROPOSED');
  });

  test('a person who enters the ledger later proposes the flag then, once the origin side has acknowledged', async () => {
    const late = '990102199601200373';
    await register(household('T-LATE', [late]));
    await flag(['T-LATE']);
    const input = { subject: { idNumber: late }, noticeNo: '晚到一号', noticeDate: '2026-11-18', entryDate: '2026-11-10', leaveDate: '2026-11-17', returnMode: 'SELF', originDivision: '320281' };
    const sent = await hub.ask<{ sendReturnNotice: { returnCase: { id: string; version: number } } }>('station-120000', { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: SendReturnNoticeInput!) { sendReturnNotice(input: $input) { returnCase { id version } } }', { input });
    expect(await find(COUNTY, 'T-LATE')).toBeUndefined();
    const { id = '', version = 0 } = sent.data?.sendReturnNotice.returnCase ?? {};
    await hub.ask('station-320281', { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: ReturnStepInput!) { acknowledgeReturn(input: $input) { returnCase { id } } }', { input: { id, expectedVersion: version } });
    expect((await find(COUNTY, 'T-LATE'))?.flag?.state).toBe('PROPOSED');
  });

  test('where a division has no day of its own, flags are released on the first of the next month', async () => {
    await withClient(hub.database.admin, (client) => client.query("DELETE FROM guitu.settings WHERE name = 'households.releaseDay'"));
    await register(household('T-DAY', [ADULT]));
    await flag(['T-DAY']);
    await decide('confirmFlag', (await find(COUNTY, 'T-DAY'))?.id ?? '');
    expect((await find(COUNTY, 'T-DAY'))?.flag?.state).toBe('CONFIRMED');
    expect((await find(OFFICE, 'T-DAY'))?.flag).toBeNull();
    expect(await withClient(hub.database.admin, async (client) => (await client.query("SELECT f.release_on::text FROM guitu.household_flags f JOIN guitu.registered_households h ON h.id = f.household_id WHERE h.household_no = 'T-DAY'")).rows)).toEqual([{ release_on: '2026-12-01' }]);
  });

  test('a confirmed flag is no oracle: any other set of members voids it, hit or no hit, until civil affairs decides anew', async () => {
    await withClient(hub.database.admin, (client) => client.query("INSERT INTO guitu.settings (name, division, value, reason) VALUES ('households.releaseDay', '320281', '\"AT_ONCE\"', '测试') ON CONFLICT DO NOTHING"));
    const OTHER_ADULT = '990107198507300092';
    const confirm = async (): Promise<void> => {
      await register(household('T-ORACLE', [ADULT]));
      await flag(['T-ORACLE']);
      await decide('confirmFlag', (await find(COUNTY, 'T-ORACLE'))?.id ?? '');
    };
    const probe = async (...numbers: string[]): Promise<unknown> => {
      await register(household('T-ORACLE', numbers));
      const seen = await find(OFFICE, 'T-ORACLE');
      return [seen?.flag, seen?.disclosure];
    };
    await confirm();
    const unchanged = await probe(ADULT);
    expect(unchanged).toEqual([{ state: 'CONFIRMED', contactAgency: { code: COUNTY } }, expect.anything()]);
    const hit = await probe(OTHER_ADULT);
    const noHit = await probe(NOBODY);
    const back = await probe(ADULT);
    expect([hit, noHit, back]).toEqual([noHit, noHit, noHit]);
    expect((await find(COUNTY, 'T-ORACLE'))?.flag?.state).toBe('PROPOSED');
  });

  test('only a return to the household\'s own county makes a hit: the office cannot try numbers of the whole country', async () => {
    const elsewhere = '991201195510220258';
    await register(household('T-FAR', [elsewhere]));
    await flag(['T-FAR']);
    expect(await find(COUNTY, 'T-FAR')).toBeUndefined();
    expect(await withClient(hub.database.admin, async (client) => (await client.query("SELECT 1 FROM guitu.return_cases c JOIN guitu.persons p ON p.id = c.person_id WHERE c.confirmed_at IS NOT NULL AND p.name = '卫津河'")).rowCount)).toBeGreaterThan(0);
  });

  test('an unknown household number is NOT_FOUND with its place, and none of the call is flagged', async () => {
    await register(household('T-KNOWN', [ADULT]));
    expect((await flag(['T-KNOWN', 'T-UNKNOWN'])).errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'input.householdNos.1' });
    expect(await find(COUNTY, 'T-KNOWN')).toBeUndefined();
  });

  test('15- and 18-digit ID numbers of one person match, in either direction', async () => {
    const born1971 = `${ADULT.slice(0, 6)}${ADULT.slice(8, 17)}`;
    await register(household('T-15', [born1971]));
    await flag(['T-15']);
    expect((await find(COUNTY, 'T-15'))?.members.map(({ matchedPerson }) => matchedPerson?.name)).toEqual(['林归来']);
    expect(await register(household('T-15', [ADULT]))).toMatchObject({ registered: 0, updated: 1 });
    expect((await find(COUNTY, 'T-15'))?.flag?.state).toBe('PROPOSED');
    expect(await register(household('T-15-18', [born1971, ADULT]))).toMatchObject({ refused: [{ field: 'members.1.idNumber' }] });
  });

  test('of a single-member household the office learns that it is flagged and whom to contact, and of its member nothing that it did not upload', async () => {
    await register(household('T-ONE', [ADULT]));
    await flag(['T-ONE']);
    await decide('confirmFlag', (await find(COUNTY, 'T-ONE'))?.id ?? '');
    const seen = await find(OFFICE, 'T-ONE');
    expect([seen?.flag, seen?.members]).toEqual([{ state: 'CONFIRMED', contactAgency: { code: COUNTY } }, [{ matchedPerson: null }]]);
  });

  test('a member who moves is matched where it is now: the old flag goes, the new household begins anew', async () => {
    await register(household('T-FROM', [ADULT, NOBODY]), household('T-TO', ['990101197511080210']));
    await flag(['T-FROM', 'T-TO']);
    await decide('confirmFlag', (await find(COUNTY, 'T-FROM'))?.id ?? '');
    await register(household('T-FROM', [NOBODY]), household('T-TO', ['990101197511080210', ADULT]));
    expect(await find(COUNTY, 'T-FROM')).toBeUndefined();
    expect((await find(OFFICE, 'T-FROM'))?.flag).toBeNull();
    expect((await find(COUNTY, 'T-TO'))?.flag?.state).toBe('PROPOSED');
  });

  test('a kind that changes leaves the flag as it was decided', async () => {
    await register(household('T-KIND', [ADULT]));
    await flag(['T-KIND']);
    await decide('confirmFlag', (await find(COUNTY, 'T-KIND'))?.id ?? '');
    await register(household('T-KIND', [ADULT], { kind: 'OUT_OF_POVERTY' }));
    expect((await find(OFFICE, 'T-KIND'))?.flag?.state).toBe('CONFIRMED');
  });

  test('daily polling tells nothing but the release day: asked on every day of a month, what the office sees changes once, and then', async () => {
    await withClient(hub.database.admin, (client) => client.query("DELETE FROM guitu.settings WHERE name = 'households.releaseDay'"));
    const on = (day: string): void => void Object.assign(hub.parts, { now: () => new Date(`${day}T09:00:00+08:00`) });
    await register(household('T-POLL', [ADULT]), household('T-POLL-NONE', [NOBODY]));
    const polled: (string | null)[] = [];
    for (let day = 20; day <= 33; day += 1) {
      on(day <= 30 ? `2026-11-${day}` : `2026-12-0${day - 30}`);
      if (day === 22) await flag(['T-POLL', 'T-POLL-NONE']);
      if (day === 25) await decide('confirmFlag', (await find(COUNTY, 'T-POLL'))?.id ?? '');
      const [one, none] = [await find(OFFICE, 'T-POLL'), await find(OFFICE, 'T-POLL-NONE')];
      if (!one?.flag) expect(one?.disclosure).toEqual(none?.disclosure);
      polled.push(one?.flag?.state ?? null);
    }
    expect(polled).toEqual([...Array.from({ length: 11 }, () => null), 'CONFIRMED', 'CONFIRMED', 'CONFIRMED']);
    on('2026-11-20');
  });

  describe('of a person that was merged into another', () => {
    const OTHER = '990108198203150087';
    interface Sent { id: string; version: number; person: { id: string } }
    const send = async (idNumber: string, origin: string, originDivision: string): Promise<string> => {
      const input = { subject: { idNumber }, noticeNo: randomUUID(), noticeDate: '2026-11-18', entryDate: '2026-11-10', leaveDate: '2026-11-17', returnMode: 'SELF', originDivision };
      const sent = await hub.ask<{ sendReturnNotice: { returnCase: Sent } }>('station-120000', { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: SendReturnNoticeInput!) { sendReturnNotice(input: $input) { returnCase { id version } } }', { input });
      const { id = '', version = 0 } = sent.data?.sendReturnNotice.returnCase ?? {};
      const done = await hub.ask<{ acknowledgeReturn: { returnCase: Sent } }>(origin, { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: ReturnStepInput!) { acknowledgeReturn(input: $input) { returnCase { person { id } } } }', { input: { id, expectedVersion: version } });
      return done.data?.acknowledgeReturn.returnCase.person.id ?? '';
    };
    const check = async (idNumber: string): Promise<unknown> => (await hub.ask<{ checkReturnees: unknown }>('insurance-320281', { purpose: 'BENEFIT_CHECK', matter: 'YB-1', key: randomUUID() }, '{ checkReturnees(idNumbers: ["' + idNumber + '"]) { current } }')).data?.checkReturnees;
    const change = (agency: string, name: string, input: object): Promise<HubAnswer<Record<string, { mergeNo: string }>>> =>
      hub.ask(agency, { purpose: 'RETURN', key: randomUUID() }, `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${name === 'mergePeople' ? 'mergeNo' : 'person { id }'} } }`, { input });

    test('either number finds the household and the returnee; parted, each its own; a flag that rested on the other\'s return goes', async () => {
      const KEPT = '990108198203150060';
      const kept = await send(KEPT, 'station-320281', '320281');
      const merged = await send(OTHER, 'station-320281', '320281');
      await withClient(hub.database.admin, (client) => client.query("UPDATE guitu.return_cases SET origin_division = '320200' WHERE person_id = $1", [merged.slice(3)]));
      await register(household('T-MERGED', [OTHER]), household('T-STAYS', [KEPT]));
      await flag(['T-MERGED', 'T-STAYS']);
      expect([await find(COUNTY, 'T-MERGED'), (await find(COUNTY, 'T-STAYS'))?.flag?.state, await check(OTHER), await check(KEPT)]).toEqual([undefined, 'PROPOSED', [{ current: false }], [{ current: true }]]);
      const done = await change('station-320281', 'mergePeople', { id: kept, mergedId: merged, reason: '同一人' });
      expect(done.errors).toEqual([]);
      await flag(['T-MERGED']);
      expect([(await find(COUNTY, 'T-MERGED'))?.flag?.state, await check(OTHER)]).toEqual(['PROPOSED', [{ current: true }]]);
      await decide('confirmFlag', (await find(COUNTY, 'T-MERGED'))?.id ?? '');
      expect((await change('station-320281', 'splitPeople', { id: kept, mergeNo: done.data?.['mergePeople']?.mergeNo, reason: '并非一人' })).errors).toEqual([]);
      expect([await find(COUNTY, 'T-MERGED'), (await find(COUNTY, 'T-STAYS'))?.flag?.state, (await find(OFFICE, 'T-MERGED'))?.flag, await check(OTHER), await check(KEPT)]).toEqual([undefined, 'PROPOSED', null, [{ current: false }], [{ current: true }]]);
    });

    test('who is protected, neither number finds anything', async () => {
      const [one, other] = ['990109198001010058', '990109198001010074'];
      const [kept, merged] = [await send(one, 'station-320281', '320281'), await send(other, 'station-320281', '320281')];
      await change('station-320281', 'mergePeople', { id: kept, mergedId: merged, reason: '同一人' });
      await withClient(hub.database.admin, (client) => client.query("INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT $1, a.id, a.division, '2026-11-20', '试' FROM guitu.agencies a WHERE a.code = 'station-120000'", [kept.slice(3)]));
      await register(household('T-SAFE', [one, other]));
      await flag(['T-SAFE']);
      expect([await find(COUNTY, 'T-SAFE'), await check(one), await check(other)]).toEqual([undefined, [{ current: false }], [{ current: false }]]);
    });
  });
});
