import { SETTLEMENT_STATES } from './settlement/settlement.shape.js';

/** `done` of `of`, two parts of one family. */
export interface Rate { rate: string; title: string; done: string; of: string; /** What the rule asks for, percent. */ atLeast?: number }

/**
 * A family of counts that is released by one rule of `policies/statistics.yaml`. The database counts its finest parts; every sum between parts is named, because a reader can add and
 * subtract: what is not named here is not guarded.
 */
export interface Family {
  measure: string;
  /** Function of the database that counts it; several families may come from one. */
  counted: string;
  /** What a period adds up over its months; else what stood at its end. */
  flow: boolean;
  /** One family for each step of `policies/deadlines.yaml`. */
  byStep?: true;
  sums: readonly (readonly [total: string, parts: readonly string[]])[];
  rates: readonly Rate[];
}

/** By the number of levels above its owner to which it was raised. */
const OPEN = ['OPEN_0', 'OPEN_1', 'OPEN_2', 'OPEN_3', 'OPEN_4'] as const;

/** Everything that is counted. A ledger adds a line, and the function that counts it in its migration. */
export const FAMILIES: readonly Family[] = [
  {
    measure: 'NOTICES', counted: 'count_duties', flow: true, sums: [['SENT', ['IN_TIME', 'LATE', 'OPEN', 'LAPSED']], ['OPEN', OPEN]],
    rates: [{ rate: 'ACKNOWLEDGED_IN_TIME', title: '及时确认率', done: 'IN_TIME', of: 'SENT' }],
  },
  {
    measure: 'DUTIES', counted: 'count_duties', flow: true, byStep: true, sums: [['DUE', ['IN_TIME', 'LATE', 'OPEN', 'LAPSED']], ['OPEN', OPEN]],
    rates: [{ rate: 'IN_TIME', title: '按时率', done: 'IN_TIME', of: 'DUE' }],
  },
  {
    measure: 'TOWNSHIP_VISITS', counted: 'count_duties', flow: true, sums: [['DUE', ['DONE', 'OPEN']], ['DONE', ['IN_TIME', 'LATE']], ['OPEN', OPEN]],
    rates: [{ rate: 'VISITED', title: '回访率', done: 'DONE', of: 'DUE' }, { rate: 'VISITED_IN_TIME', title: '按时回访率', done: 'IN_TIME', of: 'DUE' }],
  },
  {
    measure: 'REVISITS', counted: 'count_revisits', flow: true,
    sums: [
      ['DUE', ['DONE', 'NOT_DONE']], ['DUE', ['MINORS', 'ADULTS']], ['DONE', ['MINORS_DONE', 'ADULTS_DONE']], ['NOT_DONE', ['MINORS_NOT_DONE', 'ADULTS_NOT_DONE']],
      ['MINORS', ['MINORS_DONE', 'MINORS_NOT_DONE']], ['ADULTS', ['ADULTS_DONE', 'ADULTS_NOT_DONE']],
    ],
    rates: [{ rate: 'REVISITED', title: '一年内总回访率', done: 'DONE', of: 'DUE', atLeast: 30 }, { rate: 'MINORS_REVISITED', title: '其中未成年人回访率', done: 'MINORS_DONE', of: 'MINORS', atLeast: 100 }],
  },
  { measure: 'STAYS', counted: 'count_stays', flow: false, sums: [['OVER_1_MONTH', ['UP_TO_3_MONTHS', 'OVER_3_MONTHS']]], rates: [] },
  { measure: 'SETTLEMENTS', counted: 'count_settlements', flow: false, sums: [['ALL', SETTLEMENT_STATES]], rates: [] },
  { measure: 'INQUIRIES', counted: 'count_inquiries', flow: false, sums: [['UNDER_WAY', ['COUNTY', 'PREFECTURE', 'PROVINCE', 'MINISTRY', 'EXHAUSTED']]], rates: [] },
  { measure: 'FLAGGED_HOUSEHOLDS', counted: 'count_households', flow: false, sums: [['CONFIRMED', []]], rates: [] },
];

/** Parts of a family in the order of its sums, each once. */
export const partsOf = ({ sums }: Family): string[] => [...new Set(sums.flatMap(([total, parts]) => [total, ...parts]))];

/** What each part is called. */
export const PART_TITLES: Readonly<Record<string, string>> = {
  SENT: '送出', DUE: '应办', IN_TIME: '按时', LATE: '逾期后办理', OPEN: '仍未办理', LAPSED: '到期后不再需要办理', OPEN_0: '仍未办理，尚未上报', OPEN_1: '仍未办理，已上报一级', OPEN_2: '仍未办理，已上报两级', OPEN_3: '仍未办理，已上报三级', OPEN_4: '仍未办理，已上报四级',
  DONE: '已做', NOT_DONE: '未做', MINORS: '未成年人', ADULTS: '成年人', MINORS_DONE: '未成年人已做', MINORS_NOT_DONE: '未成年人未做', ADULTS_DONE: '成年人已做', ADULTS_NOT_DONE: '成年人未做',
  OVER_1_MONTH: '滞留超过一个月', UP_TO_3_MONTHS: '其中三个月以内', OVER_3_MONTHS: '其中超过三个月', CONFIRMED: '已确认', ALL: '全部', UNDER_WAY: '未结', COUNTY: '县级', PREFECTURE: '市级', PROVINCE: '省级', MINISTRY: '部级', EXHAUSTED: '各级均无结果',
  APPLIED: '已申请', PLAN_SUBMITTED: '已报方案', HUKOU_APPROVED: '批准落户', HUKOU_FILED: '已申报户口', REGISTERED: '已登记户口', PLACEMENT_APPROVED: '批准安置', PLACED: '已安置', SUPPORTED: '已供养', NOT_ELIGIBLE: '不符合供养条件', IDENTIFIED: '已查明身份', REVERSED: '户口已撤销', ACCEPTED: '已接收', CLOSED: '已办结',
};
