import type { Attribute, RecordShape } from '../../policy/catalogue.js';
import { agency, attribute, division, minorOf, person, protectionAttributes, providedBy, sealed, STEP_LINES, value } from '../shape-parts.js';
import { RETURN_OUTCOMES, RETURN_STATES } from './returns.transitions.js';

/** The other side has confirmed what the author claims, and nothing since has called it into question. Only then does a case open the person. */
const confirmed: Attribute = {
  type: 'boolean', nullable: false, shownBy: [],
  sql: (t) => `(${t}.confirmed_at IS NOT NULL AND ${t}.state NOT IN ('DISPUTED', 'REFUSED', 'RECALLED', 'COORDINATING'))`,
};

/** `ReturnCase`: one return, from the notice to the home check (民发〔2020〕14号 二(五)). */
export const returnCaseShape: RecordShape = {
  record: 'ReturnCase', prefix: 'rc', table: 'guitu.return_cases',
  attributes: {
    caseNo: attribute('text', 'case_no', { nullable: false, shownBy: ['caseNo'] }),
    destinationAgency: attribute('agency', 'destination_agency', { shownBy: ['destinationAgency'] }),
    originAgency: attribute('agency', 'origin_agency', { nullable: false, shownBy: ['originAgency'] }),
    authorAgency: attribute('agency', 'author_agency', { nullable: false }),
    escortAgency: attribute('agency', 'escort_agency', { shownBy: ['escortAgency'] }),
    coordinator: attribute('agency', 'coordinator', { shownBy: ['coordinator'] }),
    hukouAgency: attribute('agency', 'hukou_agency', { shownBy: ['hukouAgency'] }),
    hukouCivilAffairs: attribute('agency', 'hukou_civil_affairs'),
    destinationDivision: attribute('division', 'destination_division'),
    originDivision: attribute('division', 'origin_division', { nullable: false }),
    state: attribute('text', 'state', { nullable: false, shownBy: ['state'], words: RETURN_STATES }),
    outcome: attribute('text', 'outcome', { shownBy: ['outcome'], words: RETURN_OUTCOMES }),
    confirmed,
    /** The other side had confirmed, whatever became of it since. */
    onceConfirmed: { type: 'boolean', nullable: false, shownBy: [], sql: (t) => `(${t}.confirmed_at IS NOT NULL)` },
    minor: minorOf((t) => `${t}.subject_born_on`),
    ...protectionAttributes((t) => `${t}.person_id`),
  },
  links: {
    person: { record: 'Person', from: (outer, inner) => ({ table: 'guitu.persons', on: `${inner}.id = ${outer}.person_id` }) },
    referrals: { record: 'AidReferral', from: (outer, inner) => ({ table: 'guitu.return_referrals', on: `${inner}.case_id = ${outer}.id` }) },
  },
  fields: {
    version: value('version'), caseNo: value('case_no'), state: value('state'),
    subject: {
      field: 'object', type: 'ReturnSubject', present: () => 'TRUE',
      fields: {
        name: value('subject_name'), idNumber: sealed('subject_id_number_sealed'), sex: value('subject_sex'),
        birthDate: value('subject_birth_date'), estimatedAge: value('subject_estimated_age'),
        hukouDivision: division('subject_hukou_division'), homeDivision: division('subject_home_division'), address: sealed('subject_address_sealed'),
        kinName: value('subject_kin_name'), kinPhone: sealed('subject_kin_phone_sealed'), features: value('subject_features'),
      },
    },
    person: person(),
    destinationAgency: agency('destination_agency'), originAgency: agency('origin_agency'), destinationName: value('destination_name'),
    noticeNo: value('notice_no'), noticeDate: value('notice_date'), entryDate: value('entry_date'), leaveDate: value('leave_date'),
    returnMode: value('return_mode'), escortAgency: agency('escort_agency'), helpReason: value('help_reason'), condition: value('condition'),
    custodyPlace: value('custody_place'), noticeFileDigest: value('notice_file_digest'), earlierReturns: value('earlier_returns'),
    sentAt: value('sent_at'), acknowledgeBy: value('acknowledge_by'), acknowledgedAt: value('acknowledged_at'), receiveBy: value('receive_by'), receivedAt: value('received_at'),
    deadlinesProvisional: value('provisional'),
    handlingCodes: value('handling_codes'), coordinator: agency('coordinator'), hukouPlace: division('hukou_place'), hukouAgency: agency('hukou_agency'), outcome: value('outcome'),
    homeCheck: {
      field: 'object', type: 'HomeCheck', present: (t) => `(${t}.home_checked_on IS NOT NULL OR ${t}.home_text IS NOT NULL OR ${t}.home_difficulties IS NOT NULL)`,
      fields: { checkedOn: value('home_checked_on'), entrustedCommittee: value('home_committee'), difficulties: value('home_difficulties'), text: value('home_text') },
    },
    referrals: {
      field: 'records', record: 'AidReferral', from: (outer, inner) => ({ table: 'guitu.return_referrals', on: `${inner}.case_id = ${outer}.id`, orderBy: `${inner}.referral_no` }),
    },
    revisits: {
      field: 'list', type: 'ReturneeRevisit', from: (outer, inner) => ({ table: 'guitu.return_revisits', on: `${inner}.case_id = ${outer}.id`, orderBy: `${inner}.visited_on, ${inner}.at, ${inner}.id` }),
      fields: { visitedOn: value('visited_on'), manner: value('manner'), result: value('result'), note: value('note') },
    },
    revisitBy: value('revisit_by'),
    transitions: {
      field: 'list', type: 'ReturnTransition',
      from: (outer, inner) => ({ table: 'guitu.return_transitions', on: `${inner}.case_id = ${outer}.id`, orderBy: `${inner}.step` }),
      fields: {
        from: value('from_state'), to: value('to_state'), at: value('at'), agency: agency('agency_id'),
        reason: { field: 'value', sql: (t) => `nullif(concat_ws(': ', ${t}.reason_code, ${t}.reason_text), '')` }, documentNo: value('document_no'), documentDate: value('document_date'),
      },
    },
  },
  nestedCells: ['transitions.reason', 'transitions.documentNo', 'transitions.documentDate'],
  provided: providedBy('RETURN', 'caseNo', {
    authorAgency: 'subject noticeNo noticeDate entryDate leaveDate returnMode escortAgency destinationName helpReason condition custodyPlace noticeFileDigest handlingCodes',
    originAgency: 'acknowledgedAt receivedAt hukouPlace homeCheck referrals revisits',
  }, { bornOn: (t) => `${t}.subject_born_on`, lines: STEP_LINES }),
};

