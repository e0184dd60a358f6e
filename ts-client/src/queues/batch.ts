// SPDX-License-Identifier: BSD-3-Clause
import { WdpdkError } from 'shared-memory-ipc';
import { type CoveredSum, FrameTemplate, type Template } from '../packet/template.ts';
import { afterWrite, beforeWrite } from './kept-sums.ts';
import { MIN_FRAME, type Transmitter } from './transmitter.ts';
import type { TxLane } from './tx-lane.ts';
import type { TxBatch, TxSlot } from './types.ts';

const PAGE = 'Reserve another batch';

/** Up to here a loop over words is faster than TypedArray.set. */
const BY_WORDS = 128;

/** A frame begins at a multiple of 4, and its slot ends at one: the last word may go over the frame's end. */
function copyWords(words: Int32Array, to: Int32Array, at: number): void {
  for (let i = 0; i < words.length; i++) to[at + i] = words[i]!;
}

const noTemplate = () =>
  new WdpdkError('WDPDK_E_ARGUMENT', 'from() was given no template', {
    object: 'slot',
    remedy: 'Make one by template(frame), once',
  });

class SlotView implements TxSlot {
  lane: TxLane;
  slot = 0;
  position = 0;
  used = 0;
  /** What the setters keep right: those of the template the frame came from. */
  private sums: readonly CoveredSum[] | undefined = undefined;
  batch: BatchView | undefined = undefined;
  readonly capacity: number;
  private readonly tx: Transmitter;

  constructor(tx: Transmitter) {
    this.tx = tx;
    this.lane = tx.lanes[0]!;
    this.capacity = tx.slotCapacity;
  }

  get length(): number {
    return this.used;
  }

  write(bytes: Uint8Array): this {
    this.assertOpen();
    if (bytes.length > this.capacity) throw this.tooLong(bytes.length);
    this.tx.memory.u8.set(bytes, this.position);
    this.used = bytes.length;
    this.sums = undefined;
    return this;
  }
  from(template: Template): this {
    this.assertOpen();
    if (!(template instanceof FrameTemplate)) throw noTemplate();
    const { length } = template;
    if (length > this.capacity) throw this.tooLong(length);
    if (length <= BY_WORDS) copyWords(template.words, this.tx.memory.i32, this.position >>> 2);
    else this.tx.memory.u8.set(template.bytes, this.position);
    this.used = length;
    this.sums = template.sums;
    return this;
  }
  setU8(offset: number, value: number): this {
    const at = this.within(offset, 1);
    this.before(offset, 1);
    this.tx.memory.view.setUint8(at, value);
    this.after(offset, 1);
    return this;
  }
  setU16(offset: number, value: number): this {
    const at = this.within(offset, 2);
    this.before(offset, 2);
    this.tx.memory.view.setUint16(at, value);
    this.after(offset, 2);
    return this;
  }
  setU32(offset: number, value: number): this {
    const at = this.within(offset, 4);
    this.before(offset, 4);
    this.tx.memory.view.setUint32(at, value);
    this.after(offset, 4);
    return this;
  }

  private before(offset: number, bytes: number): void {
    if (this.sums !== undefined) beforeWrite(this.tx.memory, this.sums, this.position, offset, bytes);
  }
  private after(offset: number, bytes: number): void {
    if (this.sums !== undefined) afterWrite(this.tx.memory, this.sums, this.position, offset, bytes);
  }

  private tooLong(length: number): RangeError {
    return new RangeError(`a frame of ${length} bytes does not fit into a slot of ${this.capacity}: use sendFrame`);
  }

  private within(offset: number, bytes: number): number {
    this.assertOpen();
    if (!(offset >= 0 && offset + bytes <= this.used))
      throw new RangeError(`${bytes} bytes at ${offset} are beyond a frame of ${this.used} bytes`);
    return this.position + offset;
  }

  private assertOpen(): void {
    if (!this.batch?.open)
      throw new WdpdkError('WDPDK_E_PACKET_EXPIRED', 'the slot was used after its batch had ended', {
        object: 'slot',
        remedy: PAGE,
      });
  }
}

class BatchView implements TxBatch {
  open = true;
  readonly length: number;
  private readonly pool: BatchPool;

  constructor(pool: BatchPool, length: number) {
    this.pool = pool;
    this.length = length;
  }

  at(index: number): SlotView {
    if (!Number.isInteger(index) || index < 0 || index >= this.length)
      throw new RangeError(`position ${index} is not in a batch of ${this.length}`);
    return this.pool.views[index]!;
  }

  *[Symbol.iterator](): Iterator<TxSlot, undefined> {
    for (let i = 0; i < this.length; i++) yield this.pool.views[i]!;
    return undefined;
  }

  commit(n = this.length): number {
    if (!this.open)
      throw new WdpdkError('WDPDK_E_PACKET_EXPIRED', 'the batch has ended', { object: 'batch', remedy: PAGE });
    if (!Number.isInteger(n) || n < 0 || n > this.length)
      throw new RangeError(`${n} slots of a batch of ${this.length}`);
    for (let i = 0; i < n; i++)
      if (this.pool.views[i]!.used < MIN_FRAME)
        throw new WdpdkError('WDPDK_E_ARGUMENT', `slot ${i} holds no frame`, {
          object: 'batch',
          remedy: `Write at least ${MIN_FRAME} bytes, or commit fewer slots`,
        });
    this.pool.end(n);
    return n;
  }

  [Symbol.dispose](): void {
    if (this.open) this.pool.end(0);
  }
}

/** The batches of one queue, one open at a time; slot objects are used again. */
export class BatchPool {
  readonly views: SlotView[] = [];
  private batch: BatchView | undefined;
  private readonly tx: Transmitter;

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
    const { tx } = this;
    const count = Math.min(n, tx.room);
    const batch = new BatchView(this, count);
    const first = tx.laneFor(count);
    let taken = this.takeSlots(batch, 0, count, first);
    for (const lane of tx.lanes) if (taken < count && lane !== first) taken = this.takeSlots(batch, taken, count, lane);
    this.batch = batch;
    return batch;
  }

  /** Takes slots of one lane for positions from `from` on, and returns the position where its room ends. */
  private takeSlots(batch: BatchView, from: number, to: number, lane: TxLane): number {
    const end = Math.min(to, from + lane.room);
    for (let i = from; i < end; i++) {
      const view = (this.views[i] ??= new SlotView(this.tx));
      view.lane = lane;
      view.slot = lane.slots.take();
      view.position = lane.frameOf(view.slot);
      view.used = 0;
      view.batch = batch;
    }
    return end;
  }

  /** Sends the first `n` slots of the open batch and takes the rest back. */
  end(n: number): void {
    const batch = this.batch!;
    batch.open = false;
    for (let i = 0; i < n; i++) {
      const view = this.views[i]!;
      view.lane.stage(view.slot, view.position, view.used, false);
    }
    if (n > 0) this.tx.publish();
    for (let i = batch.length - 1; i >= n; i--) this.views[i]!.lane.slots.give(this.views[i]!.slot);
  }

  /** The queue ended: slots go nowhere any more. */
  expire(): void {
    if (this.batch) this.batch.open = false;
  }
}
