// SPDX-License-Identifier: BSD-3-Clause
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vector } from '../test/vectors.ts';
import * as P from './protocol.ts';
import { ConsumerRing, ProducerRing } from './ring.ts';
import type { Area } from './segment.ts';

const COUNT = 64;
const area = (stride: number): Area => ({
  type: P.AREA_RX,
  lane: 0,
  offset: 64,
  size: P.RING_ENTRIES + COUNT * stride,
  count: COUNT,
  stride,
});

function memory(stride: number, start: number) {
  const words = new Int32Array((64 + P.RING_ENTRIES + COUNT * stride) / 4);
  words[(64 + P.RING_PRODUCER) / 4] = start;
  words[(64 + P.RING_CONSUMER) / 4] = start;
  return words;
}

describe('a ring', () => {
  test('the golden ring reads across the wrap of its indexes', () => {
    const bytes = vector('ring-wrap');
    const words = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const ring = new ConsumerRing(words, { ...area(16), offset: 0 });
    expect(ring.available()).toBe(4);
    const entries = Array.from({ length: 4 }, (_, i) => {
      const at = ring.at(ring.own + i);
      return [words[at], words[at + 1], words[at + 2]! & 0xffff, words[at + 2]! >>> 16, words[at + 3]! >>> 0];
    });
    expect(entries).toEqual([
      [0x80, 1514, 0, P.DESC_FLAG_TRUNCATED, 0],
      [0x880, 64, 31, 0, 0xffffffff],
      [0x1080, 60, 1, P.DESC_FLAG_CONTD, 9],
      [0x1880, 14, 1, 0, 9],
    ]);
    ring.release(4);
    expect(words[P.RING_CONSUMER / 4]).toBe(2);
    expect(ring.available()).toBe(0);
  });

  test('hands over every entry once and in order, from any start', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: COUNT })), { maxLength: 200 });
    fc.assert(
      fc.property(fc.constantFrom(0, 0xffffffc0, 0x7fffffe0, 12345), steps, (start, list) => {
        const words = memory(4, start);
        const producer = new ProducerRing(words, area(4));
        const consumer = new ConsumerRing(words, area(4));
        let sent = 0;
        let seen = 0;
        for (const [produce, wanted] of list) {
          if (produce) {
            const n = Math.min(wanted, COUNT - producer.pending());
            for (let i = 0; i < n; i++) {
              words[producer.at(producer.own)] = sent++;
              producer.own = (producer.own + 1) | 0;
            }
            producer.publish();
          } else {
            const n = Math.min(wanted, consumer.available());
            for (let i = 0; i < n; i++) expect(words[consumer.at(consumer.own + i)]).toBe(seen++);
            consumer.release(n);
          }
          expect(consumer.available()).toBe(sent - seen);
          expect(producer.pending()).toBe(sent - seen);
        }
      }),
    );
  });

  test('a producer word that no honest peer can have written is refused, any other followed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 0xffffffc0, 1000),
        fc.integer({ min: 0, max: COUNT }),
        fc.integer({ min: 0, max: COUNT }),
        fc.oneof(fc.integer({ min: -200, max: 200 }), fc.integer()),
        (start, published, take, jump) => {
          const words = memory(4, start);
          const ring = new ConsumerRing(words, area(4));
          const producer = (64 + P.RING_PRODUCER) / 4;
          words[producer] = start + published;
          expect(ring.available()).toBe(published);
          const taken = Math.min(take, published);
          ring.release(taken);
          const left = published - taken;
          words[producer] = start + published + jump;
          const honest = jump >>> 0 <= COUNT - left;
          if (honest) expect(ring.available()).toBe(left + (jump >>> 0));
          else expect(() => ring.available()).toThrow(expect.objectContaining({ code: 'WDPDK_E_PROTOCOL' }));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('a consumer that took what was never published is refused', () => {
    const words = memory(4, 0xfffffff0);
    const ring = new ProducerRing(words, area(4));
    words[(64 + P.RING_CONSUMER) / 4] = 0xfffffff1;
    expect(() => ring.pending()).toThrow(expect.objectContaining({ code: 'WDPDK_E_PROTOCOL' }));
  });
});
