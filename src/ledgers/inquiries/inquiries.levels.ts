import type { RowSource } from '../../db/row-source.js';

/** Where an inquiry is answered: public security of a level, and the civil affairs department that asks it. */
export interface InquiryLevel extends Record<string, unknown> { level: 'COUNTY' | 'PREFECTURE' | 'PROVINCE' | 'MINISTRY'; police: string; civilAffairs: string }

/** Column of an inquiry that holds the public security asked at a level. */
export const ASKED_AT = { COUNTY: 'asked_county', PREFECTURE: 'asked_prefecture', PROVINCE: 'asked_province', MINISTRY: 'asked_ministry' } as const;

/** The level on which a station's inquiry begins: public security of its own division, else of the nearest above; civil affairs of the same, else of the nearest above that. */
export async function findFirstLevel(db: RowSource, division: string): Promise<InquiryLevel | undefined> {
  const [found] = await db.query<InquiryLevel>(`${UP}, police AS (
  SELECT a.id, a.level, up.steps FROM up JOIN guitu.agencies a ON a.division = up.code AND a.kind = 'PUBLIC_SECURITY' AND a.level <> 'TOWNSHIP' AND a.suspended_at IS NULL ORDER BY up.steps, a.code LIMIT 1
) SELECT police.level, police.id AS police, a.id AS "civilAffairs" FROM police JOIN up ON up.steps >= police.steps JOIN guitu.agencies a ON a.division = up.code AND a.kind = 'CIVIL_AFFAIRS' AND a.suspended_at IS NULL
ORDER BY up.steps, a.code LIMIT 1`, [division]);
  return found;
}

/** The next level above public security that was asked: the nearest that has both civil affairs and public security on the hub. Levels without are skipped. */
export async function findNextLevel(db: RowSource, policeId: string): Promise<InquiryLevel | undefined> {
  const [asked] = await db.query<{ division: string }>('SELECT division FROM guitu.agencies WHERE id = $1', [policeId]);
  const [found] = await db.query<InquiryLevel>(`${UP}
SELECT p.level, p.id AS police, c.id AS "civilAffairs" FROM up
JOIN guitu.agencies p ON p.division = up.code AND p.kind = 'PUBLIC_SECURITY' AND p.suspended_at IS NULL
JOIN guitu.agencies c ON c.division = up.code AND c.kind = 'CIVIL_AFFAIRS' AND c.suspended_at IS NULL
WHERE up.steps > 0 ORDER BY up.steps, p.code, c.code LIMIT 1`, [asked?.division]);
  return found;
}

const UP = `
WITH RECURSIVE up AS (
  SELECT code, parent, 0 AS steps FROM guitu.divisions WHERE code = $1
  UNION ALL SELECT d.code, d.parent, up.steps + 1 FROM guitu.divisions d JOIN up ON d.code = up.parent
)`;
