// SPDX-License-Identifier: BSD-3-Clause
import * as fc from 'fast-check';
import { protocol as P } from 'shared-memory-ipc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Double } from '../../test/double.ts';
import { LCORE_STRIDE } from '../../test/layout.ts';
import type { Client } from '../client.ts';
import { latencyBucket, latencyOf, latencySince } from './latency.ts';

const BUCKETS = P.LCORE_BLOCK_LATENCY_BUCKETS;

/** The bucket of a latency, from the sentence in definition.mjs. */
function bucketOf(ns: bigint): number {
  if (ns < 8n) return Number(ns);
  const e = ns.toString(2).length - 1;
  return Math.min(8 + (e - 3) * 4 + Number((ns >> BigInt(e - 2)) & 3n), 127);
}

/** A histogram of these latencies. */
function histogram(samples: readonly number[]) {
  const buckets = Array.from({ length: BUCKETS }, () => 0n);
  for (const ns of samples) buckets[bucketOf(BigInt(ns))]!++;
  return latencyOf(BigInt(samples.length), BigInt(samples.reduce((a, b) => a + b, 0)), buckets);
}

const LCORE_WORD = {
  PACKETS: P.LCORE_COUNTER_PACKETS,
  CYCLES: P.LCORE_COUNTER_CYCLES,
  BUSY_CYCLES: P.LCORE_COUNTER_BUSY_CYCLES,
};
const latencies = fc.array(fc.oneof(fc.nat(40), fc.nat(100_000), fc.nat(0x7fffffff)), { minLength: 1, maxLength: 50 });

describe('latency', () => {
  test('buckets are where the definition puts them, without a gap', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 40n) - 1n }), (ns) => {
        const { fromNs, toNs } = latencyBucket(bucketOf(ns));
        expect(Number(ns)).toBeGreaterThanOrEqual(fromNs);
        expect(Number(ns)).toBeLessThan(toNs);
      }),
    );
    for (let i = 1; i < BUCKETS; i++) expect(latencyBucket(i).fromNs).toBe(latencyBucket(i - 1).toNs);
    expect(latencyBucket(0)).toEqual({ fromNs: 0, toNs: 1 });
    expect(latencyBucket(127).toNs).toBe(Infinity);
    for (const bad of [-1, 128, 1.5, Number.NaN]) expect(() => latencyBucket(bad)).toThrow(RangeError);
  });

  test('percentiles rise, and lie in the bucket of the sample that is asked for', () => {
    fc.assert(
      fc.property(latencies, fc.array(fc.integer({ min: 0, max: 100 })), (samples, percents) => {
        const latency = histogram(samples);
        const sorted = samples.toSorted((a, b) => a - b);
        let last = 0;
        for (const percent of percents.toSorted((a, b) => a - b)) {
          const value = latency.percentileNs(percent);
          expect(value).toBeGreaterThanOrEqual(last);
          last = value;
          const sample = sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length)) - 1]!;
          const { fromNs, toNs } = latencyBucket(bucketOf(BigInt(sample)));
          expect(value).toBeGreaterThanOrEqual(fromNs);
          expect(value).toBeLessThanOrEqual(toNs);
        }
        expect(latency.meanNs).toBeCloseTo(samples.reduce((a, b) => a + b, 0) / samples.length, 5);
      }),
    );
    const none = histogram([]);
    expect([none.meanNs, none.percentileNs(50)]).toEqual([Number.NaN, Number.NaN]);
    expect(JSON.parse(JSON.stringify(none))).toMatchObject({ samples: 0, meanNs: null });
    for (const bad of [-1, 101, Number.NaN]) expect(() => none.percentileNs(bad)).toThrow(RangeError);
  });

  test('of an interval is that of its samples alone', () => {
    fc.assert(
      fc.property(latencies, latencies, (before, after) => {
        const since = latencySince(histogram([...before, ...after]), histogram(before));
        expect(since).toEqual(histogram(after));
      }),
    );
  });
});

