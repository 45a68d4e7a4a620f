import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { loadWorld } from '../../src/cli/load-world.js';
import { migrate } from '../../src/db/migrate.js';
import { clientConfig } from '../../src/db/pools.js';
import { addMonths, dateOf } from '../../src/kernel/dates.js';
import { isFault } from '../../src/kernel/fault.js';
import { parseIdNumber } from '../../src/kernel/id-number.js';
import { RETURN_STATES, RETURN_STEPS } from '../../src/ledgers/returns/returns.transitions.js';
import { createEmptyDatabase } from '../support/database.js';
import { testKeyRing } from '../support/test-keys.js';
import { WORLD_FOLDER, WORLD_NOW, subjectOf, world, worldId } from '../support/world.js';

let empty: Awaited<ReturnType<typeof createEmptyDatabase>>;
let owner: Client;
beforeAll(async () => {
  empty = await createEmptyDatabase();
  await migrate(empty.admin);
  owner = new Client(clientConfig(empty.admin));
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await empty.drop();
});

const ask = async (sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> => (await owner.query(sql, values)).rows as Record<string, unknown>[];

const deadlinesOf = (name: string): Promise<Record<string, unknown>[]> => ask('SELECT acknowledge_by::text AS acknowledge, receive_by::text AS receive, provisional FROM guitu.return_cases WHERE id = $1', [worldId('case', name)]);
const matchesAndFlags = (): Promise<Record<string, unknown>[]> => ask('SELECT m.*, f.state FROM guitu.household_matches m LEFT JOIN guitu.household_flags f USING (household_id) ORDER BY m.member_id');

describe('loading', () => {
  test('leaves nothing behind where a file is wrong in its last record', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guitu-world-'));
    cpSync(WORLD_FOLDER, folder, { recursive: true });
    const file = join(folder, 'households.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(', releaseOn: 2026-12-01', ''));
    await expect(loadWorld(owner, testKeyRing, folder)).rejects.toMatchObject({ table: 'household_flags' });
    rmSync(folder, { recursive: true });
    expect(await ask('SELECT FROM guitu.agencies')).toEqual([]);
  });

  test('fills an empty directory, and leaves one alone that has agencies', async () => {
    expect(await loadWorld(owner, testKeyRing, WORLD_FOLDER)).toEqual({ agencies: 23, persons: Object.keys(world.persons).length, cases: Object.keys(world.cases).length });
    expect(await loadWorld(owner, testKeyRing, WORLD_FOLDER)).toEqual({ agencies: 0, persons: 0, cases: 0 });
  });

  test('seals what is sealed, and hashes the ID number as the hub looks it up', async () => {
    const [row] = await ask('SELECT p.*, p.born_on::text AS born FROM guitu.persons p WHERE id = $1', [worldId('person', 'mei-yexing')]);
    const person = world.persons['mei-yexing'];
    expect(testKeyRing.openValue(String(row?.['id_number_sealed']))).toBe(person?.idNumber);
    expect(testKeyRing.openValue(String(row?.['address_sealed']))).toBe(person?.address);
    expect(row).toMatchObject({ name: '梅夜行', name_surname: '梅**', born: '1948-01-17', kin_phone_ends: '*********88', id_number_hash: testKeyRing.keyedHash('id-number', person?.idNumber ?? '') });
  });

  test('counts deadlines in working days from the last sending: over a weekend, and after rerouting', async () => {
    expect(await deadlinesOf('fang-shumei-from-tianjin')).toEqual([{ acknowledge: '2026-11-17', receive: '2026-11-20', provisional: false }]);
    expect(await deadlinesOf('miao-zhuancheng-from-tianjin')).toEqual([{ acknowledge: '2026-11-19', receive: '2026-11-24', provisional: false }]);
  });

  test('holds nobody of whom a story says that the ledger does not know them', async () => {
    for (const person of Object.values(world.unused)) {
      const hash = testKeyRing.keyedHash('id-number', person.idNumber);
      expect(await ask('SELECT FROM guitu.persons WHERE id_number_hash = $1', [hash])).toEqual([]);
      expect(await ask('SELECT FROM guitu.household_members WHERE id_number_hash = $1', [hash])).toEqual([]);
    }
  });

  test('has matched every household as the hub would', async () => {
    const before = await matchesAndFlags();
    await owner.query("SELECT guitu.match_households(array_agg(id), '{}', $1, $2, $2) FROM guitu.registered_households", [world.now, dateOf(WORLD_NOW)]);
    expect(await matchesAndFlags()).toEqual(before);
    expect(before).toHaveLength(5);
  });

  test('has in each confirmed person what the confirmed cases would put there', async () => {
    const before = await ask('SELECT * FROM guitu.persons ORDER BY id');
    await owner.query('SELECT guitu.take_over_subject(id) FROM guitu.return_cases');
    expect(await ask('SELECT * FROM guitu.persons ORDER BY id')).toEqual(before);
  });
});

test('the agencies are the twenty-three of the design', () => {
  expect(Object.keys(world.agencies)).toEqual([
    'station-120000', 'civil-120000', 'police-120000', 'civil-000000', 'police-000000', 'civil-320000', 'police-320000', 'civil-320200', 'station-320200', 'police-320200', 'station-320281',
    'civil-320281', 'police-320281', 'health-320281', 'poverty-320281', 'township-320281100', 'township-320281104', 'civil-340000', 'civil-341500', 'civil-341523', 'insurance-320281', 'data-320200', 'audit-320000',
  ]);
  expect(Object.entries(world.agencies).filter(([code, { division }]) => !code.endsWith(`-${division}`))).toEqual([]);
});

describe('every person of the world', () => {
  const numbers = [...Object.values(world.persons), ...Object.values(world.unused), ...Object.values(world.cases).map((one) => subjectOf(world, one)), ...Object.values(world.households).flatMap((one) => one.members)]
    .flatMap((who) => (who.idNumber ? [{ ...who, idNumber: who.idNumber }] : []));

  test('has a number of nobody: valid, with the prefix 99', () => {
    expect(numbers.map(({ idNumber }) => parseIdNumber(idNumber)).filter((parsed) => isFault(parsed) || !parsed.synthetic)).toEqual([]);
  });

  test('is as old and of the sex that the number says', () => {
    const odd = numbers.filter((who) => {
      const parsed = parseIdNumber(who.idNumber);
      return isFault(parsed) || ('birthDate' in who && who.birthDate && who.birthDate !== parsed.bornOn) || ('sex' in who && who.sex && who.sex !== parsed.sex);
    });
    expect(odd).toEqual([]);
  });

  test('has a telephone that cannot ring', () => {
    const phones = textsOf(world).filter(({ path }) => path.at(-1) === 'kinPhone' || path.at(-1) === 'phone');
    expect(phones.length).toBeGreaterThan(40);
    expect(phones.filter(({ text }) => !/^0000-\d{7}$/u.test(text))).toEqual([]);
  });
});

test('every text is unlike every other, so that one that is found says where it leaked from', () => {
  const cells = textsOf({ persons: world.persons, unused: world.unused, cases: world.cases, atRisk: world.atRisk, settlement: world.settlement, stays: world.stays, inquiries: world.inquiries, households: world.households }).filter(({ path }) => CANARIES.has(path.at(-1) ?? ''));
  expect(cells.length).toBeGreaterThan(300);
  const alike = cells.flatMap((one, index) => cells.flatMap((other, at) => (index !== at && other.text.includes(one.text) && !isCardOf(other, one) ? [`${one.path.join('.')} in ${other.path.join('.')}: ${one.text}`] : [])));
  expect(alike).toEqual([]);
});

/** What is free text or a number of one's own; codes, states and dates are words of closed sets. */
const CANARIES = new Set(['name', 'idNumber', 'address', 'kinName', 'kinPhone', 'features', 'caseNo', 'destinationName', 'noticeNo', 'helpReason', 'condition', 'remark', 'committee', 'text', 'importKey', 'basis',
  'entryNo', 'diagnosis', 'disabilityCardNo', 'settlementNo', 'stayNo', 'inquiryNo', 'candidateNo', 'ownComparison', 'dnaSampleNo', 'photoDigest', 'rejectedReason', 'firstConfirmedBy', 'institution', 'documentNo', 'note', 'plan', 'proofOfSearch', 'guardianship', 'calledName', 'details', 'answer', 'referralNo', 'supportKind', 'head', 'reason']);

interface Cell { path: string[]; text: string }

function textsOf(value: unknown, path: string[] = []): Cell[] {
  if (typeof value === 'string') return [{ path, text: value }];
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, inner]) => textsOf(inner, [...path, key])) : [];
}

