import type { Command } from 'commander';
import type { AgencyKind, DivisionLevel } from '../kernel/viewer.js';
import { parseKind, parseLevel } from './arguments.js';
import { addExamples } from './bilingual-help.js';
import type { Act, Shell } from './shell.js';

/** Who takes part, and who signs for them: `agency` and `issuer`. They act as the owner of the database, whether or not a hub runs. */
export function addOnboardingCommands(program: Command, shell: Shell, act: Act): void {
  addAgencyCommands(program.command('agency').description('接入、停用与恢复单位 · agencies that take part'), shell, act);
  addIssuerCommands(program.command('issuer').description('登记与停用各单位的令牌签发方 · who signs the tokens of an agency'), shell, act);
}

function addAgencyCommands(group: Command, shell: Shell, act: Act): void {
  addExamples(group.command('add')
    .summary('接入一个单位 · add an agency')
    .description('接入一个单位。代码为“类别-区划代码”，类别词：station civil police health poverty township data audit；合作部门用其他小写词，如 insurance。\nAdd an agency. Its code is kind-division; a partner takes any other lower-case word.')
    .argument('<CODE>', '单位代码，如 station-320281 · code')
    .requiredOption('--name <NAME>', '名称 · name')
    .option('--kind <KIND>', '类别，须与代码一致；默认按代码 · kind, as the code says', parseKind)
    .option('--division <DIVISION>', '区划代码，须与代码一致；默认按代码 · division, as the code says')
    .option('--level <LEVEL>', '级别；默认按区划 · level; default that of the division', parseLevel)
    .option('--phone <PHONE>', '公开的办公电话 · public telephone')
    .action((code: string, options: { name: string; kind?: AgencyKind; division?: string; level?: DivisionLevel; phone?: string }) =>
      act(async () => (await import('./onboarding.js')).runAgencyAdd(shell, { code, ...options }))), [
    ['guitu agency add station-320282 --name 宜兴市救助管理站 --kind station --division 320282', '接入一个救助管理站 · a rescue station'],
  ]);
  group.command('list')
    .description('列出全部单位 · list all agencies')
    .option('--json', '以 JSON 输出，供程序读取 · as JSON', false)
    .action((options: { json: boolean }) => act(async () => (await import('./onboarding.js')).runAgencyList(shell, options)));
  group.command('suspend').argument('<CODE>', '单位代码 · code')
    .description('停用一个单位：自下一次请求起拒绝其全部令牌 · refuse all its tokens from the next request on')
    .action((code: string) => act(async () => (await import('./onboarding.js')).runAgencySuspend(shell, code, true)));
  group.command('resume').argument('<CODE>', '单位代码 · code')
    .description('恢复一个已停用的单位 · let a suspended agency in again')
    .action((code: string) => act(async () => (await import('./onboarding.js')).runAgencySuspend(shell, code, false)));
}

function addIssuerCommands(group: Command, shell: Shell, act: Act): void {
  addExamples(group.command('add')
    .summary('登记签发方及其公钥 · register an issuer and its keys')
    .description('登记一个单位的签发方及其公钥；再次登记则更换公钥。持有相应私钥者即可代表该单位。\nRegister who signs for an agency, with its public keys; once more replaces the keys.')
    .argument('<AGENCY>', '单位代码 · code of the agency')
    .requiredOption('--iss <URL>', '令牌中的 iss，一字不差 · the `iss` of its tokens, to the letter')
    .requiredOption('--jwks <FILE>', '公钥文件（JWKS，RFC 7517） · public keys')
    .action((agency: string, options: { iss: string; jwks: string }) => act(async () => (await import('./onboarding.js')).runIssuerAdd(shell, { agency, iss: options.iss, jwksFile: options.jwks }))), [
    ['guitu issuer add station-320281 --iss https://sso.example.gov.cn --jwks 公钥.json', '登记江阴站的统一认证 · the single sign-on of this station'],
  ]);
  group.command('list')
    .description('列出全部签发方 · list all issuers')
    .option('--json', '以 JSON 输出，供程序读取 · as JSON', false)
    .action((options: { json: boolean }) => act(async () => (await import('./onboarding.js')).runIssuerList(shell, options)));
  group.command('suspend').argument('<ISS>', '签发方 · issuer')
    .description('停用一个签发方：自下一次请求起拒绝其令牌 · refuse its tokens from the next request on')
    .action((iss: string) => act(async () => (await import('./onboarding.js')).runIssuerSuspend(shell, iss)));
}
