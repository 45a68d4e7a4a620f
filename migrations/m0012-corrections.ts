import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever may read a field may report it wrong; whoever wrote it answers; all who were given it are told (政务数据共享条例 art. 26). */
export class Corrections1764000000012 implements MigrationInterface {
  readonly name = 'Corrections1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [CORRECTIONS, BOUNDARY, CROSSINGS]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const CORRECTIONS = `
CREATE TABLE guitu.corrections (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  correction_no text COLLATE "C" NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('OPEN', 'CORRECTED', 'REFUSED')),
  record text NOT NULL,
  record_id uuid NOT NULL,
  record_no text COLLATE "C",
  field text NOT NULL,
  person_id uuid REFERENCES guitu.persons,
  born_on date,
  ledger text NOT NULL CHECK (ledger IN ('RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'POVERTY_RELIEF')),
  asked_by uuid NOT NULL REFERENCES guitu.agencies,
  by_user text NOT NULL,
  asked_at timestamptz NOT NULL,
  claim text NOT NULL,
  proposed_sealed text,
  provider uuid NOT NULL REFERENCES guitu.agencies,
  provider_ledger text NOT NULL CHECK (provider_ledger IN ('RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'POVERTY_RELIEF')),
  source_no text COLLATE "C" NOT NULL,
  shown_as jsonb NOT NULL,
  answer_by date NOT NULL,
  answered_at timestamptz,
  answer text,
  CHECK ((state = 'OPEN') = (answered_at IS NULL) AND (answered_at IS NULL) = (answer IS NULL)),
  CHECK (asked_by <> provider)
);
COMMENT ON COLUMN guitu.corrections.record_no IS 'number of the record as the asking agency holds it; NULL where it holds none';
COMMENT ON COLUMN guitu.corrections.born_on IS 'of the youngest person that it is about, as of the asking; NULL counts as a minor';
COMMENT ON COLUMN guitu.corrections.ledger IS 'the purpose under which the asking agency reads what is written here';
COMMENT ON COLUMN guitu.corrections.provider IS 'who wrote what is said to be wrong, and answers';
COMMENT ON COLUMN guitu.corrections.source_no IS 'number of the record in which the provider wrote it';
COMMENT ON COLUMN guitu.corrections.shown_as IS 'the cells in which the hub shows what is said to be wrong, so that whoever was given one of them is told';
CREATE UNIQUE INDEX corrections_waiting ON guitu.corrections (record_id, field, asked_by) WHERE state = 'OPEN';
CREATE INDEX corrections_asked_by ON guitu.corrections (asked_by);
CREATE INDEX corrections_provider ON guitu.corrections (provider);
CREATE INDEX corrections_person ON guitu.corrections (person_id);
INSERT INTO guitu.record_states VALUES ('Correction', 'guitu.corrections', 'id');
ALTER TABLE guitu.outbox ADD COLUMN told jsonb;
COMMENT ON COLUMN guitu.outbox.told IS 'what the notice itself says, where its addressee may no longer see the record: number and field, never a value';
ALTER TABLE guitu.return_transitions ADD COLUMN replaced jsonb;
COMMENT ON COLUMN guitu.return_transitions.replaced IS 'of a correction: the columns of the case as they were before it; sealed ones stay sealed';
`;

const AGENCY = `(SELECT nullif(current_setting('guitu.agency', true), '')::uuid)`;

const BOUNDARY = `
ALTER TABLE guitu.corrections ENABLE ROW LEVEL SECURITY;
CREATE POLICY corrections_read ON guitu.corrections FOR SELECT TO guitu_reader, guitu_writer USING (asked_by = ${AGENCY} OR provider = ${AGENCY});
CREATE POLICY corrections_insert ON guitu.corrections FOR INSERT TO guitu_writer WITH CHECK (asked_by = ${AGENCY});
CREATE POLICY corrections_update ON guitu.corrections FOR UPDATE TO guitu_writer USING (asked_by = ${AGENCY} OR provider = ${AGENCY}) WITH CHECK (provider = ${AGENCY});
GRANT SELECT ON guitu.corrections TO guitu_reader, guitu_writer;
GRANT INSERT, UPDATE ON guitu.corrections TO guitu_writer;
`;

/**
 * Who wrote what the hub shows of a person; telling whoever was given a cell that has been put right; and a person that follows a corrected notice as far as it had taken over from it.
 * The first names an agency to the hub alone: what the asker is shown the policy says. The others tell their caller nothing.
 */
const CROSSINGS = `
CREATE FUNCTION guitu.source_of_person(of_person uuid, case_column text, person_column text, asker uuid) RETURNS TABLE (record text, id uuid, no text, author uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
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

CREATE FUNCTION guitu.tell_of_correction(of_correction uuid, at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  WITH given AS (
    SELECT a.id AS agency_id, c.person_id, place.ord, place.value AS cell, bool_or(coalesce(e.records #> ARRAY[place.value ->> 'record', 'cells', place.value ->> 'numberCell'] ? 'FULL', false)) AS numbered
    FROM corrections c
    CROSS JOIN LATERAL jsonb_array_elements(c.shown_as) WITH ORDINALITY AS place(value, ord)
    JOIN LATERAL (SELECT body::jsonb ->> 'agency' AS code, body::jsonb -> 'records' AS records FROM guitu_evidence.events WHERE position(place.value ->> 'id' IN body) > 0) e
      ON e.records #> ARRAY[place.value ->> 'record', 'ids'] ? (place.value ->> 'id')
      AND EXISTS (SELECT FROM jsonb_array_elements_text(e.records #> ARRAY[place.value ->> 'record', 'cells', place.value ->> 'cell']) AS rung WHERE rung <> 'WITHHELD')
    JOIN agencies a ON a.code = e.code
    WHERE c.id = of_correction AND c.state = 'CORRECTED' AND c.provider = nullif(current_setting('guitu.agency', true), '')::uuid AND a.id NOT IN (c.provider, c.asked_by)
    GROUP BY a.id, c.person_id, place.ord, place.value
  ) INSERT INTO outbox (at, topic, record, record_id, addressee, told)
  SELECT DISTINCT ON (g.agency_id) tell_of_correction.at, 'correction.told', g.cell ->> 'record', (g.cell ->> 'id')::uuid, g.agency_id,
    jsonb_build_object('number', CASE WHEN g.numbered THEN g.cell -> 'number' END, 'field', g.cell -> 'field')
  FROM given g JOIN agencies a ON a.id = g.agency_id
  WHERE NOT EXISTS (SELECT FROM protections p WHERE p.person_id = g.person_id AND p.holding_agency <> a.id AND p.named_unit IS DISTINCT FROM a.id AND NOT (a.kind = 'CIVIL_AFFAIRS' AND a.division = p.holding_division))
  ORDER BY g.agency_id, g.ord
$$;

CREATE FUNCTION guitu.take_over_correction(of_case uuid, former jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
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
REVOKE ALL ON FUNCTION guitu.source_of_person(uuid, text, text, uuid), guitu.tell_of_correction(uuid, timestamptz), guitu.take_over_correction(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.source_of_person(uuid, text, text, uuid), guitu.tell_of_correction(uuid, timestamptz), guitu.take_over_correction(uuid, jsonb) TO guitu_writer;
`;
