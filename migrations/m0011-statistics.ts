import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Statistics of ended periods. The clock counts each month once, by functions that give counts and nothing else, and keeps the counts for itself; what a request may read are the figures that
 * suppression has let through, and no others are anywhere that a request's roles can reach.
 */
export class Statistics1764000000011 implements MigrationInterface {
  readonly name = 'Statistics1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [TABLES, BOUNDARY, DUTIES, REVISITS, STOCKS]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const TABLES = `
CREATE TABLE guitu.statistics_periods (
  period text COLLATE "C" PRIMARY KEY,
  closed_at timestamptz NOT NULL,
  policy text NOT NULL
);
COMMENT ON TABLE guitu.statistics_periods IS 'months, quarters and years (2026-10, 2026-Q4, 2026) whose figures are closed: counted once, never again';
CREATE TABLE guitu.statistics_counts (
  period text COLLATE "C" NOT NULL,
  measure text NOT NULL,
  place text COLLATE "C" NOT NULL,
  count integer NOT NULL CHECK (count > 0),
  PRIMARY KEY (period, measure, place)
);
COMMENT ON TABLE guitu.statistics_counts IS 'what was counted of each month, by county, before suppression: read by the clock alone, for the quarter and the year';
CREATE TABLE guitu.statistics_figures (
  period text COLLATE "C" NOT NULL,
  measure text NOT NULL,
  division text COLLATE "C" NOT NULL,
  figure integer NOT NULL CHECK (figure > 0),
  PRIMARY KEY (period, measure, division)
);
COMMENT ON TABLE guitu.statistics_figures IS 'figures that are shown; of a closed period, what is not here is zero, small or hidden for the sake of a small one, and nobody can tell which';
`;

const setting = (name: string): string => `(SELECT nullif(current_setting('guitu.${name}', true), ''))`;
const inArea = (column: string): string => `(${column} >= ${setting('from')} AND ${column} < ${setting('until')} OR ${setting('more')} IS NOT NULL AND guitu.in_succeeded_area(${column}))`;

/** Civil affairs reads its own area; exact counts nobody but the clock. */
const BOUNDARY = `
ALTER TABLE guitu.statistics_periods ENABLE ROW LEVEL SECURITY;
ALTER TABLE guitu.statistics_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE guitu.statistics_figures ENABLE ROW LEVEL SECURITY;
CREATE POLICY statistics_periods_read ON guitu.statistics_periods FOR SELECT TO guitu_reader USING (TRUE);
CREATE POLICY statistics_figures_read ON guitu.statistics_figures FOR SELECT TO guitu_reader USING (${setting('kind')} = 'CIVIL_AFFAIRS' AND ${inArea('division')});
CREATE POLICY statistics_periods_clock ON guitu.statistics_periods FOR ALL TO guitu_clock USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY statistics_counts_clock ON guitu.statistics_counts FOR ALL TO guitu_clock USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY statistics_figures_clock ON guitu.statistics_figures FOR ALL TO guitu_clock USING (TRUE) WITH CHECK (TRUE);
GRANT SELECT ON guitu.statistics_periods, guitu.statistics_figures TO guitu_reader;
GRANT SELECT, INSERT ON guitu.statistics_periods, guitu.statistics_counts, guitu.statistics_figures TO guitu_clock;
`;

/** Every function takes the first day of the period, the first day after it, and the instant up to which records count. A protected person is in no count. */
const ARGUMENTS = 'first_day date, end_day date, known_by timestamptz';
const RETURNS = 'RETURNS TABLE (measure text, division text, amount bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = guitu, pg_temp SET timezone = \'Asia/Shanghai\'';
const UNPROTECTED = (person: string): string => `NOT EXISTS (SELECT FROM protections x WHERE x.person_id = ${person})`;

/**
 * One row of the ledger of deadlines, one duty: the notices are the clocks that sending started, in the period in which it did; every other duty stands in the period of its last day. One that
 * was void by then was never owed. A visit is in time by its own day, whenever it was entered.
 */
const DUTIES = `
CREATE FUNCTION guitu.count_duties(${ARGUMENTS}) ${RETURNS} AS $$
  WITH owed AS (
    SELECT d.*, a.division AS place, CASE d.step WHEN 'acknowledgeReturn' THEN 'NOTICES' WHEN 'recordFirstVisit' THEN 'TOWNSHIP_VISITS' WHEN 'recordVisit' THEN 'TOWNSHIP_VISITS' ELSE 'DUTY.' || d.step END AS family,
      (SELECT min(v.visited_on) FROM follow_up_visits v WHERE d.step IN ('recordFirstVisit', 'recordVisit') AND v.entry_id = d.record_id AND v.agency_id = d.owner AND v.regime = 'TOWNSHIP'
        AND v.result <> 'NOBODY_THERE' AND v.at < known_by AND v.visited_on >= d.started_at::date + (d.step = 'recordVisit')::integer) AS visited_on
    FROM duties d JOIN agencies a ON a.id = d.owner
    WHERE d.step NOT IN ('stationRevisit', 'settlementDue', 'visitTerm') AND ${UNPROTECTED('d.person_id')}
      AND (d.record <> 'RegisteredHousehold' OR household_flag_stands(d.record_id, end_day))
      AND CASE WHEN d.step = 'acknowledgeReturn' THEN d.started_at >= first_day AND d.started_at < end_day
        ELSE d.due_on >= first_day AND d.due_on < end_day AND (d.ended = 'VOID' AND d.ended_at < d.due_at) IS NOT TRUE END
  ), judged AS (
    SELECT family, place, CASE
      WHEN family = 'TOWNSHIP_VISITS' THEN CASE WHEN visited_on <= due_on THEN 'IN_TIME' WHEN visited_on IS NOT NULL THEN 'LATE' END
      WHEN ended_at >= known_by THEN NULL
      WHEN ended = 'DONE' THEN CASE WHEN ended_at < due_at THEN 'IN_TIME' ELSE 'LATE' END
      WHEN ended = 'VOID' THEN 'LAPSED'
    END AS outcome, (SELECT count(*) FROM duty_notices n WHERE n.duty_id = owed.id AND n.kind = 'RAISED' AND n.at < known_by) AS raised
    FROM owed
  ) SELECT family || '.' || coalesce(outcome, 'OPEN_' || least(raised, 4)), place, count(*) FROM judged GROUP BY 1, 2
$$;
`;

/**
 * 江阴2018 二(三)6: of the persons whom a station itself brought home, those whom it met again within a year; in the period in which the year ended. Whoever came home by another
 * station's doing, or by nobody's, is in neither number. A child is who was one when it came home, or may have been.
 */
const REVISITS = `
CREATE FUNCTION guitu.count_revisits(${ARGUMENTS}) ${RETURNS} AS $$
  WITH brought AS (
    SELECT c.id, c.person_id, c.origin_agency, a.division AS place,
      coalesce(c.received_at, (SELECT min(t.at) FROM return_transitions t WHERE t.case_id = c.id AND t.to_state = 'AT_HOME'))::date AS home_on
    FROM return_cases c JOIN agencies a ON a.id = c.origin_agency AND a.kind = 'RESCUE_STATION'
    WHERE c.confirmed_at IS NOT NULL AND c.state <> 'RECALLED' AND ${UNPROTECTED('c.person_id')}
  ), ended AS (
    SELECT b.*, coalesce(p.born_on > b.home_on - interval '18 years', TRUE) AS minor, EXISTS (
      SELECT FROM at_risk_entries e JOIN follow_up_visits v ON v.entry_id = e.id WHERE e.person_id = b.person_id AND v.regime = 'STATION' AND v.agency_id = b.origin_agency
        AND v.result <> 'NOBODY_THERE' AND v.at < known_by AND v.visited_on >= b.home_on AND v.visited_on <= (b.home_on + interval '1 year')::date) AS met
    FROM brought b JOIN persons p ON p.id = b.person_id
    WHERE (b.home_on + interval '1 year')::date >= first_day AND (b.home_on + interval '1 year')::date < end_day
  ) SELECT 'REVISITS.' || CASE WHEN minor THEN 'MINORS' ELSE 'ADULTS' END || CASE WHEN met THEN '_DONE' ELSE '_NOT_DONE' END, place, count(*) FROM ended GROUP BY 1, 2
$$;
`;

/** What stood at the end of the period. A stay counts from the day on which the person entered, wherever it is cared for; one who left and entered again began anew. */
const STOCKS = `
CREATE FUNCTION guitu.count_stays(${ARGUMENTS}) ${RETURNS} AS $$
  SELECT 'STAYS.' || CASE WHEN (s.entered_on + interval '3 months')::date < end_day THEN 'OVER_3_MONTHS' ELSE 'UP_TO_3_MONTHS' END, s.division, count(*)
  FROM stays s WHERE (s.entered_on + interval '1 month')::date < end_day AND (s.left_on IS NULL OR s.left_on >= end_day) AND ${UNPROTECTED('s.person_id')} GROUP BY 1, 2
$$;
CREATE FUNCTION guitu.count_settlements(${ARGUMENTS}) ${RETURNS} AS $$
  SELECT 'SETTLEMENTS.' || last.to_state, c.division, count(*)
  FROM settlement_cases c JOIN LATERAL (SELECT t.to_state FROM settlement_transitions t WHERE t.settlement_id = c.id AND t.at < end_day ORDER BY t.step DESC LIMIT 1) last ON TRUE
  WHERE ${UNPROTECTED('c.person_id')} GROUP BY 1, 2
$$;
CREATE FUNCTION guitu.count_households(${ARGUMENTS}) ${RETURNS} AS $$
  SELECT 'FLAGGED_HOUSEHOLDS.CONFIRMED', h.division, count(*) FROM household_flags f JOIN registered_households h ON h.id = f.household_id
  WHERE f.state = 'CONFIRMED' AND f.release_on < end_day AND household_flag_stands(h.id, end_day) GROUP BY 2
$$;
DO $$
DECLARE counting regprocedure;
BEGIN
  FOR counting IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'guitu'::regnamespace AND p.proname IN ('count_duties', 'count_revisits', 'count_stays', 'count_settlements', 'count_households') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', counting);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO guitu_clock', counting);
  END LOOP;
END $$;
CREATE INDEX duties_due ON guitu.duties (due_on);
CREATE INDEX duties_started ON guitu.duties (started_at) WHERE step = 'acknowledgeReturn';
`;
