import { mkdir, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '../../src/policy/language.js';
import { addresses } from '../../src/policy/compile.js';
import { readPolicyFiles } from '../../src/server/policy-files.js';
import { admitPolicy } from '../../src/server/admit-policy.js';
import { askAs } from '../support/asking.js';
import type { startLoad, startServer } from './children.js';
import type { LoadOrder } from './load-process.js';
import { ASKER } from './question.js';
import type { ServerOrder } from './server-process.js';
import { median } from './statement.js';
import { tenfold } from './tenfold-policy.js';

/** The page under ten times as many rules, against the page under the shipped ones: two hubs on one database, asked by turns. */
export interface RulesReport {
  /** Rules of the shipped policy and of the other, and how many of each speak to the asker of the page. */
  rules: { shipped: number; tenfold: number; shippedToAsker: number; tenfoldToAsker: number };
  /** Time of a page under ten times as many rules, in terms of the shipped policy's; median of the rounds. */
  ratio: number;
  ratios: number[];
}

/** Most that ten times as many rules may cost. */
export const MOST_FOR_TENFOLD = 1.05;
const ROUNDS = 32;
const ROUND_SECONDS = 1;
const WARM_SECONDS = 2;

/**
 * Measures it. Each round asks both hubs, each first in every other round, so that what else the machine does falls on both.
 * @param question everything of a round's order but its length; its `url` is not looked at
 * @throws Error where the two answers differ in data or in what is withheld, or there are not ten times as many rules
 */
export async function measureRules(database: Pick<ServerOrder, 'owner' | 'hub'>, children: { start: typeof startServer; load: ReturnType<typeof startLoad> }, question: Omit<LoadOrder, 'seconds' | 'expectBytes' | 'url'>, shippedFolder: string, folder: string): Promise<RulesReport> {
  const sources = await readPolicyFiles(shippedFolder);
  const many = tenfold(sources);
  await mkdir(folder, { recursive: true });
  for (const { name, text } of many) await writeFile(`${folder}/${name}`, text);
  const rules = countRules(admitPolicy(sources).policy, admitPolicy(many).policy);
  if (rules.tenfold < 10 * rules.shipped || rules.tenfoldToAsker < 10 * rules.shippedToAsker) throw new Error(`not ten times as many rules: ${JSON.stringify(rules)}`);

  const servers = { shipped: children.start(), tenfold: children.start() };
  try {
    const urls = { shipped: (await servers.shipped.ask({ kind: 'hub', ...database })).url, tenfold: (await servers.tenfold.ask({ kind: 'hub', ...database, policies: folder })).url };
    const [one, other] = await Promise.all([urls.shipped, urls.tenfold].map(async (url) => (await fetch(`${url}/graphql`, { method: 'POST', headers: question.headers, body: question.body })).text()));
    if (one === undefined || other === undefined || !isDeepStrictEqual(seen(one), seen(other))) throw new Error('ten times as many rules give another answer');
    const pageMs = async (kind: keyof typeof urls, seconds: number): Promise<number> => {
      const { perSecond, failed, answers } = await children.load.ask({ ...question, url: `${urls[kind]}/graphql`, seconds, expectBytes: Buffer.byteLength(one) });
      if (failed > 0 || answers === 0) throw new Error(`${kind}: ${failed} of ${answers} answers were wrong`);
      return 1_000 / perSecond;
    };
    for (const kind of ['shipped', 'tenfold'] as const) await pageMs(kind, WARM_SECONDS);
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const order = round % 2 === 0 ? (['shipped', 'tenfold'] as const) : (['tenfold', 'shipped'] as const);
      const times = { shipped: 0, tenfold: 0 };
      for (const kind of order) times[kind] = await pageMs(kind, ROUND_SECONDS);
      ratios.push(times.tenfold / times.shipped);
    }
    return { rules, ratio: median(ratios), ratios };
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.end()));
  }
}

/** An answer without the version of its policy. */
function seen(text: string): unknown {
  const { data, errors, extensions } = JSON.parse(text) as { data: unknown; errors?: unknown; extensions: { disclosure: { withheld: unknown } } };
  return { data, errors, withheld: extensions.disclosure.withheld };
}

function countRules(shipped: Policy, tenfold: Policy): RulesReport['rules'] {
  const { viewer, purpose, now } = askAs(ASKER.agency, ASKER.purpose);
  const of = (policy: Policy): { all: number; toAsker: number } => {
    const records = [...policy.records.values()];
    const rules = records.flatMap(({ rows, cells }) => [...rows.grants, ...rows.vetoes, ...new Set([...cells.values()].flatMap(({ grants, caps }) => [...grants, ...caps]))]);
    const relations = records.reduce((sum, record) => sum + record.relations.size, 0);
    return { all: rules.length + relations, toAsker: rules.filter((rule) => addresses(rule, { ...viewer, purpose, at: now })).length };
  };
  const [few, many] = [of(shipped), of(tenfold)];
  return { shipped: few.all, tenfold: many.all, shippedToAsker: few.toAsker, tenfoldToAsker: many.toAsker };
}
