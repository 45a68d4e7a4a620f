import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whoever is told of something finds it in its inbox: a notice that was recalled, a value that was put right, a result on a missing report. Told of a recall are all who were shown the case,
 * as the evidence names them, beside those who were called upon.
 */
export class Told1764000000023 implements MigrationInterface {
  readonly name = 'Told1764000000023';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [TELLINGS, RECALL, RESULTS, PARTED, INBOX]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const TELLINGS = `
CREATE TABLE guitu.tellings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  at timestamptz NOT NULL,
  step text NOT NULL,
  title text NOT NULL,
  record text NOT NULL,
  record_id uuid NOT NULL,
  record_no text COLLATE "C",
  person_id uuid REFERENCES guitu.persons,
  field text
);
COMMENT ON TABLE guitu.tellings IS 'what an agency is told, whether or not it may still see the record: number and field, never a value';
CREATE INDEX tellings_agency ON guitu.tellings (agency_id, at);
CREATE INDEX tellings_person ON guitu.tellings (person_id);
ALTER TABLE guitu.tellings ENABLE ROW LEVEL SECURITY;
CREATE POLICY tellings_read ON guitu.tellings FOR SELECT TO guitu_reader, guitu_writer USING (agency_id = (SELECT nullif(current_setting('guitu.agency', true), '')::uuid));
GRANT SELECT ON guitu.tellings TO guitu_reader, guitu_writer;

CREATE FUNCTION guitu.tell_addressee() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
BEGIN
  INSERT INTO tellings (agency_id, at, step, title, record, record_id, record_no, person_id, field)
  SELECT NEW.addressee, NEW.at, CASE NEW.topic WHEN 'return.recalled' THEN 'recallReturn' ELSE 'answerCorrection' END, CASE NEW.topic WHEN 'return.recalled' THEN '反馈已撤回' ELSE '得到过的内容已更正' END,
    NEW.record, NEW.record_id, NEW.told ->> 'number',
    CASE NEW.record WHEN 'Person' THEN NEW.record_id WHEN 'ReturnCase' THEN (SELECT c.person_id FROM return_cases c WHERE c.id = NEW.record_id) WHEN 'AtRiskEntry' THEN (SELECT e.person_id FROM at_risk_entries e WHERE e.id = NEW.record_id)
      WHEN 'SettlementCase' THEN (SELECT s.person_id FROM settlement_cases s WHERE s.id = NEW.record_id) WHEN 'Stay' THEN (SELECT s.person_id FROM stays s WHERE s.id = NEW.record_id)
      WHEN 'IdentityInquiry' THEN (SELECT i.person_id FROM identity_inquiries i WHERE i.id = NEW.record_id) END,
    NEW.told ->> 'field';
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION guitu.tell_addressee() FROM PUBLIC;
CREATE TRIGGER outbox_tells AFTER INSERT ON guitu.outbox FOR EACH ROW WHEN (NEW.addressee IS NOT NULL) EXECUTE FUNCTION guitu.tell_addressee();
`;

/** Since the case began; the index holds a page range of evidence to the days it was written in. */
const RECALL = `
CREATE INDEX events_at ON guitu_evidence.events USING brin (at);
CREATE OR REPLACE FUNCTION guitu.tell_of_recall(of_case uuid, at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  INSERT INTO outbox (at, topic, record, record_id, addressee, told)
  SELECT tell_of_recall.at, 'return.recalled', 'ReturnCase', of_case, told.agency_id, jsonb_build_object('number', c.case_no) FROM return_cases c CROSS JOIN LATERAL (
    SELECT n.agency_id FROM duty_notices n JOIN duties d ON d.id = n.duty_id WHERE d.record_id = of_case
    UNION SELECT unnest(array_remove(ARRAY[c.origin_agency, c.escort_agency] || c.coordinated_by, NULL))
    UNION SELECT a.id FROM guitu_evidence.events e JOIN agencies a ON a.code = e.body::jsonb ->> 'agency'
      WHERE e.at >= (SELECT min(t.at) FROM return_transitions t WHERE t.case_id = of_case) AND position(of_case::text IN e.body) > 0 AND e.body::jsonb #> '{records,ReturnCase,ids}' ? of_case::text
  ) told WHERE c.id = of_case AND told.agency_id <> c.destination_agency
$$;
`;

/** A result is gone with the protection of either: of whom the station holds like every line about a protected person, and of whoever bears the number of the report. */
const RESULTS = `
CREATE FUNCTION guitu.tell_reporter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
BEGIN
  INSERT INTO tellings (agency_id, at, step, title, record, record_id, record_no, person_id)
  SELECT r.reporter, o.at, 'answerMissingCandidate', '走失报案有比对结果', 'MissingReport', r.id, r.report_no, x.person_id
  FROM outbox o JOIN missing_reports r ON r.id = o.record_id JOIN missing_results x ON x.report_id = r.id WHERE o.id = NEW.id ORDER BY x.step DESC LIMIT 1;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION guitu.tell_reporter() FROM PUBLIC;
CREATE TRIGGER outbox_results AFTER INSERT ON guitu.outbox FOR EACH ROW WHEN (NEW.topic = 'missing.told') EXECUTE FUNCTION guitu.tell_reporter();

CREATE FUNCTION guitu.untell_reporter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
BEGIN
  DELETE FROM tellings t USING missing_reports r WHERE t.record = 'MissingReport' AND r.id = t.record_id AND r.person_id = NEW.person_id;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION guitu.untell_reporter() FROM PUBLIC;
CREATE TRIGGER protections_untell AFTER INSERT ON guitu.protections FOR EACH ROW EXECUTE FUNCTION guitu.untell_reporter();
`;

const RECORDS = ['return_cases', 'at_risk_entries', 'settlement_cases', 'stays', 'identity_inquiries'];

const PARTED = `
CREATE FUNCTION guitu.tellings_go_along() RETURNS trigger LANGUAGE plpgsql SET search_path = guitu, pg_temp AS $$
BEGIN
  UPDATE tellings SET person_id = NEW.merged WHERE person_id = NEW.kept AND record_id IN (${RECORDS.map((table) => `SELECT id FROM ${table} WHERE person_id = NEW.merged`).join(' UNION ALL ')});
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION guitu.tellings_go_along() FROM PUBLIC;
CREATE TRIGGER person_merges_tellings AFTER UPDATE ON guitu.person_merges FOR EACH ROW WHEN (NEW.split_at IS NOT NULL AND OLD.split_at IS NULL) EXECUTE FUNCTION guitu.tellings_go_along();
`;

const INBOX = `
CREATE OR REPLACE VIEW guitu.inbox_items WITH (security_invoker = true) AS
SELECT n.id, n.agency_id, n.kind, n.at, d.step, d.title, d.record, d.record_no, d.person_id, d.owner, d.started_at, d.due_on, d.due_at, d.provisional, d.class, d.reason,
  d.overdue_at IS NOT NULL AS overdue, d.ended_at IS NULL AS open, guitu.state_of(d.record, d.record_id) AS state, d.record_id
FROM guitu.duty_notices n JOIN guitu.duties d ON d.id = n.duty_id
UNION ALL
SELECT t.id, t.agency_id, 'TOLD', t.at, t.step, t.title, t.record, t.record_no, t.person_id, NULL, t.at, NULL, NULL, FALSE, NULL, t.field, FALSE, TRUE, NULL, t.record_id
FROM guitu.tellings t;
`;
