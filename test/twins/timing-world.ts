import type { Client } from 'pg';
import { idNumberEnds } from '../../src/kernel/masks.js';
import { ID_NUMBER_HASH } from '../../src/ledgers/id-number-hash.js';
import { testKeyRing } from '../support/test-keys.js';
import { world, worldId } from '../support/world.js';
import { Seeded } from './seeded.js';
import { syntheticIdNumber } from './synthetic-id-number.js';

/** One person of the timing world, with all that speaks of it. Numbers in names count from 0. */
export interface Known { personId: string; idNumber: string; caseId: string; caseNo: string; name: string; entryId: string; householdId: string; householdNo: string }

/** Records that the askers of the oracles may not see, and some that they may; many of each, so that no cache favours one. */
export interface TimingWorld {
  /** Protected: cases and entries inside the row boundary of the origin station, hidden by the policy's veto. */
  hidden: Known[];
  /** Not protected, nothing confirmed, returned from one place far away to another. */
  elsewhere: Known[];
  /** Own notices of station-120000, unconfirmed: about protected persons, and about ordinary ones. */
  noticesOfProtected: string[];
  noticesOfOthers: string[];
  keysOfOthers: string[];
}

const COPIES = 60;
const agency = (code: string): string => worldId('agency', code);

/** Fills a copy of the small world. Allowances are never spent, so that a long run is not refused; one agency is suspended. */
export async function fillTimingWorld(owner: Client): Promise<TimingWorld> {
  const random = new Seeded(11);
  const hidden: Known[] = [];
  const elsewhere: Known[] = [];
  await owner.query(`CREATE FUNCTION guitu.never_spent() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.items := 1; RETURN NEW; END $$;
    CREATE TRIGGER never_spent BEFORE INSERT OR UPDATE ON guitu.rate_windows FOR EACH ROW EXECUTE FUNCTION guitu.never_spent();`);
  for (let index = 0; index < COPIES; index += 1) {
    hidden.push(await addPerson(owner, random, index, true));
    elsewhere.push(await addPerson(owner, random, COPIES + index, false));
  }
  const noticesOfProtected = await addNotices(owner, hidden, 0);
  const noticesOfOthers = await addNotices(owner, elsewhere, COPIES);
  const keysOfOthers = Array.from({ length: COPIES }, (_, index) => `other-${String(index).padStart(6, '0')}`);
  for (const key of keysOfOthers) await owner.query("INSERT INTO guitu.idempotency_keys (agency_id, key, operation, request_hash, outcome, at) VALUES ($1, $2, 'acknowledgeReturn', 'x', '{}', now())", [agency('station-120000'), key]);
  await owner.query('UPDATE guitu.agencies SET suspended_at = now() WHERE code = $1', ['civil-340000']);
  await owner.query('VACUUM ANALYZE');
  return { hidden, elsewhere, noticesOfProtected, noticesOfOthers, keysOfOthers };
}

async function addPerson(owner: Client, random: Seeded, index: number, isProtected: boolean): Promise<Known> {
  const idNumber = syntheticIdNumber(random);
  const hash = testKeyRing.keyedHash(ID_NUMBER_HASH, idNumber);
  const known: Known = {
    personId: worldId('person', `timing-${index}`), idNumber, caseId: worldId('case', `timing-${index}`), caseNo: `GT-TM${String(index).padStart(3, '0')}-TM${String(index).padStart(3, '0')}`,
    name: `计时${String(index).padStart(3, '0')}`, entryId: worldId('entry', `timing-${index}`), householdId: worldId('household', `timing-${index}`), householdNo: `JS-${String(index).padStart(6, '0')}`,
  };
  await owner.query('INSERT INTO guitu.persons (id, identity_state, name, name_surname, id_number_sealed, id_number_hash, id_number_ends, born_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [known.personId, 'VERIFIED', known.name, '计**', testKeyRing.sealValue(idNumber), hash, idNumberEnds(idNumber), '1980-01-01']);
  if (isProtected) await owner.query("INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) VALUES ($1, $2, '120000', '2026-10-01', '计时')", [known.personId, agency('station-120000')]);
  await addCase(owner, known, known.caseId, known.caseNo, isProtected ? ['station-120000', 'station-320281', '320281100'] : ['station-320200', 'station-120000', '120101003'], true);
  await copyRow(owner, 'at_risk_entries', worldId('entry', isProtected ? 'kong-jingyan-entry' : 'fang-shumei-entry'), { id: known.entryId, person_id: known.personId, entry_no: `AR-${known.caseNo.slice(3)}` });
  await copyRow(owner, 'registered_households', worldId('household', 'JY-2026-018'), { id: known.householdId, household_no: known.householdNo });
  return known;
}

/** A copy of a case of the small world, about this person. */
async function addCase(owner: Client, known: Known, id: string, caseNo: string, [destination = '', origin = '', division = '']: string[], confirmed: boolean): Promise<void> {
  await copyRow(owner, 'return_cases', worldId('case', 'lin-guilai-from-tianjin'), {
    id, case_no: caseNo, person_id: known.personId, subject_name: known.name, subject_id_number_sealed: testKeyRing.sealValue(known.idNumber), subject_id_number_hash: testKeyRing.keyedHash(ID_NUMBER_HASH, known.idNumber),
    destination_agency: agency(destination), destination_division: world.agencies[destination]?.division, author_agency: agency(destination), origin_agency: agency(origin), origin_division: division, notice_no: caseNo, import_key: null,
    ...(!confirmed && { state: 'SENT', confirmed_at: null, acknowledged_at: null }),
  });
}

async function addNotices(owner: Client, about: readonly Known[], from: number): Promise<string[]> {
  const numbers: string[] = [];
  for (const [index, known] of about.entries()) {
    const caseNo = `GT-TN${String(from + index).padStart(3, '0')}-TN${String(from + index).padStart(3, '0')}`;
    await addCase(owner, known, worldId('case', `timing-notice-${from + index}`), caseNo, ['station-120000', 'civil-341523', '341523102'], false);
    numbers.push(caseNo);
  }
  return numbers;
}

async function copyRow(owner: Client, table: string, id: string, other: Record<string, unknown>): Promise<void> {
  const { rowCount } = await owner.query(`INSERT INTO guitu.${table} SELECT (jsonb_populate_record(NULL::guitu.${table}, to_jsonb(x) || $2::jsonb)).* FROM guitu.${table} x WHERE x.id = $1`, [id, JSON.stringify(other)]);
  if (rowCount !== 1) throw new Error(`no row to copy in ${table}`);
}
