// SPDX-License-Identifier: BSD-3-Clause
//
// The receiving rings of one lane. A slot circulates fill -> dataplane -> rx -> burst -> fill; the number that circulates
// never exceeds the fill ring, so posting needs no look at the ring's other end.
import { ConsumerRing, type Lane, ProducerRing, violation } from 'shared-memory-ipc';
import type { Slots } from './slots.ts';

export class RxLane {
  readonly fill: ProducerRing;
  readonly rx: ConsumerRing;
  readonly slots: Slots;
  /** Slots that should circulate, and that do. */
  readonly target: number;
  circulating = 0;

  /** `part`: of the lane's slots, what is for receiving. */
  constructor(words: Int32Array, lane: Lane, slots: Slots, part: number) {
    if (!lane.rx || !lane.fill) throw violation('segment header', 'a lane cannot receive');
    this.fill = new ProducerRing(words, lane.fill);
    this.rx = new ConsumerRing(words, lane.rx);
    this.slots = slots;
    this.target = Math.min(this.fill.capacity, Math.floor(slots.share * part));
  }

  /** Slots that should circulate and do not. */
  get missing(): number {
    return this.target - this.circulating;
  }

  /** Brings the lane up to its number of slots, from those that are free. */
  refill(): void {
    for (let { missing } = this; missing > 0 && this.slots.available > 0; missing--) this.accept(this.slots.take());
    this.fill.publish();
  }

  /** Puts a slot of ours into circulation. The caller has looked at `missing`, and publishes `fill`. */
  accept(slot: number): void {
    const { fill, slots } = this;
    const { own } = fill;
    this.circulating++;
    slots.owner[slot] = slots.filled;
    fill.words[fill.at(own)] = slot << slots.shift;
    fill.own = (own + 1) | 0;
  }

  /**
   * Takes the first of `ready` completed slots of the lane straight into circulation. Returns how many: up to the first
   * that it has no need of, or that is not right.
   */
  acceptCompleted(completion: ConsumerRing, ready: number): number {
    const { owner, shift, count, filled, sent } = this.slots;
    const { fill } = this;
    const { entries, mask, words } = fill;
    const { entries: from, mask: fromMask, own: first } = completion;
    const missing = this.target - this.circulating;
    const most = ready < missing ? ready : missing;
    let { own } = fill;
    let done = 0;
    for (; done < most; done++) {
      const offset = words[from + ((first + done) & fromMask)]!;
      const slot = offset >> shift;
      if (slot < 0 || slot >= count || slot << shift !== offset || owner[slot] !== sent) break;
      owner[slot] = filled;
      words[entries + (own & mask)] = offset;
      own = (own + 1) | 0;
    }
    fill.own = own;
    this.circulating += done;
    return done;
  }
}
