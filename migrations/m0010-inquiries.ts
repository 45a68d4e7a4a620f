import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Identity inquiries, asked level by level, and the deadlines of 民发〔2015〕158号 for a person of unknown identity. */
export class Inquiries1764000000010 implements MigrationInterface {
  readonly name = 'Inquiries1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [STAYS, TABLES, BOUNDARY, CROSSINGS]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const STAYS = `
ALTER TABLE guitu.stays ADD COLUMN dna_requested_on date, ADD COLUMN dna_sampled_on date, ADD COLUMN dna_sample_no text, ADD CHECK ((dna_sampled_on IS NULL) = (dna_sample_no IS NULL));
COMMENT ON COLUMN guitu.stays.dna_sample_no IS 'number of the sample alone; a profile is never held here';
`;

const TABLES = `
CREATE TABLE guitu.identity_inquiries (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  inquiry_no text COLLATE "C" NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('OPEN', 'UNRESOLVED', 'AT_CIVIL', 'CANDIDATE', 'IDENTIFIED', 'EXHAUSTED', 'WITHDRAWN')),
  level text NOT NULL CHECK (level IN ('COUNTY', 'PREFECTURE', 'PROVINCE', 'MINISTRY')),
  resume_state text CHECK (resume_state IN ('OPEN', 'UNRESOLVED', 'AT_CIVIL', 'EXHAUSTED')),
  person_id uuid NOT NULL REFERENCES guitu.persons,
  station uuid NOT NULL REFERENCES guitu.agencies,
  division text COLLATE "C" NOT NULL REFERENCES guitu.divisions,
  civil_affairs uuid NOT NULL REFERENCES guitu.agencies,
  police uuid NOT NULL REFERENCES guitu.agencies,
  asked_county uuid REFERENCES guitu.agencies,
  asked_prefecture uuid REFERENCES guitu.agencies,
  asked_province uuid REFERENCES guitu.agencies,
  asked_ministry uuid REFERENCES guitu.agencies,
  opened_at timestamptz NOT NULL,
  due_by date,
  provisional boolean NOT NULL DEFAULT FALSE,
  own_comparison text NOT NULL,
  methods text[] NOT NULL CHECK (methods <@ ARRAY['FACE', 'DNA', 'FINGERPRINT', 'HUKOU', 'MISSING_BASE']),
  called_name text,
  features text,
  photo_digest text,
  dna_sample_no text,
  new_evidence text,
  outcome text CHECK (outcome IN ('LEFT', 'DIED', 'TOLD_US')),
  CHECK ((state = 'CANDIDATE') = (resume_state IS NOT NULL)),
  CHECK ((state = 'WITHDRAWN') = (outcome IS NOT NULL))
);
COMMENT ON COLUMN guitu.identity_inquiries.version IS 'random, drawn anew with every act';
COMMENT ON COLUMN guitu.identity_inquiries.resume_state IS 'where the inquiry stood when a hit came, and stands again when no candidate is left';
COMMENT ON COLUMN guitu.identity_inquiries.civil_affairs IS 'the department that collects and passes on at the present level';
COMMENT ON COLUMN guitu.identity_inquiries.police IS 'asked last; those asked before stand in the columns of their levels';
COMMENT ON COLUMN guitu.identity_inquiries.due_by IS 'last day in time of what is owed now, as its duty says';
COMMENT ON COLUMN guitu.identity_inquiries.photo_digest IS 'of a photo that is held elsewhere';
COMMENT ON COLUMN guitu.identity_inquiries.dna_sample_no IS 'number of the sample alone; a profile is never held here';
CREATE INDEX identity_inquiries_person ON guitu.identity_inquiries (person_id);
CREATE INDEX identity_inquiries_station ON guitu.identity_inquiries (station);
CREATE INDEX identity_inquiries_area ON guitu.identity_inquiries (division);

