// SPDX-License-Identifier: BSD-3-Clause
//
// Statistics from the shared counters segment, without a message to the dataplane. Each lcore has a block of its own;
// its sequence word is odd while it writes, so a block read between two equal even values is one consistent set.
import {
  type Segment,
  WdpdkError,
  openSegment,
  protocol,
  readAnnouncement,
  readSegment,
  violation,
} from 'shared-memory-ipc';
import { type Counters, counters, withJson } from './counters.ts';
import type { Session } from './session.ts';

const P = protocol;
const PORT_WORDS = P.PORT_COUNTER_COUNT + P.DROP_COUNT + P.MIRROR_DROP_COUNT;
const TRIES = 1000;

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
}

export interface LcoreStats {
  readonly id: number;
  readonly iterations: bigint;
  readonly busyIterations: bigint;
  readonly cycles: bigint;
  readonly busyCycles: bigint;
  /** The configuration this lcore forwards by. */
  readonly generation: bigint;
}

export interface Stats {
  /** When they were read, on the clock of process.hrtime.bigint(). */
  readonly atNs: bigint;
  readonly ports: readonly PortStats[];
  readonly lcores: readonly LcoreStats[];
  toJSON(): unknown;
}

interface Block {
  /** The last consistent copy: shown again while a writer was stopped in the middle of an update. */
  copy: BigUint64Array;
  readonly words: BigInt64Array;
}

export class StatsReader {
  private readonly segment: Segment;
  private readonly blocks: Block[];
  private readonly ports: readonly number[];
  private released = false;

  constructor(segment: Segment, ports: readonly number[]) {
    const { lcoreCounters: area } = readSegment(segment.buffer, { kind: P.SEGMENT_KIND_COUNTERS });
    const wanted = P.LCORE_BLOCK_PORTS + P.LIMIT_PORTS * P.LCORE_BLOCK_PORT_STRIDE;
    if (!area || area.count > P.LIMIT_LCORES || area.stride < wanted || area.stride % 8 !== 0)
      throw violation('counters segment', 'its blocks are not as announced');
    this.segment = segment;
    this.ports = ports;
    this.blocks = Array.from({ length: area.count }, (_, i) => {
      const words = new BigInt64Array(segment.buffer, area.offset + i * area.stride, area.stride / 8);
      return { words, copy: new BigUint64Array(words.length) };
    });
  }

  read(): Stats {
    if (this.released) throw new WdpdkError('WDPDK_E_CLOSED', 'the client was closed', { object: 'statistics' });
    for (const block of this.blocks) refresh(block);
    return withJson({
      atNs: process.hrtime.bigint(),
      ports: this.ports.map((id) => this.port(id)),
      lcores: this.blocks.map((block) => lcore(block.copy)),
    });
  }

  release(): void {
    this.released = true;
    this.segment.release();
  }

  private port(id: number): PortStats {
    const sum = new BigUint64Array(PORT_WORDS);
    const start = (P.LCORE_BLOCK_PORTS + id * P.LCORE_BLOCK_PORT_STRIDE) / 8;
    for (const { copy } of this.blocks) for (let i = 0; i < PORT_WORDS; i++) sum[i]! += copy[start + i]!;
    const pair = (packets: number) => counters(sum[packets]!, sum[packets + 1]!);
    const named = (names: readonly string[], from: number) =>
      withJson(Object.fromEntries(names.map((name, i) => [name, sum[from + i]!])));
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
    });
  }
}

function refresh(block: Block): void {
  const next = new BigUint64Array(block.copy.length);
  for (let i = 0; i < TRIES; i++) {
    const before = Atomics.load(block.words, P.LCORE_COUNTER_SEQUENCE);
    if (before & 1n) continue;
    next.set(block.words as unknown as BigUint64Array);
    if (Atomics.load(block.words, P.LCORE_COUNTER_SEQUENCE) === before) {
      block.copy = next;
      return;
    }
  }
}

const lcore = (words: BigUint64Array): LcoreStats =>
  withJson({
    id: Number(words[P.LCORE_COUNTER_LCORE_ID]!),
    iterations: words[P.LCORE_COUNTER_ITERATIONS]!,
    busyIterations: words[P.LCORE_COUNTER_BUSY_ITERATIONS]!,
    cycles: words[P.LCORE_COUNTER_CYCLES]!,
    busyCycles: words[P.LCORE_COUNTER_BUSY_CYCLES]!,
    generation: words[P.LCORE_COUNTER_GENERATION]!,
  });

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
