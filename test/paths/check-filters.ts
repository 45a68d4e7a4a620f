import { getNamedType, isEnumType, isInputObjectType } from 'graphql';
import type { HubAnswer } from '../support/hub.js';
import { filterValues, rawMatches } from './filter-values.js';
import { LIST_RULES } from './known-positions.js';
import type { Session } from './session.js';
import type { Reading } from './walk-schema.js';

/** Records that meet a value, and those of them that the asker may learn to meet it. */
interface Sought { value: unknown; held: Set<string>; matches: Set<string> }

/** Values of one filter that are asked for: so many that hidden or withheld records meet, so many that others do. */
const VALUES_OF_EACH_SORT = 3;

/** Every filter of every list: refused by name where the asker can hold none of its cells, else matching and counting only records on which it holds all of them. */
export async function checkFilters(session: Session): Promise<void> {
  for (const reading of session.house.walk.readings) if (reading.kind === 'filter') await checkFilter(session, reading);
}

async function checkFilter(session: Session, reading: Reading): Promise<void> {
  const { root, record, name, cells } = reading;
  const sought = await seek(session, reading);
  const refused = session.refusalOf(root);
  const first = sought[0];
  if (!first) session.complain([`no record of the world meets ${root}.${name}: nothing is shown of it`]);
  else {
    const answer = await ask(session, reading, [first]);
    if (refused !== undefined) session.expectRefused(root, refused, answer);
    else if (answer.errors[0]?.extensions.code === 'FIELD_NOT_FILTERABLE') await expectNotFilterable(session, reading, sought, answer);
    else compareMatches(session, reading, sought, await ask(session, reading, sought));
  }
  for (const cell of cells) {
    session.show('filter', `${root}.${name}`, `${record}.${cell}`);
    session.show('count', root, `${record}.${cell}`);
  }
}

/** Values to ask for, those first that hidden or withheld records meet. */
async function seek(session: Session, reading: Reading): Promise<Sought[]> {
  const { owner, schema, ledgers } = session.house;
  const rule = LIST_RULES[reading.root]?.filters[reading.name];
  const table = ledgers.catalogue.records.get(reading.record)?.table ?? '';
  if (!rule) throw new Error(`no rule of ${reading.root}.${reading.name}`);
  const telling: Sought[] = [];
  const plain: Sought[] = [];
  for (const value of filterValues(schema, reading, ledgers.raw)) {
    if (telling.length >= VALUES_OF_EACH_SORT && plain.length >= VALUES_OF_EACH_SORT) break;
    const matches = await rawMatches(owner, session.context, rule, table, value);
    if (!matches || matches.size === 0) continue;
    const held = new Set([...matches].filter((id) => session.view.holdsFull(reading.record, id, reading.cells)));
    (held.size < matches.size ? telling : plain).push({ value, held, matches });
  }
  return [...telling.slice(0, VALUES_OF_EACH_SORT), ...plain.slice(0, VALUES_OF_EACH_SORT)];
}

type Matched = Record<string, { totalCount: number; nodes: { id: string }[] }>;

function ask(session: Session, { root, name }: Reading, sought: readonly Sought[]): Promise<HubAnswer<Matched>> {
  const words = enumWords(session, root, name);
  const literal = (value: unknown): string => (words ? JSON.stringify(value).replaceAll('"', '') : JSON.stringify(value));
  return session.ask<Matched>(`{ ${sought.map(({ value }, index) => `f${index}: ${root}(first: 200, filter: { ${name}: ${literal(value)} }) { totalCount nodes { id } }`).join(' ')} }`);
}

function enumWords(session: Session, root: string, name: string): boolean {
  const filter = getNamedType(session.house.schema.getQueryType()?.getFields()[root]?.args.find((argument) => argument.name === 'filter')?.type);
  return isInputObjectType(filter) && isEnumType(getNamedType(filter.getFields()[name]?.type));
}

/** A refusal is right only where no record is held; and it is the same for every value, met or not. */
async function expectNotFilterable(session: Session, reading: Reading, sought: readonly Sought[], answer: HubAnswer): Promise<void> {
  const { root, record, name, cells } = reading;
  const held = session.view.visible(record).filter(({ id }) => session.view.holdsFull(record, id, cells));
  if (held.length > 0) session.complain([`${root}.${name} is refused, and ${cells.join()} is held on ${held.length} records`]);
  session.expectRefused(`${root}.${name}`, 'FIELD_NOT_FILTERABLE', answer);
  if (answer.errors[0]?.extensions.field !== `filter.${name}`) session.complain([`the refusal of ${root}.${name} names ${answer.errors[0]?.extensions.field}`]);
  for (const one of sought.slice(1)) if (withoutId(await ask(session, reading, [one])) !== withoutId(answer)) session.complain([`the refusal of ${root}.${name} differs from value to value`]);
}

const withoutId = ({ text, status }: HubAnswer): string => `${status} ${text.replaceAll(/"requestId":"[^"]*"/gu, '')}`;

function compareMatches(session: Session, { root, record, name }: Reading, sought: readonly Sought[], answer: HubAnswer<Matched>): void {
  const prefix = session.house.ledgers.catalogue.records.get(record)?.prefix ?? '';
  for (const [index, { value, held }] of sought.entries()) {
    const given = answer.data?.[`f${index}`];
    const ids = (given?.nodes.map(({ id }) => id) ?? []).toSorted();
    const should = [...held].map((id) => `${prefix}_${id}`).toSorted();
    if (ids.join() !== should.join()) session.complain([`${root}.${name} ${JSON.stringify(value)} matches ${ids.length} records and should match ${should.length}`]);
    if (given?.totalCount !== should.length) session.complain([`${root}.${name} ${JSON.stringify(value)} counts ${given?.totalCount} and should count ${should.length}`]);
  }
}
