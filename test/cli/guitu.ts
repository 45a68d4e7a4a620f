import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The compiled command, beside the compiled tests. */
const MAIN = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'src', 'main.js');

export interface Ended { code: number | null; stdout: string; stderr: string }

/** The `guitu` command with a data folder of its own. Nothing of the surrounding environment is handed on but what finds programs. */
export class Guitu {
  private constructor(readonly folder: string) {}

  static async create(): Promise<Guitu> {
    return new Guitu(await mkdtemp(join(tmpdir(), 'guitu-cli-')));
  }

  /** Runs a command to its end. */
  async run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return ended(this.spawn(words, env));
  }

  /** Starts a hub and waits until it serves. @throws Error with what it said, if it ends before */
  async start(env: Readonly<Record<string, string>> = {}): Promise<RunningHub> {
    const child = this.spawn(['start'], { PORT: '0', ...env });
    const end = ended(child);
    const address = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout?.on('data', (chunk: string) => {
        text += chunk;
        const found = /GraphQL {3}(http:\/\/\S+)\/graphql/.exec(text)?.[1];
        if (found) resolve(found);
      });
      end.then((done) => reject(new Error(`the hub ended: ${done.stdout}${done.stderr}`)), reject);
    });
    return { address, child, end };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private spawn(words: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [MAIN, ...words], { env: { PATH, HOME, GUITU_DATA: this.folder, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    // as characters: a chunk may end within one
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8');
    return child;
  }
}

/** `end` resolves when the process has ended by itself or by a signal. */
export interface RunningHub { address: string; child: ChildProcess; end: Promise<Ended> }

function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: string) => { stdout += chunk; });
  child.stderr?.on('data', (chunk: string) => { stderr += chunk; });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Asks a hub. */
export async function ask(address: string, token: string, query: string): Promise<{ data?: unknown; errors?: { extensions: { code: string } }[] }> {
  const answer = await fetch(`${address}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'guitu-purpose': 'RETURN' }, body: JSON.stringify({ query }) });
  return await answer.json() as { data?: unknown; errors?: { extensions: { code: string } }[] };
}
