import type { ListRules } from '../../disclosure/filters.js';

/** Filters of `corrections`; the next to be answered comes first. */
export const CORRECTION_RULES: ListRules = {
  filters: {
    state: { cells: ['state'], sql: (value, t, bind) => `${t}.state = ANY (${bind.bindList(value as string[], 'text')})` },
    record: { cells: ['record'], sql: (value, t, bind) => `${t}.record = ${bind.bind(String(value), 'text')}` },
  },
  orders: { ANSWER_BY: { cell: 'answerBy', sql: (t) => `${t}.answer_by`, type: 'date' } },
  defaultOrder: [{ field: 'ANSWER_BY', direction: 'ASC' }],
};
