// SPDX-License-Identifier: BSD-3-Clause
import type { Counters } from './counters.ts';
import type { Latency } from './stats/latency.ts';
import type { Rates } from './stats/rates.ts';

/** What a port in mode `sink` found in the frames of a `pktgen`. */
export interface SinkStats {
  /** Frames of a pktgen; the rest of what was sunk was not looked at. */
  readonly stamped: bigint;
  /** Numbers that never came, or not yet. */
  readonly lost: bigint;
  /** Came after a higher number. */
  readonly reordered: bigint;
  readonly duplicates: bigint;
  /** The payload or a checksum is not what was sent. */
  readonly corrupt: bigint;
}

/**
 * Counters of one port since the dataplane's start, without FCS. At rest
 * `rx + injected + generated = forwarded + redirected + sunk + sum of drops`.
 */
export interface PortStats {
  readonly id: number;
  readonly rx: Counters;
  readonly tx: Counters;
  /** Put in by clients, to leave by this port. */
  readonly injected: Counters;
  readonly generated: Counters;
  /** Of the frames that entered by this port: sent on, by whichever port. */
  readonly forwarded: Counters;
  readonly redirected: Counters;
  readonly sunk: Counters;
  /** By cause. */
  readonly drops: Readonly<Record<string, bigint>>;
  readonly mirror: {
    readonly attempts: bigint;
    readonly delivered: bigint;
    readonly drops: Readonly<Record<string, bigint>>;
  };
  readonly sink: SinkStats;
  readonly latency: Latency;
  /** Frames that entered by this port and are neither gone nor counted as dropped: those in flight, 0n at rest. */
  readonly unaccounted: bigint;
}

/** Counters of one lcore since the dataplane's start. */
export interface LcoreStats {
  readonly id: number;
  readonly iterations: bigint;
  readonly busyIterations: bigint;
  /** Of the time stamp counter, since its start and while it had something to do. */
  readonly cycles: bigint;
  readonly busyCycles: bigint;
  /** Taken from ports or clients, or generated. */
  readonly packets: bigint;
  /** The configuration this lcore forwards by. */
  readonly generation: bigint;
  /** Busy cycles per packet; NaN before the first packet. */
  readonly cyclesPerPacket: number;
  /** Part of the cycles that were busy, 0 to 1. */
  readonly busyShare: number;
}

/** All counters, read at one time; those of one lcore belong together. */
export interface Stats {
  /** When they were read, on the clock of process.hrtime.bigint(). */
  readonly atNs: bigint;
  readonly ports: readonly PortStats[];
  readonly lcores: readonly LcoreStats[];
  /** What happened between `previous`, an earlier reading, and this one. */
  since(previous: Stats): Rates;
  /**
   * True when every frame is accounted for: per port nothing is unaccounted, in total as much was sent as forwarded, and each attempt to
   * mirror was delivered or dropped. Holds at rest, with nothing in flight.
   */
  balanced(): boolean;
  /** What JSON.stringify shows. */
  toJSON(): unknown;
}
