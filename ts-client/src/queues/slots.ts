// SPDX-License-Identifier: BSD-3-Clause
//
// The client's private record of who holds each slot. The shared rings say what the dataplane claims; this says what
// can be true.
import { type Area, type ConsumerRing, violation } from 'shared-memory-ipc';

/** Owners of a slot, one byte each. What is with the dataplane also says on whose lane: a lane has only its own slots. */
export const CLIENT = 0;
const OURS = CLIENT;
/** Posted on a fill ring: the dataplane may hand it back on rx. */
const FILL = 1;
/** Posted on a tx ring: the dataplane may hand it back on completion. */
const TX = 2;
const LANE_SHIFT = 2;

/** What all lanes of a queue share. */
export interface SlotArea {
  readonly owner: Uint8Array;
  readonly count: number;
  readonly size: number;
  readonly shift: number;
  /** Position of slot 0 in the segment. */
  readonly base: number;
}

export function slotArea(umem: Area): SlotArea {
  const { count, stride, offset } = umem;
  return { owner: new Uint8Array(count), count, size: stride, shift: 31 - Math.clz32(stride), base: offset };
}

/** The slots of one lane. */
export class Slots implements SlotArea {
  readonly owner: Uint8Array;
  readonly count: number;
  readonly size: number;
  readonly shift: number;
  readonly base: number;
  /** How many of the queue's slots are this lane's. */
  readonly share: number;
  /** Owner of a slot on this lane's fill ring, and on its tx ring. */
  readonly filled: number;
  readonly sent: number;
  private readonly free: Int32Array;
  private freeTop: number;

  constructor(area: SlotArea, lane: number, share: number) {
    this.owner = area.owner;
    this.count = area.count;
    this.size = area.size;
    this.shift = area.shift;
    this.base = area.base;
    this.share = share;
    this.filled = FILL | (lane << LANE_SHIFT);
    this.sent = TX | (lane << LANE_SHIFT);
    const last = (lane + 1) * share - 1;
    this.free = Int32Array.from({ length: share }, (_, i) => last - i);
    this.freeTop = share;
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

  /** Positions in the segment of the slots that `take` would give for views[from..to); the caller has looked at `available`. */
  takeFor(views: readonly { position: number; used: number }[], from: number, to: number, headroom: number): void {
    const { free, shift } = this;
    const first = this.base + headroom;
    let top = this.freeTop;
    for (let i = from; i < to; i++) {
      const view = views[i]!;
      view.position = first + (free[--top]! << shift);
      view.used = 0;
    }
    this.freeTop = top;
  }

  /**
   * Frees the slots of the first `ready` entries of a completion ring. Returns how many: up to the first that is not right.
   */
  giveCompleted(completion: ConsumerRing, ready: number): number {
    const { free, owner, shift, count, sent } = this;
    const { entries, mask, own, words } = completion;
    let top = this.freeTop;
    let done = 0;
    for (; done < ready; done++) {
      const offset = words[entries + ((own + done) & mask)]!;
      const slot = offset >> shift;
      if (slot < 0 || slot >= count || slot << shift !== offset || owner[slot] !== sent) break;
      owner[slot] = OURS;
      free[top++] = slot;
    }
    this.freeTop = top;
    return done;
  }

  /** The slot that a completion entry names, ours again. Throws WDPDK_E_PROTOCOL when the dataplane did not have it. */
  completed(offset: number): number {
    const slot = offset >>> this.shift;
    if (slot >= this.count || slot << this.shift !== offset || this.owner[slot] !== this.sent)
      throw violation('completion ring', `offset ${offset >>> 0} is no slot on its way`);
    this.owner[slot] = CLIENT;
    return slot;
  }
}
