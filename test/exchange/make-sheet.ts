import ExcelJS from 'exceljs';

/** Where a generated row goes wrong, and the code that its fault must carry. */
export const FAULT_KINDS = {
  checkDigit: 'BAD_ID_NUMBER', numericId: 'DIGITS_LOST', noSuchDay: 'NO_SUCH_DATE', leaveFirst: 'LEAVE_BEFORE_ENTRY', division: 'UNKNOWN_DIVISION', birth: 'BIRTH_DATE_DIFFERS',
  sex: 'SEX_DIFFERS', mode: 'UNKNOWN_WORD', future: 'DATE_IN_FUTURE', formula: 'FORMULA_ERROR', nobody: 'NOBODY', phone: 'BAD_PHONE', receivedFirst: 'RECEIVED_BEFORE_LEAVE', difficulty: 'UNKNOWN_WORD',
} as const;
export type FaultKind = keyof typeof FAULT_KINDS;

export interface MadeRow { rowNo: number; name: string; idNumber: string; fault?: FaultKind }
export interface MadeSheet { bytes: Buffer; rows: MadeRow[]; faultyRowNos: number[] }
export interface MakeOptions {
  rows: number;
  /** How many of them are faulty; spread evenly, kinds in turn. */
  faulty?: number;
  /** Another seed gives other persons. */
  seed?: number;
  /** Another number gives another order of columns. */
  order?: number;
}

const HEADS = ['序号', '受助人员\n姓名*', '性别', '公民身份号码（必填）', '出生日期', '户籍所在地', '家庭住址', '亲属姓名', '联系电话', '流入地救助机构', '入站时间', '离站日期', '送返方式', '护送单位', '求助原因', '身体　状况', '反馈函号', '反馈日期', '接收日期', '家庭情况', '困难类型', '备注', '片区'] as const;
const PLACES = [['江苏省江阴市璜土镇小湖村12号', '江苏省无锡市江阴市璜土镇小湖村12号'], ['安徽省六安市舒城县', '安徽省舒城县城关镇'], ['江苏江阴徐霞客镇', '江苏省江阴市徐霞客镇湖塘村3号'], ['320281', '江苏省江阴市澄江街道']] as const;
const MODES = ['自行返乡', '家属接领', '站际护送', '户籍地接回'] as const;

