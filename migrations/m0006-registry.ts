import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the at-risk registry needs to be kept by its own steps: rosters, visits of two regimes, transfers, ends, and every transition. */
export class Registry1764000000006 implements MigrationInterface {
  readonly name = 'Registry1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [ENTRIES, VISITS, TRANSITIONS, BOUNDARY, CROSSING]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const ENTRIES = `
ALTER TABLE guitu.at_risk_entries
  ADD COLUMN return_case uuid REFERENCES guitu.return_cases,
  ADD COLUMN revisit_station uuid REFERENCES guitu.agencies,
  ADD COLUMN surveyed_id_number_sealed text,
  ADD COLUMN surveyed_id_number_hash text,
  ADD COLUMN roster_sent_at timestamptz,
  ADD COLUMN next_visit_by date,
  ADD COLUMN revisit_by date,
  ADD COLUMN transfer_to text COLLATE "C" REFERENCES guitu.divisions,
  ADD COLUMN ended_on date,
  ADD COLUMN end_reason text CHECK (end_reason IN ('TERM_ENDED', 'DIED', 'MERGED', 'ERROR')),
  ADD CHECK ((surveyed_id_number_sealed IS NULL) = (surveyed_id_number_hash IS NULL));
CREATE INDEX at_risk_entries_surveyed ON guitu.at_risk_entries (surveyed_id_number_hash) WHERE surveyed_id_number_hash IS NOT NULL;
CREATE INDEX at_risk_entries_transfer ON guitu.at_risk_entries (transfer_to) WHERE transfer_to IS NOT NULL;
COMMENT ON COLUMN guitu.at_risk_entries.return_case IS 'the return from which it was enrolled; NULL: found in a survey';
COMMENT ON COLUMN guitu.at_risk_entries.revisit_station IS 'the station that returned the person, in whose rates it counts; NULL: none did';
COMMENT ON COLUMN guitu.at_risk_entries.surveyed_id_number_sealed IS 'what a survey claims; it leads to no shared person, and serves the entry match alone';
COMMENT ON COLUMN guitu.at_risk_entries.next_visit_by IS 'last day of the township visit that is owed; NULL: none is';
COMMENT ON COLUMN guitu.at_risk_entries.revisit_by IS 'last day of the station''s own revisit that is owed; NULL: none is';
COMMENT ON COLUMN guitu.at_risk_entries.transfer_to IS 'county that it is being handed to, while TRANSFERRING';
`;

const VISITS = `
CREATE TABLE guitu.follow_up_visits (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  entry_id uuid NOT NULL REFERENCES guitu.at_risk_entries,
  regime text NOT NULL CHECK (regime IN ('TOWNSHIP', 'STATION')),
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  by_user text NOT NULL,
  visited_on date NOT NULL,
  manner text NOT NULL CHECK (manner IN ('IN_PERSON', 'PHONE', 'OTHER')),
  result text NOT NULL CHECK (result IN ('STABLE', 'NEEDS_AID', 'CARE_LAPSED', 'NOBODY_THERE')),
  note text,
  at timestamptz NOT NULL
);
CREATE INDEX follow_up_visits_entry ON guitu.follow_up_visits (entry_id, visited_on);
COMMENT ON COLUMN guitu.follow_up_visits.regime IS 'two regimes, never one counter: the township''s visits, the station''s revisits of whom it returned';
COMMENT ON COLUMN guitu.follow_up_visits.result IS 'NOBODY_THERE is kept and is no visit done';
`;

const TRANSITIONS = `
CREATE TABLE guitu.at_risk_transitions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  entry_id uuid NOT NULL REFERENCES guitu.at_risk_entries,
  step integer NOT NULL,
  from_state text,
  to_state text NOT NULL,
  at timestamptz NOT NULL,
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  by_user text NOT NULL,
  reason text,
  UNIQUE (entry_id, step)
);
`;

const setting = (name: string): string => `(SELECT nullif(current_setting('guitu.${name}', true), ''))`;
const AGENCY = `(SELECT nullif(current_setting('guitu.agency', true), '')::uuid)`;
const inArea = (column: string): string => `(${column} >= ${setting('from')} AND ${column} < ${setting('until')} OR ${setting('more')} IS NOT NULL AND guitu.in_succeeded_area(${column}))`;
const CIVIL_AFFAIRS = `${setting('kind')} = 'CIVIL_AFFAIRS'`;
const OF_ENTRY = 'EXISTS (SELECT FROM guitu.at_risk_entries e WHERE e.id = entry_id)';

/** As before, and the county that an entry is being handed to. Whoever keeps an entry may change it: who registered it, its township, civil affairs and stations of its area. */
const BOUNDARY = `
ALTER POLICY at_risk_entries_read ON guitu.at_risk_entries USING (
  enrolled_by = ${AGENCY} OR township = ${AGENCY} OR ${setting('kind')} IN ('CIVIL_AFFAIRS', 'RESCUE_STATION') AND ${inArea('division')} OR ${CIVIL_AFFAIRS} AND ${inArea('transfer_to')});
