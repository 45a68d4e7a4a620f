import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a household was and who belonged to it on a given day; and the help that a household with a released flag is given (民发〔2020〕14号 二(五)). */
export class HouseholdHelp1764000000016 implements MigrationInterface {
  readonly name = 'HouseholdHelp1764000000016';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [MEMBERS, PERIODS, HELP, BOUNDARY, MATCHING]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** Whoever leaves a household stays written down as its former member; who comes back begins another spell. */
const MEMBERS = `
ALTER TABLE guitu.household_members ADD COLUMN since timestamptz, ADD COLUMN until timestamptz;
COMMENT ON COLUMN guitu.household_members.since IS 'NULL: before this was written down';
COMMENT ON COLUMN guitu.household_members.until IS 'NULL: belongs to the household';
ALTER TABLE guitu.household_members DROP CONSTRAINT household_members_household_id_id_number_hash_key;
CREATE UNIQUE INDEX household_members_present ON guitu.household_members (household_id, id_number_hash) WHERE until IS NULL;
`;

const PERIODS = `
CREATE TABLE guitu.household_periods (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  household_id uuid NOT NULL REFERENCES guitu.registered_households,
  step integer NOT NULL,
  since timestamptz,
  until timestamptz,
  head_name text NOT NULL,
  division text COLLATE "C" NOT NULL REFERENCES guitu.divisions,
  kind text NOT NULL CHECK (kind IN ('REGISTERED', 'OUT_OF_POVERTY', 'UNSTABLE', 'MARGINAL', 'SUDDEN_HARDSHIP')),
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  by_user text,
  UNIQUE (household_id, step)
);
COMMENT ON COLUMN guitu.household_periods.since IS 'NULL: before this was written down';
CREATE UNIQUE INDEX household_periods_present ON guitu.household_periods (household_id) WHERE until IS NULL;
INSERT INTO guitu.household_periods (household_id, step, head_name, division, kind, agency_id) SELECT id, 1, head_name, division, kind, office FROM guitu.registered_households;
`;

const HELP = `
CREATE TABLE guitu.household_help (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  household_id uuid NOT NULL REFERENCES guitu.registered_households,
  measures text[] NOT NULL CHECK (cardinality(measures) > 0 AND measures <@ ARRAY['INDUSTRY', 'EMPLOYMENT', 'ALLOWANCE', 'MEDICAL', 'EDUCATION', 'HOUSING', 'CARE_VISIT']),
  helped_on date NOT NULL,
  text text,
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  by_user text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX household_help_household ON guitu.household_help (household_id);
`;

const AGENCY = `(SELECT nullif(current_setting('guitu.agency', true), '')::uuid)`;
const KNOWN = 'EXISTS (SELECT FROM guitu.registered_households h WHERE h.id = household_id)';
const OWN = `EXISTS (SELECT FROM guitu.registered_households h WHERE h.id = household_id AND h.office = ${AGENCY})`;

const BOUNDARY = `
ALTER TABLE guitu.household_periods ENABLE ROW LEVEL SECURITY;
CREATE POLICY household_periods_read ON guitu.household_periods FOR SELECT TO guitu_reader, guitu_writer USING (${KNOWN});
CREATE POLICY household_periods_insert ON guitu.household_periods FOR INSERT TO guitu_writer WITH CHECK (agency_id = ${AGENCY} AND ${OWN});
CREATE POLICY household_periods_update ON guitu.household_periods FOR UPDATE TO guitu_writer USING (${OWN}) WITH CHECK (${OWN});
ALTER TABLE guitu.household_help ENABLE ROW LEVEL SECURITY;
CREATE POLICY household_help_read ON guitu.household_help FOR SELECT TO guitu_reader, guitu_writer USING (${KNOWN});
CREATE POLICY household_help_insert ON guitu.household_help FOR INSERT TO guitu_writer WITH CHECK (agency_id = ${AGENCY} AND ${KNOWN});
GRANT SELECT ON guitu.household_periods, guitu.household_help TO guitu_reader, guitu_writer;
GRANT INSERT, UPDATE ON guitu.household_periods TO guitu_writer;
GRANT INSERT ON guitu.household_help TO guitu_writer;
DROP POLICY household_members_delete ON guitu.household_members;
REVOKE DELETE ON guitu.household_members FROM guitu_writer;
`;

/** Matched is who belongs to the household now, whenever the return was. */
const MATCHING = `
CREATE OR REPLACE FUNCTION guitu.match_households(households uuid[], people uuid[], at timestamptz, today date, due date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE hit uuid[];
BEGIN
  WITH found AS (
    INSERT INTO household_matches (household_id, member_id, person_id)
    SELECT m.household_id, m.id, p.id
    FROM household_members m
    JOIN registered_households h ON h.id = m.household_id AND h.flag_requested_at IS NOT NULL
    JOIN persons numbered ON numbered.id_number_hash = m.id_number_hash
    JOIN persons p ON p.id = coalesce(numbered.merged_into, numbered.id)
    WHERE (h.id = ANY (households) OR p.id = ANY (people)) AND m.until IS NULL
      AND NOT EXISTS (SELECT FROM protections x WHERE x.person_id IN (p.id, numbered.id))
      AND has_returned_to(p.id, h.division)
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
`;
