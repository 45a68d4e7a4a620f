import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Merging two persons who are one, parting them again as they were, and protection. */
export class People1764000000008 implements MigrationInterface {
  readonly name = 'People1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [MERGES, CROSSINGS]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const MERGES = `
ALTER TABLE guitu.persons ADD COLUMN merged_into uuid REFERENCES guitu.persons;
COMMENT ON COLUMN guitu.persons.merged_into IS 'the person that this one turned out to be; no ledger speaks of it then';
CREATE TABLE guitu.person_merges (
  merge_no text COLLATE "C" PRIMARY KEY,
  kept uuid NOT NULL REFERENCES guitu.persons,
  merged uuid NOT NULL REFERENCES guitu.persons,
  merged_was text NOT NULL,
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  by_user text NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL,
  split_at timestamptz,
  split_reason text,
  CHECK (kept <> merged),
  CHECK ((split_at IS NULL) = (split_reason IS NULL))
);
COMMENT ON COLUMN guitu.person_merges.merged_was IS 'identity state of the merged person before';
CREATE TABLE guitu.person_merge_rows (
  merge_no text COLLATE "C" NOT NULL REFERENCES guitu.person_merges,
  held_in text NOT NULL,
  row_id uuid NOT NULL,
  PRIMARY KEY (merge_no, held_in, row_id)
);
COMMENT ON TABLE guitu.person_merge_rows IS 'the rows that spoke of the merged person, so that parting the two gives each its own again';
CREATE TABLE guitu.ended_protections (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  of_person uuid NOT NULL REFERENCES guitu.persons,
  holding_agency uuid NOT NULL REFERENCES guitu.agencies,
  since date NOT NULL,
  basis text NOT NULL,
  by_agency uuid NOT NULL REFERENCES guitu.agencies,
  by_user text NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL
);
COMMENT ON TABLE guitu.ended_protections IS 'protections that were, and why each ended';
ALTER TABLE guitu.ended_protections ENABLE ROW LEVEL SECURITY;
ALTER TABLE guitu.person_merges ENABLE ROW LEVEL SECURITY;
ALTER TABLE guitu.person_merge_rows ENABLE ROW LEVEL SECURITY;
`;

/**
 * A ledger that speaks of persons holds them in a column `person_id` beside its `id`: such tables are found in the catalog, so that a new ledger is merged with the others.
 * Matches of households have no id of their own and are matched anew by number.
 */
const CROSSINGS = `
CREATE FUNCTION guitu.tables_of_persons() RETURNS SETOF regclass LANGUAGE sql STABLE SET search_path = guitu, pg_temp AS $$
  SELECT k.conrelid::regclass FROM pg_constraint k
  JOIN pg_attribute person ON person.attrelid = k.conrelid AND person.attnum = k.conkey[1] AND person.attname = 'person_id'
  JOIN pg_attribute id ON id.attrelid = k.conrelid AND id.attname = 'id'
  WHERE k.contype = 'f' AND k.confrelid = 'guitu.persons'::regclass AND cardinality(k.conkey) = 1
  ORDER BY 1
$$;

CREATE FUNCTION guitu.merge_people(kept_id uuid, merged_id uuid, no text, of_agency uuid, of_user text, why text, now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
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

CREATE OR REPLACE FUNCTION guitu.link_person(hash text, sealed text, ends text, born date) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
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

CREATE FUNCTION guitu.split_people(kept_id uuid, no text, why text, now timestamptz) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE done person_merges; place regclass;
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
  -- What protected one of the two while they were one goes on protecting both.
  INSERT INTO protections (person_id, holding_agency, holding_division, named_unit, since, basis)
    SELECT done.merged, holding_agency, holding_division, named_unit, since, basis FROM protections WHERE person_id = kept_id ON CONFLICT DO NOTHING;
  UPDATE persons SET identity_state = done.merged_was, merged_into = NULL WHERE id = done.merged;
  UPDATE persons p SET merged_into = done.merged FROM person_merges m WHERE m.merged = p.id AND m.kept = done.merged AND m.split_at IS NULL;
  UPDATE person_merges SET split_at = now, split_reason = why WHERE merge_no = no;
  RETURN done.merged;
END $$;

CREATE FUNCTION guitu.protect_person(protected_id uuid, held_by uuid, unit uuid, from_day date, why text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  INSERT INTO protections (person_id, holding_agency, holding_division, named_unit, since, basis) SELECT protected_id, a.id, a.division, unit, from_day, why FROM agencies a WHERE a.id = held_by
  ON CONFLICT (person_id) DO UPDATE SET holding_agency = excluded.holding_agency, holding_division = excluded.holding_division, named_unit = coalesce(excluded.named_unit, protections.named_unit), basis = excluded.basis
$$;
CREATE FUNCTION guitu.end_protection(protected_id uuid, of_agency uuid, of_user text, why text, now timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  WITH ended AS (DELETE FROM protections WHERE person_id = protected_id RETURNING *)
  INSERT INTO ended_protections (of_person, holding_agency, since, basis, by_agency, by_user, reason, at) SELECT person_id, holding_agency, since, basis, of_agency, of_user, why, now FROM ended
$$;
REVOKE ALL ON FUNCTION guitu.tables_of_persons(), guitu.merge_people(uuid, uuid, text, uuid, text, text, timestamptz), guitu.split_people(uuid, text, text, timestamptz),
  guitu.protect_person(uuid, uuid, uuid, date, text), guitu.end_protection(uuid, uuid, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.merge_people(uuid, uuid, text, uuid, text, text, timestamptz), guitu.split_people(uuid, text, text, timestamptz),
  guitu.protect_person(uuid, uuid, uuid, date, text), guitu.end_protection(uuid, uuid, text, text, timestamptz) TO guitu_writer;
`;
