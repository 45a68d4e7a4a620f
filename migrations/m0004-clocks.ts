import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Deadlines as rows, what the clock did about each, and the role under which it acts. The clock is nobody's agency: it reads and moves what is due in every
 * place, through a role of its own, and no request ever runs under it.
 */
export class Clocks1764000000004 implements MigrationInterface {
  readonly name = 'Clocks1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [ROLE, DUTIES, BOUNDARY, CROSSINGS, INBOX]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const ROLE = `
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guitu_clock') THEN
    CREATE ROLE guitu_clock NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
END $$;
GRANT USAGE ON SCHEMA guitu, guitu_evidence TO guitu_clock;
GRANT SELECT ON guitu.divisions, guitu.division_changes, guitu.agencies, guitu.calendar_days, guitu.settings, guitu.protections TO guitu_clock;
GRANT INSERT ON guitu.outbox, guitu_evidence.events TO guitu_clock;
`;

const DUTIES = `
CREATE TABLE guitu.duties (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  step text NOT NULL,
  title text NOT NULL,
  record text NOT NULL,
  record_id uuid NOT NULL,
  record_no text COLLATE "C" NOT NULL,
  person_id uuid REFERENCES guitu.persons,
  owner uuid NOT NULL REFERENCES guitu.agencies,
  started_at timestamptz NOT NULL,
  due_on date NOT NULL,
  due_at timestamptz NOT NULL,
  provisional boolean NOT NULL,
  amount integer NOT NULL,
  unit text NOT NULL CHECK (unit IN ('workingDays', 'calendarMonths', 'calendarYears', 'hours')),
  class text NOT NULL CHECK (class IN ('LAW', 'POLICY', 'DESIGN')),
  reason text NOT NULL,
  reminded_at timestamptz,
  overdue_at timestamptz,
  raised integer NOT NULL DEFAULT 0,
  next_at timestamptz,
  ended_at timestamptz,
  ended text CHECK (ended IN ('DONE', 'VOID')),
  CHECK ((ended_at IS NULL) = (ended IS NULL)),
  CHECK (ended_at IS NULL OR next_at IS NULL)
);
CREATE INDEX duties_next ON guitu.duties (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX duties_owner ON guitu.duties (owner) WHERE ended_at IS NULL;
CREATE INDEX duties_record ON guitu.duties (record_id);
CREATE INDEX duties_person ON guitu.duties (person_id);
CREATE UNIQUE INDEX duties_open ON guitu.duties (record_id, step, owner) WHERE ended_at IS NULL;
COMMENT ON TABLE guitu.duties IS 'a deadline each: who owes which step on which record, until when';
COMMENT ON COLUMN guitu.duties.step IS 'as in policies/deadlines.yaml';
COMMENT ON COLUMN guitu.duties.due_on IS 'last day on which the duty is met in time, Asia/Shanghai';
COMMENT ON COLUMN guitu.duties.due_at IS 'first instant at which it is late';
COMMENT ON COLUMN guitu.duties.provisional IS 'counted past the last published calendar; counted again when the next one is imported';
COMMENT ON COLUMN guitu.duties.overdue_at IS 'when the clock called it overdue, dated when that was due; never twice';
COMMENT ON COLUMN guitu.duties.raised IS 'to how many levels above its owner it was raised';
COMMENT ON COLUMN guitu.duties.next_at IS 'when the clock acts on it next; NULL: no more';

CREATE TABLE guitu.duty_notices (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  duty_id uuid NOT NULL REFERENCES guitu.duties,
  agency_id uuid NOT NULL REFERENCES guitu.agencies,
  kind text NOT NULL CHECK (kind IN ('OWED', 'RAISED')),
  at timestamptz NOT NULL,
  UNIQUE (duty_id, agency_id)
);
CREATE INDEX duty_notices_agency ON guitu.duty_notices (agency_id);
COMMENT ON TABLE guitu.duty_notices IS 'what waits for an agency: a duty that it owes, or one of another agency that was raised to it';
COMMENT ON COLUMN guitu.duty_notices.at IS 'when that was due, however late the clock came to it';
`;

const AGENCY = `(SELECT nullif(current_setting('guitu.agency', true), '')::uuid)`;

const BOUNDARY = `
ALTER TABLE guitu.duties ENABLE ROW LEVEL SECURITY;
ALTER TABLE guitu.duty_notices ENABLE ROW LEVEL SECURITY;
CREATE POLICY duty_notices_read ON guitu.duty_notices FOR SELECT TO guitu_reader, guitu_writer USING (agency_id = ${AGENCY});
CREATE POLICY duties_read ON guitu.duties FOR SELECT TO guitu_reader, guitu_writer USING (
  EXISTS (SELECT FROM guitu.duty_notices n WHERE n.duty_id = duties.id AND n.agency_id = ${AGENCY}));
CREATE POLICY duties_clock ON guitu.duties FOR ALL TO guitu_clock USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY duty_notices_clock ON guitu.duty_notices FOR ALL TO guitu_clock USING (TRUE) WITH CHECK (TRUE);
GRANT SELECT ON guitu.duties, guitu.duty_notices TO guitu_reader, guitu_writer, guitu_clock;
GRANT INSERT, UPDATE ON guitu.duties TO guitu_clock;
GRANT INSERT ON guitu.duty_notices TO guitu_clock;
`;

/** A step of one agency begins and ends duties of others: each is an act of its own that tells its caller nothing. */
const CROSSINGS = `
CREATE FUNCTION guitu.begin_duty(duty jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  WITH begun AS (
    INSERT INTO duties (step, title, record, record_id, record_no, person_id, owner, started_at, due_on, due_at, provisional, amount, unit, class, reason, next_at)
    SELECT step, title, record, record_id, record_no, person_id, owner, started_at, due_on, due_at, provisional, amount, unit, class, reason, next_at
    FROM jsonb_populate_record(NULL::duties, duty)
    RETURNING id, owner, started_at
  ) INSERT INTO duty_notices (duty_id, agency_id, kind, at) SELECT id, owner, 'OWED', started_at FROM begun
$$;
CREATE FUNCTION guitu.end_duties(of_record uuid, steps text[], outcome text, at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
  UPDATE duties SET ended = outcome, ended_at = at, next_at = NULL WHERE record_id = of_record AND ended_at IS NULL AND (steps IS NULL OR step = ANY (steps))
$$;
CREATE TABLE guitu.record_states (record text PRIMARY KEY, held_in regclass NOT NULL, key text NOT NULL);
COMMENT ON TABLE guitu.record_states IS 'where the state of a record stands, for inboxes; each ledger adds its own';
INSERT INTO guitu.record_states VALUES ('ReturnCase', 'guitu.return_cases', 'id'), ('AtRiskEntry', 'guitu.at_risk_entries', 'id'), ('SettlementCase', 'guitu.settlement_cases', 'id'), ('RegisteredHousehold', 'guitu.household_flags', 'household_id');
CREATE FUNCTION guitu.state_of(of_type text, of_record uuid) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
DECLARE place record_states; found text;
BEGIN
  SELECT * INTO place FROM record_states s WHERE s.record = of_type;
  IF place IS NULL THEN RETURN NULL; END IF;
  EXECUTE format('SELECT state FROM %s WHERE %I = $1', place.held_in, place.key) INTO found USING of_record;
  RETURN found;
END $$;
REVOKE ALL ON FUNCTION guitu.state_of(text, uuid), guitu.begin_duty(jsonb), guitu.end_duties(uuid, text[], text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guitu.state_of(text, uuid) TO guitu_reader, guitu_writer;
GRANT EXECUTE ON FUNCTION guitu.begin_duty(jsonb), guitu.end_duties(uuid, text[], text, timestamptz) TO guitu_writer, guitu_clock;
`;

/** What waits for an agency, one row for each duty and agency: read under the caller's own rights, so that the boundary of both tables holds. */
const INBOX = `
CREATE VIEW guitu.inbox_items WITH (security_invoker = true) AS
SELECT n.id, n.agency_id, n.kind, n.at, d.step, d.title, d.record, d.record_no, d.person_id, d.owner, d.started_at, d.due_on, d.due_at, d.provisional, d.class, d.reason,
  d.overdue_at IS NOT NULL AS overdue, d.ended_at IS NULL AS open, guitu.state_of(d.record, d.record_id) AS state
FROM guitu.duty_notices n JOIN guitu.duties d ON d.id = n.duty_id;
COMMENT ON COLUMN guitu.inbox_items.overdue IS 'as the clock has called it; it does so within a minute of the end of the term';
GRANT SELECT ON guitu.inbox_items TO guitu_reader, guitu_writer;
`;
