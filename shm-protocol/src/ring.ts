// SPDX-License-Identifier: BSD-3-Clause
//
// One side of a single-producer single-consumer ring in shared memory. Capacity, mask and the own index are private;
// the peer's word is only read, and a value that no honest peer can have written ends the session. Data words are
// plain; one Atomics.load before a burst and one Atomics.store after it order them.
import { violation } from './errors.ts';
import { RING_ARMED, RING_CONSUMER, RING_ENTRIES, RING_PRODUCER } from './protocol.ts';
import type { Area } from './segment.ts';

/** Positions of a ring's words, as indexes into an Int32Array over the whole segment. */
abstract class Ring {
  readonly words: Int32Array;
  readonly capacity: number;
  readonly mask: number;
  /** Index of entry 0. */
  readonly entries: number;
  /** log2 of the words of an entry: 0 for slot offsets, 2 for descriptors. */
  readonly shift: number;
  /** Own free-running index, as a signed 32-bit number. */
  own: number;
  protected readonly producer: number;
  protected readonly consumer: number;
  protected readonly armed: number;

  constructor(words: Int32Array, area: Area) {
    this.words = words;
    this.capacity = area.count;
    this.mask = area.count - 1;
    this.entries = (area.offset + RING_ENTRIES) >>> 2;
    this.shift = area.stride === 16 ? 2 : 0;
    this.producer = (area.offset + RING_PRODUCER) >>> 2;
    this.consumer = (area.offset + RING_CONSUMER) >>> 2;
    this.armed = (area.offset + RING_ARMED) >>> 2;
    this.own = 0;
  }

  /** Word index of the entry with free-running index `index`. */
  at(index: number): number {
    return this.entries + ((index & this.mask) << this.shift);
  }
}

/** rx and completion. */
export class ConsumerRing extends Ring {
  private last: number;

  constructor(words: Int32Array, area: Area) {
    super(words, area);
    this.own = Atomics.load(words, this.consumer);
    this.last = this.own;
  }

  /**
   * Entries ready to be read. Looks at the producer's word unless `enough` are known of already. Throws
   * WDPDK_E_PROTOCOL when that word jumped ahead or went back.
   */
  available(enough = 0x7fffffff): number {
    const known = (this.last - this.own) | 0;
    if (known >= enough) return known;
    const seen = Atomics.load(this.words, this.producer);
    if (seen === this.last) return known;
    if ((seen - this.last) >>> 0 > this.capacity - known) throw jumped(this.last, seen);
    this.last = seen;
    return (seen - this.own) | 0;
  }

  /** Hands `count` entries back; they must have been copied. */
  release(count: number): void {
    this.own = (this.own + count) | 0;
    Atomics.store(this.words, this.consumer, this.own);
  }

  /**
   * Shows the producer everything before `own`, by a plain store: for entries that were copied, right before `publish` of
   * another ring, whose atomic store is the order. An atomic store costs as much as a few packets.
   */
  releaseBeforePublish(): void {
    this.words[this.consumer] = this.own;
  }

  /** Asks for the doorbell at the next publish. The caller looks at available() again before it sleeps. */
  arm(): void {
    Atomics.store(this.words, this.armed, 1);
  }

  disarm(): void {
    Atomics.exchange(this.words, this.armed, 0);
  }
}

/**
 * fill and tx. The owner keeps the number of entries out below the capacity, so the consumer's word is needed by
 * nobody but tests and flush.
 */
export class ProducerRing extends Ring {
  private published: number;

  constructor(words: Int32Array, area: Area) {
    super(words, area);
    this.own = Atomics.load(words, this.producer);
    this.published = this.own;
  }

  /**
   * Entries the consumer has not taken yet. Throws WDPDK_E_PROTOCOL when it claims to have taken what was never
   * published.
   */
  pending(): number {
    const taken = Atomics.load(this.words, this.consumer);
    const left = (this.published - taken) | 0;
    if (left < 0 || left > this.capacity) throw violation('ring', `the consumer index is ${taken >>> 0}`);
    return left;
  }

  /** Publishes every entry written since the last call: the caller has moved `own` past them. */
  publish(): void {
    if (this.own === this.published) return;
    this.published = this.own;
    Atomics.store(this.words, this.producer, this.own);
  }
}

const jumped = (from: number, to: number) =>
  violation('ring', `the producer index moved from ${from >>> 0} to ${to >>> 0}`);
