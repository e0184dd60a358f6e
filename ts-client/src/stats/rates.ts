// SPDX-License-Identifier: BSD-3-Clause
import { type Counters, withJson } from '../counters.ts';
import { type Latency, latencySince } from './latency.ts';
import type { LcoreStats, PortStats, SinkStats, Stats } from '../stats.ts';

/** What passed in a second. */
export interface Rate {
  readonly packetsPerSecond: number;
  /** Of frames without FCS, preamble and gap. */
  readonly bitsPerSecond: number;
}

/** Rates of a port, by the names of `PortStats`. */
export interface PortRates {
  readonly id: number;
  readonly rx: Rate;
  readonly tx: Rate;
  readonly injected: Rate;
  readonly generated: Rate;
  readonly forwarded: Rate;
  readonly redirected: Rate;
  readonly sunk: Rate;
  /** Packets a second, by cause. */
  readonly drops: Readonly<Record<string, number>>;
  /** Of the interval alone, in packets. `lost` is negative when late ones came. */
  readonly sink: SinkStats;
  readonly latency: Latency;
}

/** What an lcore did in an interval. */
export interface LcoreRates {
  readonly id: number;
  readonly packetsPerSecond: number;
  /** Of the interval; NaN without packets. */
  readonly cyclesPerPacket: number;
  /** Of the interval, 0 to 1. */
  readonly busyShare: number;
}

/** What happened between two readings. */
export interface Rates {
  readonly seconds: number;
  readonly ports: readonly PortRates[];
  readonly lcores: readonly LcoreRates[];
  /** What JSON.stringify shows. */
  toJSON(): unknown;
}

const pairs = ['rx', 'tx', 'injected', 'generated', 'forwarded', 'redirected', 'sunk'] as const;
type Pair = (typeof pairs)[number];

function rate(now: Counters, before: Counters, seconds: number): Rate {
  return {
    packetsPerSecond: Number(now.packets - before.packets) / seconds,
    bitsPerSecond: (Number(now.bytes - before.bytes) * 8) / seconds,
  };
}

function difference<K extends string>(now: Readonly<Record<K, bigint>>, before: Readonly<Record<K, bigint>>) {
  const keys = Object.keys(now) as K[];
  return Object.fromEntries(
    keys.map((key): [string, bigint] => [key, BigInt(now[key]) - BigInt(before[key])]),
  ) as Record<K, bigint>;
}

function portRates(now: PortStats, before: PortStats, seconds: number): PortRates {
  const rates = Object.fromEntries(pairs.map((pair) => [pair, rate(now[pair], before[pair], seconds)]));
  const drops = Object.entries(difference(now.drops, before.drops));
  return withJson({
    id: now.id,
    ...(rates as Record<Pair, Rate>),
    drops: Object.fromEntries(drops.map(([cause, count]) => [cause, Number(count) / seconds])),
    sink: difference<keyof SinkStats>(now.sink, before.sink),
    latency: latencySince(now.latency, before.latency),
  });
}

function lcoreRates(now: LcoreStats, before: LcoreStats, seconds: number): LcoreRates {
  const packets = Number(now.packets - before.packets);
  return { id: now.id, packetsPerSecond: packets / seconds, ...work(now, before) };
}

/** Cycles per packet and busy share of an lcore between two readings. */
export function work(
  now: Pick<LcoreStats, 'packets' | 'cycles' | 'busyCycles'>,
  before: Pick<LcoreStats, 'packets' | 'cycles' | 'busyCycles'>,
): { cyclesPerPacket: number; busyShare: number } {
  const busy = Number(now.busyCycles - before.busyCycles);
  const packets = Number(now.packets - before.packets);
  const cycles = Number(now.cycles - before.cycles);
  return {
    cyclesPerPacket: packets === 0 ? Number.NaN : busy / packets,
    busyShare: cycles === 0 ? 0 : Math.min(1, busy / cycles),
  };
}

export function ratesBetween(now: Stats, before: Stats): Rates {
  const seconds = Number(now.atNs - before.atNs) / 1e9;
  const both = <T extends { readonly id: number }>(a: readonly T[], b: readonly T[]) =>
    a.flatMap((item) => {
      const earlier = b.find(({ id }) => id === item.id);
      return earlier ? [[item, earlier] as const] : [];
    });
  return withJson({
    seconds,
    ports: both(now.ports, before.ports).map(([a, b]) => portRates(a, b, seconds)),
    lcores: both(now.lcores, before.lcores).map(([a, b]) => lcoreRates(a, b, seconds)),
  });
}
