import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import type { TestHub } from '../support/hub.js';
import { Seeded } from '../twins/seeded.js';
import type { Passing } from './year-desk.js';

const HUB_PROCESS = fileURLToPath(new URL('year-hub-process.js', import.meta.url));

/**
 * Two hub processes beside the test's own on one database: one serves every second request and keeps the clock; the other keeps the clock and is killed at random, in the middle of
 * whatever it does, and started again. The test's own hub keeps no clock at all. All read the time from one file.
 */
export class Crowd implements Passing {
  kills = 0;
  #second: HubChild | undefined;
  #third: HubChild | undefined;
  #asked = 0;
  #steps = 0;

  private constructor(private readonly folder: string, private readonly owner: Client, private readonly random: Seeded, private readonly settings: string) {}

  static async start(hub: TestHub, seed: number): Promise<Crowd> {
    const folder = await mkdtemp(join(tmpdir(), 'guitu-year-'));
    const owner = new Client(hub.database.admin);
    await owner.connect();
    const crowd = new Crowd(folder, owner, new Seeded(seed), JSON.stringify(hub.database.hub));
    await crowd.#write(hub.parts.now());
    [crowd.#second, crowd.#third] = await Promise.all([crowd.#spawn(), crowd.#spawn()]);
    return crowd;
  }

  address(): string | undefined {
    this.#asked += 1;
    return this.#asked % 2 === 0 ? this.#second?.url : undefined;
  }

  async to(at: Date): Promise<void> {
    await this.#write(at);
    this.#steps += 1;
    if (this.#steps % 40 === 0) await this.#killThird();
    for (;;) {
      const { rows } = await this.owner.query<{ left: boolean }>('SELECT EXISTS (SELECT FROM guitu.duties WHERE next_at <= $1) AS left', [at]);
      if (!rows[0]?.left) return;
      await pause(5);
    }
  }

  /** Somewhere within the next ticks, and without waiting for its successor to come up. */
  async #killThird(): Promise<void> {
    const dying = this.#third;
    if (!dying) return;
    this.#third = undefined;
    await pause(this.random.below(30));
    await dying.kill();
    this.kills += 1;
    this.#third = await this.#spawn();
  }

  #spawn(): Promise<HubChild> {
    return HubChild.start(this.settings, join(this.folder, 'now'));
  }

  /** Whole or not at all: readers never see half an instant. */
  async #write(at: Date): Promise<void> {
    await writeFile(join(this.folder, 'next'), at.toISOString());
    await rename(join(this.folder, 'next'), join(this.folder, 'now'));
  }

  async stop(): Promise<void> {
    await Promise.all([this.#second?.kill(), this.#third?.kill()]);
    await this.owner.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

class HubChild {
  private constructor(private readonly child: ChildProcess, readonly url: string) {}

  static async start(settings: string, clockFile: string): Promise<HubChild> {
    const child = spawn(process.execPath, [HUB_PROCESS, clockFile], { env: { ...process.env, YEAR_DATABASE: settings }, stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8').trim()));
      child.once('exit', (code, signal) => reject(new Error(`a hub process ended (${code ?? signal}) before it listened`)));
    });
    return new HubChild(child, url);
  }

  async kill(): Promise<void> {
    const gone = new Promise((resolve) => { this.child.once('exit', resolve); });
    this.child.kill('SIGKILL');
    await gone;
  }
}
