import type { RecordShape } from '../../policy/catalogue.js';
import { agency, attribute, minorOf, protectionAttributes, providedBy, value } from '../shape-parts.js';

/** Where a person is cared for while it stays (民发〔2020〕14号 二(一)); days in each of them count. */
export const CUSTODY_PLACES = ['IN_STATION', 'ENTRUSTED', 'HOSPITAL'] as const;
export const STAY_STATES = [...CUSTODY_PLACES, 'LEFT'] as const;
export type StayState = (typeof STAY_STATES)[number];
export const WAYS_OF_LEAVING = ['RETURNED', 'PLACED', 'LEFT', 'TRANSFERRED', 'DIED'] as const;

/** `Stay`: a person of unknown identity at a station, from entering to leaving. */
export const stayShape: RecordShape = {
  record: 'Stay', prefix: 'st', table: 'guitu.stays',
  attributes: {
    stayNo: attribute('text', 'stay_no', { nullable: false, shownBy: ['stayNo'] }),
    station: attribute('agency', 'station', { nullable: false, shownBy: ['station'] }),
    division: attribute('division', 'division', { nullable: false }),
    state: attribute('text', 'state', { nullable: false, shownBy: ['state'], words: STAY_STATES }),
    minor: minorOf((t) => `(SELECT staying_person.born_on FROM guitu.persons staying_person WHERE staying_person.id = ${t}.person_id)`),
    ...protectionAttributes((t) => `${t}.person_id`),
  },
  links: {},
  fields: {
    version: value('version'), stayNo: value('stay_no'), state: value('state'), station: agency('station'), enteredOn: value('entered_on'), leftOn: value('left_on'), leftHow: value('left_how'),
    moves: {
      field: 'list', type: 'StayMove', from: (outer, inner) => ({ table: 'guitu.stay_moves', on: `${inner}.stay_id = ${outer}.id`, orderBy: `${inner}.step` }),
      fields: { place: value('place'), since: value('since') },
    },
    tracingPublishedOn: value('tracing_published_on'), tracingUpdatedOn: value('tracing_updated_on'), dnaRequestedOn: value('dna_requested_on'), dnaSampledOn: value('dna_sampled_on'), dnaSampleNo: value('dna_sample_no'), calledName: value('called_name'), features: value('features'),
  },
  nestedCells: [],
  provided: providedBy('SETTLEMENT', 'stayNo', { station: 'enteredOn leftOn leftHow moves tracingPublishedOn tracingUpdatedOn dnaRequestedOn dnaSampledOn dnaSampleNo calledName features' }),
};
