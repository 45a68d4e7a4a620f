import type { Attribute, RecordShape } from '../../policy/catalogue.js';
import { agency, attribute, division, minorOf, person, protectionAttributes, sealed, value } from '../shape-parts.js';
import { RETURN_STATES } from './returns.transitions.js';

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
    destinationDivision: attribute('division', 'destination_division'),
    originDivision: attribute('division', 'origin_division', { nullable: false }),
    state: attribute('text', 'state', { nullable: false, shownBy: ['state'], words: RETURN_STATES }),
    confirmed,
    minor: minorOf((t) => `${t}.subject_born_on`),
    ...protectionAttributes((t) => `${t}.person_id`),
  },
  links: { person: { record: 'Person', from: (outer, inner) => ({ table: 'guitu.persons', on: `${inner}.id = ${outer}.person_id` }) } },
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
    sentAt: value('sent_at'), acknowledgeBy: value('acknowledge_by'), acknowledgedAt: value('acknowledged_at'), receiveBy: value('receive_by'), receivedAt: value('received_at'),
    deadlinesProvisional: value('provisional'),
    homeCheck: {
      field: 'object', type: 'HomeCheck', present: (t) => `(${t}.home_checked_on IS NOT NULL OR ${t}.home_text IS NOT NULL OR ${t}.home_difficulties IS NOT NULL)`,
      fields: { checkedOn: value('home_checked_on'), entrustedCommittee: value('home_committee'), difficulties: value('home_difficulties'), text: value('home_text') },
    },
    transitions: {
      field: 'list', type: 'ReturnTransition',
      from: (outer, inner) => ({ table: 'guitu.return_transitions', on: `${inner}.case_id = ${outer}.id`, orderBy: `${inner}.step` }),
      fields: {
        from: value('from_state'), to: value('to_state'), at: value('at'), agency: agency('agency_id'),
        reason: { field: 'value', sql: (t) => `nullif(concat_ws(': ', ${t}.reason_code, ${t}.reason_text), '')` },
      },
    },
  },
  nestedCells: ['transitions.reason'],
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
