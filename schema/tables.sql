-- The database as the migrations leave it, read from its catalog; for people and reviews, not to be run. Do not edit. Renewed by
-- npm run build && node dist/test/tools/dump-tables.js

CREATE TABLE guitu.agencies (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  code text COLLATE "C" NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  level text NOT NULL,
  division text COLLATE "C" NOT NULL,
  phone text,
  suspended_at timestamp with time zone,
  CONSTRAINT agencies_code_key UNIQUE (code),
  CONSTRAINT agencies_division_fkey FOREIGN KEY (division) REFERENCES guitu.divisions(code),
  CONSTRAINT agencies_kind_check CHECK ((kind = ANY (ARRAY['RESCUE_STATION'::text, 'CIVIL_AFFAIRS'::text, 'PUBLIC_SECURITY'::text, 'HEALTH'::text, 'POVERTY_RELIEF'::text, 'TOWNSHIP'::text, 'DATA_AUTHORITY'::text, 'AUDIT'::text, 'PARTNER'::text]))),
  CONSTRAINT agencies_level_check CHECK ((level = ANY (ARRAY['MINISTRY'::text, 'PROVINCE'::text, 'PREFECTURE'::text, 'COUNTY'::text, 'TOWNSHIP'::text]))),
  CONSTRAINT agencies_pkey PRIMARY KEY (id)
);
CREATE INDEX agencies_place ON guitu.agencies USING btree (division, kind);
CREATE TRIGGER agencies_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON guitu.agencies FOR EACH STATEMENT EXECUTE FUNCTION guitu.move_directory_version();
GRANT SELECT ON guitu.agencies TO guitu_clock;
GRANT SELECT ON guitu.agencies TO guitu_reader;
GRANT SELECT ON guitu.agencies TO guitu_writer;

CREATE TABLE guitu.at_risk_entries (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  entry_no text COLLATE "C" NOT NULL,
  state text NOT NULL,
  person_id uuid NOT NULL,
  division text COLLATE "C" NOT NULL,
  enrolled_by uuid NOT NULL,
  township uuid,
  risk_classes text[] NOT NULL,
  care_codes text[] NOT NULL DEFAULT '{}'::text[],
  repeated_wandering boolean,
  diagnosis text,
  disability_card_sealed text,
  enrolled_on date NOT NULL,
  term_from date,
  return_case uuid,
  revisit_station uuid,
  surveyed_id_number_sealed text,
  surveyed_id_number_hash text,
  roster_sent_at timestamp with time zone,
  next_visit_by date,
  revisit_by date,
  transfer_to text COLLATE "C",
  ended_on date,
  end_reason text,
  revisit_case uuid,
  CONSTRAINT at_risk_entries_care_codes_check CHECK ((care_codes <@ ARRAY['VISIT_IN_PERSON'::text, 'PHONE_CALL'::text, 'MEDICATION'::text, 'LOCATION_BRACELET'::text, 'LIVELIHOOD_SUPPORT'::text, 'COMPANION'::text, 'MOBILITY_AID'::text, 'GUARDIAN_CONTACT'::text])),
  CONSTRAINT at_risk_entries_check CHECK (((surveyed_id_number_sealed IS NULL) = (surveyed_id_number_hash IS NULL))),
  CONSTRAINT at_risk_entries_division_fkey FOREIGN KEY (division) REFERENCES guitu.divisions(code),
  CONSTRAINT at_risk_entries_end_reason_check CHECK ((end_reason = ANY (ARRAY['TERM_ENDED'::text, 'DIED'::text, 'MERGED'::text, 'ERROR'::text]))),
  CONSTRAINT at_risk_entries_enrolled_by_fkey FOREIGN KEY (enrolled_by) REFERENCES guitu.agencies(id),
  CONSTRAINT at_risk_entries_entry_no_key UNIQUE (entry_no),
  CONSTRAINT at_risk_entries_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT at_risk_entries_pkey PRIMARY KEY (id),
  CONSTRAINT at_risk_entries_return_case_fkey FOREIGN KEY (return_case) REFERENCES guitu.return_cases(id),
  CONSTRAINT at_risk_entries_revisit_case_fkey FOREIGN KEY (revisit_case) REFERENCES guitu.return_cases(id),
  CONSTRAINT at_risk_entries_revisit_station_fkey FOREIGN KEY (revisit_station) REFERENCES guitu.agencies(id),
  CONSTRAINT at_risk_entries_risk_classes_check CHECK ((risk_classes <@ ARRAY['MENTAL_DISORDER'::text, 'ALZHEIMER'::text, 'PHYSICAL_DISABILITY'::text, 'INTELLECTUAL_DISABILITY'::text, 'REPEATED_VAGRANCY'::text, 'MINOR_IN_HARDSHIP'::text, 'ELDERLY_LIVING_ALONE'::text])),
  CONSTRAINT at_risk_entries_state_check CHECK ((state = ANY (ARRAY['SUBMITTED'::text, 'INCOMPLETE'::text, 'REJECTED'::text, 'ACTIVE'::text, 'WANDERING'::text, 'TRANSFERRING'::text, 'ENDED'::text]))),
  CONSTRAINT at_risk_entries_township_fkey FOREIGN KEY (township) REFERENCES guitu.agencies(id),
  CONSTRAINT at_risk_entries_transfer_to_fkey FOREIGN KEY (transfer_to) REFERENCES guitu.divisions(code)
);
CREATE INDEX at_risk_entries_area ON guitu.at_risk_entries USING btree (division);
CREATE INDEX at_risk_entries_author ON guitu.at_risk_entries USING btree (enrolled_by);
CREATE INDEX at_risk_entries_person ON guitu.at_risk_entries USING btree (person_id);
CREATE INDEX at_risk_entries_revisit_case ON guitu.at_risk_entries USING btree (revisit_case) WHERE (revisit_case IS NOT NULL);
CREATE INDEX at_risk_entries_surveyed ON guitu.at_risk_entries USING btree (surveyed_id_number_hash) WHERE (surveyed_id_number_hash IS NOT NULL);
CREATE INDEX at_risk_entries_township ON guitu.at_risk_entries USING btree (township);
CREATE INDEX at_risk_entries_transfer ON guitu.at_risk_entries USING btree (transfer_to) WHERE (transfer_to IS NOT NULL);
ALTER TABLE guitu.at_risk_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY at_risk_entries_insert ON guitu.at_risk_entries FOR INSERT TO guitu_writer
  WITH CHECK (((enrolled_by = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) AND (((division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(division)))));
CREATE POLICY at_risk_entries_read ON guitu.at_risk_entries FOR SELECT TO guitu_reader, guitu_writer
  USING (((enrolled_by = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (township = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = ANY (ARRAY['CIVIL_AFFAIRS'::text, 'RESCUE_STATION'::text])) AND (((division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(division)))) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (((transfer_to >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (transfer_to < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(transfer_to))))));
CREATE POLICY at_risk_entries_update ON guitu.at_risk_entries FOR UPDATE TO guitu_writer
  USING (((enrolled_by = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (township = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (revisit_station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (((division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(division)) OR (((transfer_to >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (transfer_to < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(transfer_to)))))))
  WITH CHECK (((enrolled_by = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (township = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (revisit_station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (((division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(division))))));
GRANT SELECT ON guitu.at_risk_entries TO guitu_reader;
GRANT INSERT, SELECT, UPDATE ON guitu.at_risk_entries TO guitu_writer;
COMMENT ON COLUMN guitu.at_risk_entries.return_case IS 'the return from which it was enrolled; NULL: found in a survey';
COMMENT ON COLUMN guitu.at_risk_entries.revisit_station IS 'the station that returned the person, in whose rates it counts; NULL: none did';
COMMENT ON COLUMN guitu.at_risk_entries.surveyed_id_number_sealed IS 'what a survey claims; it leads to no shared person, and serves the entry match alone';
COMMENT ON COLUMN guitu.at_risk_entries.next_visit_by IS 'last day of the township visit that is owed; NULL: none is';
COMMENT ON COLUMN guitu.at_risk_entries.revisit_by IS 'last day of the station''s own revisit that is owed; NULL: none is';
COMMENT ON COLUMN guitu.at_risk_entries.transfer_to IS 'county that it is being handed to, while TRANSFERRING';
COMMENT ON COLUMN guitu.at_risk_entries.revisit_case IS 'the return whose own duty stands for the revisit that is owed; NULL: the duty is the entry''s';

CREATE TABLE guitu.at_risk_transitions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  entry_id uuid NOT NULL,
  step integer NOT NULL,
  from_state text,
  to_state text NOT NULL,
  at timestamp with time zone NOT NULL,
  agency_id uuid NOT NULL,
  by_user text NOT NULL,
  reason text,
  document_no text,
  document_date date,
  CONSTRAINT at_risk_transitions_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT at_risk_transitions_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES guitu.at_risk_entries(id),
  CONSTRAINT at_risk_transitions_entry_id_step_key UNIQUE (entry_id, step),
  CONSTRAINT at_risk_transitions_pkey PRIMARY KEY (id)
);
ALTER TABLE guitu.at_risk_transitions ENABLE ROW LEVEL SECURITY;
CREATE POLICY at_risk_transitions_insert ON guitu.at_risk_transitions FOR INSERT TO guitu_writer
  WITH CHECK (((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM guitu.at_risk_entries e
  WHERE (e.id = at_risk_transitions.entry_id)))));
CREATE POLICY at_risk_transitions_read ON guitu.at_risk_transitions FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.at_risk_entries e
  WHERE (e.id = at_risk_transitions.entry_id)
 OFFSET 0)));
GRANT SELECT ON guitu.at_risk_transitions TO guitu_reader;
GRANT INSERT, SELECT ON guitu.at_risk_transitions TO guitu_writer;

CREATE TABLE guitu.calendar_days (
  day date NOT NULL,
  working boolean NOT NULL,
  name text,
  CONSTRAINT calendar_days_pkey PRIMARY KEY (day)
);
GRANT SELECT ON guitu.calendar_days TO guitu_clock;
GRANT SELECT ON guitu.calendar_days TO guitu_reader;
GRANT SELECT ON guitu.calendar_days TO guitu_writer;

CREATE TABLE guitu.corrections (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  correction_no text COLLATE "C" NOT NULL,
  state text NOT NULL,
  record text NOT NULL,
  record_id uuid NOT NULL,
  record_no text COLLATE "C",
  field text NOT NULL,
  person_id uuid,
  born_on date,
  ledger text NOT NULL,
  asked_by uuid NOT NULL,
  by_user text NOT NULL,
  asked_at timestamp with time zone NOT NULL,
  claim text NOT NULL,
  proposed_sealed text,
  provider uuid NOT NULL,
  provider_ledger text NOT NULL,
  source_no text COLLATE "C" NOT NULL,
  shown_as jsonb NOT NULL,
  answer_by date NOT NULL,
  answered_at timestamp with time zone,
  answer text,
  matter text COLLATE "C",
  CONSTRAINT corrections_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES guitu.agencies(id),
  CONSTRAINT corrections_check CHECK ((((state = 'OPEN'::text) = (answered_at IS NULL)) AND ((answered_at IS NULL) = (answer IS NULL)))),
  CONSTRAINT corrections_check1 CHECK ((asked_by <> provider)),
  CONSTRAINT corrections_check2 CHECK (((ledger = 'IDENTITY'::text) = (matter IS NOT NULL))),
  CONSTRAINT corrections_correction_no_key UNIQUE (correction_no),
  CONSTRAINT corrections_ledger_check CHECK ((ledger = ANY (ARRAY['RETURN'::text, 'AT_RISK_CARE'::text, 'SETTLEMENT'::text, 'IDENTITY'::text, 'POVERTY_RELIEF'::text]))),
  CONSTRAINT corrections_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT corrections_pkey PRIMARY KEY (id),
  CONSTRAINT corrections_provider_fkey FOREIGN KEY (provider) REFERENCES guitu.agencies(id),
  CONSTRAINT corrections_provider_ledger_check CHECK ((provider_ledger = ANY (ARRAY['RETURN'::text, 'AT_RISK_CARE'::text, 'SETTLEMENT'::text, 'IDENTITY'::text, 'POVERTY_RELIEF'::text]))),
  CONSTRAINT corrections_state_check CHECK ((state = ANY (ARRAY['OPEN'::text, 'CORRECTED'::text, 'REFUSED'::text])))
);
CREATE INDEX corrections_asked_by ON guitu.corrections USING btree (asked_by);
CREATE INDEX corrections_person ON guitu.corrections USING btree (person_id);
CREATE INDEX corrections_provider ON guitu.corrections USING btree (provider);
CREATE UNIQUE INDEX corrections_waiting ON guitu.corrections USING btree (record_id, field, asked_by) WHERE (state = 'OPEN'::text);
ALTER TABLE guitu.corrections ENABLE ROW LEVEL SECURITY;
CREATE POLICY corrections_insert ON guitu.corrections FOR INSERT TO guitu_writer
  WITH CHECK ((asked_by = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY corrections_read ON guitu.corrections FOR SELECT TO guitu_reader, guitu_writer
  USING (((asked_by = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (provider = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))));
CREATE POLICY corrections_update ON guitu.corrections FOR UPDATE TO guitu_writer
  USING (((asked_by = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (provider = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))
  WITH CHECK ((provider = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON guitu.corrections TO guitu_reader;
GRANT INSERT, SELECT, UPDATE ON guitu.corrections TO guitu_writer;
COMMENT ON COLUMN guitu.corrections.record_no IS 'number of the record as the asking agency holds it; NULL where it holds none';
COMMENT ON COLUMN guitu.corrections.born_on IS 'of the youngest person that it is about, as of the asking; NULL counts as a minor';
COMMENT ON COLUMN guitu.corrections.ledger IS 'the purpose under which the asking agency reads what is written here';
COMMENT ON COLUMN guitu.corrections.provider IS 'who wrote what is said to be wrong, and answers';
COMMENT ON COLUMN guitu.corrections.source_no IS 'number of the record in which the provider wrote it';
COMMENT ON COLUMN guitu.corrections.shown_as IS 'the cells in which the hub shows what is said to be wrong, so that whoever was given one of them is told';
COMMENT ON COLUMN guitu.corrections.matter IS 'number of the inquiry under which it was asked; NULL where no purpose bound it to one';

CREATE TABLE guitu.directory_version (
  one boolean NOT NULL DEFAULT true,
  version bigint NOT NULL,
  CONSTRAINT directory_version_one_check CHECK (one),
  CONSTRAINT directory_version_pkey PRIMARY KEY (one)
);
GRANT SELECT ON guitu.directory_version TO guitu_reader;
GRANT SELECT ON guitu.directory_version TO guitu_writer;
COMMENT ON TABLE guitu.directory_version IS 'moves with every change of agencies and divisions; hub processes hold the directory and read it anew when this has moved';

CREATE TABLE guitu.division_changes (
  abolished text COLLATE "C" NOT NULL,
  successor text COLLATE "C" NOT NULL,
  took_effect date NOT NULL,
  note text,
  CONSTRAINT division_changes_abolished_fkey FOREIGN KEY (abolished) REFERENCES guitu.divisions(code),
  CONSTRAINT division_changes_pkey PRIMARY KEY (abolished, successor),
  CONSTRAINT division_changes_successor_fkey FOREIGN KEY (successor) REFERENCES guitu.divisions(code)
);
GRANT SELECT ON guitu.division_changes TO guitu_clock;
GRANT SELECT ON guitu.division_changes TO guitu_reader;
GRANT SELECT ON guitu.division_changes TO guitu_writer;

CREATE TABLE guitu.divisions (
  code text COLLATE "C" NOT NULL,
  name text NOT NULL,
  level text NOT NULL,
  parent text COLLATE "C",
  valid_until date,
  CONSTRAINT divisions_code_check CHECK ((code ~ '^[0-9]{6}([0-9]{3})?$'::text)),
  CONSTRAINT divisions_level_check CHECK ((level = ANY (ARRAY['MINISTRY'::text, 'PROVINCE'::text, 'PREFECTURE'::text, 'COUNTY'::text, 'TOWNSHIP'::text]))),
  CONSTRAINT divisions_parent_fkey FOREIGN KEY (parent) REFERENCES guitu.divisions(code),
  CONSTRAINT divisions_pkey PRIMARY KEY (code)
);
CREATE INDEX divisions_parent ON guitu.divisions USING btree (parent);
CREATE TRIGGER divisions_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON guitu.divisions FOR EACH STATEMENT EXECUTE FUNCTION guitu.move_directory_version();
GRANT SELECT ON guitu.divisions TO guitu_clock;
GRANT SELECT ON guitu.divisions TO guitu_reader;
GRANT SELECT ON guitu.divisions TO guitu_writer;
COMMENT ON COLUMN guitu.divisions.valid_until IS 'first day on which the code no longer stood for a division; NULL: in force';

CREATE TABLE guitu.duties (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  step text NOT NULL,
  title text NOT NULL,
  record text NOT NULL,
  record_id uuid NOT NULL,
  record_no text COLLATE "C" NOT NULL,
  person_id uuid,
  owner uuid NOT NULL,
  started_at timestamp with time zone NOT NULL,
  due_on date NOT NULL,
  due_at timestamp with time zone NOT NULL,
  provisional boolean NOT NULL,
  amount integer NOT NULL,
  unit text NOT NULL,
  class text NOT NULL,
  reason text NOT NULL,
  reminded_at timestamp with time zone,
  overdue_at timestamp with time zone,
  raised integer NOT NULL DEFAULT 0,
  next_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended text,
  CONSTRAINT duties_check CHECK (((ended_at IS NULL) = (ended IS NULL))),
  CONSTRAINT duties_check1 CHECK (((ended_at IS NULL) OR (next_at IS NULL))),
  CONSTRAINT duties_class_check CHECK ((class = ANY (ARRAY['LAW'::text, 'POLICY'::text, 'DESIGN'::text]))),
  CONSTRAINT duties_ended_check CHECK ((ended = ANY (ARRAY['DONE'::text, 'VOID'::text]))),
  CONSTRAINT duties_owner_fkey FOREIGN KEY (owner) REFERENCES guitu.agencies(id),
  CONSTRAINT duties_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT duties_pkey PRIMARY KEY (id),
  CONSTRAINT duties_unit_check CHECK ((unit = ANY (ARRAY['workingDays'::text, 'calendarMonths'::text, 'calendarYears'::text, 'hours'::text])))
);
CREATE INDEX duties_due ON guitu.duties USING btree (due_on);
CREATE INDEX duties_next ON guitu.duties USING btree (next_at, id) WHERE (next_at IS NOT NULL);
CREATE UNIQUE INDEX duties_open ON guitu.duties USING btree (record_id, step, owner) WHERE (ended_at IS NULL);
CREATE INDEX duties_owner ON guitu.duties USING btree (owner) WHERE (ended_at IS NULL);
CREATE INDEX duties_person ON guitu.duties USING btree (person_id);
CREATE INDEX duties_record ON guitu.duties USING btree (record_id);
CREATE INDEX duties_started ON guitu.duties USING btree (started_at) WHERE (step = 'acknowledgeReturn'::text);
ALTER TABLE guitu.duties ENABLE ROW LEVEL SECURITY;
CREATE POLICY duties_clock ON guitu.duties FOR ALL TO guitu_clock
  USING (true)
  WITH CHECK (true);
CREATE POLICY duties_read ON guitu.duties FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.duty_notices n
  WHERE ((n.duty_id = duties.id) AND (n.agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))));
GRANT INSERT, SELECT, UPDATE ON guitu.duties TO guitu_clock;
GRANT SELECT ON guitu.duties TO guitu_reader;
GRANT SELECT ON guitu.duties TO guitu_writer;
COMMENT ON TABLE guitu.duties IS 'a deadline each: who owes which step on which record, until when';
COMMENT ON COLUMN guitu.duties.step IS 'as in policies/deadlines.yaml';
COMMENT ON COLUMN guitu.duties.due_on IS 'last day on which the duty is met in time, Asia/Shanghai';
COMMENT ON COLUMN guitu.duties.due_at IS 'first instant at which it is late';
COMMENT ON COLUMN guitu.duties.provisional IS 'counted past the last published calendar; counted again when the next one is imported';
COMMENT ON COLUMN guitu.duties.overdue_at IS 'when the clock called it overdue, dated when that was due; never twice';
COMMENT ON COLUMN guitu.duties.raised IS 'to how many levels above its owner it was raised';
COMMENT ON COLUMN guitu.duties.next_at IS 'when the clock acts on it next; NULL: no more';

CREATE TABLE guitu.duty_notices (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  duty_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  kind text NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT duty_notices_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT duty_notices_duty_id_agency_id_key UNIQUE (duty_id, agency_id),
  CONSTRAINT duty_notices_duty_id_fkey FOREIGN KEY (duty_id) REFERENCES guitu.duties(id),
  CONSTRAINT duty_notices_kind_check CHECK ((kind = ANY (ARRAY['OWED'::text, 'RAISED'::text]))),
  CONSTRAINT duty_notices_pkey PRIMARY KEY (id)
);
CREATE INDEX duty_notices_agency ON guitu.duty_notices USING btree (agency_id);
ALTER TABLE guitu.duty_notices ENABLE ROW LEVEL SECURITY;
CREATE POLICY duty_notices_clock ON guitu.duty_notices FOR ALL TO guitu_clock
  USING (true)
  WITH CHECK (true);
CREATE POLICY duty_notices_read ON guitu.duty_notices FOR SELECT TO guitu_reader, guitu_writer
  USING ((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT ON guitu.duty_notices TO guitu_clock;
GRANT SELECT ON guitu.duty_notices TO guitu_reader;
GRANT SELECT ON guitu.duty_notices TO guitu_writer;
COMMENT ON TABLE guitu.duty_notices IS 'what waits for an agency: a duty that it owes, or one of another agency that was raised to it';
COMMENT ON COLUMN guitu.duty_notices.at IS 'when that was due, however late the clock came to it';

CREATE TABLE guitu.ended_protections (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  of_person uuid NOT NULL,
  holding_agency uuid NOT NULL,
  since date NOT NULL,
  basis text NOT NULL,
  by_agency uuid NOT NULL,
  by_user text NOT NULL,
  reason text NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT ended_protections_by_agency_fkey FOREIGN KEY (by_agency) REFERENCES guitu.agencies(id),
  CONSTRAINT ended_protections_holding_agency_fkey FOREIGN KEY (holding_agency) REFERENCES guitu.agencies(id),
  CONSTRAINT ended_protections_of_person_fkey FOREIGN KEY (of_person) REFERENCES guitu.persons(id),
  CONSTRAINT ended_protections_pkey PRIMARY KEY (id)
);
ALTER TABLE guitu.ended_protections ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE guitu.ended_protections IS 'protections that were, and why each ended';

CREATE TABLE guitu.follow_up_visits (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  entry_id uuid NOT NULL,
  regime text NOT NULL,
  agency_id uuid NOT NULL,
  by_user text NOT NULL,
  visited_on date NOT NULL,
  manner text NOT NULL,
  result text NOT NULL,
  note text,
  at timestamp with time zone NOT NULL,
  CONSTRAINT follow_up_visits_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT follow_up_visits_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES guitu.at_risk_entries(id),
  CONSTRAINT follow_up_visits_manner_check CHECK ((manner = ANY (ARRAY['IN_PERSON'::text, 'PHONE'::text, 'OTHER'::text]))),
  CONSTRAINT follow_up_visits_pkey PRIMARY KEY (id),
  CONSTRAINT follow_up_visits_regime_check CHECK ((regime = ANY (ARRAY['TOWNSHIP'::text, 'STATION'::text]))),
  CONSTRAINT follow_up_visits_result_check CHECK ((result = ANY (ARRAY['STABLE'::text, 'NEEDS_AID'::text, 'CARE_LAPSED'::text, 'NOBODY_THERE'::text])))
);
CREATE INDEX follow_up_visits_entry ON guitu.follow_up_visits USING btree (entry_id, visited_on);
ALTER TABLE guitu.follow_up_visits ENABLE ROW LEVEL SECURITY;
CREATE POLICY follow_up_visits_insert ON guitu.follow_up_visits FOR INSERT TO guitu_writer
  WITH CHECK (((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM guitu.at_risk_entries e
  WHERE (e.id = follow_up_visits.entry_id)))));
CREATE POLICY follow_up_visits_read ON guitu.follow_up_visits FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.at_risk_entries e
  WHERE (e.id = follow_up_visits.entry_id)
 OFFSET 0)));
GRANT SELECT ON guitu.follow_up_visits TO guitu_reader;
GRANT INSERT, SELECT ON guitu.follow_up_visits TO guitu_writer;
COMMENT ON COLUMN guitu.follow_up_visits.regime IS 'two regimes, never one counter: the township''s visits, the station''s revisits of whom it returned';
COMMENT ON COLUMN guitu.follow_up_visits.result IS 'NOBODY_THERE is kept and is no visit done';

CREATE TABLE guitu.household_flags (
  household_id uuid NOT NULL,
  state text NOT NULL,
  contact_agency uuid,
  proposed_at timestamp with time zone NOT NULL,
  confirm_by date,
  decided_at timestamp with time zone,
  decided_by text,
  reason text,
  release_on date,
  CONSTRAINT household_flags_check CHECK (((state = 'CONFIRMED'::text) = (release_on IS NOT NULL))),
  CONSTRAINT household_flags_contact_agency_fkey FOREIGN KEY (contact_agency) REFERENCES guitu.agencies(id),
  CONSTRAINT household_flags_household_id_fkey FOREIGN KEY (household_id) REFERENCES guitu.registered_households(id),
  CONSTRAINT household_flags_pkey PRIMARY KEY (household_id),
  CONSTRAINT household_flags_state_check CHECK ((state = ANY (ARRAY['PROPOSED'::text, 'CONFIRMED'::text, 'CLEARED'::text])))
);
ALTER TABLE guitu.household_flags ENABLE ROW LEVEL SECURITY;
CREATE POLICY household_flags_insert ON guitu.household_flags FOR INSERT TO guitu_writer
  WITH CHECK (((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE ((h.id = household_flags.household_id) AND (((h.division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (h.division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(h.division))))))));
CREATE POLICY household_flags_read ON guitu.household_flags FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE (h.id = household_flags.household_id)
 OFFSET 0)));
CREATE POLICY household_flags_update ON guitu.household_flags FOR UPDATE TO guitu_writer
  USING (((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE ((h.id = household_flags.household_id) AND (((h.division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (h.division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(h.division))))))))
  WITH CHECK (((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE ((h.id = household_flags.household_id) AND (((h.division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (h.division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(h.division))))))));
GRANT SELECT ON guitu.household_flags TO guitu_reader;
GRANT SELECT, UPDATE ON guitu.household_flags TO guitu_writer;

CREATE TABLE guitu.household_help (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  household_id uuid NOT NULL,
  measures text[] NOT NULL,
  helped_on date NOT NULL,
  text text,
  agency_id uuid NOT NULL,
  by_user text NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT household_help_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT household_help_household_id_fkey FOREIGN KEY (household_id) REFERENCES guitu.registered_households(id),
  CONSTRAINT household_help_measures_check CHECK (((cardinality(measures) > 0) AND (measures <@ ARRAY['INDUSTRY'::text, 'EMPLOYMENT'::text, 'ALLOWANCE'::text, 'MEDICAL'::text, 'EDUCATION'::text, 'HOUSING'::text, 'CARE_VISIT'::text]))),
  CONSTRAINT household_help_pkey PRIMARY KEY (id)
);
CREATE INDEX household_help_household ON guitu.household_help USING btree (household_id);
ALTER TABLE guitu.household_help ENABLE ROW LEVEL SECURITY;
CREATE POLICY household_help_insert ON guitu.household_help FOR INSERT TO guitu_writer
  WITH CHECK (((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE (h.id = household_help.household_id)))));
CREATE POLICY household_help_read ON guitu.household_help FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE (h.id = household_help.household_id)
 OFFSET 0)));
GRANT SELECT ON guitu.household_help TO guitu_reader;
GRANT INSERT, SELECT ON guitu.household_help TO guitu_writer;

CREATE TABLE guitu.household_matches (
  household_id uuid NOT NULL,
  member_id uuid NOT NULL,
  person_id uuid NOT NULL,
  CONSTRAINT household_matches_household_id_fkey FOREIGN KEY (household_id) REFERENCES guitu.registered_households(id),
  CONSTRAINT household_matches_member_id_fkey FOREIGN KEY (member_id) REFERENCES guitu.household_members(id) ON DELETE CASCADE,
  CONSTRAINT household_matches_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT household_matches_pkey PRIMARY KEY (member_id, person_id)
);
CREATE INDEX household_matches_household ON guitu.household_matches USING btree (household_id);
CREATE INDEX household_matches_person ON guitu.household_matches USING btree (person_id);
ALTER TABLE guitu.household_matches ENABLE ROW LEVEL SECURITY;
CREATE POLICY household_matches_read ON guitu.household_matches FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE (h.id = household_matches.household_id)
 OFFSET 0)));
GRANT SELECT ON guitu.household_matches TO guitu_reader;
GRANT SELECT ON guitu.household_matches TO guitu_writer;

CREATE TABLE guitu.household_members (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  household_id uuid NOT NULL,
  position integer NOT NULL,
  name text NOT NULL,
  id_number_sealed text NOT NULL,
  id_number_hash text NOT NULL,
  born_on date NOT NULL,
  relation text,
  since timestamp with time zone,
  until timestamp with time zone,
  CONSTRAINT household_members_household_id_fkey FOREIGN KEY (household_id) REFERENCES guitu.registered_households(id),
  CONSTRAINT household_members_pkey PRIMARY KEY (id)
);
CREATE INDEX household_members_hash ON guitu.household_members USING btree (id_number_hash);
CREATE UNIQUE INDEX household_members_present ON guitu.household_members USING btree (household_id, id_number_hash) WHERE (until IS NULL);
ALTER TABLE guitu.household_members ENABLE ROW LEVEL SECURITY;
CREATE POLICY household_members_insert ON guitu.household_members FOR INSERT TO guitu_writer
  WITH CHECK ((EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE ((h.id = household_members.household_id) AND (h.office = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))));
CREATE POLICY household_members_read ON guitu.household_members FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE (h.id = household_members.household_id)
 OFFSET 0)));
