import { hasLostDigits, serialOfDate, type SheetCell } from './sheet-cell.js';
import { buildZip } from './zip-write.js';

export type CellStyle = 'plain' | 'head' | 'reason' | 'faulty';
/** An empty cell keeps its style: a missing value is marked too. */
export interface WrittenCell { cell: SheetCell | undefined; style: CellStyle }
export type WrittenRow = readonly WrittenCell[];

/** A workbook of one worksheet. `widths` in characters, from the first column; `frozen` rows and columns stay while scrolling. */
export interface WrittenWorkbook { sheetName: string; rows: readonly WrittenRow[]; frozen: { rows: number; columns: number }; widths: readonly number[] }

/**
 * Bytes of an .xlsx file without formulas, links or macros. Every text is an inline string formatted as text (`@`), so that a spreadsheet program
 * takes neither digits nor a leading `=` for more; what starts like a formula also carries `quotePrefix` (ECMA-376 part 1 §18.8.45), which keeps
 * it a text when somebody edits the cell (exceljs 4.4.0 cannot write that mark). Pure.
 */
export function buildWorkbook(workbook: WrittenWorkbook): Buffer {
  return buildZip([
    { path: '[Content_Types].xml', text: CONTENT_TYPES },
    { path: '_rels/.rels', text: ROOT_LINKS },
    { path: 'xl/workbook.xml', text: `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}/relationships"><sheets><sheet name="${escapeXml(workbook.sheetName)}" sheetId="1" r:id="rId1"/></sheets></workbook>` },
    { path: 'xl/_rels/workbook.xml.rels', text: WORKBOOK_LINKS },
    { path: 'xl/styles.xml', text: STYLES },
    { path: 'xl/worksheets/sheet1.xml', text: sheetXml(workbook) },
  ]);
}

function sheetXml({ rows, frozen, widths }: WrittenWorkbook): string {
  const corner = reference(frozen.rows + 1, frozen.columns);
  const pane = `<pane xSplit="${frozen.columns}" ySplit="${frozen.rows}" topLeftCell="${corner}" activePane="bottomRight" state="frozen"/>`;
  const columns = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`).join('');
  const body = rows.map((row, at) => `<row r="${at + 1}">${row.map((cell, column) => cellXml(cell, reference(at + 1, column))).join('')}</row>`).join('');
  return `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews><cols>${columns}</cols><sheetData>${body}</sheetData></worksheet>`;
}

function cellXml({ cell, style }: WrittenCell, ref: string): string {
  const s = STYLE_NUMBERS[style];
  if (!cell) return style === 'plain' ? '' : `<c r="${ref}" s="${s.text}"/>`;
  switch (cell.kind) {
    case 'date': return cell.date > '1900-03-01' ? `<c r="${ref}" s="${s.date}"><v>${serialOfDate(cell.date)}</v></c>` : textXml(cell.date, ref, s);
    // A number that has lost digits is written as it was found, so that it is refused again until somebody mends it.
    case 'number': return hasLostDigits(cell.number) ? textXml(cell.number.toExponential(), ref, s) : `<c r="${ref}" s="${s.number}"><v>${cell.number}</v></c>`;
    case 'boolean': return `<c r="${ref}" s="${s.number}" t="b"><v>${cell.value ? 1 : 0}</v></c>`;
    case 'error': case 'text': return textXml(cell.text, ref, s);
  }
}

function textXml(text: string, ref: string, s: { text: number; quoted: number }): string {
  const style = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? s.quoted : s.text;
  return `<c r="${ref}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(escapeControls(text))}</t></is></c>`;
}

function reference(row: number, column: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters + row;
}

/** Characters that XML cannot hold or would change become `_xHHHH_` (ECMA-376 part 1 §22.4.2.4); halves of surrogate pairs become U+FFFD. */
function escapeControls(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[^\P{Cc}\t\n]|[\uFFFE\uFFFF]/gu, (char) => `_x${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** Numbers of the cell formats in `STYLES`, in its order. */
const STYLE_NUMBERS: Record<CellStyle, { text: number; quoted: number; date: number; number: number }> = {
  plain: { text: 1, quoted: 2, date: 3, number: 0 },
  faulty: { text: 4, quoted: 5, date: 6, number: 7 },
  head: { text: 8, quoted: 8, date: 8, number: 8 },
  reason: { text: 9, quoted: 9, date: 9, number: 9 },
};

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const CONTENT_TYPES = `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`;
const ROOT_LINKS = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`;
const WORKBOOK_LINKS = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/relationships/styles" Target="styles.xml"/></Relationships>`;

/** Formats 49 is text, 14 a date; 164 writes dates as `2024-01-05`. Fill 2 marks heads, fill 3 faults. */
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>`
  + '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
  + '<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFD9E1F2"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/></patternFill></fill></fills>'
  + '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="10">'
  + [
    'numFmtId="0" fontId="0" fillId="0"', 'numFmtId="49" fontId="0" fillId="0"', 'numFmtId="49" fontId="0" fillId="0" quotePrefix="1"', 'numFmtId="164" fontId="0" fillId="0"',
    'numFmtId="49" fontId="0" fillId="3"', 'numFmtId="49" fontId="0" fillId="3" quotePrefix="1"', 'numFmtId="164" fontId="0" fillId="3"', 'numFmtId="0" fontId="0" fillId="3"',
  ].map((format) => `<xf ${format} borderId="0" xfId="0" applyNumberFormat="1" applyFill="1"/>`).join('')
  + '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>'
  + '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
  + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
