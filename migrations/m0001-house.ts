import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Directory, shared ledgers, write-side bookkeeping and evidence: every table of the first house. Valid on PostgreSQL 15 and later. */
export class House1764000000001 implements MigrationInterface {
  readonly name = 'House1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [DIRECTORY, PEOPLE, RETURNS, OTHER_LEDGERS, HOUSEHOLDS, BOOKKEEPING, EVIDENCE]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const DIRECTORY = `
CREATE SCHEMA guitu;
CREATE SCHEMA guitu_evidence;

CREATE TABLE guitu.divisions (
  code text COLLATE "C" PRIMARY KEY CHECK (code ~ '^[0-9]{6}([0-9]{3})?$'),
  name text NOT NULL,
  level text NOT NULL CHECK (level IN ('MINISTRY', 'PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP')),
  parent text COLLATE "C" REFERENCES guitu.divisions,
  valid_until date
);
CREATE INDEX divisions_parent ON guitu.divisions (parent);
COMMENT ON COLUMN guitu.divisions.valid_until IS 'first day on which the code no longer stood for a division; NULL: in force';

CREATE TABLE guitu.division_changes (
  abolished text COLLATE "C" NOT NULL REFERENCES guitu.divisions,
  successor text COLLATE "C" NOT NULL REFERENCES guitu.divisions,
  took_effect date NOT NULL,
  note text,
  PRIMARY KEY (abolished, successor)
);

CREATE TABLE guitu.agencies (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  code text COLLATE "C" NOT NULL UNIQUE,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('RESCUE_STATION', 'CIVIL_AFFAIRS', 'PUBLIC_SECURITY', 'HEALTH', 'POVERTY_RELIEF', 'TOWNSHIP', 'DATA_AUTHORITY', 'AUDIT', 'PARTNER')),
  level text NOT NULL CHECK (level IN ('MINISTRY', 'PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP')),
  division text COLLATE "C" NOT NULL REFERENCES guitu.divisions,
  phone text,
  suspended_at timestamptz
);
CREATE INDEX agencies_place ON guitu.agencies (division, kind);

CREATE TABLE guitu.directory_version (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  version bigint NOT NULL
);
INSERT INTO guitu.directory_version (version) VALUES (1);
COMMENT ON TABLE guitu.directory_version IS 'moves with every change of agencies and divisions; hub processes hold the directory and read it anew when this has moved';
CREATE FUNCTION guitu.move_directory_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE guitu.directory_version SET version = version + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER agencies_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON guitu.agencies FOR EACH STATEMENT EXECUTE FUNCTION guitu.move_directory_version();
CREATE TRIGGER divisions_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON guitu.divisions FOR EACH STATEMENT EXECUTE FUNCTION guitu.move_directory_version();

CREATE TABLE guitu.issuers (
  iss text PRIMARY KEY,
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  jwks jsonb NOT NULL,
  suspended_at timestamptz
);

CREATE TABLE guitu.calendar_days (
  day date PRIMARY KEY,
  working boolean NOT NULL,
  name text
);
CREATE TABLE guitu.settings (
  name text NOT NULL,
  division text COLLATE "C" NOT NULL REFERENCES guitu.divisions,
  value jsonb NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (name, division)
);
COMMENT ON TABLE guitu.settings IS 'what a division decided for itself, with the recorded reason; 000000 holds for the whole hub';
`;

const PEOPLE = `
CREATE TABLE guitu.persons (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  identity_state text NOT NULL DEFAULT 'UNKNOWN' CHECK (identity_state IN ('UNKNOWN', 'CLAIMED', 'VERIFIED', 'MISTAKEN', 'MERGED')),
  name text, name_surname text,
  id_number_sealed text, id_number_hash text UNIQUE, id_number_ends text,
  sex text CHECK (sex IN ('UNKNOWN', 'MALE', 'FEMALE', 'UNSTATED')),
  birth_date date,
  estimated_age integer CHECK (estimated_age BETWEEN 0 AND 130),
  born_on date,
  hukou_division text COLLATE "C" REFERENCES guitu.divisions,
  home_division text COLLATE "C" REFERENCES guitu.divisions,
  address_sealed text,
  kin_name text,
  kin_phone_sealed text, kin_phone_ends text,
  CHECK ((id_number_hash IS NULL) = (id_number_sealed IS NULL) AND (id_number_hash IS NULL) = (id_number_ends IS NULL))
);
COMMENT ON COLUMN guitu.persons.id_number_hash IS 'keyed hash; the key is in the hub''s key ring, never in the database';
COMMENT ON COLUMN guitu.persons.born_on IS 'birth date as known, else as in the ID number, else as estimated from the age; decides minority; NULL counts as a minor';

