import { readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Linux keeps files in memory. A test run makes and drops 200 databases of 1,500 files: on a disk a tenth of its time went into making files. */
const MEMORY = '/dev/shm';
/** What a run may need, with the log of changes; containers often give 64 MB. */
const ROOM_BYTES = 6 * 2 ** 30;

/** The folder for the database server of a test run: in memory where there is room, else among the temporary files. What runs that were killed left in memory is removed. */
export async function chooseDataRoom(): Promise<string> {
  await removeLeftOvers().catch(() => undefined);
  const room = await statfs(MEMORY).then(({ bavail, bsize }) => bavail * bsize, () => 0);
  return process.platform === 'linux' && room >= ROOM_BYTES ? MEMORY : tmpdir();
}

async function removeLeftOvers(): Promise<void> {
  for (const name of await readdir(MEMORY)) {
    const pid = Number(/^guitu-tests-(\d+)-/u.exec(name)?.[1] ?? process.pid);
    if (!isRunning(pid)) await rm(join(MEMORY, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
