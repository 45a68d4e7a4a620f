import { parseIdNumber } from '../../src/kernel/id-number.js';
import type { RawRow, RawValue } from './raw-tables.js';
import { ReferenceRefusal } from './reference-gate.js';
import type { RecordType, ReferenceRecord } from './reference-records.js';
import type { ReferenceView } from './asking-view.js';

export interface ListArguments { filter?: Readonly<Record<string, unknown>> | null; orderBy?: readonly { field: string; direction: 'ASC' | 'DESC' }[] | null; first?: number | null; after?: string | null; last?: number | null; before?: string | null }

/** A page: its records with their cursors, how many there are in all, and whether there are more on either side. */
export interface Page { records: { record: ReferenceRecord; cursor: string }[]; totalCount: number; hasNextPage: boolean; hasPreviousPage: boolean }

/** One filter: the cells that it reads, and which rows it means. `meaning` refuses a value that is no value. */
interface Filter { cells: readonly string[]; meaning: (value: unknown, view: ReferenceView) => (row: RawRow) => boolean }

const AWAITED_OF_ORIGIN = ['SENT', 'ACKNOWLEDGED', 'RECEIVED', 'AT_HOME', 'KIN_REFUSED', 'HOME_CHECKED', 'AIDED'];
const AWAITED_OF_DESTINATION = ['DRAFT', 'DISPUTED', 'REFUSED'];

const equals = (column: string): Filter['meaning'] => (value) => (row) => row[column] === value;
const isAgency = (column: string): Filter['meaning'] => (value, { records }) => (row) => records.row('agencies', 'id', row[column])?.['code'] === value;
const isBefore = (one: RawValue | undefined, other: string): boolean => typeof one === 'string' && one < other;
const isFrom = (column: string): Filter['meaning'] => (value) => (row) => typeof row[column] === 'string' && !isBefore(row[column], instantOf(value));

/** An instant of a request as raw instants are written. */
function instantOf(value: unknown): string {
  const text = String(value);
  const fraction = /\.(\d{1,6})/u.exec(text)?.[1] ?? '';
  return `${new Date(Date.parse(text)).toISOString().slice(0, 19)}.${fraction.padEnd(6, '0')}Z`;
}

/** The leading digits that everything inside a division has: trailing pairs of zeros say nothing. */
function headOf(value: unknown): string {
  const code = String(value).replace(/\s/gu, '');
  if (!/^\d{6}(\d{3})?$/u.test(code)) throw new ReferenceRefusal('BAD_USER_INPUT');
  return code.length === 9 && !code.endsWith('000') ? code : code.slice(0, 6).replace(/(00){1,3}$/u, '');
}

const within = (divisionOf: (row: RawRow, view: ReferenceView) => RawValue | undefined): Filter['meaning'] => (value, view) => {
  const head = headOf(value);
  return (row) => String(divisionOf(row, view) ?? '-').startsWith(head);
};

const isLate = (row: RawRow, today: string): boolean =>
  (row['state'] === 'SENT' && isBefore(row['acknowledge_by'], today)) || (['SENT', 'ACKNOWLEDGED'].includes(String(row['state'])) && isBefore(row['receive_by'], today));

const awaitsMe = (row: RawRow, agency: string | undefined): boolean =>
  (AWAITED_OF_ORIGIN.includes(String(row['state'])) && row['origin_agency'] === agency) || (AWAITED_OF_DESTINATION.includes(String(row['state'])) && row['destination_agency'] === agency);

const dutyOf = (row: RawRow, { records }: ReferenceView): RawRow => records.row('duties', 'id', row['duty_id']) ?? {};

