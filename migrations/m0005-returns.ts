import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The return ledger to its end: drafts, coordination level by level, tracing, the hukou place, referrals for aid. A case is a matter of more agencies than its two sides: whoever
 * coordinates it, the hukou place of a person without a home, and whoever it is referred to stand inside the boundary of rows from the moment they are called upon.
 */
export class Returns1764000000005 implements MigrationInterface {
  readonly name = 'Returns1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [CASES, REFERRALS, BOUNDARY, CROSSINGS, CLOCK]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const setting = (name: string): string => `(SELECT nullif(current_setting('guitu.${name}', true), ''))`;
const AGENCY = `(SELECT nullif(current_setting('guitu.agency', true), '')::uuid)`;
const inArea = (column: string): string => `(${column} >= ${setting('from')} AND ${column} < ${setting('until')} OR ${setting('more')} IS NOT NULL AND guitu.in_succeeded_area(${column}))`;
const kindIn = (...kinds: string[]): string => `${setting('kind')} IN (${kinds.map((kind) => `'${kind}'`).join(', ')})`;

const CASES = `
ALTER TABLE guitu.return_cases
  ADD COLUMN coordinator uuid REFERENCES guitu.agencies,
  ADD COLUMN coordinated_by uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN trace_ended_by uuid REFERENCES guitu.agencies,
  ADD COLUMN hukou_place text COLLATE "C" REFERENCES guitu.divisions,
  ADD COLUMN hukou_agency uuid REFERENCES guitu.agencies,
  ADD COLUMN referred_to uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN handling_codes text[] NOT NULL DEFAULT '{}' CHECK (handling_codes <@ ARRAY['WHEELCHAIR', 'STRETCHER', 'MEDICATION', 'LOSES_WAY', 'CONSTANT_WATCH', 'HEARING_OR_SPEECH', 'SIGHT', 'DIALECT', 'WITH_CHILD', 'SAME_SEX_ESCORT']),
  ADD COLUMN outcome text CHECK (outcome IN ('NO_DIFFICULTY', 'AIDED', 'PLACED', 'DIED', 'DECLINED', 'MERGED', 'NOT_FOUND'));
COMMENT ON COLUMN guitu.return_cases.coordinator IS 'who coordinates now; NULL unless COORDINATING';
COMMENT ON COLUMN guitu.return_cases.coordinated_by IS 'everybody who coordinates or has: the boundary of rows; what they are shown the policy says';
COMMENT ON COLUMN guitu.return_cases.trace_ended_by IS 'the side that has said that the trace may end; the other one closes';
COMMENT ON COLUMN guitu.return_cases.hukou_agency IS 'station or civil affairs of the hukou place, called upon when there is no home';
COMMENT ON COLUMN guitu.return_cases.referred_to IS 'addressees of its referrals: the boundary of rows';
CREATE INDEX return_cases_coordinator ON guitu.return_cases (coordinator) WHERE coordinator IS NOT NULL;
ALTER TABLE guitu.outbox ADD COLUMN addressee uuid REFERENCES guitu.agencies;
COMMENT ON COLUMN guitu.outbox.addressee IS 'an agency that is told whether or not it may still see the record; NULL: whoever may see it';
ALTER TABLE guitu.settlement_cases ADD COLUMN return_case uuid REFERENCES guitu.return_cases;
COMMENT ON COLUMN guitu.settlement_cases.return_case IS 'of a homeless returnee: the return that led here';
`;

const REFERRALS = `
CREATE TABLE guitu.return_referrals (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  case_id uuid NOT NULL REFERENCES guitu.return_cases,
  person_id uuid NOT NULL REFERENCES guitu.persons,
  referral_no text COLLATE "C" NOT NULL UNIQUE,
  version integer NOT NULL,
  addressee uuid NOT NULL REFERENCES guitu.agencies,
  help_asked text[] NOT NULL,
  details text,
  referred_at timestamptz NOT NULL,
  answer_by date NOT NULL,
  answered_at timestamptz,
  measures text[] CHECK (measures <@ ARRAY['SPECIAL_HARDSHIP_SUPPORT', 'SUBSISTENCE_ALLOWANCE', 'TEMPORARY_ASSISTANCE', 'MEDICAL_INSURANCE', 'SOCIAL_INSURANCE', 'DISABILITY_SUBSIDY', 'CHILD_PROTECTION', 'NONE']),
  answer text,
  UNIQUE (case_id, addressee),
  CHECK ((answered_at IS NULL) = (measures IS NULL)),
  CHECK (help_asked <@ ARRAY['SPECIAL_HARDSHIP_SUPPORT', 'SUBSISTENCE_ALLOWANCE', 'TEMPORARY_ASSISTANCE', 'MEDICAL_INSURANCE', 'SOCIAL_INSURANCE', 'DISABILITY_SUBSIDY', 'CHILD_PROTECTION'])
);
CREATE INDEX return_referrals_person ON guitu.return_referrals (person_id);
`;

const BOUNDARY = `
ALTER POLICY return_cases_read ON guitu.return_cases USING (
  author_agency = ${AGENCY} OR state <> 'DRAFT' AND (
    destination_agency = ${AGENCY} OR origin_agency = ${AGENCY} OR escort_agency = ${AGENCY} OR hukou_agency = ${AGENCY} OR ${AGENCY} = ANY (coordinated_by) OR ${AGENCY} = ANY (referred_to)
    OR ${kindIn('CIVIL_AFFAIRS')} AND (${inArea('origin_division')} OR destination_division = ${setting('division')})
    OR ${kindIn('PARTNER')} AND ${setting('purpose')} = 'BENEFIT_CHECK' AND ${inArea('origin_division')}
    OR EXISTS (SELECT FROM guitu.protections p WHERE p.person_id = return_cases.person_id AND p.named_unit = ${AGENCY})));
ALTER POLICY return_cases_update ON guitu.return_cases
  USING (destination_agency = ${AGENCY} OR state <> 'DRAFT' AND (origin_agency = ${AGENCY} OR hukou_agency = ${AGENCY} OR ${AGENCY} = ANY (coordinated_by) OR ${AGENCY} = ANY (referred_to)))
  WITH CHECK (destination_agency = ${AGENCY} OR origin_agency = ${AGENCY} OR hukou_agency = ${AGENCY} OR ${AGENCY} = ANY (coordinated_by) OR ${AGENCY} = ANY (referred_to));
ALTER TABLE guitu.return_referrals ENABLE ROW LEVEL SECURITY;
CREATE POLICY return_referrals_read ON guitu.return_referrals FOR SELECT TO guitu_reader, guitu_writer USING (
  addressee = ${AGENCY} OR ${kindIn('RESCUE_STATION', 'CIVIL_AFFAIRS')} AND EXISTS (SELECT FROM guitu.return_cases c WHERE c.id = case_id));
CREATE POLICY return_referrals_insert ON guitu.return_referrals FOR INSERT TO guitu_writer WITH CHECK (EXISTS (SELECT FROM guitu.return_cases c WHERE c.id = case_id AND c.origin_agency = ${AGENCY}));
CREATE POLICY return_referrals_update ON guitu.return_referrals FOR UPDATE TO guitu_writer USING (addressee = ${AGENCY}) WITH CHECK (addressee = ${AGENCY});
GRANT SELECT ON guitu.return_referrals TO guitu_reader, guitu_writer;
GRANT INSERT, UPDATE ON guitu.return_referrals TO guitu_writer;
`;

/** What one step must do or ask beyond its own boundary: each an act that tells its caller nothing, or one yes or no. */
const CROSSINGS = `
CREATE FUNCTION guitu.end_duty_of(of_record uuid, of_step text, of_owner uuid, at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  UPDATE duties SET ended = 'DONE', ended_at = at, next_at = NULL WHERE record_id = of_record AND step = of_step AND owner = of_owner AND ended_at IS NULL
$$;
CREATE FUNCTION guitu.has_open_referral(of_case uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  SELECT EXISTS (SELECT FROM return_referrals WHERE case_id = of_case AND answered_at IS NULL)
$$;
CREATE FUNCTION guitu.tell_of_recall(of_case uuid, at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  INSERT INTO outbox (at, topic, record, record_id, addressee)
  SELECT tell_of_recall.at, 'return.recalled', 'ReturnCase', of_case, told.agency_id FROM (
    SELECT n.agency_id FROM duty_notices n JOIN duties d ON d.id = n.duty_id WHERE d.record_id = of_case
    UNION SELECT unnest(array_remove(ARRAY[c.origin_agency, c.escort_agency] || c.coordinated_by, NULL)) FROM return_cases c WHERE c.id = of_case
  ) told WHERE told.agency_id <> (SELECT c.destination_agency FROM return_cases c WHERE c.id = of_case)
$$;
CREATE FUNCTION guitu.is_settled(of_case uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  SELECT EXISTS (SELECT FROM settlement_cases WHERE return_case = of_case AND state IN ('PLACED', 'SUPPORTED', 'NOT_ELIGIBLE'))
$$;
REVOKE ALL ON FUNCTION guitu.end_duty_of(uuid, text, uuid, timestamptz), guitu.has_open_referral(uuid), guitu.tell_of_recall(uuid, timestamptz), guitu.is_settled(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.end_duty_of(uuid, text, uuid, timestamptz), guitu.has_open_referral(uuid), guitu.tell_of_recall(uuid, timestamptz), guitu.is_settled(uuid) TO guitu_writer;
`;

/** A refusal that nobody settles in time passes up by the clock. */
const CLOCK = `
GRANT SELECT, UPDATE ON guitu.return_cases TO guitu_clock;
GRANT SELECT, INSERT ON guitu.return_transitions TO guitu_clock;
CREATE POLICY return_cases_clock ON guitu.return_cases FOR ALL TO guitu_clock USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY return_transitions_clock ON guitu.return_transitions FOR ALL TO guitu_clock USING (TRUE) WITH CHECK (TRUE);
`;
