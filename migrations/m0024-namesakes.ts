import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A protected person is no candidate under the bare name either: a hit or a report that names somebody who may be the one who is protected reads like none. */
export class Namesakes1764000000024 implements MigrationInterface {
  readonly name = 'Namesakes1764000000024';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [NAMESAKES, CROSSINGS]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** Who may be a person is whoever bears the name, unless sex, or birth by more than five years, or an ID number on both sides says otherwise: unknown never opens. */
const NAMESAKES = `
CREATE FUNCTION guitu.may_be(person uuid, called text, of_sex text, born date, numbered boolean) RETURNS boolean
LANGUAGE sql STABLE SET search_path = guitu, pg_temp AS $$
  SELECT EXISTS (SELECT FROM persons p WHERE p.id = person AND p.name = called AND NOT (numbered AND p.id_number_hash IS NOT NULL)
    AND (p.sex = of_sex OR coalesce(p.sex, '') NOT IN ('MALE', 'FEMALE') OR coalesce(of_sex, '') NOT IN ('MALE', 'FEMALE'))
    AND (p.born_on IS NULL OR born IS NULL OR p.born_on BETWEEN born - interval '5 years' AND born + interval '5 years'))
$$;
CREATE FUNCTION guitu.may_be_protected(called text, of_sex text, born date, numbered boolean) RETURNS boolean
LANGUAGE sql STABLE SET search_path = guitu, pg_temp AS $$
  SELECT EXISTS (SELECT FROM protections x WHERE may_be(x.person_id, called, of_sex, born, numbered))
$$;
REVOKE ALL ON FUNCTION guitu.may_be(uuid, text, text, date, boolean), guitu.may_be_protected(text, text, date, boolean) FROM PUBLIC;
`;

/** As \`m0017-missing-reports\` and \`m0019-hidden-hits\` have them, but for namesakes. */
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
  found.suppressed := EXISTS (SELECT FROM protections p WHERE p.person_id = found.person_id) OR may_be_protected(found.name, found.sex, found.birth_date, hash IS NOT NULL);
  INSERT INTO inquiry_candidates (inquiry_id, step, candidate_no, person_id, suppressed, police, method, found_at, name, name_surname, id_number_sealed, sex, birth_date, hukou_division, note)
    SELECT found.inquiry_id, 1 + count(*), found.candidate_no, found.person_id, found.suppressed, asked_by, found.method, found.found_at, found.name, found.name_surname, sealed, found.sex, found.birth_date, found.hukou_division, found.note
    FROM inquiry_candidates c WHERE c.inquiry_id = found.inquiry_id;
  RETURN NOT found.suppressed;
END $$;

CREATE OR REPLACE FUNCTION guitu.compare_missing_reports(of_inquiry uuid, most integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
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

CREATE OR REPLACE FUNCTION guitu.hide_hits(of_person uuid, dues jsonb, now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
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
`;
