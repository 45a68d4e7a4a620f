import { randomUUID } from 'node:crypto';
import { parse } from 'graphql';
import { loadKeyRing } from '../auth/key-ring-file.js';
import { beginAs } from '../db/session.js';
import { readAs } from '../disclosure/run.js';
import { prepareStatement, viewerValues } from '../disclosure/statement.js';
import type { RequestContext } from '../kernel/request.js';
import type { Purpose, Role } from '../kernel/viewer.js';
import { findIdParts } from '../ledgers/identifiers.js';
import { RECORD_OF_PREFIX } from '../ledgers/ledger-catalogue.js';
import { linksOf, readRules } from '../policy/explain-author.js';
import { authorText } from '../policy/explain-author-print.js';
import { statePurpose } from '../policy/gate.js';
import type { Policy, Rung } from '../policy/language.js';
import { fieldText } from '../policy/phrases.js';
import { Speech } from '../policy/speech.js';
import { RUNG_WORDS } from '../policy/words.js';
import { findRefusal } from '../server/format-error.js';
import { Hub } from '../server/hub.js';
import { assembleHub, type HubParts } from '../server/start-hub.js';
import { openDatabase, withClient, type OpenDatabase } from './database.js';
import { readsEveryRecord } from './owner-sight.js';
import { findByNumber, findFacts, type Select } from './raw-facts.js';
import { CommandRefused, usage, type Shell } from './shell.js';

/** The question: as whom, and about which cell of which record. */
export interface ExplainWish {
  agency: string; purpose: Purpose; roles: readonly Role[]; matter: string | undefined;
  /** Global id, or the number of a case, entry, settlement case or household. */
  record: string;
  field: string;
  /** Adds the author's reading, which names conditions that the agency may not know. */
  forAuthor: boolean;
}

const EXPLAIN = parse('query explain($id: ID!, $field: String!) { explain(id: $id, field: $field) { rung because wouldNeed } }');

/**
 * Says why an agency sees a field of a record as it does. What the agency would be told goes the way of every question, evidence included; the author's reading is the
 * reference's, over the raw record.
 * @throws CommandRefused where the agency would be told of no such record, unless the author's reading is asked for; Refusal as the agency would get it
 */
export async function runPolicyExplain(shell: Shell, wish: ExplainWish): Promise<void> {
  const config = shell.config();
  const keyRing = await loadKeyRing({ file: config.keysFile, mode: config.mode });
  const database = await openDatabase(config, keyRing);
  try {
    const parts = await assembleHub(config, keyRing, database.hub);
    try {
      const context = await contextOf(parts, wish);
      const select = await selectAs(database, parts, context);
      const id = await resolveId(select, parts, wish.record);
      const told = await askHub(parts, context, id, wish.field);
      const author = wish.forAuthor ? await authorReading(select, parts, context, id, wish.field) : undefined;
      if (!told && author === undefined) throw new CommandRefused('没有这条记录，或该单位在此用途下看不到它；规则上的原因见 --for-author', 'there is no such record, or this agency does not see it for this purpose; for the rules behind it see --for-author');
      shell.print([agencyText(parts.policy.policy, wish, id, told), ...(author === undefined ? [] : ['', author])].join('\n'));
    } finally {
      await parts.pools.end();
    }
  } finally {
    await database.stop();
  }
}

/** The asking as the server would make it. */
async function contextOf({ services, policy, now }: HubParts, { agency: code, purpose, roles, matter }: ExplainWish): Promise<RequestContext> {
  const agency = await services.directory.findAgency(code);
  if (!agency) throw usage(`目录中没有单位 ${code}，见 guitu agency list`, `there is no agency ${code}, see guitu agency list`);
  const { suspended: _, name: __, ...known } = agency;
  const viewer = { ...known, roles, user: 'guitu policy explain' };
  const at = now();
  statePurpose(policy.policy, viewer, purpose, at);
  return { viewer, purpose, matter: matter ?? null, requestId: randomUUID(), language: 'zh', idempotencyKey: null, now: at };
}

