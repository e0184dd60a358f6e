// SPDX-License-Identifier: BSD-3-Clause
import * as fc from 'fast-check';
import { type Area, ConsumerRing, ProducerRing, protocol as P } from 'shared-memory-ipc';
import { expect, test } from 'vitest';
import { BurstView } from '../packet/burst.ts';
import { memoryOf } from '../packet/memory.ts';
import { givePlain, takePlain } from './plain-frames.ts';
import { CLIENT, Slots, slotArea } from './slots.ts';

const SLOTS = 64;
const SIZE = 2048;
const RINGS = 4096;
/** The lane looked at has the slots from here on; those below are another's. */
const SHARE = SLOTS / 2;

interface Descriptor {
  slot: number;
  within: number;
  length: number;
  flags: number;
}

const area = (offset: number, stride: number): Area => ({
  type: P.AREA_RX,
  lane: 0,
  offset,
  size: P.RING_ENTRIES + SLOTS * stride,
  count: SLOTS,
  stride,
});

/** rx with the given descriptors behind `first`, all slots posted, and packets for them. */
function scene(descriptors: readonly Descriptor[], first: number) {
  const umem = 4 * RINGS;
  const memory = memoryOf(new ArrayBuffer(umem + SLOTS * SIZE));
  const words = memory.i32;
  for (const ring of [RINGS, 2 * RINGS])
    for (const word of [P.RING_PRODUCER, P.RING_CONSUMER]) words[(ring + word) >>> 2] = first;
  const rx = new ConsumerRing(words, area(RINGS, P.DESC_BYTES));
  const fill = new ProducerRing(words, area(2 * RINGS, 4));
  const all = slotArea({ ...area(umem, SIZE), type: P.AREA_UMEM, size: SLOTS * SIZE });
  const [other, slots] = [new Slots(all, 0, SHARE), new Slots(all, 1, SHARE)];
  all.owner.fill(other.filled, 0, SHARE).fill(slots.filled, SHARE);
  for (const [i, { slot, within, length, flags }] of descriptors.entries())
    words.set([slot * SIZE + within, length, (flags << 16) | 5, 0], rx.at(first + i));
  const burst = new BurstView(memory, true, false);
  burst.prepare(descriptors.length);
  return { words, rx, fill, slots, burst, umem };
}

const descriptor = fc.record({
  // Few slots, so that one comes twice.
  slot: fc.oneof(
    { arbitrary: fc.integer({ min: SHARE, max: SLOTS - 1 }), weight: 20 },
    { arbitrary: fc.constantFrom(-1, 0, SHARE - 1, SLOTS), weight: 1 },
  ),
  within: fc.constantFrom(31, 32, 128, 128, 128, 2000),
  length: fc.constantFrom(-1, 0, 1, 48, 49, 0x7fffffff, 60, 60, 60, 60, 60),
  flags: fc.constantFrom(0, 0, 0, 0, 0, 0, P.DESC_FLAG_TRUNCATED, P.DESC_FLAG_CONTD, 4),
});

test('frames are taken up to the first that is not plain, and their slots go back in order', () => {
  fc.assert(
    fc.property(
      fc.array(descriptor, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(0, 0xffffffc0, 0x7ffffffd),
      fc.array(fc.nat(11)),
      (descriptors, first, sent) => {
        const { words, rx, fill, slots, burst, umem } = scene(descriptors, first);
        const seen = new Set<number>();
        const wrong = descriptors.findIndex(({ slot, within, length, flags }) => {
          const fits = slot >= SHARE && slot < SLOTS && within >= P.META_BYTES && length > 0 && within + length <= SIZE;
          if (!fits || seen.has(slot) || (flags & ~P.DESC_FLAG_TRUNCATED) !== 0) return true;
          seen.add(slot);
          return false;
        });
        const plain = wrong < 0 ? descriptors.length : wrong;
        expect(takePlain(rx, slots, P.META_BYTES, burst.packets, descriptors.length)).toBe(plain);
        expect(rx.own).toBe((first + plain) | 0);
        const taken = descriptors.slice(0, plain);
        expect(burst.packets.slice(0, plain).map((p) => [p.base, p.first, p.portFlags])).toEqual(
          taken.map((d) => [umem + d.slot * SIZE + d.within, d.length, (d.flags << 16) | 5]),
        );
        expect(slots.owner.filter((owner) => owner === CLIENT)).toHaveLength(plain);

        for (const i of sent) if (i < plain) burst.packets[i]!.expire();
        givePlain(fill, slots, burst.packets, plain);
        const back = taken.filter((_, i) => !sent.includes(i)).map(({ slot }) => slot);
        expect(back.map((_, i) => words[fill.at(first + i)]! / SIZE)).toEqual(back);
        expect(fill.own).toBe((first + back.length) | 0);
        expect(back.every((slot) => slots.owner[slot] === slots.filled)).toBe(true);
        for (const packet of burst.packets) expect(() => packet.length).toThrow(/burst had ended/);
      },
    ),
    { numRuns: 3000 },
  );
});
