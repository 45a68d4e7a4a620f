import { decodeXml, XmlReader } from './xml-reader.js';
import { sheetDamaged, sheetRefused } from './sheet-refusals.js';
import type { ZipFolder } from './zip-read.js';

/** What a workbook says about itself, before any row is read. */
export interface WorkbookParts {
  /** Days are counted from 1904 (files first made on old Macs). */
  date1904: boolean;
  /** Worksheets in the order of their tabs. `path` is the part inside the container. */
  sheets: { name: string; hidden: boolean; path: string }[];
  sharedStrings: string[];
  /** For each cell style, whether it shows a number as a date. */
  dateStyles: boolean[];
}

/** Reads workbook, relationships, styles and shared strings (ECMA-376 part 1 §12.3). @throws BAD_USER_INPUT if this is not a workbook of the .xlsx kind. */
export function readWorkbookParts(zip: ZipFolder): WorkbookParts {
  const workbookPath = findWorkbook(zip);
  const links = zip.has(relationshipsOf(workbookPath)) ? readRelationships(zip, workbookPath) : [];
  const parts: WorkbookParts = { date1904: false, sheets: [], sharedStrings: [], dateStyles: [] };
  const xml = reader(zip, workbookPath);
  for (let token = xml.next(); token; token = xml.next()) {
    if (token !== 'open') continue;
    if (xml.name === 'workbookPr') parts.date1904 = isTrue(xml.attributes().date1904);
    if (xml.name === 'sheet') {
      const { name = '', state, id } = xml.attributes();
      const link = links.find((link) => link.id === id);
      if (link && link.type.endsWith('/worksheet')) parts.sheets.push({ name, hidden: state === 'hidden' || state === 'veryHidden', path: link.target });
    }
  }
  const strings = links.find((link) => link.type.endsWith('/sharedStrings'));
  const styles = links.find((link) => link.type.endsWith('/styles'));
  if (strings && zip.has(strings.target)) parts.sharedStrings = readSharedStrings(reader(zip, strings.target));
  if (styles && zip.has(styles.target)) parts.dateStyles = readDateStyles(reader(zip, styles.target));
  return parts;
}

function findWorkbook(zip: ZipFolder): string {
  const main = zip.has('_rels/.rels') ? readRelationships(zip, '').find((link) => link.type.endsWith('/officeDocument')) : undefined;
  if (main?.target.endsWith('.bin')) throw notXlsx('.xlsb');
  if (main && /(^|\/)xl\//.test(main.target)) return main.target;
  throw notXlsx(zip.has('content.xml') ? '.ods' : undefined);
}

function notXlsx(kind?: string): Error {
  const zh = kind ? `这是 ${kind} 文件` : '这不是电子表格文件';
  return sheetRefused(`${zh}，请另存为 .xlsx 后再导入`, `${kind ? `this is a ${kind} file` : 'this is not a spreadsheet'}; save it as .xlsx`);
}

interface Relationship { id: string; type: string; target: string }

/** Targets are relative to the folder of the part, or absolute with a leading slash; both occur. */
function readRelationships(zip: ZipFolder, ofPart: string): Relationship[] {
  const folder = ofPart.slice(0, ofPart.lastIndexOf('/') + 1);
  const links: Relationship[] = [];
  const xml = reader(zip, relationshipsOf(ofPart));
  for (let token = xml.next(); token; token = xml.next()) {
    if (token !== 'open' || xml.name !== 'Relationship') continue;
    const { Id = '', Type = '', Target = '', TargetMode } = xml.attributes();
    if (TargetMode !== 'External') links.push({ id: Id, type: Type, target: resolvePath(folder, Target) });
  }
  return links;
}

function relationshipsOf(part: string): string {
  const cut = part.lastIndexOf('/') + 1;
  return `${part.slice(0, cut)}_rels/${part.slice(cut)}.rels`;
}

function resolvePath(folder: string, target: string): string {
  return new URL(target, `zip:///${folder}`).pathname.slice(1);
}

/** Runs are joined; phonetic guides (`rPh`) are not part of the text. */
function readSharedStrings(xml: XmlReader): string[] {
  const strings: string[] = [];
  for (let token = xml.next(); token; token = xml.next()) {
    if (token === 'open' && xml.name === 'si') strings.push(xml.empty ? '' : readRichText(xml, 'si'));
  }
  return strings;
}

/** Text of a string item or inline string up to its closing tag `until`. */
export function readRichText(xml: XmlReader, until: string): string {
  let text = '';
  let inText = false;
  let phonetic = false;
  for (let token = xml.next(); token; token = xml.next()) {
    if (token === 'text') { if (inText && !phonetic) text += xml.text(); continue; }
    const opens = token === 'open' && !xml.empty;
    if (token === 'close' && xml.name === until) return decodeEscapes(text);
    if (xml.name === 't') inText = opens;
    if (xml.name === 'rPh') phonetic = opens;
  }
  throw sheetDamaged('文字不完整', 'a string is cut short');
}

/** `_x000D_` stands for a character that XML cannot hold, `_x005F_` for the underscore before such a mark (ECMA-376 part 1 §22.4.2.4). */
export function decodeEscapes(text: string): string {
  return text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;
}

/** Built-in formats that show a day, the Chinese ones included (ECMA-376 part 1 §18.8.30). */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58);
}

function readDateStyles(xml: XmlReader): boolean[] {
  const custom = new Map<number, string>();
  const styles: boolean[] = [];
  let inCellFormats = false;
  for (let token = xml.next(); token; token = xml.next()) {
    if (xml.name === 'cellXfs') inCellFormats = token === 'open' && !xml.empty;
    if (token !== 'open') continue;
    const { numFmtId, formatCode = '' } = xml.name === 'numFmt' || (inCellFormats && xml.name === 'xf') ? xml.attributes() : {};
    if (xml.name === 'numFmt') custom.set(Number(numFmtId), formatCode);
    else if (inCellFormats && xml.name === 'xf') {
      const code = custom.get(Number(numFmtId));
      styles.push(code === undefined ? isBuiltInDate(Number(numFmtId)) : showsDay(code));
    }
  }
  return styles;
}

/** A format shows a day if it has a y or d outside quotes, escapes and brackets. */
function showsDay(formatCode: string): boolean {
  return /[yd]/i.test(formatCode.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').replace(/general/gi, ''));
}

function reader(zip: ZipFolder, path: string): XmlReader {
  return new XmlReader(decodeXml(zip.get(path)));
}

function isTrue(flag: string | undefined): boolean {
  return flag === '1' || flag === 'true';
}
