import { describe, expect, test } from '@jest/globals';
import { simulateYear } from './simulate-year.js';

/** A year of the small world and of generated persons; `npm run year` lives it with thousands. */

describe('a simulated year', () => {
  test('every duty ends, reminds, is late and rises once each, at its time and to whom it should; another process and one that is killed leave the same year behind', async () => {
    const alone = await simulateYear({ persons: 40, seed: 3, crowd: false });
    expect(alone.faults).toEqual([]);
    expect(alone.late).toBeGreaterThan(20);
    expect(alone.raised).toBeGreaterThan(alone.late);
    const crowded = await simulateYear({ persons: 40, seed: 3, crowd: true });
    expect(crowded.kills).toBeGreaterThan(3);
    expect(crowded.rows).toEqual(alone.rows);
  }, 300_000);
});
