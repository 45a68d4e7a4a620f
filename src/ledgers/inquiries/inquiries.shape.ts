import type { Field, RecordShape } from '../../policy/catalogue.js';
import { agency, attribute, division, guarded, minorOf, person, protectionAttributes, providedBy, sealed, STEP_LINES, value } from '../shape-parts.js';
import { INQUIRY_STATES } from './inquiries.transitions.js';

/** A candidate that may be shown: a hit on a protected person is none, when it came or since. */
const shown = (inner: string): string => `NOT ${inner}.suppressed AND NOT ${guarded(inner)}`;

const candidates: Field = {
  field: 'list', type: 'InquiryCandidate',
  from: (outer, inner) => ({ table: 'guitu.inquiry_candidates', on: `${inner}.inquiry_id = ${outer}.id AND ${shown(inner)}`, orderBy: `${inner}.step` }),
  fields: {
    candidateNo: value('candidate_no'), police: agency('police'), method: value('method'), foundAt: value('found_at'), name: value('name'), idNumber: sealed('id_number_sealed'), sex: value('sex'), birthDate: value('birth_date'),
    hukouDivision: division('hukou_division'), note: value('note'), firstConfirmedBy: value('first_confirmed_by'), secondConfirmedBy: value('second_confirmed_by'), rejectedReason: value('rejected_reason'),
  },
};

/** Missing reports that the station has compared. Where the report or the inquiry is about a protected person there are none. */
const missingCandidates: Field = {
  field: 'list', type: 'MissingCandidate',
  from: (outer, inner) => ({ table: 'guitu.missing_candidates', on: `${inner}.inquiry_id = ${outer}.id AND NOT ${inner}.ended AND NOT ${guarded(inner)} AND NOT ${guarded(outer)}`, orderBy: `${inner}.step` }),
  fields: {
    reportNo: value('report_no'), reporter: agency('reporter'), name: value('name'), sex: value('sex'), birthYear: value('birth_year'), homeDivision: division('home_division'), missingSince: value('missing_since'), looks: value('looks'),
    verdict: value('verdict'), firstConfirmedBy: value('first_confirmed_by'), secondConfirmedBy: value('second_confirmed_by'), tell: value('tell'), reason: value('reason'),
  },
};

/** `IdentityInquiry`: who a person is, asked level by level (民发〔2020〕14号 二(二), 民发〔2015〕158号). */
export const identityInquiryShape: RecordShape = {
  record: 'IdentityInquiry', prefix: 'iq', table: 'guitu.identity_inquiries',
  attributes: {
    inquiryNo: attribute('text', 'inquiry_no', { nullable: false, shownBy: ['inquiryNo'] }),
    station: attribute('agency', 'station', { nullable: false, shownBy: ['station'] }),
    civilAffairs: attribute('agency', 'civil_affairs', { nullable: false, shownBy: ['civilAffairs'] }),
    police: attribute('agency', 'police', { nullable: false, shownBy: ['police'] }),
    // Public security that has been asked, one a level: an agency once asked may still find the person.
    askedAtCounty: attribute('agency', 'asked_county'), askedAtPrefecture: attribute('agency', 'asked_prefecture'), askedAtProvince: attribute('agency', 'asked_province'), askedAtMinistry: attribute('agency', 'asked_ministry'),
    division: attribute('division', 'division', { nullable: false }),
    state: attribute('text', 'state', { nullable: false, shownBy: ['state'], words: INQUIRY_STATES }),
    minor: minorOf((t) => `(SELECT sought_person.born_on FROM guitu.persons sought_person WHERE sought_person.id = ${t}.person_id)`),
    ...protectionAttributes((t) => `${t}.person_id`),
  },
  links: { person: { record: 'Person', from: (outer, inner) => ({ table: 'guitu.persons', on: `${inner}.id = ${outer}.person_id` }) } },
  fields: {
    version: value('version'), inquiryNo: value('inquiry_no'), state: value('state'), level: value('level'), dueBy: value('due_by'), deadlineProvisional: value('provisional'),
    station: agency('station'), civilAffairs: agency('civil_affairs'), police: agency('police'), openedAt: value('opened_at'), methods: value('methods'), person: person(),
    ownComparison: value('own_comparison'), calledName: value('called_name'), features: value('features'), photoDigest: value('photo_digest'), dnaSampleNo: value('dna_sample_no'), newEvidence: value('new_evidence'),
    answers: {
      field: 'list', type: 'InquiryAnswerGiven',
      from: (outer, inner) => ({ table: 'guitu.inquiry_answers', on: `${inner}.inquiry_id = ${outer}.id`, orderBy: `${inner}.step` }),
      fields: { level: value('level'), police: agency('police'), askedAt: value('asked_at'), answeredAt: value('answered_at'), answer: value('answer'), note: value('note') },
    },
    candidates, missingCandidates, outcome: value('outcome'),
    transitions: {
      field: 'list', type: 'InquiryTransition',
      from: (outer, inner) => ({ table: 'guitu.inquiry_transitions', on: `${inner}.inquiry_id = ${outer}.id`, orderBy: `${inner}.step` }),
      fields: { from: value('from_state'), to: value('to_state'), level: value('level'), at: value('at'), agency: agency('agency_id'), reason: value('reason'), documentNo: value('document_no'), documentDate: value('document_date') },
    },
  },
  nestedCells: ['transitions.reason', 'transitions.documentNo', 'transitions.documentDate'],
  // What the answer is, the hub decides (a hit on a protected person is shown as none); a note stands beside an answer that is shown as it was given. Of a hit it speaks of the candidate, which is rejected and not corrected.
  provided: providedBy('IDENTITY', 'inquiryNo', { station: 'methods ownComparison calledName features photoDigest dnaSampleNo newEvidence outcome' },
    { lines: { 'answers.note': { agency: 'police', when: (t) => `${t}.answer <> 'HIT'` }, ...STEP_LINES } }),
};
