// SPDX-License-Identifier: BSD-3-Clause
//
// Everything that passed a bed's wires, for when a test fails.
import { writeFile } from 'node:fs/promises';
import { PcapngEncoder, sourceOf } from '../capture/encoder.ts';

/** The latest so many frames are kept. */
const KEPT = 20_000;

interface Passed {
  readonly port: number;
  readonly direction: 'in' | 'out';
  readonly bytes: Uint8Array;
  readonly timestampNs: bigint;
}

const epochNs = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();

/** Now, on the clock that the dataplane's receive times come from. */
export const nowNs = (): bigint => epochNs + process.hrtime.bigint();

export class Recording {
  private frames: Passed[] = [];
  private forgotten = 0;

  /** `in`: into the dataplane by the port, `out`: out of it. The bytes are not changed afterwards. */
  add(port: number, direction: 'in' | 'out', bytes: Uint8Array, timestampNs: bigint): void {
    this.frames.push({ port, direction, bytes, timestampNs });
    if (this.frames.length < KEPT * 2) return;
    this.forgotten += this.frames.length - KEPT;
    this.frames = this.frames.slice(-KEPT);
  }

  /** Writes a pcapng file with an interface for each of `names`, in the order of time. */
  async write(file: string, names: readonly string[], comment: string): Promise<void> {
    const dropped = this.forgotten === 0 ? '' : `; ${this.forgotten} earlier frames were not kept`;
    const encoder = new PcapngEncoder({ application: 'wdpdk/testing', comment: `${comment}${dropped}` });
    for (const name of names) encoder.addInterface({ name, description: 'in: sent by the test, out: received by it' });
    const ordered = this.frames.toSorted((a, b) =>
      a.timestampNs < b.timestampNs ? -1 : a.timestampNs > b.timestampNs ? 1 : 0,
    );
    for (const { port, direction, bytes, timestampNs } of ordered)
      encoder.frame(sourceOf(bytes), { interface: port, direction, timestampNs });
    await writeFile(file, encoder.take());
  }
}
