// SPDX-License-Identifier: BSD-3-Clause
//
// The transmitting half of a queue. What is on its way (posted on tx and not yet seen on completion) never exceeds the
// smaller of the two rings, so posting needs no look at tx's other end.
import { ConsumerRing, ProducerRing, WdpdkError, protocol, violation } from 'shared-memory-ipc';
import type { Memory } from '../packet/memory.ts';
import type { QueueCore } from './core.ts';
import type { Receiver } from './receiver.ts';
import { type Slots, TX } from './slots.ts';

const CONTD = protocol.DESC_FLAG_CONTD << 16;
/** See receiver.ts. */
const ON_TX = TX;
export const MIN_FRAME = 14;

export class Transmitter {
  readonly memory: Memory;
  readonly slots: Slots;
  /** Bytes of a frame that fit into one slot. */
  readonly slotCapacity: number;
  /** Slots on their way. */
  outstanding = 0;
  private readonly tx: ProducerRing;
  private readonly completion: ConsumerRing;
  private readonly limit: number;

  constructor(core: QueueCore) {
    const lane = core.layout.lanes[0]!;
    if (!lane.tx || !lane.completion) throw violation(core.object, 'its lane cannot transmit');
    this.memory = core.memory;
    this.slots = core.slots;
    this.slotCapacity = core.slots.size - protocol.UMEM_HEADROOM;
    this.tx = new ProducerRing(core.memory.i32, lane.tx);
    this.completion = new ConsumerRing(core.memory.i32, lane.completion);
    this.limit = Math.min(this.tx.capacity, this.completion.capacity);
  }

  /** Slots that could be sent now. */
  get room(): number {
    return Math.min(this.limit - this.outstanding, this.slots.available);
  }

  /** The most that `room` can ever be for frames of our own. */
  capacity(received: number): number {
    return Math.min(this.limit, this.slots.count - received);
  }

  /**
   * Takes back what the dataplane is done with: into the circulation of `receiver` as far as slots are missing there,
   * else to the free ones. Returns how many. Throws WDPDK_E_PROTOCOL.
   */
  reap(receiver?: Receiver): number {
    const { completion, slots } = this;
    const ready = completion.available();
    if (ready === 0) return 0;
    if (ready > this.outstanding)
      throw violation('completion ring', `${ready} completions of ${this.outstanding} frames on their way`);
    const { own, words } = completion;
    let done = receiver === undefined ? 0 : receiver.acceptCompleted(completion, ready);
    for (let missing = receiver === undefined ? 0 : receiver.missing(); done < ready; done++, missing--) {
      const slot = slots.completed(words[completion.at(own + done)]!);
      if (missing > 0) receiver!.accept(slot);
      else slots.give(slot);
    }
    this.outstanding -= ready;
    completion.release(ready);
    receiver?.publish();
    return ready;
  }

  /** Position in the segment of a free slot's first frame byte. */
  frameOf(slot: number): number {
    return this.slots.base + (slot << this.slots.shift) + protocol.UMEM_HEADROOM;
  }

  /**
   * Writes a descriptor for the frame at `position`; publish() makes it visible. The caller has looked at the limit.
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
    slots.owner[slot] = ON_TX;
    this.outstanding++;
  }

  publish(): void {
    this.tx.publish();
  }

  hasLimitFor(pieces: number): boolean {
    return this.outstanding + pieces <= this.limit;
  }

  /** Copies a frame into as many free slots as it needs. False when there are not enough. */
  sendFrame(bytes: Uint8Array, mtu: number): boolean {
    if (bytes.length < MIN_FRAME || (mtu > 0 && bytes.length > mtu + MIN_FRAME + 8))
      throw new WdpdkError('WDPDK_E_ARGUMENT', `a frame of ${bytes.length} bytes cannot be sent`, {
        object: 'frame',
        remedy: `Frames have ${MIN_FRAME} bytes or more and an MTU of ${mtu}`,
      });
    const pieces = Math.ceil(bytes.length / this.slotCapacity);
    if (this.room < pieces) return false;
    for (let at = 0; at < bytes.length; at += this.slotCapacity) {
      const slot = this.slots.take();
      const part = bytes.subarray(at, at + this.slotCapacity);
      const position = this.frameOf(slot);
      this.memory.u8.set(part, position);
      this.stage(slot, position, part.length, at + part.length < bytes.length);
    }
    this.publish();
    return true;
  }

  ready(): boolean {
    return this.completion.available() > 0;
  }

  arm(): void {
    this.completion.arm();
  }

  disarm(): void {
    this.completion.disarm();
  }
}
