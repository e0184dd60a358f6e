// SPDX-License-Identifier: BSD-3-Clause
import { WdpdkError, throwIfAborted } from 'shared-memory-ipc';
import { MAX_BURST, type BurstView } from '../packet/burst.ts';
import type { Burst } from '../packet/types.ts';
import { strict } from '../strict.ts';
import { type Source, Turn, waitUntilReady } from '../wait.ts';
import type { QueueCore } from './core.ts';
import { Receiver } from './receiver.ts';
import type { BurstsOptions, QueueStats, RunOptions, RxQueue, Sync } from './types.ts';

const DEFAULT_BURST = 32;

export class RxQueueView implements RxQueue, Source {
  protected readonly core: QueueCore;
  protected readonly receiver: Receiver;
  /** A burst is in somebody's hands. */
  private busy = false;

  constructor(core: QueueCore, share = 1) {
    this.core = core;
    this.receiver = new Receiver(core, share, strict());
    core.onEnd = () => this.expire();
  }

  get id(): number {
    return this.core.id;
  }
  get mtu(): number {
    return this.core.mtu;
  }

  poll<R>(handler: (burst: Burst) => Sync<R>, max = DEFAULT_BURST): number {
    const frames = this.begin(max);
    if (frames === 0) {
      this.core.checkPeer();
      return 0;
    }
    try {
      const result: unknown = handler(this.receiver.burst);
      if (typeof result === 'object' && result !== null && typeof (result as { then?: unknown }).then === 'function')
        throw notSync();
    } finally {
      this.finish();
    }
    return frames;
  }

  async run<R>(handler: (burst: Burst) => Sync<R>, options: RunOptions = {}): Promise<void> {
    const { signal } = options;
    const turn = new Turn();
    for (;;) {
      throwIfAborted(signal);
      if (this.core.closedByOwner) return;
      if (this.poll(handler) > 0) {
        if (turn.due()) await turn.give();
      } else {
        await waitUntilReady(this, this.core.session.waker, signal);
        // Spinning alone never reaches the event loop.
        if (turn.due()) await turn.give();
      }
    }
  }

  bursts(options: BurstsOptions = {}): AsyncIterableIterator<Burst> {
    return new BurstStream(this, options);
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

  get closedByOwner(): boolean {
    return this.core.closedByOwner;
  }

  wait(signal: AbortSignal | undefined): Promise<void> {
    return waitUntilReady(this, this.core.session.waker, signal);
  }

  /** Begins a burst; 0 when there is nothing. `finish` must follow otherwise. */
  begin(max: number): number {
    this.core.assertUsable();
    if (this.busy) throw inUse(this.core.object);
    if (!(max >= 1 && max <= MAX_BURST))
      throw new RangeError(`a burst of ${max} frames; 1 to ${MAX_BURST} are possible`);
    let frames: number;
    try {
      frames = this.receiver.take(max);
    } catch (error) {
      throw this.core.broken(error);
    }
    this.busy = frames > 0;
    return frames;
  }

  finish(): void {
    this.busy = false;
    if (!this.core.ended) this.receiver.finish();
  }

  get burst(): BurstView {
    return this.receiver.burst;
  }

  assertAlive(): void {
    this.core.checkPeer();
  }

  ready(): boolean {
    if (this.core.ended) return true;
    try {
      return this.receiver.ready();
    } catch {
      // The next poll meets the same thing and reports it.
      return true;
    }
  }

  arm(): void {
    if (!this.core.ended) this.receiver.arm();
  }

  disarm(): void {
    if (!this.core.ended) this.receiver.disarm();
  }

  protected expire(): void {
    this.receiver.burst.expire();
  }
}

const notSync = () =>
  new WdpdkError('WDPDK_E_ARGUMENT', 'the handler is asynchronous, but packets are gone when it continues', {
    object: 'handler',
    remedy: 'Use a plain function, and copy() what is needed later',
  });

const inUse = (object: string) =>
  new WdpdkError('WDPDK_E_IN_USE', `a burst of ${object} is still being handled`, {
    object,
    remedy: 'Poll a queue from one place at a time, and not from inside its handler',
  });

class BurstStream implements AsyncIterableIterator<Burst> {
  private readonly queue: RxQueueView;
  private readonly signal: AbortSignal | undefined;
  private readonly max: number;
  private readonly turn: Turn;
  private out = false;
  private ended = false;
  /** Each answer with a burst: it is always the same burst object, so that one promise does for all. */
  private readonly filled: Promise<IteratorResult<Burst, undefined>>;

  constructor(queue: RxQueueView, options: BurstsOptions) {
    this.queue = queue;
    this.filled = Promise.resolve({ done: false, value: queue.burst });
    this.signal = options.signal;
    this.max = options.max ?? DEFAULT_BURST;
    this.turn = new Turn(options.yieldMs);
  }

  next(): Promise<IteratorResult<Burst, undefined>> {
    try {
      this.giveBack();
      if (!this.ended && !this.turn.due() && !this.signal?.aborted && !this.queue.closedByOwner && this.take())
        return this.filled;
    } catch (error) {
      this.ended = true;
      return Promise.reject(error as Error);
    }
    return this.later();
  }

  return(): Promise<IteratorResult<Burst, undefined>> {
    this.giveBack();
    this.ended = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private take(): boolean {
    this.out = this.queue.begin(this.max) > 0;
    return this.out;
  }

  private async later(): Promise<IteratorResult<Burst, undefined>> {
    try {
      if (this.turn.due()) await this.turn.give();
      for (;;) {
        throwIfAborted(this.signal);
        if (this.ended || this.queue.closedByOwner) {
          this.ended = true;
          return { done: true, value: undefined };
        }
        if (this.take()) return { done: false, value: this.queue.burst };
        this.queue.assertAlive();
        await this.queue.wait(this.signal);
        if (this.turn.due()) await this.turn.give();
      }
    } catch (error) {
      this.ended = true;
      throw error;
    }
  }

  private giveBack(): void {
    if (!this.out) return;
    this.out = false;
    this.queue.finish();
  }
}
