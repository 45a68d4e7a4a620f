import type { Command } from 'commander';
import { addExamples } from './bilingual-help.js';
import type { Act, Shell } from './shell.js';

/** What is done once, or when something is amiss: `migrate`, `grant`, `keys`, `doctor`. */
export function addSetupCommands(program: Command, shell: Shell, act: Act): void {
  addExamples(program.command('migrate')
    .summary('迁移数据库 · bring the database to this version')
    .description('把数据库迁移到本版本。DATABASE_URL 须为数据库所有者（有 CREATEROLE）；内嵌数据库在启动时自动迁移。\nBring the database to this version, as its owner (with CREATEROLE). The embedded one is migrated at every start.')
    .action(() => act(async () => (await import('./setup.js')).runMigrate(shell))), [
    ['DATABASE_URL=postgresql://guitu_owner@db/guitu guitu migrate', '以所有者迁移 · as the owner'],
  ]);
  addExamples(program.command('grant')
    .summary('建立平台的数据库登录角色 · make a login for the hub')
    .description('建立或授权平台使用的登录角色：它自身没有任何权限，只能读、写、留痕。以数据库所有者运行，在 migrate 之后。\nMake a login fit for the hub: nothing of its own, it may read, write and leave evidence. As the owner, after migrate.')
    .argument('<LOGIN>', '登录角色名，如 guitu_hub · name of the login')
    .option('--password-file <FILE>', '口令文件，第一行为口令；- 为标准输入。角色不存在时必填 · file with the password on its first line, or - for standard input')
    .action((login: string, options: { passwordFile?: string }) => act(async () => (await import('./setup.js')).runGrant(shell, login, options.passwordFile))), [
    ['DATABASE_URL=postgresql://guitu_owner@db/guitu guitu grant guitu_hub --password-file 口令.txt', '此后平台以 guitu_hub 连接 · the hub then connects as guitu_hub'],
  ]);
  const keys = program.command('keys').description('密钥文件 · the key ring');
  addExamples(keys.command('generate')
    .summary('生成密钥文件 · make the key ring')
    .description('生成密钥文件（GUITU_KEYS）；已存在则拒绝。演示时首次启动自动生成。\nMake the key ring (GUITU_KEYS), never over an existing one. A demo makes its own at the first start.')
    .action(() => act(async () => (await import('./setup.js')).runKeysGenerate(shell))), [
    ['GUITU_MODE=production GUITU_KEYS=/etc/guitu/keys.json guitu keys generate', '正式运行前生成一次 · once, before production'],
  ]);
  program.command('doctor')
    .summary('检查配置与环境 · find what is wrong')
    .description('检查配置、环境、策略与数据库，不作改动；有错误时退出码为 1。\nCheck configuration, surroundings, policy and database without changing them; exit code 1 if something is wrong.')
    .action(() => act(async () => (await import('./doctor.js')).runDoctor(shell)));
}
