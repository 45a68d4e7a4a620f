import { parseIdNumber } from '../../src/kernel/id-number.js';
import type { ReferenceView } from './asking-view.js';
import { fullValue, type FullValue } from './record-values.js';
import { ReferenceRefusal } from './reference-gate.js';
import type { ReferenceRecord } from './reference-records.js';

/** An answer about one number: a case that the rows of the policy let through, or none. */
export interface CheckedRecord extends ReferenceRecord { asked: string; found: boolean }

export const isChecked = (record: ReferenceRecord): record is CheckedRecord => 'asked' in record;

/** The newest case of the person with this number that the rows of the policy let through; hidden and absent are the same. */
export function checkReturnee(asked: string, view: ReferenceView): CheckedRecord {
  const parsed = parseIdNumber(asked);
  if ('fault' in parsed) throw new ReferenceRefusal('BAD_USER_INPUT');
  const person = view.records.all('Person').find(({ row }) => row['id_number_sealed'] === parsed.number18);
  const id = person && (person.row['merged_into'] ?? person.id);
  const cases = view.records.all('ReturneeCheck').filter((record) => record.row['person_id'] === id && view.isVisible(record));
  const newest = (record: ReferenceRecord): string => String(record.row['sent_at'] ?? '');
  const [found] = cases.toSorted((one, other) => (newest(one) === newest(other) ? (one.id < other.id ? -1 : 1) : newest(one) < newest(other) ? 1 : -1));
  const absent: ReferenceRecord = { type: 'ReturneeCheck', id: '', row: {}, facts: { attributes: {} } };
  return { ...(found ?? absent), asked, found: found !== undefined };
}

/** Cells of a released answer speak to an audience alone: what they gave of a case that is hidden would tell that it is there. */
export function checkedCell(record: CheckedRecord, cell: string, view: ReferenceView): FullValue {
  const rung = view.releasedRung(record.type, cell);
  if (rung !== 'FULL') return null;
  if (cell === 'idNumber') return record.asked;
  if (!record.found) return cell === 'current' ? false : null;
  return fullValue(record, cell, view.records);
}
