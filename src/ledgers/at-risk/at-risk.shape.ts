import type { RecordShape } from '../../policy/catalogue.js';
import { agency, attribute, computed, derived, division, minorOf, person, protectionAttributes, providedBy, sealed, STEP_LINES, value } from '../shape-parts.js';
import { AT_RISK_STATES } from './at-risk.transitions.js';

/** Why a person is at risk (民发〔2020〕14号 二(五)); an open list, so that places may add to it. */
export const RISK_CLASSES = ['MENTAL_DISORDER', 'ALZHEIMER', 'PHYSICAL_DISABILITY', 'INTELLECTUAL_DISABILITY', 'REPEATED_VAGRANCY', 'MINOR_IN_HARDSHIP', 'ELDERLY_LIVING_ALONE'] as const;

/** What a visiting township needs to do, in place of why. */
export const CARE_CODES = ['VISIT_IN_PERSON', 'PHONE_CALL', 'MEDICATION', 'LOCATION_BRACELET', 'LIVELIHOOD_SUPPORT', 'COMPANION', 'MOBILITY_AID', 'GUARDIAN_CONTACT'] as const;

/** How a visit was made (「等方式」), and what it found; a visit with nobody there is kept and is not done. */
export const VISIT_MANNERS = ['IN_PERSON', 'PHONE', 'OTHER'] as const;
export const VISIT_RESULTS = ['STABLE', 'NEEDS_AID', 'CARE_LAPSED', 'NOBODY_THERE'] as const;
export const VISIT_REGIMES = ['TOWNSHIP', 'STATION'] as const;

const VISIT_FIELDS = { regime: value('regime'), visitedOn: value('visited_on'), manner: value('manner'), result: value('result'), note: value('note'), agency: agency('agency_id') };

/** `AtRiskEntry`: a line of the at-risk-of-wandering registry 易流浪走失人员信息库 (民发〔2020〕14号 二(五)). */
export const atRiskEntryShape: RecordShape = {
  record: 'AtRiskEntry', prefix: 'ar', table: 'guitu.at_risk_entries',
  attributes: {
    entryNo: attribute('text', 'entry_no', { nullable: false, shownBy: ['entryNo'] }),
    enrolledBy: attribute('agency', 'enrolled_by', { nullable: false, shownBy: ['enrolledBy'] }),
    township: attribute('agency', 'township', { shownBy: ['township'] }),
    division: attribute('division', 'division', { nullable: false }),
    transferTo: attribute('division', 'transfer_to', { shownBy: ['transferTo'] }),
    revisitStation: attribute('agency', 'revisit_station'),
    state: attribute('text', 'state', { nullable: false, shownBy: ['state'], words: AT_RISK_STATES }),
    minor: minorOf((t) => `(SELECT subject_person.born_on FROM guitu.persons subject_person WHERE subject_person.id = ${t}.person_id)`),
    ...protectionAttributes((t) => `${t}.person_id`),
  },
  links: { person: { record: 'Person', from: (outer, inner) => ({ table: 'guitu.persons', on: `${inner}.id = ${outer}.person_id` }) } },
  fields: {
    version: value('version'), entryNo: value('entry_no'), state: value('state'), person: person(), division: division('division'),
    enrolledBy: agency('enrolled_by'), township: agency('township'), enrolledOn: value('enrolled_on'), termFrom: value('term_from'),
    riskClasses: value('risk_classes'), careCodes: derived('care_codes', ['riskClasses', 'diagnosis']),
    needsVisits: computed((t) => `(${t}.state IN ('ACTIVE', 'WANDERING', 'TRANSFERRING'))`, ['state']),
    repeatedWandering: derived('repeated_wandering', ['riskClasses']),
    diagnosis: value('diagnosis'), disabilityCardNo: sealed('disability_card_sealed'), surveyedIdNumber: sealed('surveyed_id_number_sealed'),
    rosterSentAt: value('roster_sent_at'), nextVisitBy: value('next_visit_by'), revisitBy: value('revisit_by'), transferTo: division('transfer_to'), endedOn: value('ended_on'), endReason: value('end_reason'),
    // All visits of both regimes; and those of the township whose roster it is on, which are what that township has written itself.
    visits: { field: 'list', type: 'FollowUpVisit', from: (outer, inner) => ({ table: 'guitu.follow_up_visits', on: `${inner}.entry_id = ${outer}.id`, orderBy: `${inner}.visited_on, ${inner}.at, ${inner}.id` }), fields: VISIT_FIELDS },
    rosterVisits: {
      field: 'list', type: 'FollowUpVisit',
      from: (outer, inner) => ({ table: 'guitu.follow_up_visits', on: `${inner}.entry_id = ${outer}.id AND ${inner}.regime = 'TOWNSHIP' AND ${inner}.agency_id = ${outer}.township`, orderBy: `${inner}.visited_on, ${inner}.at, ${inner}.id` }), fields: VISIT_FIELDS,
    },
    transitions: {
      field: 'list', type: 'AtRiskTransition', from: (outer, inner) => ({ table: 'guitu.at_risk_transitions', on: `${inner}.entry_id = ${outer}.id`, orderBy: `${inner}.step` }),
      fields: { from: value('from_state'), to: value('to_state'), at: value('at'), agency: agency('agency_id'), reason: value('reason'), documentNo: value('document_no'), documentDate: value('document_date') },
    },
  },
  nestedCells: [],
  provided: providedBy('AT_RISK_CARE', 'entryNo', { enrolledBy: 'enrolledOn riskClasses careCodes repeatedWandering diagnosis disabilityCardNo surveyedIdNumber', township: 'visits rosterVisits' },
    { lines: { visits: { agency: 'agency' }, rosterVisits: { agency: 'agency' }, ...STEP_LINES } }),
};
