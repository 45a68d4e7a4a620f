import type { RecordShape } from '../../policy/catalogue.js';
import { agency, attribute, protectionAttributes, value } from '../shape-parts.js';

/** OWED: the agency itself owes the step. RAISED: another owes it and is late; the agency stands above. TOLD: nothing is owed; the agency is told of what became of something it was given. */
export const INBOX_KINDS = ['OWED', 'RAISED', 'TOLD'] as const;

/** What is told stays this many days. */
const TOLD_DAYS = 30;

/** `InboxItem`: what waits for an agency, why, and until when. Number, state and clocks only: whoever acts opens the record itself, for its purpose. */
export const inboxItemShape: RecordShape = {
  record: 'InboxItem', prefix: 'in', table: 'guitu.inbox_items',
  attributes: {
    agency: attribute('agency', 'agency_id', { nullable: false }),
    kind: attribute('text', 'kind', { nullable: false, shownBy: ['kind'], words: INBOX_KINDS }),
    number: attribute('text', 'record_no', { shownBy: ['number'] }),
    /** What was told lately, of a household while its flag stands. */
    stands: {
      type: 'boolean', nullable: false, shownBy: [],
      sql: (t) => `((${t}.kind <> 'TOLD' OR (${t}.at AT TIME ZONE 'Asia/Shanghai')::date > «today»::date - ${TOLD_DAYS})
        AND CASE ${t}.record WHEN 'RegisteredHousehold' THEN guitu.household_flag_stands(${t}.record_id, «today») WHEN 'Correction' THEN guitu.correction_stands(${t}.record_id, «today») ELSE TRUE END)`,
    },
    /** Whether the number is only for whoever owes the step: a household that was found tells of its members, and a draft is its author's alone. */
    ownersOnly: { type: 'boolean', nullable: false, shownBy: [], sql: (t) => `(${t}.record = 'RegisteredHousehold' OR (${t}.record = 'ReturnCase' AND ${t}.state IS NOT DISTINCT FROM 'DRAFT'))` },
    open: attribute('boolean', 'open', { nullable: false }),
    ...protectionAttributes((t) => `${t}.person_id`),
  },
  links: {},
  fields: {
    kind: value('kind'), step: value('step'), title: value('title'), record: value('record'), number: value('record_no'), state: value('state'), owner: agency('owner'),
    since: value('started_at'), dueOn: value('due_on'), dueAt: value('due_at'), overdue: value('overdue'), provisional: value('provisional'), deadlineClass: value('class'), reason: value('reason'), raisedAt: value('at'),
  },
  nestedCells: [],
};
