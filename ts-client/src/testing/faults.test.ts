// SPDX-License-Identifier: BSD-3-Clause
import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Faults, FaultyLine } from './faults.ts';

const changed = (bytes: Uint8Array, turn: (bytes: Uint8Array) => void): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  turn(copy);
  return copy;
};

function pass(
  faults: Faults,
  count: number,
): { line: FaultyLine<Uint8Array>; out: Uint8Array[]; frames: Uint8Array[] } {
  const out: Uint8Array[] = [];
  const line = new FaultyLine<Uint8Array>((bytes) => out.push(bytes), changed);
  line.set(faults);
  const frames = Array.from({ length: count }, (_, n) => new Uint8Array(60).fill(n));
  for (const bytes of frames) line.put(bytes);
  return { line, out, frames };
}

const share = fc.constantFrom(0, 0.1, 0.5, 1);
const anyFaults = fc.record({ drop: share, duplicate: share, corrupt: share, seed: fc.integer() });

afterEach(() => vi.useRealTimers());

describe('a faulty line', () => {
  it('loses no frame unseen, and does the same for the same seed', () => {
    fc.assert(
      fc.property(anyFaults, fc.nat(200), (faults, count) => {
        const { line, out } = pass(faults, count);
        const { entered, passed, dropped, duplicated } = line.counts;
        expect(entered).toBe(count);
        expect(passed).toBe(out.length);
        expect(entered + duplicated).toBe(passed + dropped);
        expect(Buffer.concat(pass(faults, count).out).equals(Buffer.concat(out))).toBe(true);
      }),
    );
  });

  it('passes everything as it is when nothing was asked for', () => {
    const { out, frames } = pass({}, 50);
    expect(out).toEqual(frames);
  });

  it('drops and duplicates by their shares', () => {
    const { drop, duplicate } = { drop: 0.3, duplicate: 0.2 };
    const { counts } = pass({ drop, duplicate, seed: 9 }, 20_000).line;
    expect(counts.dropped / 20_000).toBeCloseTo(drop, 1);
    expect(counts.duplicated / 20_000).toBeCloseTo(duplicate * (1 - drop), 1);
    expect(pass({ drop: 1 }, 100).out).toEqual([]);
    expect(pass({ duplicate: 1 }, 100).out).toHaveLength(200);
  });

  it('turns one bit behind the Ethernet header, of a copy', () => {
    const { out, frames, line } = pass({ corrupt: 1 }, 300);
    for (const [n, bytes] of out.entries()) {
      expect(frames[n]!.every((byte) => byte === (n & 0xff))).toBe(true);
      const wrong = [...bytes].flatMap((byte, at) => (byte === (n & 0xff) ? [] : [{ at, bits: byte ^ (n & 0xff) }]));
      expect(wrong).toHaveLength(1);
      expect(wrong[0]!.at).toBeGreaterThanOrEqual(14);
      expect(Math.log2(wrong[0]!.bits) % 1).toBe(0);
    }
    expect(line.counts.corrupted).toBe(300);
  });

  it('holds frames back for their time, and gives up what is held when it closes', () => {
    vi.useFakeTimers();
    const { line, out } = pass({ delay: { share: 0.5, ms: 100 }, seed: 3 }, 100);
    const held = line.pending;
    expect(held).toBeGreaterThan(30);
    expect(out).toHaveLength(100 - held);
    vi.advanceTimersByTime(100);
    expect([line.pending, out.length, line.counts.delayed]).toEqual([0, 100, held]);
    line.put(new Uint8Array(60));
    line.put(new Uint8Array(60));
    line.put(new Uint8Array(60));
    line.close();
    vi.advanceTimersByTime(1000);
    const { entered, passed, dropped } = line.counts;
    expect(entered).toBe(passed + dropped);
  });
});
