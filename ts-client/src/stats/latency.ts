// SPDX-License-Identifier: BSD-3-Clause
//
// The histogram of a sink: shm-protocol/definition.mjs says which latency falls into which bucket.
import { protocol as P } from 'shared-memory-ipc';
import { withMethods } from '../counters.ts';

const BUCKETS = P.LCORE_BLOCK_LATENCY_BUCKETS;

/** Times from a pktgen's stamp to a sink. */
export interface Latency {
  readonly samples: bigint;
  readonly sumNs: bigint;
  /** NaN without samples. */
  readonly meanNs: number;
  /** How many fell into each bucket; `latencyBucket` has their bounds. */
  readonly buckets: readonly bigint[];
  /**
   * The time that `percent` (0 to 100) of the samples took at most, interpolated within its bucket: at most a quarter off. NaN without
   * samples. RangeError when `percent` is none.
   */
  percentileNs(percent: number): number;
  /** What JSON.stringify shows. */
  toJSON(): unknown;
}

/** Bounds of a bucket, 0 to 127: `fromNs` belongs to it, `toNs` does not. The last one has no end. RangeError when there is none. */
export function latencyBucket(bucket: number): { readonly fromNs: number; readonly toNs: number } {
  if (!Number.isInteger(bucket) || bucket < 0 || bucket >= BUCKETS)
    throw new RangeError(`bucket ${bucket}; 0 to ${BUCKETS - 1} exist`);
  if (bucket < 8) return { fromNs: bucket, toNs: bucket + 1 };
  const width = 2 ** (1 + ((bucket - 8) >> 2));
  const fromNs = (4 + ((bucket - 8) & 3)) * width;
  return { fromNs, toNs: bucket === BUCKETS - 1 ? Infinity : fromNs + width };
}

/** Samples come one after the other, and all of a bucket lie evenly within it. */
function percentile(buckets: readonly bigint[], percent: number): number {
  if (!(percent >= 0 && percent <= 100)) throw new RangeError(`${percent} is no percentage`);
  const total = Number(buckets.reduce((sum, count) => sum + count, 0n));
  if (total === 0) return Number.NaN;
  const wanted = Math.max(1, Math.ceil((percent / 100) * total));
  let below = 0;
  for (let i = 0; ; i++) {
    const count = Number(buckets[i]!);
    if (count === 0 || below + count < wanted) {
      below += count;
      continue;
    }
    const { fromNs, toNs } = latencyBucket(i);
    return toNs === Infinity || toNs - fromNs === 1 ? fromNs : fromNs + ((toNs - fromNs) * (wanted - below)) / count;
  }
}

export const latencyOf = (samples: bigint, sumNs: bigint, buckets: readonly bigint[]): Latency =>
  withMethods(
    { samples, sumNs, meanNs: samples === 0n ? Number.NaN : Number(sumNs) / Number(samples), buckets },
    { percentileNs: (percent: number) => percentile(buckets, percent) },
  );

export const latencySince = (now: Latency, before: Latency): Latency =>
  latencyOf(
    now.samples - before.samples,
    now.sumNs - before.sumNs,
    now.buckets.map((count, i) => count - before.buckets[i]!),
  );

export const NO_LATENCY: readonly bigint[] = Object.freeze(Array.from({ length: BUCKETS }, () => 0n));
