import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What came to hang on a record while two persons were one goes with the record when they are parted: else a referral, a duty or an entry would tell of, and be protected with, somebody else. */
export class WithItsRecord1764000000022 implements MigrationInterface {
  readonly name = 'WithItsRecord1764000000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WITH_ITS_RECORD);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** Of the person that is parted again, and of whom a duty or a correction may be. */
const RECORDS = ['return_cases', 'return_referrals', 'at_risk_entries', 'settlement_cases', 'stays', 'identity_inquiries'];
const OF_MERGED = RECORDS.map((table) => `SELECT id FROM ${table} WHERE person_id = NEW.merged`).join(' UNION ALL ');

const WITH_ITS_RECORD = `
CREATE FUNCTION guitu.go_with_records() RETURNS trigger LANGUAGE plpgsql SET search_path = guitu, pg_temp AS $$
BEGIN
  UPDATE return_referrals r SET person_id = NEW.merged FROM return_cases c WHERE c.id = r.case_id AND c.person_id = NEW.merged AND r.person_id = NEW.kept;
  UPDATE at_risk_entries e SET person_id = NEW.merged FROM return_cases c WHERE c.id = e.return_case AND c.person_id = NEW.merged AND e.person_id = NEW.kept;
  UPDATE settlement_cases s SET person_id = NEW.merged FROM return_cases c WHERE c.id = s.return_case AND c.person_id = NEW.merged AND s.person_id = NEW.kept;
  -- An inquiry and a long stayer's settlement name no stay: they are of whoever stayed at their station, where that is one of the two.
  UPDATE settlement_cases s SET person_id = NEW.merged WHERE s.return_case IS NULL AND s.person_id = NEW.kept
    AND EXISTS (SELECT FROM stays y WHERE y.person_id = NEW.merged AND y.station = s.station) AND NOT EXISTS (SELECT FROM stays y WHERE y.person_id = NEW.kept AND y.station = s.station);
  UPDATE identity_inquiries i SET person_id = NEW.merged WHERE i.person_id = NEW.kept
    AND EXISTS (SELECT FROM stays y WHERE y.person_id = NEW.merged AND y.station = i.station) AND NOT EXISTS (SELECT FROM stays y WHERE y.person_id = NEW.kept AND y.station = i.station);
  UPDATE missing_results x SET person_id = NEW.merged FROM missing_candidates c JOIN identity_inquiries i ON i.id = c.inquiry_id WHERE c.id = x.candidate_id AND i.person_id = NEW.merged AND x.person_id = NEW.kept;
  UPDATE duties SET person_id = NEW.merged WHERE person_id = NEW.kept AND record_id IN (${OF_MERGED});
  UPDATE corrections SET person_id = NEW.merged WHERE person_id = NEW.kept AND record_id IN (${OF_MERGED});
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION guitu.go_with_records() FROM PUBLIC;
CREATE TRIGGER person_merges_records AFTER UPDATE ON guitu.person_merges FOR EACH ROW WHEN (NEW.split_at IS NOT NULL AND OLD.split_at IS NULL) EXECUTE FUNCTION guitu.go_with_records();

UPDATE guitu.return_referrals r SET person_id = c.person_id FROM guitu.return_cases c WHERE c.id = r.case_id AND r.person_id <> c.person_id;
`;
