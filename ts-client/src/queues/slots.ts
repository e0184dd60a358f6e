// SPDX-License-Identifier: BSD-3-Clause
//
// The client's private record of who holds each slot. The shared rings say what the dataplane claims; this says what
// can be true.
import { type Area, violation } from 'shared-memory-ipc';

export const CLIENT = 0;
/** Posted on a fill ring: the dataplane may hand it back on rx. */
export const FILL = 1;
/** Posted on a tx ring: the dataplane may hand it back on completion. */
export const TX = 2;

export class Slots {
  readonly owner: Uint8Array;
  readonly count: number;
  readonly size: number;
  readonly shift: number;
  /** Position of slot 0 in the segment. */
  readonly base: number;
  private readonly free: Int32Array;
  private freeTop: number;

  constructor(umem: Area) {
    this.count = umem.count;
    this.size = umem.stride;
    this.shift = 31 - Math.clz32(umem.stride);
    this.base = umem.offset;
    this.owner = new Uint8Array(this.count);
    this.free = new Int32Array(this.count);
    for (let i = 0; i < this.count; i++) this.free[i] = this.count - 1 - i;
    this.freeTop = this.count;
  }

  get available(): number {
    return this.freeTop;
  }

  /** A slot of ours. The caller has looked at `available`. */
  take(): number {
    return this.free[--this.freeTop]!;
  }

  give(slot: number): void {
    this.free[this.freeTop++] = slot;
  }

  /** The slot that a completion entry names, ours again. Throws WDPDK_E_PROTOCOL when the dataplane did not have it. */
  completed(offset: number): number {
    const slot = offset >>> this.shift;
    if (slot >= this.count || slot << this.shift !== offset || this.owner[slot] !== TX)
      throw violation('completion ring', `offset ${offset >>> 0} is no slot on its way`);
    this.owner[slot] = CLIENT;
    return slot;
  }
}
