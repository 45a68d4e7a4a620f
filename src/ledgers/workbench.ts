import type { WriteRequest, WriteServices } from '../disclosure/perform.js';
import type { RecordReader } from '../disclosure/reader.js';
import type { RequestContext } from '../kernel/request.js';
import type { PolicyInForce } from '../policy/store.js';
import type { Directory } from './agencies/agencies.directory.js';

/** What a resolver finds in its GraphQL context. */
export interface Desk {
  context: RequestContext;
  policy: PolicyInForce;
  reader: RecordReader;
  services: LedgerServices;
}

/** A mutation as `perform` takes it, of the request at this desk. */
export const writeRequest = ({ context, reader }: Desk, operation: string, input: unknown): WriteRequest => ({ context, lens: reader.lens, operation, input });

/** What the ledgers' commands work with, the same for all requests. */
export interface LedgerServices extends WriteServices {
  directory: Directory;
  /** Whether ID numbers that belong to nobody (prefix 99) are taken: in a demo only. */
  acceptSynthetic: boolean;
}
