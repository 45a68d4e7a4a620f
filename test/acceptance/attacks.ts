import { CASES, getFacts, idOf, subjectFacts } from './world-facts.js';
import { LISTS, NAMES, RECORDS, SELECTIONS } from './world-values.js';

/** One request of somebody curious. `echo`: texts of the request that an honest answer repeats. */
export interface Attack { name: string; query: string; variables?: Record<string, unknown>; key?: string; echo?: readonly string[] }

const FRAGMENTS = Object.fromEntries(RECORDS.map((record) => [record, `fragment F on ${record} { ${SELECTIONS[record]} }`]));
const ABSENT = '00000000-0000-4000-8000-000000000000';

/** Reads by every way there is: whole lists and pages of them, every id, every number. */
export function reads(): Attack[] {
  const lists = Object.entries(LISTS).flatMap(([record, list]) => [
    { name: `all of ${list}`, query: `{ ${list}(first: 200) { totalCount pageInfo { startCursor endCursor hasNextPage } edges { cursor node { ...F } } nodes { ...F } } } ${FRAGMENTS[record] ?? ''}` },
    { name: `${list} backwards`, query: `{ ${list}(last: 3) { totalCount pageInfo { startCursor endCursor hasPreviousPage } edges { cursor node { id } } } }` },
    { name: `${list} after a cursor of nobody`, query: `{ ${list}(first: 2, after: "bm90IGEgY3Vyc29y") { nodes { id } } }` },
    { name: `${list}, a page beyond any`, query: `{ ${list}(first: 1000000000) { nodes { id } } }` },
  ]);
  const nodes = RECORDS.flatMap((record) => inSevens(NAMES[record]).map((names) => ({
    name: `${record} by id`, query: `{ ${names.map((name, index) => `n${index}: node(id: "${idOf[record](name)}") { id __typename ...F }`).join(' ')} } ${FRAGMENTS[record] ?? ''}`,
  })));
  const numbers = inSevens(NAMES.ReturnCase).map((names) => ({ name: 'returnCase by number', query: `{ ${names.map((name, index) => `c${index}: returnCase(caseNo: "${getFacts(CASES, name).caseNo}") { ...F }`).join(' ')} } ${FRAGMENTS['ReturnCase'] ?? ''}` }));
  const explained = RECORDS.flatMap((record) => inSevens(NAMES[record]).map((names) => ({
    name: `why ${record}`, query: `{ ${names.map((name, index) => `e${index}: explain(id: "${idOf[record](name)}", field: "${record === 'RegisteredHousehold' ? 'flag' : 'person'}") { rung because wouldNeed }`).join(' ')} }`,
  })));
  return [...lists, ...nodes, ...numbers, ...explained, { name: 'directory', query: '{ viewer { agency { id name } purposes policy } policyMatrix { record field rung rule basis } agencies { id code name } }' }];
}

/** Filters and orders that would tell of hidden cells, if they were answered. */
export function inferences(): Attack[] {
  const facts = NAMES.ReturnCase.map((name) => getFacts(CASES, name));
  const subjects = facts.map(subjectFacts);
  const sought = [
    ...inSevens(subjects.flatMap(({ idNumber }) => (idNumber ? [`subjectIdNumber: "${idNumber}"`] : []))), ...inSevens(subjects.flatMap(({ name }) => (name ? [`subjectName: "${name}"`] : []))),
    ...inSevens(facts.map(({ caseNo }) => `caseNo: "${caseNo}"`)),
  ];
  const others = ['awaiting: ME', 'awaiting: OTHERS', 'overdue: true', 'destinationAgency: "station-120000"', 'originAgency: "station-320281"', 'originWithin: "320281"', 'changedSince: "2026-01-01T00:00:00+08:00"', 'state: [DISPUTED, REFUSED]'];
  return [
    ...[...sought, ...others.map((filter) => [filter])].map((filters) => ({
      name: `filter ${filters[0]?.split(':')[0] ?? ''}`,
      query: `{ ${filters.map((filter, index) => `f${index}: returnCases(filter: { ${filter} }) { totalCount edges { cursor } nodes { ...F } }`).join(' ')} } ${FRAGMENTS['ReturnCase'] ?? ''}`,
    })),
    ...['SENT_AT', 'ACKNOWLEDGE_BY', 'ENTRY_DATE'].map((field) => ({ name: `order ${field}`, query: `{ returnCases(orderBy: { field: ${field} }, first: 3) { totalCount edges { cursor node { id } } } }` })),
    ...['flagged: true', 'flagged: false', 'notHelpedSince: "2026-11-01"', 'within: "320281104"', 'householdNo: "JY-2026-011"'].map((filter) => ({ name: `filter ${filter}`, query: `{ registeredHouseholds(filter: { ${filter} }) { totalCount nodes { ...F } } } ${FRAGMENTS['RegisteredHousehold'] ?? ''}` })),
  ];
}