CREATE POLICY at_risk_entries_insert ON guitu.at_risk_entries FOR INSERT TO guitu_writer WITH CHECK (enrolled_by = ${AGENCY} AND ${inArea('division')});
CREATE POLICY at_risk_entries_update ON guitu.at_risk_entries FOR UPDATE TO guitu_writer
  USING (enrolled_by = ${AGENCY} OR township = ${AGENCY} OR revisit_station = ${AGENCY} OR ${CIVIL_AFFAIRS} AND (${inArea('division')} OR ${inArea('transfer_to')}))
  WITH CHECK (enrolled_by = ${AGENCY} OR township = ${AGENCY} OR revisit_station = ${AGENCY} OR ${CIVIL_AFFAIRS} AND ${inArea('division')});
ALTER TABLE guitu.follow_up_visits ENABLE ROW LEVEL SECURITY;
ALTER TABLE guitu.at_risk_transitions ENABLE ROW LEVEL SECURITY;
CREATE POLICY follow_up_visits_read ON guitu.follow_up_visits FOR SELECT TO guitu_reader, guitu_writer USING (${OF_ENTRY});
CREATE POLICY follow_up_visits_insert ON guitu.follow_up_visits FOR INSERT TO guitu_writer WITH CHECK (agency_id = ${AGENCY} AND ${OF_ENTRY});
CREATE POLICY at_risk_transitions_read ON guitu.at_risk_transitions FOR SELECT TO guitu_reader, guitu_writer USING (${OF_ENTRY});
CREATE POLICY at_risk_transitions_insert ON guitu.at_risk_transitions FOR INSERT TO guitu_writer WITH CHECK (agency_id = ${AGENCY} AND ${OF_ENTRY});
GRANT SELECT ON guitu.follow_up_visits, guitu.at_risk_transitions TO guitu_reader, guitu_writer;
GRANT INSERT ON guitu.follow_up_visits, guitu.at_risk_transitions TO guitu_writer;
GRANT INSERT, UPDATE ON guitu.at_risk_entries TO guitu_writer;
`;

/**
 * A station's entrant against the registry of the whole country, and a person for a survey. The match turns an ACTIVE entry to WANDERING and answers with what the alert of the home county
 * needs; a protected person matches nothing.
 */
const CROSSING = `
CREATE FUNCTION guitu.match_entrant(hash text, at_instant timestamptz, by_whom text)
RETURNS TABLE (entry_id uuid, entry_no text, person_id uuid, county uuid, was text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
#variable_conflict use_column
DECLARE own uuid := nullif(current_setting('guitu.agency', true), '')::uuid; found record; home uuid;
BEGIN
  FOR found IN
    SELECT e.* FROM at_risk_entries e JOIN persons p ON p.id = e.person_id
    WHERE e.state IN ('ACTIVE', 'WANDERING', 'TRANSFERRING') AND (p.id_number_hash = hash OR e.surveyed_id_number_hash = hash)
      AND NOT EXISTS (SELECT FROM protections x JOIN persons y ON y.id = x.person_id WHERE x.person_id = e.person_id OR y.id_number_hash = hash)
    ORDER BY e.id FOR UPDATE OF e
  LOOP
    WITH RECURSIVE up AS (
      SELECT d.code, d.parent, 0 AS steps FROM divisions d WHERE d.code = found.division
      UNION ALL SELECT d.code, d.parent, up.steps + 1 FROM divisions d JOIN up ON d.code = up.parent
    ) SELECT a.id INTO home FROM up JOIN agencies a ON a.division = up.code AND a.kind = 'CIVIL_AFFAIRS' AND a.suspended_at IS NULL ORDER BY up.steps, a.code LIMIT 1;
    IF found.state = 'ACTIVE' THEN
      UPDATE at_risk_entries SET state = 'WANDERING', version = 1 + floor(random() * 2147483646)::integer, next_visit_by = NULL WHERE id = found.id;
      INSERT INTO at_risk_transitions (entry_id, step, from_state, to_state, at, agency_id, by_user)
        SELECT found.id, 1 + coalesce(max(t.step), 0), 'ACTIVE', 'WANDERING', at_instant, own, by_whom FROM at_risk_transitions t WHERE t.entry_id = found.id;
      INSERT INTO outbox (at, topic, record, record_id) VALUES (at_instant, 'atRisk.wandering', 'AtRiskEntry', found.id);
    END IF;
    entry_id := found.id; entry_no := found.entry_no; person_id := found.person_id; county := home; was := found.state;
    RETURN NEXT;
  END LOOP;
END $$;

CREATE FUNCTION guitu.make_surveyed_person(who jsonb) RETURNS uuid LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  INSERT INTO persons (identity_state, name, name_surname, sex, birth_date, estimated_age, born_on, home_division, address_sealed, kin_name, kin_phone_sealed, kin_phone_ends)
  SELECT 'CLAIMED', name, name_surname, sex, birth_date, estimated_age, born_on, home_division, address_sealed, kin_name, kin_phone_sealed, kin_phone_ends FROM jsonb_populate_record(NULL::persons, who)
  RETURNING id
$$;
REVOKE ALL ON FUNCTION guitu.match_entrant(text, timestamptz, text), guitu.make_surveyed_person(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.match_entrant(text, timestamptz, text), guitu.make_surveyed_person(jsonb) TO guitu_writer;
`;
