import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Relatives' missing reports, compared with whom stations hold; what that shows goes back to public security (民发〔2020〕14号 二(二), 民发〔2015〕158号). */
export class MissingReports1764000000017 implements MigrationInterface {
  readonly name = 'MissingReports1764000000017';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [TABLES, BOUNDARY, CROSSINGS]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const TABLES = `
CREATE TABLE guitu.missing_reports (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  report_no text COLLATE "C" NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('OPEN', 'FOUND', 'WITHDRAWN')),
  reporter uuid NOT NULL REFERENCES guitu.agencies,
  person_id uuid REFERENCES guitu.persons,
  reported_at timestamptz NOT NULL,
  reported_by text NOT NULL,
  closed_at timestamptz,
  closed_by text,
  note text,
  name text NOT NULL,
  id_number_sealed text,
  sex text,
  birth_date date,
  estimated_age integer,
  born_on date,
  home_division text COLLATE "C" REFERENCES guitu.divisions,
  missing_since date NOT NULL,
  last_seen_division text COLLATE "C" REFERENCES guitu.divisions,
  looks text,
  kin_name text,
  kin_relation text,
  kin_phone_sealed text,
  CHECK ((state = 'OPEN') = (closed_at IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL))
);
COMMENT ON COLUMN guitu.missing_reports.version IS 'random, drawn anew with every act of the reporting agency, and of nobody else';
COMMENT ON COLUMN guitu.missing_reports.person_id IS 'whoever bears the number; opens nothing, and keeps a protected person from being a candidate. NULL: no number was given';
CREATE INDEX missing_reports_reporter ON guitu.missing_reports (reporter);
CREATE INDEX missing_reports_person ON guitu.missing_reports (person_id);
CREATE INDEX missing_reports_compared ON guitu.missing_reports (missing_since) WHERE state = 'OPEN';

CREATE TABLE guitu.missing_candidates (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  inquiry_id uuid NOT NULL REFERENCES guitu.identity_inquiries,
  step integer NOT NULL,
  report_id uuid NOT NULL REFERENCES guitu.missing_reports,
  report_no text COLLATE "C" NOT NULL,
  person_id uuid REFERENCES guitu.persons,
  ended boolean NOT NULL DEFAULT FALSE,
  reporter uuid NOT NULL REFERENCES guitu.agencies,
  name text NOT NULL,
  sex text,
  birth_year integer,
  home_division text COLLATE "C" REFERENCES guitu.divisions,
  missing_since date NOT NULL,
  looks text,
  verdict text CHECK (verdict IN ('SAME_PERSON', 'NOT_THE_SAME')),
  first_confirmed_by text,
  second_confirmed_by text,
  tell boolean,
  reason text,
  UNIQUE (inquiry_id, step),
  UNIQUE (inquiry_id, report_id),
  CHECK (first_confirmed_by <> second_confirmed_by),
  CHECK ((second_confirmed_by IS NOT NULL) = (verdict IS NOT DISTINCT FROM 'SAME_PERSON')),
  CHECK ((tell IS NULL) = (first_confirmed_by IS NULL))
);
COMMENT ON TABLE guitu.missing_candidates IS 'what a station was given of a report when it compared; a relative''s name and telephone are never part of it';
COMMENT ON COLUMN guitu.missing_candidates.person_id IS 'whoever bears the number of the report; the person held is the inquiry''s';
COMMENT ON COLUMN guitu.missing_candidates.ended IS 'the report is closed, or the inquiry was withdrawn before anybody decided: no candidate any more';
CREATE INDEX missing_candidates_report ON guitu.missing_candidates (report_id);
CREATE INDEX missing_candidates_person ON guitu.missing_candidates (person_id);

CREATE TABLE guitu.missing_results (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  report_id uuid NOT NULL REFERENCES guitu.missing_reports,
  step integer NOT NULL,
  candidate_id uuid NOT NULL UNIQUE REFERENCES guitu.missing_candidates,
  person_id uuid NOT NULL REFERENCES guitu.persons,
  contact uuid NOT NULL REFERENCES guitu.agencies,
  told_on date NOT NULL,
  UNIQUE (report_id, step)
);
COMMENT ON COLUMN guitu.missing_results.person_id IS 'whom the station holds: protected since, the result is not there';
CREATE INDEX missing_results_person ON guitu.missing_results (person_id);
`;

const AGENCY = `(SELECT nullif(current_setting('guitu.agency', true), '')::uuid)`;
const OWN_INQUIRY = `EXISTS (SELECT FROM guitu.identity_inquiries i WHERE i.id = inquiry_id AND i.station = ${AGENCY})`;

/** A report is its own agency's alone; what a station was given of it, and answered, is the station's alone; a result is the reporting agency's. */
const BOUNDARY = `
ALTER TABLE guitu.missing_reports ENABLE ROW LEVEL SECURITY;
CREATE POLICY missing_reports_read ON guitu.missing_reports FOR SELECT TO guitu_reader, guitu_writer USING (reporter = ${AGENCY});
CREATE POLICY missing_reports_insert ON guitu.missing_reports FOR INSERT TO guitu_writer WITH CHECK (reporter = ${AGENCY});
CREATE POLICY missing_reports_update ON guitu.missing_reports FOR UPDATE TO guitu_writer USING (reporter = ${AGENCY}) WITH CHECK (reporter = ${AGENCY});
ALTER TABLE guitu.missing_candidates ENABLE ROW LEVEL SECURITY;
CREATE POLICY missing_candidates_read ON guitu.missing_candidates FOR SELECT TO guitu_reader, guitu_writer USING (${OWN_INQUIRY});
CREATE POLICY missing_candidates_update ON guitu.missing_candidates FOR UPDATE TO guitu_writer USING (${OWN_INQUIRY}) WITH CHECK (${OWN_INQUIRY});
ALTER TABLE guitu.missing_results ENABLE ROW LEVEL SECURITY;
CREATE POLICY missing_results_read ON guitu.missing_results FOR SELECT TO guitu_reader, guitu_writer USING (EXISTS (SELECT FROM guitu.missing_reports r WHERE r.id = report_id AND r.reporter = ${AGENCY}));
GRANT SELECT ON guitu.missing_reports, guitu.missing_candidates, guitu.missing_results TO guitu_reader, guitu_writer;
GRANT INSERT, UPDATE ON guitu.missing_reports TO guitu_writer;
GRANT UPDATE ON guitu.missing_candidates TO guitu_writer;
`;

/**
 * Acts between a station and public security that never see one another's records. A comparison gives the station, of whom it holds, open reports that may be about the same person, the
 * likeliest first, and never more unanswered ones at a time than \`most\`; of protected persons there are none on either side. A report that changes or is closed changes what stations were given.
 * Only what two members of staff confirmed and said to tell is told.
 * Rows are taken in one order, so that nobody waits for the other in vain: report, inquiry, candidate.
 */
const CROSSINGS = `
CREATE FUNCTION guitu.compare_missing_reports(of_inquiry uuid, most integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE sought identity_inquiries; held persons; entered date; free integer; report missing_reports;
BEGIN
  SELECT i.* INTO sought FROM identity_inquiries i WHERE i.id = of_inquiry AND i.station = nullif(current_setting('guitu.agency', true), '')::uuid;
  SELECT max(s.entered_on) INTO entered FROM stays s WHERE s.person_id = sought.person_id AND s.station = sought.station AND s.left_on IS NULL;
  IF entered IS NULL OR EXISTS (SELECT FROM protections p WHERE p.person_id = sought.person_id) THEN RETURN; END IF;
  SELECT p.* INTO held FROM persons p WHERE p.id = sought.person_id;
  SELECT most - count(*) INTO free FROM missing_candidates c
    WHERE c.inquiry_id = of_inquiry AND c.verdict IS NULL AND NOT c.ended AND NOT EXISTS (SELECT FROM protections p WHERE p.person_id = c.person_id);
  FOR report IN
    SELECT r.* FROM missing_reports r
    CROSS JOIN LATERAL (SELECT r.person_id = held.id OR EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = of_inquiry AND c.person_id = r.person_id AND NOT c.suppressed AND c.rejected_reason IS NULL) AS number) same
    CROSS JOIN LATERAL (SELECT r.name IN (sought.called_name, held.name) OR EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = of_inquiry AND c.name = r.name AND NOT c.suppressed AND c.rejected_reason IS NULL) AS name) called
    WHERE r.state = 'OPEN' AND r.missing_since <= entered
      AND (same.number OR (r.sex = held.sex OR coalesce(r.sex, '') NOT IN ('MALE', 'FEMALE') OR coalesce(held.sex, '') NOT IN ('MALE', 'FEMALE'))
        AND (r.born_on IS NULL OR held.born_on IS NULL OR r.born_on BETWEEN held.born_on - interval '5 years' AND held.born_on + interval '5 years'))
      AND NOT EXISTS (SELECT FROM protections p WHERE p.person_id = r.person_id)
      AND NOT EXISTS (SELECT FROM missing_candidates c WHERE c.inquiry_id = of_inquiry AND c.report_id = r.id)
    ORDER BY coalesce(same.number, FALSE) DESC, coalesce(called.name, FALSE) DESC, abs(r.born_on - held.born_on) NULLS LAST, r.missing_since DESC, r.report_no
    LIMIT greatest(free, 0) FOR SHARE OF r
  LOOP
    INSERT INTO missing_candidates (inquiry_id, step, report_id, report_no, person_id, reporter, name, sex, birth_year, home_division, missing_since, looks)
      SELECT of_inquiry, 1 + count(*), report.id, report.report_no, report.person_id, report.reporter, report.name, report.sex, extract(year FROM report.born_on), report.home_division, report.missing_since, report.looks
      FROM missing_candidates c WHERE c.inquiry_id = of_inquiry;
  END LOOP;
END $$;

CREATE FUNCTION guitu.renew_missing_candidates(of_report uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
BEGIN
  -- An act on an inquiry under way ends first: it is asked of the policy on what the inquiry held when it began.
  PERFORM FROM identity_inquiries i WHERE i.id IN (SELECT c.inquiry_id FROM missing_candidates c JOIN missing_reports r ON r.id = c.report_id WHERE r.id = of_report AND r.reporter = nullif(current_setting('guitu.agency', true), '')::uuid)
    ORDER BY i.id FOR NO KEY UPDATE;
  UPDATE missing_candidates c SET ended = c.ended OR r.state <> 'OPEN', person_id = r.person_id
  FROM missing_reports r WHERE r.id = of_report AND c.report_id = r.id AND r.reporter = nullif(current_setting('guitu.agency', true), '')::uuid;
  -- What nobody has decided on is what the report says now, and a first word was about what it said then.
  UPDATE missing_candidates c SET name = r.name, sex = r.sex, birth_year = extract(year FROM r.born_on), home_division = r.home_division, missing_since = r.missing_since, looks = r.looks, first_confirmed_by = NULL, tell = NULL, reason = NULL
  FROM missing_reports r WHERE r.id = of_report AND c.report_id = r.id AND c.verdict IS NULL AND NOT c.ended AND r.reporter = nullif(current_setting('guitu.agency', true), '')::uuid;
END $$;

CREATE FUNCTION guitu.hold_missing_candidate(of_inquiry uuid, no text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
BEGIN
  -- Whoever changes the report changes its candidates with it: looked at once nobody else can.
  PERFORM FROM missing_reports r WHERE r.id = (SELECT c.report_id FROM missing_candidates c JOIN identity_inquiries i ON i.id = c.inquiry_id
    WHERE c.inquiry_id = of_inquiry AND c.report_no = no AND i.station = nullif(current_setting('guitu.agency', true), '')::uuid) FOR NO KEY UPDATE;
  RETURN EXISTS (SELECT FROM missing_candidates c JOIN identity_inquiries i ON i.id = c.inquiry_id
    WHERE c.inquiry_id = of_inquiry AND c.report_no = no AND i.station = nullif(current_setting('guitu.agency', true), '')::uuid AND NOT c.ended
      AND NOT EXISTS (SELECT FROM protections p WHERE p.person_id IN (i.person_id, c.person_id)));
END $$;

CREATE FUNCTION guitu.tell_missing_result(of_candidate uuid, of_contact uuid, today date, now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE told missing_candidates; held uuid;
BEGIN
  SELECT c.* INTO told FROM missing_candidates c JOIN identity_inquiries i ON i.id = c.inquiry_id
    WHERE c.id = of_candidate AND i.station = nullif(current_setting('guitu.agency', true), '')::uuid AND c.verdict = 'SAME_PERSON' AND c.tell AND NOT c.ended;
  SELECT i.person_id INTO held FROM identity_inquiries i WHERE i.id = told.inquiry_id;
  IF held IS NULL OR EXISTS (SELECT FROM protections p WHERE p.person_id IN (held, told.person_id)) THEN RETURN; END IF;
  INSERT INTO missing_results (report_id, step, candidate_id, person_id, contact, told_on) SELECT told.report_id, 1 + count(*), told.id, held, of_contact, today FROM missing_results r WHERE r.report_id = told.report_id;
  INSERT INTO outbox (at, topic, record, record_id) VALUES (now, 'missing.told', 'MissingReport', told.report_id);
END $$;
REVOKE ALL ON FUNCTION guitu.compare_missing_reports(uuid, integer), guitu.renew_missing_candidates(uuid), guitu.hold_missing_candidate(uuid, text), guitu.tell_missing_result(uuid, uuid, date, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.compare_missing_reports(uuid, integer), guitu.renew_missing_candidates(uuid), guitu.hold_missing_candidate(uuid, text), guitu.tell_missing_result(uuid, uuid, date, timestamptz) TO guitu_writer;
`;
