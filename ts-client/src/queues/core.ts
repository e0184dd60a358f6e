// SPDX-License-Identifier: BSD-3-Clause
//
// What all queues have in common: the segment, the end of it, the counters.
import {
  type Params,
  type Segment,
  type SegmentLayout,
  WdpdkError,
  openSegment,
  protocol,
  readAnnouncement,
  readSegment,
  violation,
} from 'shared-memory-ipc';
import { bigintOf, counters, withJson } from '../counters.ts';
import { tell } from '../diagnostics.ts';
import { type Memory, memoryOf } from '../packet/memory.ts';
import { type Member, type Session, gone } from '../session.ts';
import { Slots, slotArea } from './slots.ts';
import type { QueueStats } from './types.ts';

const { CLOSE_REASON_NAMES, QUEUE_COUNTER_NAMES, QUEUE_DROP_NAMES } = protocol;
const COUNTER_WORDS = QUEUE_COUNTER_NAMES.length + QUEUE_DROP_NAMES.length;

export class QueueCore implements Member {
  readonly session: Session;
  readonly id: number;
  readonly mtu: number;
  readonly layout: SegmentLayout;
  readonly memory: Memory;
  /** By lane. */
  readonly slots: readonly Slots[];
  /** Called once, before any memory is given back: packets and batches expire. */
  onEnd: () => void = () => undefined;
  /** The memory is given back. */
  released = false;
  private readonly segment: Segment;
  /** By lane. */
  private readonly counterWords: readonly BigUint64Array[];
  private failure: WdpdkError | undefined;
  private final: Record<string, bigint> | undefined;
  private closing: Promise<void> | undefined;

  constructor(session: Session, id: number, mtu: number, segment: Segment, layout: SegmentLayout) {
    this.session = session;
    this.id = id;
    this.mtu = mtu;
    this.segment = segment;
    this.layout = layout;
    this.memory = memoryOf(segment.buffer);
    const area = slotArea(layout.umem!);
    this.slots = layout.lanes.map((_, lane) => new Slots(area, lane, layout.laneSlots));
    this.counterWords = layout.lanes.map(
      ({ counters: words }) => new BigUint64Array(segment.buffer, words!.offset, COUNTER_WORDS),
    );
    session.members.add(this);
    tell({ event: 'queue-opened', instance: session.endpoint.instance, queue: id });
  }

  get object(): string {
    return `queue ${this.id} of '${this.session.endpoint.instance}'`;
  }

  /** True when any use would throw. */
  get ended(): boolean {
    return this.failure !== undefined;
  }

  /** True when the owner closed it, which loops take for their end. */
  get closedByOwner(): boolean {
    return this.failure?.code === 'WDPDK_E_CLOSED';
  }

  assertUsable(): void {
    if (this.failure) throw this.failure;
  }

  fail(error: WdpdkError): void {
    if (this.failure) return;
    this.failure = error;
    this.onEnd();
    this.session.waker.wakeAll();
  }

  tick(): void {
    if (
      this.failure ||
      Atomics.load(this.memory.i32, protocol.SEGMENT_OFF_STATE >> 2) !== protocol.SEGMENT_STATE_CLOSED
    )
      return;
    const reason = this.memory.i32[protocol.SEGMENT_OFF_CLOSE_REASON >> 2]!;
    this.endedByPeer(CLOSE_REASON_NAMES[reason] ?? `reason ${reason}`);
  }

  queueClosed(queue: number, reason: string): void {
    if (queue === this.id) this.endedByPeer(reason);
  }

  private endedByPeer(reason: string): void {
    if (reason === 'shutdown') this.fail(gone(this.session.endpoint.instance));
    else if (reason === 'device_removed')
      this.fail(
        new WdpdkError('WDPDK_E_DEVICE_REMOVED', `the card of ${this.object}'s port was taken out`, {
          object: this.object,
          remedy: 'Put the card back and start the dataplane again',
        }),
      );
    else
      this.fail(
        new WdpdkError('WDPDK_E_GONE', `${this.object} was ended by the dataplane: ${reason}`, {
          object: this.object,
          remedy: 'Open it again',
        }),
      );
  }