/** The number of a disability card holds the ID number by law. */
function isCardOf(card: Cell, number: Cell): boolean {
  return card.path.at(-1) === 'disabilityCardNo' && number.path.at(-1) === 'idNumber';
}

describe('the cases', () => {
  const cases = Object.entries(world.cases);

  test('are in every state that is built so far', () => {
    expect([...new Set(cases.map(([, one]) => one.state))].toSorted()).toEqual([...RETURN_STATES].toSorted());
  });

  test('came to their state by steps of the ledger, each taken by the side whose step it is', () => {
    for (const [name, one] of cases.filter(([, { author }]) => !author)) {
      const [sent, ...steps] = one.transitions;
      expect([name, sent?.to, sent?.by]).toEqual([name, one.state === 'DRAFT' ? 'DRAFT' : 'SENT', one.destination]);
      let state = sent?.to ?? 'DRAFT';
      for (const step of steps) {
        const taken = RETURN_STEPS.find((candidate) => candidate.to === step.to && candidate.from.includes(state));
        const side = ['rerouteReturn', 'recallReturn', 'reportRefusalUp'].includes(taken?.operation ?? '') ? [one.destination] : taken?.operation === 'passRefusalUp' ? one.coordinatedBy
          : taken?.operation === 'answerReferral' ? one.referrals.map(({ addressee }) => addressee) : [one.origin, 'station-320281'];
        expect([name, step.to, taken !== undefined, side.includes(step.by)]).toEqual([name, step.to, true, true]);
        state = step.to;
      }
      expect([name, state]).toEqual([name, one.state]);
      expect(one.transitions.map((step) => step.at)).toEqual(one.transitions.map((step) => step.at).toSorted());
    }
  });

  test('of a minor, or of unknown age, had a guardian looked for; escorted ones were fit to travel', () => {
    const grownUp = addMonths(dateOf(WORLD_NOW), -18 * 12);
    const careless = cases.filter(([, one]) => {
      const subject = subjectOf(world, one);
      const parsed = subject.idNumber ? parseIdNumber(subject.idNumber) : undefined;
      const born = subject.birthDate ?? (parsed && !isFault(parsed) ? parsed.bornOn : '9999');
      return one.state !== 'DRAFT' && ((born > grownUp && !one.guardianAssessedOn) || (one.returnMode === 'ESCORTED' && !one.fitToTravel));
    });
    expect(careless.map(([name]) => name)).toEqual([]);
  });

  test('do not lie ahead of the clock, and those acknowledged are younger than twelve months', () => {
    const instants = cases.flatMap(([, one]) => one.transitions.map((step) => step.at));
    expect(instants.filter((at) => new Date(at) >= WORLD_NOW)).toEqual([]);
    expect(cases.flatMap(([, one]) => one.transitions).filter((step) => step.to === 'ACKNOWLEDGED' && step.at.slice(0, 10) < addMonths(dateOf(WORLD_NOW), -12))).toEqual([]);
  });
});
