import { buildZip } from '../../src/exchange/zip-write.js';
import type { DivisionTextFault, FindDivision } from '../../src/exchange/division-text.js';
import type { Refusal } from '../../src/kernel/errors.js';

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export interface RawOptions { rows: string; strings?: string; styles?: string; merges?: string; date1904?: boolean; sheetTarget?: string; extraSheets?: { name: string; rows: string; hidden?: boolean }[]; tail?: string }

/** An .xlsx written by hand, to the letter of the given XML; order of parts as Excel's, strings last. */
export function rawWorkbook({ rows, strings = '', styles = '', merges = '', date1904 = false, sheetTarget = 'worksheets/sheet1.xml', extraSheets = [], tail = '' }: RawOptions): Buffer {
  const sheets = [{ name: '台账', rows, hidden: false }, ...extraSheets];
  const target = (at: number) => (at === 0 ? sheetTarget : `worksheets/sheet${at + 1}.xml`);
  const path = (at: number) => (target(at).startsWith('/') ? target(at).slice(1) : `xl/${target(at)}`);
  return buildZip([
    { path: '_rels/.rels', text: `<Relationships><Relationship Id="a" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>` },
    { path: 'xl/workbook.xml', text: `<workbook><workbookPr date1904="${date1904 ? 1 : 0}"/><sheets>${sheets.map(({ name, hidden }, at) => `<sheet name="${name}" sheetId="${at + 1}" ${hidden ? 'state="hidden"' : ''} r:id="r${at}"/>`).join('')}</sheets></workbook>` },
    { path: 'xl/_rels/workbook.xml.rels', text: `<Relationships>${sheets.map((_, at) => `<Relationship Id="r${at}" Type="${OFFICE}/worksheet" Target="${target(at)}"/>`).join('')}<Relationship Id="s" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="y" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>` },
    ...sheets.map((sheet, at) => ({ path: path(at), text: `<worksheet><sheetData>${sheet.rows}</sheetData>${at === 0 ? merges : ''}${tail}</worksheet>` })),
    { path: 'xl/styles.xml', text: `<styleSheet>${styles}</styleSheet>` },
    { path: 'xl/sharedStrings.xml', text: `<sst>${strings}</sst>` },
  ]);
}

const letter = (at: number) => String.fromCharCode(65 + at);

/** One `<row>` of inline texts, from column A. */
export function textRow(rowNo: number, texts: readonly string[]): string {
  return `<row r="${rowNo}">${texts.map((text, at) => (text === '' ? '' : `<c r="${letter(at)}${rowNo}" t="inlineStr"><is><t>${text}</t></is></c>`)).join('')}</row>`;
}

/** A workbook of rows of texts; row 1 first. */
export function textBook(rows: readonly (readonly string[])[], more: Partial<RawOptions> = {}): Buffer {
  return rawWorkbook({ rows: rows.map((texts, at) => textRow(at + 1, texts)).join(''), ...more });
}

/** The Chinese sentence with which a promise is refused. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(() => undefined, (thrown: unknown) => thrown as Refusal);
  if (error?.code !== 'BAD_USER_INPUT') throw new Error(`not refused as expected: ${String(error)}`);
  return error.sentence('zh');
}

/** Code found by a finder, or the word of its fault. */
export function foundCode(found: ReturnType<FindDivision>): string | undefined {
  return found && ((found as { code?: string }).code ?? (found as DivisionTextFault).fault);
}
