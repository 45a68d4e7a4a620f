import type { Field, RecordShape } from '../../policy/catalogue.js';
import { agency, attribute, division, guarded, minorOf, sealed, value } from '../shape-parts.js';
import { MISSING_STATES } from './missing.transitions.js';

/** What stations told. Of a person who is protected, under the number of the report or where it is held, nothing was told. */
const results: Field = {
  field: 'list', type: 'MissingResult',
  from: (outer, inner) => ({ table: 'guitu.missing_results', on: `${inner}.report_id = ${outer}.id AND NOT ${guarded(inner)} AND NOT ${guarded(outer)}`, orderBy: `${inner}.step` }),
  fields: { contact: agency('contact'), toldOn: value('told_on') },
};

/** `MissingReport`: somebody whom relatives have reported missing to public security (民发〔2020〕14号 二(二)). */
export const missingReportShape: RecordShape = {
  record: 'MissingReport', prefix: 'mr', table: 'guitu.missing_reports',
  attributes: {
    reportNo: attribute('text', 'report_no', { nullable: false, shownBy: ['reportNo'] }),
    reporter: attribute('agency', 'reporter', { nullable: false, shownBy: ['reporter'] }),
    state: attribute('text', 'state', { nullable: false, shownBy: ['state'], words: MISSING_STATES }),
    minor: minorOf((t) => `${t}.born_on`),
  },
  links: {},
  fields: {
    version: value('version'), reportNo: value('report_no'), state: value('state'), reporter: agency('reporter'), reportedAt: value('reported_at'), closedAt: value('closed_at'), note: value('note'),
    name: value('name'), idNumber: sealed('id_number_sealed'), sex: value('sex'), birthDate: value('birth_date'), estimatedAge: value('estimated_age'), homeDivision: division('home_division'),
    missingSince: value('missing_since'), lastSeenDivision: division('last_seen_division'), looks: value('looks'), kinName: value('kin_name'), kinRelation: value('kin_relation'), kinPhone: sealed('kin_phone_sealed'), results,
  },
  nestedCells: [],
};
