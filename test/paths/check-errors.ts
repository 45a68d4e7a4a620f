import type { HubAnswer } from '../support/hub.js';
import type { Session } from './session.js';

const ABSENT = '00000000-0000-4000-8000-000000000000';

/**
 * Errors: a request that holds the texts of every cell of a record, in every place where a request can be wrong, gets none of them back; and whatever is
 * asked about a hidden record is answered byte for byte as about one that is not there.
 */
export async function checkErrors(session: Session): Promise<void> {
  for (const { record, prefix } of session.house.ledgers.catalogue.records.values()) {
    await checkEcho(session, record);
    if (prefix !== undefined) await checkAbsence(session, record, prefix);
    for (const cell of session.house.ledgers.policy.records.get(record)?.cells.keys() ?? []) session.show('error', 'error', `${record}.${cell}`);
  }
}

/** Requests that are wrong in one way each, with a text where they are wrong. */
const WRONG: ((text: string) => [query: string, variables?: Record<string, unknown>])[] = [
  (text) => [`{ viewer(${JSON.stringify(text)}: 1`],
  (text) => [`{ viewer { noSuchField(text: ${JSON.stringify(text)}) } }`],
  (text) => [`{ returnCases(first: ${JSON.stringify(text)}) { totalCount } }`],
  (text) => ['query ($size: Int) { returnCases(first: $size) { totalCount } }', { size: text }],
  (text) => ['query ($filter: ReturnCaseFilter) { returnCases(filter: $filter) { totalCount } }', { filter: { [text]: text, sentFrom: text, state: [text] } }],
  (text) => ['query ($id: ID!, $cell: String!) { node(id: $id) { id } explain(id: $id, field: $cell) { rung } }', { id: text, cell: text }],
];

async function checkEcho(session: Session, record: string): Promise<void> {
  const first = [...(session.house.ledgers.raw.get(record)?.values() ?? [])].toSorted((one, other) => JSON.stringify(other).length - JSON.stringify(one).length)[0];
  const text = first ? JSON.stringify(first) : ABSENT;
  for (const wrong of WRONG) {
    const [query, variables] = wrong(text);
    const { viewer, purpose, matter } = session.context;
    const answer = await session.house.hub.ask(viewer.agencyCode, { ...(purpose && { purpose }), ...(matter && { matter }), roles: viewer.roles }, query, variables);
    session.complain(session.house.texts.findIn(`${answer.text} ${answer.head}`, new Set()).map((leak) => `an error repeats ${leak}`));
    if (Object.values(answer.data ?? {}).some((value) => value !== null)) session.complain([`a wrong request is answered: ${query.slice(0, 60)}`]);
  }
}

async function checkAbsence(session: Session, record: string, prefix: string): Promise<void> {
  const hidden = session.view.idsOf(record).filter((id) => session.view.show(record, id) === null).slice(0, 2);
  for (const id of hidden) {
    for (const question of questionsAbout(session, record, prefix)) {
      const [about, absent] = [await session.ask(question(id), undefined, [id], `${session.name} ${id}`), await session.ask(question(ABSENT), undefined, [], `${session.name} ${ABSENT}`)];
      if (sameFor(about, id) !== sameFor(absent, ABSENT)) session.complain([`hidden ${record} ${id} differs from an absent one: ${about.text.slice(0, 300)} and ${absent.text.slice(0, 300)}`]);
    }
  }
}

/** By id, by explanation, and by every step that takes an id; wrong versions, so that nothing is done. */
function questionsAbout(session: Session, record: string, prefix: string): ((id: string) => string)[] {
  const cell = session.house.ledgers.policy.records.get(record)?.cells.keys().next().value ?? '';
  const step = (name: string, id: string, rest = ''): string => `mutation { ${name}(input: { id: "${prefix}_${id}", expectedVersion: 1${rest} }) { returnCase { id } } }`;
  return [
    (id) => `{ node(id: "${prefix}_${id}") { id } }`,
    (id) => `{ explain(id: "${prefix}_${id}", field: "${cell}") { rung because wouldNeed } }`,
    ...(record === 'ReturnCase' ? [(id: string) => step('acknowledgeReturn', id), (id: string) => step('recallReturn', id, ', code: OTHER'), (id: string) => step('confirmReturn', id)] : []),
    ...(record === 'RegisteredHousehold' ? [(id: string) => `mutation { confirmFlag(input: { householdId: "${prefix}_${id}" }) { household { id } } }`] : []),
  ];
}

/** An answer without the id of the request, and without the id that was asked about. */
const sameFor = ({ status, text }: HubAnswer, id: string): string => `${status} ${text.replaceAll(/"requestId":"[^"]*"/gu, '').replaceAll(id, 'ID')}`;