/** What a referral says of the case that it belongs to. */
const ofCase = (column: string) => (t: string): string => `(SELECT referred_case.${column} FROM guitu.return_cases referred_case WHERE referred_case.id = ${t}.case_id)`;

/** `AidReferral`: what one township or department is asked to help with, and what it answers. A record of its own, because each addressee sees its own and no other. */
export const aidReferralShape: RecordShape = {
  record: 'AidReferral', table: 'guitu.return_referrals',
  attributes: {
    addressee: attribute('agency', 'addressee', { nullable: false, shownBy: ['addressee'] }),
    minor: minorOf(ofCase('subject_born_on')),
    ...protectionAttributes((t) => `${t}.person_id`),
  },
  links: { case: { record: 'ReturnCase', from: (outer, inner) => ({ table: 'guitu.return_cases', on: `${inner}.id = ${outer}.case_id` }) } },
  fields: {
    referralNo: value('referral_no'), version: value('version'), addressee: agency('addressee'), helpAsked: value('help_asked'), details: value('details'), referredAt: value('referred_at'), answerBy: value('answer_by'),
    answeredAt: value('answered_at'), measures: value('measures'), answer: value('answer'),
  },
  nestedCells: [],
};

/**
 * `ReturneeCheck`: what `checkReturnees` releases, by name, from the return ledger. Read over rows that the resolver makes: one for each
 * number asked about, with `asked`, `found`, and the county and agency of the case if there is one.
 */
export const returneeCheckShape: RecordShape = {
  record: 'ReturneeCheck', table: 'guitu.return_cases', releasedAnswer: true,
  attributes: {
    originDivision: attribute('division', 'origin_division', { nullable: false }),
    state: attribute('text', 'state', { nullable: false, words: RETURN_STATES }),
    confirmed,
    open: { type: 'boolean', sql: (t) => `(${t}.closed_at IS NULL)`, nullable: false, shownBy: [] },
    closedAt: attribute('instant', 'closed_at'),
    minor: minorOf((t) => `(SELECT subject_person.born_on FROM guitu.persons subject_person WHERE subject_person.id = ${t}.person_id)`),
    ...protectionAttributes((t) => `${t}.person_id`),
  },
  links: {},
  fields: { idNumber: value('asked'), current: value('found'), division: division('county'), contactAgency: agency('origin_agency') },
  nestedCells: [],
};