/** Requests that are wrong in some way, with other people's data in them: an error must not repeat it, nor the log. */
export function mistakes(): Attack[] {
  const facts = getFacts(CASES, 'shen-anping-from-tianjin');
  const { name = '', idNumber = '', address = '' } = subjectFacts(facts);
  return [
    { name: 'syntax', query: `{ returnCases(filter: { subjectName: "${name}" ` },
    { name: 'unknown field', query: `{ returnCases { nodes { subject { nameOf(text: "${name}") } } } }` },
    { name: 'unknown enum', query: `{ returnCases(filter: { state: ["${address}"] }) { totalCount } }` },
    { name: 'wrong variable', query: 'query ($filter: ReturnCaseFilter) { returnCases(filter: $filter) { totalCount } }', variables: { filter: { sentFrom: address, overdue: idNumber, [name]: 1 } } },
    { name: 'wrong ID number', query: 'query ($text: String) { returnCases(filter: { subjectIdNumber: $text }) { totalCount } }', variables: { text: `${idNumber}9` } },
    { name: 'wrong division', query: 'query ($text: String) { returnCases(filter: { originWithin: $text }) { totalCount } }', variables: { text: name } },
    { name: 'id as text', query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id: `${idOf.Person('shen-anping')} ${name}` } },
  ];
}

/** Steps on a record by its id, with a version that no record has: none takes effect. */
export function stepsOn(caseId: string, householdId: string): Attack[] {
  const step = `id: "${caseId}", expectedVersion: 1`;
  const mutations = {
    acknowledgeReturn: step, disputeReturn: `${step}, code: OTHER`, refuseReturn: `${step}, code: OTHER`, rerouteReturn: `${step}, originDivision: "341523"`, recallReturn: `${step}, code: OTHER`,
    receiveReturnee: `${step}, receivedOn: "2026-11-20"`, confirmHome: step, recordHomeCheck: `${step}, checkedOn: "2026-11-20", difficulties: []`, recordReturneeRevisit: `${step}, visitedOn: "2026-11-20", manner: PHONE, result: STABLE`,
  };
  return [
    ...Object.entries(mutations).map(([name, input]) => ({ name, key: `${name}-${caseId}`, query: `mutation { ${name}(input: { ${input} }) { returnCase { ...F } } } ${FRAGMENTS['ReturnCase'] ?? ''}` })),
    { name: 'clearFlag', key: `clear-${householdId}`, query: `mutation { clearFlag(input: { householdId: "${householdId}" }) { household { ...F } } } ${FRAGMENTS['RegisteredHousehold'] ?? ''}` },
  ];
}

export const ABSENT_CASE = `rc_${ABSENT}`;
export const ABSENT_HOUSEHOLD = `hh_${ABSENT}`;

/** Seven records with every field of theirs stay below the 1,000 fields that a request may have. */
function inSevens(names: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(names.length / 7) }, (_, index) => names.slice(index * 7, index * 7 + 7));
}
