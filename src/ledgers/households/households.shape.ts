import type { RecordShape } from '../../policy/catalogue.js';
import { agency, attribute, division, minorOf, sealed, value } from '../shape-parts.js';
import { FLAG_STATES } from './households.transitions.js';

/** Help that a household is given, by the fields in which support for rural households is planned: 产业、就业、低保与临时救助、医疗、教育、住房、走访关爱. */
export const HELP_MEASURES = ['INDUSTRY', 'EMPLOYMENT', 'ALLOWANCE', 'MEDICAL', 'EDUCATION', 'HOUSING', 'CARE_VISIT'] as const;
export type HelpMeasure = (typeof HELP_MEASURES)[number];

const flag = (column: string) => (t: string): string => `(SELECT household_flag.${column} FROM guitu.household_flags household_flag WHERE household_flag.household_id = ${t}.id)`;

/** `RegisteredHousehold`: a registered poor household 建档立卡户 with its members and its flag (民发〔2020〕14号 二(五)). */
export const registeredHouseholdShape: RecordShape = {
  record: 'RegisteredHousehold', prefix: 'hh', table: 'guitu.registered_households',
  attributes: {
    office: attribute('agency', 'office', { nullable: false }),
    householdNo: attribute('text', 'household_no', { nullable: false, shownBy: ['householdNo'] }),
    division: attribute('division', 'division', { nullable: false, shownBy: ['division'] }),
    flagState: { type: 'text', sql: flag('state'), nullable: true, shownBy: [], words: FLAG_STATES },
    /** The flag rests on at least one unprotected adult still; asked across the boundary of rows, because the office may read no person. */
    flagStands: { type: 'boolean', sql: (t) => `guitu.household_flag_stands(${t}.id, «today»)`, nullable: false, shownBy: [] },
    flagReleaseOn: { type: 'date', sql: flag('release_on'), nullable: true, shownBy: [] },
  },
  links: {
    matches: {
      record: 'Person',
      // As an array: left to choose, PostgreSQL walked all persons behind row-level security, 0.5–0.8 ms for each household even of the small world.
      from: (outer, inner) => ({ table: 'guitu.persons', on: `${inner}.id = ANY (ARRAY(SELECT household_match.person_id FROM guitu.household_matches household_match WHERE household_match.household_id = ${outer}.id))` }),
    },
  },
  fields: {
    householdNo: value('household_no'), headName: value('head_name'), division: division('division'), kind: value('kind'),
    members: {
      field: 'records', record: 'HouseholdMember', from: (outer, inner) => ({ table: 'guitu.household_members', on: `${inner}.household_id = ${outer}.id AND ${inner}.until IS NULL`, orderBy: `${inner}.position` }),
    },
    formerMembers: {
      field: 'records', record: 'HouseholdMember', from: (outer, inner) => ({ table: 'guitu.household_members', on: `${inner}.household_id = ${outer}.id AND ${inner}.until IS NOT NULL`, orderBy: `${inner}.until, ${inner}.position, ${inner}.id` }),
    },
    history: {
      field: 'list', type: 'HouseholdPeriod', from: (outer, inner) => ({ table: 'guitu.household_periods', on: `${inner}.household_id = ${outer}.id`, orderBy: `${inner}.step` }),
      fields: { since: value('since'), until: value('until'), kind: value('kind'), headName: value('head_name'), division: division('division'), agency: agency('agency_id') },
    },
    flag: {
      field: 'object', type: 'HouseholdFlag', present: (t) => `EXISTS (SELECT FROM guitu.household_flags household_flag WHERE household_flag.household_id = ${t}.id)`,
      fields: { state: { field: 'value', sql: flag('state') }, contactAgency: { field: 'reference', reference: 'Agency', key: flag('contact_agency') } },
    },
    help: {
      field: 'list', type: 'HouseholdHelp', from: (outer, inner) => ({ table: 'guitu.household_help', on: `${inner}.household_id = ${outer}.id`, orderBy: `${inner}.helped_on, ${inner}.at, ${inner}.id` }),
      fields: { measures: value('measures'), helpedOn: value('helped_on'), text: value('text'), agency: agency('agency_id') },
    },
  },
  nestedCells: [],
  provided: {
    by: { headName: 'office', division: 'office', kind: 'office', members: 'office', formerMembers: 'office', history: 'office' }, lines: { help: { agency: 'agency' } }, number: 'householdNo', person: null, purpose: 'POVERTY_RELIEF',
    bornOn: (t) => `(SELECT max(told_member.born_on) FROM guitu.household_members told_member WHERE told_member.household_id = ${t}.id)`,
  },
};

/** `HouseholdMember`: a member as the office uploaded it, and the person that it matched. A record of its own, because minority is a member's and not the household's. */
export const householdMemberShape: RecordShape = {
  record: 'HouseholdMember', table: 'guitu.household_members',
  attributes: { minor: { ...minorOf((t) => `${t}.born_on`), nullable: false } },
  links: { household: { record: 'RegisteredHousehold', from: (outer, inner) => ({ table: 'guitu.registered_households', on: `${inner}.id = ${outer}.household_id` }) } },
  fields: {
    name: value('name'), idNumber: sealed('id_number_sealed'), relation: value('relation'), since: value('since'), until: value('until'),
    // A person protected after the match is to the member as if there had been none.
    matchedPerson: {
      field: 'record', record: 'Person',
      key: (t) => `(SELECT household_match.person_id FROM guitu.household_matches household_match WHERE household_match.member_id = ${t}.id AND NOT EXISTS (SELECT FROM guitu.protections protection WHERE protection.person_id = household_match.person_id) ORDER BY household_match.person_id LIMIT 1)`,
    },
  },
  nestedCells: [],
};
