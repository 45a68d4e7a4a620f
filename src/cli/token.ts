import { loadKeyRing } from '../auth/key-ring-file.js';
import { issueDemoToken } from '../auth/tokens.js';
import { SOLITARY_ROLES, type Role } from '../kernel/viewer.js';
import { CommandRefused, usage, type Shell } from './shell.js';

const DAY_SECONDS = 86_400;

/**
 * Prints a token of the demo issuer, alone. It takes the key ring and nothing else: no database, no running hub.
 * @throws CommandRefused in production, and for roles that no one person may hold
 */
export async function runToken(shell: Shell, wanted: { agency: string; roles: readonly Role[]; user: string; days: number }): Promise<void> {
  const { agency, user, days } = wanted;
  const roles = [...new Set(wanted.roles)];
  if (!/^[a-z]+-\d{6}(\d{3})?$/.test(agency)) throw usage(`单位代码应为“类别-区划代码”，如 station-320281，而不是 ${agency}`, `an agency code is kind-division, such as station-320281, not ${agency}`);
  if (roles.length > 1 && roles.some((role) => SOLITARY_ROLES.includes(role))) throw usage('ADMIN 与 AUDITOR 须由专人担任，不能兼任其他角色', 'ADMIN and AUDITOR go with no other role');
  // as the check of tokens has it: what it would refuse is not worth signing
  if (!/^[^\p{Cc}\p{Cf}]{1,200}$/u.test(user)) throw usage('用户名应为 1 至 200 个可见字符', 'a user is 1 to 200 visible characters');
  const config = shell.config();
  if (config.mode === 'production') throw new CommandRefused('正式运行（GUITU_MODE=production）不签发演示令牌：令牌由各单位自己的签发方签发，见 guitu issuer add', 'production has no demo tokens: agencies sign their own, see guitu issuer add');
  const keyRing = await loadKeyRing({ file: config.keysFile, mode: config.mode });
  shell.print(await issueDemoToken(keyRing, { agency, roles: roles.length > 0 ? roles : ['CLERK'], user, ttlSeconds: days * DAY_SECONDS, ...(config.pinnedNow && { now: config.pinnedNow }) }));
}
