import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compiles the sandbox, the folder it is started in, which holds a copy of the project with every mutant in it. Modules are linked from the project,
 * whose folder `GUITU_PROJECT` names. Type errors are left to `npm test`; what does not compile at all fails here, since nothing is then emitted.
 */
const project = process.env.GUITU_PROJECT;
for (const folder of ['node_modules', 'test/mutation/node_modules']) {
  if (!existsSync(folder)) symlinkSync(join(project, folder), folder, 'junction');
}
spawnSync(process.execPath, [join(project, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], { stdio: 'inherit' });
process.exitCode = existsSync('dist/src/policy/compile.js') ? 0 : 1;
