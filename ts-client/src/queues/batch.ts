// SPDX-License-Identifier: BSD-3-Clause
import { WdpdkError } from 'shared-memory-ipc';
import { strict } from '../strict.ts';
import { SlotView } from './slot.ts';
import { MIN_FRAME, type Transmitter } from './transmitter.ts';
import type { TxBatch, TxSlot } from './types.ts';

class BatchView implements TxBatch {
  open = true;
  readonly length: number;
  private readonly pool: BatchPool;

  constructor(pool: BatchPool, length: number) {
    this.pool = pool;
    this.length = length;
  }

  at(index: number): SlotView {
    if (!this.open) throw ended();
    if (!Number.isInteger(index) || index < 0 || index >= this.length)
      throw new RangeError(`position ${index} is not in a batch of ${this.length}`);
    return this.pool.views[index]!;
  }

  [Symbol.iterator](): IterableIterator<TxSlot> {
    if (!this.open) throw ended();
    return this.pool.first(this.length)[Symbol.iterator]();
  }

  commit(n = this.length): number {
    if (!this.open) throw ended();
    if (!Number.isInteger(n) || n < 0 || n > this.length)
      throw new RangeError(`${n} slots of a batch of ${this.length}`);
    const { views } = this.pool;
    for (let i = 0; i < n; i++) if (views[i]!.used < MIN_FRAME) throw noFrame(i);
    this.pool.end(n);
    return n;
  }

  [Symbol.dispose](): void {
    if (this.open) this.pool.end(0);
  }
}

const ended = () =>
  new WdpdkError('WDPDK_E_PACKET_EXPIRED', 'the batch has ended', { object: 'batch', remedy: 'Reserve another batch' });

const noFrame = (i: number) =>
  new WdpdkError('WDPDK_E_ARGUMENT', `slot ${i} holds no frame`, {
    object: 'batch',
    remedy: `Write at least ${MIN_FRAME} bytes, or commit fewer slots`,
  });

/** The batches of one queue, one open at a time; slot objects are used again, but in strict mode. */
export class BatchPool {
  readonly views: SlotView[] = [];
  /** By length: the first so many views. V8 knows arrays' own iterators best. */
  private readonly prefixes: (SlotView[] | undefined)[] = [];
  private batch: BatchView | undefined;
  private readonly tx: Transmitter;
  private readonly fresh = strict();

  constructor(tx: Transmitter) {
    this.tx = tx;
  }

  reserve(n: number): TxBatch {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`cannot reserve ${n} slots`);
    if (this.batch?.open)
      throw new WdpdkError('WDPDK_E_IN_USE', 'the last batch is still open', {
        object: 'batch',
        remedy: 'Commit or dispose of it first',
      });
    const { tx, views } = this;
    const { room } = tx;
    const count = n < room ? n : room;
    if (this.fresh) {
      views.length = 0;
      this.prefixes.length = 0;
    }
    while (views.length < count) views.push(new SlotView(tx.memory, tx.lanes[0]!, tx.slotCapacity));
    const first = tx.laneFor(count);
    let taken = first.reserve(views, 0, count);
    if (taken < count)
      for (const lane of tx.lanes) if (taken < count && lane !== first) taken = lane.reserve(views, taken, count);
    this.batch = new BatchView(this, count);
    return this.batch;
  }

  first(count: number): readonly SlotView[] {
    let views = this.prefixes[count];
    if (views === undefined) {
      views = this.views.slice(0, count);
      this.prefixes[count] = views;
    }
    return views;
  }

  /** Sends the first `n` slots of the open batch and takes the rest back. */
  end(n: number): void {
    const { views } = this;
    const batch = this.batch!;
    batch.open = false;
    for (let i = batch.length - 1; i >= n; i--) views[i]!.lane.giveBack(views[i]!);
    if (n === 0) return;
    for (let i = 0; i < n;) i = views[i]!.lane.stageSlots(views, i, n);
    this.tx.publish();
  }

  /** The queue ended: slots go nowhere any more. */
  expire(): void {
    const { batch, views } = this;
    if (!batch?.open) return;
    batch.open = false;
    for (let i = 0; i < batch.length; i++) views[i]!.position = -1;
  }
}
