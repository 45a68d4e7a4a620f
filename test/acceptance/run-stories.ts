import type { Story, StoryStep } from './stories.js';

/** What stands in README for a text that differs from run to run. */
export const VARIES = '…';

/** A document with what earlier steps kept put in. @throws Error for a name that none has kept */
export function fillIn(document: string, kept: ReadonlyMap<string, string>): string {
  return document.replaceAll(/\$([A-Z_]+)/gu, (_, name: string) => {
    const value = kept.get(name);
    if (value === undefined) throw new Error(`no earlier step kept ${name}`);
    return value;
  });
}

/** What a step keeps of the `data` of its answer. */
export function keptBy(step: StoryStep, data: unknown): [string, string][] {
  return Object.entries(step.keep ?? {}).map(([name, path]) => [name, String(valueAt(data, path))]);
}

/** The value at a path such as `returnCases.nodes[0].id`. */
function valueAt(data: unknown, path: string): unknown {
  return path.split(/[.[\]]+/u).reduce<unknown>((value, part) => (value as Record<string, unknown> | null)?.[part], data);
}

/** What `ask` prints of an answer. */
export function told(text: string): unknown {
  const { data, errors, extensions } = JSON.parse(text) as { data?: unknown; errors?: unknown; extensions: { disclosure: { withheld: readonly unknown[] } } };
  const { withheld } = extensions.disclosure;
  return { ...(data !== undefined && { data }), ...(errors !== undefined && { errors }), ...(withheld.length > 0 && { withheld }) };
}

/** An answer with `…` where the expected one has it and there is something. */
export function blankVarying(actual: unknown, expected: unknown): unknown {
  if (expected === VARIES) return actual === null || actual === undefined ? actual : VARIES;
  if (Array.isArray(actual) && Array.isArray(expected)) return actual.map((item, index) => blankVarying(item, expected[index]));
  if (isObject(actual) && isObject(expected)) return Object.fromEntries(Object.entries(actual).map(([key, value]) => [key, blankVarying(value, expected[key])]));
  return actual;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The stories as Markdown: commands to paste into bash, each with its answer. Two functions come first; the rest is documents and headers. */
export function printStories(stories: readonly Story[]): string {
  return `${[PREPARE, ...stories.flatMap(({ title, intro, steps }) => [`### ${title}`, intro, ...printSteps(steps)])].join('\n\n')}\n`;
}

const PREPARE = `\
先执行一次（\`npm start\` 在另一个窗口运行着）。\`ask\` 从标准输入读 GraphQL，发出请求，打印答复，以及有意不给的各项（\`extensions.disclosure.withheld\`）；\`pick\` 取出答复中的一项，供后面的命令使用。答复里每次不同的值写作 \`…\`。
Paste this once, with \`npm start\` running in another window; then each command in turn.

\`\`\`bash
HUB=http://127.0.0.1:4000/graphql
ask() {
  ANSWER=$(node -pe 'JSON.stringify({ query: require("fs").readFileSync(0, "utf8") })' |
    curl -sS "$HUB" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' "$@" -d @-)
  node -e 'const { data, errors, extensions } = JSON.parse(process.argv[1])
    const { withheld } = extensions.disclosure
    console.log(JSON.stringify({ data, errors, ...(withheld.length && { withheld }) }, null, 2))' "$ANSWER"
}
pick() { node -pe "JSON.parse(process.argv[1]).data.$1" "$ANSWER"; }
\`\`\``;

function printSteps(steps: readonly StoryStep[]): string[] {
  return steps.flatMap((step, index) => {
    const token = step.agency === steps[index - 1]?.agency ? [] : [`TOKEN=$(npx --no-install guitu token ${step.agency})`];
    const headers = Object.entries(step.headers).map(([name, value]) => ` -H '${name}: ${value}'`).join('');
    const kept = Object.entries(step.keep ?? {}).map(([name, path]) => `${name}=$(pick '${path}')`);
    return [
      `${index + 1}. **${step.agency}** ${step.title}`,
      fence('bash', [...token, `ask${headers} <<GRAPHQL`, step.document, 'GRAPHQL', ...kept].join('\n')),
      fence('json', JSON.stringify(step.answer, null, 2)),
    ];
  });
}

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
