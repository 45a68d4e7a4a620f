import { expect, test } from '@jest/globals';
import { loadSheetDefinition, parseSheetDefinition, plainWord } from '../../src/exchange/sheet-definition.js';

const HEADS = '序号 姓名 性别 身份证号 出生日期 户籍地 家庭住址 亲属姓名 亲属电话 救助机构 入站日期 离站日期 返乡方式 护送单位 求助原因 身体状况 反馈函号 反馈日期 接收日期 家庭情况 困难类型 备注';

test('the return ledger knows every head of the form as stations keep it', () => {
  const { heads } = loadSheetDefinition('returns');
  expect(HEADS.split(' ').filter((head) => heads.get(plainWord(head))?.head !== head)).toEqual([]);
});

test('the values of choices are those of the published contract', () => {
  const { columns } = loadSheetDefinition('returns');
  expect(Object.fromEntries(columns.filter(({ values }) => values).map(({ key, values }) => [key, Object.keys(values ?? {})]))).toEqual({
    sex: ['MALE', 'FEMALE', 'UNKNOWN', 'UNSTATED'], returnMode: ['SELF', 'COLLECTED_BY_KIN', 'ESCORTED', 'COLLECTED_BY_ORIGIN'], difficulties: ['PRODUCTION', 'LIVELIHOOD', 'BASIC_MEDICAL_SECURITY'],
  });
});

test('the types of columns are those that the parsed row declares', () => {
  const { columns } = loadSheetDefinition('returns');
  const keys = (type: string) => columns.filter((column) => column.type === type).map(({ key }) => key);
  expect([keys('date'), keys('idNumber'), keys('integer'), keys('division'), keys('choice'), keys('choices')]).toEqual([['birthDate', 'entryDate', 'leaveDate', 'noticeDate', 'receivedOn'], ['idNumber'], ['estimatedAge'], ['hukouDivision'], ['sex', 'returnMode'], ['difficulties']]);
});

test('a definition that gives one head two meanings is refused', () => {
  expect(() => parseSheetDefinition('{sheet: x, title: x, blanks: [], footers: [], columns: [{key: a, head: 甲, type: text}, {key: b, head: 乙, type: text, synonyms: [甲]}]}')).toThrow('head `甲` has two meanings');
});
