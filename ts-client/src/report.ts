// SPDX-License-Identifier: BSD-3-Clause
//
// The dataplane's own account: what the `stats` method answers at any time and the summary says at the end
// (dataplane/app/summary.schema.json). `Client.stats()` reads counters without a message; this also knows clients and memory.

/** Frames and their bytes. */
export interface Amount {
  readonly packets: number;
  readonly bytes: number;
}

/** Counters of a port, as in `PortStats`. */
export interface PortReport {
  readonly id: number;
  readonly name: string;
  readonly rx: Amount;
  readonly tx: Amount;
  readonly injected: Amount;
  readonly generated: Amount;
  readonly forwarded: Amount;
  readonly redirected: Amount;
  readonly sunk: Amount;
  readonly dropped: Readonly<Record<string, number>>;
  readonly mirrored: {
    readonly attempts: number;
    readonly delivered: number;
    readonly dropped: Readonly<Record<string, number>>;
  };
  /** Of a port that a sink looked at frames of a pktgen on. */
  readonly sink?: {
    readonly stamped: number;
    readonly lost: number;
    readonly reordered: number;
    readonly duplicates: number;
    readonly corrupt: number;
  };
  /** Percentiles are at most a quarter off. */
  readonly latency?: {
    readonly samples: number;
    readonly meanNs: number;
    readonly p50Ns: number;
    readonly p99Ns: number;
    readonly p999Ns: number;
  };
}

/** Counters of a queue. */
export interface QueueReport {
  readonly id: number;
  readonly kind: 'rx' | 'tx' | 'rxtx';
  readonly port: number | 'any';
  /** False when it was closed; what it counted stays. */
  readonly open: boolean;
  /** One per lcore that may deliver to the queue or take from it. */
  readonly lanes?: number;
  /** Of a queue that receives. */
  readonly at?: 'rx' | 'tx';
  /** Of an open queue that receives: frames find no room, and its client has taken nothing for a second. */
  readonly stalled?: boolean;
  /** The group that an open queue is a member of. */
  readonly fanout?: string;
  readonly delivered: Amount;
  readonly injected: Amount;
  readonly drops: Readonly<Record<string, number>>;
  readonly wakeups: number;
}

/** A client, and what it did. */
export interface ClientReport {
  readonly id: number;
  readonly name: string;
  readonly pid: number;
  /** It is gone; what it counted stays. */
  readonly left: boolean;
  readonly queues: readonly QueueReport[];
  /** Over all its queues. */
  readonly delivered: Amount;
  readonly injected: Amount;
}

/** Counters of an lcore, as in `LcoreStats`. */
export interface LcoreReport {
  readonly id: number;
  readonly iterations: number;
  readonly busyIterations: number;
  readonly cycles: number;
  readonly busyCycles: number;
  readonly packets: number;
  /** 0 to 1. */
  readonly busyShare: number;
  /** Absent before the first packet. */
  readonly cyclesPerPacket?: number;
  readonly generation: number;
}

/** The dataplane's account of everything. */
export interface Report {
  readonly ports: readonly PortReport[];
  readonly lcores: readonly LcoreReport[];
  readonly clients: readonly ClientReport[];
  /** All clients that left too long ago to be listed, together. */
  readonly earlier?: { readonly clients: number; readonly delivered: Amount; readonly injected: Amount };
  readonly memory: { readonly mbufs: number; readonly mbufsFree: number; readonly segments: number };
  readonly generation: number;
  readonly seconds?: number;
  readonly balanced?: boolean;
}

/** Counts above 2^32 come as bigint. Here, as in the summary's JSON, they are numbers, exact up to 2^53. */
export function plainNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plainNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainNumbers(item)]));
}
