import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Settlement is written by its own operations: what each step was done with, stays with their custody places, and what the clock makes of a stay that lasts. */
export class Settlement1764000000007 implements MigrationInterface {
  readonly name = 'Settlement1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [CASES, STAYS, BOUNDARY, CROSSINGS, CLOCK]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const CASES = `
ALTER TABLE guitu.settlement_cases ADD COLUMN proof_of_search text, ADD COLUMN plan text, ADD COLUMN guardianship text, ADD COLUMN placed_on date;
COMMENT ON COLUMN guitu.settlement_cases.version IS 'random, drawn anew with every transition';
COMMENT ON COLUMN guitu.settlement_cases.guardianship IS 'who is guardian of a child until its family is found';

CREATE TABLE guitu.settlement_transitions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  settlement_id uuid NOT NULL REFERENCES guitu.settlement_cases,
  step integer NOT NULL,
  from_state text,
  to_state text NOT NULL,
  at timestamptz NOT NULL,
  agency_id uuid REFERENCES guitu.agencies,
  by_user text NOT NULL,
  document_no text,
  document_date date,
  note text,
  UNIQUE (settlement_id, step)
);
COMMENT ON COLUMN guitu.settlement_transitions.agency_id IS 'NULL: the clock';
`;

const STAYS = `
CREATE TABLE guitu.stays (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  stay_no text COLLATE "C" NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('IN_STATION', 'ENTRUSTED', 'HOSPITAL', 'LEFT')),
  person_id uuid NOT NULL REFERENCES guitu.persons,
  station uuid NOT NULL REFERENCES guitu.agencies,
  division text COLLATE "C" NOT NULL REFERENCES guitu.divisions,
  called_name text,
  features text,
  entered_on date NOT NULL,
  left_on date,
  left_how text CHECK (left_how IN ('RETURNED', 'PLACED', 'LEFT', 'TRANSFERRED', 'DIED')),
  tracing_published_on date,
  tracing_updated_on date,
  CHECK ((state = 'LEFT') = (left_on IS NOT NULL) AND (left_on IS NULL) = (left_how IS NULL)),
  CHECK (left_on >= entered_on)
);
COMMENT ON COLUMN guitu.stays.state IS 'where the person is cared for; a stay lasts, wherever that is, until the person leaves';
COMMENT ON COLUMN guitu.stays.called_name IS 'as the person calls itself, or is called; proves nothing';
CREATE INDEX stays_person ON guitu.stays (person_id);
CREATE INDEX stays_station ON guitu.stays (station);
CREATE INDEX stays_area ON guitu.stays (division);

