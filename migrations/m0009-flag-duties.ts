import type { MigrationInterface, QueryRunner } from 'typeorm';

/** County civil affairs owes a decision on each proposed flag, for as long as the flag stands. */
export class FlagDuties1764000000009 implements MigrationInterface {
  readonly name = 'FlagDuties1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FLAG_DUTIES);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/**
 * The duties of flags follow the flags: begun where one is proposed and its county has civil affairs on the hub, void where it is proposed no more. Told to the caller is nothing, as with the matching itself.
 * An item of an inbox about a household stands only while the flag does: a person protected since must not be told of by what waits.
 */
const FLAG_DUTIES = `
CREATE FUNCTION guitu.renew_flag_duties(households uuid[], people uuid[], template jsonb, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE flag record;
BEGIN
  UPDATE duties d SET ended = 'VOID', ended_at = at, next_at = NULL
    WHERE d.record_id = ANY (households) AND d.record = 'RegisteredHousehold' AND d.ended_at IS NULL AND NOT EXISTS (SELECT FROM household_flags f WHERE f.household_id = d.record_id AND f.state = 'PROPOSED');
  FOR flag IN
    SELECT h.id, h.household_no, a.id AS owner FROM household_flags f JOIN registered_households h ON h.id = f.household_id
    JOIN LATERAL (SELECT x.id FROM agencies x WHERE x.kind = 'CIVIL_AFFAIRS' AND x.division = left(h.division, 6) AND x.suspended_at IS NULL ORDER BY x.code LIMIT 1) a ON TRUE
    WHERE f.state = 'PROPOSED' AND (h.id = ANY (households) OR EXISTS (SELECT FROM household_matches m WHERE m.household_id = h.id AND m.person_id = ANY (people)))
      AND NOT EXISTS (SELECT FROM duties d WHERE d.record_id = h.id AND d.ended_at IS NULL)
  LOOP
    PERFORM begin_duty(template || jsonb_build_object('record', 'RegisteredHousehold', 'record_id', flag.id, 'record_no', flag.household_no, 'owner', flag.owner));
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION guitu.renew_flag_duties(uuid[], uuid[], jsonb, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.renew_flag_duties(uuid[], uuid[], jsonb, timestamptz) TO guitu_writer;

CREATE OR REPLACE VIEW guitu.inbox_items WITH (security_invoker = true) AS
SELECT n.id, n.agency_id, n.kind, n.at, d.step, d.title, d.record, d.record_no, d.person_id, d.owner, d.started_at, d.due_on, d.due_at, d.provisional, d.class, d.reason,
  d.overdue_at IS NOT NULL AS overdue, d.ended_at IS NULL AS open, guitu.state_of(d.record, d.record_id) AS state, d.record_id
FROM guitu.duty_notices n JOIN guitu.duties d ON d.id = n.duty_id;
`;
