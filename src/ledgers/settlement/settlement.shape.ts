import type { RecordShape } from '../../policy/catalogue.js';
import { agency, attribute, computed, division, minorOf, person, protectionAttributes, providedBy, stepLines, value } from '../shape-parts.js';

export const SETTLEMENT_STATES = ['DUE', 'APPLIED', 'PLAN_SUBMITTED', 'HUKOU_APPROVED', 'HUKOU_FILED', 'REGISTERED', 'PLACEMENT_APPROVED', 'PLACED', 'SUPPORTED', 'NOT_ELIGIBLE', 'IDENTIFIED', 'REVERSED', 'ACCEPTED', 'CLOSED'] as const;
export type SettlementState = (typeof SETTLEMENT_STATES)[number];

/** `SettlementCase`: settlement of a person whose identity stays unknown, or who has no home to return to (民发〔2020〕14号 二(四)). */
export const settlementCaseShape: RecordShape = {
  record: 'SettlementCase', prefix: 'se', table: 'guitu.settlement_cases',
  attributes: {
    settlementNo: attribute('text', 'settlement_no', { nullable: false, shownBy: ['settlementNo'] }),
    station: attribute('agency', 'station', { nullable: false, shownBy: ['station'] }),
    civilAffairs: attribute('agency', 'civil_affairs', { nullable: false, shownBy: ['civilAffairs'] }),
    police: attribute('agency', 'police'),
    division: attribute('division', 'division', { nullable: false }),
    hukouDivision: attribute('division', 'hukou_division', { shownBy: ['hukouDivision'] }),
    state: attribute('text', 'state', { nullable: false, shownBy: ['state'], words: SETTLEMENT_STATES }),
    minor: minorOf((t) => `(SELECT subject_person.born_on FROM guitu.persons subject_person WHERE subject_person.id = ${t}.person_id)`),
    ...protectionAttributes((t) => `${t}.person_id`),
  },
  links: { person: { record: 'Person', from: (outer, inner) => ({ table: 'guitu.persons', on: `${inner}.id = ${outer}.person_id` }) } },
  fields: {
    version: value('version'), settlementNo: value('settlement_no'), track: value('track'), state: value('state'), person: person(),
    station: agency('station'), civilAffairs: agency('civil_affairs'), enteredOn: value('entered_on'), appliedOn: value('applied_on'), decidedOn: value('decided_on'),
    hukouDivision: division('hukou_division'), hukouRegisteredOn: value('hukou_registered_on'),
    institution: value('institution'), placedOn: value('placed_on'), supportKind: value('support_kind'),
    proofOfSearch: value('proof_of_search'), plan: value('plan'), guardianship: value('guardianship'),
    transitions: {
      field: 'list', type: 'SettlementTransition',
      from: (outer, inner) => ({ table: 'guitu.settlement_transitions', on: `${inner}.settlement_id = ${outer}.id`, orderBy: `${inner}.step` }),
      fields: { from: value('from_state'), to: value('to_state'), at: value('at'), agency: agency('agency_id'), documentNo: value('document_no'), documentDate: value('document_date'), note: value('note') },
    },
    settled: computed((t) => `(${t}.state IN ('REGISTERED', 'PLACED', 'SUPPORTED', 'NOT_ELIGIBLE'))`, ['state']),
  },
  nestedCells: ['transitions.documentNo', 'transitions.documentDate', 'transitions.note'],
  provided: providedBy('SETTLEMENT', 'settlementNo', {
    station: 'enteredOn appliedOn proofOfSearch', civilAffairs: 'plan decidedOn hukouDivision institution placedOn supportKind guardianship', police: 'hukouRegisteredOn',
  }, { lines: stepLines('documentNo', 'documentDate', 'note') }),
};
