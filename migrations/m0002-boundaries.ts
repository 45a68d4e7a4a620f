import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The third belt: roles that own nothing, with the least each needs, and row-level security as the outermost legal boundary of rows
 * (party to the record, or the record's area lies in the viewer's), written by hand and knowing nothing of the policy.
 * Settings are local to a transaction; without them every comparison is with NULL and no row is seen.
 */
export class Boundaries1764000000002 implements MigrationInterface {
  readonly name = 'Boundaries1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [ROLES, FUNCTIONS, ROWS, GRANTS, CROSSINGS]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const ROLES = `
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['guitu_reader', 'guitu_writer', 'guitu_evidence'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', wanted);
    END IF;
  END LOOP;
END $$;
`;

const setting = (name: string): string => `(SELECT nullif(current_setting('guitu.${name}', true), ''))`;
const AGENCY = `(SELECT nullif(current_setting('guitu.agency', true), '')::uuid)`;

/** The record's division lies in the viewer's, or in one that the viewer's succeeded. Text ranges, so that indexes serve. */
const inArea = (column: string): string => `(${column} >= ${setting('from')} AND ${column} < ${setting('until')} OR ${setting('more')} IS NOT NULL AND guitu.in_succeeded_area(${column}))`;
const kindIn = (...kinds: string[]): string => `${setting('kind')} IN (${kinds.map((kind) => `'${kind}'`).join(', ')})`;

const FUNCTIONS = `
CREATE FUNCTION guitu.in_succeeded_area(code text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(bool_or(code COLLATE "C" >= split_part(span, '-', 1) AND code COLLATE "C" < split_part(span, '-', 2)), false)
  FROM unnest(string_to_array(nullif(current_setting('guitu.more', true), ''), ',')) AS span
$$;
`;

/** Which rows of a table a viewer may ever be shown, and change. */
const BOUNDARIES: { table: string; read: string; write?: string }[] = [
  {
    table: 'return_cases',
    read: `destination_agency = ${AGENCY} OR origin_agency = ${AGENCY} OR escort_agency = ${AGENCY}
      OR ${kindIn('CIVIL_AFFAIRS')} AND (${inArea('origin_division')} OR destination_division = ${setting('division')})
      OR ${kindIn('PARTNER')} AND ${setting('purpose')} = 'BENEFIT_CHECK' AND ${inArea('origin_division')}
      OR EXISTS (SELECT FROM guitu.protections p WHERE p.person_id = return_cases.person_id AND p.named_unit = ${AGENCY})`,
    write: `destination_agency = ${AGENCY} OR origin_agency = ${AGENCY}`,
  },
  { table: 'return_transitions', read: 'EXISTS (SELECT FROM guitu.return_cases c WHERE c.id = case_id)', write: `agency_id = ${AGENCY} AND EXISTS (SELECT FROM guitu.return_cases c WHERE c.id = case_id)` },
  { table: 'at_risk_entries', read: `enrolled_by = ${AGENCY} OR township = ${AGENCY} OR ${kindIn('CIVIL_AFFAIRS', 'RESCUE_STATION')} AND ${inArea('division')}` },
  {
    table: 'settlement_cases',
    read: `station = ${AGENCY} OR civil_affairs = ${AGENCY} OR police = ${AGENCY} OR ${kindIn('CIVIL_AFFAIRS', 'TOWNSHIP')} AND ${inArea('division')}
      OR ${kindIn('RESCUE_STATION')} AND EXISTS (SELECT FROM guitu.return_cases c WHERE c.person_id = settlement_cases.person_id AND c.origin_agency = ${AGENCY})`,
  },
  { table: 'registered_households', read: `office = ${AGENCY} OR ${kindIn('CIVIL_AFFAIRS')} AND ${inArea('division')}`, write: `office = ${AGENCY}` },
  { table: 'household_members', read: 'EXISTS (SELECT FROM guitu.registered_households h WHERE h.id = household_id)', write: `EXISTS (SELECT FROM guitu.registered_households h WHERE h.id = household_id AND h.office = ${AGENCY})` },
  { table: 'household_matches', read: 'EXISTS (SELECT FROM guitu.registered_households h WHERE h.id = household_id)' },
  {
    table: 'household_flags', read: 'EXISTS (SELECT FROM guitu.registered_households h WHERE h.id = household_id)',
    write: `${kindIn('CIVIL_AFFAIRS')} AND EXISTS (SELECT FROM guitu.registered_households h WHERE h.id = household_id AND ${inArea('h.division')})`,
  },
  {
    table: 'persons',
    read: `EXISTS (SELECT FROM guitu.return_cases c WHERE c.person_id = persons.id) OR EXISTS (SELECT FROM guitu.at_risk_entries e WHERE e.person_id = persons.id)
      OR EXISTS (SELECT FROM guitu.settlement_cases s WHERE s.person_id = persons.id)
      OR ${kindIn('CIVIL_AFFAIRS')} AND EXISTS (SELECT FROM guitu.household_matches m WHERE m.person_id = persons.id)
      OR EXISTS (SELECT FROM guitu.protections p WHERE p.person_id = persons.id AND (p.named_unit = ${AGENCY} OR p.holding_agency = ${AGENCY} OR ${kindIn('CIVIL_AFFAIRS')} AND p.holding_division = ${setting('division')}))`,
  },
  { table: 'idempotency_keys', read: `agency_id = ${AGENCY}`, write: `agency_id = ${AGENCY}` },
  { table: 'rate_windows', read: `agency_id = ${AGENCY}`, write: `agency_id = ${AGENCY}` },
];

const ROWS = BOUNDARIES.map(({ table, read, write }) => `
ALTER TABLE guitu.${table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY ${table}_read ON guitu.${table} FOR SELECT TO guitu_reader, guitu_writer USING (${read});
${write ? `CREATE POLICY ${table}_insert ON guitu.${table} FOR INSERT TO guitu_writer WITH CHECK (${write});
CREATE POLICY ${table}_update ON guitu.${table} FOR UPDATE TO guitu_writer USING (${write}) WITH CHECK (${write});` : ''}`).join('\n');

const GRANTS = `
REVOKE ALL ON SCHEMA guitu, guitu_evidence FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA guitu, guitu_evidence FROM PUBLIC;
GRANT USAGE ON SCHEMA guitu TO guitu_reader, guitu_writer;
GRANT EXECUTE ON FUNCTION guitu.in_succeeded_area(text) TO guitu_reader, guitu_writer;
GRANT SELECT ON guitu.divisions, guitu.division_changes, guitu.directory_version, guitu.agencies, guitu.issuers, guitu.calendar_days, guitu.settings, guitu.protections,
  guitu.persons, guitu.return_cases, guitu.return_transitions, guitu.at_risk_entries, guitu.settlement_cases,
  guitu.registered_households, guitu.household_members, guitu.household_matches, guitu.household_flags TO guitu_reader, guitu_writer;
GRANT INSERT, UPDATE ON guitu.return_cases, guitu.registered_households, guitu.household_members, guitu.idempotency_keys, guitu.rate_windows TO guitu_writer;
GRANT SELECT ON guitu.idempotency_keys, guitu.rate_windows TO guitu_writer;
GRANT INSERT ON guitu.return_transitions, guitu.outbox TO guitu_writer;
GRANT UPDATE ON guitu.household_flags TO guitu_writer;
GRANT DELETE ON guitu.household_members TO guitu_writer;
CREATE POLICY household_members_delete ON guitu.household_members FOR DELETE TO guitu_writer
  USING (EXISTS (SELECT FROM guitu.registered_households h WHERE h.id = household_id AND h.office = ${AGENCY}));
GRANT USAGE ON SCHEMA guitu_evidence TO guitu_writer, guitu_evidence;
GRANT INSERT ON guitu_evidence.events TO guitu_writer, guitu_evidence;
`;

/**
 * The acts and the one question that must cross the boundary of rows, each a function of its own that tells its caller nothing of what it found:
 * linking a notice to a person by keyed hash, taking over what a confirmed case says, and matching registered households; and whether a flag still stands.
 */
const CROSSINGS = `
CREATE FUNCTION guitu.link_person(hash text, sealed text, ends text, born date) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE linked uuid;
BEGIN
  IF hash IS NULL THEN
    INSERT INTO persons (identity_state, born_on) VALUES ('UNKNOWN', born) RETURNING id INTO linked;
    RETURN linked;
  END IF;
  INSERT INTO persons (identity_state, id_number_hash, id_number_sealed, id_number_ends, born_on)
    VALUES ('CLAIMED', hash, sealed, ends, born) ON CONFLICT (id_number_hash) DO NOTHING RETURNING id INTO linked;
  IF linked IS NULL THEN
    SELECT id INTO linked FROM persons WHERE id_number_hash = hash;
  END IF;
  RETURN linked;
END $$;

CREATE FUNCTION guitu.take_over_subject(confirmed_case uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  UPDATE persons p SET
    name_surname = CASE WHEN p.name IS NULL THEN c.subject_name_surname ELSE p.name_surname END,
    name = coalesce(p.name, c.subject_name), sex = coalesce(p.sex, c.subject_sex),
    birth_date = coalesce(p.birth_date, c.subject_birth_date), estimated_age = coalesce(p.estimated_age, c.subject_estimated_age),
    born_on = coalesce(p.born_on, c.subject_born_on),
    hukou_division = coalesce(p.hukou_division, c.subject_hukou_division), home_division = coalesce(p.home_division, c.subject_home_division),
    address_sealed = coalesce(p.address_sealed, c.subject_address_sealed), kin_name = coalesce(p.kin_name, c.subject_kin_name),
    kin_phone_ends = coalesce(p.kin_phone_ends, c.subject_kin_phone_ends),
    kin_phone_sealed = coalesce(p.kin_phone_sealed, c.subject_kin_phone_sealed)
  FROM return_cases c WHERE c.id = confirmed_case AND c.confirmed_at IS NOT NULL AND p.id = c.person_id
$$;

CREATE FUNCTION guitu.match_households(households uuid[], people uuid[], at timestamptz, today date, due date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE hit uuid[];
BEGIN
  WITH found AS (
    INSERT INTO household_matches (household_id, member_id, person_id)
    SELECT m.household_id, m.id, p.id
    FROM household_members m
    JOIN registered_households h ON h.id = m.household_id AND h.flag_requested_at IS NOT NULL
    JOIN persons p ON p.id_number_hash = m.id_number_hash
    WHERE (h.id = ANY (households) OR p.id = ANY (people))
      AND NOT EXISTS (SELECT FROM protections x WHERE x.person_id = p.id)
      AND EXISTS (
        SELECT FROM return_cases c WHERE c.person_id = p.id AND c.confirmed_at IS NOT NULL AND c.state NOT IN ('DISPUTED', 'REFUSED', 'RECALLED', 'COORDINATING')
          AND left(c.origin_division, 6) = left(h.division, 6)
      )
    ON CONFLICT DO NOTHING RETURNING household_id
  ) SELECT array_agg(DISTINCT household_id) INTO hit FROM found;
  INSERT INTO household_flags (household_id, state, proposed_at, confirm_by)
  SELECT DISTINCT m.household_id, 'PROPOSED', at, due
  FROM household_matches m JOIN persons p ON p.id = m.person_id
  WHERE m.household_id = ANY (hit) AND p.born_on <= today - interval '18 years'
    AND NOT EXISTS (SELECT FROM protections x WHERE x.person_id = p.id)
  ON CONFLICT (household_id) DO UPDATE SET state = 'PROPOSED', proposed_at = excluded.proposed_at, confirm_by = excluded.confirm_by,
    decided_at = NULL, decided_by = NULL, reason = NULL
  WHERE household_flags.state = 'CLEARED';
END $$;

CREATE FUNCTION guitu.unmatch_households(households uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE own uuid[];
BEGIN
  SELECT array_agg(id) INTO own FROM registered_households WHERE id = ANY (households) AND office = nullif(current_setting('guitu.agency', true), '')::uuid;
  DELETE FROM household_matches WHERE household_id = ANY (own);
  DELETE FROM household_flags WHERE household_id = ANY (own);
END $$;

CREATE FUNCTION guitu.household_flag_stands(household uuid, today date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM household_matches m JOIN persons p ON p.id = m.person_id
    WHERE m.household_id = household AND p.born_on <= today - interval '18 years' AND NOT EXISTS (SELECT FROM protections x WHERE x.person_id = p.id)
  )
$$;

REVOKE ALL ON FUNCTION guitu.household_flag_stands(uuid, date), guitu.unmatch_households(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.unmatch_households(uuid[]) TO guitu_writer;
GRANT EXECUTE ON FUNCTION guitu.household_flag_stands(uuid, date) TO guitu_reader, guitu_writer;
REVOKE ALL ON FUNCTION guitu.link_person(text, text, text, date), guitu.take_over_subject(uuid), guitu.match_households(uuid[], uuid[], timestamptz, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.link_person(text, text, text, date), guitu.take_over_subject(uuid), guitu.match_households(uuid[], uuid[], timestamptz, date, date) TO guitu_writer;
`;
