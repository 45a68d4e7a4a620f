import { isGroupingName } from '../kernel/divisions.js';
import type { Fault } from '../kernel/fault.js';
import { codeText, halfWidth } from '../kernel/text.js';
import { LEVELS, type DivisionLevel } from '../kernel/viewer.js';

/** A division as the table of divisions has it; `parent` is the code of the one above. */
export interface DivisionRow { code: string; name: string; level: DivisionLevel; parent?: string | null }

export type DivisionTextFault = Fault<'AMBIGUOUS' | 'CONTRADICTORY'>;

/** Finds the deepest division that a text or code names; undefined where it names none. */
export type FindDivision = (text: string) => { code: string } | DivisionTextFault | undefined;

const FAULTS = {
  AMBIGUOUS: { fault: 'AMBIGUOUS', zh: '有歧义', en: 'several divisions have this name' },
  CONTRADICTORY: { fault: 'CONTRADICTORY', zh: '上下级不符', en: 'the second place is not inside the first' },
} as const satisfies Record<string, DivisionTextFault>;

/** A division on a way down the tree, the place in the text where its name ends, and whether the name is there in full. */
interface Step { row: DivisionRow; end: number; full: boolean }

/** What follows a short name that is part of a street or village (北京路, 澄江中路, 中山村), not of a division. */
const NOT_A_DIVISION = /^[东西南北中大一二三四五六七八九十]?(路|街|道|大道|巷|弄|胡同|桥|村|新村|小区|社区|花园|广场|大厦|医院|学校|大学|公司)/;

/**
 * Makes the resolver over a table of divisions. It reads names from the top down, each either in full (江苏省, 璜土镇) or short (江苏, 璜土), levels
 * in between may be missing (江苏省江阴市), what follows the deepest name is an address and free (小湖村12号). A short name without one above it
 * counts only at the end of the text or before a further division, so that 中山路12号 is not 中山市; so does every short name before 路, 街, 村.
 * Of several readings the one that explains most of the text wins; of equal ones a full name, a province (海南), the one that contains the others;
 * else the text is ambiguous (通州区). Codes of 6 and 9 digits are looked up, longer ones by their township.
 */
export function divisionFinder(rows: readonly DivisionRow[]): FindDivision {
  const byCode = new Map(rows.map((row) => [row.code, row]));
  const byName = new Map<string, { row: DivisionRow; full: boolean }[]>();
  let longest = 0;
  for (const row of rows) {
    if (row.level === 'MINISTRY' || isGroupingName(row.name)) continue;
    for (const [name, full] of namesOf(row)) {
      const known = byName.get(name);
      if (known) known.push({ row, full });
      else byName.set(name, [{ row, full }]);
      longest = Math.max(longest, name.length);
    }
  }

  const isBelow = (row: DivisionRow, above: DivisionRow): boolean => {
    let at = byCode.get(row.parent ?? '');
    for (let steps = 0; at && steps < LEVELS.length; steps++, at = byCode.get(at.parent ?? '')) if (at === above) return true;
    return false;
  };

  const stepsFrom = (text: string, at: number, above: DivisionRow | undefined): Step[] => {
    const steps: Step[] = [];
    for (let length = Math.min(longest, text.length - at); length >= 2; length--) {
      for (const { row, full } of byName.get(text.slice(at, at + length)) ?? []) {
        const rest = text.slice(at + length);
        if (above && !isBelow(row, above)) continue;
        const end = at + length + (GROUPING.exec(rest)?.[0].length ?? 0);
        const needsMore = !full && ((!above && row.level !== 'PROVINCE' && end < text.length) || NOT_A_DIVISION.test(rest));
        if (needsMore && stepsFrom(text, end, row).length === 0) continue;
        steps.push({ row, end, full });
      }
    }
    return steps;
  };

  const deepest = (text: string, from: Step): Step[] => {
    const further = stepsFrom(text, from.end, from.row).flatMap((step) => deepest(text, step));
    return further.length > 0 ? further : [from];
  };

  return (raw) => {
    const code = codeText(raw);
    if (/^\d+$/.test(code)) return findByCode(code, byCode);
    const text = plainPlace(raw);
    const readings = stepsFrom(text, 0, undefined).flatMap((step) => deepest(text, step));
    if (readings.length === 0) return undefined;
    const end = Math.max(...readings.map((step) => step.end));
    const atEnd = readings.filter((step) => step.end === end);
    const inFull = atEnd.filter(({ full }) => full);
    const furthest = [...new Set((inFull.length > 0 ? inFull : atEnd).map(({ row }) => row))];
    const best = furthest.find((row) => row.level === 'PROVINCE') ?? furthest.find((row) => furthest.every((other) => other === row || isBelow(other, row)));
    if (!best) return FAULTS.AMBIGUOUS;
    return isElsewhere(text.slice(end), best, byName) ? FAULTS.CONTRADICTORY : { code: best.code };
  };
}

