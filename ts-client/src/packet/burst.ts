// SPDX-License-Identifier: BSD-3-Clause
import type { Memory } from './memory.ts';
import { PacketView } from './packet.ts';
import type { Burst, Packet } from './types.ts';

/** Positions in one burst at most. */
export const MAX_BURST = 256;

/**
 * The one burst object of a queue; users see `Burst`. The queue points `packets` at frames: `prepare`, then the fields of
 * the first objects, then `open`; or frame by frame with `add`. In strict mode every frame gets a fresh object, so that one
 * kept too long is always found out; otherwise it might silently show a frame of a later burst.
 */
export class BurstView implements Burst {
  readonly packets: PacketView[] = [];
  private count = 0;
  /** By length: the first so many packets. */
  private readonly prefixes: (PacketView[] | undefined)[] = [];
  private readonly memory: Memory;
  private readonly metadata: boolean;
  private readonly strict: boolean;

  constructor(memory: Memory, metadata: boolean, strict: boolean) {
    this.memory = memory;
    this.metadata = metadata;
    this.strict = strict;
  }

  get length(): number {
    return this.count;
  }

  at(index: number): PacketView {
    if (index >>> 0 >= this.count || !Number.isInteger(index)) throw outside(index, this.count);
    return this.packets[index]!;
  }

  /** V8 knows arrays' own iterators best: one array for each length that occurs. */
  [Symbol.iterator](): IterableIterator<Packet> {
    const { count } = this;
    let first = this.prefixes[count];
    if (first === undefined) {
      first = this.packets.slice(0, count);
      this.prefixes[count] = first;
    }
    return first[Symbol.iterator]();
  }

  /** Sees to it that there are objects for `most` positions. */
  prepare(most: number): void {
    if (this.strict) {
      this.packets.length = 0;
      this.prefixes.length = 0;
    }
    while (this.packets.length < most) this.packets.push(new PacketView(this.memory, this.metadata));
  }

  /** The packets of the first `count` positions are the burst. */
  open(count: number): void {
    this.count = count;
  }

  /** Points the next position, one of those prepared, at a frame. */
  add(base: number, length: number, portFlags: number): PacketView {
    const packet = this.packets[this.count++]!;
    packet.base = base;
    packet.first = length;
    packet.portFlags = portFlags;
    return packet;
  }

  /** Every packet of the burst expires. */
  expire(): void {
    const { packets, count } = this;
    for (let i = 0; i < count; i++) packets[i]!.expire();
    this.count = 0;
  }

  /** The burst is over; the queue has seen to its packets. */
  end(): void {
    this.count = 0;
  }
}

const outside = (index: number, count: number) => new RangeError(`position ${index} is not in a burst of ${count}`);
