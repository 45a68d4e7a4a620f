import type { Catalogue, RecordShape } from '../policy/catalogue.js';
import { atRiskEntryShape } from './at-risk/at-risk.shape.js';
import { correctionShape } from './corrections/corrections.shape.js';
import { householdMemberShape, registeredHouseholdShape } from './households/households.shape.js';
import { inboxItemShape } from './inbox/inbox.shape.js';
import { FAMILIES } from './measures.js';
import { identityInquiryShape } from './inquiries/inquiries.shape.js';
import { missingReportShape } from './missing/missing.shape.js';
import { personShape } from './people/people.shape.js';
import { aidReferralShape, returnCaseShape, returneeCheckShape } from './returns/returns.shape.js';
import { settlementCaseShape } from './settlement/settlement.shape.js';
import { stayShape } from './settlement/stays.shape.js';

const SHAPES: readonly RecordShape[] = [personShape, returnCaseShape, aidReferralShape, returneeCheckShape, atRiskEntryShape, settlementCaseShape, stayShape, identityInquiryShape, missingReportShape, registeredHouseholdShape, householdMemberShape, inboxItemShape, correctionShape];

/** Everything that the policy may speak of: the ledgers' shapes, the root operations of the schema, and what is counted. */
export function buildCatalogue(operations: readonly string[]): Catalogue {
  return { records: new Map(SHAPES.map((shape) => [shape.record, shape])), operations: [...operations], measures: FAMILIES.map(({ measure }) => measure) };
}

/** The record type of a global id's prefix. */
export const RECORD_OF_PREFIX: ReadonlyMap<string, string> = new Map(SHAPES.flatMap((shape) => (shape.prefix ? [[shape.prefix, shape.record] as const] : [])));
