import type { CalendarDate } from '../kernel/dates.js';
import { cellFault, type SheetFaultCode } from './cell-faults.js';
import type { ReturnRowValues, RowFault } from './return-row.js';

/** The columns that hold dates. */
export const RETURN_DATES = ['birthDate', 'entryDate', 'leaveDate', 'noticeDate', 'receivedOn'] as const;
type DateKey = (typeof RETURN_DATES)[number];

/** The first date may not come before the second. Feedback may precede leaving, and be received on the day of leaving, but nothing precedes the stay. */
const ORDER: readonly { later: DateKey; earlier: DateKey; code: SheetFaultCode }[] = [
  { later: 'entryDate', earlier: 'birthDate', code: 'ENTRY_BEFORE_BIRTH' },
  { later: 'leaveDate', earlier: 'entryDate', code: 'LEAVE_BEFORE_ENTRY' },
  { later: 'noticeDate', earlier: 'entryDate', code: 'NOTICE_BEFORE_ENTRY' },
  { later: 'receivedOn', earlier: 'leaveDate', code: 'RECEIVED_BEFORE_LEAVE' },
  { later: 'receivedOn', earlier: 'entryDate', code: 'RECEIVED_BEFORE_ENTRY' },
];

/** What the cells of one row say against each other, and against today. Each column is blamed once. Pure. */
export function checkReturnRow(values: ReturnRowValues, today: CalendarDate): RowFault[] {
  const faults = new Map<keyof ReturnRowValues, SheetFaultCode>();
  const blame = (key: keyof ReturnRowValues, code: SheetFaultCode) => { if (!faults.has(key)) faults.set(key, code); };
  for (const key of RETURN_DATES) if ((values[key] ?? '') > today) blame(key, 'DATE_IN_FUTURE');
  if (values.idNumber) {
    if (values.birthDate !== undefined && values.birthDate !== values.idNumber.bornOn) blame('birthDate', 'BIRTH_DATE_DIFFERS');
    if ((values.sex === 'MALE' || values.sex === 'FEMALE') && values.sex !== values.idNumber.sex) blame('sex', 'SEX_DIFFERS');
    if (values.birthDate === undefined && values.entryDate !== undefined && values.entryDate < values.idNumber.bornOn) blame('entryDate', 'ENTRY_BEFORE_BIRTH');
  }
  for (const { later, earlier, code } of ORDER) {
    const [last, first] = [values[later], values[earlier]];
    if (last !== undefined && first !== undefined && last < first) blame(later, code);
  }
  return [...faults].map(([key, code]) => ({ key, ...cellFault(code) }));
}
