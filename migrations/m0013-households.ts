import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A person that was merged into another keeps its number, and the number leads on: households are matched and returnees checked by it as by the other's. Parted again, a match stands only
 * on the one of the two whose return it was.
 */
export class Households1764000000013 implements MigrationInterface {
  readonly name = 'Households1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [BOUNDARY, MATCHING]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const AGENCY = `(SELECT nullif(current_setting('guitu.agency', true), '')::uuid)`;
const setting = (name: string): string => `(SELECT nullif(current_setting('guitu.${name}', true), ''))`;
const kindIs = (kind: string): string => `${setting('kind')} = '${kind}'`;

/** A partner that asks by a number finds the merged person as far as it may find the one that stays. */
const BOUNDARY = `
ALTER POLICY persons_read ON guitu.persons USING (
  EXISTS (SELECT FROM guitu.return_cases c WHERE c.person_id = persons.id) OR EXISTS (SELECT FROM guitu.at_risk_entries e WHERE e.person_id = persons.id)
  OR EXISTS (SELECT FROM guitu.settlement_cases s WHERE s.person_id = persons.id)
  OR ${kindIs('CIVIL_AFFAIRS')} AND EXISTS (SELECT FROM guitu.household_matches m WHERE m.person_id = persons.id)
  OR EXISTS (SELECT FROM guitu.protections p WHERE p.person_id = persons.id AND (p.named_unit = ${AGENCY} OR p.holding_agency = ${AGENCY} OR ${kindIs('CIVIL_AFFAIRS')} AND p.holding_division = ${setting('division')}))
  OR merged_into IS NOT NULL AND ${kindIs('PARTNER')} AND ${setting('purpose')} = 'BENEFIT_CHECK' AND EXISTS (SELECT FROM guitu.return_cases c WHERE c.person_id = persons.merged_into));
`;

const MATCHING = `
CREATE FUNCTION guitu.has_returned_to(who uuid, county text) RETURNS boolean LANGUAGE sql STABLE SET search_path = guitu, pg_temp AS $$
  SELECT EXISTS (SELECT FROM return_cases c WHERE c.person_id = who AND c.confirmed_at IS NOT NULL AND c.state NOT IN ('DISPUTED', 'REFUSED', 'RECALLED', 'COORDINATING') AND left(c.origin_division, 6) = left(county, 6))
$$;
REVOKE ALL ON FUNCTION guitu.has_returned_to(uuid, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION guitu.match_households(households uuid[], people uuid[], at timestamptz, today date, due date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE hit uuid[];
BEGIN
  WITH found AS (
    INSERT INTO household_matches (household_id, member_id, person_id)
    SELECT m.household_id, m.id, p.id
    FROM household_members m
    JOIN registered_households h ON h.id = m.household_id AND h.flag_requested_at IS NOT NULL
    JOIN persons numbered ON numbered.id_number_hash = m.id_number_hash
    JOIN persons p ON p.id = coalesce(numbered.merged_into, numbered.id)
    WHERE (h.id = ANY (households) OR p.id = ANY (people))
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

CREATE OR REPLACE FUNCTION guitu.split_people(kept_id uuid, no text, why text, now timestamptz) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
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
`;
