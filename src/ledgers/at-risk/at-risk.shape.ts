import type { RecordShape } from '../../policy/catalogue.js';
import { agency, attribute, computed, derived, division, minorOf, person, protectionAttributes, sealed, value } from '../shape-parts.js';

export const AT_RISK_STATES = ['SUBMITTED', 'INCOMPLETE', 'REJECTED', 'ACTIVE', 'WANDERING', 'TRANSFERRING', 'ENDED'] as const;

/** Why a person is at risk (民发〔2020〕14号 二(五)); an open list, so that places may add to it. */
export const RISK_CLASSES = ['MENTAL_DISORDER', 'ALZHEIMER', 'PHYSICAL_DISABILITY', 'INTELLECTUAL_DISABILITY', 'REPEATED_VAGRANCY', 'MINOR_IN_HARDSHIP', 'ELDERLY_LIVING_ALONE'] as const;

/** What a visiting township needs to do, in place of why. */
export const CARE_CODES = ['VISIT_IN_PERSON', 'PHONE_CALL', 'MEDICATION', 'LOCATION_BRACELET', 'LIVELIHOOD_SUPPORT', 'COMPANION', 'MOBILITY_AID', 'GUARDIAN_CONTACT'] as const;

/** `AtRiskEntry`: a line of the at-risk-of-wandering registry 易流浪走失人员信息库 (民发〔2020〕14号 二(五)). */
export const atRiskEntryShape: RecordShape = {
  record: 'AtRiskEntry', prefix: 'ar', table: 'guitu.at_risk_entries',
  attributes: {
    entryNo: attribute('text', 'entry_no', { nullable: false, shownBy: ['entryNo'] }),
    enrolledBy: attribute('agency', 'enrolled_by', { nullable: false, shownBy: ['enrolledBy'] }),
    township: attribute('agency', 'township', { shownBy: ['township'] }),
    division: attribute('division', 'division', { nullable: false }),
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
    diagnosis: value('diagnosis'), disabilityCardNo: sealed('disability_card_sealed'),
  },
  nestedCells: [],
};
