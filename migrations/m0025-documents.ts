import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every transition keeps the document that it rests on: of returns, of the at-risk registry and of inquiries too, as settlement does. */
export class Documents1764000000025 implements MigrationInterface {
  readonly name = 'Documents1764000000025';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [DOCUMENTS, HIDDEN]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** Whoever reads or inserts a transition does so with its document. Of steps that were taken before, none was kept. */
const DOCUMENTS = `
${['return', 'at_risk', 'inquiry'].map((ledger) => `ALTER TABLE guitu.${ledger}_transitions ADD COLUMN document_no text, ADD COLUMN document_date date;`).join('\n')}
COMMENT ON COLUMN guitu.return_transitions.document_no IS 'of a step into SENT, and of an imported row: the notice, where no other document was named';
`;

/** The document of a hit goes with its note where the hit reads like none. */
const HIDDEN = `
CREATE FUNCTION guitu.hide_document_of_hit() RETURNS trigger LANGUAGE plpgsql SET search_path = guitu, pg_temp AS $$
BEGIN
  UPDATE inquiry_transitions t SET document_no = NULL, document_date = NULL
    WHERE t.inquiry_id = NEW.inquiry_id AND t.to_state = 'CANDIDATE' AND t.agency_id = NEW.police AND t.at = NEW.found_at
      AND NOT EXISTS (SELECT FROM inquiry_candidates c WHERE c.inquiry_id = t.inquiry_id AND c.police = t.agency_id AND c.found_at = t.at AND NOT c.suppressed);
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION guitu.hide_document_of_hit() FROM PUBLIC;
CREATE TRIGGER inquiry_candidates_document AFTER UPDATE OF suppressed ON guitu.inquiry_candidates FOR EACH ROW WHEN (NEW.suppressed AND NOT OLD.suppressed) EXECUTE FUNCTION guitu.hide_document_of_hit();
`;
