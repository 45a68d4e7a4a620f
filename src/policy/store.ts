import type { Asking, Viewer } from '../kernel/viewer.js';
import type { Catalogue } from './catalogue.js';
import { compileLens, type Lens } from './compile.js';
import type { Policy } from './language.js';

/** The policy in force, with the lenses compiled from it. A request takes one and ends under it. */
export class PolicyInForce {
  readonly #lenses = new Map<string, Lens>();

  constructor(readonly policy: Policy, readonly catalogue: Catalogue) {}

  /** The lens of an asking; compiled once for each class of viewers and purpose. */
  lensFor({ viewer, purpose }: Asking): Lens {
    const viewerClass = classOf(viewer);
    const key = JSON.stringify([viewerClass, purpose]);
    let lens = this.#lenses.get(key);
    if (!lens) this.#lenses.set(key, (lens = compileLens(this.policy, this.catalogue, { ...viewerClass, purpose })));
    return lens;
  }
}

const classOf = (viewer: Viewer): { kind: Viewer['kind']; level: Viewer['level']; roles: Viewer['roles']; areaCount: number } => ({
  kind: viewer.kind, level: viewer.level, roles: viewer.roles.toSorted(), areaCount: viewer.areas.length,
});
