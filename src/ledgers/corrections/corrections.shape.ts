import type { RecordShape } from '../../policy/catalogue.js';
import { agency, attribute, minorOf, protectionAttributes, sealed, value } from '../shape-parts.js';
import { CORRECTION_STATES } from './corrections.transitions.js';

/** Records of which agencies provide fields. */
export const CORRECTED_RECORDS = ['ReturnCase', 'AtRiskEntry', 'SettlementCase', 'Stay', 'IdentityInquiry', 'RegisteredHousehold', 'Person'] as const;

/** The purposes under which what is written about a ledger's records is read. */
export const CORRECTED_LEDGERS = ['RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'IDENTITY', 'POVERTY_RELIEF'] as const;
export type CorrectedLedger = (typeof CORRECTED_LEDGERS)[number];

/** `Correction`: a field reported wrong, and what its provider answers (政务数据共享条例 art. 26). */
export const correctionShape: RecordShape = {
  record: 'Correction', prefix: 'co', table: 'guitu.corrections',
  attributes: {
    askedBy: attribute('agency', 'asked_by', { nullable: false }),
    provider: attribute('agency', 'provider', { nullable: false }),
    record: attribute('text', 'record', { nullable: false, shownBy: ['record'], words: CORRECTED_RECORDS }),
    correctionNo: attribute('text', 'correction_no', { nullable: false, shownBy: ['correctionNo'] }),
    state: attribute('text', 'state', { nullable: false, shownBy: ['state'], words: CORRECTION_STATES }),
    ledger: attribute('text', 'ledger', { nullable: false, words: CORRECTED_LEDGERS }),
    providerLedger: attribute('text', 'provider_ledger', { nullable: false, words: CORRECTED_LEDGERS }),
    /** What was asked under IDENTITY is read under the inquiry that led to it, and answered under the one in which it was written. */
    matter: attribute('text', 'matter'),
    sourceNumber: attribute('text', 'source_no', { nullable: false, shownBy: ['sourceNumber'] }),
    /** Asked across the boundary of rows, because the inbox of whoever stands above the provider asks it too. */
    stands: { type: 'boolean', sql: (t) => `(${t}.record <> 'RegisteredHousehold' OR guitu.correction_stands(${t}.id, «today»))`, nullable: false, shownBy: [] },
    minor: minorOf((t) => `${t}.born_on`),
    ...protectionAttributes((t) => `${t}.person_id`),
  },
  links: {},
  fields: {
    version: value('version'), correctionNo: value('correction_no'), state: value('state'), record: value('record'), number: value('record_no'), sourceNumber: value('source_no'), field: value('field'),
    claim: value('claim'), proposed: sealed('proposed_sealed'), askedBy: agency('asked_by'), provider: agency('provider'), askedAt: value('asked_at'), answerBy: value('answer_by'),
    answeredAt: value('answered_at'), answer: value('answer'),
  },
  nestedCells: [],
};
