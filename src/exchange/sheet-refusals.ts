import { badInput, type Refusal } from '../kernel/errors.js';

/** Sizes beyond which a file is refused before it is read. A county has tens of cases a year, a province 10⁴–10⁵ (domain §7). */
export const SHEET_LIMITS = {
  /** Size of the .xlsx file itself. */
  fileBytes: 50 * 1024 * 1024,
  /** All parts unpacked together; 100,000 rows of 25 filled columns are about 150 MB of XML. */
  unpackedBytes: 200 * 1024 * 1024,
  /** Parts in the container; a workbook of one sheet has about ten. */
  parts: 2_000,
  /** Rows with content, heads included. */
  rows: 100_000,
  /** Excel has 16,384 columns; content this far right is a slip, not a ledger. */
  columns: 512,
} as const;

/** BAD_USER_INPUT about the file as a whole, as opposed to one of its rows. */
export function sheetRefused(zh: string, en: string): Refusal {
  return badInput('file', zh, en);
}

/** The commonest refusal: bytes that do not follow the format. `what` names the part, in Chinese and English. */
export function sheetDamaged(zh: string, en: string): Refusal {
  return sheetRefused(`文件已损坏，无法读取（${zh}）`, `the file is damaged: ${en}`);
}
