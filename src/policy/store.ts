import { LEVELS, type AgencyKind, type Asking, type Viewer } from '../kernel/viewer.js';
import type { Catalogue } from './catalogue.js';
import { compileLens, type Lens } from './compile.js';
import type { Audience, Policy } from './language.js';
import { buildMatrix, type AgencyClass, type MatrixCell } from './matrix.js';

/** The policy in force, with the lenses compiled from it. A request takes one and ends under it. */
export class PolicyInForce {
  readonly #lenses = new Map<string, Lens>();
  readonly #matrices = new Map<string, MatrixCell[]>();
  /** Instants at which a rule begins or lapses, ascending: between two of them every lens and matrix is the same. */
  readonly #turns: readonly number[];

  constructor(readonly policy: Policy, readonly catalogue: Catalogue) {
    this.#turns = turnsOf(policy);
  }

  /** The lens of an asking; compiled once for each class of viewers, purpose and span of time in which the same rules hold. */
  lensFor({ viewer, purpose, now }: Asking): Lens {
    const viewerClass = classOf(viewer);
    const key = JSON.stringify([viewerClass, purpose, this.#spanOf(now)]);
    const known = this.#lenses.get(key);
    if (known) return known;
    const lens = compileLens(this.policy, this.catalogue, { ...viewerClass, purpose, at: now });
    keep(this.#lenses, key, lens);
    return lens;
  }

  /** The matrix as it concerns one viewer: its kind and level, and what its roles add. */
  matrixFor({ viewer, now }: Asking): MatrixCell[] {
    return this.#matrix({ kind: viewer.kind, level: viewer.level }, now).filter((cell) => cell.role === null || viewer.roles.includes(cell.role));
  }

  /** The matrix of one kind at every level. */
  matrixOf(kind: AgencyKind, at: Date): MatrixCell[] {
    return LEVELS.flatMap((level) => this.#matrix({ kind, level }, at));
  }

  #spanOf(at: Date): number {
    return this.#turns.filter((turn) => turn <= at.getTime()).length;
  }

  #matrix(agencyClass: AgencyClass, at: Date): MatrixCell[] {
    const key = `${agencyClass.kind} ${agencyClass.level} ${this.#spanOf(at)}`;
    const known = this.#matrices.get(key);
    if (known) return known;
    const cells = buildMatrix(this.policy, at, [agencyClass]);
    keep(this.#matrices, key, cells);
    return cells;
  }
}

/** Lenses or matrices kept of one policy; the kinds, levels, purposes and roles of a province's agencies make far fewer. */
const KEPT_AT_MOST = 500;

/** Keeps one more, and lets the oldest go: those of a span of time that is over are never asked for again. */
function keep<Value>(kept: Map<string, Value>, key: string, value: Value): void {
  const [oldest] = kept.keys();
  if (kept.size >= KEPT_AT_MOST && oldest !== undefined) kept.delete(oldest);
  kept.set(key, value);
}

const classOf = (viewer: Viewer): { kind: Viewer['kind']; level: Viewer['level']; roles: Viewer['roles']; areaCount: number } => ({
  kind: viewer.kind, level: viewer.level, roles: viewer.roles.toSorted(), areaCount: viewer.areas.length,
});

/** Instants at which a rule begins or lapses, ascending, in milliseconds since 1970. */
export function turnsOf({ records, purposes, operations, statistics }: Policy): number[] {
  const audiences: Audience[] = [
    ...[...records.values()].flatMap(({ rows, cells, writes }) => [...rows.grants, ...[...cells.values()].flatMap(({ grants }) => grants), ...writes]),
    ...[...purposes.values(), ...operations.values(), ...statistics.values()].flatMap(({ allowed }) => allowed),
  ];
  const turns = audiences.flatMap(({ from, until }) => [from, until].filter((turn) => turn !== undefined));
  return [...new Set(turns)].toSorted((one, other) => one - other);
}
