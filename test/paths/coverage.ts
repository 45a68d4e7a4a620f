import { cellsOf, type Catalogue } from '../../src/policy/catalogue.js';
import { AGENCY_KINDS } from '../../src/kernel/viewer.js';
import { coverageKey, PATH_KINDS, type PathKind } from './path-kinds.js';
import type { Walk } from './walk-schema.js';

/** Everything to be shown of a schema: (path × cell × kind of agency). Read off the walk, so that a new field or path joins by itself. */
export function itemsOf({ ways, readings, lists }: Walk, catalogue: Catalogue): { kind: PathKind; path: string; cell: string }[] {
  const cells = (record: string): string[] => {
    const shape = catalogue.records.get(record);
    return shape ? cellsOf(shape) : [];
  };
  const global = (record: string): boolean => catalogue.records.get(record)?.prefix !== undefined;
  const records = [...catalogue.records.keys()];
  return [
    ...ways.flatMap(({ kind, path, record }) => cells(record).map((cell) => ({ kind, path, cell: `${record}.${cell}` }))),
    ...readings.flatMap(({ kind, root, record, name, cells: read }) => read.map((cell) => ({ kind, path: `${root}.${name}`, cell: `${record}.${cell}` }))),
    ...[...lists].flatMap(([root, record]) => [
      // A total tells of the rows, and through each filter of the cells it reads; a cursor of the id, and of what the list is sorted by.
      ...['(row)', ...readings.filter((reading) => reading.root === root && reading.kind === 'filter').flatMap((reading) => reading.cells)].map((cell) => ({ kind: 'count' as const, path: root, cell: `${record}.${cell}` })),
      ...['(id)', ...readings.filter((reading) => reading.root === root && reading.kind === 'order').flatMap((reading) => reading.cells)].map((cell) => ({ kind: 'cursor' as const, path: root, cell: `${record}.${cell}` })),
    ]),
    ...records.flatMap((record) => cells(record).flatMap((cell) => [
      ...(global(record) ? [{ kind: 'explain' as const, path: 'explain', cell: `${record}.${cell}` }] : []),
      ...(['withheld', 'error', 'log', 'evidence'] as const).map((kind) => ({ kind, path: kind, cell: `${record}.${cell}` })),
    ])),
  ];
}

/** What was shown, beside what is to be. */
export class Coverage {
  readonly #items: ReadonlySet<string>;
  readonly #shown = new Set<string>();

  constructor(walk: Walk, catalogue: Catalogue, kinds: readonly PathKind[]) {
    this.#items = new Set(itemsOf(walk, catalogue).filter(({ kind }) => kinds.includes(kind)).flatMap(({ kind, path, cell }) => AGENCY_KINDS.map((agency) => coverageKey(kind, path, cell, agency))));
  }

  /** Notes that a path was taken and its verdict compared. @throws Error for something that was not to be shown: then the walk is wrong */
  show(kind: PathKind, path: string, cell: string, agencyKind: string): void {
    const key = coverageKey(kind, path, cell, agencyKind);
    if (!this.#items.has(key)) throw new Error(`no such thing to be shown: ${key}`);
    this.#shown.add(key);
  }

  get missing(): string[] {
    return [...this.#items].filter((item) => !this.#shown.has(item));
  }

  /** `N of N (path × cell × kind) covered`. */
  get line(): string {
    return `${this.#shown.size} of ${this.#items.size} (path × cell × kind) covered`;
  }

  get total(): number {
    return this.#items.size;
  }
}

/** The kinds that `paths.test.ts` shows; `payloads.test.ts` shows the rest. */
export const READ_KINDS: readonly PathKind[] = (Object.keys(PATH_KINDS) as PathKind[]).filter((kind) => kind !== 'payload');