CREATE TABLE guitu.protections (
  person_id uuid PRIMARY KEY REFERENCES guitu.persons,
  holding_agency uuid NOT NULL REFERENCES guitu.agencies,
  holding_division text COLLATE "C" NOT NULL REFERENCES guitu.divisions,
  named_unit uuid REFERENCES guitu.agencies,
  since date NOT NULL,
  basis text NOT NULL
);
COMMENT ON TABLE guitu.protections IS 'protected persons; a row here is a veto. It holds internal ids only and has no row-level security, because a veto that cannot be read would not hold';
`;

const RETURNS = `
CREATE TABLE guitu.return_cases (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  case_no text COLLATE "C" NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('DRAFT', 'SENT', 'DISPUTED', 'REFUSED', 'COORDINATING', 'ACKNOWLEDGED', 'NOT_ARRIVED', 'RECEIVED', 'AT_HOME', 'KIN_REFUSED', 'HOME_CHECKED', 'REFERRED', 'AIDED', 'NO_HOME', 'SETTLING', 'CLOSED', 'RECALLED')),
  person_id uuid NOT NULL REFERENCES guitu.persons,
  subject_name text, subject_name_surname text,
  subject_id_number_sealed text, subject_id_number_hash text,
  subject_sex text CHECK (subject_sex IN ('UNKNOWN', 'MALE', 'FEMALE', 'UNSTATED')),
  subject_birth_date date,
  subject_estimated_age integer CHECK (subject_estimated_age BETWEEN 0 AND 130),
  subject_born_on date,
  subject_hukou_division text COLLATE "C" REFERENCES guitu.divisions,
  subject_home_division text COLLATE "C" REFERENCES guitu.divisions,
  subject_address_sealed text,
  subject_kin_name text,
  subject_kin_phone_sealed text, subject_kin_phone_ends text,
  subject_features text,
  destination_agency uuid REFERENCES guitu.agencies,
  destination_name text,
  destination_division text COLLATE "C" REFERENCES guitu.divisions,
  origin_agency uuid NOT NULL REFERENCES guitu.agencies,
  origin_division text COLLATE "C" NOT NULL REFERENCES guitu.divisions,
  author_agency uuid NOT NULL REFERENCES guitu.agencies,
  import_key text,
  notice_no text, notice_date date, entry_date date, leave_date date,
  return_mode text CHECK (return_mode IN ('SELF', 'COLLECTED_BY_KIN', 'ESCORTED', 'COLLECTED_BY_ORIGIN')),
  escort_agency uuid REFERENCES guitu.agencies, escort_name text,
  help_reason text, condition text,
  guardian_assessed_on date, fit_to_travel boolean,
  sent_at timestamptz, acknowledge_by date, acknowledged_at timestamptz, receive_by date, received_at timestamptz,
  provisional boolean NOT NULL DEFAULT false,
  confirmed_at timestamptz,
  home_checked_on date, home_committee text, home_difficulties text[], home_text text,
  remark text,
  changed_at timestamptz NOT NULL,
  closed_at timestamptz,
  CHECK (destination_agency IS NOT NULL OR destination_name IS NOT NULL),
  CHECK ((destination_agency IS NULL) = (destination_division IS NULL)),
  UNIQUE (author_agency, import_key)
);
COMMENT ON COLUMN guitu.return_cases.version IS 'random, drawn anew with every transition: it tells that the case changed, not how often';
COMMENT ON COLUMN guitu.return_cases.confirmed_at IS 'when the other side''s own act confirmed what the author claims; until then the case opens no person, check or flag';
COMMENT ON COLUMN guitu.return_cases.subject_born_on IS 'as persons.born_on, of what the author wrote';
CREATE INDEX return_cases_person ON guitu.return_cases (person_id);
CREATE INDEX return_cases_origin ON guitu.return_cases (origin_agency, sent_at DESC NULLS LAST, id DESC);
CREATE INDEX return_cases_destination ON guitu.return_cases (destination_agency, sent_at DESC NULLS LAST, id DESC);
CREATE INDEX return_cases_area ON guitu.return_cases (origin_division);
CREATE INDEX return_cases_destination_area ON guitu.return_cases (destination_division);
CREATE INDEX return_cases_sent ON guitu.return_cases (sent_at DESC NULLS LAST, id DESC);
CREATE INDEX return_cases_subject ON guitu.return_cases (subject_id_number_hash);

