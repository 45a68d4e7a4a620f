import type { ListRules } from '../../disclosure/filters.js';

/** Filters of `inbox`; the next to end comes first. */
export const INBOX_RULES: ListRules = {
  filters: {
    kind: { cells: ['kind'], sql: (value, t, bind) => `${t}.kind = ${bind.bind(String(value), 'text')}` },
    step: { cells: ['step'], sql: (value, t, bind) => `${t}.step = ANY (${bind.bindList(value as string[], 'text')})` },
    record: { cells: ['record'], sql: (value, t, bind) => `${t}.record = ${bind.bind(String(value), 'text')}` },
    overdue: { cells: ['overdue'], sql: (value, t) => (value === true ? `${t}.overdue` : `NOT ${t}.overdue`) },
    dueBy: { cells: ['dueOn'], sql: (value, t, bind) => `${t}.due_on <= ${bind.bind(String(value), 'date')}` },
  },
  orders: { DUE_AT: { cell: 'dueAt', sql: (t) => `${t}.due_at`, type: 'timestamptz' } },
  defaultOrder: [{ field: 'DUE_AT', direction: 'ASC' }],
};
