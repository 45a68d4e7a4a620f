import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { packageRoot } from '../kernel/package-root.js';

const YEAR_SECONDS = 31_536_000;
const require = createRequire(import.meta.url);

/** What the page needs, all from the package itself: the demo must work where there is no internet. */
const ASSETS: Readonly<Record<string, { file: () => string; type: string }>> = {
  'react.js': { file: () => join(folderOf('react'), 'umd/react.production.min.js'), type: 'text/javascript' },
  'react-dom.js': { file: () => join(folderOf('react-dom'), 'umd/react-dom.production.min.js'), type: 'text/javascript' },
  'graphiql.js': { file: () => join(folderOf('graphiql'), 'graphiql.min.js'), type: 'text/javascript' },
  'graphiql.css': { file: () => join(folderOf('graphiql'), 'graphiql.min.css'), type: 'text/css' },
  'explorer.js': { file: () => join(pageFolder(), 'explorer.js'), type: 'text/javascript' },
  'explorer.css': { file: () => join(pageFolder(), 'explorer.css'), type: 'text/css' },
};

/** Scripts, styles and data from ourselves only. CodeMirror and React write style attributes; the fonts in GraphiQL's style sheet are `data:`. */
const PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * GraphiQL at `/`, served offline, for a demo only. The page's addresses of its assets carry the hash of their bytes, so that a browser may
 * keep them for a year and still sees every change.
 */
export function addExplorer(server: FastifyInstance): void {
  const loaded = new Map<string, Promise<{ bytes: Buffer; hash: string }>>();
  const load = (name: string, file: string): Promise<{ bytes: Buffer; hash: string }> => {
    const known = loaded.get(name) ?? readFile(file).then((bytes) => ({ bytes, hash: createHash('sha256').update(bytes).digest('hex').slice(0, 16) }));
    loaded.set(name, known);
    return known;
  };
  server.get('/', async (_, reply) => {
    let page = await readFile(join(pageFolder(), 'explorer.html'), 'utf8');
    for (const [name, { file }] of Object.entries(ASSETS)) page = page.replaceAll(`/assets/${name}`, `/assets/${(await load(name, file())).hash}/${name}`);
    return reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(page);
  });
  server.get<{ Params: { hash: string; name: string } }>('/assets/:hash/:name', async ({ params }, reply): Promise<FastifyReply> => {
    const asset = Object.hasOwn(ASSETS, params.name) ? ASSETS[params.name] : undefined;
    const { bytes, hash } = asset ? await load(params.name, asset.file()) : { bytes: undefined, hash: undefined };
    if (!asset || hash !== params.hash) {
      reply.callNotFound();
      return reply;
    }
    return reply.header('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`).type(`${asset.type}; charset=utf-8`).send(bytes);
  });
}

function folderOf(dependency: string): string {
  return dirname(require.resolve(`${dependency}/package.json`));
}

function pageFolder(): string {
  return join(packageRoot(), 'src/server/explorer-page');
}
