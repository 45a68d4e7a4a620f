import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import { policyBook } from './policy-book.js';

writeFileSync(join(packageRoot(), 'schema', 'policy.md'), policyBook());
