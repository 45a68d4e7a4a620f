import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever reported a field wrong was given it, and is told with the others that it was put right. */
export class AskersAreTold1764000000031 implements MigrationInterface {
  readonly name = 'AskersAreTold1764000000031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TELL);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const TELL = `
CREATE OR REPLACE FUNCTION guitu.tell_of_correction(of_correction uuid, at timestamp with time zone) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
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
`;
