/**
 * What can be wrong with a row of a sheet, with the sentence that the error sheet shows. `{…}` is filled from the row's column; no sentence
 * repeats the value, because fault lists are logged and values are personal data.
 */
const SHEET_FAULTS = {
  FORMULA_ERROR: '公式出错或没有结果，请改为填写值',
  DIGITS_LOST: '号码按数字格式保存，后几位已丢失，请将单元格设为文本格式后按原件重新填写',
  TOO_LONG: '内容过长，最多 {max} 个字',
  BAD_CHARACTER: '含有无法保存的字符，请重新填写',
  BAD_ID_NUMBER: '{zh}',
  BAD_DATE: '不是有效日期，请写成如 2024-01-05',
  NO_SUCH_DATE: '没有这一天，请核对',
  INCOMPLETE_DATE: '日期不完整，须有年、月、日',
  BAD_INTEGER: '应为 0 至 {max} 的整数',
  BAD_PHONE: '电话号码有误，应为 7 至 13 位数字，几个号码之间用顿号隔开',
  UNKNOWN_WORD: '不能识别，可填：{words}',
  UNKNOWN_DIVISION: '没有找到这个行政区划，请写全省、市、县名称或六位代码',
  AMBIGUOUS_DIVISION: '有歧义，同名的行政区划不止一个，请写全省、市、县名称或六位代码',
  CONTRADICTORY_DIVISION: '上下级不符，后面的地名不在前面的地区内，请核对',
  BIRTH_DATE_DIFFERS: '与身份证号中的出生日期不符',
  SEX_DIFFERS: '与身份证号中的性别不符',
  DATE_IN_FUTURE: '晚于今天，请核对',
  ENTRY_BEFORE_BIRTH: '早于出生日期，请核对',
  LEAVE_BEFORE_ENTRY: '早于入站日期，请核对',
  NOTICE_BEFORE_ENTRY: '早于入站日期，请核对',
  RECEIVED_BEFORE_ENTRY: '早于入站日期，请核对',
  RECEIVED_BEFORE_LEAVE: '早于离站日期，请核对',
  NOBODY: '姓名、身份证号和日期均为空，无法建立记录',
} as const satisfies Record<string, string>;

export type SheetFaultCode = keyof typeof SHEET_FAULTS;

/** One fault in one cell: a word for programs, a sentence for people. */
export interface CellFault { code: SheetFaultCode; zh: string }

/** Makes a fault, filling the places of its sentence. */
export function cellFault(code: SheetFaultCode, fill: Record<string, string | number> = {}): CellFault {
  return { code, zh: SHEET_FAULTS[code].replace(/\{(\w+)\}/g, (_, place: string) => String(fill[place] ?? '')) };
}

/** Tells a fault from a value. */
export function isCellFault(value: unknown): value is CellFault {
  return typeof value === 'object' && value !== null && 'code' in value && 'zh' in value;
}