CREATE POLICY household_members_update ON guitu.household_members FOR UPDATE TO guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE ((h.id = household_members.household_id) AND (h.office = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))))
  WITH CHECK ((EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE ((h.id = household_members.household_id) AND (h.office = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))));
GRANT SELECT ON guitu.household_members TO guitu_reader;
GRANT INSERT, SELECT, UPDATE ON guitu.household_members TO guitu_writer;
COMMENT ON COLUMN guitu.household_members.since IS 'NULL: before this was written down';
COMMENT ON COLUMN guitu.household_members.until IS 'NULL: belongs to the household';

CREATE TABLE guitu.household_periods (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  household_id uuid NOT NULL,
  step integer NOT NULL,
  since timestamp with time zone,
  until timestamp with time zone,
  head_name text NOT NULL,
  division text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  agency_id uuid NOT NULL,
  by_user text,
  CONSTRAINT household_periods_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT household_periods_division_fkey FOREIGN KEY (division) REFERENCES guitu.divisions(code),
  CONSTRAINT household_periods_household_id_fkey FOREIGN KEY (household_id) REFERENCES guitu.registered_households(id),
  CONSTRAINT household_periods_household_id_step_key UNIQUE (household_id, step),
  CONSTRAINT household_periods_kind_check CHECK ((kind = ANY (ARRAY['REGISTERED'::text, 'OUT_OF_POVERTY'::text, 'UNSTABLE'::text, 'MARGINAL'::text, 'SUDDEN_HARDSHIP'::text]))),
  CONSTRAINT household_periods_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX household_periods_present ON guitu.household_periods USING btree (household_id) WHERE (until IS NULL);
ALTER TABLE guitu.household_periods ENABLE ROW LEVEL SECURITY;
CREATE POLICY household_periods_insert ON guitu.household_periods FOR INSERT TO guitu_writer
  WITH CHECK (((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE ((h.id = household_periods.household_id) AND (h.office = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY household_periods_read ON guitu.household_periods FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE (h.id = household_periods.household_id)
 OFFSET 0)));
CREATE POLICY household_periods_update ON guitu.household_periods FOR UPDATE TO guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE ((h.id = household_periods.household_id) AND (h.office = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))))
  WITH CHECK ((EXISTS ( SELECT
   FROM guitu.registered_households h
  WHERE ((h.id = household_periods.household_id) AND (h.office = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))));
GRANT SELECT ON guitu.household_periods TO guitu_reader;
GRANT INSERT, SELECT, UPDATE ON guitu.household_periods TO guitu_writer;
COMMENT ON COLUMN guitu.household_periods.since IS 'NULL: before this was written down';

CREATE TABLE guitu.idempotency_keys (
  agency_id uuid NOT NULL,
  key text NOT NULL,
  operation text NOT NULL,
  request_hash text NOT NULL,
  outcome jsonb,
  at timestamp with time zone NOT NULL,
  CONSTRAINT idempotency_keys_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (agency_id, key)
);
ALTER TABLE guitu.idempotency_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY idempotency_keys_insert ON guitu.idempotency_keys FOR INSERT TO guitu_writer
  WITH CHECK ((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY idempotency_keys_read ON guitu.idempotency_keys FOR SELECT TO guitu_reader, guitu_writer
  USING ((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY idempotency_keys_update ON guitu.idempotency_keys FOR UPDATE TO guitu_writer
  USING ((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))
  WITH CHECK ((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON guitu.idempotency_keys TO guitu_writer;
COMMENT ON COLUMN guitu.idempotency_keys.outcome IS 'ids and counts of what was done; a replay reads the records again under the policy of its own day';

CREATE TABLE guitu.identity_inquiries (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  inquiry_no text COLLATE "C" NOT NULL,
  state text NOT NULL,
  level text NOT NULL,
  resume_state text,
  person_id uuid NOT NULL,
  station uuid NOT NULL,
  division text COLLATE "C" NOT NULL,
  civil_affairs uuid NOT NULL,
  police uuid NOT NULL,
  asked_county uuid,
  asked_prefecture uuid,
  asked_province uuid,
  asked_ministry uuid,
  opened_at timestamp with time zone NOT NULL,
  due_by date,
  provisional boolean NOT NULL DEFAULT false,
  own_comparison text NOT NULL,
  methods text[] NOT NULL,
  called_name text,
  features text,
  photo_digest text,
  dna_sample_no text,
  new_evidence text,
  outcome text,
  CONSTRAINT identity_inquiries_asked_county_fkey FOREIGN KEY (asked_county) REFERENCES guitu.agencies(id),
  CONSTRAINT identity_inquiries_asked_ministry_fkey FOREIGN KEY (asked_ministry) REFERENCES guitu.agencies(id),
  CONSTRAINT identity_inquiries_asked_prefecture_fkey FOREIGN KEY (asked_prefecture) REFERENCES guitu.agencies(id),
  CONSTRAINT identity_inquiries_asked_province_fkey FOREIGN KEY (asked_province) REFERENCES guitu.agencies(id),
  CONSTRAINT identity_inquiries_check CHECK (((state = 'CANDIDATE'::text) = (resume_state IS NOT NULL))),
  CONSTRAINT identity_inquiries_check1 CHECK (((state = 'WITHDRAWN'::text) = (outcome IS NOT NULL))),
  CONSTRAINT identity_inquiries_civil_affairs_fkey FOREIGN KEY (civil_affairs) REFERENCES guitu.agencies(id),
  CONSTRAINT identity_inquiries_division_fkey FOREIGN KEY (division) REFERENCES guitu.divisions(code),
  CONSTRAINT identity_inquiries_inquiry_no_key UNIQUE (inquiry_no),
  CONSTRAINT identity_inquiries_level_check CHECK ((level = ANY (ARRAY['COUNTY'::text, 'PREFECTURE'::text, 'PROVINCE'::text, 'MINISTRY'::text]))),
  CONSTRAINT identity_inquiries_methods_check CHECK ((methods <@ ARRAY['FACE'::text, 'DNA'::text, 'FINGERPRINT'::text, 'HUKOU'::text, 'MISSING_BASE'::text])),
  CONSTRAINT identity_inquiries_outcome_check CHECK ((outcome = ANY (ARRAY['LEFT'::text, 'DIED'::text, 'TOLD_US'::text]))),
  CONSTRAINT identity_inquiries_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT identity_inquiries_pkey PRIMARY KEY (id),
  CONSTRAINT identity_inquiries_police_fkey FOREIGN KEY (police) REFERENCES guitu.agencies(id),
  CONSTRAINT identity_inquiries_resume_state_check CHECK ((resume_state = ANY (ARRAY['OPEN'::text, 'UNRESOLVED'::text, 'AT_CIVIL'::text, 'EXHAUSTED'::text]))),
  CONSTRAINT identity_inquiries_state_check CHECK ((state = ANY (ARRAY['OPEN'::text, 'UNRESOLVED'::text, 'AT_CIVIL'::text, 'CANDIDATE'::text, 'IDENTIFIED'::text, 'EXHAUSTED'::text, 'WITHDRAWN'::text]))),
  CONSTRAINT identity_inquiries_station_fkey FOREIGN KEY (station) REFERENCES guitu.agencies(id)
);
CREATE INDEX identity_inquiries_area ON guitu.identity_inquiries USING btree (division);
CREATE INDEX identity_inquiries_person ON guitu.identity_inquiries USING btree (person_id);
CREATE INDEX identity_inquiries_station ON guitu.identity_inquiries USING btree (station);
ALTER TABLE guitu.identity_inquiries ENABLE ROW LEVEL SECURITY;
CREATE POLICY identity_inquiries_insert ON guitu.identity_inquiries FOR INSERT TO guitu_writer
  WITH CHECK ((station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY identity_inquiries_read ON guitu.identity_inquiries FOR SELECT TO guitu_reader, guitu_writer
  USING (((station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (civil_affairs = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (police = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (asked_county = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (asked_prefecture = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (asked_province = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (asked_ministry = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (((division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(division))))));
CREATE POLICY identity_inquiries_update ON guitu.identity_inquiries FOR UPDATE TO guitu_writer
  USING (((station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (civil_affairs = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (police = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (asked_county = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (asked_prefecture = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (asked_province = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (asked_ministry = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (((division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(division))))))
  WITH CHECK (((station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (civil_affairs = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (police = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (asked_county = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (asked_prefecture = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (asked_province = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (asked_ministry = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (((division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(division))))));
GRANT SELECT ON guitu.identity_inquiries TO guitu_reader;
GRANT INSERT, SELECT, UPDATE ON guitu.identity_inquiries TO guitu_writer;
COMMENT ON COLUMN guitu.identity_inquiries.version IS 'random, drawn anew with every act';
COMMENT ON COLUMN guitu.identity_inquiries.resume_state IS 'where the inquiry stood when a hit came, and stands again when no candidate is left';
COMMENT ON COLUMN guitu.identity_inquiries.civil_affairs IS 'the department that collects and passes on at the present level';
COMMENT ON COLUMN guitu.identity_inquiries.police IS 'asked last; those asked before stand in the columns of their levels';
COMMENT ON COLUMN guitu.identity_inquiries.due_by IS 'last day in time of what is owed now, as its duty says';
COMMENT ON COLUMN guitu.identity_inquiries.photo_digest IS 'of a photo that is held elsewhere';
COMMENT ON COLUMN guitu.identity_inquiries.dna_sample_no IS 'number of the sample alone; a profile is never held here';

CREATE TABLE guitu.inbox_items (
  id uuid,
  agency_id uuid,
  kind text,
  at timestamp with time zone,
  step text,
  title text,
  record text,
  record_no text COLLATE "C",
  person_id uuid,
  owner uuid,
  started_at timestamp with time zone,
  due_on date,
  due_at timestamp with time zone,
  provisional boolean,
  class text,
  reason text,
  overdue boolean,
  open boolean,
  state text,
  record_id uuid
);
GRANT SELECT ON guitu.inbox_items TO guitu_reader;
GRANT SELECT ON guitu.inbox_items TO guitu_writer;
COMMENT ON COLUMN guitu.inbox_items.overdue IS 'as the clock has called it; it does so within a minute of the end of the term';

CREATE TABLE guitu.inquiry_answers (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  inquiry_id uuid NOT NULL,
  step integer NOT NULL,
  level text NOT NULL,
  police uuid NOT NULL,
  asked_at timestamp with time zone NOT NULL,
  answered_at timestamp with time zone,
  answer text,
  note text,
  CONSTRAINT inquiry_answers_answer_check CHECK ((answer = ANY (ARRAY['HIT'::text, 'NO_HIT'::text, 'BEYOND_AUTHORITY'::text]))),
  CONSTRAINT inquiry_answers_check CHECK (((answered_at IS NULL) = (answer IS NULL))),
  CONSTRAINT inquiry_answers_inquiry_id_fkey FOREIGN KEY (inquiry_id) REFERENCES guitu.identity_inquiries(id),
  CONSTRAINT inquiry_answers_inquiry_id_step_key UNIQUE (inquiry_id, step),
  CONSTRAINT inquiry_answers_level_check CHECK ((level = ANY (ARRAY['COUNTY'::text, 'PREFECTURE'::text, 'PROVINCE'::text, 'MINISTRY'::text]))),
  CONSTRAINT inquiry_answers_pkey PRIMARY KEY (id),
  CONSTRAINT inquiry_answers_police_fkey FOREIGN KEY (police) REFERENCES guitu.agencies(id)
);
ALTER TABLE guitu.inquiry_answers ENABLE ROW LEVEL SECURITY;
CREATE POLICY inquiry_answers_insert ON guitu.inquiry_answers FOR INSERT TO guitu_writer
  WITH CHECK ((EXISTS ( SELECT
   FROM guitu.identity_inquiries i
  WHERE (i.id = inquiry_answers.inquiry_id))));
CREATE POLICY inquiry_answers_read ON guitu.inquiry_answers FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.identity_inquiries i
  WHERE (i.id = inquiry_answers.inquiry_id)
 OFFSET 0)));
CREATE POLICY inquiry_answers_update ON guitu.inquiry_answers FOR UPDATE TO guitu_writer
  USING ((police = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))
  WITH CHECK ((police = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON guitu.inquiry_answers TO guitu_reader;
GRANT INSERT, SELECT, UPDATE ON guitu.inquiry_answers TO guitu_writer;

CREATE TABLE guitu.inquiry_candidates (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  inquiry_id uuid NOT NULL,
  step integer NOT NULL,
  candidate_no text COLLATE "C" NOT NULL,
  person_id uuid,
  suppressed boolean NOT NULL,
  police uuid NOT NULL,
  method text NOT NULL,
  found_at timestamp with time zone NOT NULL,
  name text NOT NULL,
  name_surname text NOT NULL,
  id_number_sealed text,
  sex text,
  birth_date date,
  hukou_division text COLLATE "C",
  note text,
  first_confirmed_by text,
  second_confirmed_by text,
  rejected_reason text,
  CONSTRAINT inquiry_candidates_candidate_no_key UNIQUE (candidate_no),
  CONSTRAINT inquiry_candidates_check CHECK ((first_confirmed_by <> second_confirmed_by)),
  CONSTRAINT inquiry_candidates_check1 CHECK (((second_confirmed_by IS NULL) OR ((first_confirmed_by IS NOT NULL) AND (rejected_reason IS NULL)))),
  CONSTRAINT inquiry_candidates_hukou_division_fkey FOREIGN KEY (hukou_division) REFERENCES guitu.divisions(code),
  CONSTRAINT inquiry_candidates_inquiry_id_fkey FOREIGN KEY (inquiry_id) REFERENCES guitu.identity_inquiries(id),
  CONSTRAINT inquiry_candidates_inquiry_id_step_key UNIQUE (inquiry_id, step),
  CONSTRAINT inquiry_candidates_method_check CHECK ((method = ANY (ARRAY['FACE'::text, 'DNA'::text, 'FINGERPRINT'::text, 'HUKOU'::text, 'MISSING_BASE'::text]))),
  CONSTRAINT inquiry_candidates_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT inquiry_candidates_pkey PRIMARY KEY (id),
  CONSTRAINT inquiry_candidates_police_fkey FOREIGN KEY (police) REFERENCES guitu.agencies(id)
);
CREATE INDEX inquiry_candidates_person ON guitu.inquiry_candidates USING btree (person_id);
CREATE TRIGGER inquiry_candidates_document AFTER UPDATE OF suppressed ON guitu.inquiry_candidates FOR EACH ROW WHEN ((new.suppressed AND (NOT old.suppressed))) EXECUTE FUNCTION guitu.hide_document_of_hit();
ALTER TABLE guitu.inquiry_candidates ENABLE ROW LEVEL SECURITY;
CREATE POLICY inquiry_candidates_read ON guitu.inquiry_candidates FOR SELECT TO guitu_reader, guitu_writer
  USING (((NOT suppressed) AND (EXISTS ( SELECT
   FROM guitu.identity_inquiries i
  WHERE ((i.id = inquiry_candidates.inquiry_id) AND (i.station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))
 OFFSET 0))));
CREATE POLICY inquiry_candidates_update ON guitu.inquiry_candidates FOR UPDATE TO guitu_writer
  USING (((NOT suppressed) AND (EXISTS ( SELECT
   FROM guitu.identity_inquiries i
  WHERE ((i.id = inquiry_candidates.inquiry_id) AND (i.station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))))))
  WITH CHECK (((NOT suppressed) AND (EXISTS ( SELECT
   FROM guitu.identity_inquiries i
  WHERE ((i.id = inquiry_candidates.inquiry_id) AND (i.station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))))));
GRANT SELECT ON guitu.inquiry_candidates TO guitu_reader;
GRANT SELECT, UPDATE ON guitu.inquiry_candidates TO guitu_writer;
COMMENT ON COLUMN guitu.inquiry_candidates.person_id IS 'whoever bears the number; opens nothing, and is who the sought person is once two members of staff have confirmed';
COMMENT ON COLUMN guitu.inquiry_candidates.suppressed IS 'protected when the hit came or since: shown to nobody, and a candidate no more';

CREATE TABLE guitu.inquiry_transitions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  inquiry_id uuid NOT NULL,
  step integer NOT NULL,
  from_state text,
  to_state text NOT NULL,
  level text NOT NULL,
  at timestamp with time zone NOT NULL,
  agency_id uuid NOT NULL,
  by_user text NOT NULL,
  reason text,
  document_no text,
  document_date date,
  CONSTRAINT inquiry_transitions_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT inquiry_transitions_inquiry_id_fkey FOREIGN KEY (inquiry_id) REFERENCES guitu.identity_inquiries(id),
  CONSTRAINT inquiry_transitions_inquiry_id_step_key UNIQUE (inquiry_id, step),
  CONSTRAINT inquiry_transitions_level_check CHECK ((level = ANY (ARRAY['COUNTY'::text, 'PREFECTURE'::text, 'PROVINCE'::text, 'MINISTRY'::text]))),
  CONSTRAINT inquiry_transitions_pkey PRIMARY KEY (id)
);
ALTER TABLE guitu.inquiry_transitions ENABLE ROW LEVEL SECURITY;
CREATE POLICY inquiry_transitions_insert ON guitu.inquiry_transitions FOR INSERT TO guitu_writer
  WITH CHECK (((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM guitu.identity_inquiries i
  WHERE (i.id = inquiry_transitions.inquiry_id)))));
CREATE POLICY inquiry_transitions_read ON guitu.inquiry_transitions FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.identity_inquiries i
  WHERE (i.id = inquiry_transitions.inquiry_id)
 OFFSET 0)));
GRANT SELECT ON guitu.inquiry_transitions TO guitu_reader;
GRANT INSERT, SELECT ON guitu.inquiry_transitions TO guitu_writer;

CREATE TABLE guitu.issuers (
  iss text NOT NULL,
  agency_id uuid NOT NULL,
  jwks jsonb NOT NULL,
  suspended_at timestamp with time zone,
  CONSTRAINT issuers_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT issuers_pkey PRIMARY KEY (iss)
);
GRANT SELECT ON guitu.issuers TO guitu_reader;
GRANT SELECT ON guitu.issuers TO guitu_writer;

CREATE TABLE guitu.missing_candidates (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  inquiry_id uuid NOT NULL,
  step integer NOT NULL,
  report_id uuid NOT NULL,
  report_no text COLLATE "C" NOT NULL,
  person_id uuid,
  ended boolean NOT NULL DEFAULT false,
  reporter uuid NOT NULL,
  name text NOT NULL,
  sex text,
  birth_year integer,
  home_division text COLLATE "C",
  missing_since date NOT NULL,
  looks text,
  verdict text,
  first_confirmed_by text,
  second_confirmed_by text,
  tell boolean,
  reason text,
  CONSTRAINT missing_candidates_check CHECK ((first_confirmed_by <> second_confirmed_by)),
  CONSTRAINT missing_candidates_check1 CHECK (((second_confirmed_by IS NOT NULL) = (NOT (verdict IS DISTINCT FROM 'SAME_PERSON'::text)))),
  CONSTRAINT missing_candidates_check2 CHECK (((tell IS NULL) = (first_confirmed_by IS NULL))),
  CONSTRAINT missing_candidates_home_division_fkey FOREIGN KEY (home_division) REFERENCES guitu.divisions(code),
  CONSTRAINT missing_candidates_inquiry_id_fkey FOREIGN KEY (inquiry_id) REFERENCES guitu.identity_inquiries(id),
  CONSTRAINT missing_candidates_inquiry_id_report_id_key UNIQUE (inquiry_id, report_id),
  CONSTRAINT missing_candidates_inquiry_id_step_key UNIQUE (inquiry_id, step),
  CONSTRAINT missing_candidates_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT missing_candidates_pkey PRIMARY KEY (id),
  CONSTRAINT missing_candidates_report_id_fkey FOREIGN KEY (report_id) REFERENCES guitu.missing_reports(id),
  CONSTRAINT missing_candidates_reporter_fkey FOREIGN KEY (reporter) REFERENCES guitu.agencies(id),
  CONSTRAINT missing_candidates_verdict_check CHECK ((verdict = ANY (ARRAY['SAME_PERSON'::text, 'NOT_THE_SAME'::text])))
);
CREATE INDEX missing_candidates_person ON guitu.missing_candidates USING btree (person_id);
CREATE INDEX missing_candidates_report ON guitu.missing_candidates USING btree (report_id);
ALTER TABLE guitu.missing_candidates ENABLE ROW LEVEL SECURITY;
CREATE POLICY missing_candidates_read ON guitu.missing_candidates FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.identity_inquiries i
  WHERE ((i.id = missing_candidates.inquiry_id) AND (i.station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))
 OFFSET 0)));
CREATE POLICY missing_candidates_update ON guitu.missing_candidates FOR UPDATE TO guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.identity_inquiries i
  WHERE ((i.id = missing_candidates.inquiry_id) AND (i.station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))))
  WITH CHECK ((EXISTS ( SELECT
   FROM guitu.identity_inquiries i
  WHERE ((i.id = missing_candidates.inquiry_id) AND (i.station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))));
GRANT SELECT ON guitu.missing_candidates TO guitu_reader;
GRANT SELECT, UPDATE ON guitu.missing_candidates TO guitu_writer;
COMMENT ON TABLE guitu.missing_candidates IS 'what a station was given of a report when it compared; a relative''s name and telephone are never part of it';
COMMENT ON COLUMN guitu.missing_candidates.person_id IS 'whoever bears the number of the report; the person held is the inquiry''s';
COMMENT ON COLUMN guitu.missing_candidates.ended IS 'the report is closed, or the inquiry was withdrawn before anybody decided: no candidate any more';

CREATE TABLE guitu.missing_reports (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  report_no text COLLATE "C" NOT NULL,
  state text NOT NULL,
  reporter uuid NOT NULL,
  person_id uuid,
  reported_at timestamp with time zone NOT NULL,
  reported_by text NOT NULL,
  closed_at timestamp with time zone,
  closed_by text,
  note text,
  name text NOT NULL,
  id_number_sealed text,
  sex text,
  birth_date date,
  estimated_age integer,
  born_on date,
  home_division text COLLATE "C",
  missing_since date NOT NULL,
  last_seen_division text COLLATE "C",
  looks text,
  kin_name text,
  kin_relation text,
  kin_phone_sealed text,
  CONSTRAINT missing_reports_check CHECK ((((state = 'OPEN'::text) = (closed_at IS NULL)) AND ((closed_at IS NULL) = (closed_by IS NULL)))),
  CONSTRAINT missing_reports_home_division_fkey FOREIGN KEY (home_division) REFERENCES guitu.divisions(code),
  CONSTRAINT missing_reports_last_seen_division_fkey FOREIGN KEY (last_seen_division) REFERENCES guitu.divisions(code),
  CONSTRAINT missing_reports_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT missing_reports_pkey PRIMARY KEY (id),
  CONSTRAINT missing_reports_report_no_key UNIQUE (report_no),
  CONSTRAINT missing_reports_reporter_fkey FOREIGN KEY (reporter) REFERENCES guitu.agencies(id),
  CONSTRAINT missing_reports_state_check CHECK ((state = ANY (ARRAY['OPEN'::text, 'FOUND'::text, 'WITHDRAWN'::text])))
);
CREATE INDEX missing_reports_compared ON guitu.missing_reports USING btree (missing_since) WHERE (state = 'OPEN'::text);
CREATE INDEX missing_reports_person ON guitu.missing_reports USING btree (person_id);
CREATE INDEX missing_reports_reporter ON guitu.missing_reports USING btree (reporter);
ALTER TABLE guitu.missing_reports ENABLE ROW LEVEL SECURITY;
CREATE POLICY missing_reports_insert ON guitu.missing_reports FOR INSERT TO guitu_writer
  WITH CHECK ((reporter = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY missing_reports_read ON guitu.missing_reports FOR SELECT TO guitu_reader, guitu_writer
  USING ((reporter = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY missing_reports_update ON guitu.missing_reports FOR UPDATE TO guitu_writer
  USING ((reporter = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))
  WITH CHECK ((reporter = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON guitu.missing_reports TO guitu_reader;
GRANT INSERT, SELECT, UPDATE ON guitu.missing_reports TO guitu_writer;
COMMENT ON COLUMN guitu.missing_reports.version IS 'random, drawn anew with every act of the reporting agency, and of nobody else';
COMMENT ON COLUMN guitu.missing_reports.person_id IS 'whoever bears the number; opens nothing, and keeps a protected person from being a candidate. NULL: no number was given';

CREATE TABLE guitu.missing_results (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  report_id uuid NOT NULL,
  step integer NOT NULL,
  candidate_id uuid NOT NULL,
  person_id uuid NOT NULL,
  contact uuid NOT NULL,
  told_on date NOT NULL,
  CONSTRAINT missing_results_candidate_id_fkey FOREIGN KEY (candidate_id) REFERENCES guitu.missing_candidates(id),
  CONSTRAINT missing_results_candidate_id_key UNIQUE (candidate_id),
  CONSTRAINT missing_results_contact_fkey FOREIGN KEY (contact) REFERENCES guitu.agencies(id),
  CONSTRAINT missing_results_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT missing_results_pkey PRIMARY KEY (id),
  CONSTRAINT missing_results_report_id_fkey FOREIGN KEY (report_id) REFERENCES guitu.missing_reports(id),
  CONSTRAINT missing_results_report_id_step_key UNIQUE (report_id, step)
);
CREATE INDEX missing_results_person ON guitu.missing_results USING btree (person_id);
ALTER TABLE guitu.missing_results ENABLE ROW LEVEL SECURITY;
CREATE POLICY missing_results_read ON guitu.missing_results FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.missing_reports r
  WHERE ((r.id = missing_results.report_id) AND (r.reporter = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))
 OFFSET 0)));
GRANT SELECT ON guitu.missing_results TO guitu_reader;
GRANT SELECT ON guitu.missing_results TO guitu_writer;
COMMENT ON COLUMN guitu.missing_results.person_id IS 'whom the station holds: protected since, the result is not there';

CREATE TABLE guitu.outbox (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  at timestamp with time zone NOT NULL,
  topic text NOT NULL,
  record text NOT NULL,
  record_id uuid NOT NULL,
  delivered_at timestamp with time zone,
  addressee uuid,
  told jsonb,
  CONSTRAINT outbox_addressee_fkey FOREIGN KEY (addressee) REFERENCES guitu.agencies(id),
  CONSTRAINT outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX outbox_waiting ON guitu.outbox USING btree (at) WHERE (delivered_at IS NULL);
CREATE TRIGGER outbox_results AFTER INSERT ON guitu.outbox FOR EACH ROW WHEN ((new.topic = 'missing.told'::text)) EXECUTE FUNCTION guitu.tell_reporter();
CREATE TRIGGER outbox_tells AFTER INSERT ON guitu.outbox FOR EACH ROW WHEN ((new.addressee IS NOT NULL)) EXECUTE FUNCTION guitu.tell_addressee();
GRANT INSERT ON guitu.outbox TO guitu_clock;
GRANT INSERT ON guitu.outbox TO guitu_writer;
COMMENT ON COLUMN guitu.outbox.addressee IS 'an agency that is told whether or not it may still see the record; NULL: whoever may see it';
COMMENT ON COLUMN guitu.outbox.told IS 'what the notice itself says, where its addressee may no longer see the record: number and field, never a value';

CREATE TABLE guitu.person_merge_rows (
  merge_no text COLLATE "C" NOT NULL,
  held_in text NOT NULL,
  row_id uuid NOT NULL,
  CONSTRAINT person_merge_rows_merge_no_fkey FOREIGN KEY (merge_no) REFERENCES guitu.person_merges(merge_no),
  CONSTRAINT person_merge_rows_pkey PRIMARY KEY (merge_no, held_in, row_id)
);
ALTER TABLE guitu.person_merge_rows ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE guitu.person_merge_rows IS 'the rows that spoke of the merged person, so that parting the two gives each its own again';

CREATE TABLE guitu.person_merges (
  merge_no text COLLATE "C" NOT NULL,
  kept uuid NOT NULL,
  merged uuid NOT NULL,
  merged_was text NOT NULL,
  agency_id uuid NOT NULL,
  by_user text NOT NULL,
  reason text NOT NULL,
  at timestamp with time zone NOT NULL,
  split_at timestamp with time zone,
  split_reason text,
  kept_born_on date,
  CONSTRAINT person_merges_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT person_merges_check CHECK ((kept <> merged)),
  CONSTRAINT person_merges_check1 CHECK (((split_at IS NULL) = (split_reason IS NULL))),
  CONSTRAINT person_merges_kept_fkey FOREIGN KEY (kept) REFERENCES guitu.persons(id),
  CONSTRAINT person_merges_merged_fkey FOREIGN KEY (merged) REFERENCES guitu.persons(id),
  CONSTRAINT person_merges_pkey PRIMARY KEY (merge_no)
);
CREATE TRIGGER person_merges_records AFTER UPDATE ON guitu.person_merges FOR EACH ROW WHEN (((new.split_at IS NOT NULL) AND (old.split_at IS NULL))) EXECUTE FUNCTION guitu.go_with_records();
CREATE TRIGGER person_merges_tellings AFTER UPDATE ON guitu.person_merges FOR EACH ROW WHEN (((new.split_at IS NOT NULL) AND (old.split_at IS NULL))) EXECUTE FUNCTION guitu.tellings_go_along();
CREATE TRIGGER person_merges_younger BEFORE INSERT OR UPDATE ON guitu.person_merges FOR EACH ROW EXECUTE FUNCTION guitu.count_as_younger();
ALTER TABLE guitu.person_merges ENABLE ROW LEVEL SECURITY;
COMMENT ON COLUMN guitu.person_merges.merged_was IS 'identity state of the merged person before';
COMMENT ON COLUMN guitu.person_merges.kept_born_on IS 'when the person that stays was born, by its own facts alone; while merged it counts as the younger of the two';

CREATE TABLE guitu.persons (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  identity_state text NOT NULL DEFAULT 'UNKNOWN'::text,
  name text,
  name_surname text,
  id_number_sealed text,
  id_number_hash text,
  id_number_ends text,
  sex text,
  birth_date date,
  estimated_age integer,
  born_on date,
  hukou_division text COLLATE "C",
  home_division text COLLATE "C",
  address_sealed text,
  kin_name text,
  kin_phone_sealed text,
  kin_phone_ends text,
  merged_into uuid,
  CONSTRAINT persons_check CHECK ((((id_number_hash IS NULL) = (id_number_sealed IS NULL)) AND ((id_number_hash IS NULL) = (id_number_ends IS NULL)))),
  CONSTRAINT persons_estimated_age_check CHECK (((estimated_age >= 0) AND (estimated_age <= 130))),
  CONSTRAINT persons_home_division_fkey FOREIGN KEY (home_division) REFERENCES guitu.divisions(code),
  CONSTRAINT persons_hukou_division_fkey FOREIGN KEY (hukou_division) REFERENCES guitu.divisions(code),
  CONSTRAINT persons_id_number_hash_key UNIQUE (id_number_hash),
  CONSTRAINT persons_identity_state_check CHECK ((identity_state = ANY (ARRAY['UNKNOWN'::text, 'CLAIMED'::text, 'VERIFIED'::text, 'MISTAKEN'::text, 'MERGED'::text]))),
  CONSTRAINT persons_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES guitu.persons(id),
  CONSTRAINT persons_pkey PRIMARY KEY (id),
  CONSTRAINT persons_sex_check CHECK ((sex = ANY (ARRAY['UNKNOWN'::text, 'MALE'::text, 'FEMALE'::text, 'UNSTATED'::text])))
);
ALTER TABLE guitu.persons ENABLE ROW LEVEL SECURITY;
CREATE POLICY persons_clock ON guitu.persons FOR SELECT TO guitu_clock
  USING (true);
CREATE POLICY persons_of_inquiries ON guitu.persons FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.identity_inquiries i
  WHERE (i.person_id = persons.id)
 OFFSET 0)));
CREATE POLICY persons_read ON guitu.persons FOR SELECT TO guitu_reader, guitu_writer
  USING (((EXISTS ( SELECT
   FROM guitu.return_cases c
  WHERE (c.person_id = persons.id)
 OFFSET 0)) OR (EXISTS ( SELECT
   FROM guitu.at_risk_entries e
  WHERE (e.person_id = persons.id)
 OFFSET 0)) OR (EXISTS ( SELECT
   FROM guitu.settlement_cases s
  WHERE (s.person_id = persons.id)
 OFFSET 0)) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (EXISTS ( SELECT
   FROM guitu.household_matches m
  WHERE (m.person_id = persons.id)
 OFFSET 0))) OR (EXISTS ( SELECT
   FROM guitu.protections p
  WHERE ((p.person_id = persons.id) AND ((p.named_unit = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (p.holding_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (p.holding_division = ( SELECT NULLIF(current_setting('guitu.division'::text, true), ''::text) AS "nullif")))))
 OFFSET 0)) OR ((merged_into IS NOT NULL) AND (( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'PARTNER'::text) AND (( SELECT NULLIF(current_setting('guitu.purpose'::text, true), ''::text) AS "nullif") = 'BENEFIT_CHECK'::text) AND (EXISTS ( SELECT
   FROM guitu.return_cases c
  WHERE (c.person_id = persons.merged_into)
 OFFSET 0)))));
GRANT SELECT ON guitu.persons TO guitu_reader;
GRANT SELECT ON guitu.persons TO guitu_writer;
COMMENT ON COLUMN guitu.persons.id_number_hash IS 'keyed hash; the key is in the hub''s key ring, never in the database';
COMMENT ON COLUMN guitu.persons.born_on IS 'birth date as known, else as in the ID number, else as estimated from the age; decides minority; NULL counts as a minor';
COMMENT ON COLUMN guitu.persons.merged_into IS 'the person that this one turned out to be; no ledger speaks of it then';

CREATE TABLE guitu.protections (
  person_id uuid NOT NULL,
  holding_agency uuid NOT NULL,
  holding_division text COLLATE "C" NOT NULL,
  named_unit uuid,
  since date NOT NULL,
  basis text NOT NULL,
  CONSTRAINT protections_holding_agency_fkey FOREIGN KEY (holding_agency) REFERENCES guitu.agencies(id),
  CONSTRAINT protections_holding_division_fkey FOREIGN KEY (holding_division) REFERENCES guitu.divisions(code),
  CONSTRAINT protections_named_unit_fkey FOREIGN KEY (named_unit) REFERENCES guitu.agencies(id),
  CONSTRAINT protections_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT protections_pkey PRIMARY KEY (person_id)
);
CREATE TRIGGER protections_untell AFTER INSERT ON guitu.protections FOR EACH ROW EXECUTE FUNCTION guitu.untell_reporter();
GRANT SELECT ON guitu.protections TO guitu_clock;
GRANT SELECT ON guitu.protections TO guitu_reader;
GRANT SELECT ON guitu.protections TO guitu_writer;
COMMENT ON TABLE guitu.protections IS 'protected persons; a row here is a veto. It holds internal ids only and has no row-level security, because a veto that cannot be read would not hold';

CREATE TABLE guitu.rate_windows (
  agency_id uuid NOT NULL,
  operation text NOT NULL,
  window_start timestamp with time zone NOT NULL,
  items integer NOT NULL,
  CONSTRAINT rate_windows_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT rate_windows_pkey PRIMARY KEY (agency_id, operation, window_start)
);
ALTER TABLE guitu.rate_windows ENABLE ROW LEVEL SECURITY;
CREATE POLICY rate_windows_insert ON guitu.rate_windows FOR INSERT TO guitu_writer
  WITH CHECK ((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY rate_windows_read ON guitu.rate_windows FOR SELECT TO guitu_reader, guitu_writer
  USING ((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY rate_windows_update ON guitu.rate_windows FOR UPDATE TO guitu_writer
  USING ((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))
  WITH CHECK ((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON guitu.rate_windows TO guitu_writer;

CREATE TABLE guitu.record_states (
  record text NOT NULL,
  held_in regclass NOT NULL,
  key text NOT NULL,
  CONSTRAINT record_states_pkey PRIMARY KEY (record)
);
COMMENT ON TABLE guitu.record_states IS 'where the state of a record stands, for inboxes; each ledger adds its own';

CREATE TABLE guitu.registered_households (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  office uuid NOT NULL,
  household_no text COLLATE "C" NOT NULL,
  head_name text NOT NULL,
  division text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  flag_requested_at timestamp with time zone,
  CONSTRAINT registered_households_division_fkey FOREIGN KEY (division) REFERENCES guitu.divisions(code),
  CONSTRAINT registered_households_kind_check CHECK ((kind = ANY (ARRAY['REGISTERED'::text, 'OUT_OF_POVERTY'::text, 'UNSTABLE'::text, 'MARGINAL'::text, 'SUDDEN_HARDSHIP'::text]))),
  CONSTRAINT registered_households_office_fkey FOREIGN KEY (office) REFERENCES guitu.agencies(id),
  CONSTRAINT registered_households_office_household_no_key UNIQUE (office, household_no),
  CONSTRAINT registered_households_pkey PRIMARY KEY (id)
);
CREATE INDEX registered_households_area ON guitu.registered_households USING btree (division);
ALTER TABLE guitu.registered_households ENABLE ROW LEVEL SECURITY;
CREATE POLICY registered_households_insert ON guitu.registered_households FOR INSERT TO guitu_writer
  WITH CHECK ((office = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY registered_households_read ON guitu.registered_households FOR SELECT TO guitu_reader, guitu_writer
  USING (((office = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (((division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(division))))));
CREATE POLICY registered_households_update ON guitu.registered_households FOR UPDATE TO guitu_writer
  USING ((office = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))
  WITH CHECK ((office = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON guitu.registered_households TO guitu_reader;
GRANT INSERT, SELECT, UPDATE ON guitu.registered_households TO guitu_writer;

CREATE TABLE guitu.return_cases (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  case_no text COLLATE "C" NOT NULL,
  state text NOT NULL,
  person_id uuid NOT NULL,
  subject_name text,
  subject_name_surname text,
  subject_id_number_sealed text,
  subject_id_number_hash text,
  subject_sex text,
  subject_birth_date date,
  subject_estimated_age integer,
  subject_born_on date,
  subject_hukou_division text COLLATE "C",
  subject_home_division text COLLATE "C",
  subject_address_sealed text,
  subject_kin_name text,
  subject_kin_phone_sealed text,
  subject_kin_phone_ends text,
  subject_features text,
  destination_agency uuid,
  destination_name text,
  destination_division text COLLATE "C",
  origin_agency uuid NOT NULL,
  origin_division text COLLATE "C" NOT NULL,
  author_agency uuid NOT NULL,
  import_key text,
  notice_no text,
  notice_date date,
  entry_date date,
  leave_date date,
  return_mode text,
  escort_agency uuid,
  escort_name text,
  help_reason text,
  condition text,
  guardian_assessed_on date,
  fit_to_travel boolean,
  sent_at timestamp with time zone,
  acknowledge_by date,
  acknowledged_at timestamp with time zone,
  receive_by date,
  received_at timestamp with time zone,
  provisional boolean NOT NULL DEFAULT false,
  confirmed_at timestamp with time zone,
  home_checked_on date,
  home_committee text,
  home_difficulties text[],
  home_text text,
  remark text,
  changed_at timestamp with time zone NOT NULL,
  closed_at timestamp with time zone,
  coordinator uuid,
  coordinated_by uuid[] NOT NULL DEFAULT '{}'::uuid[],
  trace_ended_by uuid,
  hukou_place text COLLATE "C",
  hukou_agency uuid,
  referred_to uuid[] NOT NULL DEFAULT '{}'::uuid[],
  handling_codes text[] NOT NULL DEFAULT '{}'::text[],
  outcome text,
  revisit_by date,
  hukou_civil_affairs uuid,
  notice_file_digest text,
  custody_place text,
  earlier_returns integer,
  CONSTRAINT return_cases_author_agency_fkey FOREIGN KEY (author_agency) REFERENCES guitu.agencies(id),
  CONSTRAINT return_cases_author_agency_import_key_key UNIQUE (author_agency, import_key),
  CONSTRAINT return_cases_case_no_key UNIQUE (case_no),
  CONSTRAINT return_cases_check CHECK (((destination_agency IS NOT NULL) OR (destination_name IS NOT NULL))),
  CONSTRAINT return_cases_check1 CHECK (((destination_agency IS NULL) = (destination_division IS NULL))),
  CONSTRAINT return_cases_coordinator_fkey FOREIGN KEY (coordinator) REFERENCES guitu.agencies(id),
  CONSTRAINT return_cases_custody_place_check CHECK ((custody_place = ANY (ARRAY['IN_STATION'::text, 'ENTRUSTED'::text, 'HOSPITAL'::text]))),
  CONSTRAINT return_cases_destination_agency_fkey FOREIGN KEY (destination_agency) REFERENCES guitu.agencies(id),
  CONSTRAINT return_cases_destination_division_fkey FOREIGN KEY (destination_division) REFERENCES guitu.divisions(code),
  CONSTRAINT return_cases_earlier_returns_check CHECK ((earlier_returns >= 0)),
  CONSTRAINT return_cases_escort_agency_fkey FOREIGN KEY (escort_agency) REFERENCES guitu.agencies(id),
  CONSTRAINT return_cases_handling_codes_check CHECK ((handling_codes <@ ARRAY['WHEELCHAIR'::text, 'STRETCHER'::text, 'MEDICATION'::text, 'LOSES_WAY'::text, 'CONSTANT_WATCH'::text, 'HEARING_OR_SPEECH'::text, 'SIGHT'::text, 'DIALECT'::text, 'WITH_CHILD'::text, 'SAME_SEX_ESCORT'::text])),
  CONSTRAINT return_cases_hukou_agency_fkey FOREIGN KEY (hukou_agency) REFERENCES guitu.agencies(id),
  CONSTRAINT return_cases_hukou_civil_affairs_fkey FOREIGN KEY (hukou_civil_affairs) REFERENCES guitu.agencies(id),
  CONSTRAINT return_cases_hukou_place_fkey FOREIGN KEY (hukou_place) REFERENCES guitu.divisions(code),
  CONSTRAINT return_cases_notice_file_digest_check CHECK ((notice_file_digest ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT return_cases_origin_agency_fkey FOREIGN KEY (origin_agency) REFERENCES guitu.agencies(id),
  CONSTRAINT return_cases_origin_division_fkey FOREIGN KEY (origin_division) REFERENCES guitu.divisions(code),
  CONSTRAINT return_cases_outcome_check CHECK ((outcome = ANY (ARRAY['NO_DIFFICULTY'::text, 'AIDED'::text, 'PLACED'::text, 'DIED'::text, 'DECLINED'::text, 'MERGED'::text, 'NOT_FOUND'::text]))),
  CONSTRAINT return_cases_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT return_cases_pkey PRIMARY KEY (id),
  CONSTRAINT return_cases_return_mode_check CHECK ((return_mode = ANY (ARRAY['SELF'::text, 'COLLECTED_BY_KIN'::text, 'ESCORTED'::text, 'COLLECTED_BY_ORIGIN'::text]))),
  CONSTRAINT return_cases_state_check CHECK ((state = ANY (ARRAY['DRAFT'::text, 'SENT'::text, 'DISPUTED'::text, 'REFUSED'::text, 'COORDINATING'::text, 'ACKNOWLEDGED'::text, 'NOT_ARRIVED'::text, 'RECEIVED'::text, 'AT_HOME'::text, 'KIN_REFUSED'::text, 'HOME_CHECKED'::text, 'REFERRED'::text, 'AIDED'::text, 'NO_HOME'::text, 'SETTLING'::text, 'CLOSED'::text, 'RECALLED'::text]))),
  CONSTRAINT return_cases_subject_estimated_age_check CHECK (((subject_estimated_age >= 0) AND (subject_estimated_age <= 130))),
  CONSTRAINT return_cases_subject_home_division_fkey FOREIGN KEY (subject_home_division) REFERENCES guitu.divisions(code),
  CONSTRAINT return_cases_subject_hukou_division_fkey FOREIGN KEY (subject_hukou_division) REFERENCES guitu.divisions(code),
  CONSTRAINT return_cases_subject_sex_check CHECK ((subject_sex = ANY (ARRAY['UNKNOWN'::text, 'MALE'::text, 'FEMALE'::text, 'UNSTATED'::text]))),
  CONSTRAINT return_cases_trace_ended_by_fkey FOREIGN KEY (trace_ended_by) REFERENCES guitu.agencies(id)
);
CREATE INDEX return_cases_area ON guitu.return_cases USING btree (origin_division);
CREATE INDEX return_cases_coordinator ON guitu.return_cases USING btree (coordinator) WHERE (coordinator IS NOT NULL);
CREATE INDEX return_cases_destination ON guitu.return_cases USING btree (destination_agency, sent_at DESC NULLS LAST, id DESC);
CREATE INDEX return_cases_destination_area ON guitu.return_cases USING btree (destination_division);
CREATE INDEX return_cases_hukou_civil_affairs ON guitu.return_cases USING btree (hukou_civil_affairs) WHERE (hukou_civil_affairs IS NOT NULL);
CREATE INDEX return_cases_origin ON guitu.return_cases USING btree (origin_agency, sent_at DESC NULLS LAST, id DESC);
CREATE INDEX return_cases_person ON guitu.return_cases USING btree (person_id);
CREATE INDEX return_cases_sent ON guitu.return_cases USING btree (sent_at DESC NULLS LAST, id DESC);
CREATE INDEX return_cases_subject ON guitu.return_cases USING btree (subject_id_number_hash);
ALTER TABLE guitu.return_cases ENABLE ROW LEVEL SECURITY;
CREATE POLICY return_cases_clock ON guitu.return_cases FOR ALL TO guitu_clock
  USING (true)
  WITH CHECK (true);
CREATE POLICY return_cases_insert ON guitu.return_cases FOR INSERT TO guitu_writer
  WITH CHECK (((destination_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (origin_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))));
CREATE POLICY return_cases_read ON guitu.return_cases FOR SELECT TO guitu_reader, guitu_writer
  USING (((author_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((state <> 'DRAFT'::text) AND ((destination_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (origin_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (escort_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (hukou_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (hukou_civil_affairs = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif") = ANY (coordinated_by)) OR (( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif") = ANY (referred_to)) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (((origin_division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (origin_division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(origin_division)) OR (destination_division = ( SELECT NULLIF(current_setting('guitu.division'::text, true), ''::text) AS "nullif")))) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'PARTNER'::text) AND (( SELECT NULLIF(current_setting('guitu.purpose'::text, true), ''::text) AS "nullif") = 'BENEFIT_CHECK'::text) AND (((origin_division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (origin_division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(origin_division)))) OR (EXISTS ( SELECT
   FROM guitu.protections p
  WHERE ((p.person_id = return_cases.person_id) AND (p.named_unit = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))))))));
CREATE POLICY return_cases_update ON guitu.return_cases FOR UPDATE TO guitu_writer
  USING (((destination_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((state <> 'DRAFT'::text) AND ((origin_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (hukou_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (hukou_civil_affairs = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif") = ANY (coordinated_by)) OR (( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif") = ANY (referred_to))))))
  WITH CHECK (((destination_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (origin_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (hukou_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (hukou_civil_affairs = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif") = ANY (coordinated_by)) OR (( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif") = ANY (referred_to))));
GRANT SELECT, UPDATE ON guitu.return_cases TO guitu_clock;
GRANT SELECT ON guitu.return_cases TO guitu_reader;
GRANT INSERT, SELECT, UPDATE ON guitu.return_cases TO guitu_writer;
COMMENT ON COLUMN guitu.return_cases.version IS 'random, drawn anew with every transition: it tells that the case changed, not how often';
COMMENT ON COLUMN guitu.return_cases.subject_born_on IS 'as persons.born_on, of what the author wrote';
COMMENT ON COLUMN guitu.return_cases.confirmed_at IS 'when the other side''s own act confirmed what the author claims; until then the case opens no person, check or flag';
COMMENT ON COLUMN guitu.return_cases.coordinator IS 'who coordinates now; NULL unless COORDINATING';
COMMENT ON COLUMN guitu.return_cases.coordinated_by IS 'everybody who coordinates or has: the boundary of rows; what they are shown the policy says';
COMMENT ON COLUMN guitu.return_cases.trace_ended_by IS 'the side that has said that the trace may end; the other one closes';
COMMENT ON COLUMN guitu.return_cases.hukou_agency IS 'station or civil affairs of the hukou place, called upon when there is no home';
COMMENT ON COLUMN guitu.return_cases.referred_to IS 'addressees of its referrals: the boundary of rows';
COMMENT ON COLUMN guitu.return_cases.revisit_by IS 'last day of the station''s own revisit that is owed; NULL: none is';
COMMENT ON COLUMN guitu.return_cases.hukou_civil_affairs IS 'civil affairs of the hukou place, or the nearest above it; of a person without a home';
COMMENT ON COLUMN guitu.return_cases.notice_file_digest IS 'SHA-256 of the written notice, which is sent otherwise';
COMMENT ON COLUMN guitu.return_cases.custody_place IS 'where the destination side keeps the person until it leaves';
COMMENT ON COLUMN guitu.return_cases.earlier_returns IS 'confirmed returns of the person before this one, anywhere, as they stood when it was confirmed';

CREATE TABLE guitu.return_referrals (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  case_id uuid NOT NULL,
  person_id uuid NOT NULL,
  referral_no text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  addressee uuid NOT NULL,
  help_asked text[] NOT NULL,
  details text,
  referred_at timestamp with time zone NOT NULL,
  answer_by date NOT NULL,
  answered_at timestamp with time zone,
  measures text[],
  answer text,
  CONSTRAINT return_referrals_addressee_fkey FOREIGN KEY (addressee) REFERENCES guitu.agencies(id),
  CONSTRAINT return_referrals_case_id_addressee_key UNIQUE (case_id, addressee),
  CONSTRAINT return_referrals_case_id_fkey FOREIGN KEY (case_id) REFERENCES guitu.return_cases(id),
  CONSTRAINT return_referrals_check CHECK (((answered_at IS NULL) = (measures IS NULL))),
  CONSTRAINT return_referrals_help_asked_check CHECK ((help_asked <@ ARRAY['SPECIAL_HARDSHIP_SUPPORT'::text, 'SUBSISTENCE_ALLOWANCE'::text, 'TEMPORARY_ASSISTANCE'::text, 'MEDICAL_INSURANCE'::text, 'SOCIAL_INSURANCE'::text, 'DISABILITY_SUBSIDY'::text, 'CHILD_PROTECTION'::text])),
  CONSTRAINT return_referrals_measures_check CHECK ((measures <@ ARRAY['SPECIAL_HARDSHIP_SUPPORT'::text, 'SUBSISTENCE_ALLOWANCE'::text, 'TEMPORARY_ASSISTANCE'::text, 'MEDICAL_INSURANCE'::text, 'SOCIAL_INSURANCE'::text, 'DISABILITY_SUBSIDY'::text, 'CHILD_PROTECTION'::text, 'NONE'::text])),
  CONSTRAINT return_referrals_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT return_referrals_pkey PRIMARY KEY (id),
  CONSTRAINT return_referrals_referral_no_key UNIQUE (referral_no)
);
CREATE INDEX return_referrals_person ON guitu.return_referrals USING btree (person_id);
ALTER TABLE guitu.return_referrals ENABLE ROW LEVEL SECURITY;
CREATE POLICY return_referrals_insert ON guitu.return_referrals FOR INSERT TO guitu_writer
  WITH CHECK ((EXISTS ( SELECT
   FROM guitu.return_cases c
  WHERE ((c.id = return_referrals.case_id) AND (c.origin_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))));
CREATE POLICY return_referrals_read ON guitu.return_referrals FOR SELECT TO guitu_reader, guitu_writer
  USING (((addressee = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = ANY (ARRAY['RESCUE_STATION'::text, 'CIVIL_AFFAIRS'::text])) AND (EXISTS ( SELECT
   FROM guitu.return_cases c
  WHERE (c.id = return_referrals.case_id)
 OFFSET 0)))));
CREATE POLICY return_referrals_update ON guitu.return_referrals FOR UPDATE TO guitu_writer
  USING ((addressee = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))
  WITH CHECK ((addressee = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON guitu.return_referrals TO guitu_reader;
GRANT INSERT, SELECT, UPDATE ON guitu.return_referrals TO guitu_writer;

CREATE TABLE guitu.return_revisits (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  case_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  by_user text NOT NULL,
  visited_on date NOT NULL,
  manner text NOT NULL,
  result text NOT NULL,
  note text,
  at timestamp with time zone NOT NULL,
  CONSTRAINT return_revisits_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT return_revisits_case_id_fkey FOREIGN KEY (case_id) REFERENCES guitu.return_cases(id),
  CONSTRAINT return_revisits_manner_check CHECK ((manner = ANY (ARRAY['IN_PERSON'::text, 'PHONE'::text, 'OTHER'::text]))),
  CONSTRAINT return_revisits_pkey PRIMARY KEY (id),
  CONSTRAINT return_revisits_result_check CHECK ((result = ANY (ARRAY['STABLE'::text, 'NEEDS_AID'::text, 'CARE_LAPSED'::text, 'NOBODY_THERE'::text])))
);
CREATE INDEX return_revisits_case ON guitu.return_revisits USING btree (case_id, visited_on);
ALTER TABLE guitu.return_revisits ENABLE ROW LEVEL SECURITY;
CREATE POLICY return_revisits_insert ON guitu.return_revisits FOR INSERT TO guitu_writer
  WITH CHECK (((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) AND (( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'RESCUE_STATION'::text) AND (EXISTS ( SELECT
   FROM guitu.return_cases c
  WHERE ((c.id = return_revisits.case_id) AND (c.origin_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY return_revisits_read ON guitu.return_revisits FOR SELECT TO guitu_reader, guitu_writer
  USING (((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (EXISTS ( SELECT
   FROM guitu.return_cases c
  WHERE ((c.id = return_revisits.case_id) AND (((c.origin_division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (c.origin_division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(c.origin_division))))
 OFFSET 0)))));
GRANT SELECT ON guitu.return_revisits TO guitu_reader;
GRANT INSERT, SELECT ON guitu.return_revisits TO guitu_writer;
COMMENT ON TABLE guitu.return_revisits IS 'what a station found when it revisited a returnee whom it received; its revisits of the registry stand in follow_up_visits';
COMMENT ON COLUMN guitu.return_revisits.result IS 'NOBODY_THERE is kept and is no revisit done';

CREATE TABLE guitu.return_transitions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  case_id uuid NOT NULL,
  step integer NOT NULL,
  from_state text,
  to_state text NOT NULL,
  at timestamp with time zone NOT NULL,
  agency_id uuid NOT NULL,
  by_user text NOT NULL,
  reason_code text,
  reason_text text,
  replaced jsonb,
  document_no text,
  document_date date,
  CONSTRAINT return_transitions_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT return_transitions_case_id_fkey FOREIGN KEY (case_id) REFERENCES guitu.return_cases(id),
  CONSTRAINT return_transitions_case_id_step_key UNIQUE (case_id, step),
  CONSTRAINT return_transitions_pkey PRIMARY KEY (id)
);
ALTER TABLE guitu.return_transitions ENABLE ROW LEVEL SECURITY;
CREATE POLICY return_transitions_clock ON guitu.return_transitions FOR ALL TO guitu_clock
  USING (true)
  WITH CHECK (true);
CREATE POLICY return_transitions_insert ON guitu.return_transitions FOR INSERT TO guitu_writer
  WITH CHECK (((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM guitu.return_cases c
  WHERE (c.id = return_transitions.case_id)))));
CREATE POLICY return_transitions_read ON guitu.return_transitions FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.return_cases c
  WHERE (c.id = return_transitions.case_id)
 OFFSET 0)));
CREATE POLICY return_transitions_update ON guitu.return_transitions FOR UPDATE TO guitu_writer
  USING (((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM guitu.return_cases c
  WHERE (c.id = return_transitions.case_id)))))
  WITH CHECK (((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM guitu.return_cases c
  WHERE (c.id = return_transitions.case_id)))));
GRANT INSERT, SELECT ON guitu.return_transitions TO guitu_clock;
GRANT SELECT ON guitu.return_transitions TO guitu_reader;
GRANT INSERT, SELECT ON guitu.return_transitions TO guitu_writer;
COMMENT ON COLUMN guitu.return_transitions.replaced IS 'of a correction: the columns of the case as they were before it; sealed ones stay sealed';
COMMENT ON COLUMN guitu.return_transitions.document_no IS 'of a step into SENT, and of an imported row: the notice, where no other document was named';

CREATE TABLE guitu.settings (
  name text NOT NULL,
  division text COLLATE "C" NOT NULL,
  value jsonb NOT NULL,
  reason text NOT NULL,
  CONSTRAINT settings_division_fkey FOREIGN KEY (division) REFERENCES guitu.divisions(code),
  CONSTRAINT settings_pkey PRIMARY KEY (name, division)
);
GRANT SELECT ON guitu.settings TO guitu_clock;
GRANT SELECT ON guitu.settings TO guitu_reader;
GRANT SELECT ON guitu.settings TO guitu_writer;
COMMENT ON TABLE guitu.settings IS 'what a division decided for itself, with the recorded reason; 000000 holds for the whole hub';

CREATE TABLE guitu.settlement_cases (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  settlement_no text COLLATE "C" NOT NULL,
  track text NOT NULL,
  state text NOT NULL,
  person_id uuid NOT NULL,
  station uuid NOT NULL,
  civil_affairs uuid NOT NULL,
  police uuid,
  division text COLLATE "C" NOT NULL,
  entered_on date,
  applied_on date,
  decided_on date,
  hukou_division text COLLATE "C",
  hukou_registered_on date,
  institution text,
  support_kind text,
  return_case uuid,
  proof_of_search text,
  plan text,
  guardianship text,
  placed_on date,
  CONSTRAINT settlement_cases_check CHECK (((track <> 'HOMELESS_RETURNEE'::text) OR (state !~~ 'HUKOU%'::text))),
  CONSTRAINT settlement_cases_civil_affairs_fkey FOREIGN KEY (civil_affairs) REFERENCES guitu.agencies(id),
  CONSTRAINT settlement_cases_division_fkey FOREIGN KEY (division) REFERENCES guitu.divisions(code),
  CONSTRAINT settlement_cases_hukou_division_fkey FOREIGN KEY (hukou_division) REFERENCES guitu.divisions(code),
  CONSTRAINT settlement_cases_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT settlement_cases_pkey PRIMARY KEY (id),
  CONSTRAINT settlement_cases_police_fkey FOREIGN KEY (police) REFERENCES guitu.agencies(id),
  CONSTRAINT settlement_cases_return_case_fkey FOREIGN KEY (return_case) REFERENCES guitu.return_cases(id),
  CONSTRAINT settlement_cases_settlement_no_key UNIQUE (settlement_no),
  CONSTRAINT settlement_cases_state_check CHECK ((state = ANY (ARRAY['DUE'::text, 'APPLIED'::text, 'PLAN_SUBMITTED'::text, 'HUKOU_APPROVED'::text, 'HUKOU_FILED'::text, 'REGISTERED'::text, 'PLACEMENT_APPROVED'::text, 'PLACED'::text, 'SUPPORTED'::text, 'NOT_ELIGIBLE'::text, 'IDENTIFIED'::text, 'REVERSED'::text, 'ACCEPTED'::text, 'CLOSED'::text]))),
  CONSTRAINT settlement_cases_station_fkey FOREIGN KEY (station) REFERENCES guitu.agencies(id),
  CONSTRAINT settlement_cases_track_check CHECK ((track = ANY (ARRAY['LONG_STAY'::text, 'HOMELESS_RETURNEE'::text])))
);
CREATE INDEX settlement_cases_area ON guitu.settlement_cases USING btree (division);
CREATE INDEX settlement_cases_hukou ON guitu.settlement_cases USING btree (hukou_division) WHERE (hukou_division IS NOT NULL);
CREATE INDEX settlement_cases_person ON guitu.settlement_cases USING btree (person_id);
CREATE INDEX settlement_cases_station ON guitu.settlement_cases USING btree (station);
CREATE TRIGGER settlement_cases_hukou AFTER UPDATE OF state ON guitu.settlement_cases FOR EACH ROW WHEN (((new.hukou_division IS NOT NULL) AND (new.track = 'LONG_STAY'::text) AND (new.state = ANY (ARRAY['REGISTERED'::text, 'REVERSED'::text])) AND (new.state <> old.state))) EXECUTE FUNCTION guitu.register_hukou();
ALTER TABLE guitu.settlement_cases ENABLE ROW LEVEL SECURITY;
CREATE POLICY settlement_cases_clock ON guitu.settlement_cases FOR ALL TO guitu_clock
  USING (true)
  WITH CHECK (true);
CREATE POLICY settlement_cases_insert ON guitu.settlement_cases FOR INSERT TO guitu_writer
  WITH CHECK (((station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (civil_affairs = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))));
CREATE POLICY settlement_cases_read ON guitu.settlement_cases FOR SELECT TO guitu_reader, guitu_writer
  USING (((station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (civil_affairs = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (police = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = ANY (ARRAY['CIVIL_AFFAIRS'::text, 'TOWNSHIP'::text])) AND (((division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(division)))) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'TOWNSHIP'::text) AND (((hukou_division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (hukou_division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(hukou_division)))) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'RESCUE_STATION'::text) AND (EXISTS ( SELECT
   FROM guitu.return_cases c
  WHERE ((c.person_id = settlement_cases.person_id) AND (c.origin_agency = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))))));
CREATE POLICY settlement_cases_update ON guitu.settlement_cases FOR UPDATE TO guitu_writer
  USING (((station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (civil_affairs = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (police = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))
  WITH CHECK (((station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (civil_affairs = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR (police = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))));
GRANT INSERT, SELECT ON guitu.settlement_cases TO guitu_clock;
GRANT SELECT ON guitu.settlement_cases TO guitu_reader;
GRANT INSERT, SELECT, UPDATE ON guitu.settlement_cases TO guitu_writer;
COMMENT ON COLUMN guitu.settlement_cases.version IS 'random, drawn anew with every transition';
COMMENT ON COLUMN guitu.settlement_cases.return_case IS 'of a homeless returnee: the return that led here';
COMMENT ON COLUMN guitu.settlement_cases.guardianship IS 'who is guardian of a child until its family is found';

CREATE TABLE guitu.settlement_transitions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  settlement_id uuid NOT NULL,
  step integer NOT NULL,
  from_state text,
  to_state text NOT NULL,
  at timestamp with time zone NOT NULL,
  agency_id uuid,
  by_user text NOT NULL,
  document_no text,
  document_date date,
  note text,
  CONSTRAINT settlement_transitions_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT settlement_transitions_pkey PRIMARY KEY (id),
  CONSTRAINT settlement_transitions_settlement_id_fkey FOREIGN KEY (settlement_id) REFERENCES guitu.settlement_cases(id),
  CONSTRAINT settlement_transitions_settlement_id_step_key UNIQUE (settlement_id, step)
);
ALTER TABLE guitu.settlement_transitions ENABLE ROW LEVEL SECURITY;
CREATE POLICY settlement_transitions_clock ON guitu.settlement_transitions FOR ALL TO guitu_clock
  USING (true)
  WITH CHECK (true);
CREATE POLICY settlement_transitions_insert ON guitu.settlement_transitions FOR INSERT TO guitu_writer
  WITH CHECK (((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM guitu.settlement_cases c
  WHERE (c.id = settlement_transitions.settlement_id)))));
CREATE POLICY settlement_transitions_read ON guitu.settlement_transitions FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.settlement_cases c
  WHERE (c.id = settlement_transitions.settlement_id)
 OFFSET 0)));
GRANT INSERT ON guitu.settlement_transitions TO guitu_clock;
GRANT SELECT ON guitu.settlement_transitions TO guitu_reader;
GRANT INSERT, SELECT ON guitu.settlement_transitions TO guitu_writer;
COMMENT ON COLUMN guitu.settlement_transitions.agency_id IS 'NULL: the clock';

CREATE TABLE guitu.statistics_counts (
  period text COLLATE "C" NOT NULL,
  measure text NOT NULL,
  place text COLLATE "C" NOT NULL,
  count integer NOT NULL,
  CONSTRAINT statistics_counts_count_check CHECK ((count > 0)),
  CONSTRAINT statistics_counts_pkey PRIMARY KEY (period, measure, place)
);
ALTER TABLE guitu.statistics_counts ENABLE ROW LEVEL SECURITY;
CREATE POLICY statistics_counts_clock ON guitu.statistics_counts FOR ALL TO guitu_clock
  USING (true)
  WITH CHECK (true);
GRANT INSERT, SELECT ON guitu.statistics_counts TO guitu_clock;
COMMENT ON TABLE guitu.statistics_counts IS 'what was counted of each month, by county, before suppression: read by the clock alone, for the quarter and the year';

CREATE TABLE guitu.statistics_figures (
  period text COLLATE "C" NOT NULL,
  measure text NOT NULL,
  division text COLLATE "C" NOT NULL,
  figure integer NOT NULL,
  CONSTRAINT statistics_figures_figure_check CHECK ((figure > 0)),
  CONSTRAINT statistics_figures_pkey PRIMARY KEY (period, measure, division)
);
ALTER TABLE guitu.statistics_figures ENABLE ROW LEVEL SECURITY;
CREATE POLICY statistics_figures_clock ON guitu.statistics_figures FOR ALL TO guitu_clock
  USING (true)
  WITH CHECK (true);
CREATE POLICY statistics_figures_read ON guitu.statistics_figures FOR SELECT TO guitu_reader
  USING (((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (((division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(division)))));
GRANT INSERT, SELECT ON guitu.statistics_figures TO guitu_clock;
GRANT SELECT ON guitu.statistics_figures TO guitu_reader;
COMMENT ON TABLE guitu.statistics_figures IS 'figures that are shown; of a closed period, what is not here is zero, small or hidden for the sake of a small one, and nobody can tell which';

CREATE TABLE guitu.statistics_periods (
  period text COLLATE "C" NOT NULL,
  closed_at timestamp with time zone NOT NULL,
  policy text NOT NULL,
  CONSTRAINT statistics_periods_pkey PRIMARY KEY (period)
);
ALTER TABLE guitu.statistics_periods ENABLE ROW LEVEL SECURITY;
CREATE POLICY statistics_periods_clock ON guitu.statistics_periods FOR ALL TO guitu_clock
  USING (true)
  WITH CHECK (true);
CREATE POLICY statistics_periods_read ON guitu.statistics_periods FOR SELECT TO guitu_reader
  USING (true);
GRANT INSERT, SELECT ON guitu.statistics_periods TO guitu_clock;
GRANT SELECT ON guitu.statistics_periods TO guitu_reader;
COMMENT ON TABLE guitu.statistics_periods IS 'months, quarters and years (2026-10, 2026-Q4, 2026) whose figures are closed: counted once, never again';

CREATE TABLE guitu.stay_moves (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  stay_id uuid NOT NULL,
  step integer NOT NULL,
  place text NOT NULL,
  since date NOT NULL,
  CONSTRAINT stay_moves_pkey PRIMARY KEY (id),
  CONSTRAINT stay_moves_place_check CHECK ((place = ANY (ARRAY['IN_STATION'::text, 'ENTRUSTED'::text, 'HOSPITAL'::text]))),
  CONSTRAINT stay_moves_stay_id_fkey FOREIGN KEY (stay_id) REFERENCES guitu.stays(id),
  CONSTRAINT stay_moves_stay_id_step_key UNIQUE (stay_id, step)
);
ALTER TABLE guitu.stay_moves ENABLE ROW LEVEL SECURITY;
CREATE POLICY stay_moves_insert ON guitu.stay_moves FOR INSERT TO guitu_writer
  WITH CHECK ((EXISTS ( SELECT
   FROM guitu.stays s
  WHERE ((s.id = stay_moves.stay_id) AND (s.station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif"))))));
CREATE POLICY stay_moves_read ON guitu.stay_moves FOR SELECT TO guitu_reader, guitu_writer
  USING ((EXISTS ( SELECT
   FROM guitu.stays s
  WHERE (s.id = stay_moves.stay_id)
 OFFSET 0)));
GRANT SELECT ON guitu.stay_moves TO guitu_reader;
GRANT INSERT, SELECT ON guitu.stay_moves TO guitu_writer;

CREATE TABLE guitu.stays (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  stay_no text COLLATE "C" NOT NULL,
  state text NOT NULL,
  person_id uuid NOT NULL,
  station uuid NOT NULL,
  division text COLLATE "C" NOT NULL,
  called_name text,
  features text,
  entered_on date NOT NULL,
  left_on date,
  left_how text,
  tracing_published_on date,
  tracing_updated_on date,
  dna_requested_on date,
  dna_sampled_on date,
  dna_sample_no text,
  CONSTRAINT stays_check CHECK ((((state = 'LEFT'::text) = (left_on IS NOT NULL)) AND ((left_on IS NULL) = (left_how IS NULL)))),
  CONSTRAINT stays_check1 CHECK ((left_on >= entered_on)),
  CONSTRAINT stays_check2 CHECK (((dna_sampled_on IS NULL) = (dna_sample_no IS NULL))),
  CONSTRAINT stays_division_fkey FOREIGN KEY (division) REFERENCES guitu.divisions(code),
  CONSTRAINT stays_left_how_check CHECK ((left_how = ANY (ARRAY['RETURNED'::text, 'PLACED'::text, 'LEFT'::text, 'TRANSFERRED'::text, 'DIED'::text]))),
  CONSTRAINT stays_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT stays_pkey PRIMARY KEY (id),
  CONSTRAINT stays_state_check CHECK ((state = ANY (ARRAY['IN_STATION'::text, 'ENTRUSTED'::text, 'HOSPITAL'::text, 'LEFT'::text]))),
  CONSTRAINT stays_station_fkey FOREIGN KEY (station) REFERENCES guitu.agencies(id),
  CONSTRAINT stays_stay_no_key UNIQUE (stay_no)
);
CREATE INDEX stays_area ON guitu.stays USING btree (division);
CREATE INDEX stays_person ON guitu.stays USING btree (person_id);
CREATE INDEX stays_station ON guitu.stays USING btree (station);
ALTER TABLE guitu.stays ENABLE ROW LEVEL SECURITY;
CREATE POLICY stays_clock ON guitu.stays FOR SELECT TO guitu_clock
  USING (true);
CREATE POLICY stays_insert ON guitu.stays FOR INSERT TO guitu_writer
  WITH CHECK ((station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY stays_read ON guitu.stays FOR SELECT TO guitu_reader, guitu_writer
  USING (((station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")) OR ((( SELECT NULLIF(current_setting('guitu.kind'::text, true), ''::text) AS "nullif") = 'CIVIL_AFFAIRS'::text) AND (((division >= ( SELECT NULLIF(current_setting('guitu.from'::text, true), ''::text) AS "nullif")) AND (division < ( SELECT NULLIF(current_setting('guitu.until'::text, true), ''::text) AS "nullif"))) OR ((( SELECT NULLIF(current_setting('guitu.more'::text, true), ''::text) AS "nullif") IS NOT NULL) AND guitu.in_succeeded_area(division))))));
CREATE POLICY stays_update ON guitu.stays FOR UPDATE TO guitu_writer
  USING ((station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")))
  WITH CHECK ((station = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON guitu.stays TO guitu_clock;
GRANT SELECT ON guitu.stays TO guitu_reader;
GRANT INSERT, SELECT, UPDATE ON guitu.stays TO guitu_writer;
COMMENT ON COLUMN guitu.stays.state IS 'where the person is cared for; a stay lasts, wherever that is, until the person leaves';
COMMENT ON COLUMN guitu.stays.called_name IS 'as the person calls itself, or is called; proves nothing';
COMMENT ON COLUMN guitu.stays.dna_sample_no IS 'number of the sample alone; a profile is never held here';

CREATE TABLE guitu.tellings (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  agency_id uuid NOT NULL,
  at timestamp with time zone NOT NULL,
  step text NOT NULL,
  title text NOT NULL,
  record text NOT NULL,
  record_id uuid NOT NULL,
  record_no text COLLATE "C",
  person_id uuid,
  field text,
  CONSTRAINT tellings_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES guitu.agencies(id),
  CONSTRAINT tellings_person_id_fkey FOREIGN KEY (person_id) REFERENCES guitu.persons(id),
  CONSTRAINT tellings_pkey PRIMARY KEY (id)
);
CREATE INDEX tellings_agency ON guitu.tellings USING btree (agency_id, at);
CREATE INDEX tellings_person ON guitu.tellings USING btree (person_id);
ALTER TABLE guitu.tellings ENABLE ROW LEVEL SECURITY;
CREATE POLICY tellings_read ON guitu.tellings FOR SELECT TO guitu_reader, guitu_writer
  USING ((agency_id = ( SELECT (NULLIF(current_setting('guitu.agency'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON guitu.tellings TO guitu_reader;
GRANT SELECT ON guitu.tellings TO guitu_writer;
COMMENT ON TABLE guitu.tellings IS 'what an agency is told, whether or not it may still see the record: number and field, never a value';

CREATE TABLE guitu_evidence.events (
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  event_id uuid NOT NULL,
  at timestamp with time zone NOT NULL,
  body text NOT NULL,
  leaf bytea NOT NULL,
  CONSTRAINT events_event_id_key UNIQUE (event_id),
  CONSTRAINT events_pkey PRIMARY KEY (seq)
);
CREATE INDEX events_at ON guitu_evidence.events USING brin (at);
CREATE TRIGGER events_stay BEFORE DELETE OR UPDATE ON guitu_evidence.events FOR EACH ROW EXECUTE FUNCTION guitu_evidence.refuse_change();
CREATE TRIGGER events_stay_all BEFORE TRUNCATE ON guitu_evidence.events FOR EACH STATEMENT EXECUTE FUNCTION guitu_evidence.refuse_change();
GRANT INSERT ON guitu_evidence.events TO guitu_clock;
GRANT INSERT ON guitu_evidence.events TO guitu_evidence;
GRANT INSERT ON guitu_evidence.events TO guitu_writer;
COMMENT ON COLUMN guitu_evidence.events.body IS 'canonical JSON (RFC 8785) of one event: who, purpose and matter, operation, policy version, records, rungs, outcome; no personal value';
COMMENT ON COLUMN guitu_evidence.events.leaf IS 'SHA-256 over 0x00 and the bytes of body (RFC 6962)';

CREATE FUNCTION guitu.begin_duty(duty jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  WITH begun AS (
    INSERT INTO duties (step, title, record, record_id, record_no, person_id, owner, started_at, due_on, due_at, provisional, amount, unit, class, reason, next_at)
    SELECT step, title, record, record_id, record_no, person_id, owner, started_at, due_on, due_at, provisional, amount, unit, class, reason, next_at
    FROM jsonb_populate_record(NULL::duties, duty)
    RETURNING id, owner, started_at
  ) INSERT INTO duty_notices (duty_id, agency_id, kind, at) SELECT id, owner, 'OWED', started_at FROM begun
$$;
GRANT EXECUTE ON FUNCTION guitu.begin_duty TO guitu_clock;
GRANT EXECUTE ON FUNCTION guitu.begin_duty TO guitu_writer;

CREATE FUNCTION guitu.begin_return_revisit(of_case uuid, at timestamp with time zone) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp SET TimeZone=Asia/Shanghai AS $$
  -- The registry began a year when the person came back, and this is the return by which it did.
  WITH same AS (
    UPDATE duties d SET ended = 'VOID', ended_at = at, next_at = NULL FROM at_risk_entries e JOIN return_cases c ON c.id = of_case AND c.person_id = e.person_id AND c.origin_agency = e.revisit_station
    WHERE d.record_id = e.id AND d.step = 'stationRevisit' AND d.owner = c.origin_agency AND d.ended_at IS NULL AND d.started_at::date >= c.leave_date
      AND e.id = (SELECT min(x.id::text)::uuid FROM at_risk_entries x JOIN duties y ON y.record_id = x.id AND y.step = 'stationRevisit' AND y.ended_at IS NULL WHERE x.person_id = c.person_id AND x.revisit_station = c.origin_agency)
    RETURNING e.id
  ) UPDATE at_risk_entries e SET revisit_case = of_case FROM same WHERE e.id = same.id
$$;
GRANT EXECUTE ON FUNCTION guitu.begin_return_revisit TO guitu_writer;

CREATE FUNCTION guitu.compare_missing_reports(of_inquiry uuid, most integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE sought identity_inquiries; held persons; entered date; free integer; report missing_reports; hidden text[];
BEGIN
  SELECT i.* INTO sought FROM identity_inquiries i WHERE i.id = of_inquiry AND i.station = nullif(current_setting('guitu.agency', true), '')::uuid;
  SELECT max(s.entered_on) INTO entered FROM stays s WHERE s.person_id = sought.person_id AND s.station = sought.station AND s.left_on IS NULL;
  IF entered IS NULL OR EXISTS (SELECT FROM protections p WHERE p.person_id = sought.person_id) THEN RETURN; END IF;
  SELECT p.* INTO held FROM persons p WHERE p.id = sought.person_id;
  SELECT most - count(*) INTO free FROM missing_candidates c
    WHERE c.inquiry_id = of_inquiry AND c.verdict IS NULL AND NOT c.ended AND NOT EXISTS (SELECT FROM protections p WHERE p.person_id = c.person_id);
  SELECT array_agg(p.name) INTO hidden FROM protections x JOIN persons p ON p.id = x.person_id;
  FOR report IN
    SELECT r.* FROM missing_reports r
    CROSS JOIN LATERAL (SELECT r.person_id = held.id OR EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = of_inquiry AND c.person_id = r.person_id AND NOT c.suppressed AND c.rejected_reason IS NULL) AS number) same
    CROSS JOIN LATERAL (SELECT r.name IN (sought.called_name, held.name) OR EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = of_inquiry AND c.name = r.name AND NOT c.suppressed AND c.rejected_reason IS NULL) AS name) called
    WHERE r.state = 'OPEN' AND r.missing_since <= entered
      AND (same.number OR (r.sex = held.sex OR coalesce(r.sex, '') NOT IN ('MALE', 'FEMALE') OR coalesce(held.sex, '') NOT IN ('MALE', 'FEMALE'))
        AND (r.born_on IS NULL OR held.born_on IS NULL OR r.born_on BETWEEN held.born_on - interval '5 years' AND held.born_on + interval '5 years'))
      AND NOT EXISTS (SELECT FROM protections p WHERE p.person_id = r.person_id)
      AND NOT (coalesce(r.name = ANY (hidden), FALSE) AND may_be_protected(r.name, r.sex, r.born_on, r.person_id IS NOT NULL))
      AND NOT EXISTS (SELECT FROM missing_candidates c WHERE c.inquiry_id = of_inquiry AND c.report_id = r.id)
    ORDER BY coalesce(same.number, FALSE) DESC, coalesce(called.name, FALSE) DESC, abs(r.born_on - held.born_on) NULLS LAST, r.missing_since DESC, r.report_no
    LIMIT greatest(free, 0) FOR SHARE OF r
  LOOP
    INSERT INTO missing_candidates (inquiry_id, step, report_id, report_no, person_id, reporter, name, sex, birth_year, home_division, missing_since, looks)
      SELECT of_inquiry, 1 + count(*), report.id, report.report_no, report.person_id, report.reporter, report.name, report.sex, extract(year FROM report.born_on), report.home_division, report.missing_since, report.looks
      FROM missing_candidates c WHERE c.inquiry_id = of_inquiry;
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION guitu.compare_missing_reports TO guitu_writer;

CREATE FUNCTION guitu.correction_stands(of_correction uuid, today date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  SELECT NOT EXISTS (
    SELECT FROM corrections c WHERE c.id = of_correction AND c.record = 'RegisteredHousehold'
      AND NOT (household_flag_stands(c.record_id, today) AND EXISTS (SELECT FROM household_flags f WHERE f.household_id = c.record_id AND f.state = 'CONFIRMED' AND f.release_on <= today))
  )
$$;
GRANT EXECUTE ON FUNCTION guitu.correction_stands TO guitu_reader;
GRANT EXECUTE ON FUNCTION guitu.correction_stands TO guitu_writer;

CREATE FUNCTION guitu.count_as_younger() RETURNS trigger LANGUAGE plpgsql SET search_path=guitu, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT coalesce((SELECT m.kept_born_on FROM person_merges m WHERE m.kept = NEW.kept AND m.split_at IS NULL LIMIT 1), kept.born_on) INTO NEW.kept_born_on FROM persons kept WHERE kept.id = NEW.kept;
    UPDATE persons kept SET born_on = merged.born_on FROM persons merged WHERE kept.id = NEW.kept AND merged.id = NEW.merged AND kept.born_on < merged.born_on AND (merged.birth_date IS NOT NULL OR merged.id_number_hash IS NOT NULL OR (kept.birth_date IS NULL AND kept.id_number_hash IS NULL));
  ELSIF NEW.split_at IS NOT NULL AND OLD.split_at IS NULL THEN
    UPDATE persons kept SET born_on = greatest(NEW.kept_born_on,
      (SELECT max(merged.born_on) FROM person_merges m JOIN persons merged ON merged.id = m.merged WHERE m.kept = NEW.kept AND m.split_at IS NULL AND m.merge_no <> NEW.merge_no AND (merged.birth_date IS NOT NULL OR merged.id_number_hash IS NOT NULL OR (kept.birth_date IS NULL AND kept.id_number_hash IS NULL))))
    WHERE kept.id = NEW.kept AND NEW.kept_born_on IS NOT NULL;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION guitu.count_duties(first_day date, end_day date, known_by timestamp with time zone) RETURNS TABLE(measure text, division text, amount bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp SET TimeZone=Asia/Shanghai AS $$
  WITH owed AS (
    SELECT d.*, a.division AS place, CASE d.step WHEN 'acknowledgeReturn' THEN 'NOTICES' WHEN 'recordFirstVisit' THEN 'TOWNSHIP_VISITS' WHEN 'recordVisit' THEN 'TOWNSHIP_VISITS' ELSE 'DUTY.' || d.step END AS family,
      (SELECT min(v.visited_on) FROM follow_up_visits v WHERE d.step IN ('recordFirstVisit', 'recordVisit') AND v.entry_id = d.record_id AND v.agency_id = d.owner AND v.regime = 'TOWNSHIP'
        AND v.result <> 'NOBODY_THERE' AND v.at < known_by AND v.visited_on >= d.started_at::date + (d.step = 'recordVisit')::integer) AS visited_on
    FROM duties d JOIN agencies a ON a.id = d.owner
    WHERE d.step NOT IN ('stationRevisit', 'settlementDue', 'visitTerm') AND NOT EXISTS (SELECT FROM protections x WHERE x.person_id = d.person_id)
      AND (d.record <> 'RegisteredHousehold' OR household_flag_stands(d.record_id, end_day))
      AND CASE WHEN d.step = 'acknowledgeReturn' THEN d.started_at >= first_day AND d.started_at < end_day
        ELSE d.due_on >= first_day AND d.due_on < end_day AND (d.ended = 'VOID' AND d.ended_at < d.due_at) IS NOT TRUE END
  ), judged AS (
    SELECT family, place, CASE
      WHEN family = 'TOWNSHIP_VISITS' THEN CASE WHEN visited_on <= due_on THEN 'IN_TIME' WHEN visited_on IS NOT NULL THEN 'LATE' END
      WHEN ended_at >= known_by THEN NULL
      WHEN ended = 'DONE' THEN CASE WHEN ended_at < due_at THEN 'IN_TIME' ELSE 'LATE' END
      WHEN ended = 'VOID' THEN 'LAPSED'
    END AS outcome, (SELECT count(*) FROM duty_notices n WHERE n.duty_id = owed.id AND n.kind = 'RAISED' AND n.at < known_by) AS raised
    FROM owed
  ) SELECT family || '.' || coalesce(outcome, 'OPEN_' || least(raised, 4)), place, count(*) FROM judged GROUP BY 1, 2
$$;
GRANT EXECUTE ON FUNCTION guitu.count_duties TO guitu_clock;

CREATE FUNCTION guitu.count_earlier_returns(of_case uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  -- An imported row may lack the day on which the person left.
  WITH dated AS (
    SELECT o.*, coalesce(o.leave_date, o.entry_date, (o.received_at AT TIME ZONE 'Asia/Shanghai')::date) AS day
    FROM return_cases o WHERE o.person_id = (SELECT x.person_id FROM return_cases x WHERE x.id = of_case) AND o.confirmed_at IS NOT NULL
  ) UPDATE return_cases c SET earlier_returns = CASE WHEN this.day IS NOT NULL THEN (
    SELECT count(*) FROM dated o WHERE o.id <> this.id AND o.day < this.day AND o.confirmed_at <= this.confirmed_at
      AND o.state NOT IN ('DISPUTED', 'REFUSED', 'RECALLED', 'COORDINATING') AND o.outcome IS DISTINCT FROM 'MERGED'
  ) END FROM dated this WHERE c.id = of_case AND this.id = of_case
$$;
GRANT EXECUTE ON FUNCTION guitu.count_earlier_returns TO guitu_writer;

CREATE FUNCTION guitu.count_households(first_day date, end_day date, known_by timestamp with time zone) RETURNS TABLE(measure text, division text, amount bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp SET TimeZone=Asia/Shanghai AS $$
  SELECT 'FLAGGED_HOUSEHOLDS.CONFIRMED', h.division, count(*) FROM household_flags f JOIN registered_households h ON h.id = f.household_id
  WHERE f.state = 'CONFIRMED' AND f.release_on < end_day AND household_flag_stands(h.id, end_day) GROUP BY 2
$$;
GRANT EXECUTE ON FUNCTION guitu.count_households TO guitu_clock;

CREATE FUNCTION guitu.count_inquiries(first_day date, end_day date, known_by timestamp with time zone) RETURNS TABLE(measure text, division text, amount bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp SET TimeZone=Asia/Shanghai AS $$
  SELECT 'INQUIRIES.' || CASE WHEN last.to_state = 'EXHAUSTED' THEN 'EXHAUSTED' ELSE last.level END, i.division, count(*)
  FROM identity_inquiries i JOIN LATERAL (SELECT t.to_state, t.level FROM inquiry_transitions t WHERE t.inquiry_id = i.id AND t.at < end_day ORDER BY t.step DESC LIMIT 1) last ON TRUE
  WHERE last.to_state NOT IN ('IDENTIFIED', 'WITHDRAWN') AND NOT EXISTS (SELECT FROM protections x WHERE x.person_id = i.person_id) GROUP BY 1, 2
$$;
GRANT EXECUTE ON FUNCTION guitu.count_inquiries TO guitu_clock;

CREATE FUNCTION guitu.count_revisits(first_day date, end_day date, known_by timestamp with time zone) RETURNS TABLE(measure text, division text, amount bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp SET TimeZone=Asia/Shanghai AS $$
  WITH brought AS (
    SELECT c.id, c.person_id, c.origin_agency, a.division AS place,
      coalesce(c.received_at, (SELECT min(t.at) FROM return_transitions t WHERE t.case_id = c.id AND t.to_state = 'AT_HOME'))::date AS home_on
    FROM return_cases c JOIN agencies a ON a.id = c.origin_agency AND a.kind = 'RESCUE_STATION'
    WHERE c.confirmed_at IS NOT NULL AND c.state <> 'RECALLED' AND NOT EXISTS (SELECT FROM protections x WHERE x.person_id = c.person_id)
  ), ended AS (
    SELECT b.*, coalesce(p.born_on > b.home_on - interval '18 years', TRUE) AS minor,
      EXISTS (SELECT FROM at_risk_entries e JOIN follow_up_visits v ON v.entry_id = e.id WHERE e.person_id = b.person_id AND v.regime = 'STATION' AND v.agency_id = b.origin_agency AND v.result <> 'NOBODY_THERE' AND v.at < known_by AND v.visited_on >= b.home_on AND v.visited_on <= (b.home_on + interval '1 year')::date)
      OR EXISTS (SELECT FROM return_cases k JOIN return_revisits v ON v.case_id = k.id WHERE k.person_id = b.person_id AND v.agency_id = b.origin_agency AND v.result <> 'NOBODY_THERE' AND v.at < known_by AND v.visited_on >= b.home_on AND v.visited_on <= (b.home_on + interval '1 year')::date) AS met
    FROM brought b JOIN persons p ON p.id = b.person_id
    WHERE (b.home_on + interval '1 year')::date >= first_day AND (b.home_on + interval '1 year')::date < end_day
  ) SELECT 'REVISITS.' || CASE WHEN minor THEN 'MINORS' ELSE 'ADULTS' END || CASE WHEN met THEN '_DONE' ELSE '_NOT_DONE' END, place, count(*) FROM ended GROUP BY 1, 2
$$;
GRANT EXECUTE ON FUNCTION guitu.count_revisits TO guitu_clock;

CREATE FUNCTION guitu.count_settlements(first_day date, end_day date, known_by timestamp with time zone) RETURNS TABLE(measure text, division text, amount bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp SET TimeZone=Asia/Shanghai AS $$
  SELECT 'SETTLEMENTS.' || last.to_state, c.division, count(*)
  FROM settlement_cases c JOIN LATERAL (SELECT t.to_state FROM settlement_transitions t WHERE t.settlement_id = c.id AND t.at < end_day ORDER BY t.step DESC LIMIT 1) last ON TRUE
  WHERE NOT EXISTS (SELECT FROM protections x WHERE x.person_id = c.person_id) GROUP BY 1, 2
$$;
GRANT EXECUTE ON FUNCTION guitu.count_settlements TO guitu_clock;

CREATE FUNCTION guitu.count_stays(first_day date, end_day date, known_by timestamp with time zone) RETURNS TABLE(measure text, division text, amount bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp SET TimeZone=Asia/Shanghai AS $$
  SELECT 'STAYS.' || CASE WHEN (s.entered_on + interval '3 months')::date < end_day THEN 'OVER_3_MONTHS' ELSE 'UP_TO_3_MONTHS' END, s.division, count(*)
  FROM stays s WHERE (s.entered_on + interval '1 month')::date < end_day AND (s.left_on IS NULL OR s.left_on >= end_day) AND NOT EXISTS (SELECT FROM protections x WHERE x.person_id = s.person_id) GROUP BY 1, 2
$$;
GRANT EXECUTE ON FUNCTION guitu.count_stays TO guitu_clock;

CREATE FUNCTION guitu.end_duties(of_record uuid, steps text[], outcome text, at timestamp with time zone) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  UPDATE duties SET ended = outcome, ended_at = at, next_at = NULL WHERE record_id = of_record AND ended_at IS NULL AND (steps IS NULL OR step = ANY (steps))
$$;
GRANT EXECUTE ON FUNCTION guitu.end_duties TO guitu_clock;
GRANT EXECUTE ON FUNCTION guitu.end_duties TO guitu_writer;

CREATE FUNCTION guitu.end_duty_of(of_record uuid, of_step text, of_owner uuid, at timestamp with time zone) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  UPDATE duties SET ended = 'DONE', ended_at = at, next_at = NULL WHERE record_id = of_record AND step = of_step AND owner = of_owner AND ended_at IS NULL
$$;
GRANT EXECUTE ON FUNCTION guitu.end_duty_of TO guitu_writer;

CREATE FUNCTION guitu.end_protection(protected_id uuid, of_agency uuid, of_user text, why text, now timestamp with time zone) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  WITH ended AS (DELETE FROM protections WHERE person_id = protected_id RETURNING *)
  INSERT INTO ended_protections (of_person, holding_agency, since, basis, by_agency, by_user, reason, at) SELECT person_id, holding_agency, since, basis, of_agency, of_user, why, now FROM ended
$$;
GRANT EXECUTE ON FUNCTION guitu.end_protection TO guitu_writer;

CREATE FUNCTION guitu.enter_person(called text, surname text, of_sex text, age integer, born date) RETURNS uuid LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  INSERT INTO persons (identity_state, name, name_surname, sex, estimated_age, born_on)
  VALUES (CASE WHEN called IS NULL THEN 'UNKNOWN' ELSE 'CLAIMED' END, called, surname, of_sex, age, born) RETURNING id
$$;
GRANT EXECUTE ON FUNCTION guitu.enter_person TO guitu_writer;

CREATE FUNCTION guitu.go_with_records() RETURNS trigger LANGUAGE plpgsql SET search_path=guitu, pg_temp AS $$
BEGIN
  UPDATE return_referrals r SET person_id = NEW.merged FROM return_cases c WHERE c.id = r.case_id AND c.person_id = NEW.merged AND r.person_id = NEW.kept;
  UPDATE at_risk_entries e SET person_id = NEW.merged FROM return_cases c WHERE c.id = e.return_case AND c.person_id = NEW.merged AND e.person_id = NEW.kept;
  UPDATE settlement_cases s SET person_id = NEW.merged FROM return_cases c WHERE c.id = s.return_case AND c.person_id = NEW.merged AND s.person_id = NEW.kept;
  -- An inquiry and a long stayer's settlement name no stay: they are of whoever stayed at their station, where that is one of the two.
  UPDATE settlement_cases s SET person_id = NEW.merged WHERE s.return_case IS NULL AND s.person_id = NEW.kept
    AND EXISTS (SELECT FROM stays y WHERE y.person_id = NEW.merged AND y.station = s.station) AND NOT EXISTS (SELECT FROM stays y WHERE y.person_id = NEW.kept AND y.station = s.station);
  UPDATE identity_inquiries i SET person_id = NEW.merged WHERE i.person_id = NEW.kept
    AND EXISTS (SELECT FROM stays y WHERE y.person_id = NEW.merged AND y.station = i.station) AND NOT EXISTS (SELECT FROM stays y WHERE y.person_id = NEW.kept AND y.station = i.station);
  UPDATE missing_results x SET person_id = NEW.merged FROM missing_candidates c JOIN identity_inquiries i ON i.id = c.inquiry_id WHERE c.id = x.candidate_id AND i.person_id = NEW.merged AND x.person_id = NEW.kept;
  UPDATE duties SET person_id = NEW.merged WHERE person_id = NEW.kept AND record_id IN (SELECT id FROM return_cases WHERE person_id = NEW.merged UNION ALL SELECT id FROM return_referrals WHERE person_id = NEW.merged UNION ALL SELECT id FROM at_risk_entries WHERE person_id = NEW.merged UNION ALL SELECT id FROM settlement_cases WHERE person_id = NEW.merged UNION ALL SELECT id FROM stays WHERE person_id = NEW.merged UNION ALL SELECT id FROM identity_inquiries WHERE person_id = NEW.merged);
  UPDATE corrections SET person_id = NEW.merged WHERE person_id = NEW.kept AND record_id IN (SELECT id FROM return_cases WHERE person_id = NEW.merged UNION ALL SELECT id FROM return_referrals WHERE person_id = NEW.merged UNION ALL SELECT id FROM at_risk_entries WHERE person_id = NEW.merged UNION ALL SELECT id FROM settlement_cases WHERE person_id = NEW.merged UNION ALL SELECT id FROM stays WHERE person_id = NEW.merged UNION ALL SELECT id FROM identity_inquiries WHERE person_id = NEW.merged);
  RETURN NULL;
END $$;

CREATE FUNCTION guitu.has_open_referral(of_case uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  SELECT EXISTS (SELECT FROM return_referrals WHERE case_id = of_case AND answered_at IS NULL)
$$;
GRANT EXECUTE ON FUNCTION guitu.has_open_referral TO guitu_writer;

CREATE FUNCTION guitu.has_returned_to(who uuid, county text) RETURNS boolean LANGUAGE sql STABLE SET search_path=guitu, pg_temp AS $$
  SELECT EXISTS (SELECT FROM return_cases c WHERE c.person_id = who AND c.confirmed_at IS NOT NULL AND c.state NOT IN ('DISPUTED', 'REFUSED', 'RECALLED', 'COORDINATING') AND left(c.origin_division, 6) = left(county, 6))
$$;

CREATE FUNCTION guitu.hide_document_of_hit() RETURNS trigger LANGUAGE plpgsql SET search_path=guitu, pg_temp AS $$
BEGIN
  UPDATE inquiry_transitions t SET document_no = NULL, document_date = NULL
    WHERE t.inquiry_id = NEW.inquiry_id AND t.to_state = 'CANDIDATE' AND t.agency_id = NEW.police AND t.at = NEW.found_at
      AND NOT EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = t.inquiry_id AND c.police = t.agency_id AND c.found_at = t.at AND NOT c.suppressed);
  RETURN NULL;
END $$;

CREATE FUNCTION guitu.hide_hits(of_person uuid, dues jsonb, now timestamp with time zone) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE one identity_inquiries; owed_by uuid; duty jsonb;
BEGIN
  IF NOT EXISTS (SELECT FROM protections p WHERE p.person_id = of_person) THEN RETURN; END IF;
  UPDATE missing_candidates c SET ended = TRUE FROM missing_reports r WHERE r.id = c.report_id AND c.verdict IS NULL AND NOT c.ended AND may_be(of_person, r.name, r.sex, r.born_on, r.person_id IS NOT NULL);
  FOR one IN SELECT i.* FROM identity_inquiries i
    WHERE EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = i.id AND NOT c.suppressed AND (c.person_id = of_person OR may_be(of_person, c.name, c.sex, c.birth_date, c.person_id IS NOT NULL)))
      AND NOT EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = i.id AND c.second_confirmed_by IS NOT NULL) ORDER BY i.id FOR UPDATE OF i LOOP
    UPDATE inquiry_candidates c SET suppressed = TRUE WHERE c.inquiry_id = one.id AND (EXISTS (SELECT FROM protections p WHERE p.person_id = c.person_id) OR may_be(of_person, c.name, c.sex, c.birth_date, c.person_id IS NOT NULL));
    UPDATE inquiry_answers a SET answer = 'NO_HIT', note = NULL
      WHERE a.inquiry_id = one.id AND a.answer = 'HIT' AND (SELECT bool_and(c.suppressed) FROM inquiry_candidates c WHERE c.inquiry_id = one.id AND c.police = a.police AND c.found_at = a.answered_at);
    CONTINUE WHEN one.state <> 'CANDIDATE' OR EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = one.id AND c.rejected_reason IS NULL AND NOT c.suppressed);
    INSERT INTO inquiry_transitions (inquiry_id, step, from_state, to_state, level, at, agency_id, by_user)
      SELECT one.id, 1 + count(*), one.state, one.resume_state, one.level, now, one.station, 'hub' FROM inquiry_transitions WHERE inquiry_id = one.id;
    IF one.resume_state = 'OPEN' THEN
      INSERT INTO inquiry_answers (inquiry_id, step, level, police, asked_at) SELECT one.id, 1 + count(*), one.level, one.police, now FROM inquiry_answers WHERE inquiry_id = one.id
        HAVING count(*) FILTER (WHERE police = one.police AND answered_at IS NULL) = 0;
    END IF;
    PERFORM end_duties(one.id, NULL, 'VOID', now);
    owed_by := (to_jsonb(one) ->> (dues -> one.resume_state ->> 'owner'))::uuid;
    WITH RECURSIVE up AS (
      SELECT d.code, d.parent, 0 AS steps FROM agencies a JOIN divisions d ON d.code = a.division WHERE a.id = owed_by
      UNION ALL SELECT d.code, d.parent, up.steps + 1 FROM divisions d JOIN up ON d.code = up.parent
    ) SELECT length -> 'duty' INTO duty FROM jsonb_array_elements(dues -> one.resume_state -> 'lengths') length LEFT JOIN up ON up.code = length ->> 'division'
      WHERE up.code IS NOT NULL OR length ->> 'division' IS NULL ORDER BY up.steps LIMIT 1;
    IF owed_by IS NOT NULL THEN
      PERFORM begin_duty(duty || jsonb_build_object('record', 'IdentityInquiry', 'record_id', one.id, 'record_no', one.inquiry_no, 'person_id', one.person_id, 'owner', owed_by));
    END IF;
    UPDATE identity_inquiries SET state = one.resume_state, resume_state = NULL, version = 1 + floor(random() * 2147483646), due_by = (duty ->> 'due_on')::date, provisional = coalesce((duty ->> 'provisional')::boolean, FALSE) WHERE id = one.id;
    INSERT INTO outbox (at, topic, record, record_id) VALUES (now, 'inquiry.' || lower(one.resume_state), 'IdentityInquiry', one.id);
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION guitu.hide_hits TO guitu_writer;

CREATE FUNCTION guitu.hold_hits(of_persons uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
BEGIN
  PERFORM FROM identity_inquiries i WHERE EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = i.id AND c.person_id = ANY (of_persons)) ORDER BY i.id FOR UPDATE;
  PERFORM FROM persons WHERE id = ANY (of_persons) ORDER BY id FOR UPDATE;
END $$;
GRANT EXECUTE ON FUNCTION guitu.hold_hits TO guitu_writer;

CREATE FUNCTION guitu.hold_missing_candidate(of_inquiry uuid, no text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
BEGIN
  -- Whoever changes the report changes its candidates with it: looked at once nobody else can.
  PERFORM FROM missing_reports r WHERE r.id = (SELECT c.report_id FROM missing_candidates c JOIN identity_inquiries i ON i.id = c.inquiry_id
    WHERE c.inquiry_id = of_inquiry AND c.report_no = no AND i.station = nullif(current_setting('guitu.agency', true), '')::uuid) FOR NO KEY UPDATE;
  RETURN EXISTS (SELECT FROM missing_candidates c JOIN identity_inquiries i ON i.id = c.inquiry_id
    WHERE c.inquiry_id = of_inquiry AND c.report_no = no AND i.station = nullif(current_setting('guitu.agency', true), '')::uuid AND NOT c.ended
      AND NOT EXISTS (SELECT FROM protections p WHERE p.person_id IN (i.person_id, c.person_id)));
END $$;
GRANT EXECUTE ON FUNCTION guitu.hold_missing_candidate TO guitu_writer;

CREATE FUNCTION guitu.hold_revisits(of_case uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
BEGIN
  -- Entries before cases, as the registry's own steps take them.
  PERFORM FROM at_risk_entries e JOIN return_cases c ON c.person_id = e.person_id AND c.origin_agency = e.revisit_station WHERE c.id = of_case ORDER BY e.id FOR UPDATE OF e;
END $$;
GRANT EXECUTE ON FUNCTION guitu.hold_revisits TO guitu_writer;

CREATE FUNCTION guitu.household_flag_stands(household uuid, today date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM household_matches m JOIN persons p ON p.id = m.person_id
    WHERE m.household_id = household AND p.born_on <= today - interval '18 years' AND NOT EXISTS (SELECT FROM protections x WHERE x.person_id = p.id)
  )
$$;
GRANT EXECUTE ON FUNCTION guitu.household_flag_stands TO guitu_reader;
GRANT EXECUTE ON FUNCTION guitu.household_flag_stands TO guitu_writer;

CREATE FUNCTION guitu.identify_by_candidate(candidate uuid, of_merge text, of_user text, now timestamp with time zone) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE chosen inquiry_candidates; sought uuid; asked_by uuid := nullif(current_setting('guitu.agency', true), '')::uuid;
BEGIN
  SELECT c.* INTO chosen FROM inquiry_candidates c JOIN identity_inquiries i ON i.id = c.inquiry_id WHERE c.id = candidate AND i.station = asked_by AND c.second_confirmed_by IS NOT NULL;
  IF chosen.id IS NULL OR EXISTS (SELECT FROM protections p WHERE p.person_id = chosen.person_id) THEN RETURN FALSE; END IF;
  SELECT person_id INTO sought FROM identity_inquiries WHERE id = chosen.inquiry_id;
  IF chosen.person_id IS NULL OR chosen.person_id = sought THEN
    UPDATE persons SET identity_state = 'VERIFIED', name = chosen.name, name_surname = chosen.name_surname, sex = coalesce(chosen.sex, sex), birth_date = coalesce(chosen.birth_date, birth_date), born_on = coalesce(chosen.birth_date, born_on),
      hukou_division = coalesce(chosen.hukou_division, hukou_division) WHERE id = sought;
    RETURN TRUE;
  END IF;
  IF NOT merge_people(chosen.person_id, sought, of_merge, asked_by, of_user, 'two members of staff confirmed a candidate', now) THEN RETURN FALSE; END IF;
  UPDATE persons SET identity_state = 'VERIFIED', name_surname = CASE WHEN name IS NULL THEN chosen.name_surname ELSE name_surname END, name = coalesce(name, chosen.name), sex = coalesce(sex, chosen.sex),
    birth_date = coalesce(birth_date, chosen.birth_date), born_on = coalesce(born_on, chosen.birth_date), hukou_division = coalesce(hukou_division, chosen.hukou_division) WHERE id = chosen.person_id;
  RETURN TRUE;
END $$;
GRANT EXECUTE ON FUNCTION guitu.identify_by_candidate TO guitu_writer;

CREATE FUNCTION guitu.identify_settled(settlement uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  UPDATE persons p SET identity_state = 'VERIFIED' FROM settlement_cases s
  WHERE s.id = settlement AND p.id = s.person_id AND s.station = nullif(current_setting('guitu.agency', true), '')::uuid AND p.identity_state IN ('UNKNOWN', 'CLAIMED')
$$;
GRANT EXECUTE ON FUNCTION guitu.identify_settled TO guitu_writer;

CREATE FUNCTION guitu.in_succeeded_area(code text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(bool_or(code COLLATE "C" >= split_part(span, '-', 1) AND code COLLATE "C" < split_part(span, '-', 2)), false)
  FROM unnest(string_to_array(nullif(current_setting('guitu.more', true), ''), ',')) AS span
$$;
GRANT EXECUTE ON FUNCTION guitu.in_succeeded_area TO guitu_reader;
GRANT EXECUTE ON FUNCTION guitu.in_succeeded_area TO guitu_writer;

CREATE FUNCTION guitu.is_identified(stay uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  SELECT p.identity_state = 'VERIFIED' FROM stays s JOIN persons p ON p.id = s.person_id WHERE s.id = stay AND s.station = nullif(current_setting('guitu.agency', true), '')::uuid
$$;
GRANT EXECUTE ON FUNCTION guitu.is_identified TO guitu_writer;

CREATE FUNCTION guitu.is_minor_settled(settlement uuid, today date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  SELECT coalesce(p.born_on > today - interval '18 years', true) FROM settlement_cases s JOIN persons p ON p.id = s.person_id
  WHERE s.id = settlement AND s.civil_affairs = nullif(current_setting('guitu.agency', true), '')::uuid
$$;
GRANT EXECUTE ON FUNCTION guitu.is_minor_settled TO guitu_writer;

CREATE FUNCTION guitu.is_settled(of_case uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  SELECT EXISTS (SELECT FROM settlement_cases WHERE return_case = of_case AND state IN ('PLACED', 'SUPPORTED', 'NOT_ELIGIBLE'))
$$;
GRANT EXECUTE ON FUNCTION guitu.is_settled TO guitu_writer;

CREATE FUNCTION guitu.leave_revisit(of_case uuid, at timestamp with time zone) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
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
GRANT EXECUTE ON FUNCTION guitu.leave_revisit TO guitu_writer;

CREATE FUNCTION guitu.link_person(hash text, sealed text, ends text, born date) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE linked uuid;
BEGIN
  IF hash IS NULL THEN
    INSERT INTO persons (identity_state, born_on) VALUES ('UNKNOWN', born) RETURNING id INTO linked;
    RETURN linked;
  END IF;
  INSERT INTO persons (identity_state, id_number_hash, id_number_sealed, id_number_ends, born_on)
    VALUES ('CLAIMED', hash, sealed, ends, born) ON CONFLICT (id_number_hash) DO NOTHING RETURNING id INTO linked;
  IF linked IS NULL THEN
    SELECT coalesce(merged_into, id) INTO linked FROM persons WHERE id_number_hash = hash;
  END IF;
  RETURN linked;
END $$;
GRANT EXECUTE ON FUNCTION guitu.link_person TO guitu_writer;

CREATE FUNCTION guitu.make_surveyed_person(who jsonb) RETURNS uuid LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  INSERT INTO persons (identity_state, name, name_surname, sex, birth_date, estimated_age, born_on, home_division, address_sealed, kin_name, kin_phone_sealed, kin_phone_ends)
  SELECT 'CLAIMED', name, name_surname, sex, birth_date, estimated_age, born_on, home_division, address_sealed, kin_name, kin_phone_sealed, kin_phone_ends FROM jsonb_populate_record(NULL::persons, who)
  RETURNING id
$$;
GRANT EXECUTE ON FUNCTION guitu.make_surveyed_person TO guitu_writer;

CREATE FUNCTION guitu.match_entrant(hash text, at_instant timestamp with time zone, by_whom text) RETURNS TABLE(entry_id uuid, entry_no text, person_id uuid, county uuid, was text) LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
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
    IF found.state <> 'WANDERING' THEN
      UPDATE at_risk_entries SET state = 'WANDERING', version = 1 + floor(random() * 2147483646)::integer, next_visit_by = NULL, transfer_to = NULL WHERE id = found.id;
      INSERT INTO at_risk_transitions (entry_id, step, from_state, to_state, at, agency_id, by_user)
        SELECT found.id, 1 + coalesce(max(t.step), 0), found.state, 'WANDERING', at_instant, own, by_whom FROM at_risk_transitions t WHERE t.entry_id = found.id;
      INSERT INTO outbox (at, topic, record, record_id) VALUES (at_instant, 'atRisk.wandering', 'AtRiskEntry', found.id);
    END IF;
    entry_id := found.id; entry_no := found.entry_no; person_id := found.person_id; county := home; was := found.state;
    RETURN NEXT;
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION guitu.match_entrant TO guitu_writer;

CREATE FUNCTION guitu.match_households(households uuid[], people uuid[], at timestamp with time zone, today date, due date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
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
GRANT EXECUTE ON FUNCTION guitu.match_households TO guitu_writer;

CREATE FUNCTION guitu.may_be(person uuid, called text, of_sex text, born date, numbered boolean) RETURNS boolean LANGUAGE sql STABLE SET search_path=guitu, pg_temp AS $$
  SELECT EXISTS (SELECT FROM persons p WHERE p.id = person AND p.name = called AND NOT (numbered AND p.id_number_hash IS NOT NULL)
    AND (p.sex = of_sex OR coalesce(p.sex, '') NOT IN ('MALE', 'FEMALE') OR coalesce(of_sex, '') NOT IN ('MALE', 'FEMALE'))
    AND (p.born_on IS NULL OR born IS NULL OR p.born_on BETWEEN born - interval '5 years' AND born + interval '5 years'))
$$;

CREATE FUNCTION guitu.may_be_protected(called text, of_sex text, born date, numbered boolean) RETURNS boolean LANGUAGE sql STABLE SET search_path=guitu, pg_temp AS $$
  SELECT EXISTS (SELECT FROM protections x WHERE may_be(x.person_id, called, of_sex, born, numbered))
$$;

CREATE FUNCTION guitu.meet_revisits(of_person uuid, visited_on date, at timestamp with time zone) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp SET TimeZone=Asia/Shanghai AS $$
  WITH met AS (
    UPDATE duties d SET ended = 'DONE', ended_at = at, next_at = NULL
    WHERE d.person_id = of_person AND d.owner = (SELECT nullif(current_setting('guitu.agency', true), '')::uuid) AND d.step = 'stationRevisit' AND d.ended_at IS NULL AND d.started_at::date <= visited_on RETURNING d.record_id
  ), entries AS (
    UPDATE at_risk_entries e SET revisit_by = NULL, revisit_case = NULL WHERE e.person_id = of_person AND e.revisit_station = (SELECT nullif(current_setting('guitu.agency', true), '')::uuid) AND e.revisit_by IS NOT NULL AND (e.term_from <= visited_on OR e.revisit_case IN (SELECT record_id FROM met))
  ) UPDATE return_cases c SET revisit_by = NULL FROM met WHERE c.id = met.record_id
$$;
GRANT EXECUTE ON FUNCTION guitu.meet_revisits TO guitu_writer;

CREATE FUNCTION guitu.merge_people(kept_id uuid, merged_id uuid, no text, of_agency uuid, of_user text, why text, now timestamp with time zone) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE place regclass;
BEGIN
  PERFORM FROM persons WHERE id IN (kept_id, merged_id) ORDER BY id FOR UPDATE;
  -- Whoever merged one of them in the meantime was first: a person that is part of another is no longer there to be merged.
  IF EXISTS (SELECT FROM persons WHERE id IN (kept_id, merged_id) AND merged_into IS NOT NULL) THEN RETURN FALSE; END IF;
  INSERT INTO person_merges (merge_no, kept, merged, merged_was, agency_id, by_user, reason, at)
    SELECT no, kept_id, merged_id, identity_state, of_agency, of_user, why, now FROM persons WHERE id = merged_id;
  FOR place IN SELECT tables_of_persons() LOOP
    EXECUTE format('INSERT INTO person_merge_rows SELECT $1, $2, id FROM %s WHERE person_id = $3', place) USING no, place::text, merged_id;
    EXECUTE format('UPDATE %s SET person_id = $1 WHERE person_id = $2', place) USING kept_id, merged_id;
  END LOOP;
  INSERT INTO household_matches (household_id, member_id, person_id) SELECT household_id, member_id, kept_id FROM household_matches WHERE person_id = merged_id ON CONFLICT DO NOTHING;
  DELETE FROM household_matches WHERE person_id = merged_id;
  INSERT INTO protections (person_id, holding_agency, holding_division, named_unit, since, basis)
    SELECT kept_id, holding_agency, holding_division, named_unit, since, basis FROM protections WHERE person_id = merged_id ON CONFLICT DO NOTHING;
  -- Those merged into it before lead on to the one that stays.
  UPDATE persons SET merged_into = kept_id WHERE merged_into = merged_id;
  UPDATE persons SET identity_state = 'MERGED', merged_into = kept_id WHERE id = merged_id;
  RETURN TRUE;
END $$;
GRANT EXECUTE ON FUNCTION guitu.merge_people TO guitu_writer;

CREATE FUNCTION guitu.move_directory_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE guitu.directory_version SET version = version + 1;
  RETURN NULL;
END $$;

CREATE FUNCTION guitu.protect_person(protected_id uuid, held_by uuid, unit uuid, from_day date, why text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  INSERT INTO protections (person_id, holding_agency, holding_division, named_unit, since, basis) SELECT protected_id, a.id, a.division, unit, from_day, why FROM agencies a WHERE a.id = held_by
  ON CONFLICT (person_id) DO UPDATE SET holding_agency = excluded.holding_agency, holding_division = excluded.holding_division, named_unit = coalesce(excluded.named_unit, protections.named_unit), basis = excluded.basis
$$;
GRANT EXECUTE ON FUNCTION guitu.protect_person TO guitu_writer;

CREATE FUNCTION guitu.record_hit(hit jsonb, hash text, sealed text, ends text, born date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE found inquiry_candidates; asked_by uuid := nullif(current_setting('guitu.agency', true), '')::uuid;
BEGIN
  found := jsonb_populate_record(NULL::inquiry_candidates, hit);
  IF NOT EXISTS (SELECT FROM identity_inquiries i WHERE i.id = found.inquiry_id AND asked_by IN (i.asked_county, i.asked_prefecture, i.asked_province, i.asked_ministry)) THEN RETURN FALSE; END IF;
  IF hash IS NOT NULL THEN
    found.person_id := link_person(hash, sealed, ends, born);
    PERFORM FROM persons WHERE id = found.person_id FOR KEY SHARE;
  END IF;
  found.suppressed := EXISTS (SELECT FROM protections p WHERE p.person_id = found.person_id) OR may_be_protected(found.name, found.sex, found.birth_date, hash IS NOT NULL);
  INSERT INTO inquiry_candidates (inquiry_id, step, candidate_no, person_id, suppressed, police, method, found_at, name, name_surname, id_number_sealed, sex, birth_date, hukou_division, note)
    SELECT found.inquiry_id, 1 + count(*), found.candidate_no, found.person_id, found.suppressed, asked_by, found.method, found.found_at, found.name, found.name_surname, sealed, found.sex, found.birth_date, found.hukou_division, found.note
    FROM inquiry_candidates c WHERE c.inquiry_id = found.inquiry_id;
  RETURN NOT found.suppressed;
END $$;
GRANT EXECUTE ON FUNCTION guitu.record_hit TO guitu_writer;

CREATE FUNCTION guitu.register_hukou() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
BEGIN
  IF NEW.state = 'REGISTERED' THEN UPDATE persons SET hukou_division = NEW.hukou_division WHERE id = NEW.person_id;
  ELSE UPDATE persons SET hukou_division = NULL WHERE id = NEW.person_id AND hukou_division = NEW.hukou_division;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION guitu.renew_flag_duties(households uuid[], people uuid[], template jsonb, at timestamp with time zone) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE flag record;
BEGIN
  UPDATE duties d SET ended = 'VOID', ended_at = at, next_at = NULL
    WHERE d.record_id = ANY (households) AND d.record = 'RegisteredHousehold' AND d.ended_at IS NULL AND NOT EXISTS (SELECT FROM household_flags f WHERE f.household_id = d.record_id AND f.state = 'PROPOSED');
  FOR flag IN
    SELECT h.id, h.household_no, a.id AS owner FROM household_flags f JOIN registered_households h ON h.id = f.household_id
    JOIN LATERAL (SELECT x.id FROM agencies x WHERE x.kind = 'CIVIL_AFFAIRS' AND x.division = left(h.division, 6) AND x.suspended_at IS NULL ORDER BY x.code LIMIT 1) a ON TRUE
    WHERE f.state = 'PROPOSED' AND (h.id = ANY (households) OR EXISTS (SELECT FROM household_matches m WHERE m.household_id = h.id AND m.person_id = ANY (people)))
      AND NOT EXISTS (SELECT FROM duties d WHERE d.record_id = h.id AND d.ended_at IS NULL)
  LOOP
    PERFORM begin_duty(template || jsonb_build_object('record', 'RegisteredHousehold', 'record_id', flag.id, 'record_no', flag.household_no, 'owner', flag.owner));
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION guitu.renew_flag_duties TO guitu_writer;

CREATE FUNCTION guitu.renew_missing_candidates(of_report uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
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
GRANT EXECUTE ON FUNCTION guitu.renew_missing_candidates TO guitu_writer;

CREATE FUNCTION guitu.source_of_person(of_person uuid, case_column text, person_column text, asker uuid) RETURNS TABLE(record text, id uuid, no text, author uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT ''ReturnCase'', c.id, c.case_no, c.author_agency FROM return_cases c JOIN persons p ON p.id = c.person_id
    WHERE p.id = $1 AND c.author_agency <> $2 AND c.confirmed_at IS NOT NULL ORDER BY c.%1$I IS DISTINCT FROM p.%2$I, c.%1$I IS NULL, c.confirmed_at, c.id LIMIT 1', case_column, person_column) USING of_person, asker;
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT one.record, one.id, one.no, one.author FROM (
    SELECT 1 AS ord, 'Stay' AS record, s.id, s.stay_no AS no, s.station AS author FROM stays s WHERE s.person_id = of_person
    UNION ALL SELECT 2, 'AtRiskEntry', e.id, e.entry_no, e.enrolled_by FROM at_risk_entries e WHERE e.person_id = of_person
    UNION ALL SELECT 3, 'SettlementCase', c.id, c.settlement_no, c.station FROM settlement_cases c WHERE c.person_id = of_person
  ) one WHERE one.author <> asker ORDER BY one.ord, one.id LIMIT 1;
END $$;
GRANT EXECUTE ON FUNCTION guitu.source_of_person TO guitu_writer;

CREATE FUNCTION guitu.split_people(kept_id uuid, no text, why text, now timestamp with time zone) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE done person_merges; place regclass; touched uuid[];
BEGIN
  SELECT * INTO done FROM person_merges WHERE merge_no = no AND kept = kept_id AND split_at IS NULL FOR UPDATE;
  IF done.merge_no IS NULL THEN RETURN NULL; END IF;
  FOR place IN SELECT tables_of_persons() LOOP
    EXECUTE format('UPDATE %s SET person_id = $1 WHERE person_id = $2 AND id IN (SELECT row_id FROM person_merge_rows WHERE merge_no = $3 AND held_in = $4)', place) USING done.merged, kept_id, no, place::text;
  END LOOP;
  INSERT INTO household_matches (household_id, member_id, person_id)
    SELECT m.household_id, m.member_id, done.merged FROM household_matches m JOIN household_members x ON x.id = m.member_id JOIN persons p ON p.id = done.merged AND p.id_number_hash = x.id_number_hash
    WHERE m.person_id = kept_id ON CONFLICT DO NOTHING;
  DELETE FROM household_matches m USING household_members x, persons p
    WHERE m.person_id = kept_id AND x.id = m.member_id AND p.id = done.merged AND p.id_number_hash = x.id_number_hash;
  -- A match that rested on the other's return rests on nothing now, and a flag without a match begins anew when there is one again.
  WITH gone AS (
    DELETE FROM household_matches m USING registered_households h WHERE h.id = m.household_id AND m.person_id IN (kept_id, done.merged) AND NOT has_returned_to(m.person_id, h.division) RETURNING m.household_id
  ) SELECT array_agg(household_id) INTO touched FROM gone;
  DELETE FROM household_flags f WHERE f.household_id = ANY (touched) AND NOT EXISTS (SELECT FROM household_matches m WHERE m.household_id = f.household_id);
  UPDATE duties d SET ended = 'VOID', ended_at = now, next_at = NULL
    WHERE d.record_id = ANY (touched) AND d.record = 'RegisteredHousehold' AND d.ended_at IS NULL AND NOT EXISTS (SELECT FROM household_flags f WHERE f.household_id = d.record_id AND f.state = 'PROPOSED');
  -- What protected one of the two while they were one goes on protecting both.
  INSERT INTO protections (person_id, holding_agency, holding_division, named_unit, since, basis)
    SELECT done.merged, holding_agency, holding_division, named_unit, since, basis FROM protections WHERE person_id = kept_id ON CONFLICT DO NOTHING;
  UPDATE persons SET identity_state = done.merged_was, merged_into = NULL WHERE id = done.merged;
  UPDATE persons p SET merged_into = done.merged FROM person_merges m WHERE m.merged = p.id AND m.kept = done.merged AND m.split_at IS NULL;
  UPDATE person_merges SET split_at = now, split_reason = why WHERE merge_no = no;
  RETURN done.merged;
END $$;
GRANT EXECUTE ON FUNCTION guitu.split_people TO guitu_writer;

CREATE FUNCTION guitu.standing_revisit(of_person uuid, of_station uuid, since date, returned_on date) RETURNS TABLE(case_id uuid, met boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp SET TimeZone=Asia/Shanghai AS $$
  SELECT (SELECT d.record_id FROM duties d WHERE d.person_id = of_person AND d.owner = of_station AND d.step = 'stationRevisit' AND d.record = 'ReturnCase' AND d.ended_at IS NULL AND d.started_at::date >= since
      AND NOT EXISTS (SELECT FROM at_risk_entries e WHERE e.revisit_case = d.record_id AND e.revisit_by IS NOT NULL AND e.state IN ('ACTIVE', 'WANDERING', 'TRANSFERRING')) ORDER BY d.started_at DESC, d.record_id LIMIT 1),
    EXISTS (SELECT FROM return_revisits v JOIN return_cases c ON c.id = v.case_id WHERE c.person_id = of_person AND v.agency_id = of_station AND v.result <> 'NOBODY_THERE' AND v.visited_on >= returned_on)
    OR EXISTS (SELECT FROM follow_up_visits v JOIN at_risk_entries e ON e.id = v.entry_id WHERE e.person_id = of_person AND v.agency_id = of_station AND v.regime = 'STATION' AND v.result <> 'NOBODY_THERE' AND v.visited_on >= returned_on)
$$;
GRANT EXECUTE ON FUNCTION guitu.standing_revisit TO guitu_writer;

CREATE FUNCTION guitu.state_of(of_type text, of_record uuid) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE place record_states; found text;
BEGIN
  SELECT * INTO place FROM record_states s WHERE s.record = of_type;
  IF place IS NULL THEN RETURN NULL; END IF;
  EXECUTE format('SELECT state FROM %s WHERE %I = $1', place.held_in, place.key) INTO found USING of_record;
  RETURN found;
END $$;
GRANT EXECUTE ON FUNCTION guitu.state_of TO guitu_reader;
GRANT EXECUTE ON FUNCTION guitu.state_of TO guitu_writer;

CREATE FUNCTION guitu.tables_of_persons() RETURNS SETOF regclass LANGUAGE sql STABLE SET search_path=guitu, pg_temp AS $$
  SELECT k.conrelid::regclass FROM pg_constraint k
  JOIN pg_attribute person ON person.attrelid = k.conrelid AND person.attnum = k.conkey[1] AND person.attname = 'person_id'
  JOIN pg_attribute id ON id.attrelid = k.conrelid AND id.attname = 'id'
  WHERE k.contype = 'f' AND k.confrelid = 'guitu.persons'::regclass AND cardinality(k.conkey) = 1
  ORDER BY 1
$$;

CREATE FUNCTION guitu.take_over_correction(of_case uuid, former jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE part record; was return_cases;
BEGIN
  SELECT * INTO was FROM return_cases c WHERE c.id = of_case AND c.confirmed_at IS NOT NULL AND c.author_agency = nullif(current_setting('guitu.agency', true), '')::uuid;
  IF was.id IS NULL THEN RETURN; END IF;
  was := jsonb_populate_record(was, former);
  FOR part IN SELECT 'subject_' || name AS of_case, name AS of_person FROM unnest(ARRAY['name_surname', 'name', 'sex', 'birth_date', 'estimated_age', 'born_on', 'hukou_division', 'home_division', 'address_sealed', 'kin_name', 'kin_phone_ends', 'kin_phone_sealed']) AS name
    WHERE former ? ('subject_' || name) LOOP
    EXECUTE format('UPDATE persons p SET %1$I = c.%2$I FROM return_cases c WHERE c.id = $1 AND p.id = c.person_id AND p.%1$I IS NOT DISTINCT FROM $2.%2$I', part.of_person, part.of_case) USING of_case, was;
  END LOOP;
  UPDATE corrections x SET born_on = c.subject_born_on FROM return_cases c WHERE c.id = of_case AND x.record = 'ReturnCase' AND x.record_id = of_case;
END $$;
GRANT EXECUTE ON FUNCTION guitu.take_over_correction TO guitu_writer;

CREATE FUNCTION guitu.take_over_subject(confirmed_case uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
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
GRANT EXECUTE ON FUNCTION guitu.take_over_subject TO guitu_writer;

CREATE FUNCTION guitu.tell_addressee() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
BEGIN
  INSERT INTO tellings (agency_id, at, step, title, record, record_id, record_no, person_id, field)
  SELECT NEW.addressee, NEW.at,
    CASE NEW.topic WHEN 'return.recalled' THEN 'recallReturn' WHEN 'correction.told' THEN 'answerCorrection' END,
    CASE NEW.topic WHEN 'return.recalled' THEN '反馈已撤回' WHEN 'correction.told' THEN '得到过的内容已更正' END,
    NEW.record, NEW.record_id, NEW.told ->> 'number',
    CASE NEW.record WHEN 'Person' THEN NEW.record_id WHEN 'ReturnCase' THEN (SELECT c.person_id FROM return_cases c WHERE c.id = NEW.record_id) WHEN 'AtRiskEntry' THEN (SELECT e.person_id FROM at_risk_entries e WHERE e.id = NEW.record_id)
      WHEN 'SettlementCase' THEN (SELECT s.person_id FROM settlement_cases s WHERE s.id = NEW.record_id) WHEN 'Stay' THEN (SELECT s.person_id FROM stays s WHERE s.id = NEW.record_id)
      WHEN 'IdentityInquiry' THEN (SELECT i.person_id FROM identity_inquiries i WHERE i.id = NEW.record_id) END,
    NEW.told ->> 'field';
  RETURN NULL;
END $$;

CREATE FUNCTION guitu.tell_missing_result(of_candidate uuid, of_contact uuid, today date, now timestamp with time zone) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE told missing_candidates; held uuid;
BEGIN
  SELECT c.* INTO told FROM missing_candidates c JOIN identity_inquiries i ON i.id = c.inquiry_id
    WHERE c.id = of_candidate AND i.station = nullif(current_setting('guitu.agency', true), '')::uuid AND c.verdict = 'SAME_PERSON' AND c.tell AND NOT c.ended;
  SELECT i.person_id INTO held FROM identity_inquiries i WHERE i.id = told.inquiry_id;
  IF held IS NULL OR EXISTS (SELECT FROM protections p WHERE p.person_id IN (held, told.person_id)) THEN RETURN; END IF;
  INSERT INTO missing_results (report_id, step, candidate_id, person_id, contact, told_on) SELECT told.report_id, 1 + count(*), told.id, held, of_contact, today FROM missing_results r WHERE r.report_id = told.report_id;
  INSERT INTO outbox (at, topic, record, record_id) VALUES (now, 'missing.told', 'MissingReport', told.report_id);
END $$;
GRANT EXECUTE ON FUNCTION guitu.tell_missing_result TO guitu_writer;

CREATE FUNCTION guitu.tell_of_correction(of_correction uuid, at timestamp with time zone) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  WITH answered AS (
    SELECT * FROM corrections c WHERE c.id = of_correction AND c.state = 'CORRECTED' AND c.provider = nullif(current_setting('guitu.agency', true), '')::uuid
  ), given AS (
    SELECT c.asked_by AS agency_id, c.person_id, 0 AS ord, c.record, c.record_id, c.record_no AS number, c.field FROM answered c
    UNION ALL
    SELECT a.id, c.person_id, place.ord, place.value ->> 'record', (place.value ->> 'id')::uuid,
      CASE WHEN bool_or(coalesce(e.records #> ARRAY[place.value ->> 'record', 'cells', place.value ->> 'numberCell'] ? 'FULL', false)) THEN place.value ->> 'number' END, place.value ->> 'field'
    FROM answered c
    CROSS JOIN LATERAL jsonb_array_elements(c.shown_as) WITH ORDINALITY AS place(value, ord)
    JOIN LATERAL (SELECT body::jsonb ->> 'agency' AS code, body::jsonb -> 'records' AS records FROM guitu_evidence.events WHERE position(place.value ->> 'id' IN body) > 0) e
      ON e.records #> ARRAY[place.value ->> 'record', 'ids'] ? (place.value ->> 'id')
      AND EXISTS (SELECT FROM jsonb_array_elements_text(e.records #> ARRAY[place.value ->> 'record', 'cells', place.value ->> 'cell']) AS rung WHERE rung <> 'WITHHELD')
    JOIN agencies a ON a.code = e.code AND a.id <> c.provider
    GROUP BY a.id, c.person_id, place.ord, place.value
  ) INSERT INTO outbox (at, topic, record, record_id, addressee, told)
  SELECT DISTINCT ON (g.agency_id) tell_of_correction.at, 'correction.told', g.record, g.record_id, g.agency_id, jsonb_build_object('number', g.number, 'field', g.field)
  FROM given g JOIN agencies a ON a.id = g.agency_id
  WHERE NOT EXISTS (SELECT FROM protections p WHERE p.person_id = g.person_id AND p.holding_agency <> a.id AND p.named_unit IS DISTINCT FROM a.id AND NOT (a.kind = 'CIVIL_AFFAIRS' AND a.division = p.holding_division))
  ORDER BY g.agency_id, g.ord
$$;
GRANT EXECUTE ON FUNCTION guitu.tell_of_correction TO guitu_writer;

CREATE FUNCTION guitu.tell_of_recall(of_case uuid, at timestamp with time zone) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  INSERT INTO outbox (at, topic, record, record_id, addressee, told)
  SELECT tell_of_recall.at, 'return.recalled', 'ReturnCase', of_case, told.agency_id, jsonb_build_object('number', c.case_no) FROM return_cases c CROSS JOIN LATERAL (
    SELECT n.agency_id FROM duty_notices n JOIN duties d ON d.id = n.duty_id WHERE d.record_id = of_case
    UNION SELECT unnest(array_remove(ARRAY[c.origin_agency, c.escort_agency] || c.coordinated_by, NULL))
    UNION SELECT a.id FROM guitu_evidence.events e JOIN agencies a ON a.code = e.body::jsonb ->> 'agency'
      WHERE e.at >= (SELECT min(t.at) FROM return_transitions t WHERE t.case_id = of_case) AND position(of_case::text IN e.body) > 0 AND e.body::jsonb #> '{records,ReturnCase,ids}' ? of_case::text
  ) told WHERE c.id = of_case AND told.agency_id <> c.destination_agency
$$;
GRANT EXECUTE ON FUNCTION guitu.tell_of_recall TO guitu_writer;

CREATE FUNCTION guitu.tell_reporter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
BEGIN
  INSERT INTO tellings (agency_id, at, step, title, record, record_id, record_no, person_id)
  SELECT r.reporter, o.at, 'answerMissingCandidate', '走失报案有比对结果', 'MissingReport', r.id, r.report_no, x.person_id
  FROM outbox o JOIN missing_reports r ON r.id = o.record_id JOIN missing_results x ON x.report_id = r.id WHERE o.id = NEW.id ORDER BY x.step DESC LIMIT 1;
  RETURN NULL;
END $$;

CREATE FUNCTION guitu.tellings_go_along() RETURNS trigger LANGUAGE plpgsql SET search_path=guitu, pg_temp AS $$
BEGIN
  UPDATE tellings SET person_id = NEW.merged WHERE person_id = NEW.kept AND record_id IN (SELECT id FROM return_cases WHERE person_id = NEW.merged UNION ALL SELECT id FROM at_risk_entries WHERE person_id = NEW.merged UNION ALL SELECT id FROM settlement_cases WHERE person_id = NEW.merged UNION ALL SELECT id FROM stays WHERE person_id = NEW.merged UNION ALL SELECT id FROM identity_inquiries WHERE person_id = NEW.merged);
  RETURN NULL;
END $$;

CREATE FUNCTION guitu.unmatch_households(households uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE own uuid[];
BEGIN
  SELECT array_agg(id) INTO own FROM registered_households WHERE id = ANY (households) AND office = nullif(current_setting('guitu.agency', true), '')::uuid;
  DELETE FROM household_matches WHERE household_id = ANY (own);
  DELETE FROM household_flags WHERE household_id = ANY (own);
END $$;
GRANT EXECUTE ON FUNCTION guitu.unmatch_households TO guitu_writer;

CREATE FUNCTION guitu.untell_reporter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
BEGIN
  DELETE FROM tellings t USING missing_reports r WHERE t.record = 'MissingReport' AND r.id = t.record_id AND r.person_id = NEW.person_id;
  RETURN NULL;
END $$;

CREATE FUNCTION guitu.void_revisits(of_person uuid, of_station uuid, at timestamp with time zone) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
  WITH void AS (
    UPDATE duties d SET ended = 'VOID', ended_at = at, next_at = NULL WHERE d.person_id = of_person AND d.owner = of_station AND d.step = 'stationRevisit' AND d.ended_at IS NULL RETURNING d.record_id
  ), entries AS (
    UPDATE at_risk_entries e SET revisit_by = NULL, revisit_case = NULL WHERE e.person_id = of_person AND e.revisit_station = of_station AND e.revisit_by IS NOT NULL
  ) UPDATE return_cases c SET revisit_by = NULL FROM void WHERE c.id = void.record_id
$$;
GRANT EXECUTE ON FUNCTION guitu.void_revisits TO guitu_writer;

CREATE FUNCTION guitu.withdraw_inquiries(of_stay uuid, why text, of_version integer, of_user text, now timestamp with time zone) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path=guitu, pg_temp AS $$
DECLARE one identity_inquiries; asked_by uuid := nullif(current_setting('guitu.agency', true), '')::uuid;
BEGIN
  FOR one IN SELECT i.* FROM identity_inquiries i JOIN stays s ON s.person_id = i.person_id AND s.station = i.station
    WHERE s.id = of_stay AND i.station = asked_by AND i.state NOT IN ('IDENTIFIED', 'WITHDRAWN') FOR UPDATE OF i LOOP
    UPDATE identity_inquiries SET state = 'WITHDRAWN', resume_state = NULL, outcome = why, version = of_version, due_by = NULL, provisional = FALSE WHERE id = one.id;
    INSERT INTO inquiry_transitions (inquiry_id, step, from_state, to_state, level, at, agency_id, by_user)
      SELECT one.id, 1 + count(*), one.state, 'WITHDRAWN', one.level, now, asked_by, of_user FROM inquiry_transitions WHERE inquiry_id = one.id;
    PERFORM end_duties(one.id, NULL, 'VOID', now);
    INSERT INTO outbox (at, topic, record, record_id) VALUES (now, 'inquiry.withdrawn', 'IdentityInquiry', one.id);
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION guitu.withdraw_inquiries TO guitu_writer;

CREATE FUNCTION guitu_evidence.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'evidence is only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE SCHEMA guitu;
GRANT USAGE ON SCHEMA guitu TO guitu_clock;
GRANT USAGE ON SCHEMA guitu TO guitu_reader;
GRANT USAGE ON SCHEMA guitu TO guitu_writer;

CREATE SCHEMA guitu_evidence;
GRANT USAGE ON SCHEMA guitu_evidence TO guitu_clock;
GRANT USAGE ON SCHEMA guitu_evidence TO guitu_evidence;
GRANT USAGE ON SCHEMA guitu_evidence TO guitu_writer;

CREATE SCHEMA guitu_meta;
GRANT USAGE ON SCHEMA guitu_meta TO guitu_reader;

CREATE ROLE guitu_evidence NOLOGIN;

CREATE ROLE guitu_reader NOLOGIN;

CREATE ROLE guitu_writer NOLOGIN;
