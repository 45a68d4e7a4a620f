import type { ListRules } from '../../disclosure/filters.js';
import { rangeOfCode } from '../division-filter.js';
import { AWAITED_SIDE } from './returns.transitions.js';

const statesOf = (side: 'origin' | 'destination'): string =>
  Object.entries(AWAITED_SIDE).filter(([, awaited]) => awaited === side).map(([state]) => `'${state}'`).join(', ');

const agencyCode = (column: string) => (value: unknown, t: string, bind: { bind: (value: string, type: string) => string }): string =>
  `${t}.${column} = (SELECT x.id FROM guitu.agencies x WHERE x.code = ${bind.bind(String(value), 'text')})`;

/**
 * Filters and orders of `returnCases`, from the schema only; each names the cells it reads, and matches only where the viewer holds them.
 * @param hashIdNumber keyed hash of an ID number as written by a person
 */
export function returnCaseRules(hashIdNumber: (text: string, field: string) => string): ListRules {
  return {
    filters: {
      state: { cells: ['state'], sql: (value, t, bind) => `${t}.state = ANY (${bind.bindList(value as string[], 'text')})` },
      caseNo: { cells: ['caseNo'], sql: (value, t, bind) => `${t}.case_no = ${bind.bind(String(value), 'text')}` },
      awaiting: {
        cells: ['state', 'originAgency', 'destinationAgency'],
        sql: (value, t) => {
          const mine = `(${t}.state IN (${statesOf('origin')}) AND ${t}.origin_agency = «agency» OR ${t}.state IN (${statesOf('destination')}) AND ${t}.destination_agency IS NOT DISTINCT FROM «agency»)`;
          return value === 'ME' ? mine : `(${t}.state IN (${statesOf('origin')}, ${statesOf('destination')}) AND NOT ${mine})`;
        },
      },
      overdue: {
        cells: ['state', 'acknowledgeBy', 'receiveBy'],
        sql: (value, t) => {
          const late = `(${t}.state = 'SENT' AND ${t}.acknowledge_by < «today» OR ${t}.state IN ('SENT', 'ACKNOWLEDGED') AND ${t}.receive_by < «today»)`;
          return value === true ? `${late} IS TRUE` : `${late} IS NOT TRUE`;
        },
      },
      destinationAgency: { cells: ['destinationAgency'], sql: agencyCode('destination_agency') },
      originAgency: { cells: ['originAgency'], sql: agencyCode('origin_agency') },
      originWithin: {
        cells: ['originAgency'],
        sql: (value, t, bind, field) => {
          const [from, until] = rangeOfCode(String(value), field);
          return `(SELECT x.division FROM guitu.agencies x WHERE x.id = ${t}.origin_agency) >= ${bind.bind(from, 'text')} AND (SELECT x.division FROM guitu.agencies x WHERE x.id = ${t}.origin_agency) < ${bind.bind(until, 'text')}`;
        },
      },
      sentFrom: { cells: ['sentAt'], sql: (value, t, bind) => `${t}.sent_at >= ${bind.bind(String(value), 'timestamptz')}` },
      sentBefore: { cells: ['sentAt'], sql: (value, t, bind) => `${t}.sent_at < ${bind.bind(String(value), 'timestamptz')}` },
      changedSince: { cells: ['version', 'transitions'], sql: (value, t, bind) => `${t}.changed_at >= ${bind.bind(String(value), 'timestamptz')}` },
      subjectIdNumber: { cells: ['subject'], sql: (value, t, bind, field) => `${t}.subject_id_number_hash = ${bind.bind(hashIdNumber(String(value), field), 'text')}` },
      subjectName: { cells: ['subject'], sql: (value, t, bind) => `${t}.subject_name = ${bind.bind(String(value), 'text')}` },
    },
    orders: {
      SENT_AT: { cell: 'sentAt', sql: (t) => `${t}.sent_at`, type: 'timestamptz' },
      ACKNOWLEDGE_BY: { cell: 'acknowledgeBy', sql: (t) => `${t}.acknowledge_by`, type: 'date' },
      ENTRY_DATE: { cell: 'entryDate', sql: (t) => `${t}.entry_date`, type: 'date' },
    },
    defaultOrder: [{ field: 'SENT_AT', direction: 'DESC' }],
  };
}
