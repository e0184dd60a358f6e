// SPDX-License-Identifier: BSD-3-Clause
//
// The transmitting half of a queue, over all its lanes. Frames of a queue leave in order as long as they go out on one lane, so a
// lane is kept to while it has room.
import { WdpdkError, protocol } from 'shared-memory-ipc';
import type { Memory } from '../packet/memory.ts';
import type { QueueCore } from './core.ts';
import type { RxLane } from './rx-lane.ts';
import { TxLane } from './tx-lane.ts';

export const MIN_FRAME = 14;

export class Transmitter {
  readonly memory: Memory;
  /** Bytes of a frame that fit into one slot. */
  readonly slotCapacity: number;
  readonly lanes: readonly TxLane[];
  /** The receiving half of each lane, when the queue has one: completed slots go there first. */
  private readonly receivers: readonly RxLane[];
  private turn = 0;

  constructor(core: QueueCore, receivers: readonly RxLane[] = []) {
    this.memory = core.memory;
    this.slotCapacity = core.layout.slotSize - protocol.UMEM_HEADROOM;
    this.lanes = core.layout.lanes.map((lane, i) => new TxLane(core.memory.i32, lane, core.slots[i]!));
    this.receivers = receivers;
  }

  /** Slots that could be sent now. */
  get room(): number {
    let sum = 0;
    for (const lane of this.lanes) sum += lane.room;
    return sum;
  }

  /** Slots on their way. */
  get outstanding(): number {
    let sum = 0;
    for (const lane of this.lanes) sum += lane.outstanding;
    return sum;
  }

  /** The most that `room` can ever be. */
  get capacity(): number {
    return this.lanes.reduce(
      (sum, lane, i) => sum + Math.min(lane.limit, lane.slots.share - (this.receivers[i]?.target ?? 0)),
      0,
    );
  }

  /** The lane to go on with: the last one, unless it has no room for `pieces` and another one has. */
  laneFor(pieces: number): TxLane {
    const { lanes } = this;
    const current = lanes[this.turn]!;
    if (lanes.length === 1 || current.room >= pieces) return current;
    for (let i = 1; i < lanes.length; i++) {
      const turn = (this.turn + i) % lanes.length;
      if (lanes[turn]!.room < pieces) continue;
      this.turn = turn;
      return lanes[turn]!;
    }
    return current;
  }

  /** Takes back what the dataplane is done with. Throws WDPDK_E_PROTOCOL. */
  reap(): void {
    const { lanes, receivers } = this;
    for (let i = 0; i < lanes.length; i++) lanes[i]!.reap(receivers[i]);
  }

  publish(): void {
    for (const lane of this.lanes) lane.tx.publish();
  }

  /** Copies a frame into as many free slots of one lane as it needs. False when no lane has enough. */
  sendFrame(bytes: Uint8Array, mtu: number): boolean {
    if (bytes.length < MIN_FRAME || (mtu > 0 && bytes.length > mtu + MIN_FRAME + 8))
      throw new WdpdkError('WDPDK_E_ARGUMENT', `a frame of ${bytes.length} bytes cannot be sent`, {
        object: 'frame',
        remedy: `Frames have ${MIN_FRAME} bytes or more and an MTU of ${mtu}`,
      });
    const pieces = Math.ceil(bytes.length / this.slotCapacity);
    const lane = this.laneFor(pieces);
    if (lane.room < pieces) return false;
    for (let at = 0; at < bytes.length; at += this.slotCapacity) {
      const slot = lane.slots.take();
      const part = bytes.subarray(at, at + this.slotCapacity);
      const position = lane.frameOf(slot);
      this.memory.u8.set(part, position);
      lane.stage(slot, position, part.length, at + part.length < bytes.length);
    }
    lane.tx.publish();
    return true;
  }

  /** Completions are there to be taken. */
  ready(): boolean {
    for (const lane of this.lanes) if (lane.completion.available() > 0) return true;
    return false;
  }

  arm(): void {
    for (const lane of this.lanes) lane.completion.arm();
  }

  disarm(): void {
    for (const lane of this.lanes) lane.completion.disarm();
  }
}
