import type { ListRules } from '../../disclosure/filters.js';
import { ID_NUMBER_HASH } from '../id-number-hash.js';
import { idNumberOf } from '../input-words.js';
import type { LedgerServices } from '../workbench.js';

/** Filters of `people`; each matches only where the viewer holds the cell in full. */
export function peopleRules({ keyRing, acceptSynthetic }: Pick<LedgerServices, 'keyRing' | 'acceptSynthetic'>): ListRules {
  return {
    filters: {
      name: { cells: ['name'], sql: (value, t, bind) => `${t}.name = ${bind.bind(String(value), 'text')}` },
      idNumber: {
        cells: ['idNumber'],
        sql: (value, t, bind, field) => {
          const parsed = idNumberOf(String(value), field, acceptSynthetic);
          return parsed ? `${t}.id_number_hash = ${bind.bind(keyRing.keyedHash(ID_NUMBER_HASH, parsed.number18), 'text')}` : 'FALSE';
        },
      },
    },
    orders: {}, defaultOrder: [],
  };
}