const FILTERS: Partial<Record<RecordType, Record<string, Filter>>> = {
  ReturnCase: {
    state: { cells: ['state'], meaning: (value) => (row) => (value as string[]).includes(String(row['state'])) },
    caseNo: { cells: ['caseNo'], meaning: equals('case_no') },
    awaiting: {
      cells: ['state', 'originAgency', 'destinationAgency'],
      meaning: (value, { viewer }) => (row) => [...AWAITED_OF_ORIGIN, ...AWAITED_OF_DESTINATION].includes(String(row['state'])) && awaitsMe(row, viewer.agency) === (value === 'ME'),
    },
    overdue: { cells: ['state', 'acknowledgeBy', 'receiveBy'], meaning: (value, { records }) => (row) => isLate(row, records.today) === value },
    destinationAgency: { cells: ['destinationAgency'], meaning: isAgency('destination_agency') },
    originAgency: { cells: ['originAgency'], meaning: isAgency('origin_agency') },
    originWithin: { cells: ['originAgency'], meaning: within((row, { records }) => records.row('agencies', 'id', row['origin_agency'])?.['division']) },
    sentFrom: { cells: ['sentAt'], meaning: isFrom('sent_at') },
    sentBefore: { cells: ['sentAt'], meaning: (value) => (row) => isBefore(row['sent_at'], instantOf(value)) },
    changedSince: { cells: ['version', 'transitions'], meaning: isFrom('changed_at') },
    subjectIdNumber: {
      cells: ['subject'],
      meaning: (value) => {
        const parsed = parseIdNumber(String(value));
        if ('fault' in parsed) throw new ReferenceRefusal('BAD_USER_INPUT');
        return (row) => row['subject_id_number_sealed'] === parsed.number18;
      },
    },
    subjectName: { cells: ['subject'], meaning: equals('subject_name') },
  },
  Person: {
    name: { cells: ['name'], meaning: equals('name') },
    idNumber: {
      cells: ['idNumber'],
      meaning: (value) => {
        const parsed = parseIdNumber(String(value));
        if ('fault' in parsed) throw new ReferenceRefusal('BAD_USER_INPUT');
        return (row) => row['id_number_sealed'] === parsed.number18;
      },
    },
  },
  AtRiskEntry: {
    when: { cells: ['nextVisitBy'], meaning: (value, { records }) => ({ next_visit_by: by }) => typeof by === 'string' && (value as string[]).includes(by < records.today ? 'OVERDUE' : by === records.today ? 'TODAY' : 'COMING') },
    from: { cells: ['nextVisitBy'], meaning: (value) => ({ next_visit_by: by }) => typeof by === 'string' && by >= String(value) },
    until: { cells: ['nextVisitBy'], meaning: (value) => ({ next_visit_by: by }) => typeof by === 'string' && by <= String(value) },
  },
  InboxItem: {
    kind: { cells: ['kind'], meaning: equals('kind') },
    step: { cells: ['step'], meaning: (value, view) => (row) => (value as string[]).includes(String(dutyOf(row, view)['step'])) },
    record: { cells: ['record'], meaning: (value, view) => (row) => dutyOf(row, view)['record'] === value },
    overdue: { cells: ['overdue'], meaning: (value, view) => (row) => (dutyOf(row, view)['overdue_at'] !== null) === value },
    dueBy: { cells: ['dueOn'], meaning: (value, view) => (row) => String(dutyOf(row, view)['due_on']) <= String(value) },
  },
  Correction: {
    state: { cells: ['state'], meaning: (value) => (row) => (value as string[]).includes(String(row['state'])) },
    record: { cells: ['record'], meaning: equals('record') },
  },
  RegisteredHousehold: {
    flagged: { cells: ['flag'], meaning: (value, { records }) => (row) => (records.row('household_flags', 'household_id', row['id'])?.['state'] === 'CONFIRMED') === value },
    householdNo: { cells: ['householdNo'], meaning: equals('household_no') },
    notHelpedSince: { cells: ['help'], meaning: (value, { records }) => (row) => !records.rows('household_help', 'household_id', row['id']).some((help) => String(help['helped_on']) >= String(value)) },
    within: { cells: ['division'], meaning: within((row) => row['division']) },
  },
};

/** What may be ordered by: the cell that must be held, and the column: of the duty behind it for an inbox. */
const ORDERS: Record<string, { cell: string; column: string; ofDuty?: true }> = {
  DUE_AT: { cell: 'dueAt', column: 'due_at', ofDuty: true },
  SENT_AT: { cell: 'sentAt', column: 'sent_at' }, ACKNOWLEDGE_BY: { cell: 'acknowledgeBy', column: 'acknowledge_by' }, ENTRY_DATE: { cell: 'entryDate', column: 'entry_date' },
  NEXT_VISIT: { cell: 'nextVisitBy', column: 'next_visit_by' },
  ANSWER_BY: { cell: 'answerBy', column: 'answer_by' },
  HOUSEHOLD_NO: { cell: 'householdNo', column: 'household_no' },
};
type Order = { field: string; direction: 'ASC' | 'DESC' };
const DEFAULT_ORDERS: Partial<Record<RecordType, Order[]>> = { ReturnCase: [{ field: 'SENT_AT', direction: 'DESC' }], RegisteredHousehold: [{ field: 'HOUSEHOLD_NO', direction: 'ASC' }], InboxItem: [{ field: 'DUE_AT', direction: 'ASC' }], Correction: [{ field: 'ANSWER_BY', direction: 'ASC' }] };
/** The order of a list that has one of its own. */
export const LIST_ORDERS: Readonly<Record<string, readonly Order[]>> = { visitsDue: [{ field: 'NEXT_VISIT', direction: 'ASC' }] };

