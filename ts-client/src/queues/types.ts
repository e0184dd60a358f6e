// SPDX-License-Identifier: BSD-3-Clause
import type { Cidr } from '../address.ts';
import type { Counters } from '../counters.ts';
import type { Template } from '../packet/template.ts';
import type { Burst, Packet } from '../packet/types.ts';

/** Options of everything that can take time. An abort rejects with the signal's reason, as in Node. */
export interface Op {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * All given conditions must hold; an empty match takes every frame. A frame without the field does not meet a condition on
 * it, and meets the condition's negation.
 */
export interface Match {
  /** VLAN id of the outer tag, 0 to 4095. */
  readonly vlan?: number;
  /** Source and destination address, IPv4 or IPv6. */
  readonly src?: Cidr;
  readonly dst?: Cidr;
  /** `icmp` is 1 on IPv4 and 58 on IPv6; a number is the protocol's own. */
  readonly proto?: 'tcp' | 'udp' | 'icmp' | number;
  /** A port or an inclusive range. Looked at in first fragments only. */
  readonly srcPort?: number | readonly [number, number];
  readonly dstPort?: number | readonly [number, number];
  /** One of these at least. Not empty. */
  readonly any?: readonly Match[];
  readonly not?: Match;
}

/**
 * Queues, of one client or of several, that share a match. Each frame goes to one member, by the bucket its flow falls into. A
 * member that joins takes buckets from those that have most; those of one that leaves go to those that have fewest.
 */
export interface Fanout {
  /** Name of the group, at most 64 bytes. The first member's match, action, priority, `by` and `buckets` hold for all. */
  readonly group: string;
  /** `flow-symmetric` (default): both directions of a flow at one member. `rss`: the port's own hash where it has one. */
  readonly by?: 'flow-symmetric' | 'rss';
  /** Default 128. */
  readonly buckets?: 128 | 512;
}

/** Memory of a queue. */
export interface SlotOptions {
  /** Buffers of the queue, 1 to 65,536. Default 4096. */
  readonly slots?: number;
  /** Bytes of a buffer, a power of two from 2048 to 65536. Default 2048. */
  readonly slotSize?: number;
}

/** What a queue receives. */
export interface RxOptions extends SlotOptions {
  /** `any`: every port. */
  readonly port: number | 'any';
  /** `rx` (default): frames that came in by the port. `tx`: frames about to leave by it, wherever they come from. */
  readonly at?: 'rx' | 'tx';
  readonly match?: Match;
  /** `mirror` (default): a copy. `redirect`: the frame itself, which is then no longer forwarded. */
  readonly action?: 'mirror' | 'redirect';
  /**
   * The redirect with the highest priority takes a frame; every mirror gets its copy. Two redirects of one priority whose
   * matches overlap are refused with WDPDK_E_CONFLICT. Default 0.
   */
  readonly priority?: number;
  readonly fanout?: Fanout;
  /** Deliver only so many first bytes of each frame. Default 0: all. */
  readonly snaplen?: number;
  /** Receive time, wire length, hash, VLAN and packet type before each frame. Default true. */
  readonly metadata?: boolean;
  /** Have the dataplane check IP and transport checksums of what it delivers: `Packet.checksums`. Default false. */
  readonly checksums?: boolean;
}

/** What a queue sends to. */
export interface TxOptions extends SlotOptions {
  readonly port: number;
}

/** What the dataplane counted for one queue. */
export interface QueueStats {
  readonly delivered: Counters;
  readonly injected: Counters;
  /** By cause. */
  readonly drops: Readonly<Record<string, bigint>>;
  /** Doorbells rung for it. */
  readonly wakeups: bigint;
  /** Buffers the dataplane refused, because this client offered what was not its own. */
  readonly fillRejected: bigint;
  /** Frames the dataplane refused; `drops` has the causes. */
  readonly txRejected: bigint;
  /** What JSON.stringify shows. */
  toJSON(): unknown;
}

/**
 * A queue of a client. It ends by `close`, with its client, or when the dataplane ends it: later calls fail with
 * WDPDK_E_CLOSED or WDPDK_E_GONE.
 */
export interface Queue extends AsyncDisposable {
  readonly id: number;
  /** Largest frame of the queue's port. */
  readonly mtu: number;
  /** Stays readable after the queue was closed, then with the final numbers. */
  stats(): QueueStats;
  /** Every packet and batch of the queue expires at once; frames that were not taken are given up. */
  close(): Promise<void>;
}

/** Makes an asynchronous handler a compile-time error: it would outlive the burst. */
export type Sync<T> = T extends PromiseLike<unknown> ? never : T;

/** How a loop is ended. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
}

/** How bursts are handed out. */
export interface BurstsOptions extends RunOptions {
  /** Frames per burst at most, 1 to 256. Default 32. */
  readonly max?: number;
  /** Return to the event loop at least this often while data is always ready. Default 2. */
  readonly yieldMs?: number;
}

/** A queue that receives. One reader at a time: WDPDK_E_IN_USE otherwise. */
export interface RxQueue extends Queue {
  /**
   * Hands the frames that are there (at most `max`, default 32, up to 256) to `handler` and returns how many they
   * were; 0 without calling it when there are none. Never waits. The frames are valid until `handler` returns.
   */
  poll<R>(handler: (burst: Burst) => Sync<R>, max?: number): number;
  /**
   * The fast loop: polls, waits, and is fair to the event loop. Ends when the queue is closed; an abort rejects with
   * the signal's reason.
   */
  run<R>(handler: (burst: Burst) => Sync<R>, options?: RunOptions): Promise<void>;
  /** The same as an iterator: each burst is valid until the next is asked for. */
  bursts(options?: BurstsOptions): AsyncIterableIterator<Burst>;
}

/** One buffer to write a frame into. Usable until its batch is committed or disposed of. */
export interface TxSlot {
  /** Bytes that fit. Longer frames go out by `sendFrame`. */
  readonly capacity: number;
  /** Bytes written so far. */
  readonly length: number;
  /** Makes `bytes` the frame. RangeError when it is longer than `capacity`. */
  write(bytes: Uint8Array): this;
  /** Makes a copy of a template the frame; the setters then keep its checksums. RangeError when it is longer than `capacity`. */
  from(template: Template): this;
  /**
   * Big-endian writes into the frame, here one byte. RangeError beyond `length`. After `from` the checksums of IPv4,
   * UDP, TCP and ICMP that cover these bytes change with them, unless the template leaves them or the checksum itself is
   * written.
   */
  setU8(offset: number, value: number): this;
  /** Two bytes. */
  setU16(offset: number, value: number): this;
  /** Four bytes. */
  setU32(offset: number, value: number): this;
}

/** Slots to write frames into, sent together. Disposed of without a commit, it gives them back. */
export interface TxBatch extends Disposable, Iterable<TxSlot> {
  readonly length: number;
  /** The slot at a position. RangeError when there is none. */
  at(index: number): TxSlot;
  /**
   * Sends the first `n` (default: all) slots and gives the rest back. Returns n. Every one of them must hold a frame
   * of 14 bytes or more.
   */
  commit(n?: number): number;
}

/** A queue that sends. */
export interface TxQueue extends Queue {
  /** Up to `n` free slots, none when all are on their way: see `writable`. One batch at a time. */
  reserve(n: number): TxBatch;
  /** Resolves when `n` (default 1) slots are free. */
  writable(n?: number, options?: Op): Promise<void>;
  /** Resolves when everything sent has left the queue or was dropped by cause. */
  flush(options?: Op): Promise<void>;
  /** Copies one frame of any length up to the MTU into as many slots as it needs. False when too few are free. */
  sendFrame(bytes: Uint8Array): boolean;
}

/** A queue that receives, and sends what it received without a copy or frames of its own. */
export interface RxTxQueue extends RxQueue, TxQueue {
  /**
   * Sends a received frame from where it lies, without a copy: the packet expires. False when the transmit ring is
   * full; the packet stays.
   */
  send(packet: Packet): boolean;
}
