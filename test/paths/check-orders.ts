import type { HubAnswer } from '../support/hub.js';
import { LIST_RULES } from './known-positions.js';
import type { Session } from './session.js';
import type { Reading } from './walk-schema.js';

const PAGE = 5;
const MOST_PAGES = 30;

interface Page { edges: { cursor: string; node: { id: string } }[]; pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }; totalCount: number }
type Direction = 'ASC' | 'DESC';

/**
 * Every order of every list, page by page by its cursors, forwards and backwards: records on which the asker does not hold the key stand last, in the order
 * of their ids, as if they had none. Cursors tell nothing, and open for nobody else.
 */
export async function checkOrders(session: Session): Promise<void> {
  const { walk } = session.house;
  for (const [root, record] of walk.lists) {
    for (const reading of walk.readings.filter((one) => one.root === root && one.kind === 'order')) await checkOrder(session, reading);
    if (!walk.readings.some((one) => one.root === root && one.kind === 'order')) await checkPages(session, root, record, '', [session.view.visible(record).map(({ id }) => id).toSorted()]);
    session.show('cursor', root, `${record}.(id)`);
  }
}

async function checkOrder(session: Session, reading: Reading): Promise<void> {
  const { root, record, name, cells } = reading;
  const given = LIST_RULES[root]?.defaultOrder[0];
  const directions: Direction[] = name === 'default' ? [given?.direction ?? 'ASC'] : ['ASC', 'DESC'];
  for (const direction of directions) {
    const byId = session.view.visible(record).map(({ id }) => id).toSorted();
    const orders = [inOrder(session, record, cells[0] ?? '', direction)];
    // A default order that the asker can never hold is left out, and ids ascend; one that it holds nowhere leaves them in the order's direction.
    if (name === 'default' && byId.every((id) => !session.view.holdsFull(record, id, cells))) orders.push(byId);
    await checkPages(session, root, record, name === 'default' ? '' : `orderBy: [{ field: ${name}, direction: ${direction} }]`, orders, cells);
  }
  for (const cell of cells) {
    session.show('order', `${root}.${name}`, `${record}.${cell}`);
    session.show('cursor', root, `${record}.${cell}`);
  }
}

/** Ids in the order of a cell as the asker holds it. */
function inOrder(session: Session, record: string, cell: string, direction: Direction): string[] {
  const keyOf = (id: string): string | null => {
    const value = session.view.holdsFull(record, id, [cell]) ? session.house.ledgers.raw.get(record)?.get(id)?.[cell] : null;
    if (value === null || value === undefined) return null;
    return /T/u.test(String(value)) ? new Date(String(value)).toISOString() : String(value);
  };
  const sign = direction === 'ASC' ? 1 : -1;
  const compare = (one: string, other: string): number => (one < other ? -sign : one > other ? sign : 0);
  return session.view.visible(record).map(({ id }) => id).toSorted((one, other) => {
    const [left, right] = [keyOf(one), keyOf(other)];
    if (left === right) return compare(one, other);
    if (left === null || right === null) return left === null ? 1 : -1;
    return compare(left, right);
  });
}

/** @param orders what the whole list may be: one of these */
async function checkPages(session: Session, root: string, record: string, order: string, orders: readonly string[][], cells: readonly string[] = []): Promise<void> {
  const prefix = session.house.ledgers.catalogue.records.get(record)?.prefix ?? '';
  for (const way of ['forwards', 'backwards'] as const) {
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let turn = 0; turn < MOST_PAGES; turn += 1) {
      const answer: HubAnswer<Record<string, Page>> = await session.ask<Record<string, Page>>(pageQuery(root, order, way, cursor));
      const refused = session.refusalOf(root);
      if (refused !== undefined) return session.expectRefused(root, refused, answer);
      if (answer.errors[0]?.extensions.code === 'FIELD_NOT_FILTERABLE') return expectNoOrder(session, root, record, cells, answer);
      const page = answer.data?.[root];
      if (!page) return session.complain([`${root} by ${order} is ${answer.text.slice(0, 200)}`]);
      if (page.totalCount !== orders[0]?.length) session.complain([`${root} by ${order} counts ${page.totalCount} and should count ${orders[0]?.length}`]);
      const ids = page.edges.map(({ node }) => node.id);
      if (way === 'forwards') seen.push(...ids);
      else seen.unshift(...ids);
      checkCursors(session, root, page);
      if (turn === 0 && page.pageInfo.endCursor && way === 'forwards') await expectForeign(session, root, order, page.pageInfo.endCursor);
      cursor = way === 'forwards' ? page.pageInfo.endCursor : page.pageInfo.startCursor;
      if (!(way === 'forwards' ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage) || !cursor) break;
    }
    if (!orders.some((ids) => ids.map((id) => `${prefix}_${id}`).join() === seen.join())) session.complain([`${root} by ${order || 'its own order'}, ${way}: should be ${orders[0]?.join(' ')}, is ${seen.join(' ')}`]);
  }
}

const pageQuery = (root: string, order: string, way: 'forwards' | 'backwards', cursor: string | null): string =>
  `{ ${root}(${[way === 'forwards' ? `first: ${PAGE}` : `last: ${PAGE}`, cursor && `${way === 'forwards' ? 'after' : 'before'}: "${cursor}"`, order].filter(Boolean).join(', ')}) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } } }`;

function expectNoOrder(session: Session, root: string, record: string, cells: readonly string[], answer: HubAnswer): void {
  session.expectRefused(root, 'FIELD_NOT_FILTERABLE', answer);
  if (answer.errors[0]?.extensions.field !== 'orderBy.0.field') session.complain([`the refusal of an order of ${root} names ${answer.errors[0]?.extensions.field}`]);
  if (session.view.visible(record).some(({ id }) => session.view.holdsFull(record, id, cells))) session.complain([`${root} is not sorted by ${cells.join()}, which is held`]);
}

/** No telling text stands in a cursor, written as it is or decoded; and no two are alike, though positions may be. */
function checkCursors(session: Session, root: string, page: Page): void {
  const cursors = page.edges.map(({ cursor }) => cursor);
  const bytes = cursors.map((cursor) => Buffer.from(cursor, 'base64url'));
  session.complain(session.house.texts.findIn([...cursors, ...bytes.map((one) => one.toString('utf8'))].join(' '), new Set()).map((leak) => `a cursor of ${root} tells ${leak}`));
  if (new Set(cursors).size !== cursors.length) session.complain([`two cursors of ${root} are alike`]);
}

/** A cursor in the hands of another agency, and of its own agency for another purpose, brings nothing. */
async function expectForeign(session: Session, root: string, order: string, cursor: string): Promise<void> {
  const { hub } = session.house;
  const { viewer, purpose, matter } = session.context;
  for (const [agency, stated] of [[viewer.agencyCode === 'civil-320281' ? 'civil-320000' : 'civil-320281', purpose], [viewer.agencyCode, purpose === 'SUPERVISION' ? 'RETURN' : 'SUPERVISION']] as const) {
    const { data, errors } = await hub.ask(agency, { ...(stated && { purpose: stated }), ...(matter && { matter }) }, pageQuery(root, order, 'forwards', cursor));
    const shown = Object.values(data ?? {}).filter((value) => value !== null);
    if (shown.length > 0 || errors.length === 0) session.complain([`a cursor of ${root} serves ${agency} for ${stated}`]);
  }
}
