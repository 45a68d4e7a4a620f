import { describe, expect, test } from '@jest/globals';
import { divisionFinder } from '../../src/exchange/division-text.js';
import { parseReturnSheet } from '../../src/exchange/return-sheet.js';
import { FAULT_KINDS, makeReturnSheet, syntheticId } from './make-sheet.js';
import { rawWorkbook, textBook, textRow } from './raw-workbook.js';
import { SHEET_DIVISIONS } from './sheet-divisions.js';

const context = { today: '2025-12-31', findDivision: divisionFinder(SHEET_DIVISIONS) };
/** Born 1970-01-01, male. */
const ID = syntheticId(1, '1970-01-01');

/** One row with a valid name and ID number beside the given cells. */
async function read(cells: Record<string, string>) {
  const row: Record<string, string> = { 姓名: '张三', 身份证号: ID, ...cells };
  return parseReturnSheet(textBook([Object.keys(row), Object.values(row)]), context);
}

async function values(cells: Record<string, string>) {
  const { rows, faults } = await read(cells);
  expect(faults).toEqual([]);
  return rows[0]?.values;
}

async function faults(cells: Record<string, string>): Promise<string[]> {
  const sheet = await read(cells);
  expect(sheet.rows.length === 0).toBe(sheet.faults.length > 0);
  return sheet.faults.map(({ head, code }) => `${head}:${code}`);
}

/** Reads a sheet with one row given as raw XML: A name, B ID number, C notice number, D phone. */
async function cell(xml: string) {
  return parseReturnSheet(rawWorkbook({ rows: `${textRow(1, ['姓名', '身份证号', '反馈函号', '亲属电话'])}<row r="2"><c r="A2" t="str"><f>Z1</f><v>甲</v></c>${xml}</row>` }), context);
}