CREATE TABLE guitu.return_transitions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  case_id uuid NOT NULL REFERENCES guitu.return_cases,
  step integer NOT NULL,
  from_state text,
  to_state text NOT NULL,
  at timestamptz NOT NULL,
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  by_user text NOT NULL,
  reason_code text,
  reason_text text,
  UNIQUE (case_id, step)
);
`;

const OTHER_LEDGERS = `
CREATE TABLE guitu.at_risk_entries (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  entry_no text COLLATE "C" NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('SUBMITTED', 'INCOMPLETE', 'REJECTED', 'ACTIVE', 'WANDERING', 'TRANSFERRING', 'ENDED')),
  person_id uuid NOT NULL REFERENCES guitu.persons,
  division text COLLATE "C" NOT NULL REFERENCES guitu.divisions,
  enrolled_by uuid NOT NULL REFERENCES guitu.agencies,
  township uuid REFERENCES guitu.agencies,
  risk_classes text[] NOT NULL CHECK (risk_classes <@ ARRAY['MENTAL_DISORDER', 'ALZHEIMER', 'PHYSICAL_DISABILITY', 'INTELLECTUAL_DISABILITY', 'REPEATED_VAGRANCY', 'MINOR_IN_HARDSHIP', 'ELDERLY_LIVING_ALONE']),
  care_codes text[] NOT NULL DEFAULT '{}' CHECK (care_codes <@ ARRAY['VISIT_IN_PERSON', 'PHONE_CALL', 'MEDICATION', 'LOCATION_BRACELET', 'LIVELIHOOD_SUPPORT', 'COMPANION', 'MOBILITY_AID', 'GUARDIAN_CONTACT']),
  repeated_wandering boolean,
  diagnosis text,
  disability_card_sealed text,
  enrolled_on date NOT NULL,
  term_from date
);
CREATE INDEX at_risk_entries_person ON guitu.at_risk_entries (person_id);
CREATE INDEX at_risk_entries_area ON guitu.at_risk_entries (division);
CREATE INDEX at_risk_entries_township ON guitu.at_risk_entries (township);
CREATE INDEX at_risk_entries_author ON guitu.at_risk_entries (enrolled_by);

CREATE TABLE guitu.settlement_cases (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  settlement_no text COLLATE "C" NOT NULL UNIQUE,
  track text NOT NULL CHECK (track IN ('LONG_STAY', 'HOMELESS_RETURNEE')),
  state text NOT NULL CHECK (state IN ('DUE', 'APPLIED', 'PLAN_SUBMITTED', 'HUKOU_APPROVED', 'HUKOU_FILED', 'REGISTERED', 'PLACEMENT_APPROVED', 'PLACED', 'SUPPORTED', 'NOT_ELIGIBLE', 'IDENTIFIED', 'REVERSED', 'ACCEPTED', 'CLOSED')),
  person_id uuid NOT NULL REFERENCES guitu.persons,
  station uuid NOT NULL REFERENCES guitu.agencies,
  civil_affairs uuid NOT NULL REFERENCES guitu.agencies,
  police uuid REFERENCES guitu.agencies,
  division text COLLATE "C" NOT NULL REFERENCES guitu.divisions,
  entered_on date, applied_on date, decided_on date,
  hukou_division text COLLATE "C" REFERENCES guitu.divisions,
  hukou_registered_on date,
  institution text,
  support_kind text,
  CHECK (track <> 'HOMELESS_RETURNEE' OR state NOT LIKE 'HUKOU%')
);
CREATE INDEX settlement_cases_person ON guitu.settlement_cases (person_id);
CREATE INDEX settlement_cases_area ON guitu.settlement_cases (division);
CREATE INDEX settlement_cases_station ON guitu.settlement_cases (station);
`;

const HOUSEHOLDS = `
CREATE TABLE guitu.registered_households (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  office uuid NOT NULL REFERENCES guitu.agencies,
  household_no text COLLATE "C" NOT NULL,
  head_name text NOT NULL,
  division text COLLATE "C" NOT NULL REFERENCES guitu.divisions,
  kind text NOT NULL CHECK (kind IN ('REGISTERED', 'OUT_OF_POVERTY', 'UNSTABLE', 'MARGINAL', 'SUDDEN_HARDSHIP')),
  flag_requested_at timestamptz,
  UNIQUE (office, household_no)
);
CREATE INDEX registered_households_area ON guitu.registered_households (division);

