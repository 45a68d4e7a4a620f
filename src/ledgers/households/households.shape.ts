import type { RecordShape } from '../../policy/catalogue.js';
import { attribute, division, minorOf, sealed, value } from '../shape-parts.js';
import { FLAG_STATES } from './households.transitions.js';

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
      field: 'records', record: 'HouseholdMember', from: (outer, inner) => ({ table: 'guitu.household_members', on: `${inner}.household_id = ${outer}.id`, orderBy: `${inner}.position` }),
    },
    flag: {
      field: 'object', type: 'HouseholdFlag', present: (t) => `EXISTS (SELECT FROM guitu.household_flags household_flag WHERE household_flag.household_id = ${t}.id)`,
      fields: { state: { field: 'value', sql: flag('state') }, contactAgency: { field: 'reference', reference: 'Agency', key: flag('contact_agency') } },
    },
  },
  nestedCells: [],
  provided: {
    by: { headName: 'office', division: 'office', kind: 'office', members: 'office' }, number: 'householdNo', person: null, purpose: 'POVERTY_RELIEF',
    bornOn: (t) => `(SELECT max(told_member.born_on) FROM guitu.household_members told_member WHERE told_member.household_id = ${t}.id)`,
  },
};

/** `HouseholdMember`: a member as the office uploaded it, and the person that it matched. A record of its own, because minority is a member's and not the household's. */
export const householdMemberShape: RecordShape = {
  record: 'HouseholdMember', table: 'guitu.household_members',
  attributes: { minor: { ...minorOf((t) => `${t}.born_on`), nullable: false } },
  links: { household: { record: 'RegisteredHousehold', from: (outer, inner) => ({ table: 'guitu.registered_households', on: `${inner}.id = ${outer}.household_id` }) } },
  fields: {
    name: value('name'), idNumber: sealed('id_number_sealed'), relation: value('relation'),
    // A person protected after the match is to the member as if there had been none.
    matchedPerson: {
      field: 'record', record: 'Person',
      key: (t) => `(SELECT household_match.person_id FROM guitu.household_matches household_match WHERE household_match.member_id = ${t}.id AND NOT EXISTS (SELECT FROM guitu.protections protection WHERE protection.person_id = household_match.person_id) ORDER BY household_match.person_id LIMIT 1)`,
    },
  },
  nestedCells: [],
};
