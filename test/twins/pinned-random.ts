import { createHash } from 'node:crypto';

/** Bytes that depend on a label and on how many were taken since: two hubs that are asked the same draw the same. */
export class PinnedRandom {
  #label = '';
  #drawn = 0;

  /** Begins anew; called before each request. */
  restart(label: string): void {
    this.#label = label;
    this.#drawn = 0;
  }

  readonly bytes = (size: number): Buffer => {
    const blocks: Buffer[] = [];
    for (let length = 0; length < size; length += 32) blocks.push(createHash('sha256').update(`${this.#label}\0${this.#drawn++}`).digest());
    return Buffer.concat(blocks).subarray(0, size);
  };

  readonly uuid = (): string => {
    const hex = this.bytes(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
}
