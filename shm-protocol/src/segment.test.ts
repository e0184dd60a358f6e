// SPDX-License-Identifier: BSD-3-Clause
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vector } from '../test/vectors.ts';
import { WdpdkError } from './errors.ts';
import * as P from './protocol.ts';
import { type Area, type SegmentLayout, readSegment } from './segment.ts';

const TOTAL = 0xc000;

/**
 * A segment with the golden header; `fill` and `completion` are not in the vector, so that it lacks half a pair
 * unless areas are added.
 */
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

function complete() {
  const { buffer, view } = golden();
  putArea(view, 2, { type: P.AREA_FILL, lane: 0, offset: 0x2000, size: 384 + 256, count: 64, stride: 4 });
  view.setUint32(P.SEGMENT_OFF_AREA_COUNT, 3, true);
  return { buffer, view };
}

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
    expect(layout.lanes[0]!.rx).toEqual({ type: 2, lane: 0, offset: 0x1000, size: 1408, count: 64, stride: 16 });
  });

  const area = (index: number, field: number) => P.SEGMENT_OFF_AREAS + index * P.SEGMENT_AREA_ENTRY_BYTES + field;
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
    ['more areas than the page holds', (v) => v.setUint32(P.SEGMENT_OFF_AREA_COUNT, 127, true)],
    ['area count 2^32-1', (v) => v.setUint32(P.SEGMENT_OFF_AREA_COUNT, 0xffffffff, true)],
    ['slot size no power of two', (v) => v.setUint32(P.SEGMENT_OFF_SLOT_SIZE, 3000, true)],
    ['slot size other than the stride', (v) => v.setUint32(P.SEGMENT_OFF_SLOT_SIZE, 4096, true)],
    ['area in the header page', (v) => v.setBigUint64(area(0, P.AREA_OFF_OFFSET), 0x800n, true)],
    ['area offset wraps', (v) => v.setBigUint64(area(0, P.AREA_OFF_OFFSET), 2n ** 64n - 8n, true)],
    ['area ends beyond', (v) => v.setBigUint64(area(1, P.AREA_OFF_SIZE), BigInt(TOTAL), true)],
    ['area not aligned', (v) => v.setBigUint64(area(0, P.AREA_OFF_OFFSET), 0x1004n, true)],
    ['areas overlap', (v) => v.setBigUint64(area(0, P.AREA_OFF_OFFSET), 0x4000n, true)],
    ['ring size no power of two', (v) => v.setUint32(area(0, P.AREA_OFF_COUNT), 63, true)],
    ['ring too small', (v) => v.setUint32(area(0, P.AREA_OFF_COUNT), 32, true)],
    ['ring entries beyond its area', (v) => v.setUint32(area(0, P.AREA_OFF_COUNT), 128, true)],
    ['ring stride', (v) => v.setUint32(area(0, P.AREA_OFF_STRIDE), 8, true)],
    ['count times stride wraps', (v) => v.setUint32(area(1, P.AREA_OFF_COUNT), 0x80000000, true)],
    ['ring of a lane that is not there', (v) => v.setUint32(area(0, P.AREA_OFF_LANE), 1, true)],
    ['rx without fill', (v) => v.setUint32(P.SEGMENT_OFF_AREA_COUNT, 2, true)],
    ['two rx rings', (v) => v.setUint32(area(2, P.AREA_OFF_TYPE), P.AREA_RX, true)],
    ['no buffers', (v) => v.setUint32(area(1, P.AREA_OFF_TYPE), P.AREA_QUEUE_COUNTERS, true)],
  ];
  test.each(wrong)('is refused: %s', (_, spoil) => {
    const { buffer, view } = complete();
    spoil(view);
    expect(() => readSegment(buffer, queue)).toThrow(expect.objectContaining({ code: 'WDPDK_E_PROTOCOL' }));
  });

  test('of another life is refused', () => {
    expect(() => readSegment(complete().buffer, { ...queue, generation: 1n })).toThrow(/generation/);
  });

  test('whatever stands in it, what is accepted lies within the segment', () => {
    const spoil = fc.array(fc.tuple(fc.integer({ min: 0, max: 160 }), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(spoil, (changes) => {
        const { buffer, view } = complete();
        for (const [at, value] of changes) view.setUint8(at, value);
        let layout: SegmentLayout;
        try {
          layout = readSegment(buffer, queue);
        } catch (error) {
          expect(WdpdkError.is(error, 'WDPDK_E_PROTOCOL')).toBe(true);
          return;
        }
        const areas = [layout.umem!, ...layout.lanes.flatMap((lane) => [lane.rx, lane.fill, lane.tx, lane.completion])];
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
