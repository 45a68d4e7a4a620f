import type { CalendarDate } from '../kernel/dates.js';
import type { IdNumber } from '../kernel/id-number.js';
import type { SheetFaultCode } from './cell-faults.js';
import type { PlacedText } from './cell-values.js';

export type ReturnMode = 'SELF' | 'COLLECTED_BY_KIN' | 'ESCORTED' | 'COLLECTED_BY_ORIGIN';
export type Difficulty = 'PRODUCTION' | 'LIVELIHOOD' | 'BASIC_MEDICAL_SECURITY';

/** What a row of the 返乡人员信息台账 says, by the columns of `schema/sheets/returns.yaml`. Undefined where the cell is empty; nothing is inferred but `homeDivision`. */
export interface ReturnRowValues {
  name?: string;
  sex?: 'MALE' | 'FEMALE' | 'UNKNOWN' | 'UNSTATED';
  /** With the birth date and sex that it encodes; `synthetic` numbers are for production to refuse. */
  idNumber?: IdNumber;
  birthDate?: CalendarDate;
  /** Completed years. */
  estimatedAge?: number;
  /** Code of the deepest division that 户籍地 names, and the whole text of the cell. */
  hukouDivision?: PlacedText;
  address?: string;
  /** Code of the division that 家庭住址 names; undefined where it names none for certain, which is no fault. */
  homeDivision?: string;
  kinName?: string;
  /** Several are joined by 、. */
  kinPhone?: string;
  destinationName?: string;
  entryDate?: CalendarDate;
  leaveDate?: CalendarDate;
  returnMode?: ReturnMode;
  escortName?: string;
  helpReason?: string;
  condition?: string;
  features?: string;
  noticeNo?: string;
  noticeDate?: CalendarDate;
  receivedOn?: CalendarDate;
  homeText?: string;
  /** Empty list: the sheet says that there is none. */
  difficulties?: Difficulty[];
  remark?: string;
}

/** A fault of a row, by the key of its column. */
export interface RowFault { key: keyof ReturnRowValues; code: SheetFaultCode; zh: string }
