import type { Reference } from '../../disclosure/reference.js';
import { division, value } from '../shape-parts.js';

/** The public directory: which agencies take part, and the administrative divisions. */
export const DIRECTORY: ReadonlyMap<string, Reference> = new Map<string, Reference>([
  ['Agency', {
    reference: 'Agency', prefix: 'ag', table: 'guitu.agencies', key: (t) => `${t}.id`,
    fields: { code: value('code'), name: value('name'), kind: value('kind'), level: value('level'), division: division('division'), phone: value('phone') },
  }],
  ['Division', {
    reference: 'Division', table: 'guitu.divisions', key: (t) => `${t}.code`,
    fields: { code: value('code'), name: value('name'), level: value('level'), parent: division('parent') },
  }],
]);
