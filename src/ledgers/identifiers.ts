import { randomInt } from 'node:crypto';
import { badInput, Refusal } from '../kernel/errors.js';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A case number such as `GT-7K3MQ-9XD2A`: 50 random bits, so that it tells neither place nor order nor how many there are. */
export function newCaseNo(prefix = 'GT'): string {
  const five = (): string => Array.from({ length: 5 }, () => CROCKFORD[randomInt(32)]).join('');
  return `${prefix}-${five()}-${five()}`;
}

/** A version: random, so that it tells that a record changed and not how often. */
export const newVersion = (): number => randomInt(1, 2 ** 31 - 1);

const GLOBAL_ID = /^([a-z]{2})_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/u;

/** The parts of a global id, or undefined where it has not the form of one. */
export function findIdParts(id: string): { prefix: string; uuid: string } | undefined {
  const match = GLOBAL_ID.exec(id);
  return match?.[1] && match[2] ? { prefix: match[1], uuid: match[2] } : undefined;
}

/** The internal id behind a global id of one record type. A malformed or foreign id is simply no such record. */
export function uuidOf(id: string, prefix: string, field: string): string {
  if (id.length > 100) throw badInput(field, '编号过长', 'the id is too long');
  const parts = findIdParts(id);
  if (parts?.prefix !== prefix) throw new Refusal('NOT_FOUND', { field });
  return parts.uuid;
}
