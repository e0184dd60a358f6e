// SPDX-License-Identifier: BSD-3-Clause
//
// The receiving half of a queue: takes bursts of descriptors, checks each once on a private copy, points packets at
// the frames, and gives the slots back when the burst ends. A slot circulates fill -> dataplane -> rx -> burst ->
// fill; the number that circulates never exceeds the fill ring, so posting needs no look at the ring's other end.
import { ConsumerRing, ProducerRing, protocol, violation } from 'shared-memory-ipc';
import { BurstView } from '../packet/burst.ts';
import type { Memory } from '../packet/memory.ts';
import type { PacketView } from '../packet/packet.ts';
import type { QueueCore } from './core.ts';
import { CLIENT, FILL, type Slots } from './slots.ts';

const CONTD = protocol.DESC_FLAG_CONTD << 16;
const UNKNOWN_FLAGS = ~(((protocol.DESC_FLAG_CONTD | protocol.DESC_FLAG_TRUNCATED) << 16) | 0xffff);

interface RxLane {
  readonly fill: ProducerRing;
  readonly rx: ConsumerRing;
  /** Slots that should circulate, and that do. */
  readonly target: number;
  circulating: number;
}

export class Receiver {
  readonly burst: BurstView;
  private readonly memory: Memory;
  private readonly slots: Slots;
  private readonly lanes: RxLane[];
  /** Where in a slot a frame may begin at the earliest. */
  private readonly earliest: number;
  private turn = 0;
  private lane: RxLane;
  /** The slots of the current burst. */
  private readonly held: Int32Array;
  private heldCount = 0;

  /** `share`: the part of the slots that is for receiving. */
  constructor(core: QueueCore, share: number, strict: boolean) {
    const { layout } = core;
    this.memory = core.memory;
    this.slots = core.slots;
    this.earliest = layout.metadata ? protocol.META_BYTES : 0;
    this.burst = new BurstView(core.memory, layout.metadata, strict);
    this.held = new Int32Array(core.slots.count);
    this.lanes = layout.lanes.map((lane) => {
      if (!lane.rx || !lane.fill) throw violation(core.object, 'a lane cannot receive');
      const fill = new ProducerRing(core.memory.i32, lane.fill);
      const target = Math.min(fill.capacity, Math.floor((core.slots.count * share) / layout.lanes.length));
      return { fill, rx: new ConsumerRing(core.memory.i32, lane.rx), target, circulating: 0 };
    });
    this.lane = this.lanes[0]!;
    this.refill();
  }

  /** Brings every lane up to its number of slots, from those that are free. */
  private refill(): void {
    for (let missing = this.missing(); missing > 0 && this.slots.available > 0; missing--)
      this.accept(this.slots.take());
    this.publish();
  }

  /** Slots that should circulate and do not. */
  missing(): number {
    let sum = 0;
    for (const lane of this.lanes) sum += lane.target - lane.circulating;
    return sum;
  }

  /** Puts a slot of ours into circulation. The caller has looked at `missing`, and calls `publish`. */
  accept(slot: number): void {
    let lane = this.lane;
    if (lane.circulating >= lane.target) lane = this.lanes.find((other) => other.circulating < other.target)!;
    const { fill } = lane;
    const { own } = fill;
    lane.circulating++;
    this.slots.owner[slot] = FILL;
    fill.words[fill.at(own)] = slot << this.slots.shift;
    fill.own = (own + 1) | 0;
  }

  publish(): void {
    for (const lane of this.lanes) lane.fill.publish();
  }

  ready(): boolean {
    for (const lane of this.lanes) if (lane.rx.available() > 0) return true;
    return false;
  }

  arm(): void {
    for (const lane of this.lanes) lane.rx.arm();
  }

  disarm(): void {
    for (const lane of this.lanes) lane.rx.disarm();
  }

  /**
   * Begins a burst of at most `max` frames from the next lane that has any. 0: there is none. Throws
   * WDPDK_E_PROTOCOL.
   */
  take(max: number): number {
    const { lanes } = this;
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[this.turn]!;
      this.turn = this.turn + 1 === lanes.length ? 0 : this.turn + 1;
      const ready = lane.rx.available();
      if (ready > 0) {
        this.lane = lane;
        return this.takeFrom(lane.rx, ready, max);
      }
    }
    return 0;
  }

  private takeFrom(rx: ConsumerRing, ready: number, max: number): number {
    const { burst, held, earliest } = this;
    const { owner, shift, size, base, count } = this.slots;
    const { entries, mask, own } = rx;
    const words = this.memory.i32;
    let frames = 0;
    let used = 0;
    let last: PacketView | undefined;
    while (used < ready && (frames < max || last !== undefined)) {
      const at = entries + (((own + used) & mask) << 2);
      const offset = words[at]!;
      const length = words[at + 1]!;
      const portFlags = words[at + 2]!;
      const slot = offset >>> shift;
      const within = offset & (size - 1);
      if (
        slot >= count ||
        owner[slot] !== FILL ||
        within < earliest ||
        length <= 0 ||
        within + length > size ||
        (portFlags & UNKNOWN_FLAGS) !== 0
      )
        throw this.refuse(offset, length, portFlags);
      owner[slot] = CLIENT;
      held[used++] = slot;
      if (last === undefined) {
        const packet = burst.add(base + offset, length, portFlags);
        frames++;
        if ((portFlags & CONTD) !== 0) {
          packet.pieces = [];
          last = packet;
        }
      } else {
        last.pieces!.push(base + offset, length);
        last.total += length;
        if ((portFlags & CONTD) === 0) last = undefined;
      }
    }
    this.heldCount = used;
    if (last !== undefined) throw violation('rx ring', 'a frame was published in part');
    rx.release(used);
    return frames;
  }

  /** Ends the burst: its packets expire and its slots, but for those that were sent on, go back to the dataplane. */
  finish(): void {
    const { held, heldCount } = this;
    const { owner, shift } = this.slots;
    const { fill } = this.lane;
    const { entries, mask } = fill;
    const words = this.memory.i32;
    let { own } = fill;
    this.burst.end();
    for (let i = 0; i < heldCount; i++) {
      const slot = held[i]!;
      if (owner[slot] !== CLIENT) continue;
      owner[slot] = FILL;
      words[entries + (own & mask)] = slot << shift;
      own = (own + 1) | 0;
    }
    this.heldCount = 0;
    fill.own = own;
    fill.publish();
  }

  /** A slot of the current burst left the circulation. */
  moved(): void {
    this.lane.circulating--;
  }

  private refuse(offset: number, length: number, portFlags: number): Error {
    this.burst.end();
    return violation(
      'rx ring',
      `a descriptor with offset ${offset >>> 0}, length ${length >>> 0}, flags ${portFlags >>> 16} is not allowed`,
    );
  }
}
