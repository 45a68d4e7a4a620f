import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Persons merged are protected as the younger of the two: a child merged into an adult is a child in every ledger, until the two are parted. */
export class YoungerOfTwo1764000000020 implements MigrationInterface {
  readonly name = 'YoungerOfTwo1764000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(YOUNGER);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** Whether the birth of `merged` counts beside that of `kept`: a guess says nothing against a date. */
const COUNTS = 'merged.birth_date IS NOT NULL OR merged.id_number_hash IS NOT NULL OR (kept.birth_date IS NULL AND kept.id_number_hash IS NULL)';

const YOUNGER = `
ALTER TABLE guitu.person_merges ADD COLUMN kept_born_on date;
COMMENT ON COLUMN guitu.person_merges.kept_born_on IS 'when the person that stays was born, by its own facts alone; while merged it counts as the younger of the two';

CREATE FUNCTION guitu.count_as_younger() RETURNS trigger LANGUAGE plpgsql SET search_path = guitu, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT coalesce((SELECT m.kept_born_on FROM person_merges m WHERE m.kept = NEW.kept AND m.split_at IS NULL LIMIT 1), kept.born_on) INTO NEW.kept_born_on FROM persons kept WHERE kept.id = NEW.kept;
    UPDATE persons kept SET born_on = merged.born_on FROM persons merged WHERE kept.id = NEW.kept AND merged.id = NEW.merged AND kept.born_on < merged.born_on AND (${COUNTS});
  ELSIF NEW.split_at IS NOT NULL AND OLD.split_at IS NULL THEN
    UPDATE persons kept SET born_on = greatest(NEW.kept_born_on,
      (SELECT max(merged.born_on) FROM person_merges m JOIN persons merged ON merged.id = m.merged WHERE m.kept = NEW.kept AND m.split_at IS NULL AND m.merge_no <> NEW.merge_no AND (${COUNTS})))
    WHERE kept.id = NEW.kept AND NEW.kept_born_on IS NOT NULL;
  END IF;
  RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION guitu.count_as_younger() FROM PUBLIC;
CREATE TRIGGER person_merges_younger BEFORE INSERT OR UPDATE ON guitu.person_merges FOR EACH ROW EXECUTE FUNCTION guitu.count_as_younger();
`;
