import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A candidate who is protected after the hit reads like no hit, and the inquiry that waited for nobody else goes on. */
export class HiddenHits1764000000019 implements MigrationInterface {
  readonly name = 'HiddenHits1764000000019';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [CANDIDATES, CROSSINGS]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const CANDIDATES = `
COMMENT ON COLUMN guitu.inquiry_candidates.suppressed IS 'protected when the hit came or since: shown to nobody, and a candidate no more';
`;

/**
 * Whoever protects a person takes the inquiries first and the person then, in the order in which an answer takes them: either the hit is there before the protection and is hidden with it, or
 * the protection is there before the hit. \`dues\` holds for each state what it asks for, of whom, and until when by each division's own length and the shipped one.
 */
const CROSSINGS = `
CREATE OR REPLACE FUNCTION guitu.record_hit(hit jsonb, hash text, sealed text, ends text, born date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE found inquiry_candidates; asked_by uuid := nullif(current_setting('guitu.agency', true), '')::uuid;
BEGIN
  found := jsonb_populate_record(NULL::inquiry_candidates, hit);
  IF NOT EXISTS (SELECT FROM identity_inquiries i WHERE i.id = found.inquiry_id AND asked_by IN (i.asked_county, i.asked_prefecture, i.asked_province, i.asked_ministry)) THEN RETURN FALSE; END IF;
  IF hash IS NOT NULL THEN
    found.person_id := link_person(hash, sealed, ends, born);
    PERFORM FROM persons WHERE id = found.person_id FOR KEY SHARE;
  END IF;
  found.suppressed := EXISTS (SELECT FROM protections p WHERE p.person_id = found.person_id);
  INSERT INTO inquiry_candidates (inquiry_id, step, candidate_no, person_id, suppressed, police, method, found_at, name, name_surname, id_number_sealed, sex, birth_date, hukou_division, note)
    SELECT found.inquiry_id, 1 + count(*), found.candidate_no, found.person_id, found.suppressed, asked_by, found.method, found.found_at, found.name, found.name_surname, sealed, found.sex, found.birth_date, found.hukou_division, found.note
    FROM inquiry_candidates c WHERE c.inquiry_id = found.inquiry_id;
  RETURN NOT found.suppressed;
END $$;

CREATE FUNCTION guitu.hold_hits(of_persons uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
BEGIN
  PERFORM FROM identity_inquiries i WHERE EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = i.id AND c.person_id = ANY (of_persons)) ORDER BY i.id FOR UPDATE;
  PERFORM FROM persons WHERE id = ANY (of_persons) ORDER BY id FOR UPDATE;
END $$;

CREATE FUNCTION guitu.hide_hits(of_person uuid, dues jsonb, now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE one identity_inquiries; owed_by uuid; duty jsonb;
BEGIN
  IF NOT EXISTS (SELECT FROM protections p WHERE p.person_id = of_person) THEN RETURN; END IF;
  FOR one IN SELECT i.* FROM identity_inquiries i
    WHERE EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = i.id AND c.person_id = of_person AND NOT c.suppressed)
      AND NOT EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = i.id AND c.second_confirmed_by IS NOT NULL) ORDER BY i.id FOR UPDATE OF i LOOP
    UPDATE inquiry_candidates c SET suppressed = TRUE WHERE c.inquiry_id = one.id AND EXISTS (SELECT FROM protections p WHERE p.person_id = c.person_id);
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
REVOKE ALL ON FUNCTION guitu.hold_hits(uuid[]), guitu.hide_hits(uuid, jsonb, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.hold_hits(uuid[]), guitu.hide_hits(uuid, jsonb, timestamptz) TO guitu_writer;
`;
