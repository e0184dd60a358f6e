// SPDX-License-Identifier: BSD-3-Clause
//
// Segments as the dataplane makes them, from the text of the protocol.
import { protocol as P } from 'shared-memory-ipc';

export interface QueueShape {
  slots: number;
  slotSize: number;
  entries: number;
  /** Value at which every index starts. */
  start: number;
  metadata: boolean;
  rx: boolean;
  tx: boolean;
  lanes: number;
}

export const defaultShape: QueueShape = {
  slots: 64,
  slotSize: 2048,
  entries: 64,
  start: 0xffffffc0,
  metadata: true,
  rx: true,
  tx: true,
  lanes: 1,
};

interface AreaPlan {
  type: number;
  lane?: number;
  size: number;
  count: number;
  stride: number;
}

function build(kind: number, id: number, generation: bigint, plans: AreaPlan[], shape?: QueueShape): Buffer {
  let offset = P.SEGMENT_HEADER_BYTES;
  const placed = plans.map((plan) => {
    const at = offset;
    offset = (offset + plan.size + 4095) & ~4095;
    return { ...plan, offset: at };
  });
  const b = Buffer.alloc(offset);
  b.write(P.SEGMENT_MAGIC, P.SEGMENT_OFF_MAGIC, 'latin1');
  b.writeUInt16LE(P.VERSION_MAJOR, P.SEGMENT_OFF_ABI_MAJOR);
  b.writeUInt32LE(P.SEGMENT_STATE_LIVE, P.SEGMENT_OFF_STATE);
  b.writeBigUInt64LE(BigInt(offset), P.SEGMENT_OFF_TOTAL_SIZE);
  b.writeBigUInt64LE(generation, P.SEGMENT_OFF_GENERATION);
  b.writeBigUInt64LE(shape?.metadata ? 1n : 0n, P.SEGMENT_OFF_FEATURES);
  b.writeUInt32LE(kind, P.SEGMENT_OFF_KIND);
  b.writeUInt32LE(id, P.SEGMENT_OFF_QUEUE_ID);
  b.writeUInt32LE(shape?.lanes ?? 0, P.SEGMENT_OFF_LANE_COUNT);
  b.writeUInt32LE(placed.length, P.SEGMENT_OFF_AREA_COUNT);
  b.writeUInt32LE(shape?.slotSize ?? 0, P.SEGMENT_OFF_SLOT_SIZE);
  placed.forEach((area, i) => {
    const at = P.SEGMENT_OFF_AREAS + i * P.SEGMENT_AREA_ENTRY_BYTES;
    b.writeUInt32LE(area.type, at + P.AREA_OFF_TYPE);
    b.writeUInt32LE(area.lane ?? 0, at + P.AREA_OFF_LANE);
    b.writeBigUInt64LE(BigInt(area.offset), at + P.AREA_OFF_OFFSET);
    b.writeBigUInt64LE(BigInt(area.size), at + P.AREA_OFF_SIZE);
    b.writeUInt32LE(area.count, at + P.AREA_OFF_COUNT);
    b.writeUInt32LE(area.stride, at + P.AREA_OFF_STRIDE);
    if (area.type <= P.AREA_COMPLETION && shape) {
      b.writeUInt32LE(shape.start, area.offset + P.RING_PRODUCER);
      b.writeUInt32LE(shape.start, area.offset + P.RING_CONSUMER);
    }
  });
  return b;
}

export function queueSegment(shape: QueueShape, id: number, generation: bigint): Buffer {
  const ring = (lane: number, type: number, stride: number): AreaPlan => ({
    type,
    lane,
    size: P.RING_ENTRIES + shape.entries * stride,
    count: shape.entries,
    stride,
  });
  const plans: AreaPlan[] = [
    { type: P.AREA_UMEM, size: shape.slots * shape.slotSize, count: shape.slots, stride: shape.slotSize },
  ];
  for (let lane = 0; lane < shape.lanes; lane++) {
    plans.push({ type: P.AREA_QUEUE_COUNTERS, lane, size: 256, count: 1, stride: 256 });
    if (shape.rx) plans.push(ring(lane, P.AREA_FILL, 4), ring(lane, P.AREA_RX, P.DESC_BYTES));
    if (shape.tx) plans.push(ring(lane, P.AREA_TX, P.DESC_BYTES), ring(lane, P.AREA_COMPLETION, 4));
  }
  return build(P.SEGMENT_KIND_QUEUE, id, generation, plans, shape);
}

export const LCORE_STRIDE = P.LCORE_BLOCK_PORTS + P.LIMIT_PORTS * P.LCORE_BLOCK_PORT_STRIDE;

export const countersSegment = (lcores: number, generation: bigint): Buffer =>
  build(P.SEGMENT_KIND_COUNTERS, 0, generation, [
    { type: P.AREA_LCORE_COUNTERS, size: lcores * LCORE_STRIDE, count: lcores, stride: LCORE_STRIDE },
  ]);
