import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageRoot } from '../kernel/package-root.js';
import { addExamples, BILINGUAL_HELP, translateUsageError } from './bilingual-help.js';
import { addOnboardingCommands } from './commands-onboarding.js';
import { addPolicyCommands } from './commands-policy.js';
import { addClockCommands } from './commands-clock.js';
import { addServingCommands } from './commands-serving.js';
import { addSetupCommands } from './commands-setup.js';
import { EXIT, type Act, type ExitCode, type Shell } from './shell.js';

/** The `guitu` command: every command with its help. `ended` gets the exit code of the one that ran. */
export function buildProgram(shell: Shell, ended: (code: ExitCode) => void): Command {
  const act: Act = async (work) => ended((await work()) ?? EXIT.DONE);
  const program = new Command('guitu')
    .description('归途：跨部门、按公开规则逐栏共享返乡台账的平台。不写命令时等同于 guitu start。\nGuitu: a hub for the return ledger, shared field by field under a published policy. Without a command: guitu start.')
    .version(versionOf(), '-V, --version', '显示版本 · print the version')
    .helpOption('-h, --help', '显示帮助 · show help')
    .helpCommand('help [command]', '显示某个命令的帮助 · help on a command')
    .configureHelp(BILINGUAL_HELP)
    .configureOutput({ writeErr: (text) => shell.say(text.trimEnd()), outputError: (text, write) => write(translateUsageError(text)) })
    .showHelpAfterError('用法见 --help · for usage see --help')
    .exitOverride();
  addServingCommands(program, shell, act);
  addOnboardingCommands(program, shell, act);
  addSetupCommands(program, shell, act);
  addClockCommands(program, shell, act);
  addPolicyCommands(program, shell, act);
  addExamples(program, [
    ['npx --no-install guitu start', '启动（演示时自带数据库与数据） · start; a demo brings its database and its people'],
    ['npx --no-install guitu token station-320281', '取一个演示令牌 · a demo token'],
    ['npx --no-install guitu doctor', '检查配置与环境 · check configuration and surroundings'],
  ]);
  return program.addHelpText('after', '\n退出码 Exit codes:\n  0 完成 done · 1 被拒绝或发现问题 refused or found wrong · 2 用法有误 usage · 3 部分完成 partly done\n配置来自环境变量，见 guitu doctor · configuration comes from the environment, see guitu doctor\n');
}

function versionOf(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version?: string };
  return manifest.version ?? '';
}
