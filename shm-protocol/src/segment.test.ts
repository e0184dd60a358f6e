// SPDX-License-Identifier: BSD-3-Clause
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vector } from '../test/vectors.ts';
import { WdpdkError } from './errors.ts';
import * as P from './protocol.ts';
import { type Area, type SegmentLayout, readSegment } from './segment.ts';

const TOTAL = 0xc000;

/** A segment with the golden header. `fill` and counters are not in the vector: it is not whole unless areas are added. */
function golden(): { buffer: ArrayBuffer; view: DataView } {
  const buffer = new ArrayBuffer(TOTAL);
  new Uint8Array(buffer).set(vector('segment-header'));
  return { buffer, view: new DataView(buffer) };
}

function putArea(view: DataView, index: number, area: Area): void {
  const at = P.SEGMENT_OFF_AREAS + index * P.SEGMENT_AREA_ENTRY_BYTES;
  view.setUint32(at + P.AREA_OFF_TYPE, area.type, true);
  view.setUint32(at + P.AREA_OFF_LANE, area.lane, true);
  view.setBigUint64(at + P.AREA_OFF_OFFSET, BigInt(area.offset), true);
  view.setBigUint64(at + P.AREA_OFF_SIZE, BigInt(area.size), true);
  view.setUint32(at + P.AREA_OFF_COUNT, area.count, true);
  view.setUint32(at + P.AREA_OFF_STRIDE, area.stride, true);
}

const fillRing = (lane: number, offset: number): Area => ({
  type: P.AREA_FILL,
  lane,
  offset,
  size: 384 + 256,
  count: 64,
  stride: 4,
});
const counters = (lane: number, offset: number): Area => ({
  type: P.AREA_QUEUE_COUNTERS,
  lane,
  offset,
  size: 256,
  count: 1,
  stride: 256,
});

function complete() {
  const { buffer, view } = golden();
  putArea(view, 2, fillRing(0, 0x2800));
  putArea(view, 3, counters(0, 0x2b00));
  view.setUint32(P.SEGMENT_OFF_AREA_COUNT, 4, true);
  return { buffer, view };
}

/** The same with a second lane. */
function twoLanes() {
  const { buffer, view } = complete();
  putArea(view, 4, { type: P.AREA_RX, lane: 1, offset: 0x3000, size: 1408, count: 64, stride: 16 });
  putArea(view, 5, fillRing(1, 0x3800));
  putArea(view, 6, counters(1, 0x3b00));
  view.setUint32(P.SEGMENT_OFF_AREA_COUNT, 7, true);
  view.setUint32(P.SEGMENT_OFF_LANE_COUNT, 2, true);
  return { buffer, view };
}

const area = (index: number, field: number) => P.SEGMENT_OFF_AREAS + index * P.SEGMENT_AREA_ENTRY_BYTES + field;
const queue = { kind: P.SEGMENT_KIND_QUEUE };

