import type { RowSource } from '../db/row-source.js';

/**
 * The civil affairs department above an agency: that of its own place, unless it is that itself, then level by level. Levels without one on the hub are skipped.
 * @param skip how many of the nearest are passed over
 * @param except an agency that is passed over wherever it stands
 * @returns undefined where none is left
 */
export async function findSuperior(db: RowSource, agencyId: string, skip = 0, except: string | null = null): Promise<{ id: string; level: string } | undefined> {
  const [superior] = await db.query<{ id: string; level: string }>(SUPERIORS, [agencyId, skip, except]);
  return superior;
}

const SUPERIORS = `
WITH RECURSIVE up AS (
  SELECT d.code, d.parent, 0 AS steps FROM guitu.agencies a JOIN guitu.divisions d ON d.code = a.division WHERE a.id = $1
  UNION ALL SELECT d.code, d.parent, up.steps + 1 FROM guitu.divisions d JOIN up ON d.code = up.parent
) SELECT a.id, a.level FROM up JOIN guitu.agencies a ON a.division = up.code AND a.kind = 'CIVIL_AFFAIRS' AND a.suspended_at IS NULL
WHERE a.id <> $1 AND a.id IS DISTINCT FROM $3::uuid ORDER BY up.steps, a.code LIMIT 1 OFFSET $2`;
