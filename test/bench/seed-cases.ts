import type { ClientBase } from 'pg';
import type { KeyRing } from '../../src/kernel/key-ring.js';
import { idNumberEnds, phoneEnds, surnameOf } from '../../src/kernel/masks.js';
import { syntheticId } from '../exchange/make-sheet.js';
import { worldId } from '../support/world.js';

const DESTINATION = { agency: worldId('agency', 'station-120000'), division: '120000' };
const ORIGIN = { agency: worldId('agency', 'station-320281'), divisions: ['320281', '320281100', '320281104'] };
const ROWS_PER_STATEMENT = 1_000;

/**
 * Puts return cases between `station-120000` and `station-320281` beside the world: confirmed by the origin, each of an adult of its own with every
 * column of identity filled and sealed as the hub seals, and three transitions each. The newest is of the moment at which the world's clock stands, and each is 20 s older than the one before, so that the first pages hold no case of the world.
 * @param owner a client of the tables' owner
 */
export async function seedCases(owner: ClientBase, ring: KeyRing, count: number): Promise<void> {
  for (let from = 0; from < count; from += ROWS_PER_STATEMENT) {
    const people = Array.from({ length: Math.min(ROWS_PER_STATEMENT, count - from) }, (_, index) => personOf(from + index, ring));
    const rows = JSON.stringify(people);
    await owner.query(INSERT_PERSONS, [rows]);
    await owner.query(INSERT_CASES, [rows, DESTINATION.agency, DESTINATION.division, ORIGIN.agency]);
    await owner.query(INSERT_TRANSITIONS, [rows, DESTINATION.agency, ORIGIN.agency]);
  }
}

/** The columns of a person, and of its case under names that begin with `case_`. */
function personOf(index: number, ring: KeyRing): Record<string, string | number | null> {
  const bornOn = `19${50 + (index % 50)}-0${1 + (index % 9)}-1${index % 9}`;
  // The last six digits of the prefix and serial make a number unique; births repeat every 450 persons.
  const idNumber = syntheticId(index * 37 + Math.floor(index / 450), bornOn);
  const name = `${'赵钱孙李周吴郑王冯陈'[index % 10]}${'归远安平望宁'[index % 6]}${'乡山河田川林原'[index % 7]}`;
  const phone = `1380000${String(index % 10_000).padStart(4, '0')}`;
  const hex = index.toString(16).padStart(12, '0');
  const sentAt = new Date(Date.parse('2026-11-20T01:00:00Z') - index * 20_000).toISOString();
  return {
    id: `00000000-0000-8000-a001-${hex}`, name, name_surname: surnameOf(name), sex: index % 2 ? 'FEMALE' : 'MALE', birth_date: bornOn, born_on: bornOn,
    id_number_sealed: ring.sealValue(idNumber), id_number_hash: ring.keyedHash('id-number', `${idNumber}/${index}`), id_number_ends: idNumberEnds(idNumber),
    hukou_division: ORIGIN.divisions[index % 3] ?? '', address_sealed: ring.sealValue(`江苏省江阴市璜土镇小湖村${index}号`),
    kin_name: `${name[0]}亲`, kin_phone_sealed: ring.sealValue(phone), kin_phone_ends: phoneEnds(phone),
    case_id: `00000000-0000-8000-a002-${hex}`, case_no: `GT-B${String(index).padStart(4, '0').slice(0, 4)}-${String(index).padStart(5, '0')}`, case_sent_at: sentAt,
    case_notice_no: `津救反馈〔2026〕${index}号`,
  };
}

const PERSON_COLUMNS = 'id, name, name_surname, sex, birth_date, born_on, id_number_sealed, id_number_hash, id_number_ends, hukou_division, home_division, address_sealed, kin_name, kin_phone_sealed, kin_phone_ends';
const ROW = `json_to_recordset($1::json) AS t(id uuid, name text, name_surname text, sex text, birth_date date, born_on date, id_number_sealed text, id_number_hash text, id_number_ends text,
  hukou_division text, address_sealed text, kin_name text, kin_phone_sealed text, kin_phone_ends text, case_id uuid, case_no text, case_sent_at timestamptz, case_notice_no text)`;

const INSERT_PERSONS = `INSERT INTO guitu.persons (identity_state, ${PERSON_COLUMNS}) SELECT 'VERIFIED', ${PERSON_COLUMNS.replace('home_division', 'hukou_division')} FROM ${ROW}`;

const INSERT_CASES = `INSERT INTO guitu.return_cases (id, version, case_no, state, person_id, subject_name, subject_name_surname, subject_id_number_sealed, subject_id_number_hash, subject_sex,
    subject_birth_date, subject_born_on, subject_hukou_division, subject_home_division, subject_address_sealed, subject_kin_name, subject_kin_phone_sealed, subject_kin_phone_ends, subject_features,
    destination_agency, destination_division, origin_agency, origin_division, author_agency, notice_no, notice_date, entry_date, leave_date, return_mode, help_reason, condition,
    sent_at, acknowledge_by, acknowledged_at, receive_by, received_at, confirmed_at, changed_at)
  SELECT case_id, 1 + (random() * 1e9)::integer, case_no, 'RECEIVED', id, name, name_surname, id_number_sealed, id_number_hash, sex,
    birth_date, born_on, hukou_division, hukou_division, address_sealed, kin_name, kin_phone_sealed, kin_phone_ends, '身高约 170 厘米',
    $2::uuid, $3, $4::uuid, hukou_division, $2::uuid, case_notice_no, case_sent_at::date, case_sent_at::date - 5, case_sent_at::date, 'SELF', '务工不着', '良好',
    case_sent_at, case_sent_at::date + 2, case_sent_at + interval '1 hour', case_sent_at::date + 5, case_sent_at + interval '2 days', case_sent_at + interval '1 hour', case_sent_at + interval '2 days'
  FROM ${ROW}`;

const INSERT_TRANSITIONS = `INSERT INTO guitu.return_transitions (case_id, step, from_state, to_state, at, agency_id, by_user)
  SELECT case_id, step, from_state, to_state, case_sent_at + after, CASE WHEN step = 1 THEN $2::uuid ELSE $3::uuid END, 'clerk'
  FROM ${ROW}, (VALUES (1, NULL, 'SENT', interval '0'), (2, 'SENT', 'ACKNOWLEDGED', interval '1 hour'), (3, 'ACKNOWLEDGED', 'RECEIVED', interval '2 days')) AS steps(step, from_state, to_state, after)`;
