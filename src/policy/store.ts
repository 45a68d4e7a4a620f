import { LEVELS, type AgencyKind, type Asking, type Viewer } from '../kernel/viewer.js';
import type { Catalogue } from './catalogue.js';
import { compileLens, type Lens } from './compile.js';
import type { Policy } from './language.js';
import { buildMatrix, type AgencyClass, type MatrixCell } from './matrix.js';

/** The policy in force, with the lenses compiled from it. A request takes one and ends under it. */
export class PolicyInForce {
  readonly #lenses = new Map<string, Lens>();
  readonly #matrices = new Map<string, MatrixCell[]>();

  constructor(readonly policy: Policy, readonly catalogue: Catalogue) {}

  /** The lens of an asking; compiled once for each class of viewers and purpose. */
  lensFor({ viewer, purpose }: Asking): Lens {
    const viewerClass = classOf(viewer);
    const key = JSON.stringify([viewerClass, purpose]);
    let lens = this.#lenses.get(key);
    if (!lens) this.#lenses.set(key, (lens = compileLens(this.policy, this.catalogue, { ...viewerClass, purpose })));
    return lens;
  }

  /** The matrix as it concerns one viewer: its kind and level, and what its roles add. */
  matrixFor(viewer: Viewer): MatrixCell[] {
    return this.#matrix({ kind: viewer.kind, level: viewer.level }).filter((cell) => cell.role === null || viewer.roles.includes(cell.role));
  }

  /** The matrix of one kind at every level. */
  matrixOf(kind: AgencyKind): MatrixCell[] {
    return LEVELS.flatMap((level) => this.#matrix({ kind, level }));
  }

  #matrix(agencyClass: AgencyClass): MatrixCell[] {
    const key = `${agencyClass.kind} ${agencyClass.level}`;
    let cells = this.#matrices.get(key);
    if (!cells) this.#matrices.set(key, (cells = buildMatrix(this.policy, [agencyClass])));
    return cells;
  }
}

const classOf = (viewer: Viewer): { kind: Viewer['kind']; level: Viewer['level']; roles: Viewer['roles']; areaCount: number } => ({
  kind: viewer.kind, level: viewer.level, roles: viewer.roles.toSorted(), areaCount: viewer.areas.length,
});