describe('statistics', () => {
  let double: Double;
  let client: Client;
  beforeEach(async () => {
    double = await Double.start();
    client = await double.attach();
  });
  afterEach(async () => {
    await client.close();
    double.stop();
  });

  const put = (lcore: number, at: number, value: bigint) =>
    double.counters.setBigUint64(lcore * LCORE_STRIDE + at, value, true);
  const portWord = (id: number, n: number) => P.LCORE_BLOCK_PORTS + id * P.LCORE_BLOCK_PORT_STRIDE + n * 8;
  const port = (lcore: number, id: number, n: number, value: bigint) => put(lcore, portWord(id, n), value);
  const bucket = (lcore: number, id: number, n: number, value: bigint) =>
    put(lcore, portWord(id, 0) + P.LCORE_BLOCK_LATENCY + n * 8, value);

  test('of a sink are the sums over the lcores; a loss seen on one may be made good on another', () => {
    port(0, 1, P.PORT_COUNTER_SINK_STAMPED, 10n);
    port(1, 1, P.PORT_COUNTER_SINK_STAMPED, 5n);
    port(0, 1, P.PORT_COUNTER_SINK_LOST, 3n);
    port(1, 1, P.PORT_COUNTER_SINK_LOST, 2n ** 64n - 1n);
    port(0, 1, P.PORT_COUNTER_SINK_DUPLICATES, 1n);
    port(0, 1, P.PORT_COUNTER_LATENCY_SAMPLES, 2n);
    port(0, 1, P.PORT_COUNTER_LATENCY_SUM_NS, 11n);
    bucket(0, 1, 5, 1n);
    bucket(0, 1, 6, 1n);
    port(1, 1, P.PORT_COUNTER_LATENCY_SAMPLES, 1n);
    port(1, 1, P.PORT_COUNTER_LATENCY_SUM_NS, 7n);
    bucket(1, 1, 7, 1n);
    const { sink, latency } = client.stats().ports[1]!;
    expect(sink).toEqual({ stamped: 15n, lost: 2n, reordered: 0n, duplicates: 1n, corrupt: 0n });
    expect([latency.samples, latency.meanNs, latency.percentileNs(50), latency.percentileNs(100)]).toEqual([
      3n,
      6,
      6,
      7,
    ]);
    expect(client.stats().ports[0]!.latency.samples).toBe(0n);
  });

  test('of lcores tell cycles per packet and how busy it is; rates those of an interval', () => {
    const lcore = (words: Record<'PACKETS' | 'CYCLES' | 'BUSY_CYCLES', bigint>) => {
      for (const [name, value] of Object.entries(words)) put(1, LCORE_WORD[name as keyof typeof words] * 8, value);
    };
    put(1, P.LCORE_COUNTER_LCORE_ID * 8, 3n);
    expect(client.stats().lcores[1]).toMatchObject({ cyclesPerPacket: Number.NaN, busyShare: 0 });
    lcore({ PACKETS: 100n, CYCLES: 10_000n, BUSY_CYCLES: 5000n });
    port(1, 0, P.PORT_COUNTER_RX_PACKETS, 100n);
    port(1, 0, P.PORT_COUNTER_RX_BYTES, 6000n);
    port(1, 0, P.PORT_COUNTER_COUNT + P.DROP_NO_ROUTE, 7n);
    const before = client.stats();
    expect(before.lcores[1]).toMatchObject({ id: 3, packets: 100n, cyclesPerPacket: 50, busyShare: 0.5 });
    lcore({ PACKETS: 300n, CYCLES: 20_000n, BUSY_CYCLES: 15_000n });
    port(1, 0, P.PORT_COUNTER_RX_PACKETS, 300n);
    port(1, 0, P.PORT_COUNTER_RX_BYTES, 18_000n);
    port(1, 0, P.PORT_COUNTER_COUNT + P.DROP_NO_ROUTE, 17n);
    const after = client.stats();
    const rates = after.since(before);
    const { seconds } = rates;
    expect(seconds).toBe(Number(after.atNs - before.atNs) / 1e9);
    expect(rates.lcores[1]).toEqual({ id: 3, packetsPerSecond: 200 / seconds, cyclesPerPacket: 50, busyShare: 1 });
    expect(rates.ports[0]!.rx).toEqual({ packetsPerSecond: 200 / seconds, bitsPerSecond: 96_000 / seconds });
    expect(rates.ports[0]!.drops['no_route']).toBe(10 / seconds);
    expect(rates.ports[1]!.tx.packetsPerSecond).toBe(0);
    expect(JSON.parse(JSON.stringify(rates))).toMatchObject({ seconds, ports: [{ id: 0 }, { id: 1 }] });
    expect(Object.keys(after)).toEqual(['atNs', 'ports', 'lcores']);
  });

  test('balance when every frame is accounted for, and not otherwise', () => {
    const frames = fc.record({
      rx: fc.nat(99),
      injected: fc.nat(99),
      generated: fc.nat(99),
      sunk: fc.nat(99),
      redirected: fc.nat(99),
    });
    fc.assert(
      fc.property(frames, fc.nat(99), fc.nat(20), fc.nat(9), (f, noRoute, copies, off) => {
        const entered = f.rx + f.injected + f.generated;
        const left = f.sunk + f.redirected + noRoute;
        const words: [number, number][] = [
          [P.PORT_COUNTER_RX_PACKETS, f.rx + Math.max(0, left - entered)],
          [P.PORT_COUNTER_INJECTED_PACKETS, f.injected],
          [P.PORT_COUNTER_GENERATED_PACKETS, f.generated],
          [P.PORT_COUNTER_SUNK_PACKETS, f.sunk],
          [P.PORT_COUNTER_REDIRECTED_PACKETS, f.redirected],
          [P.PORT_COUNTER_COUNT + P.DROP_NO_ROUTE, noRoute],
          [P.PORT_COUNTER_FORWARDED_PACKETS, Math.max(0, entered - left)],
          [P.PORT_COUNTER_MIRROR_ATTEMPTS, copies],
          [P.PORT_COUNTER_MIRROR_DELIVERED, copies >> 1],
          [P.PORT_COUNTER_COUNT + P.DROP_COUNT + P.MIRROR_DROP_NO_SLOT, copies - (copies >> 1)],
        ];
        for (const [word, value] of words) port(0, 0, word, BigInt(value));
        // What came in by port 0 leaves by port 1.
        port(1, 1, P.PORT_COUNTER_TX_PACKETS, BigInt(Math.max(0, entered - left)));
        expect(client.stats().balanced()).toBe(true);
        const [word, value] = words[off]!;
        port(0, 0, word, BigInt(value) + 1n);
        const stats = client.stats();
        expect(stats.balanced()).toBe(false);
        expect(stats.ports[0]!.unaccounted).toBe(off < 3 ? 1n : off < 7 ? -1n : 0n);
      }),
    );
  });
});
