import type { Command, HelpConfiguration } from 'commander';
import { displayWidth } from './columns.js';

const TITLES: Record<string, string> = { 'Usage:': '用法 Usage:', 'Arguments:': '参数 Arguments:', 'Options:': '选项 Options:', 'Commands:': '命令 Commands:' };

/** Titles in both languages, and Chinese counted as wide as it is printed. */
export const BILINGUAL_HELP: HelpConfiguration = { displayWidth, styleTitle: (title) => TITLES[title] ?? title, sortSubcommands: false };

/** Examples below the help of a command, each with what it does. */
export function addExamples(command: Command, examples: readonly (readonly [line: string, meaning: string])[]): Command {
  return command.addHelpText('after', `\n示例 Examples:\n${examples.map(([line, meaning]) => `  # ${meaning}\n  ${line}`).join('\n')}\n`);
}

const ERRORS: readonly (readonly [RegExp, string])[] = [
  [/missing required argument '([^']+)'/, '缺少参数 $1'], [/required option '([^']+)' not specified/, '缺少选项 $1'], [/unknown option '([^']+)'/, '没有选项 $1'], [/unknown command '([^']+)'/, '没有命令 $1'],
  [/option '([^']+)' argument missing/, '选项 $1 缺少取值'], [/too many arguments/, '参数过多'], [/option '([^']+)' argument '([^']*)' is invalid/, '选项 $1 的取值 $2 无效'],
  [/argument value '([^']*)' is invalid for argument '([^']+)'/, '参数 $2 的取值 $1 无效'],
];

/** An error of commander's with its meaning in Chinese before it. */
export function translateUsageError(text: string): string {
  const found = ERRORS.find(([pattern]) => pattern.test(text));
  const [pattern, zh] = found ?? [/$/, '用法有误'];
  const meaning = pattern.exec(text)?.reduce((sentence, group, index) => sentence.replace(`$${index}`, group ?? ''), zh) ?? zh;
  return `${meaning}\n${text}`;
}
