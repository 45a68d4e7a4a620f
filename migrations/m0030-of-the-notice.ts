import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What else a notice says (where the person is kept, the digest of its file), and how often the person had been returned before. */
export class OfTheNotice1764000000030 implements MigrationInterface {
  readonly name = 'OfTheNotice1764000000030';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [COLUMNS, COUNT]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const COLUMNS = `
ALTER TABLE guitu.return_cases
  ADD COLUMN notice_file_digest text CHECK (notice_file_digest ~ '^[0-9a-f]{64}$'),
  ADD COLUMN custody_place text CHECK (custody_place IN ('IN_STATION', 'ENTRUSTED', 'HOSPITAL')),
  ADD COLUMN earlier_returns integer CHECK (earlier_returns >= 0);
COMMENT ON COLUMN guitu.return_cases.notice_file_digest IS 'SHA-256 of the written notice, which is sent otherwise';
COMMENT ON COLUMN guitu.return_cases.custody_place IS 'where the destination side keeps the person until it leaves';
COMMENT ON COLUMN guitu.return_cases.earlier_returns IS 'confirmed returns of the person before this one, anywhere, as they stood when it was confirmed';
`;

const COUNT = `
CREATE FUNCTION guitu.count_earlier_returns(of_case uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  -- An imported row may lack the day on which the person left.
  WITH dated AS (
    SELECT o.*, coalesce(o.leave_date, o.entry_date, (o.received_at AT TIME ZONE 'Asia/Shanghai')::date) AS day
    FROM return_cases o WHERE o.person_id = (SELECT x.person_id FROM return_cases x WHERE x.id = of_case) AND o.confirmed_at IS NOT NULL
  ) UPDATE return_cases c SET earlier_returns = CASE WHEN this.day IS NOT NULL THEN (
    SELECT count(*) FROM dated o WHERE o.id <> this.id AND o.day < this.day AND o.confirmed_at <= this.confirmed_at
      AND o.state NOT IN ('DISPUTED', 'REFUSED', 'RECALLED', 'COORDINATING') AND o.outcome IS DISTINCT FROM 'MERGED'
  ) END FROM dated this WHERE c.id = of_case AND this.id = of_case
$$;
REVOKE EXECUTE ON FUNCTION guitu.count_earlier_returns(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.count_earlier_returns(uuid) TO guitu_writer;
SELECT guitu.count_earlier_returns(id) FROM guitu.return_cases WHERE confirmed_at IS NOT NULL;
`;
