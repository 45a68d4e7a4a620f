import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is read under IDENTITY may be reported wrong there too, its words being read under the inquiry that led to them; and what is asked about a registered household stands while its flag is shown to the office. */
export class IdentityCorrections1764000000026 implements MigrationInterface {
  readonly name = 'IdentityCorrections1764000000026';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [IDENTITY_CORRECTIONS, STANDS]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const IDENTITY_CORRECTIONS = `
ALTER TABLE guitu.corrections ADD COLUMN matter text COLLATE "C";
COMMENT ON COLUMN guitu.corrections.matter IS 'number of the inquiry under which it was asked; NULL where no purpose bound it to one';
ALTER TABLE guitu.corrections DROP CONSTRAINT corrections_ledger_check, DROP CONSTRAINT corrections_provider_ledger_check;
ALTER TABLE guitu.corrections
  ADD CHECK (ledger IN ('RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'IDENTITY', 'POVERTY_RELIEF')),
  ADD CHECK (provider_ledger IN ('RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'IDENTITY', 'POVERTY_RELIEF')),
  ADD CHECK ((ledger = 'IDENTITY') = (matter IS NOT NULL));
`;

/** County civil affairs reads the households that matched and no other: what it asks about one would tell the office of a match, and what was asked about help, of a flag that has gone. */
const STANDS = `
CREATE FUNCTION guitu.correction_stands(of_correction uuid, today date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  SELECT NOT EXISTS (
    SELECT FROM corrections c WHERE c.id = of_correction AND c.record = 'RegisteredHousehold'
      AND NOT (household_flag_stands(c.record_id, today) AND EXISTS (SELECT FROM household_flags f WHERE f.household_id = c.record_id AND f.state = 'CONFIRMED' AND f.release_on <= today))
  )
$$;
REVOKE ALL ON FUNCTION guitu.correction_stands(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.correction_stands(uuid, date) TO guitu_reader, guitu_writer;
`;