CREATE TABLE guitu.inquiry_answers (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  inquiry_id uuid NOT NULL REFERENCES guitu.identity_inquiries,
  step integer NOT NULL,
  level text NOT NULL CHECK (level IN ('COUNTY', 'PREFECTURE', 'PROVINCE', 'MINISTRY')),
  police uuid NOT NULL REFERENCES guitu.agencies,
  asked_at timestamptz NOT NULL,
  answered_at timestamptz,
  answer text CHECK (answer IN ('HIT', 'NO_HIT', 'BEYOND_AUTHORITY')),
  note text,
  UNIQUE (inquiry_id, step),
  CHECK ((answered_at IS NULL) = (answer IS NULL))
);
CREATE TABLE guitu.inquiry_candidates (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  inquiry_id uuid NOT NULL REFERENCES guitu.identity_inquiries,
  step integer NOT NULL,
  candidate_no text COLLATE "C" NOT NULL UNIQUE,
  person_id uuid REFERENCES guitu.persons,
  suppressed boolean NOT NULL,
  police uuid NOT NULL REFERENCES guitu.agencies,
  method text NOT NULL CHECK (method IN ('FACE', 'DNA', 'FINGERPRINT', 'HUKOU', 'MISSING_BASE')),
  found_at timestamptz NOT NULL,
  name text NOT NULL,
  name_surname text NOT NULL,
  id_number_sealed text,
  sex text,
  birth_date date,
  hukou_division text COLLATE "C" REFERENCES guitu.divisions,
  note text,
  first_confirmed_by text,
  second_confirmed_by text,
  rejected_reason text,
  UNIQUE (inquiry_id, step),
  CHECK (first_confirmed_by <> second_confirmed_by),
  CHECK (second_confirmed_by IS NULL OR first_confirmed_by IS NOT NULL AND rejected_reason IS NULL)
);
COMMENT ON COLUMN guitu.inquiry_candidates.person_id IS 'whoever bears the number; opens nothing, and is who the sought person is once two members of staff have confirmed';
COMMENT ON COLUMN guitu.inquiry_candidates.suppressed IS 'protected when the hit came: shown to nobody, and never a candidate';
CREATE INDEX inquiry_candidates_person ON guitu.inquiry_candidates (person_id);
CREATE TABLE guitu.inquiry_transitions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  inquiry_id uuid NOT NULL REFERENCES guitu.identity_inquiries,
  step integer NOT NULL,
  from_state text,
  to_state text NOT NULL,
  level text NOT NULL CHECK (level IN ('COUNTY', 'PREFECTURE', 'PROVINCE', 'MINISTRY')),
  at timestamptz NOT NULL,
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  by_user text NOT NULL,
  reason text,
  UNIQUE (inquiry_id, step)
);
INSERT INTO guitu.record_states VALUES ('IdentityInquiry', 'guitu.identity_inquiries', 'id');
`;

const AGENCY = `(SELECT nullif(current_setting('guitu.agency', true), '')::uuid)`;
const setting = (name: string): string => `(SELECT nullif(current_setting('guitu.${name}', true), ''))`;
const AREA = `(division >= ${setting('from')} AND division < ${setting('until')} OR ${setting('more')} IS NOT NULL AND guitu.in_succeeded_area(division))`;
const SEEN = `station = ${AGENCY} OR civil_affairs = ${AGENCY} OR police = ${AGENCY} OR asked_county = ${AGENCY} OR asked_prefecture = ${AGENCY} OR asked_province = ${AGENCY} OR asked_ministry = ${AGENCY} OR ${setting('kind')} = 'CIVIL_AFFAIRS' AND ${AREA}`;
const INQUIRY_SEEN = 'EXISTS (SELECT FROM guitu.identity_inquiries i WHERE i.id = inquiry_id)';
const INQUIRY_OWN = `EXISTS (SELECT FROM guitu.identity_inquiries i WHERE i.id = inquiry_id AND i.station = ${AGENCY})`;

/** Candidates are the asking station's alone; what the police found on a protected person is nobody's. */
const BOUNDARY = `
ALTER TABLE guitu.identity_inquiries ENABLE ROW LEVEL SECURITY;
CREATE POLICY identity_inquiries_read ON guitu.identity_inquiries FOR SELECT TO guitu_reader, guitu_writer USING (${SEEN});
CREATE POLICY identity_inquiries_insert ON guitu.identity_inquiries FOR INSERT TO guitu_writer WITH CHECK (station = ${AGENCY});
CREATE POLICY identity_inquiries_update ON guitu.identity_inquiries FOR UPDATE TO guitu_writer USING (${SEEN}) WITH CHECK (${SEEN});
ALTER TABLE guitu.inquiry_answers ENABLE ROW LEVEL SECURITY;
CREATE POLICY inquiry_answers_read ON guitu.inquiry_answers FOR SELECT TO guitu_reader, guitu_writer USING (${INQUIRY_SEEN});
CREATE POLICY inquiry_answers_insert ON guitu.inquiry_answers FOR INSERT TO guitu_writer WITH CHECK (${INQUIRY_SEEN});
CREATE POLICY inquiry_answers_update ON guitu.inquiry_answers FOR UPDATE TO guitu_writer USING (police = ${AGENCY}) WITH CHECK (police = ${AGENCY});
ALTER TABLE guitu.inquiry_candidates ENABLE ROW LEVEL SECURITY;
CREATE POLICY inquiry_candidates_read ON guitu.inquiry_candidates FOR SELECT TO guitu_reader, guitu_writer USING (NOT suppressed AND ${INQUIRY_OWN});
CREATE POLICY inquiry_candidates_update ON guitu.inquiry_candidates FOR UPDATE TO guitu_writer USING (NOT suppressed AND ${INQUIRY_OWN}) WITH CHECK (NOT suppressed AND ${INQUIRY_OWN});
ALTER TABLE guitu.inquiry_transitions ENABLE ROW LEVEL SECURITY;
CREATE POLICY inquiry_transitions_read ON guitu.inquiry_transitions FOR SELECT TO guitu_reader, guitu_writer USING (${INQUIRY_SEEN});
CREATE POLICY inquiry_transitions_insert ON guitu.inquiry_transitions FOR INSERT TO guitu_writer WITH CHECK (agency_id = ${AGENCY} AND ${INQUIRY_SEEN});
CREATE POLICY persons_of_inquiries ON guitu.persons FOR SELECT TO guitu_reader, guitu_writer USING (EXISTS (SELECT FROM guitu.identity_inquiries i WHERE i.person_id = persons.id));
GRANT SELECT ON guitu.identity_inquiries, guitu.inquiry_answers, guitu.inquiry_candidates, guitu.inquiry_transitions TO guitu_reader, guitu_writer;
GRANT INSERT, UPDATE ON guitu.identity_inquiries, guitu.inquiry_answers TO guitu_writer;
GRANT UPDATE ON guitu.inquiry_candidates TO guitu_writer;
GRANT INSERT ON guitu.inquiry_transitions TO guitu_writer;
`;

/**
 * Acts that reach persons whom the caller never sees. A hit is linked to whoever bears the number, and says whether it stands, to the command alone: a hit on a protected person looks to
 * everybody like none. Two members of staff who confirm make the sought person the one who bears the number. Whoever leaves takes the inquiries of its stay along.
 */
const CROSSINGS = `
CREATE FUNCTION guitu.record_hit(hit jsonb, hash text, sealed text, ends text, born date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE found inquiry_candidates; asked_by uuid := nullif(current_setting('guitu.agency', true), '')::uuid;
BEGIN
  found := jsonb_populate_record(NULL::inquiry_candidates, hit);
  IF NOT EXISTS (SELECT FROM identity_inquiries i WHERE i.id = found.inquiry_id AND asked_by IN (i.asked_county, i.asked_prefecture, i.asked_province, i.asked_ministry)) THEN RETURN FALSE; END IF;
  IF hash IS NOT NULL THEN found.person_id := link_person(hash, sealed, ends, born); END IF;
  found.suppressed := EXISTS (SELECT FROM protections p WHERE p.person_id = found.person_id);
  INSERT INTO inquiry_candidates (inquiry_id, step, candidate_no, person_id, suppressed, police, method, found_at, name, name_surname, id_number_sealed, sex, birth_date, hukou_division, note)
    SELECT found.inquiry_id, 1 + count(*), found.candidate_no, found.person_id, found.suppressed, asked_by, found.method, found.found_at, found.name, found.name_surname, sealed, found.sex, found.birth_date, found.hukou_division, found.note
    FROM inquiry_candidates c WHERE c.inquiry_id = found.inquiry_id;
  RETURN NOT found.suppressed;
END $$;

CREATE FUNCTION guitu.identify_by_candidate(candidate uuid, of_merge text, of_user text, now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
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

CREATE FUNCTION guitu.withdraw_inquiries(of_stay uuid, why text, of_version integer, of_user text, now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
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
CREATE FUNCTION guitu.is_identified(stay uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  SELECT p.identity_state = 'VERIFIED' FROM stays s JOIN persons p ON p.id = s.person_id WHERE s.id = stay AND s.station = nullif(current_setting('guitu.agency', true), '')::uuid
$$;
REVOKE ALL ON FUNCTION guitu.is_identified(uuid), guitu.record_hit(jsonb, text, text, text, date), guitu.identify_by_candidate(uuid, text, text, timestamptz), guitu.withdraw_inquiries(uuid, text, integer, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.is_identified(uuid), guitu.record_hit(jsonb, text, text, text, date), guitu.identify_by_candidate(uuid, text, text, timestamptz), guitu.withdraw_inquiries(uuid, text, integer, text, timestamptz) TO guitu_writer;
`;
