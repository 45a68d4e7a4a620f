import type { AgencyKind, DivisionLevel, Role } from '../kernel/viewer.js';
import type { Rung } from './language.js';

/** The closed sets of the policy as people read them. */

export const KIND_WORDS: Record<AgencyKind, string> = {
  RESCUE_STATION: '救助管理机构', CIVIL_AFFAIRS: '民政部门', PUBLIC_SECURITY: '公安机关', HEALTH: '卫生健康部门', POVERTY_RELIEF: '扶贫（农业农村）部门',
  TOWNSHIP: '乡镇、街道', DATA_AUTHORITY: '政务数据共享主管部门', AUDIT: '监督检查机构', PARTNER: '合作部门',
};

export const LEVEL_WORDS: Record<DivisionLevel, string> = { MINISTRY: '部级', PROVINCE: '省级', PREFECTURE: '市级', COUNTY: '县级', TOWNSHIP: '乡级' };

export const ROLE_WORDS: Record<Role, string> = {
  CLERK: '经办人', APPROVER: '审批人', SHARING_OFFICER: '数据共享专员', MINORS_OFFICER: '未成年人专办员', AUDITOR: '审计员', ADMIN: '管理员',
};

export const RUNG_WORDS: Record<Rung, string> = { WITHHELD: '不给看', SURNAME: '只见姓氏', ENDS: '只见首尾', FULL: '全文' };

/** 政务数据共享条例 art. 14. */
export const SHARING_WORDS = { unconditional: '无条件共享', conditional: '有条件共享', 'not-shared': '不予共享' } as const;

/** Several words as one enumeration; nothing for none. */
export const listed = (words: readonly string[]): string => words.join('、');

/** Levels in words; all of them as one. */
export const levelsText = (levels: readonly DivisionLevel[]): string => (levels.length === Object.keys(LEVEL_WORDS).length ? '各级' : listed(levels.map((level) => LEVEL_WORDS[level])));
