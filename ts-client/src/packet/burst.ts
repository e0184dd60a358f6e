// SPDX-License-Identifier: BSD-3-Clause
import type { Memory } from './memory.ts';
import { PacketView } from './packet.ts';
import type { Burst, Packet } from './types.ts';

/** Positions in one burst at most. */
export const MAX_BURST = 256;

/**
 * The one burst object of a queue. `begin`, `next` and `end` are the queue's; users see `Burst`. In strict mode every
 * frame gets a fresh object, so that one kept too long is always found out; otherwise it might silently show a frame
 * of a later burst.
 */
export class BurstView implements Burst {
  generation = 1;
  private count = 0;
  private readonly packets: PacketView[] = [];
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
    if (index >>> 0 >= this.count || !Number.isInteger(index))
      throw new RangeError(`position ${index} is not in a burst of ${this.count}`);
    return this.packets[index]!;
  }

  [Symbol.iterator](): Iterator<Packet, undefined> {
    return new BurstIterator(this.packets, this.count);
  }

  /** Points the next position at a frame. */
  add(base: number, length: number, portFlags: number): PacketView {
    const position = this.count++;
    let packet = this.packets[position];
    if (packet === undefined || this.strict) {
      packet = new PacketView(this.memory, this, this.metadata);
      this.packets[position] = packet;
    }
    packet.stamp = this.generation;
    packet.base = base;
    packet.first = length;
    packet.total = length;
    packet.portFlags = portFlags;
    if (packet.pieces !== undefined) packet.pieces = undefined;
    return packet;
  }

  /** Every packet of the burst expires. */
  end(): void {
    this.count = 0;
    this.generation = (this.generation + 1) & 0x3fffffff;
  }
}

class BurstIterator implements Iterator<Packet, undefined> {
  private index = 0;
  private readonly packets: readonly PacketView[];
  private readonly count: number;

  constructor(packets: readonly PacketView[], count: number) {
    this.packets = packets;
    this.count = count;
  }

  next(): IteratorResult<Packet, undefined> {
    const { index } = this;
    if (index >= this.count) return { done: true, value: undefined };
    this.index = index + 1;
    return { done: false, value: this.packets[index]! };
  }
}
