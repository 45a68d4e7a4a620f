import { readFile } from 'node:fs/promises';
import { addAgency, addIssuer, listAgencies, listIssuers, planAgency, setAgencySuspended, suspendIssuer, type AgencyInput } from '../ledgers/agencies/agencies.commands.js';
import { dateOf } from '../kernel/dates.js';
import { Refusal } from '../kernel/errors.js';
import { alignColumns } from './columns.js';
import { withOwner } from './database.js';
import { parsePublicKeys } from './public-keys.js';
import { usage, type Shell } from './shell.js';

/** Adds an agency. @throws CommandRefused (usage) for a code that contradicts its kind or division; Refusal where the directory does not take it */
export async function runAgencyAdd(shell: Shell, input: AgencyInput): Promise<void> {
  const draft = plan(input);
  const { level, divisionName } = await withOwner(shell.config(), (owner) => addAgency(owner, draft));
  shell.print(`已接入 ${draft.code} ${draft.name}（${draft.kind} · ${level} · ${draft.division} ${divisionName}）\nadded`);
}

function plan(input: AgencyInput): ReturnType<typeof planAgency> {
  try {
    return planAgency(input);
  } catch (error) {
    if (error instanceof Refusal) throw usage(error.sentence('zh'), error.sentence('en'));
    throw error;
  }
}

/** Prints the directory: a table, or JSON for programs. */
export async function runAgencyList(shell: Shell, { json }: { json: boolean }): Promise<void> {
  const agencies = await withOwner(shell.config(), listAgencies);
  if (json) return shell.print(JSON.stringify(agencies, null, 2));
  const rows = agencies.map((agency) => [agency.code, agency.name, agency.kind, agency.level, `${agency.division} ${agency.divisionName}`, agency.phone ?? '', dayOf(agency.suspendedAt)]);
  shell.print(alignColumns([['单位代码', '名称', '类别', '级别', '区划', '电话', '停用于'], ...rows]));
  return shell.say(`共 ${agencies.length} 个单位 · ${agencies.length} agencies`);
}

export async function runAgencySuspend(shell: Shell, code: string, suspended: boolean): Promise<void> {
  const { name, changed } = await withOwner(shell.config(), (owner) => setAgencySuspended(owner, code, suspended));
  const [zh, en] = suspended ? ['已停用', 'suspended'] : ['已恢复', 'resumed'];
  const [note, remark] = changed ? ['，自下一次请求起生效', ', from its next request on'] : ['（此前已是如此，未作改动）', ' (it was already)'];
  shell.print(`${zh} ${code} ${name}${note}\n${en}${remark}`);
}

/** Registers who signs for an agency, with the public keys of a JWKS file. */
export async function runIssuerAdd(shell: Shell, issuer: { agency: string; iss: string; jwksFile: string }): Promise<void> {
  const { agency, iss } = issuer;
  if (!isIssuerUrl(iss)) throw usage('签发方名称应为不超过 500 个字符的 http(s) 网址，与令牌中的 iss 一字不差', 'an issuer is an http(s) URL of at most 500 characters, exactly as in the `iss` of its tokens');
  const jwks = await parsePublicKeys(await readFile(issuer.jwksFile, 'utf8'));
  const done = await withOwner(shell.config(), (owner) => addIssuer(owner, { agency, iss, jwks }));
  const kids = jwks.keys.map(({ kid }) => kid).join('、');
  shell.print(done === 'added' ? `已登记 ${agency} 的签发方 ${iss}，公钥 ${kids}\nadded` : `已更换 ${agency} 的签发方 ${iss} 的公钥：${kids}\nkeys replaced`);
}

/** A URL as it is written, since a token's `iss` is compared letter by letter. */
function isIssuerUrl(iss: string): boolean {
  return iss.length <= 500 && /^https?:\/\/[^\s]+$/.test(iss) && URL.canParse(iss);
}

export async function runIssuerList(shell: Shell, { json }: { json: boolean }): Promise<void> {
  const issuers = await withOwner(shell.config(), listIssuers);
  if (json) return shell.print(JSON.stringify(issuers, null, 2));
  shell.print(alignColumns([['单位代码', '签发方', '公钥', '停用于'], ...issuers.map(({ agency, iss, keys, suspendedAt }) => [agency, iss, keys.join(' '), dayOf(suspendedAt)])]));
  return shell.say(`共 ${issuers.length} 个签发方 · ${issuers.length} issuers`);
}

export async function runIssuerSuspend(shell: Shell, iss: string): Promise<void> {
  const { agency, changed } = await withOwner(shell.config(), (owner) => suspendIssuer(owner, iss));
  shell.print(changed ? `已停用 ${agency} 的签发方 ${iss}，自下一次请求起生效\nsuspended, from the next request on` : `${agency} 的签发方 ${iss} 此前已停用，未作改动\nit was suspended already`);
}

const dayOf = (instant: string | null): string => (instant === null ? '' : dateOf(new Date(instant)));