/** The page of a list as one asking sees it. @throws ReferenceRefusal BAD_USER_INPUT, FIELD_NOT_FILTERABLE */
export function pageOf(view: ReferenceView, type: RecordType, args: ListArguments, ownOrder: readonly Order[] = DEFAULT_ORDERS[type] ?? []): Page {
  const { size, backward, position } = extentOf(args);
  const order = orderOf(view, type, args.orderBy, ownOrder);
  const compare = comparing(view, order);
  const label = `${type} ${order.map(({ field, direction }) => `${field} ${direction}`).join(',')}`;
  const from = position === null ? null : openPosition(position, label, view, type);
  const visible = view.records.all(type).filter((record) => view.isVisible(record));
  const listed = filtered(view, type, visible, args.filter).toSorted(compare);
  const beyond = listed.filter((record) => from === null || (backward ? compare(record, from) < 0 : compare(record, from) > 0));
  const page = backward ? beyond.slice(-size) : beyond.slice(0, size);
  const more = beyond.length > size;
  return {
    records: page.map((record) => ({ record, cursor: `${CURSOR}${label}|${record.id}` })), totalCount: listed.length,
    hasNextPage: backward ? from !== null : more, hasPreviousPage: backward ? more : from !== null,
  };
}

/** How the reference writes cursors, which the hub's stand against one by one. */
export const CURSOR = 'cursor of ';

function openPosition(cursor: string, label: string, view: ReferenceView, type: RecordType): ReferenceRecord {
  const [head = '', id = ''] = cursor.split('|');
  const record = head === `${CURSOR}${label}` ? view.records.find(type, id) : undefined;
  if (!record) throw new ReferenceRefusal('BAD_USER_INPUT');
  return record;
}

function extentOf({ first, after, last, before }: ListArguments): { size: number; backward: boolean; position: string | null } {
  const given = [first, after, last, before].map((argument) => argument !== null && argument !== undefined);
  const [hasFirst, hasAfter, hasLast, hasBefore] = given;
  if ((hasFirst || hasAfter) && (hasLast || hasBefore)) throw new ReferenceRefusal('BAD_USER_INPUT');
  const backward = (hasLast || hasBefore) ?? false;
  const size = (backward ? last : first) ?? 50;
  if (size < 1 || size > 200) throw new ReferenceRefusal('BAD_USER_INPUT');
  return { size, backward, position: (backward ? before : after) ?? null };
}

function filtered(view: ReferenceView, type: RecordType, visible: ReferenceRecord[], filter: ListArguments['filter']): ReferenceRecord[] {
  let left = visible;
  for (const [name, value] of Object.entries(filter ?? {})) {
    if (value === null || value === undefined) continue;
    const rule = FILTERS[type]?.[name];
    if (!rule) throw new Error(`the reference does not know the filter ${name} of ${type}`);
    if (!rule.cells.every((cell) => view.canHold(type, cell))) throw new ReferenceRefusal('FIELD_NOT_FILTERABLE');
    const matches = rule.meaning(value, view);
    left = left.filter((record) => view.holdsInFull(record, rule.cells) && matches(record.row));
  }
  return left;
}

function orderOf(view: ReferenceView, type: RecordType, asked: ListArguments['orderBy'], ownOrder: readonly Order[]): readonly Order[] {
  const canHold = ({ field }: Order): boolean => view.canHold(type, ORDERS[field]?.cell ?? '');
  if (!asked || asked.length === 0) return ownOrder.filter(canHold);
  if (new Set(asked.map(({ field }) => field)).size < asked.length) throw new ReferenceRefusal('BAD_USER_INPUT');
  if (!asked.every(canHold)) throw new ReferenceRefusal('FIELD_NOT_FILTERABLE');
  return asked;
}

/** By each key in turn, those without it last in either direction; then by id, in the direction of the first key. */
function comparing(view: ReferenceView, order: readonly Order[]): (one: ReferenceRecord, other: ReferenceRecord) => number {
  const keyOf = (record: ReferenceRecord, { cell, column, ofDuty }: { cell: string; column: string; ofDuty?: true }): string | null => (view.holdsInFull(record, [cell]) ? (((ofDuty ? dutyOf(record.row, view) : record.row)[column] ?? null) as string | null) : null);
  return (one, other) => {
    for (const { field, direction } of order) {
      const rule = ORDERS[field];
      const [left, right] = rule ? [keyOf(one, rule), keyOf(other, rule)] : [null, null];
      if (left === right) continue;
      if (left === null || right === null) return left === null ? 1 : -1;
      return Buffer.compare(Buffer.from(left), Buffer.from(right)) * (direction === 'DESC' ? -1 : 1);
    }
    return (one.id < other.id ? -1 : one.id > other.id ? 1 : 0) * (order[0]?.direction === 'DESC' ? -1 : 1);
  };
}
