import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { loadKeyRing } from '../../src/auth/key-ring-file.js';
import { issueDemoToken } from '../../src/auth/tokens.js';
import { startEmbedded, type ConnectionSettings } from '../../src/db/embedded.js';
import { readPostmaster } from '../../src/db/embedded-postmaster.js';
import { world, WORLD_NOW } from '../support/world.js';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

/** A hub as an operator runs it: the compiled start command in a process of its own, on a data folder of its own, at the world's clock. */
export class HubProcess {
  readonly folder: string;
  #child: ChildProcess | undefined;
  #url = '';
  #output = '';

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<HubProcess> {
    return new HubProcess(await mkdtemp(join(tmpdir(), 'guitu-faults-')));
  }

  get url(): string {
    return this.#url;
  }

  /** Starts it and waits until it says where it listens. @throws Error with its output where it ends instead */
  async start(): Promise<void> {
    // Variables of the surrounding shell that name a hub must not reach this one.
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GUITU_') && name !== 'DATABASE_URL'));
    const child = spawn(process.execPath, [MAIN, 'start'], { env: { ...inherited, GUITU_DATA: this.folder, PORT: '0', GUITU_NOW: world.now, LOG_LEVEL: 'warn' }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#output = '';
    this.#url = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString('utf8');
        const url = /GraphQL\s+(http:\/\/\S+)\/graphql/u.exec(this.#output)?.[1];
        if (url) resolve(url);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code, signal) => reject(new Error(`the hub ended (${code ?? signal}) before it listened:\n${this.#output}`)));
    });
  }

  /** Kills node as the kernel would, and waits until it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => { child.once('exit', resolve); });
    child.kill('SIGKILL');
    await gone;
  }

  /** Kills the database server's first process. @returns its pid */
  killDatabase(): number {
    const pid = readPostmaster(join(this.folder, 'postgres')).alive?.pid;
    if (pid === undefined) throw new Error('no database server runs on the folder');
    process.kill(pid, 'SIGKILL');
    return pid;
  }

  /** The owner's way into the database, past the hub; adopts the server that the hub has started. */
  async owner(): Promise<ConnectionSettings> {
    const server = await startEmbedded({ dataFolder: this.folder });
    return { ...server.admin, database: 'guitu' };
  }

  async tokenOf(agency: string): Promise<string> {
    const ring = await loadKeyRing({ file: join(this.folder, 'keys.json'), mode: 'demo' });
    return issueDemoToken(ring, { agency, roles: ['CLERK'], now: WORLD_NOW });
  }

  /** Ends hub and database, and removes the folder. */
  async remove(): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => { child.once('exit', resolve); });
      child.kill('SIGTERM');
      await gone;
    }
    while (readPostmaster(join(this.folder, 'postgres')).alive !== undefined) await pause(20);
    await rm(this.folder, { recursive: true, force: true });
  }
}

export interface Sent { status: number; code: string | undefined; caseId: string | undefined; body: string }

/** One notice from `station-120000`. @returns undefined where no answer came */
export async function sendNotice(url: string, token: string, key: string, noticeNo: string, note = '务工不着'): Promise<Sent | undefined> {
  const query = `mutation Send($input: SendReturnNoticeInput!) { sendReturnNotice(input: $input) { returnCase { id state } } }`;
  const input = { subject: { name: '试送人', features: noticeNo }, noticeNo, noticeDate: '2026-11-19', entryDate: '2026-11-18', leaveDate: '2026-11-19', returnMode: 'SELF', helpReason: note, originDivision: '320281' };
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'guitu-purpose': 'RETURN', 'idempotency-key': key }, body: JSON.stringify({ query, variables: { input } }),
    });
    const body = await response.text();
    const parsed = JSON.parse(body) as { data?: { sendReturnNotice: { returnCase: { id: string } | null } | null } | null; errors?: { extensions: { code: string } }[] };
    return { status: response.status, code: parsed.errors?.[0]?.extensions.code, caseId: parsed.data?.sendReturnNotice?.returnCase?.id, body };
  } catch {
    return undefined;
  }
}
