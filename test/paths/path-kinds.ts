/**
 * The kinds of path by which a cell, or what can be inferred from it, might leave the hub. Each has a handler in this folder.
 * The hub has no `group`, `subscription`, `export` or `webhook`: the walker reports the first thing of such a kind, so that nobody adds one without its handler.
 */
export const PATH_KINDS = {
  list: 'a record in a page of its list',
  single: 'a record asked for by a number of its own',
  node: 'a record asked for by its global id',
  nested: 'a record inside another record',
  answer: 'an answer released from a record',
  payload: 'the record that a mutation gives back',
  filter: 'which records a filter lets through',
  order: 'where a record stands in a sorted list',
  cursor: 'the cursors of a list',
  count: 'the totals of a list',
  explain: 'what is explained of a cell',
  withheld: 'what is said to be withheld',
  error: 'the text of an error',
  log: 'the lines of the log',
  evidence: 'the rows of the evidence',
} as const;
export type PathKind = keyof typeof PATH_KINDS;

/** One thing to be shown: that this path keeps this cell for this kind of agency. */
export const coverageKey = (kind: PathKind, path: string, cell: string, agencyKind: string): string => `${kind} | ${path} | ${cell} | ${agencyKind}`;
