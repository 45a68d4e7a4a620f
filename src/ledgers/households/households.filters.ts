import type { ListRules } from '../../disclosure/filters.js';
import { rangeOfCode } from '../division-filter.js';

/** Filters of `registeredHouseholds`. `flagged` asks of the flag as the viewer holds it: where it is withheld, neither answer matches. */
export const HOUSEHOLD_RULES: ListRules = {
  filters: {
    flagged: { cells: ['flag'], sql: (value, t) => `${value === true ? '' : 'NOT '}EXISTS (SELECT FROM guitu.household_flags x WHERE x.household_id = ${t}.id AND x.state = 'CONFIRMED')` },
    householdNo: { cells: ['householdNo'], sql: (value, t, bind) => `${t}.household_no = ${bind.bind(String(value), 'text')}` },
    notHelpedSince: { cells: ['help'], sql: (value, t, bind) => `NOT EXISTS (SELECT FROM guitu.household_help x WHERE x.household_id = ${t}.id AND x.helped_on >= ${bind.bind(String(value), 'date')})` },
    within: {
      cells: ['division'],
      sql: (value, t, bind, field) => {
        const [from, until] = rangeOfCode(String(value), field);
        return `${t}.division >= ${bind.bind(from, 'text')} AND ${t}.division < ${bind.bind(until, 'text')}`;
      },
    },
  },
  orders: { HOUSEHOLD_NO: { cell: 'householdNo', sql: (t) => `${t}.household_no`, type: 'text' } },
  defaultOrder: [{ field: 'HOUSEHOLD_NO', direction: 'ASC' }],
};
