// SPDX-License-Identifier: BSD-3-Clause
//
// The transmitting rings of one lane. What is on its way (posted on tx and not yet seen on completion) never exceeds the
// smaller of the two rings, so posting needs no look at tx's other end.
import { ConsumerRing, type Lane, ProducerRing, protocol, violation } from 'shared-memory-ipc';
import type { RxLane } from './rx-lane.ts';
import type { SlotView } from './slot.ts';
import type { Slots } from './slots.ts';

const CONTD = protocol.DESC_FLAG_CONTD << 16;
// A name of our own for an imported number: V8 folds it into the code, but reads an imported one anew each time.
const HEADROOM = protocol.UMEM_HEADROOM;

export class TxLane {
  readonly slots: Slots;
  readonly tx: ProducerRing;
  readonly completion: ConsumerRing;
  /** Slots that may be on their way at once. */
  readonly limit: number;
  /** Slots on their way. */
  outstanding = 0;

  constructor(words: Int32Array, lane: Lane, slots: Slots) {
    if (!lane.tx || !lane.completion) throw violation('segment header', 'a lane cannot transmit');
    this.slots = slots;
    this.tx = new ProducerRing(words, lane.tx);
    this.completion = new ConsumerRing(words, lane.completion);
    this.limit = Math.min(this.tx.capacity, this.completion.capacity);
  }

  /** Slots that could be sent now. */
  get room(): number {
    return Math.min(this.limit - this.outstanding, this.slots.available);
  }

  hasLimitFor(pieces: number): boolean {
    return this.outstanding + pieces <= this.limit;
  }

  /**
   * Takes back what the dataplane is done with: into the circulation of `receiver`, the same lane's, as far as slots are
   * missing there, else to the free ones. Returns how many. Throws WDPDK_E_PROTOCOL.
   */
  reap(receiver: RxLane | undefined): number {
    const { completion, slots } = this;
    const ready = completion.available();
    if (ready === 0) return 0;
    if (ready > this.outstanding)
      throw violation('completion ring', `${ready} completions of ${this.outstanding} frames on their way`);
    const { own, words } = completion;
    let done =
      receiver === undefined ? slots.giveCompleted(completion, ready) : receiver.acceptCompleted(completion, ready);
    for (let missing = receiver === undefined ? 0 : receiver.missing; done < ready; done++, missing--) {
      const slot = slots.completed(words[completion.at(own + done)]!);
      if (missing > 0) receiver!.accept(slot);
      else slots.give(slot);
    }
    this.outstanding -= ready;
    completion.release(ready);
    receiver?.fill.publish();
    return ready;
  }

  /** Position in the segment of a free slot's first frame byte. */
  frameOf(slot: number): number {
    return this.slots.base + (slot << this.slots.shift) + protocol.UMEM_HEADROOM;
  }

  /**
   * Writes a descriptor for the frame at `position`; publishing `tx` makes it visible. The caller has looked at the limit.
   */
  stage(slot: number, position: number, length: number, more: boolean): void {
    const { slots, tx } = this;
    const { own, words } = tx;
    const at = tx.entries + ((own & tx.mask) << 2);
    words[at] = (position - slots.base) | 0;
    words[(at + 1) | 0] = length;
    words[(at + 2) | 0] = more ? CONTD : 0;
    // The fourth word is zero since the segment was made: nobody else writes here.
    tx.own = (own + 1) | 0;
    slots.owner[slot] = slots.sent;
    this.outstanding++;
  }
  /** Points `views` from `from` on at free slots, as far as there is room; returns where it ends, `to` at most. */
  reserve(views: readonly SlotView[], from: number, to: number): number {
    const room = from + this.room;
    const end = to < room ? to : room;
    this.slots.takeFor(views, from, end, HEADROOM);
    for (let i = from; i < end; i++) if (views[i]!.lane !== this) views[i]!.lane = this;
    return end;
  }

  /** A slot that was reserved and not used. */
  giveBack(view: SlotView): void {
    const { slots } = this;
    slots.give((view.position - slots.base) >> slots.shift);
    view.position = -1;
  }

  /** The same as `stage` for the slots of this lane from `views[from]` on; returns where they end, `to` at most. */
  stageSlots(views: readonly SlotView[], from: number, to: number): number {
    const { slots, tx } = this;
    const { base, owner, shift, sent } = slots;
    const { entries, mask, words } = tx;
    let { own } = tx;
    let i = from;
    for (; i < to; i++) {
      const view = views[i]!;
      if (view.lane !== this) break;
      const offset = (view.position - base) | 0;
      const at = entries + ((own & mask) << 2);
      view.position = -1;
      words[at] = offset;
      words[(at + 1) | 0] = view.used;
      words[(at + 2) | 0] = 0;
      own = (own + 1) | 0;
      owner[offset >> shift] = sent;
    }
    tx.own = own;
    this.outstanding += i - from;
    return i;
  }
}
