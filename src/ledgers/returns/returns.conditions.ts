import { addMonths } from '../../kernel/dates.js';
import { badInput } from '../../kernel/errors.js';
import type { RowSource } from '../../db/row-source.js';
import type { LedgerServices } from '../workbench.js';

/** What a notice must fulfil, whether it is drafted, sent, imported or put right. */

export interface Readiness { bornOn: string | null; returnMode: string | null; guardianAssessedOn: string | null; fitToTravel: boolean | null }

/** What a notice must say before it is sent: a minor's guardian was assessed (未成年人保护法 92–94), an escorted person is fit to travel (民发〔2020〕14号 二(二)). */
export function checkReadiness({ bornOn, returnMode, guardianAssessedOn, fitToTravel }: Readiness, today: string, at: string): void {
  if (bornOn && bornOn > addMonths(today, -12 * 18) && !guardianAssessedOn) throw badInput(`${at}.guardianAssessedOn`, '未成年人返乡须先评估监护情况，请填写评估日期', 'a minor is sent home only after the guardian was assessed; give the date');
  if (guardianAssessedOn && guardianAssessedOn > today) throw badInput(`${at}.guardianAssessedOn`, '评估日期晚于今天', 'the assessment lies in the future');
  if (returnMode === 'ESCORTED' && fitToTravel !== true) throw badInput(`${at}.fitToTravel`, '护送返乡须确认身体条件允许', 'an escorted return needs a person fit to travel');
}

/** The station that escorts: whoever is named here reads the person once the return is acknowledged, so nobody else may be named. @returns its id, or null where none is named */
export async function findEscort(db: RowSource, directory: LedgerServices['directory'], { returnMode, escortAgency }: { returnMode: string; escortAgency?: string | undefined }, field: string): Promise<string | null> {
  if (!escortAgency) return null;
  if (returnMode !== 'ESCORTED') throw badInput(field, '只有护送返乡才填写护送单位', 'only an escorted return names an escort');
  return (await directory.getAgencyOfKind(db, escortAgency, ['RESCUE_STATION'], field)).agencyId;
}
