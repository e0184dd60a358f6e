// SPDX-License-Identifier: BSD-3-Clause
//
// The receiving half of a queue: takes bursts of descriptors, checks each once on a private copy, points packets at
// the frames, and gives the slots back when the burst ends. A slot circulates fill -> dataplane -> rx -> burst ->
// fill; the number that circulates never exceeds the fill ring, so posting needs no look at the ring's other end.
import { ConsumerRing, ProducerRing, protocol, violation } from 'shared-memory-ipc';
import { BurstView } from '../packet/burst.ts';
import type { PacketView } from '../packet/packet.ts';
import type { QueueCore } from './core.ts';
import { givePlain, takePlain } from './plain-frames.ts';
import { CLIENT, FILL, type Slots, TX } from './slots.ts';

const CONTD = protocol.DESC_FLAG_CONTD << 16;
/** See plain-frames.ts. */
const POSTED = FILL;
const ON_TX = TX;
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
  private readonly slots: Slots;
  private readonly lanes: RxLane[];
  /** Where in a slot a frame may begin at the earliest. */
  private readonly earliest: number;
  private turn = 0;
  private lane: RxLane;
  /** The slots of the current burst's frames but for each one's first. */
  private readonly more: number[] = [];

  /** `share`: the part of the slots that is for receiving. */
  constructor(core: QueueCore, share: number, strict: boolean) {
    const { layout } = core;
    this.slots = core.slots;
    this.earliest = layout.metadata ? protocol.META_BYTES : 0;
    this.burst = new BurstView(core.memory, layout.metadata, strict);
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

  /**
   * Takes the first of `ready` completed slots straight into the circulation of the lane that was served last. Returns
   * how many: up to the first that it has no need of, or that is not right.
   */
  acceptCompleted(completion: ConsumerRing, ready: number): number {
    const { lane } = this;
    const { owner, shift, count } = this.slots;
    const { fill } = lane;
    const { entries, mask, words } = fill;
    const { entries: from, mask: fromMask, own: first } = completion;
    const missing = lane.target - lane.circulating;
    const most = ready < missing ? ready : missing;
    let { own } = fill;
    let done = 0;
    for (; done < most; done++) {
      const offset = words[from + ((first + done) & fromMask)]!;
      const slot = offset >> shift;
      if (slot < 0 || slot >= count || slot << shift !== offset || owner[slot] !== ON_TX) break;
      owner[slot] = POSTED;
      words[entries + (own & mask)] = offset;
      own = (own + 1) | 0;
    }
    fill.own = own;
    lane.circulating += done;
    return done;
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
      const ready = lane.rx.available(max);
      if (ready > 0) {
        this.lane = lane;
        return this.takeFrom(lane.rx, ready, max);
      }
    }
    return 0;
  }

  private takeFrom(rx: ConsumerRing, ready: number, max: number): number {
    const { burst } = this;
    const most = ready < max ? ready : max;
    burst.prepare(most);
    const plain = takePlain(rx, this.slots, this.earliest, burst.packets, most);
    burst.open(plain);
    if (plain < most) this.takeUncommon(rx, ready - plain, max);
    return burst.length;
  }

  /** The rest of a burst, from its first frame on that is in several pieces or not allowed. */
  private takeUncommon(rx: ConsumerRing, ready: number, max: number): void {
    const { burst, more } = this;
    const { owner, base } = this.slots;
    const { words } = rx;
    let packet: PacketView | undefined;
    for (let left = ready; left > 0 && (burst.length < max || packet !== undefined); left--) {
      const at = rx.at(rx.own);
      const offset = words[at]!;
      const length = words[at + 1]!;
      const flags = words[at + 2]!;
      const slot = this.slotOf(offset, length, flags);
      owner[slot] = CLIENT;
      rx.own = (rx.own + 1) | 0;
      if (packet === undefined) {
        packet = burst.add(base + offset, length, flags);
      } else {
        (packet.pieces ??= []).push(base + offset, length);
        more.push(slot);
      }
      if ((flags & CONTD) === 0) packet = undefined;
    }
    if (packet !== undefined) throw violation('rx ring', 'a frame was published in part');
  }

  /** The slot a descriptor names; throws unless the dataplane may give it like this. */
  private slotOf(offset: number, length: number, flags: number): number {
    const { owner, shift, size, count } = this.slots;
    const slot = offset >>> shift;
    const within = offset & (size - 1);
    if (
      slot >= count ||
      owner[slot] !== FILL ||
      within < this.earliest ||
      length <= 0 ||
      within + length > size ||
      (flags & UNKNOWN_FLAGS) !== 0
    )
      throw violation(
        'rx ring',
        `a descriptor with offset ${offset >>> 0}, length ${length >>> 0}, flags ${flags >>> 16} is not allowed`,
      );
    return slot;
  }

  /** Ends the burst: its packets expire and its slots, but for those that were sent on, go back to the dataplane. */
  finish(): void {
    const { burst, more } = this;
    const { fill, rx } = this.lane;
    givePlain(fill, this.slots, burst.packets, burst.length);
    if (more.length > 0) this.returnMore();
    burst.end();
    rx.releaseBeforePublish();
    fill.publish();
  }

  /** The slots behind the first of frames in several pieces. */
  private returnMore(): void {
    const { burst, more, slots } = this;
    for (let i = 0; i < burst.length; i++) burst.packets[i]!.pieces = undefined;
    const { fill } = this.lane;
    for (const slot of more) {
      if (slots.owner[slot] !== CLIENT) continue;
      slots.owner[slot] = FILL;
      fill.words[fill.at(fill.own)] = slot << slots.shift;
      fill.own = (fill.own + 1) | 0;
    }
    more.length = 0;
  }

  /** A slot of the current burst left the circulation. */
  moved(): void {
    this.lane.circulating--;
  }
}
