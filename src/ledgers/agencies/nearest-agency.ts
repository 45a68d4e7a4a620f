import type { RowSource } from '../../db/row-source.js';
import type { AgencyKind, DivisionLevel } from '../../kernel/viewer.js';

export interface NearestAgency extends Record<string, unknown> { id: string; division: string; level: DivisionLevel }

/** The agency of a kind at a division, or at the nearest one above it that has any on the hub; undefined where there is none. */
export async function findNearestAgency(db: RowSource, division: string, kind: AgencyKind): Promise<NearestAgency | undefined> {
  const [found] = await db.query<NearestAgency>(NEAREST, [division, kind]);
  return found;
}

const NEAREST = `
WITH RECURSIVE up AS (
  SELECT code, parent, 0 AS steps FROM guitu.divisions WHERE code = $1
  UNION ALL SELECT d.code, d.parent, up.steps + 1 FROM guitu.divisions d JOIN up ON d.code = up.parent
) SELECT a.id, a.division, a.level FROM up JOIN guitu.agencies a ON a.division = up.code AND a.kind = $2 AND a.suspended_at IS NULL ORDER BY up.steps, a.code LIMIT 1`;
