import { getCounted } from '../../delivery/counted-deadlines.js';
import type { WriteTransaction } from '../../disclosure/perform.js';
import { addMonths } from '../../kernel/dates.js';

/**
 * The day from which the office sees a confirmed flag. Flags of a division appear together, because the day a single one appears tells when.
 * The nearest division up that has decided holds: a day of the month (1 to 28), or AT_ONCE with its recorded reason; else the shipped default.
 */
export async function releaseDay(write: WriteTransaction, householdId: string, today: string): Promise<string> {
  const rows = await write.query<{ value: string | number }>(
    `WITH RECURSIVE up AS (
       SELECT d.code, d.parent, 0 AS steps FROM guitu.registered_households h JOIN guitu.divisions d ON d.code = h.division WHERE h.id = $1
       UNION ALL SELECT d.code, d.parent, up.steps + 1 FROM guitu.divisions d JOIN up ON d.code = up.parent
     ) SELECT s.value FROM up JOIN guitu.settings s ON s.division = up.code WHERE s.name = 'households.releaseDay' ORDER BY up.steps LIMIT 1`, [householdId]);
  const decided = rows[0]?.value ?? getCounted(write.policy, 'releaseHouseholdFlag').amount;
  if (decided === 'AT_ONCE') return today;
  const day = String(Math.min(28, Math.max(1, Number(decided)))).padStart(2, '0');
  const thisMonth = `${today.slice(0, 8)}${day}`;
  return thisMonth > today ? thisMonth : `${addMonths(thisMonth, 1)}`;
}
