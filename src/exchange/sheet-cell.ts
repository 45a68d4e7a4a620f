/**
 * A cell as a file holds it; undefined stands for an empty one. A formula appears as its stored result.
 * `number.text` is the number as written in the file: where it has more digits than a double keeps, they are still there.
 */
export type SheetCell =
  | { kind: 'text'; text: string }
  | { kind: 'number'; number: number; text: string }
  | { kind: 'date'; date: string; serial: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'error'; text: string };

/** A row with content; `cells` by column from 0, sparse. */
export interface SheetRow {
  /** Number of the row in the sheet, from 1, as a spreadsheet program shows it. */
  rowNo: number;
  cells: (SheetCell | undefined)[];
}

const DAY_MS = 86_400_000;
/** Day 0 of the two date systems; in the 1900 system from 1 March 1900 on, where the invented 1900-02-29 (serial 60) has passed (ECMA-376 part 1 §18.17.4.1). */
const EPOCH_1900_MS = Date.UTC(1899, 11, 30);
const EPOCH_1904_MS = Date.UTC(1904, 0, 1);

/** Calendar day `YYYY-MM-DD` of a date serial, time of day dropped; undefined where the serial is no day between 1900 and 2199. No time zone takes part. */
export function dateOfSerial(serial: number, date1904: boolean): string | undefined {
  const days = Math.floor(serial);
  if (!Number.isFinite(days) || days < 0 || days > 120_000) return undefined;
  if (date1904) return isoDay(EPOCH_1904_MS + days * DAY_MS);
  if (days === 0 || days === 60) return undefined;
  return isoDay(EPOCH_1900_MS + (days < 60 ? days + 1 : days) * DAY_MS);
}

/** Serial of a day in the 1900 system, for writing. `date` is `YYYY-MM-DD`, from 1900-03-01 on. */
export function serialOfDate(date: string): number {
  return (Date.parse(`${date}T00:00:00Z`) - EPOCH_1900_MS) / DAY_MS;
}

function isoDay(ms: number): string | undefined {
  const day = new Date(ms).toISOString().slice(0, 10);
  return day < '2200' ? day : undefined;
}

/** The largest number of digits that a numeric cell keeps (ECMA-376 part 1 §18.17.2.3: 15 significant digits). */
const EXACT_DIGITS = 15;

/** True for a number too long for a numeric cell: its last digits are gone. */
export function hasLostDigits(number: number): boolean {
  return Math.abs(number) >= 10 ** EXACT_DIGITS;
}

/** What a person reads in the cell; dates as `YYYY-MM-DD`, numbers without exponent where they are exact. */
export function cellText(cell: SheetCell | undefined): string {
  if (!cell) return '';
  switch (cell.kind) {
    case 'text': return cell.text;
    case 'number': return hasLostDigits(cell.number) ? cell.text : plainNumber(cell.number);
    case 'date': return cell.date;
    case 'boolean': return cell.value ? 'TRUE' : 'FALSE';
    case 'error': return cell.text;
  }
}

/** 0.1 + 0.2 is stored with 17 digits and shown with 15. */
function plainNumber(number: number): string {
  return String(Number(number.toPrecision(EXACT_DIGITS)));
}