describe('cells', () => {
  test('an ID number may be full-width, with a small x, blanks, an apostrophe, or of 15 digits', async () => {
    const born = '1949-12-31';
    const withX = Array.from({ length: 40 }, (_, at) => syntheticId(at, born)).find((id) => id.endsWith('X')) as string;
    for (const text of [withX, withX.toLowerCase(), `'${withX}`, `${withX.slice(0, 6)} ${withX.slice(6)}`, withX.slice(0, 6) + withX.slice(8, 17), withX.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))]) {
      expect((await values({ 身份证号: text }))?.idNumber).toMatchObject({ number18: withX, bornOn: born, synthetic: true });
    }
  });
  test('an ID number of 18 digits in a numeric cell has lost digits, with its own reason; one of 15 digits is exact', async () => {
    const numeric = await cell(`<c r="B2"><v>${Number(ID.replace('X', '0'))}</v></c>`);
    expect(numeric.faults).toEqual([{ rowNo: 2, head: '身份证号', code: 'DIGITS_LOST', zh: '号码按数字格式保存，后几位已丢失，请将单元格设为文本格式后按原件重新填写' }]);
    expect((await cell('<c r="B2"><v>3.20281199001011E+17</v></c>')).faults.map(({ code }) => code)).toEqual(['DIGITS_LOST']);
    expect(await faults({ 身份证号: '3.20281E+17' })).toEqual(['身份证号:DIGITS_LOST']);
    expect((await cell(`<c r="B2"><v>${ID.slice(0, 6) + ID.slice(8, 17)}</v></c>`)).rows[0]?.values.idNumber?.number18).toBe(ID);
  });
  test('an ID number that cannot be is refused with the reason', async () => {
    const wrong = ID.slice(0, 17) + (ID.endsWith('1') ? '2' : '1');
    expect((await read({ 身份证号: wrong })).faults[0]).toEqual({ rowNo: 2, head: '身份证号', code: 'BAD_ID_NUMBER', zh: '身份证号码校验位不符，请核对' });
    expect(await faults({ 身份证号: '12345' })).toEqual(['身份证号:BAD_ID_NUMBER']);
  });
  test.each([['男', 'MALE'], ['女', 'FEMALE'], ['1', 'MALE'], ['２', 'FEMALE'], ['男性', 'MALE'], ['未说明', 'UNSTATED'], ['不详', 'UNKNOWN']])('sex %s is %s', async (text, sex) => {
    expect((await values({ 性别: text, 身份证号: '' }))?.sex).toBe(sex);
  });
  test.each([['自行返乡', 'SELF'], ['自行离站', 'SELF'], ['亲属接回', 'COLLECTED_BY_KIN'], ['家属接领', 'COLLECTED_BY_KIN'], ['护送返乡', 'ESCORTED'], ['站际护送', 'ESCORTED'], ['流出地接回', 'COLLECTED_BY_ORIGIN'], ['户籍地接回', 'COLLECTED_BY_ORIGIN']])('return mode %s is %s', async (text, mode) => {
    expect((await values({ 送返方式: text }))?.returnMode).toBe(mode);
  });
  test.each([['生产、生活', 'PRODUCTION LIVELIHOOD'], ['生活,基本医疗', 'LIVELIHOOD BASIC_MEDICAL_SECURITY'], ['基本医疗；生产；生产', 'PRODUCTION BASIC_MEDICAL_SECURITY'], ['生产/生活困难', 'PRODUCTION LIVELIHOOD'], ['生产;医疗', 'PRODUCTION BASIC_MEDICAL_SECURITY'], ['无', '']])('difficulties %s are %s', async (text, codes) => {
    expect((await values({ 困难类型: text }))?.difficulties?.join(' ')).toBe(codes);
  });
  test('an empty list of difficulties is said, an empty cell says nothing', async () => {
    expect((await values({ 困难类型: '' }))?.difficulties).toBeUndefined();
    expect(await faults({ 困难类型: '生产、钱不够' })).toEqual(['困难类型:UNKNOWN_WORD']);
  });
  test('an unknown word is refused with the words that are known, and never repeated', async () => {
    const { faults: [fault] } = await read({ 返乡方式: '坐飞机' });
    expect(fault?.zh).toBe('不能识别，可填：自行返乡、亲属接回、护送返乡、流出地接回');
  });
  test('phones are read from text and numbers, several at once', async () => {
    expect((await values({ 联系电话: '１３８ ００００ ００００/0510-86000000转12' }))?.kinPhone).toBe('13800000000、0510-86000000转12');
    expect((await values({ 联系电话: '+86 13800000000' }))?.kinPhone).toBe('+8613800000000');
    expect((await cell('<c r="D2"><v>13800000000</v></c>')).rows[0]?.values.kinPhone).toBe('13800000000');
    expect(await faults({ 联系电话: '110' })).toEqual(['联系电话:BAD_PHONE']);
    expect(await faults({ 联系电话: '张三13800000000' })).toEqual(['联系电话:BAD_PHONE']);
  });
  test('names lose the blanks that align them, and no others', async () => {
    expect((await values({ 姓名: ' 张　三\n' }))?.name).toBe('张三');
    expect((await values({ 姓名: '阿依古丽·买买提' }))?.name).toBe('阿依古丽·买买提');
    expect((await values({ 姓名: 'John Smith' }))?.name).toBe('John Smith');
  });
  test('words for nothing are empty cells', async () => {
    expect(await values({ 亲属姓名: '无', 联系电话: '/', 出生日期: '—', 户籍地: '不详', 年龄: '未知', 备注: '暂无', 返乡方式: '/', 身份证号: '无' })).toEqual({ name: '张三' });
  });
  test('short numbers and days in text columns are read as they show', async () => {
    const sheet = await cell('<c r="C2"><v>2025001</v></c>');
    expect(sheet.rows[0]?.values.noticeNo).toBe('2025001');
    expect((await values({ 年龄: '４５岁' }))?.estimatedAge).toBe(45);
    expect(await faults({ 年龄: '四十' })).toEqual(['年龄:BAD_INTEGER']);
    expect(await faults({ 年龄: '131' })).toEqual(['年龄:BAD_INTEGER']);
  });
  test('a text too long or with a character that cannot be stored is refused', async () => {
    expect((await read({ 姓名: '张'.repeat(61) })).faults[0]?.zh).toBe('内容过长，最多 60 个字');
    expect(await faults({ 备注: 'a\u202Eb' })).toEqual(['备注:BAD_CHARACTER']);
  });
  test('a formula with an error is a fault of its cell; with a result it is the result', async () => {
    expect((await cell('<c r="C2" t="e"><f>Z9</f><v>#REF!</v></c>')).faults).toEqual([{ rowNo: 2, head: '反馈函号', code: 'FORMULA_ERROR', zh: '公式出错或没有结果，请改为填写值' }]);
    expect((await cell('')).rows[0]?.values).toEqual({ name: '甲' });
    expect(await faults({ 备注: '#N/A' })).toEqual(['备注:FORMULA_ERROR']);
  });
  test('a hukou place gives the deepest division and keeps its whole text', async () => {
    expect((await values({ 户籍地址: '江苏省江阴市璜土镇小湖村12号' }))?.hukouDivision).toEqual({ code: '320281100', text: '江苏省江阴市璜土镇小湖村12号' });
    expect(await faults({ 户籍地: '某省某市' })).toEqual(['户籍地:UNKNOWN_DIVISION']);
    expect((await read({ 户籍地: '鼓楼区' })).faults[0]?.zh).toMatch(/^有歧义/);
    expect(await faults({ 户籍地: '江苏省杭州市' })).toEqual(['户籍地:CONTRADICTORY_DIVISION']);
  });
  test('an address gives its division where it names one for certain, and is never at fault for it', async () => {
    expect(await values({ 家庭住址: '江苏省江阴市璜土镇1号' })).toMatchObject({ address: '江苏省江阴市璜土镇1号', homeDivision: '320281100' });
    expect((await values({ 家庭住址: '鼓楼区1号' }))?.homeDivision).toBeUndefined();
  });
});

