import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Identity inquiries that are open at the end of a period, by the level at which they stand; to statistics like the other counts (m0011). */
export class CountInquiries1764000000014 implements MigrationInterface {
  readonly name = 'CountInquiries1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COUNTING);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const COUNTING = `
CREATE FUNCTION guitu.count_inquiries(first_day date, end_day date, known_by timestamptz) RETURNS TABLE (measure text, division text, amount bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = guitu, pg_temp SET timezone = 'Asia/Shanghai' AS $$
  SELECT 'INQUIRIES.' || CASE WHEN last.to_state = 'EXHAUSTED' THEN 'EXHAUSTED' ELSE last.level END, i.division, count(*)
  FROM identity_inquiries i JOIN LATERAL (SELECT t.to_state, t.level FROM inquiry_transitions t WHERE t.inquiry_id = i.id AND t.at < end_day ORDER BY t.step DESC LIMIT 1) last ON TRUE
  WHERE last.to_state NOT IN ('IDENTIFIED', 'WITHDRAWN') AND NOT EXISTS (SELECT FROM protections x WHERE x.person_id = i.person_id) GROUP BY 1, 2
$$;
REVOKE ALL ON FUNCTION guitu.count_inquiries(date, date, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.count_inquiries(date, date, timestamptz) TO guitu_clock;
`;
