// SPDX-License-Identifier: BSD-3-Clause
//
// The receiving half of a queue: takes bursts of descriptors from its lanes in turn, checks each once on a private copy, points
// packets at the frames, and gives the slots back to the burst's lane when it ends.
import { type ConsumerRing, protocol, violation } from 'shared-memory-ipc';
import { BurstView } from '../packet/burst.ts';
import type { PacketView } from '../packet/packet.ts';
import type { QueueCore } from './core.ts';
import { givePlain, takePlain } from './plain-frames.ts';
import { RxLane } from './rx-lane.ts';
import { CLIENT } from './slots.ts';

const CONTD = protocol.DESC_FLAG_CONTD << 16;
const UNKNOWN_FLAGS = ~(((protocol.DESC_FLAG_CONTD | protocol.DESC_FLAG_TRUNCATED) << 16) | 0xffff);

export class Receiver {
  readonly burst: BurstView;
  readonly lanes: readonly RxLane[];
  /** Where in a slot a frame may begin at the earliest. */
  private readonly earliest: number;
  private turn = 0;
  /** Number of the lane that the current burst came from, and the lane. */
  current = 0;
  private lane: RxLane;
  /** The slots of the current burst's frames but for each one's first. */
  private readonly more: number[] = [];

  /** `part`: of each lane's slots, what is for receiving. */
  constructor(core: QueueCore, part: number, strict: boolean) {
    const { layout } = core;
    this.earliest = layout.metadata ? protocol.META_BYTES : 0;
    this.burst = new BurstView(core.memory, layout.metadata, strict);
    this.lanes = layout.lanes.map((lane, i) => new RxLane(core.memory.i32, lane, core.slots[i]!, part));
    this.lane = this.lanes[0]!;
    for (const lane of this.lanes) lane.refill();
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
      const { turn } = this;
      const lane = lanes[turn]!;
      this.turn = turn + 1 === lanes.length ? 0 : turn + 1;
      const ready = lane.rx.available(max);
      if (ready > 0) {
        this.current = turn;
        this.lane = lane;
        return this.takeFrom(lane, ready, max);
      }
    }
    return 0;
  }

  private takeFrom(lane: RxLane, ready: number, max: number): number {
    const { burst } = this;
    const { rx } = lane;
    const most = ready < max ? ready : max;
    burst.prepare(most);
    const plain = takePlain(rx, lane.slots, this.earliest, burst.packets, most);
    burst.open(plain);
    if (plain < most) this.takeUncommon(rx, ready - plain, max);
    return burst.length;
  }

  /** The rest of a burst, from its first frame on that is in several pieces or not allowed. */
  private takeUncommon(rx: ConsumerRing, ready: number, max: number): void {
    const { burst, more } = this;
    const { owner, base } = this.lane.slots;
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
    const { owner, shift, size, count, filled } = this.lane.slots;
    const slot = offset >>> shift;
    const within = offset & (size - 1);
    if (
      slot >= count ||
      owner[slot] !== filled ||
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
    const { fill, rx, slots } = this.lane;
    givePlain(fill, slots, burst.packets, burst.length);
    if (more.length > 0) this.returnMore();
    burst.end();
    rx.releaseBeforePublish();
    fill.publish();
  }

  /** The slots behind the first of frames in several pieces. */
  private returnMore(): void {
    const { burst, more } = this;
    for (let i = 0; i < burst.length; i++) burst.packets[i]!.pieces = undefined;
    const { fill, slots } = this.lane;
    for (const slot of more) {
      if (slots.owner[slot] !== CLIENT) continue;
      slots.owner[slot] = slots.filled;
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
