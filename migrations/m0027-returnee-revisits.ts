import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A station revisits every returnee whom it received, in the registry or not (江阴2018 二(三)6). What it found is kept with the return; the year is owed once for each return, and a revisit meets it
 * whichever ledger holds it.
 */
export class ReturneeRevisits1764000000027 implements MigrationInterface {
  readonly name = 'ReturneeRevisits1764000000027';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [REVISITS, BOUNDARY, CROSSINGS, COUNT]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const REVISITS = `
CREATE TABLE guitu.return_revisits (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  case_id uuid NOT NULL REFERENCES guitu.return_cases,
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  by_user text NOT NULL,
  visited_on date NOT NULL,
  manner text NOT NULL CHECK (manner IN ('IN_PERSON', 'PHONE', 'OTHER')),
  result text NOT NULL CHECK (result IN ('STABLE', 'NEEDS_AID', 'CARE_LAPSED', 'NOBODY_THERE')),
  note text,
  at timestamptz NOT NULL
);
CREATE INDEX return_revisits_case ON guitu.return_revisits (case_id, visited_on);
COMMENT ON TABLE guitu.return_revisits IS 'what a station found when it revisited a returnee whom it received; its revisits of the registry stand in follow_up_visits';
COMMENT ON COLUMN guitu.return_revisits.result IS 'NOBODY_THERE is kept and is no revisit done';
ALTER TABLE guitu.return_cases ADD COLUMN revisit_by date;
COMMENT ON COLUMN guitu.return_cases.revisit_by IS 'last day of the station''s own revisit that is owed; NULL: none is';
ALTER TABLE guitu.at_risk_entries ADD COLUMN revisit_case uuid REFERENCES guitu.return_cases;
CREATE INDEX at_risk_entries_revisit_case ON guitu.at_risk_entries (revisit_case) WHERE revisit_case IS NOT NULL;
COMMENT ON COLUMN guitu.at_risk_entries.revisit_case IS 'the return whose own duty stands for the revisit that is owed; NULL: the duty is the entry''s';
`;

const setting = (name: string): string => `(SELECT nullif(current_setting('guitu.${name}', true), ''))`;
const AGENCY = `(SELECT nullif(current_setting('guitu.agency', true), '')::uuid)`;
const inArea = (column: string): string => `(${column} >= ${setting('from')} AND ${column} < ${setting('until')} OR ${setting('more')} IS NOT NULL AND guitu.in_succeeded_area(${column}))`;

/** The station's own, and civil affairs of the place that the person returned to: no other side of the return. */
const BOUNDARY = `
ALTER TABLE guitu.return_revisits ENABLE ROW LEVEL SECURITY;
CREATE POLICY return_revisits_read ON guitu.return_revisits FOR SELECT TO guitu_reader, guitu_writer USING (
  agency_id = ${AGENCY} OR ${setting('kind')} = 'CIVIL_AFFAIRS' AND EXISTS (SELECT FROM guitu.return_cases c WHERE c.id = case_id AND ${inArea('c.origin_division')} OFFSET 0));
CREATE POLICY return_revisits_insert ON guitu.return_revisits FOR INSERT TO guitu_writer
  WITH CHECK (agency_id = ${AGENCY} AND ${setting('kind')} = 'RESCUE_STATION' AND EXISTS (SELECT FROM guitu.return_cases c WHERE c.id = case_id AND c.origin_agency = ${AGENCY}));
GRANT SELECT ON guitu.return_revisits TO guitu_reader, guitu_writer;
GRANT INSERT ON guitu.return_revisits TO guitu_writer;
`;

/** A person's returns and registry entries of one station, across the boundary of either ledger. None tells its caller more than where a duty stands. */
const CROSSINGS = `
CREATE FUNCTION guitu.hold_revisits(of_case uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
BEGIN
  -- Entries before cases, as the registry's own steps take them.
  PERFORM FROM at_risk_entries e JOIN return_cases c ON c.person_id = e.person_id AND c.origin_agency = e.revisit_station WHERE c.id = of_case ORDER BY e.id FOR UPDATE OF e;
END $$;

CREATE FUNCTION guitu.begin_return_revisit(of_case uuid, at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp SET timezone = 'Asia/Shanghai' AS $$
  -- The registry began a year when the person came back, and this is the return by which it did.
  WITH same AS (
    UPDATE duties d SET ended = 'VOID', ended_at = at, next_at = NULL FROM at_risk_entries e JOIN return_cases c ON c.id = of_case AND c.person_id = e.person_id AND c.origin_agency = e.revisit_station
    WHERE d.record_id = e.id AND d.step = 'stationRevisit' AND d.owner = c.origin_agency AND d.ended_at IS NULL AND d.started_at::date >= c.leave_date
      AND e.id = (SELECT min(x.id::text)::uuid FROM at_risk_entries x JOIN duties y ON y.record_id = x.id AND y.step = 'stationRevisit' AND y.ended_at IS NULL WHERE x.person_id = c.person_id AND x.revisit_station = c.origin_agency)
    RETURNING e.id
  ) UPDATE at_risk_entries e SET revisit_case = of_case FROM same WHERE e.id = same.id
$$;

CREATE FUNCTION guitu.standing_revisit(of_person uuid, of_station uuid, since date, returned_on date) RETURNS TABLE (case_id uuid, met boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = guitu, pg_temp SET timezone = 'Asia/Shanghai' AS $$
  SELECT (SELECT d.record_id FROM duties d WHERE d.person_id = of_person AND d.owner = of_station AND d.step = 'stationRevisit' AND d.record = 'ReturnCase' AND d.ended_at IS NULL AND d.started_at::date >= since
      AND NOT EXISTS (SELECT FROM at_risk_entries e WHERE e.revisit_case = d.record_id AND e.revisit_by IS NOT NULL AND e.state IN ('ACTIVE', 'WANDERING', 'TRANSFERRING')) ORDER BY d.started_at DESC, d.record_id LIMIT 1),
    EXISTS (SELECT FROM return_revisits v JOIN return_cases c ON c.id = v.case_id WHERE c.person_id = of_person AND v.agency_id = of_station AND v.result <> 'NOBODY_THERE' AND v.visited_on >= returned_on)
    OR EXISTS (SELECT FROM follow_up_visits v JOIN at_risk_entries e ON e.id = v.entry_id WHERE e.person_id = of_person AND v.agency_id = of_station AND v.regime = 'STATION' AND v.result <> 'NOBODY_THERE' AND v.visited_on >= returned_on)
$$;

CREATE FUNCTION guitu.meet_revisits(of_person uuid, visited_on date, at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp SET timezone = 'Asia/Shanghai' AS $$
  WITH met AS (
    UPDATE duties d SET ended = 'DONE', ended_at = at, next_at = NULL
    WHERE d.person_id = of_person AND d.owner = ${AGENCY} AND d.step = 'stationRevisit' AND d.ended_at IS NULL AND d.started_at::date <= visited_on RETURNING d.record_id
  ), entries AS (
    UPDATE at_risk_entries e SET revisit_by = NULL, revisit_case = NULL WHERE e.person_id = of_person AND e.revisit_station = ${AGENCY} AND e.revisit_by IS NOT NULL AND (e.term_from <= visited_on OR e.revisit_case IN (SELECT record_id FROM met))
  ) UPDATE return_cases c SET revisit_by = NULL FROM met WHERE c.id = met.record_id
$$;

CREATE FUNCTION guitu.void_revisits(of_person uuid, of_station uuid, at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  WITH void AS (
    UPDATE duties d SET ended = 'VOID', ended_at = at, next_at = NULL WHERE d.person_id = of_person AND d.owner = of_station AND d.step = 'stationRevisit' AND d.ended_at IS NULL RETURNING d.record_id
  ), entries AS (
    UPDATE at_risk_entries e SET revisit_by = NULL, revisit_case = NULL WHERE e.person_id = of_person AND e.revisit_station = of_station AND e.revisit_by IS NOT NULL
  ) UPDATE return_cases c SET revisit_by = NULL FROM void WHERE c.id = void.record_id
$$;

CREATE FUNCTION guitu.leave_revisit(of_case uuid, at timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE entry at_risk_entries;
BEGIN
  -- What the registry still asks of the station goes over to the entry; else nobody owes it.
  SELECT e.* INTO entry FROM at_risk_entries e WHERE e.revisit_case = of_case;
  IF entry.id IS NULL THEN PERFORM end_duties(of_case, ARRAY['stationRevisit'], 'VOID', at);
  ELSE UPDATE duties SET record = 'AtRiskEntry', record_id = entry.id, record_no = entry.entry_no, person_id = entry.person_id WHERE record_id = of_case AND step = 'stationRevisit' AND ended_at IS NULL;
  END IF;
  UPDATE at_risk_entries SET revisit_case = NULL WHERE id = entry.id;
  UPDATE return_cases SET revisit_by = NULL WHERE id = of_case;
END $$;

DO $$
DECLARE crossing regprocedure;
BEGIN
  FOR crossing IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'guitu'::regnamespace
    AND p.proname IN ('hold_revisits', 'begin_return_revisit', 'standing_revisit', 'meet_revisits', 'void_revisits', 'leave_revisit') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', crossing);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO guitu_writer', crossing);
  END LOOP;
END $$;
`;

const UNPROTECTED = (person: string): string => `NOT EXISTS (SELECT FROM protections x WHERE x.person_id = ${person})`;
const IN_YEAR = "v.agency_id = b.origin_agency AND v.result <> 'NOBODY_THERE' AND v.at < known_by AND v.visited_on >= b.home_on AND v.visited_on <= (b.home_on + interval '1 year')::date";

/** As `m0011-statistics` has it, and met as well by a revisit that is kept with a return of the person. */
const COUNT = `
CREATE OR REPLACE FUNCTION guitu.count_revisits(first_day date, end_day date, known_by timestamptz) RETURNS TABLE (measure text, division text, amount bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = guitu, pg_temp SET timezone = 'Asia/Shanghai' AS $$
  WITH brought AS (
    SELECT c.id, c.person_id, c.origin_agency, a.division AS place,
      coalesce(c.received_at, (SELECT min(t.at) FROM return_transitions t WHERE t.case_id = c.id AND t.to_state = 'AT_HOME'))::date AS home_on
    FROM return_cases c JOIN agencies a ON a.id = c.origin_agency AND a.kind = 'RESCUE_STATION'
    WHERE c.confirmed_at IS NOT NULL AND c.state <> 'RECALLED' AND ${UNPROTECTED('c.person_id')}
  ), ended AS (
    SELECT b.*, coalesce(p.born_on > b.home_on - interval '18 years', TRUE) AS minor,
      EXISTS (SELECT FROM at_risk_entries e JOIN follow_up_visits v ON v.entry_id = e.id WHERE e.person_id = b.person_id AND v.regime = 'STATION' AND ${IN_YEAR})
      OR EXISTS (SELECT FROM return_cases k JOIN return_revisits v ON v.case_id = k.id WHERE k.person_id = b.person_id AND ${IN_YEAR}) AS met
    FROM brought b JOIN persons p ON p.id = b.person_id
    WHERE (b.home_on + interval '1 year')::date >= first_day AND (b.home_on + interval '1 year')::date < end_day
  ) SELECT 'REVISITS.' || CASE WHEN minor THEN 'MINORS' ELSE 'ADULTS' END || CASE WHEN met THEN '_DONE' ELSE '_NOT_DONE' END, place, count(*) FROM ended GROUP BY 1, 2
$$;
`;