CREATE TABLE guitu.stay_moves (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  stay_id uuid NOT NULL REFERENCES guitu.stays,
  step integer NOT NULL,
  place text NOT NULL CHECK (place IN ('IN_STATION', 'ENTRUSTED', 'HOSPITAL')),
  since date NOT NULL,
  UNIQUE (stay_id, step)
);
INSERT INTO guitu.record_states VALUES ('Stay', 'guitu.stays', 'id');
`;

const AGENCY = `(SELECT nullif(current_setting('guitu.agency', true), '')::uuid)`;
const setting = (name: string): string => `(SELECT nullif(current_setting('guitu.${name}', true), ''))`;
const AREA = `(division >= ${setting('from')} AND division < ${setting('until')} OR ${setting('more')} IS NOT NULL AND guitu.in_succeeded_area(division))`;
const PARTIES = `station = ${AGENCY} OR civil_affairs = ${AGENCY} OR police = ${AGENCY}`;
const CASE_SEEN = 'EXISTS (SELECT FROM guitu.settlement_cases c WHERE c.id = settlement_id)';
const STAY_SEEN = 'EXISTS (SELECT FROM guitu.stays s WHERE s.id = stay_id)';
const STAY_HELD = `EXISTS (SELECT FROM guitu.stays s WHERE s.id = stay_id AND s.station = ${AGENCY})`;

const BOUNDARY = `
CREATE POLICY settlement_cases_insert ON guitu.settlement_cases FOR INSERT TO guitu_writer WITH CHECK (station = ${AGENCY} OR civil_affairs = ${AGENCY});
CREATE POLICY settlement_cases_update ON guitu.settlement_cases FOR UPDATE TO guitu_writer USING (${PARTIES}) WITH CHECK (${PARTIES});
ALTER TABLE guitu.settlement_transitions ENABLE ROW LEVEL SECURITY;
CREATE POLICY settlement_transitions_read ON guitu.settlement_transitions FOR SELECT TO guitu_reader, guitu_writer USING (${CASE_SEEN});
CREATE POLICY settlement_transitions_insert ON guitu.settlement_transitions FOR INSERT TO guitu_writer WITH CHECK (agency_id = ${AGENCY} AND ${CASE_SEEN});
ALTER TABLE guitu.stays ENABLE ROW LEVEL SECURITY;
CREATE POLICY stays_read ON guitu.stays FOR SELECT TO guitu_reader, guitu_writer USING (station = ${AGENCY} OR ${setting('kind')} = 'CIVIL_AFFAIRS' AND ${AREA});
CREATE POLICY stays_insert ON guitu.stays FOR INSERT TO guitu_writer WITH CHECK (station = ${AGENCY});
CREATE POLICY stays_update ON guitu.stays FOR UPDATE TO guitu_writer USING (station = ${AGENCY}) WITH CHECK (station = ${AGENCY});
ALTER TABLE guitu.stay_moves ENABLE ROW LEVEL SECURITY;
CREATE POLICY stay_moves_read ON guitu.stay_moves FOR SELECT TO guitu_reader, guitu_writer USING (${STAY_SEEN});
CREATE POLICY stay_moves_insert ON guitu.stay_moves FOR INSERT TO guitu_writer WITH CHECK (${STAY_HELD});
GRANT SELECT ON guitu.settlement_transitions, guitu.stays, guitu.stay_moves TO guitu_reader, guitu_writer;
GRANT INSERT, UPDATE ON guitu.settlement_cases, guitu.stays TO guitu_writer;
GRANT INSERT ON guitu.settlement_transitions, guitu.stay_moves TO guitu_writer;
`;

/** A station makes the person that enters, and says that one of its own is identified; neither tells it anything. */
const CROSSINGS = `
CREATE FUNCTION guitu.enter_person(called text, surname text, of_sex text, age integer, born date) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  INSERT INTO persons (identity_state, name, name_surname, sex, estimated_age, born_on)
  VALUES (CASE WHEN called IS NULL THEN 'UNKNOWN' ELSE 'CLAIMED' END, called, surname, of_sex, age, born) RETURNING id
$$;
CREATE FUNCTION guitu.identify_settled(settlement uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  UPDATE persons p SET identity_state = 'VERIFIED' FROM settlement_cases s
  WHERE s.id = settlement AND p.id = s.person_id AND s.station = nullif(current_setting('guitu.agency', true), '')::uuid AND p.identity_state IN ('UNKNOWN', 'CLAIMED')
$$;
CREATE FUNCTION guitu.is_minor_settled(settlement uuid, today date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  SELECT coalesce(p.born_on > today - interval '18 years', true) FROM settlement_cases s JOIN persons p ON p.id = s.person_id
  WHERE s.id = settlement AND s.civil_affairs = nullif(current_setting('guitu.agency', true), '')::uuid
$$;
REVOKE ALL ON FUNCTION guitu.enter_person(text, text, text, integer, date), guitu.identify_settled(uuid), guitu.is_minor_settled(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.enter_person(text, text, text, integer, date), guitu.identify_settled(uuid), guitu.is_minor_settled(uuid, date) TO guitu_writer;
`;

const CLOCK = `
GRANT SELECT ON guitu.stays, guitu.settlement_cases TO guitu_clock;
GRANT SELECT (id, identity_state) ON guitu.persons TO guitu_clock;
GRANT INSERT ON guitu.settlement_cases, guitu.settlement_transitions TO guitu_clock;
CREATE POLICY stays_clock ON guitu.stays FOR SELECT TO guitu_clock USING (TRUE);
CREATE POLICY persons_clock ON guitu.persons FOR SELECT TO guitu_clock USING (TRUE);
CREATE POLICY settlement_cases_clock ON guitu.settlement_cases FOR ALL TO guitu_clock USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY settlement_transitions_clock ON guitu.settlement_transitions FOR ALL TO guitu_clock USING (TRUE) WITH CHECK (TRUE);
`;
