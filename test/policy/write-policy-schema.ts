import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import { policySchema } from '../../src/policy/policy-schema.js';
import { CATALOGUE } from './shipped-policy.js';

/** Writes `schema/policy.schema.json` anew, on demand: `node dist/test/policy/write-policy-schema.js`. */
writeFileSync(join(packageRoot(), 'schema', 'policy.schema.json'), `${JSON.stringify(policySchema(CATALOGUE), null, 1)}\n`);
