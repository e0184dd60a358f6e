// SPDX-License-Identifier: BSD-3-Clause
//
// Reads the header of a segment once, checks every number in it against the size we mapped, and hands out a
// private copy. Nothing of the header but STATE and CLOSE_REASON is looked at again.
import { violation } from './errors.ts';
import * as P from './protocol.ts';

export interface Area {
  readonly type: number;
  readonly lane: number;
  /** Bytes from the start of the segment. */
  readonly offset: number;
  readonly size: number;
  readonly count: number;
  readonly stride: number;
}

export interface Lane {
  readonly fill: Area | undefined;
  readonly rx: Area | undefined;
  readonly tx: Area | undefined;
  readonly completion: Area | undefined;
  readonly counters: Area | undefined;
}

export interface SegmentLayout {
  readonly totalSize: number;
  readonly generation: bigint;
  readonly kind: number;
  readonly queueId: number;
  readonly slotSize: number;
  readonly metadata: boolean;
  /** One per lcore that delivers to the queue or takes from it. */
  readonly lanes: readonly Lane[];
  readonly umem: Area | undefined;
  /** Lane i may use slots i * laneSlots to (i + 1) * laneSlots - 1 and no others. */
  readonly laneSlots: number;
  readonly lcoreCounters: Area | undefined;
}

const QUEUE_COUNTER_BYTES = (P.QUEUE_COUNTER_COUNT + P.QUEUE_DROP_COUNT) * 8;
const OBJECT = 'segment header';
const refuse = (message: string) => violation(OBJECT, message);
const powerOfTwo = (n: number) => n > 0 && (n & (n - 1)) === 0;

/** A u64 that must be a byte count within the segment. */
function size64(view: DataView, at: number, what: string, limit: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(limit)) throw refuse(`${what} ${value} is beyond ${limit}`);
  return Number(value);
}

function readArea(view: DataView, at: number, total: number): Area {
  const area: Area = {
    type: view.getUint32(at + P.AREA_OFF_TYPE, true),
    lane: view.getUint32(at + P.AREA_OFF_LANE, true),
    offset: size64(view, at + P.AREA_OFF_OFFSET, 'area offset', total),
    size: size64(view, at + P.AREA_OFF_SIZE, 'area size', total),
    count: view.getUint32(at + P.AREA_OFF_COUNT, true),
    stride: view.getUint32(at + P.AREA_OFF_STRIDE, true),
  };
  if (area.offset < P.SEGMENT_HEADER_BYTES || area.offset + area.size > total)
    throw refuse('an area lies outside the segment');
  if (area.offset % 8 !== 0) throw refuse('an area is not aligned');
  const ring = area.type >= P.AREA_FILL && area.type <= P.AREA_COMPLETION;
  if (area.count * area.stride + (ring ? P.RING_ENTRIES : 0) > area.size)
    throw refuse('an area is smaller than its entries');
  if (ring) {
    if (!powerOfTwo(area.count) || area.count < P.RING_MIN_ENTRIES || area.count > P.RING_MAX_ENTRIES)
      throw refuse(`a ring of ${area.count} entries`);
    const wanted = area.type === P.AREA_RX || area.type === P.AREA_TX ? P.DESC_BYTES : 4;
    if (area.stride !== wanted) throw refuse(`a ring with entries of ${area.stride} bytes`);
  }
  return area;
}

function readAreas(view: DataView, total: number): Area[] {
  const count = view.getUint32(P.SEGMENT_OFF_AREA_COUNT, true);
  if (count === 0 || count > P.SEGMENT_MAX_AREAS) throw refuse(`${count} areas`);
  const areas: Area[] = [];
  for (let i = 0; i < count; i++)
    areas.push(readArea(view, P.SEGMENT_OFF_AREAS + i * P.SEGMENT_AREA_ENTRY_BYTES, total));
  const byOffset = areas.filter((a) => a.size > 0).sort((a, b) => a.offset - b.offset);
  for (let i = 1; i < byOffset.length; i++)
    if (byOffset[i - 1]!.offset + byOffset[i - 1]!.size > byOffset[i]!.offset) throw refuse('two areas overlap');
  return areas;
}

function only(areas: readonly Area[], type: number, lane?: number): Area | undefined {
  const found = areas.filter((a) => a.type === type && (lane === undefined || a.lane === lane));
  if (found.length > 1) throw refuse(`${found.length} areas of type ${type}`);
  return found[0];
}