CREATE TABLE guitu.household_members (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  household_id uuid NOT NULL REFERENCES guitu.registered_households,
  position integer NOT NULL,
  name text NOT NULL,
  id_number_sealed text NOT NULL,
  id_number_hash text NOT NULL,
  born_on date NOT NULL,
  relation text,
  UNIQUE (household_id, id_number_hash)
);
CREATE INDEX household_members_hash ON guitu.household_members (id_number_hash);

CREATE TABLE guitu.household_matches (
  household_id uuid NOT NULL REFERENCES guitu.registered_households,
  member_id uuid NOT NULL REFERENCES guitu.household_members ON DELETE CASCADE,
  person_id uuid NOT NULL REFERENCES guitu.persons,
  PRIMARY KEY (member_id, person_id)
);
CREATE INDEX household_matches_household ON guitu.household_matches (household_id);
CREATE INDEX household_matches_person ON guitu.household_matches (person_id);

CREATE TABLE guitu.household_flags (
  household_id uuid PRIMARY KEY REFERENCES guitu.registered_households,
  state text NOT NULL CHECK (state IN ('PROPOSED', 'CONFIRMED', 'CLEARED')),
  contact_agency uuid REFERENCES guitu.agencies,
  proposed_at timestamptz NOT NULL,
  confirm_by date,
  decided_at timestamptz,
  decided_by text,
  reason text,
  release_on date,
  CHECK ((state = 'CONFIRMED') = (release_on IS NOT NULL))
);
`;

const BOOKKEEPING = `
CREATE TABLE guitu.idempotency_keys (
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  key text NOT NULL,
  operation text NOT NULL,
  request_hash text NOT NULL,
  outcome jsonb,
  at timestamptz NOT NULL,
  PRIMARY KEY (agency_id, key)
);
COMMENT ON COLUMN guitu.idempotency_keys.outcome IS 'ids and counts of what was done; a replay reads the records again under the policy of its own day';

CREATE TABLE guitu.rate_windows (
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  operation text NOT NULL,
  window_start timestamptz NOT NULL,
  items integer NOT NULL,
  PRIMARY KEY (agency_id, operation, window_start)
);

CREATE TABLE guitu.outbox (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  at timestamptz NOT NULL,
  topic text NOT NULL,
  record text NOT NULL,
  record_id uuid NOT NULL,
  delivered_at timestamptz
);
CREATE INDEX outbox_waiting ON guitu.outbox (at) WHERE delivered_at IS NULL;
`;

const EVIDENCE = `
CREATE TABLE guitu_evidence.events (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id uuid NOT NULL UNIQUE,
  at timestamptz NOT NULL,
  body text NOT NULL,
  leaf bytea NOT NULL
);
COMMENT ON COLUMN guitu_evidence.events.body IS 'canonical JSON (RFC 8785) of one event: who, purpose and matter, operation, policy version, records, rungs, outcome; no personal value';
COMMENT ON COLUMN guitu_evidence.events.leaf IS 'SHA-256 over 0x00 and the bytes of body (RFC 6962)';
CREATE FUNCTION guitu_evidence.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'evidence is only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE ON guitu_evidence.events FOR EACH ROW EXECUTE FUNCTION guitu_evidence.refuse_change();
CREATE TRIGGER events_stay_all BEFORE TRUNCATE ON guitu_evidence.events FOR EACH STATEMENT EXECUTE FUNCTION guitu_evidence.refuse_change();
`;
