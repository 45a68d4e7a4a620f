import type { DivisionRow } from '../../src/exchange/division-text.js';

/** A few real divisions, chosen for their awkward names. */
export const SHEET_DIVISIONS: DivisionRow[] = [
  ...list('PROVINCE', null, ['110000 北京市', '150000 内蒙古自治区', '220000 吉林省', '310000 上海市', '320000 江苏省', '330000 浙江省', '340000 安徽省', '410000 河南省', '440000 广东省', '450000 广西壮族自治区', '460000 海南省', '630000 青海省', '650000 新疆维吾尔自治区']),
  ...list('PREFECTURE', '110000', ['110100 市辖区']), ...list('COUNTY', '110100', ['110101 东城区', '110105 朝阳区', '110112 通州区']),
  ...list('PREFECTURE', '220000', ['220100 长春市', '220200 吉林市', '222400 延边朝鲜族自治州']), ...list('COUNTY', '220100', ['220104 朝阳区']), ...list('COUNTY', '222400', ['222401 延吉市']),
  ...list('PREFECTURE', '320000', ['320100 南京市', '320200 无锡市', '320300 徐州市', '320600 南通市']),
  ...list('COUNTY', '320100', ['320106 鼓楼区', '320115 江宁区']), ...list('COUNTY', '320300', ['320302 鼓楼区']), ...list('COUNTY', '320600', ['320612 通州区']),
  ...list('COUNTY', '320200', ['320281 江阴市', '320282 宜兴市', '320205 锡山区']),
  ...list('TOWNSHIP', '320281', ['320281100 璜土镇', '320281104 徐霞客镇', '320281001 澄江街道', '320281102 青阳镇', '320281105 华士镇']),
  ...list('PREFECTURE', '330000', ['330100 杭州市']), ...list('COUNTY', '330100', ['330106 西湖区']),
  ...list('PREFECTURE', '340000', ['341500 六安市']), ...list('COUNTY', '341500', ['341523 舒城县']), ...list('TOWNSHIP', '341523', ['341523100 城关镇']),
  ...list('PREFECTURE', '410000', ['419000 省直辖县级行政区划']), ...list('COUNTY', '419000', ['419001 济源市']), ...list('TOWNSHIP', '419001', ['419001001 沁园街道']),
  ...list('PREFECTURE', '440000', ['441900 东莞市', '442000 中山市']), ...list('TOWNSHIP', '441900', ['441900101 石碣镇']),
  ...list('PREFECTURE', '450000', ['450100 南宁市']), ...list('PREFECTURE', '630000', ['632500 海南藏族自治州']), ...list('PREFECTURE', '650000', ['652800 巴音郭楞蒙古自治州']), ...list('PREFECTURE', '310000', ['310100 市辖区']), ...list('COUNTY', '310100', ['310115 浦东新区']),
];

function list(level: DivisionRow['level'], parent: string | null, lines: string[]): DivisionRow[] {
  return lines.map((line) => ({ code: line.split(' ')[0] ?? '', name: line.split(' ')[1] ?? '', level, parent }));
}
