import { codeText } from './text.js';

/**
 * The rung ENDS of an ID number of 18 characters: the first and the last, 16 stars between. First 6 and last 4 would leave about 33
 * candidates beside a birth year, and one beside a birth date.
 */
export function idNumberEnds(number18: string): string {
  return `${number18[0]}${'*'.repeat(16)}${number18.at(-1)}`;
}

/**
 * The rung SURNAME: the surname and always two stars, so that the length of the name is not told. A compound surname is kept whole
 * only where something follows it: 欧阳修 gives 欧阳**, but a person called 欧阳 gives 欧**. Null for no name.
 */
export function surnameOf(name: string): string | null {
  const characters = [...name.trim()];
  if (characters.length === 0) return null;
  const firstTwo = characters.slice(0, 2).join('');
  return `${characters.length > 2 && COMPOUND_SURNAMES.has(firstTwo) ? firstTwo : characters[0]}**`;
}

/** The masked rung of a phone number: nine stars and the last two digits, whatever its length. Null for no number. */
export function phoneEnds(phone: string): string | null {
  const digits = codeText(phone).replace(/\D/g, '');
  if (digits.length === 0) return null;
  return digits.length < SHORTEST_PHONE_DIGITS ? '*'.repeat(11) : `${'*'.repeat(9)}${digits.slice(-2)}`;
}

/** Of fewer digits (an extension, a slip of the pen) the last two would be too large a part. */
const SHORTEST_PHONE_DIGITS = 7;

const COMPOUND_SURNAMES = new Set((
  '欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 司徒 司空 司寇 东方 東方 夏侯 尉迟 尉遲 皇甫 公孙 公孫 慕容 令狐 长孙 長孫 宇文 轩辕 軒轅 端木 独孤 獨孤 南宫 南宮 西门 西門 '
  + '东郭 東郭 东门 東門 百里 呼延 澹台 澹臺 公冶 公羊 公良 公西 宗政 濮阳 濮陽 淳于 单于 單于 太叔 申屠 仲孙 仲孫 钟离 鍾離 鲜于 鮮于 闾丘 閭丘 亓官 万俟 赫连 赫連 '
  + '拓跋 夹谷 宰父 谷梁 榖梁 第五 左丘 梁丘 乐正 樂正 漆雕 壤驷 巫马 巫馬 微生 羊舌 颛孙 顓孫 贯丘 東里 东里 南门 南門 段干 哥舒 完颜 完顏 耶律 纳兰 納蘭'
).split(' '));
