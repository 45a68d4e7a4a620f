import type { ListRules } from '../../disclosure/filters.js';

/** The registry in order of id: an order by day would tell of days. */
export const AT_RISK_RULES: ListRules = { filters: {}, orders: {}, defaultOrder: [] };

const DAYS: Record<string, string> = { OVERDUE: '<', TODAY: '=', COMING: '>' };

/** Filters of `visitsDue`; the next visit comes first, entries of which none is owed come last. */
export const VISITS_DUE_RULES: ListRules = {
  filters: {
    when: { cells: ['nextVisitBy'], sql: (value, t) => `(${(value as string[]).map((word) => `${t}.next_visit_by ${DAYS[word]} «today»`).join(' OR ') || 'FALSE'}) IS TRUE` },
    from: { cells: ['nextVisitBy'], sql: (value, t, bind) => `${t}.next_visit_by >= ${bind.bind(String(value), 'date')}` },
    until: { cells: ['nextVisitBy'], sql: (value, t, bind) => `${t}.next_visit_by <= ${bind.bind(String(value), 'date')}` },
  },
  orders: { NEXT_VISIT: { cell: 'nextVisitBy', sql: (t) => `${t}.next_visit_by`, type: 'date' } },
  defaultOrder: [{ field: 'NEXT_VISIT', direction: 'ASC' }],
};
