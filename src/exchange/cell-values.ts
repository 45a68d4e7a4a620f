import { isFault } from '../kernel/fault.js';
import { parseIdNumber, type IdNumber } from '../kernel/id-number.js';
import { cleanText, codeText, halfWidth } from '../kernel/text.js';
import { cellFault, isCellFault, type CellFault } from './cell-faults.js';
import type { FindDivision } from './division-text.js';
import { cellText, hasLostDigits, type SheetCell } from './sheet-cell.js';
import { parseSheetDate } from './sheet-date.js';
import { plainWord, type SheetColumn, type SheetDefinition } from './sheet-definition.js';

/** What reading a cell needs to know beside its column. */
export interface CellContext { definition: SheetDefinition; date1904: boolean; findDivision: FindDivision }

/** A place as the sheet wrote it, with the deepest division that it names. */
export interface PlacedText { code: string; text: string }

/** What a cell of each type gives; undefined where it is empty. */
export type CellValue = string | number | string[] | IdNumber | PlacedText | undefined;

/** The value of a cell by the type of its column, or what is wrong with it. Pure but for `findDivision`. */
export function parseCell(cell: SheetCell | undefined, column: SheetColumn, context: CellContext): CellValue | CellFault {
  if (!cell) return undefined;
  const text = cellText(cell).trim();
  if (cell.kind === 'error' || /^#(N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|公式未计算)$/.test(text)) return cellFault('FORMULA_ERROR');
  const word = plainWord(text);
  if (column.values) return column.type === 'choices' ? parseChoices(text, column, context) : parseChoice(word, column, context);
  if (word === '' || context.definition.blanks.has(word)) return undefined;
  if (column.type === 'date') return parseSheetDate(cell, context.date1904);
  // Programs that save as .csv turn 18 digits into 3.20281E+17; brought back, that is a text.
  if ((cell.kind === 'number' && hasLostDigits(cell.number)) || /^\d(\.\d+)?E\+?\d\d$/.test(word)) return cellFault('DIGITS_LOST');
  switch (column.type) {
    case 'idNumber': return parseIdCell(text);
    case 'phone': return parsePhones(text, column);
    case 'integer': return parseInteger(word, column);
    case 'division': return parseDivision(text, column, context);
    case 'name': return parseText(halfWidth(text).replace(/\s+/g, ' ').replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, ''), column);
    case 'lines': return parseText(text, column);
    default: return parseText(text.replace(/\s+/g, ' '), column);
  }
}

function parseText(text: string, column: SheetColumn): string | CellFault | undefined {
  const clean = cleanText(text, { maxChars: column.max, lines: column.type === 'lines' });
  if (!isFault(clean)) return clean === '' ? undefined : clean;
  return clean.fault === 'TOO_LONG' ? cellFault('TOO_LONG', { max: column.max }) : cellFault('BAD_CHARACTER');
}

/** An apostrophe in front is what people type to make a cell text. */
function parseIdCell(text: string): IdNumber | CellFault {
  const parsed = parseIdNumber(text.replace(/^['’‘`]/, ''));
  return isFault(parsed) ? cellFault('BAD_ID_NUMBER', { zh: parsed.zh }) : parsed;
}

function parsePhones(text: string, column: SheetColumn): string | CellFault | undefined {
  const parts = halfWidth(text).replace(/['’‘`]/g, '').replace(/[—–]/g, '-').split(/[、,;/\n]+/);
  // A blank may stand inside a number (138 0000 0000) or between two.
  const phones = parts.flatMap((part) => (isPhone(codeText(part)) ? [part] : part.split(/\s+/))).map(codeText).filter((phone) => phone !== '');
  if (!phones.every(isPhone)) return cellFault('BAD_PHONE');
  return parseText(phones.join('、'), column);
}

/** Mobile or landline, with country code, brackets, hyphens and an extension (转 or a further hyphen). */
function isPhone(phone: string): boolean {
  const [number = '', extension = ''] = phone.split('转');
  return /^\+?[\d()-]+$/.test(number) && /^\d{0,6}$/.test(extension) && /^\d{7,13}$/.test(number.replace(/^(\+86|0086)/, '').replace(/\D/g, ''));
}

function parseInteger(word: string, column: SheetColumn): number | CellFault {
  const number = Number(word.replace(/周?岁$/, ''));
  return Number.isInteger(number) && number >= 0 && number <= column.max ? number : cellFault('BAD_INTEGER', { max: column.max });
}

function parseDivision(text: string, column: SheetColumn, { findDivision }: CellContext): PlacedText | CellFault | undefined {
  const clean = parseText(text.replace(/\s+/g, ' '), column);
  if (clean === undefined || isCellFault(clean)) return clean;
  const found = findDivision(clean);
  if (!found) return cellFault('UNKNOWN_DIVISION');
  if (!isFault(found)) return { code: found.code, text: clean };
  return cellFault(found.fault === 'AMBIGUOUS' ? 'AMBIGUOUS_DIVISION' : 'CONTRADICTORY_DIVISION');
}

function parseChoice(word: string, column: SheetColumn, { definition }: CellContext): string | CellFault | undefined {
  const code = codeOf(word, column, definition);
  if (code !== undefined) return code;
  return word === '' || definition.blanks.has(word) ? undefined : unknownWord(column);
}

/** 生产、生活 and the like; a word for "none" gives an empty list, an empty cell nothing. */
function parseChoices(text: string, column: SheetColumn, { definition }: CellContext): string[] | CellFault | undefined {
  const words = halfWidth(text).split(/[、,;/|\s和及]+/).map(plainWord).filter((word) => word !== '');
  const none = new Set(column.none.map(plainWord));
  if (words.length === 0) return undefined;
  if (words.every((word) => none.has(word))) return [];
  if (words.every((word) => definition.blanks.has(word))) return undefined;
  const codes = words.map((word) => codeOf(word, column, definition));
  if (codes.includes(undefined)) return unknownWord(column);
  return Object.keys(column.values ?? {}).filter((code) => codes.includes(code));
}

/** A code itself is understood too: what this hub exports can be imported. */
function codeOf(word: string, column: SheetColumn, definition: SheetDefinition): string | undefined {
  return definition.words.get(column.key)?.get(word) ?? Object.keys(column.values ?? {}).find((code) => code === word);
}

function unknownWord(column: SheetColumn): CellFault {
  return cellFault('UNKNOWN_WORD', { words: Object.values(column.values ?? {}).map(([first]) => first).join('、') });
}