/** Reads raw records: as the owner where the login is one, else as far as row-level security lets the agency. */
async function selectAs({ owner }: OpenDatabase, { pools }: HubParts, context: RequestContext): Promise<Select> {
  const seesAll = await withClient(owner, readsEveryRecord);
  return async <Row extends object>(sql: string, extra: Readonly<Record<string, string>>): Promise<Row[]> => {
    const statement = prepareStatement(sql);
    const known = viewerValues(context);
    const values = statement.values.map((name) => extra[name] ?? known.get(name) ?? null);
    if (!seesAll) return await readAs(pools.reader, context, { text: statement.text, values }) as Row[];
    return withClient(owner, async (client) => {
      await client.query(`${beginAs(context, 'READ ONLY')}; SET LOCAL TIME ZONE 'Asia/Shanghai'`);
      const { rows } = await client.query<Row>(statement.text, values);
      await client.query('ROLLBACK');
      return rows;
    });
  };
}

async function resolveId(select: Select, { policy }: HubParts, record: string): Promise<string> {
  if (findIdParts(record)) return record;
  const [id, other] = await findByNumber(select, policy.catalogue, record);
  if (other !== undefined) throw usage(`编号 ${record} 不止一条记录，请改用 id`, `more than one record bears ${record}: give the id`);
  if (id === undefined) throw new CommandRefused(`没有编号或 id 为 ${record} 的记录`, `no record bears the number or id ${record}`);
  return id;
}

interface Explanation { rung: Rung; because: string[]; wouldNeed: string[] }

async function askHub({ schema, services, recorder, policy, pools }: HubParts, context: RequestContext, id: string, field: string): Promise<Explanation | null> {
  const hub = new Hub({ schema, reader: pools.reader, services, recorder, policy: () => policy });
  const { data, errors } = await hub.execute({ document: EXPLAIN, operationName: null, variables: { id, field }, context });
  const [error] = errors ?? [];
  if (error) throw findRefusal(error) ?? error;
  return (data as { explain: Explanation | null }).explain;
}

function agencyText(policy: Policy, { agency, purpose, field }: ExplainWish, id: string, told: Explanation | null): string {
  if (!told) return `【该单位得到的答复】\n${agency} 以 ${purpose} 为用途：没有这条记录`;
  return [`【该单位得到的答复】`, `${agency} 以 ${purpose} 为用途看${fieldText(policy, recordOf(id) ?? '', field)}：${RUNG_WORDS[told.rung]}（${told.rung}）`, ...told.because.map((line) => `  因为 ${line}`), ...told.wouldNeed.map((line) => `  需要 ${line}`)].join('\n');
}

const recordOf = (id: string): string | undefined => RECORD_OF_PREFIX.get(findIdParts(id)?.prefix ?? '');

async function authorReading(select: Select, { policy: { policy, catalogue } }: HubParts, { viewer, purpose, matter, now }: RequestContext, id: string, field: string): Promise<string> {
  const parts = findIdParts(id);
  const record = recordOf(id);
  const rules = record === undefined ? undefined : policy.records.get(record);
  if (!parts || record === undefined || !rules) throw new CommandRefused(`没有 id 为 ${id} 的记录`, `there is no record ${id}`);
  if (!rules.cells.has(field)) throw usage(`${record} 没有栏目 ${field}；有：${[...rules.cells.keys()].join(' ')}`, `${record} has no field ${field}`);
  const facts = await findFacts(select, catalogue, record, parts.uuid, linksOf(rules));
  if (!facts) throw new CommandRefused(`没有 id 为 ${id} 的记录，或本登录角色读不到它`, `there is no record ${id}, or this login may not read it`);
  const asker = { kind: viewer.kind, level: viewer.level, roles: viewer.roles, purpose, agency: viewer.agencyId, division: viewer.division, areas: viewer.areas, matter, at: now };
  return authorText(policy, record, field, readRules(policy, new Speech(policy, catalogue), asker, record, facts, field));
}
