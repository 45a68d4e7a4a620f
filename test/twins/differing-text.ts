import type { Differing } from './campaign.js';

/** A differing pair for whoever mends it: who asked what, what was hidden, and where the answers part. */
export function textOf({ viewer, attack, changes, difference }: Differing): string {
  return [
    '', `DIFFERING: ${viewer}`, `  attack  ${attack.name}: ${JSON.stringify(attack.requests)}`, ...changes.map(({ words }) => `  hidden  ${words}`), `  one     …${difference.one}…`, `  other   …${difference.other}…`, '',
  ].join('\n');
}