  /** For the empty poll: throws when the queue or the dataplane has ended. */
  checkPeer(): void {
    this.session.checkPeer();
    this.assertUsable();
  }

  /** An error found in shared memory ends the queue; the dataplane hears of it by the close. */
  broken(error: unknown): unknown {
    if (WdpdkError.is(error, 'WDPDK_E_PROTOCOL')) {
      this.fail(error);
      void this.close();
    }
    return error;
  }

  stats(): QueueStats {
    const value = this.final ?? this.readCounters();
    const word = (name: string) => value[name] ?? 0n;
    return withJson({
      delivered: counters(word('delivered_packets'), word('delivered_bytes')),
      injected: counters(word('injected_packets'), word('injected_bytes')),
      drops: withJson(Object.fromEntries(QUEUE_DROP_NAMES.map((name) => [name, word(name)]))),
      wakeups: word('wakeups'),
      fillRejected: word('fill_rejected'),
      txRejected: word('tx_rejected'),
    });
  }

  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  private async shut(): Promise<void> {
    const lost = this.failure !== undefined && this.session.error !== undefined;
    this.fail(
      new WdpdkError('WDPDK_E_CLOSED', `${this.object} is closed`, { object: this.object, remedy: 'Open another' }),
    );
    let answer: Params | undefined;
    if (!lost) answer = await this.session.request('queue.close', { queue: this.id }).catch(() => undefined);
    this.final = { ...this.readCounters(), ...flatten(answer?.['counters']) };
    this.session.members.delete(this);
    this.released = true;
    this.segment.release();
    tell({ event: 'queue-closed', instance: this.session.endpoint.instance, queue: this.id });
  }

  private readCounters(): Record<string, bigint> {
    const names = [...QUEUE_COUNTER_NAMES, ...QUEUE_DROP_NAMES];
    const sum = (i: number) => this.counterWords.reduce((total, words) => total + words[i]!, 0n);
    return Object.fromEntries(names.map((name, i) => [name, sum(i)]));
  }
}

/** Counters by name, with the drops possibly in a map of their own. */
function flatten(value: unknown): Record<string, bigint> {
  const out: Record<string, bigint> = {};
  if (typeof value !== 'object' || value === null) return out;
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === 'object') Object.assign(out, flatten(item));
    else out[key] = bigintOf(item);
  }
  return out;
}

export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

export async function openQueue(session: Session, params: Params, options: OpenOptions): Promise<QueueCore> {
  const timeoutMs = options.timeoutMs ?? 5000;
  const discard = ({ queue }: Params) => session.request('queue.close', { queue }).catch(() => undefined);
  const late = (reply: Params) => void discard(reply);
  const reply = await session.request('queue.open', params, { signal: options.signal, timeoutMs, late });
  const { queue, mtu } = reply;
  if (typeof queue !== 'number') throw violation(session.endpoint.instance, 'queue.open answered without a queue');
  try {
    const announcement = readAnnouncement(reply['segment']);
    const segment = await openSegment(session.endpoint.path, announcement, true, { signal: options.signal, timeoutMs });
    try {
      const layout = readSegment(segment.buffer, {
        kind: protocol.SEGMENT_KIND_QUEUE,
        generation: announcement.generation,
      });
      if (reply['lanes'] !== undefined && reply['lanes'] !== layout.lanes.length)
        throw violation(
          'segment header',
          `${layout.lanes.length} lanes where ${String(reply['lanes'])} were announced`,
        );
      return new QueueCore(session, queue, typeof mtu === 'number' ? mtu : 0, segment, layout);
    } catch (error) {
      segment.release();
      throw error;
    }
  } catch (error) {
    await discard(reply);
    throw error;
  }
}
