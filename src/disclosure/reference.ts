import type { Field, SqlOf } from '../policy/catalogue.js';

/** A public directory entry that shared records point to: agencies and divisions. Open to every viewer, and so outside the policy. */
export interface Reference {
  reference: string;
  prefix?: string;
  table: string;
  /** Column that a `ReferenceField`'s key equals. */
  key: SqlOf;
  fields: Record<string, Field>;
}
