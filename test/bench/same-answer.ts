import { isDeepStrictEqual } from 'node:util';

/** @throws Error with the first place where two answers to the same question differ; instants are compared as moments, members in any order */
export function compareAnswers(one: string, other: string): void {
  const [left, right] = [one, other].map((text) => JSON.parse(text) as { data: { returnCases: { nodes: Record<string, unknown>[] } } | null });
  const [mine, theirs] = [left?.data?.returnCases.nodes, right?.data?.returnCases.nodes];
  if (!mine || !theirs || mine.length === 0 || mine.length !== theirs.length) throw new Error(`no two pages of the same length: ${one.slice(0, 300)} | ${other.slice(0, 300)}`);
  for (const [index, node] of mine.entries()) {
    for (const key of Object.keys(node)) {
      const [here, there] = [plain(node[key]), plain(theirs[index]?.[key])];
      if (!isDeepStrictEqual(here, there)) throw new Error(`case ${index}, ${key}: ${JSON.stringify(here)} is not ${JSON.stringify(there)}`);
    }
  }
}

function plain(value: unknown): unknown {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]\d\d:/u.test(value)) return new Date(value.replace(' ', 'T').replace(/([+-]\d\d)$/u, '$1:00')).getTime();
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([key, inner]) => [key, plain(inner)]));
  return value;
}
