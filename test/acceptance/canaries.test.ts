import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PURPOSES } from '../../src/kernel/viewer.js';
import { startHub, type HubAnswer, type TestHub } from '../support/hub.js';
import { ABSENT_CASE, ABSENT_HOUSEHOLD, inferences, mistakes, reads, stepsOn, type Attack } from './attacks.js';
import { allowedTexts, CLERK, findForbidden, hiddenFrom } from './canaries.js';
import { mayState, type Asker } from './domain-5.js';
import { AGENCIES, getFacts, idOf, PERSONS } from './world-facts.js';

/** No byte that leaves the process tells anybody what §5 does not give them: bodies, headers, cursors, errors, log lines. */

let hub: TestHub;
beforeAll(async () => { hub = await startHub(); });
afterAll(() => hub.stop());

const NOBODY = new Set<string>();
const MATTER = 'YB-2026-0031';

async function ask({ agency, roles, purpose }: Asker, { query, variables, key }: Attack): Promise<HubAnswer> {
  return hub.ask(agency, { roles, purpose, matter: MATTER, ...(key && { key }) }, query, variables);
}

/** What an attack brought to light; for pages, with the page after each cursor. */
async function leaksOf(asker: Asker, attack: Attack, allowed: ReadonlySet<string>): Promise<string[]> {
  const answer = await ask(asker, attack);
  const seen = [...findForbidden(answer.text, allowed, attack.echo), ...findForbidden(answer.head, NOBODY)];
  const cursor = /"endCursor":"([^"]+)"/u.exec(answer.text)?.[1];
  const list = /\{ (\w+)\(first/u.exec(attack.query)?.[1];
  if (cursor && list) seen.push(...findForbidden((await ask(asker, { name: '', query: `{ ${list}(first: 2, after: "${cursor}") { edges { cursor node { id } } } }` })).text, allowed));
  return seen.map((leak) => `${asker.purpose} ${attack.name}: ${leak}`);
}

/** A refusal without what differs from request to request. */
const refusalOf = ({ status, data, errors }: HubAnswer): unknown => ({ status, data, errors: errors.map(({ message, path, extensions: { code, field } }) => ({ message, path, code, field })) });

describe.each(Object.keys(AGENCIES))('%s', (agency) => {
  const askers = PURPOSES.filter((purpose) => mayState(agency, purpose)).map((purpose): Asker => ({ agency, roles: CLERK, purpose }));

  test('finds no canary of a hidden cell in any answer, header, cursor, error or log line', async () => {
    const leaks: string[] = [];
    const logged = hub.logged().length;
    for (const asker of askers) {
      const allowed = allowedTexts(asker);
      for (const attack of [...reads(), ...inferences(), ...mistakes()]) leaks.push(...(await leaksOf(asker, attack, allowed)));
    }
    expect(hub.logged().length).toBeGreaterThan(logged);
    expect([...leaks, ...findForbidden(hub.logged().slice(logged), NOBODY)]).toEqual([]);
  });

  test('cannot tell a record that is hidden from one that is not there, and changes neither', async () => {
    const differences: string[] = [];
    for (const asker of askers) {
      const allowed = allowedTexts(asker);
      const absent = stepsOn(ABSENT_CASE, ABSENT_HOUSEHOLD);
      const refusals = new Map<string, unknown>();
      for (const attack of absent) refusals.set(attack.name, refusalOf(await ask(asker, { ...attack, key: `${attack.name}-${asker.purpose}-absent` })));
      const households = hiddenFrom(asker, 'RegisteredHousehold');
      for (const [index, name] of hiddenFrom(asker, 'ReturnCase').slice(0, 6).entries()) {
        for (const attack of stepsOn(idOf.ReturnCase(name), households[index] ? idOf.RegisteredHousehold(households[index]) : ABSENT_HOUSEHOLD)) {
          const answer = await ask(asker, { ...attack, key: `${attack.key}-${asker.purpose}` });
          if (JSON.stringify(refusalOf(answer)) !== JSON.stringify(refusals.get(attack.name))) differences.push(`${asker.purpose} ${attack.name} ${name}: ${answer.text}, absent: ${JSON.stringify(refusals.get(attack.name))}`);
          differences.push(...findForbidden(answer.text, allowed).map((leak) => `${asker.purpose} ${attack.name} ${name}: ${leak}`));
        }
      }
    }
    expect(differences).toEqual([]);
  });
});

describe('a claim', () => {
  test.each(['station-120000', 'station-320200'])('by %s about a number it guessed brings back what it wrote, and nothing more by any read', async (agency) => {
    const asker: Asker = { agency, roles: CLERK, purpose: 'RETURN' };
    const hidden = hiddenFrom(asker, 'Person').filter((name) => getFacts(PERSONS, name).idNumber);
    const leaks: string[] = [];
    for (const name of hidden) {
      const { idNumber = '' } = getFacts(PERSONS, name);
      const { text } = await ask(asker, {
        name: 'guess', key: `guess-${name}`,
        query: `mutation { sendReturnNotice(input: { subject: { idNumber: "${idNumber}" }, noticeNo: "猜-${name}", noticeDate: "2026-11-19", entryDate: "2026-11-18", leaveDate: "2026-11-19",
          returnMode: SELF, guardianAssessedOn: "2026-11-19", originDivision: "341523" }) { returnCase { id state subject { name idNumber sex birthDate address kinName kinPhone } person { id name birthDate address kinName } disclosure { field rung rule } } } }`,
      });
      leaks.push(...findForbidden(text, NOBODY, [idNumber]).map((leak) => `${name}: ${leak}`));
      if (!/"state"\s*:\s*"SENT"/u.test(text)) leaks.push(`${name}: ${text}`);
    }
    const allowed = new Set([...allowedTexts(asker), ...hidden.map((name) => getFacts(PERSONS, name).idNumber ?? '')]);
    for (const attack of [...reads(), ...inferences()]) leaks.push(...(await leaksOf(asker, attack, allowed)));
    expect(leaks).toEqual([]);
  });

  test('by the poverty-relief office about numbers of hidden persons brings back nothing at all', async () => {
    const asker: Asker = { agency: 'poverty-320281', roles: CLERK, purpose: 'POVERTY_RELIEF' };
    const people = Object.values(PERSONS).flatMap(({ idNumber }) => (idNumber ? [idNumber] : []));
    const households = people.map((idNumber, index) => ({ householdNo: `GUESS-${index}`, headName: '某', division: '320281104', kind: 'REGISTERED', members: [{ name: '某', idNumber }] }));
    const registered = await ask(asker, { name: 'register', key: 'guess-register', query: 'mutation ($input: RegisterHouseholdsInput!) { registerHouseholds(input: $input) { registered updated refused { row code message } } }', variables: { input: { households } } });
    expect(registered.data).toEqual({ registerHouseholds: { registered: people.length, updated: 0, refused: [] } });
    const flagged = await ask(asker, { name: 'flag', key: 'guess-flag', query: 'mutation ($input: FlagHouseholdsInput!) { flagHouseholds(input: $input) { accepted } }', variables: { input: { householdNos: households.map(({ householdNo }) => householdNo) } } });
    expect(flagged.data).toEqual({ flagHouseholds: { accepted: people.length } });
    const { data } = await hub.ask<{ registeredHouseholds: { nodes: { householdNo: string; flag: unknown; members: { matchedPerson: unknown }[]; disclosure: unknown }[] } }>(asker.agency, { purpose: 'POVERTY_RELIEF' },
      '{ registeredHouseholds(first: 200) { nodes { householdNo flag { state } members { matchedPerson { id } } disclosure { field rung rule } } } }');
    const guessed = (data?.registeredHouseholds.nodes ?? []).filter(({ householdNo }) => householdNo.startsWith('GUESS'));
    expect(guessed).toHaveLength(people.length);
    expect(new Set(guessed.map((household) => JSON.stringify({ ...household, householdNo: '' }))).size).toBe(1);
    expect(guessed[0]).toMatchObject({ flag: null, members: [{ matchedPerson: null }] });
    const allowed = new Set([...allowedTexts(asker), ...people]);
    const leaks: string[] = [];
    for (const attack of [...reads(), ...inferences()]) leaks.push(...(await leaksOf(asker, attack, allowed)));
    expect(leaks).toEqual([]);
  });
});
