import { describe, expect, test } from '@jest/globals';
import { Arguments } from '../../src/disclosure/statement.js';
import { findField, type Field, type RecordShape } from '../../src/policy/catalogue.js';
import { CATALOGUE } from '../policy/shipped-policy.js';
import { LIST_RULES } from './known-positions.js';

/** A filter or order reads the columns of the cells that it names, and no other: a cell that it forgot to name would be an oracle. */

const RECORDS: Record<string, string> = { returnCases: 'ReturnCase', registeredHouseholds: 'RegisteredHousehold', inbox: 'InboxItem', visitsDue: 'AtRiskEntry', people: 'Person', corrections: 'Correction' };
/** Columns that say the same as a cell, or less: a keyed hash of it, or the instant at which the version changed. */
const SAME_AS: Record<string, Record<string, string>> = { ReturnCase: { subject_id_number_hash: 'subject', changed_at: 'version' }, Person: { id_number_hash: 'idNumber' } };
/** A value that each filter takes. */
const VALUES: Record<string, unknown> = { state: ['SENT'], awaiting: 'ME', overdue: true, originWithin: '320281', within: '320281', subjectIdNumber: '990101197103080035', flagged: true, notHelpedSince: '2026-11-20', step: ['acknowledgeReturn'], dueBy: '2026-11-20', when: ['TODAY'], from: '2026-11-20', until: '2026-11-20', idNumber: '990101197103080035' };

const columnsIn = (sql: string): string[] => [...new Set([...sql.matchAll(/\bc\.(\w+)/gu)].map(([, column]) => column ?? ''))];

function columnsOf(shape: RecordShape, cell: string): string[] {
  const field = findField(shape, cell);
  if (!field) throw new Error(`${shape.record} has no cell ${cell}`);
  return columnsOfField(field);
}

function columnsOfField(field: Field): string[] {
  if (field.field === 'value') return columnsIn(field.sql('c'));
  if (field.field === 'reference' || field.field === 'record') return columnsIn(field.key('c'));
  if (field.field === 'object') return [...columnsIn(field.present('c')), ...Object.values(field.fields).flatMap(columnsOfField)];
  return columnsIn(field.from('c', 'i').on);
}

describe.each(Object.entries(LIST_RULES).filter(([, { filters }]) => Object.keys(filters).length > 0))('%s', (root, rules) => {
  const shape = CATALOGUE.records.get(RECORDS[root] ?? '') as RecordShape;
  const strangers = (cells: readonly string[], sql: string): string[] => {
    const known = new Set([...cells.flatMap((cell) => columnsOf(shape, cell)), ...Object.entries(SAME_AS[shape.record] ?? {}).filter(([, cell]) => cells.includes(cell)).map(([column]) => column)]);
    return columnsIn(sql).filter((column) => !known.has(column));
  };

  test('filters read what they say they read', () => {
    const wrong = Object.entries(rules.filters).flatMap(([name, rule]) => strangers(rule.cells, rule.sql(VALUES[name] ?? '2026-01-01T00:00:00Z', 'c', new Arguments(), name)).map((column) => `${name} reads ${column}`));
    expect(wrong).toEqual([]);
  });

  test('one that read more would be found', () => {
    expect(strangers(Object.values(rules.filters)[0]?.cells ?? [], 'c.person_name = 1 AND x.other = 2')).toEqual(['person_name']);
  });

  test('orders read what they say they read', () => {
    expect(Object.entries(rules.orders).flatMap(([name, rule]) => strangers([rule.cell], rule.sql('c')).map((column) => `${name} reads ${column}`))).toEqual([]);
  });
});
