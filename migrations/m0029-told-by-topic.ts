import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an agency is told is worded by its topic; a topic without words is refused rather than told as another. */
export class ToldByTopic1764000000029 implements MigrationInterface {
  readonly name = 'ToldByTopic1764000000029';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TELL);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const TELL = `
CREATE OR REPLACE FUNCTION guitu.tell_addressee() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
BEGIN
  INSERT INTO tellings (agency_id, at, step, title, record, record_id, record_no, person_id, field)
  SELECT NEW.addressee, NEW.at,
    CASE NEW.topic WHEN 'return.recalled' THEN 'recallReturn' WHEN 'correction.told' THEN 'answerCorrection' END,
    CASE NEW.topic WHEN 'return.recalled' THEN '反馈已撤回' WHEN 'correction.told' THEN '得到过的内容已更正' END,
    NEW.record, NEW.record_id, NEW.told ->> 'number',
    CASE NEW.record WHEN 'Person' THEN NEW.record_id WHEN 'ReturnCase' THEN (SELECT c.person_id FROM return_cases c WHERE c.id = NEW.record_id) WHEN 'AtRiskEntry' THEN (SELECT e.person_id FROM at_risk_entries e WHERE e.id = NEW.record_id)
      WHEN 'SettlementCase' THEN (SELECT s.person_id FROM settlement_cases s WHERE s.id = NEW.record_id) WHEN 'Stay' THEN (SELECT s.person_id FROM stays s WHERE s.id = NEW.record_id)
      WHEN 'IdentityInquiry' THEN (SELECT i.person_id FROM identity_inquiries i WHERE i.id = NEW.record_id) END,
    NEW.told ->> 'field';
  RETURN NULL;
END $$;
`;
