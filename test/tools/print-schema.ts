import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { packageRoot } from '../../src/kernel/package-root.js';
import { buildPublishedSchema } from '../../src/ledgers/schema.js';

/** The published SDL as it is committed in `schema/hub.graphql`. */
export const publishedSdl = (): string => `# 归途 Guitu: the published schema. Printed by \`node dist/test/tools/print-schema.js\`; a test holds that it is what the hub serves.\n\n${printSchema(lexicographicSortSchema(buildPublishedSchema()))}\n`;

if (process.argv[1]?.endsWith('print-schema.js')) writeFileSync(join(packageRoot(), 'schema', 'hub.graphql'), publishedSdl());
