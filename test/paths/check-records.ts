import { compareRecord, type GivenRecord } from './compare-record.js';
import { SINGLES } from './known-positions.js';
import type { ShownRecord } from './decided-view.js';
import { fieldCount, selectionOf } from './selection.js';
import { Trace, type Session } from './session.js';
import { LONGEST_WAY } from './walk-schema.js';

/** Every record by every way there is, shown and hidden ones: pages, ids, numbers, links. */
export async function checkRecords(session: Session): Promise<void> {
  for (const [root, record] of session.house.walk.lists) await checkList(session, root, record);
  for (const { record, prefix } of session.house.ledgers.catalogue.records.values()) if (prefix !== undefined) await checkNodes(session, record, prefix);
  for (const root of new Set(session.house.walk.ways.filter(({ kind }) => kind === 'single').map((way) => way.root))) await checkSingle(session, root);
}

interface Connection { totalCount: number; nodes: GivenRecord[]; edges: { node: GivenRecord; cursor: string }[] }

async function checkList(session: Session, root: string, record: string): Promise<void> {
  const { schema, ledgers } = session.house;
  const query = `{ ${root}(first: 200) { totalCount nodes { ${selectionOf(schema, ledgers.catalogue, record, LONGEST_WAY - 1)} } edges { cursor node { ${selectionOf(schema, ledgers.catalogue, record, LONGEST_WAY - 2)} } } } }`;
  const answer = await session.ask<Record<string, Connection>>(query);
  const refused = session.refusalOf(root);
  if (refused !== undefined) session.expectRefused(root, refused, answer);
  else {
    const trace = new Trace();
    const connection = answer.data?.[root];
    if (!connection) return session.complain([`${root} is ${answer.text.slice(0, 200)}`]);
    const { nodes, edges, totalCount } = connection;
    session.complain([...comparePage(session, `${root}.nodes`, record, nodes, trace), ...comparePage(session, `${root}.edges.node`, record, edges.map(({ node }) => node), trace)]);
    const rows = session.view.visible(record).length;
    if (totalCount !== rows) session.complain([`${root}.totalCount should be ${rows}, is ${totalCount}`]);
    session.leave(answer, trace, query);
  }
  session.showWays(root);
  session.show('count', root, `${record}.(row)`);
}

/** The page against all records of the type, so that one too many is found like one too few. */
function comparePage(session: Session, path: string, record: string, given: readonly GivenRecord[], trace: Trace): string[] {
  const byId = new Map(given.map((one) => [String(one['id']), one]));
  const prefix = session.house.ledgers.catalogue.records.get(record)?.prefix ?? '';
  return [
    ...(byId.size === given.length ? [] : [`${path}: ${given.length - byId.size} records twice`]),
    ...session.view.idsOf(record).flatMap((id) => compareRecord(session.house.ledgers.catalogue, path, byId.get(`${prefix}_${id}`), session.view.show(record, id), session.comparing(trace))),
  ];
}

async function checkNodes(session: Session, record: string, prefix: string): Promise<void> {
  const selection = `... on ${record} { ${selectionOf(session.house.schema, session.house.ledgers.catalogue, record, LONGEST_WAY)} }`;
  await checkOneByOne(session, 'node', record, session.view.idsOf(record), `node(${record})`, (id) => `node(id: "${prefix}_${id}") { id ${selection} }`, (id) => session.view.show(record, id));
  session.showWays('node', record);
}

async function checkSingle(session: Session, root: string): Promise<void> {
  const { schema, ledgers, walk } = session.house;
  const record = walk.ways.find((way) => way.kind === 'single' && way.root === root)?.record ?? '';
  const { argument, cell } = SINGLES[root] ?? { argument: '', cell: '' };
  const keyOf = (id: string): string => String(ledgers.raw.get(record)?.get(id)?.[cell]);
  // Whoever does not hold the number in full finds nothing by it.
  const shown = (id: string): ShownRecord | null => (session.view.holdsFull(record, id, [cell]) ? session.view.show(record, id) : null);
  await checkOneByOne(session, root, record, session.view.idsOf(record), root, (id) => `${root}(${argument}: "${keyOf(id)}") { ${selectionOf(schema, ledgers.catalogue, record, LONGEST_WAY)} }`, shown, keyOf);
  session.showWays(root);
}

/** What a request may ask for: 20 root fields and 1,000 fields. */
const ROOTS_AT_MOST = 20;
const FIELDS_AT_MOST = 990;

async function checkOneByOne(session: Session, operation: string, record: string, ids: readonly string[], path: string, ask: (id: string) => string, shownOf: (id: string) => ShownRecord | null, wordOf: (id: string) => string = (id) => id): Promise<void> {
  const refused = session.refusalOf(operation);
  const size = Math.max(1, Math.min(ROOTS_AT_MOST, Math.floor(FIELDS_AT_MOST / fieldCount(ask(ids[0] ?? '')))));
  for (let start = 0; start < ids.length; start += size) {
    const batch = ids.slice(start, start + size);
    const query = `{ ${batch.map((id, index) => `r${index}: ${ask(id)}`).join(' ')} }`;
    const answer = await session.ask<Record<string, GivenRecord | null>>(query, undefined, batch.map(wordOf));
    if (refused !== undefined) {
      session.expectRefused(`${operation} of ${record}`, refused, answer);
      return;
    }
    const trace = new Trace();
    if (!answer.data) session.complain([`${operation} of ${record} is ${answer.text.slice(0, 200)}`]);
    for (const [index, id] of batch.entries()) session.complain(compareRecord(session.house.ledgers.catalogue, path, answer.data?.[`r${index}`], shownOf(id), session.comparing(trace)));
    session.leave(answer, trace, query);
  }
}