describe('cells against each other', () => {
  test.each([
    [{ 出生日期: '1970-01-02' }, '出生日期:BIRTH_DATE_DIFFERS'],
    [{ 性别: Number(ID[16]) % 2 === 1 ? '女' : '男' }, '性别:SEX_DIFFERS'],
    [{ 入站日期: '2025-02-01', 离站时间: '2025-01-31' }, '离站时间:LEAVE_BEFORE_ENTRY'],
    [{ 离站日期: '2025-02-01', 接收日期: '2025-01-31' }, '接收日期:RECEIVED_BEFORE_LEAVE'],
    [{ 入站日期: '2025-02-01', 接收日期: '2025-01-31' }, '接收日期:RECEIVED_BEFORE_ENTRY'],
    [{ 入站日期: '2025-02-01', 反馈日期: '2025-01-31' }, '反馈日期:NOTICE_BEFORE_ENTRY'],
    [{ 入站日期: '1960-02-01' }, '入站日期:ENTRY_BEFORE_BIRTH'],
    [{ 身份证号: '', 出生日期: '2020-01-01', 入站日期: '2019-02-01' }, '入站日期:ENTRY_BEFORE_BIRTH'],
    [{ 接收日期: '2026-01-01' }, '接收日期:DATE_IN_FUTURE'],
    [{ 身份证号: '', 出生日期: '2026-01-01' }, '出生日期:DATE_IN_FUTURE'],
  ] as [Record<string, string>, string][])('%j is refused as %s', async (cells, expected) => {
    expect(await faults(cells)).toEqual([expected]);
  });
  test('feedback before leaving, everything on one day, and today are no faults', async () => {
    expect(await faults({ 入站日期: '2025-02-01', 反馈日期: '2025-02-02', 离站日期: '2025-02-03', 接收日期: '2025-02-03' })).toEqual([]);
    expect(await faults({ 入站日期: '2025-12-31', 离站日期: '2025-12-31', 反馈日期: '2025-12-31', 接收日期: '2025-12-31' })).toEqual([]);
  });
  test('a sex that is not known does not contradict the ID number', async () => {
    expect(await faults({ 性别: '未知' })).toEqual([]);
  });
  test('a row about nobody is refused; a name, an ID number or a date is enough', async () => {
    expect(await faults({ 姓名: '', 身份证号: '', 备注: '资料遗失' })).toEqual(['姓名:NOBODY']);
    const enough: Record<string, string>[] = [{ 姓名: '' }, { 身份证号: '' }, { 姓名: '', 身份证号: '', 入站日期: '2025-01-01' }];
    for (const cells of enough) expect(await faults(cells)).toEqual([]);
    expect(await faults({ 姓名: '', 身份证号: '1' })).toEqual(['身份证号:BAD_ID_NUMBER']);
  });
  test('a row may have several faults', async () => {
    expect(await faults({ 身份证号: '1', 户籍地: '某省', 返乡方式: '坐飞机' })).toEqual(['身份证号:BAD_ID_NUMBER', '户籍地:UNKNOWN_DIVISION', '返乡方式:UNKNOWN_WORD']);
  });
});

test('of 5,000 rows with 200 faulty ones, exactly those 200 are refused, each for its reason', async () => {
  const made = await makeReturnSheet({ rows: 5000, faulty: 200 });
  const sheet = await parseReturnSheet(made.bytes, context);
  expect(sheet.ignoredHeads).toEqual(['片区']);
  expect(sheet.rows.map(({ rowNo, values }) => [rowNo, values.name, values.idNumber?.number18])).toEqual(made.rows.filter(({ fault }) => !fault).map(({ rowNo, name, idNumber }) => [rowNo, name, idNumber]));
  expect(new Set(sheet.faults.map(({ rowNo, code }) => `${rowNo}:${code}`))).toEqual(new Set(made.rows.flatMap(({ rowNo, fault }) => (fault ? [`${rowNo}:${FAULT_KINDS[fault]}`] : []))));
  expect([sheet.rows.length, sheet.faultyCells.size]).toEqual([4800, 200]);
});

test('the order of columns changes nothing', async () => {
  const [one, other] = await Promise.all([makeReturnSheet({ rows: 60, order: 1 }), makeReturnSheet({ rows: 60, order: 2 })]);
  const [first, second] = await Promise.all([parseReturnSheet(one.bytes, context), parseReturnSheet(other.bytes, context)]);
  expect(second.heads).not.toEqual(first.heads);
  expect(second.rows.map(({ values }) => values)).toEqual(first.rows.map(({ values }) => values));
});
