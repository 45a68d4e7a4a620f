import { expect, test } from '@jest/globals';
import { divisionFinder } from '../../src/exchange/division-text.js';
import { foundCode } from './raw-workbook.js';
import { SHEET_DIVISIONS } from './sheet-divisions.js';

const find = divisionFinder(SHEET_DIVISIONS);

test.each([
  ['江苏省江阴市璜土镇', '320281100'], ['江苏省无锡市江阴市', '320281'], ['320281', '320281'], ['320281100', '320281100'], ['320281100203', '320281100'], ['320281000000', '320281'], ['３２０２８１', '320281'],
  ['江苏省江阴市璜土镇小湖村12号', '320281100'], ['江苏 江阴', '320281'], ['江苏江阴璜土', '320281100'], ['江苏江阴璜土小湖村12号', '320281100'], ['江苏-无锡-江阴', '320281'], ['中国江苏省江阴市', '320281'], ['320281 江苏省江阴市', '320281'],
  ['江阴', '320281'], ['江阴市', '320281'], ['江阴市某村3号', '320281'], ['江阴璜土镇', '320281100'], ['江苏', '320000'], ['江苏省某村', '320000'], ['江阴市澄江街道办事处', '320281001'], ['江阴市澄江街道花园社区', '320281001'],
  ['安徽省舒城县', '341523'], ['舒城', '341523'], ['安徽六安舒城城关镇', '341523100'], ['六安市舒城', '341523'],
  ['北京市东城区', '110101'], ['北京市市辖区东城区', '110101'], ['北京东城', '110101'], ['河南省济源市沁园街道', '419001001'], ['河南省省直辖县级行政区划济源市', '419001'], ['广东省东莞市石碣镇', '441900101'],
  ['内蒙古', '150000'], ['内蒙古自治区', '150000'], ['广西', '450000'], ['广西壮族自治区南宁市', '450100'], ['广西南宁', '450100'], ['新疆', '650000'], ['新疆维吾尔自治区巴音郭楞蒙古自治州', '652800'], ['新疆巴音郭楞州', '652800'],
  ['吉林延边州', '222400'], ['延边朝鲜族自治州延吉市', '222401'], ['上海浦东', '310115'],
  ['山西太原万柏林千峰街道', '140109001'], ['河北石家庄桥西区', '130104'], ['山西省临汾市古县', '141025'], ['上海市浦东新区', '310115'],
])('%s is %s', (text, code) => {
  expect(foundCode(find(text))).toBe(code);
});

test('a name that several divisions have is ambiguous, unless what stands before it decides', () => {
  expect(['鼓楼区', '江苏省鼓楼区', '通州区', '朝阳'].map((text) => foundCode(find(text)))).toEqual(['AMBIGUOUS', 'AMBIGUOUS', 'AMBIGUOUS', 'AMBIGUOUS']);
  expect(['江苏省南京市鼓楼区', '徐州鼓楼', '江苏省通州区', '北京市通州区'].map((text) => foundCode(find(text)))).toEqual(['320106', '320302', '320612', '110112']);
});

test('a short name that a province has means the province, and with its ending what it says', () => {
  expect(['吉林', '吉林市', '吉林省吉林市', '海南', '海南州', '海南藏族自治州'].map((text) => foundCode(find(text)))).toEqual(['220000', '220200', '220200', '460000', '632500', '632500']);
});

test('streets and villages that bear the name of a division are not one', () => {
  expect(['中山路12号', '北京路5号', '江阴大道1号'].map((text) => foundCode(find(text)))).toEqual([undefined, undefined, undefined]);
  expect(['江苏省江阴市澄江中路12号', '江苏省江阴市青阳村', '广东省中山'].map((text) => foundCode(find(text)))).toEqual(['320281', '320281', '442000']);
});

test('a place inside another one than the text says is contradictory', () => {
  expect(['江苏省杭州市', '江苏省南京市江阴市', '安徽省江阴市'].map((text) => foundCode(find(text)))).toEqual(['CONTRADICTORY', 'CONTRADICTORY', 'CONTRADICTORY']);
});

test('what no division has is not found', () => {
  expect(['某省某市', '999999', '12', '小湖村12号', '', '3202811'].map((text) => find(text))).toEqual(Array.from({ length: 6 }, () => undefined));
});