describe('a segment header', () => {
  test('the golden header reads field by field', () => {
    const layout = readSegment(complete().buffer, { ...queue, generation: 0x0123456789abcdefn });
    expect(layout).toMatchObject({
      totalSize: 49152,
      generation: 0x0123456789abcdefn,
      kind: 1,
      queueId: 5,
      slotSize: 2048,
      metadata: true,
      umem: { offset: 0x4000, size: 32768, count: 16, stride: 2048 },
    });
    expect(layout.lanes).toHaveLength(1);
    expect(layout.lanes[0]!.rx).toEqual({ type: 2, lane: 0, offset: 0x2000, size: 1408, count: 64, stride: 16 });
    expect(layout.laneSlots).toBe(16);
  });

  test('each lane has rings, counters and a share of the slots of its own', () => {
    const { buffer, view } = twoLanes();
    view.setUint32(area(1, P.AREA_OFF_COUNT), 15, true);
    const layout = readSegment(buffer, queue);
    expect(layout.laneSlots).toBe(7);
    expect(layout.lanes.map((lane) => [lane.rx?.offset, lane.fill?.offset, lane.counters?.offset])).toEqual([
      [0x2000, 0x2800, 0x2b00],
      [0x3000, 0x3800, 0x3b00],
    ]);
    expect(layout.lanes.map((lane) => lane.tx)).toEqual([undefined, undefined]);
  });

  const wrong: [string, (view: DataView) => void][] = [
    ['magic', (v) => v.setUint8(0, 0x58)],
    ['another major version', (v) => v.setUint16(P.SEGMENT_OFF_ABI_MAJOR, 2, true)],
    ['state INIT', (v) => v.setUint32(P.SEGMENT_OFF_STATE, 0, true)],
    ['unknown state', (v) => v.setUint32(P.SEGMENT_OFF_STATE, 3, true)],
    ['total size beyond the mapping', (v) => v.setBigUint64(P.SEGMENT_OFF_TOTAL_SIZE, BigInt(TOTAL + 1), true)],
    ['total size of 2^64-1', (v) => v.setBigUint64(P.SEGMENT_OFF_TOTAL_SIZE, 2n ** 64n - 1n, true)],
    ['total size zero', (v) => v.setBigUint64(P.SEGMENT_OFF_TOTAL_SIZE, 0n, true)],
    ['generation zero', (v) => v.setBigUint64(P.SEGMENT_OFF_GENERATION, 0n, true)],
    ['kind', (v) => v.setUint32(P.SEGMENT_OFF_KIND, P.SEGMENT_KIND_COUNTERS, true)],
    ['no lanes', (v) => v.setUint32(P.SEGMENT_OFF_LANE_COUNT, 0, true)],
    ['a million lanes', (v) => v.setUint32(P.SEGMENT_OFF_LANE_COUNT, 1e6, true)],
    ['no areas', (v) => v.setUint32(P.SEGMENT_OFF_AREA_COUNT, 0, true)],
    ['more areas than there may be', (v) => v.setUint32(P.SEGMENT_OFF_AREA_COUNT, P.SEGMENT_MAX_AREAS + 1, true)],
    ['more lanes than there are rings for', (v) => v.setUint32(P.SEGMENT_OFF_LANE_COUNT, 2, true)],
    ['area count 2^32-1', (v) => v.setUint32(P.SEGMENT_OFF_AREA_COUNT, 0xffffffff, true)],
    ['slot size no power of two', (v) => v.setUint32(P.SEGMENT_OFF_SLOT_SIZE, 3000, true)],
    ['slot size other than the stride', (v) => v.setUint32(P.SEGMENT_OFF_SLOT_SIZE, 4096, true)],
    ['area in the header', (v) => v.setBigUint64(area(0, P.AREA_OFF_OFFSET), 0x1800n, true)],
    ['area offset wraps', (v) => v.setBigUint64(area(0, P.AREA_OFF_OFFSET), 2n ** 64n - 8n, true)],
    ['area ends beyond', (v) => v.setBigUint64(area(1, P.AREA_OFF_SIZE), BigInt(TOTAL), true)],
    ['area not aligned', (v) => v.setBigUint64(area(0, P.AREA_OFF_OFFSET), 0x2004n, true)],
    ['areas overlap', (v) => v.setBigUint64(area(0, P.AREA_OFF_OFFSET), 0x4000n, true)],
    ['ring size no power of two', (v) => v.setUint32(area(0, P.AREA_OFF_COUNT), 63, true)],
    ['ring too small', (v) => v.setUint32(area(0, P.AREA_OFF_COUNT), 32, true)],
    ['ring entries beyond its area', (v) => v.setUint32(area(0, P.AREA_OFF_COUNT), 128, true)],
    ['ring stride', (v) => v.setUint32(area(0, P.AREA_OFF_STRIDE), 8, true)],
    ['count times stride wraps', (v) => v.setUint32(area(1, P.AREA_OFF_COUNT), 0x80000000, true)],
    ['ring of a lane that is not there', (v) => v.setUint32(area(0, P.AREA_OFF_LANE), 1, true)],
    ['rx without fill', (v) => v.setUint32(P.SEGMENT_OFF_AREA_COUNT, 2, true)],
    ['no counters', (v) => v.setUint32(P.SEGMENT_OFF_AREA_COUNT, 3, true)],
    ['counters of a lane that is not there', (v) => v.setUint32(area(3, P.AREA_OFF_LANE), 1, true)],
    ['counters that are too small', (v) => v.setBigUint64(area(3, P.AREA_OFF_SIZE), 128n, true)],
    ['buffers of another lane', (v) => v.setUint32(area(1, P.AREA_OFF_LANE), 1, true)],
    ['two rx rings', (v) => v.setUint32(area(2, P.AREA_OFF_TYPE), P.AREA_RX, true)],
    ['no buffers', (v) => v.setUint32(area(1, P.AREA_OFF_TYPE), P.AREA_QUEUE_COUNTERS, true)],
  ];
  test.each(wrong)('is refused: %s', (_, spoil) => {
    const { buffer, view } = complete();
    spoil(view);
    expect(() => readSegment(buffer, queue)).toThrow(expect.objectContaining({ code: 'WDPDK_E_PROTOCOL' }));
  });

  const wrongLanes: [string, (view: DataView) => void][] = [
    ['more lanes than an instance has', (v) => v.setUint32(P.SEGMENT_OFF_LANE_COUNT, P.LIMIT_LANES + 1, true)],
    ['one lane fewer than there are rings for', (v) => v.setUint32(P.SEGMENT_OFF_LANE_COUNT, 1, true)],
    ['two rings of one lane, none of the other', (v) => v.setUint32(area(4, P.AREA_OFF_LANE), 0, true)],
    [
      'a lane that only sends',
      (v) => {
        v.setUint32(area(4, P.AREA_OFF_TYPE), P.AREA_TX, true);
        v.setUint32(area(5, P.AREA_OFF_TYPE), P.AREA_COMPLETION, true);
      },
    ],
    ['two counters of one lane', (v) => v.setUint32(area(6, P.AREA_OFF_LANE), 0, true)],
    ['rings of two lanes overlap', (v) => v.setBigUint64(area(4, P.AREA_OFF_OFFSET), 0x2000n, true)],
    ['fewer slots than lanes', (v) => v.setUint32(area(1, P.AREA_OFF_COUNT), 1, true)],
  ];
  test.each(wrongLanes)('with lanes is refused: %s', (_, spoil) => {
    const { buffer, view } = twoLanes();
    spoil(view);
    expect(() => readSegment(buffer, queue)).toThrow(expect.objectContaining({ code: 'WDPDK_E_PROTOCOL' }));
  });

  test('of another life is refused', () => {
    expect(() => readSegment(complete().buffer, { ...queue, generation: 1n })).toThrow(/generation/);
  });

  test('whatever stands in it, what is accepted lies within the segment', () => {
    const spoil = fc.array(fc.tuple(fc.integer({ min: 0, max: 0x40 + 7 * 32 }), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(spoil, (changes) => {
        const { buffer, view } = twoLanes();
        for (const [at, value] of changes) view.setUint8(at, value);
        let layout: SegmentLayout;
        try {
          layout = readSegment(buffer, queue);
        } catch (error) {
          expect(WdpdkError.is(error, 'WDPDK_E_PROTOCOL')).toBe(true);
          return;
        }
        const areas = [
          layout.umem!,
          ...layout.lanes.flatMap((lane) => [lane.rx, lane.fill, lane.tx, lane.completion, lane.counters]),
        ];
        expect(layout.laneSlots * layout.lanes.length).toBeLessThanOrEqual(layout.umem!.count);
        for (const a of areas.filter((a) => a !== undefined)) {
          expect(a.offset).toBeGreaterThanOrEqual(P.SEGMENT_HEADER_BYTES);
          expect(a.offset + a.size).toBeLessThanOrEqual(TOTAL);
          expect(a.count * a.stride).toBeLessThanOrEqual(a.size);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
