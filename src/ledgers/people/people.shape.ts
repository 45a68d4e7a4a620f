import type { RecordShape } from '../../policy/catalogue.js';
import { computed, division, minorOf, protectionAttributes, sealed, value } from '../shape-parts.js';

/** Age in whole years today, of which only the band is shown. */
const age = (t: string): string => `date_part('year', age(«today», ${t}.born_on))`;

/** `born_on` is the birth date, or the year that an estimated age gives. */
const BIRTH = ['birthDate', 'estimatedAge'];

/** `Person`: the shared identity record. Who may see it follows from the ledgers that speak of the person, never from where it was reached. */
export const personShape: RecordShape = {
  record: 'Person', prefix: 'pe', table: 'guitu.persons',
  attributes: { ...protectionAttributes((t) => `${t}.id`), minor: minorOf((t) => `${t}.born_on`) },
  links: {
    cases: { record: 'ReturnCase', from: (outer, inner) => ({ table: 'guitu.return_cases', on: `${inner}.person_id = ${outer}.id` }) },
    entries: { record: 'AtRiskEntry', from: (outer, inner) => ({ table: 'guitu.at_risk_entries', on: `${inner}.person_id = ${outer}.id` }) },
    settlements: { record: 'SettlementCase', from: (outer, inner) => ({ table: 'guitu.settlement_cases', on: `${inner}.person_id = ${outer}.id` }) },
    inquiries: { record: 'IdentityInquiry', from: (outer, inner) => ({ table: 'guitu.identity_inquiries', on: `${inner}.person_id = ${outer}.id` }) },
    stays: { record: 'Stay', from: (outer, inner) => ({ table: 'guitu.stays', on: `${inner}.person_id = ${outer}.id` }) },
    households: {
      record: 'RegisteredHousehold',
      from: (outer, inner) => ({ table: 'guitu.registered_households', on: `${inner}.id = ANY (ARRAY(SELECT household_match.household_id FROM guitu.household_matches household_match WHERE household_match.person_id = ${outer}.id))` }),
    },
  },
  fields: {
    name: { field: 'value', sql: (t) => `${t}.name`, masks: { SURNAME: (t) => `${t}.name_surname` } },
    idNumber: sealed('id_number_sealed', 'id_number_ends'),
    sex: value('sex'),
    birthDate: value('birth_date'),
    estimatedAge: value('estimated_age'),
    birthYear: computed((t) => `date_part('year', ${t}.born_on)::integer`, BIRTH),
    ageBand: computed((t) => `CASE WHEN ${age(t)} < 14 THEN 'UNDER_14' WHEN ${age(t)} < 18 THEN 'FROM_14_TO_17' WHEN ${age(t)} < 60 THEN 'FROM_18_TO_59' WHEN ${t}.born_on IS NOT NULL THEN 'FROM_60' END`, BIRTH),
    identityState: value('identity_state'),
    hukouDivision: division('hukou_division'),
    homeDivision: division('home_division'),
    address: sealed('address_sealed'),
    kinName: value('kin_name'),
    kinPhone: sealed('kin_phone_sealed', 'kin_phone_ends'),
  },
  nestedCells: [],
  // Taken over from what a ledger wrote of the person: whoever wrote it there answers.
  provided: {
    by: { name: null, idNumber: null, sex: null, birthDate: null, estimatedAge: null, birthYear: null, ageBand: null, hukouDivision: null, homeDivision: null, address: null, kinName: null, kinPhone: null },
    number: null, person: (t) => `${t}.id`, bornOn: (t) => `${t}.born_on`, purpose: 'RETURN',
  },
  joins: [
    { parts: ['Person.idNumber@ENDS', 'Person.birthDate', 'Person.hukouDivision', 'Person.sex'], gives: 'Person.idNumber', because: 'division, birth date, sex and the check digit leave fewer than fifty numbers' },
    { parts: ['AtRiskEntry.disabilityCardNo'], gives: 'Person.idNumber', because: 'the number of a disability card holds the ID number' },
  ],
};