/** The 18-character number of a synthetic person: prefix 99xxxx, `index` makes it unique within a day of birth. */
export function syntheticId(index: number, bornOn: string): string {
  const body = `99${String(1000 + (index % 9000)).padStart(4, '0')}${bornOn.replaceAll('-', '')}${String(index % 1000).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return body + '10X98765432'[weights.reduce((sum, weight, at) => sum + weight * Number(body[at]), 0) % 11];
}

/** A 返乡人员信息台账 as a station keeps it: titles above the heads, columns in any order, every way to write a date or a number, totals below. The same options give the same rows. */
export async function makeReturnSheet({ rows, faulty = 0, seed = 1, order: orderSeed = 1 }: MakeOptions): Promise<MadeSheet> {
  const order = shuffled([...HEADS.keys()], orderSeed);
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('返乡人员信息台账');
  sheet.addRow(['返乡人员信息台账']);
  sheet.mergeCells(1, 1, 1, HEADS.length);
  sheet.addRow(['填报单位：江阴市救助管理站']);
  sheet.addRow(order.map((at) => HEADS[at]));
  const made: MadeRow[] = [];
  const kinds = Object.keys(FAULT_KINDS) as FaultKind[];
  const step = faulty > 0 ? Math.floor(rows / faulty) : 0;
  for (let index = 0; index < rows; index++) {
    const fault = step > 0 && index % step === step - 1 && index < step * faulty ? kinds[Math.floor(index / step) % kinds.length] : undefined;
    const person = personOf(index, seed);
    const cells = cellsOf(index, person, fault);
    const row = sheet.addRow(order.map((at) => cells[at]));
    for (const [column, at] of order.entries()) if (cells[at] instanceof Date) row.getCell(column + 1).numFmt = 'yyyy/m/d';
    made.push({ rowNo: row.number, name: person.name, idNumber: person.idNumber, fault });
  }
  sheet.addRow(['合计', `${rows}人`]);
  sheet.addRow(['填表人：张三', null, '审核人：李四']);
  const bytes = Buffer.from(await book.xlsx.writeBuffer());
  return { bytes, rows: made, faultyRowNos: made.filter(({ fault }) => fault).map(({ rowNo }) => rowNo) };
}

interface Person { name: string; idNumber: string; bornOn: string; male: boolean }

function personOf(index: number, seed: number): Person {
  const bornOn = `19${40 + (index % 55)}-${two(1 + (index % 12))}-${two(1 + (index % 28))}`;
  const idNumber = syntheticId(index + seed * 17, bornOn);
  const name = '赵钱孙李周吴郑王冯陈'[index % 10] + '归远安平望宁'[Math.floor(index / 10) % 6] + '乡山河田川林原'[Math.floor(index / 60) % 7];
  return { name, idNumber, bornOn, male: Number(idNumber[16]) % 2 === 1 };
}

type Written = string | number | Date | { formula: string; result?: { error: '#N/A' } } | null;

/** The cells in the order of `HEADS`. */
function cellsOf(index: number, { name, idNumber, bornOn, male }: Person, fault?: FaultKind): Written[] {
  if (fault === 'nobody') return HEADS.map((head) => (head === '备注' ? '资料遗失' : null));
  const [hukou, address] = PLACES[index % PLACES.length] ?? PLACES[0];
  const entry = `2025-${two(1 + (index % 8))}-${two(1 + (index % 20))}`;
  const leave = `2025-${two(1 + (index % 8))}-${two(4 + (index % 20))}`;
  const home = index % 3 > 0;
  return [
    index + 1,
    fault === 'formula' ? { formula: 'VLOOKUP(1,Z:Z,1,0)', result: { error: '#N/A' } } : index % 4 === 0 ? `${name[0]} ${name.slice(1)}` : name,
    (fault === 'sex') === male ? (index % 2 ? '女' : '2') : (index % 2 ? '男' : '1'),
    fault === 'checkDigit' ? withOtherCheckDigit(idNumber) : fault === 'numericId' ? Number(idNumber.replace('X', '0')) : writtenId(idNumber, index),
    fault === 'birth' ? '1939-12-31' : writtenDate(bornOn, index),
    fault === 'division' ? '某省某市某县' : hukou,
    address,
    index % 5 === 0 ? null : `${name[0]}亲`,
    fault === 'phone' ? '12345' : index % 5 === 0 ? 13800000000 + index : index % 5 === 1 ? '１３８００００００００、0510-86000000' : null,
    ['天津市救助管理站', '上海市救助管理站', '苏州市救助管理站'][index % 3] ?? null,
    writtenDate(entry, index + 1),
    fault === 'noSuchDay' ? '2025-02-30' : fault === 'leaveFirst' ? '2024.12.31' : writtenDate(leave, index + 2),
    fault === 'mode' ? '坐飞机' : MODES[index % MODES.length] ?? null,
    index % 4 === 2 ? '天津市救助管理站' : null,
    '务工不着', index % 7 === 0 ? '无' : '良好',
    `津救反馈〔2025〕${index + 1}号`,
    fault === 'future' ? '2099年1月1日' : writtenDate(leave, index + 3),
    fault === 'receivedFirst' ? entry : home ? writtenDate(leave, index + 4) : null,
    home ? '家中有父母' : null,
    fault === 'difficulty' ? '钱不够' : home ? ['生活、基本医疗', '无', '生产；生活'][index % 3] ?? null : null,
    null,
    '城区',
  ];
}

function writtenId(idNumber: string, index: number): string | number {
  const fifteen = idNumber.slice(0, 6) + idNumber.slice(8, 17);
  return [idNumber, idNumber.toLowerCase(), fullWidth(idNumber), fifteen, Number(fifteen), `${idNumber.slice(0, 6)} ${idNumber.slice(6)}`][index % 6] ?? idNumber;
}

function withOtherCheckDigit(idNumber: string): string {
  return idNumber.slice(0, 17) + (idNumber.endsWith('7') ? '8' : '7');
}

function writtenDate(date: string, index: number): string | number | Date {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const serial = (Date.parse(date) - Date.UTC(1899, 11, 30)) / 86_400_000;
  return [date, `${year}/${month}/${day}`, `${year}.${month}.${day}`, `${year}年${month}月${day}日`, date.replaceAll('-', ''), fullWidth(date), new Date(date), serial, Number(date.replaceAll('-', ''))][index % 9] ?? date;
}

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** Fisher–Yates with a small linear congruential generator. */
function shuffled(items: number[], seed: number): number[] {
  let state = seed;
  for (let at = items.length - 1; at > 0; at--) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = state % (at + 1);
    [items[at], items[other]] = [items[other] as number, items[at] as number];
  }
  return items;
}