/** 江苏省杭州市: what follows a province or prefecture is in full the name of a prefecture or county, but of another one's. */
function isElsewhere(rest: string, above: DivisionRow, byName: Map<string, { row: DivisionRow; full: boolean }[]>): boolean {
  if (above.level !== 'PROVINCE' && above.level !== 'PREFECTURE') return false;
  for (let length = 3; length <= Math.min(rest.length, 12); length++) {
    const named = byName.get(rest.slice(0, length)) ?? [];
    if (named.some(({ row, full }) => full && (row.level === 'PREFECTURE' || row.level === 'COUNTY'))) return true;
  }
  return false;
}

function findByCode(code: string, byCode: ReadonlyMap<string, DivisionRow>): { code: string } | undefined {
  if (code.length !== 6 && code.length !== 9 && code.length !== 12) return undefined;
  const township = code.slice(0, 9);
  const row = byCode.get(township.endsWith('000') ? code.slice(0, 6) : township);
  return row && row.level !== 'MINISTRY' ? { code: row.code } : undefined;
}

/** Levels that only group codes are written by some and say nothing: 北京市市辖区东城区. */
const GROUPING = /^(市辖区|(省|自治区)直辖县级行政区划|省直辖|直辖县)+/;

/** Without blanks, separators, a code in front and the name of the country. */
function plainPlace(raw: string): string {
  return halfWidth(raw).replace(/[\s,，、;/\\·.>→-]+/g, '').replace(/^\d{6,12}(?=\D)/, '').replace(/^(中华人民共和国|中国)/, '');
}

const PEOPLES = '蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各'.split(' ').join('|');
/** In 新疆 the word 族 is left out (巴音郭楞蒙古自治州); 内蒙古 is a name, not a people. */
const AUTONOMOUS = new RegExp(`(?:(?:${PEOPLES})族|(?<!内)蒙古|维吾尔|哈萨克|柯尔克孜|锡伯|塔吉克)*自治(?=[区州县旗]$)`);
const PEOPLES_TOWNSHIP = new RegExp(`(?:(?:${PEOPLES})族)*民?族?乡$`);

/** Every way to write a division, with whether it is a full name. Short names have two characters or more: 沙县 is never 沙. */
function namesOf(row: DivisionRow): Map<string, boolean> {
  const name = plainPlace(row.name);
  const names = new Map<string, boolean>();
  const add = (text: string, full: boolean) => { if (text.length >= 2 && !names.has(text)) names.set(text, full); };
  add(name, true);
  const autonomous = name.replace(AUTONOMOUS, '');
  if (autonomous !== name) add(autonomous, autonomous.length > 2);
  if (/街道(办事处)?$/.test(name)) {
    const base = name.replace(/街道(办事处)?$/, '');
    for (const ending of ['街道', '街道办事处', '街道办']) add(base + ending, true);
  }
  for (const short of shortNames(autonomous)) add(short, false);
  return names;
}

/** 神农架林区 is 神农架, but 万柏林区 is 万柏林. */
function shortNames(name: string): string[] {
  if (name.endsWith('族乡')) return [name.replace(PEOPLES_TOWNSHIP, '')];
  return [name.replace(/(特别行政区|街道办事处|街道|地区|林区|特区|新区|苏木)$/, ''), name.replace(/[省市县区州盟旗镇乡]$/, '')].filter((short) => short !== name);
}
