// SPDX-License-Identifier: BSD-3-Clause
//
// Statistics from the shared counters segment, without a message to the dataplane.
import {
  type Segment,
  WdpdkError,
  openSegment,
  protocol as P,
  readAnnouncement,
  readSegment,
  violation,
} from 'shared-memory-ipc';
import { counters, withJson, withMethods } from '../counters.ts';
import type { Session } from '../session.ts';
import { Block, PORT_WORDS } from './block.ts';
import { NO_LATENCY, latencyOf } from './latency.ts';
import { ratesBetween, work } from './rates.ts';
import type { LcoreStats, PortStats, Stats } from '../stats.ts';

const NOTHING = { packets: 0n, cycles: 0n, busyCycles: 0n };

export class StatsReader {
  private readonly segment: Segment;
  private readonly blocks: readonly Block[];
  private readonly ports: readonly number[];
  private released = false;

  constructor(segment: Segment, ports: readonly number[]) {
    const { lcoreCounters: area } = readSegment(segment.buffer, { kind: P.SEGMENT_KIND_COUNTERS });
    const wanted = P.LCORE_BLOCK_PORTS + P.LIMIT_PORTS * P.LCORE_BLOCK_PORT_STRIDE;
    if (!area || area.count > P.LIMIT_LCORES || area.stride < wanted || area.stride % 8 !== 0)
      throw violation('counters segment', 'its blocks are not as announced');
    this.segment = segment;
    this.ports = ports.filter((id) => id >= 0 && id < P.LIMIT_PORTS);
    this.blocks = Array.from(
      { length: area.count },
      (_, i) => new Block(segment.buffer, area.offset + i * area.stride, this.ports),
    );
  }

  read(): Stats {
    if (this.released) throw new WdpdkError('WDPDK_E_CLOSED', 'the client was closed', { object: 'statistics' });
    for (const block of this.blocks) block.refresh();
    const stats: Stats = withMethods(
      {
        atNs: process.hrtime.bigint(),
        ports: this.ports.map((id, position) => this.port(id, position)),
        lcores: this.blocks.map((block) => lcore(block.copy.lcore)),
      },
      { since: (previous: Stats) => ratesBetween(stats, previous), balanced: () => balanced(stats.ports) },
    );
    return stats;
  }

  release(): void {
    this.released = true;
    this.segment.release();
  }

  private port(id: number, position: number): PortStats {
    const sum = new BigUint64Array(PORT_WORDS);
    for (const { copy } of this.blocks) for (let i = 0; i < PORT_WORDS; i++) sum[i]! += copy.ports[position]![i]!;
    const pair = (packets: number) => counters(sum[packets]!, sum[packets + 1]!);
    const named = (names: readonly string[], from: number) =>
      withJson(Object.fromEntries(names.map((name, i) => [name, sum[from + i]!])));
    const entered = [P.PORT_COUNTER_RX_PACKETS, P.PORT_COUNTER_INJECTED_PACKETS, P.PORT_COUNTER_GENERATED_PACKETS];
    const left = [P.PORT_COUNTER_FORWARDED_PACKETS, P.PORT_COUNTER_REDIRECTED_PACKETS, P.PORT_COUNTER_SUNK_PACKETS];
    const total = (words: readonly number[]) => words.reduce((all, word) => all + sum[word]!, 0n);
    return withJson({
      id,
      rx: pair(P.PORT_COUNTER_RX_PACKETS),
      tx: pair(P.PORT_COUNTER_TX_PACKETS),
      injected: pair(P.PORT_COUNTER_INJECTED_PACKETS),
      generated: pair(P.PORT_COUNTER_GENERATED_PACKETS),
      forwarded: pair(P.PORT_COUNTER_FORWARDED_PACKETS),
      redirected: pair(P.PORT_COUNTER_REDIRECTED_PACKETS),
      sunk: pair(P.PORT_COUNTER_SUNK_PACKETS),
      drops: named(P.DROP_NAMES, P.PORT_COUNTER_COUNT),
      mirror: withJson({
        attempts: sum[P.PORT_COUNTER_MIRROR_ATTEMPTS]!,
        delivered: sum[P.PORT_COUNTER_MIRROR_DELIVERED]!,
        drops: named(P.MIRROR_DROP_NAMES, P.PORT_COUNTER_COUNT + P.DROP_COUNT),
      }),
      sink: withJson({
        stamped: sum[P.PORT_COUNTER_SINK_STAMPED]!,
        // A late frame takes itself off again, perhaps on another lcore than the one that missed it.
        lost: BigInt.asIntN(64, sum[P.PORT_COUNTER_SINK_LOST]!),
        reordered: sum[P.PORT_COUNTER_SINK_REORDERED]!,
        duplicates: sum[P.PORT_COUNTER_SINK_DUPLICATES]!,
        corrupt: sum[P.PORT_COUNTER_SINK_CORRUPT]!,
      }),
      latency: this.latency(position, sum),
      unaccounted: total(entered) - total(left) - total(P.DROP_NAMES.map((_, cause) => P.PORT_COUNTER_COUNT + cause)),
    });
  }

  private latency(position: number, sum: BigUint64Array) {
    const samples = sum[P.PORT_COUNTER_LATENCY_SAMPLES]!;
    const sumNs = sum[P.PORT_COUNTER_LATENCY_SUM_NS]!;
    if (samples === 0n) return latencyOf(samples, sumNs, NO_LATENCY);
    const buckets = NO_LATENCY.map((_, i) =>
      this.blocks.reduce((all, { copy }) => all + copy.latencies[position]![i]!, 0n),
    );
    return latencyOf(samples, sumNs, buckets);
  }
}

function lcore(words: BigUint64Array): LcoreStats {
  const counted = {
    cycles: words[P.LCORE_COUNTER_CYCLES]!,
    busyCycles: words[P.LCORE_COUNTER_BUSY_CYCLES]!,
    packets: words[P.LCORE_COUNTER_PACKETS]!,
  };
  return withJson({
    id: Number(words[P.LCORE_COUNTER_LCORE_ID]!),
    iterations: words[P.LCORE_COUNTER_ITERATIONS]!,
    busyIterations: words[P.LCORE_COUNTER_BUSY_ITERATIONS]!,
    ...counted,
    generation: words[P.LCORE_COUNTER_GENERATION]!,
    ...work(counted, NOTHING),
  });
}

function balanced(ports: readonly PortStats[]): boolean {
  let sent = 0n;
  for (const { unaccounted, tx, forwarded, mirror } of ports) {
    const mirrored = Object.values(mirror.drops).reduce((all, count) => all + count, mirror.delivered);
    if (unaccounted !== 0n || mirror.attempts !== mirrored) return false;
    sent += tx.packets - forwarded.packets;
  }
  return sent === 0n;
}

export async function openStats(
  session: Session,
  ports: readonly number[],
  options: { signal?: AbortSignal | undefined; timeoutMs: number },
): Promise<StatsReader> {
  const reply = await session.request('counters', {}, options);
  const announcement = readAnnouncement(reply['segment']);
  const segment = await openSegment(session.endpoint.path, announcement, false, options);
  try {
    return new StatsReader(segment, ports);
  } catch (error) {
    segment.release();
    throw error;
  }
}
