// SPDX-License-Identifier: BSD-3-Clause
import { WdpdkError } from 'shared-memory-ipc';
import type { Memory } from '../packet/memory.ts';
import { type CoveredSum, FrameTemplate, type Template } from '../packet/template.ts';
import { afterWrite, beforeWrite } from './kept-sums.ts';
import type { TxLane } from './tx-lane.ts';
import type { TxSlot } from './types.ts';

/** One object per position of a batch, pointed at slot after slot. Its position is -1 when its batch has ended. */
export class SlotView implements TxSlot {
  /** Of the frame's first byte in the segment. */
  position = -1;
  used = 0;
  readonly capacity: number;
  private readonly u8: Uint8Array;
  private readonly view: DataView;
  /** What the setters keep right: those of the template the frame came from. */
  private sums: readonly CoveredSum[] | undefined = undefined;
  lane: TxLane;
  private readonly memory: Memory;

  constructor(memory: Memory, lane: TxLane, capacity: number) {
    this.capacity = capacity;
    this.u8 = memory.u8;
    this.view = memory.view;
    this.memory = memory;
    this.lane = lane;
  }

  get length(): number {
    return this.used;
  }

  write(bytes: Uint8Array): this {
    const { position } = this;
    const { length } = bytes;
    if (position < 0) throw expired();
    if (length > this.capacity) throw tooLong(length, this.capacity);
    this.u8.set(bytes, position);
    this.used = length;
    if (this.sums !== undefined) this.sums = undefined;
    return this;
  }

  from(template: Template): this {
    const { position } = this;
    if (position < 0) throw expired();
    if (!(template instanceof FrameTemplate)) throw noTemplate();
    const { length, sums } = template;
    if (length > this.capacity) throw tooLong(length, this.capacity);
    this.u8.set(template.bytes, position);
    this.used = length;
    if (this.sums !== sums) this.sums = sums;
    return this;
  }

  setU8(offset: number, value: number): this {
    const at = this.within(offset, 1);
    const { sums } = this;
    if (sums === undefined) this.view.setUint8(at, value);
    else {
      beforeWrite(this.memory, sums, this.position, offset, 1);
      this.view.setUint8(at, value);
      afterWrite(this.memory, sums, this.position, offset, 1);
    }
    return this;
  }

  setU16(offset: number, value: number): this {
    const at = this.within(offset, 2);
    const { sums } = this;
    if (sums === undefined) this.view.setUint16(at, value);
    else {
      beforeWrite(this.memory, sums, this.position, offset, 2);
      this.view.setUint16(at, value);
      afterWrite(this.memory, sums, this.position, offset, 2);
    }
    return this;
  }

  setU32(offset: number, value: number): this {
    const at = this.within(offset, 4);
    const { sums } = this;
    if (sums === undefined) this.view.setUint32(at, value);
    else {
      beforeWrite(this.memory, sums, this.position, offset, 4);
      this.view.setUint32(at, value);
      afterWrite(this.memory, sums, this.position, offset, 4);
    }
    return this;
  }

  private within(offset: number, bytes: number): number {
    if (this.position < 0) throw expired();
    if (!(offset >= 0 && offset + bytes <= this.used))
      throw new RangeError(`${bytes} bytes at ${offset} are beyond a frame of ${this.used} bytes`);
    return this.position + offset;
  }
}

const tooLong = (length: number, capacity: number) =>
  new RangeError(`a frame of ${length} bytes does not fit into a slot of ${capacity}: use sendFrame`);

const noTemplate = () =>
  new WdpdkError('WDPDK_E_ARGUMENT', 'from() was given no template', {
    object: 'slot',
    remedy: 'Make one by template(frame), once',
  });

const expired = () =>
  new WdpdkError('WDPDK_E_PACKET_EXPIRED', 'the slot was used after its batch had ended', {
    object: 'slot',
    remedy: 'Reserve another batch',
  });
