import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is found wandering while one county hands the entry to another is the home county's to answer for, so the handing over ends: an alert that it cannot answer would go under with it. */
export class FoundWhileMoving1764000000021 implements MigrationInterface {
  readonly name = 'FoundWhileMoving1764000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MATCH);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** As `m0006-registry` has it, but for the entry on its way to another county. */
const MATCH = `
CREATE OR REPLACE FUNCTION guitu.match_entrant(hash text, at_instant timestamptz, by_whom text)
RETURNS TABLE (entry_id uuid, entry_no text, person_id uuid, county uuid, was text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
#variable_conflict use_column
DECLARE own uuid := nullif(current_setting('guitu.agency', true), '')::uuid; found record; home uuid;
BEGIN
  FOR found IN
    SELECT e.* FROM at_risk_entries e JOIN persons p ON p.id = e.person_id
    WHERE e.state IN ('ACTIVE', 'WANDERING', 'TRANSFERRING') AND (p.id_number_hash = hash OR e.surveyed_id_number_hash = hash)
      AND NOT EXISTS (SELECT FROM protections x JOIN persons y ON y.id = x.person_id WHERE x.person_id = e.person_id OR y.id_number_hash = hash)
    ORDER BY e.id FOR UPDATE OF e
  LOOP
    WITH RECURSIVE up AS (
      SELECT d.code, d.parent, 0 AS steps FROM divisions d WHERE d.code = found.division
      UNION ALL SELECT d.code, d.parent, up.steps + 1 FROM divisions d JOIN up ON d.code = up.parent
    ) SELECT a.id INTO home FROM up JOIN agencies a ON a.division = up.code AND a.kind = 'CIVIL_AFFAIRS' AND a.suspended_at IS NULL ORDER BY up.steps, a.code LIMIT 1;
    IF found.state <> 'WANDERING' THEN
      UPDATE at_risk_entries SET state = 'WANDERING', version = 1 + floor(random() * 2147483646)::integer, next_visit_by = NULL, transfer_to = NULL WHERE id = found.id;
      INSERT INTO at_risk_transitions (entry_id, step, from_state, to_state, at, agency_id, by_user)
        SELECT found.id, 1 + coalesce(max(t.step), 0), found.state, 'WANDERING', at_instant, own, by_whom FROM at_risk_transitions t WHERE t.entry_id = found.id;
      INSERT INTO outbox (at, topic, record, record_id) VALUES (at_instant, 'atRisk.wandering', 'AtRiskEntry', found.id);
    END IF;
    entry_id := found.id; entry_no := found.entry_no; person_id := found.person_id; county := home; was := found.state;
    RETURN NEXT;
  END LOOP;
END $$;
`;
