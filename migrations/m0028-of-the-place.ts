import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whose place a person becomes: civil affairs of the hukou place accepts a person without a home and closes the return once the person is placed, whichever agency was called upon; and the township
 * in which a person is registered sees what becomes of its support (民发〔2020〕14号 二(四)、二(五)).
 */
export class OfThePlace1764000000028 implements MigrationInterface {
  readonly name = 'OfThePlace1764000000028';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [HUKOU_PLACE, TOWNSHIP, REGISTERED]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const setting = (name: string): string => `(SELECT nullif(current_setting('guitu.${name}', true), ''))`;
const AGENCY = `(SELECT nullif(current_setting('guitu.agency', true), '')::uuid)`;
const inArea = (column: string): string => `(${column} >= ${setting('from')} AND ${column} < ${setting('until')} OR ${setting('more')} IS NOT NULL AND guitu.in_succeeded_area(${column}))`;
const kindIn = (...kinds: string[]): string => `${setting('kind')} IN (${kinds.map((kind) => `'${kind}'`).join(', ')})`;

/** As `m0005-returns` has the boundary, with civil affairs of the hukou place beside the agency that was called upon. */
const HUKOU_PLACE = `
ALTER TABLE guitu.return_cases ADD COLUMN hukou_civil_affairs uuid REFERENCES guitu.agencies;
COMMENT ON COLUMN guitu.return_cases.hukou_civil_affairs IS 'civil affairs of the hukou place, or the nearest above it; of a person without a home';
UPDATE guitu.return_cases c SET hukou_civil_affairs = (
  WITH RECURSIVE up AS (
    SELECT code, parent, 0 AS steps FROM guitu.divisions WHERE code = c.hukou_place
    UNION ALL SELECT d.code, d.parent, up.steps + 1 FROM guitu.divisions d JOIN up ON d.code = up.parent
  ) SELECT a.id FROM up JOIN guitu.agencies a ON a.division = up.code AND a.kind = 'CIVIL_AFFAIRS' AND a.suspended_at IS NULL ORDER BY up.steps, a.code LIMIT 1)
WHERE c.hukou_place IS NOT NULL;
CREATE INDEX return_cases_hukou_civil_affairs ON guitu.return_cases (hukou_civil_affairs) WHERE hukou_civil_affairs IS NOT NULL;
ALTER POLICY return_cases_read ON guitu.return_cases USING (
  author_agency = ${AGENCY} OR state <> 'DRAFT' AND (
    destination_agency = ${AGENCY} OR origin_agency = ${AGENCY} OR escort_agency = ${AGENCY} OR hukou_agency = ${AGENCY} OR hukou_civil_affairs = ${AGENCY} OR ${AGENCY} = ANY (coordinated_by) OR ${AGENCY} = ANY (referred_to)
    OR ${kindIn('CIVIL_AFFAIRS')} AND (${inArea('origin_division')} OR destination_division = ${setting('division')})
    OR ${kindIn('PARTNER')} AND ${setting('purpose')} = 'BENEFIT_CHECK' AND ${inArea('origin_division')}
    OR EXISTS (SELECT FROM guitu.protections p WHERE p.person_id = return_cases.person_id AND p.named_unit = ${AGENCY})));
ALTER POLICY return_cases_update ON guitu.return_cases
  USING (destination_agency = ${AGENCY} OR state <> 'DRAFT' AND (origin_agency = ${AGENCY} OR hukou_agency = ${AGENCY} OR hukou_civil_affairs = ${AGENCY} OR ${AGENCY} = ANY (coordinated_by) OR ${AGENCY} = ANY (referred_to)))
  WITH CHECK (destination_agency = ${AGENCY} OR origin_agency = ${AGENCY} OR hukou_agency = ${AGENCY} OR hukou_civil_affairs = ${AGENCY} OR ${AGENCY} = ANY (coordinated_by) OR ${AGENCY} = ANY (referred_to));
`;

/** As the boundary was, with the division of the hukou beside that of whoever keeps the case. */
const TOWNSHIP = `
ALTER POLICY settlement_cases_read ON guitu.settlement_cases USING (
  station = ${AGENCY} OR civil_affairs = ${AGENCY} OR police = ${AGENCY}
  OR ${kindIn('CIVIL_AFFAIRS', 'TOWNSHIP')} AND ${inArea('division')}
  OR ${kindIn('TOWNSHIP')} AND ${inArea('hukou_division')}
  OR ${kindIn('RESCUE_STATION')} AND EXISTS (SELECT FROM guitu.return_cases c WHERE c.person_id = settlement_cases.person_id AND c.origin_agency = ${AGENCY}));
CREATE INDEX settlement_cases_hukou ON guitu.settlement_cases (hukou_division) WHERE hukou_division IS NOT NULL;
`;

/** A hukou that public security registers is the person's from then on, and is no more once it is reversed. */
const REGISTERED = `
CREATE FUNCTION guitu.register_hukou() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = guitu, pg_temp AS $$
BEGIN
  IF NEW.state = 'REGISTERED' THEN UPDATE persons SET hukou_division = NEW.hukou_division WHERE id = NEW.person_id;
  ELSE UPDATE persons SET hukou_division = NULL WHERE id = NEW.person_id AND hukou_division = NEW.hukou_division;
  END IF;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION guitu.register_hukou() FROM PUBLIC;
CREATE TRIGGER settlement_cases_hukou AFTER UPDATE OF state ON guitu.settlement_cases FOR EACH ROW
  WHEN (NEW.hukou_division IS NOT NULL AND NEW.track = 'LONG_STAY' AND NEW.state IN ('REGISTERED', 'REVERSED') AND NEW.state <> OLD.state) EXECUTE FUNCTION guitu.register_hukou();
`;