function readLanes(view: DataView, areas: readonly Area[]): Lane[] {
  const count = view.getUint32(P.SEGMENT_OFF_LANE_COUNT, true);
  if (count > P.LIMIT_LANES) throw refuse(`${count} lanes`);
  // What belongs to the whole segment stands in lane 0.
  if (areas.some((a) => a.lane >= (a.type <= P.AREA_COMPLETION || a.type === P.AREA_QUEUE_COUNTERS ? count : 1)))
    throw refuse('an area of a lane that does not exist');
  return Array.from({ length: count }, (_, lane) => ({
    fill: only(areas, P.AREA_FILL, lane),
    rx: only(areas, P.AREA_RX, lane),
    tx: only(areas, P.AREA_TX, lane),
    completion: only(areas, P.AREA_COMPLETION, lane),
    counters: only(areas, P.AREA_QUEUE_COUNTERS, lane),
  }));
}

function checkQueue(layout: SegmentLayout): void {
  const { umem, lanes, slotSize } = layout;
  if (!umem || lanes.length === 0) throw refuse('a queue without buffers or rings');
  if (!powerOfTwo(slotSize) || slotSize < P.UMEM_MIN_SLOT_BYTES || slotSize > P.UMEM_MAX_SLOT_BYTES)
    throw refuse(`slots of ${slotSize} bytes`);
  if (umem.stride !== slotSize || umem.count === 0) throw refuse('the buffer area does not consist of slots');
  if (layout.laneSlots === 0) throw refuse(`${umem.count} slots for ${lanes.length} lanes`);
  const first = lanes[0]!;
  for (const lane of lanes) {
    if (
      Boolean(lane.fill) !== Boolean(lane.rx) ||
      Boolean(lane.tx) !== Boolean(lane.completion) ||
      (!lane.rx && !lane.tx)
    )
      throw refuse('a lane with half a pair of rings');
    if (Boolean(lane.rx) !== Boolean(first.rx) || Boolean(lane.tx) !== Boolean(first.tx))
      throw refuse('lanes of two kinds');
    if (!lane.counters || lane.counters.size < QUEUE_COUNTER_BYTES) throw refuse('a lane without counters');
  }
}

/** `generation`: what the control channel announced; a segment of another life is refused. */
export function readSegment(buffer: ArrayBuffer, expected: { kind: number; generation?: bigint }): SegmentLayout {
  if (buffer.byteLength < P.SEGMENT_HEADER_BYTES || buffer.byteLength > P.SEGMENT_MAX_BYTES)
    throw refuse(`a segment of ${buffer.byteLength} bytes`);
  // A private copy: the page could change between a check and its use.
  const header = buffer.slice(0, P.SEGMENT_HEADER_BYTES);
  const view = new DataView(header);
  if (Buffer.from(header, P.SEGMENT_OFF_MAGIC, 8).toString('latin1') !== P.SEGMENT_MAGIC)
    throw refuse('wrong magic number');
  const major = view.getUint16(P.SEGMENT_OFF_ABI_MAJOR, true);
  if (major !== P.VERSION_MAJOR) throw refuse(`layout version ${major}, this client knows ${P.VERSION_MAJOR}`);
  const state = view.getUint32(P.SEGMENT_OFF_STATE, true);
  if (state !== P.SEGMENT_STATE_LIVE && state !== P.SEGMENT_STATE_CLOSED) throw refuse(`state ${state}`);
  const totalSize = size64(view, P.SEGMENT_OFF_TOTAL_SIZE, 'total size', buffer.byteLength);
  if (totalSize < P.SEGMENT_HEADER_BYTES) throw refuse(`total size ${totalSize}`);
  const areas = readAreas(view, totalSize);
  const lanes = readLanes(view, areas);
  const umem = only(areas, P.AREA_UMEM);
  const layout: SegmentLayout = {
    totalSize,
    generation: view.getBigUint64(P.SEGMENT_OFF_GENERATION, true),
    kind: view.getUint32(P.SEGMENT_OFF_KIND, true),
    queueId: view.getUint32(P.SEGMENT_OFF_QUEUE_ID, true),
    slotSize: view.getUint32(P.SEGMENT_OFF_SLOT_SIZE, true),
    metadata: (view.getBigUint64(P.SEGMENT_OFF_FEATURES, true) & BigInt(P.FEATURE_METADATA)) !== 0n,
    lanes,
    umem,
    laneSlots: umem ? Math.floor(umem.count / Math.max(1, lanes.length)) : 0,
    lcoreCounters: only(areas, P.AREA_LCORE_COUNTERS),
  };
  if (layout.kind !== expected.kind) throw refuse(`kind ${layout.kind} where ${expected.kind} was announced`);
  if (layout.generation === 0n || (expected.generation !== undefined && layout.generation !== expected.generation))
    throw refuse('the generation is not the announced one');
  if (layout.kind === P.SEGMENT_KIND_QUEUE) checkQueue(layout);
  return layout;
}
