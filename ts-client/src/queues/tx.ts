// SPDX-License-Identifier: BSD-3-Clause
import { WdpdkError } from 'shared-memory-ipc';
import { waitUntilReady, withTimeout } from '../wait.ts';
import { BatchPool } from './batch.ts';
import type { QueueCore } from './core.ts';
import type { Receiver } from './receiver.ts';
import { Transmitter } from './transmitter.ts';
import type { Op, QueueStats, TxBatch, TxQueue } from './types.ts';

/** The methods of a transmitting queue, for a queue of its own or as the half of one. */
export class TxPart {
  readonly transmitter: Transmitter;
  private readonly core: QueueCore;
  private readonly batches: BatchPool;

  constructor(core: QueueCore, receiver?: Receiver) {
    this.core = core;
    this.transmitter = new Transmitter(core, receiver?.lanes);
    this.batches = new BatchPool(this.transmitter);
  }

  reserve(n: number): TxBatch {
    this.core.assertUsable();
    if (this.transmitter.room < n) this.reap();
    return this.batches.reserve(n);
  }

  sendFrame(bytes: Uint8Array): boolean {
    this.core.assertUsable();
    this.reap();
    return this.transmitter.sendFrame(bytes, this.core.mtu);
  }

  async writable(n = 1, options: Op = {}): Promise<void> {
    const most = this.transmitter.capacity;
    if (!Number.isInteger(n) || n < 1 || n > most)
      throw new RangeError(`${n} slots are never free at once, ${most} can be`);
    await this.until(() => this.transmitter.room >= n, options, `${n} free slots`);
  }

  flush(options: Op = {}): Promise<void> {
    return this.until(() => this.transmitter.outstanding === 0, options, 'the end of transmission');
  }

  reap(): void {
    try {
      this.transmitter.reap();
    } catch (error) {
      throw this.core.broken(error);
    }
  }

  expire(): void {
    this.batches.expire();
  }

  private async until(done: () => boolean, options: Op, what: string): Promise<void> {
    const { core, transmitter } = this;
    const late = () =>
      new WdpdkError('WDPDK_E_TIMEOUT', `${core.object}: waited ${options.timeoutMs} ms for ${what}`, {
        object: core.object,
      });
    const limit = withTimeout(options.signal, options.timeoutMs, late);
    const source = {
      ready: () => core.ended || mayReap(transmitter),
      arm: () => void (core.ended || transmitter.arm()),
      disarm: () => void (core.ended || transmitter.disarm()),
    };
    try {
      for (;;) {
        core.assertUsable();
        this.reap();
        if (done()) return;
        core.checkPeer();
        await waitUntilReady(source, core.session.waker, limit.signal);
      }
    } finally {
      limit.done();
    }
  }
}

function mayReap(transmitter: Transmitter): boolean {
  try {
    return transmitter.ready();
  } catch {
    // The next reap meets the same thing and reports it.
    return true;
  }
}

export class TxQueueView implements TxQueue {
  private readonly core: QueueCore;
  private readonly part: TxPart;

  constructor(core: QueueCore) {
    this.core = core;
    this.part = new TxPart(core);
    core.onEnd = () => this.part.expire();
  }

  get id(): number {
    return this.core.id;
  }
  get mtu(): number {
    return this.core.mtu;
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
  stats(): QueueStats {
    return this.core.stats();
  }
  close(): Promise<void> {
    return this.core.close();
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
