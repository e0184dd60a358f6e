// SPDX-License-Identifier: BSD-3-Clause
import { WdpdkError, violation } from 'shared-memory-ipc';
import type { Memory } from '../packet/memory.ts';
import type { PacketView } from '../packet/packet.ts';
import type { Packet } from '../packet/types.ts';
import type { QueueCore } from './core.ts';
import { RxQueueView } from './rx.ts';
import type { Transmitter } from './transmitter.ts';
import type { TxLane } from './tx-lane.ts';
import { TxPart } from './tx.ts';
import type { Op, RxTxQueue, TxBatch } from './types.ts';

/**
 * Half of the slots circulate for receiving. A frame that is sent on leaves the circulation; completed slots fill it
 * up again first.
 */
const RX_SHARE = 0.5;

export class RxTxQueueView extends RxQueueView implements RxTxQueue {
  private readonly part: TxPart;
  private readonly transmitter: Transmitter;
  private readonly memory: Memory;
  /** Where the current burst's frames can be sent from. */
  private lane: TxLane;
  private readonly lazyReap: number;

  constructor(core: QueueCore) {
    super(core, RX_SHARE);
    this.part = new TxPart(core, this.receiver);
    this.transmitter = this.part.transmitter;
    this.lane = this.transmitter.lanes[0]!;
    this.memory = core.memory;
    this.lazyReap = Math.max(1, Math.min(128, core.layout.laneSlots >> 3));
  }

  send(packet: Packet): boolean {
    const own = packet as PacketView;
    const { base, pieces } = own;
    // No other object shares this memory: packets are of one class, and each queue has a memory object of its own.
    if (own.memory !== this.memory || base < 0) throw this.refusal(own);
    const count = pieces === undefined ? 1 : 1 + (pieces.length >> 1);
    if (!this.lane.hasLimitFor(count) && !this.makeRoomFor(count)) return false;
    this.move(base, own.first, count > 1);
    if (pieces !== undefined)
      for (let i = 0; i < pieces.length; i += 2) this.move(pieces[i]!, pieces[i + 1]!, i + 2 < pieces.length);
    own.expire();
    return true;
  }

  private makeRoomFor(count: number): boolean {
    this.part.reap();
    return this.lane.hasLimitFor(count);
  }

  /** Why a packet cannot be sent. All packets have expired when the queue has ended. */
  private refusal(packet: PacketView): Error {
    this.core.assertUsable();
    if (packet.memory !== this.memory) return notOurs(this.core.object);
    packet.live();
    return violation(this.core.object, 'a packet without a place');
  }

  override begin(max: number): number {
    // Completions come in batches of their own; looking at each poll would cost two atomics a burst for nothing.
    if (this.transmitter.outstanding >= this.lazyReap) {
      this.core.assertUsable();
      this.part.reap();
    }
    const frames = super.begin(max);
    if (frames > 0) this.lane = this.transmitter.lanes[this.receiver.current]!;
    else if (this.transmitter.outstanding > 0) this.part.reap();
    return frames;
  }

  /** Everything sent during the burst is published with it, by one store. */
  override finish(): void {
    super.finish();
    if (!this.core.ended) this.transmitter.publish();
  }

  override ready(): boolean {
    return super.ready() || this.starved();
  }

  /** Completions end the wait, too, when enough are out that a lane's rx could be without slots. */
  override arm(): void {
    super.arm();
    if (!this.core.ended && this.transmitter.outstanding >= this.lazyReap) this.transmitter.arm();
  }

  override disarm(): void {
    super.disarm();
    if (!this.core.ended) this.transmitter.disarm();
  }

  reserve(n: number): TxBatch {
    return this.part.reserve(n);
  }
  sendFrame(bytes: Uint8Array): boolean {
    return this.part.sendFrame(bytes);
  }
  writable(n?: number, options?: Op): Promise<void> {
    return this.part.writable(n, options);
  }
  flush(options?: Op): Promise<void> {
    return this.part.flush(options);
  }

  protected override expire(): void {
    super.expire();
    this.part?.expire();
  }

  /** True when completions wait that would give rx its slots back: without them nothing might ever come. */
  private starved(): boolean {
    const { transmitter } = this;
    return transmitter.outstanding >= this.lazyReap && transmitter.ready();
  }

  private move(position: number, length: number, more: boolean): void {
    const { slots } = this.lane;
    this.lane.stage(((position - slots.base) | 0) >> slots.shift, position, length, more);
    this.receiver.moved();
  }
}

const notOurs = (object: string) =>
  new WdpdkError('WDPDK_E_ARGUMENT', 'only a packet that this queue received can be sent from its place', {
    object,
    remedy: 'Use sendFrame(packet.copy()) for others',
  });
