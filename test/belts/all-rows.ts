import type { RequestContext } from '../../src/kernel/request.js';
import { world } from '../support/world.js';
import type { Unguarded } from './unguarded.js';
import { globalId, type RowRecord } from '../support/world-boundary.js';

const LISTS = { returnCases: 'ReturnCase', atRiskEntries: 'AtRiskEntry', settlementCases: 'SettlementCase', stays: 'Stay', identityInquiries: 'IdentityInquiry', missingReports: 'MissingReport', registeredHouseholds: 'RegisteredHousehold' } as const satisfies Record<string, RowRecord>;
const PERSONS = Object.keys(world.persons);
const ID_NUMBERS = [...new Set(Object.values(world.persons).flatMap(({ idNumber }) => (idNumber ? [idNumber] : [])))];
const PERSON = 'person { id name idNumber address kinPhone hukouDivision { code } }';

/** Every row that there is, by every path that leads to one: lists, nested persons, `node` of each person, and the check by ID number. Each a request of its own, since a refused list takes the whole answer with it. */
const EVERYTHING = [
  `{ returnCases(first: 200) { totalCount nodes { id caseNo subject { name idNumber } homeCheck { text } transitions { to agency { code } reason documentNo documentDate } ${PERSON} } } }`,
  `{ atRiskEntries(first: 200) { totalCount nodes { id entryNo ${PERSON} } } }`,
  '{ stays(first: 200) { totalCount nodes { id stayNo } } }',
  `{ identityInquiries(first: 200) { totalCount nodes { id inquiryNo candidates { name } missingCandidates { name } answers { note } ${PERSON} } } }`,
  '{ missingReports(first: 200) { totalCount nodes { id reportNo name kinPhone results { contact { code } } } } }',
  `{ settlementCases(first: 200) { totalCount nodes { id settlementNo ${PERSON} } } }`,
  '{ registeredHouseholds(first: 200) { totalCount nodes { id householdNo members { name matchedPerson { id name idNumber } } } } }',
  `{ ${PERSONS.map((name, index) => `p${index}: node(id: "${globalId('Person', name)}") { id ... on Person { name idNumber address } }`).join(' ')} }`,
  `{ checkReturnees(idNumbers: ${JSON.stringify(ID_NUMBERS)}) { idNumber current contactAgency { code } } }`,
];

interface Listed { totalCount: number | null; nodes: { id: string; person?: { id: string } | null; members?: { matchedPerson?: { id: string } | null }[] | null }[] }

/** Global ids by record type, each of which came out by any path; ID numbers that the check knows; and the whole answer. */
export interface AllRows { ids: Record<RowRecord, string[]>; checked: string[]; text: string; codes: string[] }

export async function askForAllRows(unguarded: Unguarded, context: RequestContext): Promise<AllRows> {
  const data: Record<string, unknown> = {};
  const texts: string[] = [];
  const codes: string[] = [];
  for (const query of EVERYTHING) {
    const answer = await unguarded.ask(context, query);
    Object.assign(data, answer.data);
    texts.push(answer.text);
    codes.push(...answer.codes);
  }
  const found: Record<RowRecord, Set<string>> = { ReturnCase: new Set(), AtRiskEntry: new Set(), SettlementCase: new Set(), Stay: new Set(), IdentityInquiry: new Set(), MissingReport: new Set(), RegisteredHousehold: new Set(), Person: new Set() };
  for (const [field, record] of Object.entries(LISTS)) {
    const list = data[field] as Listed | undefined;
    for (const node of list?.nodes ?? []) {
      found[record].add(node.id);
      for (const person of [node.person, ...(node.members ?? []).map((member) => member.matchedPerson)]) if (person) found.Person.add(person.id);
    }
    if (list && list.totalCount !== list.nodes.length) throw new Error(`${field}: ${list.totalCount} counted, ${list.nodes.length} listed`);
  }
  for (const index of PERSONS.keys()) {
    const person = data[`p${index}`] as { id: string } | null | undefined;
    if (person) found.Person.add(person.id);
  }
  const checked = ((data['checkReturnees'] ?? []) as { idNumber: string | null; current: boolean | null }[]).flatMap(({ idNumber, current }) => (current ? [idNumber ?? ''] : []));
  return { ids: Object.fromEntries(Object.entries(found).map(([record, ids]) => [record, [...ids].toSorted()])) as Record<RowRecord, string[]>, checked: checked.toSorted(), text: [...texts, ...codes].join('\n'), codes };
}
