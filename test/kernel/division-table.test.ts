import { describe, expect, test } from '@jest/globals';
import { areasOf, isGroupingName, isWithin, rangeOf, type Succession } from '../../src/kernel/divisions.js';
import { parseDate } from '../../src/kernel/dates.js';
import { LEVELS, type DivisionLevel } from '../../src/kernel/viewer.js';
import { readShippedTable } from './shipped-tables.js';

const divisions = readShippedTable('divisions.tsv').rows.map(({ code, name, level, parent }) => ({ code, name, level: level as DivisionLevel, parent, range: rangeOf(code, level as DivisionLevel) }));
const changes = readShippedTable('division-changes.tsv').rows;
const byCode = new Map(divisions.map((division) => [division.code, division]));
type Division = (typeof divisions)[number];

function ancestorsOf(division: Division): Division[] {
  const parent = byCode.get(division.parent);
  return parent ? [parent, ...ancestorsOf(parent)] : [];
}

describe('the shipped table of divisions', () => {
  test('has every level, each code once, in order', () => {
    const count = (level: DivisionLevel): number => divisions.filter((division) => division.level === level).length;
    expect(LEVELS.map(count)).toEqual([1, 34, 342, 2974, 41351]);
    const codes = divisions.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].toSorted());
  });

  test('every parent exists, is of a higher level, and every chain ends with the whole country', () => {
    const astray = divisions.filter((division) => division.code !== '000000').filter((division) => {
      const chain = [division, ...ancestorsOf(division)];
      return chain.at(-1)?.code !== '000000' || chain.some((one, place) => place > 0 && LEVELS.indexOf(one.level) >= LEVELS.indexOf(chain[place - 1].level));
    });
    expect(astray).toEqual([]);
  });

  test('a division lies within each of its ancestors', () => {
    expect(divisions.filter((division) => !ancestorsOf(division).every((ancestor) => isWithin(division.code, [ancestor.range]) && division.range.until <= ancestor.range.until))).toEqual([]);
  });

  test('no division of one level reaches into another, so none lies within a sibling of an ancestor', () => {
    for (const level of LEVELS) {
      const peers = divisions.filter((division) => division.level === level);
      expect(peers.filter((division, place) => place > 0 && peers[place - 1].range.until > division.range.from)).toEqual([]);
    }
  });

  test('no division lies within a sibling', () => {
    const children = new Map<string, Division[]>();
    for (const division of divisions) children.set(division.parent, [...(children.get(division.parent) ?? []), division]);
    expect(divisions.filter((division) => children.get(division.parent)?.some((sibling) => sibling !== division && isWithin(division.code, [sibling.range])))).toEqual([]);
  });

  test.each([
    ['320281', '江阴市', 'COUNTY', '320200'], ['320281100', '璜土镇', 'TOWNSHIP', '320281'], ['320281104', '徐霞客镇', 'TOWNSHIP', '320281'], ['120000', '天津市', 'PROVINCE', '000000'],
    ['341523', '舒城县', 'COUNTY', '341500'], ['110101', '东城区', 'COUNTY', '110100'], ['110100', '市辖区', 'PREFECTURE', '110000'],
    ['419001', '济源市', 'COUNTY', '419000'], ['419000', '省直辖县级行政区划', 'PREFECTURE', '410000'], ['441900', '东莞市', 'PREFECTURE', '440000'], ['441900003', '东城街道', 'TOWNSHIP', '441900'],
    ['620200', '嘉峪关市', 'PREFECTURE', '620000'], ['620201100', '新城镇', 'TOWNSHIP', '620200'], ['710000', '台湾省', 'PROVINCE', '000000'], ['000000', '全国', 'MINISTRY', ''],
  ])('%s is %s, %s, below %s', (code, name, level, parent) => {
    expect(byCode.get(code)).toMatchObject({ name, level, parent });
  });

  test('no township is numbered 000: at that width the code stands for its county', () => {
    expect(divisions.filter(({ code }) => code.length === 9 && code.endsWith('000'))).toEqual([]);
    expect(byCode.get('350527')).toMatchObject({ name: '金门县', level: 'COUNTY' });
  });

  test('four cities have townships and no counties; none is listed a second time as its own county', () => {
    const parents = new Set(divisions.filter(({ level }) => level === 'TOWNSHIP').map(({ parent }) => parent));
    const without = divisions.filter(({ code, level }) => level === 'PREFECTURE' && parents.has(code)).map(({ name }) => name);
    expect(without).toEqual(['东莞市', '中山市', '儋州市', '嘉峪关市']);
    expect(byCode.has('620201')).toBe(false);
  });

  test('what only groups codes is told by its name, and lies between province and county', () => {
    const groupings = divisions.filter(({ name }) => isGroupingName(name));
    expect(groupings.map(({ code }) => code)).toEqual(['110100', '120100', '310100', '419000', '429000', '469000', '500100', '500200', '659000']);
    expect(new Set(groupings.map(({ level }) => level))).toEqual(new Set(['PREFECTURE']));
  });
});

describe('the shipped table of abolished divisions', () => {
  const known = new Map([...changes, ...divisions].map(({ code, level }) => [code, level as DivisionLevel]));
  const successions: Succession[] = changes.filter(({ successor }) => successor !== '')
    .map(({ code, level, successor, valid_until }) => ({ abolished: code, level: level as DivisionLevel, successor, on: valid_until }));

  test('each row has a real date, a reason, a parent and, if any, a successor of its own level that is known', () => {
    for (const change of changes) {
      expect(parseDate(change.valid_until)).toBe(change.valid_until);
      expect(change.note).not.toBe('');
      expect(known.has(change.parent)).toBe(true);
      expect(change.successor === '' || known.get(change.successor) === change.level).toBe(true);
    }
  });

  test('no division of today lies within an abolished one, so a successor gains nobody else\'s area', () => {
    const abolished = changes.map(({ code, level }) => rangeOf(code, level as DivisionLevel));
    expect(divisions.filter(({ code }) => isWithin(code, abolished))).toEqual([]);
  });

  test('each step leads to a division of today', () => {
    const successorOf = new Map(successions.map(({ abolished, successor }) => [abolished, successor]));
    for (const { abolished } of successions) {
      let code = abolished;
      while (successorOf.has(code)) code = successorOf.get(code) ?? '';
      expect(byCode.has(code)).toBe(true);
    }
  });

  test('the counties of the former 巢湖市 lie each within the city that took them over, and in no other', () => {
    const cityOf = { 341402: '340100', 341421: '340100', 341422: '340200', 341423: '340500', 341424: '340500' };
    for (const [county, city] of Object.entries(cityOf)) {
      const holders = ['340100', '340200', '340500'].filter((code) => isWithin(county, areasOf({ code, level: 'PREFECTURE' }, successions)));
      expect(holders).toEqual([city]);
    }
    expect(areasOf({ code: '340281', level: 'COUNTY' }, successions).map(({ from }) => from)).toEqual(['340281', '340225', '341422']);
  });
});
